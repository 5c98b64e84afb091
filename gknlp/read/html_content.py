"""Where on a page the report is: the innermost block that holds all its prose, and the first of two copies."""

from __future__ import annotations

import re
from collections.abc import Iterable

from gknlp.read.html_flow import Block
from gknlp.types import Furniture, Layout

# Lines before the report that belong to it: its title, in whatever tag.
_TITLE = re.compile(r"报\s*告|年\s*报")
# A sentence so long does not occur twice by chance.
_LONG = 15
# Two copies: so much of the later part stands in the earlier one, and it is so long.
_COPY_SHARE = 0.85
_COPY_CHARS = 400
_SENTENCE = re.compile(r"[^。；\n]+[。；\n]?")


def outside_content(text: str, layout: Layout, blocks: Iterable[Block], prose: int) -> tuple[Furniture, ...]:
    """What stands outside the innermost block with all the page's prose; title lines and the main heading stay.

    Nothing is judged where no block but the whole page holds all prose, or where there is little of it.
    """
    holders = [block for block in blocks if block.prose >= prose and block.end > block.start]
    if not holders or prose < 3 * _LONG:
        return ()
    content = min(holders, key=lambda block: (block.end - block.start, block.start))
    main_headings = {hint.start for hint in layout.headings if hint.level == 1}
    pieces: list[Furniture] = []
    begin: int | None = None
    for start, end in (*_line_spans(text, 0, content.start), (content.start, content.start)):
        stays = start == end or start in main_headings or _TITLE.search(text, start, end)
        if stays and begin is not None:
            pieces.append(Furniture(begin, start, "html:outside the content"))
            begin = None
        elif not stays and begin is None:
            begin = start
    if text[content.end:].strip():
        pieces.append(Furniture(content.end, len(text), "html:outside the content"))
    return tuple(pieces)


def second_copies(text: str, layout: Layout) -> tuple[Furniture, ...]:
    """The span of a second copy of the report on its page ("全真版/文字版"), as furniture; empty where there is none.

    The copy with the more tables is kept, else the first. Hidden text does not count.
    """
    if not _may_repeat(text):
        return ()
    spans = _long_sentences(text, layout)
    first_at: dict[str, int] = {}
    repeats: list[tuple[int, int]] = []
    for number, (start, end) in enumerate(spans):
        key = "".join(text[start:end].split())
        if key in first_at:
            repeats.append((number, first_at[key]))
        else:
            first_at[key] = number
    if not repeats:
        return ()
    begin, partner = repeats[0]
    tail = spans[begin:]
    copied = sum(spans[n][1] - spans[n][0] for n, _ in repeats)
    whole = sum(end - start for start, end in tail)
    earlier = sum(end - start for start, end in spans[partner:begin])
    if copied < _COPY_CHARS or copied < _COPY_SHARE * whole or copied < _COPY_SHARE * earlier:
        return ()
    cut, stop = spans[begin][0], spans[repeats[-1][0]][1]
    cut = text.rfind("\n", 0, cut) + 1
    original = (text.rfind("\n", 0, spans[partner][0]) + 1, cut)
    tables = [sum(a <= grid.start < b for grid in layout.grids) for a, b in (original, (cut, stop))]
    if tables[1] > tables[0]:
        return (Furniture(*original, "html:second copy"),)
    return (Furniture(cut, stop, "html:second copy"),)


def _may_repeat(text: str) -> bool:
    """Whether enough of a text stands in it twice to be a copy; False, as on nearly every page, spares the search."""
    pieces = text.replace("；", "。").replace("\n", "。").split("。")
    runs = ["".join(run.split()) for run in pieces if len(run) >= _LONG - 1]
    # A run counts without its white space and stop, so that a copy may come to little more than half its length here.
    return 2 * (sum(map(len, runs)) - sum(map(len, set(runs)))) >= _COPY_CHARS


def _long_sentences(text: str, layout: Layout) -> list[tuple[int, int]]:
    """Spans of the sentences long enough to tell a copy by, outside hidden blocks and tables."""
    skipped = sorted([(f.start, f.end) for f in layout.furniture] + [(g.start, g.end) for g in layout.grids])
    spans: list[tuple[int, int]] = []
    reached = 0
    for begin, stop in (*skipped, (len(text), len(text))):
        if stop <= reached:
            continue
        for match in _SENTENCE.finditer(text, reached) if reached < begin else ():
            start, end = match.span()
            if start >= begin:
                break
            if end - start >= _LONG:
                spans.append((start, end))
            reached = end
        if stop > reached:  # a sentence that begins before a skipped span may reach into it
            reached = _sentence_start(text, stop)
    return spans


def _sentence_start(text: str, position: int) -> int:
    """The first beginning of a sentence at or behind `position`."""
    if position == 0 or position >= len(text) or text[position - 1] in "。；\n":
        return position
    match = _SENTENCE.match(text, position)
    return match.end() if match else position


def _line_spans(text: str, start: int, end: int) -> Iterable[tuple[int, int]]:
    """The lines of a stretch with their line ends."""
    while start < end:
        stop = text.find("\n", start, end)
        stop = end if stop < 0 else stop + 1
        yield start, stop
        start = stop

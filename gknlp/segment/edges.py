"""What stands around the report on its page: the head before the preamble, signature and footer after the last part."""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import pairwise

from gknlp.segment.view import View
from gknlp.segment.words import genre

PAGE_NUMBER = re.compile(
    r"(?m)^[ \t　]*(?:[-—–－·•~]+[ \t　]*\d{1,3}[ \t　]*[-—–－·•~]+"
    r"|第[ \t]*\d{1,3}[ \t]*页(?:[ \t,，/]*共[ \t]*\d{1,3}[ \t]*页)?|\d{1,3}[ \t]*/[ \t]*\d{1,3})"
    r"[ \t　]*$"
)
_TERMINAL = '。!?;:)"0123456789'
_MAX_META = 50  # meta data glued to the title are no longer than this
_FULL_LINE = 18  # a line of hard-wrapped prose has at least this many characters
_MAX_TOOLS = 40  # a chunk with the words of the page's tools is no longer than this
# A footer of a saved page seldom has more lines or characters than this; the rest is taken for text.
_MAX_TAIL, _MAX_FOOT, _MAX_FOOT_WORDS = 120, 3000, 200


def page_numbers(text: str) -> list[tuple[int, int]]:
    """Spans of lines that hold nothing but a page number ("- 3 -", "第3页 共8页", "3/8")."""
    return [match.span() for match in PAGE_NUMBER.finditer(text)]


def find_preamble(view: View, end: int) -> int:
    """Where the preamble begins before the first heading at `end`; `end` where there is none.

    The head are the lines of the page and the title; the preamble begins with the first line of prose after the last
    title. Cost: linear in the head.
    """
    lines = _lines(view, 0, end)
    after_title = 0
    for k, (start, stop) in enumerate(lines):
        if _is_title_line(view.text[start:stop]) and not (k and _runs_on(view.text[slice(*lines[k - 1])])):
            after_title = k + 1
    addressee = None
    for start, stop in lines[after_title:]:
        found = _prose_in(view, start, stop)
        if found is not None:
            return addressee if found == start and addressee is not None else found
        addressee = start if genre("edges.addressee").fullmatch(view.text, start, stop) else None
    return end


def _lines(view: View, start: int, end: int) -> list[tuple[int, int]]:
    """The lines of the view between `start` and `end`."""
    found = []
    at = start
    while at < end:
        stop = min(view.line_end(at), end)
        found.append((at, stop))
        at = stop
    return found


def _is_title_line(line: str) -> bool:
    """Whether a line is the report's title, perhaps with the meta data of the page glued to it."""
    match = genre("edges.title").match(line)
    if not match or len(line) > 120:
        return False
    rest = line[match.end() :]
    if not rest:
        return True
    page_words = genre("edges.meta").match(rest) or genre("edges.page_words").search(rest)
    return len(rest) < _MAX_META and not re.search("[。;]", rest) and (bool(page_words) or rest[0] in "(-_|·")


def _runs_on(line: str) -> bool:
    """Whether a line of prose breaks off inside a sentence, so that the next one only goes on (hard-wrapped text)."""
    if len(line) < _FULL_LINE or line[-1] in "。!?;:" or genre("edges.title").fullmatch(line):
        return False
    return genre("edges.prose_start").match(line) is not None or "," in line or "。" in line


def _prose_in(view: View, start: int, stop: int) -> int | None:
    """Where prose begins in a line of the head, None where the line has none."""
    line = view.text[start:stop]
    cut = _after_inner_title(view, start, stop) - start
    for match in genre("edges.title_end").finditer(line, cut):
        if not re.search("[。;]", line[cut : match.end()]):
            cut = match.end()
    while (meta := genre("edges.meta").match(line, cut)) and meta.end() > cut:
        cut = meta.end()
    if cut >= len(line):
        return None
    return start + cut if _is_prose(line[cut:]) else None


def _after_inner_title(view: View, start: int, stop: int) -> int:
    """In a page without lines: the end of the last chunk before the first prose that is the title or page words."""
    at = start
    best = start
    while at < stop:
        end = min(view.chunk_end(at), stop)
        chunk = view.text[at:end]
        tools = len(chunk) < _MAX_TOOLS and "。" not in chunk and genre("edges.page_words").search(chunk)
        if genre("edges.title").fullmatch(chunk) or tools:
            best = end
        elif "。" in chunk and len(chunk) > 20 and not _later_title(view, end, stop):
            break
        at = end
    return best


def _later_title(view: View, start: int, stop: int) -> bool:
    """Whether a chunk after `start` is the title again (the page repeats its beginning as a summary)."""
    at = start
    while at < stop:
        end = min(view.chunk_end(at), stop)
        if end - at <= 60 and genre("edges.title").fullmatch(view.text, at, end):
            return True
        at = end
    return False


def _is_prose(line: str) -> bool:
    """Whether a line of the head is a sentence and not a menu, a title or meta data."""
    letters = sum("一" <= c <= "鿿" for c in line)
    if letters < 6:
        return False
    words = len(genre("edges.page_words").findall(line))
    if words >= 2 and words * 12 > letters:
        return False
    if "。" in line or ";" in line:
        return letters >= 6
    if genre("edges.prose_start").match(line) and letters >= 10 and words == 0:
        return not genre("edges.title").fullmatch(line)
    return "," in line and letters >= 18 and words == 0 and "|" not in line


def find_tail(view: View, start: int, end: int, *, last: bool, dated: bool = False) -> int:
    """Where the body `[start, end)` ends before signature, date and footer lines; only the last part has a footer.

    Works backwards line by line, in a text without lines by chunk and by what follows the last full stop. `dated`: a
    date stands right behind `end`, so that a name there signs the report.
    """
    at = end
    for _ in range(_MAX_TAIL):
        piece = _last_piece(view, start, at)
        if piece is None or piece[0] >= at:
            break
        words = view.text[piece[0] : at].strip("_ ")
        if not _is_tail(words, view, piece[0], start, last=last, moved=dated or at < end):
            break
        at = piece[0]
    if last:
        at = _after_signature(view, start, at)
    return at


def _last_piece(view: View, start: int, end: int) -> tuple[int, int] | None:
    """The last line of `[start, end)`; of a long one the last chunk, and of that what follows its last stop."""
    if end <= start:
        return None
    at = max(start, view.line_start(end - 1))
    if view.is_line_start(at) and end - at <= 60 and "。" not in view.text[at : end - 1]:
        return at, end
    chunk = max(at, view.chunks[bisect_left(view.chunks, end) - 1])
    stop = view.text.rfind("。", chunk, end - 1) + 1
    return max(chunk, stop, at), end


def _is_tail(words: str, view: View, at: int, start: int, *, last: bool, moved: bool) -> bool:
    """Whether a closing piece is signature, date or (after the last part) page footer."""
    if not words:
        return True
    if genre("edges.signature").fullmatch(words):
        return True
    apart = at > start and (view.text[at - 1] in _TERMINAL or (moved and view.is_chunk_start(at)))
    if apart and (moved or last) and len(words) <= 40 and genre("edges.signer").fullmatch(words):
        return True
    if not last or len(words) > 150:
        return False
    if moved and genre("edges.menu").fullmatch(words) and view.is_line_start(at):
        return True
    return genre("edges.footer").match(words) is not None and ("。" not in words[:-1] or "ICP" in words)


def _after_signature(view: View, start: int, end: int) -> int:
    """Cut at a signature or date that is followed only by words without a sentence (menus of the page's foot)."""
    first = bisect_left(view.chunks, max(start + 1, end - _MAX_FOOT))
    chunks = view.chunks[first : bisect_left(view.chunks, end)]
    for a, b in reversed(list(pairwise([*chunks, end]))[-_MAX_TAIL:]):
        words = view.text[a:b]
        if b - a <= _MAX_TOOLS and genre("edges.signature").fullmatch(words):
            return find_tail(view, start, a, last=False, dated=True)
        if "。" in words or b - a > _MAX_FOOT_WORDS:
            break
    return end

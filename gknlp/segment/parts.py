"""From the chosen headings to parts: their bodies, and inside them tables, narrative, sub-headings and units."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field

from gknlp.segment.edges import find_preamble, find_tail
from gknlp.segment.sequence import Chosen
from gknlp.segment.subheadings import SubTitle, find_subtitles
from gknlp.segment.tabletext import TableText
from gknlp.segment.units import cut_units, is_wrapped
from gknlp.segment.view import View
from gknlp.segment.words import genre
from gknlp.types import Grid, Layout

# A grid whose cells hold more characters than this on average, or many sentences, is page layout or prose.
_PROSE_CELL = 40
_STOPS = "。:;*#,】"
_LETTER = re.compile(r"\w")
# A run of this many short lines, half of them numbers, is a table that lost its labels.
_MIN_CELL_LINES = 6
# A label and three figures below it, a row of the first table, are enough: prose has no lines of bare figures.
_MIN_ROW_CELLS = 4
_MAX_CELL = 16
# Two rows of a label and a figure in an annex are a table; longer lines, or such with a sentence, are none.
_MIN_ROWS, _MAX_ROW = 2, 60
_ROW_LINE = re.compile(r"[^,。;:!?]{2,}?(?:\d[\d.,%]*(?:万元|元|件|条|次|个|人|篇)?[/\-—]*)+")
# A row's figures without white space, and how long a stretch of broken rows between two known labels may be.
_FIGURES = re.compile(r"\d{5}")
_MAX_SCRAP = 300
_SENTENCE = re.compile("[。;!?]")
_NUMBER_LINE = re.compile(r"[\d.,%/\-—]+(?:万元|元|件|条|次|个|人)?")
# The second and later names of a list of attachments ("附件:1.统计表 2.名词解释").
_ATTACHED = re.compile(r"(?:[2-9][、.][^。;,\d]{2,40})+")
_FOREIGN = re.compile(r"[a-z]", re.IGNORECASE)


@dataclass(slots=True)
class Part:
    """A part on the view: heading `[heading, title_end)`, None for the preamble; body `[start, end)`."""

    section: str
    heading: int | None
    title_end: int
    start: int
    end: int
    by: str
    score: float
    tables: list[tuple[int, int]] = field(default_factory=list)
    narrative: list[tuple[int, int]] = field(default_factory=list)
    dropped: list[tuple[int, int, str]] = field(default_factory=list)
    subtitles: list[SubTitle] = field(default_factory=list)
    units: list[tuple[int, int]] = field(default_factory=list)


def lay_parts(view: View, chosen: list[Chosen], tables: list[TableText]) -> list[Part]:
    """The preamble and the parts with their bodies, in order; without any heading one overview, empty text none."""
    size = len(view.text)
    first = chosen[0].heading.start if chosen else size
    parts: list[Part] = []
    while first and view.text[first - 1] in "#*":
        first -= 1
    begin = find_preamble(view, first)
    if begin < first:
        if chosen:
            parts.append(Part("preamble", None, begin, begin, first, "preamble:before first heading", chosen[0].score))
        else:
            parts.append(Part("overview", None, begin, begin, first, "no heading", 0.2))
    for k, item in enumerate(chosen):
        heading = item.heading
        end = chosen[k + 1].heading.start if k + 1 < len(chosen) else size
        while end > heading.end and view.text[end - 1] in "#*":
            end -= 1
        start = heading.end
        while start < end and view.text[start] in _STOPS:
            start += 1
        by = f"title:{heading.rule} number:{heading.style} shape:{heading.shape}"
        parts.append(Part(heading.section, heading.start, heading.end, start, end, by, round(item.score, 4)))
    for k, part in enumerate(parts):
        if k == len(parts) - 1 and _is_bare_attachment(view, part):
            continue
        within = max([part.start, *(t.end for t in tables if t.start < part.end and t.end > part.start)])
        part.end = find_tail(view, min(within, part.end), part.end, last=k == len(parts) - 1)
    if len(parts) > 1 and _is_bare_attachment(view, parts[-1]):
        attachment = parts.pop()
        parts[-1].end = find_tail(view, parts[-1].start, attachment.heading or parts[-1].end, last=True)
    return parts


def _is_bare_attachment(view: View, part: Part) -> bool:
    """Whether a last "附件" without number heads nothing but file names: a link of the page and no part."""
    if part.section != "annex" or " number:none" not in part.by:
        return False
    if part.start < part.end and _ATTACHED.fullmatch(view.text, part.start, part.end):
        return True
    return find_tail(view, part.start, part.end, last=True) <= part.start


def fill_part(
    view: View,
    part: Part,
    tables: list[tuple[int, int]],
    hints: frozenset[int],
    *,
    opening: bool,
    width: int,
) -> None:
    """Tell table from narrative in a part's body and cut the narrative at sub-headings and units.

    `tables` are sorted and disjoint; `opening`: the part is the work summary; `width` of hard-wrapped lines, else 0.
    """
    start, end = part.start, part.end
    spans = [(max(a, start), min(b, end)) for a, b in tables if a < end and b > start]
    part.tables = _merged(spans + _cell_runs(view, start, end, rows=part.section == "annex"))
    at = start
    gaps = []
    for a, b in [*part.tables, (end, end)]:
        if at < a:
            gaps.append((at, a))
        at = max(at, b)
    scraps = []
    for a, b in gaps:
        if not _is_table_scrap(view, a, b, part.tables):
            _fill_narrative(view, part, (a, b), hints, opening=opening and a == start, width=width)
        else:
            scraps.append((a, b))
    part.tables = _merged([*part.tables, *scraps])
    part.units.sort()
    part.subtitles.sort(key=lambda item: item.start)


def _fill_narrative(
    view: View, part: Part, stretch: tuple[int, int], hints: frozenset[int], *, opening: bool, width: int
) -> None:
    """Sub-headings and units of one stretch without tables."""
    start, end = stretch
    inside = part.section != "preamble"  # where the parts are named, and none has sub-headings
    subtitles = find_subtitles(view, start, end, hints, wrapped=bool(width)) if inside else []
    part.subtitles.extend(subtitles)
    at = start
    for item in [*(item for item in subtitles if not item.narrative), SubTitle(end, end, "none", False)]:
        for a, b in _without_foreign(view, part, at, item.start):
            units = cut_units(view, a, b, part.section, opening=opening and a == start, width=width)
            part.units.extend(units)
            if units:
                part.narrative.append((a, b))
            elif a < b:
                part.dropped.append((a, b, "no letters"))
        at = item.end


def _without_foreign(view: View, part: Part, start: int, end: int) -> list[tuple[int, int]]:
    """The stretch without lines of a foreign language (an English version beside the Chinese): those are dropped."""
    if start >= end:
        return []
    kept: list[tuple[int, int]] = []
    at = start
    while at < end:
        stop = min(view.line_end(at), end)
        words = view.text[at:stop]
        foreign = stop - at >= 40 and len(_FOREIGN.findall(words)) > 0.6 * len(words)
        if foreign:
            part.dropped.append((at, stop, "foreign language"))
        elif kept and kept[-1][1] == at:
            kept[-1] = (kept[-1][0], stop)
        else:
            kept.append((at, stop))
        at = stop
    return kept


def _cell_runs(view: View, start: int, end: int, *, rows: bool) -> list[tuple[int, int]]:
    """Runs of short lines half of which are numbers: the cells of a table without known labels.

    With `rows` (in an annex) also runs of lines that each hold a label and its number ("主动公开信息数 89条").
    """
    first, last = bisect_left(view.lines, start), bisect_left(view.lines, end)
    starts = [*view.lines[first:last], end]
    found: list[tuple[int, int]] = []
    run: list[tuple[int, int]] = []
    numbers = 0
    for a, b in [*itertools.pairwise(starts), (end, end)]:
        words = view.text[a:b]
        if a < b <= a + _MAX_CELL and words[-1] not in "。;:!?":
            run.append((a, b))
            numbers += _NUMBER_LINE.fullmatch(words) is not None
            continue
        least = _MIN_ROW_CELLS if numbers >= _MIN_ROW_CELLS - 1 else _MIN_CELL_LINES
        if len(run) >= least and numbers * 2 >= len(run):
            found.append((run[0][0], run[-1][1]))
        run, numbers = [], 0
    return found + (_row_runs(view, starts) if rows else [])


def _row_runs(view: View, starts: list[int]) -> list[tuple[int, int]]:
    """Runs of lines without a sentence in which at least `_MIN_ROWS` are rows of a label and numbers."""
    found: list[tuple[int, int]] = []
    run: list[tuple[int, int]] = []
    for a, b in [*itertools.pairwise(starts), (starts[-1], starts[-1])]:
        words = view.text[a:b]
        if words and len(words) <= _MAX_ROW and not _SENTENCE.search(words):
            run.append((a, b))
            continue
        if sum(_ROW_LINE.fullmatch(view.text, *line) is not None for line in run) >= _MIN_ROWS:
            found.append((run[0][0], run[-1][1]))
        run = []
    return found


def _is_table_scrap(view: View, start: int, end: int, tables: list[tuple[int, int]]) -> bool:
    """Whether a stretch beside a table is a piece of it: no letters, or a few characters without a sentence."""
    words = view.text[start:end]
    if not _LETTER.search(words):
        return bool(tables)
    k = bisect_left(tables, (start, start))
    after = k > 0 and tables[k - 1][1] == start
    before = k < len(tables) and tables[k][0] == end
    if not (after or before) or re.search("[。;!?]", words):
        return False
    if after and before and len(words) <= 60 and "," not in words:
        return True
    if after and before and len(words) <= _MAX_SCRAP and _FIGURES.search(words):
        return True  # rows whose labels stand broken above and below their figures
    digits = sum(c.isdigit() for c in words)
    return digits * 2 >= len(words) or genre("parts.caption").fullmatch(words) is not None


def table_places(tables: list[TableText], grids: list[tuple[int, int, bool]]) -> list[tuple[int, int]]:
    """Statutory tables and grids of data together, sorted and disjoint."""
    return _merged([(t.start, t.end) for t in tables] + [(a, b) for a, b, is_table in grids if is_table])


def line_width(view: View, parts: list[Part]) -> int:
    """The usual width of a line where the report's text is hard-wrapped, else 0."""
    return is_wrapped(view, [(part.start, part.end) for part in parts])


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans sorted, overlapping and touching ones joined, empty ones left out."""
    made: list[tuple[int, int]] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if made and start <= made[-1][1]:
            made[-1] = (made[-1][0], max(made[-1][1], end))
        else:
            made.append((start, end))
    return made


def read_grids(view: View, layout: Layout) -> list[tuple[int, int, bool]]:
    """The layout's grids on the view, each with whether it holds data (true) or is page layout and prose (false)."""
    return [(view.from_source(g.start), view.from_source(g.end), _is_data_grid(view, g)) for g in layout.grids]


def _is_data_grid(view: View, grid: Grid) -> bool:
    """Whether a grid is a table of data: several cells, short ones, without sentences."""
    sizes = []
    prose = 0
    for cell in grid.cells:
        words = view.text[view.from_source(cell.start) : view.from_source(cell.end)]
        sizes.append(len(words))
        prose += len(words) > _PROSE_CELL and ("。" in words or words.count(",") > 2)
    filled = [size for size in sizes if size]
    if len(grid.cells) < 4 or not filled:
        return False
    return prose * 4 <= len(filled) and sum(filled) / len(filled) <= _PROSE_CELL and max(filled) <= 400


def inside_grid_cell(grids: list[tuple[int, int, bool]], at: int) -> bool:
    """Whether a view position lies in a grid of data."""
    k = bisect_right([a for a, _, _ in grids], at) - 1
    return k >= 0 and grids[k][2] and grids[k][0] <= at < grids[k][1]

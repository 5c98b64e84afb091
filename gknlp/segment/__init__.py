"""Sections, sub-headings, units and sentences: takes a report apart so that every character is accounted for."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace

from gknlp.segment.edges import page_numbers
from gknlp.segment.form import find_form
from gknlp.segment.headings import FULL_TITLE, Candidate, find_candidates
from gknlp.segment.language import foreign_lines
from gknlp.segment.parts import Part, fill_part, inside_grid_cell, lay_parts, line_width, read_grids, table_places
from gknlp.segment.sentences import split_sentences
from gknlp.segment.sequence import Chosen, choose_sequence
from gknlp.segment.spans import tile
from gknlp.segment.subheadings import find_topic, nest
from gknlp.segment.tabletext import TableText, find_tables
from gknlp.segment.view import View, make_view
from gknlp.types import Layout, Section, Segmentation, Subheading, Unit

__all__ = ["segment", "split_sentences"]

# A sure title with a number is no row of a statutory table: tables end before it.
_SURE_TITLE = 0.9
# What a table within a caption's length below a title adds to its score, and takes from titles of the same part.
TABLE_BELOW, TABLE_ELSEWHERE, _MAX_CAPTION = 1.5, -3.0, 40
_WITH_TABLE = ("proactive", "requests", "review")
_PLAIN = Layout()
FOREIGN = ("dropped", "other language")
_WORK = ("overview", "proactive", "requests", "fees", "review")


def segment(text: str, *, layout: Layout = _PLAIN, year: int | None = None) -> Segmentation:
    """Take a report's text apart: form, parts, sub-headings, units, and spans that tile the text.

    All offsets are code points of `text`. Parts are the best ordered sequence of heading candidates found anywhere (own
    lines, run-in, in a page without line breaks); `layout` adds the source's tables, furniture and heading marks;
    `year` (else read from the text) tells the forms apart where no table does. Units cover all narrative letters, lie
    in order inside one part and cross no heading or table; `Unit.text` is the span without the furniture inside it.
    Without a heading all prose is one overview; empty or blank text gives no section. Nothing is raised. Linear in the
    text, some hundred thousand characters a second. Bad at headings that exist only as pictures, and at titles without
    number glued to prose on both sides. Forms: the formats of 2019 and 2021 (国办公开办函〔2019〕60号, 〔2021〕30号);
    the outline of 2008 follows the regulation of 2007, article 32.
    """
    foreign = foreign_lines(text)
    furniture = _furniture(text, layout, foreign)
    view = make_view(text, furniture)
    hints = frozenset(view.from_source(hint.start) for hint in layout.headings)
    candidates = find_candidates(view, hints)
    grids = read_grids(view, layout)
    tables = find_tables(view.text, _sure_places(candidates))
    places = table_places(tables, grids)
    candidates = _outside_tables(candidates, tables, grids)
    chosen = choose_sequence(_above_tables(candidates, places, view.text), view.text)
    chosen = _join_annexes(_settle_unknown(chosen), view.text)
    parts = lay_parts(view, chosen, tables)
    width = line_width(view, parts)
    opening = next((k for k, part in enumerate(parts) if part.section == "overview"), -1)
    for k, part in enumerate(parts):
        fill_part(view, part, places, hints, opening=k == opening, width=width)
    return Segmentation(
        form=find_form(view, chosen, {c.section for c in candidates if c.known >= _SURE_TITLE}, tables, year),
        spans=tile(text, view, parts, furniture, {**_reasons(layout), **dict.fromkeys(foreign, FOREIGN)}),
        sections=tuple(_section(view, part, order) for order, part in enumerate(parts)),
        subheadings=_subheadings(view, parts),
        units=_units(view, parts, furniture),
    )


def _reasons(layout: Layout) -> dict[tuple[int, int], tuple[str, str]]:
    return {(item.start, item.end): ("furniture", item.reason) for item in layout.furniture}


def _furniture(text: str, layout: Layout, foreign: list[tuple[int, int]]) -> list[tuple[int, int, bool]]:
    """Furniture of the layout, page numbers and lines in another language; true where it may stand in a sentence."""
    given = [(f.start, f.end, "page number" in f.reason or "running" in f.reason) for f in layout.furniture]
    own = [(start, end, True) for start, end in page_numbers(text)]
    other = [(start, end, False) for start, end in foreign]
    return sorted({item for item in given + own + other if item[0] < item[1]})


def _sure_places(candidates: list[Candidate]) -> list[int]:
    """Where a heading of known wording stands: numbered, or in full on a line or between spaces."""
    sure = [c for c in candidates if c.known >= _SURE_TITLE]
    free = ("line", "chunk")
    return sorted({
        c.start for c in sure
        if c.style in ("cn", "part") or (c.style == "ar" and c.shape in free)
        or (c.end - c.title >= FULL_TITLE and (c.style == "pcn" or (c.style == "none" and c.shape in free)))
    })


def _outside_tables(
    candidates: list[Candidate], tables: list[TableText], grids: list[tuple[int, int, bool]]
) -> list[Candidate]:
    """Candidates that are no row of a table."""
    kept = []
    for item in candidates:
        if any(t.start < item.start < t.end or (t.start <= item.start and item.end <= t.end) for t in tables):
            continue
        if inside_grid_cell(grids, item.start) and not (item.known >= _SURE_TITLE and item.style == "cn"):
            continue
        kept.append(item)
    return kept


def _above_tables(candidates: list[Candidate], places: list[tuple[int, int]], text: str) -> list[Candidate]:
    """Candidates with what a table right below says: the title above it is the part, one called alike hardly is."""
    starts = [start for start, _ in places]
    above = set()
    for item in candidates:
        k = bisect_left(starts, item.end)
        if item.known >= _SURE_TITLE and item.section in _WITH_TABLE and k < len(starts):
            between = text[item.end : min(starts[k], item.end + _MAX_CAPTION + 1)]
            if len(between) <= _MAX_CAPTION and "。" not in between:
                above.add(item)
    owned = {item.section for item in above}
    return [
        replace(item, local=item.local + (TABLE_BELOW if item in above else TABLE_ELSEWHERE))
        if item.section in owned and item.known else item
        for item in candidates
    ]


def _settle_unknown(chosen: list[Chosen]) -> list[Chosen]:
    """Parts of unknown wording tell the work where no part surely is the overview, and none of known wording precedes.

    "一、领导重视，健全组织" before "二、主动公开情况" is the work summary; behind a known part it stays `other`.
    """
    if any(item.heading.section == "overview" and item.heading.known >= _SURE_TITLE for item in chosen):
        return chosen
    made = []
    known = False
    for item in chosen:
        heading = item.heading
        known = known or (heading.section in _WORK and heading.section != "overview")
        if heading.rule == "unknown" and not known:
            heading = Candidate(
                heading.start,
                heading.title,
                heading.end,
                heading.style,
                heading.ordinal,
                "overview",
                heading.known,
                "unknown",
                heading.shape,
                heading.local,
            )
        made.append(Chosen(heading, item.score))
    return made


def _join_annexes(chosen: list[Chosen], text: str) -> list[Chosen]:
    """A line "附件" and the title of what is attached, with nothing between them, are one heading."""
    made: list[Chosen] = []
    for item in chosen:
        last = made[-1].heading if made else None
        heading = item.heading
        if last and last.section == heading.section == "annex" and not text[last.end : heading.start].strip(":"):
            made[-1] = Chosen(replace(heading, start=last.start, title=last.title), max(made[-1].score, item.score))
        else:
            made.append(item)
    return made


def _section(view: View, part: Part, order: int) -> Section:
    """The public value of a part."""
    heading = heading_start = None
    start, end = view.source(part.start), view.source_end(part.end)
    if part.heading is not None:
        heading_start = view.source(part.heading)
        heading = view.source_text[heading_start : view.source_end(part.title_end)]
    if part.start >= part.end:
        start = end = view.source_end(part.start)
    return Section(order, part.section, heading, heading_start, start, end, bool(part.tables), part.by, part.score)


def _subheadings(view: View, parts: list[Part]) -> tuple[Subheading, ...]:
    """Sub-headings of all parts in order of the text, nested within their part."""
    made: list[Subheading] = []
    for section_order, part in enumerate(parts):
        base = len(made)
        for item, (level, parent) in zip(part.subtitles, nest([s.style for s in part.subtitles]), strict=True):
            start, end = view.source(item.start), view.source_end(item.end)
            words = view.source_text[start:end]
            above = base + parent if parent is not None else None
            topic = find_topic(view.text[item.start : item.end]) if part.section == "overview" else None
            made.append(Subheading(len(made), part.section, section_order, level, above, words, start, end, topic))
    return tuple(made)


def _units(view: View, parts: list[Part], furniture: list[tuple[int, int, bool]]) -> tuple[Unit, ...]:
    """Units of all parts in order; their text without the furniture inside."""
    made: list[Unit] = []
    k = 0
    for section_order, part in enumerate(parts):
        for a, b in part.units:
            start, end = view.source(a), view.source_end(b)
            while k < len(furniture) and furniture[k][1] <= start:
                k += 1
            inner = [item for item in furniture[k : k + 50] if item[0] < end and item[1] > start]
            words = view.source_text[start:end]
            if inner:
                words = _without(view.source_text, start, end, inner)
            made.append(Unit(len(made), start, end, words, part.section, section_order))
    return tuple(made)


def _without(text: str, start: int, end: int, holes: list[tuple[int, int, bool]]) -> str:
    """`text[start:end]` without the holes and the line ends around them."""
    pieces = []
    at = start
    for left, right, _ in holes:
        pieces.append(text[at : max(at, left)].rstrip())
        at = max(at, right)
    pieces.append(text[at:end].lstrip())
    return "".join(pieces)

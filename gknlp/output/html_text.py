"""A report's text as the blocks of its page: nothing of the text is left out, and every stretch says what it is.

Blocks follow the spans that tile the text, cut at the sections; units, passages, slots and claims are laid over them.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gknlp.output.cases import Case, Place, Row
from gknlp.output.labels import one_line, shown

# A page of more text than this makes browsers slow; real reports have 2,000 to 60,000 characters.
MAX_CHARS = 1_000_000
# Reports named behind a shared stretch; more are counted.
MAX_REFS = 3
# Of several origins of a stretch the first of these is shown, as in `composition`.
KINDS = ("self", "template", "peer")
_LEVELS = ("exact", "masked", "near")


@dataclass(slots=True)
class Piece:
    """A stretch in which nothing begins or ends: its text, its CSS classes, and the partners that end with it."""

    text: str
    start: int
    end: int
    classes: str = ""
    slot: str = ""
    title: str = ""
    anchors: tuple[str, ...] = ()
    refs: tuple[int, ...] = ()
    more_refs: int = 0
    page: int | None = None


@dataclass(slots=True)
class Run:
    """Pieces of one unit inside one paragraph, or of text between units (`unit` None).

    `first` where the unit begins, `tagged` where its role is to be named.
    """

    unit: Row | None
    first: bool
    tagged: bool
    pieces: list[Piece] = field(default_factory=list)


@dataclass(slots=True)
class Block:
    """What stands as one piece on the page: `heading`, `paragraph`, `table` (rows of cells) or `folded` (furniture)."""

    kind: str
    start: int
    end: int
    level: int = 0  # of a heading from 1, 0 outside the outline; 1 for folded text that was left out
    runs: list[Run] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    text: str = ""
    reason: str = ""
    tables: list[Any] = field(default_factory=list)
    opened: bool = False  # folded text that stands alone: a page that is no report is shown, not hidden
    read: bool = False  # table text of which some cell was read into a statutory table


@dataclass(slots=True)
class Part:
    """A section of the report, or text outside of all sections (`section` None), as blocks.

    `first` where the section is met for the first time.
    """

    section: Row | None
    blocks: list[Block]
    first: bool = True
    n_chars: int = 0


@dataclass(frozen=True, slots=True)
class Overlay:
    """All that lies over a text: `cuts` are the sorted offsets where anything begins or ends."""

    cuts: Sequence[int]
    units: Sequence[Row]
    unit_starts: Sequence[int]
    origins: Sequence[tuple[int, int, str]]
    origin_starts: Sequence[int]
    marks: Sequence[tuple[int, int, str]]
    mark_starts: Sequence[int]
    anchors: Mapping[int, tuple[str, ...]]
    refs: Mapping[int, tuple[int, ...]]
    page_starts: Mapping[int, int]
    headings: Sequence[tuple[int, int]]


def text_parts(case: Case, partner_numbers: Mapping[str, int]) -> list[Part]:
    """The parts of a page's text, in order; `partner_numbers` are the numbers under which other reports are listed.

    Only the first `MAX_CHARS` characters are laid out. A report without spans gives one part without section. Cost:
    linear in the text and in what lies over it, but for sorting.
    """
    limit = min(len(case.text), MAX_CHARS)
    overlay = _overlay(case, partner_numbers, limit)
    sections = sorted(case.rows["sections"], key=lambda section: (_begin(section), int(section["end"])))
    starts = [_begin(section) for section in sections]
    parts: list[Part] = []
    current: int | None = -2
    met: set[int | None] = set()
    for start, end, kind, reason in _fragments(case, sections, limit):
        position = bisect_right(starts, start) - 1
        inside = position if position >= 0 and start < int(sections[position]["end"]) else None
        if inside != current:
            parts.append(Part(None if inside is None else sections[inside], [], inside not in met))
            met.add(inside)
            current = inside
        part = parts[-1]
        part.n_chars += end - start
        _append(part.blocks, (start, end, kind, reason), case, overlay)
    for part in parts:
        part.blocks = [block for block in part.blocks if block.kind != "open"]
    if all(block.kind == "folded" for part in parts for block in part.blocks):
        for part in parts:
            for block in part.blocks:
                block.opened = True
    return [part for part in parts if part.blocks or part.section]


def _begin(section: Row) -> int:
    heading = section.get("heading_start")
    return int(section["start"]) if heading is None else min(int(heading), int(section["start"]))


def _fragments(case: Case, sections: Sequence[Row], limit: int) -> Iterator[tuple[int, int, str, str]]:
    """The spans of the text cut at section borders; text that no span covers is shown as narrative."""
    borders = sorted({offset for s in sections for offset in (_begin(s), int(s["start"]), int(s["end"]))})
    at = 0
    spans = [(int(s["start"]), int(s["end"]), str(s["kind"]), str(s.get("reason") or "")) for s in case.rows["spans"]]
    for start, end, kind, reason in [*sorted(spans), (limit, limit, "narrative", "")]:
        for left, right, what, why in ((at, start, "narrative", ""), (max(at, start), end, kind, reason)):
            right = min(right, limit)
            for cut in borders[bisect_right(borders, left) : bisect_left(borders, right)]:
                yield left, cut, what, why
                left = cut
            if left < right:
                yield left, right, what, why
        at = max(at, end)


def _append(blocks: list[Block], fragment: tuple[int, int, str, str], case: Case, overlay: Overlay) -> None:
    start, end, kind, reason = fragment
    text = case.text[start:end]
    if not text.strip() and kind != "narrative":
        return
    if kind == "heading":
        level = _level(overlay, start, end)
        blocks.append(Block("heading", start, end, level=level, text=one_line(text)))
    elif kind == "table":
        if blocks and blocks[-1].kind == "table":
            blocks[-1].end = end
        else:
            blocks.append(Block("table", start, end))
        blocks[-1].rows.extend(
            [shown(cell) for cell in line.rstrip("\t").split("\t")] for line in text.split("\n") if line.strip()
        )
    elif kind == "narrative":
        _append_narrative(blocks, start, end, case, overlay)
    elif _unit_at(overlay, start) is not None and _in_paragraph(blocks):
        # A page number inside a sentence stays where it stands, marked as such.
        piece = Piece(one_line(text), start, end, "furn", title=shown(reason))
        if blocks[-1].kind != "open":
            blocks.append(Block("open", end, end))
        blocks[-2].runs.append(Run(None, False, False, [piece]))
    elif blocks and blocks[-1].kind == "folded" and blocks[-1].reason == reason:
        blocks[-1].text, blocks[-1].end = blocks[-1].text + shown(text), end
    else:
        blocks.append(Block("folded", start, end, text=shown(text), reason=reason, level=int(kind == "dropped")))


def _in_paragraph(blocks: Sequence[Block]) -> bool:
    return bool(blocks) and blocks[-1].kind in ("paragraph", "open")


def _append_narrative(blocks: list[Block], start: int, end: int, case: Case, overlay: Overlay) -> None:
    """Paragraphs of a stretch of narrative: a line is a paragraph; blank lines are passed over."""
    goes_on = bool(blocks) and blocks[-1].kind == "open"
    if goes_on:
        blocks.pop()
    at = start
    while at < end:
        line_end = case.text.find("\n", at, end)
        line_end = end if line_end < 0 else line_end
        if case.text[at:line_end].strip():
            if not (goes_on and blocks and blocks[-1].kind == "paragraph"):
                blocks.append(Block("paragraph", at, line_end))
            _add_runs(blocks[-1], case.text, at, line_end, overlay)
            goes_on = False
        at = line_end + 1


def _add_runs(block: Block, text: str, start: int, end: int, overlay: Overlay) -> None:
    inner = overlay.cuts[bisect_right(overlay.cuts, start) : bisect_left(overlay.cuts, end)]
    last_role = next((run.unit["role"] for run in reversed(block.runs) if run.unit is not None), None)
    for left, right in zip([start, *inner], [*inner, end], strict=True):
        unit = _unit_at(overlay, left)
        run = block.runs[-1] if block.runs else None
        if run is None or run.unit is not unit:
            first = unit is not None and int(unit["start"]) == left
            named = unit is not None and (unit["role"] != last_role or unit["role"] == "plan")
            tagged = named and (first or last_role is None)
            run = Run(unit, first, tagged)
            block.runs.append(run)
            last_role = unit["role"] if unit is not None else last_role
        run.pieces.append(_piece(text, left, right, overlay))


def _piece(text: str, start: int, end: int, overlay: Overlay) -> Piece:
    origin = _covering(overlay.origins, overlay.origin_starts, start)
    marks = [mark[2] for mark in _marks_at(overlay, start)]
    slot = next((mark.removeprefix("slot k-") for mark in marks if mark.startswith("slot ")), "")
    refs = overlay.refs.get(end, ())
    return Piece(
        shown(text[start:end]), start, end, " ".join(([origin] if origin else []) + marks), slot,
        anchors=overlay.anchors.get(start, ()), refs=refs[:MAX_REFS], more_refs=max(0, len(refs) - MAX_REFS),
        page=overlay.page_starts.get(start),
    )


def _overlay(case: Case, partner_numbers: Mapping[str, int], limit: int) -> Overlay:
    units = sorted(case.rows["units"], key=lambda unit: (int(unit["start"]), int(unit["order"])))
    origins = _origins(case.places)
    marks = _marks(case, units)
    anchors: dict[int, tuple[str, ...]] = {}
    refs: dict[int, tuple[int, ...]] = {}
    for place in case.places:
        name = f"c{place.start}-{place.end}"
        if name not in anchors.get(place.start, ()):
            anchors[place.start] = (*anchors.get(place.start, ()), name)
        number = partner_numbers.get(place.other)
        if number is not None and number not in refs.get(place.end, ()):
            refs[place.end] = tuple(sorted((*refs.get(place.end, ()), number)))
    page_starts = {int(page["start"]): int(page["page"]) for page in case.rows["pages"][1:]}
    cuts = {offset for unit in units for offset in (int(unit["start"]), int(unit["end"]))}
    cuts |= {offset for stretch in (*origins, *marks) for offset in stretch[:2]}
    cuts |= {place.start for place in case.places} | set(refs) | set(page_starts)
    return Overlay(
        sorted(cut for cut in cuts if 0 < cut < limit), units, [int(unit["start"]) for unit in units],
        origins, [origin[0] for origin in origins], marks, [mark[0] for mark in marks], anchors, refs, page_starts,
        _heading_levels(case),
    )


def _origins(places: Sequence[Place]) -> list[tuple[int, int, str]]:
    """Disjoint stretches with the classes of their origin: the first of `KINDS`, and of its levels the strictest."""
    events: list[tuple[int, int, tuple[int, int]]] = []
    for place in places:
        if place.kind in KINDS and place.level in _LEVELS and place.start < place.end:
            rank = (KINDS.index(place.kind), _LEVELS.index(place.level))
            events += [(place.start, 1, rank), (place.end, -1, rank)]
    events.sort()
    made: list[tuple[int, int, str]] = []
    open_ranks: dict[tuple[int, int], int] = {}
    at = 0
    for offset, step, rank in events:
        if open_ranks and offset > at:
            kind, level = min(open_ranks)
            classes = f"o-{KINDS[kind]} l-{_LEVELS[level]}"
            if made and made[-1][1] == at and made[-1][2] == classes:
                made[-1] = (made[-1][0], offset, classes)
            else:
                made.append((at, offset, classes))
        open_ranks[rank] = open_ranks.get(rank, 0) + step
        if not open_ranks[rank]:
            del open_ranks[rank]
        at = offset
    return made


def _marks(case: Case, units: Sequence[Row]) -> list[tuple[int, int, str]]:
    """Slots and claims as stretches with their CSS class; a slot that lies outside its unit has no place to mark."""
    by_order = {int(unit["order"]): unit for unit in units}
    made = []
    for slot in case.rows["slots"]:
        unit = by_order.get(int(slot["unit_order"]))
        start, end = int(slot["start"]), int(slot["end"])
        if unit is not None and int(unit["start"]) <= start < end <= int(unit["end"]):
            made.append((start, end, f"slot k-{slot['slot']}"))
    made += [(int(c["start"]), int(c["end"]), f"claim v-{c['verdict']}") for c in case.rows["claims"]]
    return sorted(made)


def _marks_at(overlay: Overlay, offset: int) -> Iterator[tuple[int, int, str]]:
    # Slots and claims are short: those that begin within the last 200 characters can cover the offset.
    low = bisect_left(overlay.mark_starts, offset - 200)
    for mark in overlay.marks[low : bisect_right(overlay.mark_starts, offset)]:
        if mark[1] > offset:
            yield mark


def _covering(stretches: Sequence[tuple[int, int, str]], starts: Sequence[int], offset: int) -> str:
    position = bisect_right(starts, offset) - 1
    return stretches[position][2] if position >= 0 and stretches[position][1] > offset else ""


def _unit_at(overlay: Overlay, offset: int) -> Row | None:
    position = bisect_right(overlay.unit_starts, offset) - 1
    if position < 0 or int(overlay.units[position]["end"]) <= offset:
        return None
    return overlay.units[position]


def _heading_levels(case: Case) -> list[tuple[int, int]]:
    """Where headings begin and their level on the page: 1 for a section's, from 2 on for sub-headings."""
    sections = [(int(s["heading_start"]), 1) for s in case.rows["sections"] if s.get("heading_start") is not None]
    return sorted(sections + [(int(s["start"]), min(1 + int(s["level"]), 4)) for s in case.rows["subheadings"]])


def _level(overlay: Overlay, start: int, end: int) -> int:
    """The level of the first heading that begins in a stretch, 0 for a heading that belongs to no section."""
    position = bisect_left(overlay.headings, (start, 0))
    found = overlay.headings[position] if position < len(overlay.headings) else (end, 0)
    return found[1] if found[0] < end else 0

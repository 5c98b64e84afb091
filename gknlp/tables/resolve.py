"""From readings of rows to cells: rows are combined by the column identities, what is still open stays open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gknlp.tables.forms import Block, load_forms
from gknlp.tables.solve import (
    MOST_CANDIDATES,
    Candidate,
    OutOfBudgetError,
    Vector,
    _Budget,
    consistent,
    is_run,
    split_runs,
    vector,
)
from gknlp.tables.values import Piece, Reading
from gknlp.types import Cell

# The six applicant columns: the 总计 column follows from them by the row identity, and is the one left blank most.
APPLICANTS = 6
FLOW = ("received", "carried_in", "answered", "carried_out")
Choices = dict[str, tuple[Candidate, ...]]


def combine_rows(readings: Mapping[str, Reading], form: str) -> Choices:
    """The candidates of each row of table 3 that the column identities leave.

    一 + 二 = （七） + 四, and （七） = sum of the results. Rows are combined only if every row has a reading.
    Where no choice satisfies the identities (the print itself fails), a row may be the one whose printed sum is wrong:
    its readings are widened to every split, and it stays open between the two.
    """
    choices: Choices = {key: reading.candidates for key, reading in readings.items()}
    open_rows = [k for k, c in choices.items() if len(c) > 1]
    runs = [k for k, r in readings.items() if not r.direct]
    if not runs:
        return choices
    rows = [row.id for row in load_forms().rows_of(form)]
    joined = _joint(choices, rows)
    if joined is not None:
        return joined if open_rows else choices
    widened = dict(choices)
    for key in runs:
        wide = _widen(readings[key])
        if len(wide) <= len(choices[key]):
            continue
        joined = _joint({**choices, key: wide}, rows)
        if joined is not None:
            both = {vector(c, 7): c for c in (*choices[key], *joined[key])}
            widened[key] = tuple(both[v] for v in sorted(both))
    return widened


def _widen(reading: Reading) -> tuple[Candidate, ...]:
    """Every split of a row's run, whatever its sum; empty where there are too many or nothing ran together."""
    pieces = [p for p in reading.candidates[0] if p is not None] if reading.candidates else []
    digits = "".join(p.raw for p in pieces)
    if not pieces or not digits.isdigit() or reading.raw != digits:
        return ()
    run = Piece(digits, pieces[0].start, pieces[-1].end, float(digits))
    found: list[Candidate] = []
    try:
        for split in split_runs([run], 7, None, _Budget()):
            found.append(tuple(split))
            if len(found) > MOST_CANDIDATES:
                return ()
    except OutOfBudgetError:
        return ()
    return tuple(found) if is_run(run) else ()


def _joint(choices: Choices, rows: Sequence[str]) -> Choices | None:
    """Prune to choices that satisfy T3-a and T3-b together; None where none does or the search is too wide."""
    if any(not choices.get(row) for row in rows):
        return None
    vectors = {row: {vector(c, APPLICANTS) for c in choices[row]} for row in rows}
    received, carried_in, answered, carried_out = (vectors[key] for key in FLOW)
    if len(received) * len(carried_in) * len(carried_out) > MOST_CANDIDATES * 10:
        return None
    flows: dict[Vector, list[tuple[Vector, Vector, Vector]]] = {}
    for r in received:
        for i in carried_in:
            for o in carried_out:
                flows.setdefault(tuple(x + y - z for x, y, z in zip(r, i, o, strict=True)), []).append((r, i, o))
    results = [row for row in rows if row not in FLOW]
    found = consistent([sorted(vectors[row]) for row in results], answered & set(flows))
    if found is None:
        return None
    kept, totals = found
    alive: dict[str, set[Vector]] = dict(zip(results, kept, strict=True))
    alive["answered"] = totals
    for place, key in enumerate(("received", "carried_in", "carried_out")):
        alive[key] = {flow[place] for total in totals for flow in flows[total]}
    return {row: tuple(c for c in choices[row] if vector(c, APPLICANTS) in alive[row]) for row in rows}


# ---- cells ---------------------------------------------------------------------------------------------------------


def row_cells(place: tuple[int, str, str, str], columns: Sequence[str], reading: Reading | None,
              candidates: Sequence[Candidate] | None = None) -> list[Cell]:
    """The cells of one row at `place` (table, form, block, row label), one per column.

    A row without reading is absent. A cell on which all candidates agree has that value; else it is uncertain, its
    alternatives the values it can have in rising order (none where they could not be enumerated).
    """
    table, form, block, row = place
    if reading is None:
        return [Cell(table, form, block, row, column, None, "", "absent") for column in columns]
    options = reading.candidates if candidates is None else candidates
    cells: list[Cell] = []
    for i, column in enumerate(columns):
        state, value, raw, span, others = _cell(reading, options, i)
        start, end = span
        cells.append(Cell(table, form, block, row, column, value, raw, state, others, start, end))
    return cells


Outcome = tuple[str, float | None, str, tuple[int | None, int | None], tuple[float, ...]]


def _cell(reading: Reading, options: Sequence[Candidate], index: int) -> Outcome:
    """State, value, raw print, span and alternatives of one cell of a row."""
    whole = (reading.start, reading.end)
    if not options:
        return "uncertain", None, reading.raw, whole, ()
    pieces = [option[index] for option in options]
    first = pieces[0]
    if all(p is None for p in pieces):
        return "absent", None, "", (None, None), ()
    values = {p.value if p is not None else None for p in pieces}
    if first is not None and first.kind == "open":
        return "uncertain", None, first.raw, (first.start, first.end), ()
    if len(values) == 1 and first is not None:
        if first.value is None:
            return "blank", None, first.raw, (first.start, first.end), ()
        state = "printed" if reading.direct else "solved"
        return state, first.value, first.raw, (first.start, first.end), ()
    known = sorted(v for v in values if v is not None)
    return "uncertain", None, reading.raw, whole, tuple(known)


def cells2(found: Mapping[tuple[str, str], tuple[Block, Reading]], default: str) -> list[Cell]:
    """Table 2 cell by cell in the order of the form; blocks not found stand in the form most blocks have, as absent."""
    cells: list[Cell] = []
    titles = list(dict.fromkeys(block.block for block in load_forms().blocks))
    used = {title: {block.form: block for (t, _), (block, _) in found.items() if t == title} for title in titles}
    for title in titles:
        blocks = [b for b in load_forms().blocks if b.block == title]
        forms = used[title] or {b.form: b for b in blocks if b.form == default}
        for block in (b for b in blocks if b.form in forms):
            for row_id, label in zip(block.row_ids, block.rows, strict=True):
                own = found.get((title, row_id))
                if own is not None and own[0].form != block.form:
                    continue
                cells.extend(row_cells((2, block.form, title, label), block.columns, own[1] if own else None))
    return cells


def cells3(form: str, readings: Mapping[str, Reading]) -> list[Cell]:
    """Table 3 cell by cell: rows of the form, seven columns, after combining the rows."""
    forms = load_forms()
    columns = [a.label for a in forms.applicants]
    choices = combine_rows(readings, form)
    cells: list[Cell] = []
    for row in forms.rows_of(form):
        cells.extend(row_cells((3, form, "", row.label), columns, readings.get(row.id), choices.get(row.id)))
    return cells


def cells4(form: str, readings: Mapping[str, Reading]) -> list[Cell]:
    """Table 4 cell by cell: three proceedings, five columns."""
    forms = load_forms()
    columns = [o.label for o in forms.outcomes]
    cells: list[Cell] = []
    for proceeding in forms.proceedings:
        cells.extend(row_cells((4, form, "", proceeding.label), columns, readings.get(proceeding.id)))
    return cells

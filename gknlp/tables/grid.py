"""Tables that the source draws as grids: rows and columns found by their labels, whatever was merged, split or cut.

All grids of a report are read as one stream of rows, so that a table over two pages, three tables in one grid and a
header in a grid of its own need no case of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from gknlp.normalize import fold
from gknlp.tables.forms import Block, Label, align_rows, block_form, closest, likeness, load_forms
from gknlp.tables.solve import amount, placed
from gknlp.tables.values import Piece, Reading, make_piece, split_piece
from gknlp.types import Grid, GridCell

# A label this close to a core is taken as that label where only the row itself speaks (no order to help).
SURE_LIKENESS = 0.7
COLUMNS = 7


@dataclass(frozen=True, slots=True)
class GridRow:
    """A row of a grid: `labels` folded, from the left, merged ones from above included; `values` the cells after them.

    `texts` are the folded texts of all its own cells; `places` the (first, last + 1) columns of the values.
    """

    grid: int
    labels: tuple[str, ...]
    values: tuple[Piece, ...]
    places: tuple[tuple[int, int], ...]
    texts: tuple[tuple[str, int, int], ...]
    start: int
    end: int

    @property
    def label(self) -> str:
        """The label next to the values, "" where there is none."""
        return self.labels[-1] if self.labels else ""


def leaf_grids(grids: Iterable[Grid]) -> tuple[Grid, ...]:
    """The grids without those that only hold another one (layout tables), in order of their place."""
    ordered = sorted(grids, key=lambda g: (g.start, -g.end))
    return tuple(
        g for i, g in enumerate(ordered)
        if not any(o.start >= g.start and o.end <= g.end and len(o.cells) > 1 and o.end - o.start < g.end - g.start
                   for o in ordered[i + 1 : i + 200])
    )


def grid_rows(text: str, grids: Sequence[Grid]) -> list[GridRow]:
    """The rows of all grids in order."""
    rows: list[GridRow] = []
    for number, grid in enumerate(grids):
        by_row: dict[int, list[GridCell]] = {}
        for cell in grid.cells:
            by_row.setdefault(cell.row, []).append(cell)
        hanging: list[tuple[int, int, str]] = []  # last row, column, folded label
        for index in sorted(by_row):
            cells = sorted(by_row[index], key=lambda c: c.column)
            hanging = [h for h in hanging if h[0] >= index]
            rows.append(_grid_row(text, number, cells, hanging))
            hanging.extend(
                (index + c.rowspan - 1, c.column, fold(text[c.start : c.end]).text) for c in cells if c.rowspan > 1
            )
    return rows


def _grid_row(text: str, number: int, cells: list[GridCell], hanging: Sequence[tuple[int, int, str]]) -> GridRow:
    pieces = [make_piece(text, c.start, c.end) for c in cells]
    folded = [fold(text[c.start : c.end]).text for c in cells]
    last = _last_label(pieces, folded)
    if last < 0 and pieces[0].kind == "blank" and len(cells) in (COLUMNS + 1, COLUMNS + 2):
        last = len(cells) - COLUMNS - 1
    from_above = [label for _, column, label in sorted(hanging, key=lambda h: h[1]) if label]
    labels = [*from_above, *(f for f in folded[: last + 1] if f)]
    return GridRow(
        number, tuple(labels), tuple(pieces[last + 1 :]),
        tuple((c.column, c.column + c.colspan) for c in cells[last + 1 :]),
        tuple((f, c.column, c.column + c.colspan) for f, c in zip(folded, cells, strict=True)),
        cells[0].start, cells[-1].end,
    )


def _last_label(pieces: Sequence[Piece], folded: Sequence[str]) -> int:
    """The place of the last label cell: before the first number, or (a numbered row) a label the forms know."""
    forms = load_forms()
    known = (*forms.items, *forms.rows, *forms.proceedings, *forms.outcomes)
    first = next((i for i, p in enumerate(pieces) if p.kind == "number"), len(pieces))
    last = -1
    for i, (piece, text) in enumerate(zip(pieces, folded, strict=True)):
        if piece.kind == "open" and not _note(piece.raw) and (i < first or closest(text, known)[1] >= SURE_LIKENESS):
            last = i
    return last


def _note(raw: str) -> bool:
    """Whether a text stands where a value should: a short remark, no label of the forms."""
    return raw in ("见附件", "详见附件", "见附表", "略", "未统计", "无法统计", "见备注")


# ---- table 2 -------------------------------------------------------------------------------------------------------


def table2(rows: Sequence[GridRow]) -> dict[tuple[str, str], tuple[Block, Reading]]:
    """Table 2 by (block title, row id): the block of the form that its column labels name, and the row's reading.

    The first filled row of a kind stands. Rows whose columns are not of any form are left out.
    """
    forms = load_forms()
    headers: list[tuple[str, int, int]] = []
    inside, found = False, dict[tuple[str, str], tuple[Block, Reading]]()
    seen: list[Block] = []
    waiting: list[tuple[GridRow, str]] = []
    for row in rows:
        texts = [t for t, _, _ in row.texts]
        if any(t.startswith("第二十条") or t.startswith("第20条") or "信息内容" in t for t in texts):
            inside = True
            if any("信息内容" in t for t in texts) or len(texts) > 1:
                headers = [h for h in row.texts if "信息内容" not in h[0] and not h[0].startswith("第二十条")]
            else:
                headers = []
            continue
        item, fit = closest(row.label, forms.items)
        if not inside or fit < SURE_LIKENESS or not row.values:
            if item < 0 and row.label and len(row.label) > 12:
                inside = False
            continue
        row_id = forms.items[item].id
        block = block_form([h for h, _, _ in headers], row_id)
        if block is None:
            waiting.append((row, row_id))
            continue
        seen.append(block)
        found.setdefault((block.block, row_id), (block, _row2(row, block, headers)))
    for _ in range(2):  # a block told by its width tells the form of those that two forms draw equally wide
        for row, row_id in waiting:
            if (guess := _block_by_width(row, row_id, seen)) is not None:
                found.setdefault((guess.block, row_id), (guess, _row2(row, guess, ())))
                seen.append(guess)
    return found


def _block_by_width(row: GridRow, row_id: str, seen: Sequence[Block]) -> Block | None:
    """The block for a row whose column labels are lost: the only one as wide as the row, in the form seen elsewhere."""
    fit = [b for b in load_forms().blocks_of(row_id) if len(b.columns) == len(row.values)]
    forms = {b.form for b in seen}
    if len(fit) > 1:
        fit = [b for b in fit if b.form in forms] if len(forms) == 1 else []
    return fit[0] if len(fit) == 1 else None


def _row2(row: GridRow, block: Block, headers: Sequence[tuple[str, int, int]]) -> Reading:
    width = len(block.columns)
    if len(row.values) == width:
        return _direct(row, row.values)
    cells: list[Piece | None] = [None] * width
    named = [h for h in headers if h[0]]
    for i, (_, left, right) in enumerate(named[:width] if len(named) >= width else ()):
        for piece, (first, end) in zip(row.values, row.places, strict=True):
            if first < right and left < end and cells[i] is None:
                cells[i] = piece
    if not any(cells):
        cells[: len(row.values)] = row.values[:width]
    return _direct(row, cells)


def _direct(row: GridRow, cells: Sequence[Piece | None]) -> Reading:
    start = row.values[0].start if row.values else row.end
    end = row.values[-1].end if row.values else row.end
    return Reading((tuple(cells),), True, start, max(start, end))


# ---- table 3 -------------------------------------------------------------------------------------------------------


def table3(rows: Sequence[GridRow], year_form: str | None) -> tuple[str, dict[str, Reading]]:
    """Table 3: its form and the reading of each row by row id; of several tables the one with most rows, the first."""
    best: tuple[str, dict[str, Reading]] = ("", {})
    for instance in _instances(_table3_rows(rows)):
        form, aligned = _align3(instance, year_form)
        if len(aligned) > len(best[1]):
            best = (form, aligned)
    return best


def _table3_rows(rows: Sequence[GridRow]) -> list[GridRow | None]:
    """The rows that belong to a table 3, None where one ends; header places ride along as rows without values."""
    out: list[GridRow | None] = []
    inside = False
    labels = load_forms().rows
    heads = load_forms().applicants[:5]
    for row in rows:
        texts = [t for t, _, _ in row.texts]
        index, fit = closest(row.label, labels)
        header = sum(closest(t, heads)[1] >= SURE_LIKENESS for t in texts) >= 3 or (
            "自然人" in texts and any(t in ("总计", "合计") for t in texts)
        )
        sure = bool(row.values) and fit >= SURE_LIKENESS and (inside or labels[index].id == "received")
        if header or sure:
            inside = True
            out.append(row)
        elif inside and (row.values or row.label) and not _foreign(texts):
            out.append(row)
        elif inside and _foreign(texts):
            inside = False
            out.append(None)
    return out


def _foreign(texts: Sequence[str]) -> bool:
    """Whether a row opens another table (table 2 or 4)."""
    return any(t.startswith("第二十条") or "信息内容" in t for t in texts) or (
        sum(t in ("行政复议", "行政诉讼", "结果维持", "结果纠正") for t in texts) >= 2
    )


def _instances(rows: Sequence[GridRow | None]) -> list[list[GridRow]]:
    """Split at table ends and where row 一 comes again."""
    labels = load_forms().rows
    out: list[list[GridRow]] = [[]]
    received = False
    for row in rows:
        if row is None:
            out.append([])
            received = False
            continue
        if row.values and likeness(row.label, labels[0]) >= 0.9:
            if received:
                out.append([])
            received = True
        out[-1].append(row)
    return [instance for instance in out if instance]


def _align3(rows: Sequence[GridRow], year_form: str | None) -> tuple[str, dict[str, Reading]]:
    places = _applicant_places(rows)
    body = _without_empty_columns(_mend([r for r in rows if r.values]))
    texts = [r.label for r in body]
    best: tuple[float, str, list[int]] = (-1.0, "", [])
    for form in sorted(("2021", "2019"), key=lambda f: f != year_form):
        labels = load_forms().rows_of(form)
        found = align_rows(texts, labels)
        gain = sum(likeness(t, labels[j]) if t else 0.02 for t, j in zip(texts, found, strict=True) if j >= 0)
        if gain > best[0] + 1e-9:
            best = (gain, form, found)
    labels = load_forms().rows_of(best[1])
    aligned: dict[str, Reading] = {}
    for row, text, j in zip(body, texts, best[2], strict=True):
        known = j >= 0 and (likeness(text, labels[j]) >= 0.5 if text else _placed_by_order(j, best[2], len(labels)))
        if known and row.values:
            aligned[labels[j].id] = _row3(row, places)
    return best[1], aligned


def _without_empty_columns(rows: list[GridRow]) -> list[GridRow]:
    """The rows without the columns right of the seventh value that are blank in every row."""
    surplus = [row.values[COLUMNS:] for row in rows if len(row.values) > COLUMNS]
    if not surplus or any(piece.kind != "blank" for pieces in surplus for piece in pieces):
        return rows
    return [replace(row, values=row.values[:COLUMNS], places=row.places[:COLUMNS]) for row in rows]


def _placed_by_order(index: int, found: Sequence[int], rows: int) -> bool:
    """Whether a row without a label may be told by its place: only where no row of the form is missing."""
    return sorted(j for j in found if j >= 0) == list(range(rows)) and 0 <= index < rows


def _mend(rows: Sequence[GridRow]) -> list[GridRow]:
    """Join a row that a page break cut in two: both halves of its label, the values of the half that has them."""
    labels = load_forms().rows
    out: list[GridRow] = []
    for row in rows:
        before = out[-1] if out else None
        empty = _empty(row)
        if before is not None and before.label and row.label and (empty or _empty(before)):
            joined = before.label + row.label
            apart = max(closest(before.label, labels)[1], closest(row.label, labels)[1])
            if closest(joined, labels)[1] > max(apart, 0.9):
                keep = before if empty else row
                out[-1] = GridRow(keep.grid, (*before.labels[:-1], joined), keep.values, keep.places, keep.texts,
                                  before.start, row.end)
                continue
        out.append(row)
    return out


def _empty(row: GridRow) -> bool:
    return all(p.kind == "blank" for p in row.values)


def _applicant_places(rows: Sequence[GridRow]) -> tuple[tuple[int, int], ...]:
    """Where the header draws the seven columns; empty where the header is not complete."""
    applicants = load_forms().applicants
    found: dict[int, tuple[int, int]] = {}
    for row in rows:
        for text, left, right in row.texts:
            index = next((i for i, a in enumerate(applicants) if text in a.cores), -1)
            if index >= 0 and index not in found:
                found[index] = (left, right)
    return tuple(found[i] for i in range(COLUMNS)) if len(found) == COLUMNS else ()


def _row3(row: GridRow, places: Sequence[tuple[int, int]]) -> Reading:
    values, spans = row.values, row.places
    if len(values) == COLUMNS:
        return _direct(row, values)
    cells: list[Piece | None] = [None] * COLUMNS
    if len(values) == 1 and (together := split_piece(values[0], COLUMNS)):
        return _direct(row, together)
    if len(values) == 1 and spans[0][1] - spans[0][0] >= COLUMNS:
        one = values[0]
        merged = one if one.kind == "blank" else Piece(one.raw, one.start, one.end, None, "open")
        return _direct(row, [merged] * COLUMNS)
    for piece, span in zip(values, spans, strict=True):
        if span in places:
            cells[places.index(span)] = piece
    met = cells[-1] is not None and sum(map(amount, cells[:-1])) == amount(cells[-1]) and set(spans) <= set(places)
    ends_early = bool(places) and tuple(spans) == tuple(places[: len(spans)]) and not row.label[-1:].isdigit()
    if len(values) < COLUMNS and not (met or ends_early):
        # The header does not tell which cell is missing or merged: the row's sum decides, or it stays open.
        blank = Piece("", values[0].start, values[0].start, None, "blank")
        found = tuple(dict.fromkeys(c for c in placed(values, COLUMNS, blank) if c[-1] is not blank))
        return Reading(found, False, values[0].start, values[-1].end, values[0].raw)
    return _direct(row, cells)


# ---- table 4 -------------------------------------------------------------------------------------------------------


def table4(rows: Sequence[GridRow]) -> Mapping[str, Reading]:
    """Table 4: a reading of five cells by proceeding id. Values under one header, or each beside its own labels."""
    forms = load_forms()
    inside = False
    above: list[tuple[str, int, int]] = []
    found: dict[str, dict[int, Piece]] = {}
    for row in rows:
        texts = [t for t, _, _ in row.texts]
        heads = sum(any(t == c for o in forms.outcomes[:4] for c in o.cores[:1]) for t in texts)
        if heads >= 1 or "行政复议" in texts:
            inside = True
        numbers = [p for p in row.values if p.kind != "blank"]
        if not inside:
            continue
        if row.values and (len(row.values) == 15 or numbers) and not found.get("after"):
            _values4(row, above, found)
        above.extend(row.texts)
    return {
        key: Reading((tuple(cells.get(i) for i in range(5)),), True, min(p.start for p in cells.values()),
                     max(p.end for p in cells.values()))
        for key, cells in found.items()
    }


def _values4(row: GridRow, above: Sequence[tuple[str, int, int]], found: dict[str, dict[int, Piece]]) -> None:
    if len(row.values) == 15:
        for i, piece in enumerate(row.values):
            found.setdefault(load_forms().proceedings[i // 5].id, {}).setdefault(i % 5, piece)
        return
    if len(row.values) == 5 and row.labels:
        key = _proceeding(row.labels, ())
        if key:
            for i, piece in enumerate(row.values):
                found.setdefault(key, {}).setdefault(i, piece)
            return
    for piece, (left, right) in zip(row.values, row.places, strict=True):
        over = [t for t, first, end in above if first < right and left < end]
        key = _proceeding(row.labels, over)
        outcome = _outcome([*over, *row.labels])
        if key and outcome >= 0:
            found.setdefault(key, {}).setdefault(outcome, piece)


def _proceeding(labels: Sequence[str], over: Sequence[str]) -> str:
    """The last proceeding that labels above and beside a value name, 复议后起诉 before 行政复议."""
    proceedings: tuple[Label, ...] = load_forms().proceedings
    for text in (*reversed(labels), *reversed(over)):
        for proceeding in (proceedings[2], proceedings[1], proceedings[0]):
            if text in proceeding.cores:
                return proceeding.id
    return ""


def _outcome(texts: Sequence[str]) -> int:
    for text in reversed(texts):
        for i, outcome in enumerate(load_forms().outcomes):
            if text in outcome.cores:
                return i
    return -1

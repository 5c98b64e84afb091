"""Figures of the tables by the ids of their rows and columns: single cells, totals, sums, and the formula for a number.

A figure is only given where it is certain: every cell it needs is printed or solved, or is a blank that stands for
nought because the sum of its column (or row) comes out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from gknlp.tables.forms import load_forms
from gknlp.types import Cell

APPLICANTS = ("person", "company", "research", "charity", "legal", "others")
TOTAL = "total"
PROCEEDINGS = ("reconsideration", "direct", "after")
OUTCOMES = ("upheld", "corrected", "otherwise", "pending")
FLOW = ("received", "carried_in", "answered", "carried_out")
# Numbers up to this many equal some cell by chance in almost every table: no formula is offered for them.
LEAST_TELLING = 3


@dataclass(frozen=True, slots=True)
class Target:
    """Cells whose sum a number should equal: `rows` x `columns` by id; in table 2 `rows` is `block/row`."""

    table: int
    rows: tuple[str, ...]
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """The cells of one report by table, row id and column id (table 2: row label under its block, column label)."""

    cells: Mapping[tuple[int, str, str], Cell]
    form: str

    def cell(self, table: int, row: str, column: str) -> Cell | None:
        """The cell, None where the form has none."""
        return self.cells.get((table, row, column))

    def group(self, name: str) -> tuple[str, ...]:
        """The rows of a group (`refused`) in the form of table 3; a row's own id gives the row."""
        rows = load_forms().rows_of(self.form)
        if name == "other" and self.form == "2019":
            return ("other_result",)
        found = tuple(row.id for row in rows if row.group == name)
        return found or ((name,) if any(row.id == name for row in rows) else ())

    def amount(self, table: int, row: str, column: str) -> float | None:
        """The certain value of a cell; a blank total is the sum of its row, a blank is 0 where the sums show it."""
        cell = self.cell(table, row, column)
        if cell is None:
            return None
        if cell.value is not None:
            return cell.value
        if table == 3 and column == TOTAL and cell.state in ("blank", "absent"):
            parts = [self.amount(3, row, applicant) for applicant in APPLICANTS]
            return _sum(parts)
        if cell.state == "blank" and self._blank_is_nought(table, row, column):
            return 0.0
        return None

    def _blank_is_nought(self, table: int, row: str, column: str) -> bool:
        """Whether the printed sum of the cell's row, or of its column's results, is met with blanks as 0."""
        last = TOTAL if table == 3 else "all"
        line = [c for (t, r, k), c in self.cells.items() if t == table and r == row and k != last]
        total = self.cell(table, row, last)
        if total is not None and total.value is not None:
            return _met(line, total.value)
        if table != 3 or row in FLOW:
            return False
        answered = self.amount(3, "answered", column)
        results = [c for (t, r, k), c in self.cells.items() if t == 3 and k == column and r not in FLOW]
        return answered is not None and _met(results, answered)

    def value(self, target: Target) -> float | None:
        """The sum of the target's cells, None where one of them is not certain."""
        return _sum(self.amount(target.table, row, column) for row in target.rows for column in target.columns)

    def value_or_blank(self, target: Target, stated: float) -> float | None:
        """`value`, or `stated` where the target has blanks and gives that number with the blanks as 0."""
        value = self.value(target)
        if value is not None:
            return value
        found = [self.cell(target.table, row, column) for row in target.rows for column in target.columns]
        known = [c.value for c in found if c is not None and c.value is not None]
        open_cells = [c for c in found if c is None or (c.value is None and c.state != "blank")]
        return stated if known and not open_cells and sum(known) == stated else None

    def names(self, target: Target) -> str:
        """The target's cells as `table/block/row/column`, joined by ` + `."""
        found = [self.cell(target.table, row, column) for row in target.rows for column in target.columns]
        return " + ".join(f"{c.table}/{c.block}/{c.row}/{c.column}" for c in found if c is not None)


def _met(cells: Sequence[Cell], total: float) -> bool:
    return all(c.state in ("printed", "solved", "blank") for c in cells) and sum(c.value or 0 for c in cells) == total


def _sum(values: Iterable[float | None]) -> float | None:
    found = list(values)
    return None if not found or any(v is None for v in found) else round(sum(v for v in found if v is not None), 6)


def index_cells(cells: Sequence[Cell]) -> Figures:
    """Make the index; the first cell of a place counts. Table 0 (annex) is left out: its rows are no terms.

    Empty cells give an index without any figure.
    """
    forms = load_forms()
    rows3 = {row.label: row.id for row in forms.rows}
    columns3 = {label.label: label.id for label in forms.applicants}
    rows4 = {label.label: label.id for label in forms.proceedings}
    columns4 = {label.label: label.id for label in forms.outcomes}
    found: dict[tuple[int, str, str], Cell] = {}
    form = "2021"
    for cell in cells:
        if cell.table == 0:
            continue
        if cell.table == 3:
            form = cell.form
            key = (3, rows3[cell.row], columns3[cell.column])
        elif cell.table == 4:
            key = (4, rows4[cell.row], columns4[cell.column])
        else:
            key = (2, f"{cell.block}/{cell.row}", cell.column)
        found.setdefault(key, cell)
    return Figures(found, form)


# ---- the formula that gives a number ---------------------------------------------------------------------------------


def nearest_formula(figures: Figures, target: Target, number: float, expected: float) -> str | None:
    """In words, which cell or sum of the same table gives `number`; None where none does, or it says nothing.

    Looked for in this order: one column of the same rows, one of the rows, part of the rows, sums that are taken for
    each other, other totals. Only for numbers of at least `LEAST_TELLING`, since smaller ones stand everywhere.
    """
    if number < LEAST_TELLING:
        return None
    formulas = _formulas3(figures, target) if target.table == 3 else _formulas4(figures, target)
    for words, value in formulas:
        if value == number:
            return f"{_plain(number)} 为{words}；合计为 {_plain(expected)}"
    return None


def _formulas3(figures: Figures, target: Target) -> Iterator[tuple[str, float | None]]:
    names = _names3(figures.form)
    columns = {label.id: label.label for label in load_forms().applicants}
    for column in APPLICANTS:
        if (column,) != target.columns and len(target.rows) == 1:
            yield f"“{columns[column]}”列", figures.amount(3, target.rows[0], column)
    for row in target.rows if len(target.rows) > 1 else ():
        yield f"“{names[row]}”的总计", figures.amount(3, row, TOTAL)
        yield f"“{names[row]}”的“{columns['person']}”列", figures.amount(3, row, "person")
    if len(target.rows) > 1:
        yield f"各项之和的“{columns['person']}”列", figures.value(Target(3, target.rows, ("person",)))
    yield "法人或其他组织各列之和", figures.value(Target(3, target.rows, APPLICANTS[1:]))
    yield "六类申请人之和", figures.value(Target(3, target.rows, APPLICANTS))
    for rows in (("received", "carried_in"), ("granted", "partial"), ("answered", "carried_out")):
        yield "＋".join(f"“{names[row]}”" for row in rows), figures.value(Target(3, rows, (TOTAL,)))
    for name in ("refused", "unavailable", "not_processed", "other"):
        yield f"“{_group_name(name)}”各项之和", figures.value(Target(3, figures.group(name), (TOTAL,)))
    for row, label in names.items():
        if (row,) != target.rows:
            yield f"“{label}”的总计", figures.amount(3, row, TOTAL)


def _formulas4(figures: Figures, target: Target) -> Iterator[tuple[str, float | None]]:
    if target.table != 4:
        return
    forms = load_forms()
    names = {label.id: label.label for label in forms.proceedings}
    outcomes = {label.id: label.label for label in forms.outcomes}
    for row in target.rows:
        for column in ("all", *OUTCOMES):
            if (row,) != target.rows or (column,) != target.columns:
                yield f"“{names[row]}”的“{outcomes[column]}”", figures.amount(4, row, column)
    for column in ("all", *OUTCOMES):
        yield f"复议与诉讼“{outcomes[column]}”之和", figures.value(Target(4, PROCEEDINGS, (column,)))


def _names3(form: str) -> dict[str, str]:
    return {row.id: row.label for row in load_forms().rows_of(form)}


def _group_name(name: str) -> str:
    return next(label.cores[0] for label in load_forms().groups if label.id == name)


def _plain(number: float) -> str:
    return f"{number:.6f}".rstrip("0").rstrip(".")

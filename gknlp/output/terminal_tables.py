"""One report's statutory tables in the terminal: cells as they were read, failing cells marked, checks in words."""

from __future__ import annotations

from collections.abc import Sequence

from gknlp.output.labels import Words, excerpt, shown, words_in
from gknlp.output.terminal import ascii_table, render
from gknlp.types import Cell, Check

# Marks stand beside the value, so that they survive a copy into a mail: a failing cell, a solved one, an open one.
FAILING, SOLVED, OPEN = "!", "*", "?"
NOT_PRINTED = {"blank": "", "absent": "-", "uncertain": OPEN}


def show_tables(cells: Sequence[Cell], checks: Sequence[Check], lang: str) -> str:
    """The tables in the order of the form, a line per row and a column per column, then the checks on cells.

    Checks that PASS are counted, the others told.

    `!` marks a cell that a failed check names, `*` a value solved from digits that ran together, `?` an open one,
    `-` a cell that was not found. No cells: one line that says so.
    """
    words = words_in(lang)
    if not cells:
        return words("term", "no_table")
    failing = {name for check in checks if check.state == "FAIL" for name in check.cells}
    blocks: dict[tuple[int, str], list[Cell]] = {}
    for cell in cells:
        blocks.setdefault((cell.table, cell.block), []).append(cell)
    out = []
    for (number, block), group in blocks.items():
        out.append(" ".join(part for part in (words("table_title", number), block) if part))
        out.append(_block(group, failing))
    on_cells = [check for check in checks if check.cells]
    open_checks = [check for check in on_cells if check.state != "PASS"]
    passed = len(on_cells) - len(open_checks)
    out.append(f"{words('check_state', 'PASS')}: {passed}")
    out.extend(_check_line(check, words) for check in open_checks)
    return "\n".join(out)


def _block(cells: Sequence[Cell], failing: set[str]) -> str:
    columns = list(dict.fromkeys(cell.column for cell in cells))
    rows = list(dict.fromkeys(cell.row for cell in cells))
    by_place = {(cell.row, cell.column): cell for cell in cells}
    table = ascii_table("", *columns)
    for row in rows:
        values = [
            _value(by_place[row, column], failing) if (row, column) in by_place else "" for column in columns
        ]
        table.add_row(excerpt(row, 40), *values)
    return render(table)


def _value(cell: Cell, failing: set[str]) -> str:
    name = f"{cell.table}/{cell.block}/{cell.row}/{cell.column}"
    mark = FAILING if name in failing else SOLVED if cell.state == "solved" else ""
    if cell.value is None:
        return NOT_PRINTED.get(cell.state, shown(cell.raw)) + mark
    return f"{cell.value:g}{mark}"


def _check_line(check: Check, words: Words) -> str:
    return f"{words('check_state', check.state)} {check.rule}: {shown(check.message)}"

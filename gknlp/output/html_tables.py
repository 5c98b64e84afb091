"""Statutory tables as the form draws them, from their cells, with what each check says about which cell."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gknlp.output.cases import Row
from gknlp.output.labels import Words, number, one_line, shown


@dataclass(slots=True)
class CellView:
    """A cell as shown: its text, state, place in the text, and the numbers of the checks it fails."""

    name: str
    anchor: str
    text: str
    state: str
    failing: list[int]
    start: int | None
    end: int | None
    title: str


@dataclass(slots=True)
class RowView:
    """A row of the form: label of its own level, depth from 0, cells by column (None where the form has no cell)."""

    label: str
    depth: int
    cells: list[CellView | None]


@dataclass(slots=True)
class BlockView:
    """Rows under the same columns; `block` is the article named above them in table 2."""

    block: str
    columns: list[str]
    rows: list[RowView] = field(default_factory=list)


@dataclass(slots=True)
class TableView:
    """A statutory table; `start` is the first place in the text where one of its cells stands, None if none does."""

    table: int
    blocks: list[BlockView]
    start: int | None
    states: list[str]


def statutory_tables(cells: Sequence[Row], failing: Mapping[str, Sequence[int]]) -> list[TableView]:
    """The tables of a report by number; rows and columns in the order of the cells.

    `failing` gives for a cell's name (`table/block/row/column`) the numbers of the checks it fails. Rows of a row that
    is itself no row of the form (`三、…/（三）不予公开/1.…`) stand under it; it gets a row without cells.
    """
    by_table: dict[int, list[Row]] = {}
    for cell in cells:
        by_table.setdefault(int(cell["table"]), []).append(cell)
    return [_table(table, by_table[table], failing) for table in sorted(by_table)]


def cell_name(cell: Row) -> str:
    """The name by which checks call a cell."""
    return f"{cell['table']}/{cell['block'] or ''}/{cell['row']}/{cell['column']}"


def cell_label(name: str, words: Words) -> str:
    """A cell's name for people: table, row and column; what is no cell's name stays as it is."""
    parts = name.split("/")
    if len(parts) < 4 or not parts[0].isdecimal():
        return shown(name)
    table, block, *row, column = parts
    return " · ".join(shown(part) for part in (words("word", "table", n=table), block, "/".join(row), column) if part)


def failing_cells(checks: Sequence[tuple[int, Row]]) -> dict[str, list[int]]:
    """For each cell named by a failing check, the numbers of those checks."""
    named: dict[str, list[int]] = {}
    for position, check in checks:
        if check["state"] == "FAIL":
            for name in json_list(check.get("cells")):
                named.setdefault(str(name), []).append(position)
    return named


def json_list(value: object) -> list[Any]:
    """A column that holds a JSON list; anything else gives an empty list."""
    try:
        found = json.loads(value) if isinstance(value, str) else None
    except ValueError:
        return []
    return found if isinstance(found, list) else []


def _table(table: int, cells: Sequence[Row], failing: Mapping[str, Sequence[int]]) -> TableView:
    groups: dict[str, list[Row]] = {}
    for cell in cells:
        groups.setdefault(str(cell["block"] or ""), []).append(cell)
    starts = [int(cell["start"]) for cell in cells if cell.get("start") is not None]
    view = TableView(table, [], min(starts, default=None), sorted({str(cell["state"]) for cell in cells}))
    line = 0
    for block, items in groups.items():
        columns = list(dict.fromkeys(str(cell["column"]) for cell in items))
        made = BlockView(shown(block), [shown(column) for column in columns])
        labels: set[str] = set()
        for row in dict.fromkeys(str(cell["row"]) for cell in items):
            in_row = {str(cell["column"]): cell for cell in items if cell["row"] == row}
            parts = row.split("/")
            for depth in range(len(parts) - 1):
                parent = "/".join(parts[: depth + 1])
                if parent not in labels:
                    labels.add(parent)
                    made.rows.append(RowView(shown(parts[depth]), depth, []))
            labels.add(row)
            views = [
                _cell(in_row[column], f"t{table}-{line}-{position}", failing) if column in in_row else None
                for position, column in enumerate(columns)
            ]
            made.rows.append(RowView(shown(parts[-1]), len(parts) - 1, views))
            line += 1
        view.blocks.append(made)
    return view


def _cell(cell: Row, anchor: str, failing: Mapping[str, Sequence[int]]) -> CellView:
    value = cell.get("value")
    alternatives = json_list(cell.get("alternatives"))
    state = str(cell["state"])
    text = number(value) if value is not None else ""
    if state == "uncertain":
        text = "/".join(number(item) for item in alternatives[:3]) or shown(cell["raw"])
    raw = one_line(str(cell["raw"]))
    start, end = cell.get("start"), cell.get("end")
    name = cell_name(cell)
    return CellView(
        name, anchor, text, state, list(failing.get(name, ())), start, end, raw if raw != text else ""
    )


def cells_by_name(tables: Sequence[TableView]) -> dict[str, CellView]:
    """The cells of the tables shown, by the name by which checks and claims call them."""
    return {
        cell.name: cell
        for table in tables for block in table.blocks for row in block.rows for cell in row.cells if cell is not None
    }

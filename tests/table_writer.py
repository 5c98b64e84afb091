"""Random filled forms that satisfy every identity, and the shapes in which real reports print them.

`fill(random, form)` gives the values, `write(filled, shape)` a report that prints them; `TRUTH` order is the form's.
"""

from __future__ import annotations

import random as random_module
from collections.abc import Iterator
from dataclasses import dataclass

from gknlp.tables.forms import load_forms
from gknlp.types import Grid, GridCell, Layout, Report

FLOW = ("received", "carried_in", "answered", "carried_out")
SHAPES = ("grid", "lines", "lost labels", "spaced", "tabs", "pipes", "tags", "one line", "digit run")
Key = tuple[int, str, str, str]


@dataclass(frozen=True)
class Filled:
    """A filled form: values of table 2 by (block, row), of table 3 by row id, of table 4 by proceeding id."""

    form: str
    table2: dict[tuple[str, str], list[str]]
    table3: dict[str, list[int]]
    table4: dict[str, list[int]]

    def truth(self) -> dict[Key, float]:
        """Every cell's value by (table, block, row, column)."""
        forms = load_forms()
        found: dict[Key, float] = {}
        for block in (b for b in forms.blocks if b.form == self.form):
            for row in block.rows:
                for column, value in zip(block.columns, self.table2[block.block, row], strict=True):
                    found[2, block.block, row, column] = float(value.replace("减", "-").rstrip("万元"))
        for row3 in forms.rows_of(self.form):
            for label, number in zip(forms.applicants, self.table3[row3.id], strict=True):
                found[3, "", row3.label, label.label] = float(number)
        for row4 in forms.proceedings:
            for label, number in zip(forms.outcomes, self.table4[row4.id], strict=True):
                found[4, "", row4.label, label.label] = float(number)
        return found


def fill(random: random_module.Random, form: str, size: int | None = None) -> Filled:
    """A filled form of an office of some size (0 nothing at all, 1 a township, 2 a bureau, 3 a city, 4 a province)."""
    size = random.choice((0, 1, 1, 2, 2, 2, 3, 3, 4)) if size is None else size
    return Filled(form, _table2(random, form, size), _table3(random, form, size), _table4(random, size))


def _number(random: random_module.Random, size: int, zero: float) -> int:
    if size == 0 or random.random() < zero:
        return 0
    return random.randint(1, (0, 3, 12, 90, 900)[size])


def _table2(random: random_module.Random, form: str, size: int) -> dict[tuple[str, str], list[str]]:
    found = {}
    for block in (b for b in load_forms().blocks if b.form == form):
        for row in block.rows:
            values = []
            for column in block.columns:
                number = _number(random, size, 0.3)
                if "金额" in column:
                    values.append(random.choice((str(number), f"{number}.{random.randint(1, 99):02d}")))
                elif "增" in column:
                    values.append(random.choice((str(number), f"减{number}" if number else "0")))
                else:
                    values.append(str(number))
            found[block.block, row] = values
    return found


def _table3(random: random_module.Random, form: str, size: int) -> dict[str, list[int]]:
    ids = [row.id for row in load_forms().rows_of(form)]
    rows = {
        row: [_number(random, size, 0.5), *(_number(random, min(size, 2), 0.9) for _ in range(5))] for row in ids
    }
    for column in range(6):
        rows["answered"][column] = sum(rows[row][column] for row in ids if row not in FLOW)
        rows["carried_out"][column] = rows["carried_out"][column] // 5
        rows["carried_in"][column] = min(rows["carried_in"][column], rows["answered"][column]) // 5
        rows["received"][column] = (
            rows["answered"][column] + rows["carried_out"][column] - rows["carried_in"][column]
        )
    return {row: [*values, sum(values)] for row, values in rows.items()}


def _table4(random: random_module.Random, size: int) -> dict[str, list[int]]:
    found = {}
    for row in load_forms().proceedings:
        values = [_number(random, min(size, 3), 0.6) for _ in range(4)]
        found[row.id] = [*values, sum(values)]
    return found


# ---- cells row by row, as the form draws them ------------------------------------------------------------------

Row = list[tuple[str, int, int]]  # text, rowspan, colspan
BEFORE = "某县某局政府信息公开工作年度报告\n一、总体情况\n2023年，我局公开信息120条，举办培训2次。\n"
AFTER = "五、存在的主要问题及改进情况\n2023年公开工作还有3个方面的不足，2024年将举办培训4期。\n"
TITLES = ("二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况", "四、政府信息公开行政复议、行政诉讼情况")
GROUPS = {
    "refused": "（三）不予公开", "unavailable": "（四）无法提供", "not_processed": "（五）不予处理",
    "other": "（六）其他处理",
}


def tables(filled: Filled) -> tuple[list[Row], list[Row], list[Row]]:
    """The rows of the three tables with merged cells, labels included."""
    return _rows2(filled), _rows3(filled), _rows4(filled)


def _rows2(filled: Filled) -> list[Row]:
    rows: list[Row] = []
    for block in (b for b in load_forms().blocks if b.form == filled.form):
        width = len(block.columns) + 1
        rows.append([(block.block, 1, width)])
        rows.append([("信息内容", 1, 1), *((column, 1, 1) for column in block.columns)])
        rows.extend(
            [(row, 1, 1), *((value, 1, 1) for value in filled.table2[block.block, row])] for row in block.rows
        )
    return rows


def _rows3(filled: Filled) -> list[Row]:
    forms = load_forms()
    note = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
    rows: list[Row] = [
        [(note, 3, 3), ("申请人情况", 1, 7)],
        [("自然人", 2, 1), ("法人或其他组织", 1, 5), ("总计", 2, 1)],
        [(label.label, 1, 1) for label in forms.applicants[1:6]],
    ]
    seen: set[str] = set()
    labels = forms.rows_of(filled.form)
    for row in labels:
        values = [(str(v), 1, 1) for v in filled.table3[row.id]]
        if row.id in ("received", "carried_in", "carried_out"):
            rows.append([(row.label, 1, 3), *values])
            continue
        cells: Row = []
        if row.id == "granted":
            cells.append(("三、本年度办理结果", len(labels) - 3, 1))
        if row.group:
            if row.group not in seen:
                cells.append((GROUPS[row.group], sum(r.group == row.group for r in labels), 1))
                seen.add(row.group)
            cells.append((row.label.split("/")[-1], 1, 1))
        else:
            cells.append((row.label, 1, 2))
        rows.append([*cells, *values])
    return rows


def _rows4(filled: Filled) -> list[Row]:
    forms = load_forms()
    return [
        [("行政复议", 2, 5), ("行政诉讼", 1, 10)],
        [("未经复议直接起诉", 1, 5), ("复议后起诉", 1, 5)],
        [(label.label, 1, 1) for _ in range(3) for label in forms.outcomes],
        [(str(v), 1, 1) for row in forms.proceedings for v in filled.table4[row.id]],
    ]


# ---- shapes ----------------------------------------------------------------------------------------------------------


def write(filled: Filled, shape: str) -> Report:
    """A report that prints the tables in a shape (one of `SHAPES`)."""
    if shape == "grid":
        return _write_grid(filled)
    parts = [BEFORE]
    for title, rows in zip(TITLES, tables(filled), strict=True):
        parts.append(f"{title}\n")
        parts.append("".join(_printed(rows, shape)))
    parts.append(f"\n{AFTER}")
    text = "".join(parts)
    return Report("", "", "", text.replace("\n", " " if shape == "one line" else "") if shape in (
        "one line", "digit run") else text)


def _printed(rows: list[Row], shape: str) -> Iterator[str]:
    if shape == "tags":
        yield "<table border=\"1\">"
    for number, row in enumerate(rows):
        texts = [text for text, _, _ in row]
        numbers = [t.lstrip("减").rstrip("万元").replace(".", "").isdigit() for t in texts]
        if shape == "tags":
            yield "<tr>" + "".join(
                f'<td rowspan="{rowspan}" colspan="{colspan}">{text}</td>' for text, rowspan, colspan in row) + "</tr>"
        elif shape == "pipes":
            yield f"| {' | '.join(texts)} |\n"
            if number == 0:
                yield f"|{'---|' * len(texts)}\n"
        elif shape == "digit run":
            yield "".join(texts)
        elif shape == "lines":
            yield "".join(f"{text}\n" for text in texts)
        elif shape == "lost labels":
            # The label of a sub-row is lost, a first nought stands where it was.
            lost = len(texts) == 8 and texts[0][:1].isdigit() and not numbers[0]
            yield "".join(f"{text}\n" for text in (["0", *texts[1:]] if lost else texts))
        else:
            yield ("\t" if shape == "tabs" else " ").join(texts) + "\n"
    if shape == "tags":
        yield "</table>\n"


def _write_grid(filled: Filled) -> Report:
    text, grids = BEFORE, []
    for title, rows in zip(TITLES, tables(filled), strict=True):
        text += f"{title}\n"
        start, cells = len(text), []
        taken: set[tuple[int, int]] = set()
        for number, row in enumerate(rows):
            column = 0
            for content, rowspan, colspan in row:
                while (number, column) in taken:
                    column += 1
                taken |= {(r, c) for r in range(number, number + rowspan) for c in range(column, column + colspan)}
                cells.append(GridCell(number, column, rowspan, colspan, len(text), len(text) + len(content)))
                text += f"{content}\t"
                column += colspan
            text = f"{text[:-1]}\n"
        grids.append(Grid(start, len(text), tuple(cells)))
    return Report("", "", "", text + AFTER, Layout(grids=tuple(grids)))

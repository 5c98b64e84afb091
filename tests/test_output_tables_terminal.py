"""gknlp tables: cells in the form's order, marks that survive a copy, checks in words."""

from __future__ import annotations

from gknlp.output.terminal_tables import show_tables
from gknlp.types import Cell, Check


def cell(column: str, value: float | None, state: str = "printed") -> Cell:
    return Cell(4, "2021", "", "行政复议", column, value, "" if value is None else f"{value:g}", state)


CELLS = [
    cell("结果维持", 2), cell("结果纠正", None, "blank"), cell("其他结果", None, "uncertain"),
    cell("总计", 3, "solved"),
]


def test_tables_mark_failing_solved_open_and_blank_cells() -> None:
    check = Check("T4", "行政复议", "FAIL", "3", "2", ("4//行政复议/结果维持",), "source", "四种结果之和为 2，总计为 3")
    passed = Check("T4", "x", "PASS", "1", "1", ("4//行政复议/总计",), "unknown", "")
    outline = Check("P-part", "other", "FAIL", None, None, (), "source", "缺少部分")
    lines = show_tables(CELLS, [check, passed, outline], "zh").split("\n")
    row = next(line for line in lines if "行政复议" in line and "|" in line)
    assert [value.strip() for value in row.strip("|").split("|")] == ["行政复议", "2!", "", "?", "3*"]
    assert lines[-2:] == ["相符: 1", "不符 T4: 四种结果之和为 2，总计为 3"]


def test_tables_without_cells_say_so_and_all_of_it_shows_on_a_gbk_console() -> None:
    assert "\n" not in show_tables([], [], "zh")
    for lang in ("zh", "en"):
        show_tables(CELLS, [], lang).encode("gbk")

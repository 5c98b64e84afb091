"""The identities of the statutory forms, checked on the cells of one report.

Source of the identities: the forms themselves (`models/identities.toml`; the first is printed in the form). A blank is
no nought: in a sum it counts as 0 only if the other side is then met (PASS); known addends above a fully printed total
FAIL; otherwise UNCERTAIN; a blank total or addends all blank are NOT_ASSESSABLE.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gknlp.resources import load_toml
from gknlp.tables.forms import load_forms
from gknlp.types import Cell, Check, WrongSum

IDENTITIES = "models/identities.toml"
# Rows under 本年度办理结果, between what came in and the total.
_NOT_RESULTS = ("received", "carried_in", "answered", "carried_out")
_TOTAL = "总计"
_TABLE_NAMES = {2: "主动公开情况表", 3: "收到和处理申请情况表", 4: "复议诉讼情况表"}
# A table with more failing sums than this, and than this share of the sums that could be judged, was more likely read
# out of step than filled in so badly; a real slip breaks one cell, which stands in at most four identities.
_MANY_FAILURES, _MANY_SHARE = 6, 0.4


@dataclass(frozen=True, slots=True)
class _Side:
    """One side of an identity: its cells, the sum of those with a value, and how many have none."""

    cells: tuple[Cell, ...]
    known: float
    open: int

    @property
    def empty(self) -> bool:
        return self.open == len(self.cells)


def check_tables(cells: Sequence[Cell]) -> tuple[Check, ...]:
    """Check every identity of the form on the cells of one report (as `read_tables` gives them).

    Rules: `T3-a` (一+二=总计+四, per column), `T3-b` (results=总计, per column), `T3-c` (six applicants=总计, per row),
    `T4` (four outcomes=总计, per kind of proceeding), `V-negative` and `V-whole` (only cells that break them get a row,
    always FAIL; table 0, an annex, has no form to check it by). Order: rule, then the form's columns or rows. `cells`
    name the cells as `table/block/row/column`.
    `fault` of a FAIL is `source` where every cell is printed (or printed blank), `reader` where the table as a whole
    looks read out of step, else `unknown`; of an open check it says who left it open: `source` (blanks), `reader`
    (cells with several readings) or `unknown` (cells not found). A table of which nothing was found gives one
    NOT_ASSESSABLE a rule. No cells give no checks. Cost: linear.
    """
    checks: list[Check] = []
    for rule in load_toml(IDENTITIES)["identity"]:
        own = [cell for cell in cells if cell.table == rule["table"]]
        if rule["per"] == "cell":
            checks.extend(_per_cell(rule, cells))
        elif own and all(cell.state == "absent" for cell in own):
            checks.append(_not_found(rule))
        elif rule["per"] == "column":
            checks.extend(_per_column(rule, own))
        else:
            checks.extend(_per_row(rule, own))
    return tuple(_doubt_reader(checks))


def _not_found(rule: Mapping[str, Any]) -> Check:
    """The one check on a table that the report does not have, or that could not be read at all."""
    name = _TABLE_NAMES[rule["table"]]
    message = f"{name}：没有读到，无法核对{rule['zh']}"
    return Check(rule["id"], name, "NOT_ASSESSABLE", None, None, (), "unknown", message)


def cell_name(cell: Cell) -> str:
    """How checks and the dossier name a cell: `table/block/row/column`."""
    return f"{cell.table}/{cell.block}/{cell.row}/{cell.column}"


def _per_column(rule: Mapping[str, Any], third: Sequence[Cell]) -> Iterable[Check]:
    """One check a column of table 3; rows are found by their form's labels."""
    if not third:
        return
    by_place = {(cell.row, cell.column): cell for cell in third}
    rows = {row.id: row.label for row in load_forms().rows_of(third[0].form)}
    sides = []
    for names in (rule["left"], rule["right"]):
        wanted = [name for name in rows if name not in _NOT_RESULTS] if names == ["results"] else names
        sides.append([rows[name] for name in wanted])
    for column in dict.fromkeys(cell.column for cell in third):
        left, right = (
            _side([by_place[row, column] for row in side if (row, column) in by_place]) for side in sides
        )
        if left.cells and right.cells:
            yield _compare(rule, column, left, right)


def _per_row(rule: Mapping[str, Any], cells: Sequence[Cell]) -> Iterable[Check]:
    """One check a row: the cells before 总计 against it."""
    rows: dict[str, list[Cell]] = {}
    for cell in cells:
        rows.setdefault(cell.row, []).append(cell)
    for row, group in rows.items():
        left = _side([cell for cell in group if cell.column != _TOTAL])
        right = _side([cell for cell in group if cell.column == _TOTAL])
        if left.cells and right.cells:
            yield _compare(rule, row, left, right)


def _per_cell(rule: Mapping[str, Any], cells: Sequence[Cell]) -> Iterable[Check]:
    """A FAIL for each cell that breaks a rule on single values."""
    for cell in cells:
        if cell.table not in _TABLE_NAMES or cell.value is None or cell.column in rule["exempt"]:
            continue
        if cell.value < 0 if rule["id"] == "V-negative" else cell.value != int(cell.value):
            message = f"{_TABLE_NAMES[cell.table]}“{cell.row}”的“{cell.column}”为{_number(cell.value)}，{rule['zh']}"
            fault = "source" if cell.state == "printed" else "unknown"
            yield Check(
                rule["id"], cell_name(cell), "FAIL", None, _number(cell.value), (cell_name(cell),), fault, message
            )


def _side(cells: Sequence[Cell]) -> _Side:
    known = [cell.value for cell in cells if cell.value is not None]
    return _Side(tuple(cells), round(sum(known), 6), len(cells) - len(known))


def _compare(rule: Mapping[str, Any], scope: str, left: _Side, right: _Side) -> Check:
    """Judge one identity by the rules on blanks, which are those of the module's docstring."""
    named = (*left.cells, *right.cells)
    if left.empty or right.empty:
        state = "NOT_ASSESSABLE"
    elif left.known == right.known:
        # A cell with several readings is no blank: that it could be 0 proves nothing.
        state = "UNCERTAIN" if any(cell.state == "uncertain" for cell in named) else "PASS"
    elif _broken(left, right):
        state = "FAIL"
    else:
        state = "UNCERTAIN"
    return Check(
        rule["id"], f"{_TABLE_NAMES[rule['table']]}“{scope}”", state, _number(right.known), _number(left.known),
        tuple(cell_name(cell) for cell in named), _fault(state, named), _message(rule, scope, state, left, right),
    )


def _broken(left: _Side, right: _Side) -> bool:
    """Whether two unequal sides cannot become equal however the open cells of one of them are filled."""
    if not right.open and left.known > right.known:
        return True
    if not left.open and right.known > left.known:
        return True
    return not (left.open or right.open)


def _fault(state: str, cells: Sequence[Cell]) -> str:
    states = {cell.state for cell in cells}
    if state == "PASS":
        return "unknown"
    if state != "FAIL" and "uncertain" in states:
        return "reader"
    return "source" if states <= {"printed", "blank"} else "unknown"


def _message(rule: Mapping[str, Any], scope: str, state: str, left: _Side, right: _Side) -> str:
    """What was compared, with both numbers; for a failure also by how much it is off."""
    kind = "列" if rule["per"] == "column" else "行"
    where = f"{_TABLE_NAMES[rule['table']]}“{scope}”{kind}"
    told = f"{where}：{rule['left_zh']}{_told(left)}，{rule['right_zh']}{_told(right)}"
    return f"{told}，相差 {_number(abs(left.known - right.known))}" if state == "FAIL" else told


def _told(side: _Side) -> str:
    """A side in words: its sum, what it is made of, and how many of its cells have no value."""
    if side.empty:
        return "未填或不能确定"
    printed = [_number(cell.value) for cell in side.cells if cell.value]
    total = _number(side.known)
    shown = f"为 {'＋'.join(printed)}＝{total}" if len(printed) > 1 else f"为 {total}"
    return f"{shown}（另有 {side.open} 格空白或不能确定）" if side.open else shown


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.6f}".rstrip("0").rstrip(".")


def _doubt_reader(checks: list[Check]) -> list[Check]:
    """Where a table fails in most of its sums, the reader is likelier at fault: nothing of it is the source's."""
    third = [check for check in checks if check.rule.startswith("T3") and check.state in ("PASS", "FAIL")]
    failed = sum(check.state == "FAIL" for check in third)
    if failed <= _MANY_FAILURES or failed <= _MANY_SHARE * len(third):
        return checks
    return [
        replace(check, fault="reader") if check.state == "FAIL" and check.rule.startswith("T3") else check
        for check in checks
    ]


def wrong_sums(cells: Sequence[Cell], checks: Sequence[Check]) -> tuple[WrongSum, ...]:
    """The sums of the tables that `check_tables` found wrong by the source's fault, in the order of checks.

    Those of which no cell is in print are left out. No checks give none. Cost: linear.
    """
    by_name = {cell_name(cell): cell for cell in cells}
    found = []
    for check in checks:
        if check.state == "FAIL" and check.fault == "source" and check.rule.startswith("T"):
            named = [by_name[name] for name in check.cells]
            printed = [(cell.value, cell.start, cell.end) for cell in named if cell.value and cell.start is not None]
            # The largest figure, the first of equals.
            _, start, end = max(printed, key=lambda item: item[0] or 0, default=(None, None, None))
            if start is not None and end is not None:
                figures = tuple(cell.value for cell in named)
                found.append(WrongSum(check.rule, check.scope, figures, start, end, check.message))
    return tuple(found)

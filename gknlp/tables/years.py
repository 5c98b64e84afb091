"""One agency's tables over the years, and a superior's tables beside those of its subordinates.

What two reports contradict each other in is nobody's proven fault: either may be wrong, or the agency was merged. So
`fault` is `unknown` throughout, and what may well be true (jumps, single equal numbers) is `UNCERTAIN`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gknlp.resources import load_toml
from gknlp.tables.checks import IDENTITIES, cell_name
from gknlp.tables.figures import APPLICANTS, TOTAL, Figures, index_cells
from gknlp.types import Cell, Check

# A table is frozen only if this many of its cells are not 0: small offices repeat their few numbers honestly.
LEAST_FROZEN = {2: 3, 3: 5, 4: 4}
# A single number is worth a look from here on: below a hundred, equal numbers are common (5 % of pairs near 20).
LEAST_EQUAL = 100
JUMP, LEAST_JUMP = 5.0, 20
_TITLES = {2: "主动公开情况表", 3: "收到和处理申请情况表", 4: "复议诉讼情况表"}
_STOCKS = ("现行有效件数", "对外公开总数量", "上一年项目数量")


def check_years(years: Mapping[int, Sequence[Cell]]) -> dict[int, tuple[Check, ...]]:
    """Compare the tables of one agency's reports, given by report year; the checks of each year's report by year.

    Only neighbouring years are compared. Rules: `X-1` (上年结转 is last year's 结转下年度, per column; both forms),
    `X-2` (现行有效 + 制发 - 废止 = 现行有效, both years in form 2021 only), `X-frozen` (a table with the same numbers
    in every cell: FAIL; one large number the same: UNCERTAIN), `X-jump` (more than five times, or less than a fifth:
    UNCERTAIN). Only findings and the assessable X-1 and X-2 give rows. `cells` name cells of the later report; the
    message names both years and numbers. The first year and years after a gap give an empty tuple. Cost: linear.

    The pipeline calls it once for every `agency_id` with more than one year, with the cells of the report that is no
    copy, and appends each year's checks to that report's.
    """
    found: dict[int, tuple[Check, ...]] = {}
    ordered = sorted(years)
    for year in ordered:
        checks: list[Check] = []
        if year - 1 in years:
            then, now = index_cells(years[year - 1]), index_cells(years[year])
            for judge in (_carried_over, _in_force, _frozen, _jumps):
                checks.extend(judge(then, now, year))
        found[year] = tuple(checks)
    return found


def _rule(name: str) -> Mapping[str, Any]:
    return next(rule for rule in load_toml(IDENTITIES)["between"] if rule["id"] == name)


def _carried_over(then: Figures, now: Figures, year: int) -> Iterator[Check]:
    """X-1, per column; a blank on one side counts as 0 only if the other side is 0."""
    for column in (*APPLICANTS, TOTAL):
        left, right = then.cell(3, "carried_out", column), now.cell(3, "carried_in", column)
        if left is None or right is None or (left.value is None and right.value is None):
            continue
        open_cell = left.value is None or right.value is None
        a, b = left.value or 0.0, right.value or 0.0
        met = a == b and "uncertain" not in (left.state, right.state)
        state = "PASS" if met else "UNCERTAIN" if open_cell else "FAIL"
        message = f"“{right.column}”：{year - 1} 年报告结转下年度 {_told(left)}，{year} 年报告上年结转 {_told(right)}"
        yield Check("X-1", f"“{right.column}”", state, _number(a), _number(b), (cell_name(right),), "unknown", message)


def _in_force(then: Figures, now: Figures, year: int) -> Iterator[Check]:
    """X-2 for rules and documents, where both years have all numbers in form 2021."""
    for table, row, column in now.cells:
        if table != 2 or column != "现行有效件数":
            continue
        stock = then.cell(2, row, column)
        made, repealed, left = (now.cell(2, row, c) for c in ("本年制发件数", "本年废止件数", "现行有效件数"))
        values = [c.value for c in (stock, made, repealed, left) if c is not None and c.value is not None]
        if len(values) < 4 or made is None or repealed is None or left is None:
            continue
        expected = values[0] + values[1] - values[2]
        message = (
            f"“{left.row}”：{year - 1} 年现行有效 {_number(values[0])}，{year} 年制发 {_number(values[1])}、废止 "
            f"{_number(values[2])}，应为 {_number(expected)}，{year} 年现行有效 {_number(values[3])}"
        )
        state = "PASS" if expected == values[3] else "FAIL"
        names = tuple(cell_name(cell) for cell in (made, repealed, left))
        yield Check("X-2", f"“{left.row}”", state, _number(expected), _number(values[3]), names, "unknown", message)


def _frozen(then: Figures, now: Figures, year: int) -> Iterator[Check]:
    """X-frozen: whole tables first; single large flows only in tables that are not frozen as a whole."""
    for table in (2, 3, 4):
        places = [key for key in now.cells if key[0] == table]
        pairs = [(then.cells.get(key), now.cells[key]) for key in places]
        if not pairs or any(a is None or a.form != b.form for a, b in pairs):
            continue
        same = [(a.value if a is not None else None) == b.value for a, b in pairs]
        filled = [b for _, b in pairs if b.value]
        if all(same) and len(filled) >= LEAST_FROZEN[table]:
            message = f"{_TITLES[table]}：{len(filled)} 个非零数字与 {year - 1} 年报告完全相同"
            names = tuple(cell_name(cell) for cell in filled)
            yield Check("X-frozen", _TITLES[table], "FAIL", None, None, names, "unknown", message)
            continue
        for cell, equal in zip((b for _, b in pairs), same, strict=True):
            if equal and (cell.value or 0) >= LEAST_EQUAL and _flow(cell):
                message = f"{_place(cell)}与 {year - 1} 年报告同为 {_number(cell.value)}"
                yield Check("X-frozen", _place(cell), "UNCERTAIN", None, _number(cell.value), (cell_name(cell),),
                            "unknown", message)


def _jumps(then: Figures, now: Figures, year: int) -> Iterator[Check]:
    """X-jump for numbers that stand for a whole: flows of table 2, 本年新收, 总计 of results and of proceedings."""
    for key, cell in now.cells.items():
        before = then.cells.get(key)
        if before is None or not _flow(cell) or before.value is None or cell.value is None:
            continue
        if cell.table == 2 and before.form != cell.form:
            continue
        low, high = sorted((before.value, cell.value))
        if high >= LEAST_JUMP and low >= 0 and high > JUMP * max(low, 1.0):
            message = f"{_place(cell)}：{year - 1} 年 {_number(before.value)}，{year} 年 {_number(cell.value)}，请核实"
            yield Check("X-jump", _place(cell), "UNCERTAIN", _number(before.value), _number(cell.value),
                        (cell_name(cell),), "unknown", message)


def _flow(cell: Cell) -> bool:
    """Whether a cell counts the year's whole of something (not a stock, not a single applicant or result)."""
    if cell.table == 2:
        return cell.column not in _STOCKS
    if cell.table == 3:
        return cell.column == "总计" and (cell.row.startswith(("一、", "（七）")))
    return cell.column == "总计"


def _place(cell: Cell) -> str:
    return f"“{cell.row}”的“{cell.column}”"


def _told(cell: Cell) -> str:
    return "未填" if cell.value is None else _number(cell.value)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.6f}".rstrip("0").rstrip(".")


def check_hierarchy(
    parent: Sequence[Cell], children: Mapping[str, Sequence[Cell] | None], *, whole_area: bool
) -> tuple[Check, ...]:
    """Rule `H`: a superior's numbers are the sum of its direct subordinates' (its own office being one of them).

    `children` gives each subordinate's cells by its name, None where its report is missing; `whole_area` says that the
    parent reports for its whole area (全市 in its own words, or by the roster) and not for its own office alone. One
    check for each 总计 of table 3 and table 4: PASS where the sum is met; FAIL only for a complete set, a parent that
    reports for the whole area, and numbers that are all known; else UNCERTAIN, with what is missing in the message. No
    parent cells or no children: no checks. Cost: linear in all cells.

    The pipeline calls it for each superior of the roster that has a report of the year, with all its direct units.
    """
    if not children:
        return ()
    missing = [name for name, cells in children.items() if not cells]
    figures = {name: index_cells(cells) for name, cells in sorted(children.items()) if cells}
    checks = []
    for (table, row, column), cell in index_cells(parent).cells.items():
        if column not in ((TOTAL, "all")) or cell.value is None or not figures:
            continue
        amounts = {name: figure.amount(table, row, column) for name, figure in figures.items()}
        unknown = [*missing, *(name for name, amount in amounts.items() if amount is None)]
        total = sum(amount for amount in amounts.values() if amount is not None)
        broken = "UNCERTAIN" if unknown or not whole_area else "FAIL"
        state = "PASS" if total == cell.value and not unknown else broken
        message = f"{_place(cell)}：本级 {_number(cell.value)}，所属 {len(amounts)} 家合计 {_number(total)}"
        if unknown:
            message += f"；缺 {len(unknown)} 家：{'、'.join(sorted(unknown)[:5])}{'等' if len(unknown) > 5 else ''}"
        elif not whole_area and state != "PASS":
            message += "；本级报告是否为全口径不明"
        checks.append(Check("H", _place(cell), state, _number(total), _number(cell.value), (cell_name(cell),),
                            "unknown", message))
    return tuple(checks)

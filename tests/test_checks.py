"""Identities within a report, between years, between levels; periods and years in the words; silence on results."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gknlp.resources import load_toml
from gknlp.tables import check_hierarchy, check_tables, check_text, check_years, find_silence, wrong_sums
from gknlp.tables.checks import IDENTITIES, cell_name
from gknlp.tables.forms import load_forms
from gknlp.types import Cell, Check, Unit

APPLICANTS = [label.label for label in load_forms().applicants]
OUTCOMES = [label.label for label in load_forms().outcomes]
FLOW = ("received", "carried_in", "answered", "carried_out")
Values = Mapping[str, list[float | None]]


def cell3(row: str, column: str, value: float | None, form: str = "2021", state: str = "") -> Cell:
    return Cell(3, form, "", row, column, value, "", state or ("blank" if value is None else "printed"))


def table3(rows: Values, form: str = "2021") -> list[Cell]:
    return [
        cell3(row.label, column, value, form)
        for row in load_forms().rows_of(form)
        for column, value in zip(APPLICANTS, rows.get(row.id, [0] * 7), strict=True)
    ]


def table4(rows: Values) -> list[Cell]:
    return [
        Cell(4, "2021", "", row.label, column, value, "", "blank" if value is None else "printed")
        for row in load_forms().proceedings
        for column, value in zip(OUTCOMES, rows.get(row.id, [0] * 5), strict=True)
    ]


def documents(made: float, repealed: float, in_force: float, form: str = "2021") -> list[Cell]:
    columns = ("本年制发件数", "本年废止件数", "现行有效件数") if form == "2021" else (
        "本年新制作数量", "本年新公开数量", "对外公开总数量")
    return [
        Cell(2, form, "第二十条第（一）项", "行政规范性文件", column, value, str(value), "printed")
        for column, value in zip(columns, (made, repealed, in_force), strict=True)
    ]


def not_passed(checks: tuple[Check, ...], state: str = "FAIL") -> list[tuple[str, str]]:
    return [(check.rule, check.scope) for check in checks if check.state == state]


GOOD = {"received": [5, 0, 0, 0, 0, 0, 5], "granted": [4, 0, 0, 0, 0, 0, 4], "answered": [4, 0, 0, 0, 0, 0, 4],
        "carried_out": [1, 0, 0, 0, 0, 0, 1]}


# ---- the identities of the forms -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("form", "rows"), [("2021", 25), ("2019", 23)])
def test_checks_number_of_identities(form: str, rows: int) -> None:
    checks = check_tables([*table3({}, form), *table4({})])
    counts = {rule: sum(check.rule == rule for check in checks) for rule in ("T3-a", "T3-b", "T3-c", "T4")}
    assert counts == {"T3-a": 7, "T3-b": 7, "T3-c": rows, "T4": 3}
    assert {check.state for check in checks} == {"PASS"}


@pytest.mark.parametrize("rule", [r for r in load_toml(IDENTITIES)["identity"] if r["per"] != "cell"],
                         ids=lambda r: r["id"])
@pytest.mark.parametrize(("key", "state"), [("example", "PASS"), ("counter_example", "FAIL")])
def test_checks_identity_examples(rule: dict[str, list[list[float]]], key: str, state: str) -> None:
    left, right = rule[key]
    rows = {row.id: row.label for row in load_forms().rows_of("2021")}
    if rule["per"] == "column":
        names = {"T3-a": FLOW, "T3-b": ("granted", "partial", "secret", "answered")}[str(rule["id"])]
        others = {row: 0 for row in rows if row not in FLOW}
        values = {**others, **dict(zip(names, [*left, *right], strict=True))}
        cells = [cell3(rows[row], "自然人", float(value)) for row, value in values.items()]
    elif rule["table"] == 3:
        cells = [cell3(rows["granted"], c, v) for c, v in zip(APPLICANTS, [*left, *right], strict=True)]
    else:
        cells = [Cell(4, "2021", "", "行政复议", c, v, "", "printed")
                 for c, v in zip(OUTCOMES, [*left, *right], strict=True)]
    assert [check.state for check in check_tables(cells) if check.rule == rule["id"]] == [state]


def test_checks_failing_sum_names_cells_numbers_and_fault() -> None:
    cells = table3({**GOOD, "received": [5, 0, 0, 0, 0, 0, 6]})
    found = [check for check in check_tables(cells) if check.state == "FAIL"]
    assert [(c.rule, c.expected, c.found, c.fault) for c in found] == [
        ("T3-a", "5", "6", "source"), ("T3-c", "6", "5", "source")]
    assert found[1].message == (
        "收到和处理申请情况表“一、本年新收政府信息公开申请数量”行：六类申请人之和为 5，总计为 6，相差 1")
    assert found[1].cells == tuple(f"3//一、本年新收政府信息公开申请数量/{column}" for column in APPLICANTS)


def test_wrong_sums_have_all_figures_and_the_print_of_the_largest() -> None:
    cells = [
        replace(cell, start=3 * number, end=3 * number + 2, raw=f"{cell.value:g}")
        for number, cell in enumerate(table3({**GOOD, "received": [5, 0, 0, 0, 0, 0, 6]}))
    ]
    checks = check_tables(cells)
    column, row = wrong_sums(cells, checks)
    assert [(wrong.rule, wrong.scope) for wrong in (column, row)] == not_passed(checks)
    assert [sum(figure or 0 for figure in wrong.figures) for wrong in (column, row)] == [6 + 4 + 1, 5 + 6]
    six = next(cell for cell in cells if cell.value == 6)
    assert {(wrong.start, wrong.end) for wrong in (column, row)} == {(six.start, six.end)}
    assert [wrong.message for wrong in (column, row)] == [check.message for check in checks if check.state == "FAIL"]
    # Not where the reader may be at fault, nor where nothing is in print.
    assert wrong_sums(cells, [replace(check, fault="reader") for check in checks]) == ()
    assert wrong_sums([replace(cell, start=None) for cell in cells], checks) == ()
    assert wrong_sums(cells, ()) == ()


@pytest.mark.parametrize(("row", "state", "fault"), [
    ([5, None, None, None, None, None, 5], "PASS", "unknown"),
    ([4, None, None, None, None, None, 5], "UNCERTAIN", "source"),
    ([6, None, None, None, None, None, 5], "FAIL", "source"),
    ([5, 0, 0, 0, 0, 0, None], "NOT_ASSESSABLE", "source"),
    ([None, None, None, None, None, None, 5], "NOT_ASSESSABLE", "source"),
    ([5, 0, 0, 0, 0, 0, 6], "FAIL", "source"),
])
def test_checks_blanks_are_no_noughts(row: list[float | None], state: str, fault: str) -> None:
    cells = [cell3("（一）予以公开", c, v) for c, v in zip(APPLICANTS, row, strict=True)]
    [check] = [check for check in check_tables(cells) if check.rule == "T3-c"]
    assert (check.state, check.fault) == (state, fault)


def test_checks_an_open_cell_proves_nothing() -> None:
    row = [cell3("（一）予以公开", c, v) for c, v in zip(APPLICANTS, [5, 0, 0, 0, 0, 0, 5], strict=True)]
    row[1] = replace(row[1], value=None, state="uncertain", alternatives=(0.0, 1.0))
    [check] = check_tables(row)
    assert (check.state, check.fault) == ("UNCERTAIN", "reader")
    row[1] = replace(row[1], value=1.0, state="solved", alternatives=())
    [check] = check_tables(row)
    assert (check.state, check.fault) == ("FAIL", "unknown")


def test_checks_a_table_not_found_is_one_line_a_rule() -> None:
    cells = [replace(cell, value=None, state="absent") for cell in [*table3({}), *table4({})]]
    assert [(c.rule, c.state) for c in check_tables(cells)] == [
        (rule, "NOT_ASSESSABLE") for rule in ("T3-a", "T3-b", "T3-c", "T4")]


def test_checks_negative_and_broken_counts() -> None:
    cells = [
        Cell(2, "2019", "第二十条第（五）项", "行政许可", "本年增/减", -3.0, "减3", "printed"),
        Cell(2, "2019", "第二十条第（五）项", "行政许可", "处理决定数量", -3.0, "-3", "printed"),
        Cell(2, "2021", "第二十条第（八）项", "行政事业性收费", "本年收费金额（单位：万元）", 3.5, "3.5", "printed"),
        Cell(2, "2021", "第二十条第（六）项", "行政处罚", "本年处理决定数量", 3.5, "3.5", "printed"),
    ]
    assert [(c.rule, c.cells) for c in check_tables(cells)] == [
        ("V-negative", ("2/第二十条第（五）项/行政许可/处理决定数量",)),
        ("V-whole", ("2/第二十条第（六）项/行政处罚/本年处理决定数量",)),
    ]


def test_checks_a_table_read_out_of_step_is_the_readers_fault() -> None:
    wild = {row.id: [1, 0, 0, 0, 0, 0, 7] for row in load_forms().rows_of("2021")}
    checks = check_tables(table3(wild))
    assert {check.fault for check in checks if check.state == "FAIL"} == {"reader"}


@st.composite
def filled(draw: st.DrawFn) -> tuple[str, list[Cell]]:
    """A table 3 that satisfies every identity."""
    form = draw(st.sampled_from(["2019", "2021"]))
    ids = [row.id for row in load_forms().rows_of(form)]
    values: dict[str, list[float]] = {}
    for row in ids:
        values[row] = [draw(st.sampled_from([0, 0, 0, 1, 2, 15])) for _ in range(6)]
    values["answered"] = [sum(values[r][i] for r in ids if r not in FLOW) for i in range(6)]
    for i in range(6):
        values["carried_in"][i] = min(values["carried_in"][i], values["answered"][i])
        values["received"][i] = values["answered"][i] + values["carried_out"][i] - values["carried_in"][i]
    return form, table3({row: [*cells, sum(cells)] for row, cells in values.items()}, form)


@settings(max_examples=40, deadline=None)
@given(filled(), st.data())
def test_checks_a_mutated_cell_fails_exactly_its_identities(table: tuple[str, list[Cell]], data: st.DataObject) -> None:
    _, cells = table
    assert not not_passed(check_tables(cells))
    at = data.draw(st.integers(0, len(cells) - 1))
    wrong = replace(cells[at], value=(cells[at].value or 0) + data.draw(st.sampled_from([1, 7, 90])))
    checks = check_tables([*cells[:at], wrong, *cells[at + 1 :]])
    failed = {(c.rule, c.scope) for c in checks if c.state == "FAIL"}
    assert failed == {(c.rule, c.scope) for c in checks if cell_name(wrong) in c.cells}
    assert failed


# ---- between years ---------------------------------------------------------------------------------------------------


def test_checks_years_carried_over() -> None:
    last = table3(GOOD, "2019")
    now = table3({**GOOD, "carried_in": [1, 0, 0, 0, 0, 0, 1]})
    checks = check_years({2020: last, 2021: now})
    assert checks[2020] == ()
    assert {(c.rule, c.state) for c in checks[2021]} == {("X-1", "PASS")}
    bad = check_years({2020: last, 2021: table3({**GOOD, "carried_in": [0, 0, 0, 0, 0, 0, None]})})[2021]
    assert [(c.rule, c.scope, c.state) for c in bad if c.state != "PASS"] == [
        ("X-1", "“自然人”", "FAIL"), ("X-1", "“总计”", "UNCERTAIN")]
    assert bad[0].message == "“自然人”：2020 年报告结转下年度 1，2021 年报告上年结转 0"
    assert {c.fault for c in bad} == {"unknown"}
    # A gap in the years leaves nothing to compare.
    assert check_years({2019: last, 2021: now}) == {2019: (), 2021: ()}


def test_checks_years_documents_in_force_only_in_form_2021() -> None:
    checks = check_years({2022: documents(1, 0, 20), 2023: documents(3, 1, 22), 2024: documents(3, 1, 21)})
    assert [(c.rule, c.state) for c in checks[2023] if c.rule == "X-2"] == [("X-2", "PASS")]
    [wrong] = [c for c in checks[2024] if c.rule == "X-2"]
    assert (wrong.state, wrong.expected, wrong.found) == ("FAIL", "24", "21")
    mixed = check_years({2020: documents(1, 0, 20, "2019"), 2021: documents(3, 1, 22)})
    assert not [c for c in mixed[2021] if c.rule == "X-2"]


def test_checks_years_frozen_tables_and_single_numbers() -> None:
    busy = {**GOOD, "partial": [2, 0, 0, 0, 0, 0, 2], "answered": [6, 0, 0, 0, 0, 0, 6],
            "received": [7, 0, 0, 0, 0, 0, 7]}
    frozen = check_years({2022: table3(busy), 2023: table3(busy)})[2023]
    assert [(c.state, c.scope) for c in frozen if c.rule == "X-frozen"] == [("FAIL", "收到和处理申请情况表")]
    # A quiet office repeats its noughts honestly.
    assert not [c for c in check_years({2022: table3({}), 2023: table3({})})[2023] if c.rule == "X-frozen"]
    permits = [Cell(2, "2021", "第二十条第（五）项", "行政许可", "本年处理决定数量", 2846.0, "2846", "printed")]
    equal = check_years({2022: [*permits, *documents(1, 0, 2)], 2023: [*permits, *documents(2, 0, 4)]})[2023]
    assert [(c.rule, c.state) for c in equal if c.rule == "X-frozen"] == [("X-frozen", "UNCERTAIN")]


def test_checks_years_jumps() -> None:
    def requests(number: float) -> list[Cell]:
        return table3({"received": [number, 0, 0, 0, 0, 0, number], "granted": [number, 0, 0, 0, 0, 0, number],
                       "answered": [number, 0, 0, 0, 0, 0, number]})

    jump = check_years({2022: requests(30), 2023: requests(300)})[2023]
    assert [c.state for c in jump if c.rule == "X-jump"] == ["UNCERTAIN", "UNCERTAIN"]
    assert not [c for c in check_years({2022: requests(30), 2023: requests(60)})[2023] if c.rule == "X-jump"]
    assert not [c for c in check_years({2022: requests(2), 2023: requests(15)})[2023] if c.rule == "X-jump"]


# ---- levels ----------------------------------------------------------------------------------------------------------


def test_checks_hierarchy() -> None:
    one, two = table3(GOOD), table3({**GOOD, "received": [2, 0, 0, 0, 0, 0, 2]})
    whole = table3({row: [a * 2 for a in values] for row, values in GOOD.items()})
    assert {c.state for c in check_hierarchy(whole, {"甲局": one, "乙局": one}, whole_area=True)} == {"PASS"}
    wrong = check_hierarchy(whole, {"甲局": one, "乙局": two}, whole_area=True)
    assert [(c.scope, c.expected, c.found) for c in wrong if c.state == "FAIL"] == [
        ("“一、本年新收政府信息公开申请数量”的“总计”", "7", "10")]
    unsure = check_hierarchy(whole, {"甲局": one, "乙局": two}, whole_area=False)
    assert {c.state for c in unsure} == {"PASS", "UNCERTAIN"}
    missing = check_hierarchy(whole, {"甲局": one, "乙局": None}, whole_area=True)
    assert {c.state for c in missing} == {"UNCERTAIN"}
    assert missing[0].message.endswith("；缺 1 家：乙局")
    assert check_hierarchy(whole, {}, whole_area=True) == ()


# ---- words -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "year", "expected"), [
    ("统计期限自2010年1月1日起至2009年12月31日止。", None, [("Y-period", "FAIL")]),
    ("统计期限自2010年1月1日起至2010年12月31日止。", 2010, []),
    ("统计期限为2010年1月1日至12月31日。", 2010, []),
    ("统计期限为２０１０年１月１日—１２月３２日。", None, [("Y-period", "FAIL")]),
    ("本报告中所列数据的统计期限自2018年1月1日起至2018年12月31日止。", 2019, [("Y-year", "FAIL")]),
    ("培训自2018年1月1日起至2018年12月31日止。", 2019, []),
    ("统计期限自2008年5月1日至2008年12月31日。", 2008, []),
    ("现公布2018年政府信息公开工作年度报告。", 2019, [("Y-year", "FAIL")]),
    ("现公布2019年政府信息公开工作年度报告。", 2019, []),
    ("现公布2018年政府信息公开工作年度报告。", None, []),
    ("一、总体情况\n我局按时发布2018年政府信息公开工作年度报告。", 2019, []),
    ("2019年，我局将进一步加强学习。", 2019, [("Y-plan", "UNCERTAIN")]),
    ("2020年，我局将进一步加强学习。", 2019, []),
    ("", 2019, []),
])
def test_checks_text(text: str, year: int | None, expected: list[tuple[str, str]]) -> None:
    checks = check_text(text, year)
    assert [(c.rule, c.state) for c in checks] == expected
    for check in checks:
        found = re.fullmatch(r"\[(\d+),(\d+)\)", check.scope)
        assert found is not None
        assert check.found == " ".join(text[int(found[1]) : int(found[2])].split())


@given(st.text(alphabet="自至起止年月日0123456789统计期限将我局—- ", max_size=50), st.integers(2008, 2025))
def test_checks_any_text_is_judged(text: str, year: int) -> None:
    assert all(check.state in ("FAIL", "UNCERTAIN") for check in check_text(text, year))


def problems(text: str) -> list[Unit]:
    return [Unit(0, 0, len(text), text, "problems", 5)]


@pytest.mark.parametrize("rule", load_toml(IDENTITIES)["silence"], ids=lambda r: r["id"])
def test_checks_silence_examples(rule: dict[str, str]) -> None:
    cells = [
        *table3({"received": [40, 0, 0, 0, 0, 0, 40], "not_held": [25, 0, 0, 0, 0, 0, 25],
                 "answered": [25, 0, 0, 0, 0, 0, 25], "carried_out": [15, 0, 0, 0, 0, 0, 15]}),
        *table4({"reconsideration": [1, 2, 0, 0, 3]}),
    ]
    for text, state in ((rule["example"], "PASS"), (rule["counter_example"], "FAIL")):
        [check] = [c for c in find_silence(problems(text), ["problem"], cells) if c.rule == rule["id"]]
        assert check.state == state
    assert {c.state for c in find_silence(problems("工作总结。"), ["work"], cells)} == {"NOT_ASSESSABLE"}


def test_checks_silence_needs_something_to_be_silent_about() -> None:
    cells = [*table3(GOOD), *table4({"reconsideration": [3, 0, 0, 0, 3]})]
    assert find_silence(problems("栏目更新不及时。"), ["problem"], cells) == ()
    assert find_silence([], [], []) == ()
    with pytest.raises(ValueError, match="1 units and 0 roles"):
        find_silence(problems("栏目更新不及时。"), [], cells)


def between(rule: dict[str, list[float]], key: str) -> set[str]:
    """The states that a rule between years or levels gives on its example."""
    last, now = rule[key]
    name = str(rule["id"])
    if name == "X-1":
        cells = ({"carried_out": [last, 0, 0, 0, 0, 0, last]}, {"carried_in": [now, 0, 0, 0, 0, 0, now]})
        years = {2021: table3(cells[0]), 2022: table3(cells[1])}
    elif name == "X-2":
        in_force, made, repealed = last  # type: ignore[misc]
        years = {2021: documents(0, 0, in_force), 2022: documents(made, repealed, now)}
    elif name == "X-frozen":
        years = {2021: documents(*last), 2022: documents(*now)}  # type: ignore[misc]
    else:
        years = {y: table3({"received": [n, 0, 0, 0, 0, 0, n]}) for y, n in ((2021, last), (2022, now))}
    return {check.state for check in check_years(years)[2022] if check.rule == name}


@pytest.mark.parametrize("rule", load_toml(IDENTITIES)["between"], ids=lambda r: r["id"])
def test_checks_between_examples(rule: dict[str, list[float]]) -> None:
    if rule["id"] == "H":
        for key, state in (("example", "PASS"), ("counter_example", "FAIL")):
            units, whole = rule[key]
            children = {str(n): table3({"received": [n, 0, 0, 0, 0, 0, n]}) for n in units}  # type: ignore[attr-defined]
            found = check_hierarchy(table3({"received": [whole, 0, 0, 0, 0, 0, whole]}), children, whole_area=True)
            assert [c.state for c in found if "本年新收" in c.scope] == [state]
        return
    assert between(rule, "example") <= {"PASS"}
    assert between(rule, "counter_example") & {"FAIL", "UNCERTAIN"}

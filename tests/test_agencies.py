"""One agency under two names: settled once for a run, told where it was settled, and never guessed."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

import gknlp
from gknlp.agencies import count_company, find_likely_predecessors, latest_ids, settle_agencies
from gknlp.analysis import Analyzed, reuse_text, set_aside
from gknlp.measures import Company, MeasuredReport, Prose, measure_run, read_note
from gknlp.pipeline import compare_tables, year_reports
from gknlp.reuse.kinds import group_agencies
from gknlp.types import Cell, Identity, Measure, Report, ReuseText

SUPERIOR = "柳泽县人民政府"


def analyzed(name: str, agency: str | None, year: int | None = 2022, **more: str) -> Analyzed:
    identity = Identity(agency=agency, agency_id=agency, year=year, **more)  # type: ignore[arg-type]
    report = Report(name, f"{name}.txt", "", "", identity=identity)
    return Analyzed(report, set_aside(report, "2021", "test"))


def ids(items: list[Analyzed]) -> list[tuple[str | None, str | None]]:
    return [(item.report.identity.agency_id, item.report.identity.agency_id_alone) for item in items]


def told(items: list[Analyzed]) -> list[str]:
    assert {check.rule for item in items for check in item.checks} <= {"I-agency"}
    assert {check.state for item in items for check in item.checks} <= {"UNCERTAIN"}
    return [item.checks[0].message if item.checks else "" for item in items]


def test_a_report_without_its_county_goes_to_the_one_agency_of_that_name_and_says_so() -> None:
    items = settle_agencies([
        analyzed("a", "石匣镇人民政府", 2021), analyzed("b", "柳泽县石匣镇人民政府"), analyzed("c", "青柘乡人民政府"),
        analyzed("d", None),
    ])
    assert ids(items) == [
        ("柳泽县石匣镇人民政府", "石匣镇人民政府"), ("柳泽县石匣镇人民政府", None), ("青柘乡人民政府", None),
        (None, None),
    ]
    assert [bool(message) for message in told(items)] == [True, False, False, False]
    assert "自称“石匣镇人民政府”" in told(items)[0]
    assert [found.value for found in items[0].report.identity.evidence["agency_id"]] == [
        "柳泽县石匣镇人民政府", "石匣镇人民政府",
    ]
    assert ids(settle_agencies(items)) == ids(items)


def test_of_two_agencies_of_a_name_none_is_taken_and_that_is_told() -> None:
    items = settle_agencies([
        analyzed("a", "石匣镇人民政府", 2021), analyzed("b", "柳泽县石匣镇人民政府"),
        analyzed("c", "松漪县石匣镇人民政府"),
    ])
    assert ids(items) == [("石匣镇人民政府", None), ("柳泽县石匣镇人民政府", None), ("松漪县石匣镇人民政府", None)]
    assert told(items)[0] == (
        "本报告自称“石匣镇人民政府”，本批另有“松漪县石匣镇人民政府”、“柳泽县石匣镇人民政府”，不能确定是否同一机关，没有归并。"
    )
    assert told(items)[1:] == ["", ""]


@pytest.mark.parametrize(
    ("facts", "merged"),
    [
        ({"superior": SUPERIOR}, True), ({"superior": "柳泽县"}, True), ({"superior": "松漪县人民政府"}, False),
        ({"region": "柳泽县石匣镇"}, True), ({"region": "石匣镇"}, True), ({"region": "松漪县石匣镇"}, False),
    ],
)
def test_superior_and_region_that_contradict_keep_two_agencies_apart(facts: dict[str, str], merged: bool) -> None:
    full = analyzed("b", "柳泽县石匣镇人民政府", superior=SUPERIOR, region="望川市柳泽县石匣镇")
    items = settle_agencies([analyzed("a", "石匣镇人民政府", 2021, **facts), full])
    assert (ids(items)[0] == ("柳泽县石匣镇人民政府", "石匣镇人民政府")) is merged
    assert told(items)[0]
    assert ("没有归并" in told(items)[0]) is not merged


def test_reuse_goes_by_the_same_agencies() -> None:
    items = settle_agencies([
        analyzed("a", "石匣镇人民政府", 2021), analyzed("b", "柳泽县石匣镇人民政府"),
        analyzed("c", "石匣镇人民政府", 2020, superior="松漪县人民政府"), analyzed("d", "柳泽县财政局"),
        analyzed("e", "财政局", 2021, region="柳泽县"),
    ])
    groups = group_agencies([reuse_text(item) for item in items])
    names = [item.report.identity.agency_id for item in items]
    for a, b in ((0, 1), (0, 2), (1, 2), (3, 4), (0, 3)):
        assert (groups[a] == groups[b]) is (names[a] == names[b]), (a, b)


def test_a_new_name_that_no_reform_explains_is_told_and_not_guessed() -> None:
    def both(*more: Analyzed) -> list[Analyzed]:
        place = {"region": "柳泽县", "function": "water"}
        return settle_agencies([
            analyzed("a", "柳泽县移民局", 2018, **place), analyzed("b", "柳泽县水务局", 2019, **place),
            analyzed("c", "柳泽县水务局", 2020, **place), *more,
        ])

    assert ids(both())[1] == ("柳泽县水务局", None)
    assert [item.predecessors for item in both()] == [()] * 3
    assert [bool(message) for message in told(both())] == [False, True, False]
    assert "“柳泽县移民局”" in told(both())[1]
    third = analyzed("d", "柳泽县防汛办公室", 2018, region="柳泽县", function="water")
    assert told(both(third)) == [""] * 4
    still = analyzed("d", "柳泽县移民局", 2019, region="柳泽县", function="water")
    assert told(both(still)) == [""] * 4
    assert find_likely_predecessors([]) == {}


def test_what_became_the_agency_by_a_reform_is_its_past_under_its_own_id() -> None:
    items = settle_agencies([
        analyzed("a", "柳泽县环境保护局", 2018), analyzed("b", "柳泽县生态环境局", 2019),
        analyzed("c", "柳泽县生态环境局", 2020),
    ])
    assert [name for name, _ in ids(items)] == ["柳泽县环境保护局", "柳泽县生态环境局", "柳泽县生态环境局"]
    assert [item.predecessors for item in items] == [(), ("柳泽县环境保护局",), ("柳泽县环境保护局",)]
    assert [bool(message) for message in told(items)] == [False, True, False]
    assert "前身" in told(items)[1]


def test_what_a_report_stood_beside_is_counted_by_agency_and_year_with_predecessors() -> None:
    items = settle_agencies([
        analyzed("a", "柳泽县环境保护局", 2018), analyzed("b", "柳泽县生态环境局", 2019),
        analyzed("c", "柳泽县生态环境局", 2020), analyzed("d", "松漪县财政局", 2019), analyzed("e", None),
        analyzed("f", "松漪县财政局", None),
    ])
    assert count_company(items) == {
        "a": Company(0, 0, 5), "b": Company(2, 1, 3), "c": Company(2, 2, 3), "d": Company(1, 0, 4),
        "e": Company(None, None, 5), "f": Company(1, 1, 4),
    }
    assert count_company([]) == {}


def test_promises_are_followed_over_a_reform_where_one_agency_became_one_other() -> None:
    items = settle_agencies([
        analyzed("a", "柳泽县环境保护局", 2018), analyzed("b", "柳泽县生态环境局", 2019),
        analyzed("c", "松漪县工商行政管理局", 2018), analyzed("d", "松漪县质量技术监督局", 2018),
        analyzed("e", "松漪县市场监督管理局", 2019), analyzed("f", "柳泽县财政局", 2018),
    ])
    assert latest_ids(items) == {"柳泽县环境保护局": "柳泽县生态环境局"}
    assert {(report.report_id, report.agency_id) for report in year_reports(items)} == {
        ("a", "柳泽县生态环境局"), ("b", "柳泽县生态环境局"), ("c", "松漪县工商行政管理局"),
        ("d", "松漪县质量技术监督局"), ("e", "松漪县市场监督管理局"), ("f", "柳泽县财政局"),
    }
    twice = settle_agencies([
        analyzed("a", "柳泽县卫生局", 2012), analyzed("b", "柳泽县卫生和计划生育局", 2015),
        analyzed("c", "柳泽县卫生健康局", 2019),
    ])
    assert [item.predecessors for item in twice][1:] == [("柳泽县卫生局",), ("柳泽县卫生和计划生育局", "柳泽县卫生局")]
    assert latest_ids(twice) == latest_ids([]) == {}


def test_measures_go_back_over_a_reform_where_reuse_does_and_say_so() -> None:
    text = "".join(f"第{k}号公开栏设在{k}号楼一层大厅，由专人每月更换内容并登记台账备查。" for k in range(20))
    prose = (Prose("overview", text, text),)

    def rows(*earlier: tuple[str, int]) -> dict[str, Measure]:
        reports = [
            MeasuredReport(f"{name}{year}", prose, name, year, "2019") for name, year in earlier
        ]
        now = MeasuredReport("now", prose, "生态环境局", 2019, "2019", predecessors=("环境保护局", "环保监察局"))
        made = measure_run([*reports, now])
        return {row.measure: row for row in made if row.report_id == "now" and row.section is None}

    row = rows(("环境保护局", 2018))["dls2017_stickiness"]
    assert row.value == 1.0
    assert read_note(row.note)["agency_before"] == "环境保护局"
    assert read_note(row.reference)["report"] == "环境保护局2018"
    own = rows(("环境保护局", 2018), ("生态环境局", 2018))["dls2017_stickiness"]
    assert "agency_before" not in read_note(own.note)
    several = rows(("环境保护局", 2018), ("环保监察局", 2018))["dls2017_stickiness"]
    assert (several.value, read_note(several.note)["reason"]) == (None, "several agencies the year before")
    assert read_note(rows(("环境保护局", 2017))["cmn2020_cosine"].note)["reason"] == "no report of the year before"


def test_what_could_accuse_goes_by_what_each_report_says_of_itself() -> None:
    def carried(row: str, value: float) -> Cell:
        return Cell(3, "2021", "", row, "自然人", value, str(value), "printed")

    then = replace(analyzed("a", "柳泽县石匣镇人民政府", 2021), cells=(carried("四、结转下年度继续办理", 3),))
    for name, expected in (("柳泽县石匣镇人民政府", True), ("石匣镇人民政府", False)):
        now = replace(analyzed("b", name), cells=(carried("二、上年结转政府信息公开申请数量", 5),))
        items = compare_tables(settle_agencies([then, now]), None, lang="zh")
        assert any(check.rule.startswith("X-") for item in items for check in item.checks) is expected


REPORT = """{name}{year}年政府信息公开工作年度报告

一、总体情况
{text}

五、存在的主要问题及改进情况
公开栏更换不及时。下一步每月更换一次公开栏。
"""


def test_a_run_keeps_the_past_of_a_town_that_left_out_its_county(tmp_path: Path) -> None:
    kept = "".join(
        f"我镇在{place}设立政务公开栏，每月由党政办登记更换内容，村民可以查阅低保名单和惠农补贴发放明细。"
        for place in ("镇政府大院", "东街村委会", "西岭村口", "卫生院门前", "中心小学", "农贸市场", "客运站", "敬老院")
    )
    for name, year in (("柳泽县石匣镇人民政府", 2022), ("石匣镇人民政府", 2021)):
        text = REPORT.format(name=name, year=year, text=kept)
        (tmp_path / f"{name}{year}.txt").write_text(text, encoding="utf-8")
    run = gknlp.analyze([tmp_path], tmp_path / "out", jobs=1)
    reports = run.reports.set_index("year")
    assert reports.agency_id.nunique() == 1
    assert reports.agency_id_alone[2021] == "石匣镇人民政府"
    assert run.checks[run.checks.rule == "I-agency"].report_id.tolist() == [reports.report_id[2021]]
    assert json.loads(reports.evidence[2021])["agency_id"][1]["value"] == "石匣镇人民政府"
    rows = run.measures[run.measures.section.isna() & (run.measures.report_id == reports.report_id[2022])]
    rows = rows.set_index("measure")
    assert rows.value["dls2017_stickiness"] > 0.9
    assert read_note(rows.note["dls2017_stickiness"])["agency_before"] == "石匣镇人民政府"
    assert read_note(rows.reference["dls2017_stickiness"])["report"] == reports.report_id[2021]
    assert rows.value["rate_without_own_past"] == 0
    assert set(run.passages.kind) == {"self"}
    assert set(run.follow.agency) == {reports.agency_id[2022]}


def test_group_agencies_leaves_unknown_agencies_apart() -> None:
    texts = [ReuseText(name, "", ()) for name in "ab"]
    assert len(set(group_agencies(texts))) == 2
    assert settle_agencies([]) == []

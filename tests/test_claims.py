"""Numbers in the narrative against the tables: rules by their examples, verdicts by tiny reports, precision first."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gknlp.resources import load_toml
from gknlp.tables import find_claims
from gknlp.tables.figures import Target, index_cells, nearest_formula
from gknlp.tables.forms import load_forms
from gknlp.tables.phrases import CLAIMS, compact, find_measures, load_noughts, matching_rules
from gknlp.types import Cell, Claim, Unit

APPLICANTS = [label.label for label in load_forms().applicants]
OUTCOMES = [label.label for label in load_forms().outcomes]


def table3(rows: Mapping[str, list[int | None]], form: str = "2021") -> list[Cell]:
    """Table 3 with the given rows (seven values, None is blank), 0 in all others."""
    cells = []
    for row in load_forms().rows_of(form):
        for column, value in zip(APPLICANTS, rows.get(row.id, [0] * 7), strict=True):
            state = "blank" if value is None else "printed"
            cells.append(Cell(3, form, "", row.label, column, value, str(value or ""), state))
    return cells


def table4(rows: Mapping[str, list[int | None]], form: str = "2021") -> list[Cell]:
    cells = []
    for row in load_forms().proceedings:
        for column, value in zip(OUTCOMES, rows.get(row.id, [0] * 5), strict=True):
            state = "blank" if value is None else "printed"
            cells.append(Cell(4, form, "", row.label, column, value, str(value or ""), state))
    return cells


# 30 received (25 persons), 2 carried in, 31 answered (12 granted, 4 partial, 9 not held, 6 to be made), 1 carried out.
REQUESTS = table3({
    "received": [25, 3, 0, 0, 2, 0, 30], "carried_in": [2, 0, 0, 0, 0, 0, 2],
    "granted": [10, 1, 0, 0, 1, 0, 12], "partial": [4, 0, 0, 0, 0, 0, 4],
    "not_held": [7, 2, 0, 0, 0, 0, 9], "to_be_made": [5, 0, 0, 0, 1, 0, 6],
    "answered": [26, 3, 0, 0, 2, 0, 31], "carried_out": [1, 0, 0, 0, 0, 0, 1],
})
CASES = table4({"reconsideration": [3, 1, 0, 1, 5], "direct": [2, 0, 0, 0, 2], "after": [1, 0, 0, 1, 2]})


def claims_of(text: str, cells: list[Cell] | None = None, section: str = "requests", **more: object) -> list[Claim]:
    unit = Unit(0, 100, 100 + len(text), text, section, 1)
    found = find_claims([unit], REQUESTS + CASES if cells is None else cells, **more)  # type: ignore[arg-type]
    for claim in found:
        assert claim.text == text[claim.start - 100 : claim.end - 100]
    return list(found)


def verdicts(text: str, **more: object) -> list[tuple[float, str]]:
    return [(claim.number, claim.verdict) for claim in claims_of(text, **more)]  # type: ignore[arg-type]


def taken_by(text: str) -> list[str]:
    """The first rule that takes each measure of a text."""
    view = compact(text).text
    found = [next(iter(matching_rules(view, measure)), None) for measure in find_measures(view)]
    return [rule[0].id for rule in found if rule is not None]


@pytest.mark.parametrize("entry", load_toml(CLAIMS)["rule"], ids=lambda e: e["id"])
def test_claims_rule_takes_its_example_only(entry: dict[str, str]) -> None:
    assert entry["id"] in taken_by(entry["example"])
    assert entry["id"] not in taken_by(entry["counter_example"])


@pytest.mark.parametrize("number", range(len(load_toml(CLAIMS)["nought"])))
def test_claims_nought_takes_its_example_only(number: int) -> None:
    pattern, entry = load_noughts()[number]
    assert pattern.search(compact(entry["example"]).text)
    assert not pattern.search(compact(entry["counter_example"]).text)


def test_claims_measures_with_units_scales_and_ideographs() -> None:
    view = compact("收到1,234件，公开1.2万条，收费3.5万元，占 33.9 %，近300余件，十二件，第3批，2020年5月").text
    assert [(m.number, m.unit, m.about) for m in find_measures(view)] == [
        (1234.0, "件", False), (12000.0, "条", True), (35000.0, "元", True), (33.9, "%", False),
        (300.0, "件", True), (12.0, "件", False),
    ]


@pytest.mark.parametrize(("text", "expected"), [
    ("共收到政府信息公开申请30件，办结31件，结转下年度继续办理1件。", [(30, "agrees"), (31, "agrees"), (1, "agrees")]),
    ("收到申请30件，其中自然人25件，法人或其他组织5件。", [(30, "agrees"), (25, "agrees"), (5, "agrees")]),
    ("办结的申请中，12件予以公开，4件部分公开，无法提供15件。", [(12, "agrees"), (4, "agrees"), (15, "agrees")]),
    ("共收到政府信息公开申请 29 件。", [(29, "disagrees")]),
    ("共收到政府信息公开申请二十九件。", [(29, "disagrees")]),
    ("共收到政府信息公开申请30件，其中予以公开13件。", [(30, "agrees"), (13, "disagrees")]),
    ("2023年，未收到政府信息公开申请。", [(0, "disagrees")]),
    ("政府信息公开行政复议5件，其中维持3件、纠正2件。", [(5, "agrees"), (3, "agrees"), (2, "disagrees")]),
    ("政府信息公开行政诉讼4件，结果维持3件。", [(4, "agrees"), (3, "agrees")]),
])
def test_claims_verdicts(text: str, expected: list[tuple[float, str]]) -> None:
    assert verdicts(text) == expected


@pytest.mark.parametrize("text", [
    "全市共收到政府信息公开申请98件。",
    "各镇街收到政府信息公开申请98件。",
    "上半年收到政府信息公开申请18件。",
    "局机关收到政府信息公开申请18件。",
    "经补正后受理政府信息公开申请28件。",
    "当年申请当年办结28件。",
    "通过网络收到政府信息公开申请18件。",
    "去年收到政府信息公开申请18件。",
    "自条例施行以来收到政府信息公开申请98件。",
    "共收到政府信息公开申请32件。",  # 30 new and 2 carried over
    "共收到政府信息公开申请31件。",  # the number answered
    "共收到政府信息公开申请100余件。",
    "共办理政府信息公开申请29件。",
    "其中收到涉及征地的政府信息公开申请8件。",
    "因涉及商业秘密不予公开的2件，其余依申请公开。",
    "截至11月，共收到政府信息公开申请20件。",
    "1-11月共收到政府信息公开申请20件。",
    "2022年收到申请20件，2023年收到申请28件。",
    "通过政府网站收到政府信息公开申请18件。",
    "全年办理行政复议案件120件，行政复议决定书公开率100%。",
    "政府信息公开行政复议结果纠正2件。",
    "全市共收到政府信息公开申请300件。办结申请290件，其中予以公开100件。",
])
def test_claims_other_scope_is_no_contradiction(text: str) -> None:
    assert {verdict for _, verdict in verdicts(text)} <= {"other_scope", "no_counterpart"}


@pytest.mark.parametrize("text", [
    "办理人大代表建议12件，政协提案9件，办结21件，结果均在网站公开。",
    "公开信息126条，其中行政复议17条。",
    "12345热线受理诉求980件，办结975件，公开满意率99%。",
    "新闻发布会12场，发布解读60篇。",
    "收到涉及土地征收的申请5件。",
    "全年审核公文公开属性500件，其中主动公开300件，不予公开80件。",
    "办理人大建议50件，全文公开47件，部分公开3件。",
    "将120件予以公开，信息公开工作取得成效。",
    "全年受理公租房申请120件，审核信息在网站公开。",
])
def test_claims_other_things_have_no_counterpart(text: str) -> None:
    found = verdicts(text)
    assert found
    assert {verdict for _, verdict in found} == {"no_counterpart"}


def test_claims_problems_and_plans_never_disagree() -> None:
    assert verdicts("个别申请答复超期，全年收到申请29件。", section="problems") == [(29.0, "other_scope")]


def test_claims_a_scope_that_agreed_once_is_the_tables_own() -> None:
    text = "全市共受理政府信息公开申请30件，其中予以公开13件。"
    assert verdicts(text) == [(30.0, "agrees"), (13.0, "disagrees")]


def test_claims_a_count_of_another_scope_carries_on_in_its_part() -> None:
    texts = ["全市共收到政府信息公开申请300件。", "办结申请290件，其中予以公开100件。", "予以公开12件。"]
    units = [Unit(i, 50 * i, 50 * i + len(t), t, "requests", 1 if i < 2 else 2) for i, t in enumerate(texts)]
    found = find_claims(units, REQUESTS)
    assert [(c.number, c.verdict) for c in found] == [
        (300, "other_scope"), (290, "other_scope"), (100, "other_scope"), (12, "agrees")]


def test_claims_a_term_stated_apart_excuses_nothing() -> None:
    assert verdicts("共收到申请31件，办结31件。") == [(31.0, "disagrees"), (31.0, "agrees")]


def test_claims_another_year_is_another_scope() -> None:
    text = "2019年收到政府信息公开申请29件。"
    assert verdicts(text, year=2020) == [(29.0, "other_scope")]
    assert verdicts(text, year=2019) == [(29.0, "disagrees")]


def test_claims_part_of_the_whole_by_body() -> None:
    cells = table3({"received": [21, 0, 0, 0, 0, 0, 21]})
    text = "全市系统收到申请58件，其中市局本级21件。"
    assert verdicts(text, cells=cells) == [(58.0, "other_scope"), (21.0, "agrees")]


def test_claims_nearest_formula_names_column_row_and_sum() -> None:
    [claim] = claims_of("予以公开及部分公开10件。")
    assert (claim.verdict, claim.expected) == ("disagrees", 16.0)
    assert claim.nearest == "10 为“（一）予以公开”的“自然人”列；合计为 16"
    [claim] = claims_of("因本机关不掌握等原因无法提供9件。")
    assert claim.nearest == "9 为“（四）无法提供/1.本机关不掌握相关政府信息”的总计；合计为 15"
    assert claim.target is not None
    assert claim.target.startswith("3//（四）无法提供/1.本机关不掌握相关政府信息/总计 + 3//（四）无法提供/2.")
    [claim] = claims_of("本年收到申请25件。")
    assert claim.nearest == "25 为“自然人”列；合计为 30"


def test_claims_a_count_beside_it_completes_the_figure() -> None:
    told = claims_of("答复申请人政府信息公开申请29件（另有2件由申请人撤回）。")
    assert [(c.number, c.verdict) for c in told][:1] == [(29, "other_scope")]
    assert told[0].nearest == "29＋2＝31，另一数在同一句中"
    assert verdicts("收到政府信息公开申请29件，结转下年度1件。")[0] == (29, "disagrees")


def test_claims_refused_applications_are_not_received_ones() -> None:
    assert all(verdict != "disagrees" for _, verdict in verdicts("不予受理政府信息公开申请2件。"))


def test_claims_small_numbers_get_no_formula() -> None:
    figures = index_cells(REQUESTS)
    assert nearest_formula(figures, Target(3, ("granted",), ("total",)), 2, 12) is None


def test_claims_shares() -> None:
    text = "共答复政府信息公开申请31件，其中予以公开12件，占38.7%，部分公开4件，占22.9%。"
    assert verdicts(text) == [(31, "agrees"), (12, "agrees"), (38.7, "agrees"), (4, "agrees"), (22.9, "disagrees")]
    # A share of a count that itself disagrees is not accused a second time.
    assert verdicts("共答复申请31件，予以公开11件，占40.1%。") == [
        (31, "agrees"), (11, "disagrees"), (40.1, "no_counterpart")]


def test_claims_change_needs_the_year_before() -> None:
    text = "共收到政府信息公开申请30件，同比增长50%。"
    assert verdicts(text) == [(30, "agrees"), (50, "no_counterpart")]
    before = table3({"received": [20, 0, 0, 0, 0, 0, 20]}, "2019")
    assert verdicts(text, previous=before) == [(30, "agrees"), (50, "agrees")]
    assert verdicts(text.replace("50%", "12%"), previous=before) == [(30, "agrees"), (12, "disagrees")]
    assert verdicts("共收到政府信息公开申请30件，比上年增加10件。", previous=before) == [(30, "agrees"), (10, "agrees")]


def test_claims_all_upheld() -> None:
    found = claims_of("政府信息公开行政复议5件，诉讼4件，均获维持。")
    [upheld] = [c for c in found if c.text.endswith("维持")]
    assert (upheld.number, upheld.expected, upheld.verdict) == (9.0, 6.0, "disagrees")
    assert upheld.nearest == "结果维持合计为 6；另有结果纠正 1；另有尚未审结 2"
    settled = claims_of("政府信息公开行政复议5件，已审结的均获维持。")
    assert {c.verdict for c in settled} == {"agrees", "other_scope"}


def test_claims_blank_totals_and_blank_zeros() -> None:
    rows = {
        "received": [5, None, None, None, None, None, 5], "granted": [3, None, None, None, None, None, None],
        "partial": [2, None, None, None, None, None, None], "answered": [5, None, None, None, None, None, 5],
    }
    blank = {row.id: [None] * 7 for row in load_forms().rows_of("2021") if row.id not in rows}
    cells = table3({**blank, **rows})
    assert verdicts("收到申请5件，予以公开3件，部分公开1件。", cells=cells) == [
        (5, "agrees"), (3, "agrees"), (1, "disagrees")]
    # Where the results do not come out, a blank is no nought and nothing is accused.
    cells = table3({**blank, **rows, "granted": [None] * 7})
    assert verdicts("予以公开4件。", cells=cells) == [(4, "no_counterpart")]


def test_claims_without_tables_or_numbers() -> None:
    assert verdicts("共收到政府信息公开申请30件。", cells=[]) == [(30, "no_counterpart")]
    assert find_claims([], REQUESTS) == ()
    assert claims_of("不断加强政府信息公开。") == []


def test_claims_span_the_unit_where_furniture_was_cut_out() -> None:
    unit = Unit(0, 10, 40, "共收到政府信息公开申请30件。", "requests", 1)
    [claim] = find_claims([unit], REQUESTS)
    assert (claim.start, claim.end, claim.text) == (10, 40, "收到政府信息公开申请30件")


@given(st.text(alphabet="收到申请予以公开不件条%0123456789，。、共占办结维持行政复议诉讼其中全市 ", max_size=60))
def test_claims_any_text_gives_spans_in_order(text: str) -> None:
    found = claims_of(text)
    assert [(c.start, c.end) for c in found] == sorted((c.start, c.end) for c in found)
    assert all(100 <= c.start < c.end <= 100 + len(text) for c in found)
    assert all(c.expected is not None for c in found if c.verdict in ("agrees", "disagrees"))
    for claim in found:
        if claim.verdict == "agrees" and claim.unit == "件":
            assert claim.number == claim.expected

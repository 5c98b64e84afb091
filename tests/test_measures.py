"""Counts and shares of one report; shared text as four rates, and the longest shared run."""

from __future__ import annotations

import pytest

from gknlp.analysis import prose_of
from gknlp.measures import (
    MIN_CHARS,
    Company,
    level_rows,
    longest_shared_run,
    measure_report,
    rate_rows,
    read_note,
    shared_rates,
)
from gknlp.normalize import fold
from gknlp.reuse import find_reuse
from gknlp.reuse.mask import foreign_names
from gknlp.reuse.view import build_view
from gknlp.types import Composition, Label, Passage, ReuseText, Unit


def unit(order: int, section: str, size: int) -> Unit:
    return Unit(order, order * 1000, order * 1000 + size, "公" * size, section, 1)


def label(role: str, specificity: int | None = None, *, formulaic: bool = False) -> Label:
    return Label(role, 0.9, False, specificity, formulaic, 0.5, "test")


def test_measures_count_and_give_ratios_where_there_is_enough_text() -> None:
    units = [unit(0, "overview", 200), unit(1, "problems", 50), unit(2, "problems", 150)]
    labels = [label("work", formulaic=True), label("problem"), label("plan", 2)]
    rows = {(m.section, m.measure): m for m in measure_report("r", units, labels)}
    assert rows[None, "narrative_chars"].value == 400.0
    assert rows[None, "formulaic_share"].value == 0.5
    assert rows[None, "commitments"].value == 1.0
    assert rows[None, "checkable_share"].value == 1.0
    assert rows["problems", "formulaic_share"].value is None
    assert str(MIN_CHARS) in rows["problems", "formulaic_share"].note
    short = read_note(rows["problems", "checkable_share"].note)
    assert (short["value"], short["unit"], short["reason"], short["count"], short["of"]) == (
        "share", "plan", "short", "1", "1",
    )
    assert (rows["problems", "checkable_share"].value, rows["problems", "checkable_share"].n) == (None, 1)
    assert rows["overview", "checkable_share"].value is None
    assert [m.section for m in measure_report("r", units, labels)][::7] == [None, "overview", "problems"]


def test_measures_of_nothing_are_none() -> None:
    assert measure_report("r", [], []) == ()


def test_longest_shared_run_is_told_by_kind() -> None:
    def passage(b: str, kind: str, size: int) -> Passage:
        return Passage(f"p{b}{size}", "a", 0, size, b, 0, size, "exact", kind, "none", 1.0, size)

    passages = [passage("b", "peer", 30), passage("b", "peer", 80), passage("c", "self", 50)]
    rows = longest_shared_run(["a", "b"], passages)
    values = {(m.report_id, m.measure): (m.value, m.n) for m in rows}
    assert values == {
        ("a", "longest_run_self"): (50.0, 1), ("a", "longest_run_template"): (0.0, 0),
        ("a", "longest_run_peer"): (80.0, 2), ("b", "longest_run_self"): (0.0, 0),
        ("b", "longest_run_template"): (0.0, 0), ("b", "longest_run_peer"): (80.0, 2),
    }
    facts = read_note(longest_shared_run(["a"], passages)[0].note)
    assert (facts["value"], facts["unit"]) == ("characters", "passage")


def test_nothing_shared_is_nought_and_nothing_to_share_with_is_no_value() -> None:
    """Agency b has no other year in the run, c is unknown, d is alone."""
    company = {"a": Company(2, 0, 3), "b": Company(0, 0, 5), "c": Company(None, None, 5), "d": Company(0, 0, 0)}
    texts = {name: ("公" * 400, [(0, 400)]) for name in company}
    rows = [*longest_shared_run(list(company), [], company=company), *level_rows(texts, [], company=company)]
    told = {(row.report_id, row.measure): (row.value, read_note(row.note).get("reason")) for row in rows}
    no_other, no_earlier, no_agency = (
        (None, "no other report of the agency"), (None, "no earlier report of the agency"), (None, "no other agency")
    )
    assert [told[name, "longest_run_self"] for name in "abcd"] == [
        (0.0, None), no_other, (None, "agency unknown"), no_other,
    ]
    assert [told[name, "shared_self_masked"] for name in "abcd"] == [
        no_earlier, no_earlier, (None, "agency unknown"), no_earlier,
    ]
    for measure in ("longest_run_peer", "longest_run_template", "shared_peer_near", "shared_template_exact"):
        assert [told[name, measure] for name in "abcd"] == [(0.0, None)] * 3 + [no_agency], measure
    references = {(row.report_id, row.measure): row.reference for row in rows}
    assert references["a", "longest_run_self"] == "run=all; documents=2; agencies=own"
    assert references["a", "shared_self_exact"] == "run=all; documents=0; agencies=earlier"
    assert references["a", "shared_peer_exact"] == "run=all; documents=3; agencies=others"


def test_shared_text_is_told_by_kind_and_level_each_character_once_at_the_strictest() -> None:
    text = "公" * 200 + "，。\n" + "开" * 200
    texts = {"a": (text, [(0, 202), (203, 403)]), "b": ("政" * 400, [(0, 400)]), "c": ("策" * 40, [(0, 40)])}

    def passage(start: int, end: int, level: str, kind: str, direction: str, other: str = "b") -> Passage:
        return Passage("p", "a", start, end, other, 0, end - start, level, kind, direction, 1.0, end - start)

    passages = [
        passage(0, 100, "near", "peer", "b>a"), passage(50, 80, "exact", "peer", "none"),
        passage(60, 303, "masked", "peer", "b>a"), passage(0, 40, "exact", "peer", "a>b"),
        passage(0, 100, "exact", "self", "a>b", "c"), passage(0, 20, "near", "self", "none", "c"),
        passage(0, 10, "near", "template", "a>b"),
    ]
    rows = {(m.report_id, m.measure): m for m in level_rows(texts, passages)}
    told = {name: row.value for (report, name), row in rows.items() if report == "a"}
    assert told == {
        "shared_peer_exact": 30 / 400, "shared_peer_masked": (20 + 100 + 100) / 400, "shared_peer_near": 50 / 400,
        "shared_self_exact": 0.0, "shared_self_masked": 0.0, "shared_self_near": 0.0,
        "shared_template_exact": 0.0, "shared_template_masked": 0.0, "shared_template_near": 10 / 400,
    }
    # The earlier side of a passage has nothing from the other; without an order both have.
    assert [rows["b", f"shared_peer_{level}"].value for level in ("exact", "masked", "near")] == [40 / 400, 0.0, 0.0]
    short = rows["c", "shared_self_exact"]
    facts = read_note(short.note)
    assert (short.value, short.n, facts["count"], facts["of"]) == (None, 40, "40", "40")
    assert short.reference == "run=all"


SECTION = (
    "临桐市水务局把河道巡查记录按月公布在门户网站，沿岸居民可以查阅。全年接待来访群众三十七人次，答复来信18封，均在时限内办结。"
    "临桐市水务局在办公楼一层设立查阅点，配备电脑2台，安排专人值守，去年共接待451人次，比上年多出66人次。"
)


def test_names_and_figures_exchanged_lower_what_is_exact_and_not_what_is_masked() -> None:
    """In a section that was copied 市A becomes 市B and every number another."""
    exchanged = {"临桐市": "禾洲市", "三十七": "五十二", "18": "23", "451": "389", "66": "12", "2台": "3台"}
    renamed = SECTION
    for name, other in exchanged.items():
        renamed = renamed.replace(name, other)

    def coverage(text: str) -> dict[str, float | None]:
        reports = [
            ReuseText("a", SECTION, ((0, len(SECTION), 0),), names=("临桐市水务局",), agency="临桐市水务局", year=2020),
            ReuseText("b", text, ((0, len(text), 0),), names=("禾洲市水务局",), agency="禾洲市水务局", year=2021),
        ]
        long = "望川市统计局每季度公布一次统计公报，注明口径和来源，附联系人电话，方便核对。" * 8
        reports.append(ReuseText("c", long, ((0, len(long), 0),), agency="望川市统计局", year=2021))
        texts = {item.report_id: (item.text + long, [(0, len(item.text) + len(long))]) for item in reports}
        rows = level_rows(texts, find_reuse(reports).passages)
        return {row.measure: row.value for row in rows if row.report_id == "b"}

    before, after = coverage(SECTION), coverage(renamed)
    assert (before["shared_peer_masked"], after["shared_peer_exact"]) == (0.0, 0.0)
    assert after["shared_peer_masked"] == pytest.approx(before["shared_peer_exact"], abs=1e-9)
    assert (before["shared_peer_exact"] or 0) > 0.2
    assert after["shared_peer_near"] == before["shared_peer_near"] == 0.0


def test_four_rates_take_off_skeleton_then_set_phrases_then_own_past() -> None:
    composition = Composition("a", None, None, formula=0.4, own_past=0.2, template=0.1, peer=0.05, own=0.25)
    assert shared_rates(composition, 0.3) == pytest.approx((0.75, 0.45, 0.35, 0.15))
    assert shared_rates(Composition("a", None, None, None, None, None, None, None), 0.0) is None


def test_rates_stand_beside_their_counts_and_leave_out_a_section_that_stands_twice() -> None:
    whole = Composition("a", None, None, 0.5, 0.25, 0.0, 0.125, 0.125)
    parts = [Composition("a", name, k, 0.5, 0.25, 0.0, 0.125, 0.125) for k, name in enumerate(("overview", "plans"))]
    twice = [Composition("a", "other", k, 0.5, 0.0, 0.0, 0.0, 0.5) for k in (2, 3)]
    letters = {
        ("a", None): (1600, 400), ("a", "overview"): (800, 200), ("a", "plans"): (160, 40), ("a", "other"): (640, 160),
    }
    rows = {(row.section, row.measure): row for row in rate_rows([whole, *parts, *twice], letters)}
    assert {section for section, _ in rows} == {None, "overview", "plans"}
    names = ("rate_raw", "rate_without_skeleton", "rate_without_set_phrases", "rate_without_own_past")
    assert [rows[None, name].value for name in names] == [0.875, 0.625, 0.375, 0.125]
    assert [rows["overview", name].value for name in names] == [0.875, 0.625, 0.375, 0.125]
    assert [rows["plans", name].value for name in names] == [None] * 4
    assert [read_note(rows["plans", name].note)["count"] for name in names] == ["140", "100", "60", "20"]
    assert rows[None, "rate_raw"].reference == "run=all"
    told = rate_rows([whole], letters, company={"a": Company(3, 2, 56)})
    assert {row.reference for row in told} == {"run=all; documents=60"}
    assert [read_note(row.note).get("earlier") for row in told] == [None, None, None, "2"]
    unknown = rate_rows([whole], letters, company={"a": Company(None, None, 5)})
    assert (unknown[3].reference, read_note(unknown[3].note)["earlier"]) == ("run=all; documents=6", "unknown")


def test_prose_is_stripped_of_the_wording_that_the_search_for_reuse_strips() -> None:
    text = (
        "根据《中华人民共和国政府信息公开条例》规定，编制本年度报告。\n我局按月 公布河道巡查记录，\n方便居民查看。"
        "一是公开采砂许可；二是公开汛期水位。"
    )
    ends = [text.index("。") + 1, text.index("看。") + 2, text.index("；") + 1, len(text)]
    starts = [0, ends[0] + 1, *ends[1:-1]]
    units = [
        Unit(k, a, b, text[a:b], "overview", 1) for k, (a, b) in enumerate(zip(starts, ends, strict=True))
    ]
    (prose,) = prose_of(text, units)
    assert prose.text.split("\n")[1] == "我局按月公布河道巡查记录,方便居民查看。一是公开采砂许可;二是公开汛期水位。"
    assert prose.stripped.strip() == prose.text.split("\n")[1]
    stretches = tuple((unit.start, unit.end, 1) for unit in units)
    view = build_view(ReuseText("a", text, stretches), foreign_names(()))
    assert view.stripped == ((1, len(fold(prose.text).text) - len(fold(prose.stripped).text)),)

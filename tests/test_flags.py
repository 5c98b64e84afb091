"""Flags: what is flagged, what is not, and that the reason quotes its evidence."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from gknlp.flags import (
    flag_certificates,
    flag_checks,
    flag_hygiene,
    flag_reuse,
    flag_sources,
    flag_structure,
    make_flag,
    order_flags,
)
from gknlp.resources import load_toml
from gknlp.types import (
    Certificate,
    Check,
    Claim,
    Composition,
    Failure,
    Identity,
    Label,
    Passage,
    Section,
    Segmentation,
    Unit,
)

PARTS = ("overview", "proactive", "requests", "review", "problems", "other")


def parts(*, form: str = "2021", without: str = "", roles: tuple[str, ...] = ("problem", "plan")) -> Segmentation:
    names = [name for name in PARTS if name != without]
    sections = tuple(
        Section(k, name, f"{k}、{name}", k * 100, k * 100 + 10, k * 100 + 90, name in PARTS[1:4], "test", 1.0)
        for k, name in enumerate(names)
    )
    at = names.index("problems") if "problems" in names else 0
    units = [Unit(0, 20, 30, "公开信息三十条。", "overview", 0)]
    units += [Unit(1 + k, at * 100 + 20 * k + 12, at * 100 + 20 * k + 18, f"单元{k}", "problems", at)
              for k in range(len(roles) if "problems" in names else 0)]
    return Segmentation(form, (), sections, (), tuple(units))


def labels(segmentation: Segmentation, *roles: tuple[str, int | None], abstained: bool = False) -> list[Label]:
    given = [("work", None), *roles][: len(segmentation.units)]
    return [Label(role, 0.9, abstained, grade, False, 0.5, "test") for role, grade in given]


def kinds(flags: list[object]) -> list[str]:
    return [flag.flag for flag in flags]  # type: ignore[attr-defined]


def test_every_flag_has_words_in_both_languages_an_example_and_a_counter_example() -> None:
    for name, rule in load_toml("models/flags.toml").items():
        assert set(rule) == {"severity", "zh", "en", "precision", "example", "counter_example"}, name
        assert rule["severity"] in {"high", "medium", "low"}
        assert "抄袭" not in rule["zh"]
        fields = [set(part.split("}")[0] for part in rule[lang].split("{")[1:]) for lang in ("zh", "en")]
        assert fields[0] == fields[1], name
        assert set(load_toml("models/labels.toml")["flag"][name]) == {"zh", "en"}


def test_a_whole_report_with_a_checkable_plan_raises_nothing() -> None:
    whole = parts()
    assert flag_structure("r", Identity(), whole, labels(whole, ("problem", None), ("plan", 3))) == []


@pytest.mark.parametrize(
    ("rule", "flag"),
    [("P-part", "missing_part"), ("P-empty", "empty_part"), ("P-once", "part_twice"), ("P-order", "parts_out_of_order"),
     ("T4", "sum_fails"), ("V-negative", "bad_number")],
)
def test_a_failed_check_of_the_source_raises_the_flag_of_its_rule(rule: str, flag: str) -> None:
    check = Check(rule, "other", "FAIL", "", None, (), "source", "缺少“其他需要报告的事项”部分")
    assert kinds(flag_checks("r", [check], [])) == [flag]
    assert flag_checks("r", [replace(check, state="UNCERTAIN", fault="reader")], []) == []
    assert flag_checks("r", [replace(check, rule="P-topic")], []) == []


def test_problems_without_a_checkable_plan_are_flagged_with_the_problems_quoted() -> None:
    whole = parts()
    (flag,) = flag_structure("r", Identity(), whole, labels(whole, ("problem", None), ("plan", 1)))
    assert flag.flag == "no_commitment"
    assert json.loads(flag.evidence) == [{"report_id": "r", "start": 412, "end": 418, "quote": "单元0"}]
    assert "1 处问题" in flag.reason


def test_a_part_without_problems_is_flagged_unless_a_role_is_in_doubt() -> None:
    whole = parts()
    sure = flag_structure("r", Identity(), whole, labels(whole, ("work", None), ("plan", 2)))
    assert kinds(sure) == ["no_problem_stated"]
    doubtful = labels(whole, ("work", None), ("plan", 2), abstained=True)
    assert flag_structure("r", Identity(), whole, doubtful) == []


def test_conflicts_of_identity_are_flagged_in_the_language_asked_for() -> None:
    who = Identity(conflicts=("title 2015, period 2014",))
    (flag,) = flag_structure("r", who, parts(form="2008"), labels(parts(form="2008"), ("problem", None), ("plan", 2)),
                             lang="en")
    assert flag.reason == "Facts on who reports or which year contradict each other: title 2015, period 2014"


def test_only_a_failed_check_of_the_source_and_a_disagreeing_claim_are_flagged() -> None:
    checks = [
        Check("T3-a", "自然人", "FAIL", "12", "11", ("3//一/自然人",), "source", "12 ≠ 11"),
        Check("T3-a", "总计", "FAIL", "12", "11", ("3//一/总计",), "reader", "12 ≠ 11"),
        Check("T3-b", "总计", "UNCERTAIN", "12", None, (), "unknown", "blank"),
    ]
    claims = [
        Claim(5, 9, "9件", 9.0, "件", "3//一/总计", 8.0, "disagrees", None),
        Claim(5, 9, "9件", 9.0, "件", "3//一/总计", 8.0, "other_scope", None),
    ]
    flags = flag_checks("r", checks, claims)
    assert kinds(flags) == ["sum_fails", "claim_disagrees"]
    assert flags[0].reason == "表格勾稽关系不符：12 ≠ 11"
    assert flags[1].reason == "正文数字与表格不一致：“9件”，表格为 8"


def test_signs_of_pollution_are_flagged_and_other_warnings_are_not() -> None:
    message = "The page looks polluted: advertising words stand in the text (2 times: 棋牌)."
    sign = Failure("a.html", "read", "Pollution", message, "Fetch it again.")
    encoding = Failure("a.html", "read", "DoubtfulEncoding", "perhaps GB18030", "Look.")
    (flag,) = flag_hygiene("r", [sign, encoding])
    assert flag.reason == "页面文字可能被改动：正文中夹有广告用词 2 个（如“棋牌”）。"
    assert flag_hygiene("r", []) == []


def whole(report_id: str, **shares: float) -> Composition:
    given = {"formula": 0.0, "own_past": 0.0, "template": 0.0, "peer": 0.0, "own": 0.0, **shares}
    return Composition(report_id, None, None, **given)


def test_reuse_flags_name_the_partner_share_and_direction_and_quote_both_sides() -> None:
    passage = Passage("p", "a", 0, 4, "b", 2, 6, "exact", "peer", "a>b", 1.0, 4)
    names = {"a": ("甲局", 2020), "b": ("乙局", 2020)}
    texts = {"a": "甲甲甲甲", "b": "乙乙甲甲甲甲"}
    flags = flag_reuse([whole("a", own=1.0), whole("b", peer=0.6, own=0.4)], [passage], names, texts)
    assert [(flag.report_id, flag.flag) for flag in flags] == [("b", "shares_with_peer")]
    assert "60%" in flags[0].reason
    apart = "；不计入：法定格式、法规引文和套语 0%、本机关往年文字 0%、同一上级下共用文字 0%"
    assert flags[0].reason == f"正文 60% 与其他机关报告文字重合，其中与甲局重合最多（对方在先）{apart}"
    assert [e["quote"] for e in json.loads(flags[0].evidence)] == ["甲甲甲甲", "甲甲甲甲"]


def test_a_share_of_too_little_text_is_told_in_characters() -> None:
    passage = Passage("p", "a", 0, 4, "b", 2, 6, "exact", "peer", "a>b", 1.0, 4)
    names, texts = {"a": ("甲局", 2020), "b": ("乙局", 2020)}, {"a": "甲甲甲甲", "b": "乙乙甲甲甲甲"}
    for size, lang, said in (
        (299, "zh", "正文 179/299 字 与"), (299, "en", "179/299 characters of the"), (300, "zh", "正文 60% 与"),
    ):
        rows = [replace(whole("b", peer=0.6, own=0.4), n_chars=size)]
        (flag,) = flag_reuse(rows, [passage], names, texts, lang=lang)
        assert flag.reason.startswith(said)


def test_a_year_repeats_the_one_before_it_and_not_the_one_that_repeats_it() -> None:
    before = Passage("p", "a", 0, 4, "b", 0, 4, "exact", "self", "a>b", 1.0, 4)
    after = Passage("q", "b", 0, 6, "c", 0, 6, "exact", "self", "a>b", 1.0, 6)
    names = {"a": ("甲局", 2019), "b": ("甲局", 2020), "c": ("甲局", 2021)}
    rows = [Composition("b", None, None, 0.0, 0.6, 0.0, 0.0, 0.4)]
    (flag,) = flag_reuse(rows, [before, after], names, dict.fromkeys("abc", "公开目录更新"))
    apart = "；不计入：法定格式、法规引文和套语 0%、同一上级下共用文字 0%"
    assert flag.reason == f"正文 60% 与本机关 2019 年度报告文字重合{apart}"
    assert {e["report_id"] for e in json.loads(flag.evidence)} == {"a", "b"}


def test_innocent_explanations_stand_beside_a_flag_of_reuse() -> None:
    passage = Passage("p", "a", 0, 4, "b", 2, 6, "exact", "peer", "a>b", 1.0, 4)
    names = {"a": ("砚岭县石匣镇人民政府", 2020), "b": ("砚岭县青梨镇人民政府", 2020)}
    texts = {"a": "甲甲甲甲", "b": "乙乙甲甲甲甲"}
    row = whole("b", peer=0.6, formula=0.1, own_past=0.1, template=0.2)
    (flag,) = flag_reuse([row], [passage], names, texts)
    assert flag.reason.endswith(
        "；不计入：法定格式、法规引文和套语 10%、本机关往年文字 10%、同一上级下共用文字 20%"
        "；两机关名称同以“砚岭县”开头，可能另有共同底本"
    )
    strangers = {**names, "a": ("清河县财政局", 2020)}
    (flag,) = flag_reuse([row], [passage], strangers, texts)
    assert "底本" not in flag.reason


def test_a_predecessor_is_named_where_its_words_are_the_own_past() -> None:
    passage = Passage("p", "a", 0, 4, "b", 2, 6, "exact", "self", "a>b", 1.0, 4)
    names = {"a": ("砚岭县工商行政管理局", 2018), "b": ("砚岭县市场监督管理局", 2019)}
    (flag,) = flag_reuse([whole("b", own_past=0.9, own=0.1)], [passage], names, {"a": "甲甲甲甲", "b": "乙乙甲甲甲甲"})
    assert flag.reason.startswith("正文 90% 与本机关（砚岭县工商行政管理局） 2018 年度报告文字重合")


def test_reuse_below_the_floor_and_unknown_shares_raise_nothing() -> None:
    passage = Passage("p", "a", 0, 4, "b", 2, 6, "exact", "peer", "none", 1.0, 4)
    nothing = Composition("b", None, None, None, None, None, None, None)
    assert flag_reuse([whole("b", peer=0.29, own=0.71), nothing], [passage], {"b": ("乙", None)}, {}) == []


def test_order_is_by_severity_and_equal_flags_stand_once() -> None:
    high, low = make_flag("missing_part", "b", [], message="五"), make_flag(
        "shares_template", "a", [], share="60%", beside="")
    assert order_flags([low, high, low, make_flag("missing_part", "b", [], message="五")]) == (high, low)
    assert order_flags([]) == ()


def test_a_certificate_quotes_its_place_and_its_twin() -> None:
    name = Certificate("b", "place", 3, 6, "石匣镇", "石匣镇人民政府", "residue", "p", "a", 0, 3)
    (flag,) = flag_certificates([name], {"a": "石匣镇公开", "b": "我镇和石匣镇"})
    assert (flag.flag, flag.severity) == ("foreign_name", "high")
    assert flag.reason == "文中留有其他机关或地名：“石匣镇”（石匣镇人民政府），见“我镇和石匣镇”"
    assert [(e["report_id"], e["quote"]) for e in json.loads(flag.evidence)] == [("b", "石匣镇"), ("a", "石匣镇")]
    assert flag_certificates([], {}) == []
    text = "第一句。\n为提高石匣镇公开水平，改版网站并增设栏目若干。第三句。"
    alone = Certificate("b", "place", 8, 11, "石匣镇", "石匣镇", "place.progress")
    (flag,) = flag_certificates([alone], {"b": text})
    assert flag.reason == "文中留有其他机关或地名：“石匣镇”，见“为提高石匣镇公开水平，改版网站并增设栏目”"


def test_who_kept_the_others_name_is_who_copied() -> None:
    passage = Passage("p", "a", 0, 4, "b", 2, 6, "exact", "peer", "a>b", 1.0, 4)
    names, texts = {"a": ("砚岭县财政局", 2020), "b": ("清河县财政局", 2020)}, {"a": "甲甲甲甲", "b": "乙乙甲甲甲甲"}
    flags = flag_reuse([whole("b", peer=0.6, own=0.4)], [passage], names, texts)
    left_in_a = Certificate("a", "place", 0, 2, "清河县", "清河县财政局", "name.other", "p", "b", 0, 2)
    left_in_b = replace(left_in_a, report_id="b", other_report="a")
    (flag,) = flag_sources(flags, [left_in_a])
    assert flag.severity == "low"
    assert flag.reason.endswith("；但对方文中留有本机关名称“清河县”，应是对方沿用本机关文字")
    assert flag_sources(flags, [left_in_b]) == flag_sources(flags, [left_in_a, left_in_b]) == flags
    assert flag_sources(flags, []) == flags

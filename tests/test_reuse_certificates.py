"""Certificates: each kind on a small case beside its innocent twin."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gknlp.resources import load_toml
from gknlp.reuse import find_certificates, find_reuse
from gknlp.reuse.certificates import is_own_agency, own_places
from gknlp.types import Certificate, ReuseText

BODY = "要点印发后逐项分解到二十三个科室。各科室每月十日前报送台账，办公室汇总后在专栏发布，群众来信当日登记。"
TABLES = load_toml("models/certificates.toml")


def report(name: str, agency: str, text: str, year: int | None = 2020, **more: object) -> ReuseText:
    return ReuseText(name, text, ((0, len(text), 0),), (), (agency,), agency, year=year, **more)  # type: ignore[arg-type]


def certify(*texts: ReuseText) -> list[tuple[str, str, str, str]]:
    found = find_certificates(texts, find_reuse(texts).passages)
    by_id = {text.report_id: text for text in texts}
    for c in found:
        assert c.quote == by_id[c.report_id].text[c.start : c.end]
    return [(c.report_id, c.kind, c.rule, c.quote) for c in found]


@pytest.mark.parametrize("rule", TABLES["places"], ids=lambda rule: rule["id"])
def test_place_rules(rule: dict[str, str]) -> None:
    assert (("r", "place", rule["id"], rule["found"])) in certify(report("r", "清河县石匣镇人民政府", rule["example"]))
    assert certify(report("r", "清河县石匣镇人民政府", rule["counter_example"])) == []
    assert certify(report("r", "甲水县财政局", rule["example"])) == []


@pytest.mark.parametrize("rule", TABLES["agencies"], ids=lambda rule: rule["id"])
def test_agency_rules(rule: dict[str, str]) -> None:
    assert certify(report("r", "清河县林业局", rule["example"])) == [("r", "agency", rule["id"], rule["found"])]
    assert certify(report("r", "清河县林业局", rule["counter_example"])) == []
    assert certify(report("r", "清河县水务局", rule["example"])) == []


def test_the_name_of_a_distant_county_left_in_a_copy() -> None:
    source = report("a", "柳泽县民政局", f"柳泽县民政局召开会议。{BODY}", 2019)
    copy = report("b", "清河县财政局", f"柳泽县民政局召开会议。{BODY}")
    (found,) = find_certificates([source, copy], find_reuse([source, copy]).passages)
    assert (found.report_id, found.kind, found.rule, found.quote) == ("b", "agency", "name.other", "柳泽县民政局")
    assert (found.other_report, found.other_start, found.other_end) == ("a", 0, 6)
    assert found.passage_id is not None


def test_a_name_that_is_spoken_about_or_belongs_to_the_superior_is_no_leftover() -> None:
    source = report("a", "柳泽县民政局", f"柳泽县民政局召开会议。{BODY}", 2019)
    learns = report("b", "清河县财政局", f"学习借鉴柳泽县民政局召开会议。{BODY}")
    assert certify(source, learns) == []
    below = report("c", "下柘镇人民政府", f"柳泽县民政局召开会议。{BODY}", superior="柳泽县人民政府")
    assert certify(source, below) == []
    titled = report("d", "清河县财政局", f"印发《柳泽县民政局召开会议通知》。{BODY}")
    assert certify(source, titled) == []


def test_a_neighbouring_bureaus_name_where_only_the_author_speaks() -> None:
    source = report("a", "柳泽县水务局", f"柳泽县水务局高度重视此项工作。{BODY}")
    copy = report("b", "柳泽县林业局", f"柳泽县水务局高度重视此项工作。{BODY}")
    assert certify(source, copy) == [("b", "agency", "name.neighbour", "柳泽县水务局")]
    names = report("b", "柳泽县林业局", f"会同柳泽县水务局开展巡查。{BODY}")
    assert certify(source, names) == []


@pytest.mark.parametrize(
    ("agency", "text"),
    [
        ("下柘镇人民政府", "在砚岭县委、县政府的正确领导下，"),  # a town lies in a county
        ("昆山市财政局", "在苏州市委、市政府的正确领导下，"),  # a county-level city lies in a prefecture
        ("高新技术产业开发区管委会", "在清河区委、区政府的正确领导下，"),  # a zone lies in a district
        ("涟水县财政局", "在淮安市委、市政府和涟水县委、县政府的正确领导下，"),
        ("财政局", "在清河县委、县政府的正确领导下，"),  # names no place of its own
    ],
)
def test_a_place_that_can_be_above_the_reporter_is_no_leftover(agency: str, text: str) -> None:
    assert certify(report("r", agency, text)) == []


def test_a_place_used_often_is_one_the_report_is_about() -> None:
    text = "在甲水县委、县政府的领导下，甲水县推进公开，甲水县网站改版。"
    assert certify(report("r", "清河县财政局", text)) == []


def test_a_period_that_is_not_the_reports_year() -> None:
    period = "统计期限自{}年1月1日起至{}年12月31日止。"
    assert certify(report("r", "清河县财政局", period.format(2020, 2020))) == []
    assert certify(report("r", "清河县财政局", period.format(2020, 2019))) == [
        ("r", "year", "year.period", "2020年1月1日起至2019年12月31日")
    ]
    assert certify(report("r", "清河县财政局", "2020年工作，2020年底。" + period.format(2019, 2019))) == [
        ("r", "year", "year.period", "2019年1月1日起至2019年12月31日")
    ]
    assert certify(report("r", "清河县财政局", period.format(2019, 2019), year=None)) == []
    # The text itself is about 2019: the year of the report was read wrongly.
    assert certify(report("r", "清河县财政局", "2019年工作。" + period.format(2019, 2019))) == []


def test_last_years_year_of_work_in_last_years_words() -> None:
    old = report("a", "清河县财政局", f"2019年，我局继续推进公开。{BODY}", 2019)
    assert certify(old, report("b", "清河县财政局", f"2019年，我局继续推进公开。{BODY}")) == [
        ("b", "year", "year.work", "2019")
    ]
    assert certify(old, report("b", "清河县财政局", f"2020年，我局继续推进公开。{BODY}")) == []
    assert certify(old, report("b", "清河县财政局", f"较2019年，我局推进更快。{BODY}")) == []


def test_the_same_slip_and_the_same_figures() -> None:
    slip = f"{BODY}制度逐步布署到位，窗口同步调整到位。"
    both = [("a", "misprint", "slip.same", "布署"), ("b", "misprint", "slip.same", "布署")]
    assert certify(report("a", "清河县财政局", slip), report("b", "柳泽县民政局", slip)) == both
    assert certify(report("a", "清河县财政局", slip), report("b", "清河县财政局", slip, 2021)) == []
    figures = "窗口接待群众1286人次，张贴公告374份，逐项登记造册并按月汇总上报备案存档。"
    found = certify(report("a", "清河县财政局", figures), report("b", "柳泽县民政局", figures))
    assert [(c[0], c[1], c[2]) for c in found] == [("a", "figures", "figures.same"), ("b", "figures", "figures.same")]
    other = figures.replace("374", "375")
    assert certify(report("a", "清河县财政局", figures), report("b", "柳泽县民政局", other)) == []


def test_references_carry_no_certificate() -> None:
    text = replace(report("r", "清河县财政局", "在甲水县委、县政府的领导下，"), reference=True)
    assert find_certificates([text], []) == ()


def test_own_names_and_places() -> None:
    text = report("r", "白城市洮北区发展和改革委员会", "", superior="亳州市人民政府")
    assert own_places(text) == {"白城市", "洮北区", "亳州市"}
    assert is_own_agency("区发改委", text)
    assert is_own_agency("发展和改革委员会", text)
    assert not is_own_agency("区水务局", text)
    assert isinstance(find_certificates([], []), tuple)
    assert Certificate.__slots__[0] == "report_id"

"""Predecessors: offices renamed by a reform, counties made districts."""

from __future__ import annotations

import pytest

from gknlp.resources import load_toml
from gknlp.reuse import find_reuse
from gknlp.reuse.kinds import group_agencies, is_superior
from gknlp.reuse.lineage import find_predecessors, is_renamed
from gknlp.types import ReuseText

BODY = "要点印发后逐项分解到二十三个科室。各科室每月十日前报送台账，办公室汇总后在专栏发布，群众来信当日登记。"


def report(name: str, agency: str, year: int | None, text: str = "") -> ReuseText:
    return ReuseText(name, text, ((0, len(text), 0),) if text else (), (), (agency,), agency, year=year)


def is_past(old: str, new: str, years: tuple[int | None, int | None] = (2018, 2019)) -> bool:
    texts = [report("a", old, years[0]), report("b", new, years[1])]
    agencies = group_agencies(texts)
    return find_predecessors(texts, agencies) == [frozenset(), frozenset({agencies[0]})]


@pytest.mark.parametrize("rule", load_toml("models/reforms.toml")["reforms"], ids=lambda rule: rule["example"])
def test_rules(rule: dict[str, str]) -> None:
    old, new = rule["example"].split(" > ")
    assert is_past(old, new)
    assert is_renamed(old, new)
    assert is_renamed(new, old)


@pytest.mark.parametrize(
    ("old", "new", "past"),
    [
        ("砚岭县工商行政管理局", "清河县市场监督管理局", False),  # elsewhere
        ("砚岭县财政局", "砚岭县市场监督管理局", False),
        ("溧水县民政局", "南京市溧水区民政局", True),  # a county made a district; the city may be missing
        ("溧水县工商行政管理局", "溧水区市场监督管理局", True),  # both at once
        ("溧水县民政局", "高淳区民政局", False),
        ("溧水县人民政府", "溧水区人民政府", True),
    ],
)
def test_places_and_offices(old: str, new: str, past: bool) -> None:
    assert is_past(old, new) is past


def test_only_an_earlier_year_is_the_past() -> None:
    old, new = "砚岭县工商行政管理局", "砚岭县市场监督管理局"
    assert not is_past(old, new, (2019, 2019))
    assert not is_past(old, new, (2020, 2019))
    assert not is_past(old, new, (None, 2019))
    assert find_predecessors([], []) == []


def test_two_offices_that_became_one_are_not_one_another() -> None:
    texts = [
        report("a", "砚岭县工商行政管理局", 2017, BODY), report("b", "砚岭县质量技术监督局", 2017, BODY),
        report("c", "砚岭县市场监督管理局", 2019, BODY),
    ]
    kinds = {(p.a_report, p.b_report): p.kind for p in find_reuse(texts).passages}
    assert kinds == {("a", "b"): "peer", ("a", "c"): "self", ("b", "c"): "self"}


def test_the_office_of_one_name_above_leads() -> None:
    def office(agency: str, region: str) -> ReuseText:
        return ReuseText("r", "", (), (), (), agency, region)

    city, county = office("望川市教育局", "青垣省望川市"), office("砚岭县教育局", "青垣省望川市砚岭县")
    assert is_superior(city, county)
    assert not is_superior(county, city)
    assert not is_superior(city, office("砚岭县财政局", "青垣省望川市砚岭县"))
    assert not is_superior(city, office("清河县教育局", "青垣省清河市清河县"))

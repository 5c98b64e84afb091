"""Kinds, direction, families (networkx as oracle) and composition, on hand-made values."""

from __future__ import annotations

from array import array
from dataclasses import replace

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gknlp.reuse.compose import FORMULA, OWN, OWN_PAST, PEER, TEMPLATE, compose_report, origin_of
from gknlp.reuse.families import Tie, build_families, find_shape, is_strong
from gknlp.reuse.kinds import (
    Interval,
    find_direction,
    group_agencies,
    is_superior,
    is_template,
    umbrella,
    union_length,
)
from gknlp.reuse.view import View
from gknlp.types import ReuseText


def report(name: str, agency: str | None = None, **more: object) -> ReuseText:
    return ReuseText(name, "", (), agency=agency, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ({"published": "2020-01-21"}, {"published": "2020-01-22"}, "a>b"),
        ({"published": "2020-02-01"}, {"published": "2020-1-31"}, "b>a"),  # months as numbers, not as text
        ({"published": "2020-01-21"}, {"published": "2020-01-21"}, "none"),
        ({"year": 2019}, {"year": 2020}, "a>b"),
        # date and year contradict each other; then a page that was moved to a new site
        ({"year": 2019, "published": "2021-01-05"}, {"year": 2020, "published": "2021-01-02"}, "none"),
        ({"year": 2019, "published": "2024-06-01"}, {"year": 2020, "published": "2021-01-02"}, "a>b"),
        ({"year": 2020, "level": "city"}, {"year": 2020, "level": "county"}, "a>b"),
        ({"level": "乡镇级"}, {"level": "县级"}, "b>a"),
        ({"year": 2020}, {}, "none"),
        ({}, {}, "none"),
    ],
)
def test_direction_by_date_then_year_then_level(a: dict[str, object], b: dict[str, object], expected: str) -> None:
    assert find_direction(report("x", **a), report("y", **b)) == expected  # type: ignore[arg-type]
    turned = {"a>b": "b>a", "b>a": "a>b", "none": "none"}[expected]
    assert find_direction(report("y", **b), report("x", **a)) == turned  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("清河县财政局", "清河县财政局", True),
        ("清河县人民政府办公室", "清河县政府办公室", True),
        ("白城市洮北区政务服务局", "洮北区政务服务局", True),  # the city left out on one side
        ("吉林省白城市洮北区政务服务局", "白城市洮北区政务服务局", True),
        ("柳泽县石匣镇人民政府", "石匣镇人民政府", True),
        ("柳泽县城关镇人民政府", "清河县城关镇人民政府", False),
        ("白城市洮北区平安镇人民政府", "洮北区平安镇人民政府", True),
        ("清河县财政局", "柳泽县财政局", False),
        ("清河县财政局", "清河县审计局", False),
        ("agency-1", "agency-1", True),  # an id
    ],
)
def test_one_agency_under_two_names(one: str, other: str, same: bool) -> None:
    groups = group_agencies([report("a", one), report("b", other)])
    assert (groups[0] == groups[1]) is same


def test_districts_of_one_name_in_two_cities_are_two_agencies() -> None:
    names = ["南京市鼓楼区财政局", "徐州市鼓楼区财政局", "鼓楼区财政局", None, None]
    groups = group_agencies([report(str(i), name) for i, name in enumerate(names)])
    assert len(set(groups)) == 5


def test_a_bureau_without_a_place_is_told_apart_by_its_region() -> None:
    groups = group_agencies([report("a", "财政局", region="清河县"), report("b", "财政局", region="柳泽县")])
    assert groups[0] != groups[1]


def test_superior_and_umbrella() -> None:
    town = report("t", "青梨镇人民政府", superior="砚岭县人民政府办公室", region="青垣省/砚岭县/青梨镇")
    county = report("c", "砚岭县人民政府", region="青垣省/砚岭县")
    bureau = report("b", "砚岭县财政局", region="青垣省/砚岭县")
    assert is_superior(county, town)
    assert not is_superior(town, county)
    assert is_superior(county, bureau)
    assert not is_superior(bureau, county)
    assert not is_superior(county, report("x", "清河县财政局", region="清河县"))
    assert umbrella(town) == "砚岭县政府"
    assert umbrella(replace(town, superior=None)) == umbrella(bureau) == "青垣省/砚岭县"
    assert umbrella(county) == "青垣省"
    assert umbrella(report("n")) is None
    assert not is_superior(report("n"), report("m"))


def test_a_template_needs_enough_agencies_on_the_same_stretch_under_one_umbrella() -> None:
    seen = [Interval(0, 100, 1), Interval(0, 100, 2), Interval(60, 100, 3)]
    county = ["砚岭县"] * 4
    assert is_template((0, 1), (0, 100), seen, county, [0, 1, 2, 3], 3)
    assert not is_template((0, 1), (0, 100), seen, county, [0, 1, 2, 3], 4)  # the third shares too little of it
    assert is_template((0, 1), (60, 100), seen, county, [0, 1, 2, 3], 4)
    elsewhere = [*county[:2], "清河县", county[3]]
    assert not is_template((0, 1), (0, 100), seen, elsewhere, [0, 1, 2, 3], 3)
    assert not is_template((0, 2), (0, 100), seen, elsewhere, [0, 1, 2, 3], 1)
    assert not is_template((0, 1), (0, 100), seen, county, [0, 1, 1, 3], 3)  # one agency, two years


def test_union_length() -> None:
    assert union_length([(0, 5), (3, 8), (10, 12), (4, 5)]) == 10
    assert union_length([]) == 0


@pytest.mark.parametrize(
    ("a_chars", "b_chars", "a_all", "b_all", "strong"),
    [(60, 60, 300, 3000, True), (59, 59, 100, 100, False), (100, 100, 501, 600, False), (300, 300, 9000, 9000, True)],
)
def test_strong_ties(a_chars: int, b_chars: int, a_all: int, b_all: int, strong: bool) -> None:
    assert is_strong(Tie(0, 1, a_chars, b_chars, "none"), a_all, b_all) is strong


def test_shapes_and_roles_of_families() -> None:
    def tie(a: int, b: int, direction: str = "none") -> Tie:
        return Tie(a, b, 100, 100, direction)

    ids = [f"r{i:02}" for i in range(11)]
    ties = [
        tie(0, 1, "a>b"), tie(0, 2, "a>b"), tie(0, 3, "a>b"),  # a star
        tie(4, 5, "a>b"), tie(5, 6, "a>b"), tie(6, 7, "a>b"),  # a chain
        tie(8, 9), tie(9, 10), tie(8, 10),  # a clique of unknown order
    ]
    rows = [(c.report_id, c.shape, c.role) for c in build_families(ties, ids, 20)]
    assert rows == [
        ("r00", "star", "source"), ("r01", "star", "copy"), ("r02", "star", "copy"), ("r03", "star", "copy"),
        ("r04", "chain", "source"), ("r05", "chain", "copy"), ("r06", "chain", "copy"), ("r07", "chain", "copy"),
        ("r08", "clique", "member"), ("r09", "clique", "member"), ("r10", "clique", "member"),
    ]
    assert find_shape({0: 1, 1: 1}, 20) == "chain"
    assert find_shape({i: 20 for i in range(100)}, 20) == "clique"


@given(st.lists(st.tuples(st.integers(0, 15), st.integers(0, 15)).filter(lambda e: e[0] < e[1]), max_size=25))
def test_families_are_the_connected_components(edges: list[tuple[int, int]]) -> None:
    ids = [f"{i:02}" for i in range(16)]
    clusters = build_families([Tie(a, b, 1, 1, "none") for a, b in sorted(set(edges))], ids, 20)
    found: dict[str, set[str]] = {}
    for cluster in clusters:
        found.setdefault(cluster.cluster_id, set()).add(cluster.report_id)
    expected = {frozenset(ids[i] for i in part) for part in nx.connected_components(nx.Graph(edges))}
    assert {frozenset(part) for part in found.values()} == expected


@pytest.mark.parametrize(
    ("kind", "direction", "of_a", "of_b"),
    [
        ("peer", "a>b", OWN, PEER), ("peer", "none", PEER, PEER), ("template", "a>b", TEMPLATE, TEMPLATE),
        ("self", "b>a", OWN_PAST, OWN), ("self", "none", OWN, OWN),
    ],
)
def test_whose_words_a_shared_stretch_is(kind: str, direction: str, of_a: int, of_b: int) -> None:
    assert (origin_of(kind, direction, True), origin_of(kind, direction, False)) == (of_a, of_b)


def test_composition_takes_the_first_origin_and_adds_to_one() -> None:
    text = ReuseText("r", "甲乙丙丁戊己庚辛壬癸", ((0, 6, 1), (6, 10, 3)), sections=((1, "overview"), (2, "fees")))
    sizes = array("l", [1, 1, 1, 1, 1, 1, 0, 2, 1])
    view = View(
        "r", "甲乙丙丁戊己\ue000庚辛", array("l", range(9)), array("l", range(9)), sizes, ((0, 6, 1), (7, 9, 3)),
        b"\1\0\0\0\0\0\0\0\0", bytes(9), ((3, 1),),
    )
    rows = compose_report(text, view, [(PEER, [(0, 5)]), (OWN_PAST, [(1, 2)]), (TEMPLATE, [(1, 3)]), (OWN, [(3, 4)])])
    assert [(r.section, r.section_order) for r in rows] == [(None, None), ("overview", 1), ("fees", 2), ("3", 3)]
    shares = [(r.formula, r.own_past, r.template, r.peer, r.own) for r in rows]
    assert shares[0] == (2 / 10, 1 / 10, 1 / 10, 2 / 10, 4 / 10)
    assert shares[1] == (1 / 6, 1 / 6, 1 / 6, 2 / 6, 1 / 6)
    assert shares[2] == (None,) * 5
    assert shares[3] == (1 / 4, 0.0, 0.0, 0.0, 3 / 4)
    assert [r.n_chars for r in rows] == [10, 6, 0, 4]
    assert FORMULA == 0

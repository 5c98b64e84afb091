"""The same wrong sum in two agencies: told with both places, and only where chance and kinship do not explain it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gknlp.reuse import find_same_sums
from gknlp.types import Certificate, ReuseText, WrongSum

TEXT = "126|98|31"
WRONG = WrongSum("T3-c", "received", (98, 31, 0, None, 126), 0, 3, "为 98＋31＝129，为 126，相差 3")


def report(name: str, agency: str, year: int = 2022, **more: object) -> ReuseText:
    return ReuseText(name, TEXT, ((0, 0, 0),), (), (agency,), agency, year=year, **more)  # type: ignore[arg-type]


def told(*texts: ReuseText, wrong: WrongSum = WRONG) -> list[tuple[str, str | None]]:
    return [(c.report_id, c.other_report) for c in find_same_sums(texts, {text.report_id: [wrong] for text in texts})]


def test_both_reports_quote_their_figure_and_point_to_the_other() -> None:
    texts = report("a", "柳泽县水务局"), report("b", "石匣县林业局")
    found = find_same_sums(texts, {"a": [WRONG], "b": [WRONG], "gone": [WRONG]})
    assert found == (
        Certificate("a", "sum", 0, 3, "126", f"石匣县林业局；{WRONG.message}", "sum.same", None, "b", 0, 3),
        Certificate("b", "sum", 0, 3, "126", f"柳泽县水务局；{WRONG.message}", "sum.same", None, "a", 0, 3),
    )
    assert find_same_sums(texts, {}) == find_same_sums((), {}) == ()


@pytest.mark.parametrize(
    ("wrong", "is_told"),
    [
        (replace(WRONG, figures=(98, 31, 0, None, 127)), False),  # other figures
        (replace(WRONG, scope="granted"), False),
        (replace(WRONG, rule="T3-a"), False),
        (WRONG, True),
    ],
)
def test_all_figures_rule_and_place_are_the_same(wrong: WrongSum, is_told: bool) -> None:
    texts = report("a", "柳泽县水务局"), report("b", "石匣县林业局")
    assert bool(find_same_sums(texts, {"a": [WRONG], "b": [wrong]})) is is_told


@pytest.mark.parametrize(
    ("figures", "is_told"),
    [((12, 11), False), ((1, 0, 2), False), ((100, 100), False), ((123, 98, 4), True), ((120, 119), True)],
)
def test_small_figures_are_chance(figures: tuple[float, ...], is_told: bool) -> None:
    texts = report("a", "柳泽县水务局"), report("b", "石匣县林业局")
    assert bool(told(*texts, wrong=replace(WRONG, figures=figures))) is is_told


def test_kin_are_not_held_against_each_other() -> None:
    own = report("a", "柳泽县水务局", 2021), report("b", "柳泽县水务局", 2022)
    renamed = report("a", "柳泽县环境保护局", 2017), report("b", "柳泽县生态环境局", 2020)
    above = report("a", "柳泽县人民政府", region="柳泽县"), report("b", "柳泽县水务局", superior="柳泽县人民政府")
    for pair in (own, renamed, above):
        assert told(*pair) == []
    strangers = report("a", "柳泽县水务局", reference=True), report("b", "石匣县林业局")
    assert told(*strangers) == [("b", "a")]


def test_each_report_is_held_against_the_earliest_other_once() -> None:
    texts = report("z", "柳泽县水务局", 2019), report("a", "石匣县林业局", 2020), report("b", "望川县财政局", 2021)
    assert told(*texts) == told(*reversed(texts)) == [("a", "z"), ("b", "z"), ("z", "a")]
    more = replace(WRONG, scope="answered", figures=(98, 31, 1126))
    both = {text.report_id: [WRONG, more] for text in texts[:2]}
    assert [c.report_id for c in find_same_sums(texts, both)] == ["a", "z"]

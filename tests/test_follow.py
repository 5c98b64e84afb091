"""Problem -> measure -> next year, on invented sentences."""

from __future__ import annotations

import pytest

from gknlp.follow import YearReport, containment, follow_years, jaccard, link_problems, shingles
from gknlp.types import Label, Link, Theme, Unit

TRAINING = "业务人员流动较大，培训跟不上。"
COLUMN = "网站栏目设置不够合理，群众查找不便。"


def unit(order: int, text: str) -> Unit:
    return Unit(order, order * 100, order * 100 + len(text), text, "problems", 5)


def label(role: str, specificity: int | None = None, theme: str | None = None) -> Label:
    themes = (Theme(theme, 1.0),) if theme else ()
    return Label(role, 0.9, False, specificity, False, 0.5, "test", (), themes)


def year(number: int, *pairs: tuple[str, Label], agency: str = "甲局") -> YearReport:
    units = [unit(k, text) for k, (text, _) in enumerate(pairs)]
    return YearReport(f"{agency}{number}", agency, number, units, [given for _, given in pairs])


def test_shingles_leave_out_figures_and_punctuation() -> None:
    assert shingles("公开信息30条。") == shingles("公开信息，125条") == {"公开信", "开信息", "信息条"}
    assert shingles("") == frozenset()
    assert shingles("无。") == {"无"}
    assert jaccard(shingles(""), shingles("")) == 0.0
    assert containment(shingles("公开信息"), shingles("主动公开信息条目")) == 1.0


def test_link_takes_the_plan_with_the_same_theme() -> None:
    answers = [unit(2, "调整网站栏目，让群众一次找到。"), unit(3, "每季度开展一次业务培训。")]
    units = [unit(0, TRAINING), unit(1, COLUMN), *answers]
    labels = [label("problem", theme="training"), label("problem", theme="platform"),
              label("plan", 1, "platform"), label("plan", 3, "training")]
    links = link_problems(units, labels)
    assert [(link.problem_order, link.plan_order) for link in links] == [(0, 3), (1, 2)]
    assert all(0.5 <= link.score <= 1 for link in links)


def test_link_leaves_an_unanswered_problem_alone_and_breaks_ties_by_order() -> None:
    units = [unit(0, TRAINING), unit(1, "加强河道巡查。"), unit(2, TRAINING)]
    assert link_problems(units[:2], [label("problem", theme="training"), label("plan", 1, "content")]) == ()
    assert link_problems([], []) == ()
    twice = [unit(0, TRAINING), unit(1, "加强培训。"), unit(2, "加强培训。")]
    linked = link_problems(twice, [label("problem", theme="t"), label("plan", 1, "t"), label("plan", 1, "t")])
    assert linked == (Link(0, 1, linked[0].score),)


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        ((TRAINING, label("problem")), (TRAINING, label("problem")), "repeated"),
        ((TRAINING, label("problem")), ("业务人员流动仍然较大，专题培训跟不上。", label("problem")), "reworded"),
        ((TRAINING, label("problem")), ("业务人员流动较大的问题已经缓解，培训跟上。", label("work")), "solved"),
        ((TRAINING, label("problem")), (COLUMN, label("problem")), "dropped"),
        (("每季度开展一次培训。", label("plan", 3)), ("每季度开展一次培训。", label("plan", 3)), "restated"),
        (("每季度开展一次培训。", label("plan", 3)), ("今年每季度开展一次培训，", label("work")), "reported_done"),
        (("每季度开展一次培训。", label("plan", 3)), (COLUMN, label("problem")), "silent"),
    ],
)
def test_follow_names_what_became_of_it(
    before: tuple[str, Label], after: tuple[str, Label], verdict: str
) -> None:
    (row,) = follow_years([year(2020, before), year(2021, after)])
    assert row.verdict == verdict
    assert (row.report_id, row.next_report_id, row.year) == ("甲局2020", "甲局2021", 2020)
    assert (row.evidence is None) == (verdict in {"dropped", "silent"})


def test_follow_needs_consecutive_years_of_one_agency_and_no_doubt_which_report() -> None:
    problem = (TRAINING, label("problem"))
    assert follow_years([year(2020, problem), year(2022, problem)]) == ()
    assert follow_years([year(2020, problem), year(2021, problem, agency="乙局")]) == ()
    assert follow_years([year(2020, problem), year(2021, problem), year(2021, problem)]) == ()
    assert follow_years([]) == ()


def test_follow_leaves_slogans_out() -> None:
    slogan = ("推动公开工作再上新台阶。", label("plan", 0))
    assert follow_years([year(2020, slogan), year(2021, slogan)]) == ()

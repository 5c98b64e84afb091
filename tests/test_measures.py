"""Named measures, and the longest shared run."""

from __future__ import annotations

from gknlp.measures import MIN_CHARS, longest_shared_run, measure_report
from gknlp.types import Label, Passage, Unit


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

"""Krippendorff's alpha: published and hand-made values, items cut in two ways, and what is left out."""

from __future__ import annotations

import math

import pytest

from gknlp.agreement import alpha, compare, interval, nominal
from gknlp.evaluate import Gold

TEXT = "公开三十条。更新不够及时，内容也少。将每月培训一次。"


def gold(*units: tuple[str, str, int | None, bool], stem: str = "x") -> Gold:
    names = ("text", "role", "specificity", "formulaic")
    rows = tuple(dict(zip(names, unit, strict=True)) for unit in units)
    return Gold(stem, frozenset({"甲局"}), 2014, "2008", (), rows)


FIRST = gold(("公开三十条。", "work", None, False), ("更新不够及时，内容也少。", "problem", None, True),
             ("将每月培训一次。", "plan", 3, True))


def test_alpha_of_krippendorffs_own_example() -> None:
    # Krippendorff (2011), Computing Krippendorff's alpha-reliability, example A: binary data of two observers, 0.095.
    a = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0]
    b = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    assert alpha(list(zip(a, b, strict=True)), nominal) == pytest.approx(0.095, abs=5e-4)


def test_alpha_at_its_ends() -> None:
    assert alpha([("a", "a"), ("b", "b")], nominal) == 1.0
    assert alpha([("a", "a")], nominal) == 1.0
    assert alpha([(0, 3), (3, 0)], interval) < 0
    assert math.isnan(alpha([], nominal))


def test_the_same_labels_agree_however_the_sentence_is_cut() -> None:
    second = gold(("公开三十条。", "work", None, False), ("更新不够及时，", "problem", None, True),
                  ("内容也少。", "problem", None, True), ("将每月培训一次。", "plan", 3, True))
    rows, different = compare([FIRST], [second], {"x": TEXT})
    assert {row.label: row.alpha for row in rows}["role"] == 1.0
    assert {row.label: row.items for row in rows}["specificity"] == 1
    assert different == []


def test_disagreements_are_kept_with_both_labels() -> None:
    second = gold(("公开三十条。", "work", None, False), ("更新不够及时，内容也少。", "work", None, True),
                  ("将每月培训一次。", "plan", 2, False))
    rows, different = compare([FIRST], [second], {"x": TEXT})
    by_label = {row.label: row for row in rows}
    assert by_label["role"].same == 2
    assert by_label["role"].alpha < 1
    assert [(d.label, d.first, d.second) for d in different] == [
        ("role", "problem", "work"), ("specificity", "3", "2"), ("formulaic", "True", "False"),
    ]


def test_only_reports_that_both_annotated_count() -> None:
    rows, different = compare([FIRST], [gold(stem="y")], {"x": TEXT})
    assert [row.items for row in rows] == [0] * len(rows)
    assert different == []

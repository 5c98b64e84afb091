"""The grade of a plan by the linear model: what the rules found, and the characters.

The rules know acts, directions and slots by their words; what they do not know is how slogans sound. The model decides
between slogan, direction and act; whether an act is checkable (grade 3) the rules say by its slots.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gknlp.classify.grams import gram_scores
from gknlp.types import Slot

if TYPE_CHECKING:
    from gknlp.classify.grams import Matrix

GRADES = (0, 1, 2, 3)
_SLOTS = ("what", "quantity", "time", "document", "responsible")
GRADE_FIGURES = (*(f"rules.{grade}" for grade in GRADES), *(f"slot.{slot}" for slot in _SLOTS), "length")
# A plan of this many characters counts as long as any.
_LONG = 50.0
# Of 267 plans of the specimens with a time, quantity or doer the model set ten lower: wrongly the one longer than this
# (nine plans in one sentence), rightly shorter ones.
_MANY_CLAUSES = 80


def grade_figures(grade: int, slots: Sequence[Slot], core: str) -> list[float]:
    """The row of `GRADE_FIGURES` of a plan: grade and slots by the rules, and its length."""
    named = {slot.slot for slot in slots}
    flags = [float(grade == known) for known in GRADES] + [float(slot in named) for slot in _SLOTS]
    return [*flags, min(1.0, len(core) / _LONG)]


def settle_grade(best: int, by_rules: int, length: int) -> int:
    """The model's grade, but that an act has grade 3 where the rules found what makes it checkable, else 2.

    In a plan of many clauses (`length` characters) the model hears the slogans above the act; there what the rules
    found checkable is believed.
    """
    if by_rules == 3 and (best >= 2 or length > _MANY_CLAUSES):
        return 3
    return min(best, 2)


def model_grades(
    plans: Sequence[tuple[str, int, Sequence[Slot]]], weights: Matrix, grams: Matrix, bias: Matrix
) -> list[int]:
    """Grades of plans given as (view, grade by the rules, slots), in order; ties go to the lower grade."""
    import numpy as np

    if not plans:
        return []
    figures = np.array([grade_figures(grade, slots, core) for core, grade, slots in plans])
    points = gram_scores([core for core, _, _ in plans], grams) + bias
    points += (figures[:, :, None] * weights[None]).sum(axis=1)
    best = points.argmax(axis=1).tolist()
    return [settle_grade(found, grade, len(core)) for found, (core, grade, _) in zip(best, plans, strict=True)]

"""The model of a plan's grade: figures of the rules and characters; compared with the rules and without them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gknlp.classify.estimators import grade_columns
from gknlp.classify.features import Seen
from gknlp.classify.grades import GRADES, grade_figures, settle_grade
from gknlp.classify.grams import GRAM_BITS, hash_texts, hashed_grams
from gknlp.classify.specificity import grade_plan, load_grade_rules
from gknlp.evaluate import quadratic_kappa
from gknlp.train.design import GRAM_SCALE, Design, fit_logistic
from gknlp.types import Slot

# Stronger than for roles: there are fewer plans than units. Chosen on the folds among 0.1, 0.3, 1 (flat).
GRADE_PENALTY = 0.3


@dataclass(frozen=True, slots=True)
class GradeScore:
    """Quadratic-weighted kappa, F1 of grade >= 1 (a commitment) among plans, and share of equal grades."""

    kappa: float
    commitment: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class GradeModel:
    """The grade model, None where there is one grade only; the grades there are; `scores` by variant, on the folds."""

    fitted: Any
    known: list[int]
    scores: dict[str, GradeScore]


def train_grades(design: Design) -> GradeModel:
    """Compare rules, characters and both on the folds of `design`; train both together on all plans."""
    import numpy as np
    from scipy.sparse import csr_matrix, hstack

    rows = [at for at, label in enumerate(design.labels) if label["role"] == "plan"]
    plans = [(seen.view.core, *_grade_by_rules(seen)) for seen in (design.seen[at] for at in rows)]
    gold = np.array([design.labels[at]["specificity"] for at in rows])
    folds = design.folds[rows]
    grams, owners, weights = hashed_grams([core for core, _, _ in plans])
    characters = csr_matrix((GRAM_SCALE * weights[owners], (owners, grams)), shape=(len(rows), 2**GRAM_BITS))
    figures = csr_matrix(np.array([grade_figures(grade, slots, core) for core, grade, slots in plans]))
    both = hstack([figures, characters]).tocsr()
    by_rules = np.array([grade for _, grade, _ in plans])
    scores = {"rules alone": _score(gold, by_rules), "characters": _score(gold, _held_out(characters, gold, folds))}
    found = _held_out(both, gold, folds)
    settled = [
        settle_grade(best, grade, len(core))
        for best, (core, grade, _) in zip(found.tolist(), plans, strict=True)
    ]
    scores["rules, characters"] = _score(gold, np.array(settled))
    return GradeModel(*_fit(both, gold), scores)


def _grade_by_rules(seen: Seen) -> tuple[int, Sequence[Slot]]:
    rules, plain = load_grade_rules(), seen.view.plain
    return grade_plan(seen.unit.text, plain, rules.prefilter.candidates(hash_texts([plain]))[0], rules)


def _fit(matrix: Any, grades: Any) -> tuple[Any, list[int]]:  # noqa: ANN401 (a sparse matrix, a vector; an estimator)
    """A fitted model, None where all grades are one, and the grades there are."""
    import numpy as np

    known = np.unique(grades).tolist()
    if len(known) < 2:
        return None, known
    return fit_logistic(matrix, grades, GRADE_PENALTY), known


def _held_out(matrix: Any, grades: Any, folds: Any) -> Any:  # noqa: ANN401 (a sparse matrix, vectors)
    """For each plan the grade by a model that has seen no plan of its fold."""
    import numpy as np

    found = np.zeros(len(grades), dtype=int)
    for fold in sorted(set(folds.tolist())):
        test = folds == fold
        weights, bias = grade_columns(*_fit(matrix[~test], grades[~test]), matrix.shape[1])
        found[test] = (matrix[test] @ weights + bias).argmax(axis=1)
    return found


def _score(gold: Any, found: Any) -> GradeScore:  # noqa: ANN401 (vectors)
    promised, told = gold > 0, found > 0
    both = int(promised.sum() + told.sum())
    return GradeScore(
        kappa=quadratic_kappa(list(zip(gold.tolist(), found.tolist(), strict=True)), len(GRADES)),
        commitment=2 * int((promised & told).sum()) / both if both else 1.0,
        accuracy=float((gold == found).mean()),
    )

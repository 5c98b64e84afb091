"""Figures of the training: F1 by role, intervals by agency, calibration, the decoder over a part's units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gknlp.train.grades import GradeScore
from gknlp.types import ROLES

DRAWS = 1000
SEED = 20260101
BINS = 10
# Added to every count of a transition, so that an unseen one is unlikely, not impossible.
SMOOTHING = 2.0
# A person is asked where it pays: below the highest of these thresholds under which at least so many units are wrong.
THRESHOLDS = (0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9)
WORTH_ASKING = 0.4


@dataclass(frozen=True, slots=True)
class Score:
    """Macro-F1 and F1 by role, in the order of `ROLES`."""

    macro: float
    roles: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Bin:
    """Units whose score lies in `[low, high)`: how many, their mean score, how many of them are right (a share)."""

    low: float
    high: float
    n: int
    score: float
    right: float


@dataclass(frozen=True, slots=True)
class Training:
    """What a training gave; every figure is of units in folds that share no agency and no family of reuse.

    `variants` of roles and `grades` of plans by name in the order compared; `chosen` the name of the one written;
    `low_high` 95 % intervals of its macro-F1 and of each role; `bins` its reliability; `threshold` the score below
    which a person should look.
    """

    variants: Mapping[str, Score]
    grades: Mapping[str, GradeScore]
    chosen: str
    low_high: tuple[tuple[float, float], ...]
    bins: tuple[Bin, ...]
    temperature: float
    threshold: float
    kept: float
    kept_right: float
    confusion: Mapping[tuple[str, str], int]
    counts: Mapping[str, int]
    data: str
    rules: str

    @property
    def calibration_error(self) -> float:
        """Expected calibration error of the scores."""
        return calibration_error(self.bins)

    def rows(self) -> list[dict[str, str | float]]:
        """The table of variants: name, macro-F1, F1 by role."""
        return [
            {"variant": name, "macro-F1": round(score.macro, 4),
             **{role: round(value, 4) for role, value in zip(ROLES, score.roles, strict=True)}}
            for name, score in self.variants.items()
        ]


def score_roles(gold: Any, found: Any) -> Score:  # noqa: ANN401 (vectors of role numbers)
    """F1 of each role; 0 where a role neither stands in the gold nor is found."""
    each = []
    for role in range(len(ROLES)):
        hit = int(((gold == role) & (found == role)).sum())
        both = int((gold == role).sum() + (found == role).sum())
        each.append(2 * hit / both if both else 0.0)
    return Score(sum(each) / len(each), tuple(each))


def intervals(gold: Any, found: Any, groups: Sequence[str]) -> tuple[tuple[float, float], ...]:  # noqa: ANN401
    """95 % intervals of macro-F1 and of each role's F1: agencies (groups) drawn with replacement, `DRAWS` times."""
    import numpy as np

    names = sorted(set(groups))
    number = {name: at for at, name in enumerate(names)}
    owner = np.array([number[group] for group in groups])
    counts = np.zeros((len(names), 3, len(ROLES)))
    for role in range(len(ROLES)):
        for row, mask in enumerate(((gold == role) & (found == role), gold == role, found == role)):
            counts[:, row, role] = np.bincount(owner[mask], minlength=len(names))
    draws = np.random.default_rng(SEED).multinomial(len(names), np.full(len(names), 1 / len(names)), size=DRAWS)
    hit, right, told = np.moveaxis(np.einsum("dg,gkr->dkr", draws.astype(float), counts), 1, 0)
    each = 2 * hit / np.maximum(right + told, 1)
    figures = np.hstack((each.mean(axis=1, keepdims=True), each))
    low, high = np.percentile(figures, [2.5, 97.5], axis=0)
    return tuple((float(a), float(b)) for a, b in zip(low, high, strict=True))


def reliability(scores: Any, right: Any) -> tuple[Bin, ...]:  # noqa: ANN401 (vectors)
    """Units by score, in `BINS` equal bins; empty ones are left out."""
    bins = []
    for number in range(BINS):
        low, high = number / BINS, (number + 1) / BINS
        inside = (scores >= low) & ((scores < high) | (number == BINS - 1))
        if inside.any():
            bins.append(Bin(low, high, int(inside.sum()), float(scores[inside].mean()), float(right[inside].mean())))
    return tuple(bins)


def calibration_error(bins: Sequence[Bin]) -> float:
    """Expected calibration error: mean distance of score and share right, weighted by units."""
    total = sum(item.n for item in bins)
    return sum(item.n * abs(item.score - item.right) for item in bins) / total


def soften(points: Any, roles: Any) -> float:  # noqa: ANN401 (a matrix, a vector)
    """The temperature that gives the held-out roles the highest likelihood, in steps of 0.05 between 0.5 and 3."""
    import numpy as np

    def loss(temperature: float) -> float:
        scaled = points / temperature
        top = scaled.max(axis=1, keepdims=True)
        logs = scaled - top - np.log(np.exp(scaled - top).sum(axis=1, keepdims=True))
        return float(-logs[np.arange(len(roles)), roles].mean())

    return min((round(0.5 + 0.05 * step, 2) for step in range(51)), key=loss)


def shares(points: Any) -> Any:  # noqa: ANN401 (a matrix)
    """Points to probabilities, row by row."""
    import numpy as np

    raised = np.exp(points - points.max(axis=1, keepdims=True))
    return raised / raised.sum(axis=1, keepdims=True)


def abstain_threshold(scores: Any, right: Any) -> tuple[float, float, float]:  # noqa: ANN401 (vectors)
    """The threshold below which `WORTH_ASKING` holds (else the lowest), share of units kept, share of them right.

    Of none kept, all are right.
    """
    threshold = THRESHOLDS[0]
    for candidate in THRESHOLDS:
        below = scores < candidate
        if below.any() and 1 - right[below].mean() >= WORTH_ASKING:
            threshold = candidate
    kept = scores >= threshold
    return threshold, float(kept.mean()), float(right[kept].mean()) if kept.any() else 1.0


def transitions(roles: Any, parts: Sequence[tuple[int, int]]) -> Any:  # noqa: ANN401 (a vector; a matrix)
    """Log of how much likelier a role is after another (row; the last row: at a part's beginning) than at large."""
    import numpy as np

    counts = np.full((len(ROLES) + 1, len(ROLES)), SMOOTHING)
    for start, end in parts:
        for at in range(start, end):
            counts[roles[at - 1] if at > start else len(ROLES), roles[at]] += 1
    return np.log(counts / counts.sum(axis=1, keepdims=True)) - np.log(counts.sum(axis=0) / counts.sum())


def decode(points: Any, gains: Any, parts: Sequence[tuple[int, int]], weight: float) -> Any:  # noqa: ANN401
    """The best sequence of roles in each part (Viterbi), transition gains times `weight` added to the points."""
    import numpy as np

    logs, roles = np.log(shares(points) + 1e-12), np.zeros(len(points), dtype=int)
    for start, end in parts:
        best, back = logs[start] + weight * gains[-1], []
        for at in range(start + 1, end):
            step = best[:, None] + weight * gains[:-1]
            back.append(step.argmax(axis=0))
            best = step.max(axis=0) + logs[at]
        role = int(best.argmax())
        for at in range(end - 1, start - 1, -1):
            roles[at] = role
            role = int(back[at - start - 1][role]) if at > start else role
    return roles

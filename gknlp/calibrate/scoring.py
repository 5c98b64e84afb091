"""Detections of planted passages, scored as the PAN competitions do, and intervals for what is scored."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from gknlp.types import Passage

# 95 % intervals: of a mean the percentiles of so many bootstrap draws, of a share Wilson's.
DRAWS = 1000
_NORMAL = 1.959964

# `(report, start, end, other report, start, end)`, the lesser report id first, as in passages.
Span = tuple[str, int, int, str, int, int]


@dataclass(frozen=True, slots=True)
class Case:
    """A planted passage: span in the copy and span in the source, and how it was altered."""

    copy: str
    copy_start: int
    copy_end: int
    source: str
    source_start: int
    source_end: int
    alteration: str


@dataclass(frozen=True, slots=True)
class Score:
    """Macro recall and precision over characters, granularity and plagdet (Potthast et al. 2010; PAN 2013 code)."""

    recall: float
    precision: float
    granularity: float
    plagdet: float


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of each case the detections cover and in how many pieces (0: missed), and the other way round."""

    recalls: tuple[float, ...]
    pieces: tuple[int, ...]
    precisions: tuple[float, ...]


def spans_of(passages: Sequence[Passage]) -> list[Span]:
    """The spans of passages, in their order."""
    return [(p.a_report, p.a_start, p.a_end, p.b_report, p.b_start, p.b_end) for p in passages]


def spans_of_cases(cases: Sequence[Case]) -> list[Span]:
    """The cases in the order of reports that passages have."""
    spans = []
    for c in cases:
        span: Span = (c.copy, c.copy_start, c.copy_end, c.source, c.source_start, c.source_end)
        spans.append(span if c.copy < c.source else (*span[3:], *span[:3]))
    return spans


def plagdet(recall: float, precision: float, granularity: float) -> float:
    """F1 of recall and precision over log2(1 + granularity)."""
    if recall + precision == 0:
        return 0.0
    return 2 * recall * precision / (recall + precision) / math.log2(1 + granularity)


def cover(cases: Sequence[Span], found: Sequence[Span]) -> Coverage:
    """Match detections and cases: two meet only where both sides overlap. Shares count the characters of both sides."""
    by_pair: dict[tuple[str, str], list[int]] = {}
    for number, span in enumerate(found):
        by_pair.setdefault((span[0], span[3]), []).append(number)
    touching: dict[int, list[Span]] = {}
    recalls, pieces = [], []
    for case in cases:
        hits = [n for n in by_pair.get((case[0], case[3]), ()) if overlap(case, found[n])]
        for number in hits:
            touching.setdefault(number, []).append(case)
        recalls.append(_covered(case, [found[number] for number in hits]))
        pieces.append(len(hits))
    precisions = (_covered(span, touching.get(number, [])) for number, span in enumerate(found))
    return Coverage(tuple(recalls), tuple(pieces), tuple(precisions))


def score(cases: Sequence[Span], found: Sequence[Span]) -> Score:
    """The means of `cover`. No cases: recall 1; none found: precision 1; none met: granularity 1."""
    coverage = cover(cases, found)
    recall, precision = (_mean(values) for values in (coverage.recalls, coverage.precisions))
    granularity = _mean([count for count in coverage.pieces if count])
    return Score(recall, precision, granularity, plagdet(recall, precision, granularity))


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 1.0


def overlap(one: Span, other: Span) -> bool:
    """Whether two spans of the same pair of reports have characters in common on both sides."""
    return max(one[1], other[1]) < min(one[2], other[2]) and max(one[4], other[4]) < min(one[5], other[5])


def _covered(span: Span, others: Sequence[Span]) -> float:
    """The share of both sides of `span` that `others` cover."""
    covered = _union(span[1], span[2], [(other[1], other[2]) for other in others])
    covered += _union(span[4], span[5], [(other[4], other[5]) for other in others])
    return covered / (span[2] - span[1] + span[5] - span[4])


def _union(start: int, end: int, others: Sequence[tuple[int, int]]) -> int:
    """How many places of `[start, end)` others cover together."""
    total, reached = 0, start
    for first, last in sorted(others):
        total += max(0, min(end, last) - max(reached, first))
        reached = max(reached, min(end, last))
    return total


def mean_interval(values: Sequence[float], seed: int) -> tuple[float, float]:
    """The 95 % interval of a mean: percentiles of DRAWS bootstrap means. Of one value it is that value."""
    import numpy as np

    data = np.asarray(values, dtype=float)
    means = np.random.default_rng(seed).choice(data, (DRAWS, len(data))).mean(axis=1)
    low, high = np.quantile(means, (0.025, 0.975)).tolist()
    return low, high


def share_interval(hits: int, n: int) -> tuple[float, float]:
    """Wilson's 95 % interval (1927) of a share, n >= 1: holds where shares are near 0 or 1 and n is small."""
    share, square = hits / n, _NORMAL**2
    middle = (share + square / (2 * n)) / (1 + square / n)
    half = _NORMAL / (1 + square / n) * math.sqrt(share * (1 - share) / n + square / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)

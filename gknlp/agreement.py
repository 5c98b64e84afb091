"""How far two annotators of the same reports agree: Krippendorff's alpha per label, with intervals by agency.

The first annotator's units are the items; the second's label of an item is the one most of its characters got, so two
ways of cutting a sentence count against agreement only where they change a label. Source: Krippendorff, Content
Analysis (2004), chapter 11: alpha = 1 - observed / expected disagreement, from the coincidence matrix of values.
"""

from __future__ import annotations

import random
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gknlp.evaluate import Gold
from gknlp.normalize import fold
from gknlp.types import ROLES

Pair = tuple[Any, Any]
DRAWS = 1000
# The interval leaves a fortieth of the draws out on either side.
TAIL = 0.025
SEED = 20261123


@dataclass(frozen=True, slots=True)
class Agreement:
    """Alpha of one label, its interval (agencies drawn with replacement), items and how many are labelled the same."""

    label: str
    alpha: float
    low: float
    high: float
    items: int
    same: int


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One item that two annotators label differently."""

    stem: str
    text: str
    label: str
    first: str
    second: str


def nominal(a: object, b: object) -> float:
    """0 for the same value, 1 for another."""
    return float(a != b)


def interval(a: float, b: float) -> float:
    """The squared difference."""
    return float((a - b) ** 2)


def alpha(pairs: Sequence[Pair], distance: Callable[[Any, Any], float]) -> float:
    """Krippendorff's alpha of two raters without gaps; 1 where no value differs, nan of nothing.

    >>> round(alpha([("a", "a"), ("a", "b"), ("b", "b"), ("b", "b")], nominal), 4)
    0.5333
    """
    if not pairs:
        return float("nan")
    values = Counter(value for pair in pairs for value in pair)
    total = sum(values.values())
    observed = sum(distance(a, b) for a, b in pairs) / len(pairs)
    expected = sum(
        n * m * distance(a, b) for a, n in values.items() for b, m in values.items()
    ) / (total * (total - 1))
    return 1.0 - observed / expected if expected else 1.0


def compare(
    first: Sequence[Gold], second: Sequence[Gold], texts: Mapping[str, str]
) -> tuple[list[Agreement], list[Disagreement]]:
    """Agreement on the reports that both annotated (`texts` by stem), and every item they label differently.

    Labels: `role` and each role alone (nominal), `specificity` of what both call a plan (interval), `formulaic`
    (nominal). Reports in the order of the first, items in the order of the text.
    """
    by_stem = {gold.stem: gold for gold in second}
    rows: list[tuple[str, str, Mapping[str, Any], Mapping[str, Any]]] = []
    for gold in first:
        if gold.stem in by_stem and gold.stem in texts:
            agency = min(gold.names, default=gold.stem)
            rows.extend(
                (agency, gold.stem, a, b) for a, b in _pair_units(gold, by_stem[gold.stem], fold(texts[gold.stem]).text)
            )
    tasks: list[tuple[str, Callable[..., Pair | None], Callable[[Any, Any], float]]] = [
        ("role", lambda a, b: (a["role"], b["role"]), nominal),
        *((role, lambda a, b, role=role: (a["role"] == role, b["role"] == role), nominal) for role in ROLES),
        ("specificity", _grades, interval),
        ("formulaic", lambda a, b: (a["formulaic"], b["formulaic"]), nominal),
    ]
    found = [_agreement(name, rows, values, distance) for name, values, distance in tasks]
    different = [
        Disagreement(stem, a["text"], label, str(a[label]), str(b[label]))
        for _, stem, a, b in rows
        for label in ("role", "specificity", "formulaic")
        if a[label] != b[label] and (label != "specificity" or _grades(a, b))
    ]
    return found, different


def _grades(a: Mapping[str, Any], b: Mapping[str, Any]) -> Pair | None:
    """Both grades, where both call it a plan."""
    if a["specificity"] is None or b["specificity"] is None:
        return None
    return a["specificity"], b["specificity"]


def _agreement(
    name: str, rows: Sequence[tuple[str, str, Mapping[str, Any], Mapping[str, Any]]],
    values: Callable[..., Pair | None], distance: Callable[[Any, Any], float],
) -> Agreement:
    """Alpha with its interval by drawing whole agencies."""
    groups: dict[str, list[Pair]] = {}
    for agency, _, a, b in rows:
        pair = values(a, b)
        if pair is not None:
            groups.setdefault(agency, []).append(pair)
    pairs = [pair for group in groups.values() for pair in group]
    rng = random.Random(SEED)
    names = sorted(groups)
    drawn = sorted(
        alpha([pair for agency in rng.choices(names, k=len(names)) for pair in groups[agency]], distance)
        for _ in range(DRAWS if names else 0)
    )
    low, high = (drawn[int(TAIL * DRAWS)], drawn[int((1 - TAIL) * DRAWS) - 1]) if drawn else (float("nan"),) * 2
    return Agreement(name, alpha(pairs, distance), low, high, len(pairs), sum(a == b for a, b in pairs))


def _pair_units(
    first: Gold, second: Gold, text: str
) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Each unit of the first with the unit of the second that covers most of it; units that meet none are left out."""
    places = _place(second, text)
    starts = [start for start, _, _ in places]
    pairs = []
    for start, end, unit in _place(first, text):
        best: tuple[int, Mapping[str, Any]] | None = None
        for k in range(max(0, bisect_left(starts, start) - 1), len(places)):
            left, right, other = places[k]
            if left >= end:
                break
            shared = min(end, right) - max(start, left)
            if shared > 0 and (best is None or shared > best[0]):
                best = (shared, other)
        if best is not None:
            pairs.append((unit, best[1]))
    return pairs


def _place(gold: Gold, text: str) -> list[tuple[int, int, Mapping[str, Any]]]:
    """Where the units of an annotation stand in folded text, in order; a quotation that is not there is left out."""
    placed = []
    at = 0
    for unit in gold.units:
        words = fold(unit["text"]).text
        found = text.find(words, at) if words else -1
        if found >= 0:
            at = found + len(words)
            placed.append((found, at, unit))
    return placed

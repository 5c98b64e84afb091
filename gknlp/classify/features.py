"""What the role model sees of a unit: its characters, the cues found in it, its place in the part, its neighbours.

The same functions serve training and prediction. Features are named facts (a cue's rule id, `section.plans`), figures
(`FIGURES`) and hashed grams of one and two characters of the view that cues are matched on, digits made 0.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from gknlp.classify.cues import CueBook, CueRule, View, match_cues, view
from gknlp.classify.roles import ROLE_CAP, Decision, decide_roles, heading_role
from gknlp.types import ROLES, SECTION_IDS, Subheading, Unit

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float64]
    Indices = NDArray[np.int64]

# 16,384 rows: the specimen corpus has some 15,000 different grams; a collision costs less than a file of megabytes.
GRAM_BITS = 14
# Points and leads are halved, so that a usual cue (2 points) weighs as much as a fact.
_POINT_SCALE = 0.5
# A lead of more points than this over the best role says no more.
_LEAD_CAP = 6.0
FIGURES = (
    *(f"points.{role}" for role in ROLES), *(f"lead.{role}" for role in ROLES),
    *(f"before.{role}" for role in ROLES), *(f"after.{role}" for role in ROLES), "place",
)
_KINDS = ("han", "paren", "nth", "digit", "circle", "word")
_ENDS = {"。": "full_stop", ";": "semicolon", ":": "colon", ",": "comma"}
_SIDES = ("before", "after")
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Seen:
    """One unit as the rules saw it: its view, the cues of shipped and of own rules, and its decision by the rules."""

    unit: Unit
    view: View
    cues: Sequence[CueRule]
    own_cues: Sequence[CueRule]
    decision: Decision


def see_units(units: Sequence[Unit], subheadings: Sequence[Subheading], book: CueBook) -> list[Seen]:
    """Views, cues and the rules' decisions of the units of reports; equal texts in equal parts are matched once."""
    views: dict[str, View] = {}
    matched: dict[tuple[str, str], list[CueRule]] = {}
    for unit in units:
        key = (unit.text, unit.section)
        if unit.text not in views:
            views[unit.text] = view(unit.text, book)
        if key not in matched:
            matched[key] = match_cues(views[unit.text], unit.section, book)
    seen = [views[unit.text] for unit in units]
    cues = [matched[unit.text, unit.section] for unit in units]
    decisions = decide_roles(units, seen, cues, book, subheadings)
    own = [[cue for cue in found if cue.own] for found in cues]
    shipped = [[cue for cue in found if not cue.own] if mine else found for found, mine in zip(cues, own, strict=True)]
    return [Seen(*of_unit) for of_unit in zip(units, seen, shipped, own, decisions, strict=True)]


def fact_names(book: CueBook) -> tuple[str, ...]:
    """Every fact a unit can have, in the order of the model's rows; cues of a user's own rules are none of them."""
    return (
        *(rule.id for rule in book.rules if not rule.own),
        *(f"{place}.{section}" for place in ("section", "opens", "closes") for section in SECTION_IDS),
        *(f"marker.{kind}" for kind in _KINDS), "marker.first",
        *(f"end.{name}" for name in (*_ENDS.values(), "other")),
        *(f"heading.{role}" for role in ("problem", "plan", "other")),
        *(f"{side}.{fact}" for side in _SIDES for fact in ("none", "marker", "first", "colon")),
    )


def unit_facts(seen: Sequence[Seen], subheadings: Sequence[Subheading]) -> list[list[str]]:
    """The facts of each unit, in order; neighbours are those of the same part. Cost: linear."""
    headings = _headings(seen, subheadings)
    last = len(seen) - 1
    facts = []
    for at, item in enumerate(seen):
        unit, view = item.unit, item.view
        before = seen[at - 1] if at and _together(seen[at - 1], item) else None
        after = seen[at + 1] if at < last and _together(item, seen[at + 1]) else None
        found = [rule.id for rule in item.cues]
        found.append(f"section.{unit.section}")
        found.append(f"end.{_ENDS.get(view.core[-1:], 'other')}")
        if before is None:
            found.append(f"opens.{unit.section}")
        if after is None:
            found.append(f"closes.{unit.section}")
        if view.kind:
            found.append(f"marker.{view.kind}")
        if view.first:
            found.append("marker.first")
        if headings[at]:
            found.append(f"heading.{headings[at]}")
        found.extend(_neighbour_facts("before", before))
        found.extend(_neighbour_facts("after", after))
        facts.append(found)
    return facts


def _together(one: Seen, other: Seen) -> bool:
    return one.unit.section_order == other.unit.section_order and one.unit.order < other.unit.order


def _neighbour_facts(side: str, other: Seen | None) -> list[str]:
    if other is None:
        return [f"{side}.none"]
    view = other.view
    flags = (("marker", view.kind is not None), ("first", view.first), ("colon", view.core.endswith(":")))
    return [f"{side}.{name}" for name, holds in flags if holds]


def _headings(seen: Sequence[Seen], subheadings: Sequence[Subheading]) -> list[str]:
    """What the last sub-heading above each unit announces: problem, plan, other, or "" where there is none."""
    waiting = sorted(subheadings, key=lambda heading: heading.start)
    result = []
    at = 0
    part: int | None = None
    current = ""
    for item in seen:
        if item.unit.section_order != part:
            part, current = item.unit.section_order, ""
        while at < len(waiting) and waiting[at].start <= item.unit.start:
            if waiting[at].section_order == part:
                current = heading_role(waiting[at].text) or "other"
            at += 1
        result.append(current)
    return result


def unit_figures(seen: Sequence[Seen]) -> Matrix:
    """A row per unit, a column per `FIGURES`: cue points of the unit and its neighbours, the rules' leads, place."""
    import numpy as np

    n, k = len(seen), len(ROLES)
    points = np.zeros((n, k))
    for at, item in enumerate(seen):
        for rule in item.cues:
            points[at, ROLES.index(rule.role)] += rule.weight
    points = np.minimum(points, ROLE_CAP) * _POINT_SCALE
    totals = np.array([[item.decision.points[role] for role in ROLES] for item in seen]).reshape(n, k)
    leads = np.maximum(totals - totals.max(axis=1, initial=-np.inf, keepdims=True), -_LEAD_CAP) * _POINT_SCALE
    joined = np.array([_together(one, other) for one, other in pairwise(seen)], dtype=float)[:, None]
    before, after = np.zeros((n, k)), np.zeros((n, k))
    before[1:], after[:-1] = points[:-1] * joined, points[1:] * joined
    return np.hstack((points, leads, before, after, _places(seen)[:, None]))


def _places(seen: Sequence[Seen]) -> Any:  # noqa: ANN401 (a vector)
    """Where each unit stands in its part: 0 the first, 1 the last; the only one 0."""
    import numpy as np

    places = np.zeros(len(seen))
    start = 0
    for at in range(1, len(seen) + 1):
        if at == len(seen) or not _together(seen[at - 1], seen[at]):
            size = at - start
            places[start:at] = np.arange(size) / max(1, size - 1)
            start = at
    return places


def hashed_grams(texts: Sequence[str]) -> tuple[Indices, Indices, Matrix]:
    """Rows of the gram table, the text each occurrence belongs to, and the weight of one occurrence in it.

    An occurrence weighs 1 / sqrt(grams of the text), so that length does not count. Texts are framed by ^ and $.
    """
    import numpy as np

    single, double, pairs, sizes = _hash(texts)
    owner = np.repeat(np.arange(len(texts)), sizes)
    return np.concatenate((single, double)), np.concatenate((owner, owner[pairs])), 1 / np.sqrt(2 * sizes - 1)


def _hash(texts: Sequence[str]) -> tuple[Indices, Indices, Indices, Indices]:
    """Rows of single characters and of pairs, where the pairs begin, and the framed length of each text."""
    import numpy as np

    framed = [f"^{_DIGIT.sub('0', text)}$" for text in texts]
    codes = np.frombuffer("".join(framed).encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64)
    sizes = np.array([len(text) for text in framed], dtype=np.int64)
    inside = np.ones(len(codes), dtype=bool)
    inside[np.cumsum(sizes) - 1] = False
    pairs = np.flatnonzero(inside)
    spread, shift = np.uint64(0x9E3779B97F4A7C15), np.uint64(64 - GRAM_BITS)
    single = (codes * spread) >> shift
    double = ((codes[pairs] * np.uint64(1_000_003) + codes[pairs + 1] + np.uint64(1)) * spread) >> shift
    return single.astype(np.int64), double.astype(np.int64), pairs, sizes


def gram_scores(texts: Sequence[str], weights: Matrix) -> Matrix:
    """What the grams of each text say for each column of `weights`: one row per text. Cost: linear."""
    import numpy as np

    if not texts:
        return np.zeros((0, weights.shape[1]))
    single, double, pairs, sizes = _hash(texts)
    points = weights[single]
    points[pairs] += weights[double]
    sums: Matrix = np.add.reduceat(points, np.cumsum(sizes) - sizes, axis=0)
    return sums / np.sqrt(2 * sizes - 1)[:, None]

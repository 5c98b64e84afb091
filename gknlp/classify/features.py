"""What the role model sees of a unit: its characters, the cues found in it, its place in the part, its neighbours.

The same functions serve training and prediction. Features are named facts (a cue's rule id, `section.plans`), figures
(`FIGURES`) and hashed grams of one and two characters of the view that cues are matched on, digits made 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from gknlp.classify.cues import CueBook, CueRule, View, match_cues
from gknlp.classify.roles import ROLE_CAP, Decision, decide_roles, heading_role
from gknlp.types import ROLES, SECTION_IDS, Subheading, Unit

if TYPE_CHECKING:
    from gknlp.classify.grams import Matrix

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


class Seen(NamedTuple):
    """One unit as the rules saw it: its view, the cues of shipped and of own rules, and its decision by the rules."""

    unit: Unit
    view: View
    cues: Sequence[CueRule]
    own_cues: Sequence[CueRule]
    decision: Decision


def see_units(
    units: Sequence[Unit], views: Mapping[str, View], subheadings: Sequence[Subheading], book: CueBook
) -> list[Seen]:
    """Cues and the rules' decisions of the units of reports; equal texts in equal parts are matched once."""
    matched = {
        (text, section): match_cues(views[text], section, book)
        for text, section in dict.fromkeys((unit.text, unit.section) for unit in units)
    }
    seen = [views[unit.text] for unit in units]
    cues = [matched[unit.text, unit.section] for unit in units]
    decisions = decide_roles(units, seen, cues, book, subheadings)
    own: list[list[CueRule]] = [[]] * len(units)
    shipped = cues
    if any(rule.own for rule in book.rules):
        own = [[cue for cue in found if cue.own] for found in cues]
        shipped = [[cue for cue in found if not cue.own] for found in cues]
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
    if not subheadings:
        return [""] * len(seen)
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
    column = {role: at for at, role in enumerate(ROLES)}
    for row, item in zip(points, seen, strict=True):
        for rule in item.cues:
            row[column[rule.role]] += rule.weight
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

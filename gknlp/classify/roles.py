"""The role of each unit: cue rules, the part it stands in, and what its neighbours have been doing.

Points add up per role: the prior of the part, the running state of the part (problems are being listed, measures are
being listed), and each cue found. The highest role wins; how far it stands above the others is its score.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from gknlp.classify.cues import CueBook, CueRule, View, match_cues, plain_section
from gknlp.types import ROLES, Subheading, Unit

# Points to probability: a lead of one point reads as 0.73 against one rival. Chosen so that a single strong cue (3.5)
# in a part without prior ends near 0.9; the model's scores, not these, are calibrated on annotations.
_TEMPERATURE = 1.0
# Points beyond this add nothing: five weak cues are not surer than two strong ones.
ROLE_CAP = 7.0
# A lead-in (… ：) passes its role to the items of its list; an earlier item to the next; a neighbour in passing.
_LEAD_IN_BONUS = 1.6
_ITEM_BONUS = 0.9
_NEIGHBOUR_BONUS = 0.5
# Plans come in a row at the end of a part; a unit that tells nothing as done after a plan is mostly one more.
_PLAN_GOES_ON = 1.3
# A role surer than this changes the state of a part.
_SURE = 0.6
# The year of the report at the beginning of a unit, and a later year: told, and promised.
_YEAR_TOLD, _YEAR_AHEAD = 1.2, 2.0

_PARTS_WITH_STATE = frozenset(("problems",))
# A unit among problems that has a cue of these and none of a problem is a measure in between.
_DEEDS = frozenset(("plan", "work"))
# Elsewhere every unit may begin with the year.
_PARTS_WITH_YEAR = frozenset(("problems", "plans", "other"))
_HEADING_PLAN = re.compile("改进|整改|措施|下一步|打算|今后|计划|思路|对策|安排|努力方向")
_HEADING_PROBLEM = re.compile("问题|不足|困难|差距|短板")
_PERIOD = re.compile(r"(20\d\d)年(?:1月1日|度)")
_LEADING_YEAR = re.compile(r"[^,。;]{0,14}?(20\d\d)年")


class Decision(NamedTuple):
    """The points of all roles, the best role, its share of probability, and the rules that spoke for it."""

    role: str
    score: float
    by: str
    points: Mapping[str, float]


@dataclass(slots=True)
class _Part:
    """What is known while the units of one part are walked through."""

    section: str
    state: str | None = None
    list_role: str | None = None
    last_kind: str | None = None
    in_list: bool = False
    lead_in: str | None = None
    previous: str | None = None
    headings: list[Subheading] = field(default_factory=list)


def decide_roles(
    units: Sequence[Unit], views: Sequence[View], cues: Sequence[Sequence[CueRule]], book: CueBook,
    subheadings: Sequence[Subheading] = (),
) -> list[Decision]:
    """One decision per unit, in order; `views` and `cues` are each unit's own.

    The units of a report come in order; a new `section_order`, or an order that
    falls back, starts a new part.
    """
    decisions: list[Decision] = []
    years = _report_years(units)
    part: _Part | None = None
    last: Unit | None = None
    for unit, seen, found, year in zip(units, views, cues, years, strict=True):
        if part is None or last is None or unit.section_order != last.section_order or unit.order <= last.order:
            part = _open_part(unit, subheadings)
        _pass_headings(part, unit)
        context = _context(part, seen, year, found, book)
        decision = _decide(found, context, unit.section, book)
        _advance(part, seen, decision, found)
        decisions.append(decision)
        last = unit
    return decisions


def decide_plain(text: str, seen: View, book: CueBook) -> Decision:
    """The decision for a string that stands alone: no part, no neighbours."""
    section = plain_section(text, seen, book)
    return _decide(match_cues(seen, section, book), {}, section, book)


def _decide(
    cues: Sequence[CueRule], context: Mapping[str, Mapping[str, float]], section: str, book: CueBook
) -> Decision:
    points = dict.fromkeys(ROLES, 0.0)
    for cue in cues:
        points[cue.role] += cue.weight
    if max(points.values()) > ROLE_CAP:
        points = {role: min(value, ROLE_CAP) for role, value in points.items()}
    extras = {f"section.{section}": book.priors.get(section, {}), **context}
    for extra in extras.values():
        for role, value in extra.items():
            points[role] += value
    best = max(points, key=points.__getitem__)
    top, exp = points[best], math.exp
    total = sum([exp((value - top) / _TEMPERATURE) for value in points.values()])
    spoke = [(-cue.weight, cue.id) for cue in cues if cue.role == best and cue.weight > 0]
    spoke += [(-extra[best], name) for name, extra in extras.items() if extra.get(best, 0.0) > 0]
    spoke.sort()
    return Decision(best, round(1 / total, 4), "+".join([name for _, name in spoke[:3]]) or "none", points)


def _open_part(unit: Unit, subheadings: Sequence[Subheading]) -> _Part:
    headings = sorted((h for h in subheadings if h.section_order == unit.section_order), key=lambda h: h.start)
    return _Part(unit.section, "problem" if unit.section in _PARTS_WITH_STATE else None, headings=headings)


def _pass_headings(part: _Part, unit: Unit) -> None:
    """Sub-headings before the unit set the state of its part: (一)存在的问题 … (二)改进措施."""
    while part.headings and part.headings[0].start <= unit.start:
        role = heading_role(part.headings.pop(0).text)
        if role or part.section not in _PARTS_WITH_STATE:
            part.state = role
        part.in_list, part.lead_in, part.list_role, part.previous = False, None, None, None


def heading_role(text: str) -> str | None:
    """What a sub-heading announces: problems, plans, or neither."""
    problem, plan = _HEADING_PROBLEM.search(text), _HEADING_PLAN.search(text)
    if problem and not (plan and text.startswith("针对")):
        return "problem"
    return "plan" if plan else None


def _context(
    part: _Part, seen: View, year: int | None, cues: Sequence[CueRule], book: CueBook
) -> dict[str, dict[str, float]]:
    """The points that the part's state and the neighbours give, by name of their source."""
    context: dict[str, dict[str, float]] = {}
    state = part.state
    restarts = seen.first and part.in_list and seen.kind == part.last_kind and part.list_role == "problem"
    if seen.kind and part.in_list and part.list_role and part.list_role in book.states and not restarts:
        # An item continues the list's role, whatever stood between the items ("一是…不足。今后…").
        state = part.list_role if part.state is not None else state
        if part.list_role != "problem" or not any(cue.role in _DEEDS for cue in cues):
            context["list.item"] = {part.list_role: _ITEM_BONUS}
    if state:
        name = state
        if state == "problem":
            measure = not any(cue.role == "problem" for cue in cues) and any(cue.role in _DEEDS for cue in cues)
            name = "restart" if restarts else "problem_without_cue" if measure else state
        context[f"state.{name}"] = dict(book.states.get(name, {}))
    if part.lead_in and (seen.kind or not part.in_list):
        context["lead_in"] = {part.lead_in: _LEAD_IN_BONUS}
    elif part.previous in ("problem", "plan") and part.state != part.previous:
        told = any(cue.role in ("work", "nil", "background") for cue in cues)
        bonus = _NEIGHBOUR_BONUS if part.previous == "problem" or told else _PLAN_GOES_ON
        context["neighbour"] = {part.previous: bonus}
    leading = _LEADING_YEAR.match(seen.core)
    if year and leading and part.section in _PARTS_WITH_YEAR and int(leading.group(1)) in (year, year + 1):
        ahead = int(leading.group(1)) > year
        context["year"] = {"plan": _YEAR_AHEAD} if ahead else {"work": _YEAR_TOLD}
    return context


def _advance(part: _Part, seen: View, decision: Decision, cues: Sequence[CueRule]) -> None:
    """Carry what this unit did to the next one."""
    role = decision.role
    if seen.kind:
        part.in_list, part.list_role, part.last_kind = True, role, seen.kind
    if seen.core.endswith(":") and role in ("problem", "plan", "work"):
        part.lead_in, part.in_list = role, False
    elif part.lead_in and not seen.kind:
        part.lead_in = None
    turns = role in ("problem", "plan")
    if part.section in _PARTS_WITH_STATE:
        if turns or (part.lead_in == "work" and role == "work"):
            part.state = role
    elif part.state and turns and decision.score > _SURE:
        part.state = role
    part.previous = role


def _report_years(units: Sequence[Unit]) -> list[int | None]:
    """The report's year as its units tell it (period of the statistics, else the first year named), unit by unit."""
    years: list[int | None] = []
    current: int | None = None
    fixed = False
    last: Unit | None = None
    for unit in units:
        if last is not None and unit.order <= last.order:
            current, fixed = None, False
        if not fixed and "年" in unit.text:
            found = _PERIOD.search(unit.text.replace(" ", ""))
            if found:
                current, fixed = int(found.group(1)), True
        years.append(current)
        last = unit
    return years

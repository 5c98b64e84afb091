"""How far an outsider could check a commitment next year: grade 0-3 and the slots that make it (gold/GUIDE.md)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from gknlp.classify.prefilter import Prefilter, bit_numbers
from gknlp.normalize import fold_width
from gknlp.resources import load_toml
from gknlp.types import Slot

_CLAUSE = re.compile("[^,;。!?:、]*(?:、[^,;。!?:、]*)*")
# What stands in quotation marks is a slogan or a name: its words are neither acts nor directions.
_QUOTED = re.compile("[“\"][^“”\"\n]{1,60}[”\"]")
_CHECKABLE = frozenset(("quantity", "time", "responsible"))
_ORDER = ("what", "quantity", "time", "document", "responsible")


@dataclass(frozen=True, slots=True)
class GradeRules:
    """models/specificity.toml, compiled: `slots` by name, acts (2), directions (1), aims (0), everyone's documents."""

    slots: tuple[tuple[str, re.Pattern[str]], ...]
    acts: re.Pattern[str]
    directions: re.Pattern[str]
    aims: re.Pattern[str]
    generic_documents: re.Pattern[str]
    prefilter: Prefilter


@cache
def load_grade_rules() -> GradeRules:
    """The rules of models/specificity.toml, compiled once per process."""
    data = load_toml("models/specificity.toml")
    slots: dict[str, list[str]] = {}
    for entry in data["slot"]:
        slots.setdefault(entry["slot"], []).append(f"(?:{entry['pattern']})")
    grades = {grade: [f"(?:{e['pattern']})" for e in data["grade"] if e["grade"] == grade] for grade in (1, 2)}
    joined = {slot: "|".join(patterns) for slot, patterns in slots.items()}
    return GradeRules(
        slots=tuple((slot, re.compile(pattern)) for slot, pattern in joined.items()),
        acts=re.compile("|".join(grades[2])),
        directions=re.compile("|".join(grades[1])),
        aims=re.compile("|".join(f"(?:{e['pattern']})" for e in data["aim"])),
        generic_documents=re.compile(data["generic"]["documents"]),
        prefilter=Prefilter(list(joined.values())),
    )


def grade_plan(text: str, view: str, candidates: int, rules: GradeRules) -> tuple[int, tuple[Slot, ...]]:
    """Grade of a plan and its slots; slot spans index `text`, ordered by start, then by slot.

    `view` is the text in half width without white space; `candidates` has a bit for each slot worth looking for
    (`rules.prefilter`). The most concrete clause decides; grade 3 is grade 2 with a time, quantity, document or
    responsible unit. A document that every agency names (《条例》) is a slot of no commitment. Text without a clause
    gives grade 0. Cost: linear.
    """
    kept = enumerate(fold_width(text))
    offsets = None if len(view) == len(text) else [at for at, character in kept if not character.isspace()]
    plain = _QUOTED.sub(lambda match: "□" * len(match.group()), view)
    grade, aims = 0, False
    what: tuple[int, int] | None = None
    for clause in _CLAUSE.finditer(plain):
        if not clause.group():
            continue
        found = rules.acts.search(plain, clause.start(), clause.end())
        if found:
            level = 2
        elif rules.aims.search(clause.group()):
            aims = True
            continue
        else:
            found = rules.directions.search(plain, clause.start(), clause.end())
            level = 1 if found else 0
        if found and level > grade:
            grade, what = level, found.span()
    if grade == 0 and not aims:
        # No known act, direction or aim: unusual words are more often a deed than a slogan, so not the lowest grade.
        grade = 1
    slots = _named_slots(text, view, offsets, candidates, rules)
    if what is not None:
        slots.append(_slot("what", what, offsets, text))
    named = {slot.slot for slot in slots}
    if named & _CHECKABLE or (grade == 2 and "document" in named):
        # Who counts, dates or names a doer has an act in mind, whatever its verb; a title may only be invoked.
        grade = 3
    return grade, tuple(sorted(slots, key=lambda slot: (slot.start, _ORDER.index(slot.slot))))


def _named_slots(
    text: str, view: str, offsets: list[int] | None, candidates: int, rules: GradeRules
) -> list[Slot]:
    slots = []
    for number in bit_numbers(candidates):
        name, pattern = rules.slots[number]
        for match in pattern.finditer(view):
            if match.end() == match.start():
                continue
            if name == "document" and rules.generic_documents.search(match.group()):
                continue
            slots.append(_slot(name, match.span(), offsets, text))
    return slots


def _slot(name: str, span: tuple[int, int], offsets: list[int] | None, text: str) -> Slot:
    start, end = span
    if offsets is not None:
        start, end = offsets[start], offsets[end - 1] + 1
    return Slot(name, start, end, text[start:end])

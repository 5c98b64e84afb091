"""What an inspector and a researcher read: links, measures, flags."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Link:
    """A problem and a plan of the same report that answers it, by unit order; score in 0..1."""

    problem_order: int
    plan_order: int
    score: float


@dataclass(frozen=True, slots=True)
class Measure:
    """A named measure of a report or section; `value` None where too little text allows no ratio, `note` says so."""

    report_id: str
    section: str | None
    measure: str
    value: float | None
    reference: str
    n: int
    note: str


@dataclass(frozen=True, slots=True)
class Flag:
    """Something to look at: `severity` high, medium or low; `evidence` quotes the place (JSON with spans and ids)."""

    flag_id: str
    report_id: str
    flag: str
    severity: str
    reason: str
    evidence: str

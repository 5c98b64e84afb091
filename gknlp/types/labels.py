"""What classification and keywords give: labels with slots and themes, tokens, keywords."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Slot:
    """A part of a commitment (`what`, `quantity`, `time`, `document`, `responsible`); span in the unit's text."""

    slot: str
    start: int
    end: int
    value: str


@dataclass(frozen=True, slots=True)
class Theme:
    """What a problem or plan is about, with a score in 0..1."""

    theme: str
    score: float


@dataclass(frozen=True, slots=True)
class Label:
    """What a unit does: always the best role; doubt is `abstained`. `specificity` 0-3 for plans, else None.

    Scores lie in 0..1. `by` names the rules or the model that decided.
    """

    role: str
    role_score: float
    abstained: bool
    specificity: int | None
    formulaic: bool
    formulaic_score: float
    by: str
    slots: tuple[Slot, ...] = ()
    themes: tuple[Theme, ...] = ()


@dataclass(frozen=True, slots=True)
class Token:
    """A word with its span in the text that was tokenized."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Keyword:
    """A keyword with its score (higher is more typical) and rank from 1; `section` None for the whole report."""

    term: str
    score: float
    rank: int
    method: str
    section: str | None = None

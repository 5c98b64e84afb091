"""The swap test: could the unit stand in another agency's report without anyone noticing (gold/GUIDE.md)?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from gknlp.classify.grams import HashedTexts
from gknlp.classify.prefilter import Prefilter, bit_numbers
from gknlp.resources import load_toml

# What ties a unit to its agency adds up; one sure tie (a figure, a named local document) is 1 or more.
_THRESHOLD = 1.0


@dataclass(frozen=True, slots=True)
class TieRules:
    """models/formulaic.toml, compiled: `ties` with their points, the document pattern, what is blanked first."""

    ties: tuple[tuple[str, float, re.Pattern[str], re.Pattern[str] | None], ...]
    document: re.Pattern[str]
    document_points: float
    generic: re.Pattern[str]
    blank: re.Pattern[str]
    blank_clue: re.Pattern[str]
    prefilter: Prefilter


@cache
def load_tie_rules() -> TieRules:
    """The rules of models/formulaic.toml, compiled once per process."""
    data = load_toml("models/formulaic.toml")
    return TieRules(
        ties=tuple(
            (e["id"], float(e["points"]), re.compile(e["pattern"]), re.compile(e["clue"]) if "clue" in e else None)
            for e in data["tie"]
        ),
        document=re.compile(data["document"]["pattern"]),
        document_points=float(data["document"]["points"]),
        generic=re.compile(data["document"]["generic"]),
        blank=re.compile("|".join(f"(?:{e['pattern']})" for e in data["blank"])),
        blank_clue=re.compile("|".join(e["clue"] for e in data["blank"])),
        prefilter=Prefilter([e["pattern"] for e in data["tie"]]),
    )


def tie_points(texts: Sequence[str], hashed: HashedTexts, rules: TieRules) -> list[float]:
    """What ties each text (half width, no white space; and hashed) to its agency, in points. Cost: linear.

    Bad at local names that carry the content without any other sign (no gazetteer here).
    """
    candidates = rules.prefilter.candidates(hashed)
    return [_points(text, bits, rules) for text, bits in zip(texts, candidates, strict=True)]


def _points(text: str, bits: int, rules: TieRules) -> float:
    points, plain = 0.0, text
    if "《" in text:
        points = sum(rules.document_points for name in rules.document.findall(text) if not rules.generic.search(name))
        plain = rules.document.sub("《》", text)
    if bits and rules.blank_clue.search(plain):
        plain = rules.blank.sub("□", plain)
    for number in bit_numbers(bits):
        _, value, pattern, clue = rules.ties[number]
        if (clue is None or clue.search(plain)) and pattern.search(plain):
            points += value
    return points


def swap_test(points: float, role: str) -> tuple[bool, float]:
    """Whether a unit with these `tie_points` is a set phrase, and the score of that (0..1; 0.5 is the border).

    Background that tells the basis, period, parts or contact stays a set phrase whatever figures it holds, and so does
    "nothing to report".
    """
    if role in ("background", "nil"):
        # Their figures are dates, addresses and zeros; only a strong tie (two kinds at once) makes them particular.
        points -= 1.2
    score = 1 / (1 + 2.718281828459045 ** (2.5 * (points - _THRESHOLD + 0.1)))
    return points < _THRESHOLD, round(score, 4)

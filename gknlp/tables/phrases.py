"""What stands in a sentence with a number: measures, and what the words around them say they count.

Everything works on a compact view: width folded, without white space and quotation marks, mapped back to the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from gknlp.normalize import fold_width
from gknlp.resources import load_toml

CLAIMS = "models/claims.toml"
# Words before a number are read this far back: the longest label of the form with its introduction has under 60.
REACH = 80

_UNITS = "件次|万元|亿元|人次|件|份|条|项|个|次|起|宗|例|篇|期|场|元|%|批|部|册|本|人|户"
_MEASURE = re.compile(
    r"(?P<about>近|约|超过?|逾|突破|达到近|不足|不少于|至少|以上)?(?<![\d.A-Za-z第])"
    r"(?P<digits>\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?P<fraction>\.\d+)?(?P<scale>万|亿)?(?P<more>余|多|来)?"
    rf"(?P<unit>{_UNITS})(?P<above>以上|左右)?"
)
_CHINESE = re.compile(
    r"(?<![一二两三四五六七八九十百千零第每这那某各同逐])(?P<digits>[一二两三四五六七八九十百零]{1,5})"
    r"(?P<more>余|多)?(?P<unit>件)(?!一)"
)
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2}


@dataclass(frozen=True, slots=True)
class Compact:
    """A text without white space and quotation marks, and for each character its offset in the text."""

    text: str
    offsets: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span in the text of a non-empty span of the view."""
        return self.offsets[start], self.offsets[end - 1] + 1


@dataclass(frozen=True, slots=True)
class Measure:
    """A number with its unit, `[start, end)` in the compact view; `about` where the text itself says roughly."""

    number: float
    unit: str
    about: bool
    start: int
    end: int
    ideographs: bool = False
    decimals: int = 0


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of `models/claims.toml`; patterns are compiled, `target` is the entry's own table of ids."""

    id: str
    before: re.Pattern[str] | None
    after: re.Pattern[str] | None
    after_needs: re.Pattern[str] | None
    needs: re.Pattern[str] | None
    firm: bool
    target: Mapping[str, Any]


def compact(text: str) -> Compact:
    """The compact view of a text."""
    kept = [(c, i) for i, c in enumerate(fold_width(text)) if not c.isspace() and c not in "\"'《》"]
    return Compact("".join(c for c, _ in kept), tuple(i for _, i in kept))


def find_measures(view: str) -> list[Measure]:
    """All numbers with a unit in a compact text, in order; numbers in ideographs only before 件."""
    found = [_measure(m) for m in _MEASURE.finditer(view)]
    for match in _CHINESE.finditer(view):
        number = _ideographs(match["digits"])
        if number is not None:
            found.append(Measure(number, "件", bool(match["more"]), match.start(), match.end(), True))
    return sorted(found, key=lambda m: m.start)


def _measure(match: re.Match[str]) -> Measure:
    fraction = match["fraction"] or ""
    number = float(match["digits"].replace(",", "") + fraction)
    scale = {"万": 1e4, "亿": 1e8}.get(match["scale"] or "", 1.0)
    unit = match["unit"]
    if unit in ("万元", "亿元"):
        unit, scale = "元", {"万元": 1e4, "亿元": 1e8}[unit]
    about = any(match[name] for name in ("about", "more", "above", "scale"))
    return Measure(round(number * scale, 6), unit, about, match.start("digits"), match.end("unit"),
                   decimals=max(0, len(fraction) - 1))


def _ideographs(text: str) -> float | None:
    """The value of a number below 1,000 in ideographs, None where it is none (`二三`)."""
    total, digit = 0, None
    for character in text:
        if character in _DIGITS:
            if digit is not None and digit != 0:
                return None
            digit = _DIGITS[character]
        else:
            weight = 10 if character == "十" else 100
            total += (1 if digit is None else digit) * weight
            digit = None
    return float(total + (digit or 0))


@cache
def load_rules() -> tuple[Rule, ...]:
    """The rules for stated numbers, in the order in which they are tried."""
    data = load_toml(CLAIMS)
    macros = data["macros"]
    return tuple(
        Rule(
            entry["id"], _compiled(entry.get("before"), macros, "$"), _compiled(entry.get("after"), macros),
            _compiled(entry.get("after_needs"), macros, "$"), _compiled(entry.get("needs"), {}), bool(entry["firm"]),
            entry,
        )
        for entry in data["rule"]
    )


@cache
def load_noughts() -> tuple[tuple[re.Pattern[str], Mapping[str, Any]], ...]:
    """The patterns that say there was none, each with its entry."""
    data = load_toml(CLAIMS)
    return tuple((re.compile(_filled(entry["pattern"], data["macros"])), entry) for entry in data["nought"])


def _compiled(pattern: str | None, macros: Mapping[str, str], anchor: str = "") -> re.Pattern[str] | None:
    return None if pattern is None else re.compile(f"(?:{_filled(pattern, macros)}){anchor}")


def _filled(pattern: str, macros: Mapping[str, str]) -> str:
    for name, value in macros.items():
        pattern = pattern.replace("{" + name + "}", value)
    return pattern


def matching_rules(view: str, measure: Measure) -> Iterator[tuple[Rule, int, int]]:
    """The rules that take a measure, each with the span of words and number; those by the words before it first."""
    before = view[max(0, measure.start - REACH) : measure.start]
    shift = measure.start - len(before)
    for rule in load_rules():
        found = rule.before.search(before) if rule.before else None
        if found:
            yield rule, shift + found.start(), measure.end
    if measure.ideographs:
        return
    for rule in load_rules():
        if rule.after is None:
            continue
        behind = rule.after.match(view, measure.end)
        lead = rule.after_needs.search(before) if rule.after_needs else None
        if behind and (lead is not None or rule.after_needs is None):
            yield rule, shift + lead.start() if lead else measure.start, behind.end()

"""Titles of parts: which words make a heading, which part it heads, and where it ends when the text runs on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from gknlp.resources import load_toml
from gknlp.segment.words import genre

RULES = "models/sections.toml"
# A title's line beyond this many characters is prose; the longest real title seen counts 38.
MAX_TITLE = 45
_MACRO = re.compile(r"\{([a-z]+)\}")
_STOP = re.compile("[。;:!?](?!$)")


@dataclass(frozen=True, slots=True)
class Title:
    """A reading of a heading's words: `end` is relative to the title's first character; `rule` made it."""

    section: str
    score: float
    rule: str
    end: int


@dataclass(frozen=True, slots=True)
class _Rule:
    rule: str
    section: str
    also: str
    also_weight: float
    score: float
    pattern: re.Pattern[str]


def expand(pattern: str, macros: dict[str, str]) -> str:
    """`pattern` with its `{name}` macros put in, to any depth."""
    for _ in range(5):
        made = _MACRO.sub(lambda m: f"(?:{macros[m.group(1)]})", pattern)
        if made == pattern:
            return made
        pattern = made
    return pattern


@cache
def rules(kind: str) -> tuple[_Rule, ...]:
    """The compiled rules of `models/sections.toml` of one kind: `title`, `keyword` or `never`, in file order."""
    data = load_toml(RULES)
    made = []
    for item in data[kind]:
        pattern = re.compile(expand(item["pattern"], data["macros"]))
        made.append(
            _Rule(
                item["id"],
                item.get("section", ""),
                item.get("also", ""),
                item.get("also_weight", 0.85),
                item.get("score", 0.0),
                pattern,
            )
        )
    return tuple(made)


def has_key(text: str, start: int, end: int) -> bool:
    """Whether `text[start:end]` holds a word that titles are made of."""
    return genre("titles.key").search(text, start, end) is not None


def is_never(window: str) -> bool:
    """Whether the words at the start of `window` look like a title and are a table row or a list of parts."""
    return any(rule.pattern.match(window) for rule in rules("never"))


def read_titles(window: str) -> list[Title]:
    """All readings of the words at the start of `window`, longest first, then best score, then rule order.

    At most one reading per section. A rule with `also` gives a second, weaker one. Cost: some twenty regex matches.
    """
    found: dict[str, Title] = {}
    for rule in rules("title"):
        match = rule.pattern.match(window)
        end = len(match.group().rstrip("、和及与")) if match else 0
        if not end:
            continue
        for section, weight in ((rule.section, 1.0), (rule.also, rule.also_weight)):
            known = found.get(section)
            if section and (known is None or (end, rule.score * weight) > (known.end, known.score)):
                found[section] = Title(section, rule.score * weight, rule.rule, end)
    return sorted(found.values(), key=lambda title: (-title.end, -title.score, title.rule))


def read_keywords(line: str) -> Title | None:
    """The reading of a whole heading line by the words in it, None where no keyword rule matches."""
    for rule in rules("keyword"):
        if rule.pattern.search(line):
            return Title(rule.section, rule.score, rule.rule, len(line))
    return None


def is_title_shaped(line: str) -> bool:
    """Whether a line could be a heading: short, and without a stop inside (commas pass: "加强领导,健全机制")."""
    return 1 < len(line) <= MAX_TITLE and not _STOP.search(line.rstrip("。:;*#"))

"""The rules of models/furniture.toml, compiled once per process."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from gknlp import resources

RULES = "models/furniture.toml"
_YEAR = r"(?:(?:19|20)\d\d|二{b}[零0oO]{b}[零一二三四五六七八九0-9oO]{b}[零一二三四五六七八九0-9oO])"
_PLACEHOLDERS = {
    "{blank}": r"[^\S\n]*",
    "{time}": r"(?:T?\d{1,2}[:]\d{2}(?:[:]\d{2})?(?:\.\d+)?(?:Z|\+\d\d:?\d\d)?|(?:上午|下午)\d{1,2}[:]\d{2})",
    "{date}": (
        _YEAR.replace("{b}", r"[^\S\n]*") + r"[^\S\n]*[-年/.][^\S\n]*(?:\d{1,2}"
            r"|[一二三四五六七八九十]{1,2})[^\S\n]*[-月/.]"
        r"[^\S\n]*(?:\d{1,2}|[一二三四五六七八九十]{1,3})[^\S\n]*日?"
    ),
    "{month}": (
        _YEAR.replace("{b}", r"[^\S\n]*") + r"[^\S\n]*年[^\S\n]*(?:\d{1,2}|[一二三四五六七八九十]{1,2})[^\S\n]*月"
    ),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of models/furniture.toml with its pattern compiled."""

    id: str
    zone: str
    reason: str
    pattern: re.Pattern[str]


@cache
def rules(zone: str) -> tuple[Rule, ...]:
    """The rules of a zone, compiled once per process."""
    return tuple(
        Rule(rule["id"], rule["zone"], rule["reason"], compile_rule(rule["pattern"]))
        for rule in resources.load_toml(RULES)["rule"]
        if rule["zone"] == zone
    )


def compile_rule(pattern: str) -> re.Pattern[str]:
    """A rule's pattern with its placeholders filled in."""
    for name, value in _PLACEHOLDERS.items():
        pattern = pattern.replace(name, value)
    return re.compile(pattern)

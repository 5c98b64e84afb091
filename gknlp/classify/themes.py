"""What problems and plans are about: at least a dozen themes, several per unit (models/themes.toml)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from gknlp.classify.prefilter import Prefilter, bit_numbers
from gknlp.resources import load_toml
from gknlp.types import Theme

# One cue makes a theme likely, each further one surer: 0.6, 0.8, 0.9 …; by judgement, to be fitted to annotations.
_FIRST_CUE = 0.4
_FURTHER_CUE = 0.5


@dataclass(frozen=True, slots=True)
class ThemeRules:
    """Theme ids and patterns in the order of the file."""

    themes: tuple[tuple[str, re.Pattern[str]], ...]
    prefilter: Prefilter


@cache
def load_theme_rules() -> ThemeRules:
    """The rules of models/themes.toml, compiled once per process."""
    entries = load_toml("models/themes.toml")["theme"]
    return ThemeRules(
        tuple((entry["id"], re.compile(entry["pattern"])) for entry in entries),
        Prefilter([entry["pattern"] for entry in entries]),
    )


def find_themes(view: str, candidates: int, rules: ThemeRules) -> tuple[Theme, ...]:
    """The themes of a text (half width, no white space), surest first, ties in the order of the file; else ().

    `candidates` has a bit for each theme worth looking for (`rules.prefilter`).
    """
    themes = []
    for number in bit_numbers(candidates):
        theme, pattern = rules.themes[number]
        cues = set(pattern.findall(view))
        if cues:
            themes.append(Theme(theme, round(1 - _FIRST_CUE * _FURTHER_CUE ** (len(cues) - 1), 4)))
    return tuple(sorted(themes, key=lambda found: -found.score))

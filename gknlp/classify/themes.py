"""What problems and plans are about: at least a dozen themes, several per unit (models/themes.toml)."""

from __future__ import annotations

import re
from functools import cache

from gknlp.resources import load_toml
from gknlp.types import Theme

# One cue makes a theme likely, each further one surer: 0.6, 0.8, 0.9 …; by judgement, to be fitted to annotations.
_FIRST_CUE = 0.4
_FURTHER_CUE = 0.5


@cache
def load_theme_rules() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Theme ids and patterns in the order of the file, compiled once per process."""
    return tuple((entry["id"], re.compile(entry["pattern"])) for entry in load_toml("models/themes.toml")["theme"])


def find_themes(view: str, rules: tuple[tuple[str, re.Pattern[str]], ...]) -> tuple[Theme, ...]:
    """The themes of a text (half width, no white space), surest first, ties in the order of the file; else ()."""
    themes = []
    for theme, pattern in rules:
        cues = set(pattern.findall(view))
        if cues:
            themes.append(Theme(theme, round(1 - _FIRST_CUE * _FURTHER_CUE ** (len(cues) - 1), 4)))
    return tuple(sorted(themes, key=lambda found: -found.score))

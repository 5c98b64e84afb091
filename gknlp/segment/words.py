"""The small patterns of segmentation that hold words of the genre: data in models/segment_words.toml."""

from __future__ import annotations

import re
from functools import cache

from gknlp.resources import load_toml

RULES = "models/segment_words.toml"


@cache
def genre(name: str) -> re.Pattern[str]:
    """The compiled pattern with the id `name`; a missing id is a KeyError (a mistake of the code, tested)."""
    data = load_toml(RULES)
    patterns = {item["id"]: item["pattern"] for item in data["words"]}
    source = patterns[name]
    for _ in range(3):
        for macro, value in data["macros"].items():
            source = source.replace("{" + macro + "}", f"(?:{value})")
    return re.compile(source)

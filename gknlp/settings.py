"""Settings: one frozen dataclass per stage, read from one TOML file; unknown keys are refused, not ignored.

A constant that no user has a reason to change stands in its stage's module, not here.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from gknlp.errors import SettingsError


@dataclass(frozen=True, slots=True)
class ReadSettings:
    """Limits of reading. `max_file_bytes`: a larger file becomes a failure; `max_chars`: so does a longer text.

    The longest annual reports have some 60,000 characters; five million are a book shelf, not a report.
    """

    max_file_bytes: int = 200_000_000
    max_chars: int = 5_000_000


@dataclass(frozen=True, slots=True)
class TokenSettings:
    """`tokenizer` is `jieba` or `rjieba` (its Rust port); `lexicon` a file of own words, one a line, added to ours."""

    tokenizer: str = "jieba"
    lexicon: str = ""


@dataclass(frozen=True, slots=True)
class ClassifySettings:
    """`rules` is a TOML file of own role rules, added to the shipped ones; `abstain_below` a role score in 0..1.

    `model` is a file made by `gknlp train` (.npz or .skops) in place of the shipped one, or "none": rules alone. Below
    0.7 four in ten roles are wrong on the folds of the corpus (models/roles_model.md).
    """

    rules: str = ""
    model: str = ""
    abstain_below: float = 0.7


@dataclass(frozen=True, slots=True)
class KeywordSettings:
    """How many keywords a report and a section get."""

    per_report: int = 20
    per_section: int = 10


@dataclass(frozen=True, slots=True)
class ReuseSettings:
    """What counts as a shared passage. `min_chars` folded characters (of a passage that is the only one of two reports
    18, see `evidence.LEAST_SHARED`); `near` the least similarity of two aligned units.

    `max_sources` best source reports are aligned per report; `template_agencies` agencies under one superior make a
    template. `background` is a profile made by `gknlp background` in place of the shipped one, or "none".
    """

    min_chars: int = 15
    near: float = 0.3
    max_sources: int = 20
    template_agencies: int = 3
    background: str = ""


@dataclass(frozen=True, slots=True)
class OutputSettings:
    """`lang` is the language of labels and headers, `zh` or `en`."""

    lang: str = "zh"


_CHOICES = {("tokens", "tokenizer"): ("jieba", "rjieba"), ("output", "lang"): ("zh", "en")}
_SHARES = {("classify", "abstain_below"), ("reuse", "near")}


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of a run; `Settings()` are the defaults. A stage gets its own part only."""

    read: ReadSettings = field(default_factory=ReadSettings)
    tokens: TokenSettings = field(default_factory=TokenSettings)
    classify: ClassifySettings = field(default_factory=ClassifySettings)
    keywords: KeywordSettings = field(default_factory=KeywordSettings)
    reuse: ReuseSettings = field(default_factory=ReuseSettings)
    output: OutputSettings = field(default_factory=OutputSettings)

    def __post_init__(self) -> None:
        for part in fields(self):
            values = getattr(self, part.name)
            for item in fields(values):
                _check(part.name, item.name, getattr(values, item.name), item.type)

    def fingerprint(self) -> str:
        """SHA-256 of the canonical form: equal settings give equal fingerprints, whatever file they came from."""
        canonical = json.dumps(asdict(self), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()


def _check(part: str, name: str, value: object, declared: object) -> None:
    """Refuse a value of the wrong type or outside its range; the message names key, value and what is allowed."""
    allowed: str | None = None
    if declared == "str" and not isinstance(value, str):
        allowed = "a string"
    elif declared == "int" and (not isinstance(value, int) or isinstance(value, bool) or value < 1):
        allowed = "a whole number of at least 1"
    elif declared == "float" and (isinstance(value, bool) or not isinstance(value, int | float)):
        allowed = "a number"
    elif (part, name) in _CHOICES and value not in _CHOICES[part, name]:
        allowed = " or ".join(_CHOICES[part, name])
    elif (part, name) in _SHARES and not 0 <= float(str(value)) <= 1:
        allowed = "a number from 0 to 1"
    if allowed:
        raise SettingsError(f"Setting {part}.{name} is {value!r}.", hint=f"It takes {allowed}.")


def settings_from_mapping(values: dict[str, Any]) -> Settings:
    """Settings from nested tables, as TOML gives them; what is left out keeps its default, a bad key is an error."""
    parts = {part.name: type(getattr(Settings(), part.name)) for part in fields(Settings)}
    made: dict[str, Any] = {}
    for name, table in values.items():
        if name not in parts:
            raise SettingsError(f"Unknown settings table [{name}].", hint=f"There are: {', '.join(sorted(parts))}.")
        if not isinstance(table, dict):
            raise SettingsError(f"Setting {name} is {table!r}, not a table.", hint=f"Write [{name}] and keys below it.")
        known = {item.name for item in fields(parts[name])}
        for key in table:
            if key not in known:
                raise SettingsError(f"Unknown setting {name}.{key}.", hint=f"There are: {', '.join(sorted(known))}.")
        made[name] = parts[name](**table)
    return Settings(**made)


def load_settings(path: str | Path) -> Settings:
    """Settings from a TOML file (UTF-8, with or without BOM)."""
    try:
        return settings_from_mapping(tomllib.loads(Path(path).read_text(encoding="utf-8-sig")))
    except OSError as error:
        message = f"Settings file {path} cannot be read: {error.strerror}."
        raise SettingsError(message, hint="Check the path.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"Settings file {path} is not valid TOML: {error}.", hint="Mend the line named.") from error

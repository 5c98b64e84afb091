"""The words that people read: labels of `models/labels.toml` in one language, and text made safe to show.

A label that the file does not have is shown as its id, so that a new flag or measure is never hidden.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Any

from gknlp.errors import OutputError
from gknlp.resources import load_toml

LABELS = "models/labels.toml"
LANGUAGES = ("zh", "en")

Words = Callable[..., str]
"""`words("role", "plan")` is the label of a group and id; keywords fill the braces of a label."""

# Controls (line end and tab stay), lone surrogates, and the marks that turn the direction of text: shown by number,
# because on a screen they hide or reorder what stands beside them. U+FFFE and U+FFFF are no characters of XML.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


@cache
def words_in(lang: str) -> Words:
    """The labels in `zh` or `en`; OutputError for another language."""
    if lang not in LANGUAGES:
        raise OutputError(f"There are no labels in language {lang!r}.", hint=f"There are: {', '.join(LANGUAGES)}.")
    return partial(_word, lang)


def _word(lang: str, group: str, name: object, /, **values: object) -> str:
    entry = load_toml(LABELS).get(group, {}).get(str(name))
    if entry is None:
        return shown(str(name))
    label: str = entry[lang]
    return label.format(**values) if values else label


def column_word(lang: str, table: str, column: str) -> str:
    """The header of a table's column; the column's own name where the codebook has none."""
    entry = codebook_entry(table, column)
    return str(entry[lang]) if entry else column


def function_word(lang: str, name: str) -> str:
    """What an agency is for, in words: Chinese names stand in models/identity.toml, English ones are the ids."""
    names = {item["id"]: item["zh"] for item in load_toml("models/identity.toml")["function"]}
    return str(names.get(name, shown(name))) if lang == "zh" else shown(name).replace("_", " ")


def error_word(lang: str, name: str) -> str:
    """The kind of a failure in words; an error of Python or of a library is named behind the word for such."""
    if name in load_toml(LABELS)["error"]:
        return str(_word(lang, "error", name))
    return str(_word(lang, "word", "other_error", name=shown(name)))


def codebook_entry(table: str, column: str) -> Mapping[str, Any]:
    """Header, meaning, unit and source of a column (`[column.TABLE]`, else `[column.any]`); empty if undescribed."""
    columns = load_toml(LABELS).get("column", {})
    found: Mapping[str, Any] = columns.get(table, {}).get(column) or columns.get("any", {}).get(column) or {}
    return found


def fate_shown(verdict: str, evidence: object) -> str:
    """The name under which a row of `follow` is told: what is not found although something comes near is `undecided`.

    >>> fate_shown("silent", None), fate_shown("silent", "网页已开通")
    ('silent', 'undecided')
    """
    return "undecided" if verdict in ("silent", "dropped") and isinstance(evidence, str) else verdict


def shown(text: object) -> str:
    """`text` with every control, direction mark and lone surrogate replaced by its number, `[U+202E]`.

    Line ends and tabs stay. What is returned can be written as UTF-8 and read in the order it stands in. Empty text
    gives empty text. Cost: linear.

    >>> shown("a\\u202eb")
    'a[U+202E]b'
    """
    return _UNSEEN.sub(lambda match: f"[U+{ord(match[0]):04X}]", str(text))


def excerpt(text: str, limit: int) -> str:
    """The first `limit` characters of `text` on one line, with `…` where something was left out.

    >>> excerpt("一二三\\n四五六", 4)
    '一二三 …'
    """
    line = one_line(text[: limit * 2])
    return line if len(line) <= limit and len(text) <= limit * 2 else line[:limit] + "…"


def one_line(text: str) -> str:
    """`text` as `shown` gives it, white space made single blanks."""
    return " ".join(shown(text).split())


def number(value: float | None) -> str:
    """A number as printed in a report: whole numbers without a point; null as empty."""
    if value is None:
        return ""
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else f"{value:g}"

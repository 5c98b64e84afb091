"""What each measure is, by whose definition and what it is bad at, as rows and as text (`models/measures.toml`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gknlp.errors import SettingsError
from gknlp.notes import read_note
from gknlp.output.labels import LABELS, words_in
from gknlp.resources import load_toml

CATALOGUE = "models/measures.toml"
CATALOGUE_COLUMNS = (
    "measure", "name_zh", "name_en", "by", "value", "unit", "meaning_zh", "meaning_en", "bad_at_zh", "bad_at_en",
)


def measure_rows() -> list[dict[str, str]]:
    """A row for every measure that table `measures` can hold, in the order of the labels.

    `by` says whose definition it is, `value` what the value is and `unit` what `n` counts, as in the notes of the rows.
    """
    return [
        {"measure": name, "name_zh": label["zh"], "name_en": label["en"], **describe_measure(name)}
        for name, label in load_toml(LABELS)["measure"].items()
    ]


def describe_measure(name: str) -> dict[str, str]:
    """What a measure is, without its names; that of a variant (`…_raw`) says what differs. KeyError for no measure."""
    book = load_toml(CATALOGUE)
    suffixes: list[Mapping[str, Any]] = []
    while name not in book["measure"]:
        suffix = next(end for end in (*book["suffix"], "") if name.endswith(end))
        if not suffix:
            raise KeyError(name)
        suffixes.append(book["suffix"][suffix])
        name = name.removesuffix(suffix)
    entry = book["measure"][name]
    return {
        "by": entry["by"], "value": entry["value"], "unit": entry["unit"],
        "meaning_zh": "；".join([entry["meaning"], *(more["meaning"] for more in suffixes)]),
        "meaning_en": "; ".join([entry["meaning_en"], *(more["meaning_en"] for more in suffixes)]),
        "bad_at_zh": entry["weak"], "bad_at_en": entry["weak_en"],
    }


def show_measures(names: Sequence[str], lang: str) -> str:
    """The measures of these names, or whose name begins so (all without names): what, by whom, bad at what.

    SettingsError for a name that no measure has or begins with.
    """
    words = words_in(lang)
    rows = measure_rows()
    for name in names:
        if not any(row["measure"].startswith(name) for row in rows):
            known = ", ".join(sorted({row["measure"].split("_")[0] for row in rows}))
            raise SettingsError(f"There is no measure {name!r}.", hint=f"Measures begin with {known}.")
    told = [row for row in rows if not names or any(row["measure"].startswith(name) for name in names)]
    return "\n".join(
        f"{row['measure']}  {row[f'name_{lang}']}\n"
        f"  {row[f'meaning_{lang}']}\n"
        f"  {words('catalogue', 'value')}: {words('measure_value', row['value'])}"
        f" | n: {words('measure_unit', row['unit'])} | {words('catalogue', 'by')}: {row['by']}\n"
        f"  {words('catalogue', 'bad_at')}: {row[f'bad_at_{lang}']}"
        for row in told
    )


def spell_note(note: str, lang: str) -> str:
    """A `reference` or `note` of table `measures` in words: each key and value by its label, unknown ones as they are.

    >>> spell_note("unit=character; reason=short", "en")
    'n counts: characters; No value because: under 300 characters'
    """
    words, labels = words_in(lang), load_toml(LABELS)
    joint, colon = ("；", "：") if lang == "zh" else ("; ", ": ")
    groups = {"value": "measure_value", "unit": "measure_unit", "form": "form", "section": "section"}
    return joint.join(
        words("note_key" if key in labels["note_key"] else "reference_key", key) + colon
        + words(groups.get(key, "note_value"), value)
        for key, value in read_note(note).items()
    )

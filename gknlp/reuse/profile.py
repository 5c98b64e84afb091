"""How common a report's wording is in a background of reports: windows of wording and how many reports hold them.

A profile holds no text: 32-bit hashes of seeds (a choice of masked 8-character windows, see `candidates`) that stand in
at least two of its reports, with their counts by form, and hashes that tell which reports it was made of. Who has a
text can ask whether it stands in a profile; what stands in a profile cannot be read back from it.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from gknlp.errors import ResourceError, SettingsError
from gknlp.notes import MIN_CHARS, MIN_DOCUMENTS, write_note
from gknlp.resources import path
from gknlp.reuse.candidates import SEED, seed_places
from gknlp.reuse.mask import index_names
from gknlp.reuse.view import View, build_view
from gknlp.types import FORMS, Measure, ReuseText

SHIPPED = "models/background.npz"
# How measures name the shipped profile.
SHIPPED_NAME = "shipped"
# Settings name the shipped profile by an empty string and none at all by this word.
NO_PROFILE = "none"
# A window is kept from two reports on: what one report alone says is nobody's formula and nobody else's business.
LEAST_HOLDERS = 2
# Wording of the genre stands in a tenth of the reports or more. LSL-2015 asks for 30 % of four-word phrases; windows
# are twice as long, so that fewer reports share one.
FORMULA_SHARE = 0.1
_PARTS = ("windows", "counts", "reports")
_ARRAYS = tuple(f"{part}_{form}" for form in FORMS for part in _PARTS)


@dataclass(frozen=True, slots=True, eq=False)
class FormProfile:
    """The background of one form: sorted `windows` (uint32), in how many reports each stands, sorted report hashes."""

    windows: Any
    counts: Any
    reports: Any


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """A background by form; `name` and `checksum` say which one, `shipped` that it is the one of the package."""

    forms: Mapping[str, FormProfile]
    name: str
    checksum: str
    shipped: bool


@dataclass(frozen=True, slots=True)
class Sketch:
    """What a profile takes from one report: its form, the hash of its content, its windows (sorted uint32)."""

    form: str
    content: int
    windows: Any


def sketch_report(text: ReuseText, form: str, content: str) -> Sketch:
    """The sketch of a report; `content` is the SHA-256 of its folded text, in hexadecimal."""
    return Sketch(form, _content_number(content), _windows(_view(text)))


def _view(text: ReuseText) -> View:
    """A view that the report alone decides: no names of other reports are known."""
    return build_view(text, index_names(()))


def _windows(view: View) -> Any:  # noqa: ANN401  (numpy is imported where used)
    import numpy as np

    return np.unique(_shorten(seed_places(view.text)[0]))


def _shorten(grams: Any) -> Any:  # noqa: ANN401
    """The upper 32 of the 63 bits of seeds."""
    import numpy as np

    return (grams >> 31).astype(np.uint32)


def _content_number(content: str) -> int:
    return int(content[:16], 16)


def build_profile(sketches: Iterable[Sketch]) -> dict[str, Any]:
    """The arrays of a profile, by their names in the file; the order of the sketches and copies change nothing."""
    import numpy as np

    by_form: dict[str, dict[int, Any]] = {form: {} for form in FORMS}
    for sketch in sketches:
        by_form[sketch.form][sketch.content] = sketch.windows
    arrays = {}
    for form, reports in by_form.items():
        everything = [np.empty(0, dtype=np.uint32), *reports.values()]
        windows, counts = np.unique(np.concatenate(everything), return_counts=True)
        kept = counts >= LEAST_HOLDERS
        arrays[f"windows_{form}"] = windows[kept]
        arrays[f"counts_{form}"] = counts[kept].astype(np.uint32)
        arrays[f"reports_{form}"] = np.array(sorted(reports), dtype=np.uint64)
    return arrays


def write_profile(file: Path, arrays: Mapping[str, Any]) -> None:
    """Write the arrays so that `read_profile` gives them back; same arrays, same bytes."""
    import numpy as np

    with file.open("wb") as stream:
        np.savez_compressed(stream, **{name: arrays[name] for name in _ARRAYS})


def read_profile(file: Path, *, shipped: bool = False) -> Profile:
    """Read a profile from an allow-list of plain arrays; ValueError where anything else, or another shape, is in it."""
    import numpy as np

    with file.open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
        if sorted(arrays.files) != sorted(_ARRAYS):
            raise ValueError(f"it holds {sorted(arrays.files)}")
        content = {name: arrays[name] for name in _ARRAYS}
    forms = {form: FormProfile(*(content[f"{part}_{form}"] for part in _PARTS)) for form in FORMS}
    for form, part in forms.items():
        kinds = (part.windows.dtype, part.counts.dtype, part.reports.dtype)
        if kinds != (np.uint32, np.uint32, np.uint64) or part.windows.shape != part.counts.shape:
            raise ValueError(f"its arrays of form {form} have another type or shape")
        if part.windows.ndim != 1 or part.reports.ndim != 1 or (np.diff(part.windows.astype(np.int64)) <= 0).any():
            raise ValueError(f"its windows of form {form} are not in order")
    digest = hashlib.sha256(b"".join(content[name].tobytes() for name in _ARRAYS)).hexdigest()
    return Profile(forms, file.name, digest[:12], shipped)


@lru_cache(maxsize=4)
def load_profile(name: str = "") -> Profile | None:
    """The shipped profile (""), a user's file made by `gknlp background`, or None for "none"; read once per process.

    SettingsError where the user's file is missing or no profile, ResourceError where the shipped one is.
    """
    if name == NO_PROFILE:
        return None
    file = Path(name) if name else path(SHIPPED)
    try:
        return read_profile(file, shipped=not name)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        message = f"Background profile {file} cannot be used: {error}."
        if name:
            hint = 'Make one with `gknlp background`, or set reuse.background to "none".'
            raise SettingsError(message, hint=hint) from error
        raise ResourceError(message, hint="Run `gknlp background` on corpus/, or restore the file from git.") from error


def measure_background(
    text: ReuseText, form: str, content: str, profile: Profile
) -> tuple[Measure, ...]:
    """How common the wording of one report is in the background of its form; section None, always two rows.

    `background_formula` is the share of its narrative characters (mandated wording left out) in windows that stand in
    at least FORMULA_SHARE of the background's reports. `background_rarity` is the mean over its windows of
    ln((R + 1) / (h + 1)) / ln(R + 1), where h of the R reports hold the window (one holder counts as none): 1 where
    none of its wording is known there, 0 where all of it stands in every report.

    A report that is itself in the profile is taken out of it first (R and h less by one): else everything it says would
    be known. Only the same text is recognised: its other years, and copies of it, stay in. Both values are None under
    300 characters and for forms of which the background has fewer than 30 reports. Cost: linear.
    """
    import numpy as np

    part = profile.forms[form]
    itself = bool(np.isin(np.uint64(_content_number(content)), part.reports))
    reports = len(part.reports) - itself
    reference = write_note({
        "profile": SHIPPED_NAME if profile.shipped else profile.name, "checksum": profile.checksum, "form": form,
        "documents": reports, "itself": "out" if itself else None,
    })
    view = _view(text)
    n = sum(view.sizes)
    grams, places = seed_places(view.text)
    every = _shorten(grams)
    windows = np.unique(every)
    reason = "short" if n < MIN_CHARS else f"under {MIN_DOCUMENTS} documents" if reports < MIN_DOCUMENTS else None
    formula = rarity = None
    if reason is None:
        held = part.counts.astype(np.int64)
        if itself:
            held = held - np.isin(part.windows, windows)
        common = part.windows[held >= max(LEAST_HOLDERS, FORMULA_SHARE * reports)]
        formula = _share_marked(view, places[np.isin(every, common)].tolist(), n)
        rarity = _rarity(windows, part.windows, held, reports)
    about = {"least": MIN_CHARS, "stripped": "tables,skeleton", "reason": reason}
    formula_note = write_note({"value": "share", "unit": "character", "letters": SEED, "floor": FORMULA_SHARE, **about})
    rarity_note = write_note({"value": "score", "unit": "window", "letters": SEED, **about})
    return (
        Measure(text.report_id, None, "background_formula", formula, reference, n, formula_note),
        Measure(text.report_id, None, "background_rarity", rarity, reference, len(windows), rarity_note),
    )


def _share_marked(view: View, places: Sequence[int], n: int) -> float:
    """The share of the view's folded characters in a window that begins at one of `places`."""
    marks = bytearray(len(view.text))
    for place in places:
        marks[place : place + SEED] = b"\1" * SEED
    return round(sum(size for size, mark in zip(view.sizes, marks, strict=True) if mark) / n, 6)


def _rarity(windows: Any, known: Any, held: Any, reports: int) -> float | None:  # noqa: ANN401
    import numpy as np

    if not len(windows):
        return None
    holders = np.zeros(len(windows))
    if len(known):
        at = np.minimum(np.searchsorted(known, windows), len(known) - 1)
        found = known[at] == windows
        holders[found] = held[at[found]]
    holders[holders < LEAST_HOLDERS] = 0
    return round(float(np.mean(np.log((reports + 1) / (holders + 1)))) / float(np.log(reports + 1)), 6)

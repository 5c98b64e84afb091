"""A background profile of a user's own reports: what their wording has in common, in one small file."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from gknlp.analysis import Analyzed, reuse_text
from gknlp.engines.local import LocalEngine
from gknlp.errors import OutputError, SettingsError
from gknlp.notes import MIN_DOCUMENTS
from gknlp.pipeline import Progress, collect, list_files
from gknlp.resources import load_toml
from gknlp.reuse.profile import (
    NO_PROFILE,
    Profile,
    Sketch,
    build_profile,
    read_profile,
    sketch_report,
    write_profile,
)
from gknlp.settings import Settings
from gknlp.workers import map_whole


def build_background(
    paths: Sequence[str | Path] | str | Path, out: str | Path, *, settings: Settings | None = None,
    jobs: int | None = None, progress: Progress | None = None,
) -> Profile:
    """Read all reports in `paths`, write their background profile to the file `out` and return it.

    Annual reports count once each, copies of one not; files that cannot be read are passed over. The order of the files
    and the number of workers change no byte. Raises SettingsError where no annual report is read, OutputError where
    `out` cannot be written. Cost: as reading and segmenting the reports (`gknlp analyze` without its comparison).
    """
    settings = settings or Settings()
    settings = replace(settings, reuse=replace(settings.reuse, background=NO_PROFILE))
    files, _ = list_files([paths] if isinstance(paths, str | Path) else list(paths), ())
    with LocalEngine(jobs if jobs is not None else os.cpu_count() or 1) as engine:
        items = collect(files, engine=engine, settings=settings, progress=progress).reports
        kept = [item for item in items if item.duplicate_of is None and item.report.identity.kind == "annual_report"]
        if not kept:
            message = f"No annual report could be read among {len(files)} files."
            raise SettingsError(message, hint="Look at one of them: gknlp show FILE.")
        sketches = list(map_whole(engine, _sketch, kept, "Making the profile"))
    try:
        write_profile(Path(out), build_profile(sketches))
    except OSError as error:
        message = f"Profile {out} cannot be written: {error.strerror}."
        raise OutputError(message, hint="Name a file in a folder that exists.") from error
    return read_profile(Path(out))


def _sketch(item: Analyzed) -> Sketch:
    return sketch_report(reuse_text(item), item.parts.form, item.content)


def describe_profile(profile: Profile, size: int, lang: str = "zh") -> str:
    """What a profile holds, a line per form, and which forms have too few reports; `size` in bytes."""
    words = {key: text[lang] for key, text in load_toml("models/labels.toml")["background"].items()}
    forms = {key: text[lang] for key, text in load_toml("models/labels.toml")["form"].items()}
    lines = [words["file"].format(name=profile.name, size=f"{size:,}", checksum=profile.checksum)]
    for form, part in profile.forms.items():
        reports = len(part.reports)
        few = words["few"].format(least=MIN_DOCUMENTS) if reports < MIN_DOCUMENTS else ""
        lines.append(words["form"].format(form=forms[form], reports=reports, windows=f"{len(part.windows):,}") + few)
    return "\n".join(lines)

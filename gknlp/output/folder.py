"""Writes a run folder as a whole: into a folder beside the target first, which then takes the target's place.

A run that dies leaves the old folder untouched. Between the two renames at the end the old folder stands beside the
target as `OUT.previous`; `recover` puts it back if a run died just there.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from gknlp.errors import OutputError
from gknlp.output.dossier import write_dossier
from gknlp.output.excel import write_excel
from gknlp.output.tables import Rows, write_tables

MARKER = "run.json"


def write_run(
    out: Path, rows: Rows, info: Mapping[str, Any], *, lang: str,
    progress: Callable[[str, int, int], None] | None = None,
) -> None:
    """Write tables, Excel sheet, dossier and run.json, then let them take the place of `out`.

    `out` may be missing, empty, or an earlier run (replaced); anything else is an OutputError and stays as it is.
    """
    recover(out)
    check_target(out)
    fresh = out.with_name(out.name + ".partial")
    try:
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True)
        steps: list[tuple[str, Callable[[], None]]] = [
            ("tables", lambda: write_tables(fresh, rows)),
            ("excel", lambda: write_excel(rows, fresh / "report.xlsx", lang)),
            ("dossier", lambda: write_dossier(fresh, rows, info, lang)),
        ]
        for number, (name, step) in enumerate(steps, start=1):
            step()
            if progress is not None:
                progress(f"write {name}", number, len(steps))
        text = json.dumps(info, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        (fresh / MARKER).write_text(text, encoding="utf-8", newline="\n")
        swap(fresh, out)
    except OSError as error:
        raise OutputError(
            f"The run folder {out} cannot be written: {error.strerror or error} ({error.filename or fresh}).",
            hint="Close programs that hold its files open (Excel), check rights and free space, or choose another -o.",
        ) from error


def write_file(path: Path, text: str) -> None:
    """Write a text as UTF-8 with `\\n` line ends; OutputError where that is not possible."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise OutputError(
            f"{path} cannot be written: {error.strerror or error}.",
            hint="Check rights and free space, or choose another -o.",
        ) from error


def check_target(out: Path) -> None:
    """Refuse to replace anything but an earlier run or an empty folder."""
    if out.exists() and not out.is_dir():
        raise OutputError(f"{out} is a file, not a folder.", hint="Choose another folder with -o.")
    if out.is_dir() and not (out / MARKER).is_file() and any(out.iterdir()):
        raise OutputError(
            f"{out} holds files that are not a run of gknlp.", hint="Choose an empty or new folder with -o."
        )


def swap(fresh: Path, out: Path) -> None:
    """Put `fresh` in the place of `out`; the old content goes only after the new stands."""
    previous = out.with_name(out.name + ".previous")
    shutil.rmtree(previous, ignore_errors=True)
    if out.exists():
        out.rename(previous)
    fresh.rename(out)
    shutil.rmtree(previous, ignore_errors=True)


def recover(out: Path) -> None:
    """Undo a swap that died between its two renames."""
    previous = out.with_name(out.name + ".previous")
    if not out.exists() and (previous / MARKER).is_file():
        previous.rename(out)

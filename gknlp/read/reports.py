"""Files to reports: chooses the reader, bounds what it may cost, and turns every error into a named failure."""

from __future__ import annotations

import hashlib
import warnings as python_warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath

from gknlp.errors import (
    DamagedFileError,
    EmptyFileError,
    GknlpError,
    ReadError,
    SettingsError,
    TooLargeError,
    UnsupportedFormatError,
)
from gknlp.read.archive import MAX_DEPTH, read_members
from gknlp.read.docx import read_docx
from gknlp.read.furniture import find_furniture
from gknlp.read.html import read_html
from gknlp.read.hygiene import find_pollution, replace_unreadable
from gknlp.read.identify import identify
from gknlp.read.markdown import read_markdown
from gknlp.read.mhtml import read_mhtml
from gknlp.read.office import convert_to_docx
from gknlp.read.pdf import read_pdf
from gknlp.read.sheet import Rows, read_csv, read_jsonl, read_parquet, read_xlsx
from gknlp.read.sniff import sniff
from gknlp.read.source import Source
from gknlp.read.split import split_reports
from gknlp.read.text import read_text
from gknlp.settings import ReadSettings
from gknlp.types import Failure, Report

_READERS: Mapping[str, Callable[[bytes], Source]] = {
    "text": read_text, "html": read_html, "docx": read_docx, "pdf": read_pdf, "markdown": read_markdown,
    "mhtml": read_mhtml,
}
_ROW_READERS: Mapping[str, Callable[[bytes], Rows]] = {
    "xlsx": read_xlsx, "csv": read_csv, "jsonl": read_jsonl, "parquet": read_parquet,
}
_CONVERTED = ("doc", "rtf", "odt")
_OFD_HINT = "Open it in a free OFD reader (数科, WPS) and save it as PDF, or ask the publisher for .pdf or .docx."

_Outcome = Report | Exception


def read_report(path: str | Path, *, settings: ReadSettings | None = None) -> Report:
    """Read the one report of a file; a ReadError says why a file gives none.

    The reader is chosen by content first and suffix second: .txt, .html, .docx, .pdf with a text layer, .md, .mhtml,
    and ZIP, .xlsx, .csv, .jsonl, .parquet that hold a single report; .doc, .wps and .rtf through LibreOffice.
    UnsupportedFormatError also for a file with several reports: `read_reports` gives them all.
    """
    outcomes = _read_path(Path(path), settings or ReadSettings())
    if len(outcomes) > 1:
        raise UnsupportedFormatError(
            f"{Path(path).as_posix()} holds {len(outcomes)} reports or files.", path=Path(path).as_posix(),
            hint="Use read_reports, which gives them all.",
        )
    outcome = outcomes[0][1]
    if isinstance(outcome, ReadError):
        raise outcome
    if isinstance(outcome, Exception):
        raise _as_read_error(outcome, Path(path).as_posix()) from outcome
    return outcome


def read_reports(path: str | Path, *, settings: ReadSettings | None = None) -> list[Report | Failure]:
    """Read all reports of a file, in order; what cannot be read is a Failure in its place. Never raises for a file.

    Paths are as given, with forward slashes; a member of an archive is `a.zip!/dir/b.txt`, a row of a table
    `a.csv#2` (its row, the header being 1), the second report of one file `a.pdf#2`. The list is never empty.
    """
    return [
        outcome if isinstance(outcome, Report) else failure_of(outcome, name)
        for name, outcome in _read_path(Path(path), settings or ReadSettings())
    ]


def find_files(paths: Iterable[str | Path]) -> list[Path]:
    """All files under the paths given, folders with all their folders, without repeats, in POSIX order of their paths.

    Hidden files and folders, Office lock files (`~$…`) and what macOS and Windows add are left out below a folder; a
    file named outright is always taken. SettingsError names a path that does not exist.
    """
    found: set[Path] = set()
    for path in map(Path, paths):
        if path.is_dir():
            found.update(
                file for file in path.rglob("*")
                if not any(_is_clutter(part) for part in file.relative_to(path).parts) and file.is_file()
            )
        elif path.exists():
            found.add(path)
        else:
            raise SettingsError(f"There is no file or folder {path.as_posix()}.", hint="Check the path.")
    return sorted(found, key=lambda file: file.as_posix())


def failure_of(error: Exception, path: str) -> Failure:
    """The failures row of an error: its class, message and hint; an unforeseen error is named by its type."""
    if isinstance(error, GknlpError):
        return Failure(path, "read", type(error).__name__, error.message, error.hint)
    known = _as_read_error(error, path)
    return Failure(path, "read", type(error).__name__, known.message, known.hint)


def _as_read_error(error: Exception, path: str) -> ReadError:
    """An error of a library as one of ours."""
    if isinstance(error, GknlpError):
        return ReadError(error.message, path=path, hint=error.hint)
    if isinstance(error, OSError) and error.strerror:
        return ReadError(f"The file cannot be opened: {error.strerror}.", path=path, hint="Check path and rights.")
    said = " ".join(str(error).split())[:200]
    return DamagedFileError(
        f"The reader broke off with {type(error).__name__}{': ' + said if said else ''}.", path=path,
        hint="The file may be damaged: open it and save it again, as .docx, .pdf or .txt.",
    )


def _is_clutter(part: str) -> bool:
    """Whether a file or folder name is no document: hidden, an Office lock file, or what systems leave behind."""
    return part.startswith((".", "~$")) or part in ("__MACOSX", "Thumbs.db", "desktop.ini")


def _read_path(path: Path, settings: ReadSettings) -> list[tuple[str, _Outcome]]:
    """What a path gives: (name, report or error), at least one."""
    name = path.as_posix()
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise UnsupportedFormatError(f"{name} is a folder.", path=name, hint="Use find_files to list its files.")
        if size > settings.max_file_bytes:
            raise TooLargeError(f"The file has {size} bytes; {settings.max_file_bytes} are the limit.", path=name,
                                hint="Split it, or raise read.max_file_bytes.")
        data = path.read_bytes()
    except (OSError, ReadError, ValueError) as error:
        return [(name, error)]
    return _read_bytes(name, data, settings, 0)


def _read_bytes(name: str, data: bytes, settings: ReadSettings, depth: int) -> list[tuple[str, _Outcome]]:
    """What a file's bytes give; a parser's own trouble is caught here, whatever it is."""
    try:
        with python_warnings.catch_warnings():
            python_warnings.simplefilter("ignore")
            kind, notes = sniff(data, name)
            if kind == "zip":
                return _read_archive(name, data, settings, depth)
            sources = _read_sources(kind, data)
        digest = hashlib.sha256(data).hexdigest()
        outcomes: list[tuple[str, _Outcome]] = []
        for suffix, source in sources:
            full = name + suffix
            if isinstance(source, Exception):
                outcomes.append((full, _with_path(source, full)))
                continue
            try:
                with_notes = replace(source, warnings=(*notes, *source.warnings))
                outcomes.append((full, _make_report(full, digest, with_notes, settings)))
            except Exception as error:
                outcomes.append((full, _with_path(error, full)))
        return outcomes
    except Exception as error:
        return [(name, _with_path(error, name))]


def _read_sources(kind: str, data: bytes) -> Rows:
    """The sources in a file by its kind, each with what its path gets behind it."""
    if kind in _ROW_READERS:
        return _ROW_READERS[kind](data)
    if kind == "ofd":
        raise UnsupportedFormatError("The file is an OFD document, which gknlp does not read.", hint=_OFD_HINT)
    if kind in _CONVERTED:
        kind, data = "docx", convert_to_docx(data, kind)
    parts = split_reports(_READERS[kind](data))
    return [("", parts[0])] if len(parts) == 1 else [(f"#{n}", part) for n, part in enumerate(parts, 1)]


def _read_archive(name: str, data: bytes, settings: ReadSettings, depth: int) -> list[tuple[str, _Outcome]]:
    """Everything in an archive, members in name order."""
    if depth >= MAX_DEPTH:
        raise TooLargeError(f"Archives are packed more than {MAX_DEPTH} deep.", hint="Unpack the outer ones.")
    outcomes: list[tuple[str, _Outcome]] = []
    for member, content in read_members(data, max_bytes=settings.max_file_bytes):
        full = f"{name}!/{member}"
        if isinstance(content, bytes):
            outcomes += _read_bytes(full, content, settings, depth + 1)
        else:
            outcomes.append((full, _with_path(content, full)))
    if not outcomes:
        raise EmptyFileError("The archive holds no file to read.", hint="Fetch it again from its source.")
    return outcomes


def _with_path(error: Exception, path: str) -> Exception:
    """The error, with the path of what it stands for."""
    if isinstance(error, ReadError) and not error.path:
        error.path = path
    return error


def _make_report(path: str, digest: str, source: Source, settings: ReadSettings) -> Report:
    """Judge furniture and identity, and put the report together; its id depends on content, agency and year alone."""
    text, unreadable = replace_unreadable(source.text)
    if not text.strip():
        raise EmptyFileError("The file holds nothing but white space.", path=path, hint="Fetch it again.")
    if len(text) > settings.max_chars:
        raise TooLargeError(f"The text has {len(text)} characters; {settings.max_chars} are the limit.", path=path,
                            hint="It is hardly one report; split it, or raise read.max_chars.")
    layout = replace(source.layout, furniture=find_furniture(text, source.layout))
    file_name = PurePosixPath(path.rsplit("!/", 1)[-1]).name
    identity = identify(text, layout, source.facts, file_name)
    key = f"{text}\0{identity.agency or ''}\0{identity.year or ''}"
    notes = (*source.warnings, *unreadable, *find_pollution(text))
    return Report(
        hashlib.sha256(key.encode()).hexdigest()[:16], path, digest, text, layout, identity,
        tuple(replace(note, path=path) for note in notes),
    )

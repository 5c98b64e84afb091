"""Two files compared without a run folder: the rows that a pair's page and the terminal show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from gknlp.analysis import Analyzed, analyze_report, reuse_text
from gknlp.errors import ReadError, SettingsError
from gknlp.flags import flag_certificates, order_flags
from gknlp.output.rows import Rows, merge_rows, records, reuse_rows
from gknlp.pipeline import change_rows, find_traces, rows_of_report
from gknlp.read import read_reports
from gknlp.reuse import find_reuse
from gknlp.settings import Settings
from gknlp.types import Failure, Report

# The reports are called by their side: two copies of one file have the same id of their own.
FIRST, SECOND = "a", "b"


def compare_files(first: Path, second: Path, *, settings: Settings = Settings()) -> Rows:  # noqa: B008 (frozen)
    """The rows of a run of two reports, called `a` and `b`: texts, passages, changes, shares, certificates as flags.

    Both are compared whatever they are, also where they look like no annual report. What was read only in part stands
    in `failures`. ReadError where a file gives no report, SettingsError where it gives several. Cost: that of
    analysing two reports, some tenths of a second.
    """
    rows: Rows = {}
    items = []
    for name, path in ((FIRST, first), (SECOND, second)):
        report = read_one(path, settings)
        identity = replace(report.identity, kind="annual_report", reason=None)
        items.append(analyze_report(replace(report, report_id=name, identity=identity), settings=settings))
        merge_rows(rows, rows_of_report(items[-1]))
        merge_rows(rows, records("failures", report.warnings))
    texts = [reuse_text(item) for item in items]
    reuse = find_reuse(texts, settings=settings.reuse)
    merge_rows(rows, reuse_rows(reuse))
    flags = flag_certificates(find_traces(items, texts, reuse), _texts(items), lang=settings.output.lang)
    merge_rows(rows, records("flags", order_flags(flags)))
    merge_rows(rows, change_rows(items, reuse, rows, engine=None))
    return rows


def read_one(path: Path, settings: Settings) -> Report:
    """The one report of a file."""
    found = list(read_reports(path, settings=settings.read))
    reports = [item for item in found if isinstance(item, Report)]
    if len(reports) > 1:
        raise SettingsError(
            f"{path} holds {len(reports)} reports.", hint="Give a file of one report; gknlp analyze reads all of them."
        )
    if not reports:
        failure = next((item for item in found if isinstance(item, Failure)), None)
        message, hint = (failure.message, failure.hint) if failure else ("There is no report in it.", "")
        raise ReadError(f"{path}: {message}", path=path, hint=hint)
    return reports[0]


def _texts(items: Sequence[Analyzed]) -> Mapping[str, str]:
    return {item.report.report_id: item.report.text for item in items}

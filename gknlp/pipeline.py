"""A run: every file through the per-report stages, then reuse, follow-up, measures and flags over all, then the folder.

The only module that knows the order of the stages. The order of the paths and the number of workers change nothing in
the result.
"""

from __future__ import annotations

import os
import platform
import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from time import perf_counter
from typing import Any

from gknlp.agencies import count_company, latest_ids, settle_agencies
from gknlp.analysis import BUG_HINT, Analyzed, count_letters, mark_copies, measured, process_file, reuse_text
from gknlp.engines.local import LocalEngine
from gknlp.errors import SettingsError
from gknlp.flags import flag_certificates, flag_checks, flag_reuse, flag_sources, order_flags
from gknlp.follow import YearReport, follow_years
from gknlp.measures import level_rows, longest_shared_run, measure_run, rate_rows
from gknlp.output.folder import write_run
from gknlp.output.pairs import choose_pairs
from gknlp.output.rows import (
    Rows,
    label_rows,
    merge_rows,
    records,
    report_rows,
    reuse_rows,
    structure_rows,
    table_rows,
    text_rows,
)
from gknlp.output.run import Run
from gknlp.output.verdicts import load_verdicts, verdict_rows
from gknlp.read import find_files
from gknlp.read.roster import Roster, load_roster, missing_reports
from gknlp.resources import checksum, root
from gknlp.resources import path as resource_path
from gknlp.reuse import find_certificates, find_changes, find_reuse, find_same_sums, judge_matches
from gknlp.reuse.profile import load_profile
from gknlp.settings import Settings
from gknlp.tables import check_hierarchy, check_years, find_claims, wrong_sums
from gknlp.tokens import get_tokenizer
from gknlp.types import Cell, Certificate, Check, Engine, Failure, Flag, Measure, Reuse, ReuseText

# A report that speaks of its whole area in numbers: 全市受理申请 30 件.
WHOLE_AREA = re.compile(r"全[省市州县区旗](?:各级|共|累计|行政机关|受理|收到|新收|主动公开)")
Progress = Callable[[str, int, int], None]
# Packages whose version can change a result or the bytes of a file; all stand in run.json.
PACKAGES = (
    "gknlp", "jieba", "rjieba", "scikit-learn", "duckdb", "pyarrow", "pandas", "lxml", "python-docx", "pypdfium2",
    "pdfplumber", "charset-normalizer", "jinja2", "xlsxwriter",
)


@dataclass(slots=True)
class Collected:
    """What the per-report stages gave, in the order of the files, and how long each step took (seconds)."""

    reports: list[Analyzed] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    timings: dict[str, float] = field(default_factory=dict)


def collect(
    files: Sequence[Path], *, engine: Engine, settings: Settings, roster: Roster | None = None,
    references: frozenset[Path] = frozenset(), progress: Progress | None = None,
) -> Collected:
    """Run `process_file` over all files, in their order; copies of a report are marked and keep no analysis."""
    collected = Collected()
    began = perf_counter()
    work = partial(process_file, settings=settings, roster=roster)
    for number, (path, result) in enumerate(zip(files, engine.map(work, files), strict=True), start=1):
        if isinstance(result, BaseException):
            collected.failures.append(Failure(str(path), "analyze", type(result).__name__, str(result), BUG_HINT))
            continue
        for item in result:
            if isinstance(item, Failure):
                collected.failures.append(item)
            else:
                collected.reports.append(replace(item, reference=path in references))
        if progress is not None:
            progress("read", number, len(files))
    collected.timings["reports"] = perf_counter() - began
    collected.reports = mark_copies(settle_agencies(collected.reports))
    collected.reports = compare_tables(collected.reports, roster, lang=settings.output.lang)
    if roster is not None:
        collected.failures.extend(not_reported(roster, collected.reports))
    return collected


def compare_tables(reports: Sequence[Analyzed], roster: Roster | None, *, lang: str) -> list[Analyzed]:
    """Add the checks between the years of one agency and, with a roster, between a superior and its direct units.

    What could accuse goes by the id that each report gives by itself, and not by the one that a run settles.
    """
    years: dict[str, dict[int, list[Analyzed]]] = {}
    for item in reports:
        who = item.report.identity
        agency = who.agency_id_alone or who.agency_id
        if item.duplicate_of is None and agency and who.year is not None:
            years.setdefault(agency, {}).setdefault(who.year, []).append(item)
    found: dict[str, tuple[Check, ...]] = {}
    previous: dict[str, tuple[Cell, ...]] = {}
    for by_year in years.values():
        sole = {year: items[0] for year, items in by_year.items() if len(items) == 1}
        previous.update(
            (item.report.report_id, sole[year - 1].cells) for year, item in sole.items() if year - 1 in sole
        )
        for year, checks in check_years({year: item.cells for year, item in sole.items()}).items():
            found[sole[year].report.report_id] = checks
    if roster is not None:
        for report_id, checks in check_superiors(reports, roster).items():
            found[report_id] = (*found.get(report_id, ()), *checks)
    told = [_with_claims(item, previous.get(item.report.report_id, ()), lang) for item in reports]
    return [_with_checks(item, found.get(item.report.report_id, ()), lang) for item in told]


def check_superiors(reports: Sequence[Analyzed], roster: Roster) -> dict[str, tuple[Check, ...]]:
    """Parent = sum of children, for each report of an agency that the roster names as superior, by report id.

    The roster is the list of who should have reported, so a unit without a report of that year counts as missing.
    """
    by_agency = {(item.report.identity.agency, item.report.identity.year): item for item in reports}
    units: dict[str, list[str]] = {}
    for row in roster.rows:
        if row.superior and row.agency:
            units.setdefault(row.superior, []).append(row.agency)
    found = {}
    for item in reports:
        agency, year = item.report.identity.agency, item.report.identity.year
        if agency in units and year is not None and item.duplicate_of is None:
            children = {name: by_agency.get((name, year)) for name in sorted(set(units[agency]))}
            narrative = "".join(unit.text for unit in item.parts.units)
            found[item.report.report_id] = check_hierarchy(
                item.cells, {name: child.cells if child else None for name, child in children.items()},
                whole_area=WHOLE_AREA.search(narrative) is not None,
            )
    return found


def _with_claims(item: Analyzed, previous: tuple[Cell, ...], lang: str) -> Analyzed:
    """Judge the figures that compare with last year again, now that last year's tables are at hand."""
    if not previous:
        return item
    who = item.report.identity
    claims = tuple(find_claims(item.parts.units, item.cells, previous=previous, year=who.year))
    kept = [flag for flag in item.flags if flag.flag != "claim_disagrees"]
    return replace(
        item, claims=claims, flags=(*kept, *flag_checks(item.report.report_id, (), claims, lang=lang))
    )


def _with_checks(item: Analyzed, checks: tuple[Check, ...], lang: str) -> Analyzed:
    if not checks:
        return item
    flags = flag_checks(item.report.report_id, checks, (), lang=lang)
    return replace(item, checks=(*item.checks, *checks), flags=(*item.flags, *flags))


def not_reported(roster: Roster, reports: Sequence[Analyzed]) -> list[Failure]:
    """A row for every agency of the roster without a report, in the order of the roster; references do not count."""
    own = ((item.report.identity, item.report.path) for item in reports if not item.reference)
    return [
        Failure(
            missing.agency, "roster", "NotReported",
            f"{missing.agency}{f' ({missing.year})' if missing.year else ''}: no annual report among the files "
            f"(roster line {missing.line}).",
            "Ask for the report, or mend the roster if the agency reports under another name.", missing.year,
        )
        for missing in missing_reports(roster, own)
    ]


def list_files(paths: Sequence[str | Path], against: Sequence[str | Path]) -> tuple[list[Path], frozenset[Path]]:
    """The files of `paths` and `against` in one defined order, and which of them are references only."""
    own = find_files([Path(path) for path in paths])
    known = set(own)
    reference = [path for path in find_files([Path(p) for p in against]) if path not in known] if against else []
    files = sorted([*own, *reference], key=lambda path: path.as_posix())
    if not files:
        raise SettingsError(
            f"No file to read in {', '.join(str(path) for path in paths)}.",
            hint="Name files, or folders that hold reports (.html, .docx, .pdf, .txt …).",
        )
    return files, frozenset(reference)


def reuse_texts(reports: Sequence[Analyzed]) -> list[ReuseText]:
    """All annual reports that are no copies, as reuse sees them."""
    return [
        reuse_text(item)
        for item in reports
        if item.duplicate_of is None and item.report.identity.kind == "annual_report"
    ]


def change_rows(reports: Sequence[Analyzed], reuse: Reuse, rows: Rows, *, engine: Engine | None) -> Rows:
    """Table `changes`: what was changed in the passages of the pairs that get a page."""
    chosen = set(choose_pairs(rows))
    passages = [passage for passage in reuse.passages if (passage.a_report, passage.b_report) in chosen]
    return records("changes", find_changes(reuse_texts(reports), passages, engine=engine))


def compare(
    reports: Sequence[Analyzed], *, engine: Engine, settings: Settings
) -> tuple[Reuse, tuple[Certificate, ...]]:
    """Reuse between all annual reports of the run that are not copies, and certificates in their texts and tables."""
    texts = reuse_texts(reports)
    reuse = find_reuse(texts, settings=settings.reuse, engine=engine)
    return reuse, find_traces(reports, texts, reuse)


def find_traces(reports: Sequence[Analyzed], texts: Sequence[ReuseText], reuse: Reuse) -> tuple[Certificate, ...]:
    """The certificates: those of the texts, then those of the tables; `texts` are the reports that are compared."""
    sums = {item.report.report_id: wrong_sums(item.cells, item.checks) for item in reports}
    return (*find_certificates(texts, reuse.passages), *find_same_sums(texts, sums))


def measure(
    reports: Sequence[Analyzed], reuse: Reuse, *, engine: Engine, settings: Settings, progress: Progress | None = None
) -> tuple[Measure, ...]:
    """The measures that compare a report with others: shared text as rates and longest runs, and the named measures."""
    compared = [
        item for item in reports if item.duplicate_of is None and item.report.identity.kind == "annual_report"
    ]
    letters = {
        (item.report.report_id, section): counts
        for item in compared for section, counts in count_letters(item.prose).items()
    }
    judged = [row.report_id for row in reuse.composition if row.section is None]
    company = count_company(compared)
    units = {item.report.report_id: item for item in compared}
    narratives = {
        name: (units[name].report.text, [(unit.start, unit.end) for unit in units[name].parts.units]) for name in judged
    }
    return (
        *longest_shared_run(judged, reuse.passages, company=company),
        *level_rows(narratives, reuse.passages, company=company),
        *rate_rows(reuse.composition, letters, company=company),
        *measure_run(
            map(measured, compared), tokens=settings.tokens, engine=engine,
            progress=progress,
        ),
    )


def build_rows(
    collected: Collected, reuse: Reuse, certificates: Sequence[Certificate], measures: Sequence[Measure], *, lang: str
) -> Rows:
    """The rows of every table of a run: reports in the order of their files, flags worst first."""
    rows: Rows = {}
    for item in collected.reports:
        merge_rows(rows, rows_of_report(item))
    merge_rows(rows, reuse_rows(reuse))
    merge_rows(rows, records("measures", measures))
    chance = judge_matches(reuse.matching)
    merge_rows(rows, records("measures", chance))
    merge_rows(rows, records("follow", follow_years(year_reports(collected.reports))))
    merge_rows(rows, records("flags", all_flags(collected.reports, reuse, certificates, chance, lang=lang)))
    merge_rows(rows, records("failures", collected.failures))
    return rows


def rows_of_report(item: Analyzed) -> Rows:
    """The rows that one report gives; a copy and a report of kind `other` give only themselves, text and spans."""
    report, report_id = item.report, item.report.report_id
    is_report = report.identity.kind == "annual_report"
    narrative = sum(span.end - span.start for span in item.parts.spans if span.kind == "narrative")
    rows: Rows = {}
    for part in (
        report_rows(
            report, item.parts.form if is_report else None,
            narrative if is_report and item.duplicate_of is None else None,
            duplicate_of=item.duplicate_of, reference=item.reference,
        ),
        text_rows(report),
        structure_rows(report_id, item.parts),
        label_rows(report, item.parts, item.labels),
        table_rows(report_id, item.cells, item.checks, item.claims),
        records("keywords", item.keywords, report_id=report_id),
        records("links", item.links, report_id=report_id),
        records("measures", () if item.reference else item.measures),
    ):
        merge_rows(rows, part)
    return rows


def all_flags(
    reports: Sequence[Analyzed], reuse: Reuse, certificates: Sequence[Certificate], chance: Sequence[Measure], *,
    lang: str,
) -> tuple[Flag, ...]:
    """The flags of every report that is judged; references raise none."""
    who = {item.report.report_id: item.report.identity for item in reports}
    names = {
        item.report.report_id: (who[item.report.report_id].agency or Path(item.report.path).name,
                                who[item.report.report_id].year)
        for item in reports
    }
    texts = {item.report.report_id: item.report.text for item in reports}
    judged = {item.report.report_id for item in reports if not item.reference}
    flags = [flag for item in reports for flag in item.flags]
    shared = flag_reuse(reuse.composition, reuse.passages, names, texts, measures=chance, lang=lang)
    flags.extend(flag_sources(shared, certificates, lang=lang))
    flags.extend(flag_certificates(certificates, texts, lang=lang))
    return order_flags([flag for flag in flags if flag.report_id in judged])


def year_reports(reports: Sequence[Analyzed]) -> list[YearReport]:
    """The reports that can be followed from year to year, under the agency's latest id: both known, no copy."""
    latest = latest_ids(reports)
    return [
        YearReport(
            item.report.report_id, latest.get(item.report.identity.agency_id, item.report.identity.agency_id),
            item.report.identity.year, item.parts.units, item.labels,
        )
        for item in reports
        if item.report.identity.agency_id and item.report.identity.year is not None and item.duplicate_of is None
    ]


def run_info(collected: Collected, rows: Rows, settings: Settings) -> dict[str, Any]:
    """What `run.json` says: settings, versions, checksums, counts, and (alone not reproducible) timings in seconds."""
    versions = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            continue
    data = sorted(p.relative_to(root()).as_posix() for p in resource_path("models").rglob("*") if p.is_file())
    return {
        "settings": asdict(settings),
        "fingerprint": settings.fingerprint(),
        "versions": versions,
        "background": profile.checksum if (profile := load_profile(settings.reuse.background)) else None,
        "tokenizer": dict(get_tokenizer(settings.tokens).identity),
        "models": {name: checksum(name) for name in data if not name.endswith((".md", ".py"))},
        "counts": {name: len(content) for name, content in sorted(rows.items())},
        "timings": {name: round(seconds, 3) for name, seconds in collected.timings.items()},
    }


def analyze(
    paths: Sequence[str | Path] | str | Path, out: str | Path | None = None, *, settings: Settings | None = None,
    roster: str | Path | None = None, against: Sequence[str | Path] = (), jobs: int | None = None,
    verdicts: Sequence[str | Path] = (), progress: Progress | None = None,
) -> Run:
    """Analyse all reports in `paths` (files and folders) and write a run folder; return the run opened.

    `out` is replaced as a whole when the run is done and not touched before; without it the run stands in a new
    temporary folder. `roster` settles identities, `against` are reference reports that are compared with and never
    flagged, `verdicts` files of what people decided on flags of an earlier run (`output.verdicts`). `jobs` processes
    (one per core by default) change the time and nothing else. A file that cannot be read becomes a row of
    `run.failures`. Raises SettingsError where there is nothing to read or a verdict file is none, OutputError where
    `out` is something other than a run folder. Cost: about linear in the reports.
    """
    settings = settings or Settings()
    load_profile(settings.reuse.background)  # a wrong name is told before the reports are read, not by each of them
    own = [paths] if isinstance(paths, str | Path) else list(paths)
    files, references = list_files(own, against)
    judged = load_verdicts([Path(path) for path in verdicts])
    table: Roster | None = load_roster(Path(roster)) if roster is not None else None
    folder = Path(out) if out is not None else Path(tempfile.mkdtemp(prefix="gknlp-")) / "run"
    with LocalEngine(jobs if jobs is not None else os.cpu_count() or 1) as engine:
        collected = collect(
            files, engine=engine, settings=settings, roster=table, references=references, progress=progress
        )
        began = perf_counter()
        if progress is not None:
            progress("compare", 0, 1)
        reuse, certificates = compare(collected.reports, engine=engine, settings=settings)
        if progress is not None:
            progress("compare", 1, 1)
        collected.timings["reuse"] = perf_counter() - began
        began = perf_counter()
        measures = measure(collected.reports, reuse, engine=engine, settings=settings, progress=progress)
        collected.timings["measures"] = perf_counter() - began
        rows = build_rows(collected, reuse, certificates, measures, lang=settings.output.lang)
        merge_rows(rows, change_rows(collected.reports, reuse, rows, engine=engine))
    rows["verdicts"] = verdict_rows(rows, judged)
    began = perf_counter()
    write_run(folder, rows, run_info(collected, rows, settings), lang=settings.output.lang, progress=progress)
    return Run(folder)

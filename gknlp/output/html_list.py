"""The list page: what to look at first, every report in one list, and what was not read, as plainly as findings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gknlp.output.cases import SEVERITIES, Case, Cases, Row, flags_in_order, page_link, report_name
from gknlp.output.labels import Words, excerpt, shown
from gknlp.resources import load_toml

ORIGINS = ("formula", "own_past", "template", "peer", "own")
# Reports named under a kind of flag, and rows of a list of files; the rest is counted and stands in report.xlsx.
MAX_NAMED = 20
MAX_FILES = 200
# A name or reason longer than this is cut in the list; the report's page has all of it.
MAX_NAME = 60
MAX_REASON = 140


@dataclass(frozen=True, slots=True)
class FlagKind:
    """One kind of flag over the whole run: how often, how sure, and the first of its cases."""

    kind: str
    label: str
    severity: str
    severity_label: str
    reports: int
    places: int
    precision: str
    named: Sequence[tuple[str, str, str]]
    left: int


def list_values(cases: Cases, words: Words) -> dict[str, Any]:
    """What the template of the list page takes; the reports themselves are in `list_data`."""
    own = [case for case in cases if case.report["kind"] == "annual_report"]
    others = [case for case in cases if case.report["kind"] != "annual_report"]
    copies = [(copy, case) for case in cases for copy in case.copies]
    years = sorted({int(case.report["year"]) for case in own if case.report["year"] is not None})
    return {
        "kinds": flag_kinds(cases, words),
        "n_reports": sum(not case.report["reference"] for case in own),
        "n_references": sum(bool(case.report["reference"]) for case in own),
        "n_agencies": len({case.report["agency_id"] or case.report["agency"] or case.report_id for case in own}),
        "years": f"{years[0]}–{years[-1]}" if len(years) > 1 else str(years[0]) if years else "",
        "failures": cases.failures[:MAX_FILES], "n_failures": len(cases.failures),
        "others": [(case.report, page_link(case.report_id)) for case in others[:MAX_FILES]], "n_others": len(others),
        "copies": [
            (shown(copy["path"]), report_name(case.report), page_link(case.report_id))
            for copy, case in copies[:MAX_FILES]
        ],
        "n_copies": len(copies),
        "gaps": year_gaps([case.report for case in own]),
    }


def flag_kinds(cases: Cases, words: Words) -> list[FlagKind]:
    """The kinds of flags of a run, worst first, each with its reports in the order of the run."""
    rules = load_toml("models/flags.toml")
    pairs = [(case, flag) for case in cases for flag in case.rows["flags"]]
    order = {id(flag): position for position, flag in enumerate(flags_in_order([flag for _, flag in pairs]))}
    groups: dict[tuple[str, str], list[tuple[Case, Row]]] = {}
    for case, flag in sorted(pairs, key=lambda pair: order[id(pair[1])]):
        groups.setdefault((str(flag["severity"]), str(flag["flag"])), []).append((case, flag))
    return [
        FlagKind(
            kind, words("flag", kind), severity if severity in SEVERITIES else "low", words("severity", severity),
            len({case.report_id for case, _ in items}), len(items),
            str(rules.get(kind, {}).get("precision") or words("word", "unmeasured")),
            [
                (excerpt(report_name(case.report), MAX_NAME), page_link(case.report_id) + f"#f-{flag['flag_id']}",
                 excerpt(str(flag["reason"]), MAX_REASON))
                for case, flag in items[:MAX_NAMED]
            ],
            max(0, len(items) - MAX_NAMED),
        )
        for (severity, kind), items in groups.items()
    ]


def year_gaps(reports: Sequence[Row]) -> list[tuple[str, str]]:
    """Agencies with reports before and after a year and none of it, with the years missing, by agency."""
    years: dict[str, set[int]] = {}
    names: dict[str, str] = {}
    for report in reports:
        key = report["agency_id"] or report["agency"]
        if key is not None and report["year"] is not None and not report["reference"]:
            years.setdefault(str(key), set()).add(int(report["year"]))
            names.setdefault(str(key), report_name(report, with_year=False))
    gaps = []
    for key, seen in sorted(years.items()):
        missing = [year for year in range(min(seen), max(seen)) if year not in seen]
        if missing:
            gaps.append((names[key], ", ".join(map(str, missing))))
    return gaps


def list_data(cases: Cases, words: Words) -> dict[str, Any]:
    """The reports as the list's script reads them: kinds of flags once, then one array per annual report.

    An array holds: page, name, year, level, region, form, reference (0 or 1), narrative characters, shares by origin
    in thousandths (or 0 without narrative), problems, checkable measures, flags as `[kind, count, first reason]`,
    and what else the search looks at. Order is that of the run.
    """
    kinds = [
        (kind.kind, kind.label, SEVERITIES.index(kind.severity)) for kind in flag_kinds(cases, words)
    ]
    position = {kind: number for number, (kind, _, _) in reversed(list(enumerate(kinds)))}
    return {
        "kinds": [[label, severity] for _, label, severity in kinds],
        "reports": [_line(case, words, position) for case in cases if case.report["kind"] == "annual_report"],
    }


def _line(case: Case, words: Words, position: dict[str, int]) -> list[Any]:
    report = case.report
    whole = next((row for row in case.rows["composition"] if row.get("section") is None), {})
    shares = [whole.get(name) for name in ORIGINS]
    flags: dict[int, list[Any]] = {}
    for flag in flags_in_order(case.rows["flags"]):
        number = position[str(flag["flag"])]
        flags.setdefault(number, [number, 0, excerpt(str(flag["reason"]), MAX_REASON)])[1] += 1
    units = case.rows["units"]
    return [
        page_link(case.report_id), excerpt(report_name(report, with_year=False), MAX_NAME), report["year"],
        words("level", report["level"]) if report["level"] is not None else "", _short(report["region"]),
        words("form", report["form"]) if report["form"] is not None else "", int(bool(report["reference"])),
        report["n_narrative"], 0 if None in shares else [round(float(str(share)) * 1000) for share in shares],
        sum(unit["role"] == "problem" for unit in units), sum((unit.get("specificity") or 0) >= 2 for unit in units),
        list(flags.values()), " ".join(filter(None, (_short(report[name]) for name in ("title", "superior", "path")))),
    ]


def _short(value: object) -> str:
    return "" if value is None else excerpt(str(value), MAX_NAME)

"""The list page: what to look at first, every report in one list, and what was not read, as plainly as findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gknlp.notes import MIN_CHARS
from gknlp.output.cases import SEVERITIES, Case, Cases, Row, flags_in_order, page_link, report_name
from gknlp.output.labels import Words, excerpt, shown
from gknlp.output.verdicts import entry, flag_key
from gknlp.resources import load_toml

ORIGINS = ("formula", "own_past", "template", "peer", "own")
# Reports named under a kind of flag, and rows of a list of files; the rest is counted and stands in report.xlsx.
MAX_NAMED = 20
MAX_FILES = 200
# A name or reason longer than this is cut in the list; the report's page has all of it.
MAX_NAME = 60
MAX_REASON = 140
# Columns of the table of agencies and years: the newest.
MAX_YEARS = 20
# Agencies of the roster without report stand among the failures.
NOT_REPORTED = "NotReported"


@dataclass(frozen=True, slots=True)
class FlagKind:
    """One kind of flag over the whole run: how often, how sure, and the first of its cases."""

    kind: str
    label: str
    severity: str
    severity_label: str
    reports: int
    places: int
    dismissed: int
    precision: str
    named: Sequence[tuple[str, str, str]]
    left: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """Agencies with a year missing: per year `have`, `asked` (the roster wants it), `gap` (between two years) or "".

    The last of each row says whether the roster wants a report of any year. `n_rows` and `n_missing` count them all.
    """

    years: Sequence[int]
    rows: Sequence[tuple[str, Sequence[str], bool]]
    n_rows: int
    n_missing: int


def list_values(cases: Cases, words: Words) -> dict[str, Any]:
    """What the template of the list page takes; the reports themselves are in `list_data`."""
    own = [case for case in cases if case.report["kind"] == "annual_report"]
    others = [case for case in cases if case.report["kind"] != "annual_report"]
    failures = [item for item in cases.failures if item["error"] != NOT_REPORTED]
    copies = [(copy, case) for case in cases for copy in case.copies]
    years = sorted({int(case.report["year"]) for case in own if case.report["year"] is not None})
    return {
        "kinds": flag_kinds(cases, words),
        "n_reports": sum(not case.report["reference"] for case in own),
        "n_references": sum(bool(case.report["reference"]) for case in own),
        "n_agencies": len({case.report["agency_id"] or case.report["agency"] or case.report_id for case in own}),
        "years": f"{years[0]}–{years[-1]}" if len(years) > 1 else str(years[0]) if years else "",
        "failures": failures[:MAX_FILES], "n_failures": len(failures),
        "others": [(case.report, page_link(case.report_id)) for case in others[:MAX_FILES]], "n_others": len(others),
        "stale": cases.stale[:MAX_FILES], "n_stale": len(cases.stale),
        "copies": [
            (shown(copy["path"]), report_name(case.report), page_link(case.report_id))
            for copy, case in copies[:MAX_FILES]
        ],
        "n_copies": len(copies),
        "coverage": coverage(cases),
    }


def flag_kinds(cases: Cases, words: Words) -> list[FlagKind]:
    """The kinds of flags of a run, worst first, each with its reports in the order of the run.

    What a person dismissed is counted apart and not named.
    """
    rules = load_toml("models/flags.toml")
    pairs = [(case, flag) for case in cases for flag in case.rows["flags"]]
    order = {id(flag): position for position, flag in enumerate(flags_in_order([flag for _, flag in pairs]))}
    groups: dict[tuple[str, str], list[tuple[Case, Row]]] = {}
    dismissed = {name for case in cases for name, row in case.verdicts.items() if row["verdict"] == "dismissed"}
    total = Counter((str(flag["severity"]), str(flag["flag"])) for _, flag in pairs)
    for case, flag in sorted(pairs, key=lambda pair: order[id(pair[1])]):
        items = groups.setdefault((str(flag["severity"]), str(flag["flag"])), [])
        if flag["flag_id"] not in dismissed:
            items.append((case, flag))
    return [
        FlagKind(
            kind, words("flag", kind), severity if severity in SEVERITIES else "low", words("severity", severity),
            len({case.report_id for case, _ in items}), len(items), total[severity, kind] - len(items),
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


def coverage(cases: Cases) -> Coverage:
    """Agencies of which a year is missing: the roster asks for a report, or there is one before and one after.

    Reference reports do not count. Agencies of the roster come first, in its order, then the others by id. Cost: linear
    in reports times years.
    """
    seen: dict[str, set[int]] = {}
    ids: dict[str, str] = {}
    for case in cases:
        report = case.report
        key = report["agency_id"] or report["agency"]
        if report["kind"] == "annual_report" and key is not None and report["year"] and not report["reference"]:
            name = report_name(report, with_year=False)
            seen.setdefault(name, set()).add(int(report["year"]))
            ids.setdefault(name, str(key))
    asked: dict[str, set[int | None]] = {}
    for failure in cases.failures:
        if failure["error"] == NOT_REPORTED:
            asked.setdefault(shown(failure["path"]), set()).add(failure.get("year"))
    gaps = {
        name: {year for year in range(min(years), max(years)) if year not in years} for name, years in seen.items()
    }
    names = [*asked, *sorted((n for n, years in gaps.items() if years and n not in asked), key=lambda n: ids[n])]
    known = {year for years in seen.values() for year in years} | {year for years in gaps.values() for year in years}
    known |= {year for years in asked.values() for year in years if year is not None}
    columns = sorted(known)[-MAX_YEARS:]
    rows = []
    for name in names[:MAX_FILES]:
        wanted, between, there = asked.get(name, set()), gaps.get(name, set()), seen.get(name, set())
        states = [
            "asked" if year in wanted else "have" if year in there else "gap" if year in between else ""
            for year in columns
        ]
        rows.append((name, states, None in wanted))
    missing = sum(len(asked.get(name, set()) | gaps.get(name, set())) for name in names)
    return Coverage(columns, rows, len(names), missing)


def list_data(cases: Cases, words: Words) -> dict[str, Any]:
    """The reports as the list's script reads them: kinds of flags once, then one array per annual report.

    An array holds: page, name, year, level, region, form, reference (0 or 1), narrative characters, shares by origin
    in thousandths (or 0 without narrative; counts behind them where it is too little for shares), problems, checkable
    measures, flags as `[kind, count, first reason, keys]`, and what else the search looks at. Order is that of the run.
    `given` are the verdicts known when the page is written, by key, also those whose flag is gone (an export must not
    lose them).
    """
    kinds = [
        (kind.kind, kind.label, SEVERITIES.index(kind.severity)) for kind in flag_kinds(cases, words)
    ]
    position = {kind: number for number, (kind, _, _) in reversed(list(enumerate(kinds)))}
    return {
        "kinds": [[label, severity] for _, label, severity in kinds],
        "reports": [_line(case, words, position) for case in cases if case.report["kind"] == "annual_report"],
        "given": {
            row["key"]: entry(row) for row in [row for case in cases for row in case.rows["verdicts"]] + [*cases.stale]
        },
    }


def _thousandths(whole: Row) -> list[int]:
    """The shares of a composition in thousandths; under `MIN_CHARS` characters their counts stand behind them."""
    shares = [float(str(whole[name])) for name in ORIGINS]
    size = whole.get("n_chars")
    counts = [round(share * size) for share in shares] if size is not None and size < MIN_CHARS else []
    return [*(round(share * 1000) for share in shares), *counts]


def _line(case: Case, words: Words, position: dict[str, int]) -> list[Any]:
    report = case.report
    whole = next((row for row in case.rows["composition"] if row.get("section") is None), {})
    shares = [whole.get(name) for name in ORIGINS]
    flags: dict[int, list[Any]] = {}
    for flag in flags_in_order(case.rows["flags"]):
        number = position[str(flag["flag"])]
        found = flags.setdefault(number, [number, 0, excerpt(str(flag["reason"]), MAX_REASON), []])
        found[1] += 1
        found[3].append(flag_key(flag, report))
    units = case.rows["units"]
    return [
        page_link(case.report_id), excerpt(report_name(report, with_year=False), MAX_NAME), report["year"],
        words("level", report["level"]) if report["level"] is not None else "", _short(report["region"]),
        words("form", report["form"]) if report["form"] is not None else "", int(bool(report["reference"])),
        report["n_narrative"], 0 if None in shares else _thousandths(whole),
        sum(unit["role"] == "problem" for unit in units), sum((unit.get("specificity") or 0) >= 2 for unit in units),
        list(flags.values()), " ".join(filter(None, (_short(report[name]) for name in ("title", "superior", "path")))),
    ]


def _short(value: object) -> str:
    return "" if value is None else excerpt(str(value), MAX_NAME)

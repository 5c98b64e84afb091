"""What an agency is asked about its reports (反馈意见): its flags as findings with place, figures and rule, as values.

Only flags become findings, and nothing UNCERTAIN is a flag. Wording is that of the flags and of `models/feedback.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from gknlp.output.cases import Case, Cases, Row, report_name
from gknlp.output.html_flags import FlagView, flag_views
from gknlp.output.html_page import checks_in_order
from gknlp.output.html_tables import cell_label, cells_by_name, failing_cells, json_list, statutory_tables
from gknlp.output.labels import Words, excerpt, shown, words_in
from gknlp.output.run import Run
from gknlp.output.tables import table_records
from gknlp.resources import load_toml

FEEDBACK, IDENTITIES = "models/feedback.toml", "models/identities.toml"
ASKS = ("mend", "explain", "aware")
# Places and quotations of a finding that are printed; the dossier has all.
MAX_PLACES = 8
MAX_WORDS = 300
MAX_QUOTED = 160
_NUMBER = re.compile(r"-?[\d.]+")


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: what an agency is asked (`ask`: one of `ASKS`), the kind of flag by its label, and the reason.

    `places` name page, table, row and column with the figure there; `quotes` are whose words, where, and the words;
    `figures` the two numbers that were compared (empty where none were); `left` counts places not named.
    """

    ask: str
    label: str
    reason: str
    places: Sequence[str]
    quotes: Sequence[tuple[str, str]]
    figures: Sequence[str]
    rules: Sequence[str]
    left: int


@dataclass(frozen=True, slots=True)
class ReportFindings:
    """The findings of one report, those to be mended first; `source` is its address, else its file."""

    name: str
    year: int | None
    source: str
    findings: Sequence[Finding]


def feedback(cases: Cases, lang: str, *, verdicts: Collection[str] = ()) -> list[tuple[str, list[ReportFindings]]]:
    """Each agency that has findings, by name, with its reports by year; labels in `lang`.

    A flag that a person dismissed is left out; with `verdicts` only flags judged so are in (`confirmed`). A report
    whose agency is unknown stands for itself. Cost: linear in the run.
    """
    agencies: dict[str, tuple[str, list[ReportFindings]]] = {}
    for case in cases:
        findings = [
            _finding(view, case, lang) for view in _views(case, cases, words_in(lang))
            if _wanted(str(view.verdict["verdict"]) if view.verdict else "", verdicts)
        ]
        if findings:
            report = case.report
            key = str(report.get("agency_id") or report.get("agency") or case.report_id)
            name = report_name(report, with_year=False)
            findings.sort(key=lambda finding: ASKS.index(finding.ask))
            source = shown(report.get("url") or re.split(r"[/\\]", str(report["path"]))[-1])
            told = ReportFindings(report_name(report), report.get("year"), source, findings)
            agencies.setdefault(key, (name, []))[1].append(told)
    for _, reports in agencies.values():
        reports.sort(key=lambda told: (told.year or 0, told.name))
    return sorted(agencies.values(), key=lambda item: item[0])


def rows_of_flagged(run: Run) -> dict[str, Sequence[Row]]:
    """The rows of a run that feedback needs: all reports by name, of the rest only what concerns a flagged one."""
    flagged = set(run["flags"]["report_id"])
    rows: dict[str, Sequence[Row]] = {n: table_records(run[n]) for n in ("reports", "flags", "verdicts")}
    for name in ("pages", "cells", "checks", "claims"):
        rows[name] = table_records(run[name][run[name]["report_id"].isin(flagged)])
    return rows


def _wanted(verdict: str, verdicts: Collection[str]) -> bool:
    return verdict in verdicts if verdicts else verdict != "dismissed"


def _views(case: Case, cases: Cases, words: Words) -> list[FlagView]:
    checks = list(enumerate(checks_in_order(case.rows["checks"]), start=1))
    tables = statutory_tables(case.rows["cells"], failing_cells(checks))
    return flag_views(case, cases, checks, cells_by_name(tables), words)


def _finding(view: FlagView, case: Case, lang: str) -> Finding:
    kind, words = str(view.flag["flag"]), words_in(lang)
    rule = load_toml(FEEDBACK).get(kind, {})
    placed = [
        f"{label}（{cell.text}）{_page(case.page_of(cell.start), words)}" for label, cell in view.cells[:MAX_PLACES]
    ]
    here = words("feedback", "this_report")
    quotes = [
        (quote.where or here, f"“{excerpt(quote.quote, MAX_QUOTED)}”{_page(quote.page, words)}")
        for quote in view.quotes[:MAX_PLACES] if quote.quote
    ]
    claim = _claim(view.flag, case) if kind == "claim_disagrees" else None
    if claim is not None:
        placed += [cell_label(name, words) for name in str(claim.get("target") or "").split(" + ")[:MAX_PLACES] if name]
    left = view.left + max(0, len(view.cells) - MAX_PLACES) + max(0, len(view.quotes) - MAX_PLACES)
    return Finding(
        str(rule.get("ask", "explain")), words("flag", kind), excerpt(str(view.flag["reason"]), MAX_WORDS), placed,
        quotes, _figures(view, claim, words), _rules(view, rule, lang), left,
    )


def _page(page: int | None, words: Words) -> str:
    return f"（{words('ui', 'page_of_source', n=page)}）" if page is not None else ""


def _claim(flag: Row, case: Case) -> Row | None:
    places = {(item.get("start"), item.get("end")) for item in json_list(flag["evidence"]) if isinstance(item, dict)}
    return next((claim for claim in case.rows["claims"] if (claim["start"], claim["end"]) in places), None)


def _figures(view: FlagView, claim: Row | None, words: Words) -> list[str]:
    """The two numbers that a check or a claim compared."""
    if claim is not None and claim.get("expected") is not None:
        text, table = f"{claim['number']:g}{claim['unit']}", f"{claim['expected']:g}"
        return [words("feedback", "in_text", n=shown(text)), words("feedback", "in_table", n=table)]
    if view.check is not None:
        check = view.check[1]
        if check.get("expected") is not None and check.get("found") is not None:
            two = [excerpt(str(check[name]), 60) for name in ("expected", "found")]
            if all(_NUMBER.fullmatch(number) for number in two):
                return [words("feedback", "equal", a=two[0], b=two[1])]
            return [words("feedback", "by_rule", n=two[0]), words("feedback", "printed", n=two[1])]
    return []


def _rules(view: FlagView, rule: Row, lang: str) -> list[str]:
    """The identity that a check tested, where it has one, and what the kind of flag rests on."""
    told = [str(rule[lang])] if lang in rule else []
    if view.check is not None:
        known = load_toml(IDENTITIES)
        names = {item["id"]: item["zh"] for group in ("identity", "between") for item in known[group]}
        identity = names.get(str(view.check[1]["rule"]))
        told = ([identity] if identity else []) + told
    return told

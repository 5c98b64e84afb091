"""A report's flags as its page shows them: what each rests on, with its place, and what a person decided on it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gknlp.output.cases import Case, Cases, Row, flags_in_order, report_name
from gknlp.output.html_tables import CellView, cell_label, json_list
from gknlp.output.labels import Words, excerpt
from gknlp.output.verdicts import entry, flag_key
from gknlp.resources import load_toml

# Characters of a quotation, and pieces of evidence listed under a flag; the rest stands in report.xlsx.
MAX_QUOTE = 400
MAX_EVIDENCE = 20


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a flag or a fact rests on: a quotation and the link to its place (empty where it has none)."""

    quote: str
    link: str
    where: str
    page: int | None


@dataclass(frozen=True, slots=True)
class FlagView:
    """A flag with its evidence: quotations, cells of a table with their labels, and the check that raised it.

    Cells of a sum that hold nought are only counted (`noughts`); `left` is evidence not shown. `about` is what a
    verdict file says of the flag, `given` the verdict known when the page was written (None: none), both as JSON.
    """

    flag: Row
    quotes: Sequence[Evidence]
    cells: Sequence[tuple[str, CellView]]
    noughts: int
    left: int
    check: tuple[int, Row] | None
    precision: str
    about: str
    verdict: Row | None
    given: str


def flag_views(
    case: Case, cases: Cases, checks: Sequence[tuple[int, Row]], cells: Mapping[str, CellView], words: Words
) -> list[FlagView]:
    """The flags of a report, worst first; those that a person dismissed come last.

    `checks` are its checks with the numbers under which the page lists them, `cells` the cells of the tables shown.
    """
    failed = {
        (tuple(map(str, json_list(check.get("cells")))), str(check["message"])): (number, check)
        for number, check in checks if check["state"] == "FAIL"
    }
    verdicts = case.verdicts
    views = [
        _view(flag, case, cases, (failed, cells, words), verdicts.get(str(flag["flag_id"])))
        for flag in flags_in_order(case.rows["flags"])
    ]
    return sorted(views, key=lambda view: view.verdict is not None and view.verdict["verdict"] == "dismissed")


def _view(
    flag: Row, case: Case, cases: Cases,
    known: tuple[Mapping[tuple[tuple[str, ...], str], tuple[int, Row]], Mapping[str, CellView], Words],
    verdict: Row | None,
) -> FlagView:
    failed, cells, words = known
    items = [item for item in json_list(flag.get("evidence")) if isinstance(item, dict)]
    if not items and flag.get("evidence") not in (None, "", "[]"):
        items = [{"quote": str(flag["evidence"])}]
    names = [str(item.get("quote")) for item in items]
    named = [cells[name] for name in names if name in cells]
    told = [cell for cell in named if cell.text not in ("0", "")]
    quoted = [item for item in items if item.get("quote") not in cells]
    check = next(
        (pair for (of, message), pair in failed.items() if list(of) == names and message in str(flag["reason"])), None
    )
    rule = load_toml("models/flags.toml").get(str(flag["flag"]), {})
    return FlagView(
        flag, [_quoted(item, case, cases, words) for item in quoted[:MAX_EVIDENCE]],
        [(cell_label(cell.name, words), cell) for cell in told[:MAX_EVIDENCE]],
        len(named) - len(told), max(0, len(quoted) - MAX_EVIDENCE) + max(0, len(told) - MAX_EVIDENCE), check,
        str(rule.get("precision") or words("word", "unmeasured")), _json(_about(flag, case)), verdict,
        _json(entry(verdict)) if verdict is not None else "",
    )


def _about(flag: Row, case: Case) -> Row:
    told = {"flag": flag["flag"], "agency": case.report.get("agency"), "year": case.report.get("year")}
    return entry({"key": flag_key(flag, case.report), **told, "reason": excerpt(str(flag["reason"]), MAX_QUOTE)})


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _quoted(item: Row, case: Case, cases: Cases, words: Words) -> Evidence:
    """A piece of evidence: a quotation of this report, of another one, or the name of a cell in no table shown."""
    quote, owner = str(item.get("quote") or ""), str(item.get("report_id") or case.report_id)
    start, end = item.get("start"), item.get("end")
    there = cases.cases.get(owner)
    placed = isinstance(start, int) and isinstance(end, int) and there is not None
    where = "" if owner == case.report_id or there is None else report_name(there.report)
    link = ""
    if placed:
        link = f"#c{start}-{end}" if owner == case.report_id else cases.link(owner, start, end)
    page = there.page_of(start) if placed and there is not None else None
    return Evidence(excerpt(quote if placed else cell_label(quote, words), MAX_QUOTE), link, where, page)

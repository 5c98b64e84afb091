"""The flags of a run in the terminal, in the order in which to look at them: reason, quotation, place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from gknlp.errors import SettingsError
from gknlp.normalize import fold
from gknlp.output.cases import SEVERITIES, Case, Cases, flags_in_order, gather, page_link, report_name
from gknlp.output.html_tables import cell_label, json_list
from gknlp.output.labels import Words, excerpt, one_line, shown, words_in
from gknlp.output.tables import table_records
from gknlp.resources import load_toml

if TYPE_CHECKING:
    from gknlp.output.run import Run

Row = Mapping[str, Any]

# Quotations printed of each flag, and characters of each; the page of the report has all of them.
MAX_QUOTES = 3
MAX_QUOTE = 120
_NEEDED = ("reports", "pages", "flags")


def choose_flags(run: Run, *, severity: str | None, kinds: Sequence[str], agency: str | None) -> list[Row]:
    """The flags of a run that are at least of `severity`, of one of `kinds`, and of an agency that holds `agency`.

    None, or no kind, takes all. Every word of `agency` must stand in the report's agency, title or path; letters and
    digits alone are compared. Order: severity, then kind, then as in the run. SettingsError for a kind that no flag can
    have.
    """
    known = load_toml("models/flags.toml")
    for kind in kinds:
        if kind not in known:
            raise SettingsError(f"No kind of flag is called {kind!r}.", hint=f"There are: {', '.join(sorted(known))}.")
    reports = {str(report["report_id"]): report for report in table_records(run["reports"])}
    asked = [fold(word).text for word in (agency or "").split()]
    return [
        flag for flag in flags_in_order(table_records(run["flags"]))
        if (severity is None or is_at_least(str(flag["severity"]), severity))
        and (not kinds or flag["flag"] in kinds)
        and _is_named(asked, reports.get(str(flag["report_id"]), {}))
    ]


def is_at_least(severity: str, least: str) -> bool:
    """Whether a flag is as grave as `least` or graver; an unknown severity is the least grave."""
    rank = {name: position for position, name in enumerate(SEVERITIES)}
    return rank.get(severity, len(rank)) <= rank[least]


def show_flags(run: Run, flags: Sequence[Row], lang: str, *, limit: int = 0) -> str:
    """The first `limit` of `flags` (all where it is 0), one paragraph each, after a line that counts them.

    A quotation says whose it is, on which page of the source (where that has pages) and at which characters; a table
    cell is named by table, row and column.
    """
    words = words_in(lang)
    if not flags:
        return words("term", "no_flags")
    cases = gather({name: table_records(run[name]) for name in _NEEDED})
    listed = flags[:limit] if limit else flags
    lines = [words("term", "flags_shown", n=len(flags), m=len(run["flags"]))]
    for number, flag in enumerate(listed, start=1):
        lines += ["", *_flag(number, flag, cases, words)]
    if len(listed) < len(flags):
        lines += ["", words("term", "flags_left", n=len(flags) - len(listed))]
    return "\n".join(lines)


def _is_named(words: Sequence[str], report: Row) -> bool:
    names = fold(" ".join(str(report.get(name) or "") for name in ("agency", "title", "path"))).text
    return all(word in names for word in words)


def _flag(number: int, flag: Row, cases: Cases, words: Words) -> list[str]:
    report_id = str(flag["report_id"])
    case = cases.cases.get(report_id)
    name = report_name(case.report) if case else shown(report_id)
    kind = words("flag", flag["flag"])
    lines = [
        f"{number}. [{words('severity', flag['severity'])}] {kind} | {excerpt(name, 60)}",
        f"   {one_line(str(flag['reason']))}",
    ]
    items = [item for item in json_list(flag.get("evidence")) if isinstance(item, dict)]
    lines += [f"   - {_quote(item, report_id, cases, words)}" for item in items[:MAX_QUOTES]]
    if len(items) > MAX_QUOTES:
        lines.append(f"   {words('term', 'more', n=len(items) - MAX_QUOTES)}")
    link = f"pages/{page_link(report_id)}#f-{flag['flag_id']}" if case else ""
    return [*lines, f"   {words('term', 'in_dossier')}: {link}"] if link else lines


def _quote(item: Row, report_id: str, cases: Cases, words: Words) -> str:
    owner, quote = str(item.get("report_id") or report_id), str(item.get("quote") or "")
    start, end = item.get("start"), item.get("end")
    if not isinstance(start, int) or not isinstance(end, int):
        return excerpt(cell_label(quote, words), MAX_QUOTE)
    case: Case | None = cases.cases.get(owner)
    whose = f"{excerpt(report_name(case.report), 40)}: " if case and owner != report_id else ""
    page = case.page_of(start) if case else None
    place = [words("ui", "page_of_source", n=page)] if page is not None else []
    place.append(f"{words('ui', 'chars')} {start}-{end}")
    return f"{whose}“{excerpt(quote, MAX_QUOTE)}” ({', '.join(place)})"

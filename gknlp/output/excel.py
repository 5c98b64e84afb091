"""`report.xlsx`: the tables an inspector works through, with links into the dossier.

Every text is written as text: a cell that begins like a formula is none, and stays none when it is edited. The file's
bytes depend on the rows alone (fixed creation date).
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from gknlp.output.cases import Case, Cases, Row, flags_in_order, gather, page_link, report_name
from gknlp.output.html_tables import json_list
from gknlp.output.labels import Words, column_word, shown, words_in
from gknlp.output.tables import Rows
from gknlp.resources import load_toml

# Limits of the .xlsx format: characters in a cell, rows in a sheet, links in a sheet.
MAX_CELL = 32_767
MAX_ROWS = 1_048_576
MAX_LINKS = 65_530
# Excel's own date of a workbook would make two runs differ; this one stands for "not dated".
CREATED = datetime.datetime(2000, 1, 1)
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Link:
    """A cell that opens a place of the dossier."""

    target: str
    text: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its id (`sheet` in labels.toml), columns as header and width in characters, and its rows."""

    name: str
    columns: Sequence[tuple[str, int]]
    rows: Iterable[Sequence[object]]


def write_excel(rows: Rows, path: Path, lang: str) -> None:
    """Write `report.xlsx` to `path`; links lead to `pages/` beside it.

    Sheets: overview, flags (worst first), checks (failing first), claims, commitments, problems, passages, failures.
    A text beyond Excel's limit is cut with a visible mark; rows beyond its limit are counted in the last row. Cost:
    linear; a sheet is written row by row.
    """
    import xlsxwriter

    words = words_in(lang)
    options = {
        "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "constant_memory": True,
    }
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"title": words("ui", "title"), "created": CREATED, "author": "gknlp"})
        styles = {
            "header": book.add_format({
                "bold": True, "bg_color": "#E4EAF0", "bottom": 1, "text_wrap": True, "valign": "vcenter",
            }),
            "text": book.add_format({"text_wrap": True, "valign": "top"}),
            "quoted": book.add_format({"text_wrap": True, "valign": "top", "quote_prefix": True}),
            "link": book.add_format({"font_color": "#1F4E79", "underline": 1, "valign": "top"}),
            "number": book.add_format({"valign": "top"}),
            "share": book.add_format({"valign": "top", "num_format": "0%"}),
        }
        for sheet in _sheets(rows, words, lang):
            _write_sheet(book, sheet, styles, words)


def _sheets(rows: Rows, words: Words, lang: str) -> list[Sheet]:
    cases = gather(rows)
    make: Sequence[Callable[[Cases, Words, Callable[[str, str], str]], Sheet]] = (
        _overview, _flags, _checks, _claims, _commitments, _problems, partial(_passages, rows), _failures,
    )
    return [build(cases, words, partial(column_word, lang)) for build in make]


def _overview(cases: Cases, words: Words, column: Callable[[str, str], str]) -> Sheet:
    names = ("agency", "year", "level", "region", "superior", "form", "kind", "n_chars", "n_narrative")
    columns = [(words("header", "page"), 8), *((column("reports", name), 28 if name == "agency" else 11) for name in names)]
    columns += [(words("origin", name), 11) for name in ORIGINS]
    columns += [(words("header", name), 9) for name in ("n_problems", "n_plans", "n_checkable", "n_fail", "n_flags")]
    columns += [(column("reports", "title"), 40), (column("reports", "path"), 50)]

    def lines() -> Iterator[Sequence[object]]:
        for case in cases:
            report = case.report
            whole = next((row for row in case.rows["composition"] if row.get("section") is None), {})
            roles = [str(unit["role"]) for unit in case.rows["units"]]
            checkable = sum((unit.get("specificity") or 0) >= 2 for unit in case.rows["units"])
            failing = sum(check["state"] == "FAIL" for check in case.rows["checks"])
            yield (
                Link(f"pages/{page_link(case.report_id)}", words("header", "open")), report["agency"], report["year"],
                _label(words, "level", report["level"]), report["region"], report["superior"],
                _label(words, "form", report["form"]), words("kind", report["kind"]), report["n_chars"],
                report["n_narrative"], *(_share(whole.get(name)) for name in ORIGINS), roles.count("problem"),
                roles.count("plan"), checkable, failing, len(case.rows["flags"]), report["title"], report["path"],
            )

    return Sheet("overview", columns, lines())


ORIGINS = ("formula", "own_past", "template", "peer", "own")


def _flags(cases: Cases, words: Words, column: Callable[[str, str], str]) -> Sheet:
    columns = [
        *_who(words, column), (words("header", "flag_kind"), 20), (column("flags", "severity"), 8),
        (column("flags", "reason"), 60), (column("flags", "evidence"), 60), (words("header", "source_page"), 8),
        (words("header", "precision"), 14),
    ]
    kinds = load_toml("models/flags.toml")
    pairs = [(case, flag) for case in cases for flag in case.rows["flags"]]
    order = {id(flag): position for position, flag in enumerate(flags_in_order([flag for _, flag in pairs]))}
    pairs.sort(key=lambda pair: order[id(pair[1])])

    def lines() -> Iterator[Sequence[object]]:
        for case, flag in pairs:
            evidence = [item for item in json_list(flag.get("evidence")) if isinstance(item, dict)]
            quotes = " / ".join(str(item.get("quote", "")) for item in evidence) or flag.get("evidence")
            place = next((item for item in evidence if item.get("report_id") == case.report_id and _spans(item)), None)
            start, end = (place["start"], place["end"]) if place else (None, None)
            yield (
                *_who_values(case, words, start, end), words("flag", flag["flag"]), words("severity", flag["severity"]),
                flag["reason"], "" if quotes == "[]" else quotes, case.page_of(start),
                kinds.get(str(flag["flag"]), {}).get("precision") or words("word", "unmeasured"),
            )

    return Sheet("flags", columns, lines())


def _checks(cases: Cases, words: Words, column: Callable[[str, str], str]) -> Sheet:
    names = ("state", "rule", "scope", "expected", "found", "fault", "message", "cells")
    widths = (10, 18, 30, 12, 12, 14, 60, 40)
    columns = [*_who(words, column), *((column("checks", n), w) for n, w in zip(names, widths, strict=True))]
    rank = {"FAIL": 0, "UNCERTAIN": 1, "NOT_ASSESSABLE": 2, "PASS": 3}
    pairs = [(case, check) for case in cases for check in case.rows["checks"]]
    pairs.sort(key=lambda pair: rank.get(str(pair[1]["state"]), len(rank)))

    def lines() -> Iterator[Sequence[object]]:
        for case, check in pairs:
            yield (
                *_who_values(case, words), words("check_state", check["state"]), check["rule"], check.get("scope"),
                check.get("expected"), check.get("found"), _label(words, "fault", check.get("fault")), check["message"],
                "; ".join(str(name) for name in json_list(check.get("cells"))),
            )

    return Sheet("checks", columns, lines())


def _claims(cases: Cases, words: Words, column: Callable[[str, str], str]) -> Sheet:
    names = ("verdict", "text", "number", "unit", "expected", "target", "nearest")
    widths = (16, 50, 10, 8, 10, 40, 40)
    columns = [
        *_who(words, column), *((column("claims", n), w) for n, w in zip(names, widths, strict=True)),
        (words("header", "source_page"), 8),
    ]
    pairs = [(case, claim) for case in cases for claim in case.rows["claims"]]
    pairs.sort(key=lambda pair: pair[1]["verdict"] != "disagrees")

    def lines() -> Iterator[Sequence[object]]:
        for case, claim in pairs:
            yield (
                *_who_values(case, words, claim["start"], claim["end"]), words("verdict", claim["verdict"]), claim["text"],
                claim["number"], claim["unit"], claim.get("expected"), claim.get("target"), claim.get("nearest"),
                case.page_of(claim["start"]),
            )

    return Sheet("claims", columns, lines())


def _commitments(cases: Cases, words: Words, column: Callable[[str, str], str]) -> Sheet:
    slots = ("what", "quantity", "time", "document", "responsible")
    columns = [
        *_who(words, column), (words("header", "grade"), 8), (words("header", "grade_meaning"), 26),
        (words("header", "measure"), 70), *((words("slot", slot), 18) for slot in slots), (words("header", "doubt"), 7),
        (words("header", "source_page"), 8),
    ]

    def lines() -> Iterator[Sequence[object]]:
        for case in cases:
            for unit in _units(case, "plan"):
                values = {
                    slot: "; ".join(
                        str(item["value"]) for item in case.rows["slots"]
                        if item["unit_order"] == unit["order"] and item["slot"] == slot
                    )
                    for slot in slots
                }
                grade = unit.get("specificity")
                yield (
                    *_who_values(case, words, unit["start"], unit["end"]), grade,
                    words("grade", grade) if grade is not None else None, unit["text"],
                    *(values[slot] for slot in slots), words("word", "yes") if unit["abstained"] else None,
                    case.page_of(unit["start"]),
                )

    return Sheet("commitments", columns, lines())


def _problems(cases: Cases, words: Words, column: Callable[[str, str], str]) -> Sheet:
    columns = [
        *_who(words, column), (words("header", "problem"), 60), (words("header", "answered_by"), 60),
        (words("header", "doubt"), 7), (words("header", "source_page"), 8),
    ]

    def lines() -> Iterator[Sequence[object]]:
        for case in cases:
            by_order = {unit["order"]: unit for unit in case.rows["units"]}
            for unit in _units(case, "problem"):
                answers = [
                    str(by_order[link["plan_order"]]["text"]) for link in case.rows["links"]
                    if link["problem_order"] == unit["order"] and link["plan_order"] in by_order
                ]
                yield (
                    *_who_values(case, words, unit["start"], unit["end"]), unit["text"], " / ".join(answers),
                    words("word", "yes") if unit["abstained"] else None, case.page_of(unit["start"]),
                )

    return Sheet("problems", columns, lines())


def _passages(rows: Rows, cases: Cases, words: Words, column: Callable[[str, str], str]) -> Sheet:
    columns = [
        (words("header", "page"), 8), (words("header", "a_agency"), 24), (words("header", "a_year"), 8),
        (words("header", "b_agency"), 24), (words("header", "b_year"), 8), (column("passages", "kind"), 14),
        (column("passages", "level"), 16), (column("passages", "direction"), 18), (column("passages", "n_chars"), 8),
        (column("passages", "score"), 8), (words("header", "a_text"), 60), (words("header", "b_text"), 60),
    ]

    def lines() -> Iterator[Sequence[object]]:
        for item in rows.get("passages", ()):
            a, b = str(item["a_report"]), str(item["b_report"])
            sides = [cases.cases[name].report if name in cases.cases else {} for name in (a, b)]
            target = f"pages/{page_link(a, item['a_start'], item['a_end'])}" if a in cases.cases else ""
            yield (
                Link(target, words("header", "open")) if target else None,
                *(value for side in sides for value in (report_name(side, with_year=False) if side else None, side.get("year"))),
                words("reuse_kind", item["kind"]), words("reuse_level", item["level"]),
                words("direction", item["direction"]), item["n_chars"], _share(item["score"]),
                cases.texts.get(a, "")[item["a_start"] : item["a_end"]],
                cases.texts.get(b, "")[item["b_start"] : item["b_end"]],
            )

    return Sheet("passages", columns, lines())


def _failures(cases: Cases, words: Words, column: Callable[[str, str], str]) -> Sheet:
    names = ("path", "stage", "error", "message", "hint")
    columns = [(column("failures", name), width) for name, width in zip(names, (50, 10, 24, 60, 60), strict=True)]
    lines = (
        (item["path"], words("stage", item["stage"]), item["error"], item["message"], item["hint"])
        for item in cases.failures
    )
    return Sheet("failures", columns, lines)


@dataclass(frozen=True, slots=True)
class _Share:
    """A share in 0..1, shown in percent."""

    value: float


def _share(value: object) -> _Share | None:
    return None if value is None else _Share(float(str(value)))


def _label(words: Words, group: str, value: object) -> str | None:
    return None if value is None else words(group, value)


def _spans(item: Mapping[str, Any]) -> bool:
    return isinstance(item.get("start"), int) and isinstance(item.get("end"), int)


def _who(words: Words, column: Callable[[str, str], str]) -> list[tuple[str, int]]:
    return [(words("header", "page"), 8), (column("reports", "agency"), 26), (column("reports", "year"), 8)]


def _who_values(case: Case, words: Words, start: int | None = None, end: int | None = None) -> tuple[object, ...]:
    target = f"pages/{page_link(case.report_id, start, end)}"
    return Link(target, words("header", "open")), report_name(case.report, with_year=False), case.report["year"]


def _units(case: Case, role: str) -> Iterator[Row]:
    return (unit for unit in case.rows["units"] if unit["role"] == role)


def _write_sheet(book: Any, sheet: Sheet, styles: Mapping[str, Any], words: Words) -> None:  # noqa: ANN401 (xlsxwriter)
    page = book.add_worksheet(words("sheet", sheet.name))
    page.freeze_panes(1, 2)
    for position, (header, width) in enumerate(sheet.columns):
        page.set_column(position, position, width)
        page.write_string(0, position, header, styles["header"])
    last, left = 0, 0
    for line in sheet.rows:
        if last + 2 >= MAX_ROWS:
            left += 1
            continue
        last += 1
        for position, value in enumerate(line):
            _write_cell(page, (last, position), value, styles, words)
    page.autofilter(0, 0, max(last, 1), len(sheet.columns) - 1)
    if left:
        page.write_string(last + 1, 0, words("word", "rows_left", n=left, table=sheet.name), styles["text"])


def _write_cell(
    page: Any, at: tuple[int, int], value: object, styles: Mapping[str, Any], words: Words  # noqa: ANN401
) -> None:
    if isinstance(value, Link):
        if at[0] < MAX_LINKS:
            page.write_url(*at, f"external:{value.target}", styles["link"], value.text)
        else:
            page.write_string(*at, value.target, styles["text"])
    elif isinstance(value, _Share):
        page.write_number(*at, value.value, styles["share"])
    elif isinstance(value, int | float) and not isinstance(value, bool) and value == value:
        page.write_number(*at, value, styles["number"])
    elif value is not None and value == value:
        text = excel_text(str(value), words("word", "cut"))
        if text:
            page.write_string(*at, text, styles["quoted" if text.startswith(FORMULA_STARTS) else "text"])


def excel_text(text: str, cut: str) -> str:
    """`text` as a cell can hold it: controls shown by number, cut with the mark `cut` where it is too long."""
    seen = shown(text)
    return seen if _units_16(seen) <= MAX_CELL else _head_16(seen, MAX_CELL - len(cut)) + cut


def _units_16(text: str) -> int:
    """Excel counts UTF-16 units."""
    return len(text) + sum(character > "\uffff" for character in text)


def _head_16(text: str, limit: int) -> str:
    while _units_16(text := text[:limit]) > limit:
        text = text[: len(text) - (_units_16(text) - limit)]
    return text

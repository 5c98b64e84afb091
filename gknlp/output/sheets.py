"""What stands in `report.xlsx`: the sheets, their columns and rows, as plain values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from gknlp.failures import tell_failure
from gknlp.notes import MIN_CHARS
from gknlp.output.cases import Case, Cases, Row, flags_in_order, gather, page_link, report_name
from gknlp.output.html_tables import cell_label, json_list
from gknlp.output.labels import Words, column_word, error_word, words_in
from gknlp.output.tables import Rows
from gknlp.resources import load_toml

ORIGINS = ("formula", "own_past", "template", "peer", "own")
SLOTS = ("what", "quantity", "time", "document", "responsible")
COUNTS = ("n_problems", "n_plans", "n_checkable", "n_fail", "n_flags")


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


@dataclass(frozen=True, slots=True)
class Share:
    """A share in 0..1, shown in percent."""

    value: float


def excel_sheets(rows: Rows, lang: str) -> list[Sheet]:
    """The sheets in their order; rows are made while they are read, so that a large run needs little memory."""
    words = words_in(lang)
    cases = gather(rows)
    make: Sequence[Callable[[Cases, Words, Callable[[str, str], str]], Sheet]] = (
        _overview, _flags, _checks, _claims, _commitments, _problems, partial(_passages, rows),
        partial(_failures, lang), partial(_verdicts, rows),
    )
    return [build(cases, words, partial(column_word, lang)) for build in make]


def _overview(cases: Cases, words: Words, column: Callable[[str, str], str]) -> Sheet:
    names = ("agency", "year", "level", "region", "superior", "form", "kind", "n_chars", "n_narrative")
    columns = [(words("header", "page"), 8)]
    columns += [(column("reports", name), 28 if name == "agency" else 11) for name in names]
    columns += [(words("origin", name), 11) for name in ORIGINS]
    columns += [(words("header", name), 9) for name in COUNTS]
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
                report["n_narrative"], *(_origin(whole, name) for name in ORIGINS), roles.count("problem"),
                roles.count("plan"), checkable, failing, len(case.rows["flags"]), report["title"], report["path"],
            )

    return Sheet("overview", columns, lines())


def _flags(cases: Cases, words: Words, column: Callable[[str, str], str]) -> Sheet:
    columns = [
        *_who(words, column), (words("header", "flag_kind"), 20), (column("flags", "severity"), 8),
        (column("flags", "reason"), 60), (column("flags", "evidence"), 60), (words("header", "source_page"), 8),
        (words("header", "precision"), 14), (column("verdicts", "verdict"), 8), (column("verdicts", "note"), 30),
    ]
    kinds = load_toml("models/flags.toml")
    pairs = [(case, flag) for case in cases for flag in case.rows["flags"]]
    order = {id(flag): position for position, flag in enumerate(flags_in_order([flag for _, flag in pairs]))}
    pairs.sort(key=lambda pair: order[id(pair[1])])

    def lines() -> Iterator[Sequence[object]]:
        for case, flag in pairs:
            evidence = [item for item in json_list(flag.get("evidence")) if isinstance(item, dict)]
            quotes = " / ".join(
                str(item.get("quote") or "") if _spans(item) else cell_label(str(item.get("quote") or ""), words)
                for item in evidence
            ) or flag.get("evidence")
            place = next((item for item in evidence if item.get("report_id") == case.report_id and _spans(item)), None)
            start, end = (place["start"], place["end"]) if place else (None, None)
            verdict = case.verdicts.get(str(flag["flag_id"]), {})
            yield (
                *_who_values(case, words, start, end), words("flag", flag["flag"]), words("severity", flag["severity"]),
                flag["reason"], "" if quotes == "[]" else quotes, case.page_of(start),
                kinds.get(str(flag["flag"]), {}).get("precision") or words("word", "unmeasured"),
                _label(words, "judged", verdict.get("verdict")), verdict.get("note"),
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
                *_who_values(case, words), words("check_state", check["state"]), check["rule"],
                *(_spelled(words, check["rule"], check.get(name)) for name in ("scope", "expected", "found")),
                _label(words, "fault", check.get("fault")), check["message"],
                "; ".join(cell_label(str(name), words) for name in json_list(check.get("cells"))),
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
                *_who_values(case, words, claim["start"], claim["end"]), words("verdict", claim["verdict"]),
                claim["text"], claim["number"], claim["unit"], claim.get("expected"),
                cell_label(str(claim.get("target") or ""), words),
                claim.get("nearest"), case.page_of(claim["start"]),
            )

    return Sheet("claims", columns, lines())


def _commitments(cases: Cases, words: Words, column: Callable[[str, str], str]) -> Sheet:
    columns = [
        *_who(words, column), (words("header", "grade"), 8), (words("header", "grade_meaning"), 26),
        (words("header", "measure"), 70), *((words("slot", slot), 18) for slot in SLOTS), (words("header", "doubt"), 7),
        (words("header", "source_page"), 8),
    ]

    def lines() -> Iterator[Sequence[object]]:
        for case in cases:
            values: dict[tuple[object, object], list[str]] = {}
            for slot in case.rows["slots"]:
                values.setdefault((slot["unit_order"], slot["slot"]), []).append(str(slot["value"]))
            for unit in _units(case, "plan"):
                grade = unit.get("specificity")
                yield (
                    *_who_values(case, words, unit["start"], unit["end"]), grade,
                    words("grade", grade) if grade is not None else None, unit["text"],
                    *("; ".join(values.get((unit["order"], slot), ())) for slot in SLOTS),
                    words("word", "yes") if unit["abstained"] else None, case.page_of(unit["start"]),
                )

    return Sheet("commitments", columns, lines())


def _problems(cases: Cases, words: Words, column: Callable[[str, str], str]) -> Sheet:
    columns = [
        *_who(words, column), (words("header", "problem"), 60), (words("header", "answered_by"), 60),
        (words("header", "doubt"), 7), (words("header", "source_page"), 8),
    ]

    def lines() -> Iterator[Sequence[object]]:
        for case in cases:
            by_order = {unit["order"]: str(unit["text"]) for unit in case.rows["units"]}
            answers: dict[object, list[str]] = {}
            for link in case.rows["links"]:
                if link["plan_order"] in by_order:
                    answers.setdefault(link["problem_order"], []).append(by_order[link["plan_order"]])
            for unit in _units(case, "problem"):
                yield (
                    *_who_values(case, words, unit["start"], unit["end"]), unit["text"],
                    " / ".join(answers.get(unit["order"], ())), words("word", "yes") if unit["abstained"] else None,
                    case.page_of(unit["start"]),
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
                *(value for side in sides for value in _name_and_year(side)),
                words("reuse_kind", item["kind"]), words("reuse_level", item["level"]),
                words("direction", item["direction"]), item["n_chars"], _share(item["score"]),
                cases.texts.get(a, "")[item["a_start"] : item["a_end"]],
                cases.texts.get(b, "")[item["b_start"] : item["b_end"]],
            )

    return Sheet("passages", columns, lines())


def _failures(lang: str, cases: Cases, words: Words, column: Callable[[str, str], str]) -> Sheet:
    """Files not, or not fully, read; the English message stands behind where the language is another."""
    names = ("path", "stage", "error", "message", "hint", "year")
    columns = [(column("failures", name), width) for name, width in zip(names, (50, 10, 24, 60, 60, 8), strict=True)]
    if lang != "en":
        columns.append((words("ui", "detail"), 60))

    def lines() -> Iterator[Sequence[object]]:
        for item in cases.failures:
            told = tell_failure(str(item["error"]), str(item["message"]), str(item["hint"]), lang)
            stage, error = words("stage", item["stage"]), error_word(lang, str(item["error"]))
            line = (item["path"], stage, error, told.what, told.advice, item.get("year"))
            yield line if lang == "en" else (*line, told.detail)

    return Sheet("failures", columns, lines())


def _verdicts(rows: Rows, cases: Cases, words: Words, column: Callable[[str, str], str]) -> Sheet:
    """Every verdict that was given, those whose flag is gone last; their first column is empty."""
    names = ("agency", "year", "flag", "reason", "verdict", "note", "decided", "applies")
    widths = (26, 8, 20, 60, 8, 40, 20, 8)
    columns = [(words("header", "page"), 8), *((column("verdicts", n), w) for n, w in zip(names, widths, strict=True))]

    def lines() -> Iterator[Sequence[object]]:
        for item in rows.get("verdicts", ()):
            there = item["report_id"] if item["report_id"] in cases.cases else None
            target = f"pages/{page_link(str(there))}#f-{item['flag_id']}"
            yield (
                Link(target, words("header", "open")) if there else None, item["agency"], item["year"],
                _label(words, "flag", item["flag"]), item["reason"], words("judged", item["verdict"]), item["note"],
                item["decided"], words("word", "yes" if item["applies"] else "no"),
            )

    return Sheet("verdicts", columns, lines())


def _origin(whole: Row, name: str) -> Share | str | None:
    """A share of a composition; of too little narrative for a ratio the characters, as text that no sum takes in."""
    size = whole.get("n_chars")
    if whole.get(name) is None or size is None or size >= MIN_CHARS:
        return _share(whole.get(name))
    return f"{round(whole[name] * size)}/{size}"


def _share(value: object) -> Share | None:
    return None if value is None else Share(float(str(value)))


def _name_and_year(report: Row) -> tuple[object, object]:
    return (report_name(report, with_year=False), report["year"]) if report else (None, None)


def _label(words: Words, group: str, value: object) -> str | None:
    return None if value is None else words(group, value)


def _spelled(words: Words, rule: str, value: object) -> object:
    """A value of a check for people: checks of the parts (`P-`) name parts, topics and kinds of text by their ids."""
    if value is None or not rule.startswith("P-"):
        return value
    group = "topic" if rule == "P-topic" else "section"
    known = {"report": words("ui", "whole_report"), "narrative": words("span_kind", "narrative"),
             "table": words("span_kind", "table")}
    return " ".join(known.get(piece) or words(group, piece) for piece in str(value).split(" "))


def _spans(item: Mapping[str, Any]) -> bool:
    return isinstance(item.get("start"), int) and isinstance(item.get("end"), int)


def _who(words: Words, column: Callable[[str, str], str]) -> list[tuple[str, int]]:
    return [(words("header", "page"), 8), (column("reports", "agency"), 26), (column("reports", "year"), 8)]


def _who_values(case: Case, words: Words, start: int | None = None, end: int | None = None) -> tuple[object, ...]:
    target = f"pages/{page_link(case.report_id, start, end)}"
    return Link(target, words("header", "open")), report_name(case.report, with_year=False), case.report["year"]


def _units(case: Case, role: str) -> Iterator[Row]:
    return (unit for unit in case.rows["units"] if unit["role"] == role)



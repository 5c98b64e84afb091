"""What the terminal shows at the end of a run, and one report's structure: plain strings, printed by `cli/` alone.

Every character of our own exists in GBK, so that a Chinese Windows console shows it; text of reports is cleaned of
controls and cannot carry markup or escape sequences.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from gknlp.failures import tell_failure
from gknlp.notes import read_note, write_note
from gknlp.output.cases import flags_in_order, report_name
from gknlp.output.catalogue import spell_note
from gknlp.output.labels import Words, error_word, excerpt, one_line, shown, words_in
from gknlp.output.tables import table_records
from gknlp.types import Cell, Failure, Label, Measure, Report, Segmentation

if TYPE_CHECKING:
    from rich.table import Table

    from gknlp.output.run import Run

WIDTH = 100
# Reports named under "look first"; all stand in the dossier.
MAX_FIRST = 5
# Files named under each kind of failure.
MAX_NAMED = 3
# Characters of what to do beside them: two lines of the table or three.
MAX_ADVICE = 80
ROLES = ("background", "work", "problem", "plan", "nil")


def summary(run: Run, lang: str) -> str:
    """The end of a run in a screenful: what was read, flags by kind, the reports to look at first, what to open.

    Flags that a person dismissed are not counted; a verdict whose flag is gone has a line of its own.
    Reports come in the order: most flags of high severity, then of all, then as in the run. `lang` is `zh` or `en`.
    """
    words = words_in(lang)
    reports = table_records(run["reports"])
    flags = table_records(run["flags"])
    counts = Counter(str(report["kind"]) for report in reports if not report["duplicate_of"])
    failures = table_records(run["failures"])
    lines = [
        _counts(words, [
            ("read", counts["annual_report"]), ("not_report", counts["other"]),
            ("duplicates", sum(1 for report in reports if report["duplicate_of"])), ("failed", len(failures)),
        ]),
    ]
    if failures:
        lines.append(_failures(failures, words, lang))
    verdicts = table_records(run["verdicts"])
    dismissed = {row["flag_id"] for row in verdicts if row["verdict"] == "dismissed"}
    flags = [flag for flag in flags if flag["flag_id"] not in dismissed]
    if flags:
        lines.append(_flag_table(flags, words))
        lines.append(_first(reports, flags, words))
    if verdicts:
        lines.append(_verdicts(verdicts, words))
    lines.append(f"{words('term', 'open')}: {shown(run.folder / 'index.html')}")
    return "\n".join(line for line in lines if line)


def show_failure(failure: Failure, lang: str) -> str:
    """A file that was not, or not fully, read: what happened, where, what to do; in another language than English the
    English message stands behind.
    """
    words = words_in(lang)
    told = tell_failure(failure.error, failure.message, failure.hint, lang)
    place = f"{shown(failure.path)} ({words('stage', failure.stage)})"
    detail = f"[{words('ui', 'detail')}: {one_line(told.detail)}]" if told.detail else ""
    return " ".join(filter(None, (f"{place}:", one_line(told.what), one_line(told.advice), detail)))


def show_report(
    report: Report, segmentation: Segmentation, labels: Sequence[Label], cells: Sequence[Cell], lang: str
) -> str:
    """One report's structure: identity, parts with size and roles, sub-headings, commitments, tables.

    `labels` belong to the segmentation's units, in order. Cost: linear.
    """
    words = words_in(lang)
    who = report.identity
    facts = [
        shown(who.title or report.path),
        " | ".join(_known(words, (who.agency, who.year, who.region))),
        f"{words('form', segmentation.form)} | {words('kind', who.kind)} | {len(report.text)} {words('term', 'chars')}",
    ]
    parts = _part_table(segmentation, labels, words) if segmentation.sections else words("term", "no_part")
    shown_parts = [*facts, parts]
    if segmentation.subheadings:
        shown_parts.append(_heading_line(words("term", "subheadings")))
        shown_parts += [f"{'  ' * item.level}{excerpt(item.text, 60)}" for item in segmentation.subheadings]
    commitments = [
        (unit, label) for unit, label in zip(segmentation.units, labels, strict=True) if label.role == "plan"
    ]
    shown_parts.append(_heading_line(f"{words('term', 'commitments')}: {len(commitments)}"))
    for unit, label in commitments:
        slots = ", ".join(f"{words('slot', slot.slot)}={excerpt(slot.value, 30)}" for slot in label.slots)
        shown_parts.append(f"  [{label.specificity}] {excerpt(unit.text, 90)}" + (f" ({slots})" if slots else ""))
    if cells:
        shown_parts.append(_heading_line(words("term", "cells")))
        shown_parts += _cell_lines(cells, words)
    shown_parts += [show_failure(item, lang) for item in report.warnings]
    return "\n".join(part for part in shown_parts if part)


def show_background(measures: Sequence[Measure], lang: str) -> str:
    """How common a report's wording is in the background profile, a line per measure; empty where there is none.

    Beside the value stand n and the profile, or why there is no value; the table has the rest.
    """
    words = words_in(lang)
    return "\n".join(
        f"{words('measure', m.measure)}: {'-' if m.value is None else f'{m.value:.3f}'}"
        f" ({'; '.join([f'n={m.n}', spell_note(m.reference, lang), *_reason(m, lang)])})"
        for m in measures
        if m.measure.startswith("background_")
    )


def _reason(measure: Measure, lang: str) -> list[str]:
    facts = read_note(measure.note)
    return [spell_note(write_note({"reason": facts["reason"]}), lang)] if "reason" in facts else []


def _counts(words: Words, items: Sequence[tuple[str, int]]) -> str:
    shown_items = [f"{words('term', name)} {count}" for name, count in items if count or name == "read"]
    return " | ".join([words("term", "done"), *shown_items])


def _failures(failures: Sequence[Mapping[str, Any]], words: Words, lang: str) -> str:
    """Failures by kind and by what to do, with how many there are and the first files of each.

    The dossier and the sheet list them all.
    """
    headers = (words("term", "failed"), words("term", "files"), words("ui", "what_to_do"), words("term", "n_files"))
    table = ascii_table(*headers)
    table.columns[2].justify = "left"
    kinds: dict[tuple[str, str, str], list[str]] = {}
    for failure in failures:
        error, stage = str(failure["error"]), str(failure["stage"])
        told = tell_failure(error, str(failure["message"]), str(failure["hint"]), lang)
        kinds.setdefault((error, stage, told.advice), []).append(str(failure["path"]))
    for (error, stage, advice), paths in sorted(kinds.items()):
        names = [excerpt(re.split(r"[/\\\\]", path)[-1], 40) for path in paths[:MAX_NAMED]]
        more = [words("term", "more", n=len(paths) - MAX_NAMED)] if len(paths) > MAX_NAMED else []
        kind = f"{error_word(lang, error)} ({words('stage', stage)})"
        table.add_row(kind, "\n".join([*names, *more]), excerpt(advice, MAX_ADVICE), str(len(paths)))
    return render(table)


def _flag_table(flags: Sequence[Mapping[str, Any]], words: Words) -> str:
    table = ascii_table(words("term", "flags"), "", words("term", "reports"), words("term", "count"))
    kinds: dict[tuple[str, str], list[str]] = {}
    for flag in flags_in_order(flags):
        kinds.setdefault((str(flag["severity"]), str(flag["flag"])), []).append(str(flag["report_id"]))
    for (severity, kind), ids in kinds.items():
        table.add_row(words("flag", kind), words("severity", severity), str(len(set(ids))), str(len(ids)))
    return render(table)


def _first(reports: Sequence[Mapping[str, Any]], flags: Sequence[Mapping[str, Any]], words: Words) -> str:
    by_report: dict[str, list[Mapping[str, Any]]] = {}
    for flag in flags_in_order(flags):
        by_report.setdefault(str(flag["report_id"]), []).append(flag)
    first = [report for report in reports if report["report_id"] in by_report and not report["duplicate_of"]]
    weight = {
        name: (-sum(flag["severity"] == "high" for flag in items), -len(items)) for name, items in by_report.items()
    }
    first.sort(key=lambda report: weight[str(report["report_id"])])
    table = ascii_table(words("term", "first"), words("term", "flags"))
    for report in first[:MAX_FIRST]:
        items = by_report[str(report["report_id"])]
        rest = len(items) - 1
        more = f" ({words('term', 'more', n=rest)})" if rest else ""
        table.add_row(excerpt(report_name(report), 40), excerpt(str(items[0]["reason"]), 70) + more)
    return render(table)


def _verdicts(verdicts: Sequence[Mapping[str, Any]], words: Words) -> str:
    """How many verdicts of earlier runs were kept, and a row for each whose finding is not in this run any more."""
    counts = Counter(str(row["verdict"]) for row in verdicts if row["applies"])
    told = ", ".join(f"{words('judged', name)} {counts[name]}" for name in ("confirmed", "dismissed", "noted"))
    lines = [words("term", "verdicts_kept", n=sum(counts.values()), told=told)]
    stale = [row for row in verdicts if not row["applies"]]
    if stale:
        headers = (words("term", "verdicts_stale", n=len(stale)), words("term", "flags"), words("term", "verdict"))
        table = ascii_table(*headers)
        for row in stale:
            who = report_name({"agency": row["agency"] or words("word", "unknown"), "year": row["year"]})
            flag = words("flag", row["flag"]) if row["flag"] else ""
            told = " ".join(filter(None, (flag, excerpt(str(row["reason"] or ""), 60))))
            table.add_row(excerpt(who, 40), told, words("judged", row["verdict"]))
        lines.append(render(table))
    return "\n".join(lines)


def _part_table(segmentation: Segmentation, labels: Sequence[Label], words: Words) -> str:
    table = ascii_table(
        words("term", "part"), words("term", "heading"), words("term", "chars"), words("term", "table"),
        *(words("role", role) for role in ROLES),
    )
    roles: dict[int, Counter[str]] = {}
    for unit, label in zip(segmentation.units, labels, strict=True):
        roles.setdefault(unit.section_order, Counter())[label.role] += 1
    for section in segmentation.sections:
        count = roles.get(section.order, Counter())
        heading = excerpt(section.heading, 30) if section.heading is not None else "-"
        table.add_row(
            words("section_short", section.section), heading, str(section.end - section.start),
            words("word", "yes") if section.has_table else "", *(str(count[role] or "") for role in ROLES),
        )
    return render(table)


def _cell_lines(cells: Sequence[Cell], words: Words) -> list[str]:
    lines = []
    for number in sorted({cell.table for cell in cells}):
        states = Counter(cell.state for cell in cells if cell.table == number)
        told = ", ".join(f"{words('cell_state', state)} {count}" for state, count in sorted(states.items()))
        lines.append(f"  {words('table_title', number)}: {told}")
    return lines


def _known(words: Words, values: Sequence[object]) -> list[str]:
    return [shown(value) if value is not None else words("word", "unknown") for value in values]


def _heading_line(text: str) -> str:
    return f"- {text}"


def ascii_table(*headers: str) -> Table:
    """An ASCII table; text of reports in it is text, brackets are no markup."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.ASCII, pad_edge=False)
    for position, header in enumerate(headers):
        table.add_column(header, justify="left" if position < 2 else "right", overflow="fold")
    return table


def render(table: Table | str, width: int = WIDTH) -> str:
    """A table, or text to be wrapped, as plain lines of at most `width` columns; a Chinese character takes two."""
    from rich.console import Console

    target = io.StringIO()
    console = Console(file=target, width=width, color_system=None, force_terminal=False, markup=False, emoji=False)
    console.print(table)
    return "\n".join(line.rstrip() for line in target.getvalue().splitlines())

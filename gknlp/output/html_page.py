"""A report's page: who and when with evidence, flags, text, tables with checks, promises, and what it shares."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gknlp.output.cases import Case, Cases, Place, Row, report_name
from gknlp.output.html_flags import MAX_QUOTE, Evidence, flag_views
from gknlp.output.html_tables import (
    CellView,
    TableView,
    cell_label,
    cells_by_name,
    failing_cells,
    json_list,
    statutory_tables,
)
from gknlp.output.html_text import MAX_CHARS, Part, text_parts
from gknlp.output.labels import Words, excerpt, fate_shown, shown

# Below this score a boundary is shown as doubtful: of the specimens' headings one in five is wrong there (12 of 65),
# above it one in eighty (11 of 895).
SURE_BOUNDARY = 0.96
# Reports listed as sharing text, and passages listed of each; the rest is counted and stands in report.xlsx.
MAX_PARTNERS = 40
MAX_PLACES = 30
MAX_MEMBERS = 30
_VERDICTS = {"disagrees": 0, "agrees": 1, "other_scope": 2, "no_counterpart": 3}
IDENTITY = ("agency", "year", "superior", "region", "level", "function", "published", "url")


@dataclass(frozen=True, slots=True)
class Partner:
    """Another report that shares text with this one, its longest passages first."""

    number: int
    name: str
    link: str
    n_chars: int
    n_places: int
    kinds: tuple[str, ...]
    places: Sequence[tuple[Place, str, str, str]]
    left: int


def page_values(case: Case, cases: Cases, words: Words) -> dict[str, Any]:
    """What the template of a report page takes. Cost: linear in the report's text and rows."""
    partners = _partners(case, cases)
    parts = text_parts(case, {partner_id: partner.number for partner_id, partner in partners.items()})
    checks = list(enumerate(checks_in_order(case.rows["checks"]), start=1))
    tables = statutory_tables(case.rows["cells"], failing_cells(checks))
    cells = cells_by_name(tables)
    return {
        "case": case, "name": report_name(case.report), "identity": _identity(case, words),
        "conflicts": [shown(item) for item in json_list(case.report.get("conflicts"))],
        "flags": flag_views(case, cases, checks, cells, words),
        "parts": parts, "unplaced": place_tables(parts, tables, case.rows["cells"]), "tables": tables,
        "outline": _outline(parts, case),
        "sure_boundary": SURE_BOUNDARY,
        **_check_values(checks, cells, words),
        "claims": _claims(case, cells, words),
        "states": sorted({state for table in tables for state in table.states} - {"printed"}),
        "problems": _problems(case, cases, words), "plans": _plans(case, cases, words),
        "partners": list(partners.values()),
        "partners_left": len({place.other for place in case.places}) - len(partners),
        "keywords": [row for row in case.rows["keywords"] if row.get("section") is None],
        "composition": _composition(case, words),
        "families": [_family(row, case, cases) for row in case.rows["clusters"]],
        "first_units": {str(unit["role"]): unit["order"] for unit in reversed(case.rows["units"])},
        "roles": Counter(str(unit["role"]) for unit in case.rows["units"]),
        "cut": max(0, len(case.text) - MAX_CHARS), "limit": MAX_CHARS,
    }


def _identity(case: Case, words: Words) -> list[tuple[str, str, list[Evidence]]]:
    """Field, value (empty where unknown) and evidence of what is known of a report."""
    try:
        evidence = json.loads(case.report.get("evidence") or "{}")
    except ValueError:
        evidence = {}
    found = []
    for name in IDENTITY:
        value = case.report.get(name)
        text = "" if value is None else words("level", value) if name == "level" else shown(value)
        facts = evidence.get(name, []) if isinstance(evidence, dict) else []
        found.append((name, text, [_fact(fact, case, words) for fact in facts if isinstance(fact, dict)]))
    return found


def _fact(fact: Mapping[str, Any], case: Case, words: Words) -> Evidence:
    start, end = fact.get("start"), fact.get("end")
    link = f"#c{start}-{end}" if isinstance(start, int) and isinstance(end, int) else ""
    return Evidence(
        excerpt(str(fact.get("value", "")), MAX_QUOTE), link, _where(str(fact.get("where", "")), words),
        case.page_of(start if link else None),
    )


def _where(where: str, words: Words) -> str:
    """Where a fact was read: `title` by its label, `pdf:Title` as the label of its format with the field's own name."""
    source, colon, field = where.partition(":")
    return f"{words('where_format', source)} {shown(field)}" if colon else words("where", where)


def checks_in_order(checks: Sequence[Row]) -> list[Row]:
    """Checks as a page lists and numbers them: failed ones, open ones, the rest, each as they came."""
    rank = {"FAIL": 0, "UNCERTAIN": 1, "NOT_ASSESSABLE": 2, "PASS": 3}
    return sorted(checks, key=lambda check: rank.get(str(check["state"]), len(rank)))


def _check_values(
    checks: Sequence[tuple[int, Row]], cells: Mapping[str, CellView], words: Words
) -> dict[str, Any]:
    """Checks by what they say: failed and open ones with their cells, the rest with what they compared."""
    told = [(position, check, _cells_of(check, cells, words)) for position, check in checks if check["state"] != "PASS"]
    return {
        "checks_failed": [item for item in told if item[1]["state"] == "FAIL"],
        "checks_open": [item for item in told if item[1]["state"] != "FAIL"],
        "checks_passed": [item for item in checks if item[1]["state"] == "PASS"], "n_checks": len(checks),
    }


def _cells_of(check: Row, cells: Mapping[str, CellView], words: Words) -> list[tuple[str, str, str]]:
    """The cells that a check compared and that stand in a table shown: label, anchor and what stands in them."""
    names = map(str, json_list(check.get("cells")))
    return [(cell_label(name, words), cells[name].anchor, cells[name].text) for name in names if name in cells]


def _claims(case: Case, cells: Mapping[str, CellView], words: Words) -> list[tuple[Row, list[tuple[str, str]]]]:
    """The narrative's figures, contradicted ones first, each with the cells that it speaks of: label and anchor."""
    told = []
    for claim in sorted(case.rows["claims"], key=lambda c: _VERDICTS.get(str(c["verdict"]), len(_VERDICTS))):
        names = str(claim.get("target") or claim.get("nearest") or "").split(" + ")
        shown_at = {name: cells[name].anchor for name in names if name in cells}
        told.append((claim, [(cell_label(name, words), shown_at.get(name, "")) for name in names if name]))
    return told


def place_tables(parts: Sequence[Part], tables: Sequence[TableView], cells: Sequence[Row]) -> list[TableView]:
    """Put each statutory table at the block of table text where its first cell stands; return those without place.

    Every block in which a cell stands (a table goes on over pages) is marked as `read`.
    """
    blocks = [block for part in parts for block in part.blocks if block.kind == "table"]
    starts = sorted(int(cell["start"]) for cell in cells if cell.get("start") is not None)
    for block in blocks:
        position = bisect_left(starts, block.start)
        block.read = position < len(starts) and starts[position] < block.end
    unplaced = []
    for table in tables:
        found = next((b for b in blocks if table.start is not None and b.start <= table.start < b.end), None)
        if found is None:
            unplaced.append(table)
        else:
            found.tables.append(table)
    return unplaced


def _outline(parts: Sequence[Part], case: Case) -> list[tuple[Row, Counter[str], int]]:
    """The sections shown, each with its units by role and its length in characters."""
    roles: dict[int, Counter[str]] = {}
    for unit in case.rows["units"]:
        roles.setdefault(int(unit["section_order"]), Counter())[str(unit["role"])] += 1
    seen: dict[int, tuple[Row, Counter[str], int]] = {}
    for part in parts:
        if part.section is not None:
            order = int(part.section["order"])
            before = seen[order][2] if order in seen else 0
            seen[order] = (part.section, roles.get(order, Counter()), before + part.n_chars)
    return list(seen.values())


Promise = tuple[Row, list[Row], dict[str, Any] | None, list[str]]


def _composition(case: Case, words: Words) -> list[tuple[str, Row]]:
    """The origin of the whole narrative and of each part that has any, under the part's heading."""
    sections = {int(section["order"]): section for section in case.rows["sections"]}
    told = []
    for row in case.rows["composition"]:
        section = sections.get(int(row["section_order"])) if row.get("section_order") is not None else None
        if section is not None:
            name = section.get("heading") or words("section", section["section"])
        else:
            name = words("ui", "whole_report") if row.get("section") is None else words("section", row["section"])
        if row.get("own") is not None:
            told.append((excerpt(str(name), 40), row))
    return told


def _problems(case: Case, cases: Cases, words: Words) -> list[Promise]:
    """Each problem with the plans that answer it, its fate in the next year where it was followed, and its themes."""
    by_order = {int(unit["order"]): unit for unit in case.rows["units"]}
    answers: dict[int, list[Row]] = {}
    for link in case.rows["links"]:
        if int(link["plan_order"]) in by_order:
            answers.setdefault(int(link["problem_order"]), []).append(by_order[int(link["plan_order"])])
    return _promises("problem", answers, case, cases, words)


def _plans(case: Case, cases: Cases, words: Words) -> list[Promise]:
    """Each plan with its slots, fate and themes, most checkable first, then in the order of the text."""
    slots: dict[int, list[Row]] = {}
    for slot in case.rows["slots"]:
        slots.setdefault(int(slot["unit_order"]), []).append(slot)
    return sorted(
        _promises("plan", slots, case, cases, words), key=lambda promise: -(promise[0].get("specificity") or 0)
    )


def _promises(
    role: str, beside: Mapping[int, list[Row]], case: Case, cases: Cases, words: Words
) -> list[Promise]:
    themes: dict[int, list[str]] = {}
    for row in case.rows["themes"]:
        themes.setdefault(int(row["unit_order"]), []).append(words("theme", row["theme"]))
    fates = _fates(case, cases, "problem" if role == "problem" else "commitment")
    return [
        (
            unit, beside.get(int(unit["order"]), []), fates.get(int(unit["start"])),
            themes.get(int(unit["order"]), []),
        )
        for unit in case.rows["units"] if unit["role"] == role
    ]


def _fates(case: Case, cases: Cases, kind: str) -> dict[int, dict[str, Any]]:
    """What became of the problems or commitments in the next year's report, by their start, with the link there."""
    fates = {}
    for row in case.rows["follow"]:
        if row["kind"] == kind:
            there, start, end = row.get("next_report_id"), row.get("evidence_start"), row.get("evidence_end")
            link = cases.link(str(there), start, end) if start is not None else ""
            fates[int(row["start"])] = {**row, "told": fate_shown(row["verdict"], row.get("evidence")), "link": link}
    return fates


def _family(row: Row, case: Case, cases: Cases) -> tuple[Row, list[tuple[str, str, str]], int]:
    """A family of the report with its other members and its size; sources first, then in the order of the run."""
    members = cases.families.get(str(row["cluster_id"]), [])
    others = [item for item in members if item["report_id"] != case.report_id and item["report_id"] in cases.cases]
    others.sort(key=lambda item: item["role"] != "source")
    listed = [
        (report_name(cases.cases[str(item["report_id"])].report), cases.link(str(item["report_id"])), str(item["role"]))
        for item in others[:MAX_MEMBERS]
    ]
    return row, listed, len(members)


def _partners(case: Case, cases: Cases) -> dict[str, Partner]:
    """The reports that share most with this one, numbered from 1 by shared characters, then by id."""
    groups: dict[str, list[Place]] = {}
    for place in case.places:
        groups.setdefault(place.other, []).append(place)
    total = {other: sum(place.n_chars for place in places) for other, places in groups.items()}
    order = sorted(groups, key=lambda other: (-total[other], other))[:MAX_PARTNERS]
    made = {}
    for number, other in enumerate(order, start=1):
        places = sorted(groups[other], key=lambda place: (-place.n_chars, place.start, place.other_start))
        listed = [
            (
                place, excerpt(case.text[place.start : place.end], MAX_QUOTE),
                excerpt(cases.texts.get(other, "")[place.other_start : place.other_end], MAX_QUOTE),
                cases.link(other, place.other_start, place.other_end),
            )
            for place in places[:MAX_PLACES]
        ]
        there = cases.cases.get(other)
        made[other] = Partner(
            number, report_name(there.report) if there else shown(other), cases.link(other),
            total[other], len(places), tuple(sorted({place.kind for place in places})), listed,
            max(0, len(places) - MAX_PLACES),
        )
    return made


"""The rows of a run put together report by report: what one page of the dossier is made of."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from gknlp.errors import OutputError
from gknlp.output.labels import shown
from gknlp.output.tables import Rows

Row = Mapping[str, Any]

SEVERITIES = ("high", "medium", "low")
# Letters, digits, `_` and `-`: a name that every file system takes and that cannot leave its folder.
_SAFE_ID = re.compile(r"[\w-]{1,120}")

_BY_REPORT = (
    "pages", "spans", "sections", "subheadings", "units", "slots", "themes", "cells", "checks", "claims", "links",
    "follow", "keywords", "clusters", "composition", "measures", "flags", "verdicts",
)


@dataclass(frozen=True, slots=True)
class Place:
    """A passage as one of its two reports sees it: `[start, end)` here, `[other_start, other_end)` there.

    `direction` is `earlier` or `later` (the other report is), or `none`.
    """

    start: int
    end: int
    other: str
    other_start: int
    other_end: int
    level: str
    kind: str
    direction: str
    score: float
    n_chars: int
    passage_id: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """One report with its rows: `rows[table]` in the order of the run, `places` by start; `copies` are duplicates."""

    report: Row
    text: str
    rows: Mapping[str, Sequence[Row]]
    places: Sequence[Place]
    copies: Sequence[Row]
    failures: Sequence[Row]

    @property
    def verdicts(self) -> dict[str, Row]:
        """What people decided on the report's flags, by flag id."""
        return {str(row["flag_id"]): row for row in self.rows["verdicts"]}

    @property
    def report_id(self) -> str:
        """The report's id, which is also the name of its page."""
        return str(self.report["report_id"])

    def page_of(self, offset: int | None) -> int | None:
        """The page of the source on which an offset stands; None where the source has no pages."""
        pages = self.rows["pages"]
        if offset is None or not pages:
            return None
        position = bisect_right([int(page["start"]) for page in pages], offset) - 1
        return int(pages[position]["page"]) if position >= 0 else None


@dataclass(frozen=True, slots=True)
class Cases:
    """The reports of a run, in its order; the texts of all, for quoting the other side of a passage; its families.

    `stale` are verdicts whose flag is not in the run any more.
    """

    cases: Mapping[str, Case]
    texts: Mapping[str, str]
    families: Mapping[str, Sequence[Row]]
    failures: Sequence[Row]
    stale: Sequence[Row]
    alone: bool = False

    def link(self, report_id: str, start: int | None = None, end: int | None = None) -> str:
        """The link from a page to another report's, at a place where one is given; empty where there is no such page.

        Where a case is shown `alone`, in a file of its own, no other page is at hand.
        """
        return page_link(report_id, start, end) if report_id in self.cases and not self.alone else ""

    def __iter__(self) -> Iterator[Case]:
        return iter(self.cases.values())


def gather(rows: Rows) -> Cases:
    """Group the rows of a run by report. A second copy of a report (`duplicate_of`) becomes one of its `copies`.

    Order is that of `reports`, a copy aside; places are sorted by start, then by what they share. OutputError where a
    report id could not be a file name. Cost: linear in the rows, but for the sorting of passages.
    """
    grouped: dict[str, dict[str, list[Row]]] = {name: {} for name in _BY_REPORT}
    for name in _BY_REPORT:
        for item in rows.get(name, ()):
            grouped[name].setdefault(str(item["report_id"]), []).append(item)
    first: dict[str, Row] = {}
    copies: dict[str, list[Row]] = {}
    for report in rows.get("reports", ()):
        report_id = str(report["report_id"])
        if report.get("duplicate_of"):
            copies.setdefault(str(report["duplicate_of"]), []).append(report)
        else:
            first.setdefault(report_id, report)
    for original, items in copies.items():
        # A copy whose original is not in the run stands for it.
        if original not in first:
            first[str(items[0]["report_id"])] = items[0]
    texts = {str(item["report_id"]): str(item["text"]) for item in rows.get("texts", ())}
    places = _places(rows.get("passages", ()))
    failures: dict[str, list[Row]] = {}
    for item in rows.get("failures", ()):
        failures.setdefault(str(item["path"]), []).append(item)
    cases = {}
    for report_id, report in first.items():
        page_name(report_id)
        own = {name: grouped[name].get(report_id, []) for name in _BY_REPORT}
        own["pages"] = sorted(own["pages"], key=lambda page: int(page["start"]))
        cases[report_id] = Case(
            report, texts.get(report_id, ""), own, places.get(report_id, []), copies.get(report_id, []),
            failures.get(str(report["path"]), []),
        )
    families: dict[str, list[Row]] = {}
    for item in rows.get("clusters", ()):
        families.setdefault(str(item["cluster_id"]), []).append(item)
    stale = [row for row in rows.get("verdicts", ()) if not row["applies"]]
    return Cases(cases, texts, families, list(rows.get("failures", ())), stale)


def _places(passages: Sequence[Row]) -> dict[str, list[Place]]:
    seen: dict[str, list[Place]] = {}
    for item in passages:
        for here, there, later in (("a", "b", "b>a"), ("b", "a", "a>b")):
            direction = str(item["direction"])
            order = "none" if direction == "none" else "earlier" if direction == later else "later"
            seen.setdefault(str(item[f"{here}_report"]), []).append(
                Place(
                    int(item[f"{here}_start"]), int(item[f"{here}_end"]), str(item[f"{there}_report"]),
                    int(item[f"{there}_start"]), int(item[f"{there}_end"]), str(item["level"]), str(item["kind"]),
                    order, float(item["score"]), int(item["n_chars"]), str(item["passage_id"]),
                )
            )
    for items in seen.values():
        items.sort(key=lambda place: (place.start, place.end, place.other, place.other_start))
    return seen


def page_name(report_id: str) -> str:
    """The file name of a report's page; OutputError where the id holds anything but letters, digits, `_` and `-`."""
    if not _SAFE_ID.fullmatch(report_id):
        raise OutputError(f"Report id {report_id!r} cannot be a file name.", hint="Use letters, digits, _ and -.")
    return f"{report_id}.html"


def page_link(report_id: str, start: int | None = None, end: int | None = None) -> str:
    """The link to a report's page from a page beside it, at a stretch of its text where one is given."""
    place = "" if start is None or end is None else f"#c{start}-{end}"
    return quote(page_name(report_id)) + place


def report_name(report: Row, *, with_year: bool = True) -> str:
    """How a report is called: agency (else title, else file) and year."""
    name = report.get("agency") or report.get("title") or str(report["path"]).replace("\\", "/").rsplit("/", 1)[-1]
    year = report.get("year")
    return shown(name) + (f" {year}" if with_year and year is not None else "")


def flags_in_order(flags: Sequence[Row]) -> list[Row]:
    """Flags by severity, then kind, then as they came."""
    rank = {name: position for position, name in enumerate(SEVERITIES)}
    return sorted(flags, key=lambda flag: (rank.get(str(flag["severity"]), len(rank)), str(flag["flag"])))

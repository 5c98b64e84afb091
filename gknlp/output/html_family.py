"""The page of a family: how much each report shares with each, who reported when, and the text that ties them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gknlp.output.card import share_text
from gknlp.output.cases import Case, Cases, Row, page_link, report_name
from gknlp.output.labels import Words, excerpt
from gknlp.output.pairs import Key, pair_page, side_share

# Reports in the heat map, agencies in the timeline: what a screen and a sheet of A4 hold; the rest is counted.
MAX_HEAT = 30
MAX_AGENCIES = 200
# Passages quoted, characters of each, reports named under each.
MAX_TIES = 12
MAX_QUOTE = 400
MAX_NAMED = 12
# Two stretches of the central report are one passage if this part of the shorter lies in the longer.
SAME_STRETCH = 0.5
# Upper ends of the shades of the heat map, in percent.
SHADES = (10, 30, 60, 90, 100)


@dataclass(frozen=True, slots=True)
class HeatCell:
    """The share of the row's report found in the column's: its text, shade from 1, and the pair's page if it has one.

    `itself` on the diagonal; empty text where nothing is known to be shared.
    """

    text: str
    shade: int
    link: str
    label: str
    itself: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """A report of a family: number in the heat map (0 outside it), name, page, year and role."""

    number: int
    name: str
    link: str
    case: Case
    role: str


@dataclass(frozen=True, slots=True)
class Tie:
    """A stretch of the central report that others share: its quotation, place and the reports that have it."""

    quote: str
    link: str
    page: int | None
    n_chars: int
    others: Sequence[tuple[str, str]]
    left: int


def family_page(cluster_id: str) -> str:
    """The file name of a family's page."""
    return page_link(f"family-{cluster_id}")


def family_values(
    cluster_id: str, cases: Cases, shares: Mapping[Key, Row], pages: set[Key], words: Words
) -> dict[str, Any]:
    """What the template of a family's page takes; `shares` are rows of table `pairs`, `pages` the pairs with a page.

    Reports come by year, then name; the central one is the source that shares most with the others (of equals the
    lesser id). Cost: linear in the members and the centre's passages, but for the square of `MAX_HEAT`.
    """
    rows = [row for row in cases.families[cluster_id] if row["report_id"] in cases.cases]
    ids = {str(row["report_id"]) for row in rows}
    weight = _weights(ids, shares, cases)
    roles = {str(row["report_id"]): str(row["role"]) for row in rows}
    centre = min(ids, key=lambda report_id: (roles[report_id] != "source", -weight[report_id], report_id))
    listed = sorted(sorted(ids, key=lambda i: (i != centre, -weight[i], i))[:MAX_HEAT], key=lambda i: _order(i, cases))
    numbers = {report_id: number for number, report_id in enumerate(listed, start=1)}
    members = {
        report_id: Member(
            numbers.get(report_id, 0), report_name(cases.cases[report_id].report), page_link(report_id),
            cases.cases[report_id], roles[report_id],
        )
        for report_id in sorted(ids, key=lambda i: _order(i, cases))
    }
    agencies, years = _timeline(members)
    return {
        "centre": members[centre], "shape": str(rows[0]["shape"]), "n_members": len(members),
        "n_agencies": len(agencies), "years": [year for year in years if year is not None],
        "heat": [(members[row], [_cell(row, column, shares, pages, members) for column in listed]) for row in listed],
        "listed": [members[report_id] for report_id in listed], "heat_left": len(members) - len(listed),
        "shades": [(number, f"≤{end}%") for number, end in enumerate(SHADES, start=1)],
        "timeline": agencies[:MAX_AGENCIES], "timeline_years": years,
        "timeline_left": max(0, len(agencies) - MAX_AGENCIES),
        "ties": _ties(members[centre], members, pages),
        "name": words("family", "title", name=members[centre].name, n=len(members)),
    }


def family_name(cluster_id: str, cases: Cases, words: Words) -> str:
    """A family's name in a link: its first member and how many there are."""
    ids = [str(row["report_id"]) for row in cases.families[cluster_id] if row["report_id"] in cases.cases]
    return words("family", "title", name=report_name(cases.cases[ids[0]].report), n=len(ids))


def family_links(cases: Cases, words: Words) -> list[tuple[str, str, str]]:
    """Name, page and shape of every family for the list of reports, the largest first, then as in the run."""
    sizes = {
        cluster_id: sum(row["report_id"] in cases.cases for row in rows) for cluster_id, rows in cases.families.items()
    }
    return [
        (family_name(name, cases, words), family_page(name), str(cases.families[name][0]["shape"]))
        for name in sorted(sizes, key=lambda name: -sizes[name]) if sizes[name]
    ]


def _order(report_id: str, cases: Cases) -> tuple[bool, int, str, str]:
    report = cases.cases[report_id].report
    year = report.get("year")
    return year is None, int(year or 0), report_name(report), report_id


def _weights(ids: set[str], shares: Mapping[Key, Row], cases: Cases) -> dict[str, int]:
    """How many characters each member shares with the others, added over them."""
    weight = dict.fromkeys(ids, 0)
    for report_id in ids:
        for other in {place.other for place in cases.cases[report_id].places} & ids:
            share = side_share(report_id, other, shares)
            weight[report_id] += int(share["shared"]) if share else 0
    return weight


def _cell(
    row: str, column: str, shares: Mapping[Key, Row], pages: set[Key], members: Mapping[str, Member]
) -> HeatCell:
    if row == column:
        return HeatCell("", 0, "", "", itself=True)
    share = side_share(row, column, shares)
    if share is None or not share["shared"]:
        return HeatCell("", 0, "", "")
    key = (min(row, column), max(row, column))
    percent = 100 * int(share["shared"]) / int(share["counted"])
    shade = next(number for number, end in enumerate(SHADES, start=1) if percent <= end)
    label = f"{members[row].name} · {members[column].name}: {share_text(share)}"
    return HeatCell(share_text(share), shade, pair_page(key) if key in pages else "", label)


Agency = tuple[str, list[list[Member]]]


def _timeline(members: Mapping[str, Member]) -> tuple[list[Agency], list[int | None]]:
    """For each agency its reports by year, agencies by first year, then name; unknown years stand last."""
    seen = {_year(member) for member in members.values()}
    years: list[int | None] = [*sorted(year for year in seen if year is not None), *([None] if None in seen else [])]
    groups: dict[str, list[Member]] = {}
    for report_id, member in members.items():
        report = member.case.report
        groups.setdefault(str(report.get("agency_id") or report.get("agency") or report_id), []).append(member)
    return [
        (
            report_name(group[0].case.report, with_year=False),
            [[member for member in group if _year(member) == year] for year in years],
        )
        for group in groups.values()
    ], years


def _year(member: Member) -> int | None:
    year = member.case.report.get("year")
    return None if year is None else int(year)


def _ties(centre: Member, members: Mapping[str, Member], pages: set[Key]) -> list[Tie]:
    """The stretches of the central report that most other agencies share, then the longest."""
    here = centre.case
    places = [place for place in here.places if place.other in members and place.kind != "self"]
    groups: list[tuple[int, int, dict[str, str]]] = []
    for place in sorted(places, key=lambda p: (p.start - p.end, p.start, p.other)):
        least = SAME_STRETCH * (place.end - place.start)
        found = next(
            (g for g in groups if min(g[1], place.end) - max(g[0], place.start) >= least), None
        )
        if found is None:
            found = (place.start, place.end, {})
            groups.append(found)
        found[2].setdefault(place.other, place.passage_id)
    groups.sort(key=lambda group: (-len(group[2]), group[0] - group[1], group[0]))
    made = []
    for start, end, others in groups[:MAX_TIES]:
        named = []
        for other in [report_id for report_id in members if report_id in others][:MAX_NAMED]:
            key = (min(here.report_id, other), max(here.report_id, other))
            link = f"{pair_page(key)}#p-{others[other]}" if key in pages else members[other].link
            named.append((members[other].name, link))
        made.append(Tie(
            excerpt(here.text[start:end], MAX_QUOTE), page_link(here.report_id, start, end), here.page_of(start),
            end - start, named, max(0, len(others) - MAX_NAMED),
        ))
    return made

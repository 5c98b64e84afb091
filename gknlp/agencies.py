"""Which reports of a run are one agency's: decided once, before anything goes by agency, and told where it was decided.

A report that leaves out where its agency lies (石匣镇人民政府) belongs to the one agency of that name in the run whose
reports do say it (柳泽县石匣镇人民政府); reuse, measures from year to year and follow-up go by that. What could accuse
(tables between years) goes by what each report says of itself. A new name is never guessed: the roster settles it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from gknlp.analysis import Analyzed, reuse_text
from gknlp.reuse.kinds import find_namesakes, group_agencies
from gknlp.types import Check, Found

RULE = "I-agency"
# Agencies of the same name that a message lists.
MOST_NAMED = 5
# There are many of a kind in one region, and none of them is another's successor.
_MANY = frozenset({"schools", "enterprises"})


def settle_agencies(reports: Sequence[Analyzed]) -> list[Analyzed]:
    """Give all reports of one agency the fullest id that one of them has; the order stays.

    Where that is not the id that a report alone gives, this stands in `agency_id_alone` and the evidence. `I-agency`
    (UNCERTAIN) tells every such report of it; one whose agency could be another's of the same name and was not taken
    for it; and the first report of an agency where that of the year before is by the only other agency of its region
    and function, which reports no more: a new name, perhaps. Cost: linear in the reports. See
    `reuse.kinds.group_agencies` for what is one agency.
    """
    places = [at for at, item in enumerate(reports) if item.report.identity.kind == "annual_report"]
    texts = [reuse_text(reports[at]) for at in places]
    groups = group_agencies(texts)
    ids = [reports[at].report.identity.agency_id for at in places]
    fullest: dict[int, str] = {}
    for group, name in zip(groups, ids, strict=True):
        if name is not None:
            fullest[group] = min(name, fullest.get(group, name), key=lambda known: (-len(known), known))
    told = {
        at: f"本报告自称“{ids[at]}”，本批另有{_named(ids, others)}，不能确定是否同一机关，没有归并。"
        for at, others in find_namesakes(texts, groups).items()
    }
    settled = list(reports)
    for number, (at, group) in enumerate(zip(places, groups, strict=True)):
        name, full = ids[number], fullest.get(group)
        if name is not None and full is not None and name != full:
            settled[at] = _with_id(reports[at], name, full)
            told[number] = (
                f"本报告自称“{name}”，本批只有一个同名机关，按“{full}”归并；两年表格之间不作核对。不是同一机关的，请在名册中写明。"
            )
    for at, before in find_predecessors([settled[at] for at in places]).items():
        told.setdefault(
            at,
            f"上年同地区同职能只有“{before}”，此后不再有其年报，或为本机关原名，没有归并。"
            "是同一机关的，请在名册“前身”一列写明。"
        )
    for number, message in told.items():
        settled[places[number]] = _with_check(settled[places[number]], message)
    return settled


def _named(ids: Sequence[str | None], places: Sequence[int]) -> str:
    """The first names of a few, in quotation marks, and how many more."""
    names = sorted({f"“{ids[place]}”" for place in places})
    return "、".join(names[:MOST_NAMED]) + (f"等 {len(names)} 个" if len(names) > MOST_NAMED else "")


def _with_id(item: Analyzed, name: str, full: str) -> Analyzed:
    who = item.report.identity
    found = Found(full, "other reports of the run"), Found(name, "this report alone")
    who = replace(who, agency_id=full, agency_id_alone=name, evidence={**who.evidence, "agency_id": found})
    return replace(item, report=replace(item.report, identity=who))


def _with_check(item: Analyzed, message: str) -> Analyzed:
    check = Check(RULE, "report", "UNCERTAIN", None, None, (), "unknown", message)
    return replace(item, checks=(*item.checks, check))


def find_predecessors(reports: Sequence[Analyzed]) -> dict[int, str]:
    """For the first report of an agency, the id of the agency that may be the same under the name it had before.

    That is the only other agency of its region and function if its last report is of the year before. Unknown agencies,
    years, regions and functions have none.
    """
    years: dict[tuple[str, str], dict[str, set[int]]] = {}
    for item in reports:
        who = item.report.identity
        if who.agency_id and who.year is not None and who.region and who.function and who.function not in _MANY:
            years.setdefault((who.region, who.function), {}).setdefault(who.agency_id, set()).add(who.year)
    found = {}
    for at, item in enumerate(reports):
        who = item.report.identity
        agencies: Mapping[str, set[int]] = years.get((who.region or "", who.function or ""), {})
        own = agencies.get(who.agency_id or "")
        if own and len(agencies) == 2 and who.year == min(own):
            (before,) = (name for name in agencies if name != who.agency_id)
            if max(agencies[before]) == who.year - 1:
                found[at] = before
    return found

"""Which reports of a run are one agency's: decided once, before anything goes by agency, and told where it was decided.

A report that leaves out where its agency lies (石匣镇人民政府) belongs to the one agency of that name in the
run whose reports do say it (柳泽县石匣镇人民政府); reuse, measures from year to year and follow-up go by that.
What became another agency by a known reform (`reuse.lineage`) keeps its id and is the past of that
agency, in reuse, in the measures and, where it became it alone, in follow-up. What could accuse (tables
between years) goes by what each report says of itself. No other new name is guessed: the roster settles
it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from gknlp.analysis import Analyzed, reuse_text
from gknlp.measures import Company
from gknlp.reuse.kinds import find_namesakes, group_agencies
from gknlp.reuse.lineage import find_predecessors
from gknlp.types import Check, Found

RULE = "I-agency"
# Agencies of the same name that a message lists.
MOST_NAMED = 5
# There are many of a kind in one region, and none of them is another's successor.
_MANY = frozenset({"schools", "enterprises"})
_NAMESAKES = "本报告自称“{name}”，本批另有{names}，不能确定是否同一机关，没有归并。"
_MERGED = (
    "本报告自称“{name}”，本批只有一个同名机关，按“{full}”归并；两年表格之间不作核对。不是同一机关的，请在名册中写明。"
)
_BY_REFORM = (
    "按机构改革规则（models/reforms.toml），{names}为本机关前身：文字重合和逐年指标把其年报当作本机关往年，两年表格之间不作核对。"
)
_PERHAPS = (
    "上年同地区同职能只有“{name}”，此后不再有其年报，或为本机关原名，没有归并。是同一机关的，请在名册“前身”一列写明。"
)


def settle_agencies(reports: Sequence[Analyzed]) -> list[Analyzed]:
    """Give all reports of one agency the fullest id that one of them has; the order stays.

    Where that is not the id that a report alone gives, this stands in `agency_id_alone` and the evidence. `I-agency`
    (UNCERTAIN) tells every such report of it; one whose agency could be another's of the same name and was not taken
    for it; and the first report of an agency that others became by a reform (`Analyzed.predecessors`), or of one where
    that of the year before is by the only other agency of its region and function, which reports no more: a new name,
    perhaps. Cost: linear in the reports. See `reuse.kinds.group_agencies` for what is one agency.
    """
    places = [at for at, item in enumerate(reports) if item.report.identity.kind == "annual_report"]
    texts = [reuse_text(reports[at]) for at in places]
    groups = group_agencies(texts)
    ids = [reports[at].report.identity.agency_id for at in places]
    fullest: dict[int, str] = {}
    for group, name in zip(groups, ids, strict=True):
        if name is not None:
            fullest[group] = min(name, fullest.get(group, name), key=lambda known: (-len(known), known))
    told: dict[int, list[str]] = {}
    for number, others in find_namesakes(texts, groups).items():
        told.setdefault(number, []).append(_NAMESAKES.format(name=ids[number], names=_named(ids[at] for at in others)))
    settled = list(reports)
    for number, (at, group) in enumerate(zip(places, groups, strict=True)):
        name, full = ids[number], fullest.get(group)
        if name is not None and full is not None and name != full:
            settled[at] = _with_id(reports[at], name, full)
            told.setdefault(number, []).append(_MERGED.format(name=name, full=full))
    begins = _first_years([settled[at] for at in places])
    for number, before in enumerate(find_predecessors(texts, groups)):
        names = tuple(sorted(name for group in before if (name := fullest.get(group)) is not None))
        if names:
            item = settled[places[number]] = replace(settled[places[number]], predecessors=names)
            if item.report.identity.year == begins.get(item.report.identity.agency_id):
                told.setdefault(number, []).append(_BY_REFORM.format(names=_named(names)))
    for number, name in find_likely_predecessors([settled[at] for at in places]).items():
        if not settled[places[number]].predecessors:
            told.setdefault(number, []).append(_PERHAPS.format(name=name))
    for number, messages in told.items():
        settled[places[number]] = _with_checks(settled[places[number]], messages)
    return settled


def count_company(reports: Sequence[Analyzed]) -> dict[str, Company]:
    """What each of the reports of a run (no copies) stood beside, by report id; predecessors are the own agency.

    Of reports without a year any other of the agency counts as earlier. Cost: linear.
    """
    years: dict[str, Counter[int | None]] = {}
    for item in reports:
        who = item.report.identity
        if who.agency_id is not None:
            years.setdefault(who.agency_id, Counter())[who.year] += 1
    found = {}
    for item in reports:
        who = item.report.identity
        if who.agency_id is None:
            found[item.report.report_id] = Company(None, None, len(reports) - 1)
            continue
        past = sum((years[name] for name in item.predecessors if name in years), Counter[int | None]())
        own = years[who.agency_id]
        earlier = sum(n for year, n in own.items() if who.year is None or (year is not None and year < who.year))
        others = own.total() - 1 + past.total()
        found[item.report.report_id] = Company(
            others, min(others, earlier + past.total()), len(reports) - 1 - others
        )
    return found


def latest_ids(reports: Sequence[Analyzed]) -> dict[str, str]:
    """For each agency that became one other by a reform, and no other became that, the id it goes by in the end.

    Of three bureaus that became one none is followed: nobody can say whose promise the new one keeps.
    """
    before = {item.report.identity.agency_id: item.predecessors for item in reports if item.predecessors}
    times = Counter(name for names in before.values() for name in names)
    after = {
        names[0]: agency for agency, names in before.items()
        if agency is not None and len(names) == 1 and times[names[0]] == 1
    }
    ends = {}
    for name in after:
        end = after[name]
        while end in after:
            end = after[end]
        ends[name] = end
    return ends


def _first_years(reports: Sequence[Analyzed]) -> dict[str | None, int]:
    """The first year of each agency that has one."""
    first: dict[str | None, int] = {}
    for item in reports:
        who = item.report.identity
        if who.agency_id is not None and who.year is not None:
            first[who.agency_id] = min(who.year, first.get(who.agency_id, who.year))
    return first


def _named(names: Iterable[str | None]) -> str:
    """The first of some names, in quotation marks, and how many they are where they are more."""
    quoted = sorted({f"“{name}”" for name in names})
    return "、".join(quoted[:MOST_NAMED]) + (f"等 {len(quoted)} 个" if len(quoted) > MOST_NAMED else "")


def _with_id(item: Analyzed, name: str, full: str) -> Analyzed:
    who = item.report.identity
    found = Found(full, "other reports of the run"), Found(name, "this report alone")
    who = replace(who, agency_id=full, agency_id_alone=name, evidence={**who.evidence, "agency_id": found})
    return replace(item, report=replace(item.report, identity=who))


def _with_checks(item: Analyzed, messages: Sequence[str]) -> Analyzed:
    made = (Check(RULE, "report", "UNCERTAIN", None, None, (), "unknown", message) for message in messages)
    return replace(item, checks=(*item.checks, *made))


def find_likely_predecessors(reports: Sequence[Analyzed]) -> dict[int, str]:
    """For the first report of an agency, the id of the agency that may be the same under a name no rule knows.

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

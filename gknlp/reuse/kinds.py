"""Who stands on both sides of a passage: the same agency, agencies under one superior, or strangers; and who was
first.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from gknlp.normalize import fold
from gknlp.reuse.mask import known_places
from gknlp.types import ReuseText

# A stretch counts as shared with an agency if at least half of it is.
SHARED_PART = 0.5
# Levels as gknlp and its users write them, highest first.
_LEVELS = (
    ("state", "national", "国家", "国家级", "中央"),
    ("province", "省", "省级"),
    ("city", "prefecture", "市", "市级", "地市级"),
    ("county", "district", "县", "区", "县级", "区县", "区县级"),
    ("township", "town", "乡镇", "镇", "街道", "乡镇级"),
)
_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_PLACE = re.compile(r"^[\u4e00-\u9fff]{1,7}?[省市县区州盟旗镇乡]")
# A town after its county: the county may be missing in another year's report.
_TOWN = re.compile("([\u4e00-\u9fff]{1,6}?[县区市旗])([\u4e00-\u9fff]{1,6}?(?:镇|乡|街道|苏木).*)$")
_GOVERNMENT = re.compile("政府(?:办公?[室厅]?)?$|街道办事处$|街道办$|管委会$|管理委员会$")
# What stands before an office's own name: all up to the last place.
_OFFICE = re.compile(".*[省市县区州盟旗](?=[\u4e00-\u9fff]{3})")
_LEAST_OFFICE = 3
# A report of year t appears in the months after it; a date three years later is the day a page moved to a new site.
_LATEST_AFTER = 2


@dataclass(frozen=True, slots=True)
class Interval:
    """A passage as one report sees it: `[start, end)` of its view, and the number of the other report."""

    start: int
    end: int
    other: int


@lru_cache(maxsize=100_000)
def _letters(name: str) -> str:
    """A name of a place or an agency, folded; the same few are asked for at every step."""
    return fold(name).text


def plain_name(name: str) -> str:
    """An agency's name to be compared: folded, 人民政府 and 政府 the same."""
    return _letters(name).replace("人民政府", "政府")


def date_key(text: ReuseText) -> tuple[str, str]:
    """Sorts reports by when they appeared, as far as known (unknown last), then by report id."""
    published = _published(text)
    if published is not None:
        return "{:04}-{:02}-{:02}".format(*published), text.report_id
    return f"{text.year + 1:04}-99" if text.year is not None else "9999", text.report_id


def _published(text: ReuseText) -> tuple[int, int, int] | None:
    """The publication date, None where it is unknown or too late to be more than a date of moving."""
    found = _DATE.match(text.published or "")
    if found is None:
        return None
    year, month, day = (int(part) for part in found.groups())
    if text.year is not None and not text.year <= year <= text.year + _LATEST_AFTER:
        return None
    return year, month, day


def _level(text: ReuseText) -> int | None:
    return next((rank for rank, names in enumerate(_LEVELS) if text.level in names), None)


def find_direction(a: ReuseText, b: ReuseText) -> str:
    """`a>b` if `a` had the words first, `b>a`, or `none`: by publication date, then year, then level (a superior
    leads).

    Dates that contradict the years give `none`; so do equal dates, years and levels, and facts that only one side has.
    """
    dates, years = (_published(a), _published(b)), (a.year, b.year)
    by_date = _compare(*dates)
    by_year = _compare(*years)
    if by_date and by_year and by_date != by_year:
        return "none"
    order = by_date or by_year
    if not order and (years[0] is None or years[1] is None or years[0] == years[1]):
        order = _compare(_level(a), _level(b))
    return {-1: "a>b", 0: "none", 1: "b>a"}[order]


def _compare(a: object, b: object) -> int:
    """-1 if `a` is less, 1 if `b` is; 0 if they are equal or one is unknown."""
    if a is None or b is None or a == b:
        return 0
    return -1 if a < b else 1  # type: ignore[operator]


def group_agencies(texts: Sequence[ReuseText]) -> list[int]:
    """A number per report: equal numbers are one agency. Unknown agencies are each their own.

    Names are compared without white space; 人民政府办公室 and 政府办 are one. A province or prefecture before the
    name, or a county before a town's, may be missing on one side (白城市洮北区 and 洮北区) if that leaves no two
    candidates (there are four 鼓楼区) and neither superior nor region of the two contradict each other.
    """
    keys = [_agency_key(text) for text in texts]
    fuller: dict[str, dict[str, list[ReuseText]]] = defaultdict(dict)
    for text, key in zip(texts, keys, strict=True):
        if key is not None and key[0]:
            fuller[key[1]].setdefault(key[0], []).append(text)
    numbers: dict[tuple[str, str], int] = {}
    groups = []
    for place, (text, key) in enumerate(zip(texts, keys, strict=True)):
        if key is None:
            groups.append(len(texts) + place)
            continue
        if not key[0] and len(fuller[key[1]]) == 1:
            ((prefix, others),) = fuller[key[1]].items()
            key = key if any(_contradict(text, other) for other in others) else (prefix, key[1])
        groups.append(numbers.setdefault(key, place))
    return groups


def find_namesakes(texts: Sequence[ReuseText], groups: Sequence[int]) -> dict[int, list[int]]:
    """For each report that leaves out where its agency lies: one report of every other group of that name, in order.

    `groups` are those of `group_agencies`: what stands here could be the same agency, and was not taken for it.
    """
    keys = [_agency_key(text) for text in texts]
    firsts: dict[str, dict[int, int]] = defaultdict(dict)
    for place, (key, group) in enumerate(zip(keys, groups, strict=True)):
        if key is not None:
            firsts[key[1]].setdefault(group, place)
    found = {}
    for place, (key, group) in enumerate(zip(keys, groups, strict=True)):
        if key is not None and not key[0]:
            others = [first for other, first in firsts[key[1]].items() if other != group]
            if others:
                found[place] = others
    return found


def _contradict(a: ReuseText, b: ReuseText) -> bool:
    """Whether superior or region of two reports are known and neither holds the other (柳泽县, 望川市柳泽县石匣镇)."""
    pairs = [
        (_plain(a.superior or ""), _plain(b.superior or "")), ("".join(_region(a)), "".join(_region(b))),
    ]
    return any(one and other and one not in other and other not in one for one, other in pairs)


def _agency_key(text: ReuseText) -> tuple[str, str] | None:
    """The agency as (province and prefecture before its own place, the rest); with its region where it names no
    place.
    """
    if not text.agency:
        return None
    name = plain_name(text.agency)
    name = re.sub("办公[室厅]$", "办", name)
    prefix = ""
    while (head := _known_head(name)) and _PLACE.match(name[len(head) :]):
        prefix, name = prefix + head, name[len(head) :]
    if town := _TOWN.match(name):
        return town[1], town[2]
    if not _PLACE.match(name) and text.region:
        name = f"{_letters(text.region)}{name}"
    # A province alone does not tell two districts apart, a prefecture does: keep the last one.
    return prefix[prefix.rfind("省") + 1 :] if "省" in prefix else prefix, name


def _known_head(name: str) -> str:
    return next((place for place in known_places().get(name[:2], ()) if name.startswith(place)), "")


def umbrella(text: ReuseText) -> str | None:
    """What agencies of one template have in common: the superior; where that is unknown the region.

    The region of a government is what it governs, so its umbrella is the region around it (省/市 for 省/市/县).
    """
    if text.superior:
        return _plain(text.superior)
    parts = _region(text)
    if _is_government(text):
        parts = parts[:-1]
    return "/".join(parts) or None


def group_umbrellas(texts: Sequence[ReuseText], agencies: Sequence[int]) -> list[int]:
    """A number per report: equal numbers have one umbrella, or are one agency where that is unknown."""
    numbers: dict[str | int, int] = {}
    return [
        numbers.setdefault(umbrella(text) or agency, place)
        for place, (text, agency) in enumerate(zip(texts, agencies, strict=True))
    ]


def _region(text: ReuseText) -> list[str]:
    return [letters for part in text.region.split("/") if (letters := _letters(part))] if text.region else []


def _is_government(text: ReuseText) -> bool:
    """Whether the agency governs its region (a government, its office, a street office), and is no department of it."""
    return bool(text.agency and _GOVERNMENT.search(_letters(text.agency)))


def is_superior(above: ReuseText, below: ReuseText) -> bool:
    """Whether `above` is the superior that `below` names or, where it names none, the government of its umbrella.

    The office of the same name one or more levels up leads it too (市教育局, 县教育局).
    """
    if _leads(above.agency, above.region, below.agency, below.region):
        return True
    if below.superior:
        superior = _plain(below.superior)
        return any(_plain(name) == superior for name in (above.agency, *above.names) if name)
    region = "/".join(_region(above))
    return bool(region) and _is_government(above) and region == umbrella(below)


@cache
def _leads(above: str | None, around: str | None, below: str | None, inside: str | None) -> bool:
    """Whether two offices have one name, and the one's region lies in the other's."""
    if not (above and around and below and inside):
        return False
    outer, inner = (_letters(region).replace("/", "") for region in (around, inside))
    if outer == inner or not inner.startswith(outer):
        return False
    offices = [_OFFICE.sub("", _letters(name)) for name in (above, below)]
    return offices[0] == offices[1] and len(offices[0]) >= _LEAST_OFFICE and not _GOVERNMENT.search(offices[0])


def _plain(name: str) -> str:
    """A government under one name, whether it or its office is meant."""
    return re.sub("(?<=政府)办公?[室厅]?$", "", plain_name(name))


def is_template(
    pair: tuple[int, int], interval: tuple[int, int], seen: Sequence[Interval],
    umbrellas: Sequence[str | None], agencies: Sequence[int], least: int,
) -> bool:
    """Whether at least `least` agencies under the common umbrella of a pair share an interval of its first report.

    `seen` are all passages of that report, sorted by start. Stops once enough are found.
    """
    report, other = pair
    above = umbrellas[report]
    if above is None or umbrellas[other] != above:
        return False
    start, end = interval
    needed = SHARED_PART * (end - start)
    covered: dict[int, list[tuple[int, int]]] = defaultdict(list)
    sharing = {agencies[report]}
    for at in range(bisect_left(seen, end, key=lambda found: found.start)):
        if len(sharing) >= least:
            break
        found = seen[at]
        agency = agencies[found.other]
        if found.end > start and agency not in sharing and umbrellas[found.other] == above:
            covered[agency].append((max(start, found.start), min(end, found.end)))
            if union_length(covered[agency]) >= needed:
                sharing.add(agency)
    return len(sharing) >= least


def union_length(spans: Iterable[tuple[int, int]]) -> int:
    """How much the spans cover together."""
    total, reached = 0, -1
    for start, end in sorted(spans):
        total += max(0, end - max(start, reached))
        reached = max(reached, end)
    return total


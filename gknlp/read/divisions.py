"""Administrative divisions: which place an agency's name begins with, at which level, under which parents.

Province, prefecture and county names come from kept data sets (models/divisions.csv), those in use since 2008 included:
a report of 2012 bears the names of 2012, and a name that two places have had has two candidates. Townships, zones and
names that the list lacks are read by their endings. The list is loaded on first use and cached (a few milliseconds).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from gknlp import resources
from gknlp.gazetteer import LONGEST_NAME, known_prefix, load_divisions, short_name

RULES = "models/identity.toml"

_COUNTY_GRAMMAR = re.compile(r"[\u4e00-\u9fa5A-Za-z]{1,7}?(?:自治县|自治旗|林区|特区|县|旗|区)")
_PROVINCE_GRAMMAR = re.compile(r"[\u4e00-\u9fa5]{2,4}?(?:省|自治区)(?!级|直|内)")
# 望川市场… is no city 望川市, 望川市民族宗教局 is of one.
_CITY_GRAMMAR = re.compile(
    r"[\u4e00-\u9fa5A-Za-z]{1,7}?(?:自治州|地区|盟|市(?![场容政民监直])"
    r"|市(?=市[场容政民监直]|政府|政务|政协|民政|民族|民宗|监察|监狱|直属|直机关))"
)
_ZONE_GRAMMAR = re.compile(
    r"[\u4e00-\u9fa5A-Za-z()]{0,14}?(?:开发区|高新区|新区|实验区|示范区|保税港?区|管理区|合作区|试验区|功能区"
    r"|自贸区|经开区|度假区|风景名胜区"
    r"|风景区|旅游区|工业园区|产业园区|科技园区|园区|工业园|产业园|科技园|工业区|化工区|生态城|科学城|新城区?"
    r"|集聚区|港区|合作示范区|先行区|先导区)"
)
_TOWNSHIP_GRAMMAR = re.compile(
    r"[\u4e00-\u9fa5A-Za-z]{1,14}?(?:民族乡|街道|镇|乡|苏木|农场|林场|牧场|团场|地区)(?=办事处|人民政府|政府|党"
    r"|便民|综合|$|\(|机关|财政|司法|公共)"
)
# Words that end like a place and are none, or that begin a department's own name.
_NOT_PLACE = re.compile(
    r"城市|都市|超市|社区|小区|景区|库区|山区|牧区|灾区|区县|市县|县区|市区$|城乡|城镇|乡镇|村镇|全[市县区]"
    r"|[本我各]|生产建设兵团|管理|建设|发展|监督|服务|教育|卫生"
    r"|和|与|财政|民政|公安|交通|住房|行政|规划|应急|市场|人力|资源|环境|文化|农业|水利|审计|统计|司法|科技|商务"
    r"|税务|信访"
)
_NOT_TOWNSHIP = re.compile(
    r"城乡|城镇$|乡镇|村镇|全[市县区]|[本我各]|管理|建设|发展|监督|服务|教育|卫生|财政|民政|公安|交通|住房|行政"
    r"|规划|应急|市场|人力"
    r"|资源|环境|文化|水利|审计|统计|司法|商务|税务|信访|局|委|厅|办|政府"
)


@dataclass(frozen=True, slots=True)
class Region:
    """The place a name begins with: `length` characters of the name; the parts as full names, None where unknown.

    `zone` is a development zone or the like, `township` a town, township or street. `level` is that of the deepest
    part.
    """

    length: int
    level: str
    province: str | None = None
    city: str | None = None
    county: str | None = None
    zone: str | None = None
    township: str | None = None

    @property
    def path(self) -> str:
        """All known parts from province down, joined: 吉林省白城市洮北区. A municipality stands once."""
        return "".join(part for part in self.parts)

    @property
    def parts(self) -> tuple[str, ...]:
        """The known parts from province down, without repeats."""
        parts = (self.province, self.city, self.county, self.zone, self.township)
        return tuple(dict.fromkeys(part for part in parts if part))

    @property
    def name(self) -> str:
        """The deepest part by its own name."""
        return self.parts[-1]


def parse_region(name: str, hints: Iterable[str] = ()) -> Region | None:
    """The place that `name` begins with, None where it begins with none (市教育局, 教育部).

    The longest known name wins at each step (province, city, county), then the endings are tried. A county name that
    several cities have (鼓楼区) gets its parents from what is printed before it, else from the only parent that
    occurs in one of the `hints`, else none.
    """
    data = load_divisions()
    at, province, city, county = 0, None, None, None
    printed = known_prefix(name, data.provinces)
    if printed and not (len(printed) < len(data.provinces[printed]) and _short_is_other(name, printed)):
        province, at = data.provinces[printed], len(printed)
    printed = known_prefix(name[at:], data.cities)
    if printed and (province is None or data.cities[printed] == province):
        city, at = data.full.get(printed, printed), at + len(printed)
        province = data.cities[printed]
    printed = known_prefix(name[at:], data.counties)
    if printed:
        county, at = data.full.get(printed, printed), at + len(printed)
        province, city = _parents(data.counties[printed], province, city, hints)
    elif at == 0 or city or province:
        named = _PROVINCE_GRAMMAR.match(name) if at == 0 else None
        if named and not _NOT_PLACE.search(named.group()):
            province, at = named.group(), named.end()
        city, county, at = _by_ending(name, at, city)
    zone, township, at = _below(name, at)
    if at == 0:
        return None
    if zone and province is None:  # 苏州工业园区 lies in 苏州市
        city = data.short.get(zone[:2]) or data.short.get(zone[:3])
        province = data.cities[city] if city else None
    level = "county" if county else "city" if city else "province"
    level = "township" if township else zone_level(zone) if zone else level
    return Region(at, level, province, city, county, zone, township)


def _short_is_other(name: str, printed: str) -> bool:
    """Whether a province's short name at the start belongs to something else: 吉林市, 海南州, 江苏路街道, 河南镇."""
    after = name[len(printed) :]
    return bool(re.match(r"[市县区州旗镇乡路街]|[\u4e00-\u9fa5]?街道|[东西南北]路|藏族|蒙古族自治县",
        after)) and not known_prefix(
        after, load_divisions().counties
    )


def _parents(
    pairs: tuple[tuple[str, str | None], ...], province: str | None, city: str | None, hints: Iterable[str]
) -> tuple[str | None, str | None]:
    """Province and city of a county: by what is printed, by being the only one, or by the hints."""
    fitting = [pair for pair in pairs if province in (None, pair[0]) and city in (None, pair[1])]
    if not fitting:
        return province, city
    if len(fitting) > 1:
        for hint in hints:
            named = [pair for pair in fitting if pair[1] and short_name(pair[1]) in hint]
            named = named or [pair for pair in fitting if short_name(pair[0]) in hint]
            if len(named) == 1:
                return named[0]
    if len(fitting) == 1:
        return fitting[0]
    provinces = {pair[0] for pair in fitting}
    return (provinces.pop() if len(provinces) == 1 else province), city


def _by_ending(name: str, at: int, city: str | None) -> tuple[str | None, str | None, int]:
    """City and county by their endings, for names that the list does not hold."""
    county = None
    if city is None:
        match = _CITY_GRAMMAR.match(name, at)
        first = _COUNTY_GRAMMAR.match(name, at)
        if match and first and first.end() < match.end():  # 棠溪区市场监督管理局 names no city
            match = None
        if match and not _NOT_PLACE.search(match.group()) and len(match.group()) > 2 - (at > 0):
            city, at = match.group(), match.end()
    match = _COUNTY_GRAMMAR.match(name, at)
    zone = _ZONE_GRAMMAR.match(name, at)
    if match and not (zone
        and zone.end() >= match.end()) and not _NOT_PLACE.search(match.group()) and len(match.group()) > 2:
        county, at = match.group(), match.end()
    return city, county, at


def _below(name: str, at: int) -> tuple[str | None, str | None, int]:
    """Zone and township by their endings, from `at` on."""
    zone = township = None
    match = _ZONE_GRAMMAR.match(name, at)
    if match and len(match.group()) > 2 and not re.match(r"(?:社区|小区|景区)", match.group()):
        zone, at = match.group(), match.end()
    match = _TOWNSHIP_GRAMMAR.match(name, at)
    if match and not _NOT_TOWNSHIP.search(match.group()):
        township, at = match.group(), match.end()
    return zone, township, at


@cache
def _zone_levels() -> dict[str, str]:
    levels: dict[str, str] = resources.load_toml(RULES)["zones"]
    return levels


def zone_level(zone: str) -> str:
    """The level of a zone: as listed in models/identity.toml, else county."""
    return next((level for name, level in _zone_levels().items() if zone.endswith(name)), "county")


def city_by_short_name(name: str) -> Region | None:
    """The prefecture whose name without its kind `name` begins with: 南京分行, 南京海关; None without one."""
    data = load_divisions()
    printed = known_prefix(name, data.short)
    if printed is None:
        return None
    city = data.short[printed]
    return Region(len(printed), "city", data.cities[city], city)


def region_ending(text: str, end: int) -> str | None:
    """The longest known region name that ends at `end` of `text`, None without one."""
    data = load_divisions()
    for length in range(min(LONGEST_NAME, end), 1, -1):
        name = text[end - length : end]
        if name in data.counties or name in data.cities or name in data.provinces:
            return name
    return None


def known_regions(text: str, ending: str) -> list[tuple[str, int]]:
    """Known division names in `text` that end in the character `ending` (市, 县, 区, 省, 州, 旗), each with its
    start, in order."""
    found = []
    for match in re.finditer(ending, text):
        name = region_ending(text, match.end())
        if name and name.endswith(ending):
            found.append((name, match.end() - len(name)))
    return found


def government(region: Region) -> str | None:
    """The name of the region's government, with the city in front where the county's own name is not unique."""
    if region.zone and not region.township:
        return f"{region.zone}管理委员会"
    if region.township:
        organ = "办事处" if region.township.endswith("街道") else "人民政府"
        return f"{region.county or region.zone or region.city or ''}{region.township}{organ}"
    if region.county:
        pairs = load_divisions().counties.get(region.county, ())
        prefix = (region.city or region.province or "") if len(pairs) != 1 else ""
        return f"{prefix}{region.county}人民政府"
    if region.city and region.city.endswith(("盟", "地区")):
        return f"{region.city}行政公署"
    return f"{region.city or region.province}人民政府"


def parent(region: Region) -> Region | None:
    """The region one level up, None at the top or where the parents are unknown."""
    if region.township:
        upper = Region(0, "county", region.province, region.city, region.county, region.zone)
        return upper if region.county or region.zone else None
    if region.county or region.zone:
        if region.city:
            return Region(0, "city", region.province, region.city)
        return Region(0, "province", region.province) if region.province else None
    if region.city and region.province:
        return Region(0, "province", region.province)
    return None

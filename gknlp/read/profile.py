"""What an agency's name tells: region, level, function, superior, short forms, and a stable id."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from gknlp import resources
from gknlp.gazetteer import short_name
from gknlp.normalize import fold_width
from gknlp.read.divisions import Region, city_by_short_name, government, parent, parse_region

RULES = "models/identity.toml"
_CENTRAL = re.compile(
    r"^(?:国务院|国家(?!税务总局[\u4e00-\u9fa5]|统计局[\u4e00-\u9fa5]|税务局)|中华人民共和国|中国|全国|最高人民"
    r"|(?:教育|科学技术|科技|公安|民政|司法|财政|人力资源和?社会保障|自然资源|国土资源"
    r"|生态环境|环境保护|住房和?城乡建设|交通运输|水利|农业农村|农业|商务|文化和旅游|文化|退役军人事务|应急管理"
    r"|工业和信息化|外交|铁道|卫生)部$|审计署$|海关总署$)"
)
# The office of a sub-district in its full style, "雁峰区人民政府白沙洲街道办事处": the place is the sub-district.
_DISPATCHED = re.compile(r"(?<=[市区县旗])(?:人民)?政府(?=[\u4e00-\u9fa5]{1,8}街道办事处$)")
_OFFICE = re.compile(r"^(?:人民)?政府(?:党政)?办公[室厅]$|^管(?:理)?委(?:员)?会(?:党政)?办公室$")
_GOVERNMENT = re.compile(r"^(?:人民政府|政府|行政公署|公署|管理委员会|管委会|办事处|街道办事处)$")
_NO_SUPERIOR = frozenset({"enterprises", "schools", "customs", "meteorology", "courts_prosecution"})


@dataclass(frozen=True, slots=True)
class Profile:
    """Region, level, function, superior, id and short forms of an agency; None where the name does not tell."""

    region: Region | None
    level: str | None
    function: str | None
    superior: str | None
    agency_id: str
    aliases: tuple[str, ...]


@cache
def _functions() -> tuple[tuple[str, str], ...]:
    """(word, function id), longest words first, of one length the first listed."""
    pairs = [(word, rule["id"]) for rule in resources.load_toml(RULES)["function"] for word in rule["words"]]
    return tuple(sorted(dict(reversed(pairs)).items(), key=lambda pair: -len(pair[0])))


@cache
def _abbreviations() -> tuple[tuple[str, str], ...]:
    """(full, short) words inside names, longest first."""
    pairs: dict[str, str] = resources.load_toml(RULES)["abbreviations"]
    return tuple(sorted(pairs.items(), key=lambda pair: (-len(pair[0]), pair[0])))


@cache
def _vertical() -> tuple[str, ...]:
    prefixes: list[str] = resources.load_toml(RULES)["vertical"]["prefixes"]
    return tuple(sorted(prefixes, key=lambda prefix: (-len(prefix), prefix)))


def vertical_prefix(name: str) -> str:
    """The central agency that a regional office of it begins with (国家税务总局 of 国家税务总局沭阳县税务局), else
    empty."""
    return next((p for p in _vertical() if name.startswith(p) and len(name) > len(p) + 2), "")


def place_of(name: str) -> Region | None:
    """The place that a name says, behind the central agency it may begin with; None where it says none."""
    return parse_region(name[len(vertical_prefix(name)) :])


def is_central(name: str) -> bool:
    """Whether a name is that of an agency of the centre itself, which has no place: 教育部, 国家统计局."""
    return bool(_CENTRAL.match(name))


def profile(name: str, hints: Iterable[str] = ()) -> Profile:
    """Read an agency's full name; `hints` are texts that may name the parents of a county that several cities have."""
    plain = _DISPATCHED.sub("", re.sub(r"\s+", "", fold_width(name)))
    prefix = vertical_prefix(plain)
    region = parse_region(plain[len(prefix) :], hints) or (city_by_short_name(plain[len(prefix) :]) if prefix else None)
    rest = plain[len(prefix) + (region.length if region else 0) :]
    function = function_of(rest if region else plain)
    level = region.level if region else ("national" if prefix or _CENTRAL.match(plain) else None)
    return Profile(
        region, level, function, _superior(prefix, region, rest, function, level), _agency_id(prefix, region, rest,
            plain),
        _aliases(plain, prefix, region, rest),
    )


def function_of(rest: str) -> str | None:
    """The id of what an agency does: the longest word of models/identity.toml in its name without the place."""
    if _OFFICE.match(rest):
        return "government_office"
    if _GOVERNMENT.match(rest):
        return "government"
    found = [function for word, function in _functions() if word in rest]
    special = [function for function in found
        if function != "government"]  # 人民政府外事办公室 is more than its government
    return next(iter(special or found), None)


def _superior(prefix: str, region: Region | None, rest: str, function: str | None, level: str | None) -> str | None:
    """The government above: that of the region for a department, that of the region above for a government."""
    if level == "national":
        return "国务院" if not re.match(r"国务院(?:办公厅)?$", rest) else None
    if region is None or function in _NO_SUPERIOR:
        return None
    if prefix:
        above = parent(region)
        return f"{prefix}{above.name}{rest}" if above and prefix == "国家税务总局" and rest == "税务局" else None
    if _GOVERNMENT.match(rest):
        above = parent(region)
        return government(above) if above else ("国务院" if region.level == "province" else None)
    return government(region)


def _agency_id(prefix: str, region: Region | None, rest: str, plain: str) -> str:
    """The folded full name with all that is known of the region, the same for every way the place is printed."""
    rest = re.sub(r"^政府", "人民政府", rest)
    return f"{prefix}{region.path}{rest}" if region else plain


def _aliases(plain: str, prefix: str, region: Region | None, rest: str) -> tuple[str, ...]:
    """Short forms by which a report names its own agency, longest first, ties by code point."""
    tails = _short_tails(rest)
    heads = {""} if not region else set()
    if region:
        own = region.name
        kind = re.search(r"(?:自治[区州县旗]|街道|开发区|新区|实验区|[省市县区旗盟州镇乡])$", own)
        heads |= {own, short_name(own)}
        if kind:
            heads.add(kind.group()[-1] if kind.group() not in ("街道", "开发区", "新区", "实验区") else kind.group())
        if region.county and region.township:
            heads.add(region.county + own)
    names = {head + tail for head in heads for tail in tails if len(tail) >= 2}
    if prefix:
        names |= {prefix + name for name in names if region and name.startswith(region.name)}
    names -= {plain}
    return tuple(sorted((name for name in names if len(name) >= 3), key=lambda name: (-len(name), name)))


def _short_tails(rest: str) -> set[str]:
    """Ways to print an agency's name without its place: 发展和改革委员会, 发展改革委, 发改委."""
    if re.match(r"^(?:人民政府|政府)", rest):
        tail = re.sub(r"^(?:人民政府|政府)", "", rest)
        short = re.sub(r"^办公[室厅]$", "办", tail)
        return {"人民政府" + tail, "政府" + tail, "政府" + short}
    if rest.endswith("街道办事处") or rest == "办事处":
        return {rest, "办"} if rest == "办事处" else {rest, rest[:-3]}
    tails = {rest}
    for full, short in _abbreviations():
        if full in rest:
            tails.add(rest.replace(full, short))
            break
    tails |= {tail.replace("和", "") for tail in tails if len(tail) > 5}
    tails |= {re.sub(r"委员会$", "委", tail) for tail in tails}
    tails |= {re.sub(r"管理委员会$", "管委会", rest)}
    return tails

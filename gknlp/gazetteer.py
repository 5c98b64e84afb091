"""The kept list of administrative divisions (models/divisions.csv) as look-up tables, and where their names stand.

Names in use at some time since 2008 are in it. The list is loaded on first use and cached (a few milliseconds).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Container, Iterable
from dataclasses import dataclass
from functools import cache

from gknlp import resources

DIVISIONS = "models/divisions.csv"
LONGEST_NAME = 18  # 积石山保安族东乡族撒拉族自治县 has 15 characters, the longest there is


@dataclass(frozen=True, slots=True)
class Divisions:
    """The divisions by name; a name that two places have had has two pairs of parents."""

    provinces: dict[str, str]  # full and short name -> full name
    cities: dict[str, str]  # city -> province
    counties: dict[str, tuple[tuple[str, str | None], ...]]  # county -> its (province, city) pairs
    full: dict[str, str]  # short forms of autonomous places in use (恩施州, 前郭县) -> full name
    short: dict[str, str]  # a prefecture's name without its kind (南京) -> full name
    former: frozenset[tuple[str, str | None]]  # county and city of counties that are no more, or no more by that name


@cache
def load_divisions() -> Divisions:
    """The kept list as look-up tables."""
    lines = (line for line in resources.read_text(DIVISIONS).splitlines() if line and not line.startswith("#"))
    provinces: dict[str, str] = {}
    cities: dict[str, str] = {}
    counties: dict[str, list[tuple[str, str | None]]] = {}
    former: set[tuple[str, str | None]] = set()
    for row in csv.DictReader(lines):
        province, city = row["province"], row["city"] or None
        provinces[province] = province
        provinces[short_name(province)] = province
        if city:
            cities[city] = province
        former.update((county, city) for county in row["former"].split())
        for county in (*row["counties"].split(), *row["former"].split()):
            counties.setdefault(county, []).append((province, city))
    full = _short_forms([*cities, *counties])
    cities |= {short: cities[name] for short, name in full.items() if name in cities}
    counties |= {short: counties[name] for short, name in full.items() if name in counties}
    short = {short_name(city): city for city in cities if city not in full}
    pairs = {name: tuple(pairs) for name, pairs in counties.items()}
    return Divisions(provinces, cities, pairs, full, short, frozenset(former))


def _short_forms(names: Iterable[str]) -> dict[str, str]:
    """恩施州 for 恩施土家族苗族自治州, 前郭县 for 前郭尔罗斯蒙古族自治县, where that is nobody else's name."""
    taken = set(names := list(names))
    made: dict[str, list[str]] = {}
    for name in names:
        kind = re.search(r"自治([州县旗])$", name)
        if kind:
            made.setdefault(short_name(name) + kind[1], []).append(name)
            if name.startswith(("前郭尔罗斯", "喀喇沁左翼", "杜尔伯特", "莫力达瓦", "巴音郭楞", "克孜勒苏",
                "博尔塔拉")):
                made.setdefault(name[:2] + kind[1], []).append(name)
    return {short: full[0] for short, full in made.items() if len(full) == 1 and short not in taken}


def short_name(name: str) -> str:
    """A division's name without its kind: 江苏省 → 江苏, 沭阳县 → 沭阳, 延边朝鲜族自治州 → 延边; two characters stay
    at least."""
    special = {"内蒙古自治区": "内蒙古", "新疆生产建设兵团": "兵团"}
    if name in special:
        return special[name]
    stem = re.sub(r"(?:特别行政区|自治区|自治州|自治县|自治旗|地区|街道|苏木|林区|特区|[省市县区旗盟州镇乡])$", "",
        name)
    plain = re.sub(_PEOPLES, "", stem) if name.endswith(("自治区", "自治州", "自治县", "自治旗", "族乡")) else stem
    stem = plain if len(plain) >= 2 else stem
    return stem if len(stem) >= 2 else name


_PEOPLES = (
    r"(?:(?:蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|拉祜|水|东乡|纳西"
    r"|景颇|柯尔克孜|土|达斡尔"
    r"|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|塔吉克|怒|鄂温克|保安|裕固|独龙|鄂伦春|各|普米|阿昌|基诺)族?)+$"
)


def known_prefix(text: str, names: Container[str]) -> str | None:
    """The longest of `names` that `text` begins with."""
    for length in range(min(LONGEST_NAME, len(text)), 1, -1):
        if text[:length] in names:
            return text[:length]
    return None

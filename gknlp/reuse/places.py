"""Places in a text and the home of its author: which place is named, and can the author belong to it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from gknlp.gazetteer import load_divisions, short_name
from gknlp.resources import load_toml
from gknlp.reuse.mask import Names, index_names, prefecture_cities, squeeze
from gknlp.types import ReuseText

# A place of two characters is certain where the list of divisions has it, else it is a word (我县, 各镇).
LEAST_NAME = 3
TOWNS = ("镇", "乡", "街道")
LEVEL = "[省市县区州盟旗镇乡]"
_PLACE_TOKEN = re.compile(r"[\u4e00-\u9fff]{1,6}?(?:自治[区州县]|地区|[省市县区]|[州盟旗镇乡](?![市县区])|街道)")
# A name that no list has, read by its ending: no word of the sentence before or inside it, none of the sort 全县, 各镇.
_BY_ENDING = re.compile(
    r"(?:(?:(?![在由向照据绕与落实将的和及对到从以按各全本我该其每某等类级多有于为])[\u4e00-\u9fff]){1,7}?"
    r"(?:[省市县区州盟旗镇乡]|街道)(?![市县区镇乡]|[\u4e00-\u9fff](?:镇|乡|街道)))"
)
_TOWN = re.compile(r"(?:(?![的各全本我等和与及])[\u4e00-\u9fff]){1,5}?(?:镇|乡(?!镇)|街道)")
# 望川市场监管局 is no city's.
_MARKET = re.compile("市[场容]")
# Words that end like a place and are none.
_NO_PLACE = re.compile(
    "(?:城|都|超|上|股|集|夜|菜|楼|房|车|劳务|人力资源)市$|(?:社|小|景|园|库|校|辖|街|片|山|牧|灾|矿|厂|专|地|新老城|大厅|窗口|公开)区$"
    "|乡镇$|(?:城|建制|中心|特色小|小城|集|村)镇$|(?:城|家|返|下|回|老)乡$|市[县区]$|县[市区]$|[县区]市$"
)
# Zones named 区 are no districts, and belong to a county or city of another name.
ZONES = (
    "开发区", "新区", "高新区", "园区", "示范区", "管理区", "经济区", "试验区", "实验区", "自治区", "保税区", "地区",
    "功能区",
)


@dataclass(frozen=True, slots=True)
class Place:
    """A place at `[start, end)` of a squeezed text: its names as printed from above down, the last one is the place.

    `known` says that the list of divisions has the last name, or the one before a town.
    """

    start: int
    end: int
    names: tuple[str, ...]
    known: bool

    @property
    def name(self) -> str:
        """The place itself, without what it lies in."""
        return self.names[-1]

    @property
    def divisions(self) -> list[str]:
        """Those of the names that the list has."""
        return [name for name in self.names if is_division(name)]


@dataclass(frozen=True, slots=True)
class Home:
    """Where a report's author belongs: `names` are the places of its own names, `around` what these lie in.

    `lowest` is the lowest division of the list among `names`, None if it has none of them. `spoken` are all its names
    in one string, to look stems up in.
    """

    names: frozenset[str]
    around: frozenset[str]
    lowest: str | None
    spoken: str

    @property
    def innermost(self) -> frozenset[str]:
        """The author's own place alone: its town, else its lowest division, else all that is known."""
        towns = frozenset(name for name in self.names if name.endswith(TOWNS))
        return towns or (frozenset({self.lowest}) if self.lowest else self.names)


@cache
def _words() -> frozenset[str]:
    return frozenset(load_toml("models/certificates.toml")["words"]["places"].split())


@cache
def _known(*, words: bool) -> Names:
    """All names of the list, with or without those that are words, indexed; provinces also by short name."""
    data = load_divisions()
    names = {*data.provinces, *data.cities, *data.counties}
    return index_names(names if words else names - _words())


@cache
def _word_stems() -> frozenset[str]:
    return frozenset(load_toml("models/certificates.toml")["words"]["stems"].split())


@cache
def known_stems() -> Names:
    """Names of the list without their kind (定安), where these are no words, indexed."""
    data = load_divisions()
    return index_names({short_name(name) for name in (*data.cities, *data.counties)} - _word_stems())


@cache
def full_names(stem: str) -> tuple[str, ...]:
    """The divisions of a name without its kind, in order."""
    data = load_divisions()
    return tuple(sorted(name for name in (*data.cities, *data.counties) if short_name(name) == stem))


def is_word(stem: str) -> bool:
    """Whether a place's name without its kind is also a word of reports (平安), or too short to be sure."""
    return len(stem) < 2 or stem in _word_stems()


def name_at(text: str, at: int, names: Names) -> str | None:
    """The longest of `names` that stands at `at`."""
    return next((name for name in names.get(text[at : at + 2], ()) if text.startswith(name, at)), None)


def place_at(text: str, at: int, *, words: bool = False) -> Place | None:
    """The place whose name begins at `at` of a squeezed text, with all it is said to lie in; None if none does.

    A name of the list of divisions is taken before one that only ends like a place; names that are also words (和县)
    only with `words`.
    """
    data = load_divisions()
    names: list[str] = []
    end = at
    while (name := name_at(text, end, _known(words=words))) and not _MARKET.match(text, end + len(name) - 1):
        short = name in data.provinces and data.provinces[name] != name
        # A province's short name stands first and never alone, else it is part of a name: 四川大学, 天津街.
        if short and (names or not name_at(text, end + len(name), _known(words=words))):
            break
        end += len(name)
        names.append(data.provinces.get(name, name))
    if names:
        town = _TOWN.match(text, end)
        if town and not _NO_PLACE.search(town.group()):
            return Place(at, town.end(), (*names, town.group()), known=True)
        return Place(at, end, tuple(names), known=True)
    while (found := _BY_ENDING.match(text, end)) and len(names) < LEAST_NAME:
        if _NO_PLACE.search(found.group()):
            break
        end = found.end()
        names.append(found.group())
    return Place(at, end, tuple(names), known=False) if names else None


def own_places(text: ReuseText) -> frozenset[str]:
    """The places in a report's own names, region and superior, by full name (淮安市, 涟水县)."""
    return frozenset(place for name in _own_names(text) for place in _PLACE_TOKEN.findall(name))


def _own_names(text: ReuseText) -> list[str]:
    return [squeeze(name).text for name in (text.agency, text.region, text.superior, *text.names) if name]


def find_home(text: ReuseText) -> Home:
    """Where the author belongs, as far as its names tell. Cost: linear in the names."""
    data = load_divisions()
    own = _own_names(text)
    found: dict[str, None] = {}
    for name in own:
        at = 0
        while at < len(name):
            place = place_at(name, at, words=True)
            if place is None or not place.known:
                at += 1
                continue
            found.update(dict.fromkeys(place.names))
            at = place.end
    if not any(is_division(name) for name in found):
        found.update(dict.fromkeys(_by_stem(own)))
    counties, cities, provinces = (
        [name for name in found if name in names] for names in (data.counties, data.cities, data.provinces)
    )
    around: set[str] = set()
    for county in counties:
        around.update(part for pair in _pairs(county, found) for part in pair if part)
    around.update(data.cities[city] for city in cities)
    lowest = next((names[-1] for names in (counties, cities, provinces) if names), None)
    return Home(own_places(text) | frozenset(found), frozenset(around), lowest, "|".join(own))


def _by_stem(own: Iterable[str]) -> Iterator[str]:
    """The one division whose name without its kind an agency begins with: 平潭县 for 平潭综合实验区."""
    data = load_divisions()
    for name in own:
        province = next((short for short in data.provinces if name.startswith(short)), "")
        stem = name_at(name, len(province), known_stems()) or name_at(name, 0, known_stems())
        if stem and len(full := full_names(stem)) == 1:
            yield from full


def _pairs(county: str, printed: Iterable[str]) -> list[tuple[str, str | None]]:
    """Province and city of a county, those that `printed` allows; all it can have if that allows none."""
    pairs = load_divisions().counties[county]
    named = set(printed)
    fitting = [pair for pair in pairs if pair[1] in named] or [pair for pair in pairs if pair[0] in named]
    return fitting or list(pairs)


def is_elsewhere(place: Place, home: Home) -> bool:
    """Whether the author can neither belong to a place nor be above it.

    Places of the list are judged by their parents; others by their level: a report of one county cannot lie in
    another, one of a town in another town. The list has every county: where it has the author's, only towns are judged
    by their level. False where the author's own place is unknown.
    """
    name = place.name
    stem = short_name(name)
    if place.known and home.lowest is not None and _lies_apart(place.divisions, home):
        return True
    if any(own in name for own in home.names) or (len(stem) > 1 and stem in home.spoken) or name.endswith(ZONES):
        return False
    if home.lowest is not None and not place.known and not name.endswith(TOWNS):
        return False
    known = place.known and home.lowest is not None
    return not (known and is_division(name)) and _is_rival(name, home.names)


def is_large(stem: str) -> bool:
    """Whether a name without its kind is a province's or a prefecture's."""
    data = load_divisions()
    return stem in data.provinces or stem in data.short


def is_division(name: str) -> bool:
    """Whether the list of divisions has a name."""
    data = load_divisions()
    return name in data.counties or name in data.cities or name in data.provinces


def _lies_apart(names: list[str], home: Home) -> bool:
    """Whether the last of `names` is neither the author's own, nor around it, nor below it."""
    data = load_divisions()
    if not names:
        return False
    name = names[-1]
    if name in home.names or name in home.around or short_name(name) in home.spoken:
        return False
    above: set[str | None] = set()
    if name in data.cities:
        above.add(data.cities[name])
    if name in data.counties:
        above.update(part for pair in _pairs(name, names[:-1]) for part in pair)
    return home.lowest not in above


def _is_rival(name: str, places: frozenset[str]) -> bool:
    """Whether a place is of the level of one of `places`, so that a report cannot lie in both.

    Counties, districts and banners are one level, towns and streets another, provinces and prefecture cities one each;
    a city that is no prefecture may lie above or below anything.
    """
    if name.endswith(ZONES) or len(name) < LEAST_NAME:
        return False
    for level in (("县", "区", "旗"), TOWNS):
        if name.endswith(level) and not name.endswith("自治区"):
            return any(place.endswith(level) and not place.endswith(ZONES) for place in places)
    if name.endswith("省"):
        return any(place.endswith("省") for place in places)
    cities = prefecture_cities()
    return name in cities and any(place in cities for place in places)

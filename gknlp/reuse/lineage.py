"""Which agencies are the past of others: offices renamed by a reform, and offices of a county made a district."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache

from gknlp.gazetteer import known_prefix, load_divisions, short_name
from gknlp.resources import load_toml
from gknlp.reuse.kinds import plain_name
from gknlp.types import ReuseText


@cache
def _earlier_names() -> dict[str, tuple[str, ...]]:
    """By the name of an office, the names it can have had before."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for rule in load_toml("models/reforms.toml")["reforms"]:
        before = rule["before"].split()
        for after in rule["after"].split():
            found[plain_name(after)].update({plain_name(name): None for name in before if name != after})
    return {after: tuple(before) for after, before in found.items()}


def is_renamed(one: str, other: str) -> bool:
    """Whether a reform made one office of two names (the ends of both count: 砚岭县国土资源局, 自然资源局)."""
    one, other = plain_name(one), plain_name(other)
    pairs = ((after, old) for after, before in _earlier_names().items() for old in before)
    return any(
        (one.endswith(after) and other.endswith(old)) or (one.endswith(old) and other.endswith(after))
        for after, old in pairs
    )


def are_kin(a: int, b: int, agencies: Sequence[int], past: Sequence[frozenset[int]]) -> bool:
    """Whether two reports (by number) are of one agency or of an agency and its predecessor (`find_predecessors`)."""
    return agencies[a] == agencies[b] or agencies[a] in past[b] or agencies[b] in past[a]


def find_predecessors(texts: Sequence[ReuseText], agencies: Sequence[int]) -> list[frozenset[int]]:
    """For each report the agencies (by `kinds.group_agencies`) whose reports of earlier years are its own past.

    An office takes over another by models/reforms.toml, or by its county's becoming a district or city of the same stem
    (models/divisions.csv); both at once too. Only agencies whose last report in the run is of an earlier year than the
    successor's first. Cost: linear in the reports. Bad at mergers of places, at offices split in two.
    """
    names: dict[str, set[int]] = defaultdict(set)
    years: dict[int, list[int]] = defaultdict(list)
    for text, agency in zip(texts, agencies, strict=True):
        if text.agency:
            names[_own_name(text.agency)].add(agency)
            if text.year is not None:
                years[agency].append(text.year)
    found: dict[int, frozenset[int]] = {}
    for text, agency in zip(texts, agencies, strict=True):
        if text.agency and agency not in found and years[agency]:
            earlier = {number for name in _before(_own_name(text.agency)) for number in names.get(name, ())}
            found[agency] = frozenset(
                number for number in earlier - {agency}
                if years[number] and max(years[number]) < min(years[agency])
            )
    return [found.get(agency, frozenset()) for agency in agencies]


def _own_name(agency: str) -> str:
    """The name from its county on; what stands before a county may be missing in another year's name."""
    data = load_divisions()
    name = plain_name(agency)
    while head := known_prefix(name, data.provinces) or known_prefix(name, data.cities):
        rest = name[len(head) :]
        if not (known_prefix(rest, data.counties) or known_prefix(rest, data.cities)):
            break
        name = rest
    return name


def _before(name: str) -> Iterator[str]:
    """Names that an office of this name can have had."""
    county = known_prefix(name, load_divisions().counties) or ""
    for place in ("", *_former_places(county)):
        moved = place + name[len(county) :] if place else name
        if place:
            yield moved
        for after, before in _earlier_names().items():
            if moved.endswith(after):
                yield from (moved[: -len(after)] + old for old in before)


@cache
def _former_places(county: str) -> tuple[str, ...]:
    """Counties that became the district or city of a name: same stem, same prefecture, no more in use."""
    data = load_divisions()
    cities = {city for _, city in data.counties.get(county, ()) if (county, city) not in data.former}
    return tuple(sorted(
        old for old, city in data.former
        if city in cities and old != county and re.sub("[县区市旗]$", "", old) == short_name(county)
    ))

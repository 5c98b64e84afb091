"""Names of the report that a text was shared with, left standing in a report of another agency."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from gknlp.gazetteer import short_name
from gknlp.reuse.leftovers import Whole, is_left_over, is_own_agency
from gknlp.reuse.mask import Names, Squeezed, find_names, index_names, squeeze
from gknlp.reuse.places import LEAST_NAME, Home, Place, find_home, is_elsewhere, is_large, is_word, own_places
from gknlp.types import Certificate, Passage, ReuseText

# As many reports as one is aligned with, some times over: all at once would fill the memory.
MOST_SIDES = 200
# How far back the begin of a title is looked for.
LONGEST_TITLE = 80
# Two reports that share this many characters, or this part of one, have one source: the other's name then needs no
# shared sentence around it. Far above what a common circular gives.
FAMILY_CHARS = 300
FAMILY_SHARE = 0.3
# What only the author does: after such words a department's name is the author's.
_SELF_ACTS = re.compile(
    "高度重视|认真|严格|主动|积极|始终|坚持|全年|将|成立|进一步|按照|结合|紧紧|切实|不断|共(?:公开|受理|收到)|20[0-9]{2}年"
)
# The rest of a quoted name, and what it is.
_ACCOUNT = re.compile("[\u4e00-\u9fff]{2,6}[”\"》](?:官方|政务)?(?:微信|微博|公众号|视频号|抖音|客户端|APP|头条)")
_ACCOUNT_END = re.compile("[”\"》](?:官方|政务)?(?:微信|微博|公众|视频号|抖音|客户端|APP|头条)")
# A province or prefecture in the name of something else: 南京路, 北京大学, 上海银行.
_INSTITUTION = re.compile(
    "[\u4e00-\u9fff]{0,4}(?:大学|学院|医学院|银行|证券|保险|公司|集团|研究院|医院|中学|小学|出版社|铁路|高速|[路街道桥港]"
    "|日报|晚报|卫视|方言|话)"
)
_ENDS_AS_PLACE = re.compile("(?:[省市县区州盟旗镇乡]|街道)$")


@dataclass(frozen=True, slots=True)
class _Side:
    """A report as the other of a pair sees it."""

    text: ReuseText
    home: Home
    places: frozenset[str]
    names: tuple[str, ...]
    squeezed: Squeezed
    whole: Whole
    length: int


def find_source_names(
    texts: Mapping[str, ReuseText], agencies: Mapping[str, int], passages: Sequence[Passage]
) -> Iterator[Certificate]:
    """Names of the other report's place or agency in a report that shares text with it.

    In a shared passage: where both have the name (`name.other`), and a neighbouring department where only the author
    speaks (`name.neighbour`). Anywhere in a report that is of one family with the other: `name.family`. `agencies` tell
    which reports are of one agency: these never certify each other. Cost: linear in texts and passages.
    """
    pairs: dict[tuple[str, str], list[Passage]] = defaultdict(list)
    for passage in passages:
        if agencies[passage.a_report] != agencies[passage.b_report]:
            pairs[passage.a_report, passage.b_report].append(passage)
    see = lru_cache(MOST_SIDES)(lambda report_id: _see(texts[report_id]))
    for (a, b), shared in pairs.items():
        total = sum(passage.n_chars for passage in shared)
        for mine, other in ((see(a), see(b)), (see(b), see(a))):
            if mine.text.reference or not mine.home.names:
                continue
            names, neighbours = _names_elsewhere(other, mine), _neighbours_names(other, mine)
            for passage in shared if names or neighbours else ():
                yield from _in_passage(mine, other, names, passage)
                yield from _neighbours(mine, other, neighbours, passage)
            if names and (total >= FAMILY_CHARS or total >= FAMILY_SHARE * mine.length):
                yield from _in_family(mine, other, names, shared)


def _see(text: ReuseText) -> _Side:
    length = sum(end - start for start, end, _ in text.stretches)
    home, squeezed = find_home(text), squeeze(text.text)
    known = (squeeze(name).text for name in (text.agency, *text.names) if name)
    names = tuple(dict.fromkeys(name for name in known if len(name) > LEAST_NAME))
    return _Side(text, home, own_places(text) | home.names, names, squeezed, Whole.of(text, squeezed), length)


def _names_elsewhere(other: _Side, mine: _Side) -> Names:
    """The other's full names and places that cannot be the author's, and their stems; those that stand in my text."""
    stems = {place: short_name(place) for place in other.places}
    places = {
        place for place, stem in stems.items()
        if stem in mine.whole.text and is_elsewhere(Place(0, len(place), (place,), known=True), mine.home)
    }
    short = {stems[place] for place in places if len(stems[place]) > 1 and stems[place] not in mine.home.spoken}
    agencies = {
        name for name in other.names
        if any(name.startswith(place) for place in places) and not is_own_agency(name, mine.text)
    }
    return index_names(name for name in {*places, *short, *agencies} if name in mine.whole.text)


def _neighbours_names(other: _Side, mine: _Side) -> Names:
    """The names of another department of the same place that stand in my text."""
    if not mine.text.agency or not mine.places & other.places:
        return index_names(())
    return index_names(
        name for name in other.names
        if name in mine.whole.text and not _ENDS_AS_PLACE.search(name) and not is_own_agency(name, mine.text)
    )


def _in_passage(mine: _Side, other: _Side, names: Names, passage: Passage) -> Iterator[Certificate]:
    if not names:
        return
    (my_start, my_end), (start, end) = _halves(mine, passage)
    views = mine.squeezed.part(my_start, my_end), other.squeezed.part(start, end)
    theirs = find_names(views[1].text, names)
    for span in find_names(views[0].text, names):
        name = views[0].text[slice(*span)]
        same = [there for there in theirs if views[1].text[slice(*there)] == name]
        if same and _stands_alone(views[0].text, span, name) and _is_loose(mine, views[0], span[0], name):
            yield _certify(mine, other, "name.other", views[0].to_source(*span), passage, views[1].to_source(*same[0]))


def _halves(mine: _Side, passage: Passage) -> tuple[tuple[int, int], tuple[int, int]]:
    """My span of a passage and the other's."""
    a, b = (passage.a_start, passage.a_end), (passage.b_start, passage.b_end)
    return (a, b) if mine.text.report_id == passage.a_report else (b, a)


def _stands_alone(text: str, span: tuple[int, int], name: str) -> bool:
    """Whether a name is certain to be the place: by its ending, as a province or prefecture, or as an account's name.

    A county's name without its kind may be part of a word (公开化, 新干部); one that is a word may name an account.
    """
    if _ENDS_AS_PLACE.search(name) or len(name) > LEAST_NAME:
        return True
    quoted = text[max(0, span[0] - 1) : span[0]] in ("“", '"', "《")
    at_end = bool(_ACCOUNT_END.match(text, span[1]))
    large = is_large(name) and not _INSTITUTION.match(text, span[1])
    return (not is_word(name) and (quoted or at_end or large)) or (quoted and bool(_ACCOUNT.match(text, span[1])))


def _is_loose(mine: _Side, view: Squeezed, at: int, name: str) -> bool:
    """Whether a name is in no title of a document, and nothing that the report speaks about."""
    place = view.offsets[at]
    before = mine.squeezed.part(max(0, place - LONGEST_TITLE), place).text
    in_title = before.rfind("《") > before.rfind("》") and not before.endswith("《今日")
    return not in_title and is_left_over(mine.whole, name, mine.home)


def _in_family(mine: _Side, other: _Side, names: Names, shared: Sequence[Passage]) -> Iterator[Certificate]:
    """The other's names in the narrative outside the passages."""
    spans = [_halves(mine, passage)[0] for passage in shared]
    longest = min(shared, key=lambda passage: (-passage.n_chars, passage.passage_id))
    for first, last, _ in mine.text.stretches:
        view = mine.squeezed.part(first, last)
        for span in find_names(view.text, names):
            name = view.text[slice(*span)]
            start, end = view.to_source(*span)
            inside = any(begin <= start and end <= stop for begin, stop in spans)
            twin = _twin(other.whole.text, name)
            if inside or twin is None or not _stands_alone(view.text, span, name):
                continue
            if _is_loose(mine, view, span[0], name):
                yield _certify(mine, other, "name.family", (start, end), longest, other.squeezed.to_source(*twin))


def _twin(text: str, name: str) -> tuple[int, int] | None:
    """Where a name or, failing that, its longest beginning stands (和政县 for 和政县国税局)."""
    for length in range(len(name), 1, -1):
        if (at := text.find(name[:length])) >= 0:
            return at, at + length
    return None


def _certify(
    mine: _Side, other: _Side, rule: str, span: tuple[int, int], passage: Passage, there: tuple[int, int]
) -> Certificate:
    quote = mine.text.text[slice(*span)]
    whose = other.text.agency or other.text.report_id
    kind = "place" if _ENDS_AS_PLACE.search(quote) else "agency"
    return Certificate(
        mine.text.report_id, kind, *span, quote, whose, rule, passage.passage_id, other.text.report_id, *there
    )


def _neighbours(mine: _Side, other: _Side, names: Names, passage: Passage) -> Iterator[Certificate]:
    """A neighbouring department's name where a clause begins with what only the author does."""
    if not names:
        return
    (my_start, my_end), (first, last) = _halves(mine, passage)
    views = mine.squeezed.part(my_start, my_end), other.squeezed.part(first, last)
    for start, end in find_names(views[0].text, names):
        name = views[0].text[start:end]
        begins = start == 0 or views[0].text[start - 1] in "。;:,"
        clause = views[0].text[start : end + LEAST_NAME]
        at = views[1].text.find(clause)
        acts = _SELF_ACTS.match(views[0].text, end)
        if begins and acts and at >= 0 and _is_loose(mine, views[0], start, name):
            there = views[1].to_source(at, at + len(clause))
            yield _certify(mine, other, "name.neighbour", views[0].to_source(start, end), passage, there)

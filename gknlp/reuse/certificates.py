"""Certificates: another agency's name, place, year, slip or figures left standing, each quoted with its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise

from gknlp.resources import load_toml
from gknlp.reuse.kinds import group_agencies
from gknlp.reuse.mask import Squeezed, find_names, index_names, prefecture_cities, squeeze
from gknlp.types import Certificate, Passage, ReuseText

# A foreign name is a full name or a place: shorter ones (教育局) are words of every county.
LEAST_NAME = 3
# A name that the report uses more often than this is one it speaks about, not one left over.
MOST_MENTIONS = 2
# How far back the begin of a title is looked for.
LONGEST_TITLE = 80
# Figures prove something from three digits on, and two of them together; small counts agree by chance.
LEAST_FIGURE = 100
LEAST_FIGURES = 2
_PLACE = r"(?P<place>(?:(?!在|由|向|照|据|绕|与|落|实|将|的)[\u4e00-\u9fff]){1,7}?(?:[省市县区州盟旗镇乡]|街道))"
_LEVEL = "[省市县区州盟旗镇乡]"
_PLACE_TOKEN = re.compile(r"[\u4e00-\u9fff]{1,6}?(?:自治[区州县]|地区|[省市县区]|[州盟旗镇乡](?![市县区])|街道)")
# Zones named 区 are no districts, and belong to a county or city of another name.
_ZONES = (
    "开发区", "新区", "高新区", "园区", "示范区", "管理区", "经济区", "试验区", "实验区", "自治区", "保税区", "地区",
    "功能区",
)
_SPOKEN_ABOUT = re.compile(
    "(?:借鉴|学习|考察|赴|调研|对口|帮扶|协作|援|联合|会同|友好|邻|来自|移交|划归|与|和|及|、)[^,。;]{0,6}$"
)
_PERIOD = re.compile(r"(20\d{2})年1月1日(?:零时)?(?:起|开始)?,?(?:至|到|-)(20\d{2})年12月31日")
_YEAR_OF_WORK = re.compile(
    r"(?:^|(?<=[。;:,]))(20\d{2})年(?:度)?,?(?=(?:我|本|全)[局委办厅院县市区镇乡省州旗]|全年|共)"
)
_NUMBER = re.compile(r"(?<![\d.〔\[(])\d+(?:,\d{3})*(?:\.\d+)?(?![\d.%]|年|月|日|号|-|〕|\])")
# What only the author does: after such words a department's name is the author's.
_SELF_ACTS = re.compile(
    "高度重视|认真|严格|主动|积极|始终|坚持|全年|将|成立|进一步|按照|结合|紧紧|切实|不断|共(?:公开|受理|收到)|20[0-9]{2}年"
)
_DOUBLED = re.compile(r"([\u4e00-\u9fff]{3,8})\1")


def find_certificates(texts: Sequence[ReuseText], passages: Sequence[Passage]) -> tuple[Certificate, ...]:
    """Traces of another text in reports that are not references, ordered by report id, start, end, kind, other report.

    In what two agencies share: the other's name or place (`name.other`), a slip made in both (`slip.same`), the same
    two or
    more figures (`figures.same`; between regions only). Anywhere: a department that the author claims to be in brackets
    (`agency.apposition`), a place of the report's own level, but not its own,
    where
    only the own can stand (`place.*` of models/certificates.toml), and a reporting period that is not the report's year
    (`year.period`). In what a report shares with another year: that year as the year of work (`year.work`).

    Never certified: names that are part of the report's own names, superior or region, or that hold them; names inside
    《…》,
    in talk of learning from or working with others, or used more than twice; zones. A report that names no place of
    its own
    gets no place certificate. `passages` are those of `find_reuse` on the same texts. Cost: linear in texts and
    passages.
    Bad at leftovers in mere enumerations and at places without a suffix.
    """
    by_id = {text.report_id: text for text in texts}
    agencies = dict(zip(by_id, group_agencies(list(texts)), strict=True))
    found: list[Certificate] = []
    for passage in passages:
        for side in (0, 1):
            ends = [
                (by_id[passage.a_report], passage.a_start, passage.a_end),
                (by_id[passage.b_report], passage.b_start, passage.b_end),
            ]
            if side:
                ends.reverse()
            (mine, start, end), (other, other_start, other_end) = ends
            if mine.reference:
                continue
            views = squeeze(mine.text, start, end), squeeze(other.text, other_start, other_end)
            if agencies[mine.report_id] != agencies[other.report_id]:
                found.extend(_foreign_names(mine, other, views, passage))
                found.extend(_same_slips(mine, other, views, passage))
                found.extend(_same_figures(mine, other, views, passage))
            found.extend(_years_of_work(mine, other, views, passage))
    for text in texts:
        if not text.reference:
            found.extend(_foreign_places(text))
            found.extend(_foreign_agencies(text))
            found.extend(_periods(text))
    return _in_order(found)


def _in_order(found: Iterable[Certificate]) -> tuple[Certificate, ...]:
    """Each place once per kind, the one with a passage first; in the order the caller is promised."""
    unique: dict[tuple[str, str, int, int], Certificate] = {}
    for item in sorted(found, key=lambda c: (c.passage_id is None, c.other_report or "", c.rule, c.passage_id or "")):
        unique.setdefault((item.report_id, item.kind, item.start, item.end), item)
    return tuple(
        sorted(unique.values(), key=lambda c: (c.report_id, c.start, c.end, c.kind, c.other_report or ""))
    )


def _certificate(
    text: ReuseText, view: Squeezed, at: tuple[int, int], kind: str, rule: str, belongs_to: str
) -> Certificate:
    start, end = view.to_source(*at)
    return Certificate(text.report_id, kind, start, end, text.text[start:end], belongs_to, rule)


def _shared(
    certificate: Certificate, passage: Passage, other: ReuseText, span: tuple[int, int]
) -> Certificate:
    c = certificate
    return Certificate(
        c.report_id, c.kind, c.start, c.end, c.quote, c.belongs_to, c.rule, passage.passage_id, other.report_id, *span
    )


def own_places(text: ReuseText) -> frozenset[str]:
    """The places in a report's own names, region and superior, by full name (淮安市, 涟水县)."""
    names = [text.agency or "", text.region or "", text.superior or "", *text.names]
    return frozenset(place for name in names for place in _PLACE_TOKEN.findall(squeeze(name).text))


def _own_names(text: ReuseText) -> str:
    return "|".join(squeeze(name).text for name in (text.agency, text.region, text.superior, *text.names) if name)


def _is_own(name: str, text: ReuseText) -> bool:
    """Whether a name is part of what the report goes by, or holds it (a county in a town's full address)."""
    own = _own_names(text)
    stem = re.sub(f"{_LEVEL}$", "", name)
    return name in own or (len(stem) > 1 and stem in own) or any(place in name for place in own_places(text))


def _is_left_over(view: Squeezed, start: int, name: str, text: ReuseText) -> bool:
    """Whether the name stands as if it were the author's: not in a title, not spoken about, not used again and
    again.
    """
    at = view.offsets[start]
    before = squeeze(text.text, max(0, at - LONGEST_TITLE), at).text
    if before.rfind("《") > before.rfind("》") or _SPOKEN_ABOUT.search(before[-10:]):
        return False
    return squeeze(text.text).text.count(name) <= MOST_MENTIONS


def _foreign_names(
    mine: ReuseText, other: ReuseText, views: tuple[Squeezed, Squeezed], passage: Passage
) -> Iterable[Certificate]:
    """The other's agency or place name in my half of a passage; only between regions, where it cannot be a
    neighbour's.
    """
    places, other_places = own_places(mine), own_places(other)
    if not places or not other_places:
        return
    if places & other_places:
        yield from _neighbours_names(mine, other, views, passage)
        return
    region = other.region.split("/") if other.region else []
    names = [name for name in (other.agency, *region, *other.names) if name and len(name) >= LEAST_NAME]
    named = [name for name in names if _PLACE_TOKEN.match(squeeze(name).text) and not _is_own(squeeze(name).text, mine)]
    indexed = index_names(named)
    theirs = find_names(views[1].text, indexed)
    for start, end in find_names(views[0].text, indexed):
        name = views[0].text[start:end]
        same = [span for span in theirs if views[1].text[slice(*span)] == name]
        if same and _is_left_over(views[0], start, name, mine):
            kind = "place" if name[-1] in "省市县区州盟旗镇乡" else "agency"
            made = _certificate(mine, views[0], (start, end), kind, "name.other", other.agency or other.report_id)
            yield _shared(made, passage, other, views[1].to_source(*same[0]))


def _neighbours_names(
    mine: ReuseText, other: ReuseText, views: tuple[Squeezed, Squeezed], passage: Passage
) -> Iterable[Certificate]:
    """The name of another department of the same place, where a clause begins with what only the author does."""
    if passage.kind != "peer" or not mine.agency:
        return
    names = [squeeze(name).text for name in (other.agency, *other.names) if name and len(name) > LEAST_NAME]
    named = [name for name in names if name[-1] not in "省市县区州盟旗镇乡" and not is_own_agency(name, mine)]
    for start, end in find_names(views[0].text, index_names(named)):
        name = views[0].text[start:end]
        begins = start == 0 or views[0].text[start - 1] in "。;:,"
        clause = views[0].text[start : end + LEAST_NAME]
        at = views[1].text.find(clause)
        acts = _SELF_ACTS.match(views[0].text, end)
        if begins and acts and at >= 0 and _is_left_over(views[0], start, name, mine):
            made = _certificate(mine, views[0], (start, end), "agency", "name.neighbour", other.agency or name)
            yield _shared(made, passage, other, views[1].to_source(at, at + len(clause)))


def is_own_agency(name: str, text: ReuseText) -> bool:
    """Whether a department's name can be the report's own: in full, in part, or abbreviated (发改委)."""
    place = f"^(?:[\u4e00-\u9fff]{{1,6}}?)?{_LEVEL}(?=[\u4e00-\u9fff]{{3}})"
    short = re.sub(place, "", name) or name
    own = [squeeze(item).text for item in (text.agency, *text.names) if item]
    return any(_is_within(part, item) or _is_within(item, part) for item in own for part in {short, name})


def _is_within(short: str, long: str) -> bool:
    """Whether the characters of `short` stand in `long` in their order."""
    rest = iter(long)
    return all(character in rest for character in short)


@cache
def _rules(table: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (rule["id"], re.compile(rule["pattern"].replace("{place}", _PLACE).replace("{level}", _LEVEL)))
        for rule in load_toml("models/certificates.toml")[table]
    )


def _foreign_agencies(text: ReuseText) -> Iterable[Certificate]:
    """A department that the author says it is, and is not: 我局（县水务局） in a report of another bureau."""
    if not text.agency or not re.search("[\u4e00-\u9fff]{3}", text.agency):
        return
    for start, end, _ in text.stretches:
        view = squeeze(text.text, start, end)
        for rule, pattern in _rules("agencies"):
            for match in pattern.finditer(view.text):
                if not is_own_agency(match["agency"], text):
                    yield _certificate(text, view, match.span("agency"), "agency", rule, match["agency"])


def _foreign_places(text: ReuseText) -> Iterable[Certificate]:
    """Places of the report's own level, but not its own, where only the own can stand."""
    places = own_places(text)
    if not places:
        return
    for start, end, _ in text.stretches:
        view = squeeze(text.text, start, end)
        for rule, pattern in _rules("places"):
            for match in pattern.finditer(view.text):
                name = match["place"].split("市")[-1] or match["place"]
                if not _is_own(name, text) and _is_rival(name, places) and _is_left_over(
                    view, match.start("place"), name, text
                ):
                    yield _certificate(text, view, match.span("place"), "place", rule, name)


def _is_rival(name: str, places: frozenset[str]) -> bool:
    """Whether a place is of the level of one of `places`, so that a report cannot lie in both.

    Counties, districts and banners are one level, towns and streets another, provinces and prefecture cities one each;
    a city that is no prefecture may lie above or below anything.
    """
    if name.endswith(_ZONES) or len(name) < LEAST_NAME:
        return False
    for level in (("县", "区", "旗"), ("镇", "乡", "街道")):
        if name.endswith(level) and not name.endswith("自治区"):
            return any(place.endswith(level) and not place.endswith(_ZONES) for place in places)
    if name.endswith("省"):
        return any(place.endswith("省") for place in places)
    cities = prefecture_cities()
    return name in cities and any(place in cities for place in places)


def _periods(text: ReuseText) -> Iterable[Certificate]:
    """A reporting period that contradicts itself, or that is another year than the one the report is about."""
    if text.year is None:
        return
    view = squeeze(text.text)
    for match in _PERIOD.finditer(view.text):
        first, last = int(match[1]), int(match[2])
        wrong = [year for year in (first, last) if year != text.year]
        if not wrong or (first != last and text.year not in (first, last)):
            continue
        # Where the text speaks of the other year more often, the year of the report was read wrongly.
        if view.text.count(f"{wrong[0]}年") > view.text.count(f"{text.year}年"):
            continue
        yield _certificate(text, view, match.span(), "year", "year.period", f"{wrong[0]}年")


def _years_of_work(
    mine: ReuseText, other: ReuseText, views: tuple[Squeezed, Squeezed], passage: Passage
) -> Iterable[Certificate]:
    """The other report's year, as year of work, in the same words of mine."""
    if mine.year is None or other.year is None or other.year >= mine.year:
        return
    for match in _YEAR_OF_WORK.finditer(views[0].text):
        sentence = re.split("[。;]", views[0].text[match.start() :])[0]
        at = views[1].text.find(sentence)
        if int(match[1]) == other.year and at >= 0:
            made = _certificate(mine, views[0], match.span(1), "year", "year.work", f"{other.year}年")
            yield _shared(made, passage, other, views[1].to_source(at, at + 4))


@cache
def _slips() -> re.Pattern[str]:
    words = load_toml("models/certificates.toml")["doubled"]["words"].split()
    return re.compile("|".join(sorted(words, key=lambda word: (-len(word), word))))


def _same_slips(
    mine: ReuseText, other: ReuseText, views: tuple[Squeezed, Squeezed], passage: Passage
) -> Iterable[Certificate]:
    """A slip of the pen in both texts, with the same letters around it."""
    for pattern in (_slips(), _DOUBLED):
        for match in pattern.finditer(views[0].text):
            start, end = max(0, match.start() - 2), min(len(views[0].text), match.end() + 2)
            around = views[0].text[start:end]
            at = views[1].text.find(around)
            if at >= 0 and "的的确确" not in around:
                whose = other.agency or other.report_id
                made = _certificate(mine, views[0], match.span(), "misprint", "slip.same", whose)
                yield _shared(made, passage, other, views[1].to_source(at, at + len(around)))


def _same_figures(
    mine: ReuseText, other: ReuseText, views: tuple[Squeezed, Squeezed], passage: Passage
) -> Iterable[Certificate]:
    """The same figures in the same places of a passage that two agencies of different regions share."""
    places, other_places = own_places(mine), own_places(other)
    if passage.kind != "peer" or not places or not other_places or places & other_places:
        return
    figures = [[match for match in _NUMBER.finditer(view.text)] for view in views]
    values = [[match.group() for match in found] for found in figures]
    large = [match for match in figures[0] if float(match.group().replace(",", "")) >= LEAST_FIGURE]
    if values[0] != values[1] or len({match.group() for match in large}) < LEAST_FIGURES:
        return
    # The two nearest different figures are quoted; the same two stand at the same turn on the other side.
    pairs = [(x, y) for x, y in pairwise(large) if x.group() != y.group()]
    first, last = min(pairs, key=lambda pair: (pair[1].end() - pair[0].start(), pair[0].start()))
    there = [figures[1][figures[0].index(match)] for match in (first, last)]
    span = first.start(), last.end()
    made = _certificate(mine, views[0], span, "figures", "figures.same", other.agency or other.report_id)
    yield _shared(made, passage, other, views[1].to_source(there[0].start(), there[1].end()))


"""Certificates: another agency's name, place, year, slip or figures left standing, each quoted with its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from itertools import pairwise

from gknlp.resources import load_toml
from gknlp.reuse.kinds import group_agencies
from gknlp.reuse.leftovers import find_leftovers, is_own_agency
from gknlp.reuse.mask import Squeezed, squeeze
from gknlp.reuse.places import LEVEL, find_home, own_places
from gknlp.reuse.sources import find_source_names
from gknlp.reuse.years import find_shared_years, find_years
from gknlp.types import Certificate, Passage, ReuseText

# Figures prove something from three digits on, and two of them together; small counts agree by chance.
LEAST_FIGURE = 100
LEAST_FIGURES = 2
# As many reports as one is aligned with, some times over.
MOST_SQUEEZED = 200
# A copier changes some: so much of a passage's figures must be the other's. Judgement.
SAME_FIGURES = 0.8
# Of hot lines (12345, 95598) everybody tells.
_NUMBER = re.compile(
    r"(?<![\d.〔\[(])(?!(?:12[1-4]\d\d|955\d\d)(?!\d))\d+(?:,\d{3})*(?:\.\d+)?(?![\d.%]|年|月|日|号|-|〕|\])"
)
_DOUBLED = re.compile(r"([\u4e00-\u9fff]{3,8})\1")


def find_certificates(texts: Sequence[ReuseText], passages: Sequence[Passage]) -> tuple[Certificate, ...]:
    """Traces of another text in reports that are not references, ordered by report id, start, end, kind, other report.

    In what two agencies share: the other's name or place (`name.other`, `name.neighbour`), a slip made in both
    (`slip.same`), the same two or more figures (`figures.same`; between regions only); in reports of one family the
    other's name anywhere (`name.family`). Without any other report: names of other places, and of other bureaus of the
    same place, where only the author's own can stand (`place.*` of models/certificates.toml), a department that the
    author claims to be in brackets (`agency.apposition`), years of another report (`year.*`, see `years.find_years`;
    `year.work` in what a report shares with another year).

    Never certified: names that are part of the report's own names, superior or region, or that hold them, what lies
    around or below its own place (models/divisions.csv), partners it speaks about, zones; names inside 《…》 but for
    documents that only the author makes or stands under. A report that names no place of its own gets no place
    certificate. `passages` are those of `find_reuse` on the same texts. Cost: linear in texts and passages. Bad at
    leftovers in mere enumerations and at places without their kind outside the names of accounts.
    """
    by_id = {text.report_id: text for text in texts}
    agencies = dict(zip(by_id, group_agencies(list(texts)), strict=True))
    found: list[Certificate] = []
    found.extend(find_source_names(by_id, agencies, passages))
    # The passages of a report follow each other; those of all reports at once would fill the memory.
    squeezed = lru_cache(MOST_SQUEEZED)(lambda report_id: squeeze(by_id[report_id].text))
    for passage in passages:
        a, b = by_id[passage.a_report], by_id[passage.b_report]
        a_view = squeezed(a.report_id).part(passage.a_start, passage.a_end)
        b_view = squeezed(b.report_id).part(passage.b_start, passage.b_end)
        for mine, other, views in ((a, b, (a_view, b_view)), (b, a, (b_view, a_view))):
            if mine.reference:
                continue
            if agencies[mine.report_id] != agencies[other.report_id]:
                found.extend(_same_slips(mine, other, views, passage))
                found.extend(_same_figures(mine, other, views, passage))
            found.extend(find_shared_years(mine, other, views, passage))
    for text in texts:
        if not text.reference:
            whole = squeeze(text.text)
            found.extend(find_leftovers(text, whole))
            found.extend(_foreign_agencies(text, whole))
            found.extend(find_years(text, whole))
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


@cache
def _appositions() -> tuple[tuple[str, re.Pattern[str]], ...]:
    rules = load_toml("models/certificates.toml")["agencies"]
    return tuple((rule["id"], re.compile(rule["pattern"].replace("{level}", LEVEL))) for rule in rules)


def _foreign_agencies(text: ReuseText, whole: Squeezed) -> Iterable[Certificate]:
    """A department that the author says it is, and is not: 我局（县水务局） in a report of another bureau."""
    if not text.agency or not re.search("[\u4e00-\u9fff]{3}", text.agency):
        return
    for start, end, _ in text.stretches:
        view = whole.part(start, end)
        for rule, pattern in _appositions():
            for match in pattern.finditer(view.text):
                if not is_own_agency(match["agency"], text):
                    yield _certificate(text, view, match.span("agency"), "agency", rule, match["agency"])


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
    """The same figures in the same places of a passage that agencies of two counties or cities share."""
    if passage.kind != "peer":
        return
    figures = [[match for match in _NUMBER.finditer(view.text)] for view in views]
    if len(figures[0]) != len(figures[1]):
        return
    same = [(one, two) for one, two in zip(*figures, strict=True) if one.group() == two.group()]
    large = [(one, two) for one, two in same if float(one.group().replace(",", "")) >= LEAST_FIGURE]
    if len(same) < SAME_FIGURES * len(figures[0]) or len({one.group() for one, _ in large}) < LEAST_FIGURES:
        return
    if not _lie_apart(mine, other):
        return
    # The two nearest different figures are quoted; the same two stand at the same turn on the other side.
    pairs = [(x, y) for x, y in pairwise(large) if x[0].group() != y[0].group()]
    first, last = min(pairs, key=lambda pair: (pair[1][0].end() - pair[0][0].start(), pair[0][0].start()))
    made = _certificate(
        mine, views[0], (first[0].start(), last[0].end()), "figures", "figures.same", other.agency or other.report_id
    )
    yield _shared(made, passage, other, views[1].to_source(first[1].start(), last[1].end()))


def _lie_apart(mine: ReuseText, other: ReuseText) -> bool:
    """Whether two agencies have no place in common, so that what both report is no fact of either's region."""
    homes = find_home(mine), find_home(other)
    if homes[0].lowest and homes[1].lowest:
        return homes[0].lowest != homes[1].lowest and not any(
            one.lowest in two.around for one, two in (homes, homes[::-1])
        )
    places = own_places(mine), own_places(other)
    return bool(places[0] and places[1]) and not places[0] & places[1]

"""From texts to passages, families and composition: the steps of `find_reuse` in their order."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from itertools import chain, groupby
from operator import itemgetter

from gknlp.errors import SettingsError
from gknlp.normalize import fold
from gknlp.reuse.align import align_pairs
from gknlp.reuse.candidates import Seeds, find_seeds, judge_seeds, mark_view, propose_pairs
from gknlp.reuse.compose import OWN, compose_report, origin_of
from gknlp.reuse.evidence import Shared
from gknlp.reuse.families import Tie, build_families, is_strong
from gknlp.reuse.foreseen import drop_foreseen
from gknlp.reuse.grams import Side
from gknlp.reuse.kinds import (
    SHARED_PART,
    Interval,
    date_key,
    find_direction,
    group_agencies,
    group_umbrellas,
    is_superior,
    is_template,
    plain_name,
    umbrella,
    union_length,
)
from gknlp.reuse.lineage import are_kin, find_predecessors
from gknlp.reuse.mask import Names, foreign_names
from gknlp.reuse.matches import (
    Contact,
    best_matches,
    choose_scope,
    draw_unrelated,
    relations_of,
    shared_characters,
)
from gknlp.reuse.shares import count_characters, matched_spans, share_pairs
from gknlp.reuse.view import View, build_views
from gknlp.reuse.wording import weigh_views
from gknlp.settings import ReuseSettings
from gknlp.types import Cluster, Composition, Engine, Matching, Passage, Reuse, ReuseText, Unrelated
from gknlp.workers import map_whole

# Reports prepared as one item of work: they take 10 ms, as other items do.
TOGETHER = 8
# What the workers are at, for the message where one fails.
COMPARING = "Comparing the reports"
# Pairs in an item of work: a worker aligns them in about ten milliseconds, and they share what a call of numpy costs.
PAIRS_PER_ITEM = 32
# Of two passages, so many characters are folded first where they begin to differ; few go on with the same letters.
_FIRST_FOLDED = 8


@dataclass(frozen=True, slots=True)
class _Found:
    """A passage of two reports by number (date order), with its kind and who was first."""

    a: int
    b: int
    shared: Shared
    kind: str
    direction: str


@dataclass(frozen=True, slots=True)
class _Context:
    """What the steps after the search share: the reports in order of date, and all that belongs to them by number."""

    reports: Sequence[ReuseText]
    views: Sequence[View]
    agencies: Sequence[int]
    places: Sequence[int]
    settings: ReuseSettings
    engine: Engine | None


def find_reuse(
    texts: Sequence[ReuseText] | Mapping[str, str], *, settings: ReuseSettings = ReuseSettings(),  # noqa: B008  (frozen)
    engine: Engine | None = None,
) -> Reuse:
    """Find what reports share, whose it is, and which families it makes.

    `texts` are reports, or a mapping of id to plain text, which is compared whole. Names, places, dates and figures are
    masked, mandated wording is stripped, rare seeds propose pairs, the best `settings.max_sources` partners of each
    report are aligned (and the own past and a superior's reports besides), and aligned stretches are chained to
    passages; sentences in another order are one passage.

    Passages (a_report < b_report; both spans index the reports' texts) come in order of reports and place. `level` is
    `exact` (letters and digits equal), `masked` (equal once names and figures are exchanged) or `near` (`score` is the
    share that agrees). `kind` is `self` (one agency), `template` (at least `settings.template_agencies` agencies under
    one superior, or the superior's own text) or `peer`. `direction` is by publication date, then year, then level.
    Clusters: see `families.build_families`; passages of kind self tie no families. Pairs: what each pair with a passage
    shares beyond set phrases, in the order of ids. Composition: one row per report (section None) and section,
    references left out; only matched characters count, and those of an earlier source stay its own. Matching: see
    `null.judge_matches`.

    What is found: a passage has at least `settings.min_chars` matched letters beyond slots and set phrases, and tells
    more than chance, the genre and the run explain (`evidence.accept_chains`, `foreseen.drop_foreseen`). Every verbatim
    run of 20 such letters (with `min_chars` no higher) is found between two reports that are aligned, and these are all
    that share one with a seed of at most `candidates.CAP` reports, before the best sources are chosen. Left out are,
    from 30 reports on, sentences of more than CAP places (superiors, or agencies where these are unknown), unless the
    two reports are look-alikes; more than CAP holders of a seed are tied to the first CAP of them, so that a family
    costs linear.

    The order of `texts`, the engine and its workers never change the result. No texts, or one, share nothing; equal
    report ids raise SettingsError. Cost: linear in the reports, a third of a millisecond per pair aligned. Bad at
    paraphrase: what shares no words is not found. Copies of a whole report (one file twice) are the caller's to remove.
    """
    reports = _as_reports(texts)
    if not reports:
        return Reuse((), (), ())
    known = foreign_names(name for report in reports for name in names_of(report))
    batches = [reports[at : at + TOGETHER] for at in range(0, len(reports), TOGETHER)]
    results = map_whole(engine, partial(prepare_reports, known=known), batches, COMPARING)
    prepared = [result for results_of_batch in results for result in results_of_batch]
    seeds = [found for _, found in prepared]
    agencies = group_agencies(reports)
    places = group_umbrellas(reports, agencies)
    said = judge_seeds(seeds, places)
    views = [mark_view(view, found, judged) for (view, found), judged in zip(prepared, said, strict=True)]
    del prepared
    who = [(agency, report.reference) for agency, report in zip(agencies, reports, strict=True)]
    pairs = propose_pairs(seeds, said, who, settings.max_sources, engine)
    del seeds, said
    pairs = sorted({*pairs, *_pairs_by_office(reports, agencies, settings.max_sources)})
    context = _Context(reports, views, agencies, places, settings, engine)
    shared = _align_pairs(pairs, context)
    found = _find_kinds(shared, reports, agencies, settings.template_agencies)
    passages = tuple(sorted((_passage(f, reports, views) for f in found), key=_passage_order))
    clusters = build_families(
        _strong_ties(found, views), [report.report_id for report in reports], settings.max_sources
    )
    composition = _compose(found, reports, views)
    shares = share_pairs([(item.a, item.b, item.shared.blocks) for item in found], views)
    return Reuse(passages, clusters, composition, _match(found, pairs, clusters, context), shares)


def _match(
    found: Sequence[_Found], pairs: Sequence[tuple[int, int]], clusters: Sequence[Cluster], context: _Context
) -> Matching:
    """The best match of every report, and what unrelated reports of this run share."""
    reports, views = context.reports, context.views
    relations = relations_of(reports, context.agencies, clusters)
    scope = choose_scope(relations, [number for number, report in enumerate(reports) if not report.reference])
    own = [_contact(item) for item in found if item.kind == "self"]
    shared = shared_characters([*own, *(_contact(item) for item in found if item.kind == "peer")], views)
    most = context.settings.max_sources
    matches = best_matches(shared, views, reports, relations, (pairs, most), scope)
    drawn = draw_unrelated(reports, views, relations, scope)
    aligned = _align_pairs(drawn, context)
    by_chance = [Contact(a, b, "peer", "none", passage.blocks) for a, b, passage in aligned]
    chance = shared_characters([*own, *by_chance], views)
    sizes = [count_characters(view) for view in views]
    sides = [
        Unrelated(reports[one].report_id, reports[other].report_id, sizes[one], chance.get((one, other), 0))
        for a, b in drawn
        for one, other in ((a, b), (b, a))
    ]
    return Matching(scope, matches, tuple(sorted(sides, key=lambda side: (side.report_id, side.other))))


def _contact(found: _Found) -> Contact:
    return Contact(found.a, found.b, found.kind, found.direction, found.shared.blocks)


def _as_reports(texts: Sequence[ReuseText] | Mapping[str, str]) -> list[ReuseText]:
    """The reports in order of date, each id once."""
    if isinstance(texts, Mapping):
        texts = [ReuseText(name, text, ((0, len(text), 0),)) for name, text in texts.items()]
    reports = sorted(texts, key=date_key)
    ids = {report.report_id for report in reports}
    if len(ids) < len(reports):
        twice = sorted(i for i in ids if sum(report.report_id == i for report in reports) > 1)
        raise SettingsError(f"Report id {twice[0]} stands twice among the texts.", hint="Give each report its own id.")
    return reports


def names_of(report: ReuseText) -> list[str]:
    """Every name that a report carries: its own, its places, its superior's."""
    region = report.region.split("/") if report.region else []
    return [name for name in (*report.names, *region, report.agency, report.superior) if name]


def prepare_reports(reports: Sequence[ReuseText], *, known: Names) -> list[tuple[View, Seeds]]:
    """The weighed view of each report, and its seeds. Cost: linear, a millisecond for a report of 1,500 characters."""
    views = build_views(reports, known)
    weights = weigh_views([view.text for view in views])
    return [
        (replace(view, weights=weighed), find_seeds(view.text)) for view, weighed in zip(views, weights, strict=True)
    ]


def _pairs_by_office(reports: Sequence[ReuseText], agencies: Sequence[int], best: int) -> Iterator[tuple[int, int]]:
    """Pairs that need no seeds: an agency's own reports, and a superior's reports of the years around (nearest
    first).
    """
    own: dict[int, list[int]] = defaultdict(list)
    by_name: dict[str, list[int]] = defaultdict(list)
    for number, report in enumerate(reports):
        own[agencies[number]].append(number)
        for name in {plain_name(name) for name in (report.agency, *report.names) if name}:
            by_name[name].append(number)
    for number, report in enumerate(reports):
        past = [other for other in own[agencies[number]] if other < number][-best:]
        above = by_name.get(plain_name(report.superior), []) if report.superior else []
        above = [other for other in above if agencies[other] != agencies[number]]
        above.sort(key=lambda other: (abs((reports[other].year or 0) - (report.year or 0)), other))
        for other in (*past, *above[:best]):
            if not (report.reference and reports[other].reference):
                yield min(number, other), max(number, other)


def _align_pairs(pairs: Sequence[tuple[int, int]], context: _Context) -> list[tuple[int, int, Shared]]:
    """What each pair shares that the run does not foresee, in order of the pairs."""
    views, settings = context.views, context.settings
    work = partial(align_pairs, near=settings.near, min_chars=settings.min_chars)
    sides = {number: _side(views[number]) for number in {number for pair in pairs for number in pair}}
    items = (
        [(sides[a], sides[b]) for a, b in pairs[first : first + PAIRS_PER_ITEM]]
        for first in range(0, len(pairs), PAIRS_PER_ITEM)
    )
    aligned = chain.from_iterable(map_whole(context.engine, work, items, COMPARING))
    shared = [(a, b, passage) for (a, b), found in zip(pairs, aligned, strict=True) for passage in found]
    return drop_foreseen(shared, views, context.places)


def _side(view: View) -> Side:
    return Side(view.text, view.pieces, view.weights, view.frequent)


def _find_kinds(
    shared: Sequence[tuple[int, int, Shared]], reports: Sequence[ReuseText], agencies: Sequence[int], least: int
) -> list[_Found]:
    """The passages with kind and direction."""
    seen: dict[int, list[Interval]] = defaultdict(list)
    for a, b, passage in shared:
        seen[a].append(Interval(passage.a_start, passage.a_end, b))
        seen[b].append(Interval(passage.b_start, passage.b_end, a))
    umbrellas = [umbrella(report) for report in reports]
    before = find_predecessors(reports, agencies)
    for intervals in seen.values():
        intervals.sort(key=lambda interval: (interval.start, interval.end, interval.other))
    found = []
    for (a, b), passages in groupby(shared, key=itemgetter(0, 1)):
        one, other = reports[a], reports[b]
        direction = find_direction(one, other)
        is_self = are_kin(a, b, agencies, before)
        by_superior = not is_self and (is_superior(one, other) or is_superior(other, one))
        for _, _, passage in passages:
            if is_self:
                kind = "self"
            elif by_superior or any(
                is_template(pair, interval, seen[pair[0]], umbrellas, agencies, least)
                for pair, interval in (
                    ((a, b), (passage.a_start, passage.a_end)), ((b, a), (passage.b_start, passage.b_end))
                )
            ):
                kind = "template"
            else:
                kind = "peer"
            found.append(_Found(a, b, passage, kind, direction))
    return found


def _passage(found: _Found, reports: Sequence[ReuseText], views: Sequence[View]) -> Passage:
    """A passage in offsets of the texts, the lesser report id first."""
    shared = found.shared
    sides = [
        (reports[found.a], views[found.a], shared.a_start, shared.a_end),
        (reports[found.b], views[found.b], shared.b_start, shared.b_end),
    ]
    direction = found.direction
    if sides[0][0].report_id > sides[1][0].report_id:
        sides.reverse()
        direction = {"a>b": "b>a", "b>a": "a>b", "none": "none"}[direction]
    (a, a_view, a_from, a_to), (b, b_view, b_from, b_to) = sides
    a_start, a_end = a_view.starts[a_from], a_view.ends[a_to - 1]
    b_start, b_end = b_view.starts[b_from], b_view.ends[b_to - 1]
    if _same_letters(a.text[a_start:a_end], b.text[b_start:b_end]):
        level = "exact"
    else:
        level = "masked" if a_view.text[a_from:a_to] == b_view.text[b_from:b_to] else "near"
    key = f"{a.report_id}\n{a_start}\n{a_end}\n{b.report_id}\n{b_start}\n{b_end}"
    n_chars = min(count_characters(a_view, a_from, a_to), count_characters(b_view, b_from, b_to))
    return Passage(
        sha256(key.encode()).hexdigest()[:16], a.report_id, a_start, a_end, b.report_id, b_start, b_end, level,
        found.kind, direction, 1.0 if level != "near" else round(shared.similarity, 4), n_chars,
    )


def _same_letters(a: str, b: str) -> bool:
    """Whether two texts fold to the same; beyond what they have in common, as little is folded as tells them apart."""
    if a == b:
        return True
    first = bisect_left(range(min(len(a), len(b))), True, key=lambda at: a[: at + 1] != b[: at + 1])
    one, other = fold(a[first : first + _FIRST_FOLDED]).text, fold(b[first : first + _FIRST_FOLDED]).text
    if not one.startswith(other) and not other.startswith(one):
        return False
    return fold(a[first:]).text == fold(b[first:]).text


def _passage_order(passage: Passage) -> tuple[str, str, int, int, int, int]:
    return passage.a_report, passage.b_report, passage.a_start, passage.b_start, passage.a_end, passage.b_end


def _strong_ties(found: Sequence[_Found], views: Sequence[View]) -> list[Tie]:
    """Pairs of different agencies that share enough to be one family, leaving aside the later one's own past."""
    own: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for item in found:
        if item.kind == "self" and item.direction == "a>b":
            own[item.b].append((item.shared.b_start, item.shared.b_end))
        elif item.kind == "self" and item.direction == "b>a":
            own[item.a].append((item.shared.a_start, item.shared.a_end))
    spans: dict[tuple[int, int], tuple[list[tuple[int, int]], list[tuple[int, int]], str]] = {}
    for item in found:
        if item.kind == "self":
            continue
        a_span, b_span = (item.shared.a_start, item.shared.a_end), (item.shared.b_start, item.shared.b_end)
        if (item.direction == "a>b" and _is_covered(b_span, own[item.b])) or (
            item.direction == "b>a" and _is_covered(a_span, own[item.a])
        ):
            continue
        a_spans, b_spans, _ = spans.setdefault((item.a, item.b), ([], [], item.direction))
        a_spans.append(a_span)
        b_spans.append(b_span)
    narrative = [len(view.text) for view in views]
    ties = [
        Tie(a, b, union_length(a_spans), union_length(b_spans), direction)
        for (a, b), (a_spans, b_spans, direction) in spans.items()
    ]
    return [tie for tie in ties if is_strong(tie, narrative[tie.a], narrative[tie.b])]


def _is_covered(span: tuple[int, int], others: Sequence[tuple[int, int]]) -> bool:
    """Whether at least half of a span lies in others."""
    start, end = span
    inside = [(max(start, first), min(end, last)) for first, last in others if first < end and start < last]
    return union_length(inside) >= SHARED_PART * (end - start)


def _compose(
    found: Sequence[_Found], reports: Sequence[ReuseText], views: Sequence[View]
) -> tuple[Composition, ...]:
    """The composition of every report that is not a reference, in order of report ids."""
    origins: dict[int, list[tuple[int, list[tuple[int, int]]]]] = defaultdict(list)
    for item in found:
        for side, number in enumerate((item.a, item.b)):
            if (origin := origin_of(item.kind, item.direction, side == 0)) != OWN:
                origins[number].append((origin, matched_spans(item.shared.blocks, side)))
    order = sorted(range(len(reports)), key=lambda number: reports[number].report_id)
    return tuple(
        row
        for number in order
        if not reports[number].reference
        for row in compose_report(reports[number], views[number], origins[number])
    )

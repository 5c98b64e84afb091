"""The likest other report of each report, and what it is judged against: the likest unrelated one, and unrelated pairs.

"Most similar of N" is an extreme value (research: the best of 102 unrelated regulations shares 9 % on average, one of
them 1 %), so it is compared with the same extreme of reports that have nothing to do with each other: the best match of
every report among its unrelated partners, found by the same search over nearly the same N.
"""

from __future__ import annotations

import random
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from statistics import median
from typing import Any

from gknlp.reuse.kinds import is_superior, umbrella
from gknlp.reuse.shares import Span, count_characters, matched_spans, running_sums, union_spans
from gknlp.reuse.view import View
from gknlp.types import BestMatch, Cluster, ReuseText

# Narrative under 300 characters gives counts and no ratios (research/measures.md 7.2.4); from there each band doubles.
BANDS = (300, 600, 1200, 2400, 4800)
# Random pairs per band: with 500 the 99th percentile rests on five, and they are aligned in a second or two.
PAIRS_PER_BAND = 500
_TRIES = 20
# Reports under other superiors must be at least this part of all others to stand for "best of N".
_LEAST_PART = 0.5
Runs = list[Span]


@dataclass(frozen=True, slots=True)
class Contact:
    """One passage of two reports (by number): its kind, who was first, its matched runs (see `align.Shared.blocks`)."""

    a: int
    b: int
    kind: str
    direction: str
    blocks: array[int]


@dataclass(frozen=True, slots=True)
class Relations:
    """Who has to do with whom, by number of report: agency, superior or region, family of reuse (None: none known)."""

    agencies: Sequence[int]
    umbrellas: Sequence[str | None]
    families: Sequence[str | None]

    def related(self, a: int, b: int, scope: str) -> bool:
        """Whether two reports are of one agency, of one family or, with scope "superiors", under one superior."""
        return (
            self.agencies[a] == self.agencies[b]
            or (self.families[a] is not None and self.families[a] == self.families[b])
            or (scope == "superiors" and self.umbrellas[a] is not None and self.umbrellas[a] == self.umbrellas[b])
        )

    def count_unrelated(self, scope: str) -> list[int]:
        """For each report, how many others are not related to it. Cost: linear."""
        under = self.umbrellas if scope == "superiors" else [None] * len(self.agencies)
        keys = list(zip(self.agencies, self.families, under, strict=True))
        # Inclusion and exclusion over the three kinds of relation; what is unknown relates nobody.
        chosen = [(0,), (1,), (2,), (0, 1), (0, 2), (1, 2), (0, 1, 2)]
        counts = {parts: Counter(tuple(key[part] for part in parts) for key in keys) for parts in chosen}
        return [
            len(keys) - sum(
                (1 if len(parts) % 2 else -1) * counts[parts][tuple(key[part] for part in parts)]
                for parts in chosen
                if all(key[part] is not None for part in parts)
            )
            for key in keys
        ]


def relations_of(
    reports: Sequence[ReuseText], agencies: Sequence[int], clusters: Sequence[Cluster]
) -> Relations:
    """The relations of a run from its reports, their agencies and the families found.

    Agencies with reports in one family are related in all their reports: what was copied is repeated in later years.
    """
    found = {cluster.report_id: cluster.cluster_id for cluster in clusters}
    names = [found.get(report.report_id) for report in reports]
    by_agency: dict[int, list[str]] = defaultdict(list)
    for agency, name in zip(agencies, names, strict=True):
        if name is not None:
            by_agency[agency].append(name)
    # Families that an agency links are one: each points to a lesser one, the least to itself.
    least: dict[str, str] = {}

    def find(name: str) -> str:
        while least.setdefault(name, name) != name:
            name = least[name]
        return name

    for linked in by_agency.values():
        roots = {find(name) for name in linked}
        least.update(dict.fromkeys(roots, min(roots)))
    families = [find(by_agency[agency][0]) if agency in by_agency else None for agency in agencies]
    return Relations(agencies, [umbrella(report) for report in reports], families)


def choose_scope(relations: Relations, judged: Sequence[int]) -> str:
    """"superiors" if for most reports at least half of the others stand under other superiors; else "agencies"."""
    if not judged:
        return "superiors"
    counts = Counter(relations.agencies)
    others = [len(relations.agencies) - counts[relations.agencies[number]] for number in judged]
    unrelated = relations.count_unrelated("superiors")
    enough = median(unrelated[number] - _LEAST_PART * other for number, other in zip(judged, others, strict=True))
    return "superiors" if enough >= 0 else "agencies"


def shared_characters(contacts: Iterable[Contact], views: Sequence[View]) -> dict[tuple[int, int], int]:
    """`(report, other)` -> folded characters of the report that the other shares, both ways, for each pair in contact.

    Only matched characters in peer passages count, each once, and not those that the report has from its own past.
    """
    own: dict[int, Runs] = defaultdict(list)
    shared: dict[tuple[int, int], Runs] = defaultdict(list)
    for contact in contacts:
        for first, number, other in ((0, contact.a, contact.b), (1, contact.b, contact.a)):
            runs = matched_spans(contact.blocks, first)
            if contact.kind == "self" and contact.direction == ("b>a", "a>b")[first]:
                own[number].extend(runs)
            elif contact.kind == "peer":
                shared[number, other].extend(runs)
    past = {number: union_spans(runs) for number, runs in own.items()}
    sums: dict[int, Any] = {}
    found = {}
    for (number, other), runs in shared.items():
        if number not in sums:
            sums[number] = running_sums(views[number], fixed=True)
        found[number, other] = _characters(union_spans(runs), past.get(number, []), sums[number])
    return found


def _characters(runs: Runs, without: Runs, sums: Any) -> int:  # noqa: ANN401  (numpy is imported where used)
    """Folded characters in `runs` that are not in `without` (both unions)."""
    total, at = 0, 0
    for start, end in runs:
        total += sums[end] - sums[start]
        while at < len(without) and without[at][1] <= start:
            at += 1
        for first, last in without[at:]:
            if first >= end:
                break
            total -= sums[min(end, last)] - sums[max(start, first)]
    return int(total)


def best_matches(
    shared: Mapping[tuple[int, int], int], views: Sequence[View], reports: Sequence[ReuseText], relations: Relations,
    compared: tuple[Iterable[tuple[int, int]], int], scope: str,
) -> tuple[BestMatch, ...]:
    """One row per report that is no reference, by report id; of equal partners the least id.

    `compared` are the pairs that were aligned, and how many partners a report chooses. Where all that it chose are
    related to it, nothing is known of its unrelated ones: `unrelated_shared` is None.
    """
    pairs, most = compared
    near: Counter[int] = Counter()
    for a, b in pairs:
        if relations.agencies[a] != relations.agencies[b] and relations.related(a, b, scope):
            near.update((a, b))
    by_report: dict[int, list[tuple[int, str, bool]]] = defaultdict(list)
    for (number, other), characters in shared.items():
        is_apart = not relations.related(number, other, scope)
        by_report[number].append((-characters, reports[other].report_id, is_apart))
    counts, unrelated = Counter(relations.agencies), relations.count_unrelated(scope)
    rows = []
    for number, report in enumerate(reports):
        if report.reference:
            continue
        partners = sorted(by_report[number])
        best = next(((-characters, other) for characters, other, _ in partners if characters), (0, None))
        likest = next((-characters for characters, _, apart in partners if apart), 0)
        rows.append(
            BestMatch(
                report.report_id, report.year, count_characters(views[number]), best[1], best[0],
                len(reports) - counts[relations.agencies[number]],
                likest if near[number] < most and unrelated[number] else None, unrelated[number],
            )
        )
    return tuple(sorted(rows, key=lambda row: row.report_id))


def draw_unrelated(
    reports: Sequence[ReuseText], views: Sequence[View], relations: Relations, scope: str
) -> list[tuple[int, int]]:
    """Pairs of unrelated reports, `(a, b)` with a < b, in order: about PAIRS_PER_BAND sides in each band of length.

    The draw is seeded by the ids of the reports, so the order of files changes nothing. References are not drawn.
    """
    judged = [number for number, report in enumerate(reports) if not report.reference]
    judged.sort(key=lambda number: reports[number].report_id)
    bands: dict[int, list[int]] = defaultdict(list)
    for number in judged:
        if (band := band_of(count_characters(views[number]))) is not None:
            bands[band].append(number)
    seed = sha256("\n".join(reports[number].report_id for number in judged).encode()).hexdigest()
    rng = random.Random(seed)
    drawn: set[tuple[int, int]] = set()
    sides: Counter[int | None] = Counter()
    band_by_number = {number: band for band, numbers in bands.items() for number in numbers}
    for band in sorted(bands):
        for _ in range(_TRIES * PAIRS_PER_BAND):
            if sides[band] >= PAIRS_PER_BAND:
                break
            a, b = rng.choice(bands[band]), rng.choice(judged)
            pair = min(a, b), max(a, b)
            if pair in drawn or a == b or relations.related(a, b, scope):
                continue
            if is_superior(reports[a], reports[b]) or is_superior(reports[b], reports[a]):
                continue
            drawn.add(pair)
            sides.update((band_by_number.get(a), band_by_number.get(b)))
    return sorted(drawn)


def band_of(n_chars: int) -> int | None:
    """The lower bound of the band of length that so many characters are in, None under the first."""
    return max((bound for bound in BANDS if n_chars >= bound), default=None)

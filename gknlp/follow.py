"""Problem -> measure -> next year: what answers a stated problem, and what became of it a year later.

A promise kept is told in other words ("8月底前开通网页", "网页于9月3日全部开通"): what both share is the object. So a
sentence is found again by its pairs of characters, each weighted by how rare it is in the genre and in the two reports
(which leaves the agency's own name and place little weight); dates are left out, a quantity that returns counts.
Verdicts say what the texts say: silence is not failure, a promise made again is not a promise kept.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import fsum, log

from gknlp.normalize import fold, fold_width
from gknlp.resources import load_toml, read_text
from gknlp.types import Label, Link, Unit

GENRE = "models/genre.tsv"
RULES = "models/follow.toml"
SHINGLE = 3
# Two sentences are one kept sentence from here. On Chinese regulations trigram Jaccard 0.5 keeps 0.97 of sentences
# edited at 5 %, precision 0.95; 0.7 leaves room for nothing but a changed name, figure or connective.
SAME_WORDING = 0.7
# A problem and the plan that answers it share a subject, rarely wording: containment of the problem's trigrams in the
# plan above this, or a shared theme. Chosen on invented pairs; to be measured when annotated links exist.
ANSWERED = 0.12
THEME_WEIGHT = 0.5

# From here on the next report is taken to speak of the same thing. The lowest at which each claim (done, promised
# again, told again) is right nine times of ten on corpus/follow.json; chosen without the agency judged it comes out at
# nearly the same and the claims stay as right (tests/benchmarks/bench_follow.py prints both).
FOUND = 0.2
# Work on what was a problem may leave it one: more must be shared before it is told as solved. 12 of 14 claims are
# right then, too few to choose by: chosen without the agency judged it comes out anywhere from 0.21 to 0.40.
SOLVED = 0.25
# A direction ("提升能力") has no object that could be found again: more must be shared before it is told as done or
# promised again. Not measured by itself: only seven judged promises are such.
DIRECTION_FOUND = 0.3
# Below NEAR nothing comes near: the reader found nothing either for 34 of 37 judged commitments there, but only for 22
# of 47 problems, which return in other words. Between NEAR and the threshold either answer is often wrong: undecided.
NEAR = 0.1
# Added to what a sentence could share, in rare pairs: a sentence of one word is not found by one word.
PRIOR = 3.0
# A pair that stands in more units of the two reports than this is their subject, not the object of one promise.
OBJECT_UNITS = 3
# Reports shorter than this say little about what is rare in them.
MIN_UNITS = 30

# Characters that join words and carry no subject; a pair does not reach across them.
_JOINING = str.maketrans(dict.fromkeys("的了和与及等在对将把由为于以各并或其该本每是有要从到向", " "))
_RUN = re.compile(r"[\u4e00-\u9fff]{2,}|[A-Za-z]+")
# A quantity with the character behind it; parts of dates are none.
_QUANTITY = re.compile(r"\d+(?:\.\d+)?[^\d\s年月日季号.,，。;；:：)）]")


@dataclass(frozen=True, slots=True)
class YearReport:
    """What following needs of one report: its agency, its year, its units and their labels (same order and length)."""

    report_id: str
    agency_id: str
    year: int
    units: Sequence[Unit]
    labels: Sequence[Label]


@dataclass(frozen=True, slots=True)
class Followed:
    """A problem or commitment of year t and its fate in t+1; spans index the text of the report each belongs to.

    `verdict` of a problem: `repeated`, `reworded`, `solved`, `dropped`; of a commitment: `reported_done`, `restated`,
    `silent`. `score` (0..1) is the likeness that decided. `dropped` and `silent` with evidence are undecided: that is
    the nearest unit, with a score from NEAR on. Without evidence nothing came near.
    """

    agency: str
    year: int
    kind: str
    report_id: str
    start: int
    end: int
    text: str
    verdict: str
    next_report_id: str
    evidence_start: int | None
    evidence_end: int | None
    evidence: str | None
    score: float


def shingles(text: str) -> frozenset[str]:
    """The character trigrams of `text` after folding, without digits; a text under three letters gives itself."""
    letters = "".join(c for c in fold(text).text if not c.isdigit())
    if len(letters) < SHINGLE:
        return frozenset({letters} if letters else ())
    return frozenset(letters[i : i + SHINGLE] for i in range(len(letters) - SHINGLE + 1))


def jaccard(a: frozenset[str], b: frozenset[str]) -> float:
    """Intersection over union of two shingle sets; 0 where both are empty."""
    shared = len(a & b)
    return shared / (len(a) + len(b) - shared) if shared else 0.0


def containment(a: frozenset[str], b: frozenset[str]) -> float:
    """The share of `a`'s shingles that stand in `b`; 0 for an empty `a`."""
    return len(a & b) / len(a) if a else 0.0


def link_problems(units: Sequence[Unit], labels: Sequence[Label]) -> tuple[Link, ...]:
    """Link each problem of a report to the plan that answers it best, by unit order; unanswered problems have no link.

    The score (0..1) is half shared themes (Jaccard), half wording (containment of the problem's trigrams in the plan,
    scaled so that 0.5 counts as full). Ties go to the earlier plan. Bad at answers given without the problem's words.
    Cost: problems x plans of one report.
    """
    plans = [
        (unit, shingles(unit.text), {theme.theme for theme in label.themes})
        for unit, label in zip(units, labels, strict=True)
        if label.role == "plan"
    ]
    links = []
    for unit, label in zip(units, labels, strict=True):
        if label.role != "problem" or not plans:
            continue
        wording, themes = shingles(unit.text), {theme.theme for theme in label.themes}
        scored = [
            (_answer_score(wording, themes, plan_wording, plan_themes), -plan.order)
            for plan, plan_wording, plan_themes in plans
        ]
        score, order = max(scored)
        if score >= ANSWERED:
            links.append(Link(unit.order, -order, round(score, 4)))
    return tuple(links)


def _answer_score(
    wording: frozenset[str], themes: set[str], plan_wording: frozenset[str], plan_themes: set[str]
) -> float:
    union = themes | plan_themes
    topical = len(themes & plan_themes) / len(union) if union else 0.0
    return THEME_WEIGHT * topical + (1 - THEME_WEIGHT) * min(1.0, 2 * containment(wording, plan_wording))


@dataclass(frozen=True, slots=True)
class _Terms:
    """What can be found again of a unit: its pairs of characters, and its quantities (`39所`)."""

    pairs: frozenset[str]
    quantities: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Match:
    """The unit of the next report that is most like a given one, and how like it is (0..1)."""

    unit: Unit | None = None
    score: float = 0.0


_NONE = _Match()


def subject_pairs(text: str) -> frozenset[str]:
    """The pairs of neighbouring Chinese characters of `text` without joining ones, and its Latin words in lower case.

    Pairs do not reach across punctuation, figures or joining characters (`的`, `和`). Empty text gives the empty set.

    >>> sorted(subject_pairs("39所村小的网页"))
    ['所村', '村小', '网页']
    """
    runs = _RUN.findall(fold_width(text).translate(_JOINING))
    return frozenset(
        pair for run in runs
        for pair in ([run.lower()] if run.isascii() else [run[i : i + 2] for i in range(len(run) - 1)])
    )


def follow_years(reports: Sequence[YearReport]) -> tuple[Followed, ...]:
    """Follow problems and commitments (plans of grade >= 1) of each agency from one year to the next.

    Only consecutive years are compared; a year with several reports of one agency is left out, because nobody can say
    which is meant. Sorted by agency, year, position; of equally like units the first. A verdict depends on the two
    reports alone. Bad at promises kept in entirely other words (a training promised, a lecture held) and at promises
    half kept. Cost: linear in the units of both years and the pairs they share.
    """
    years: dict[tuple[str, int], list[YearReport]] = {}
    for report in reports:
        years.setdefault((report.agency_id, report.year), []).append(report)
    followed: list[Followed] = []
    terms: dict[str, list[_Terms]] = {}
    for (agency, year), here in sorted(years.items(), key=lambda item: item[0]):
        there = years.get((agency, year + 1), [])
        if len(here) == 1 and len(there) == 1:
            # The later report is as a rule the next pair's earlier one: its terms are kept, all others let go.
            terms = {report.report_id: terms.get(report.report_id) or _terms(report) for report in (here[0], there[0])}
            followed.extend(_follow_pair(here[0], there[0], terms))
    return tuple(followed)


def _follow_pair(here: YearReport, there: YearReport, terms: Mapping[str, Sequence[_Terms]]) -> list[Followed]:
    """The fate of every problem and commitment of `here` in `there`, in order of position."""
    earlier, later = terms[here.report_id], terms[there.report_id]
    weights = _weigh([*earlier, *later])
    places: dict[str, list[int]] = {}
    for at, unit_terms in enumerate(later):
        for pair in unit_terms.pairs:
            places.setdefault(pair, []).append(at)
    out = []
    for unit, label, own in zip(here.units, here.labels, earlier, strict=True):
        if label.role == "problem":
            kind = "problem"
        elif label.role == "plan" and (label.specificity or 0) >= 1:
            kind = "commitment"
        else:
            continue
        matches = _match(own, later, places, weights, there)
        if kind == "problem":
            verdict, match = _judge_problem(unit, matches)
        else:
            verdict, match = _judge_commitment(label, matches)
        found = match.unit
        out.append(
            Followed(
                here.agency_id, here.year, kind, here.report_id, unit.start, unit.end, unit.text, verdict,
                there.report_id, found.start if found else None, found.end if found else None,
                found.text if found else None, round(match.score, 4),
            )
        )
    return out


def _terms(report: YearReport) -> list[_Terms]:
    return [
        _Terms(subject_pairs(unit.text), frozenset(_QUANTITY.findall(fold_width(unit.text)))) for unit in report.units
    ]


def _weigh(units: Sequence[_Terms]) -> dict[str, float]:
    """The weight (0..1) of every pair in the units of two reports: rare in the genre times rare in these reports."""
    genre, n_units = _genre(), max(len(units), MIN_UNITS)
    full = log(n_units / OBJECT_UNITS)
    rarity = [min(1.0, log(n_units / max(count, 1)) / full) for count in range(n_units + 1)]
    counts = Counter(pair for unit in units for pair in unit.pairs)
    return {pair: genre.get(pair, 1.0) * rarity[count] for pair, count in counts.items()}


@cache
def _genre() -> Mapping[str, float]:
    """The weight of pairs that many agencies of the specimens use: 0 where all do, near 1 at the list's end."""
    lines = [line.split("\t") for line in read_text(GENRE).splitlines() if line and not line.startswith("#")]
    counts = {pair: int(agencies) for pair, agencies in lines}
    most, least = max(counts.values()), min(counts.values())
    return {pair: log(most / count) / log(most / least) for pair, count in counts.items()}


@cache
def _unfinished() -> re.Pattern[str]:
    return re.compile("|".join(rule["pattern"] for rule in load_toml(RULES)["unfinished"]))


def _is_unfinished(match: _Match) -> bool:
    return match.unit is not None and _unfinished().search(fold_width(match.unit.text)) is not None


def _match(
    own: _Terms, later: Sequence[_Terms], places: Mapping[str, Sequence[int]], weights: Mapping[str, float],
    there: YearReport,
) -> dict[str, _Match]:
    """The unit most like `own` of each role of the next report; the first of equals."""
    shared: dict[int, list[float]] = {}
    for pair in own.pairs:
        for at in places.get(pair, ()):
            shared.setdefault(at, []).append(weights[pair])
    could = PRIOR + fsum(weights[pair] for pair in own.pairs)
    best: dict[str, _Match] = {}
    for at in sorted(shared):
        role = there.labels[at].role
        quantities = len(own.quantities & later[at].quantities)
        score = min(1.0, (fsum(shared[at]) + quantities) / could)
        # A slogan kept word for word shares nothing rare and is the same sentence all the same.
        if (same := jaccard(own.pairs, later[at].pairs)) >= SAME_WORDING:
            score = max(score, same)
        if score > best.get(role, _NONE).score:
            best[role] = _Match(there.units[at], score)
    return best


def _judge_commitment(label: Label, matches: Mapping[str, _Match]) -> tuple[str, _Match]:
    """Name what happened to a commitment; what is planned again, or told as unfinished, is not done."""
    work, plan, problem = (matches.get(role, _NONE) for role in ("work", "plan", "problem"))
    least = FOUND if (label.specificity or 0) > 1 else DIRECTION_FOUND
    unfinished = _is_unfinished(work)
    if work.score >= max(least, plan.score, problem.score) and not unfinished:
        return "reported_done", work
    if plan.score >= least and (plan.score >= work.score or unfinished):
        return "restated", plan
    # Counted among the problems, or told as unfinished, and planned again in fewer of its words.
    short = max(problem.score, work.score) if unfinished else problem.score if work.score < FOUND else 0.0
    if short >= least and plan.score >= NEAR:
        return "restated", plan
    return "silent", _nearest((work, plan, problem))


def _judge_problem(unit: Unit, matches: Mapping[str, _Match]) -> tuple[str, _Match]:
    """Name what happened to a problem; a problem told again outweighs work on it."""
    work, problem = (matches.get(role, _NONE) for role in ("work", "problem"))
    if problem.unit and problem.score >= max(FOUND, work.score):
        same = jaccard(shingles(unit.text), shingles(problem.unit.text)) >= SAME_WORDING
        return ("repeated" if same else "reworded"), problem
    if work.score >= FOUND and _is_unfinished(work):
        return "reworded", work
    if work.score >= SOLVED:
        return "solved", work
    return "dropped", _nearest((problem, work))


def _nearest(matches: Iterable[_Match]) -> _Match:
    """The best of the matches, without a unit where even that is not near; the first of equals."""
    best = max(matches, key=lambda match: match.score)
    return best if best.score >= NEAR else _Match(None, best.score)

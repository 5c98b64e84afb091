"""Shared text as rates side by side, and the longest stretch shared: views of what the search for reuse found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from gknlp.normalize import fold
from gknlp.notes import MIN_CHARS, write_note
from gknlp.types import Composition, Measure, Passage

KINDS = ("self", "template", "peer")
# From strict to loose: the same text, the same but for names and figures, text edited.
LEVELS = ("exact", "masked", "near")
RATES = ("rate_raw", "rate_without_skeleton", "rate_without_set_phrases", "rate_without_own_past")


@dataclass(frozen=True, slots=True)
class Company:
    """What a report stood beside in a run: reports of its agency, those of earlier years among them, and of others.

    The first two are None where the agency is unknown.
    """

    own: int | None
    earlier: int | None
    others: int


def shared_rates(composition: Composition, skeleton: float) -> tuple[float, float, float, float] | None:
    """The four rates of a report or section, of its narrative characters, each at most the one before; None without.

    1 all that is not its own words: mandated wording, set phrases of the genre, text of other reports (what a
    duplicate checker without knowledge of the genre calls copied). 2 less the statutory skeleton. 3 less set phrases,
    those of the genre and those that most reports of the run use. 4 less the agency's own past: what is left is a
    template's or another agency's. `skeleton` is the share (0..1) of mandated wording, part of `composition.formula`.
    """
    if composition.formula is None or composition.own is None:
        return None
    elsewhere = (composition.template or 0.0) + (composition.peer or 0.0)
    past = composition.own_past or 0.0
    phrases = max(0.0, composition.formula - skeleton)
    return (
        min(1.0, max(skeleton, composition.formula) + past + elsewhere), min(1.0, phrases + past + elsewhere),
        min(1.0, past + elsewhere), elsewhere,
    )


def rate_rows(
    composition: Iterable[Composition], letters: Mapping[tuple[str, str | None], tuple[int, int]], *,
    company: Mapping[str, Company] | None = None,
) -> tuple[Measure, ...]:
    """The rates of every report (section None) and of every section that a report has once, in the order given.

    `letters` gives for `(report id, section)` the characters of narrative and those of mandated wording among them,
    `company` what was compared: of how many earlier years the last rate is without stands in its note. Under
    `MIN_CHARS` characters counts stand in the note. A section that stands twice in a report has no rates: its parts
    have shares, and no common denominator.
    """
    rows = list(composition)
    seen: dict[tuple[str, str | None], int] = {}
    for row in rows:
        seen[row.report_id, row.section] = seen.get((row.report_id, row.section), 0) + 1
    out: list[Measure] = []
    for row in rows:
        chars, skeleton = letters.get((row.report_id, row.section), (0, 0))
        rates = shared_rates(row, skeleton / chars) if chars else None
        if rates is None or seen[row.report_id, row.section] > 1:
            continue
        beside = company[row.report_id] if company is not None else None
        documents = None if beside is None else 1 + (beside.own or 0) + beside.others
        reference = write_note({"run": "all", "documents": documents})
        for name, rate in zip(RATES, rates, strict=True):
            facts: dict[str, object] = {"value": "share", "unit": "character", "least": MIN_CHARS, "stripped": "tables"}
            if name == RATES[-1] and beside is not None:
                facts["earlier"] = "unknown" if beside.earlier is None else beside.earlier
            if chars < MIN_CHARS:
                facts |= {"reason": "short", "count": round(rate * chars), "of": chars}
            value = round(rate, 6) if chars >= MIN_CHARS else None
            out.append(Measure(row.report_id, row.section, name, value, reference, chars, write_note(facts)))
    return tuple(out)


def level_rows(
    texts: Mapping[str, tuple[str, Sequence[tuple[int, int]]]], passages: Iterable[Passage], *,
    company: Mapping[str, Company] | None = None,
) -> tuple[Measure, ...]:
    """How much of each report lies in passages of each kind and level: `shared_KIND_LEVEL`, three times three rows.

    `texts` gives for each report id its text and the spans of its narrative, in the order of the rows. A folded
    character counts once for a kind, at the strictest level (exact, masked, near); the three add up to what passages of
    that kind hold, gaps between matched words included, which is why it can be more than `Composition` counts. Own past
    counts for the later report only, a peer's words not for the one that had them first, a template for all. Under
    `MIN_CHARS` characters the note gives counts. With `company`, nothing is told where there was nothing to share with:
    no earlier report, no other agency. Cost: linear in texts and passages.
    """
    held: dict[tuple[str, str, str], list[tuple[int, int]]] = {}
    for item in passages:
        first = {"a>b": item.a_report, "b>a": item.b_report}.get(item.direction)
        for report_id, start, end in ((item.a_report, item.a_start, item.a_end),
                                      (item.b_report, item.b_start, item.b_end)):
            came_first = first == report_id or (item.kind == "self" and first is None)
            if item.kind == "template" or not came_first:
                held.setdefault((report_id, item.kind, item.level), []).append((start, end))
    out: list[Measure] = []
    for report_id, (text, narrative) in texts.items():
        places = [start + at for start, end in narrative for at in fold(text[start:end]).offsets]
        for kind in KINDS:
            marks = bytearray(len(text))
            for rank, level in reversed(list(enumerate(LEVELS, start=1))):
                for start, end in held.get((report_id, kind, level), ()):
                    marks[start:end] = bytes([rank]) * (end - start)
            counts = Counter(map(marks.__getitem__, places)) if any(marks) else Counter()
            beside = _stood_beside(kind, company[report_id] if company is not None else None, "earlier")
            for rank, level in enumerate(LEVELS, start=1):
                out.append(_part(report_id, f"shared_{kind}_{level}", (counts[rank], len(places)), beside))
    return tuple(out)


def _part(report_id: str, name: str, counted: tuple[int, int], beside: tuple[str, str | None]) -> Measure:
    """A count of a whole report's characters of narrative as a share, or as counts where these are few."""
    count, chars = counted
    reference, lack = beside
    facts: dict[str, object] = {"value": "share", "unit": "character", "least": MIN_CHARS, "stripped": "tables"}
    if lack is not None:
        facts["reason"] = lack
    elif chars < MIN_CHARS:
        facts |= {"reason": "short", "count": count, "of": chars}
    value = round(count / chars, 6) if "reason" not in facts else None
    return Measure(report_id, None, name, value, reference, chars, write_note(facts))


def _stood_beside(kind: str, company: Company | None, own: Literal["own", "earlier"]) -> tuple[str, str | None]:
    """What a report was compared with for a kind of passage, and why there is nothing to tell where there was none."""
    if company is None:
        return write_note({"run": "all"}), None
    if kind != "self":
        reference = write_note({"run": "all", "documents": company.others, "agencies": "others"})
        return reference, None if company.others else "no other agency"
    documents: int | None = getattr(company, own)
    reference = write_note({"run": "all", "documents": documents, "agencies": own})
    if documents is None:
        return reference, "agency unknown"
    return reference, None if documents else f"no {'earlier' if own == 'earlier' else 'other'} report of the agency"


def longest_shared_run(
    report_ids: Sequence[str], passages: Iterable[Passage], *, company: Mapping[str, Company] | None = None
) -> tuple[Measure, ...]:
    """The longest passage each report shares with any other of the run, in folded characters; 0 where there is none.

    One row per report and kind of partner: `longest_run_self`, `longest_run_template`, `longest_run_peer`. `n` is the
    number of passages looked at. With `company`, nothing is told where there was no other report of the agency, or of
    another. Order: as `report_ids`, then by kind.
    """
    longest: dict[tuple[str, str], int] = {}
    seen: dict[tuple[str, str], int] = {}
    for passage in passages:
        for report_id in (passage.a_report, passage.b_report):
            key = (report_id, passage.kind)
            longest[key] = max(longest.get(key, 0), passage.n_chars)
            seen[key] = seen.get(key, 0) + 1
    facts = {"value": "characters", "unit": "passage", "stripped": "tables,skeleton"}
    out = []
    for report_id in report_ids:
        for kind in KINDS:
            key = report_id, kind
            reference, lack = _stood_beside(kind, company[report_id] if company is not None else None, "own")
            value = float(longest.get(key, 0)) if lack is None else None
            note = write_note({**facts, "reason": lack})
            out.append(Measure(report_id, None, f"longest_run_{kind}", value, reference, seen.get(key, 0), note))
    return tuple(out)

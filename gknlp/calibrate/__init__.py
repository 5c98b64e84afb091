"""How well reuse finds what is there, in a user's own reports: copies are planted and recall and precision counted.

A threshold is defended by what it finds and what it takes for a copy wrongly, on the reports at hand; what these share
already is left out, because nobody knows whether it was copied.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from gknlp.analysis import reuse_text
from gknlp.calibrate.planting import ALTERATIONS, Planter, Planting, Words
from gknlp.calibrate.scoring import (
    Span,
    cover,
    mean_interval,
    overlap,
    share_interval,
    spans_of,
    spans_of_cases,
)
from gknlp.engines.local import LocalEngine
from gknlp.errors import SettingsError
from gknlp.pipeline import Progress, collect, list_files
from gknlp.reuse import find_reuse
from gknlp.reuse.matches import BANDS, band_of
from gknlp.reuse.null import LEAST_PAIRS
from gknlp.reuse.profile import NO_PROFILE
from gknlp.settings import ReuseSettings, Settings
from gknlp.tokens import get_tokenizer
from gknlp.types import Engine, Passage, Reuse, ReuseText

# Values tried, around the defaults of `ReuseSettings` and of the flag.
NEARS = (0.2, 0.3, 0.4, 0.5, 0.6)
MIN_CHARS = (15, 20, 30, 50)
SHARES = (0.1, 0.2, 0.3, 0.4, 0.5)
DOSES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6)
# What is planted in doses, to see which share is flagged: names exchanged, a tenth of the words edited.
DOSED = "edits10"
# Levels as they add up: exact; exact or masked; any.
LEVELS = {"exact": ("exact",), "masked": ("exact", "masked"), "near": ("exact", "masked", "near")}
# Fewer reports leave no copiers and sources to choose from.
LEAST_REPORTS = 10
# A passage is judged if this part of its copier's side was planted; what merely touches is the reports' own sharing.
_PLANTED_PART = 0.5
_ALL, _UNSPLICED = "all", "unspliced"


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: `table` level, near, min_chars, share or unrelated; what was varied; what was planted.

    `measure` is recall, precision, flagged or p99; `value` with its 95 % interval, None where n is 0.
    """

    table: str
    threshold: str
    planted: str
    measure: str
    n: int
    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Calibration:
    """All figures, in the order of their tables, and what they rest on."""

    rows: tuple[Row, ...]
    reports: int
    cases: int
    copiers: int
    already: int
    seed: int
    settings: ReuseSettings


def calibrate(
    paths: Sequence[str | Path] | str | Path, *, settings: Settings | None = None, jobs: int | None = None,
    seed: int = 1, progress: Progress | None = None,
) -> Calibration:
    """Plant copies into the reports in `paths` and count what `find_reuse` finds of them; the files stay as they are.

    See `calibrate_texts`. Raises SettingsError with fewer than LEAST_REPORTS annual reports. The order of the files and
    the number of workers change nothing. Cost: a dozen comparisons of all reports.
    """
    settings = settings or Settings()
    settings = replace(settings, reuse=replace(settings.reuse, background=NO_PROFILE))
    files, _ = list_files([paths] if isinstance(paths, str | Path) else list(paths), ())
    with LocalEngine(jobs if jobs is not None else os.cpu_count() or 1) as engine:
        items = collect(files, engine=engine, settings=settings, progress=progress).reports
        texts = [
            reuse_text(item) for item in items
            if item.duplicate_of is None and item.report.identity.kind == "annual_report"
        ]
        words = get_tokenizer(settings.tokens).words
        return calibrate_texts(
            texts, settings=settings.reuse, words=words, seed=seed, engine=engine, progress=progress
        )


def calibrate_texts(
    texts: Sequence[ReuseText], *, settings: ReuseSettings, words: Words, seed: int = 1, engine: Engine | None = None,
    progress: Progress | None = None,
) -> Calibration:
    """The figures for reports at hand; `words` cuts a text into words, from which edits are made.

    Recall is the mean share of the characters of a planted passage (both sides) that passages of the right pair cover.
    Precision is the same of found passages: those between a copier and its source, and those of planted text with
    anyone else, unless the source shared that text with them before. It says nothing of what the reports share of
    themselves. `flagged` is the part of reports with so much planted text whose share reaches the threshold of the
    flag; its precision counts reports that were not flagged before and are no source.
    """
    if len(texts) < LEAST_REPORTS:
        raise SettingsError(
            f"{len(texts)} annual reports are too few to plant copies in.", hint=f"Give at least {LEAST_REPORTS}."
        )
    step = _Steps(texts, settings, engine, progress)
    loose = step.run(step.texts, near=min(NEARS), min_chars=min(MIN_CHARS))
    before = step.run(step.texts)
    known = frozenset((passage.a_report, passage.b_report) for passage in loose.passages)
    planter = Planter(step.texts, words, known)
    planting = planter.plant(seed)
    if not planting.cases:
        raise SettingsError(
            "No copy could be planted: no two reports of known agencies are free of text they share.",
            hint="Give more reports; gknlp show FILE tells whether an agency is known.",
        )
    native = _native(loose.passages, planting)
    rows: list[Row] = []
    found = {(settings.near, settings.min_chars): step.run(planting.texts)}
    nears, lengths = sorted({*NEARS, settings.near}), sorted({*MIN_CHARS, settings.min_chars})
    for near, least in [(near, settings.min_chars) for near in nears] + [(settings.near, n) for n in lengths]:
        if (near, least) not in found:
            found[near, least] = step.run(planting.texts, near=near, min_chars=least)
    usual = found[settings.near, settings.min_chars]
    for level, kinds in LEVELS.items():
        chosen = [passage for passage in usual.passages if passage.level in kinds]
        rows.extend(_figures("level", level, chosen, planting, native, seed))
    for near in nears:
        passages = found[near, settings.min_chars].passages
        rows.extend(_figures("near", f"{near:g}", passages, planting, native, seed))
    for least in lengths:
        passages = found[settings.near, least].passages
        rows.extend(_figures("min_chars", str(least), passages, planting, native, seed))
    dosed, shares = planter.plant_doses(seed + 1, DOSES, DOSED)
    rows.extend(_flag_figures(before, step.run(dosed.texts), dosed, shares))
    rows.extend(_unrelated_figures(before))
    copiers = len({case.copy for case in planting.cases})
    return Calibration(tuple(rows), len(texts), len(planting.cases), copiers, len(known), seed, settings)


class _Steps:
    """Comparisons of the same reports, counted for the progress bar."""

    def __init__(
        self, texts: Sequence[ReuseText], settings: ReuseSettings, engine: Engine | None, progress: Progress | None
    ) -> None:
        self.texts = [replace(text, reference=False) for text in texts]
        self.settings = settings
        self.engine = engine
        self.progress: Callable[[str, int, int], None] = progress or (lambda *_: None)
        self.done = 0
        self.total = 4 + len({*NEARS, settings.near}) - 1 + len({*MIN_CHARS, settings.min_chars}) - 1

    def run(
        self, texts: Sequence[ReuseText], *, near: float | None = None, min_chars: int | None = None
    ) -> Reuse:
        """Compare `texts`, with other thresholds where they are given."""
        self.progress("calibrate", self.done, self.total)
        near = self.settings.near if near is None else near
        settings = replace(self.settings, near=near, min_chars=min_chars or self.settings.min_chars)
        reuse = find_reuse(texts, settings=settings, engine=self.engine)
        self.done += 1
        self.progress("calibrate", self.done, self.total)
        return reuse


def _native(passages: Sequence[Passage], planting: Planting) -> dict[tuple[str, str], list[tuple[int, int]]]:
    """`(source, other)` -> spans of a source that it shared with another report before anything was planted."""
    shared: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    for a, a_start, a_end, b, b_start, b_end in spans_of(passages):
        for one, other, span in ((a, b, (a_start, a_end)), (b, a, (b_start, b_end))):
            if one in planting.sources:
                shared[one, other].append(span)
    return shared


def _judged(
    passages: Sequence[Passage], planting: Planting, native: dict[tuple[str, str], list[tuple[int, int]]]
) -> list[Span]:
    """The passages that planting has to answer for."""
    by_copy: dict[str, list[tuple[int, int, str, int, int]]] = defaultdict(list)
    for c in planting.cases:
        by_copy[c.copy].append((c.copy_start, c.copy_end, c.source, c.source_start, c.source_end))
    judged = []
    for span in spans_of(passages):
        for copy, start, end, other in ((span[0], span[1], span[2], span[3]), (span[3], span[4], span[5], span[0])):
            planted = by_copy.get(copy, [])
            inside = [case for case in planted if max(start, case[0]) < min(end, case[1])]
            if any(case[2] == other for case in planted):
                judged.append(span)
                break
            if sum(min(end, c[1]) - max(start, c[0]) for c in inside) < _PLANTED_PART * (end - start):
                continue
            if not any(
                max(first, case[3]) < min(last, case[4])
                for case in inside
                for first, last in native.get((case[2], other), ())
            ):
                judged.append(span)
                break
    return judged


def _figures(
    table: str, threshold: str, passages: Sequence[Passage], planting: Planting,
    native: dict[tuple[str, str], list[tuple[int, int]]], seed: int,
) -> list[Row]:
    """Recall of each alteration, precision over all and without spliced ones, for the passages of one threshold.

    Between two sentences of one source a passage runs on over a spliced one of the other.
    """
    found = _judged(passages, planting, native)
    cases = spans_of_cases(planting.cases)
    coverage = cover(cases, found)
    spliced = [span for span, case in zip(cases, planting.cases, strict=True) if case.alteration == "spliced"]
    others = [
        precision for precision, span in zip(coverage.precisions, found, strict=True)
        if not any(span[::3] == case[::3] and overlap(span, case) for case in spliced)
    ]
    rows = []
    for how in ALTERATIONS:
        recalls = [
            recall for recall, case in zip(coverage.recalls, planting.cases, strict=True) if case.alteration == how
        ]
        rows.append(_mean_row(table, threshold, how, "recall", recalls, seed))
    rows.append(_mean_row(table, threshold, _ALL, "precision", coverage.precisions, seed))
    return [*rows, _mean_row(table, threshold, _UNSPLICED, "precision", others, seed)]


def _mean_row(table: str, threshold: str, planted: str, measure: str, values: Sequence[float], seed: int) -> Row:
    if not values:
        return Row(table, threshold, planted, measure, 0, None, None, None)
    low, high = mean_interval(values, seed)
    return Row(table, threshold, planted, measure, len(values), sum(values) / len(values), low, high)


def _share_row(threshold: str, planted: str, measure: str, hits: int, n: int) -> Row:
    if not n:
        return Row("share", threshold, planted, measure, 0, None, None, None)
    return Row("share", threshold, planted, measure, n, hits / n, *share_interval(hits, n))


def _flag_figures(before: Reuse, after: Reuse, dosed: Planting, shares: dict[str, float]) -> list[Row]:
    """Which doses of planted text reach which threshold of the flag, and how many of the new flags are right."""
    peers = [
        {row.report_id: row.peer or 0.0 for row in reuse.composition if row.section is None}
        for reuse in (before, after)
    ]
    rows = []
    for share in SHARES:
        flagged = {name for name, peer in peers[1].items() if peer >= share}
        for dose in DOSES:
            given = [name for name, part in shares.items() if min(DOSES, key=lambda d: abs(d - part)) == dose]
            hits = sum(name in flagged for name in given)
            rows.append(_share_row(f"{share:g}", f"{dose:g}", "flagged", hits, len(given)))
        new = {name for name in flagged if peers[0].get(name, 0.0) < share} - dosed.sources
        rows.append(_share_row(f"{share:g}", _ALL, "precision", len(new & set(shares)), len(new)))
    return rows


def _unrelated_figures(before: Reuse) -> list[Row]:
    """The 99th percentile of what unrelated reports share, by band of length; needs LEAST_PAIRS sides."""
    rows = []
    for band in BANDS:
        values = sorted(u.shared / u.n_chars for u in before.matching.unrelated if band_of(u.n_chars) == band)
        value = values[int(0.99 * len(values))] if len(values) >= LEAST_PAIRS else None
        rows.append(Row("unrelated", str(band), "", "p99", len(values), value, None, None))
    return rows

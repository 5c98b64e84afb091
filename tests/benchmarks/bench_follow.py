"""Verdicts on promises and problems against a reader's (corpus/follow.json), thresholds chosen on other agencies.

Units, roles and grades are the annotators', so that following alone is measured; with the program's own reading of the
same reports the figures are close, because its role model was trained on them. What the reader followed although it has
no grade or role to be followed by counts as not found. The reader chose what is worth following: precision on all
promises may be lower. `told again` joins repeated and reworded, which the reader tells apart by sense, not by wording.

Run: .venv/bin/python tests/benchmarks/bench_follow.py
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from gknlp import follow
from gknlp.follow import Followed, YearReport, follow_years
from gknlp.normalize import fold
from gknlp.types import Label, Unit

CORPUS = Path(__file__).parents[2] / "corpus"
N_FOLDS = 5
GRID = tuple(step / 100 for step in range(10, 41))
COMMITMENT = ("reported_done", "restated", "silent")
PROBLEM = ("solved", "told again", "dropped")
# A threshold is the lowest of the grid at which each of these verdicts is right as often as this.
GOALS = {"FOUND": {"reported_done": 0.9, "restated": 0.9, "told again": 0.9}, "SOLVED": {"solved": 0.85}}
# One bureau under two names.
RENAMED = {"绥屏市环境保护局": "绥屏市生态环境局"}


@dataclass(frozen=True)
class Judged:
    """A judged row and what the program found; `quoted`: its evidence holds the reader's; `near`: it has evidence."""

    agency: str
    kind: str
    reader: str
    found: str | None
    quoted: bool
    near: bool


def annotated(report: str) -> YearReport:
    """The annotated units of a report; offsets are those of the units written one after another."""
    stem = Path(report).stem
    known = json.loads((CORPUS / "gold" / f"{stem}.json").read_text(encoding="utf-8"))
    agency, year = stem.rsplit("_", 1)
    units, labels, at = [], [], 0
    for order, unit in enumerate(known["units"]):
        units.append(Unit(order, at, at + len(unit["text"]), unit["text"], "problems", 5))
        labels.append(Label(unit["role"], 1.0, False, unit["specificity"], unit["formulaic"], 0.5, "annotator"))
        at += len(unit["text"])
    return YearReport(stem, RENAMED.get(agency, agency), int(year), units, labels)


def load() -> tuple[list[Mapping[str, str | None]], dict[str, YearReport]]:
    """The judged rows, and the reports they name by file name."""
    rows = json.loads((CORPUS / "follow.json").read_text(encoding="utf-8"))["rows"]
    names = sorted({name for row in rows for name in (row["report"], row["next"])})
    return rows, {name: annotated(name) for name in names}


def covering(units: Sequence[Unit], quotation: str) -> list[int]:
    """Starts of the units that hold part of a quotation, those that hold most of it first."""
    sought, at, found = fold(quotation).text, 0, []
    letters = [fold(unit.text).text for unit in units]
    start = "".join(letters).find(sought)
    for unit, own in zip(units, letters, strict=True):
        shared = min(start + len(sought), at + len(own)) - max(start, at)
        if start >= 0 and shared > 0:
            found.append((-shared, unit.start))
        at += len(own)
    return [place for _, place in sorted(found)]


def judge(rows: Iterable[Mapping[str, str | None]], reports: Mapping[str, YearReport]) -> list[Judged]:
    """Every judged row with the program's verdict on the unit that holds most of it, in the order of the rows."""
    fates: dict[tuple[str, str, int], Followed] = {
        (fate.report_id, fate.kind, fate.start): fate for fate in follow_years(list(reports.values()))
    }
    out = []
    for row in rows:
        here, there = reports[str(row["report"])], reports[str(row["next"])]
        places = covering(here.units, str(row["text"]))
        fate = fates.get((here.report_id, str(row["kind"]), places[0])) if places else None
        evidence = covering(there.units, row["evidence"]) if row["evidence"] else []
        out.append(
            Judged(
                here.agency_id, str(row["kind"]), joined(str(row["verdict"])), joined(fate.verdict) if fate else None,
                fate is not None and fate.evidence_start in evidence, fate is not None and fate.evidence is not None,
            )
        )
    return out


def joined(verdict: str) -> str:
    return "told again" if verdict in ("repeated", "reworded") else verdict


def figures(judged: Iterable[Judged]) -> dict[str, tuple[int, int, int, int]]:
    """By verdict: how often the reader gives it, the program gives it, both do, and both with the same evidence."""
    reader, found, right, quoted = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for item in judged:
        reader[item.reader] += 1
        found[item.found or "not followed"] += 1
        right[item.reader] += item.found == item.reader
        quoted[item.reader] += item.found == item.reader and item.quoted
    return {name: (reader[name], found[name], right[name], quoted[name]) for name in (*COMMITMENT, *PROBLEM)}


def precision(judged: Iterable[Judged], verdict: str) -> float:
    _, found, right, _ = figures(judged)[verdict]
    return right / max(1, found)


def held_out(
    rows: Sequence[Mapping[str, str | None]], reports: Mapping[str, YearReport], threshold: str
) -> tuple[list[Judged], list[float]]:
    """Each agency judged with the threshold chosen on the other folds (see GOALS); also those thresholds."""
    by_value = {}
    for value in GRID:
        with mock.patch.object(follow, threshold, value):
            by_value[value] = judge(rows, reports)
    agencies = sorted({item.agency for item in by_value[GRID[0]]})
    out: list[Judged] = []
    chosen = []
    for fold_number in range(N_FOLDS):
        test = set(agencies[fold_number::N_FOLDS])
        known = {value: [item for item in judged if item.agency not in test] for value, judged in by_value.items()}
        good = [
            value for value, judged in known.items()
            if all(precision(judged, verdict) >= goal for verdict, goal in GOALS[threshold].items())
        ]
        chosen.append(min(good, default=GRID[-1]))
        out += [item for item in by_value[chosen[-1]] if item.agency in test]
    return out, chosen


def show(title: str, judged: Sequence[Judged]) -> None:
    print(f"{title}\n{'verdict':14}{'reader':>8}{'program':>9}{'right':>7}{'precision':>11}{'recall':>8}{'evidence':>10}")
    for name, (reader, found, right, quoted) in figures(judged).items():
        evidence = f"{quoted / right:.2f}" if right and name not in ("silent", "dropped") else "-"
        print(f"{name:14}{reader:8}{found:9}{right:7}{right / max(1, found):11.2f}{right / reader:8.2f}{evidence:>10}")


def show_nothing_near(judged: Iterable[Judged]) -> None:
    nothing = [item for item in judged if item.found in ("silent", "dropped") and not item.near]
    counts = Counter((item.kind, item.reader) for item in nothing)
    for kind, verdict in (("commitment", "silent"), ("problem", "dropped")):
        total = sum(n for (found, _), n in counts.items() if found == kind)
        print(f"nothing near to {total} judged {kind}s; {verdict} for the reader too: {counts[kind, verdict]}")


def main() -> None:
    rows, reports = load()
    print(f"{len(rows)} judged rows of {len({report.agency_id for report in reports.values()})} agencies")
    for threshold in GOALS:
        judged, chosen = held_out(rows, reports, threshold)
        show(f"{threshold} chosen on the other folds ({', '.join(f'{value:.2f}' for value in chosen)})", judged)
    judged = judge(rows, reports)
    show(f"as shipped (FOUND {follow.FOUND}, SOLVED {follow.SOLVED})", judged)
    show_nothing_near(judged)
    started = time.process_time()
    fates = follow_years(list(reports.values()))
    took = time.process_time() - started
    pairs = len({fate.report_id for fate in fates})
    print(f"{len(fates)} problems and commitments of {pairs} pairs of years, {1000 * took / pairs:.2f} ms a pair")


if __name__ == "__main__":
    main()

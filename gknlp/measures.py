"""Named measures of a report and its sections, each a plain number with its unit, reference and n beside it.

Counts are always given; a ratio only from `MIN_CHARS` narrative characters on (below 300 Han characters a single set
phrase moves a ratio by a tenth).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gknlp.normalize import fold
from gknlp.types import Label, Measure, Passage, Unit

MIN_CHARS = 300
NO_REFERENCE = "none"


def measure_report(report_id: str, units: Sequence[Unit], labels: Sequence[Label]) -> tuple[Measure, ...]:
    """Measures of one report (section None) and of each section with narrative, in the order of the sections' ids.

    `narrative_chars` (folded characters), `units`, `problems`, `plans`, `commitments` (plans of grade >= 1) are counts;
    `formulaic_share` is the share of narrative characters in formulaic units, `checkable_share` the share of plans of
    grade >= 2; both are null, with a note, under `MIN_CHARS` characters or without plans. No units, no measures.
    """
    sizes = [len(fold(unit.text).text) for unit in units]
    groups: dict[str | None, list[int]] = {None: list(range(len(units)))} if units else {}
    for index, unit in enumerate(units):
        groups.setdefault(unit.section, []).append(index)
    out: list[Measure] = []
    for section in sorted(groups, key=lambda name: (name is not None, name or "")):
        chosen = groups[section]
        out.extend(_measures(report_id, section, [labels[i] for i in chosen], [sizes[i] for i in chosen]))
    return tuple(out)


def _measures(report_id: str, section: str | None, labels: list[Label], sizes: list[int]) -> list[Measure]:
    chars = sum(sizes)
    plans = [label for label in labels if label.role == "plan"]
    commitments = [label for label in plans if (label.specificity or 0) >= 1]
    checkable = sum(1 for label in plans if (label.specificity or 0) >= 2)
    formulaic = sum(size for label, size in zip(labels, sizes, strict=True) if label.formulaic)
    counts = {
        "narrative_chars": chars,
        "units": len(labels),
        "problems": sum(1 for label in labels if label.role == "problem"),
        "plans": len(plans),
        "commitments": len(commitments),
    }
    out = [
        Measure(report_id, section, name, float(value), NO_REFERENCE, chars, "count") for name, value in counts.items()
    ]
    enough = chars >= MIN_CHARS
    note = "share of narrative characters" if enough else f"under {MIN_CHARS} characters: no ratio"
    share = round(formulaic / chars, 6) if enough else None
    out.append(Measure(report_id, section, "formulaic_share", share, NO_REFERENCE, chars, note))
    note = "share of plans of grade 2 or 3" if plans else "no plans: no ratio"
    share = round(checkable / len(plans), 6) if plans else None
    out.append(Measure(report_id, section, "checkable_share", share, NO_REFERENCE, len(plans), note))
    return out


def longest_shared_run(report_ids: Sequence[str], passages: Iterable[Passage]) -> tuple[Measure, ...]:
    """The longest passage each report shares with any other of the run, in folded characters; 0 where there is none.

    One row per report and kind of partner: `longest_run_self`, `longest_run_template`, `longest_run_peer`.
    `n` is the number of passages looked at. Order: as `report_ids`, then by kind.
    """
    kinds = ("self", "template", "peer")
    longest: dict[tuple[str, str], int] = {}
    seen: dict[tuple[str, str], int] = {}
    for passage in passages:
        for report_id in (passage.a_report, passage.b_report):
            key = (report_id, passage.kind)
            longest[key] = max(longest.get(key, 0), passage.n_chars)
            seen[key] = seen.get(key, 0) + 1
    return tuple(
        Measure(
            report_id, None, f"longest_run_{kind}", float(longest.get((report_id, kind), 0)), "reports of this run",
            seen.get((report_id, kind), 0), "folded characters of the longest shared passage",
        )
        for report_id in report_ids
        for kind in kinds
    )

"""Counts of a report and its sections, and the shares that need no other report."""

from __future__ import annotations

from collections.abc import Sequence

from gknlp.normalize import fold
from gknlp.notes import MIN_CHARS, NO_REFERENCE, write_note
from gknlp.types import Label, Measure, Unit


def measure_report(report_id: str, units: Sequence[Unit], labels: Sequence[Label]) -> tuple[Measure, ...]:
    """Measures of one report (section None) and of each section with narrative, in the order of the sections' ids.

    `narrative_chars` (folded characters), `units`, `problems`, `plans`, `commitments` (plans of grade >= 1) are counts;
    `formulaic_share` is the share of narrative characters in formulaic units, `checkable_share` the share of plans of
    grade >= 2; both are null, with the reason and the counts, under `MIN_CHARS` characters, and the latter without
    plans. No units, no measures.
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
    checkable = sum(1 for label in plans if (label.specificity or 0) >= 2)
    formulaic = sum(size for label, size in zip(labels, sizes, strict=True) if label.formulaic)
    counts = {
        "narrative_chars": chars,
        "units": len(labels),
        "problems": sum(1 for label in labels if label.role == "problem"),
        "plans": len(plans),
        "commitments": sum(1 for label in plans if (label.specificity or 0) >= 1),
    }
    out = [
        Measure(report_id, section, name, float(value), NO_REFERENCE, chars, write_note({
            "value": "characters" if name == "narrative_chars" else "units", "unit": "character", "stripped": "tables",
        }))
        for name, value in counts.items()
    ]
    for name, count, of, unit in (
        ("formulaic_share", formulaic, chars, "character"), ("checkable_share", checkable, len(plans), "plan"),
    ):
        reason = "short" if chars < MIN_CHARS else None if of else "no plans"
        facts: dict[str, object] = {"value": "share", "unit": unit, "least": MIN_CHARS, "stripped": "tables"}
        if reason is not None:
            facts |= {"reason": reason, "count": count, "of": of}
        share = round(count / of, 6) if reason is None else None
        out.append(Measure(report_id, section, name, share, NO_REFERENCE, of, write_note(facts)))
    return out

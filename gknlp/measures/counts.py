"""Counts of a report and its sections, and the shares that need no other report."""

from __future__ import annotations

from collections.abc import Sequence

from gknlp.measures.notes import MIN_CHARS, NO_REFERENCE, write_note
from gknlp.normalize import fold
from gknlp.types import Label, Measure, Unit


def measure_report(report_id: str, units: Sequence[Unit], labels: Sequence[Label]) -> tuple[Measure, ...]:
    """Measures of one report (section None) and of each section with narrative, in the order of the sections' ids.

    `narrative_chars` (folded characters), `units`, `problems`, `plans`, `commitments` (plans of grade >= 1) are counts;
    `formulaic_share` is the share of narrative characters in formulaic units, `checkable_share` the share of plans of
    grade >= 2; both are null, with the reason, under `MIN_CHARS` characters or without plans. No units, no measures.
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
    note = write_note({"unit": "character", "stripped": "tables"})
    out = [Measure(report_id, section, name, float(value), NO_REFERENCE, chars, note) for name, value in counts.items()]
    facts: dict[str, object] = {"unit": "character", "least": MIN_CHARS, "stripped": "tables"}
    if chars < MIN_CHARS:
        facts |= {"reason": "short", "count": formulaic, "of": chars}
    share = round(formulaic / chars, 6) if chars >= MIN_CHARS else None
    out.append(Measure(report_id, section, "formulaic_share", share, NO_REFERENCE, chars, write_note(facts)))
    facts = {"unit": "plan"} if plans else {"unit": "plan", "reason": "no plans"}
    share = round(checkable / len(plans), 6) if plans else None
    out.append(Measure(report_id, section, "checkable_share", share, NO_REFERENCE, len(plans), write_note(facts)))
    return out

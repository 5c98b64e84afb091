"""How much two reports share: their matched characters, beyond what the genre prescribes or always says."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence

from gknlp.reuse.view import View
from gknlp.types import PairShare

Span = tuple[int, int]


def share_pairs(matched: Iterable[tuple[int, int, array[int]]], views: Sequence[View]) -> tuple[PairShare, ...]:
    """What each pair of reports shares, ordered by report ids; a pair without a passage has no row.

    `matched` gives per passage the numbers of its two reports and its matched runs (`align.Shared.blocks`). A character
    that several passages match counts once. Cost: linear in the matched characters and the narrative.
    """
    blocks: dict[Span, list[array[int]]] = {}
    for a, b, runs in matched:
        blocks.setdefault((a, b), []).append(runs)
    sizes: dict[int, Span] = {}
    for number in {number for pair in blocks for number in pair}:
        sizes[number] = _sizes(views[number])
    made = []
    for (a, b), passages in blocks.items():
        sides = [
            (views[number].report_id, _count(_merge(passages, side), views[number]), *sizes[number])
            for side, number in enumerate((a, b))
        ]
        (a_id, a_shared, a_counted, a_excluded), (b_id, b_shared, b_counted, b_excluded) = sorted(sides)
        made.append(
            PairShare(
                a_id, b_id, len(passages), a_shared, a_counted, a_excluded, b_shared, b_counted, b_excluded
            )
        )
    return tuple(sorted(made, key=lambda pair: (pair.a_report, pair.b_report)))


def _sizes(view: View) -> Span:
    """The folded characters of a view that count, and those of mandated wording and set phrases."""
    whole = sum(view.sizes)
    fixed = sum(size for size, mark in zip(view.sizes, view.fixed, strict=True) if mark)
    return whole - fixed, fixed + sum(stripped for _, stripped in view.stripped)


def _merge(passages: Iterable[array[int]], side: int) -> list[Span]:
    """The matched runs of one side (0 or 1), disjoint and in order."""
    spans = sorted(
        (runs[at + side], runs[at + side] + runs[at + 2]) for runs in passages for at in range(0, len(runs), 3)
    )
    merged: list[Span] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _count(spans: Iterable[Span], view: View) -> int:
    """The folded characters of spans of a view that are no set phrase."""
    total = 0
    for start, end in spans:
        if view.fixed.find(1, start, end) < 0:
            total += sum(view.sizes[start:end])
        else:
            total += sum(s for s, m in zip(view.sizes[start:end], view.fixed[start:end], strict=True) if not m)
    return total

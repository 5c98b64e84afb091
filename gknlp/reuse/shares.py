"""How much two reports share: their matched characters, beyond what the genre prescribes or always says."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from typing import Any

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
    pairs_of: dict[int, list[Span]] = {}
    for pair in blocks:
        for number in pair:
            pairs_of.setdefault(number, []).append(pair)
    sides: dict[Span, list[tuple[str, int, int, int]]] = {pair: [] for pair in blocks}
    for number, pairs in pairs_of.items():
        view = views[number]
        sums = running_sums(view, fixed=False)
        counted = int(sums[-1])
        excluded = count_characters(view) - counted + sum(stripped for _, stripped in view.stripped)
        for pair in pairs:
            side = pair.index(number)
            spans = union_spans(span for runs in blocks[pair] for span in matched_spans(runs, side))
            shared = sum(int(sums[end] - sums[start]) for start, end in spans)
            sides[pair].append((view.report_id, shared, counted, excluded))
    made = [
        PairShare(one[0], other[0], len(blocks[pair]), *one[1:], *other[1:])
        for pair, found in sides.items()
        for one, other in [sorted(found)]
    ]
    return tuple(sorted(made, key=lambda pair: (pair.a_report, pair.b_report)))


def count_characters(view: View, start: int = 0, end: int | None = None) -> int:
    """The folded characters of a stretch of a view. Cost: linear, some microseconds for a report."""
    import numpy as np

    return int(np.asarray(view.sizes)[start:end].sum())


def running_sums(view: View, *, fixed: bool) -> Any:  # noqa: ANN401  (numpy is imported where used)
    """The folded characters before each place of a view, then of all; those of set phrases only if `fixed`."""
    import numpy as np

    sizes = np.asarray(view.sizes)
    sums = np.zeros(len(sizes) + 1, dtype=np.int64)
    np.cumsum(sizes if fixed else sizes * (np.frombuffer(view.fixed, dtype=np.uint8) == 0), out=sums[1:])
    return sums


def matched_spans(blocks: array[int], side: int) -> list[Span]:
    """The matched runs of a passage on one side (0 or 1), by its `align.Shared.blocks`."""
    return [(start, start + length) for start, length in zip(blocks[side::3], blocks[2::3], strict=True)]


def union_spans(spans: Iterable[Span]) -> list[Span]:
    """The same stretches in order, those that touch or overlap made one."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged

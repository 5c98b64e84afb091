"""Where the labels of a form stand in a text, and which ordered run of them is a table."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from gknlp.normalize import fold_width
from gknlp.tables.forms import Label

# Two labels of one table lie closer than this in folded characters: the longest label and seven long figures are 90,
# a lost group of eight sub-rows printed as digits 8 x 8 x 4. Chosen with room to spare.
FARTHEST = 500

_PAGE_NUMBER = re.compile(r"(?m)^[ \t]*(?:-+\s*\d{1,3}\s*-+|第\s*\d+\s*页.{0,12})[ \t]*$")


@dataclass(frozen=True, slots=True)
class Mark:
    """An occurrence of a label: `index` in the list of labels, folded offsets, weight by length."""

    index: int
    start: int
    end: int
    weight: float


def view_of(text: str, furniture: Sequence[tuple[int, int]] = ()) -> str:
    """The text at the same length, width folded, with furniture and page-number lines blanked out."""
    view = fold_width(text)
    blank = [*furniture, *(m.span() for m in _PAGE_NUMBER.finditer(view))]
    for start, end in sorted(blank, reverse=True):
        kept = re.sub(r"[^\n]", " ", view[start:end])
        view = view[:start] + kept + view[end:]
    return view


def find_marks(folded: str, labels: Sequence[Label], start: int = 0, end: int | None = None) -> list[Mark]:
    """All occurrences of the labels' cores in order; where cores of one label overlap, the longest counts."""
    stop = len(folded) if end is None else end
    marks: list[Mark] = []
    for index, label in enumerate(labels):
        taken: list[tuple[int, int]] = []
        for core in label.cores:
            at = folded.find(core, start, stop)
            while at >= 0:
                if not any(a <= at < b for a, b in taken):
                    taken.append((at, at + len(core)))
                at = folded.find(core, at + 1, stop)
        marks.extend(Mark(index, a, b, 1.0 + 0.1 * (b - a)) for a, b in taken)
    return sorted(marks, key=lambda m: (m.start, -m.end, m.index))


def best_chain(marks: Sequence[Mark]) -> list[Mark]:
    """The heaviest run of marks with rising index and no gap above `FARTHEST`; of equals the tighter, the earlier."""
    best: list[tuple[float, int]] = []
    starts = [m.start for m in marks]
    for i, mark in enumerate(marks):
        score, before = mark.weight, -1
        for j in range(bisect_left(starts, mark.start - FARTHEST - 60), i):
            other = marks[j]
            gap = mark.start - other.end
            if other.index < mark.index and 0 <= gap <= FARTHEST:
                total = best[j][0] + mark.weight - 0.0005 * gap
                if total > score + 1e-9:
                    score, before = total, j
        best.append((score, before))
    if not best:
        return []
    at = max(range(len(best)), key=lambda i: (best[i][0], -i))
    chain: list[Mark] = []
    while at >= 0:
        chain.append(marks[at])
        at = best[at][1]
    return chain[::-1]

"""Rows whose labels were broken around their figures, or misread: figures between islands of text.

PDF text and OCR print a cell of two lines as half a label, the figures of the row, and the other half. Here a group of
figures takes the label that the words before it and behind it give together, in the order of the form.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from gknlp.normalize import fold
from gknlp.tables.forms import Label
from gknlp.tables.stretch import VALUE, without_ordinals

_IDEOGRAPH = re.compile("[一-鿿]")
_ENDING = re.compile("(?:数量|的|情况|件|数|办理|继续办理|申请)+")
# Shared pairs of characters of a misread label; the closest two labels of the form share 0.72 only by their tails.
_MISREAD = 0.6
_LEAST_FIT = 0.3


def island_rows(view: str, start: int, end: int, labels: Sequence[Label]) -> dict[str, tuple[int, int]]:
    """Where the figures of each row stand in `[start, end)` of the view, by row id; rows not found are left out.

    The best ordered match of groups of figures and rows wins. Groups without a label take the rows between their
    neighbours if they are as many; else (a page number) they are left out.
    Cost: groups x rows x length of their labels.
    """
    groups = _groups(view, start, end)
    words = [fold(view[a:b]).text for a, b in _between(groups, start, end)]
    fits = [[_fit(words[i], words[i + 1], label) for label in labels] for i in range(len(groups))]
    found = _filled(_aligned(fits, len(labels)), len(labels))
    return {labels[j].id: groups[i] for i, j in enumerate(found) if j >= 0}


def _filled(found: Sequence[int], rows: int) -> list[int]:
    """The match with groups put to rows in order where, between two matched ones, as many are left of both."""
    out = list(found)
    edges = [-1, *(i for i, row in enumerate(found) if row >= 0), len(found)]
    for a, b in pairwise(edges):
        first, last = (found[a] if a >= 0 else -1), (found[b] if b < len(found) else rows)
        if a >= 0 and b < len(found) and b - a == last - first:
            out[a + 1 : b] = range(first + 1, last)
    return out


def _groups(view: str, start: int, end: int) -> list[tuple[int, int]]:
    """The stretches of figures without an ideograph between them."""
    stretch = without_ordinals(view[start:end])
    groups: list[tuple[int, int]] = []
    for match in VALUE.finditer(stretch):
        a, b = start + match.start(), start + match.end()
        if groups and not _IDEOGRAPH.search(stretch, groups[-1][1] - start, match.start()):
            groups[-1] = (groups[-1][0], b)
        else:
            groups.append((a, b))
    return groups


def _between(groups: Sequence[tuple[int, int]], start: int, end: int) -> list[tuple[int, int]]:
    bounds = [start, *(edge for group in groups for edge in group), end]
    return list(zip(bounds[::2], bounds[1::2], strict=True))


def _fit(left: str, right: str, label: Label) -> float:
    """How well the words around a group's figures give a label, 0..1; its core must reach the figures."""
    junction, words = len(left), left + right[:40]
    longest = len(label.cores[0])
    best = 0.0
    for core in label.cores:
        at = words.rfind(core, 0, junction + len(core))
        while at >= 0:
            if at < junction and _reaches(words[at + len(core) : junction], label):
                best = max(best, 0.5 + 0.5 * len(core) / longest)
            at = words.rfind(core, 0, at + len(core) - 1) if at > 0 else -1
    if best or longest < 6:
        return best
    tail = left[-longest - 1 :]
    return _likeness(tail, label.cores[0])


def _reaches(rest: str, label: Label) -> bool:
    """Whether what stands between a label's core and its figures is still the label: a part of it, or its usual end."""
    return not rest or rest in fold(label.label).text or _ENDING.fullmatch(rest) is not None


def _likeness(text: str, core: str) -> float:
    mine, its = ({t[i : i + 2] for i in range(len(t) - 1)} for t in (text, core))
    shared = 2 * len(mine & its) / max(1, len(mine) + len(its))
    return 0.5 * shared if shared >= _MISREAD else 0.0


def _aligned(fits: Sequence[Sequence[float]], rows: int) -> list[int]:
    """For each group its row or -1: the ordered match with the best sum of fits."""
    count = len(fits)
    score = [[0.0] * (rows + 1) for _ in range(count + 1)]
    for i in range(count - 1, -1, -1):
        for j in range(rows - 1, -1, -1):
            take = score[i + 1][j + 1] + fits[i][j] if fits[i][j] >= _LEAST_FIT else -1.0
            score[i][j] = max(take, score[i + 1][j], score[i][j + 1])
    found, i, j = [-1] * count, 0, 0
    while i < count and j < rows:
        take = score[i + 1][j + 1] + fits[i][j] if fits[i][j] >= _LEAST_FIT else -1.0
        if take >= score[i][j] - 1e-12:
            found[i] = j
            i, j = i + 1, j + 1
        elif score[i][j + 1] >= score[i + 1][j] - 1e-12:
            j += 1
        else:
            i += 1
    return found

"""Composition: every narrative character is set phrase, own past, template, another agency's words, or its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import itemgetter

from gknlp.reuse.view import View
from gknlp.types import Composition, ReuseText

# In order of precedence: of several origins the least number counts.
FORMULA, OWN_PAST, TEMPLATE, PEER, OWN = range(5)


def origin_of(kind: str, direction: str, is_a: bool) -> int:
    """What a shared stretch is for one side of a passage.

    The earlier side's words stay its own, but for templates, which have no single author. Among reports of one agency
    only a known earlier one makes a past; between strangers an unknown order counts for both.
    """
    first = direction == ("a>b" if is_a else "b>a")
    second = direction == ("b>a" if is_a else "a>b")
    if kind == "self":
        return OWN_PAST if second else OWN
    if kind == "template":
        return TEMPLATE
    return OWN if first else PEER


def compose_report(
    text: ReuseText, view: View, origins: Iterable[tuple[int, Sequence[tuple[int, int]]]]
) -> list[Composition]:
    """The whole report's row (section None) first, then one per section in order.

    `origins` are `(origin, matched runs in the view)` of the report's passages. Shares are of the folded characters of
    the stretches, mandated wording included, and add to 1; all None where there are none. A section's id is what
    `text.sections` gives, else its order as a string.
    """
    import numpy as np

    marks = np.full(len(view.text), OWN, dtype=np.int64)
    for origin, runs in sorted(origins, key=lambda item: -item[0]):
        for start, end in runs:
            marks[start:end] = origin
    marks[np.frombuffer(view.fixed, dtype=np.uint8) != 0] = FORMULA
    sizes = np.asarray(view.sizes)
    counts: dict[int, list[int]] = {order: [0] * 5 for order, _ in text.sections}
    for _, _, section in text.stretches:
        counts.setdefault(section, [0] * 5)
    for section, stripped in view.stripped:
        counts[section][FORMULA] += stripped
    for section, group in groupby(view.pieces, key=itemgetter(2)):
        pieces = list(group)
        # What stands between pieces are breaks, which have no size.
        inside = slice(pieces[0][0], pieces[-1][1])
        found = np.bincount(marks[inside], weights=sizes[inside], minlength=5)
        counts[section] = [count + int(more) for count, more in zip(counts[section], found, strict=True)]
    ids = dict(text.sections)
    whole = [sum(row[origin] for row in counts.values()) for origin in range(5)]
    return [
        _row(text.report_id, None, None, whole),
        *(_row(text.report_id, ids.get(order, str(order)), order, counts[order]) for order in sorted(counts)),
    ]


def _row(report_id: str, section: str | None, order: int | None, counts: Sequence[int]) -> Composition:
    total = sum(counts)
    if not total:
        return Composition(report_id, section, order, None, None, None, None, None, 0)
    shares = [count / total for count in counts]
    return Composition(
        report_id, section, order, shares[FORMULA], shares[OWN_PAST], shares[TEMPLATE], shares[PEER], shares[OWN],
        total,
    )

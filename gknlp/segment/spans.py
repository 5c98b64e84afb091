"""The spans that tile a text: every character is furniture, heading, table, narrative or dropped."""

from __future__ import annotations

from collections.abc import Mapping

from gknlp.segment.parts import Part
from gknlp.segment.view import View
from gknlp.types import Span

_Mark = tuple[int, int, str, str]


def tile(
    text: str, view: View, parts: list[Part], furniture: list[tuple[int, int, bool]],
    reasons: Mapping[tuple[int, int], tuple[str, str]],
) -> tuple[Span, ...]:
    """Spans of the whole text in order, without gaps; white space goes with what stands before it.

    `reasons` gives kind and reason of what is left out by its span; what it does not name is a page number. Blank text
    is one dropped span, empty text none. What lies in no part is furniture: `head` before the first part, `signature`
    between two, `tail` after the last.
    """
    if not text:
        return ()
    marks = _outside_furniture(_view_marks(view, parts), view, furniture)
    held = 0
    for start, end, _ in furniture:
        if max(start, held) < end:
            kind, reason = reasons.get((start, end), ("furniture", "page number"))
            marks.append((max(start, held), end, kind, reason))
            held = end
    marks.sort()
    if not marks:
        return (Span(0, len(text), "dropped", "white space"),)
    spans = []
    starts = [0, *(mark[0] for mark in marks[1:]), len(text)]
    for k, (_, _, kind, reason) in enumerate(marks):
        spans.append(Span(starts[k], starts[k + 1], kind, reason))
    return tuple(spans)


def _view_marks(view: View, parts: list[Part]) -> list[_Mark]:
    """Stretches of the view by kind; they tile the view."""
    marks: list[_Mark] = []
    at = 0
    for k, part in enumerate(parts):
        begin = part.heading if part.heading is not None else part.start
        if at < begin:
            marks.append((at, begin, "furniture", _between(view, at, begin, k)))
        if part.heading is not None:
            marks.append((part.heading, part.start, "heading", "part"))
        inside: list[_Mark] = [(s.start, s.end, "heading", "sub-heading") for s in part.subtitles if not s.narrative]
        inside += [(a, b, "table", "table") for a, b in part.tables]
        inside += [(a, b, "narrative", "prose") for a, b in part.narrative]
        inside += [(a, b, "dropped", reason) for a, b, reason in part.dropped]
        marks += sorted(inside)
        at = max(part.end, part.start)
    if at < len(view.text):
        marks.append((at, len(view.text), "furniture", "tail" if parts else "no prose"))
    return [mark for mark in marks if mark[0] < mark[1]]


def _between(view: View, start: int, end: int, order: int) -> str:
    """Why what stands before the part `order` belongs to none."""
    if not view.text[start:end].strip("#*"):
        return "mark"
    return "head" if order == 0 else "signature"


def _outside_furniture(marks: list[_Mark], view: View, furniture: list[tuple[int, int, bool]]) -> list[_Mark]:
    """View stretches as source stretches, cut where furniture stands inside them."""
    made: list[_Mark] = []
    k = 0
    for a, b, kind, reason in marks:
        start, end = view.source(a), view.source_end(b)
        while k < len(furniture) and furniture[k][1] <= start:
            k += 1
        at = start
        i = k
        while i < len(furniture) and furniture[i][0] < end:
            left, right, _ = furniture[i]
            if at < left:
                made.append((at, left, kind, reason))
            at = max(at, right)
            i += 1
        if at < end:
            made.append((at, end, kind, reason))
    return made

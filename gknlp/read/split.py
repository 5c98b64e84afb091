"""Two reports in one file: told apart where a second title opens a second full report."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

from gknlp.normalize import fold
from gknlp.read.source import Source, warning
from gknlp.types import Failure, Found, Furniture, Grid, HeadingHint, Layout, Page

_TITLE_LINE = re.compile(
    r"^[^\n。，；：]{0,60}(?:信息|政务)公开[^\n。，；]{0,12}(?:年\s*度\s*报\s*告|年\s*报|报\s*告)[）)]?[ \t]*$", re.M
)
_YEAR = re.compile(r"(?:19|20|２０)\s?[\d０-９]\s?[\d０-９]|二[〇○零]\s?[一二〇○零]\s?[\u4e00-\u9fff〇○]")
_PART = re.compile(r"^[ \t\u3000]*[一二三四五六七八九]\s*[、．.]\s*\S{2,40}$", re.M)
# A report worth its name: so much text and so many numbered parts (the shortest real ones have 600 and 5).
_MIN_CHARS = 400
_MIN_PARTS = 3
# A contents list has parts and length, but no sentences.
_MIN_STOPS = 4
# Two stretches that open with the same letters, so many of them, are one report printed twice.
_SAME_LETTERS = 400


def split_reports(source: Source) -> tuple[Source, ...]:
    """The reports of a source, in order: more than one only where each has a title line with a year and several parts.

    A title that is repeated (cover and first page, contents list) opens no report; a report printed twice on its page
    is one, its second copy furniture. Offsets of each part count from its own text. A source with one report comes
    back as it is. Cost: linear.
    """
    text, hidden = source.text, source.layout.furniture
    titles = [
        match.start() for match in _TITLE_LINE.finditer(text)
        if _YEAR.search(match[0]) and not _PART.match(match[0]) and not _inside(match.start(), hidden)
    ]
    titles = [start for start in titles if not _inside(start, source.layout.grids)]
    starts: list[int] = []
    for number, start in enumerate(titles):
        stop = titles[number + 1] if number + 1 < len(titles) else len(text)
        if _is_report(text[start:stop]) or (starts and number + 1 == len(titles) and _is_report(text[start:])):
            starts.append(start)
    copies = [at for at in starts[1:] if _opening(text[at:]) == _opening(text[starts[0] :])]
    if copies:
        return (_without_copies(source, copies, [*starts, len(text)]),)
    if len(starts) < 2:
        return (source,)
    starts[0] = 0
    bounds = [*starts, len(text)]
    note = warning("SeveralReports", f"The file holds {len(starts)} reports; each was read on its own (#1, #2 …).",
                   "Check where the second one begins.")
    return tuple(
        _cut(source, a, b, number == 0, note) for number, (a, b) in enumerate(pairwise(bounds))
    )


def _is_report(text: str) -> bool:
    """Whether a stretch is long enough and has enough numbered parts to be a report."""
    return (
        len(text) >= _MIN_CHARS and len(set(_PART.findall(text))) >= _MIN_PARTS and text.count("。") >= _MIN_STOPS
    )


def _opening(text: str) -> str:
    """The first letters of a report, its title with the year included."""
    return fold(text[: 3 * _SAME_LETTERS]).text[:_SAME_LETTERS]


def _without_copies(source: Source, copies: Iterable[int], bounds: list[int]) -> Source:
    """The source with the copies of its first report set aside as furniture."""
    spans = [Furniture(at, bounds[bounds.index(at) + 1], "second copy") for at in copies]
    note = warning("SameTextTwice", "The file holds the same text twice; the second copy is set aside.",
                   "Check that nothing stands only in the second copy.")
    furniture = sorted([*source.layout.furniture, *spans], key=lambda item: (item.start, -item.end, item.reason))
    return replace(
        source, layout=replace(source.layout, furniture=tuple(furniture)), warnings=(*source.warnings, note)
    )


def _inside(start: int, spans: Iterable[Furniture | Grid]) -> bool:
    """Whether an offset lies in one of the spans."""
    return any(span.start <= start < span.end for span in spans)


def _cut(source: Source, start: int, end: int, first: bool, note: Failure) -> Source:
    """The stretch of a source as a source of its own; facts that stand outside the text go to the first one only."""
    layout = source.layout
    grids = tuple(
        Grid(g.start - start, g.end - start,
             tuple(cell._replace(start=cell.start - start, end=cell.end - start) for cell in g.cells), g.page)
        for g in layout.grids if start <= g.start < end
    )
    furniture = tuple(
        Furniture(max(f.start, start) - start, min(f.end, end) - start, f.reason)
        for f in layout.furniture if f.start < end and f.end > start
    )
    headings = tuple(
        HeadingHint(h.start - start, h.end - start, h.level, h.source)
        for h in layout.headings if start <= h.start < end
    )
    pages = tuple(
        Page(p.page, max(p.start, start) - start, min(p.end, end) - start)
        for p in layout.pages if p.start < end and p.end > start
    )
    facts: dict[str, tuple[Found, ...]] = {}
    for name, found in source.facts.items():
        kept = tuple(
            fact if fact.start is None or fact.end is None
            else replace(fact, start=fact.start - start, end=fact.end - start)
            for fact in found
            if (first if fact.start is None or fact.end is None else start <= fact.start and fact.end <= end)
        )
        if kept:
            facts[name] = kept
    return Source(source.text[start:end], Layout(grids, furniture, headings, pages), facts, (*source.warnings, note))

"""The page of a pair: certificates, who is who, every passage side by side, and both texts beside each other."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from gknlp.output.card import card_fields, card_parts, share_text, web_address
from gknlp.output.cases import Case, Row, page_link, report_name
from gknlp.output.html import json_text
from gknlp.output.html_text import KINDS
from gknlp.output.labels import Words, excerpt, one_line, shown
from gknlp.output.pairs import Pair, Trace, side_share
from gknlp.output.sides import Difference, Span, Stretch, facing_lines, side_stretches

# Passages shown side by side, and characters of each; the text of a report beside the other's. Real pairs stay below.
MAX_PASSAGES = 300
MAX_SIDE = 4_000
MAX_PANE = 200_000
MAX_EXCHANGES = 12
# Characters shown on either side of what a certificate quotes.
MAX_AROUND = 30
LEVELS = ("exact", "masked", "near")
SLOTS = ("name", "date", "number", "document", "contact")
IDENTITY = ("agency", "year", "superior", "region", "level", "published", "url", "path")


@dataclass(frozen=True, slots=True)
class SideView:
    """One side of a passage: its page in the source, and the link to its place in the report's page."""

    page: int | None
    link: str


@dataclass(frozen=True, slots=True)
class PassageView:
    """A passage, numbered from 1 by its place on the left; `exchanges` are slots as kind, left and right text.

    `lines` face each other; `cut` where not all of them are shown.
    """

    number: int
    passage_id: str
    level: str
    kind: str
    n_chars: int
    score: float
    left: SideView
    right: SideView
    lines: Sequence[tuple[Sequence[Stretch], Sequence[Stretch]]]
    cut: bool
    exchanges: Sequence[tuple[str, str, str]]
    exchanges_left: int
    wording: int
    fields: str


@dataclass(slots=True)
class Line:
    """A line of a report in its pane: `heading`, `table` or `narrative`."""

    kind: str
    stretches: list[Stretch] = field(default_factory=list)


def pair_values(pair: Pair, words: Words, *, linked: bool = True) -> dict[str, Any]:
    """What the template of a pair's page takes; without `linked` no link leads to the pages of the reports.

    Cost: linear in both texts and the passages.
    """
    ids = pair.left.report_id, pair.right.report_id
    held = {pair.key: pair.share} if pair.share else {}
    shares = (side_share(*ids, held), side_share(ids[1], ids[0], held))
    passages = [_passage(pair, number, words, linked) for number in range(1, min(len(pair.passages), MAX_PASSAGES) + 1)]
    return {
        "sides": [
            (
                report_name(case.report), page_link(case.report_id) if linked else "",
                None if share is None else {**share, "share": share_text(share)},
            )
            for case, share in zip((pair.left, pair.right), shares, strict=True)
        ],
        "levels": Counter(str(passage["level"]) for passage in pair.passages),
        "kinds": [kind for kind in KINDS if any(passage["kind"] == kind for passage in pair.passages)],
        "order": _order(pair), "n_chars": sum(int(passage["n_chars"]) for passage in pair.passages),
        "traces": [_trace(trace, linked) for trace in pair.traces],
        "identity": [(name, [_fact(case, name, words) for case in (pair.left, pair.right)]) for name in IDENTITY],
        "passages": passages, "passages_left": len(pair.passages) - len(passages), "n_passages": len(pair.passages),
        "changes": Counter(str(change["kind"]) for rows in pair.changes.values() for change in rows),
        "panes": [pane_lines(pair, side) for side in (0, 1)],
        "panes_cut": [max(0, len(case.text) - MAX_PANE) for case in (pair.left, pair.right)],
        "card": json_text(card_parts(pair.left, pair.right, shares, words)), "pane_limit": MAX_PANE,
    }


def _order(pair: Pair) -> str:
    """Whose words came first: `left` where the passages say so, else `none`; the earlier side stands on the left."""
    orders = {str(passage["direction"]) for passage in pair.passages}
    first, second = pair.sides
    if orders == {f"{first}>{second}"}:
        return "left"
    return "right" if orders == {f"{second}>{first}"} else "none"


def _fact(case: Case, name: str, words: Words) -> str:
    value = case.report.get(name)
    if value is None:
        return words("word", "unknown")
    if name == "level":
        return words("level", value)
    return web_address(case.report) or shown(value) if name == "url" else shown(value)


def _trace(trace: Trace, linked: bool) -> tuple[Row, list[tuple[str, tuple[str, str, str], str, int | None]]]:
    """A certificate with its places: whose text, the quotation with the words around it, the link, the page."""
    return trace.flag, [
        (
            report_name(case.report), _in_context(case.text, start, end, quote),
            page_link(case.report_id, start, end) if linked else "", case.page_of(start),
        )
        for case, start, end, quote in trace.places
    ]


def _in_context(text: str, start: int, end: int, quote: str) -> tuple[str, str, str]:
    """What stands before a quotation on its line, the quotation, and what follows it: a year alone says little."""
    before = text[max(0, start - MAX_AROUND) : start].rsplit("\n", 1)[-1]
    behind = text[end : end + MAX_AROUND].split("\n", 1)[0]
    return shown(before), excerpt(quote or text[start:end], 200), shown(behind)


def _passage(pair: Pair, number: int, words: Words, linked: bool) -> PassageView:
    row = pair.passages[number - 1]
    changes = _differences(pair, str(row["passage_id"]), 0)
    told = [
        (d.kind, one_line(pair.left.text[d.start : d.end]), one_line(pair.right.text[d.there : d.there_end]))
        for d in changes
    ]
    slots = list(dict.fromkeys(item for item in told if item[0] in SLOTS))
    spans = [(int(row[f"{side}_start"]), int(row[f"{side}_end"])) for side in pair.sides]
    views = [
        SideView(case.page_of(start), page_link(case.report_id, start, end) if linked else "")
        for case, (start, end) in zip((pair.left, pair.right), spans, strict=True)
    ]
    lines, cut = _lines(pair, spans[0], spans[1], changes)
    order = {"left": "here", "right": "there"}.get(_order(pair), "none")
    return PassageView(
        number, str(row["passage_id"]), str(row["level"]), str(row["kind"]), int(row["n_chars"]), float(row["score"]),
        views[0], views[1], lines, cut, slots[:MAX_EXCHANGES], max(0, len(slots) - MAX_EXCHANGES),
        sum(item[0] not in SLOTS for item in told),
        json_text(
            card_fields((str(row["level"]), order, int(row["n_chars"])), (views[0].page, views[1].page), words)
        ),
    )


def _lines(
    pair: Pair, left: Span, right: Span, changes: Sequence[Difference]
) -> tuple[list[tuple[list[Stretch], list[Stretch]]], bool]:
    """The lines of a passage up to `MAX_SIDE` characters of a side, and whether that left something out."""
    texts = pair.left.text, pair.right.text
    made = []
    room = [MAX_SIDE, MAX_SIDE]
    first = 0
    lines = facing_lines(texts, left, right, changes)
    for here, there in lines:
        if min(room) <= 0:
            break
        last = first
        while last < len(changes) and changes[last].end <= here[1] and changes[last].there_end <= there[1]:
            last += 1
        own = changes[first:last]
        first = last
        shown_here, shown_there = ((s, min(e, s + n)) for (s, e), n in zip((here, there), room, strict=True))
        made.append((
            list(side_stretches(texts, shown_here, own)),
            list(side_stretches((texts[1], texts[0]), shown_there, [change.turned() for change in own])),
        ))
        room = [room[0] - (here[1] - here[0]), room[1] - (there[1] - there[0])]
    return made, len(made) < len(lines) or min(room) < 0


def _differences(pair: Pair, passage_id: str, at: int) -> list[Difference]:
    """The changes of a passage as one side (0 or 1) sees them, in order."""
    here, there = pair.sides if at == 0 else reversed(pair.sides)
    return [
        Difference(
            int(change[f"{here}_start"]), int(change[f"{here}_end"]), int(change[f"{there}_start"]),
            int(change[f"{there}_end"]), str(change["kind"]),
        )
        for change in pair.changes.get(passage_id, ())
    ]


def pane_lines(pair: Pair, at: int) -> list[Line]:
    """The text of one side (0 or 1) line by line, shared stretches marked; furniture of the page is left out."""
    case = (pair.left, pair.right)[at]
    limit = min(len(case.text), MAX_PANE)
    marks = _Marks(pair, at, limit)
    lines: list[Line] = []
    spans = [(int(s["start"]), int(s["end"]), str(s["kind"])) for s in case.rows["spans"]]
    for start, end, kind in sorted(spans) or [(0, limit, "narrative")]:
        if kind not in ("narrative", "heading", "table"):
            continue
        while start < min(end, limit):
            stop = case.text.find("\n", start, end)
            stop = min(end if stop < 0 else stop, limit)
            if case.text[start:stop].strip():
                lines.append(Line(kind, list(marks.stretches(case.text, start, stop))))
            start = stop + 1
    return lines


class _Marks:
    """Where passages and changes begin and end on one side of a pair."""

    def __init__(self, pair: Pair, at: int, limit: int) -> None:
        side = pair.sides[at]
        self.there = (pair.right, pair.left)[at].text
        spans = [
            (int(p[f"{side}_start"]), int(p[f"{side}_end"]), LEVELS.index(str(p["level"])), str(p["kind"]))
            for p in pair.passages
        ]
        self.begins: dict[int, tuple[int, ...]] = {}
        for number, (start, *_) in enumerate(spans, start=1):
            self.begins[start] = (*self.begins.get(start, ()), number)
        self.facing = _facing(pair, at)
        found = {
            d.start: d for passage in pair.passages for d in _differences(pair, str(passage["passage_id"]), at)
            if d.start < d.end
        }
        self.changes = [found[start] for start in sorted(found)]
        self.starts = [change.start for change in self.changes]
        cuts = {offset for span in spans for offset in span[:2]}
        cuts |= {offset for change in self.changes for offset in (change.start, change.end)} | set(self.facing)
        self.cuts = sorted(cut for cut in cuts if 0 < cut < limit)
        self.classes = _classes(spans, [0, *self.cuts])

    def stretches(self, text: str, start: int, end: int) -> Iterator[Stretch]:
        inner = self.cuts[bisect_right(self.cuts, start) : bisect_left(self.cuts, end)]
        for left, right in zip([start, *inner], [*inner, end], strict=True):
            before = bisect_right(self.starts, left) - 1
            change = self.changes[before] if before >= 0 and self.changes[before].end > left else None
            yield Stretch(
                shown(text[left:right]), change.kind if change else "",
                shown(self.there[change.there : change.there_end]) if change else "",
                self.classes[bisect_right(self.cuts, left)], self.begins.get(left, ()), self.facing.get(left, ()),
            )


def _facing(pair: Pair, at: int) -> dict[int, tuple[str, ...]]:
    """Where the lines of the passages begin on one side, each by a name that its twin has too."""
    texts = pair.left.text, pair.right.text
    found: dict[int, tuple[str, ...]] = {}
    for number, p in enumerate(pair.passages, start=1):
        left, right = ((int(p[f"{side}_start"]), int(p[f"{side}_end"])) for side in pair.sides)
        lines = facing_lines(texts, left, right, _differences(pair, str(p["passage_id"]), 0))
        for line, spans in enumerate(lines[1:], start=1):
            start = spans[at][0]
            found[start] = (*found.get(start, ()), f"{number}-{line}")
    return found


def _classes(spans: Sequence[tuple[int, int, int, str]], borders: Sequence[int]) -> list[str]:
    """For each stretch between borders its classes: of several passages that cover it the strictest level counts."""
    rank = [len(LEVELS)] * len(borders)
    kinds = [""] * len(borders)
    for start, end, level, kind in spans:
        for at in range(bisect_left(borders, start), bisect_left(borders, end)):
            if level < rank[at]:
                rank[at], kinds[at] = level, kind
    return [f"p l-{LEVELS[level]} o-{kind}" if kind else "" for level, kind in zip(rank, kinds, strict=True)]

"""What was changed in a shared passage: slots exchanged (a name, a date, a figure) and wording that differs."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from rapidfuzz.distance import Indel

from gknlp.normalize import fold
from gknlp.reuse.mask import CONTACT, DATE, DOCUMENT, NAME, NUMBER, Names, foreign_names
from gknlp.reuse.search import names_of
from gknlp.reuse.view import BREAKS, build_view
from gknlp.types import Change, Engine, Passage, ReuseText
from gknlp.workers import map_whole

KINDS = {NAME: "name", DATE: "date", NUMBER: "number", DOCUMENT: "document", CONTACT: "contact"}
WORDING = "wording"
# One equal character between two differences is chance (有效提升, 切实提高) and makes the marks hard to read.
LEAST_EQUAL = 2
# A single character (县, 局) of an own name names nobody.
LEAST_NAME = 2
# Aligning costs the product of both lengths; no report has a passage of this length, a file without line ends may.
LONGEST = 100_000


@dataclass(frozen=True, slots=True)
class _Letters:
    """What is needed of a view, small: it travels from the workers and is kept while all passages are looked at."""

    text: str
    starts: array[int]
    ends: array[int]


@dataclass(slots=True)
class _Difference:
    """`[a, a_end)` of one masked passage against `[b, b_end)` of the other."""

    a: int
    a_end: int
    b: int
    b_end: int
    kind: str


def find_changes(
    texts: Iterable[ReuseText], passages: Sequence[Passage], *, engine: Engine | None = None
) -> tuple[Change, ...]:
    """The changes in `passages`, in their order and by place; passages with nothing changed give none.

    `texts` are the reports that were compared; their names tell what is masked, so they should be those that
    `find_reuse` took. Differences of punctuation and width are none. A passage beyond `LONGEST` characters is passed
    over. EngineError where a worker fails. Cost: a few milliseconds per report (in the workers), a fraction of one per
    passage.
    """
    reports = {text.report_id: text for text in texts}
    known = foreign_names(name for text in reports.values() for name in names_of(text))
    differing = [passage for passage in passages if passage.level != "exact"]
    wanted = sorted({name for passage in differing for name in (passage.a_report, passage.b_report)})
    work = partial(letters_of, known=known)
    items = [reports[name] for name in wanted]
    views = dict(zip(wanted, map_whole(engine, work, items, "Comparing passages"), strict=True))
    made: list[Change] = []
    for passage in differing:
        a, b = passage.a_report, passage.b_report
        made.extend(_changes(passage, (reports[a], views[a]), (reports[b], views[b])))
    return tuple(made)


def letters_of(report: ReuseText, *, known: Names) -> _Letters:
    """The masked letters of a report; top level, for `Engine.map`."""
    view = build_view(report, known)
    return _Letters(view.text, array("I", view.starts), array("I", view.ends))


def _changes(passage: Passage, a: tuple[ReuseText, _Letters], b: tuple[ReuseText, _Letters]) -> Iterator[Change]:
    a_span = _view_span(a[1], passage.a_start, passage.a_end)
    b_span = _view_span(b[1], passage.b_start, passage.b_end)
    if max(a_span[1] - a_span[0], b_span[1] - b_span[0]) > LONGEST:
        return
    order = 0
    for found in _differences(a[1].text[slice(*a_span)], b[1].text[slice(*b_span)]):
        a_start, a_end = _source_span(a[1], a_span, found.a, found.a_end)
        b_start, b_end = _source_span(b[1], b_span, found.b, found.b_end)
        a_words, b_words = fold(a[0].text[a_start:a_end]).text, fold(b[0].text[b_start:b_end]).text
        if a_words != b_words:
            kind = found.kind
            # 政府网站下柘镇栏目: a name that no rule masks is one all the same if both sides put their own.
            if kind == WORDING and _is_own_name(a_words, a[0]) and _is_own_name(b_words, b[0]):
                kind = KINDS[NAME]
            yield Change(passage.passage_id, order, kind, a_start, a_end, b_start, b_end)
            order += 1


def _is_own_name(words: str, text: ReuseText) -> bool:
    return len(words) >= LEAST_NAME and any(words in fold(name).text for name in names_of(text))


def _view_span(view: _Letters, start: int, end: int) -> tuple[int, int]:
    """The positions of a view that stand for `[start, end)` of the text, breaks at its begin left out."""
    first, last = bisect_left(view.starts, start), bisect_left(view.starts, end)
    while first < last and view.text[first] in BREAKS:
        first += 1
    return first, last


def _source_span(view: _Letters, span: tuple[int, int], start: int, end: int) -> tuple[int, int]:
    """The span of the text for positions counted from the begin of a passage; nothing stands before the next letter."""
    base, stop = span
    if start < end:
        return view.starts[base + start], view.ends[base + end - 1]
    at = view.starts[base + start] if base + start < stop else view.ends[base + start - 1]
    return at, at


def _differences(a: str, b: str) -> list[_Difference]:
    """Where two masked passages differ, and every slot that stands in both (whether exchanged, the caller asks)."""
    found: list[_Difference] = []
    for code in Indel.opcodes(a, b):
        if code.tag == "equal":
            found.extend(
                _Difference(code.src_start + at, code.src_start + at + 1, code.dest_start + at,
                            code.dest_start + at + 1, KINDS[character])
                for at, character in enumerate(a[code.src_start : code.src_end])
                if character in KINDS
            )
            continue
        last = found[-1] if found else None
        if last is not None and last.kind == WORDING and code.src_start - last.a_end < LEAST_EQUAL:
            last.a_end, last.b_end = code.src_end, code.dest_end
        else:
            found.append(_Difference(code.src_start, code.src_end, code.dest_start, code.dest_end, WORDING))
    for item in found:
        signs = {*a[item.a : item.a_end], *b[item.b : item.b_end]}
        if item.a < item.a_end and item.b < item.b_end and len(signs) == 1:
            item.kind = KINDS.get(signs.pop(), WORDING)
    return found

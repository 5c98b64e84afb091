"""The masked view of a report: what is compared with other reports, and the way back to the text."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

from gknlp.reuse.characters import (
    CLAUSE_END,
    LETTER_OR_SIGN,
    LINE_FEED,
    SENTENCE_END,
    WHITE_SPACE,
    Characters,
    code_points,
    letters_of,
    look_up,
    text_of,
)
from gknlp.reuse.mask import NAME, SIGNS, TITLE, Names, find_names, find_slots, index_names
from gknlp.reuse.skeleton import find_form_wording, find_quotations, mark_set_phrases
from gknlp.types import ReuseText

# BREAK stands between sections, STRIPPED where mandated wording was taken out. No seed and no run goes across either, a
# passage goes on behind STRIPPED.
BREAK, STRIPPED = "\ue000", "\ue00f"
BREAKS = frozenset((BREAK, STRIPPED))
# Pieces that are aligned are sentences; a longer one is cut at commas into pieces of at least LEAST_PIECE letters, so
# that a copied half of a long sentence still weighs enough in the Jaccard index of the whole piece.
LONG_PIECE = 60
LEAST_PIECE = 20
# Text without any punctuation (a page of OCR, one cell after another) is cut at this length: alignment is quadratic.
LONGEST_PIECE = 180
# How many folded characters one slot can stand for in `View.sizes`.
_MOST_SIZE = 65_535
# What stands in place of the number of a slot.
_NO_SLOT, _MANDATED = -1, -2
# Ends of clauses are counted in ones, ends of sentences and lines in these, so that one sum holds both.
_SENTENCE = 1 << 32


@dataclass(frozen=True, slots=True)
class View:
    """A report's narrative as masked letters, with the way back.

    `text[i]` is a letter, a slot's sign, `BREAK` or `STRIPPED`; it stands for `[starts[i], ends[i])` of the text
    and for `sizes[i]` folded characters (0 for a break). `pieces` are `(start, end, section order)` in the view, in
    order, never overlapping, and hold everything but the breaks. `fixed[i]` is 1 for a character of a set phrase or of
    the title of a document (who names the same circular has not copied),
    `frequent[i]` for one of a wording that stands in many reports of the run; `weights[i]` is what it tells (see
    `wording`), 0 where it is fixed. `stripped` gives the folded characters of mandated wording by section order.
    """

    report_id: str
    text: str
    starts: array[int]
    ends: array[int]
    sizes: array[int]
    pieces: tuple[tuple[int, int, int], ...]
    fixed: bytes
    frequent: bytes
    stripped: tuple[tuple[int, int], ...]
    weights: bytes = b""


class _Source(NamedTuple):
    """All stretches of some reports, one a line, each with the line feed that ends it.

    Per character: what it is, its offset in the texts of all reports in a row, the number of its stretch. `kept` are
    the places of those that are not blank, which make the squeezed `text`. Per stretch: how many times report or
    section have changed, the section. Per report: where its text begins, its first stretch (and how many there are).
    """

    characters: Characters
    offsets: Any
    stretches: Any
    kept: Any
    text: str
    runs: Any
    sections: Any
    bases: Any
    firsts: Any


class _Letters(NamedTuple):
    """Arrays with a value per folded character: code, offset in the texts, place in the squeezed text, stretch; and the
    numbers of those where a piece may begin, with whether that is at the end of a sentence.
    """

    codes: Any
    offsets: Any
    places: Any
    stretches: Any
    cuts: Any
    ends_sentence: Any


class _Written(NamedTuple):
    """The views of some reports in a row: their text, arrays and pieces, and the span of each report in them."""

    text: str
    starts: Any
    ends: Any
    sizes: Any
    titles: Any
    pieces: tuple[tuple[int, int, int], ...]
    spans: list[tuple[int, int]]


class _Slots(NamedTuple):
    """The slot of each folded character by number, and by number: sign, span of the texts, and whether the slot goes on
    with the name before it (江苏省 + 淮安市 + 财政局; two more for what is mandated, and no slot).
    """

    of: Any
    signs: Any
    starts: Any
    ends: Any
    goes_on: Any


def build_view(report: ReuseText, known: Names) -> View:
    """The masked view of one report; `known` are the names of the run (`mask.foreign_names`). Cost: linear.

    A report without stretches, or of mandated wording alone, has a view without pieces. Stretches that reach beyond the
    text or overlap the one before are cut.
    """
    return build_views([report], known)[0]


def build_views(reports: Sequence[ReuseText], known: Names) -> list[View]:
    """The views of some reports, each as `build_view` makes it, in less time than one by one."""
    source = _read_stretches(reports)
    letters = _fold_letters(source)
    return _write_views(reports, source, letters, _mask_letters(reports, source, letters, known))


def _read_stretches(reports: Sequence[ReuseText]) -> _Source:
    """The characters of the stretches."""
    import numpy as np

    spans: list[int] = []
    base, bases = 0, []
    for number, report in enumerate(reports):
        bases.append(base)
        reached = 0
        for start, end, section in report.stretches:
            start, end = max(start, reached), min(end, len(report.text))
            if start < end:
                spans += number, base + start, end - start + 1, section
                reached = end
        base += len(report.text)
    owners, starts, lengths, sections = np.array(spans, dtype=np.int64).reshape(-1, 4).T
    after = np.cumsum(lengths)
    stretches = np.repeat(np.arange(len(starts)), lengths)
    offsets = np.arange(len(stretches)) + np.repeat(starts - after + lengths, lengths)
    # The line feed stands for nothing, but has an offset, so that these stay in order.
    offsets[after - 1] -= 1
    characters = look_up(code_points("".join(report.text for report in reports))[offsets])
    for values, feed in zip(characters, (LETTER_OR_SIGN, ord("\n"), 0, 0), strict=True):
        values[after - 1] = feed
    kept = np.flatnonzero(characters.kinds < WHITE_SPACE)
    return _Source(
        characters, offsets, stretches, kept, text_of(characters.wide[kept]),
        np.cumsum(_is_new(owners) | _is_new(sections)), sections, np.array(bases),
        np.searchsorted(owners, np.arange(len(reports) + 1)),
    )


def _fold_letters(source: _Source) -> _Letters:
    """The folded characters of all stretches, and where pieces may begin: after punctuation, line ends, stretches."""
    import numpy as np

    characters = source.characters
    at = np.flatnonzero(characters.counts)
    if characters.counts.max(initial=0) > 1:
        at = np.repeat(at, characters.counts[at])
    codes = characters.letters[at]
    for several in np.flatnonzero(characters.counts > 1).tolist():
        first = int(np.searchsorted(at, several))
        letters = letters_of(int(characters.wide[several]))
        codes[first : first + len(letters)] = letters
    counted = np.zeros(LINE_FEED + 1, dtype=np.int64)
    counted[[CLAUSE_END, SENTENCE_END, LINE_FEED]] = 1, _SENTENCE, _SENTENCE
    ended = np.cumsum(counted[characters.kinds])[at]
    ended[1:] -= ended[:-1].copy()
    stretches = source.stretches[at]
    ended[_is_new(stretches)] = _SENTENCE
    cuts = np.flatnonzero(ended)
    blanks = np.cumsum(characters.kinds >= WHITE_SPACE)
    return _Letters(codes, source.offsets[at], at - blanks[at], stretches, cuts, ended[cuts] >= _SENTENCE)


def _is_new(values: Any) -> Any:  # noqa: ANN401  (numpy is imported where used)
    """Whether each value is another than the one before it; the first is."""
    import numpy as np

    new = np.ones(len(values), dtype=bool)
    np.not_equal(values[1:], values[:-1], out=new[1:])
    return new


def _mask_letters(reports: Sequence[ReuseText], source: _Source, letters: _Letters, known: Names) -> _Slots:
    """The slots, and what is mandated by our rules or by the caller."""
    import numpy as np

    offsets = source.offsets[source.kept]
    folded = text_of(letters.codes)
    own: list[tuple[int, int]] = []
    mandated = [(start, end) for start, end, _ in find_form_wording(source.text)]
    in_text, in_letters = (
        pairwise(np.searchsorted(stretches, source.firsts).tolist())
        for stretches in (source.stretches[source.kept], letters.stretches)
    )
    for report, base, (start, end), (first, last) in zip(reports, source.bases, in_text, in_letters, strict=True):
        names = index_names([*report.names, *([report.agency] if report.agency else [])])
        own += [(start + s, start + e) for s, e in find_names(source.text[start:end], names)]
        for quote, after in find_quotations(folded[first:last]):
            mandated.append((letters.places[first + quote], letters.places[first + after - 1] + 1))
        if report.skeleton:
            marked = base + np.clip(report.skeleton, 0, len(report.text))
            mandated += np.searchsorted(offsets, marked).tolist()
    slots = find_slots(source.text, own, known)
    of = np.full(len(source.text), _NO_SLOT, dtype=np.int64)
    for number, (start, end, _, _) in enumerate(slots):
        of[start:end] = number
    for start, end in mandated:
        of[start:end] = _MANDATED
    signs = np.array([ord(SIGNS[slot]) for _, _, slot, _ in slots], dtype=np.uint32)
    starts = offsets[np.array([start for start, _, _, _ in slots], dtype=np.int64)]
    ends = offsets[np.array([end - 1 for _, end, _, _ in slots], dtype=np.int64)] + 1
    named = signs == ord(NAME)
    goes_on = np.zeros(len(slots) + 2, dtype=bool)
    goes_on[1:-2] = named[1:] & named[:-1] & (starts[1:] == ends[:-1])
    return _Slots(of[letters.places], signs, starts, ends, goes_on)


def _write_views(reports: Sequence[ReuseText], source: _Source, letters: _Letters, slots: _Slots) -> list[View]:
    """Write letters, slots as one sign each, mandated wording and the ends of sections and reports as breaks."""
    import numpy as np

    runs = source.runs[letters.stretches]
    begins = _begins_character(letters, slots, runs)
    first = np.flatnonzero(begins)
    # Nothing is said of mandated wording that a section begins with: a break stands there already.
    kept = (slots.of[first] != _MANDATED) | ~_is_new(runs[first])
    written = np.flatnonzero(kept)
    last = np.append(first[1:], len(runs))[written] - 1
    first_written = first[written]
    # A break stands between two runs, so the characters after it move on.
    breaks = np.cumsum(_is_new(runs[first_written])) - 1
    place = np.arange(len(written)) + breaks
    total = int(place[-1]) + 1 if len(place) else 0

    def spread(values: Any, empty: int, kind: Any) -> Any:  # noqa: ANN401
        spread = np.full(total, empty, dtype=kind)
        spread[place] = values
        return spread

    # A cut before a letter that begins no character, or none that is written, is one before the next.
    owner = np.searchsorted(first, letters.cuts, side="right") - 1
    before = np.searchsorted(written, owner)
    cuts = before + np.append(0, breaks)[before + kept[owner]] + (kept[owner] & ~begins[letters.cuts])
    of = slots.of[first_written]
    codes, starts = letters.codes[first_written], letters.offsets[first_written]
    ends, sizes = starts + 1, np.minimum(last - first_written + 1, _MOST_SIZE)
    stripped = of == _MANDATED
    ends[stripped] = starts[stripped]
    sizes[stripped] = 0
    codes[stripped] = ord(STRIPPED)
    masked = np.flatnonzero(of >= 0)
    codes[masked] = slots.signs[of[masked]]
    starts[masked] = slots.starts[of[masked]]
    ends[masked] = slots.ends[slots.of[last[masked]]]
    lines = letters.stretches[first_written]
    bounds = np.searchsorted(lines, source.firsts)
    bases = np.repeat(source.bases, np.diff(bounds))
    codes = spread(codes, ord(BREAK), np.uint32)
    pieces = _cut_pieces(
        np.flatnonzero((codes == ord(BREAK)) | (codes == ord(STRIPPED))).tolist(), total,
        cuts[letters.ends_sentence].tolist(), cuts.tolist(), spread(source.sections[lines], 0, np.int64),
    )
    titles = _in_titles(source.text)[letters.places[first_written]] & ~stripped
    rows = _Written(
        text_of(codes), spread(starts - bases, 0, np.intc), spread(ends - bases, 0, np.intc),
        spread(sizes, 0, np.ushort), spread(titles, 0, np.uint8), pieces,
        [(int(place[a]), int(place[b - 1]) + 1) if a < b else (0, 0) for a, b in pairwise(bounds.tolist())],
    )
    return _part_views(reports, source, rows, letters.stretches[slots.of == _MANDATED])


def _part_views(reports: Sequence[ReuseText], source: _Source, written: _Written, mandated: Any) -> list[View]:  # noqa: ANN401
    """The views of the reports; `mandated` has the stretch of each letter that was taken out."""
    import numpy as np

    stripped: list[Counter[int]] = [Counter() for _ in reports]
    firsts = source.firsts.tolist()
    for line, count in zip(*(values.tolist() for values in np.unique(mandated, return_counts=True)), strict=True):
        stripped[bisect_right(firsts, line) - 1][int(source.sections[line])] += count
    views = []
    for report, (start, end), counts in zip(reports, written.spans, stripped, strict=True):
        text = written.text[start:end]
        starts, ends, sizes = (values[start:end].tobytes() for values in (written.starts, written.ends, written.sizes))
        pieces = written.pieces[bisect_left(written.pieces, (start,)) : bisect_left(written.pieces, (end,))]
        fixed = np.frombuffer(mark_set_phrases(text), dtype=np.uint8) | written.titles[start:end]
        views.append(View(
            report.report_id, text, array("i", starts), array("i", ends), array("H", sizes),
            tuple((first - start, last - start, section) for first, last, section in pieces), fixed.tobytes(),
            bytes(len(text)), tuple(sorted(counts.items())),
        ))
    return views


def _in_titles(text: str) -> Any:  # noqa: ANN401  (numpy is imported where used)
    """Per character of a squeezed text whether it stands in the title of a document."""
    import numpy as np

    marks = np.zeros(len(text), dtype=bool)
    for title in TITLE.finditer(text):
        marks[title.start() : title.end()] = True
    return marks


def _begins_character(letters: _Letters, slots: _Slots, runs: Any) -> Any:  # noqa: ANN401
    """Whether a letter begins a new character of the view, and is no further part of a slot or of mandated wording."""
    import numpy as np

    begins = np.ones(len(runs), dtype=bool)
    at = np.flatnonzero(slots.of != _NO_SLOT)
    at = at[1:][at[1:] - at[:-1] == 1]
    of, before = slots.of[at], slots.of[at - 1]
    goes_on = (of == before) | ((of == before + 1) & (before >= 0) & slots.goes_on[of])
    lines = letters.stretches
    goes_on &= np.where(of == _MANDATED, runs[at] == runs[at - 1], lines[at] == lines[at - 1])
    begins[at[goes_on]] = False
    return begins


def _cut_pieces(
    breaks: list[int], total: int, sentence_cuts: list[int], cuts: list[int], sections: Any  # noqa: ANN401
) -> tuple[tuple[int, int, int], ...]:
    """Pieces between breaks: at every sentence end, and inside long sentences at other cuts (all in order)."""
    pieces: list[tuple[int, int, int]] = []
    start = 0
    apart = set(breaks)
    for at in sorted({*breaks, *sentence_cuts, total}):
        if at > start:
            section = int(sections[start])
            if at - start <= LONG_PIECE:
                pieces.append((start, at, section))
            else:
                pieces.extend((first, last, section) for first, last in _cut_sentence(start, at, cuts))
            start = at
        if at in apart:
            start = at + 1
    return tuple(pieces)


def _cut_sentence(start: int, end: int, cuts: list[int]) -> list[tuple[int, int]]:
    pieces: list[tuple[int, int]] = []
    while True:
        near = bisect_left(cuts, start + LEAST_PIECE)
        at = min([*cuts[near : near + 1], start + LONGEST_PIECE])
        if at > end - LEAST_PIECE:
            return [*pieces, (start, end)]
        pieces.append((start, at))
        start = at

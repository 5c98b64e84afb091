"""The masked view of a report: what is compared with other reports, and the way back to the text."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

from gknlp.normalize import fold
from gknlp.reuse.mask import NAME, SIGNS, TITLE, MaskSlot, Names, Squeezed, index_names, mask_squeezed, squeeze
from gknlp.reuse.skeleton import find_skeleton, mark_set_phrases
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
_SENTENCE_ENDS = frozenset("。!?;…")
_CLAUSE_ENDS = frozenset(",:、")
# How many folded characters one slot can stand for in `View.sizes`.
_MOST_SIZE = 65_535


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
    """All stretches of a report, squeezed, one a line.

    Per character: its offset in the report's text, the number of its stretch, whether its wording is mandated, the
    number of its slot (-1: none). `sections` has one value per stretch.
    """

    squeezed: Squeezed
    stretches: Any
    mandated: Any
    slot_of: Any
    slots: tuple[MaskSlot, ...]
    sections: Any


class _Letters(NamedTuple):
    """Arrays with a value per folded character: code, offset in the text, slot, stretch, whether it is mandated or in a
    title, and whether a piece may begin at it (after a sentence, after a clause).
    """

    codes: Any
    offsets: Any
    slots: Any
    stretches: Any
    mandated: Any
    titles: Any
    sentence_cuts: Any
    clause_cuts: Any


def build_view(report: ReuseText, known: Names) -> View:
    """The masked view of one report; `known` are the names of the run (`mask.foreign_names`). Cost: linear.

    A report without stretches, or of mandated wording alone, has a view without pieces. Stretches that reach beyond the
    text or overlap the one before are cut.
    """
    source = _squeeze_stretches(report, known)
    letters = _fold_letters(source, report.text)
    if not len(letters.codes):
        return View(report.report_id, "", array("i"), array("i"), array("H"), (), b"", b"", ())
    return _write_view(report.report_id, source, letters)


def _squeeze_stretches(report: ReuseText, known: Names) -> _Source:
    """The stretches with their slots and mandated wording."""
    import numpy as np

    lines: list[str] = []
    offsets = array("l")
    sections: list[int] = []
    last_end = 0
    for start, end, section in report.stretches:
        start, end = max(start, last_end), min(end, len(report.text))
        if start >= end:
            continue
        last_end = end
        view = squeeze(report.text, start, end)
        lines.append(view.text)
        offsets.extend(view.offsets)
        # The line feed stands for nothing, but has an offset, so that these stay in order.
        offsets.append(end - 1)
        sections.append(section)
    squeezed = Squeezed("\n".join([*lines, ""]), offsets)
    own = index_names([*report.names, *([report.agency] if report.agency else [])])
    slots = mask_squeezed(squeezed, own, known)
    slot_of = np.full(len(offsets), -1, dtype=np.int64)
    for number, slot in enumerate(slots):
        slot_of[bisect_left(offsets, slot.start) : bisect_left(offsets, slot.end)] = number
    return _Source(
        squeezed, np.repeat(np.arange(len(lines)), np.array([len(line) + 1 for line in lines], dtype=np.int64)),
        _mark_mandated(squeezed, report), slot_of, slots, np.array(sections, dtype=np.int64),
    )


def _mark_mandated(view: Squeezed, report: ReuseText) -> Any:  # noqa: ANN401  (numpy is imported where used)
    """Per character of the squeezed text whether the wording is mandated, by our rules or by the caller."""
    import numpy as np

    marks = np.zeros(len(view.text), dtype=bool)
    for start, end, _ in find_skeleton(view.text):
        marks[start:end] = True
    for start, end in report.skeleton:
        marks[bisect_left(view.offsets, start) : bisect_left(view.offsets, end)] = True
    return marks


@cache
def _letters_of(character: str) -> tuple[int, ...]:
    return tuple(ord(letter) for letter in fold(character).text)


def _fold_letters(source: _Source, text: str) -> _Letters:
    """The folded characters of all stretches, and where pieces may begin: after punctuation, line ends, stretches."""
    import numpy as np

    codes = np.frombuffer(source.squeezed.text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    unique, kind = np.unique(codes, return_inverse=True)
    characters = [chr(code) for code in unique.tolist()]
    letters = [_letters_of(character) for character in characters]
    counts = np.array([len(found) for found in letters], dtype=np.int64)[kind]
    place = np.repeat(np.arange(len(codes)), counts)
    folded = np.array([found[0] if found else 0 for found in letters], dtype=np.uint32)[kind][place]
    for at in np.flatnonzero(counts > 1).tolist():
        first = int(np.searchsorted(place, at))
        folded[first : first + int(counts[at])] = letters[int(kind[at])]
    stretches = source.stretches[place]
    offsets = np.array(source.squeezed.offsets, dtype=np.int64)[place]
    begins = np.append(True, stretches[1:] != stretches[:-1])[: len(place)]
    # What stands between a letter and the one before it; the first of a stretch begins a piece in any case.
    after = np.append(place[:1], place[:-1] + 1)
    after[begins] = place[begins]
    ends, clauses = (
        np.append(0, np.cumsum(np.array([character in signs for character in characters], dtype=bool)[kind]))
        for signs in (_SENTENCE_ENDS, _CLAUSE_ENDS)
    )
    lines = np.searchsorted([at for at, character in enumerate(text) if character == "\n"], offsets)
    new_line = np.append(False, lines[1:] != lines[:-1])[: len(place)]
    ended = ends[place] > ends[np.minimum(after, place)]
    paused = clauses[place] > clauses[np.minimum(after, place)]
    titles = np.zeros(len(codes), dtype=bool)
    for title in TITLE.finditer(source.squeezed.text):
        titles[title.start() : title.end()] = True
    return _Letters(
        folded, offsets, source.slot_of[place], stretches, source.mandated[place], titles[place],
        begins | new_line | ended, paused & ~ended,
    )


def _write_view(report_id: str, source: _Source, letters: _Letters) -> View:
    """Write letters, slots as one sign each, mandated wording and the ends of sections as breaks."""
    import numpy as np

    sections = source.sections
    runs = np.append(0, np.cumsum(sections[1:] != sections[:-1]))[letters.stretches]
    begins = _begins_character(source.slots, letters, runs)
    first = np.flatnonzero(begins)
    owner = np.repeat(np.arange(len(first)), np.diff(np.append(first, len(runs))))
    stripped, slots = letters.mandated[first], letters.slots[first]
    # Nothing is said of mandated wording that a section begins with: a break stands there already.
    kept = ~(stripped & np.append(True, runs[first][1:] != runs[first][:-1]))
    shown = runs[first[kept]]
    breaks = shown != np.append(shown[:1], shown[:-1])
    before = np.cumsum(kept) - kept
    place = before + np.append(0, np.cumsum(breaks))[before + kept]
    total = len(shown) + int(breaks.sum())

    def spread(values: Any, empty: int) -> Any:  # noqa: ANN401
        spread = np.full(total, empty, dtype=np.int64)
        spread[place[kept]] = values[kept]
        return spread

    by_slot = np.array([(ord(SIGNS[slot.slot]), slot.start, slot.end) for slot in source.slots] or [(0, 0, 0)])
    last = np.append(first[1:], len(runs)) - 1
    in_slot = (slots >= 0) & ~stripped
    offsets = letters.offsets[first]
    codes = np.where(in_slot, by_slot[slots, 0], np.where(stripped, ord(STRIPPED), letters.codes[first]))
    starts = np.where(in_slot, by_slot[slots, 1], offsets)
    ends = np.where(in_slot, by_slot[letters.slots[last], 2], offsets + ~stripped)
    sizes = np.where(stripped, 0, np.minimum(last - first + 1, _MOST_SIZE))
    text = spread(codes, ord(BREAK)).astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")
    cut = place[owner] + (~begins & kept[owner])
    pieces = _cut_pieces(
        text, set(cut[letters.sentence_cuts].tolist()), set(cut[letters.clause_cuts].tolist()),
        spread(sections[letters.stretches[first]], 0).tolist(),
    )
    fixed = np.frombuffer(mark_set_phrases(text), dtype=np.uint8) | spread(letters.titles[first] & ~stripped, 0)
    mandated, count = np.unique(sections[letters.stretches[letters.mandated]], return_counts=True)
    return View(
        report_id, text, array("i", spread(starts, 0).tolist()), array("i", spread(ends, 0).tolist()),
        array("H", spread(sizes, 0).tolist()), pieces, fixed.astype(np.uint8).tobytes(), bytes(len(text)),
        tuple(zip(mandated.tolist(), count.tolist(), strict=True)),
    )


def _begins_character(slots: tuple[MaskSlot, ...], letters: _Letters, runs: Any) -> Any:  # noqa: ANN401
    """Whether a letter begins a new character of the view, and is no further part of a slot or of mandated wording."""
    import numpy as np

    slot, mandated = letters.slots, letters.mandated
    goes_on = (slot[1:] == slot[:-1]) & (slot[1:] >= 0)
    # Two slots in a row are parts of one name (江苏省 + 淮安市 + 财政局).
    one_name = [
        one.end == other.start and SIGNS[one.slot] == SIGNS[other.slot] == NAME for one, other in pairwise(slots)
    ]
    joined = np.append(False, np.array(one_name, dtype=bool))
    goes_on |= (slot[1:] == slot[:-1] + 1) & (slot[:-1] >= 0) & joined[np.maximum(slot[1:], 0)] if slots else False
    goes_on &= (letters.stretches[1:] == letters.stretches[:-1]) & ~mandated[1:] & ~mandated[:-1]
    goes_on |= mandated[1:] & mandated[:-1] & (runs[1:] == runs[:-1])
    return np.append(True, ~goes_on)


def _cut_pieces(
    text: str, sentence_cuts: set[int], clause_cuts: set[int], sections: list[int]
) -> tuple[tuple[int, int, int], ...]:
    """Pieces between breaks: at every sentence end, and inside long sentences at clause ends."""
    breaks = {at for at, character in enumerate(text) if character in BREAKS}
    pieces: list[tuple[int, int, int]] = []
    start = 0
    for at in sorted({*breaks, *sentence_cuts, len(text)}):
        if at > start:
            pieces.extend((first, last, sections[start]) for first, last in _cut_sentence(start, at, clause_cuts))
            start = at
        if at in breaks:
            start = at + 1
    return tuple(pieces)


def _cut_sentence(start: int, end: int, clause_cuts: set[int]) -> list[tuple[int, int]]:
    if end - start <= LONG_PIECE:
        return [(start, end)]
    pieces = []
    first = start
    for at in range(start + LEAST_PIECE, end - LEAST_PIECE + 1):
        if (at in clause_cuts and at - first >= LEAST_PIECE) or at - first >= LONGEST_PIECE:
            pieces.append((first, at))
            first = at
    pieces.append((first, end))
    return pieces

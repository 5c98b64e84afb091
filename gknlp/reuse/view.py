"""The masked view of a report: what is compared with other reports, and the way back to the text."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field

from gknlp.normalize import fold
from gknlp.reuse.mask import NAME, SIGNS, MaskSlot, Names, Squeezed, index_names, mask_squeezed, squeeze
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


@dataclass(frozen=True, slots=True)
class View:
    """A report's narrative as masked letters, with the way back.

    `text[i]` is a letter, a slot's sign, `BREAK` or `STRIPPED`; it stands for `[starts[i], ends[i])` of the text
    and for `sizes[i]` folded characters (0 for a break). `pieces` are `(start, end, section order)` in the view, in
    order, never overlapping, and hold everything but the breaks. `fixed[i]` is 1 for a character of a set phrase,
    `frequent[i]` for one of a wording that stands in many reports of the run. `stripped` gives the folded characters of
    mandated wording by section order.
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


@dataclass(slots=True)
class _Draft:
    """A view while it is written; `sentence_cuts` and `clause_cuts` are view positions where a piece may begin."""

    text: list[str] = field(default_factory=list)
    starts: array[int] = field(default_factory=lambda: array("l"))
    ends: array[int] = field(default_factory=lambda: array("l"))
    sizes: array[int] = field(default_factory=lambda: array("l"))
    sections: list[int] = field(default_factory=list)
    sentence_cuts: set[int] = field(default_factory=set)
    clause_cuts: set[int] = field(default_factory=set)
    stripped: dict[int, int] = field(default_factory=dict)

    def put(self, character: str, start: int, end: int, size: int, section: int) -> None:
        self.text.append(character)
        self.starts.append(start)
        self.ends.append(end)
        self.sizes.append(size)
        self.sections.append(section)

    def put_break(self, sign: str, at: int, section: int) -> None:
        if self.text and self.text[-1] not in (BREAK, sign):
            self.put(sign, at, at, 0, section)


def build_view(report: ReuseText, known: Names) -> View:
    """The masked view of one report; `known` are the names of the run (`mask.foreign_names`). Cost: linear.

    A report without stretches, or of mandated wording alone, has a view without pieces. Stretches that reach beyond the
    text or overlap the one before are cut.
    """
    own = index_names([*report.names, *([report.agency] if report.agency else [])])
    draft = _Draft()
    last_end, last_section = 0, None
    for start, end, section in report.stretches:
        start, end = max(start, last_end), min(end, len(report.text))
        if start >= end:
            continue
        if section != last_section:
            draft.put_break(BREAK, start, section)
        draft.sentence_cuts.add(len(draft.text))
        _write_stretch(draft, report, squeeze(report.text, start, end), section, own, known)
        last_end, last_section = end, section
    text = "".join(draft.text)
    return View(
        report.report_id, text, draft.starts, draft.ends, draft.sizes, _cut_pieces(draft),
        bytes(mark_set_phrases(text)), bytes(len(text)), tuple(sorted(draft.stripped.items())),
    )


def _write_stretch(
    draft: _Draft, report: ReuseText, view: Squeezed, section: int, own: Names, known: Names
) -> None:
    """Write one stretch: slots as signs, mandated wording as a break, the rest as letters."""
    mandated = _mark_mandated(view, report)
    slots = _slots_by_offset(view, mask_squeezed(view, own, known))
    folded = fold(view.text)
    last: MaskSlot | None = None
    before = -1
    for character, at in zip(folded.text, folded.offsets, strict=True):
        _note_cuts(draft, view.text[before + 1 : at], report.text, view.offsets, before, at)
        before = at
        source = view.offsets[at]
        if mandated[at]:
            draft.stripped[section] = draft.stripped.get(section, 0) + 1
            draft.put_break(STRIPPED, source, section)
            last = None
            continue
        slot = slots.get(source)
        if slot is None:
            draft.put(character, source, source + 1, 1, section)
        elif last is not None and (slot is last or _same_name(last, slot)):
            draft.ends[-1] = slot.end
            draft.sizes[-1] += 1
        else:
            draft.put(SIGNS[slot.slot], slot.start, slot.end, 1, section)
        last = slot


def _same_name(last: MaskSlot, slot: MaskSlot) -> bool:
    """Whether two slots in a row are parts of one name (江苏省 + 淮安市 + 财政局)."""
    return SIGNS[last.slot] == SIGNS[slot.slot] == NAME and last.end == slot.start


def _mark_mandated(view: Squeezed, report: ReuseText) -> bytearray:
    """One byte per character of the squeezed stretch: 1 where the wording is mandated, by our rules or by the
    caller.
    """
    marks = bytearray(len(view.text))
    for start, end, _ in find_skeleton(view.text):
        marks[start:end] = b"\1" * (end - start)
    if report.skeleton and view.offsets:
        for start, end in report.skeleton:
            if start <= view.offsets[-1] and end > view.offsets[0]:
                for at, offset in enumerate(view.offsets):
                    if start <= offset < end:
                        marks[at] = 1
    return marks


def _slots_by_offset(view: Squeezed, slots: tuple[MaskSlot, ...]) -> dict[int, MaskSlot]:
    return {offset: slot for slot in slots for offset in range(slot.start, slot.end)}


def _note_cuts(
    draft: _Draft, between: str, text: str, offsets: array[int], before: int, at: int
) -> None:
    """Note that a piece may begin here, if punctuation or a line end stands before this letter."""
    if before >= 0 and offsets[at] - offsets[before] > 1 and "\n" in text[offsets[before] : offsets[at]]:
        draft.sentence_cuts.add(len(draft.text))
    if between:
        if not _SENTENCE_ENDS.isdisjoint(between):
            draft.sentence_cuts.add(len(draft.text))
        elif not _CLAUSE_ENDS.isdisjoint(between):
            draft.clause_cuts.add(len(draft.text))


def _cut_pieces(draft: _Draft) -> tuple[tuple[int, int, int], ...]:
    """Pieces between breaks: at every sentence end, and inside long sentences at clause ends."""
    pieces: list[tuple[int, int, int]] = []
    start = 0
    total = len(draft.text)
    for at in range(total + 1):
        broken = at == total or draft.text[at] in BREAKS
        if (broken or at in draft.sentence_cuts) and at > start:
            pieces.extend(_cut_sentence(start, at, draft))
            start = at
        if broken:
            start = at + 1
    return tuple(pieces)


def _cut_sentence(start: int, end: int, draft: _Draft) -> list[tuple[int, int, int]]:
    section = draft.sections[start]
    if end - start <= LONG_PIECE:
        return [(start, end, section)]
    pieces = []
    first = start
    for at in range(start + LEAST_PIECE, end - LEAST_PIECE + 1):
        if (at in draft.clause_cuts and at - first >= LEAST_PIECE) or at - first >= LONGEST_PIECE:
            pieces.append((first, at, section))
            first = at
    pieces.append((first, end, section))
    return pieces

"""Folding: views of a text for comparing, each with a map back to the offsets of the text itself.

Everything that compares strings (titles, labels, cues, shingles) compares folded views; spans are always given in the
unfolded text. Two folds are enough: `fold_width` keeps the length, `fold` drops what does not count.
"""

from __future__ import annotations

import unicodedata
from array import array
from bisect import bisect_left
from dataclasses import dataclass

# Look-alikes that NFKC leaves apart and that reports mix freely: dashes, middle dots, quotation marks, circle zero.
_LOOK_ALIKES = str.maketrans({
    "—": "-", "–": "-", "−": "-", "‐": "-", "‑": "-", "―": "-", "〜": "~", "•": "·", "・": "·", "‧": "·",
    "“": '"', "”": '"', "„": '"', "＂": '"', "‘": "'", "’": "'", "〇": "零", "○": "零", "丶": "、",
    "況": "况", "\ufeff": " ",
})


class _WidthTable(dict[int, str]):
    """One character to one character: full width to half, compatibility forms to plain, where the length stays one."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        folded = unicodedata.normalize("NFKC", character)
        self[code] = folded if len(folded) == 1 else character
        return self[code]


class _LetterTable(dict[str, str]):
    """One character to its letters and digits (NFKC, lower case); white space and punctuation to nothing."""

    def __missing__(self, character: str) -> str:
        folded = unicodedata.normalize("NFKC", character)
        self[character] = "".join(c.lower() for c in folded if unicodedata.category(c)[0] in "LN")
        return self[character]


_WIDTH = _WidthTable(_LOOK_ALIKES)
_LETTERS = _LetterTable()


def fold_width(text: str) -> str:
    """Return `text` with full-width forms, dashes and quotation marks made one, at the same length.

    Offsets into the result are offsets into `text`. White space other than line ends becomes a plain space.
    Characters whose NFKC form has several characters (㎡, ①…⑳ have one) stay as they are. Cost: linear.

    >>> fold_width("２０２４年　（一）—")
    '2024年 (一)-'
    """
    return text.translate(_WIDTH)


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded view: `text`, and for each of its characters the offset in the source (`offsets`, non-decreasing)."""

    text: str
    offsets: array[int]
    source_length: int

    def to_source(self, start: int, end: int) -> tuple[int, int]:
        """Map `[start, end)` of the view to the smallest span of the source that holds its characters.

        An empty span maps to an empty span before the character at `start` (the end of the source past the last).
        """
        if start >= end:
            at = self.offsets[start] if start < len(self.offsets) else self.source_length
            return at, at
        return self.offsets[start], self.offsets[end - 1] + 1

    def from_source(self, offset: int) -> int:
        """The first view position at or after the source `offset` (view length where there is none)."""
        return bisect_left(self.offsets, offset)


def fold(text: str) -> Folded:
    """Fold `text` to letters, digits and ideographs: NFKC, lower case, no white space, no punctuation.

    This is what `../shared/tools` compare on. Mapping back any span of the view and folding it again gives the view's
    characters (a character that NFKC expands, ㎡, is mapped whole). Empty text gives an empty view. Cost: linear.

    >>> fold("（一） 总体 情况：２０２４").text
    '一总体情况2024'
    """
    table = _LETTERS
    parts = [table[character] for character in text]
    offsets = array("q", [offset for offset, part in enumerate(parts) for _ in part])
    return Folded("".join(parts), offsets, len(text))

"""Which of many patterns can hold of a text at all, told by its characters and pairs of neighbouring characters.

From each pattern a set of grams is derived of which every match must hold at least one ("必要" or "有待" …). A text
that holds none of them cannot match, and trying the pattern is saved; what is found does not change. Patterns are read
by the parser of the standard library's `re`, so that both mean the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from re import _parser  # type: ignore[attr-defined]
from typing import TYPE_CHECKING, Any

from gknlp.classify.grams import GRAM_BITS, HashedTexts, hash_texts

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Table = NDArray[np.uint64]

Grams = frozenset[str]

_WORD, _FULL = 64, 2**64 - 1
# How many usual pairs of characters are about as common in reports as one character or two digits, and as a pair that
# nearly every unit holds; rounded from counts on the specimens.
_SINGLE_COST, _SUBJECT_COST = 60, 120
_SUBJECT = frozenset(("公开", "信息", "政府", "政务", "工作"))
# A joint of more pairs than this says too little to be worth its place.
_MOST_PAIRS = 400
# Classes of more characters than this are left unknown.
_MOST_LETTERS = 40
# What all digits are in hashed texts.
_DIGIT = "0"


class Prefilter:
    """The patterns of a rule set by the grams they need; a pattern that needs none is always a candidate."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self._always = 0
        self._size = len(patterns)
        self._grams: dict[str, int] = {}
        for number, pattern in enumerate(patterns):
            grams = needed_grams(pattern)
            if grams is None:
                self._always |= 1 << number
            for gram in grams or ():
                self._grams[gram] = self._grams.get(gram, 0) | 1 << number

    @cached_property
    def _tables(self) -> tuple[Table, ...]:
        """For each row of hashed grams the patterns that ask for one of its grams, in words of 64 bits."""
        import numpy as np

        tables = np.zeros((max(1, -(-self._size // _WORD)), 2**GRAM_BITS), dtype=np.uint64)
        grams = list(self._grams)
        hashed = hash_texts(grams)
        for at, gram in zip((hashed.starts + 1).tolist(), grams, strict=True):
            row = hashed.singles[at] if len(gram) == 1 else hashed.doubles[at]
            for word, table in enumerate(tables):
                table[row] |= np.uint64(self._grams[gram] >> (_WORD * word) & _FULL)
        return tuple(tables)

    def candidates(self, hashed: HashedTexts) -> list[int]:
        """For each text the patterns that can hold of it, pattern n as bit n. Cost: linear."""
        import numpy as np

        found = [self._always] * len(hashed.sizes)
        for at, table in enumerate(self._tables if found else ()):
            bits = table[hashed.singles]
            bits[:-1] |= table[hashed.doubles]
            words = np.bitwise_or.reduceat(bits, hashed.starts).tolist()
            found = [known | word << (_WORD * at) for known, word in zip(found, words, strict=True)]
        return found


def bit_numbers(bits: int) -> Iterator[int]:
    """The numbers of the bits that are set, ascending."""
    while bits:
        low = bits & -bits
        yield low.bit_length() - 1
        bits ^= low


def needed_grams(pattern: str) -> Grams | None:
    """Grams of which every text that the pattern is found in holds at least one; None where that cannot be told."""
    parsed = _parser.parse(pattern)
    return None if parsed.state.flags & re.IGNORECASE else _Sequence(parsed).needed


class _Sequence:
    """What is known of a stretch of a pattern: characters it can begin and end with, whether it can be empty."""

    def __init__(self, items: Iterable[tuple[Any, Any]]) -> None:
        parts = [part for part in map(_part, items) if part is not None]
        self.first = _open_end(parts)
        self.last = _open_end(parts[::-1], end=True)
        self.empty = all(part.empty for part in parts)
        self.needed = min(_choices(parts), key=_cost, default=None)


class _Part:
    """The same of one item of a stretch."""

    def __init__(
        self, first: Grams | None = None, last: Grams | None = None, *, empty: bool = False, needed: Grams | None = None
    ) -> None:
        self.first, self.last, self.empty, self.needed = first, last, empty, needed


_UNKNOWN = _Part()


def _part(item: tuple[Any, Any]) -> _Part | None:
    """One item of a parsed pattern; None for what takes no character and says nothing."""
    name, value = str(item[0]), item[1]
    if name == "LITERAL":
        return _letters(frozenset((chr(value),)))
    if name == "IN":
        return _class(value)
    if name == "SUBPATTERN":
        return _of(_Sequence(value[3])) if not value[1] and not value[2] else _UNKNOWN
    if name == "ATOMIC_GROUP":
        return _of(_Sequence(value))
    if name == "BRANCH":
        return _branch([_Sequence(option) for option in value[1]])
    if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        least, _, repeated = value
        known = _Sequence(repeated)
        if least == 0:
            return _Part(known.first, known.last, empty=True)
        return _of(known)
    if name == "ASSERT":
        return _Part(frozenset(), frozenset(), empty=True, needed=_Sequence(value[1]).needed)
    return None if name in ("AT", "ASSERT_NOT") else _UNKNOWN


def _of(known: _Sequence) -> _Part:
    return _Part(known.first, known.last, empty=known.empty, needed=known.needed)


def _letters(letters: Grams) -> _Part:
    return _Part(letters, letters, needed=letters)


def _class(items: Sequence[tuple[Any, Any]]) -> _Part:
    letters: set[str] = set()
    for name, value in items:
        if str(value) == "CATEGORY_DIGIT":
            letters.add(_DIGIT)
        elif str(name) == "LITERAL":
            letters.add(chr(value))
        elif str(name) == "RANGE" and value[1] - value[0] < _MOST_LETTERS:
            letters.update(map(chr, range(value[0], value[1] + 1)))
        else:
            return _UNKNOWN
    return _letters(frozenset(letters)) if len(letters) <= _MOST_LETTERS else _UNKNOWN


def _branch(options: Sequence[_Sequence]) -> _Part:
    return _Part(
        _union(option.first for option in options), _union(option.last for option in options),
        empty=any(option.empty for option in options), needed=_union(option.needed for option in options),
    )


def _union(sets: Iterable[Grams | None]) -> Grams | None:
    """All of them together; None where one is unknown."""
    joined: Grams = frozenset()
    for known in sets:
        if known is None:
            return None
        joined |= known
    return joined


def _open_end(parts: Sequence[_Part], *, end: bool = False) -> Grams | None:
    """Characters a stretch can begin with (end with, its parts turned round), past parts that can be empty."""
    found: Grams = frozenset()
    for part in parts:
        letters = part.last if end else part.first
        if letters is None:
            return None
        found |= letters
        if not part.empty:
            break
    return found


def _choices(parts: Sequence[_Part]) -> list[Grams]:
    """What can be asked of a text: the needs of each part, and the pairs where two parts meet."""
    found = []
    for at, part in enumerate(parts):
        rest = parts[at + 1 :]
        if part.empty or all(other.empty for other in rest):
            continue
        after = _open_end(rest)
        if part.last and after and len(part.last) * len(after) <= _MOST_PAIRS:
            found.append(frozenset(one + other for one in part.last for other in after))
    return [*found, *(part.needed for part in parts if part.needed)]


def _cost(grams: Grams) -> int:
    common = sum(len(gram) == 1 or gram.isdecimal() for gram in grams)
    return len(grams) + _SINGLE_COST * common + _SUBJECT_COST * len(grams & _SUBJECT)

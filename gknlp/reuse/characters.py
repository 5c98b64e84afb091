"""What each character is to a view, as tables by code point, so that a whole text is looked up at once.

An entry is made by the folds of `normalize` when its code point first turns up, so the tables say what these say.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any, NamedTuple

from gknlp.normalize import fold, fold_width

BLANK = re.compile(r"[\s\u200b-\u200f\u2060]")
_SENTENCE_ENDS = frozenset("。!?;…")
_CLAUSE_ENDS = frozenset(",:、")
_CODE_POINTS = 0x110000

# Kinds of characters, blank ones last; 0 is an entry not made yet.
LETTER_OR_SIGN, CLAUSE_END, SENTENCE_END, WHITE_SPACE, LINE_FEED = range(1, 6)


class Characters(NamedTuple):
    """Arrays by place or, as tables, by code point: the kind; the code in half width; how many letters it folds to and
    the first of them (0: none).
    """

    kinds: Any
    wide: Any
    counts: Any
    letters: Any


def code_points(text: str) -> Any:  # noqa: ANN401  (numpy is imported where used)
    """The code points of a text as an array, lone surrogates included."""
    import numpy as np

    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def text_of(codes: Any) -> str:  # noqa: ANN401
    """The text of an array of code points."""
    return codes.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")  # type: ignore[no-any-return]


def look_up(codes: Any) -> Characters:  # noqa: ANN401
    """What the characters of a text are, by place."""
    import numpy as np

    tables = _tables()
    at = codes.astype(np.intp)
    kinds = tables.kinds[at]
    if not kinds.all():
        for code in np.unique(codes[kinds == 0]).tolist():
            _add(tables, code)
        kinds = tables.kinds[at]
    return Characters(kinds, tables.wide[at], tables.counts[at], tables.letters[at])


@cache
def letters_of(code: int) -> tuple[int, ...]:
    """The letters that a code point in half width folds to."""
    return tuple(ord(letter) for letter in fold(chr(code)).text)


@cache
def _tables() -> Characters:
    import numpy as np

    return Characters(*(np.zeros(_CODE_POINTS, dtype=kind) for kind in (np.uint8, np.uint32, np.uint8, np.uint32)))


def _add(tables: Characters, code: int) -> None:
    wide = fold_width(chr(code))
    letters = letters_of(ord(wide))
    if wide in _SENTENCE_ENDS:
        kind = SENTENCE_END
    elif wide in _CLAUSE_ENDS:
        kind = CLAUSE_END
    elif code == ord("\n"):
        kind = LINE_FEED
    else:
        kind = WHITE_SPACE if BLANK.match(wide) else LETTER_OR_SIGN
    tables.wide[code], tables.counts[code] = ord(wide), len(letters)
    tables.letters[code] = letters[0] if letters else 0
    tables.kinds[code] = kind

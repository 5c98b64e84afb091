"""What is printed in a cell: a number, a blank mark, or text that is neither; and the cells on their way to a form."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from gknlp.normalize import fold_width

# Marks that agencies print for "nothing here". They are not zero: the value stays null, the mark stays in `raw`.
BLANK_MARKS = frozenset(
    {"", "/", "//", "\\", "-", "--", "---", "----", "无", "空", "暂无", "无数据", "不适用", "不涉及", "*"}
)

_UNIT = r"(?:(?:人民币)?\s*(?:万|亿|百万|千)?元(?:人民币)?|[件条项个宗份次起人部])?"
_NUMBER = re.compile(
    r"(?P<sign>减少|减|下降|增加|增|新增|\+|-|↓|↑)?\s*"
    r"(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)\s*" + _UNIT
)
# More digits than seven six-digit figures in a row have are no number and no row: noise.
MOST_DIGITS = 50
# Single letters that scanners give for a printed zero.
_ZERO_LOOK_ALIKES = frozenset({"o", "O", "零", "Ο", "о"})
_SPACED_DIGITS = re.compile(r"(?<=\d)\s+(?=\d)")


@dataclass(frozen=True, slots=True)
class Piece:
    """A cell as printed: span in the text, and `value`, None where it is blank (`kind` blank) or no number (`open`)."""

    raw: str
    start: int
    end: int
    value: float | None
    kind: str = "number"


@dataclass(frozen=True, slots=True)
class Reading:
    """What the cells of one printed row can be: every candidate has one piece per column, None where none is printed.

    `direct`: the cells are printed apart; else digits ran together or blanks were lost, and the pieces are inferred.
    `[start, end)` is the print of the row's values. No candidate: printed, but not to be read.
    """

    candidates: tuple[tuple[Piece | None, ...], ...]
    direct: bool
    start: int
    end: int
    raw: str = ""


Readings = Mapping[str, Reading]


def parse_value(raw: str) -> tuple[str, float | None]:
    """The kind (`number`, `blank`, `open`) and value of a cell's print, the number as printed, in its printed unit.

    `251000元` is 251000 and `160.5964万元` is 160.5964: the unit stays in `raw`. `减3` is -3. Blank marks are blank.

    >>> parse_value(" １,２３４ "), parse_value("减3"), parse_value("251000元"), parse_value("/"), parse_value("见附件")
    (('number', 1234.0), ('number', -3.0), ('number', 251000.0), ('blank', None), ('open', None))
    """
    text = fold_width(raw).replace("\n", " ").replace("\t", " ").replace("\u200b", "").strip()
    if text.replace(" ", "") in BLANK_MARKS:
        return "blank", None
    if text in _ZERO_LOOK_ALIKES:
        return "number", 0.0
    if text in ("0/0", "+0/-0", "0/-0"):
        return "number", 0.0
    found = _NUMBER.fullmatch(text)
    if not found and len(_SPACED_DIGITS.findall(text)) == 1:  # one number broken in two; more gaps are more numbers
        found = _NUMBER.fullmatch(_SPACED_DIGITS.sub("", text))
    if not found or len(found["digits"]) > MOST_DIGITS:
        return "open", None
    number = float(found["digits"].replace(",", ""))
    return "number", -number if found["sign"] in ("减少", "减", "下降", "-", "↓") and number else number


def make_piece(text: str, start: int, end: int) -> Piece:
    """The piece printed at `[start, end)`, its span without surrounding white space."""
    raw = text[start:end]
    left = len(raw) - len(raw.lstrip())
    right = len(raw.rstrip())
    if right <= left:
        return Piece("", start, start, None, "blank")
    kind, value = parse_value(raw)
    return Piece(raw.strip(), start + left, start + right, value, kind)


def split_piece(piece: Piece, parts: int) -> tuple[Piece, ...]:
    """The values of a row that stand together in one cell, apart by white space; empty if they are not `parts`."""
    found = [
        make_piece(piece.raw, *match.span()) for match in re.finditer(r"\S+", piece.raw)
    ]
    if len(found) != parts or any(p.kind == "open" for p in found):
        return ()
    return tuple(Piece(p.raw, p.start + piece.start, p.end + piece.start, p.value, p.kind) for p in found)

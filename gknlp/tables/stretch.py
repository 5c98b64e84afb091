"""What is printed between two labels of a table that lost its grid."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from gknlp.tables.solve import row_candidates
from gknlp.tables.values import Piece, Reading, make_piece

VALUE = re.compile(
    r"(?:减少?|增加?|[+\-](?=\d))?(?:[1-9]\d{0,2}(?:,\d{3})+|\d+)(?:\.\d+)?(?:[万亿]?元|[件条项个宗](?![一-鿿]))?"
    r"|[/\\]|-+|无(?![一-鿿]|\s*法)|(?<![A-Za-z])[A-Za-z]{1,3}(?![A-Za-z])|零(?![一-鿿])"
)
_ORDINAL = re.compile(r"(?:[(（]\s*\d\s*[)）]|[1-9][ \t]*[.．、)）])(?=\s*[一-鿿])")
_ENDING_ORDINAL = re.compile(r"(?:[(（]\s*\d\s*[)）]|\d\s*[.．、)）])\s*$")
_AFTER_NUMBER = re.compile(r"\s*(?:[年月日.、)]|万|个百|%)")
# Sub-rows whose bare ordinals must agree before any digit is taken for one; four in order by chance is 1 in 10,000.
LEAST_BARE, BARE_SHARE = 4, 0.8
_YEAR = re.compile(r"(?:19|20)\d\d$")


def stretch_tokens(text: str, view: str, start: int, end: int) -> list[Piece]:
    """The values printed in `[start, end)` of the view; ordinals of labels ("1.", "(3)") are not values."""
    stretch = without_ordinals(view[start:end])
    return [make_piece(text, start + m.start(), start + m.end()) for m in VALUE.finditer(stretch)]


def without_ordinals(stretch: str) -> str:
    """The stretch at the same length without the ordinals of labels."""
    return _ORDINAL.sub(lambda m: " " * len(m.group()), stretch)


def before_ordinal(view: str, start: int, end: int) -> int:
    """Where a stretch ends if the label at `end` has its ordinal ("2.", "(3)") before it."""
    found = _ENDING_ORDINAL.search(view, start, end)
    return found.start() if found else end


def bare_ordinals(view: str, ends: Sequence[tuple[int, str]]) -> bool:
    """Whether labels are numbered by bare digits ("01属于国家秘密"): `ends` are where labels begin, and their ordinals.

    Figures that happen to end in 1, 2, 3 … down the table are all but impossible, so nearly all labels must agree.
    """
    numbered = [(end, ordinal) for end, ordinal in ends if ordinal]
    agreed = sum(view[max(0, end - 4) : end].rstrip().endswith(ordinal) for end, ordinal in numbered)
    return agreed >= LEAST_BARE and agreed >= BARE_SHARE * len(numbered)


def before_bare(view: str, start: int, end: int, ordinal: str) -> int:
    """Where a stretch ends if the label at `end` has its `ordinal` before it as a bare digit."""
    stretch = view[start:end].rstrip()
    return start + len(stretch) - 1 if ordinal and stretch.endswith(ordinal) else end


def value_stretch(view: str, start: int, end: int) -> int:
    """Where values that begin at `start` end: before the first Chinese character that is no unit or mark."""
    at = start
    while at < end:
        found = VALUE.match(view, at)
        if found:
            after = _AFTER_NUMBER.match(view, found.end())
            if after and found.group()[-1].isdigit():
                year = _YEAR.search(found.group())
                ordinal = view[found.end():].lstrip()[:1] in ".、)"
                return at + (year.start() if year and not ordinal else max(0, len(found.group()) - 1) if ordinal else 0)
            at = found.end()
        elif view[at].isspace() or view[at] in "|,;:，":
            at += 1
        else:
            break
    return at


def separated_cells(
    text: str, view: str, start: int, end: int, columns: int, *, labelled: bool = True
) -> tuple[Piece, ...] | None:
    """The cells of a row whose separators survived (tabs or pipes), blanks included; None where there are none.

    `labelled`: a label stands before the row, so that its first separator begins the first cell.
    """
    line_end = view.find("\n", start, end)
    stop = end if line_end < 0 else line_end
    for mark in "\t|":
        if view.count(mark, start, stop) >= columns - 1:
            cells, at = [], start
            for part in view[start:stop].split(mark):
                cells.append((at, at + len(part)))
                at += len(part) + 1
            if (labelled or len(cells) > columns) and not view[cells[0][0] : cells[0][1]].strip():
                cells = cells[1:]  # the separator between the label and its first cell
            while len(cells) > columns and not view[cells[-1][0] : cells[-1][1]].strip():
                cells = cells[:-1]
            if len(cells) == columns:
                return tuple(make_piece(text, a, b) for a, b in cells)
    return None


def line_cells(text: str, view: str, start: int, end: int, columns: int) -> tuple[Piece, ...] | None:
    """The cells of a row printed one per line where blank lines stand for blank cells; None if the count is not met.

    The step from cell to cell is the smallest distance in line ends; a blank cell adds whole steps to it.
    """
    found = list(VALUE.finditer(view[start:end]))
    gaps = [view.count("\n", start + a.end(), start + b.start()) for a, b in pairwise(found)]
    if not found or any(g == 0 for g in gaps):
        return None
    before = view.count("\n", start, start + found[0].start())
    after = view.count("\n", start + found[-1].end(), end)
    step = min([*gaps, max(before, 1), max(after, 1)])
    if any(g % step for g in (*gaps, before, after)):
        return None
    cells: list[Piece] = []
    for gap, match in zip([before, *gaps], found, strict=True):
        blank = Piece("", start + match.start(), start + match.start(), None, "blank")
        cells.extend([blank] * (gap // step - 1))
        cells.append(make_piece(text, start + match.start(), start + match.end()))
    cells.extend([Piece("", end, end, None, "blank")] * max(0, after // step - 1))
    return tuple(cells) if len(cells) == columns else None


def read_row(text: str, view: str, place: tuple[int, int], columns: int, gaps: bool) -> Reading:
    """The reading of a row of `columns` cells, the last their sum, printed in `[start, end)`; `gaps` as in solve."""
    start, end = place
    exact = separated_cells(text, view, start, end, columns)
    tokens = stretch_tokens(text, view, start, end)
    if exact is None and 0 < len(tokens) < columns:
        exact = line_cells(text, view, start, end, columns)
    if exact is not None:
        return Reading((exact,), True, exact[0].start, max(exact[-1].end, exact[0].start))
    if not tokens:
        blank = Piece("", start, start, None, "blank")
        return Reading(((blank,) * columns,), True, start, start)
    return token_reading(text, tokens, columns, gaps=gaps)


def token_reading(
    text: str, tokens: Sequence[Piece], columns: int, *, first_is_label: bool = False, gaps: bool = False
) -> Reading:
    """The reading of a row given its tokens; direct where they are as many as cells, or one more than a lost label."""
    candidates = row_candidates(tokens, columns, first_is_label=first_is_label, gaps=gaps)
    direct = bool(candidates) and (len(tokens) == columns or (first_is_label and len(tokens) == columns + 1))
    start, end = tokens[0].start, tokens[-1].end
    return Reading(candidates, direct, start, end, text[start:end])

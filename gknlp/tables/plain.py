"""Rows of table 2, which no sum holds together: every cut of what ran together that the kinds of columns allow."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from gknlp.tables.values import Piece, parse_value

_NUMBER = re.compile(
    r"(?P<sign>减少?|增加?|新增|[+\-])?(?P<digits>\d+)(?P<tail>(?:\.\d+)?(?:[万亿]?元|[件条项个宗])?)$"
)
# More readings of one row than this are no alternatives; three columns and twenty digits have 190.
MOST_READINGS = 3_000


@dataclass(frozen=True, slots=True)
class _Run:
    """A printed number that may be several: sign before its digits, fraction and unit behind them."""

    piece: Piece
    sign: int
    digits: int

    def cut(self, first: int, last: int) -> Piece:
        """The piece of the digits `[first, last)`; the first keeps the sign, the last fraction and unit."""
        start = 0 if first == 0 else self.sign + first
        end = len(self.piece.raw) if last == self.digits else self.sign + last
        raw = self.piece.raw[start:end]
        kind, value = parse_value(raw)
        return Piece(raw, self.piece.start + start, self.piece.start + end, value, kind)


def plain_candidates(
    tokens: Sequence[Piece], columns: Sequence[str], gaps: bool = False
) -> tuple[tuple[Piece | None, ...], ...]:
    """What a row under `columns` (as the form names them) can be: every cut of a run, every place of a lost blank.

    A run that can fill the row alone has no blanks, unless the table lost others (`gaps`). A sign stands only under
    本年增/减, a fraction or 元 only under an amount. Candidates in the order of their cuts; empty where there are more
    tokens than columns, or more readings than could be told apart.
    """
    if not tokens or len(tokens) > len(columns):
        return ()
    found = [row for row in _cuts(tokens, len(columns)) if _allowed(row, columns)]
    digits = sum(run.digits if (run := _run(token)) is not None else 1 for token in tokens)
    if len(tokens) > 1 or digits < len(columns) or not found or gaps:
        blank = Piece("", tokens[0].start, tokens[0].start, None, "blank")
        for parts in range(len(tokens), len(columns)):
            for pieces in _cuts(tokens, parts):
                found.extend(row for row in _placed(pieces, len(columns), blank) if _allowed(row, columns))
    unique = list(dict.fromkeys(found))
    return tuple(unique) if len(unique) <= MOST_READINGS else ()


def _run(piece: Piece) -> _Run | None:
    found = _NUMBER.fullmatch(piece.raw) if piece.kind == "number" else None
    return _Run(piece, len(found["sign"] or ""), len(found["digits"])) if found else None


def _cuts(tokens: Sequence[Piece], parts: int) -> Iterator[tuple[Piece | None, ...]]:
    """Every way to cut the tokens into `parts` pieces, at least one a token, no piece with a leading nought."""
    if not tokens:
        if parts == 0:
            yield ()
        return
    run = _run(tokens[0])
    most = run.digits if run else 1
    for count in range(1, min(most, parts - len(tokens) + 1) + 1):
        for places in combinations(range(1, most), count - 1):
            bounds = (0, *places, most)
            pieces = (tokens[0],) if run is None or count == 1 else tuple(
                run.cut(a, b) for a, b in pairwise(bounds)
            )
            if count > 1 and any(re.match(r"\D*0\d", piece.raw) for piece in pieces):
                continue
            for rest in _cuts(tokens[1:], parts - count):
                yield (*pieces, *rest)


def _placed(pieces: Sequence[Piece | None], columns: int, blank: Piece) -> Iterator[tuple[Piece | None, ...]]:
    """The pieces in their order in a row of `columns`, blank elsewhere."""
    for places in combinations(range(columns), len(pieces)):
        row: list[Piece | None] = [blank] * columns
        for place, piece in zip(places, pieces, strict=True):
            row[place] = piece
        yield tuple(row)


def _allowed(row: Sequence[Piece | None], columns: Sequence[str]) -> bool:
    """Whether every piece can stand in its column."""
    for piece, column in zip(row, columns, strict=True):
        found = _NUMBER.fullmatch(piece.raw) if piece is not None and piece.kind == "number" else None
        if found is None:
            continue
        if found["sign"] and "增" not in column:
            return False
        if ("." in found["tail"] or "元" in found["tail"]) and "金额" not in column:
            return False
    return True

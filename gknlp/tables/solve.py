"""Which cells a printed row can be: digits that ran together, blanks that were lost, solved by the form's identities.

Every search is bounded: past its budget a row is left open rather than guessed. Values are counts (no minus sign, no
leading zero) wherever a run is split.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import combinations

from gknlp.tables.values import Piece

Candidate = tuple[Piece | None, ...]

# Steps of one row's search; a row of 40 digits with ordinary figures needs under 3,000 (measured on generated tables).
BUDGET = 40_000
# More readings of one row than this are not alternatives but ignorance; realistic rows have under 200.
MOST_CANDIDATES = 3_000
# Partial sums kept, and made, while rows are combined; beyond it the rows are not combined and stay as they are. Ten
# times what the digit runs of generated tables need, and half a second.
MOST_STATES = 30_000
MOST_SUMS = 150_000


class OutOfBudgetError(Exception):
    """A search went past its bound. Caught in this package; never reaches a caller."""


class _Budget:
    def __init__(self, steps: int = BUDGET) -> None:
        self.left = steps

    def spend(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise OutOfBudgetError


def is_run(piece: Piece) -> bool:
    """Whether the piece is plain digits, so that it may be several cells run together."""
    return piece.kind == "number" and piece.raw.isdigit()


def cut(piece: Piece, start: int, end: int) -> Piece:
    """The sub-piece of a run of digits, offsets relative to the run."""
    raw = piece.raw[start:end]
    return Piece(raw, piece.start + start, piece.start + end, float(int(raw)))


def amount(piece: Piece | None) -> float:
    """The value of a piece where a sum is made: blank and absent count 0."""
    return piece.value if piece is not None and piece.value is not None else 0.0


def split_runs(tokens: Sequence[Piece], parts: int, target: float | None, budget: _Budget) -> Iterator[list[Piece]]:
    """All ways to cut `tokens` into `parts` pieces without joining tokens, with sum `target` (None: any sum)."""
    lengths = [len(t.raw) if is_run(t) else 1 for t in tokens]

    def walk(i: int, offset: int, parts_left: int, rest: float | None) -> Iterator[list[Piece]]:
        budget.spend()
        if i == len(tokens):
            if parts_left == 0 and (rest is None or rest == 0):
                yield []
            return
        room = sum(lengths[i:]) - offset
        if parts_left < len(tokens) - i or room < parts_left:
            return
        if rest is not None and rest > 10.0 ** (room - parts_left + 1) + 9 * parts_left and is_run(tokens[i]):
            return
        token = tokens[i]
        if not is_run(token):
            if rest is None or amount(token) <= rest:
                left = None if rest is None else rest - amount(token)
                for tail in walk(i + 1, 0, parts_left - 1, left):
                    yield [token, *tail]
            return
        longest = 1 if token.raw[offset] == "0" else len(token.raw) - offset
        for size in range(1, longest + 1):
            piece = cut(token, offset, offset + size)
            if rest is not None and amount(piece) > rest:
                break
            left = None if rest is None else rest - amount(piece)
            ends = offset + size == len(token.raw)
            for tail in walk(i + 1 if ends else i, 0 if ends else offset + size, parts_left - 1, left):
                yield [piece, *tail]

    yield from walk(0, 0, parts, target)


def split_sum(tokens: Sequence[Piece], parts: int, budget: _Budget) -> list[list[Piece]]:
    """All ways to cut `tokens` into `parts` pieces of which the last is the sum of the others."""
    found: list[list[Piece]] = []
    last = tokens[-1]
    if not is_run(last):
        return [c for c in split_runs(tokens, parts, None, budget) if amount(c[-1]) == sum(map(amount, c[:-1]))]
    for start in range(len(last.raw)):
        if last.raw[start] == "0" and start < len(last.raw) - 1:
            continue
        total = cut(last, start, len(last.raw))
        before = [*tokens[:-1], cut(last, 0, start)] if start else list(tokens[:-1])
        if not before:
            continue
        found.extend([*split, total] for split in split_runs(before, parts - 1, total.value, budget))
        if len(found) > MOST_CANDIDATES:
            raise OutOfBudgetError
    return found


def placed(pieces: Sequence[Piece], columns: int, blank: Piece) -> Iterator[Candidate]:
    """The pieces in order in a row of `columns`, blanks lost: with the last as total, then with the total blank."""
    for last_taken in (True, False):
        inner = pieces[:-1] if last_taken else pieces
        if last_taken and sum(map(amount, inner)) != amount(pieces[-1]):
            continue
        if len(inner) > columns - 1:
            continue
        for places in combinations(range(columns - 1), len(inner)):
            row: list[Piece | None] = [blank] * columns
            for place, piece in zip(places, inner, strict=True):
                row[place] = piece
            if last_taken:
                row[-1] = pieces[-1]
            yield tuple(row)


def row_candidates(
    tokens: Sequence[Piece], columns: int, *, first_is_label: bool = False, gaps: bool = False
) -> tuple[Candidate, ...]:
    """What a row of `columns` cells (the last their sum) can be, given its printed tokens in order.

    As many tokens as cells are taken as they are. Fewer: runs cut so that the sum holds, or blanks lost; the sum
    decides, and where other rows of the table lost blanks too (`gaps`), readings with blanks count as much as those
    without. More: one token too many (the remnant of a lost label if `first_is_label`, a page number) or a number
    broken in two, again if the sum holds. Empty where nothing fits or the search would not end.
    """
    if not tokens:
        return ()
    if len(tokens) == columns:
        return (tuple(tokens),)
    if any(token.kind == "open" for token in tokens):
        return ()
    return _solved(tuple(tokens), columns, first_is_label, gaps)


@lru_cache(maxsize=256)
def _solved(tokens: tuple[Piece, ...], columns: int, first_is_label: bool, gaps: bool) -> tuple[Candidate, ...]:
    """`row_candidates` where something is to be solved; kept, since each form and way of reading asks for it again."""
    budget = _Budget()
    try:
        if len(tokens) < columns:
            found = _fewer(tokens, columns, budget, gaps)
        else:
            found = _more(tokens, columns, first_is_label)
    except OutOfBudgetError:
        return ()
    return tuple(found) if len(found) <= MOST_CANDIDATES else ()


def proceedings_candidates(
    tokens: Sequence[Piece], gaps: bool = False
) -> list[tuple[Candidate, Candidate, Candidate]]:
    """What the 15 cells of table 4 can be: three groups of five, each closed by its sum.

    Blanks only if nothing fits without, or where the report's other tables lost blanks too (`gaps`).
    """
    if any(token.kind == "open" for token in tokens):
        return []
    for blanks in (True,) if gaps else (False, True):
        try:
            found = list(dict.fromkeys(_three_groups(tokens, blanks, _Budget())))
        except OutOfBudgetError:
            return []
        if found:
            return found if len(found) <= MOST_CANDIDATES else []
    return []


Place = tuple[int, int]


def _three_groups(
    tokens: Sequence[Piece], blanks: bool, budget: _Budget
) -> Iterator[tuple[Candidate, Candidate, Candidate]]:
    end = (len(tokens), 0)
    for first, a in _group(tokens, (0, 0), blanks, budget):
        for second, b in _group(tokens, a, blanks, budget):
            for third, c in _group(tokens, b, blanks, budget):
                if c == end:
                    yield first, second, third


def _group(tokens: Sequence[Piece], at: Place, blanks: bool, budget: _Budget) -> Iterator[tuple[Candidate, Place]]:
    """Five cells from `at` on with the fifth their sum, and where they end."""
    blank = Piece("", tokens[0].start, tokens[0].start, None, "blank")
    for pieces, place in _prefixes(tokens, at, 4, blanks, budget):
        if all(p is None for p in pieces):
            yield (blank,) * 5, place
            continue
        for total, after in _next_pieces(tokens, place, budget):
            if amount(total) == sum(map(amount, pieces)):
                yield tuple(p if p is not None else blank for p in (*pieces, total)), after


def _prefixes(
    tokens: Sequence[Piece], at: Place, parts: int, blanks: bool, budget: _Budget
) -> Iterator[tuple[tuple[Piece | None, ...], Place]]:
    if parts == 0:
        yield (), at
        return
    for piece, after in _next_pieces(tokens, at, budget):
        for tail, place in _prefixes(tokens, after, parts - 1, blanks, budget):
            yield (piece, *tail), place
    if blanks:
        for tail, place in _prefixes(tokens, at, parts - 1, blanks, budget):
            yield (None, *tail), place


def _next_pieces(tokens: Sequence[Piece], at: Place, budget: _Budget) -> Iterator[tuple[Piece, Place]]:
    """The pieces that can begin at a place, shortest first, each with the place after it."""
    i, offset = at
    budget.spend()
    if i >= len(tokens):
        return
    token = tokens[i]
    if not is_run(token):
        yield token, (i + 1, 0)
        return
    longest = 1 if token.raw[offset] == "0" else len(token.raw) - offset
    for size in range(1, longest + 1):
        ends = offset + size == len(token.raw)
        yield cut(token, offset, offset + size), ((i + 1, 0) if ends else (i, offset + size))


def _fewer(tokens: Sequence[Piece], columns: int, budget: _Budget, gaps: bool) -> list[Candidate]:
    """Fewer tokens than cells: cuts without blanks, then blanks where nothing else fits or the table has others."""
    digits = sum(len(t.raw) if is_run(t) else 1 for t in tokens)
    found: list[Candidate] = [tuple(c) for c in split_sum(tokens, columns, budget)] if digits >= columns else []
    if found and len(tokens) == 1 and not gaps:
        return found
    blank = Piece("", tokens[0].start, tokens[0].start, None, "blank")
    if len(tokens) > 1 and (not found or len(tokens) > 2 or gaps):
        found.extend(placed(tokens, columns, blank))
    if not found or gaps:
        found.extend(_with_blanks(tokens, columns, budget, blank))
    if digits == columns:
        # A digit for each cell: how the row reads even where its printed sum is wrong.
        found.extend(tuple(c) for c in split_runs(tokens, columns, None, budget) if tuple(c) not in found)
    if found:
        return list(dict.fromkeys(found))
    return [tuple(c) for c in split_runs(tokens, columns, None, budget)] if digits >= columns else []


def _with_blanks(tokens: Sequence[Piece], columns: int, budget: _Budget, blank: Piece) -> list[Candidate]:
    """Runs cut into fewer pieces than cells with the last their sum, or one piece alone, at every place."""
    found: list[Candidate] = []
    if len(tokens) == 1:
        found.extend(placed(tokens, columns, blank))
    for parts in range(max(2, len(tokens)), columns):
        for pieces in split_sum(tokens, parts, budget):
            found.extend(c for c in placed(pieces, columns, blank) if c[-1] is not blank)
            if len(found) > MOST_CANDIDATES:
                raise OutOfBudgetError
    return found


def _more(tokens: Sequence[Piece], columns: int, first_is_label: bool) -> list[Candidate]:
    if len(tokens) != columns + 1:
        return []
    if first_is_label:
        return [tuple(tokens[1:])]
    found: dict[tuple[float, ...], Candidate] = {}
    options: list[list[Piece]] = [[*tokens[:i], *tokens[i + 1 :]] for i in range(len(tokens))]
    for i in range(len(tokens) - 1):
        a, b = tokens[i], tokens[i + 1]
        if is_run(a) and is_run(b) and a.raw != "0":
            raw = a.raw + b.raw
            options.append([*tokens[:i], Piece(raw, a.start, b.end, float(raw)), *tokens[i + 2 :]])
    for option in options:
        if sum(map(amount, option[:-1])) == amount(option[-1]):
            found.setdefault(tuple(map(amount, option)), tuple(option))
    return list(found.values())


# ---- rows together -------------------------------------------------------------------------------------------------

Vector = tuple[float, ...]


def vector(candidate: Candidate, width: int) -> Vector:
    """The values of the first `width` cells, blanks as 0, as sums over rows take them."""
    return tuple(amount(piece) for piece in candidate[:width])


def _add(a: Vector, b: Vector) -> Vector:
    return tuple(x + y for x, y in zip(a, b, strict=True))


def _within(a: Vector, most: Vector) -> bool:
    return all(x <= y for x, y in zip(a, most, strict=True))


def consistent(
    parts: Sequence[Sequence[Vector]], totals: Iterable[Vector]
) -> tuple[list[set[Vector]], set[Vector]] | None:
    """Which readings of each part and which totals take part in a choice with sum(parts) = total, column by column.

    Exact, by partial sums forward and back; None where no choice fits or the states exceed `MOST_STATES`.
    """
    allowed = set(totals)
    if not allowed:
        return None
    width = len(next(iter(allowed)))
    most = tuple(max(t[c] for t in allowed) for c in range(width))
    order = sorted(range(len(parts)), key=lambda i: (len(parts[i]), i))
    layers: list[set[Vector]] = [{(0.0,) * width}]
    left = MOST_SUMS
    for i in order:
        choices = sorted(set(parts[i]))
        left -= len(layers[-1]) * len(choices)
        if left < 0:
            return None
        step = {
            total for partial in layers[-1] for choice in choices
            if _within(total := _add(partial, choice), most)
        }
        if not step or len(step) > MOST_STATES:
            return None
        layers.append(step)
    alive = layers[-1] & allowed
    if not alive:
        return None
    kept: list[set[Vector]] = [set() for _ in parts]
    reached = set(alive)
    for layer, i in zip(reversed(layers[:-1]), reversed(order), strict=True):
        before: set[Vector] = set()
        for partial in layer:
            for choice in set(parts[i]):
                if _add(partial, choice) in reached:
                    kept[i].add(choice)
                    before.add(partial)
        reached = before
    return kept, alive

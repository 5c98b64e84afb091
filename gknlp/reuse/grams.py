"""What a view has in common with others at first sight: pieces with like 3-grams, and verbatim runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate, chain
from typing import Any, NamedTuple

from gknlp.reuse.characters import code_points
from gknlp.reuse.view import BREAK, STRIPPED

# A verbatim run of this many view characters is a fragment wherever it stands: rarer than 1 % by chance in unrelated
# regulations (research/measures.md 4.5).
RUN = 13
_GRAM = 3
# A sentence or run that one report repeats is followed at its first places only, and a 3-gram of very many pieces on
# both sides tells no pair of pieces from another: work stays linear in reports that repeat themselves.
MOST_REPEATS = 8
MOST_MEETINGS = 1_000_000
# Pairs are compared this many characters at a time: they share what a call of numpy costs, and memory is bounded.
_AT_A_TIME = 60_000
# Multiplicative hashing (Knuth): multiples of 2^64 by the golden ratio, of which the upper bits are the most mixed.
_MULTIPLY = 0x9E3779B97F4A7C15
_MARK_BITS = 18
Block = tuple[int, int, int]


class Side(NamedTuple):
    """A view as the aligner needs it; small, and a tuple, because it travels to the workers.

    `weights` are what each character tells (`wording.wording_weights`; 0 for slots, breaks and set phrases), `frequent`
    is 1 for wording of many places.
    """

    text: str
    pieces: tuple[tuple[int, int, int], ...]
    weights: bytes
    frequent: bytes


class Common(NamedTuple):
    """What two sides have in common at first sight: numbers of pieces worth aligning, and maximal verbatim runs of at
    least RUN characters as `(a, b, length)`; both in order.
    """

    pieces: list[tuple[int, int]]
    runs: list[Block]


class _Row(NamedTuple):
    """Sides one after another, a break between: their text and the hashes of its 3-grams, which differ from one pair's
    first side to another's.

    `firsts` are the places of the sides; `piece_firsts` the numbers of their first pieces, and the number of all;
    `starts` and `ends` are the places of all pieces, those empty that their side has repeated too often.
    """

    text: str
    grams: Any
    firsts: Any
    piece_firsts: Any
    starts: Any
    ends: Any


class _Index(NamedTuple):
    """A row by its 3-grams without a break: `values` has each once, sorted; `places` are where they stand, in order,
    and `ranks` which value stands there.

    The pieces with `values[n]` are `pieces[begins[n]:begins[n + 1]]`; `sizes` has how many values each piece has.
    `marks` are set where a value begins with these bits: most 3-grams of another row are seen to be none at once.
    """

    row: _Row
    values: Any
    places: Any
    ranks: Any
    begins: Any
    pieces: Any
    sizes: Any
    marks: Any


def compare_pairs(pairs: Sequence[tuple[Side, Side]], near: float) -> list[Common]:
    """What the two sides of each pair have in common, in the order of pairs.

    Two pieces are worth aligning if one is the other's likest, and their 3-gram sets have a Jaccard index of at least
    `near`, or one holds the other to the same degree; ties to the same relative place. Cost: n log n; less where pairs
    with the same first side follow one another.
    """
    return [common for some in _batches(pairs) for common in _compare(some, near)]


def _batches(pairs: Sequence[tuple[Side, Side]]) -> Iterator[Sequence[tuple[Side, Side]]]:
    first = length = 0
    for number, (_, b) in enumerate(pairs):
        if length > _AT_A_TIME:
            yield pairs[first:number]
            first, length = number, 0
        length += len(b.text)
    if pairs:
        yield pairs[first:]


def _compare(pairs: Sequence[tuple[Side, Side]], near: float) -> Iterator[Common]:
    firsts: list[Side] = []
    numbers = []
    for a, _ in pairs:
        if not firsts or a is not firsts[-1]:
            firsts.append(a)
        numbers.append(len(firsts) - 1)
    index = _index_row(_join_sides(firsts, range(len(firsts))))
    row = _join_sides([b for _, b in pairs], numbers)
    places, ranks = _look_up(index, row.grams)
    return map(Common, _like_pieces(index, row, places, ranks, near), _common_runs(index, row, places, ranks))


def _join_sides(sides: Sequence[Side], numbers: Sequence[int]) -> _Row:
    """The row of sides that belong to the first sides of these numbers."""
    import numpy as np

    text = BREAK.join(side.text for side in sides)
    lengths, counts = [len(side.text) + 1 for side in sides], [len(side.pieces) for side in sides]
    firsts = np.array(list(accumulate(lengths[:-1], initial=0)))
    codes = code_points(text).astype(np.uint64)
    grams = codes[:-2] << np.uint64(42) | codes[1:-1] << np.uint64(21) | codes[2:]
    grams += np.repeat(np.array(numbers, dtype=np.uint64) * np.uint64(_MULTIPLY), lengths)[: len(grams)]
    grams *= np.uint64(_MULTIPLY)
    bounds = np.fromiter(chain.from_iterable(chain.from_iterable(side.pieces for side in sides)), dtype=np.int64)
    starts, ends, _ = bounds.reshape(-1, 3).T + np.repeat(firsts, counts)
    row = _Row(text, grams, firsts, np.array(list(accumulate(counts, initial=0))), starts, ends)
    return row._replace(ends=_cut_repeats(row))


def _cut_repeats(row: _Row) -> Any:  # noqa: ANN401
    """Where the pieces of a row end: there where they start if their side has repeated them too often."""
    import numpy as np

    sides = np.repeat(np.arange(len(row.firsts)), np.diff(row.piece_firsts))
    # Equal pieces are equally long and begin with the same 3-gram; that as many do is rare enough to read them then.
    first_grams = np.append(row.grams, np.uint64(0))[np.minimum(row.starts, len(row.grams))]
    kinds = np.sort(first_grams + (sides * len(row.text) + row.ends - row.starts).astype(np.uint64))
    if not (kinds[MOST_REPEATS:] == kinds[:-MOST_REPEATS]).any():
        return row.ends
    repeats: Counter[tuple[int, str]] = Counter()
    ends = row.ends.copy()
    for number, (side, start, end) in enumerate(np.stack((sides, row.starts, row.ends), axis=1).tolist()):
        repeats[side, row.text[start:end]] += 1
        if repeats[side, row.text[start:end]] > MOST_REPEATS:
            ends[number] = start
    return ends


def _index_row(row: _Row) -> _Index:
    import numpy as np

    codes = code_points(row.text)
    plain = (codes != ord(BREAK)) & (codes != ord(STRIPPED))
    places = np.flatnonzero(plain[:-2] & plain[1:-1] & plain[2:])
    grams = row.grams[places]
    order = np.argsort(grams)
    new = _begins(grams[order])
    values = grams[order][new]
    ranks = np.empty(len(order), dtype=np.int64)
    ranks[order] = np.cumsum(new) - 1
    by_value, pieces = _grams_of_pieces(row, places, ranks)
    begins = np.searchsorted(by_value, np.arange(len(values) + 1))
    marks = np.zeros(1 << _MARK_BITS, dtype=bool)
    marks[_marks(values)] = True
    return _Index(row, values, places, ranks, begins, pieces, np.bincount(pieces, minlength=len(row.starts)), marks)


def _marks(grams: Any) -> Any:  # noqa: ANN401
    import numpy as np

    return (grams >> np.uint64(64 - _MARK_BITS)).view(np.int64)


def _begins(values: Any) -> Any:  # noqa: ANN401
    """Which values differ from the one before."""
    import numpy as np

    new = np.ones(len(values), dtype=bool)
    np.not_equal(values[1:], values[:-1], out=new[1:])
    return new


def _grams_of_pieces(row: _Row, places: Any, ranks: Any) -> tuple[Any, Any]:  # noqa: ANN401
    """The ranks of 3-grams at places of the row and the pieces that hold them, each pair once, in order."""
    import numpy as np

    pieces = np.searchsorted(row.starts, places, side="right") - 1
    inside = places + _GRAM <= np.append(row.ends, 0)[pieces]
    pairs = np.sort(ranks[inside] * len(row.starts) + pieces[inside])
    ranks, pieces = np.divmod(pairs[_begins(pairs)], max(1, len(row.starts)))
    return ranks, pieces


def _look_up(index: _Index, grams: Any) -> tuple[Any, Any]:  # noqa: ANN401
    """The places of 3-grams that the index has, in order, and their ranks in it."""
    import numpy as np

    places = np.flatnonzero(index.marks[_marks(grams)])
    ranks = np.searchsorted(index.values, grams[places])
    ranks[ranks == len(index.values)] = 0
    equal = index.values[ranks] == grams[places]
    return places[equal], ranks[equal]


@lru_cache(maxsize=10_000)
def _count_grams(piece: str) -> int:
    return len({piece[at : at + _GRAM] for at in range(len(piece) - _GRAM + 1)})


def _like_pieces(
    index: _Index, row: _Row, places: Any, ranks: Any, near: float  # noqa: ANN401
) -> list[list[tuple[int, int]]]:
    """Pairs of pieces worth aligning, by side of the row: the likest partner of each piece, from both sides."""
    import numpy as np

    found: list[list[tuple[int, int]]] = [[] for _ in row.firsts]
    first, second, common = _common_grams(index, row, places, ranks)
    # Few pairs come near it: the sizes of the other pieces are counted for these alone.
    a_size, enough = index.sizes[first], RUN - _GRAM + 1
    kept = (common / a_size >= near) | (common >= enough)
    first, second, common, a_size = first[kept], second[kept], common[kept], a_size[kept]
    if not len(first):
        return found
    starts, ends = row.starts[second].tolist(), row.ends[second].tolist()
    b_size = np.array([_count_grams(row.text[start:end]) for start, end in zip(starts, ends, strict=True)])
    jaccard = common / (a_size + b_size - common)
    # Where one piece holds the other, equal sets of index `near` would share 2·near/(1+near) of either.
    contained = (common / np.minimum(a_size, b_size) >= 2 * near / (1 + near)) & (common >= enough)
    kept = (jaccard >= near) | contained
    first, second, jaccard = first[kept], second[kept], jaccard[kept]
    pair = _owners(row.piece_firsts, second)
    a_number, a_place = _place_in_side(index.row, first)
    b_number, b_place = _place_in_side(row, second)
    distance = np.abs(a_place - b_place)
    chosen = np.zeros(len(first), dtype=bool)
    for one, other in ((pair * len(index.sizes) + first, second), (second, first)):
        order = np.lexsort((other, distance, -jaccard, one))
        chosen[order[_begins(one[order])]] = True
    pair, a_number, b_number = pair[chosen], a_number[chosen], b_number[chosen]
    for number, a, b in zip(pair.tolist(), a_number.tolist(), b_number.tolist(), strict=True):
        found[number].append((a, b))
    return found


def _owners(firsts: Any, numbers: Any) -> Any:  # noqa: ANN401
    """The side of each place, or of each piece, by the first ones of the sides."""
    import numpy as np

    return np.searchsorted(firsts, numbers, side="right") - 1


def _place_in_side(row: _Row, pieces: Any) -> tuple[Any, Any]:  # noqa: ANN401
    """The numbers of pieces in their own sides, and how far from the beginning these are, from 0 to 1."""
    import numpy as np

    sides = _owners(row.piece_firsts, pieces)
    numbers = pieces - row.piece_firsts[sides]
    return numbers, numbers / np.diff(row.piece_firsts)[sides]


def _common_grams(index: _Index, row: _Row, places: Any, ranks: Any) -> tuple[Any, Any, Any]:  # noqa: ANN401
    """Pairs of pieces of the two rows, in order, with how many 3-grams both have."""
    import numpy as np

    ranks, pieces = _grams_of_pieces(row, places, ranks)
    counts = index.begins[ranks + 1] - index.begins[ranks]
    if len(ranks) and int(counts.max() * np.diff(row.piece_firsts).max()) > MOST_MEETINGS:
        pairs = _owners(row.piece_firsts, pieces) * len(index.values) + ranks
        _, which, own = np.unique(pairs, return_inverse=True, return_counts=True)
        counts[counts * own[which] > MOST_MEETINGS] = 0
    rows, numbers = _meetings(index.begins[ranks], counts)
    cells, common = np.unique(index.pieces[numbers] * len(row.starts) + pieces[rows], return_counts=True)
    return *np.divmod(cells, max(1, len(row.starts))), common


def _meetings(begins: Any, counts: Any) -> tuple[Any, Any]:  # noqa: ANN401
    """The numbers `begins[row]` to `begins[row] + counts[row]` of all rows, each with its row before it."""
    import numpy as np

    rows = np.repeat(np.arange(len(counts)), counts)
    return rows, (begins - np.cumsum(counts) + counts)[rows] + np.arange(len(rows))


def _common_runs(index: _Index, row: _Row, places: Any, ranks: Any) -> list[list[Block]]:  # noqa: ANN401
    """Maximal common runs of at least RUN characters, by side of the row."""
    import numpy as np

    found: list[list[Block]] = [[] for _ in row.firsts]
    b_places, b_hashes = _hash_runs(row, places)
    if not len(b_places):
        return found
    is_met = np.zeros(len(index.values), dtype=bool)
    is_met[ranks] = True
    a_places, a_hashes = _hash_runs(index.row, index.places[is_met[index.ranks]])
    begins = np.searchsorted(a_hashes, b_hashes)
    rows, numbers = _meetings(begins, np.searchsorted(a_hashes, b_hashes, side="right") - begins)
    a_places, b_places = a_places[numbers], b_places[rows]
    order = np.lexsort((a_places, b_places - a_places))
    a_places, b_places = a_places[order], b_places[order]
    new = np.flatnonzero(_begins(b_places - a_places) | _begins(a_places - np.arange(len(a_places))))
    lengths = np.diff(np.append(new, len(a_places))) + RUN - 1
    a_places, b_places = a_places[new], b_places[new]
    pair = _owners(row.firsts, b_places)
    a_places = a_places - index.row.firsts[_owners(index.row.firsts, a_places)]
    b_places = b_places - row.firsts[pair]
    for number, *block in sorted(zip(*(x.tolist() for x in (pair, a_places, b_places, lengths)), strict=True)):
        found[number].append(tuple(block))
    return found


def _hash_runs(row: _Row, places: Any) -> tuple[Any, Any]:  # noqa: ANN401
    """Runs of RUN characters all of whose 3-grams are among these places, by hash, then place: places and hashes.

    Those that a side repeats too often are left out.
    """
    import numpy as np

    others = RUN - _GRAM
    places = places[:-others][places[others:] - places[:-others] == others]
    # The run is written by as few of its 3-grams as hold all its characters.
    parts = np.array([*range(0, others, _GRAM), others])
    powers = np.cumprod(np.full(len(parts), _MULTIPLY, dtype=np.uint64))
    hashes = row.grams[places[:, np.newaxis] + parts] @ powers
    order = np.argsort(hashes, kind="stable")
    places, hashes = places[order], hashes[order]
    new = _begins(hashes) | _begins(_owners(row.firsts, places))
    numbers = np.arange(len(places))
    kept = numbers - np.maximum.accumulate(np.where(new, numbers, 0)) < MOST_REPEATS
    return places[kept], hashes[kept]

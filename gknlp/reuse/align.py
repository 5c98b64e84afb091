"""What two reports share: pieces that look alike are aligned letter by letter, verbatim runs are added, and what
follows
one another on both sides is chained to passages.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz.distance import Indel

from gknlp.reuse.view import BREAK

# A verbatim run of this many view characters is a fragment wherever it stands: rarer than 1 % by chance in unrelated
# regulations (research/measures.md 4.5).
RUN = 13
_GRAM = 3
# Fragments are chained over gaps of at most this many view characters on each side: a sentence left out or put in.
GAP = 40
# Local alignment: an unmatched character costs as much as a matched one earns, so a fragment ends where less than half
# agrees; runs of one and two characters agree by chance in this genre and earn less.
_EARNED = (0.0, 0.2, 1.0)
# A passage must agree in this share of its characters (2 x matched / both lengths): 20 % of words edited leave about
# 0.75,
# unrelated sentences of the genre that pass the Jaccard floor reach 0.5.
LEAST_SIMILARITY = 0.6
# … and hold one verbatim run of this length; edited copies do, sentences that share single words do not.
LEAST_RUN = 6

Block = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Side:
    """A view as the aligner needs it; small, because it travels to the workers."""

    text: str
    pieces: tuple[tuple[int, int, int], ...]
    fixed: bytes


@dataclass(frozen=True, slots=True)
class Shared:
    """A passage of a pair in view positions; `blocks` are its matched runs, flat: a, b, length, a, b, length …"""

    a_start: int
    a_end: int
    b_start: int
    b_end: int
    similarity: float
    blocks: array[int]


@dataclass(slots=True)
class _Grams:
    """What is compared of a side: its 3-grams by piece, sorted; how many each piece has; its runs, sorted by hash."""

    grams: Any
    pieces: Any
    counts: Any
    runs: Any
    run_places: Any


def align_reports(item: tuple[Side, Sequence[Side]], *, near: float, min_chars: int) -> list[list[Shared]]:
    """The passages of one report with each of the others, in their order; top level, for `Engine.map`."""
    focus, others = item
    grams = _index(focus)
    return [_align(focus, grams, other, _index(other), near, min_chars) for other in others]


def align_pair(a: Side, b: Side, *, near: float, min_chars: int) -> list[Shared]:
    """The passages that `a` and `b` share, ordered by place in `a`, then `b`; none crosses a break of its view.

    Pieces whose 3-gram sets have a Jaccard index of at least `near` (or one of which holds the other to the same
    degree)
    are aligned; so is every verbatim run of RUN characters. A passage has at least `min_chars` matched characters
    beyond
    set phrases. Cost: about a millisecond for two reports of 60 sentences.
    """
    return _align(a, _index(a), b, _index(b), near, min_chars)


def _align(a: Side, a_grams: _Grams, b: Side, b_grams: _Grams, near: float, min_chars: int) -> list[Shared]:
    fragments = [
        fragment
        for a_piece, b_piece in _like_pieces(a_grams, b_grams, near)
        for fragment in _align_pieces(a.text, b.text, a.pieces[a_piece], b.pieces[b_piece])
    ]
    fragments.extend(_uncovered(_common_runs(a_grams, b_grams), fragments))
    chains = _chain(sorted(fragments, key=lambda blocks: (blocks[0][0], blocks[0][1])), a.text, b.text)
    found = [shared for chain in chains if (shared := _accept(chain, a, b, min_chars)) is not None]
    return sorted(_drop_nested(found), key=lambda s: (s.a_start, s.b_start, s.a_end, s.b_end))


def _drop_nested(found: list[Shared]) -> list[Shared]:
    """Leave out what lies, on both sides, for the most part in a longer passage: the same finding seen twice."""
    kept: list[Shared] = []
    for shared in sorted(found, key=lambda s: (s.a_start - s.a_end + s.b_start - s.b_end, s.a_start, s.b_start)):
        a_length, b_length = shared.a_end - shared.a_start, shared.b_end - shared.b_start
        if not any(
            2 * (min(shared.a_end, other.a_end) - max(shared.a_start, other.a_start)) > a_length
            and 2 * (min(shared.b_end, other.b_end) - max(shared.b_start, other.b_start)) > b_length
            for other in kept
        ):
            kept.append(shared)
    return kept


def _index(side: Side) -> _Grams:
    import numpy as np

    codes = np.frombuffer(side.text.encode("utf-32-le"), dtype=np.uint32).astype(np.int64)
    grams = codes[:-2] * (1 << 42) + codes[1:-1] * (1 << 21) + codes[2:] if len(codes) > 2 else codes[:0]
    owner = np.full(len(codes), -1, dtype=np.int64)
    for number, (start, end, _) in enumerate(side.pieces):
        owner[start : max(start, end - _GRAM + 1)] = number
    owner = owner[: len(grams)]
    inside = owner >= 0
    pairs = np.stack((grams[inside], owner[inside]))
    order = np.lexsort((pairs[1], pairs[0]))
    pairs = pairs[:, order]
    first = np.ones(pairs.shape[1], dtype=bool)
    first[1:] = (pairs[:, 1:] != pairs[:, :-1]).any(axis=0)
    pairs = pairs[:, first]
    counts = np.bincount(pairs[1], minlength=len(side.pieces))
    runs, places = _run_hashes(codes)
    return _Grams(pairs[0], pairs[1], counts, runs, places)


def _run_hashes(codes: Any) -> tuple[Any, Any]:  # noqa: ANN401
    """Hashes of all runs of RUN characters without a break, sorted, with their places."""
    import numpy as np

    count = len(codes) - RUN + 1
    if count < 1:
        return codes[:0], codes[:0]
    hashes = np.zeros(count, dtype=np.uint64)
    values = codes.astype(np.uint64)
    for at in range(RUN):
        hashes = hashes * np.uint64(0x9E3779B97F4A7C15) + values[at : at + count]
    breaks = np.concatenate(([0], np.cumsum(codes == ord(BREAK))))
    places = np.flatnonzero(breaks[RUN : RUN + count] == breaks[:count])
    order = np.argsort(hashes[places], kind="stable")
    return hashes[places][order], places[order]


def _joined(left: Any, right: Any) -> tuple[Any, Any]:  # noqa: ANN401
    """Index pairs of equal values of two sorted arrays."""
    import numpy as np

    low = np.searchsorted(right, left, side="left")
    count = np.searchsorted(right, left, side="right") - low
    rows = np.repeat(np.arange(len(left)), count)
    starts = np.repeat(low - np.concatenate(([0], np.cumsum(count)[:-1])), count) if len(left) else low
    return rows, starts + np.arange(len(rows))


def _like_pieces(a: _Grams, b: _Grams, near: float) -> list[tuple[int, int]]:
    """Pairs of pieces worth aligning: the likest partner of each piece, from both sides; ties to the same relative
    place.
    """
    import numpy as np

    rows, columns = _joined(a.grams, b.grams)
    if not len(rows):
        return []
    width = len(b.counts)
    cells, common = np.unique(a.pieces[rows] * width + b.pieces[columns], return_counts=True)
    first, second = cells // width, cells % width
    a_size, b_size = a.counts[first], b.counts[second]
    jaccard = common / (a_size + b_size - common)
    # Where one piece holds the other, equal sets of index `near` would share 2·near/(1+near) of either.
    contained = (common / np.minimum(a_size, b_size) >= 2 * near / (1 + near)) & (common >= RUN - _GRAM + 1)
    kept = (jaccard >= near) | contained
    first, second, jaccard = first[kept], second[kept], jaccard[kept]
    distance = np.abs(first / len(a.counts) - second / len(b.counts))
    found: set[tuple[int, int]] = set()
    for one, other in ((first, second), (second, first)):
        order = np.lexsort((other, distance, -jaccard, one))
        best = np.ones(len(order), dtype=bool)
        best[1:] = one[order][1:] != one[order][:-1]
        found.update(zip(first[order][best].tolist(), second[order][best].tolist(), strict=True))
    return sorted(found)


def _common_runs(a: _Grams, b: _Grams) -> list[Block]:
    """Maximal common runs of at least RUN characters, as `(a, b, length)`, in order."""
    import numpy as np

    rows, columns = _joined(a.runs, b.runs)
    if not len(rows):
        return []
    places, others = a.run_places[rows], b.run_places[columns]
    order = np.lexsort((places, others - places))
    places, others = places[order], others[order]
    new = np.ones(len(places), dtype=bool)
    new[1:] = (np.diff(places) != 1) | (np.diff(others) != 1)
    starts = np.flatnonzero(new)
    lengths = np.diff(np.append(starts, len(places))) + RUN - 1
    return sorted(zip(places[starts].tolist(), others[starts].tolist(), lengths.tolist(), strict=True))


def _align_pieces(
    a: str, b: str, a_piece: tuple[int, int, int], b_piece: tuple[int, int, int]
) -> list[list[Block]]:
    return _local(_equal_blocks(a, b, a_piece[0], a_piece[1], b_piece[0], b_piece[1]))


def _equal_blocks(a: str, b: str, a_start: int, a_end: int, b_start: int, b_end: int) -> list[Block]:
    """Matched runs of the least edit (insertions and deletions) from one stretch to the other."""
    codes = Indel.opcodes(a[a_start:a_end], b[b_start:b_end])
    return [
        (a_start + code.src_start, b_start + code.dest_start, code.src_end - code.src_start)
        for code in codes
        if code.tag == "equal"
    ]


def _local(blocks: list[Block]) -> list[list[Block]]:
    """The stretches of an alignment that agree more than they differ: best-scoring one, then what is left of it,
    right of it.
    """
    found: list[list[Block]] = []
    waiting = [blocks]
    while waiting:
        part = waiting.pop()
        best, first, last = 0.0, 0, -1
        score, start = 0.0, 0
        for number, (a, b, length) in enumerate(part):
            if number > start:
                before = part[number - 1]
                score -= max(a - before[0] - before[2], b - before[1] - before[2])
            if score <= 0:
                score, start = 0.0, number
            score += _EARNED[length] if length < len(_EARNED) else length
            if score > best:
                best, first, last = score, start, number
        if best >= LEAST_RUN:
            found.append(part[first : last + 1])
            waiting.extend((part[:first], part[last + 1 :]))
    return found


def _uncovered(runs: list[Block], fragments: list[list[Block]]) -> list[list[Block]]:
    """The verbatim runs that no fragment holds on the same diagonal, each as a fragment of its own."""
    held: dict[int, list[tuple[int, int]]] = {}
    for fragment in fragments:
        for a, b, length in fragment:
            held.setdefault(b - a, []).append((a, a + length))
    return [
        [(a, b, length)]
        for a, b, length in runs
        if sum(max(0, min(a + length, end) - max(a, start)) for start, end in held.get(b - a, ())) < length
    ]


def _chain(fragments: list[list[Block]], a: str, b: str) -> list[list[Block]]:
    """Join fragments that follow one another on both sides within GAP; of several chains to the one with the least
    gap.
    """
    chains: list[list[Block]] = []
    open_chains: list[list[Block]] = []
    for fragment in fragments:
        open_chains = [chain for chain in open_chains if fragment[0][0] - _ends(chain)[0] <= GAP]
        best: tuple[int, int] | None = None
        fitting: list[Block] = []
        for number, chain in enumerate(open_chains):
            rest = _after(fragment, *_ends(chain))
            if not rest:
                continue
            a_end, b_end = _ends(chain)
            gaps = rest[0][0] - a_end, rest[0][1] - b_end
            if max(gaps) > GAP or BREAK in a[a_end : rest[0][0]] or BREAK in b[b_end : rest[0][1]]:
                continue
            if best is None or sum(gaps) < best[0]:
                best, fitting = (sum(gaps), number), rest
        if best is None:
            chain = list(fragment)
            chains.append(chain)
            open_chains.append(chain)
            continue
        chain = open_chains[best[1]]
        a_end, b_end = _ends(chain)
        if min(fitting[0][0] - a_end, fitting[0][1] - b_end) > 0:
            filled = _equal_blocks(a, b, a_end, fitting[0][0], b_end, fitting[0][1])
            chain.extend(block for block in filled if block[2] > 1)
        chain.extend(fitting)
    return chains


def _ends(chain: list[Block]) -> tuple[int, int]:
    a, b, length = chain[-1]
    return a + length, b + length


def _after(fragment: list[Block], a_end: int, b_end: int) -> list[Block]:
    """What of a fragment lies past both ends; empty unless that is most of it."""
    rest = []
    for a, b, length in fragment:
        over = max(a_end - a, b_end - b, 0)
        if over < length:
            rest.append((a + over, b + over, length - over))
    whole = sum(length for _, _, length in fragment)
    return rest if 2 * sum(length for _, _, length in rest) > whole else []


def _accept(chain: list[Block], a: Side, b: Side, min_chars: int) -> Shared | None:
    """The passage of a chain, or None where too little of it agrees beyond set phrases."""
    matched = sum(length for _, _, length in chain)
    substance = sum(
        length - sum(x | y for x, y in zip(a.fixed[at : at + length], b.fixed[to : to + length], strict=True))
        for at, to, length in chain
    )
    a_start, b_start = chain[0][0], chain[0][1]
    a_end, b_end = _ends(chain)
    similarity = 2 * matched / (a_end - a_start + b_end - b_start)
    longest = max(length for _, _, length in chain)
    if substance < min_chars or similarity < LEAST_SIMILARITY or longest < min(LEAST_RUN, min_chars):
        return None
    blocks = array("l", [value for block in chain for value in block])
    return Shared(a_start, a_end, b_start, b_end, similarity, blocks)

"""What two views have in common at first sight: pieces with like 3-grams, and verbatim runs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from gknlp.reuse.view import BREAKS

# A verbatim run of this many view characters is a fragment wherever it stands: rarer than 1 % by chance in unrelated
# regulations (research/measures.md 4.5).
RUN = 13
_GRAM = 3
# Sides whose index a process keeps: about 60 KB each, and most reports are a partner more than once.
INDEXED = 512
# A sentence or run that one report repeats is followed at its first places only, and a 3-gram of very many pieces on
# both sides tells no pair of pieces from another: work stays linear in reports that repeat themselves.
MOST_REPEATS = 8
MOST_MEETINGS = 1_000_000
Block = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Side:
    """A view as the aligner needs it; small, because it travels to the workers.

    `weights` are what each character tells (`wording.wording_weights`; 0 for slots, breaks and set phrases), `frequent`
    is 1 for wording of many places.
    """

    text: str
    pieces: tuple[tuple[int, int, int], ...]
    weights: bytes
    frequent: bytes


@dataclass(slots=True)
class Grams:
    """What is compared of a side: its 3-grams by piece, sorted; how many each piece has; its runs, sorted by hash."""

    grams: Any
    pieces: Any
    counts: Any
    runs: Any
    run_places: Any


@lru_cache(maxsize=INDEXED)
def index_side(side: Side) -> Grams:
    """The 3-grams of each piece and the runs of a side, sorted; kept for the sides used last. Cost: n log n."""
    import numpy as np

    codes = np.frombuffer(side.text.encode("utf-32-le"), dtype=np.uint32).astype(np.int64)
    grams = codes[:-2] * (1 << 42) + codes[1:-1] * (1 << 21) + codes[2:] if len(codes) > 2 else codes[:0]
    owner = np.full(len(codes), -1, dtype=np.int64)
    repeats: Counter[str] = Counter()
    for number, (start, end, _) in enumerate(side.pieces):
        piece = side.text[start:end]
        repeats[piece] += 1
        if repeats[piece] <= MOST_REPEATS:
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
    return Grams(pairs[0], pairs[1], counts, runs, places)


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
    breaks = np.concatenate(([0], np.cumsum(np.isin(codes, [ord(sign) for sign in sorted(BREAKS)]))))
    places = np.flatnonzero(breaks[RUN : RUN + count] == breaks[:count])
    order = np.argsort(hashes[places], kind="stable")
    hashes, places = hashes[places][order], places[order]
    first = np.searchsorted(hashes, hashes, side="left")
    kept = np.arange(len(hashes)) - first < MOST_REPEATS
    return hashes[kept], places[kept]


def _joined(left: Any, right: Any) -> tuple[Any, Any]:  # noqa: ANN401
    """Index pairs of equal values of two sorted arrays."""
    import numpy as np

    low = np.searchsorted(right, left, side="left")
    count = np.searchsorted(right, left, side="right") - low
    if len(left) and int(count.max()) * len(left) > MOST_MEETINGS:
        own = np.searchsorted(left, left, side="right") - np.searchsorted(left, left, side="left")
        count[count * own > MOST_MEETINGS] = 0
    rows = np.repeat(np.arange(len(left)), count)
    starts = np.repeat(low - np.concatenate(([0], np.cumsum(count)[:-1])), count) if len(left) else low
    return rows, starts + np.arange(len(rows))


def like_pieces(a: Grams, b: Grams, near: float) -> list[tuple[int, int]]:
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


def common_runs(a: Grams, b: Grams) -> list[Block]:
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

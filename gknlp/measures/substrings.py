"""KT-2003 R-measure: how much of a text, substring by substring, stands in other texts."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from math import sqrt
from typing import TYPE_CHECKING

from gknlp.measures.documents import Document, letters_of

if TYPE_CHECKING:
    from gknlp.measures.ragged import Array

# Windows are packed into this many bits of a 64-bit integer.
_KEY_BITS = 62


def kt2003_r_measure(document: Document, others: Sequence[Document]) -> float | None:
    """The R-measure of a document against `others`: 0 nothing in common, 1 it stands whole in one of them.

    Reproduces Khmelev & Teahan (SIGIR 2003): R is the root of `2 / (l (l + 1))` times the sum, over every place of the
    text of length l, of the longest stretch from there on that stands in another text. Long repeats weigh more than
    many short ones: half a text copied in one piece gives at least 0.5. Ours: the text is its letters, digits and
    ideographs without punctuation. None for a document without letters. R grows with the number and the length of the
    `others`: compare only values against sets of one size. See `kt2003_r_measures` for many documents, and the cost.
    """
    texts = ["".join(letters_of(text)) for text in (document, *others)]
    return r_measures((texts, [0, *[1] * len(others)]))[0]


def kt2003_r_measures(
    documents: Sequence[Document], *, owners: Sequence[Hashable] | None = None
) -> list[float | None]:
    """The R-measure of each document against those of all other `owners` (by default all differ).

    Cost: a suffix array by doubling, n log n sorts of numpy; a million characters take about a second and 100 MB.
    """
    texts = ["".join(letters_of(document)) for document in documents]
    return r_measures((texts, list(range(len(texts))) if owners is None else owners))


def r_measures(documents: tuple[Sequence[str], Sequence[Hashable]]) -> list[float | None]:
    """The R-measure of each string against those of other owners (strings, owners); None for an empty one.

    One argument and top level, for `Engine.map`.
    """
    import numpy as np

    texts, owners = documents
    if not any(texts):
        return [None] * len(texts)
    numbers: dict[Hashable, int] = {}
    owner = [numbers.setdefault(name, len(numbers)) for name in owners]
    sizes = np.asarray([len(text) for text in texts])
    # Each text ends in a sign of its own, so that no common stretch goes beyond it.
    ends = np.cumsum(sizes + 1) - 1
    codes = np.zeros(ends[-1] + 1, dtype=np.int64)
    letters = np.ones(len(codes), dtype=bool)
    letters[ends] = False
    codes[letters] = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    codes[ends] = 0x110000 + np.arange(len(texts))
    shared = longest_shared(codes, np.repeat(owner, sizes + 1))
    sums = np.concatenate(([0], np.cumsum(shared)))
    starts = ends - sizes
    return [
        sqrt(min(1.0, 2 * int(sums[end] - sums[start]) / (size * (size + 1)))) if size else None
        for start, end, size in zip(starts.tolist(), ends.tolist(), sizes.tolist(), strict=True)
    ]


def longest_shared(codes: Array, owners: Array) -> Array:
    """For every place, the length of the longest stretch from there on that also begins at a place of another owner.

    The sequence ends in a sign that stands nowhere else. In the suffix array the longest common prefix with a suffix of
    another owner is that with the nearest such suffix above or below.
    """
    import numpy as np

    levels = rank_windows(codes)
    order = np.argsort(levels[-1], kind="stable")
    sorted_owners = owners[order]
    first = np.flatnonzero(np.concatenate(([True], sorted_owners[1:] != sorted_owners[:-1])))
    run = np.repeat(np.arange(len(first)), np.diff(np.concatenate((first, [len(order)]))))
    above = first[run] - 1
    below = np.concatenate((first[1:], [len(order)]))[run]
    longest = np.zeros(len(codes), dtype=np.int64)
    for neighbour in (above, below):
        known = (neighbour >= 0) & (neighbour < len(order))
        places, others = order[known], order[neighbour[known]]
        longest[places] = np.maximum(longest[places], _common_prefix(levels, places, others))
    return longest


def rank_windows(codes: Array) -> list[Array]:
    """Numbers of the windows of 1, 2, 4 … codes from every place on, until all differ: equal numbers, equal windows.

    The widest are ranks: the number of places with a lesser window (prefix doubling, Manber & Myers 1993); a place
    whose window stands once keeps its rank and is not looked at again. The last code must stand nowhere else.
    """
    import numpy as np

    keys: Array = (np.cumsum(np.bincount(codes) > 0) - 1)[codes]
    bits, width = max(1, int(keys.max()).bit_length()), 1
    levels = [keys]
    # Short windows stand side by side in one key, as long as that fits; only the last of these is sorted.
    while 2 * bits <= _KEY_BITS:
        keys = (keys << bits) | np.concatenate((keys[width:], np.zeros(min(width, len(keys)), dtype=np.int64)))
        bits, width = 2 * bits, 2 * width
        levels.append(keys)
    active, keys = np.arange(len(codes)), levels.pop()
    rank = np.zeros(len(codes), dtype=np.int64)
    while len(active):
        order = np.argsort(keys)
        keys, active = keys[order], active[order]
        opens = np.concatenate(([True], keys[1:] != keys[:-1]))
        first = np.flatnonzero(opens)[np.cumsum(opens) - 1]
        # Places of one rank stand together: theirs is the rank of the first of them.
        old = rank[active]
        base = np.flatnonzero(np.concatenate(([True], old[1:] != old[:-1])))
        rank = rank.copy()
        rank[active] = old + first - np.repeat(base, np.diff(np.concatenate((base, [len(old)]))))
        levels.append(rank)
        active = active[~(opens & np.concatenate((opens[1:], [True])))]
        # Ranks are below the number of places: two of them fit into one key.
        keys = (rank[active] << 31) | rank[np.minimum(active + width, len(codes) - 1)]
        width *= 2
    return levels


def _common_prefix(levels: Sequence[Array], a: Array, b: Array) -> Array:
    """The length of the common prefix of the suffixes at places `a` and `b`, pair by pair."""
    import numpy as np

    length = np.zeros(len(a), dtype=np.int64)
    for level in range(len(levels) - 1, -1, -1):
        length += (levels[level][a + length] == levels[level][b + length]) * np.int64(1 << level)
    return length

"""Rows of unequal length in one array, and exact numbers for the n-grams in them."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from gknlp.errors import SettingsError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array: TypeAlias = NDArray[np.int64]
    Floats: TypeAlias = NDArray[np.float64]
    Mask: TypeAlias = NDArray[np.bool_]

Counts: TypeAlias = "tuple[Array, Array]"
"""Distinct units in ascending order, and how often each stands."""

# Keys of n-grams are packed into this many bits of a 64-bit integer, sign and one to spare.
_KEY_BITS = 62


@dataclass(frozen=True, slots=True)
class Ragged:
    """Row i is `values[starts[i] : starts[i + 1]]`; `starts` has one entry more than there are rows."""

    values: Array
    starts: Array

    @property
    def lengths(self) -> Array:
        """The length of each row."""
        return self.starts[1:] - self.starts[:-1]

    def size(self, rows: Array) -> int:
        """The number of values of `rows` together."""
        return int((self.starts[rows + 1] - self.starts[rows]).sum())

    def take(self, rows: Array) -> Array:
        """The values of `rows`, one row after another."""
        import numpy as np

        counts = self.starts[rows + 1] - self.starts[rows]
        ends = np.cumsum(counts)
        places = np.arange(ends[-1] if len(ends) else 0)
        taken: Array = self.values[places + np.repeat(self.starts[rows] - (ends - counts), counts)]
        return taken

    def any_in_row(self, rows: Array, chosen: Mask) -> Mask:
        """For each of `rows` whether one of its values is `chosen`, a mask over values."""
        import numpy as np

        ends = np.cumsum(self.starts[rows + 1] - self.starts[rows])
        found = np.concatenate(([0], np.cumsum(chosen[self.take(rows)])))
        inside: Mask = found[ends] > found[np.concatenate(([0], ends[:-1]))]
        return inside


def count_units(units: Sequence[int] | Array) -> Counts:
    """The distinct units of a text and their counts."""
    import numpy as np

    numbers, times = np.unique(np.asarray(units, dtype=np.int64), return_counts=True)
    return numbers, times.astype(np.int64)


def number_sentences(documents: Sequence[Sequence[Sequence[Hashable]]]) -> tuple[Ragged, list[Array]]:
    """The distinct sentences of all documents as numbered units, and each document as the numbers of its sentences."""
    import numpy as np

    units: dict[Hashable, int] = {}
    seen: dict[tuple[int, ...], int] = {}
    numbered = []
    for document in documents:
        rows = []
        for sentence in document:
            row = tuple(units.setdefault(unit, len(units)) for unit in sentence)
            rows.append(seen.setdefault(row, len(seen)))
        numbered.append(np.asarray(rows, dtype=np.int64))
    starts = np.cumsum([0, *(len(row) for row in seen)], dtype=np.int64)
    values = np.fromiter((unit for row in seen for unit in row), dtype=np.int64, count=int(starts[-1]))
    return Ragged(values, starts), numbered


def number_grams(rows: Ragged, n: int) -> Ragged:
    """The n-grams of every row, in order: equal numbers for equal n-grams, no n-gram across the end of a row.

    Exact, not hashed: short windows are numbered by sorting, and longer ones by the numbers of the short ones in them.
    Numbers are at least 0 and below the count of all windows. SettingsError for `n` below 1. Cost: a few sorts of all
    units.
    """
    if n < 1:
        raise SettingsError(f"A phrase of {n} words or letters was asked for.", hint="It has at least 1.")
    import numpy as np

    lengths = np.maximum(rows.lengths - n + 1, 0)
    starts = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(lengths)))
    if not starts[-1]:
        return Ragged(np.empty(0, dtype=np.int64), starts)
    ids, reach = _number_units(rows.values), 1
    while reach < n:
        bits = max(1, int(ids.max()).bit_length())
        wider = min(n, reach * (_KEY_BITS // bits))
        count = len(rows.values) - wider + 1
        keys = np.zeros(count, dtype=np.int64)
        for offset in (*range(0, wider - reach, reach), wider - reach):
            keys = (keys << bits) | ids[offset : offset + count]
        ids = np.unique(keys, return_inverse=True)[1]
        reach = wider
    ends = np.repeat(rows.starts[1:], rows.lengths)[: len(ids)]
    return Ragged(ids[np.arange(len(ids)) + n <= ends].astype(np.int64), starts)


def _number_units(values: Array) -> Array:
    """Values from 0 on as consecutive numbers, equal for equal ones. Cost: linear in them and their greatest."""
    import numpy as np

    stands = np.bincount(values) > 0
    numbers: Array = (np.cumsum(stands) - 1)[values]
    return numbers

"""Hashed grams of one and two characters: what the linear models weigh and the prefilter of the rules looks up.

Texts are framed by ^ and $, digits are made 0. Many texts are hashed at once, in arrays.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float64]
    Indices = NDArray[np.int64]

# 16,384 rows: the specimen corpus has some 15,000 different grams; a collision costs less than a file of megabytes.
GRAM_BITS = 14
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class HashedTexts:
    """Rows of the characters of all texts one behind the other, and of the pairs that begin at each but the last.

    `starts` says where each text begins, `sizes` how many characters it has, frame included. The pair between two texts
    is $^, which stands in none.
    """

    singles: Indices
    doubles: Indices
    starts: Indices
    sizes: Indices


def hash_texts(texts: Sequence[str]) -> HashedTexts:
    """The rows (below 2 ** GRAM_BITS) of all grams of the texts, in order. Cost: linear."""
    import numpy as np

    framed = [f"^{_DIGIT.sub('0', text)}$" for text in texts]
    sizes = np.array([len(text) for text in framed], dtype=np.int64)
    codes = np.frombuffer("".join(framed).encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64)
    pairs = codes[:-1] * np.uint64(1_000_003)
    pairs += codes[1:]
    pairs += np.uint64(1)
    return HashedTexts(_rows(codes), _rows(pairs), sizes.cumsum() - sizes, sizes)


def _rows(codes: NDArray[np.uint64]) -> Indices:
    """Spread codes over the rows (multiplicative hashing); `codes` is used up."""
    import numpy as np

    codes *= np.uint64(0x9E3779B97F4A7C15)
    codes >>= np.uint64(64 - GRAM_BITS)
    return codes.view(np.int64)


def hashed_grams(texts: Sequence[str]) -> tuple[Indices, Indices, Matrix]:
    """Rows of the gram table, the text each occurrence belongs to, and the weight of one occurrence in it.

    An occurrence weighs 1 / sqrt(grams of the text), so that length does not count.
    """
    import numpy as np

    hashed = hash_texts(texts)
    owner = np.repeat(np.arange(len(texts)), hashed.sizes)
    inside = np.flatnonzero(owner[:-1] == owner[1:])
    rows = np.concatenate((hashed.singles, hashed.doubles[inside]))
    return rows, np.concatenate((owner, owner[inside])), 1 / np.sqrt(2 * hashed.sizes - 1)


def gram_scores(texts: Sequence[str], weights: Matrix) -> Matrix:
    """What the grams of each text say for each column of `weights`: one row per text. Cost: linear."""
    import numpy as np

    if not texts:
        return np.zeros((0, weights.shape[1]))
    hashed = hash_texts(texts)
    points = weights[hashed.singles]
    ends = hashed.starts + hashed.sizes - 1
    last = points[ends]
    points[:-1] += weights[hashed.doubles]
    points[ends] = last
    sums: Matrix = np.add.reduceat(points, hashed.starts, axis=0)
    return sums / np.sqrt(2 * hashed.sizes - 1)[:, None]

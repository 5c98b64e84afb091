"""How much a character tells: little where the genre would have gone on like this anyway, much where few would have.

Two reports that both write 行政复议3件，其中维持2件 did not copy; what they share has been foreseen by anyone who knows
the genre. So shared characters are weighed by a small n-gram model of the genre's masked wording: the bits that a
character adds to those before it. It holds only what reports of several agencies wrote, as hashes, no text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import zip_longest
from pathlib import Path
from typing import Any, NamedTuple

from gknlp.resources import path
from gknlp.reuse.characters import code_points
from gknlp.reuse.mask import SIGNS
from gknlp.reuse.view import BREAKS

SHIPPED = "models/wording.npz"
ORDER = 4
# An n-gram of two characters or more counts as wording of the genre from this many agencies on: what one agency took
# from another must not look foreseen.
LEAST_AGENCIES = 3
# Absolute discounting (Ney, Essen & Kneser 1994), with their usual constant.
_DISCOUNT = 0.75
# A character that the model has never seen: one of about 8,000.
_UNSEEN_BITS = 13.0
# Weights are whole numbers of 1/16 bit; a single character proves no more than 8 bits, however rare.
STEP = 16
MOST = 8 * STEP
_MULTIPLY = 0x9E3779B97F4A7C15
# N-grams are looked up by the first bits of their hashes: seven of these buckets for each of the 9,000 of a length.
_BUCKET_BITS = 16


class Wording(NamedTuple):
    """The model: per length 1 to ORDER sorted hashes with the bits of the last character given those before; per length
    1 to ORDER - 1 sorted hashes of contexts with the bits that falling back to a shorter one costs.
    """

    grams: tuple[Any, ...]
    bits: tuple[Any, ...]
    contexts: tuple[Any, ...]
    backoff: tuple[Any, ...]


class _Grams(NamedTuple):
    """The n-grams of one length in order of hash: hashes, bits, and the bits that falling back from them costs; and for
    each value of the first _BUCKET_BITS of a hash the place where it begins. One more entry is above all hashes.
    """

    hashes: Any
    bits: Any
    backoff: Any
    begins: Any


def wording_weights(text: str) -> bytes:
    """One byte per character of a masked view: its bits in steps of 1/16, 1 to MOST; 0 for slots and breaks.

    The model is small and knows the genre from specimens: new fashions of wording are taken for an author's own. Cost:
    linear, 0.2 ms for 1,500 characters.
    """
    return weigh_views([text])[0]


def weigh_views(texts: Sequence[str]) -> list[bytes]:
    """The weights of some masked views, each as `wording_weights` gives them, in less time than one by one."""
    import numpy as np

    codes = _codes("".join(texts))
    lengths = np.array([len(text) for text in texts], dtype=np.int64)
    ends = np.cumsum(lengths)
    begins = ends - lengths
    weights = np.full(len(codes), round(_UNSEEN_BITS * STEP), dtype=np.int16)
    backoff = np.zeros(len(codes), dtype=np.int16)
    for length, grams in enumerate(_shipped_grams(), 1):
        if len(codes) < length:
            break
        at, known = _look_up(grams, hash_grams(codes, length).astype(np.int64))
        # The first characters of a text have fewer before them.
        early = (begins[:, None] + np.arange(length - 1)).ravel()
        early = early[early < len(codes)]
        shorter = weights[early]
        weights[length - 1 :] = np.where(known, grams.bits[at], weights[length - 1 :] + backoff[: len(at)])
        weights[early] = shorter
        backoff = grams.backoff[at] * known
    low, high = (ord(sign) for sign in (min(SIGNS.values()), max(SIGNS.values())))
    silent = (codes >= low) & (codes <= high)
    for sign in BREAKS:
        silent |= codes == ord(sign)
    made = np.minimum(np.maximum(weights, 1), MOST) * ~silent
    told = made.astype(np.uint8).tobytes()
    return [told[begin:end] for begin, end in zip(begins.tolist(), ends.tolist(), strict=True)]


def _codes(text: str) -> Any:  # noqa: ANN401  (numpy is imported where used)
    import numpy as np

    return code_points(text).astype(np.uint64)


def hash_grams(codes: Any, length: int) -> Any:  # noqa: ANN401
    """32-bit hashes of all n-grams of one length, in order of place; none of a shorter text."""
    import numpy as np

    count = max(0, len(codes) - length + 1)
    made = np.full(count, length, dtype=np.uint64)
    for at in range(length):
        made ^= codes[at : at + count]
        made *= np.uint64(_MULTIPLY)
        made ^= made >> np.uint64(29)
    return (made >> np.uint64(32)).astype(np.uint32)


def _look_up(grams: _Grams, wanted: Any) -> tuple[Any, Any]:  # noqa: ANN401
    """Where the hashes wanted are, and whether they are there: `searchsorted`, by buckets of at most a few."""
    import numpy as np

    at = grams.begins[wanted >> (32 - _BUCKET_BITS)].astype(np.intp)
    found = grams.hashes[at]
    below = np.flatnonzero(found < wanted)
    while len(below):
        at[below] += 1
        found[below] = grams.hashes[at[below]]
        below = below[found[below] < wanted[below]]
    return at, found == wanted


@cache
def _shipped_grams() -> tuple[_Grams, ...]:
    import numpy as np

    model = shipped_wording()
    made = []
    for hashes, bits, contexts, costs in zip_longest(*model, fillvalue=np.empty(0, dtype=np.uint32)):
        backoff = np.zeros(len(hashes) + 1, dtype=np.int16)
        # The context of an n-gram that is known is known.
        backoff[np.searchsorted(hashes, contexts)] = costs
        hashes = np.append(hashes.astype(np.int64), 1 << 32)
        begins = np.searchsorted(hashes, np.arange(1 << _BUCKET_BITS) << (32 - _BUCKET_BITS))
        begins = begins.astype(np.min_scalar_type(len(hashes)))
        made.append(_Grams(hashes, np.append(bits, 0).astype(np.int16), backoff, begins))
    return tuple(made)


@cache
def shipped_wording() -> Wording:
    """The model of models/wording.npz (made by corpus/wording.py). Raises ResourceError where the file is missing."""
    import numpy as np

    with np.load(path(SHIPPED), allow_pickle=False) as kept:
        return Wording(
            tuple(kept[f"grams{n}"] for n in range(1, ORDER + 1)), tuple(kept[f"bits{n}"] for n in range(1, ORDER + 1)),
            tuple(kept[f"contexts{n}"] for n in range(1, ORDER)), tuple(kept[f"backoff{n}"] for n in range(1, ORDER)),
        )


def learn_wording(views: Iterable[tuple[str, str]]) -> Wording:
    """The model of `(agency, masked view)` pairs: an n-gram counts once per agency. Cost: linear, memory for all of it.

    N-grams beyond single characters that fewer than LEAST_AGENCIES agencies use are left out; their part of the
    probability goes to the shorter context.
    """
    users: list[dict[str, set[str]]] = [defaultdict(set) for _ in range(ORDER)]
    for agency, text in views:
        for length in range(1, ORDER + 1):
            for at in range(len(text) - length + 1):
                gram = text[at : at + length]
                if BREAKS.isdisjoint(gram):
                    users[length - 1][gram].add(agency)
    counts = [{gram: len(found) for gram, found in by_gram.items()} for by_gram in users]
    return _estimate(counts)


def _estimate(counts: list[dict[str, int]]) -> Wording:
    """Interpolated probabilities, shortest first, as sorted arrays."""
    from math import log2

    probability: dict[str, float] = {}
    share: dict[str, float] = {"": 1.0}
    for length, found in enumerate(counts, 1):
        totals: dict[str, int] = defaultdict(int)
        for gram, count in found.items():
            totals[gram[:-1]] += count
        kept = {gram: count for gram, count in found.items() if length == 1 or count >= LEAST_AGENCIES}
        taken: dict[str, float] = defaultdict(float)
        for gram, count in kept.items():
            taken[gram[:-1]] += count - _DISCOUNT
        for context, mass in taken.items():
            share[context] = 1 - mass / totals[context]
        for gram, count in kept.items():
            shorter = _shorter(gram[1:], probability, share) if length > 1 else 2**-_UNSEEN_BITS
            probability[gram] = (count - _DISCOUNT) / totals[gram[:-1]] + share[gram[:-1]] * shorter
    bits = {gram: -log2(value) for gram, value in probability.items()}
    costs = {context: -log2(value) for context, value in share.items() if context}
    by_length = [_table({g: v for g, v in bits.items() if len(g) == n}, n) for n in range(1, ORDER + 1)]
    contexts = [_table({g: v for g, v in costs.items() if len(g) == n}, n) for n in range(1, ORDER)]
    return Wording(*(tuple(part) for tables in (by_length, contexts) for part in zip(*tables, strict=True)))


def _shorter(gram: str, probability: dict[str, float], share: dict[str, float]) -> float:
    """The probability of the last character of `gram` after the others, by the longest context that is known."""
    if gram in probability:
        return probability[gram]
    if len(gram) == 1:
        return 2**-_UNSEEN_BITS
    return share.get(gram[:-1], 1.0) * _shorter(gram[1:], probability, share)


def _table(values: dict[str, float], length: int) -> tuple[Any, Any]:
    """Hashes in order and values in steps; of two n-grams with one hash the likelier."""
    import numpy as np

    if not values:
        return np.empty(0, dtype=np.uint32), np.empty(0, dtype=np.uint8)
    hashes = np.concatenate([hash_grams(_codes(gram), length) for gram in values])
    steps = np.array([min(255, round(value * STEP)) for value in values.values()], dtype=np.uint8)
    order = np.lexsort((steps, hashes))
    hashes, steps = hashes[order].astype(np.uint32), steps[order]
    first = np.append(True, hashes[1:] != hashes[:-1])
    return hashes[first], steps[first]


def save_wording(model: Wording, file: Path) -> None:
    """Write the model as plain arrays, the same bytes for the same model."""
    import numpy as np

    arrays = {f"{field}{n}": array for field in Wording._fields for n, array in enumerate(getattr(model, field), 1)}
    np.savez_compressed(file, **arrays)

"""M-2017 information content (信息含量): what a text's words are that the texts around it do not explain."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import TYPE_CHECKING

from gknlp.measures.documents import Document, words_of
from gknlp.measures.ragged import Counts, count_units

if TYPE_CHECKING:
    from gknlp.measures.ragged import Array, Floats

# What is left of a vector once those before it are taken out is rounding below this part of its square.
_ROUNDING = 1e-20


def m2017_information(
    documents: Sequence[Document], *, industries: Sequence[Hashable | None] | None = None
) -> list[float | None]:
    """The information content of each document: the sum of absolute residuals, from 0.

    Reproduces 孟庆斌, 杨俊华, 鲁冰 (中国工业经济 2017(12)), after Hanley & Hoberg 2010: the share of each word of the
    vocabulary in the document is regressed on its mean share in the other documents of the same industry and in all
    other documents (the market); what is left over, in absolute value over all words, is information. Ours: words
    (`words_of`); the vocabulary is that of `documents`; a document whose industry is None, or has no other document, or
    the same others as the market, is regressed on the market alone. None for a document without words or without
    others. A short text leaves more unexplained than a long one: compare texts of like length. Cost: documents x
    vocabulary.
    """
    numbers: dict[str, int] = {}
    units = [
        [numbers.setdefault(word, len(numbers)) for sentence in words_of(document) for word in sentence]
        for document in documents
    ]
    return information_content([count_units(text) for text in units], industries or [None] * len(units))


def information_content(counts: Sequence[Counts], industries: Sequence[Hashable | None]) -> list[float | None]:
    """See `m2017_information`; documents as counts of numbered words, one industry (or None) for each."""
    import numpy as np

    told = [place for place, (units, _) in enumerate(counts) if len(units)]
    if len(told) < 2:
        return [None] * len(counts)
    vocabulary = np.unique(np.concatenate([counts[place][0] for place in told]))
    shares = {
        place: (np.searchsorted(vocabulary, units), times / times.sum())
        for place, (units, times) in enumerate(counts) if len(units)
    }
    everybody = _sum(shares, told, len(vocabulary))
    members: dict[Hashable, list[int]] = {}
    for place in told:
        if industries[place] is not None:
            members.setdefault(industries[place], []).append(place)
    sums = {name: _sum(shares, places, len(vocabulary)) for name, places in members.items()}
    content: list[float | None] = [None] * len(counts)
    own, market, near, spare = np.zeros((4, len(vocabulary)))
    for place, (at, share) in shares.items():
        own.fill(0)
        own[at] = share
        explaining = [np.divide(np.subtract(everybody, own, out=market), len(told) - 1, out=market)]
        group = members.get(industries[place], [])
        if 1 < len(group) < len(told):
            np.subtract(sums[industries[place]], own, out=near)
            explaining.append(np.divide(near, len(group) - 1, out=near))
        content[place] = _residual(own, explaining, spare)
    return content


def _sum(shares: Mapping[int, tuple[Array, Floats]], places: Sequence[int], size: int) -> Floats:
    import numpy as np

    total = np.zeros(size)
    for place in places:
        at, share = shares[place]
        total[at] += share
    return total


def _residual(own: Floats, explaining: Sequence[Floats], spare: Floats) -> float:
    """The sum of absolute residuals of the least-squares line of `own` on one or two vectors and a constant.

    All arrays are overwritten: a vocabulary is long, and fresh memory for every step would cost more than the sums.
    """
    import numpy as np

    own -= own.mean()
    axes: list[Floats] = []
    for axis in explaining:
        size = _inner(axis, axis)
        axis -= axis.mean()
        for known in axes:
            axis -= np.multiply(known, _inner(axis, known) / _inner(known, known), out=spare)
        left = _inner(axis, axis)
        # A vector that the constant and the ones before it give already, but for rounding, explains nothing more.
        if left > _ROUNDING * size:
            axes.append(axis)
            own -= np.multiply(axis, _inner(own, axis) / left, out=spare)
    return float(np.abs(own, out=own).sum())


def _inner(a: Floats, b: Floats) -> float:
    """The inner product, in one thread: those of a linear-algebra library give other roundings by number of cores."""
    import numpy as np

    return float(np.einsum("i,i->", a, b))

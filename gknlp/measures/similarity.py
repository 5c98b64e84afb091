"""CMN-2020: the four similarities of two texts (Lazy Prices); QC-2025: likeness to oneself and to peers, apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from math import sqrt
from typing import TypeVar

from rapidfuzz.distance import Indel, Levenshtein

from gknlp.measures.documents import Document, is_number, words_of
from gknlp.measures.ragged import Counts, count_units

Unit = TypeVar("Unit", bound=Hashable)
# Words that tell contents apart have two characters or more: cosine of unrelated texts halves without the others.
CONTENT_LETTERS = 2


def cmn2020_cosine(a: Document, b: Document) -> float | None:
    """Sim_Cosine of Cohen, Malloy & Nguyen (J. Finance 75, 2020): cosine of the counts of words, 0 to 1.

    None if one of the two has no words. Ours: words (`words_of`), none left out. It saturates in this genre (median
    0.965 from year to year, 0.909 over ten years) and grows with length: read it beside stickiness. Symmetric; linear.
    """
    return cosine(Counter(_flat(a)), Counter(_flat(b)))


def cmn2020_jaccard(a: Document, b: Document) -> float | None:
    """Sim_Jaccard of Cohen, Malloy & Nguyen 2020: distinct words in both over distinct words in either, 0 to 1.

    None if one of the two has no words. Ours: words (`words_of`). Symmetric; linear.
    """
    return jaccard(Counter(_flat(a)), Counter(_flat(b)))


def cmn2020_min_edit(a: Document, b: Document) -> float | None:
    """Sim_MinEdit of Cohen, Malloy & Nguyen 2020 as a similarity: 1 for the same words in order, 0 if none is common.

    The least number of words to insert, delete or exchange that turns one text into the other (Levenshtein), as
    `1 - operations / words of the longer text`: the raw number, which some packages return under this name, is
    unbounded and higher for less alike. None if one of the two has no words. Symmetric. Cost: words x words / 64.
    """
    return min_edit(_flat(a), _flat(b))


def cmn2020_simple(a: Document, b: Document) -> float | None:
    """Sim_Simple of Cohen, Malloy & Nguyen 2020: what a side-by-side comparison leaves unmarked, 0 to 1.

    `(c_max - c) / (c_max - c_min)`, where c is the number of words deleted or added (a changed word is both) over the
    mean size of the two texts. Ours: c_max and c_min are the bounds of c (2: nothing in common; 0: the same) and not
    the extremes of a sample, so that a value does not depend on other texts; rescaling by a sample's extremes changes
    no order. None if one of the two has no words. Symmetric. Cost: words x words / 64.
    """
    return simple(_flat(a), _flat(b))


def qc2025_self_similarity(document: Document, previous: Document) -> float | None:
    """How like its own earlier text a document is: cosine of the counts of words of two characters or more, 0 to 1.

    After Qi & Chen (Economic Change and Restructuring 58, 2025), who keep likeness to the firm's own past and likeness
    to its industry apart, because the two behave in opposite ways: never add them up. Theirs are embeddings; ours are
    words without numbers and without words of one character. None if one of the two has none.
    """
    return cosine(Counter(content_words(_flat(document))), Counter(content_words(_flat(previous))))


def qc2025_peer_similarity(
    documents: Sequence[Document], *, owners: Sequence[Hashable] | None = None
) -> list[float | None]:
    """How like its peers each document is: the mean of its cosines with those of other `owners`, 0 to 1.

    See `qc2025_self_similarity` for the words. `owners` names who wrote each document (by default all differ).
    None for a document without such words, or without peers. Cost: linear in the documents, not in their pairs.
    """
    numbers: dict[str, int] = {}
    units = [[numbers.setdefault(word, len(numbers)) for word in content_words(_flat(d))] for d in documents]
    return peer_means([count_units(text) for text in units], list(range(len(units))) if owners is None else owners)


def cosine(a: Mapping[Unit, int], b: Mapping[Unit, int]) -> float | None:
    """Cosine of two counts of units; None if one is empty. Whole numbers are summed, one rounding."""
    if not a or not b:
        return None
    if len(b) < len(a):
        a, b = b, a
    product = sum([count * b[unit] for unit, count in a.items() if unit in b])
    return min(1.0, product / sqrt(sum([c * c for c in a.values()]) * sum([c * c for c in b.values()])))


def jaccard(a: Mapping[Unit, int], b: Mapping[Unit, int]) -> float | None:
    """Distinct units in both counts over those in either; None if one is empty."""
    shared = len(a.keys() & b.keys())
    return shared / (len(a) + len(b) - shared) if a and b else None


def min_edit(a: Sequence[Hashable], b: Sequence[Hashable]) -> float | None:
    """One less Levenshtein distance over the longer length; None if one sequence is empty."""
    return 1 - Levenshtein.distance(a, b) / max(len(a), len(b)) if a and b else None


def simple(a: Sequence[Hashable], b: Sequence[Hashable]) -> float | None:
    """One less insertions and deletions of the shortest diff over both lengths; None if one sequence is empty."""
    return 1 - Indel.distance(a, b) / (len(a) + len(b)) if a and b else None


def content_words(words: Sequence[str]) -> list[str]:
    """The words of `CONTENT_LETTERS` characters or more that are no number, in order."""
    return [word for word in words if len(word) >= CONTENT_LETTERS and not is_number(word)]


def peer_means(counts: Sequence[Counts], owners: Sequence[Hashable]) -> list[float | None]:
    """The mean cosine of each document's counts with those of other owners; empty counts are left out of account.

    The mean over peers is one inner product with the sum of their unit vectors.
    """
    import numpy as np

    vectors = [(units, times / np.sqrt((times * times).sum()) if len(times) else times) for units, times in counts]
    written = Counter(owner for (units, _), owner in zip(vectors, owners, strict=True) if len(units))
    size = 1 + max((int(units.max()) for units, _ in vectors if len(units)), default=0)
    total = np.zeros(size)
    own = {owner: np.zeros(size) for owner, count in written.items() if count > 1}
    for (units, weights), owner in zip(vectors, owners, strict=True):
        total[units] += weights
        if owner in own:
            own[owner][units] += weights
    means: list[float | None] = []
    for (units, weights), owner in zip(vectors, owners, strict=True):
        peers = sum(written.values()) - written[owner]
        if not len(units) or not peers:
            means.append(None)
            continue
        others = total[units] - (own[owner][units] if owner in own else weights)
        means.append(min(1.0, max(0.0, float((weights * others).sum()) / peers)))
    return means


def _flat(document: Document) -> list[str]:
    return [word for sentence in words_of(document) for word in sentence]

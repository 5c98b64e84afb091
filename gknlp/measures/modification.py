"""BT-2011 modification score: how far a text departs from last year's, beyond what its length alone lets expect."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from gknlp.measures.documents import Document, words_of
from gknlp.measures.similarity import cosine

# Brown & Tucker 2011: a polynomial of order five in the length.
BT_ORDER = 5
# Ten observations for each of the six coefficients: below that the fit follows the single texts.
BT_LEAST_PAIRS = 60


def bt2011_modification(
    pairs: Sequence[tuple[Document, Document]], *, order: int = BT_ORDER, least: int = BT_LEAST_PAIRS
) -> list[float | None]:
    """The modification score of each pair `(document, previous)`: above 0, changed more than its length lets expect.

    Reproduces Brown & Tucker (J. Accounting Research 49, 2011): `1 - cosine` of the counts of words, less what a
    polynomial of order five in the number of words of the document, fitted by least squares to all pairs, expects.
    Ours: words (`words_of`), raw counts, and that fewer than `least` pairs give None for all: a polynomial with six
    coefficients through a handful of texts explains anything. None too for a pair in which one text has no words.
    Scores of a fit add to 0 and compare only within it. The order of pairs changes nothing.
    """
    texts = [([w for s in words_of(a) for w in s], [w for s in words_of(b) for w in s]) for a, b in pairs]
    raw = [None if (alike := cosine(Counter(a), Counter(b))) is None else 1 - alike for a, b in texts]
    fitted = [place for place, value in enumerate(raw) if value is not None]
    scores: list[float | None] = [None] * len(pairs)
    values = [value for value in raw if value is not None]
    expected = expected_change(values, [len(texts[place][0]) for place in fitted], order=order, least=least)
    if expected is not None:
        for place, value, expectation in zip(fitted, values, expected, strict=True):
            scores[place] = value - expectation
    return scores


def expected_change(
    raw: Sequence[float], lengths: Sequence[int], *, order: int = BT_ORDER, least: int = BT_LEAST_PAIRS,
    at: Sequence[int] | None = None,
) -> list[float] | None:
    """What the polynomial in length that fits `raw` best expects for lengths `at` (by default `lengths`).

    None with fewer than `least` pairs or no more than `order` distinct lengths. Lengths beyond those fitted are taken
    as the nearest of them: a polynomial of order five is wild outside. Fitted on [-1, 1] in order of length, so that
    neither scale nor order of the pairs matters.
    """
    if len(raw) < least or len(set(lengths)) <= order:
        return None
    import numpy as np

    low, high = min(lengths), max(lengths)
    pairs = sorted(zip(lengths, raw, strict=True))
    ends = 2 / (high - low)
    fit_at = (np.asarray([length for length, _ in pairs], dtype=float) - low) * ends - 1
    powers = np.polynomial.chebyshev.chebvander(fit_at, order)
    weights = np.linalg.lstsq(powers, np.asarray([value for _, value in pairs]), rcond=None)[0]
    asked = np.clip(np.asarray(lengths if at is None else at, dtype=float), low, high)
    expected: list[float] = np.polynomial.chebyshev.chebval((asked - low) * ends - 1, weights).tolist()
    return expected

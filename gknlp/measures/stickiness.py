"""DLS-2017: how much of a text stood in the year before (stickiness), or stands in it twice (redundancy)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gknlp.measures.documents import Document, letters_of, words_of
from gknlp.measures.ragged import Ragged, number_grams, number_sentences

if TYPE_CHECKING:
    from gknlp.measures.ragged import Array

# Dyer, Lang & Stice-Lawrence 2017: a phrase of eight words.
DLS_WORDS = 8
# The shortest run of characters that unrelated Chinese regulations share in under 1 % of their text.
DLS_LETTERS = 13
# A sentence said twice is redundant from eight words on: 无。 and 下同。 are not.
REDUNDANT_WORDS = 8


def dls2017_stickiness(
    document: Document, previous: Document, *, n: int = DLS_WORDS, mask_digits: bool = False
) -> float | None:
    """The share of a document's words in sentences with an eight-word phrase of the year before; None without words.

    Reproduces Dyer, Lang & Stice-Lawrence (J. Accounting & Economics 64, 2017): words in sentences with at least one
    8-word phrase that also stood in the firm's previous report, over all words. 1 for the same text again, 0 for the
    same words in another order, and 0 with a new word after every seven. A sentence under eight words is never sticky.
    Ours: words (`words_of`); `mask_digits` makes all numbers one word, the variant where a new figure in an old
    sentence hides nothing. Not symmetric. Cost: linear.
    """
    return _sticky(
        words_of(document, mask_digits=mask_digits), words_of(previous, mask_digits=mask_digits), n
    )


def dls_char13(document: Document, previous: Document, *, n: int = DLS_LETTERS) -> float | None:
    """`dls2017_stickiness` with runs of 13 letters in place of eight words, over letters: ours, free of any tokenizer.

    Thirteen characters is the shortest run that unrelated regulations rarely share (under 1 % of their text).
    """
    return _sticky(letters_of(document), letters_of(previous), n)


def dls2017_redundancy(document: Document, *, least: int = REDUNDANT_WORDS) -> float | None:
    """The share of a document's words in sentences that stand in it more than once; None for one without words.

    After Dyer, Lang & Stice-Lawrence 2017, who count sentences repeated verbatim elsewhere in the same report. Ours:
    the least length, `least` words (theirs could not be read), and that punctuation and width do not tell sentences
    apart. Every copy counts, the first too.
    """
    rows, (numbered,) = number_sentences([words_of(document)])
    ((count, total),) = count_redundant(rows.lengths, [numbered], least)
    return count / total if total else None


def _sticky(
    document: Sequence[Sequence[str]], previous: Sequence[Sequence[str]], n: int
) -> float | None:
    rows, (now, before) = number_sentences([document, previous])
    ((count, total),) = count_sticky(number_grams(rows, n), rows.lengths, [(now, before)])
    return count / total if total else None


def count_sticky(grams: Ragged, lengths: Array, pairs: Sequence[tuple[Array, Array]]) -> list[tuple[int, int]]:
    """For each pair `(document, previous)` of numbers of sentences: units in sticky sentences, and all units."""
    import numpy as np

    counts = []
    stood = np.zeros(grams.values.max(initial=-1) + 1, dtype=bool)
    for now, before in pairs:
        earlier = grams.take(before)
        stood[earlier] = True
        sizes = lengths[now]
        counts.append((int(sizes[grams.any_in_row(now, stood)].sum()), int(sizes.sum())))
        stood[earlier] = False
    return counts


def count_redundant(lengths: Array, documents: Sequence[Array], least: int) -> list[tuple[int, int]]:
    """For each document: units in sentences of `least` units or more that stand in it again, and all units."""
    import numpy as np

    counts = []
    for document in documents:
        sentences, times = np.unique(document, return_counts=True)
        size = lengths[sentences]
        again = (times > 1) & (size >= least)
        counts.append((int((size * times)[again].sum()), int((size * times).sum())))
    return counts

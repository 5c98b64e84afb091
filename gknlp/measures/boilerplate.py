"""LSL-2015 boilerplate: the share of words in sentences with a phrase that many, but not all, documents use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING

from gknlp.errors import SettingsError
from gknlp.measures.documents import Document, letters_of, words_of
from gknlp.measures.ragged import Ragged, number_grams, number_sentences

if TYPE_CHECKING:
    from gknlp.measures.ragged import Array, Mask

# Lang & Stice-Lawrence 2015: four words; of what is not in 75 % of the documents, what is in 30 % of them or stands 5
# times in a document on average.
LSL_WORDS = 4
LSL_FLOOR = 0.30
LSL_MEAN = 5.0
LSL_CAP = 0.75
# Four jieba words of government prose are between seven and eight characters (mean word length 1.94).
LSL_LETTERS = 7


@dataclass(frozen=True, slots=True)
class PhraseRule:
    """Which phrases are boilerplate: in under `cap` of the documents, and in at least `floor` of them or `mean` times.

    The defaults are LSL-2015's; a `cap` of None sets no limit. Shares are compared exactly: 0.3 of 10 documents are 3,
    whatever binary 0.3 is. SettingsError for a floor or cap that is no share (30 for 0.3), or a mean that is not above
    0.
    """

    floor: float = LSL_FLOOR
    cap: float | None = LSL_CAP
    mean: float = LSL_MEAN

    def __post_init__(self) -> None:
        for name, value in (("floor", self.floor), ("cap", self.cap)):
            if value is not None and not 0 < value <= 1:
                raise SettingsError(
                    f"The {name} of a phrase rule is {value!r}.", hint="It takes a share up to 1: 0.3 for 30 %."
                )
        if self.mean <= 0:
            raise SettingsError(f"The mean of a phrase rule is {self.mean!r}.", hint="It takes a number above 0.")

    def choose(self, held: Array, stands: Array, documents: int) -> Mask:
        """A mask over phrases from the number of documents that hold each and of its places in all of them."""
        least = ceil(Fraction(str(self.floor)) * documents)
        most = documents + 1 if self.cap is None else ceil(Fraction(str(self.cap)) * documents)
        times = ceil(Fraction(str(self.mean)) * documents)
        chosen: Mask = (held > 0) & (held < most) & ((held >= least) | (stands >= times))
        return chosen


def lsl2015_boilerplate(
    documents: Sequence[Document], *, reference: Sequence[Document] | None = None, n: int = LSL_WORDS,
    rule: PhraseRule = PhraseRule(),
) -> list[float | None]:
    """The boilerplate share of each document, 0 to 1; None for one without words.

    Reproduces Lang & Stice-Lawrence (J. Accounting & Economics 60, 2015): the share of a document's words that lie in
    sentences with at least one boilerplate tetragram, an ordered group of four words within a sentence. Tetragrams in
    at least 75 % of the documents are removed (what everybody writes is form, and mandated); of the rest those count
    that stand in at least 30 % of the documents, or at least 5 times per document on average. Documents are counted,
    not places; a sentence is flagged as a whole, so the share never exceeds 1.

    Ours: words (`words_of`), and the reference set, which is `documents` themselves or `reference`; LSL take the firms
    of one country. Below 30 documents 30 % are a handful, which a run does not print. The order of documents changes
    nothing. Bad at: short reports; sets that hold several years of one agency, which make its habits boilerplate. Cost:
    a few sorts of all words.
    """
    return _boilerplate([words_of(d) for d in documents], reference and [words_of(d) for d in reference], n, rule)


def lsl_char7(
    documents: Sequence[Document], *, reference: Sequence[Document] | None = None, n: int = LSL_LETTERS,
    rule: PhraseRule = PhraseRule(),
) -> list[float | None]:
    """`lsl2015_boilerplate` with runs of seven letters in place of four words: our variant, free of any tokenizer.

    Letters, digits and ideographs are counted, in place of words. Four words of government prose are seven to eight
    characters long, so that this is the comparable length; shares differ (0.102 against 0.071 on 81 policy documents).
    """
    return _boilerplate([letters_of(d) for d in documents], reference and [letters_of(d) for d in reference], n, rule)


def _boilerplate(
    documents: Sequence[Sequence[Sequence[str]]], reference: Sequence[Sequence[Sequence[str]]] | None, n: int,
    rule: PhraseRule,
) -> list[float | None]:
    rows, numbered = number_sentences([*documents, *(reference or ())])
    own, others = numbered[: len(documents)], numbered[len(documents) :]
    grams = number_grams(rows, n)
    chosen = choose_phrases(grams, own if reference is None else others, rule)
    return [
        flagged / total if total else None
        for flagged, total in zip(count_flagged(grams, rows.lengths, own, chosen), sizes(rows, own), strict=True)
    ]


def sizes(rows: Ragged, documents: Sequence[Array]) -> list[int]:
    """The number of units of each document (of numbers of sentences)."""
    return [rows.size(document) for document in documents]


def choose_phrases(grams: Ragged, documents: Sequence[Array], rule: PhraseRule) -> Mask:
    """Which n-grams are boilerplate in the set of `documents`: a mask over their numbers."""
    import numpy as np

    held, stands = np.zeros((2, grams.values.max(initial=-1) + 1), dtype=np.int64)
    for document in documents:
        numbers, times = np.unique(grams.take(document), return_counts=True)
        held[numbers] += 1
        stands[numbers] += times
    return rule.choose(held, stands, len(documents))


def count_flagged(grams: Ragged, lengths: Array, documents: Sequence[Array], chosen: Mask) -> list[int]:
    """The units of each document in sentences that hold at least one of the `chosen` n-grams."""
    return [int(lengths[document][grams.any_in_row(document, chosen)].sum()) for document in documents]

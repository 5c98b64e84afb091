"""Keywords of a text: phrases of one to four words, by how often they stand in it and how rare they are elsewhere.

Single words are the defect of jieba's own extractors: the terms of the field are phrases. Candidates are runs of
content words that end in a noun; inverse document frequencies come from the general corpus that jieba ships, so that
a report's keywords do not depend on the reports beside it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from gknlp.resources import read_text
from gknlp.tokens import Tokenizer, background_idf, get_tokenizer, word_tags, words_of_distinct
from gknlp.types import Keyword

METHOD = "phrase-tfidf"
STOP_WORDS = "models/stopwords.txt"
MAX_WORDS = 4
MAX_CHARS = 12
# Parts of speech of jieba's dictionary that a keyword may hold, and those it may end in.
CONTENT = ("n", "v", "a", "b", "j", "l", "i", "eng", "s", "z")
NOUN_END = ("n", "vn", "an", "j", "l", "i", "eng", "nr", "ns", "nt", "nz", "s", "v")
# An occurrence in the title counts as this many in the text: the title of a paper or report names its subject.
TITLE_WEIGHT = 3.0
# A term outweighs a shorter one by its length (in pairs of characters) to this power: most have four characters.
LENGTH_POWER = 0.6
# A phrase that stands once is as likely an accident of syntax as a term.
SINGLE_PHRASE = 0.6
# What the dictionary does not know is a term or a name of the text: as rare as its rarest decile of words.
UNKNOWN_IDF = 11.0

_SENTENCE = re.compile(r"[^。！？；：，、\n\r\t,;:!?()（）《》“”\"'\[\]【】]+")
_WORD = re.compile(r"[\u4e00-\u9fff]{2,}|[A-Za-z][A-Za-z\-]+")


def keywords(text: str, *, title: str = "", n: int = 20, tokenizer: Tokenizer | None = None) -> list[Keyword]:
    """The `n` best keywords of `text`, best first, rank from 1; `title` adds weight to what it names.

    Scores are comparable within one text only. Ties are broken by first place in the text, then by the term. Digits,
    punctuation, single characters and stop words (`models/stopwords.txt`) are never keywords; a phrase inside a better
    one is left out. Empty text gives an empty list. Cost: one pass of the tokenizer over each distinct clause. Bad at
    words that the tokenizer splits: put them into the lexicon.
    """
    counts: dict[tuple[str, ...], float] = {}
    places: dict[tuple[str, ...], int] = {}
    known: dict[str, list[str]] = {}
    engine = tokenizer or get_tokenizer()
    for weight, part in ((TITLE_WEIGHT, title), (1.0, text)):
        clauses = _SENTENCE.findall(part)
        for words in words_of_distinct(clauses, known, engine):
            for phrase in _phrases(words):
                counts[phrase] = counts.get(phrase, 0.0) + weight
                places.setdefault(phrase, len(places))
    idf, tags = background_idf(), word_tags()
    scored = sorted(
        ((_score(phrase, count, idf), -places[phrase], phrase) for phrase, count in counts.items()
         if _ends_well(phrase, tags)),
        key=lambda item: (-item[0], -item[1], item[2]),
    )
    return [
        Keyword("".join(phrase), round(score, 4), rank, METHOD)
        for rank, (score, phrase) in enumerate(_prune(scored, n), start=1)
    ]


def _phrases(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """All runs of one to `MAX_WORDS` content words, at most `MAX_CHARS` characters long."""
    stop, tags = stop_words(), word_tags()
    run: list[str] = []
    for word in (*words, ""):
        if _WORD.fullmatch(word) and word not in stop and tags.get(word, "n").startswith(CONTENT):
            run.append(word)
            continue
        for start in range(len(run)):
            for end in range(start + 1, min(len(run), start + MAX_WORDS) + 1):
                phrase = tuple(run[start:end])
                if sum(map(len, phrase)) <= MAX_CHARS:
                    yield phrase
        run = []


def _ends_well(phrase: tuple[str, ...], tags: Mapping[str, str]) -> bool:
    """Whether a phrase can be a term: it ends in a noun, and is not a lone verb or adjective."""
    last = tags.get(phrase[-1], "n")
    if len(phrase) == 1:
        return last.startswith(("n", "vn", "j", "l", "i", "eng")) or last in ("an", "s")
    return last in NOUN_END or last.startswith("n")


def _score(phrase: tuple[str, ...], count: float, idf: Mapping[str, float]) -> float:
    """Frequency, damped, times mean rarity of the words, times the length prior."""
    rarity = sum(idf.get(word, UNKNOWN_IDF) for word in phrase) / len(phrase)
    length = sum(map(len, phrase)) / 2
    once = SINGLE_PHRASE if len(phrase) > 1 and count <= 1.0 else 1.0
    return float(once * math.log2(1.0 + count) * rarity * length**LENGTH_POWER)


def _prune(
    scored: Sequence[tuple[float, int, tuple[str, ...]]], n: int
) -> list[tuple[float, tuple[str, ...]]]:
    """The best `n` of which none stands inside another."""
    kept: list[tuple[float, tuple[str, ...]]] = []
    for score, _, phrase in scored:
        if len(kept) == n:
            break
        term = "".join(phrase)
        if not any(term in "".join(other) or "".join(other) in term for _, other in kept):
            kept.append((score, phrase))
    return kept


@cache
def stop_words() -> frozenset[str]:
    """The words of `models/stopwords.txt`; lines that begin with `#` are comments."""
    return frozenset(line for line in read_text(STOP_WORDS).split("\n") if line and not line.startswith("#"))

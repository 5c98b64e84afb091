"""Keywords of a text: phrases of one to four words, by how often they stand in it and how rare they are elsewhere.

Single words are the defect of jieba's own extractors: the terms of the field are phrases. Candidates are runs of
content words that end in a noun; inverse document frequencies come from the general corpus that jieba ships, so that
a report's keywords do not depend on the reports beside it. The weights were chosen on invented abstracts with keywords,
where each of them lies on a plateau.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from gknlp.resources import read_text
from gknlp.tokens import Tokenizer, background_idf, get_tokenizer, word_tags, words_of_distinct
from gknlp.types import Keyword

METHOD = "phrase-tfidf"
STOP_WORDS = "models/stopwords.txt"
MAX_WORDS = 4
MAX_CHARS = 12
# Parts of speech of jieba's dictionary that a keyword may hold; that its single characters may have; that it may end
# in; that it may be by itself.
CONTENT = ("n", "v", "a", "b", "j", "l", "i", "eng", "s", "z")
SINGLE = ("n", "g", "b", "k")
LAST = ("n", "v", "a", "j", "l", "i", "eng", "g", "k")
ALONE = ("n", "vn", "an", "j", "l", "eng", "s")
# What stands in the title is what the text is about.
TITLE_FACTOR = 2.0
# Frequency counts damped, so that the subject does not drown its parts.
FREQUENCY_POWER = 0.8
# Keywords of Chinese papers and documents by number of characters: most have four to six.
LENGTH_FACTOR = {2: 0.55, 3: 0.8, 4: 1.0, 5: 1.0, 6: 1.0, 7: 0.9, 8: 0.8, 9: 0.65, 10: 0.6, 11: 0.5, 12: 0.4}
LATIN_FACTOR = 0.8
WORDS_FACTOR = {1: 1.0, 2: 1.15, 3: 0.9, 4: 0.55}
# A phrase that never stands at the edge of a run on one side is a piece of a longer one.
INSIDE_FACTOR = 0.7
# So is one that never occurs without a certain longer one.
NESTED_FACTOR = 0.6
# A phrase that begins with a verb is as a rule a verb with its object.
VERB_FACTOR = 0.6
# A phrase that stands once may be an accident of syntax.
ONCE_FACTOR = 0.7
# What the dictionary does not know is a term or a name of the text: as rare as its rarest decile of words.
UNKNOWN_IDF = 10.0
# A first line up to this long that does not end like a sentence is a title.
TITLE_CHARS = 60

_CLAUSE = re.compile(r"[^。！？；：，、\n\r\t,;:!?()（）《》“”\"'\[\]【】/—]+")
_WORD = re.compile(r"[\u4e00-\u9fff]+|[A-Za-z][A-Za-z0-9\-]+")
_TITLE_LINE = re.compile(r"\s*([^\n]*[^\n。！？；：，、,;:!?.\s])[ \t\r]*\n(?=[^\n]*\S)")
Phrase = tuple[str, ...]


@dataclass(slots=True)
class _Count:
    """What is known of a phrase: occurrences, first place, whether it stands in the title and at edges of runs."""

    place: int
    times: int = 0
    title: bool = False
    left: bool = False
    right: bool = False
    longer: int = 0


def keywords(text: str, *, title: str = "", n: int = 20, tokenizer: Tokenizer | None = None) -> list[Keyword]:
    """The `n` best keywords of `text`, best first, rank from 1; what `title` names weighs more.

    Without `title` a short first line that does not end like a sentence is taken for one. Scores are comparable within
    one text only. Ties are broken by first place in the text, then by the term. Digits, punctuation, single characters
    and stop words (`models/stopwords.txt`) are never keywords; of two of which one stands inside the other only the
    better is kept. Empty text gives an empty list. Cost: one pass of the tokenizer over each distinct clause, and less
    than that again. Bad at words that the tokenizer splits: put them into the lexicon.
    """
    if not title and (found := _TITLE_LINE.match(text)) and len(found.group(1)) <= TITLE_CHARS:
        title, text = found.group(1), text[found.end() :]
    counts: dict[Phrase, _Count] = {}
    known: dict[str, list[str]] = {}
    allowed: dict[str, bool] = {}
    engine = tokenizer or get_tokenizer()
    for in_title, part in ((True, title), (False, text)):
        for words in words_of_distinct(_CLAUSE.findall(part), known, engine):
            for run in _runs(words, allowed):
                _count_phrases(run, in_title, counts)
    idf, tags = background_idf(), word_tags()
    scored = [
        (-_score(phrase, count, idf, tags), count.place, "".join(phrase))
        for phrase, count in counts.items()
        if _is_term(phrase, tags)
    ]
    return [
        Keyword(term, round(score, 4), rank, METHOD)
        for rank, (score, term) in enumerate(_prune(sorted(scored), n), start=1)
    ]


def _runs(words: Sequence[str], allowed: dict[str, bool]) -> Iterator[list[str]]:
    """The longest runs of words that a keyword may hold; `allowed` holds the words judged so far and grows."""
    run: list[str] = []
    for word in words:
        holds = allowed.get(word)
        if holds is None:
            holds = allowed[word] = _may_hold(word)
        if holds:
            run.append(word)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _may_hold(word: str) -> bool:
    if word in stop_words() or not _WORD.fullmatch(word):
        return False
    return word_tags().get(word, "n").startswith(SINGLE if len(word) == 1 else CONTENT)


def _count_phrases(run: Sequence[str], in_title: bool, counts: dict[Phrase, _Count]) -> None:
    """Count all phrases of a run, of one to `MAX_WORDS` words and at most `MAX_CHARS` characters."""
    size = len(run)
    for start in range(size):
        chars = 0
        for end in range(start + 1, min(size, start + MAX_WORDS) + 1):
            chars += len(run[end - 1])
            if chars > MAX_CHARS:
                break
            phrase = tuple(run[start:end])
            count = counts.get(phrase)
            if count is None:
                count = counts[phrase] = _Count(len(counts))
            count.times += 1
            count.title |= in_title
            count.left |= start == 0
            count.right |= end == size
            for inner in (phrase[1:], phrase[:-1]) if len(phrase) > 1 else ():
                # Inner phrases were counted before the longer one, but for the one that ends with it.
                count_inner = counts.get(inner)
                if count_inner is None:
                    count_inner = counts[inner] = _Count(len(counts))
                count_inner.longer = max(count_inner.longer, count.times)


def _is_term(phrase: Phrase, tags: Mapping[str, str]) -> bool:
    """Whether a phrase can be a term: it begins with a whole word and ends in a noun or what may serve as one."""
    last = tags.get(phrase[-1], "n")
    if len(phrase[0]) == 1:
        return False
    return last.startswith(ALONE if len(phrase) == 1 else LAST)


def _score(phrase: Phrase, count: _Count, idf: Mapping[str, float], tags: Mapping[str, str]) -> float:
    """Frequency, damped, times mean rarity of the words, times what speaks for or against a term."""
    long_words = [word for word in phrase if len(word) > 1]
    rarity = sum(idf.get(word, UNKNOWN_IDF) for word in long_words) / len(long_words)
    score: float = count.times**FREQUENCY_POWER * rarity
    chars = sum(map(len, phrase))
    score *= LATIN_FACTOR if phrase[0].isascii() else LENGTH_FACTOR[chars]
    score *= WORDS_FACTOR[len(phrase)]
    for holds, factor in (
        (count.title, TITLE_FACTOR), (not count.left, INSIDE_FACTOR), (not count.right, INSIDE_FACTOR),
        (count.longer >= count.times, NESTED_FACTOR), (tags.get(phrase[0]) == "v", VERB_FACTOR),
        (count.times == 1 and len(phrase) > 1, ONCE_FACTOR),
    ):
        if holds:
            score *= factor
    return score


def _prune(scored: Sequence[tuple[float, int, str]], n: int) -> list[tuple[float, str]]:
    """The best `n` of which none stands inside another."""
    kept: list[tuple[float, str]] = []
    for score, _, term in scored:
        if len(kept) == n:
            break
        if not any(term in other or other in term for _, other in kept):
            kept.append((-score, term))
    return kept


@cache
def stop_words() -> frozenset[str]:
    """The words of `models/stopwords.txt`; lines that begin with `#` are comments."""
    return frozenset(line for line in read_text(STOP_WORDS).split("\n") if line and not line.startswith("#"))

"""Documents as the measures see them: sentences of words, or of letters; plain texts are cut here.

A document is a plain text, or a sequence of sentences that are sequences of units (words, or the letters of a string).
What stands around the prose (tables, headings, the mandated wording) is the caller's to take out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from gknlp.normalize import fold
from gknlp.tokens import Tokenizer, get_tokenizer

Document: TypeAlias = str | Sequence[Sequence[str]]

# A definition that others can repeat without gknlp: a sentence ends at 。！？ (closing marks stay with it) and at a
# line end. ； does not end one: counting it would change every measure by the sentence.
_SENTENCE = re.compile("[^。！？!?\r\n]+(?:[。！？!?]+[”’」』）)\"']*)?")
# All numbers as one word, where figures are masked.
NUMBER = "0"


def sentences_of(text: str) -> list[str]:
    """The sentences of a plain text, in order, as printed; blank ones are left out.

    >>> sentences_of("一是公开；二是解读。效果如何？好")
    ['一是公开；二是解读。', '效果如何？', '好']
    """
    return [found.group() for found in _SENTENCE.finditer(text) if found.group().strip()]


def words_of(
    document: Document, *, tokenizer: Tokenizer | None = None, mask_digits: bool = False
) -> list[Sequence[str]]:
    """The sentences of a document as words; a document that is cut already is returned as it is (digits masked).

    A word is a token with at least one letter, digit or ideograph, folded (half width, lower case): punctuation is no
    word, a number is one. With `mask_digits` every number is the word `NUMBER`, so that a figure that changes every
    year does not hide a sentence that was kept. Sentences without words are left out. Cost: jieba, 0.4 million
    characters a second.

    >>> words_of("全年公开信息30条。")
    [['全年', '公开', '信息', '30', '条']]
    """
    if isinstance(document, str):
        lines = cut_lines(sentences_of(document), tokenizer or get_tokenizer())
        document = [line.split(" ") for line in lines if line]
    if not mask_digits:
        return list(document)
    return [[NUMBER if is_number(word) else word for word in sentence] for sentence in document]


def letters_of(document: Document) -> list[str]:
    """The sentences of a document as strings of letters, digits and ideographs (`normalize.fold`), none empty.

    >>> letters_of("全年公开信息３０条，比上年多。")
    ['全年公开信息30条比上年多']
    """
    sentences = sentences_of(document) if isinstance(document, str) else map("".join, document)
    return [letters for sentence in sentences if (letters := fold(sentence).text)]


def is_number(word: str) -> bool:
    """Whether a folded word is written in digits alone (30, and 35 for 3.5)."""
    return word.isdecimal()


def cut_lines(sentences: Iterable[str], tokenizer: Tokenizer) -> list[str]:
    """Each sentence as its folded words with a space between, "" for one without words; each distinct word folded once.

    A folded word holds no space, so that splitting gives the words and leaving the spaces out the letters.
    """
    known: dict[str, str] = {}
    lines = []
    for sentence in sentences:
        words = []
        for word in tokenizer.words(sentence):
            form = known.get(word)
            if form is None:
                form = known[word] = fold(word).text
            if form:
                words.append(form)
        lines.append(" ".join(words))
    return lines


def tokens_note(identity: Mapping[str, str]) -> str:
    """A tokenizer in one word: name-version/dictionary/lexicon, the last two as the first 8 digits of their SHA-256.

    >>> tokens_note({"tokenizer": "jieba", "version": "0.42.1", "dictionary": "7197c3211ddd", "lexicon": "c0ffee4711"})
    'jieba-0.42.1/7197c321/c0ffee47'
    """
    dictionary = identity["dictionary"].replace(" ", "_")
    dictionary = dictionary[:8] if re.fullmatch("[0-9a-f]{8,}", dictionary) else dictionary
    return f"{identity['tokenizer']}-{identity['version']}/{dictionary}/{identity['lexicon'][:8]}"

"""Words of Chinese text with exact offsets: jieba, or its Rust port, with the domain lexicon of 政务公开.

The one module that imports jieba and rjieba, both inside functions. What a wrapper must know about jieba, and is
handled here: its cache file in the temp folder is trusted unchecked (we build our own instance and write none); words
are split at full-width digits and 〇 (we cut a folded view of the same length); an added word may still be split
(frequencies are high, every shipped term is tested, a user's term that is still split comes back as a warning).
"""

from __future__ import annotations

import hashlib
import re
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol

from gknlp.errors import MissingDependencyError, SettingsError
from gknlp.normalize import fold_width
from gknlp.resources import checksum, read_text
from gknlp.settings import TokenSettings
from gknlp.types import Failure, Token

LEXICON = "corpus/lexicon/zwgk.txt"

# jieba's dictionary counts 60 million words; its most frequent one (的) has 318,825. Long terms are unambiguous and
# get more than that, so that the longest always wins; a two-character term must not swallow its neighbours' ends.
_FREQUENCY_BY_LENGTH = {1: 100, 2: 5_000, 3: 200_000}
_FREQUENCY_LONG = 2_000_000

# A year in Chinese digits (二〇二三年): the segmenters break it at 〇, so it is cut out beforehand.
_CHINESE_YEAR = re.compile("([一二三四五六七八九零]{4})(?=年)")
# The Rust port takes valid Unicode only; a lone surrogate is replaced one for one in the view that is cut.
_SURROGATE = re.compile("[\ud800-\udfff]")
# Unknown characters in a row cost jieba their number squared. No prose has a thousand without a sign between them, so
# that a cut there touches no real word.
_ENDLESS = re.compile("[\u4e00-\u9fff]{1000}(?=[\u4e00-\u9fff])")


class Tokenizer(Protocol):
    """What both engines offer."""

    @property
    def identity(self) -> Mapping[str, str]:
        """`tokenizer`, `version`, `dictionary`, `lexicon` (SHA-256): changing one changes every word-based number."""

    @property
    def warnings(self) -> tuple[Failure, ...]:
        """Terms of the user's lexicon that the engine still splits."""

    def words(self, text: str) -> list[str]:
        """Cut `text` into words whose concatenation is `text`; white space and punctuation are words of their own."""


@dataclass(frozen=True, slots=True)
class _Engine:
    """A segmenter behind one function; not picklable (jieba holds a lock), so each worker process builds its own."""

    cut: Any
    identity: Mapping[str, str]
    warnings: tuple[Failure, ...] = ()

    def words(self, text: str) -> list[str]:
        """See `Tokenizer.words`."""
        view = _SURROGATE.sub("\ufffd", fold_width(text))
        words: list[str] = []
        at = 0
        for piece in _CHINESE_YEAR.split(view):
            if not piece:
                continue
            for word in [piece] if _is_year(piece, view, at) else self._cut(piece):
                words.append(text[at : at + len(word)])
                at += len(word)
        return words

    def _cut(self, piece: str) -> Iterable[str]:
        ends = [match.end() for match in _ENDLESS.finditer(piece)]
        if not ends:
            return self.cut(piece)  # type: ignore[no-any-return]
        bounds = pairwise([0, *ends, len(piece)])
        return (word for start, end in bounds for word in self.cut(piece[start:end]))


def _is_year(piece: str, view: str, at: int) -> bool:
    return len(piece) == 4 and _CHINESE_YEAR.match(view, at) is not None


def get_tokenizer(settings: TokenSettings | None = None) -> Tokenizer:
    """Return the tokenizer that `settings` ask for, built once per process and setting (0.6 s jieba, 0.2 s rjieba).

    A user's lexicon file (one term a line, optional frequency behind a space; UTF-8 with or without BOM, any line ends)
    is added to the shipped one. SettingsError where it cannot be read, MissingDependencyError where rjieba is missing.
    """
    return _build(settings or TokenSettings())


@lru_cache(maxsize=4)
def _build(settings: TokenSettings) -> _Engine:
    shipped = parse_lexicon(read_text(LEXICON))
    own = _read_user_lexicon(settings.lexicon) if settings.lexicon else {}
    terms = {**shipped, **own}
    build = _build_rjieba if settings.tokenizer == "rjieba" else _build_jieba
    cut, dictionary = build(terms)
    digest = hashlib.sha256(checksum(LEXICON).encode())
    for term, frequency in sorted(own.items()):
        digest.update(f"\n{term} {frequency}".encode())
    identity = {
        "tokenizer": settings.tokenizer,
        "version": version(settings.tokenizer),
        "dictionary": dictionary,
        "lexicon": digest.hexdigest(),
    }
    split = [term for term in own if list(cut(term)) != [term]]
    return _Engine(cut, identity, tuple(_split_warning(settings, term, list(cut(term))) for term in split))


def parse_lexicon(text: str) -> dict[str, int]:
    """Terms and frequencies of a lexicon: one term a line, optional frequency behind white space, `#` starts a comment.

    Terms are folded in width. A term without frequency gets one by its length. Later lines win.

    >>> parse_lexicon("依申请公开 500000\\r\\n# 注\\r\\n五公开")
    {'依申请公开': 500000, '五公开': 200000}
    """
    terms: dict[str, int] = {}
    for line in text.lstrip("\ufeff").splitlines():
        parts = fold_width(line.split("#", 1)[0]).split()
        if parts:
            given = parts[1] if len(parts) > 1 and parts[1].isdecimal() else None
            terms[parts[0]] = int(given) if given else _FREQUENCY_BY_LENGTH.get(len(parts[0]), _FREQUENCY_LONG)
    return terms


def _read_user_lexicon(name: str) -> dict[str, int]:
    try:
        return parse_lexicon(Path(name).read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        hint = "Save it as UTF-8 text, one term a line, and check the path."
        raise SettingsError(f"Lexicon {name} cannot be read: {error}.", hint=hint) from error


def _split_warning(settings: TokenSettings, term: str, words: list[str]) -> Failure:
    return Failure(
        path=settings.lexicon,
        stage="tokens",
        error="TermStillSplit",
        message=f"The term {term} is still split into {' / '.join(words)}.",
        hint="Terms cannot hold punctuation or spaces; write a higher frequency behind the term.",
    )


def _build_jieba(terms: Mapping[str, int]) -> tuple[Any, str]:
    with warnings.catch_warnings():
        # The source has invalid escapes and asks for pkg_resources: neither is the caller's business.
        warnings.simplefilter("ignore")
        import jieba
    jieba.default_logger.removeHandler(jieba.log_console)
    dictionary = Path(jieba.__file__).with_name("dict.txt")
    engine = jieba.Tokenizer()
    with dictionary.open("rb") as lines:
        # What initialize() does, without its cache file.
        engine.FREQ, engine.total = jieba.Tokenizer.gen_pfdict(lines)
    engine.initialized = True
    for term, frequency in terms.items():
        engine.add_word(term, frequency)
    return engine.lcut, hashlib.sha256(dictionary.read_bytes()).hexdigest()


def _build_rjieba(terms: Mapping[str, int]) -> tuple[Any, str]:
    try:
        import rjieba
    except ImportError as error:
        hint = "Run pip install 'gknlp[fast]', or set tokens.tokenizer to jieba."
        raise MissingDependencyError("The tokenizer rjieba is not installed.", hint=hint) from error
    engine = rjieba.Jieba()
    for term, frequency in terms.items():
        engine.add_word(term, frequency, None)
    # Its dictionary is compiled in: the version names it.
    return engine.cut, f"compiled into rjieba {version('rjieba')}"


def tokenize(text: str, tokenizer: Tokenizer | None = None) -> list[Token]:
    """Cut `text` into tokens; offsets index `text`, tokens tile it in order. Empty text gives an empty list.

    White space and punctuation are tokens too. Cost: linear, jieba 0.4, rjieba 7 million characters a second.

    >>> [t.text for t in tokenize("推进政务公开标准化规范化。")]
    ['推进', '政务公开标准化规范化', '。']
    """
    tokens: list[Token] = []
    at = 0
    for word in (tokenizer or get_tokenizer()).words(text):
        tokens.append(Token(word, at, at + len(word)))
        at += len(word)
    return tokens


def words_of_distinct(
    sentences: Iterable[str], known: dict[str, list[str]], tokenizer: Tokenizer | None = None
) -> list[list[str]]:
    """Words of each sentence, in order, where each distinct sentence is cut once; `known` holds what was cut and grows.

    The caller owns `known` (and so its size): one per worker or call, never one per process without end.
    """
    engine = tokenizer or get_tokenizer()
    result: list[list[str]] = []
    for sentence in sentences:
        words = known.get(sentence)
        if words is None:
            words = known[sentence] = engine.words(sentence)
        result.append(words)
    return result


@cache
def word_tags() -> Mapping[str, str]:
    """Part of speech of each word of jieba's dictionary (its own tag set: n, v, vn, a, d …); read once, 0.3 s."""
    return {parts[0]: parts[2] for parts in _dictionary_lines("dict.txt") if len(parts) == 3}


@cache
def background_idf() -> Mapping[str, float]:
    """Inverse document frequency of each word in the general corpus that jieba ships (analyse/idf.txt); once, 0.3 s."""
    return {parts[0]: float(parts[1]) for parts in _dictionary_lines("analyse/idf.txt") if len(parts) == 2}


def _dictionary_lines(name: str) -> Iterable[list[str]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import jieba
    jieba.default_logger.removeHandler(jieba.log_console)
    with Path(jieba.__file__).parent.joinpath(name).open(encoding="utf-8") as lines:
        for line in lines:
            yield line.split()

"""Words with exact offsets, from both engines; user lexicons; distinct sentences cut once."""

from __future__ import annotations

from itertools import accumulate
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gknlp.errors import SettingsError
from gknlp.settings import TokenSettings
from gknlp.tokens import Tokenizer, get_tokenizer, parse_lexicon, tokenize, words_of_distinct

ENGINES = ("jieba", "rjieba")


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Tokenizer:
    if request.param == "rjieba":
        pytest.importorskip("rjieba")
    return get_tokenizer(TokenSettings(tokenizer=request.param))


def test_tokenize_gives_words_of_the_field_with_their_spans(engine: Tokenizer) -> None:
    tokens = tokenize("我局受理依申请公开３件，均按期答复。", engine)
    assert [(token.text, token.start, token.end) for token in tokens] == [
        ("我局", 0, 2), ("受理", 2, 4), ("依申请公开", 4, 9), ("３", 9, 10), ("件", 10, 11), ("，", 11, 12),
        ("均", 12, 13), ("按期答复", 13, 17), ("。", 17, 18),
    ]


def test_tokenize_keeps_a_year_in_chinese_digits_whole(engine: Tokenizer) -> None:
    assert engine.words("二〇二三年公开") == ["二〇二三", "年", "公开"]


@pytest.mark.parametrize("character", ["畀", "局"])
def test_a_run_without_end_is_cut_in_stretches_that_tile_it(engine: Tokenizer, character: str) -> None:
    text = "公开。" + 3500 * character + "。公开"
    words = engine.words(text)
    assert "".join(words) == text
    ends = {end for end in _ends(words) if (end - 3) % 1000 == 0}
    assert {1003, 2003, 3003} <= ends


def _ends(words: list[str]) -> list[int]:
    return list(accumulate(map(len, words)))


def test_tokenize_of_nothing_is_nothing(engine: Tokenizer) -> None:
    assert tokenize("", engine) == []


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.characters() | st.sampled_from("政府信息公开〇２０二年，。\ud800 \n\t"), max_size=40))
@pytest.mark.parametrize("name", ENGINES)
def test_tokens_tile_any_text(name: str, text: str) -> None:
    if name == "rjieba":
        pytest.importorskip("rjieba")
    tokens = tokenize(text, get_tokenizer(TokenSettings(tokenizer=name)))
    assert "".join(token.text for token in tokens) == text
    assert [token.start for token in tokens] == [0, *(token.end for token in tokens)][: len(tokens)]
    assert all(text[token.start : token.end] == token.text != "" for token in tokens)


def test_identity_names_what_changes_words(tmp_path: Path) -> None:
    own = tmp_path / "words.txt"
    own.write_bytes("\ufeff云查档 900000\r\n# 注\r\n".encode())
    plain, richer = get_tokenizer(), get_tokenizer(TokenSettings(lexicon=str(own)))
    assert plain.identity["tokenizer"] == "jieba"
    assert plain.identity["dictionary"] == richer.identity["dictionary"]
    assert plain.identity["lexicon"] != richer.identity["lexicon"]
    assert richer.words("开通云查档服务") == ["开通", "云查档", "服务"]
    assert (plain.warnings, richer.warnings) == ((), ())


def test_a_term_that_stays_split_is_told(tmp_path: Path) -> None:
    own = tmp_path / "words.txt"
    own.write_text("公开,透明\n", encoding="utf-8")
    (warning,) = get_tokenizer(TokenSettings(lexicon=str(own))).warnings
    assert (warning.error, warning.path) == ("TermStillSplit", str(own))
    assert "公开 / , / 透明" in warning.message


def test_a_lexicon_that_is_missing_or_not_utf8_is_refused(tmp_path: Path) -> None:
    bad = tmp_path / "gbk.txt"
    bad.write_bytes("政务公开".encode("gb18030"))
    for name in (bad, tmp_path / "none.txt"):
        with pytest.raises(SettingsError, match=name.name):
            get_tokenizer(TokenSettings(lexicon=str(name)))


def test_parse_lexicon_reads_frequencies_comments_and_any_line_end() -> None:
    assert parse_lexicon("\ufeff依申请公开 7\r\n# 注\n\n两化　# 两字\r五公开 x\n") == {
        "依申请公开": 7, "两化": 5_000, "五公开": 200_000,
    }


def test_distinct_sentences_are_cut_once() -> None:
    class Counting:
        warnings = ()
        calls = 0

        @property
        def identity(self) -> dict[str, str]:
            return {}

        def words(self, text: str) -> list[str]:
            self.calls += 1
            return list(text)

    counting, known = Counting(), {}
    assert words_of_distinct(["甲乙", "丙", "甲乙"], known, counting) == [["甲", "乙"], ["丙"], ["甲", "乙"]]
    assert words_of_distinct(["丙"], known, counting) == [["丙"]]
    assert counting.calls == 2

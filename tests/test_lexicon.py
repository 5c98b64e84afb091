"""The domain lexicon: every term survives segmentation, in both engines, wherever it stands in a sentence."""

from __future__ import annotations

import pytest

from gknlp.resources import read_text
from gknlp.settings import TokenSettings
from gknlp.tokens import LEXICON, get_tokenizer, parse_lexicon, tokenize

# Carriers end and begin with words that invite other cuts: 了解/解读, 公开/开放, 的, 和.
CARRIERS = ("{}", "我局认真做好{}工作。", "进一步加强{}和督促检查，", "２０２３年，在{}方面，", "关于{}的规定")


@pytest.fixture(scope="module")
def terms() -> list[str]:
    return sorted(parse_lexicon(read_text(LEXICON)))


def test_lexicon_is_large_enough_and_clean(terms: list[str]) -> None:
    assert len(terms) >= 300
    lines = [line.split()[0] for line in read_text(LEXICON).splitlines() if line and not line.startswith("#")]
    assert sorted(lines) == terms, "a term stands twice"
    assert [term for term in terms if not 2 <= len(term) <= 20] == []


@pytest.mark.parametrize("name", ["jieba", "rjieba"])
def test_every_term_survives_in_every_carrier(terms: list[str], name: str) -> None:
    if name == "rjieba":
        pytest.importorskip("rjieba")
    engine = get_tokenizer(TokenSettings(tokenizer=name))
    lost = []
    for carrier in CARRIERS:
        at = carrier.index("{")
        for term in terms:
            spans = {(token.start, token.end) for token in tokenize(carrier.format(term), engine)}
            if (at, at + len(term)) not in spans:
                lost.append((carrier, term))
    assert lost == []


def test_general_words_are_not_swallowed_by_terms() -> None:
    words = get_tokenizer().words("群众了解读书的人，公开发行了办法规定的事项")
    assert [word for word in ("了解", "读书", "公开", "办法", "规定", "事项") if word not in words] == []

"""Keywords: phrases of the field, ranked by frequency, rarity, title; nothing generic, nothing twice."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gknlp.keywords import METHOD, keywords, stop_words
from gknlp.types import Keyword

TITLE = "基于卷积神经网络的遥感图像飞机目标检测"
ABSTRACT = (
    "针对遥感图像中飞机目标尺度小、背景复杂导致检测精度低的问题，提出一种基于卷积神经网络的飞机目标检测方法。"
    "该方法融合多层特征，并扩充训练样本。实验结果表明，该方法对小目标具有更好的检测效果。"
)


def terms(text: str, **options: object) -> list[str]:
    return [keyword.term for keyword in keywords(text, **options)]


def test_keywords_are_phrases_ranked_from_one() -> None:
    found = keywords("政策解读要通俗。政策解读与文件同步起草、同步发布。", n=2)
    assert [(keyword.term, keyword.rank, keyword.method, keyword.section) for keyword in found] == [
        ("政策解读", 1, METHOD, None), ("同步发布", 2, METHOD, None),
    ]
    assert found[0].score > found[1].score > 0
    assert isinstance(found[0], Keyword)


def test_keywords_prefer_what_the_title_names() -> None:
    with_title = terms(ABSTRACT, title=TITLE, n=3)
    assert with_title[:2] == ["卷积神经网络", "遥感图像"]
    assert terms(f"{TITLE}\n{ABSTRACT}", n=3) == with_title


@pytest.mark.parametrize("text", ["", " \n\t", "。，；", "12345 2023年", "的的了了", "我"])
def test_keywords_of_nothing_are_none(text: str) -> None:
    assert keywords(text) == []


def test_keywords_leave_out_what_says_nothing() -> None:
    text = "我局认真做好工作，进一步加强工作，建立健全机制。结果表明情况良好，研究具有重要意义。"
    assert not set(terms(text)) & {"工作", "我局", "情况", "研究", "意义", "结果", "结果表明", "建立健全"}


def test_no_keyword_stands_inside_another() -> None:
    found = terms(ABSTRACT * 3, title=TITLE, n=50)
    assert [(a, b) for a in found for b in found if a != b and a in b] == []


def test_equal_scores_go_by_place() -> None:
    # Both are terms of the lexicon that the general dictionary does not know, of four characters.
    first, second = keywords("政策解读。一图读懂。", n=2)
    assert (first.term, second.term) == ("政策解读", "一图读懂")
    assert first.score == second.score
    assert terms("一图读懂。政策解读。", n=2) == ["一图读懂", "政策解读"]


def test_stop_words_are_the_lines_of_their_file() -> None:
    assert {"的", "工作", "结果表明"} <= stop_words()
    assert not any(word.startswith("#") or word != word.strip() for word in stop_words())


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet="政务公开解读培训平台建设ab，。\n 的12", max_size=60), st.integers(0, 5))
def test_keywords_stand_in_the_text_and_repeat_alike(text: str, n: int) -> None:
    found = keywords(text, n=n)
    assert len(found) <= n
    assert [keyword.rank for keyword in found] == list(range(1, len(found) + 1))
    assert all(keyword.term in text for keyword in found)
    assert [keyword.score for keyword in found] == sorted((keyword.score for keyword in found), reverse=True)
    assert keywords(text, n=n) == found

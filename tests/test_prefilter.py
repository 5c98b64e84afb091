"""The prefilter never loses a match: what a pattern needs stands in every text it is found in."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gknlp.classify.cues import load_cues
from gknlp.classify.formulaic import load_tie_rules
from gknlp.classify.grams import hash_texts
from gknlp.classify.prefilter import Prefilter, bit_numbers, needed_grams
from gknlp.classify.themes import load_theme_rules

PATTERNS = sorted({
    *(rule.pattern for rule in load_cues().rules),
    *(tie[2].pattern for tie in load_tie_rules().ties),
    *(pattern.pattern for _, pattern in load_theme_rules().themes),
})


@pytest.mark.parametrize(("pattern", "needed"), [
    ("培训", {"培训"}),
    ("培训|检查", {"培训", "检查"}),
    ("不(?:高|强)", {"不高", "不强"}),
    ("不[太甚]?够", {"不太", "不甚", "不够"}),
    ("公开.{0,5}承诺", {"承诺"}),
    ("(?=.*年底)完", {"年底"}),
    ("了", {"了"}),
    (r"\d+件", {"0件"}),
    ("(?:公开)?", None),
    ("[^。]+", None),
    (".|公开", None),
    ("(?i)abc", None),
    ("(?:培训){2}", {"培训"}),
    ("(?<!不)公开情况", {"开情"}),
])
def test_what_a_pattern_needs(pattern: str, needed: set[str] | None) -> None:
    assert needed_grams(pattern) == needed


@pytest.mark.parametrize("pattern", PATTERNS, ids=[pattern[:24] for pattern in PATTERNS])
@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_every_text_a_rule_is_found_in_is_a_candidate(pattern: str, data: st.DataObject) -> None:
    text = data.draw(st.from_regex(pattern, alphabet=st.characters(codec="utf-8")))
    assert re.search(pattern, text)
    assert Prefilter([pattern]).candidates(hash_texts([text])) == [1]


def test_candidates_are_bits_of_as_many_patterns_as_there_are() -> None:
    prefilter = Prefilter([f"第{chr(0x4E00 + number)}条" for number in range(150)] + ["[^。]"])
    texts = ["第一条", "无", f"第{chr(0x4E00 + 149)}条，第{chr(0x4E00 + 70)}条"]
    found = prefilter.candidates(hash_texts(texts))
    assert {0, 150} <= set(bit_numbers(found[0]))
    assert {70, 149, 150} <= set(bit_numbers(found[2]))
    assert all(150 in bit_numbers(bits) for bits in found)
    assert prefilter.candidates(hash_texts([])) == []

"""A report as spaCy Doc: text exact, span groups at the right words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gknlp.classify import classify
from gknlp.segment import segment
from gknlp.spacy_doc import to_spacy
from gknlp.types import Passage, Report, Segmentation

pytest.importorskip("spacy")
TEXT = "一、概述\n全年公开信息30条。\n二、存在问题\n更新不够及时。\n三、下一步打算\n每季度开展一次业务培训。\n"


def report(text: str) -> Report:
    return Report("r", "r.txt", "0" * 64, text)


def test_to_spacy_keeps_the_text_and_groups_the_spans() -> None:
    parts = segment(TEXT)
    passage = Passage("p", "r", 5, 14, "s", 0, 9, "exact", "peer", "none", 1.0, 9)
    doc = to_spacy(report(TEXT), parts, classify(parts.units), [passage])
    assert doc.text == TEXT
    assert [(span.label_, span.text.strip()) for span in doc.spans["sections"]] == [
        ("overview", "全年公开信息30条。"), ("problems", "更新不够及时。"), ("plans", "每季度开展一次业务培训。"),
    ]
    assert [span.label_ for span in doc.spans["units"]] == ["work", "problem", "plan"]
    assert [(span.label_, span.text) for span in doc.spans["commitments"]] == [("3", "每季度开展一次业务培训。")]
    assert [(span.label_, span.text) for span in doc.spans["reuse"]] == [("peer", "全年公开信息30条")]


def test_to_spacy_of_an_empty_report_is_an_empty_doc() -> None:
    doc = to_spacy(report(""), Segmentation("free", (), (), (), ()))
    assert (len(doc), doc.text, list(doc.spans["units"])) == (0, "", [])


@settings(max_examples=30, deadline=None)
@given(st.text(alphabet="公开信息年报，。 \n\t（一）a1〇２", max_size=60))
def test_to_spacy_text_is_exact(text: str) -> None:
    assert to_spacy(report(text), segment(text)).text == text

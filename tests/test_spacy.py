"""A report as spaCy Doc: text exact, span groups at the right words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gknlp.classify import classify
from gknlp.segment import segment
from gknlp.spacy_doc import GROUPS, to_spacy
from gknlp.types import Furniture, Identity, Layout, Passage, Report, Segmentation

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


def made():
    """A Doc with every group, of a text whose last commitment has a page number inside."""
    text = TEXT.replace("每季度开展", "每季度\n第 2 页\n开展")
    layout = Layout(furniture=(Furniture(text.index("\n第 2 页"), text.index("开展"), "page number"),))
    parts = segment(text, layout=layout)
    identity = Identity(agency="柳泽县水务局", year=2014)
    passage = Passage("p1", "q", 0, 9, "r", 5, 14, "exact", "self", "none", 1.0, 9)
    labels = classify(parts.units)
    return to_spacy(Report("r", "r.txt", "0" * 64, text, layout, identity), parts, labels, [passage])


def test_slots_and_ids_lead_back_to_the_tables() -> None:
    doc = made()
    assert set(doc.spans) == set(GROUPS)
    assert [(span.label_, span.id_) for span in doc.spans["units"]] == [("work", "0"), ("problem", "1"), ("plan", "2")]
    slots = {span.label_: (span.text, span.id_) for span in doc.spans["slots"]}
    assert slots["time"] == ("每季度", "2")
    assert slots["what"][0].startswith("开展")
    (reuse,) = doc.spans["reuse"]
    assert (reuse.label_, reuse.id_, reuse.kb_id_) == ("self", "p1", "q")
    assert doc.user_data["report_id"] == "r"
    assert (doc.user_data["agency"], doc.user_data["year"]) == ("柳泽县水务局", 2014)


def test_matcher_finds_words_inside_a_group() -> None:
    from spacy.matcher import Matcher

    doc = made()
    matcher = Matcher(doc.vocab)
    matcher.add("training", [[{"TEXT": "开展"}, {"OP": "+"}, {"TEXT": {"REGEX": "培训$"}}]])
    (commitment,) = doc.spans["commitments"]
    assert [span.text for span in matcher(commitment, as_spans=True)] == ["开展一次业务培训"]


@pytest.mark.parametrize("group", GROUPS)
def test_displacy_draws_every_group(group: str) -> None:
    from spacy import displacy

    doc = made()
    page = displacy.render(doc, style="span", options={"spans_key": group}, jupyter=False)
    assert "公开" in page
    assert all(span.label_ in page for span in doc.spans[group])


def test_a_doc_bin_keeps_groups_and_identity() -> None:
    import spacy
    from spacy.tokens import DocBin

    doc = made()
    stored = DocBin(docs=[doc], store_user_data=True).to_bytes()
    (back,) = DocBin().from_bytes(stored).get_docs(spacy.blank("xx").vocab)
    assert back.text == doc.text
    assert back.user_data["year"] == 2014
    for group in GROUPS:
        assert [(s.start, s.end, s.label_, s.id_, s.kb_id_) for s in back.spans[group]] == [
            (s.start, s.end, s.label_, s.id_, s.kb_id_) for s in doc.spans[group]
        ]


def test_a_report_of_a_run_gives_the_values_that_the_stages_gave(tmp_path) -> None:
    import gknlp

    path = tmp_path / "柳泽县水务局2014年报.txt"
    path.write_text("柳泽县水务局2014年政府信息公开工作年度报告\n" + TEXT, encoding="utf-8")
    run = gknlp.analyze(path, tmp_path / "out", jobs=1)
    (report_id,) = run.reports.report_id
    values = run.report(report_id).values()
    read = gknlp.read_report(path)
    parts = segment(read.text, layout=read.layout, year=2014)
    assert values.report.text == read.text
    assert values.report.identity.agency == read.identity.agency
    assert values.parts == parts
    assert values.labels == tuple(classify(parts.units))
    from_run, direct = to_spacy(*values), to_spacy(read, parts, classify(parts.units))
    assert [span.text for span in from_run.spans["slots"]] == [span.text for span in direct.spans["slots"]]


def test_to_spacy_of_an_empty_report_is_an_empty_doc() -> None:
    doc = to_spacy(report(""), Segmentation("free", (), (), (), ()))
    assert (len(doc), doc.text, list(doc.spans["units"])) == (0, "", [])


@settings(max_examples=30, deadline=None)
@given(st.text(alphabet="公开信息年报，。 \n\t（一）a1〇２", max_size=60))
def test_to_spacy_text_is_exact(text: str) -> None:
    assert to_spacy(report(text), segment(text)).text == text

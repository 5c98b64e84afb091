"""Masking, mandated wording, set phrases and the view they make: exact spans, every character accounted for."""

from __future__ import annotations

from array import array
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gknlp.normalize import fold
from gknlp.resources import load_toml
from gknlp.reuse.mask import (
    CONTACT,
    DATE,
    NAME,
    NUMBER,
    SIGNS,
    Squeezed,
    foreign_names,
    index_names,
    mask_squeezed,
    mask_text,
    squeeze,
)
from gknlp.reuse.skeleton import find_skeleton, mark_set_phrases, phrase_patterns, set_phrases
from gknlp.reuse.view import BREAK, BREAKS, STRIPPED, build_view
from gknlp.types import ReuseText

MASK_RULES = load_toml("models/mask.toml")["rules"]
SKELETON_RULES = load_toml("models/skeleton.toml")["rules"]
LAWS = load_toml("models/skeleton.toml")["laws"]
PHRASES = load_toml("models/set_phrases.toml")
NO_NAMES = index_names(())
TEXT = st.text(alphabet=st.sampled_from("我局县市公开信息的在，。0128年月日《》 \n　清河财政局条三〔〕号"), max_size=80)


def whole(text: str, **more: object) -> ReuseText:
    return ReuseText("r", text, ((0, len(text), 0),), **more)  # type: ignore[arg-type]


def slots(text: str, **more: object) -> list[tuple[str, str]]:
    return [(slot.slot, text[slot.start : slot.end]) for slot in mask_text(text, **more)]  # type: ignore[arg-type]


@pytest.mark.parametrize("rule", MASK_RULES, ids=lambda rule: rule["id"])
def test_a_mask_rule_finds_its_example_and_leaves_its_counter_example(rule: dict[str, str]) -> None:
    found = [(s.rule, s.slot, rule["example"][s.start : s.end]) for s in mask_text(rule["example"])]
    assert (rule["id"], rule["slot"], rule["found"]) in found
    assert rule["id"] not in {s.rule for s in mask_text(rule["counter_example"])}


def test_names_dates_and_figures_become_typed_slots() -> None:
    text = "2020年，清河县财政局公开信息1,286条，较上年增长12.5%；县委、县政府要求3月底前完成。"
    assert slots(text, names=["清河县财政局"]) == [
        ("date", "2020年"), ("self", "清河县财政局"), ("number", "1,286"), ("number", "12.5%"), ("place", "县"),
        ("place", "县"), ("date", "3月底"),
    ]


def test_titles_keep_all_but_own_names_and_dates() -> None:
    text = "印发《清河县2020年政务公开要点》和《福建省政府信息公开办法》"
    assert slots(text, names=["清河县"]) == [("self", "清河县"), ("date", "2020年")]


def test_white_space_inside_a_name_or_number_does_not_hide_it() -> None:
    text = "清 河\n县财政局公开 ２ ０ 条"
    assert slots(text, names=["清河县财政局"]) == [("self", "清 河\n县财政局"), ("number", "２ ０")]


def test_names_of_the_run_are_slots_of_other_agencies() -> None:
    assert slots("配合柳泽县水务局检查", known=["柳泽县水务局"]) == [("agency", "柳泽县水务局")]


@given(TEXT)
def test_slots_lie_in_order_inside_the_text_and_never_overlap(text: str) -> None:
    found = mask_text(text, names=["清河县", "财政局"], known=["信息公开局"])
    assert all(0 <= s.start < s.end <= len(text) for s in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert {s.slot for s in found} <= set(SIGNS)


@pytest.mark.parametrize("rule", SKELETON_RULES, ids=lambda rule: rule["id"])
def test_a_skeleton_rule_finds_its_example_and_leaves_its_counter_example(rule: dict[str, str]) -> None:
    text = squeeze(rule["example"]).text
    assert (rule["id"], rule["found"]) in [(name, text[start:end]) for start, end, name in find_skeleton(text)]
    counter = squeeze(rule["counter_example"]).text
    assert rule["id"] not in {name for _, _, name in find_skeleton(counter)}


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law["id"])
def test_a_law_pasted_into_a_report_is_found_whole(law: dict[str, str]) -> None:
    view = build_view(whole(f"我们认为：{law['text']}我们照此办理。"), NO_NAMES)
    assert view.stripped == ((0, len(fold(law["text"]).text)),)


@pytest.mark.parametrize("group", PHRASES["groups"], ids=lambda group: group["id"])
def test_set_phrases_mark_their_example_only(group: dict[str, str]) -> None:
    assert any(build_view(whole(group["example"]), NO_NAMES).fixed)
    assert not any(build_view(whole(group["counter_example"]), NO_NAMES).fixed)


@pytest.mark.parametrize("rule", PHRASES["patterns"], ids=lambda rule: rule["id"])
def test_a_phrase_pattern_finds_all_of_its_example_and_nothing_in_its_counter_example(rule: dict[str, str]) -> None:
    (pattern,) = [pattern for name, _, pattern in phrase_patterns() if name == rule["id"]]
    example = build_view(whole(rule["example"]), NO_NAMES).text
    assert rule["cue"] in example
    assert list(pattern.spans(example)) == [(0, len(example))]
    assert not list(pattern.spans(build_view(whole(rule["counter_example"]), NO_NAMES).text))


def test_set_phrases_are_long_enough_to_explain_something() -> None:
    assert [phrase for phrase in set_phrases() if len(phrase) < 8] == []
    assert bytes(mark_set_phrases("甲不断提高政府信息公开工作水平乙")) == b"\0" + b"\1" * 14 + b"\0"


def test_a_view_shows_signs_for_slots_and_marks_for_mandated_wording() -> None:
    text = "我局联系电话:0436-3502899。江苏省淮安市水利局2020年巡查36处。"
    view = build_view(whole(text), NO_NAMES)
    assert view.text == f"{NAME}{STRIPPED}{NAME}{DATE}巡查{NUMBER}处"
    assert view.stripped == ((0, 15),)
    assert [text[view.starts[i] : view.ends[i]] for i in (2, 3, 6)] == ["江苏省淮安市水利局", "2020年", "36"]
    assert CONTACT not in view.text


def test_titles_of_documents_and_counted_slogans_are_set_phrases() -> None:
    text = "按照《关于回应社会关切提升公信力的意见》修坝，增强“四个意识”、坚定“四个自信”、做到“两个维护”。"
    view = build_view(whole(text), NO_NAMES)
    plain = "".join(letter for letter, fixed in zip(view.text, view.fixed, strict=True) if not fixed)
    assert plain == "按照修坝"


def test_slots_do_not_go_across_line_feeds() -> None:
    text = "柳泽\n县水务局公开12\n3条，《甲\n乙》2021\n年"
    slots = mask_squeezed(Squeezed(text, array("l", range(len(text)))), NO_NAMES, NO_NAMES)
    assert [text[slot.start : slot.end] for slot in slots if slot.slot == "number"] == ["12", "3", "2021"]


def test_sections_and_the_callers_skeleton_break_the_view() -> None:
    text = "甲乙丙丁。戊己庚辛。"
    view = build_view(ReuseText("r", text, ((0, 5, 1), (5, 10, 2)), skeleton=((7, 8),)), NO_NAMES)
    assert view.text == f"甲乙丙丁{BREAK}戊己{STRIPPED}辛"
    assert view.pieces == ((0, 4, 1), (5, 7, 2), (8, 9, 2))
    assert view.stripped == ((2, 1),)


def test_long_sentences_are_cut_at_commas() -> None:
    text = "，".join(["甲乙丙丁戊己庚辛壬癸子丑"] * 8) + "。完。"
    assert build_view(whole(text), NO_NAMES).pieces == ((0, 24, 0), (24, 48, 0), (48, 72, 0), (72, 96, 0), (96, 97, 0))


def test_an_empty_report_has_an_empty_view() -> None:
    view = build_view(ReuseText("r", "正文", ()), NO_NAMES)
    assert (view.text, view.pieces, view.fixed, view.stripped) == ("", (), b"", ())


@given(TEXT, st.lists(st.integers(0, 80), max_size=6))
def test_every_folded_character_is_counted_once(text: str, cuts: list[int]) -> None:
    bounds = sorted({0, len(text), *(cut for cut in cuts if cut < len(text))})
    stretches = tuple((a, b, n // 2) for n, (a, b) in enumerate(pairwise(bounds)))
    view = build_view(ReuseText("r", text, stretches, names=("清河县财政局",)), foreign_names(["公开信息局"]))
    assert sum(view.sizes) + sum(n for _, n in view.stripped) == len(fold(text).text)
    inside = [i for start, end, _ in view.pieces for i in range(start, end)]
    assert inside == [i for i, character in enumerate(view.text) if character not in BREAKS]
    assert len(view.text) == len(view.starts) == len(view.ends) == len(view.sizes) == len(view.fixed)
    for i in inside:
        if view.text[i] not in SIGNS.values():
            assert view.text[i] in fold(text[view.starts[i] : view.ends[i]]).text


def test_text_without_punctuation_is_cut_all_the_same() -> None:
    view = build_view(whole("甲乙丙丁戊己庚辛壬癸" * 100), NO_NAMES)
    assert [end - start for start, end, _ in view.pieces] == [180] * 5 + [100]


@given(st.text(alphabet="县局 \u3000２０2\n，。", max_size=30), st.integers(0, 30), st.integers(0, 30))
def test_a_part_of_a_squeezed_text_is_the_squeezed_part(text: str, one: int, other: int) -> None:
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    assert squeeze(text).part(start, end) == squeeze(text, start, end)

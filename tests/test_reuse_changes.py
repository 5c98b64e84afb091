"""What was changed in a shared passage, and how much two reports share: exact places, kinds and counts."""

from __future__ import annotations

from array import array

import pytest

from gknlp.engines.local import LocalEngine
from gknlp.reuse import find_changes, find_reuse
from gknlp.reuse.mask import NUMBER
from gknlp.reuse.shares import share_pairs
from gknlp.reuse.view import View
from gknlp.types import PairShare, Passage, ReuseText

A = (
    "2023年，我局共公开信息126条，在云岭县政务大厅设立查阅点，配备电脑两台，安排专人值守，有效提升了群众查阅的便利程度，"
    "累计接待群众三十七人次，并建立台账。"
)
B = (
    "2022年，青溪县水务局共公开信息98条，在青溪县政务大厅设立查阅点，配备电脑两台，安排专人值守，切实提高了群众查阅的便利程度，"
    "累计接待群众三十七人次，建立台账。"
)


def report(name: str, text: str, agency: str, place: str) -> ReuseText:
    return ReuseText(name, text, ((0, len(text), 0),), names=(agency, place), agency=agency)


TEXTS = [report("a", A, "云岭县民政局", "云岭县"), report("b", B, "青溪县水务局", "青溪县")]


def told(texts: list[ReuseText] = TEXTS) -> list[tuple[str, str, str]]:
    first, second = sorted(texts, key=lambda text: text.report_id)
    return [
        (c.kind, first.text[c.a_start : c.a_end], second.text[c.b_start : c.b_end])
        for c in find_changes(texts, find_reuse(texts).passages)
    ]


def test_exchanged_slots_and_wording_are_told_by_kind_and_place() -> None:
    assert told() == [
        ("date", "2023年", "2022年"), ("name", "我局", "青溪县水务局"), ("number", "126", "98"),
        ("name", "云岭县", "青溪县"), ("wording", "有效提升", "切实提高"), ("wording", "并", ""),
    ]


def test_changes_are_numbered_in_order_and_an_empty_side_stands_before_the_next_letter() -> None:
    changes = find_changes(TEXTS, find_reuse(TEXTS).passages)
    assert [change.order for change in changes] == list(range(6))
    assert changes[-1].b_start == changes[-1].b_end == B.index("建立台账")


def test_equal_slots_punctuation_and_width_are_no_changes() -> None:
    other = A.replace("，", ",").replace("126", "１２６")
    texts = [TEXTS[0], report("b", other, "云岭县民政局", "云岭县")]
    assert find_reuse(texts).passages
    assert told(texts) == []


def test_a_name_that_no_rule_masks_is_a_name_where_both_put_their_own() -> None:
    text = "依托县政府网站{}栏目发布信息，配备查阅电脑一台，安排专人值守，群众随到随查，台账按月核对。"
    texts = [
        report("a", text.format("下柘镇"), "砚岭县下柘镇人民政府", "砚岭县下柘镇"),
        report("b", text.format("白芦乡"), "砚岭县白芦乡人民政府", "砚岭县白芦乡"),
    ]
    assert told(texts) == [("name", "下柘镇", "白芦乡")]


def test_workers_change_nothing_and_passages_not_asked_for_have_no_changes() -> None:
    passages = find_reuse(TEXTS).passages
    with LocalEngine(2) as engine:
        assert find_changes(TEXTS, passages, engine=engine) == find_changes(reversed(TEXTS), passages)
    assert find_changes(TEXTS, []) == ()


def test_shares_count_each_character_once_and_leave_set_phrases_out() -> None:
    # Five letters of which two are a set phrase, then a figure of three digits.
    view = View(
        "r", "甲乙丙丁戊" + NUMBER, array("l", range(6)), array("l", range(1, 7)), array("l", [1] * 5 + [3]),
        ((0, 6, 0),), bytes([0, 0, 0, 1, 1, 0]), bytes(6), ((0, 7),),
    )
    other = View(
        "q", "甲乙丙丁", array("l", range(4)), array("l", range(1, 5)), array("l", [1] * 4), (), bytes(4), bytes(4), (),
    )
    runs = [array("l", [0, 0, 2]), array("l", [1, 1, 1]), array("l", [2, 0, 4])]
    assert share_pairs([(0, 1, blocks) for blocks in runs], [view, other]) == (
        PairShare("q", "r", 3, 4, 4, 0, 6, 6, 9),
    )


def test_a_run_tells_what_each_pair_shares_and_counts_as_composition_does() -> None:
    reuse = find_reuse(TEXTS)
    (share,) = reuse.pairs
    assert (share.a_report, share.b_report, share.n_passages) == ("a", "b", len(reuse.passages))
    assert share.a_shared <= share.a_counted
    whole = next(row for row in reuse.composition if row.report_id == "a" and row.section is None)
    total = share.a_counted + share.a_excluded
    assert share.a_shared / total == pytest.approx(whole.peer)
    assert share.a_excluded / total == pytest.approx(whole.formula)


def test_a_passage_that_is_too_long_to_align_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gknlp.reuse.changes.LONGEST", 10)
    passages: tuple[Passage, ...] = find_reuse(TEXTS).passages
    assert find_changes(TEXTS, passages) == ()

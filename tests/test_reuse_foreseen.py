"""What a run foresees: letters of set sentences tell what their places say, also where the sentence was edited."""

from __future__ import annotations

from array import array
from math import log2

from hypothesis import given
from hypothesis import strategies as st

from gknlp.reuse.candidates import CAP
from gknlp.reuse.evidence import LEAST_BITS, Shared
from gknlp.reuse.foreseen import count_places, drop_foreseen, hash_both
from gknlp.reuse.view import View

SET = "按时更新栏目并逐条登记依申请公开答复台账"
EDITED = "按时更新栏目且逐条登记依申请公开答复台账"
OWN = "水库除险加固项目清单分三批公布列出责任人"
BITS = 5


def view(text: str) -> View:
    count = len(text)
    offsets = array("i", range(count))
    weights = bytes([BITS * 16]) * count
    return View("", text, offsets, offsets, array("H"), (), bytes(count), bytes(count), (), weights)


def whole(text: str, *, doubtful: bool = True) -> Shared:
    return Shared(0, len(text), 0, len(text), 1.0, array("l", [0, 0, len(text)]), doubtful)


def run_of(pair: str, others: list[str]) -> tuple[list[View], range]:
    views = [view(text) for text in (pair, pair, *others)]
    return views, range(len(views))


def test_an_edited_set_sentence_is_foreseen_and_own_words_are_not() -> None:
    others = [SET] * (CAP + 1)
    for text, is_kept in ((EDITED, False), (OWN, True)):
        views, places = run_of(text, others)
        found = [(0, 1, whole(text))]
        assert drop_foreseen(found, views, places) == (found if is_kept else [])


def test_what_stands_in_as_many_places_as_a_seed_may_is_not_foreseen() -> None:
    found = [(0, 1, whole(EDITED))]
    assert drop_foreseen(found, *run_of(EDITED, [SET] * (CAP - 2) + [OWN])) == found
    # Reports of one place count once.
    views, _ = run_of(EDITED, [*[SET] * (2 * CAP - 2), OWN])
    assert drop_foreseen(found, views, [number // 2 for number in range(len(views))]) == found


def test_only_doubtful_passages_are_judged_and_order_is_kept() -> None:
    views, places = run_of(EDITED, [SET] * (CAP + 1))
    sure, doubtful = (0, 1, whole(EDITED, doubtful=False)), (0, 1, whole(EDITED))
    assert drop_foreseen([sure, doubtful, sure], views, places) == [sure, sure]
    assert drop_foreseen([], views, places) == []
    assert drop_foreseen([], [], []) == []


def test_a_letter_tells_what_its_places_say_and_no_more_than_it_did() -> None:
    """12 + n places say 甲乙丙丁, 12 of which go on with 戊: it tells log2((12 + n) / 12)."""
    text = "甲乙丙丁戊"
    for rest in (0, 12, 36):
        others = [text] * 10 + ["甲乙丙丁己"] * rest
        views, places = run_of(text, others)
        told = 4 * BITS + log2((12 + rest) / 12)
        # 丁 stands in all of these places behind 甲乙丙 and tells nothing.
        told -= BITS
        for similarity, is_kept in ((LEAST_BITS / told + 1e-9, True), (LEAST_BITS / told - 1e-9, False)):
            found = [(0, 1, whole(text)._replace(similarity=similarity))]
            assert drop_foreseen(found, views, places) == (found if is_kept else [])


@given(st.lists(st.tuples(st.text("甲乙丙", max_size=12), st.integers(0, 3)), min_size=1, max_size=8))
def test_places_are_counted_as_by_hand(texts: list[tuple[str, int]]) -> None:
    import numpy as np

    views, places = [view(text) for text, _ in texts], [place for _, place in texts]
    holders: dict[int, set[int]] = {}
    for item, place in zip(views, places, strict=True):
        contexts, grams = hash_both(item.text)
        assert (len(contexts), len(grams)) == (max(0, len(item.text) - 2), max(0, len(item.text) - 3))
        for gram in (*contexts.tolist(), *grams.tolist()):
            holders.setdefault(gram, set()).add(place)
    wanted = sorted(holders)
    # A break between two reports of a place makes n-grams that no report has; these were not asked for.
    counted = count_places(np.array(wanted, dtype=hash_both("")[0].dtype), views, places)
    assert counted.tolist() == [len(holders[gram]) for gram in wanted]

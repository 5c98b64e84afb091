"""What a character tells: the shipped model on wording of the genre and of an author's own, and how it is learned."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from gknlp.resources import path
from gknlp.reuse.mask import NUMBER
from gknlp.reuse.view import BREAK
from gknlp.reuse.wording import (
    LEAST_AGENCIES,
    MOST,
    SHIPPED,
    STEP,
    Wording,
    learn_wording,
    save_wording,
    shipped_wording,
    wording_weights,
)

FORESEEN = f"主动公开政府信息{NUMBER}条其中政策文件{NUMBER}条"
OWN = "水库除险加固项目清单分三批公布"


def bits_per_letter(text: str) -> float:
    weights = wording_weights(text)
    return sum(weights) / STEP / (len(weights) - weights.count(0))


def test_wording_of_the_genre_tells_less_than_an_authors_own() -> None:
    assert bits_per_letter(FORESEEN) < 2
    assert bits_per_letter(OWN) > 5


def test_slots_and_breaks_tell_nothing_and_no_letter_too_much() -> None:
    text = f"公开{NUMBER}条{BREAK}饕餮"
    weights = wording_weights(text)
    assert [at for at, weight in enumerate(weights) if not weight] == [2, 4]
    assert weights[-1] == MOST
    assert wording_weights("") == b""


@given(st.text(alphabet=f"公开信息年度报告水库{NUMBER}{BREAK}", max_size=30), st.text(alphabet="公开水库", max_size=9))
def test_a_character_is_weighed_by_those_before_it_alone(text: str, more: str) -> None:
    assert wording_weights(text + more)[: len(text)] == wording_weights(text)


def test_what_fewer_agencies_wrote_is_not_learned() -> None:
    views = [(f"局{number}", "公开目录") for number in range(LEAST_AGENCIES)]
    views += [("局0", "水库清单")] * 9
    model = learn_wording(views)
    assert [len(grams) for grams in model.grams] == [8, 3, 2, 1]
    assert [len(bits) for bits in model.bits] == [8, 3, 2, 1]
    once = learn_wording([("局", "公开目录")])
    assert [len(grams) for grams in once.grams] == [4, 0, 0, 0]


def test_probabilities_of_all_continuations_add_to_at_most_one() -> None:
    model = learn_wording([(f"局{number}", "公开公开目录公示") for number in range(4)])
    assert sum(2 ** (-bits / STEP) for bits in model.bits[0].tolist()) <= 1.01
    assert all(0 < bits <= 13 * STEP for bits in model.bits[0].tolist())


def test_the_shipped_model_is_small_and_round_trips(tmp_path: Path) -> None:
    assert path(SHIPPED).stat().st_size < 500_000
    model = shipped_wording()
    for name in ("a.npz", "b.npz"):
        save_wording(model, tmp_path / name)
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    assert isinstance(model, Wording)
    assert all((grams[1:] > grams[:-1]).all() for grams in model.grams)

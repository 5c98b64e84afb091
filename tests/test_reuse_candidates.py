"""Candidate pairs: the guarantee against brute force, every engine against plain Python, families at linear cost."""

from __future__ import annotations

import random
from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gknlp.engines import LocalEngine
from gknlp.reuse.candidates import (
    CAP,
    GENRE_REPORTS,
    SEED,
    SEED_WINDOW,
    genre_ceiling,
    mark_seeds,
    propose_pairs,
    seed_places,
    seeds_above,
    seeds_of,
)
from gknlp.reuse.mask import NUMBER
from gknlp.reuse.view import BREAK

LETTERS = "公开信息工作年度报告情况办理申请"
RUN = 20


def random_text(rng: random.Random, length: int, letters: str = LETTERS) -> str:
    return "".join(rng.choice(letters) for _ in range(length))


@given(st.text(alphabet=LETTERS + NUMBER, min_size=SEED_WINDOW, max_size=60))
def test_every_window_holds_a_seed(text: str) -> None:
    places = set(seed_places(text)[1].tolist())
    for start in range(len(text) - SEED_WINDOW + 1):
        window = text[start : start + SEED_WINDOW]
        if window.count(NUMBER) <= 4:
            assert any(start <= at <= start + SEED_WINDOW - SEED for at in places)


@given(st.text(alphabet="公开信息", max_size=30), st.text(alphabet="年度报告", max_size=30))
def test_the_choice_of_seeds_does_not_depend_on_what_stands_around(before: str, after: str) -> None:
    middle = "办理申请答复意见二十三件"
    alone = {(gram, at) for gram, at in zip(*(values.tolist() for values in seed_places(middle)), strict=True)}
    around = dict(zip(*(values.tolist() for values in reversed(seed_places(before + middle + after))), strict=True))
    inside = {(gram, at - len(before)) for at, gram in around.items() if 0 <= at - len(before) <= len(middle) - SEED}
    assert inside == alone


def test_no_seed_crosses_a_break_and_short_texts_have_none() -> None:
    assert len(seeds_of("公开信息工作年")) == 0
    assert len(seeds_of(f"公开信息工作{BREAK}年度报告情况")) == 0
    assert len(seeds_of("")) == 0


def test_seeds_are_the_same_on_every_machine() -> None:
    assert seeds_of("公开信息工作年度报告情况办理申请").tolist() == SEEDS_OF_TITLE


SEEDS_OF_TITLE = [48179829807858711, 1250747439840456293]


def verbatim_pairs(texts: list[str]) -> set[tuple[int, int]]:
    """Brute force: pairs with a common run of RUN characters that holds a seed of at most CAP reports."""
    holders: dict[int, set[int]] = defaultdict(set)
    for number, text in enumerate(texts):
        for gram in seeds_of(text).tolist():
            holders[gram].add(number)
    rare = {gram for gram, found in holders.items() if len(found) <= CAP}
    runs: dict[str, set[int]] = defaultdict(set)
    for number, text in enumerate(texts):
        for at in range(len(text) - RUN + 1):
            if BREAK not in text[at : at + RUN]:
                runs[text[at : at + RUN]].add(number)
    return {
        (a, b)
        for run, found in runs.items()
        if len(found) > 1 and any(gram in rare for gram in seeds_of(run).tolist())
        for a in found
        for b in found
        if a < b
    }


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 40))
def test_every_rare_verbatim_run_is_proposed_before_sources_are_chosen(seed: int, count: int) -> None:
    rng = random.Random(seed)
    stock = [random_text(rng, rng.randint(10, 40)) for _ in range(12)]
    texts = [
        "".join(rng.choice((random_text(rng, 15), BREAK, *rng.sample(stock, 2))) for _ in range(6))
        for _ in range(count)
    ]
    seeds = [seeds_of(text) for text in texts]
    pairs = set(propose_pairs(seeds, list(range(count)), [False] * count, count, None))
    assert verbatim_pairs(texts) <= pairs


@pytest.mark.parametrize("seed", range(4))
def test_the_engine_proposes_what_plain_python_proposes(seed: int) -> None:
    rng = random.Random(seed)
    stock = [random_text(rng, 30) for _ in range(25)]
    texts = [
        "".join(rng.choice((random_text(rng, 20), BREAK, *rng.sample(stock, 3))) for _ in range(12))
        for _ in range(60)
    ]
    seeds = [seeds_of(text) for text in texts]
    agencies = [rng.randrange(40) for _ in texts]
    references = [rng.random() < 0.3 for _ in texts]
    expected = propose_pairs(seeds, agencies, references, 5, None)
    assert len(expected) > 60
    for jobs in (1, 2):
        assert propose_pairs(seeds, agencies, references, 5, LocalEngine(jobs)) == expected


def test_pairs_of_one_agency_and_of_two_references_are_left_out() -> None:
    seeds = [seeds_of("公开信息工作年度报告情况办理申请")] * 3
    assert propose_pairs(seeds, [1, 1, 2], [False, False, False], 9, None) == [(0, 2), (1, 2)]
    assert propose_pairs(seeds, [1, 2, 3], [True, True, False], 9, None) == [(0, 2), (1, 2)]
    assert propose_pairs(seeds[:1], [1], [False], 9, None) == []
    assert propose_pairs([], [], [], 9, LocalEngine(1)) == []


def test_a_family_costs_linear() -> None:
    text = random_text(random.Random(3), 400)
    rng = random.Random(4)
    for size in (25, 50, 100):
        filler = [seeds_of(random_text(rng, 100)) for _ in range(2 * size)]
        seeds = [seeds_of(text)] * size + filler
        pairs = propose_pairs(seeds, list(range(3 * size)), [False] * 3 * size, 20, None)
        inside = [(a, b) for a, b in pairs if b < size]
        assert len(inside) <= CAP * size
        assert {b for _, b in inside} == set(range(1, size))


def test_seeds_of_most_reports_are_wording_of_the_genre() -> None:
    common, own = "公开信息工作年度报告情况意见二十", "办理申请答复意见二十三件"
    seeds = [seeds_of(common if number % 3 else own) for number in range(GENRE_REPORTS)]
    above = seeds_above(seeds, genre_ceiling(GENRE_REPORTS))
    assert above.tolist() == seeds_of(common).tolist()
    assert len(seeds_above(seeds[:-1], 1)) == 0
    marks = mark_seeds(f"甲{common}", above, bytes(len(common) + 1))
    assert marks[0] == 0
    assert sum(marks) >= SEED
    assert mark_seeds(own, above, b"\1" * len(own)) == b"\1" * len(own)
    assert isinstance(above, np.ndarray)

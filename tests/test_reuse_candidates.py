"""Candidate pairs: the guarantee against brute force, every engine against plain Python, families at linear cost."""

from __future__ import annotations

import random
from array import array
from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import combinations
from math import floor, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gknlp.engines import LocalEngine
from gknlp.reuse.candidates import (
    CAP,
    FREQUENT,
    GENRE,
    GENRE_REPORTS,
    LOOK_ALIKE_SEEDS,
    ORDINARY,
    SEED,
    SEED_WINDOW,
    Seeds,
    find_seeds,
    judge_seeds,
    mark_view,
    propose_pairs,
    seed_places,
)
from gknlp.reuse.mask import NUMBER
from gknlp.reuse.view import BREAK, View

LETTERS = "公开信息工作年度报告情况办理申请"
RUN = 20


def propose(
    seeds: list[Seeds], agencies: list[int], references: list[bool], best: int, engine: LocalEngine | None
) -> list[tuple[int, int]]:
    said = judge_seeds(seeds, range(len(seeds)))
    return propose_pairs(seeds, said, list(zip(agencies, references, strict=True)), best, engine)


@dataclass(slots=True)
class Common:
    """What two reports have in common: rare and frequent seeds, the weight of each, a seed with like text beside it."""

    rare: int = 0
    rare_weight: int = 0
    often: int = 0
    often_weight: int = 0
    longer: bool = False


def pairs_step_by_step(
    seeds: list[Seeds], said: list[np.ndarray], who: list[tuple[int, bool]], best: int
) -> list[tuple[int, int]]:
    """What PAIRS_SQL says, in plain Python; the oracle of the engines and of numpy."""
    holders: dict[int, dict[int, tuple[set[int], set[int]]]] = defaultdict(dict)
    often: set[int] = set()
    for report, (found, judged) in enumerate(zip(seeds, said, strict=True)):
        often.update(found.grams[judged != ORDINARY].tolist())
        for gram, ahead, behind in zip(found.grams.tolist(), found.ahead.tolist(), found.behind.tolist(), strict=True):
            sides = holders[gram].setdefault(report, (set(), set()))
            sides[0].update({ahead} - {0})
            sides[1].update({behind} - {0})
    shared: dict[tuple[int, int], Common] = defaultdict(Common)
    for gram, by_report in holders.items():
        if len(by_report) > 1:
            reports = list(by_report)
            weight = floor(1e6 / sqrt(len(reports)))
            for place, later in enumerate(reports):
                for earlier in reports[: min(place, CAP)]:
                    common = shared[earlier, later]
                    if gram in often:
                        common.often += 1
                        common.often_weight += weight
                    else:
                        common.rare += 1
                        common.rare_weight += weight
                        beside = zip(by_report[earlier], by_report[later], strict=True)
                        common.longer = common.longer or any(x & y for x, y in beside)
    ranked: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for (earlier, later), common in shared.items():
        alike = common.often >= LOOK_ALIKE_SEEDS
        if common.rare < 2 and not common.longer and not alike:
            continue
        weight = common.rare_weight + (common.often_weight if alike else 0)
        if who[earlier][0] != who[later][0] and not (who[earlier][1] and who[later][1]):
            ranked[earlier].append((-weight, later))
            ranked[later].append((-weight, earlier))
    chosen = ((report, other) for report, found in ranked.items() for _, other in sorted(found)[:best])
    return sorted({(min(pair), max(pair)) for pair in chosen})


def grams_of(text: str) -> list[int]:
    return sorted(set(find_seeds(text).grams.tolist()))


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
    assert len(grams_of("公开信息工作年")) == 0
    assert len(grams_of(f"公开信息工作{BREAK}年度报告情况")) == 0
    assert len(grams_of("")) == 0


def test_seeds_are_the_same_on_every_machine() -> None:
    assert grams_of("公开信息工作年度报告情况办理申请") == SEEDS_OF_TITLE


SEEDS_OF_TITLE = [48179829807858711, 1250747439840456293]


def verbatim_pairs(texts: list[str]) -> set[tuple[int, int]]:
    """Brute force: pairs with a common run of RUN characters that holds a seed of at most CAP reports."""
    holders: dict[int, set[int]] = defaultdict(set)
    for number, text in enumerate(texts):
        for gram in find_seeds(text).grams.tolist():
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
        if len(found) > 1 and any(gram in rare for gram in find_seeds(run).grams.tolist())
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
    seeds = [find_seeds(text) for text in texts]
    pairs = set(propose(seeds, list(range(count)), [False] * count, count, None))
    assert verbatim_pairs(texts) <= pairs


@pytest.mark.parametrize("seed", range(4))
def test_engines_and_numpy_propose_what_plain_python_proposes(seed: int) -> None:
    rng = random.Random(seed)
    stock = [random_text(rng, 30) for _ in range(25)]
    texts = [
        "".join(rng.choice((random_text(rng, 20), BREAK, *rng.sample(stock, 3))) for _ in range(12))
        for _ in range(60)
    ]
    seeds = [find_seeds(text) for text in texts]
    agencies = [rng.randrange(40) for _ in texts]
    references = [rng.random() < 0.3 for _ in texts]
    who = list(zip(agencies, references, strict=True))
    expected = pairs_step_by_step(seeds, judge_seeds(seeds, range(len(seeds))), who, 5)
    assert len(expected) > 60
    for engine in (None, LocalEngine(1), LocalEngine(2)):
        assert propose(seeds, agencies, references, 5, engine) == expected


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 45), st.integers(1, 6))
def test_numpy_proposes_what_plain_python_proposes(seed: int, count: int, best: int) -> None:
    rng = random.Random(seed)
    stock = [random_text(rng, rng.randint(8, 40)) for _ in range(rng.randint(1, 6))]
    texts = ["".join(rng.choice((*stock, random_text(rng, 12), BREAK)) for _ in range(6)) for _ in range(count)]
    seeds = [find_seeds(text) for text in texts]
    who = [(rng.randrange(count), rng.random() < 0.3) for _ in texts]
    said = judge_seeds(seeds, [rng.randrange(count) for _ in texts])
    assert propose_pairs(seeds, said, who, best, None) == pairs_step_by_step(seeds, said, who, best)


def test_pairs_of_one_agency_and_of_two_references_are_left_out() -> None:
    seeds = [find_seeds("公开信息工作年度报告情况办理申请")] * 3
    assert propose(seeds, [1, 1, 2], [False, False, False], 9, None) == [(0, 2), (1, 2)]
    assert propose(seeds, [1, 2, 3], [True, True, False], 9, None) == [(0, 2), (1, 2)]
    assert propose(seeds[:1], [1], [False], 9, None) == []
    assert propose([], [], [], 9, LocalEngine(1)) == []


def test_a_family_costs_linear() -> None:
    text = random_text(random.Random(3), 400)
    rng = random.Random(4)
    for size in (25, 50, 100):
        filler = [find_seeds(random_text(rng, 100)) for _ in range(2 * size)]
        seeds = [find_seeds(text)] * size + filler
        pairs = propose(seeds, list(range(3 * size)), [False] * 3 * size, 20, None)
        inside = [(a, b) for a, b in pairs if b < size]
        assert len(inside) <= CAP * size
        assert {b for _, b in inside} == set(range(1, size))


def test_the_characters_beside_a_seed_are_hashed_with_it() -> None:
    middle = "办理申请答复意见二十三件"
    texts = (f"甲{middle}情况年度", f"乙{middle}情况年度", f"{middle}公开信息工")
    one, other, third = (find_seeds(text) for text in texts)
    beside: list[dict[int, tuple[int, int]]] = [
        dict(zip(found.grams.tolist(), zip(found.ahead.tolist(), found.behind.tolist(), strict=True), strict=True))
        for found in (one, other, third)
    ]
    common = set(beside[0]) & set(beside[2])
    assert common
    for gram in common:
        assert beside[0][gram][1] == beside[1][gram][1]
        assert beside[0][gram][1] != beside[2][gram][1] or not beside[2][gram][1]
    assert find_seeds("办理申请答复意见").ahead.tolist() in ([], [0])


def test_a_pair_with_one_chance_seed_is_not_proposed() -> None:
    title = "公开信息工作年度报告情况办理申请"
    first = int(find_seeds(title).places[0])
    seed = title[first : first + SEED]
    around = [f"水库{seed}电话短信", f"社区{seed}档案更正", f"公布{seed}推送分片改为"]
    seeds = [find_seeds(text) for text in around]
    common = [set(x.grams.tolist()) & set(y.grams.tolist()) for x, y in combinations(seeds, 2)]
    assert common == [set(grams_of(seed))] * 3
    assert propose(seeds, [1, 2, 3], [False] * 3, 9, None) == []
    longer = [find_seeds(f"{text}推送四百余次") for text in (f"水库{seed}", f"社区{seed}")]
    assert propose(longer, [1, 2], [False] * 2, 9, None) == [(0, 1)]


def test_seeds_are_judged_by_the_places_and_reports_that_have_them() -> None:
    common, rare = "公开信息工作年度报告情况意见二十", "水库清单分批公布电话短信"
    of_one_place = "办理申请答复意见二十三件"
    count = GENRE_REPORTS
    texts = [common] * count + [of_one_place] * (CAP + 2) + [rare] * 2 + ["社区窗口档案更正防汛预警"]
    seeds = [find_seeds(text) for text in texts]
    places = [*range(count), *([count] * (CAP + 2)), count + 1, count + 2, count + 3]
    said = judge_seeds(seeds, places)
    assert [set(values.tolist()) for values in (said[0], said[count], said[-2], said[-1])] == [
        {GENRE}, {ORDINARY}, {ORDINARY}, {ORDINARY}
    ]
    apart = judge_seeds(seeds, range(len(texts)))
    assert set(apart[count].tolist()) == {FREQUENT}
    few = judge_seeds(seeds[: GENRE_REPORTS - 1], places[: GENRE_REPORTS - 1])
    assert set(few[0].tolist()) == {ORDINARY}
    assert [values.tolist() for values in judge_seeds([find_seeds("")], [0])] == [[]]


def test_frequent_seeds_are_marked_and_those_of_the_genre_weigh_nothing() -> None:
    text = "甲乙丙丁公开信息工作年度报告情况意见二十办理申请答复意见二十三件"
    seeds = find_seeds(text)
    view = View("x", text, array("i"), array("i"), array("H"), (), bytes(len(text)), b"", (), b"\5" * len(text))
    everywhere = mark_view(view, seeds, np.full(len(seeds.grams), FREQUENT))
    held = {at for place in seeds.places.tolist() for at in range(place, place + SEED)}
    assert [at for at, often in enumerate(everywhere.frequent) if often] == sorted(held)
    genre = mark_view(view, seeds, np.full(len(seeds.grams), GENRE))
    assert (sum(genre.fixed), genre.frequent) == (0, everywhere.frequent)
    text += "水库清单" * 20
    view = replace(view, text=text, fixed=bytes(len(text)), weights=b"\5" * len(text))
    genre = mark_view(view, seeds, np.full(len(seeds.grams), GENRE))
    assert [bool(mark) for mark in genre.fixed] == [not weight for weight in genre.weights]
    assert [at for at, fixed in enumerate(genre.fixed) if fixed] == sorted(held)

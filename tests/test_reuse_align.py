"""Alignment of two views: exact spans, verbatim runs never lost, local edits bridged, unrelated text left alone."""

from __future__ import annotations

import random
from itertools import accumulate, pairwise, takewhile
from math import ceil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gknlp.reuse import grams
from gknlp.reuse.align import align_pair, align_pairs
from gknlp.reuse.candidates import SEED_WINDOW
from gknlp.reuse.evidence import (
    LEAST_BITS,
    LEAST_SHARED,
    LONG_RUN,
    LONG_STRETCH,
    LOOK_ALIKE_PART,
    MOVED_GAP,
    Shared,
)
from gknlp.reuse.grams import MOST_REPEATS, RUN, Common, Side, compare_pairs
from gknlp.reuse.view import BREAK, STRIPPED
from gknlp.reuse.wording import STEP

LETTERS = "水库除险加固项目清单分批公布列出责任人电话防汛预警短信推送社区窗口档案更正记录"
SOURCE = "水库除险加固项目清单分三批公布每座水库列出责任人和电话防汛预警短信改为分片推送"
OTHER = "老旧小区改造征求意见两轮共收到书面建议并逐条反馈采纳结果在楼道张贴公示七天"


def side(text: str, pieces: tuple[tuple[int, int, int], ...] | None = None, weights: bytes | None = None) -> Side:
    made, start = [], 0
    for part in text.split(BREAK):
        if part:
            made.append((start, start + len(part), 0))
        start += len(part) + 1
    return Side(text, pieces or tuple(made), weights or b"\x60" * len(text), bytes(len(text)))


def align(a: str, b: str, **more: bytes) -> list[Shared]:
    return align_pair(side(a, **more), side(b), near=0.3, min_chars=15)


def spans(found: list[Shared]) -> list[tuple[int, int, int, int]]:
    return [(s.a_start, s.a_end, s.b_start, s.b_end) for s in found]


def test_a_verbatim_copy_has_exact_spans_on_both_sides() -> None:
    found = align(f"一二三{SOURCE}四五六", f"{OTHER}{SOURCE}七八")
    assert spans(found) == [(3, 3 + len(SOURCE), len(OTHER), len(OTHER) + len(SOURCE))]
    assert found[0].similarity == 1.0
    assert found[0].blocks.tolist() == [3, len(OTHER), len(SOURCE)]


def test_edits_inside_are_bridged_and_only_matched_characters_are_blocks() -> None:
    edited = SOURCE.replace("三批", "两轮全部").replace("短信", "")
    (found,) = align(SOURCE, edited)
    assert (found.a_start, found.a_end, found.b_start, found.b_end) == (0, len(SOURCE), 0, len(edited))
    matched = found.blocks[2::3]
    assert sum(matched) == len(SOURCE) - 4
    for a, b, length in zip(found.blocks[::3], found.blocks[1::3], matched, strict=True):
        assert SOURCE[a : a + length] == edited[b : b + length]


def test_unrelated_text_shares_nothing() -> None:
    assert align(SOURCE, OTHER) == []
    assert align(SOURCE, "") == []
    assert align("", "") == []


def test_set_phrases_alone_make_no_passage() -> None:
    assert align(SOURCE, SOURCE, weights=bytes(len(SOURCE))) == []
    assert len(align(SOURCE, SOURCE, weights=bytes(len(SOURCE) - 15) + b"\x60" * 15)) == 1
    assert align(SOURCE, SOURCE, weights=bytes(len(SOURCE) - 14) + b"\x60" * 14) == []


def test_no_passage_crosses_a_break() -> None:
    half = len(SOURCE) // 2
    broken = f"{SOURCE[:half]}{BREAK}{SOURCE[half:]}"
    assert spans(align(SOURCE, broken)) == [(0, half, 0, half), (half, len(SOURCE), half + 1, len(SOURCE) + 1)]


def test_a_passage_goes_on_behind_stripped_wording() -> None:
    half = len(SOURCE) // 2
    stripped = f"{SOURCE[:half]}{STRIPPED}{SOURCE[half:]}"
    pieces = ((0, half, 0), (half + 1, len(SOURCE) + 1, 0))
    found = align_pair(side(SOURCE), side(stripped, pieces), near=0.3, min_chars=15)
    assert spans(found) == [(0, len(SOURCE), 0, len(SOURCE) + 1)]


def test_reordered_sentences_are_found_one_by_one() -> None:
    found = align(f"{SOURCE}{BREAK}{OTHER}", f"{OTHER}{BREAK}{SOURCE}")
    a, b = len(SOURCE), len(OTHER)
    assert spans(found) == [(0, a, b + 1, a + b + 1), (a + 1, a + b + 1, 0, b)]


def test_frequent_wording_makes_a_passage_of_look_alikes_only() -> None:
    often = Side(SOURCE, ((0, len(SOURCE), 0),), b"\x60" * len(SOURCE), b"\1" * len(SOURCE))
    assert align_pair(often, side(SOURCE), near=0.3, min_chars=15) == []
    partly = Side(SOURCE, often.pieces, often.weights, b"\1" * (len(SOURCE) - LONG_RUN) + bytes(LONG_RUN))
    gap = bytes(SEED_WINDOW - 1)
    margins = Side(SOURCE, often.pieces, often.weights, gap + b"\1" * (len(SOURCE) - 2 * len(gap)) + gap)
    assert align_pair(margins, side(SOURCE), near=0.3, min_chars=15) == []
    assert len(align_pair(partly, side(SOURCE), near=0.3, min_chars=15)) == 1
    long = SOURCE + OTHER + SOURCE[::-1] + OTHER[::-1]
    alike = Side(long, ((0, len(long), 0),), b"\x60" * len(long), b"\1" * len(long))
    assert len(long) > LONG_STRETCH
    assert spans(align_pair(alike, side(long), near=0.3, min_chars=15)) == [(0, len(long), 0, len(long))]
    apart = BREAK.join((SOURCE, OTHER, SOURCE[::-1], OTHER[::-1]))
    assert len(align_pair(alike, side(apart), near=0.3, min_chars=15)) == 4
    rest = "".join(chr(0x4E00 + number) for number in range(ceil(len(long) / LOOK_ALIKE_PART)))
    longer = Side(f"{long}{rest}", ((0, len(long + rest), 0),), b"\x60" * len(long + rest), b"\1" * len(long + rest))
    assert align_pair(longer, side(f"{apart}{BREAK}{rest[::-1]}"), near=0.3, min_chars=15) == []


def test_what_the_genre_foresees_makes_no_passage_unless_it_is_a_long_verbatim_run() -> None:
    edited = f"{SOURCE[:12]}两轮{SOURCE[12:24]}"
    told = LEAST_BITS * STEP // 24 + 3
    assert len(align(SOURCE, edited, weights=bytes([told]) * len(SOURCE))) == 1
    assert align(SOURCE, edited, weights=bytes([told - 4]) * len(SOURCE)) == []
    assert len(align(SOURCE, SOURCE[:LONG_RUN], weights=b"\1" * len(SOURCE))) == 1
    assert align(SOURCE, SOURCE[: LONG_RUN - 1], weights=b"\1" * len(SOURCE)) == []


def test_sentences_in_another_order_are_one_passage() -> None:
    one, two, three = SOURCE, OTHER, "居民家门口设立的阅览角每周三下午由志愿者值守并登记借阅册数"
    a, b = f"前言{one}{two}{three}", f"{three}{one}{two}结语"
    (found,) = align(a, b)
    assert (found.a_start, found.a_end, found.b_start, found.b_end) == (2, len(a), 0, len(b) - 2)
    assert found.similarity == 1.0
    assert sorted(zip(found.blocks[::3], found.blocks[1::3], found.blocks[2::3], strict=True)) == [
        (2, len(three), len(one + two)), (2 + len(one + two), 0, len(three)),
    ]


def test_a_sentence_moved_to_the_front_is_not_lost_between_the_two_it_stood_between() -> None:
    first, moved, last = "陈情窗口设在一层并配有专人引导群众填写表单查询进度", OTHER, SOURCE[:30]
    found = align(first + moved + last, moved + first + last)
    assert spans(found) == [(0, len(first + moved + last), 0, len(first + moved + last))]
    matched = {at for s in found for a, _, n in zip(s.blocks[::3], s.blocks[1::3], s.blocks[2::3], strict=True)
               for at in range(a, a + n)}
    assert matched == set(range(len(first + moved + last)))


def test_passages_far_apart_on_one_side_stay_apart() -> None:
    own = "居民家门口设立的阅览角每周三下午由志愿者值守并登记借阅册数" * 2
    assert len(align(f"{SOURCE}{OTHER}", f"{OTHER}{own}{SOURCE}")) == 2
    assert len(align(f"{SOURCE}{OTHER}", f"{OTHER}{own[: MOVED_GAP - 10]}{SOURCE}")) == 1


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 100_000))
def test_every_long_verbatim_run_lies_in_a_passage(seed: int) -> None:
    rng = random.Random(seed)

    def noise(length: int) -> str:
        return "".join(rng.choice(LETTERS) for _ in range(length))

    runs = [noise(rng.randint(LONG_RUN, 60)) for _ in range(4)]
    a = "".join(rng.choice((run, noise(30), BREAK + run)) for run in runs)
    b = "".join(rng.choice((run, noise(30), run + BREAK)) for run in rng.sample(runs, 4))
    found = align(a, b)
    for at in range(len(a) - LONG_RUN + 1):
        run = a[at : at + LONG_RUN]
        if BREAK not in run and run in b:
            assert any(s.a_start <= at and at + LONG_RUN <= s.a_end for s in found)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 100_000))
def test_passages_lie_inside_agree_in_their_blocks_and_cover_the_same_the_other_way_round(seed: int) -> None:
    rng = random.Random(seed)
    copy = "".join(rng.choice(LETTERS) if rng.random() < 0.1 else letter for letter in SOURCE)
    a, b = f"{OTHER[:20]}{SOURCE}", f"{copy}{OTHER[20:]}"
    found, back = align(a, b), align(b, a)
    for s in found:
        assert 0 <= s.a_start < s.a_end <= len(a)
        assert 0 <= s.b_start < s.b_end <= len(b)
        blocks = list(zip(s.blocks[::3], s.blocks[1::3], s.blocks[2::3], strict=True))
        assert all(a[x : x + n] == b[y : y + n] for x, y, n in blocks)
        assert all(p[0] + p[2] <= q[0] and p[1] + p[2] <= q[1] for p, q in pairwise(blocks))
        assert s.similarity == 2 * sum(n for _, _, n in blocks) / (s.a_end - s.a_start + s.b_end - s.b_start)
    assert len(found) == len(back)


def random_side(rng: random.Random, stock: list[str]) -> Side:
    own = "".join(rng.choices(LETTERS, k=20)), "".join(rng.choices("公开", k=5))
    parts = rng.choices((*stock, *own, "", BREAK), k=8)
    ends = accumulate(len(part) for part in parts)
    pieces = [(end - len(part), end, 0) for end, part in zip(ends, parts, strict=True) if part not in ("", BREAK)]
    return side("".join(parts), tuple(pieces))


def compare_by_definition(a: Side, b: Side, near: float) -> Common:
    """What `compare_pairs` says, one piece and one place at a time; for sides that repeat nothing too often."""
    like = {}
    for x, (a_start, a_end, _) in enumerate(a.pieces):
        for y, (b_start, b_end, _) in enumerate(b.pieces):
            one = {a.text[at : at + 3] for at in range(a_start, a_end - 2)}
            other = {b.text[at : at + 3] for at in range(b_start, b_end - 2)}
            common = len(one & other)
            holds = common > RUN - 3 and common / min(len(one), len(other)) >= 2 * near / (1 + near)
            if common and (common / len(one | other) >= near or holds):
                like[x, y] = -common / len(one | other), abs(x / len(a.pieces) - y / len(b.pieces))
    pieces = {min((like[cell], cell) for cell in like if cell[side] == number)[1]
              for side in (0, 1) for number in {cell[side] for cell in like}}
    runs = []
    for x in range(len(a.text)):
        for y in range(len(b.text)):
            if a.text[x : x + RUN] == b.text[y : y + RUN] and not (x and y and a.text[x - 1] == b.text[y - 1] != BREAK):
                pairs = takewhile(lambda pair: pair[0] == pair[1] != BREAK, zip(a.text[x:], b.text[y:], strict=False))
                if (length := len(list(pairs))) >= RUN:
                    runs.append((x, y, length))
    return Common(sorted(pieces), runs)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 100_000), st.sampled_from((0.1, 0.3, 0.6)))
def test_pairs_have_in_common_what_the_definition_says(seed: int, near: float) -> None:
    rng = random.Random(seed)
    stock = ["".join(rng.choices(LETTERS, k=rng.randint(3, 30))) for _ in range(3)]
    sides = [random_side(rng, stock) for _ in range(4)]
    pairs = [(a, b) for a in sides for b in sides]
    assert compare_pairs(pairs, near) == [compare_by_definition(a, b, near) for a, b in pairs]


@pytest.mark.parametrize("count", [MOST_REPEATS, MOST_REPEATS + 1])
def test_a_piece_that_a_side_repeats_is_compared_at_its_first_places_only(count: int) -> None:
    one = side(SOURCE)
    often = side(BREAK.join([SOURCE] * count))
    found = compare_pairs([(often, one), (one, often), (one, one)], 0.3)
    assert found[0].pieces == [(number, 0) for number in range(MOST_REPEATS)]
    assert found[1].pieces == [(0, number) for number in range(MOST_REPEATS)]
    assert found[2].pieces == [(0, 0)]
    assert [len(common.runs) for common in found] == [MOST_REPEATS, MOST_REPEATS, 1]


@pytest.mark.parametrize("at_a_time", [1, 60, 100_000])
def test_pairs_aligned_together_give_what_each_gives_alone(at_a_time: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grams, "_AT_A_TIME", at_a_time)
    sides = [side(SOURCE), side(OTHER), side(f"{OTHER}{SOURCE}"), side(""), side(f"{SOURCE[:20]}{BREAK}{OTHER}")]
    pairs = [(a, b) for a in sides for b in sides]
    alone = [align_pair(a, b, near=0.3, min_chars=15) for a, b in pairs]
    assert align_pairs(pairs, near=0.3, min_chars=15) == alone
    assert sum(map(bool, alone)) > len(sides)
    assert align_pairs([], near=0.3, min_chars=15) == []


def test_the_run_length_is_what_the_docstring_promises() -> None:
    for run, other in ((SOURCE[:RUN], SOURCE[-RUN:]), (SOURCE[:LEAST_SHARED], "")):
        a, b = f"{OTHER}{run}{OTHER[::-1]}{other}", f"{other}{LETTERS}{run}{LETTERS[::-1]}"
        found = align_pair(side(a), side(b), near=0.9, min_chars=RUN)
        assert [a[s.a_start : s.a_end] for s in found] == [part for part in (run, other) if part]


def test_a_lone_phrase_is_no_passage() -> None:
    run = SOURCE[: LEAST_SHARED - 1]
    a, b = f"{OTHER}{run}{OTHER[::-1]}", f"{LETTERS}{run}{LETTERS[::-1]}"
    assert align_pair(side(a), side(b), near=0.9, min_chars=15) == []


def test_a_report_that_repeats_itself_stays_cheap() -> None:
    count = 3000
    pieces = tuple((n * len(SOURCE), (n + 1) * len(SOURCE), 0) for n in range(count))
    same = side(SOURCE * count, pieces)
    found = align_pair(same, same, near=0.3, min_chars=15)
    assert (found[0].a_start, found[0].b_start) == (0, 0)
    assert any(s.a_end - s.a_start == count * len(SOURCE) for s in found)

"""What chance gives: best matches, unrelated pairs, and the p and q that are made of them."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import accumulate
from math import ceil, sqrt

import pytest
from benchmarks.generate import generate, make_sentence
from hypothesis import given
from hypothesis import strategies as st

from gknlp.flags import flag_reuse
from gknlp.notes import read_note
from gknlp.reuse import find_reuse, judge_matches
from gknlp.reuse.matches import BANDS, Relations, band_of, choose_scope
from gknlp.reuse.null import LEAST_REPORTS, benjamini_hochberg, shipped_limit
from gknlp.types import BestMatch, Composition, Matching, Measure, Passage, ReuseText, Unrelated

COPIED = (
    "我局印发了政务公开要点，对二十三个科室逐项分解任务。各科室每月十日前报送台账，办公室汇总后在专栏发布。"
    "群众来信当日登记，三个工作日内由经办人电话答复。查阅点迁至新址后增设两台自助终端。"
)


def report(name: str, agency: str, text: str, year: int | None = 2020, **more: object) -> ReuseText:
    return ReuseText(name, text, ((0, len(text), 0),), (), (agency,), agency, year=year, **more)  # type: ignore[arg-type]


def match(name: str, shared: int, unrelated_shared: int | None, *, n: int = 1000, others: int = 100) -> BestMatch:
    return BestMatch(name, 2021, n, "other" if shared else None, shared, others, unrelated_shared, others)


def values(matching: Matching, name: str) -> dict[str, float | None]:
    return {m.report_id: m.value for m in judge_matches(matching) if m.measure == f"best_match_{name}"}


def reference_rates(values: list[float]) -> list[float]:
    """Benjamini-Hochberg straight from its definition: the least alpha at which the step-up procedure rejects."""
    ordered = sorted(values)
    m = len(values)
    rates = []
    for p in values:
        candidates = [ordered[k - 1] * m / k for k in range(1, m + 1) if ordered[k - 1] >= p]
        rates.append(min([*candidates, 1.0]))
    return rates


def test_p_is_counted_by_hand_on_twenty_reports() -> None:
    """Shares of the nulls 0, 1 … 19 per cent; the first report shares 15.5 per cent: four of nineteen reach it."""
    matches = [match("r00", 155, 0)] + [match(f"r{k:02}", 10 * k, 10 * k) for k in range(1, 20)]
    judged = values(Matching("superiors", tuple(matches), ()), "p")
    assert judged["r00"] == (1 + 4) / (1 + 19)
    assert judged["r19"] == pytest.approx((1 + 0) / 20)
    assert judged["r01"] == 1 - (1 - (1 + 18) / 20)  # r00 has nothing unrelated, all others reach it


def test_p_makes_good_for_relatives_missing_among_n() -> None:
    """Nulls that are the best of 50 against a best of 100: both halves must stay below."""
    others = [BestMatch(f"r{k:02}", 2021, 1000, None, 0, 100, 10 * k, 50) for k in range(1, 20)]
    judged = values(Matching("superiors", (match("r00", 155, 0), *others), ()), "p")
    assert judged["r00"] == pytest.approx(1 - (1 - 5 / 20) ** 2)


def test_families_are_out_of_the_null_and_counted_beside_it() -> None:
    pair = [match("a", 900, 20), match("b", 900, 30)]
    rest = [match(f"r{k:02}", 10, 10) for k in range(20)]
    matching = Matching("superiors", (*pair, *rest), ())
    assert values(matching, "p")["a"] == pytest.approx(1 / 22, abs=1e-6)
    assert values(matching, "p_families")["a"] == pytest.approx(2 / 22, abs=1e-6)


def test_p_among_families_stands_beside_the_number_of_reports_that_it_counts() -> None:
    """Of 31 others ten have no known unrelated partner: they are out of the null of p, and in that of p_families."""
    rest = [match(f"r{k:02}", 10, None if k < 10 else 10) for k in range(31)]
    rows = {(m.report_id, m.measure): m for m in judge_matches(Matching("superiors", (match("a", 90, 0), *rest), ()))}
    p, families = rows["a", "best_match_p"], rows["a", "best_match_p_families"]
    assert (p.n, p.value) == (21, round(1 / 22, 6))
    assert (families.n, families.value) == (31, round(1 / 32, 6))


def test_percentile_counts_pairs_that_share_less_in_the_band_of_length() -> None:
    pairs = tuple(Unrelated(f"x{k:03}", "y", 1000, k) for k in range(200))
    longer = tuple(Unrelated(f"z{k:03}", "y", 3000, 2999) for k in range(200))
    matching = Matching("superiors", (match("a", 150, 0), match("b", 0, 0)), (*pairs, *longer))
    assert values(matching, "percentile") == {"a": 75.0, "b": 0.0}


def test_too_small_a_null_gives_no_value_and_says_so() -> None:
    few = tuple(match(f"r{k:02}", 10, 10) for k in range(LEAST_REPORTS))
    short = match("short", 100, 0, n=BANDS[0] - 1)
    rows = {(m.report_id, m.measure): m for m in judge_matches(Matching("superiors", (*few, short), ()))}
    p = rows["r00", "best_match_p"]
    assert (p.value, p.n, read_note(p.note)["reason"]) == (None, LEAST_REPORTS - 1, "under 19 reports")
    q = rows["r00", "best_match_q"]
    assert (q.value, q.n, read_note(q.note)["reason"]) == (None, 0, "under 19 reports")
    assert read_note(rows["r00", "best_match_percentile"].note)["reason"] == "under 100 sides of pairs"
    assert rows["r00", "best_match_share"].value == 0.01
    assert rows["short", "best_match_chars"].value == 100
    assert rows["short", "best_match_share"].value is None
    told = read_note(rows["short", "best_match_share"].note)
    assert (told["reason"], told["count"], told["of"]) == ("short", "100", "299")
    for name, unit in (("percentile", "side"), ("p", "report"), ("p_families", "report"), ("q", "report")):
        row = rows["short", f"best_match_{name}"]
        told = read_note(row.note)
        assert (row.value, row.n, told["reason"], told["unit"], "count" in told) == (None, 0, "short", unit, False)
    unknown = tuple(match(f"r{k:02}", 10, None) for k in range(40))
    assert set(values(Matching("superiors", unknown, ()), "p").values()) == {None}
    assert judge_matches(Matching("superiors", (), ())) == ()


def test_where_there_is_no_other_agency_nothing_is_told() -> None:
    alone = BestMatch("a", 2021, 900, None, 0, 0, None, 0)
    rows = judge_matches(Matching("superiors", (alone,), ()))
    assert [(row.measure.removeprefix("best_match_"), row.value, row.n) for row in rows] == [
        ("chars", None, 900), ("share", None, 900), ("percentile", None, 0), ("p", None, 0), ("p_families", None, 0),
        ("q", None, 0),
    ]
    assert {read_note(row.note)["reason"] for row in rows} == {"no other agency"}


@given(st.lists(st.floats(0, 1, allow_nan=False), max_size=30))
def test_q_is_benjamini_hochberg_by_its_definition(given_values: list[float]) -> None:
    assert benjamini_hochberg(given_values) == pytest.approx(reference_rates(given_values), rel=1e-12)


def test_q_is_over_the_reports_of_one_year() -> None:
    this = [match("a", 500, 0)] + [match(f"r{k:02}", 10, 10) for k in range(30)]
    before = [BestMatch(f"s{k:02}", 2020, 1000, None, 0, 100, 10, 100) for k in range(30)]
    rows = {(m.report_id, m.measure): m for m in judge_matches(Matching("superiors", (*this, *before), ()))}
    assert (rows["a", "best_match_q"].n, rows["a", "best_match_q"].reference) == (31, "run=all; year=2021")
    assert rows["a", "best_match_p"].value == round(1 / 61, 6)
    assert rows["a", "best_match_q"].value == round(31 / 61, 6)


def test_bands_begin_where_ratios_do_and_double() -> None:
    assert [band_of(n) for n in (0, 299, 300, 599, 600, 4799, 4800, 10**6)] == [
        None, None, 300, 300, 600, 2400, 4800, 4800,
    ]


relation = st.tuples(st.integers(0, 4), st.sampled_from([None, "u", "v"]), st.sampled_from([None, "f", "g"]))


@given(st.lists(relation, max_size=12), st.sampled_from(["superiors", "agencies"]))
def test_unrelated_are_counted_as_they_are_told_apart(given_relations: list[tuple[int, str, str]], scope: str) -> None:
    relations = Relations(*(tuple(column) for column in zip(*given_relations, strict=True))) if given_relations else (
        Relations((), (), ())
    )
    numbers = range(len(given_relations))
    expected = [sum(not relations.related(a, b, scope) for b in numbers if a != b) for a in numbers]
    assert relations.count_unrelated(scope) == expected


def test_reports_under_one_superior_are_compared_with_each_other_where_there_are_no_others() -> None:
    one = Relations((0, 1, 2, 3), ("u", "u", "u", None), (None,) * 4)
    assert choose_scope(one, [0, 1, 2]) == "agencies"
    assert choose_scope(Relations((0, 1, 2, 3), ("u", "v", "w", "x"), (None,) * 4), [0, 1, 2, 3]) == "superiors"
    assert choose_scope(Relations((), (), ()), []) == "superiors"


def test_best_match_counts_each_shared_character_once_and_no_own_past() -> None:
    own = "本年新设的公开专栏由档案室管理，借阅者凭介绍信登记后可以抄录三十年以前的卷宗目录。"
    reuse = find_reuse([
        report("a", "清河县财政局", COPIED), report("b", "柳泽县民政局", COPIED + own, 2020),
        report("c", "柳泽县民政局", COPIED + own, 2021), report("d", "松漪县统计局", own, 2022),
    ])
    found = {m.report_id: (m.other, m.shared, m.others) for m in reuse.matching.matches}
    letters = reuse.matching.matches[0].n_chars
    assert found["a"] == ("b", letters, 3)
    assert found["b"] == ("a", letters, 2)
    assert found["c"] == (None, 0, 2)  # all of it is its own past
    assert found["d"][0] == "b"
    apart = {m.report_id: (m.unrelated_shared, m.unrelated) for m in reuse.matching.matches}
    # c is a later year of the agency whose text a has: it is no stranger to a.
    assert apart["a"] == (0, 1)
    assert apart["b"] == (found["d"][1], 1)


def test_a_copy_lies_beyond_all_unrelated_pairs_and_the_flag_says_so() -> None:
    corpus = generate(60, 3, copies=0.0)
    source, copier = corpus.texts[0], corpus.texts[31]
    half = len(source.text) // 2
    start = source.text.index("。", half) + 1
    text = copier.text + source.text[start:]
    copied = ReuseText(
        copier.report_id, text, (*copier.stretches, (len(copier.text), len(text), 0)), names=copier.names,
        agency=copier.agency, region=copier.region, year=copier.year, published=copier.published,
    )
    reuse = find_reuse([copied if t is copier else t for t in corpus.texts])
    measures = [m for m in judge_matches(reuse.matching) if m.report_id == copier.report_id]
    told = {m.measure: m for m in measures}
    assert told["best_match_share"].value == pytest.approx(
        reuse.matching.matches[31].shared / reuse.matching.matches[31].n_chars, abs=1e-6
    )
    assert told["best_match_percentile"].value == 100.0
    n = told["best_match_p"].n
    assert told["best_match_p"].value == pytest.approx(1 / (n + 1), abs=0.002)
    names = {t.report_id: (t.agency or "", t.year) for t in corpus.texts}
    texts = {t.report_id: t.text for t in corpus.texts} | {copied.report_id: copied.text}
    row = Composition(copied.report_id, None, None, 0.0, 0.0, 0.0, 0.4, 0.6)
    (flag,) = flag_reuse([row], reuse.passages, names, texts, measures=measures)
    assert f"高于全部无关报告的两两重合（n={told['best_match_percentile'].n}）" in flag.reason
    assert f"在 {n} 份篇幅相近报告与无关报告的最高重合中 p=" in flag.reason
    (english,) = flag_reuse([row], reuse.passages, names, texts, measures=measures, lang="en")
    assert "more than any unrelated pair" in english.reason
    (bare,) = flag_reuse([row], reuse.passages, names, texts)
    assert "最像" not in bare.reason


def test_a_flag_in_a_small_run_says_that_chance_is_unknown() -> None:
    row = Composition("a", None, None, 0.0, 0.0, 0.0, 0.4, 0.6)
    passage = Passage("p", "a", 0, 2, "b", 0, 2, "exact", "peer", "none", 1.0, 2)
    measures = judge_matches(Matching("superiors", (match("a", 400, 0), match("b", 400, 0)), ()))
    (flag,) = flag_reuse([row], [passage], {"a": ("甲局", None)}, {"a": "公开", "b": "公开"}, measures=measures)
    said, unknown = flag.reason.split("；")[1:3]
    assert said == "最像的一份重合 40%（扣除规定格式和自身往年文字）"
    assert unknown == "同类报告太少，无法由本批算出偶然水平"


def unrelated(seed: int, *, stock: int = 60) -> list[ReuseText]:
    """Reports that share nothing but two of so many stock sentences each."""
    rng = random.Random(seed)
    sentences = ["".join(make_sentence(rng, "我局")) for _ in range(stock)]
    texts = []
    for text in generate(90, seed, copies=0.0).texts:
        parts = [text.text[start:end] for start, end, _ in text.stretches]
        for sentence in rng.sample(sentences, 2):
            parts[rng.randrange(len(parts))] = sentence
        ends = list(accumulate(map(len, parts)))
        stretches = tuple((end - len(part), end, 0) for part, end in zip(parts, ends, strict=True))
        texts.append(replace(text, text="".join(parts), stretches=stretches))
    return texts


@pytest.mark.parametrize("chance", [False, True])
def test_at_most_one_in_a_hundred_of_a_thousand_unrelated_pairs_lies_beyond_the_shipped_limit(chance: bool) -> None:
    sides: list[Unrelated] = []
    for seed in (1, 2):
        texts = unrelated(seed, stock=150) if chance else generate(90, seed, copies=0.0).texts
        sides += [side for side in find_reuse(texts).matching.unrelated if side.n_chars >= BANDS[0]]
    assert len(sides) >= 2 * 1000
    assert any(side.shared for side in sides) is chance
    assert sum(side.shared / side.n_chars > shipped_limit() for side in sides) <= 0.01 * len(sides)


@pytest.mark.parametrize("seed", [1, 2])
def test_p_of_unrelated_reports_is_small_no_more_often_than_it_says(seed: int) -> None:
    judged = values(find_reuse(unrelated(seed)).matching, "p")
    tested = [p for p in judged.values() if p is not None]
    assert len(tested) >= 60
    for alpha in (0.05, 0.1, 0.2):
        few = alpha * len(tested) + 3 * sqrt(alpha * (1 - alpha) * len(tested))
        assert sum(p <= alpha for p in tested) <= few


def test_p_is_uniform_where_shares_are_continuous() -> None:
    """40 runs of 50 reports whose best matches are all drawn alike: p <= alpha as often as alpha, within 4 sigma."""
    rng = random.Random(6)
    tested: list[float] = []
    for _ in range(40):
        shared = [int(1e6 * rng.betavariate(1, 30)) for _ in range(50)]
        rows = tuple(match(f"r{k:02}", s, s, n=10**6) for k, s in enumerate(shared))
        tested.extend(p for p in values(Matching("superiors", rows, ()), "p").values() if p is not None)
    assert len(tested) == 2000
    for alpha in (0.02, 0.1, 0.3, 0.5, 0.9):
        expected = ceil(alpha * 50) / 50 * 2000  # the values p can have are k / 50
        assert abs(sum(p <= alpha for p in tested) - expected) <= 4 * sqrt(2000 * alpha * (1 - alpha))


def test_order_of_reports_changes_no_draw() -> None:
    corpus = generate(30, 8, copies=0.3)
    assert find_reuse(corpus.texts[::-1]).matching == find_reuse(corpus.texts).matching


def test_measures_name_reference_and_size() -> None:
    rows = judge_matches(Matching("agencies", tuple(match(f"r{k:02}", 10, 10) for k in range(30)), ()))
    first = {m.measure.removeprefix("best_match_"): m for m in rows if m.report_id == "r00"}
    assert first["p"] == Measure(
        "r00", None, "best_match_p", 1.0, "null=unrelated_best; scope=agencies; band=600-1199", 29,
        "value=p; unit=report; least_n=19; best_of=100; least=300",
    )
    assert first["share"] == Measure(
        "r00", None, "best_match_share", 0.01, "run=all; documents=100; agencies=others; report=other", 1000,
        "value=share; unit=character; stripped=tables,skeleton; best_of=100; unrelated_p99=0.05; least=300",
    )
    assert first["p_families"].reference == "null=best; band=600-1199"

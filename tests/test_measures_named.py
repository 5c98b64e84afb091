"""The published measures, each equal to a naive reading of its definition, and to none of the known wrong ones."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

import pytest
from benchmarks.generate import make_sentence
from hypothesis import given, settings
from hypothesis import strategies as st

from gknlp import measures
from gknlp.errors import SettingsError
from gknlp.measures import PhraseRule
from gknlp.measures.modification import expected_change

Sentences = list[list[str]]
EXACT = 1e-9

WORDS = st.sampled_from(["甲", "乙", "丙", "丁", "戊"])
SENTENCE = st.lists(WORDS, min_size=1, max_size=9)
DOCUMENT = st.lists(SENTENCE, max_size=4)
DOCUMENTS = st.lists(DOCUMENT, min_size=1, max_size=8)


def words(text: str) -> list[str]:
    return text.split()


def ngrams(sentence: Sequence[str], n: int) -> list[tuple[str, ...]]:
    return [tuple(sentence[at : at + n]) for at in range(len(sentence) - n + 1)]


def share(document: Sentences, is_flagged: object) -> float | None:
    total = sum(map(len, document))
    return sum(len(s) for s in document if is_flagged(s)) / total if total else None  # type: ignore[operator]


def close(a: Sequence[float | None], b: Sequence[float | None]) -> bool:
    return len(a) == len(b) and all(
        x is y if x is None or y is None else abs(x - y) <= EXACT for x, y in zip(a, b, strict=True)
    )


# LSL-2015

LIMITS = (("0.3", "0.75", "5"), ("0.25", "0.5", "1.5"), ("0.9", None, "2"))


def naive_boilerplate(documents: list[Sentences], n: int, floor: str, cap: str | None, mean: str) -> list[float | None]:
    """Lang & Stice-Lawrence 2015 as the paper's words go, in fractions."""
    held: Counter[tuple[str, ...]] = Counter()
    stands: Counter[tuple[str, ...]] = Counter()
    for document in documents:
        grams = [gram for sentence in document for gram in ngrams(sentence, n)]
        stands.update(grams)
        held.update(set(grams))
    size = len(documents)
    flagged = {
        gram for gram in held
        if not (cap and Fraction(held[gram], size) >= Fraction(cap))
        and (Fraction(held[gram], size) >= Fraction(floor) or Fraction(stands[gram], size) >= Fraction(mean))
    }
    return [share(document, lambda s: any(gram in flagged for gram in ngrams(s, n))) for document in documents]


@settings(max_examples=200, deadline=None)
@given(DOCUMENTS, st.integers(1, 4), st.sampled_from(LIMITS))
def test_lsl_equals_a_naive_reading(documents: list[Sentences], n: int, limits: tuple[str, str | None, str]) -> None:
    floor, cap, mean = limits
    rule = PhraseRule(float(floor), cap and float(cap), float(mean))
    got = measures.lsl2015_boilerplate(documents, n=n, rule=rule)
    assert close(got, naive_boilerplate(documents, n, floor, cap, mean))
    assert all(value is None or 0 <= value <= 1 for value in got)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(st.text("公开信息", min_size=1, max_size=12), max_size=3), min_size=1, max_size=6))
def test_lsl_char7_is_the_same_rule_on_letters(documents: list[list[str]]) -> None:
    letters = [[list(sentence) for sentence in document] for document in documents]
    assert close(measures.lsl_char7(documents), naive_boilerplate(letters, 7, "0.3", "0.75", "5"))


COMMON, OWN = words("群众 查阅 政府 公报 方便"), [words(f"本局 第{k} 号 工作 单独 {k}") for k in range(10)]


@pytest.mark.parametrize(
    ("holders", "expected"), [(2, 0.0), (3, 5 / 11), (4, 5 / 11), (7, 5 / 11), (8, 0.0)],
    ids=["under the floor", "floor", "four of ten", "under the cap", "at the cap"],
)
def test_lsl_flags_between_floor_and_cap(holders: int, expected: float) -> None:
    documents = [[own, COMMON] if k < holders else [own] for k, own in enumerate(OWN)]
    assert measures.lsl2015_boilerplate(documents) == [expected] * holders + [0.0] * (10 - holders)


def test_lsl_flags_what_few_repeat_five_times_a_document_on_average() -> None:
    """One document in ten says it 50 times: under the floor, at the mean; 49 times are not enough."""
    for times, expected in ((50, 250 / 256), (49, 0.0)):
        documents = [[OWN[0], *[COMMON] * times], *([own] for own in OWN[1:])]
        assert measures.lsl2015_boilerplate(documents)[0] == pytest.approx(expected, abs=EXACT)


def test_lsl_tetragrams_end_with_the_sentence() -> None:
    split = [[COMMON[:3], COMMON[3:]]] * 4 + [[own] for own in OWN[:6]]
    assert measures.lsl2015_boilerplate(split)[0] == 0.0


def test_lsl_of_a_reference_set_that_the_document_is_not_in() -> None:
    reference = [[own, COMMON] if k < 3 else [own] for k, own in enumerate(OWN)]
    assert measures.lsl2015_boilerplate([[COMMON], [OWN[0]], []], reference=reference) == [1.0, 0.0, None]


@pytest.mark.parametrize("wrong", [{"floor": 30}, {"cap": 75}, {"floor": 0}, {"mean": 0}])
def test_lsl_refuses_limits_in_percent(wrong: dict[str, float]) -> None:
    with pytest.raises(SettingsError, match=next(iter(wrong))):
        PhraseRule(**wrong)
    with pytest.raises(SettingsError, match="phrase of 0"):
        measures.lsl2015_boilerplate([[COMMON]], n=0)


def test_lsl_never_exceeds_one_where_counting_ngram_places_does() -> None:
    """MoreThanSentiments 0.3.3 adds four words for every flagged place and takes places for documents."""
    sentence = words("一 二 三 四 五 六 七 八 九 十")
    documents = [[sentence], [sentence], [sentence], *([own] for own in OWN[:7])]
    stands = Counter(gram for document in documents for s in document for gram in ngrams(s, 4))
    flagged = {gram for gram, count in stands.items() if count >= 3}
    wrong = sum(4 for gram in ngrams(sentence, 4) if gram in flagged) / len(sentence)
    assert wrong == 2.8
    assert measures.lsl2015_boilerplate(documents)[0] == 1.0
    # Three places in one document are no three documents.
    repeated = [[sentence, sentence, sentence], *([own] for own in OWN[:9])]
    assert measures.lsl2015_boilerplate(repeated)[0] == 0.0


@settings(max_examples=60, deadline=None)
@given(DOCUMENTS, st.randoms(use_true_random=False))
def test_order_of_documents_changes_nothing(documents: list[Sentences], rng: object) -> None:
    order = list(range(len(documents)))
    rng.shuffle(order)  # type: ignore[attr-defined]
    for measure in (
        measures.lsl2015_boilerplate, measures.lsl_char7, measures.qc2025_peer_similarity, measures.kt2003_r_measures,
        measures.m2017_information,
    ):
        straight = measure(documents)
        assert close([straight[k] for k in order], measure([documents[k] for k in order])), measure


@settings(max_examples=100, deadline=None)
@given(DOCUMENTS, st.data())
def test_lsl_without_a_cap_never_falls_when_a_copy_is_added(documents: list[Sentences], data: st.DataObject) -> None:
    rule = PhraseRule(cap=None, mean=1000)
    at = data.draw(st.integers(0, len(documents) - 1))
    before = measures.lsl2015_boilerplate(documents, n=2, rule=rule)[at]
    after = measures.lsl2015_boilerplate([*documents, documents[at]], n=2, rule=rule)[at]
    assert before is after is None or (before is not None and after is not None and after >= before)


# DLS-2017


@settings(max_examples=200, deadline=None)
@given(DOCUMENT, DOCUMENT, st.integers(1, 4))
def test_stickiness_equals_a_naive_reading(document: Sentences, previous: Sentences, n: int) -> None:
    stood = {gram for sentence in previous for gram in ngrams(sentence, n)}
    expected = share(document, lambda s: any(gram in stood for gram in ngrams(s, n)))
    assert measures.dls2017_stickiness(document, previous, n=n) == expected
    more = measures.dls2017_stickiness(document, [*previous, *document[:1]], n=n)
    assert expected is None or (more is not None and more >= expected)


def test_stickiness_of_the_same_of_permuted_and_of_interrupted_words() -> None:
    told = [f"词{k}" for k in range(70)]
    assert measures.dls2017_stickiness([told], [told]) == 1.0
    assert measures.dls2017_stickiness([told[::-1]], [told]) == 0.0
    interrupted = [word for k in range(0, 70, 7) for word in (*told[k : k + 7], f"新{k}")]
    assert measures.dls2017_stickiness([interrupted], [told]) == 0.0
    assert measures.cmn2020_cosine([interrupted], [told]) == pytest.approx(math.sqrt(7 / 8))
    assert measures.dls2017_stickiness([], [told]) is None


def test_stickiness_tells_last_year_from_ten_years_ago_in_every_year_and_further_than_cosine_does() -> None:
    """Thirty years of one agency, of which each keeps seven in ten sentences of the year before."""
    rng = random.Random(11)
    years = [["".join(make_sentence(rng, "我局")) for _ in range(30)]]
    for _ in range(29):
        years.append([s if rng.random() < 0.7 else "".join(make_sentence(rng, "我局")) for s in years[-1]])
    texts = ["".join(sentences) for sentences in years]
    near_far = {
        measure: [(measure(texts[t], texts[t - 1]), measure(texts[t], texts[t - 10])) for t in range(10, 30)]
        for measure in (measures.dls2017_stickiness, measures.dls_char13, measures.cmn2020_cosine)
    }
    *sticky, cosine = near_far.values()
    for values in sticky:
        assert all(near > far for near, far in values)
    apart = [sum(near for near, _ in values) / sum(far for _, far in values) for values in (*sticky, cosine)]
    assert min(apart[:2]) >= 3 * apart[2]


def test_stickiness_masks_figures_where_asked() -> None:
    now = "全年通过门户网站主动公开政府信息45条，比上年增长12%。"
    before = "全年通过门户网站主动公开政府信息30条，比上年增长7%。"
    assert measures.dls2017_stickiness(now, before) == 0.0
    assert measures.dls2017_stickiness(now, before, mask_digits=True) == 1.0


def test_char13_needs_thirteen_letters_in_a_row() -> None:
    before = "我局按月公布河道巡查记录和采砂许可结果。"
    assert measures.dls_char13("按月公布河道巡查记录和采砂。没有。", before) == 13 / 15
    assert measures.dls_char13("按月公布河道巡查记录和采。", before) == 0.0
    assert measures.dls_char13("", before) is None


@settings(max_examples=100, deadline=None)
@given(DOCUMENT, st.integers(1, 5))
def test_redundancy_equals_a_naive_reading(document: Sentences, least: int) -> None:
    expected = share(document, lambda s: len(s) >= least and document.count(s) > 1)
    assert measures.dls2017_redundancy(document, least=least) == expected


# CMN-2020


def naive_edit(a: Sequence[str], b: Sequence[str], exchange: int) -> int:
    """Least cost of edits by the textbook table; an exchange costs 1 (Levenshtein) or 2 (delete and insert)."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, start=1):
        last, row[0] = row[0], i
        for j, y in enumerate(b, start=1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (0 if x == y else exchange))
    return row[-1]


@settings(max_examples=150, deadline=None)
@given(SENTENCE, SENTENCE)
def test_four_similarities_equal_a_naive_reading(a: list[str], b: list[str]) -> None:
    first, second = Counter(a), Counter(b)
    product = sum(first[w] * second[w] for w in {*a, *b})
    norms = math.sqrt(sum(c * c for c in first.values())) * math.sqrt(sum(c * c for c in second.values()))
    expected = {
        measures.cmn2020_cosine: product / norms,
        measures.cmn2020_jaccard: len({*a} & {*b}) / len({*a} | {*b}),
        measures.cmn2020_min_edit: 1 - naive_edit(a, b, 1) / max(len(a), len(b)),
        measures.cmn2020_simple: 1 - naive_edit(a, b, 2) / (len(a) + len(b)),
    }
    for measure, value in expected.items():
        assert measure([a], [b]) == pytest.approx(value, abs=EXACT)
        assert measure([a], [b]) == measure([b], [a])
        assert measure([a], [a]) == pytest.approx(1, abs=EXACT)
        assert 0 <= (measure([a], [b]) or 0) <= 1
        assert measure([a], []) is None


def test_similarities_of_texts_without_a_common_word_are_zero_where_a_raw_distance_is_not() -> None:
    """cntext's Sim_MinEdit is the raw distance, and its Sim_Simple is over .999 for any two long texts."""
    a, b = [f"甲{k}" for k in range(2000)], [f"乙{k}" for k in range(2000)]
    for measure in (
        measures.cmn2020_cosine, measures.cmn2020_jaccard, measures.cmn2020_min_edit, measures.cmn2020_simple,
    ):
        assert measure([a], [b]) == 0.0
    raw = naive_edit(a[:50], b[:50], 1)
    assert raw == 50
    changes, longest = (len(a) + len(b)) / (len(a) + len(b)), max(len(a), len(b))
    assert (longest - changes) / longest > 0.999


# BT-2011


def exact_fit(raw: Sequence[float], lengths: Sequence[int], order: int) -> list[float]:
    """The least-squares polynomial by normal equations in fractions: no rounding at all."""
    size = order + 1
    powers = [[Fraction(x) ** k for k in range(size)] for x in lengths]
    left = [[sum(p[i] * p[j] for p in powers) for j in range(size)] for i in range(size)]
    right = [sum((p[i] * Fraction(y) for p, y in zip(powers, raw, strict=True)), Fraction()) for i in range(size)]
    for i in range(size):
        pivot = next(k for k in range(i, size) if left[k][i])
        left[i], left[pivot], right[i], right[pivot] = left[pivot], left[i], right[pivot], right[i]
        for k in range(size):
            if k != i and left[k][i]:
                factor = left[k][i] / left[i][i]
                left[k] = [x - factor * y for x, y in zip(left[k], left[i], strict=True)]
                right[k] -= factor * right[i]
    weights = [right[i] / left[i][i] for i in range(size)]
    return [float(sum(w * x for w, x in zip(weights, p, strict=True))) for p in powers]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.integers(150, 3000), min_size=60, max_size=70, unique=True).flatmap(
        lambda lengths: st.tuples(
            st.just(lengths), st.lists(st.floats(0, 1), min_size=len(lengths), max_size=len(lengths))
        )
    )
)
def test_modification_expects_what_the_exact_polynomial_expects(drawn: tuple[list[int], list[float]]) -> None:
    lengths, raw = drawn
    assert close(expected_change(raw, lengths) or [], exact_fit(raw, lengths, 5))


def make_pairs(count: int) -> list[tuple[Sentences, Sentences]]:
    """Pairs of all lengths, of which every third is kept and the others change by a varying part."""
    pairs = []
    for k in range(count):
        told = [f"词{j}" for j in range(20 + 7 * k)]
        kept = len(told) if k % 3 == 0 else len(told) * (k % 5 + 1) // 7
        pairs.append(([told], [[*told[:kept], *(f"旧{k}和{j}" for j in range(len(told) - kept))]]))
    return pairs


def test_modification_is_one_less_cosine_less_what_length_expects() -> None:
    pairs = make_pairs(60)
    raw = [1 - (measures.cmn2020_cosine(a, b) or 0) for a, b in pairs]
    expected = exact_fit(raw, [len(a[0]) for a, _ in pairs], 5)
    scores = measures.bt2011_modification(pairs)
    assert close(scores, [r - e for r, e in zip(raw, expected, strict=True)])
    assert sum(score or 0 for score in scores) == pytest.approx(0, abs=EXACT)
    assert close(measures.bt2011_modification(pairs[::-1]), scores[::-1])


def test_modification_is_none_with_few_pairs_and_with_few_lengths() -> None:
    assert measures.bt2011_modification(make_pairs(59)) == [None] * 59
    assert measures.bt2011_modification(make_pairs(1) * 100) == [None] * 100
    assert measures.bt2011_modification([*make_pairs(60), ([], [["词"]])])[-1] is None


# KT-2003


def naive_r(texts: list[str], owners: list[int]) -> list[float | None]:
    """Khmelev & Teahan 2003 by trying every stretch of every text in every other."""
    found: list[float | None] = []
    for text, owner in zip(texts, owners, strict=True):
        others = [other for other, other_owner in zip(texts, owners, strict=True) if other_owner != owner]
        longest = [
            max((n for n in range(len(text) - i + 1) if any(text[i : i + n] in other for other in others)), default=0)
            for i in range(len(text))
        ]
        size = len(text)
        found.append(math.sqrt(2 * sum(longest) / (size * (size + 1))) if size else None)
    return found


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.text("公开", max_size=9), st.integers(0, 3)), min_size=1, max_size=6))
def test_r_measure_equals_a_naive_reading(drawn: list[tuple[str, int]]) -> None:
    texts, owners = [text for text, _ in drawn], [owner for _, owner in drawn]
    assert close(measures.kt2003_r_measures(texts, owners=owners), naive_r(texts, owners))


def test_r_measure_of_a_copy_of_half_a_copy_and_of_nothing() -> None:
    text = "我局按月公布河道巡查记录和采砂许可结果，方便沿岸居民查看。"
    assert measures.kt2003_r_measure(text, ["此外，" + text + "如此。"]) == 1.0
    assert measures.kt2003_r_measure(text, ["abcdefg", ""]) == 0.0
    assert measures.kt2003_r_measure("公开甲乙", ["公开丙丁"]) == math.sqrt(2 * 3 / 20)
    assert measures.kt2003_r_measure("", [text]) is None
    assert measures.kt2003_r_measure(text, []) == 0.0


@settings(max_examples=60, deadline=None)
@given(st.text("公开信息", min_size=1, max_size=12), st.lists(st.text("公开信息", max_size=9), min_size=1, max_size=4))
def test_r_measure_never_falls_when_another_text_is_added(text: str, others: list[str]) -> None:
    before, after = measures.kt2003_r_measure(text, others[1:]), measures.kt2003_r_measure(text, others)
    assert before is not None
    assert after is not None
    assert after >= before


# QC-2025 and M-2017


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(st.sampled_from(["公开", "信息", "解读", "的", "30"]), max_size=8), min_size=1, max_size=6))
def test_peer_similarity_is_the_mean_over_all_pairs(documents: list[list[str]]) -> None:
    owners = [k % 3 for k in range(len(documents))]
    texts = [[document] if document else [] for document in documents]
    expected: list[float | None] = []
    for k, text in enumerate(texts):
        alike = [
            value for j, other in enumerate(texts)
            if owners[j] != owners[k] and (value := measures.qc2025_self_similarity(text, other)) is not None
        ]
        expected.append(sum(alike) / len(alike) if alike else None)
    assert close(measures.qc2025_peer_similarity(texts, owners=owners), expected)


def test_self_similarity_leaves_out_numbers_and_single_characters() -> None:
    assert measures.qc2025_self_similarity([words("公开 的 30")], [words("公开 了 45")]) == 1.0
    assert measures.qc2025_self_similarity([words("的 30")], [words("公开")]) is None


def naive_information(documents: list[list[str]], industries: list[str | None]) -> list[float | None]:
    """孟庆斌 et al. 2017 in fractions: shares of words on the means of the industry and of the market."""
    vocabulary = sorted({word for document in documents for word in document})
    shares = [[Fraction(d.count(w), max(1, len(d))) for w in vocabulary] for d in documents]
    told = [k for k, d in enumerate(documents) if d]
    content: list[float | None] = []
    for k, own in enumerate(shares):
        others = [j for j in told if j != k]
        same = [j for j in others if industries[k] is not None and industries[j] == industries[k]]
        if not documents[k] or not others:
            content.append(None)
            continue
        axes = []
        for group in (others, same if len(same) < len(others) else []):
            if group:
                mean = [sum(shares[j][w] for j in group) / len(group) for w in range(len(vocabulary))]
                axes.append([value - sum(mean) / len(mean) for value in mean])
        rest = [value - sum(own) / len(own) for value in own]
        kept: list[list[Fraction]] = []
        for axis in axes:
            for known in kept:
                dot = sum(a * b for a, b in zip(axis, known, strict=True)) / sum(b * b for b in known)
                axis = [a - dot * b for a, b in zip(axis, known, strict=True)]
            if any(axis):
                kept.append(axis)
                dot = sum(a * b for a, b in zip(rest, axis, strict=True)) / sum(b * b for b in axis)
                rest = [a - dot * b for a, b in zip(rest, axis, strict=True)]
        content.append(float(sum(map(abs, rest))))
    return content


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.lists(WORDS, max_size=8), st.sampled_from([None, "教", "水"])), min_size=1, max_size=6))
def test_information_equals_an_exact_regression(drawn: list[tuple[list[str], str | None]]) -> None:
    documents, industries = [d for d, _ in drawn], [i for _, i in drawn]
    got = measures.m2017_information([[d] if d else [] for d in documents], industries=industries)
    assert close(got, naive_information(documents, industries))


def test_information_of_equal_texts_is_nothing() -> None:
    assert measures.m2017_information(["公开信息，方便群众。"] * 3) == pytest.approx([0, 0, 0], abs=EXACT)


# Plain texts


def test_measures_take_plain_texts() -> None:
    text = "全年通过门户网站公开信息30条；其中解读5篇！\n群众满意吗？很满意。"
    assert measures.sentences_of(text) == ["全年通过门户网站公开信息30条；其中解读5篇！", "群众满意吗？", "很满意。"]
    assert ["".join(sentence) for sentence in measures.words_of(text)] == measures.letters_of(text)
    first, *others = measures.words_of(text)
    assert len(first) >= 8
    sticky = len(first) / (len(first) + sum(map(len, others)))
    assert measures.dls2017_stickiness(text, text) == sticky
    for empty in ("", "。\n！"):
        assert measures.words_of(empty) == measures.letters_of(empty) == []
        assert measures.lsl2015_boilerplate([empty]) == measures.lsl_char7([empty]) == [None]
        assert measures.cmn2020_min_edit(empty, text) is None
        assert measures.kt2003_r_measures([empty]) == measures.m2017_information([empty]) == [None]
    assert measures.lsl2015_boilerplate([]) == measures.qc2025_peer_similarity([]) == []

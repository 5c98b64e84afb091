"""`find_reuse` end to end: levels, kinds, order independence, engines, and measured recall on planted copies."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from benchmarks.generate import generate
from hypothesis import given, settings
from hypothesis import strategies as st

from gknlp.calibrate.scoring import plagdet, score, spans_of, spans_of_cases
from gknlp.engines import LocalEngine
from gknlp.errors import EngineError, SettingsError
from gknlp.normalize import fold
from gknlp.reuse import find_reuse
from gknlp.settings import ReuseSettings
from gknlp.types import Reuse, ReuseText

BASE = (
    "我局印发了政务公开要点，对二十三个科室逐项分解任务。各科室每月十日前报送台账，办公室汇总后在专栏发布。"
    "群众来信当日登记，三个工作日内由经办人电话答复。查阅点迁至新址后增设两台自助终端。"
)
WATER = "水库除险加固清单分三批公布，每座水库列出责任人和电话。防汛预警短信改为分片推送，汛期共推送四百余次。"


def report(name: str, agency: str, text: str, year: int | None = 2020, **more: object) -> ReuseText:
    return ReuseText(name, text, ((0, len(text), 0),), (), (agency,), agency, year=year, **more)  # type: ignore[arg-type]


def passages(reuse: Reuse) -> list[tuple[str, str, str, str, str]]:
    return [(p.a_report, p.b_report, p.level, p.kind, p.direction) for p in reuse.passages]


def test_a_copy_with_names_and_figures_exchanged_is_masked_and_a_touched_one_near() -> None:
    copy = BASE.replace("我局", "柳泽县民政局").replace("二十三个", "9个")
    touched = BASE.replace("汇总", "收齐核对")
    reuse = find_reuse([
        report("a", "清河县财政局", BASE), report("b", "柳泽县民政局", copy), report("c", "松漪县统计局", touched),
        report("d", "望川市水利局", WATER), report("e", "禾洲市商务局", BASE),
    ])
    assert passages(reuse) == [
        ("a", "b", "masked", "peer", "none"), ("a", "c", "near", "peer", "none"), ("a", "e", "exact", "peer", "none"),
        ("b", "c", "near", "peer", "none"), ("b", "e", "masked", "peer", "none"), ("c", "e", "near", "peer", "none"),
    ]
    first = reuse.passages[0]
    assert (first.a_start, first.a_end, first.score) == (0, len(BASE) - 1, 1.0)
    assert (first.b_start, first.b_end) == (0, len(copy) - 1)
    assert first.n_chars == min(len(fold(BASE).text), len(fold(copy).text))
    assert {c.report_id for c in reuse.clusters} == {"a", "b", "c", "e"}
    assert {c.shape for c in reuse.clusters} == {"clique"}


def test_own_past_is_self_and_only_the_later_year_has_it() -> None:
    reuse = find_reuse([report("a", "清河县财政局", BASE, 2019), report("b", "清河县财政局", BASE, 2020)])
    assert passages(reuse) == [("a", "b", "exact", "self", "a>b")]
    assert reuse.clusters == ()
    whole = {row.report_id: (row.own_past, row.own) for row in reuse.composition if row.section is None}
    assert whole == {"a": (0.0, 1.0), "b": (1.0, 0.0)}


def test_a_later_year_that_repeats_its_own_is_no_copy_of_a_stranger() -> None:
    reuse = find_reuse([
        report("a", "清河县财政局", BASE, 2018), report("b", "柳泽县民政局", BASE, 2019),
        report("c", "柳泽县民政局", BASE, 2020),
    ])
    assert [(c.report_id, c.role) for c in reuse.clusters] == [("a", "source"), ("b", "copy")]
    whole = {row.report_id: (row.own_past, row.peer) for row in reuse.composition if row.section is None}
    assert whole == {"a": (0.0, 0.0), "b": (0.0, 1.0), "c": (1.0, 0.0)}


def test_agencies_under_one_superior_share_a_template_and_outsiders_do_not() -> None:
    texts = [report(name, f"{name}镇人民政府", BASE, superior="砚岭县人民政府") for name in ("青梨", "白芦", "下柘")]
    texts.append(report("清河", "清河县财政局", BASE))
    kinds = {(p.a_report, p.b_report): p.kind for p in find_reuse(texts).passages}
    inside = {pair for pair in kinds if "清河" not in pair}
    assert {kinds[pair] for pair in inside} == {"template"}
    assert {kinds[pair] for pair in kinds if pair not in inside} == {"peer"}
    two = find_reuse(texts[:2], settings=ReuseSettings(template_agencies=3))
    assert [p.kind for p in two.passages] == ["peer"]
    above = find_reuse([texts[0], report("县", "砚岭县人民政府", BASE)])
    assert [p.kind for p in above.passages] == ["template"]


def test_plain_texts_are_compared_whole() -> None:
    reuse = find_reuse({"y": BASE, "x": f"{WATER}\n{BASE}", "z": WATER[:20]})
    assert [(p.a_report, p.b_report, p.level) for p in reuse.passages] == [
        ("x", "y", "exact"), ("x", "z", "exact"),
    ]
    assert reuse.passages[0].a_start == len(WATER) + 1


def test_nothing_to_compare() -> None:
    assert find_reuse([]) == Reuse((), (), ())
    assert find_reuse({}) == Reuse((), (), ())
    alone = find_reuse({"x": BASE})
    assert (alone.passages, alone.clusters, alone.composition[0].own) == ((), (), 1.0)
    empty = find_reuse([ReuseText("x", BASE, ())])
    assert [(r.section, r.own, r.formula) for r in empty.composition] == [(None, None, None)]
    with pytest.raises(SettingsError, match="x stands twice"):
        find_reuse([ReuseText("x", BASE, ()), ReuseText("x", WATER, ())])


def test_references_are_compared_with_and_have_no_composition() -> None:
    reference = replace(report("a", "清河县财政局", BASE, 2019), reference=True)
    other = replace(report("c", "松漪县统计局", BASE, 2019), reference=True)
    reuse = find_reuse([reference, other, report("b", "柳泽县民政局", BASE, 2020)])
    assert [(p.a_report, p.b_report) for p in reuse.passages] == [("a", "b"), ("b", "c")]
    assert {row.report_id for row in reuse.composition} == {"b"}
    assert reuse.composition[0].peer == 1.0


def test_a_failure_in_a_worker_is_raised_and_not_skipped() -> None:
    broken = replace(report("a", "清河县财政局", BASE), stretches=(("x", 1, 0),))  # type: ignore[arg-type]
    with pytest.raises(EngineError, match="Comparing the reports failed"):
        find_reuse([broken], engine=LocalEngine(1))


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 1000))
def test_the_order_of_reports_changes_nothing(seed: int) -> None:
    corpus = generate(12, seed, copies=0.5)
    shuffled = list(corpus.texts)
    random.Random(seed).shuffle(shuffled)
    assert find_reuse(shuffled) == find_reuse(corpus.texts)


def test_engines_and_workers_change_nothing() -> None:
    corpus = generate(45, 5, copies=0.4, family=0.2)
    expected = find_reuse(corpus.texts)
    assert len(expected.passages) > 40
    assert find_reuse(corpus.texts, engine=LocalEngine(1)) == expected
    with LocalEngine(2) as engine:
        assert find_reuse(corpus.texts[::-1], engine=engine) == expected


def test_spans_lie_in_stretches_and_compositions_add_to_one() -> None:
    corpus = generate(40, 9, copies=0.5)
    texts = {text.report_id: text for text in corpus.texts}
    reuse = find_reuse(corpus.texts)
    for p in reuse.passages:
        assert p.a_report < p.b_report
        for name, start, end in ((p.a_report, p.a_start, p.a_end), (p.b_report, p.b_start, p.b_end)):
            assert texts[name].stretches[0][0] <= start < end <= texts[name].stretches[-1][1]
        same = fold(texts[p.a_report].text[p.a_start : p.a_end]).text == fold(
            texts[p.b_report].text[p.b_start : p.b_end]
        ).text
        assert same is (p.level == "exact")
    assert len({p.passage_id for p in reuse.passages}) == len(reuse.passages)
    for row in reuse.composition:
        shares = (row.formula, row.own_past, row.template, row.peer, row.own)
        assert sum(share or 0 for share in shares) == pytest.approx(1, abs=1e-12)


# Floors of issue 6; measured on 1,000 reports: verbatim .99, names .99, 10 % .99, slots .97, 20 % .97, reordered .98.
@pytest.mark.parametrize(
    ("alteration", "recall", "precision"),
    [
        ("verbatim", 0.97, 0.95), ("names", 0.97, 0.95), ("edits10", 0.97, 0.95), ("slots3", 0.95, 0.95),
        ("edits20", 0.85, 0.95), ("reordered", 0.93, 0.95),
    ],
)
def test_planted_copies_are_found(alteration: str, recall: float, precision: float) -> None:
    corpus = generate(80, 11, alterations=[alteration], copies=0.5)
    result = score(spans_of_cases(corpus.cases), spans_of(find_reuse(corpus.texts).passages))
    assert result.recall >= recall
    assert result.precision >= precision
    if alteration == "edits10":
        assert result.granularity <= 1.05
        assert result.plagdet >= 0.93


def test_unrelated_reports_share_next_to_nothing() -> None:
    corpus = generate(60, 3, copies=0.0)
    reuse = find_reuse(corpus.texts)
    assert reuse.clusters == ()
    assert max(row.peer or 0 for row in reuse.composition if row.section is None) < 0.05


def test_plagdet_by_its_definition() -> None:
    assert plagdet(0.5, 1, 1) == 2 / 3
    assert plagdet(0, 0, 1) == 0
    case = ("a", 0, 10, "b", 100, 110)
    assert score([case], []).granularity == 1
    assert score([case], [("a", 0, 10, "b", 0, 10)]).recall == 0  # both sides must overlap
    half = score([case], [("a", 0, 5, "b", 100, 105), ("a", 5, 10, "b", 105, 110)])
    assert (half.recall, half.precision, half.granularity) == (1, 1, 2)

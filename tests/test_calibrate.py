"""Calibration: what is planted stands where it is said to, and what is counted is what was planted."""

from __future__ import annotations

import csv
import io
import random
from dataclasses import replace
from pathlib import Path

import pytest
from benchmarks.generate import generate
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from gknlp.calibrate import DOSES, LEVELS, SHARES, Calibration, Row, _judged, _native, calibrate_texts
from gknlp.calibrate.planting import (
    ALTERATIONS,
    Planter,
    Planting,
    build_vocabulary,
    edit_words,
    exchange_names,
    insert_passages,
    sentence_of,
    telling_runs,
)
from gknlp.calibrate.report import COLUMNS, describe, to_csv
from gknlp.calibrate.scoring import Case, cover, mean_interval, share_interval
from gknlp.cli import app
from gknlp.errors import SettingsError
from gknlp.settings import ReuseSettings
from gknlp.types import Passage, ReuseText


def text_of(name: str, *sentences: str, **more: object) -> ReuseText:
    stretches, at = [], 0
    for sentence in sentences:
        stretches.append((at, at + len(sentence), 0))
        at += len(sentence)
    return ReuseText(name, "".join(sentences), tuple(stretches), **more)  # type: ignore[arg-type]


def two_by_two(text: str) -> list[str]:
    return [text[at : at + 2] for at in range(0, len(text), 2)]


def test_passages_are_put_between_stretches_and_everything_moves_along() -> None:
    text = replace(text_of("a", "甲乙。", "丙丁。", "戊己。"), skeleton=((3, 6),))
    made, spans = insert_passages(text, [(0, ["一二。", "三。"]), (2, ["四五六。"])])
    assert made.text == "一二。三。甲乙。丙丁。四五六。戊己。"
    assert spans == [[(0, 3), (3, 5)], [(11, 15)]]
    assert made.stretches == ((0, 3, 0), (3, 5, 0), (5, 8, 0), (8, 11, 0), (11, 15, 0), (15, 18, 0))
    assert made.skeleton == ((8, 11),)
    assert insert_passages(text, []) == (text, [])


sentence = st.text(alphabet="公开信息年报，", min_size=1, max_size=8).map(lambda body: f"{body}。")


@given(st.lists(sentence, min_size=1, max_size=8), st.data())
def test_whatever_is_planted_the_report_keeps_its_own_sentences(sentences: list[str], data: st.DataObject) -> None:
    text = text_of("a", *sentences)
    places = data.draw(st.sets(st.integers(0, len(sentences) - 1)))
    passages = [(place, data.draw(st.lists(sentence, min_size=1, max_size=3))) for place in sorted(places)]
    made, spans = insert_passages(text, passages)
    planted = [made.text[start:end] for group in spans for start, end in group]
    assert planted == [line for _, lines in passages for line in lines]
    new = {span for group in spans for span in group}
    assert [made.text[s:e] for s, e, _ in made.stretches if (s, e) not in new] == sentences
    assert "".join(made.text[s:e] for s, e, _ in made.stretches) == made.text


def test_names_and_figures_are_exchanged_and_nothing_else() -> None:
    source, copier = text_of("a", names=("望川市水利局", "望川市")), text_of("b", names=("柳泽县林业局", "柳泽县"))
    line = "望川市水利局全年办理36件，我局窗口答复120次，见《望川市年鉴》。"
    changed = exchange_names(random.Random(1), line, source, copier)
    assert changed.startswith("柳泽县林业局全年办理")
    assert "件，我局窗口答复" in changed
    assert changed.endswith("次，见《柳泽县年鉴》。")
    assert len(changed) == len(line)
    assert "36件" not in changed
    assert "120次" not in changed
    assert "我局" in exchange_names(random.Random(1), line, source, text_of("c"))


def test_edits_come_from_the_vocabulary_of_the_reports() -> None:
    texts = [text_of("a", "及时公开信息。", "及时回应信息。", "主动公开目录。")]
    vocabulary = build_vocabulary(texts, two_by_two)
    assert set(vocabulary.words) == {"及时", "公开", "信息", "回应", "主动", "目录"}
    rng = random.Random(3)
    picked = {vocabulary.pick(rng, "substitute", "及时", "公开", "信息") for _ in range(20)}
    assert picked == {"回应"}  # the one other word that stands between these neighbours
    assert {vocabulary.pick(rng, "insert", "及时", "", "") for _ in range(50)} == {"公开", "回应"}
    assert vocabulary.pick(rng, "substitute", "没有", "见过", "的词") in vocabulary.words
    assert build_vocabulary(texts[::-1], two_by_two) == vocabulary


def test_so_many_words_are_edited_as_the_rate_says() -> None:
    words = [str(number) for number in range(20_000)]
    edited = edit_words(random.Random(5), words, 0.1, lambda *_: "新")
    assert edit_words(random.Random(5), words, 0.0, lambda *_: "新") == words
    # A quarter of the edits inserts, a quarter deletes, a quarter substitutes: 500 each within four sigma.
    assert abs(edited.count("新") - 1000) < 130
    assert abs(len(words) - len(set(edited) - {"新"}) - 1000) < 130


def test_only_sentences_that_tell_something_are_planted() -> None:
    own = [f"第{word}办公区新设的自助终端由值守人员逐日登记使用情况并按周汇总。" for word in "东西南北中"]
    mandated = "根据《中华人民共和国政府信息公开条例》要求，编制本报告。"
    text = text_of("a", mandated, *own[:3], "公开。", *own[3:])
    assert telling_runs(text) == [(1, 2, 3)]
    gap = replace(text, stretches=(*text.stretches[:2], *((s, e, 1) for s, e, _ in text.stretches[2:])))
    assert telling_runs(gap) == []
    assert sentence_of(text_of("b", "一是公开\n 目录，"), 0) == "一是公开目录。"


def planted(seed: int = 1) -> tuple[Planter, Planting]:
    texts = generate(24, 4, copies=0.0).texts
    planter = Planter(texts, two_by_two, frozenset())
    return planter, planter.plant(seed)


def test_every_case_points_to_its_copy_and_its_source() -> None:
    planter, planting = planted()
    texts = {text.report_id: text for text in planting.texts}
    assert {case.alteration for case in planting.cases} == set(ALTERATIONS)
    assert not {case.copy for case in planting.cases} & planting.sources
    taken: set[tuple[str, int]] = set()
    for case in planting.cases:
        source = planter.texts[case.source]
        assert texts[case.source] == source  # sources stay as they are
        letters = {(case.source, at) for at in range(case.source_start, case.source_end)}
        assert not letters & taken
        taken |= letters
        copy = texts[case.copy].text[case.copy_start : case.copy_end]
        original = source.text[case.source_start : case.source_end]
        if case.alteration == "verbatim":
            assert copy == original
        assert texts[case.copy].agency != source.agency
    assert planted(1)[1] == planting
    assert planted(2)[1] != planting


def test_pairs_that_share_something_already_are_not_planted() -> None:
    texts = generate(12, 4, copies=0.0).texts
    names = sorted(text.report_id for text in texts)
    every = frozenset((a, b) for a in names for b in names if a < b)
    assert Planter(texts, two_by_two, every).plant(1).cases == ()


def test_doses_are_what_was_planted() -> None:
    planter, _ = planted()
    planting, shares = planter.plant_doses(1, (0.1, 0.3), "verbatim")
    texts = {text.report_id: text for text in planting.texts}
    for name, share in shares.items():
        new = sum(case.copy_end - case.copy_start for case in planting.cases if case.copy == name)
        assert share == pytest.approx(new / len(texts[name].text), abs=0.01)
    assert len(shares) >= 6
    assert max(shares.values()) > 0.25


def passage(a: str, a_span: tuple[int, int], b: str, b_span: tuple[int, int]) -> Passage:
    return Passage("p", a, *a_span, b, *b_span, "exact", "peer", "none", 1.0, 10)


def test_only_what_planting_has_to_answer_for_is_judged() -> None:
    case = Case("b", 100, 200, "a", 0, 100, "verbatim")
    planting = Planting((), (case,), frozenset("a"))
    native = _native([passage("a", (50, 90), "c", (0, 40))], planting)
    assert native == {("a", "c"): [(50, 90)]}
    right = passage("a", (0, 90), "b", (100, 190))
    elsewhere = passage("a", (300, 340), "b", (500, 540))
    known = passage("b", (150, 190), "c", (0, 40))  # the source shared this with c before
    wrong = passage("b", (150, 190), "d", (0, 40))
    own = passage("b", (300, 340), "d", (0, 40))
    rim = passage("b", (190, 240), "d", (0, 50))
    judged = _judged([right, elsewhere, known, wrong, own, rim], planting, native)
    assert judged == [
        ("a", 0, 90, "b", 100, 190), ("a", 300, 340, "b", 500, 540), ("b", 150, 190, "d", 0, 40),
    ]
    coverage = cover([("a", 0, 100, "b", 100, 200)], judged)
    assert (coverage.recalls, coverage.pieces, coverage.precisions) == ((0.9,), (1,), (1.0, 0.0, 0.0))


def test_intervals_by_their_definitions() -> None:
    assert share_interval(5, 10) == pytest.approx((0.236593, 0.763407), abs=1e-6)  # Wilson 1927, textbook values
    assert share_interval(0, 10) == pytest.approx((0.0, 0.277533), abs=1e-6)
    assert share_interval(10, 10) == pytest.approx((0.722467, 1.0), abs=1e-6)
    assert mean_interval([0.5], 1) == (0.5, 0.5)
    low, high = mean_interval([0.0, 1.0] * 200, 1)
    # The standard error of the mean is 0.025.
    assert (low, high) == pytest.approx((0.451, 0.549), abs=0.01)
    assert mean_interval([0.0, 1.0, 0.3], 2) == mean_interval([0.0, 1.0, 0.3], 2)


@pytest.fixture(scope="module")
def made() -> Calibration:
    return calibrate_texts(generate(24, 4, copies=0.0).texts, settings=ReuseSettings(), words=two_by_two)


def row(made: Calibration, table: str, threshold: str, planted: str) -> Row:
    (found,) = [r for r in made.rows if (r.table, r.threshold, r.planted) == (table, threshold, planted)]
    return found


def test_calibration_counts_levels_and_thresholds(made: Calibration) -> None:
    assert (made.reports, made.already) == (24, 0)
    assert row(made, "level", "exact", "verbatim").value == pytest.approx(1.0, abs=0.05)
    exact, masked = (row(made, "level", level, "names").value for level in ("exact", "masked"))
    assert exact is not None
    assert masked is not None
    assert masked > exact + 0.3
    assert masked >= 0.75
    for how in ALTERATIONS:
        near = row(made, "level", "near", how)
        assert near.value is not None
        assert near.value >= 0.8, how
        assert near.low is not None
        assert near.low <= near.value <= (near.high or 0)
        assert near == replace(row(made, "near", "0.3", how), table="level", threshold="near")
        assert near == replace(row(made, "min_chars", "15", how), table="level", threshold="near")
    recalls = [row(made, "min_chars", least, "reordered").value for least in ("15", "50")]
    assert recalls[0] is not None
    assert recalls[1] is not None
    assert recalls[1] < recalls[0]
    unspliced = row(made, "level", "near", "unspliced")
    assert unspliced.value is not None
    assert unspliced.value >= 0.95
    assert row(made, "level", "near", "all").n >= unspliced.n


def test_calibration_counts_flags_by_dose(made: Calibration) -> None:
    flagged = {
        (share, dose): row(made, "share", f"{share:g}", f"{dose:g}") for share in SHARES for dose in DOSES
    }
    assert 8 <= sum(flagged[0.1, dose].n for dose in DOSES) <= 12  # at most half of the reports are copiers
    for dose in DOSES:
        values = [flagged[share, dose].value or 0.0 for share in SHARES]
        assert values == sorted(values, reverse=True)
    few, many = flagged[0.3, 0.1], flagged[0.1, 0.4]
    assert few.value == 0.0
    assert many.value == 1.0
    assert row(made, "share", "0.1", "all").value == 1.0


def test_calibration_reads_in_both_languages_and_as_csv(made: Calibration) -> None:
    chinese, english = describe(made), describe(made, "en")
    assert f"24 份年报，向其中 {made.copiers} 份植入 {made.cases} 处已知抄件（种子 1）" in chinese
    assert "＋近似*" in chinese
    assert "0.3*" in chinese
    assert "抄袭" not in chinese
    assert "recall sentences reordered" in english
    assert "from 4800 characters: too few (n=0)" in english
    rows = list(csv.DictReader(io.StringIO(to_csv(made))))
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == len(made.rows)
    assert {r["table"] for r in rows} == {"level", "near", "min_chars", "share", "unrelated"}
    assert [r["threshold"] for r in rows if r["planted"] == "verbatim" and r["table"] == "level"] == list(LEVELS)


@pytest.fixture
def few_thresholds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gknlp.calibrate.NEARS", (0.3,))
    monkeypatch.setattr("gknlp.calibrate.MIN_CHARS", (15,))


@pytest.mark.usefixtures("few_thresholds")
def test_order_of_reports_changes_nothing() -> None:
    texts = generate(12, 9, copies=0.2).texts
    one = calibrate_texts(texts, settings=ReuseSettings(), words=two_by_two)
    assert calibrate_texts(texts[::-1], settings=ReuseSettings(), words=two_by_two) == one
    assert one.already > 0


def test_too_few_reports_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="too few to plant"):
        calibrate_texts(generate(9, 1).texts, settings=ReuseSettings(), words=two_by_two)
    nobody = [replace(text, agency=None) for text in generate(10, 1).texts]
    with pytest.raises(SettingsError, match="No copy could be planted"):
        calibrate_texts(nobody, settings=ReuseSettings(), words=two_by_two)
    (tmp_path / "a.txt").write_text("这不是年报。", encoding="utf-8")
    nowhere = CliRunner().invoke(app, ["calibrate", str(tmp_path), "-o", str(tmp_path / "none" / "c.csv")])
    assert (nowhere.exit_code, nowhere.stdout) == (2, "")
    assert "There is no folder for" in nowhere.stderr
    done = CliRunner().invoke(app, ["calibrate", str(tmp_path), "--jobs", "1"])
    assert (done.exit_code, done.stdout) == (2, "")
    assert "0 annual reports are too few" in done.stderr


@pytest.mark.usefixtures("few_thresholds")
def test_the_command_prints_and_writes(tmp_path: Path) -> None:
    folder = tmp_path / "年报"
    folder.mkdir()
    for number, text in enumerate(generate(10, 2, copies=0.0).texts):
        place = "望川市" if number % 2 else "柳泽县"
        body = text.text[: len(text.text) // 2]
        rest = text.text[len(text.text) // 2 :]
        (folder / f"{number}.txt").write_text(
            f"青垣省{place}{'财教水民司审统商林农'[number]}利局2014年政府信息公开工作年度报告\n\n一、概述\n{body}\n"
            f"二、存在的主要问题\n公开内容还不够丰富。{rest}\n三、下一步打算\n每季度组织一次培训。\n",
            encoding="utf-8",
        )
    arguments = ["calibrate", str(folder), "-o", str(tmp_path / "c.csv"), "--jobs", "1", "--lang", "en"]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output
    assert "Calibration: 10 reports" in done.stdout
    assert (tmp_path / "c.csv").read_text(encoding="utf-8-sig").startswith(",".join(COLUMNS))

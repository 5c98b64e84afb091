"""Scoring: exact on a tiny report, equal to the outside scorer on real ones, and it notices planted faults."""

from __future__ import annotations

import importlib.util
import json
import math
from pathlib import Path

import pytest

import gknlp
from gknlp.errors import ResourceError
from gknlp.evaluate import (
    Gold,
    Misread,
    Predicted,
    Tally,
    breakdown,
    describe,
    evaluate,
    load_gold,
    quadratic_kappa,
    score_frames,
)

TEXT = "标题\n一、概述\n公开三十条。更新不够及时。将每月培训。"
GOLD = Gold(
    "x", frozenset({"甲局"}), 2014, "2008",
    ({"id": "overview", "heading": "一、概述", "starts": "公开三十条", "ends": "每月培训。"},),
    (
        {"text": "公开三十条。", "role": "work", "specificity": None, "formulaic": False},
        {"text": "更新不够及时。", "role": "problem", "specificity": None, "formulaic": True},
        {"text": "将每月培训。", "role": "plan", "specificity": 3, "formulaic": True},
    ),
)


def predicted(roles: tuple[str, str, str] = ("work", "problem", "plan"), grade: int = 3) -> Predicted:
    spans = [(8, 14), (14, 21), (21, 27)]
    units = [
        {"start": a, "end": b, "role": role, "specificity": grade if role == "plan" else None, "formulaic": k > 0}
        for k, ((a, b), role) in enumerate(zip(spans, roles, strict=True))
    ]
    sections = [{"section": "overview", "heading_start": 3, "start": 8, "end": 27}]
    return Predicted("x", "甲 局", 2014, "2008", TEXT, sections, units)


def test_evaluate_everything_right() -> None:
    figures = evaluate([GOLD], [predicted()]).figures()
    for name in ("agency accuracy", "heading F1", "documents with every heading right", "section char macro-F1",
                 "narrative F1", "commitment F1", "formulaic accuracy", "role F1 problem"):
        assert figures[name] == 1.0, name
    assert figures["role macro-F1"] == 1.0
    assert figures["quotes lost in reading"] == 0


def test_evaluate_notices_a_planted_mislabel_a_wrong_grade_and_a_lost_report() -> None:
    wrong = evaluate([GOLD], [predicted(("work", "work", "plan"), grade=0)])
    assert wrong.figures()["role F1 problem"] == 0.0
    assert wrong.confusion["problem", "work"] == 1
    assert wrong.figures()["commitment F1"] == 0.0
    assert wrong.grades == [(3, 0)]
    missing = evaluate([GOLD], []).figures()
    assert (missing["reports missing"], missing["heading F1"], missing["role F1 work"]) == (1, 0.0, 0.0)


def test_breakdown_by_form_and_level_and_the_worst_examples() -> None:
    item = predicted(("work", "work", "plan"))
    scores = breakdown([GOLD], [item])
    assert list(scores) == [("form", "2008"), ("level", "unknown")]
    assert scores["form", "2008"].misread == [Misread("x", "None", "problem", "work", 0.0, "更新不够及时。")]
    lines = describe([GOLD], [item]).split("\n")
    assert lines[1].split("\t")[:3] == ["form", "2008", "1"]
    assert "problem\t0\t1\t0\t0\t0\t0" in lines
    assert lines[-1] == "problem read as work (0.00), x, None: 更新不够及时。"
    assert describe([GOLD], [predicted()]).endswith("nil\t0\t0\t0\t0\t0\t0\n")


def test_tally_of_nothing_is_right_and_kappa_follows_its_definition() -> None:
    assert Tally().f1 == 1.0
    assert Tally(tp=1, fp=1, fn=0).f1 == pytest.approx(2 / 3)
    assert Tally(fp=1, fn=1).f1 == 0.0
    assert quadratic_kappa([(0, 0), (1, 1), (3, 3)], 4) == 1.0
    assert quadratic_kappa([(0, 3), (3, 0)], 4) == -1.0
    assert math.isnan(quadratic_kappa([], 4))


def test_load_gold_names_a_file_that_is_no_annotation(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"report": "a.txt"}', encoding="utf-8")
    with pytest.raises(ResourceError, match=r"a\.json is not an annotation"):
        load_gold(tmp_path)


def test_evaluate_equals_the_outside_scorer(shared: Path, tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("score", shared / "tools" / "score.py")
    assert spec is not None
    assert spec.loader is not None
    score = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(score)
    run = gknlp.analyze([shared / "reports"], tmp_path / "out", jobs=1)
    theirs = score.main(str(run.folder), str(shared / "gold"))
    ours = score_frames(load_gold(shared / "gold"), run).figures()
    for name in ("reports", "reports missing", "agency accuracy", "year accuracy", "form accuracy",
                 "documents with every heading right", "section char macro-F1", "role macro-F1", "specificity QWK",
                 "formulaic accuracy", "quotes lost in reading"):
        assert ours[name] == pytest.approx(theirs[name], abs=1e-12), name
    assert ours["heading F1"] == pytest.approx(theirs["heading P,R,F1"][2])
    assert ours["narrative F1"] == pytest.approx(theirs["narrative chars P,R,F1"][2])
    assert ours["commitment F1"] == pytest.approx(theirs["commitment P,R,F1"][2])
    for role, value in theirs["role F1"].items():
        assert ours[f"role F1 {role}"] == pytest.approx(value, abs=5e-5)
    assert json.dumps(ours)

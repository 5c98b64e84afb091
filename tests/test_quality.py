"""The accuracy gate, and that the gate can fail."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path

import accuracy
import pytest

import gknlp
from gknlp.evaluate import load_gold, score_frames
from gknlp.types import ROLES

PERFECT = dict.fromkeys(accuracy.GATED, 1.0)


def floors_of(name: str) -> dict[str, object]:
    return json.loads(accuracy.FLOORS.read_text(encoding="utf-8"))[name]


@pytest.mark.slow
def test_quality_of_the_corpus_is_at_or_above_its_floors() -> None:
    known = floors_of("corpus")
    assert accuracy.pin("corpus") == known["data"], "reports or annotations changed: python tests/accuracy.py --update"
    assert accuracy.shortfalls(accuracy.measure("corpus"), known["floors"]) == []


@pytest.mark.slow
def test_quality_on_real_reports_is_at_or_above_its_floors(shared: Path) -> None:
    assert shared == accuracy.DATA["shared"][1].parent
    assert accuracy.shortfalls(accuracy.measure("shared"), floors_of("shared")["floors"]) == []


def test_quality_on_held_out_agencies_is_at_or_above_its_floors() -> None:
    figures, floors = accuracy.fold_figures(), floors_of("folds")
    assert set(floors) == {"folds macro", *(f"folds {role}" for role in ROLES)}
    assert {name: floor for name, floor in floors.items() if figures[name] < floor} == {}


def test_gate_turns_red_on_a_lower_figure_and_on_a_missing_floor() -> None:
    assert accuracy.shortfalls(PERFECT, PERFECT) == []
    assert accuracy.shortfalls({**PERFECT, "heading F1": 0.98}, PERFECT) == ["heading F1 is 0.9800, floor 1.0000"]
    cut = {name: floor for name, floor in PERFECT.items() if name != "role macro-F1"}
    assert accuracy.shortfalls(PERFECT, cut) == ["role macro-F1 has no floor"]


def test_floors_rise_and_fall_only_on_request() -> None:
    old = dict.fromkeys(accuracy.GATED, 0.5)
    assert accuracy.raised(old, dict.fromkeys(accuracy.GATED, 0.876543))["heading F1"] == 0.8765
    with pytest.raises(SystemExit, match=r"agency accuracy would fall from 0\.5000 to 0\.4000"):
        accuracy.raised(old, dict.fromkeys(accuracy.GATED, 0.4))
    assert accuracy.raised(old, dict.fromkeys(accuracy.GATED, 0.4), allow_regression=True)["heading F1"] == 0.4


def test_every_data_set_has_a_floor_for_every_gated_figure() -> None:
    for name in accuracy.DATA:
        floors = floors_of(name)["floors"]
        assert isinstance(floors, dict)
        assert list(floors) == list(accuracy.GATED)


@pytest.fixture(scope="module")
def sample(root: Path, tmp_path_factory: pytest.TempPathFactory) -> gknlp.Run:
    return gknlp.analyze(root / "corpus" / "sample", tmp_path_factory.mktemp("gate") / "run", jobs=1)


def figures_with(run: gknlp.Run, root: Path, change: Callable[[list[str]], list[str]]) -> dict[str, float]:
    """The figures of a run whose role column was changed."""
    tables = {name: run[name].copy() for name in ("reports", "texts", "sections", "units")}
    tables["units"]["role"] = change(list(tables["units"]["role"]))
    stems = set(run.reports.path.map(lambda path: Path(path).stem))
    golds = [gold for gold in load_gold(root / "corpus" / "gold") if gold.stem in stems]
    return score_frames(golds, tables).figures()


def shuffled(roles: list[str]) -> list[str]:
    return random.Random(1).sample(roles, len(roles))


def one_mislabel(roles: list[str]) -> list[str]:
    at = roles.index("problem")
    return [*roles[:at], "nil", *roles[at + 1 :]]


def one_class_removed(roles: list[str]) -> list[str]:
    return ["work" if role == "nil" else role for role in roles]


@pytest.mark.parametrize("change", [shuffled, one_mislabel, one_class_removed], ids=lambda change: change.__name__)
def test_gate_turns_red_on_planted_faults(
    sample: gknlp.Run, root: Path, change: Callable[[list[str]], list[str]]
) -> None:
    floors = accuracy.raised({}, figures_with(sample, root, list))
    assert accuracy.shortfalls(figures_with(sample, root, list), floors) == []
    assert accuracy.shortfalls(figures_with(sample, root, change), floors) != []

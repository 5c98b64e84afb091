"""The accuracy gate, and that the gate can fail."""

from __future__ import annotations

import json
from pathlib import Path

import accuracy
import pytest

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

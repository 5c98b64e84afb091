"""Every rule of the data files of classification does what its example says, and not what its counter-example says."""

from __future__ import annotations

import re
from typing import Any

import pytest

from gknlp.classify import classify
from gknlp.classify.cues import COMPANY, PLAIN, load_cues, match_cues, view_texts
from gknlp.classify.specificity import load_grade_rules
from gknlp.normalize import fold_width
from gknlp.resources import load_toml
from gknlp.settings import ClassifySettings
from gknlp.types import ROLES, SECTION_IDS, Unit

ROLE_FILE = load_toml("models/roles.toml")
TIES = load_toml("models/formulaic.toml")
GRADES = load_toml("models/specificity.toml")
THEMES = load_toml("models/themes.toml")["theme"]


def by_id(entries: list[dict[str, Any]]) -> list[Any]:
    return [pytest.param(entry, id=entry["id"]) for entry in entries]


@pytest.mark.parametrize("rule", by_id(ROLE_FILE["rule"]))
def test_role_rule(rule: dict[str, Any]) -> None:
    book = load_cues()
    for section in rule.get("sections") or [PLAIN]:
        for key, expected in (("example", True), ("counter_example", False)):
            found = [cue.id for cue in match_cues(view_texts([rule[key]], book)[0][0], section, book)]
            assert (rule["id"] in found) is expected, (key, section, found)


def test_role_rules_name_roles_and_sections_that_exist() -> None:
    known = {*SECTION_IDS, PLAIN, COMPANY}
    for rule in ROLE_FILE["rule"]:
        assert rule["role"] in ROLES
        assert set(rule.get("sections", ())) <= known
        assert -10 <= rule["weight"] <= 10
    assert set(ROLE_FILE["prior"]) == known
    ids = [rule["id"] for rule in ROLE_FILE["rule"]]
    assert len(ids) == len(set(ids))
    assert all(rule["id"].startswith(f"{rule['role']}.") for rule in ROLE_FILE["rule"])


@pytest.mark.parametrize("mask", by_id(ROLE_FILE["mask"]))
def test_mask(mask: dict[str, Any]) -> None:
    assert re.search(mask["pattern"], fold_width(mask["example"]))
    assert not re.search(mask["pattern"], fold_width(mask["counter_example"]))


@pytest.mark.parametrize("tie", by_id(TIES["tie"]))
def test_tie(tie: dict[str, Any]) -> None:
    blank = re.compile("|".join(f"(?:{entry['pattern']})" for entry in TIES["blank"]))

    def holds(text: str) -> bool:
        plain = blank.sub("□", fold_width(text))
        return bool(re.search(tie.get("clue", ""), plain) and re.search(tie["pattern"], plain))

    assert holds(tie["example"])
    assert not holds(tie["counter_example"])


def test_document_and_blank() -> None:
    def formulaic(text: str) -> bool:
        return classify([Unit(0, 0, 0, text, "overview", 0)], settings=ClassifySettings(model="none"))[0].formulaic

    assert not formulaic(TIES["document"]["example"])
    assert formulaic(TIES["document"]["counter_example"])
    for entry in TIES["blank"]:
        assert re.search(entry["pattern"], fold_width(entry["example"]))
        assert not re.search(entry["pattern"], fold_width(entry["counter_example"]))
        assert re.search(entry["clue"], fold_width(entry["example"]))


@pytest.mark.parametrize("slot", by_id(GRADES["slot"]))
def test_slot(slot: dict[str, Any]) -> None:
    pattern = re.compile(slot["pattern"])
    raw = {key: fold_width(slot[key]) for key in ("example", "counter_example")}
    assert pattern.search(raw["example"])
    assert not pattern.search(raw["counter_example"])


@pytest.mark.parametrize("grade", by_id(GRADES["grade"]))
def test_grade(grade: dict[str, Any]) -> None:
    assert re.search(grade["pattern"], fold_width(grade["example"]))
    assert not re.search(grade["pattern"], fold_width(grade["counter_example"]))


@pytest.mark.parametrize("aim", by_id(GRADES["aim"]))
def test_aim(aim: dict[str, Any]) -> None:
    assert load_grade_rules().aims.search(fold_width(aim["example"]))
    assert not load_grade_rules().aims.search(fold_width(aim["counter_example"]))


@pytest.mark.parametrize("theme", by_id(THEMES))
def test_theme(theme: dict[str, Any]) -> None:
    assert re.search(theme["pattern"], fold_width(theme["example"]))
    assert not re.search(theme["pattern"], fold_width(theme["counter_example"]))


def test_there_are_enough_themes_with_names() -> None:
    assert len(THEMES) >= 12
    assert len({theme["id"] for theme in THEMES}) == len({theme["zh"] for theme in THEMES}) == len(THEMES)

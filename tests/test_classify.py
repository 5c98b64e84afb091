"""Roles, grades, set phrases, themes: the hard cases of the annotation guide, invariants, own rules, the model file."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import skops.io
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.svm import LinearSVC

from gknlp.classify import classify
from gknlp.classify.cues import load_cues
from gknlp.classify.estimators import read_estimators
from gknlp.classify.features import fact_names
from gknlp.classify.model import from_estimators, load_model, read_model, write_model
from gknlp.errors import SettingsError
from gknlp.resources import checksum, path
from gknlp.segment import segment
from gknlp.settings import ClassifySettings
from gknlp.types import ROLES, Label, Unit

RULES_ONLY = ClassifySettings(model="none")


def units(section: str, *texts: str) -> list[Unit]:
    return [Unit(order, 0, len(text), text, section, 0) for order, text in enumerate(texts)]


def roles(section: str, *texts: str) -> list[str]:
    return [label.role for label in classify(units(section, *texts))]


@pytest.mark.parametrize(("section", "texts", "expected"), [
    (
        "problems", ["我局工作虽然取得了一定成绩，", "但公开还不够及时，", "下一步我们将加强培训。"],
        ["work", "problem", "plan"],
    ),
    ("problems", ["主要表现在：", "一是公开内容不够丰富；", "二是更新不够及时。"], ["problem"] * 3),
    ("problems", ["下一步，将重点做好以下工作：", "一是加强学习；", "二是开展专题培训。"], ["plan"] * 3),
    ("problems", ["针对上年度存在的问题，我局及时进行了针对性的改进。"], ["work"]),
    ("plans", ["加强学习培训。", "编制主动公开事项目录。"], ["plan", "plan"]),
    ("other", ["无其他需要报告的事项。"], ["nil"]),
    ("other", ["全年收取信息处理费3940元。"], ["work"]),
    ("fees", ["本年度没有收取信息处理费。"], ["nil"]),
    ("requests", ["2023年我局未收到政府信息公开申请。"], ["nil"]),
    ("preamble", ["本报告根据《中华人民共和国政府信息公开条例》编制。"], ["background"]),
    ("preamble", ["如有疑问，请与办公室联系，联系电话：0000-1234567。"], ["background"]),
    ("overview", ["以科学发展观为指导，", "全年公开信息300条。"], ["background", "work"]),
    ("problems", ["与上级要求和群众期望相比还有一定差距。"], ["problem"]),
    ("problems", ["政策解读形式仍需进一步丰富。"], ["problem"]),
])
def test_roles_of_the_hard_cases(section: str, texts: list[str], expected: list[str]) -> None:
    assert roles(section, *texts) == expected
    assert [label.role for label in classify(units(section, *texts), settings=RULES_ONLY)] == expected


@pytest.mark.parametrize(("text", "grade"), [
    ("推动政务公开工作再上新台阶。", 0),
    ("下一步，将重点做好以下工作：", 0),
    ("进一步加强学习，提高认识。", 1),
    ("丰富公开形式。", 1),
    ("完善工作机制。", 1),
    ("建立定期例会制度。", 2),
    ("开展专题培训。", 2),
    ("编制主动公开事项目录。", 2),
    ("每季度开展一次培训。", 3),
    ("6月底前修订公开目录。", 3),
    ("举办培训不少于2次。", 3),
    ("定期开展自查。", 2),
    ("2024年，我局将开展专题培训。", 2),
])
def test_grades_of_plans(text: str, grade: int) -> None:
    (label,) = classify(units("plans", text))
    assert (label.role, label.specificity) == ("plan", grade)


def test_slots_quote_the_unit() -> None:
    text = "由局办公室牵头，６月底前举办不少于2次培训，修订《公开办法》。"
    (label,) = classify(units("plans", text))
    found = {slot.slot: slot.value for slot in label.slots}
    assert found["time"] == "６月底前"
    assert found["document"] == "《公开办法》"
    assert found["responsible"] == "局办公室"
    assert "2次" in found["quantity"]
    assert all(text[slot.start : slot.end] == slot.value for slot in label.slots)


@pytest.mark.parametrize(("text", "formulaic"), [
    ("进一步加强组织领导，提高思想认识。", True),
    ("全年通过网站公开信息312条。", False),
    ("坚持“以公开为常态、不公开为例外”原则。", True),
    ("制定《临河市政务公开事项管理规程》。", False),
])
def test_swap_test(text: str, formulaic: bool) -> None:
    assert classify(units("overview", text))[0].formulaic is formulaic


def test_themes_stand_for_problems_and_plans_only() -> None:
    problem, work = classify([*units("problems", "业务培训不够，更新不及时。"), *units("overview", "全年培训3次。")])
    assert {theme.theme for theme in problem.themes} >= {"training", "timeliness"}
    assert work.themes == ()


def test_plain_strings_are_judged_by_their_own_words() -> None:
    texts = ["下一步，将开展专题培训。", "全年共公开信息300条。", "公开还不够及时。", "无其他需要报告的事项。"]
    assert [label.role for label in classify(texts)] == ["plan", "work", "problem", "nil"]


@pytest.mark.parametrize(("text", "promise"), [
    ("本公司承諾於2050年達成淨零排放。", True),
    ("我們致力打造多元包容的職場環境。", True),
    ("公司持續推動節能減碳，預計2030年再生能源占比達40%。", True),
    ("本公司成立於1987年，總部位於新竹科學園區。", False),
    ("2022年董事會共召開8次會議，平均出席率97%。", False),
])
def test_promises_of_companies_in_traditional_characters(text: str, promise: bool) -> None:
    assert (classify([text])[0].role == "plan") is promise


@pytest.mark.parametrize("number", ["1", "2"])
def test_promises_in_paragraphs_of_companies(number: str) -> None:
    rows = (Path(__file__).parent / "benchmarks" / "promises.txt").read_text(encoding="utf-8").splitlines()
    wrong = []
    for found, kind, text in (row.split(" ", 2) for row in rows):
        label = classify([text])[0]
        if found == number and (label.role == "plan" and (label.specificity or 0) >= 1) is not (kind == "Y"):
            wrong.append(text)
    assert len(wrong) <= 3, wrong


def test_no_units_give_no_labels() -> None:
    assert classify([]) == []


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(
        st.sampled_from(["preamble", "overview", "problems", "plans", "other", "annex"]),
        st.text(alphabet="我局将公开培训不够及时一是：，。无申请３0件《》“”\ud800 \n", max_size=20),
    ), max_size=6),
    st.booleans(),
)
def test_labels_keep_their_promises(pairs: list[tuple[str, str]], plain: bool) -> None:
    given_units = [
        text if plain else Unit(order, 0, len(text), text, section, order // 2)
        for order, (section, text) in enumerate(pairs)
    ]
    labels = classify(given_units)
    assert len(labels) == len(pairs)
    for label, (_, text) in zip(labels, pairs, strict=True):
        assert label.role in ROLES
        assert 0 < label.role_score <= 1
        assert label.abstained == (label.role_score < ClassifySettings().abstain_below)
        assert (label.specificity in (0, 1, 2, 3)) if label.role == "plan" else (label.specificity is None)
        assert label.role == "plan" or label.slots == ()
        assert label.role in ("plan", "problem") or label.themes == ()
        assert all(text[slot.start : slot.end] == slot.value for slot in label.slots)
        assert label.by
    assert classify(given_units) == labels


def test_reports_given_together_or_apart_are_labelled_alike() -> None:
    text = "一、概述\n全年公开信息30条。\n二、存在的问题\n更新不够及时。\n三、下一步打算\n每季度培训一次。\n"
    one = segment(text)
    assert classify([*one.units, *one.units]) == classify(one.units) * 2


def test_own_rules_add_to_the_shipped_ones(tmp_path: Path) -> None:
    own = tmp_path / "cues.toml"
    own.write_text(
        '[[rule]]\nid = "own.dream"\nrole = "plan"\npattern = "畅想"\nweight = 9.0\n'
        'example = "畅想公开"\ncounter_example = "公开"\n', encoding="utf-8",
    )
    text = units("overview", "全年畅想公开信息300条。")
    assert classify(text)[0].role == "work"
    for chosen in (ClassifySettings(rules=str(own)), ClassifySettings(rules=str(own), model="none")):
        (label,) = classify(text, settings=chosen)
        assert label.role == "plan"
        assert "own.dream" in label.by


@pytest.mark.parametrize(("content", "message"), [
    ("[[rule]]\nid = 1", "missing"), ("[[rules]]\nid = 1", "unknown tables"), ("x", "cannot be read"),
    ('[[rule]]\nid="a"\nrole="plan"\npattern="("\nweight=1\nexample="a"\ncounter_example="b"', "no regular expression"),
    ('[[rule]]\nid="a"\nrole="plan"\npattern="a*"\nweight=1\nexample="a"\ncounter_example="b"', "empty text"),
    ('[[rule]]\nid="a"\nrole="plans"\npattern="a"\nweight=1\nexample="a"\ncounter_example="b"', "role 'plans'"),
])
def test_faulty_own_rules_are_refused(tmp_path: Path, content: str, message: str) -> None:
    own = tmp_path / "cues.toml"
    own.write_text(content, encoding="utf-8")
    with pytest.raises(SettingsError, match=message):
        classify(["公开"], settings=ClassifySettings(rules=str(own)))


def test_shipped_model_knows_the_facts_of_today() -> None:
    model = load_model()
    assert model is not None
    assert tuple(model.facts) == fact_names(load_cues())
    assert path("models/roles.npz").stat().st_size < 2_000_000


def test_shipped_model_was_trained_on_the_rules_of_today() -> None:
    model = load_model()
    assert model is not None
    assert model.about["rules"] == checksum("models/roles.toml"), "run gknlp train: models/roles.toml changed"


def test_a_person_is_asked_below_the_threshold_of_the_model() -> None:
    model = load_model()
    assert model is not None
    assert ClassifySettings().abstain_below == model.about["threshold"]


def test_model_round_trip_gives_the_same_bytes_and_labels(tmp_path: Path) -> None:
    model = load_model()
    assert model is not None
    one, two = tmp_path / "one.npz", tmp_path / "two.npz"
    write_model(one, model)
    write_model(two, read_model(one))
    assert one.read_bytes() == two.read_bytes()
    text = units("problems", "公开不够及时。", "下一步加强培训。")
    assert classify(text, settings=ClassifySettings(model=str(one))) == classify(text)


def test_files_that_are_no_model_are_refused(tmp_path: Path) -> None:
    bad = tmp_path / "bad.npz"
    for content in ({"facts": np.array(["a"])}, {"object": np.array([{}], dtype=object)}):
        np.savez(bad, **content)
        load_model.cache_clear()
        with pytest.raises(SettingsError, match=r"bad\.npz"):
            classify(units("other", "公开。"), settings=ClassifySettings(model=str(bad)))
    with pytest.raises(SettingsError, match="gone"):
        classify(units("other", "公开。"), settings=ClassifySettings(model=str(tmp_path / "gone.npz")))


def test_a_model_with_weights_of_another_shape_is_refused(tmp_path: Path) -> None:
    model = load_model()
    assert model is not None
    cut = replace(model, bias=model.bias[:4])
    write_model(tmp_path / "cut.npz", cut)
    with pytest.raises(ValueError, match="bias"):
        read_model(tmp_path / "cut.npz")


def test_shipped_estimators_make_the_shipped_model() -> None:
    model, made = load_model(), from_estimators(read_estimators(path("models/roles.skops")))
    assert model is not None
    assert dict(made.facts) == dict(model.facts)
    assert made.about == model.about
    for name in ("fact_weights", "figure_weights", "gram_weights", "bias", "grade_figure_weights", "grade_bias"):
        assert np.array_equal(getattr(made, name), getattr(model, name)), name
    assert path("models/roles.skops").stat().st_size < 2_000_000


@pytest.mark.parametrize(("content", "message"), [
    ({"roles": partial(print, "x")}, "functools.partial"),
    ({"roles": LinearSVC()}, "sklearn.svm._classes.LinearSVC"),
    ({"roles": "none"}, "does not hold roles, grades"),
])
def test_estimators_beside_the_allowed_ones_are_refused(tmp_path: Path, content: object, message: str) -> None:
    file = tmp_path / "own.skops"
    skops.io.dump(content, file)
    with pytest.raises(SettingsError, match=message):
        classify(units("other", "公开。"), settings=ClassifySettings(model=str(file)))


def test_a_file_that_is_no_skops_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "own.skops").write_bytes(b"no zip")
    with pytest.raises(SettingsError, match="it is no skops file"):
        classify(units("other", "公开。"), settings=ClassifySettings(model=str(tmp_path / "own.skops")))


def units_in_context() -> list[tuple[str, list[Unit], list[list[str]]]]:
    """Each invented report of units_in_context.tsv: its name, its units, and role, grade and set phrase of each."""
    found: list[tuple[str, list[Unit], list[list[str]]]] = []
    for line in (Path(__file__).parent / "units_in_context.tsv").read_text(encoding="utf-8").splitlines():
        if line.startswith("# report"):
            found.append((line, [], []))
        elif "\t" in line:
            section, label, text = line.split("\t")
            _, made, labels = found[-1]
            part = made[-1].section_order + (section != made[-1].section) if made else 0
            made.append(Unit(len(made), len(made) * 1000, len(made) * 1000 + len(text), text, section, part))
            labels.append(label.split())
    return found


@pytest.mark.parametrize("rules_saw_it", [True, False])
def test_units_as_agencies_write_them(rules_saw_it: bool) -> None:
    wrong_roles, wrong_grades, wrong_phrases, total = [], [], [], 0
    for name, made, labels in units_in_context():
        if name[-1].isdigit() is not rules_saw_it:
            continue
        for unit, (role, grade, phrase), label in zip(made, labels, classify(made), strict=True):
            total += 1
            if label.role != role:
                wrong_roles.append((role, label.role, unit.text))
            elif role == "plan" and (int(grade) > 0) is not ((label.specificity or 0) > 0):
                wrong_grades.append((grade, label.specificity, unit.text))
            if label.formulaic is not (phrase == "T"):
                wrong_phrases.append(unit.text)
    assert total == (120 if rules_saw_it else 64)
    assert len(wrong_roles) <= 0.05 * total, wrong_roles
    assert len(wrong_grades) <= 0.02 * total, wrong_grades
    assert len(wrong_phrases) <= 0.05 * total, wrong_phrases


def test_roles_on_real_reports(shared: Path) -> None:
    right = total = 0
    for file in sorted((shared / "gold").glob("*.json")):
        if file.name.endswith(".tables.json"):
            continue
        gold = json.loads(file.read_text(encoding="utf-8"))["units"]
        order, found = -1, []
        for at, unit in enumerate(gold):
            order += at == 0 or unit["section"] != gold[at - 1]["section"]
            found.append(Unit(at, 0, 0, unit["text"], unit["section"], order))
        labels: list[Label] = classify(found)
        right += sum(label.role == unit["role"] for label, unit in zip(labels, gold, strict=True))
        total += len(gold)
    assert total > 200
    assert right / total >= 0.97

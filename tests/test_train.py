"""Training: folds that share nothing, figures by their definitions, the same file from the same corpus."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from gknlp.classify import classify
from gknlp.classify.grades import settle_grade
from gknlp.classify.model import read_model
from gknlp.errors import ResourceError
from gknlp.evaluate import Gold
from gknlp.settings import ClassifySettings
from gknlp.train import train
from gknlp.train.examples import group_names, load_examples, make_folds
from gknlp.train.figures import (
    abstain_threshold,
    calibration_error,
    decode,
    intervals,
    reliability,
    score_roles,
    soften,
    transitions,
)
from gknlp.types import ROLES, Unit

BODY = """一、概述
按照上级文件精神，我局认真贯彻条例。全年公开{n}条信息，其中网站{n}条。举办培训{n}次。
二、收费及减免情况
本年度没有收取任何费用。没有收到{name}的申请。
三、存在的问题
公开内容不够{word}。更新还不及时，与{name}的要求仍有差距。
四、下一步打算
进一步加强{word}工作。每季度开展{n}次{word}培训。推动公开工作再上新台阶。
"""
LABELS = (
    ("background", "按照上级文件精神，我局认真贯彻条例。"), ("work", "全年公开{n}条信息，其中网站{n}条。"),
    ("work", "举办培训{n}次。"), ("nil", "本年度没有收取任何费用。"), ("nil", "没有收到{name}的申请。"),
    ("problem", "公开内容不够{word}。"), ("problem", "更新还不及时，与{name}的要求仍有差距。"),
    ("plan", "进一步加强{word}工作。"), ("plan", "每季度开展{n}次{word}培训。"), ("plan", "推动公开工作再上新台阶。"),
)
GRADES = (1, 3, 0)


def write_corpus(folder: Path, agencies: int = 8) -> Path:
    """A corpus of tiny reports in the form of corpus/, each agency with its own words."""
    for name in ("reports", "gold"):
        (folder / name).mkdir(parents=True)
    for k in range(agencies):
        words = {"n": k + 2, "name": f"甲{'乙丙丁戊己庚辛壬癸'[k]}县", "word": ("丰富", "规范", "解读", "宣传")[k % 4]}
        stem = f"{words['name']}水务局_2015"
        text = f"{words['name']}水务局2015年政府信息公开工作年度报告\n" + BODY.format(**words)
        (folder / "reports" / f"{stem}.txt").write_text(text, encoding="utf-8")
        grades = iter(GRADES)
        units = [
            {"text": quote.format(**words), "section": "other", "role": role, "formulaic": True,
             "specificity": next(grades) if role == "plan" else None}
            for role, quote in LABELS
        ]
        gold = {"report": f"{stem}.txt", "agency": f"{words['name']}水务局", "year": 2015, "form": "2008",
                "sections": [], "units": units}
        (folder / "gold" / f"{stem}.json").write_text(json.dumps(gold, ensure_ascii=False), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_corpus(tmp_path_factory.mktemp("corpus"))


def gold(stem: str, *names: str) -> Gold:
    return Gold(stem, frozenset(names), 2015, "2008", (), ())


def test_groups_join_agencies_and_families() -> None:
    golds = [gold("a1", "甲"), gold("a2", "甲", "甲局"), gold("b", "乙"), gold("c", "丙"), gold("d", "丁")]
    groups = group_names(golds, [["b", "c"]])
    assert groups["a1"] == groups["a2"]
    assert groups["b"] == groups["c"]
    assert len(set(groups.values())) == 3


def test_units_take_the_label_they_overlap_most(corpus: Path) -> None:
    examples = load_examples(corpus)
    assert len(examples) == 8
    for example in examples:
        roles = [label["role"] for label in example.labels if label]
        assert roles == [role for role, _ in LABELS]


def test_no_two_folds_share_a_group(corpus: Path) -> None:
    examples = load_examples(corpus)
    folds = make_folds(examples, 3)
    assert set(folds) == {0, 1, 2}
    owner: dict[str, int] = {}
    for example, fold in zip(examples, folds, strict=True):
        assert owner.setdefault(example.group, fold) == fold


@pytest.mark.slow
def test_training_gives_the_same_file_twice_and_a_model_that_reads_roles(corpus: Path, tmp_path: Path) -> None:
    one, two = train(corpus, tmp_path / "one"), train(corpus, tmp_path / "two")
    assert one == two
    files = [(tmp_path / name / "roles.npz").read_bytes() for name in ("one", "two")]
    assert files[0] == files[1]
    estimators = [tmp_path / name / "roles.skops" for name in ("one", "two")]
    assert estimators[0].read_bytes() == estimators[1].read_bytes()
    assert one.counts["units"] == 8 * len(LABELS)
    assert one.counts["plan"] == 24
    assert one.variants[one.chosen].macro > 0.9
    assert one.rows()[0]["variant"] == "cue rules alone"
    card = (tmp_path / "one" / "roles_model.md").read_text(encoding="utf-8")
    assert one.data in card
    assert f"{one.variants[one.chosen].macro:.4f}" in card
    own = ClassifySettings(model=str(tmp_path / "one" / "roles.npz"))
    texts = (("problems", "更新还不及时，与要求仍有差距。"), ("plans", "进一步加强解读工作。"))
    units = [Unit(order, 0, len(text), text, section, order) for order, (section, text) in enumerate(texts)]
    assert [label.role for label in classify(units, settings=own)] == ["problem", "plan"]
    assert classify(units, settings=ClassifySettings(model=str(estimators[0]))) == classify(units, settings=own)


@pytest.mark.slow
def test_shuffled_labels_or_a_role_left_out_are_noticed(corpus: Path, tmp_path: Path) -> None:
    honest = train(corpus, tmp_path / "honest")
    shuffled = write_corpus(tmp_path / "shuffled")
    for number, file in enumerate(sorted((shuffled / "gold").glob("*.json"))):
        data = json.loads(file.read_text(encoding="utf-8"))
        roles = [(unit["role"], unit["specificity"]) for unit in data["units"]]
        order = np.random.default_rng(number).permutation(len(roles))
        for unit, k in zip(data["units"], order, strict=True):
            unit["role"], unit["specificity"] = roles[k]
        file.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    assert train(shuffled, tmp_path / "bad").variants[honest.chosen].macro < honest.variants[honest.chosen].macro - 0.3
    model = read_model(tmp_path / "honest" / "roles.npz")
    assert set(model.columns[ROLES.index("problem")]) == set(model.facts)


def test_a_corpus_too_small_or_without_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ResourceError, match="No annotation"):
        train(tmp_path, tmp_path / "out")
    small = write_corpus(tmp_path / "small", agencies=2)
    with pytest.raises(ResourceError, match="2 groups of agencies"):
        train(small, tmp_path / "out")
    next((small / "reports").iterdir()).unlink()
    with pytest.raises(ResourceError, match="Annotated, but no file"):
        train(small, tmp_path / "out")


def test_scores_follow_their_definitions() -> None:
    right, found = np.array([0, 1, 1, 2, 3, 4]), np.array([0, 1, 2, 2, 3, 4])
    score = score_roles(right, found)
    assert score.roles == pytest.approx((1.0, 2 / 3, 2 / 3, 1.0, 1.0))
    assert score.macro == pytest.approx(13 / 15)
    limits = intervals(right, right, ["a", "a", "b", "b", "c", "c"])
    assert limits[0][1] == 1.0
    assert limits == intervals(right, right, ["a", "a", "b", "b", "c", "c"])


def test_reliability_and_threshold() -> None:
    scores, right = np.array([0.95, 0.95, 0.55, 0.55, 0.45]), np.array([True, True, True, False, False])
    bins = reliability(scores, right)
    assert [(item.n, item.right) for item in bins] == [(1, 0.0), (2, 0.5), (2, 1.0)]
    assert calibration_error(bins) == pytest.approx((0.45 + 2 * 0.05 + 2 * 0.05) / 5)
    assert abstain_threshold(scores, right) == (0.9, 0.4, 1.0)


def test_temperature_softens_what_is_too_sure() -> None:
    points = np.array([[9.0, 0, 0, 0, 0], [9.0, 0, 0, 0, 0]])
    assert soften(points, np.array([0, 1])) == 3.0
    assert soften(points, np.array([0, 0])) == 0.5


def test_decoder_follows_points_and_transitions() -> None:
    roles = np.array([2, 2, 3, 3, 2, 2, 3, 3])
    gains = transitions(roles, [(0, 4), (4, 8)])
    assert gains[2, 2] > gains[3, 2]
    points = np.zeros((3, len(ROLES)))
    points[0, 2] = points[2, 3] = 4.0
    points[1, 3] = 0.1
    assert decode(points, gains, [(0, 3)], 0.0).tolist() == [2, 3, 3]
    assert decode(points, gains, [(0, 1), (1, 3)], 0.0).tolist() == [2, 3, 3]


@pytest.mark.parametrize(("best", "rules", "length", "grade"), [
    (0, 3, 30, 0), (1, 3, 30, 1), (2, 3, 30, 3), (2, 1, 30, 2), (3, 2, 30, 2), (3, 3, 30, 3), (0, 3, 200, 3),
    (0, 2, 200, 0),
])
def test_an_act_is_checkable_where_the_rules_found_what_makes_it_so(
    best: int, rules: int, length: int, grade: int
) -> None:
    assert settle_grade(best, rules, length) == grade

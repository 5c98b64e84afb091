"""The linear role model: plain arrays of models/roles.npz, made by gknlp.train from corpus/ (models/roles_model.md).

No scikit-learn is needed to predict and no pickle is ever loaded: the file may hold the arrays of `_ARRAYS` only. The
fitted estimators that they were made of lie beside (`estimators.py`, roles.skops).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gknlp.classify.estimators import Estimators, read_estimators, weights_of
from gknlp.classify.features import FIGURES, Seen, unit_facts, unit_figures
from gknlp.classify.grades import GRADE_FIGURES, GRADES
from gknlp.classify.grams import GRAM_BITS, gram_scores
from gknlp.classify.roles import Decision
from gknlp.errors import ResourceError, SettingsError
from gknlp.resources import path
from gknlp.types import ROLES, Subheading

if TYPE_CHECKING:
    from gknlp.classify.grams import Matrix

SHIPPED = "models/roles.npz"
# Settings name the shipped model by an empty string and no model at all by this word.
NO_MODEL = "none"
_WEIGHTS = (
    "fact_weights", "figure_weights", "gram_weights", "bias",
    "grade_figure_weights", "grade_gram_weights", "grade_bias",
)
_ARRAYS = ("facts", "about", *_WEIGHTS)
_BY = 3
# Units are scored in blocks, so that a text of millions of characters needs no gigabytes.
_BLOCK = 4096


@dataclass(frozen=True, slots=True, eq=False)
class RoleModel:
    """Weights by feature (rows) and role (columns, in the order of `ROLES`); `about` holds checksum and figures.

    The arrays of `grade_…` do the same for the grades of plans. `columns` are the weights of facts by role and name.
    """

    facts: Mapping[str, int]
    fact_weights: Matrix
    figure_weights: Matrix
    gram_weights: Matrix
    bias: Matrix
    grade_figure_weights: Matrix
    grade_gram_weights: Matrix
    grade_bias: Matrix
    about: Mapping[str, Any]
    columns: tuple[Mapping[str, float], ...] = ()


@lru_cache(maxsize=4)
def load_model(name: str = "") -> RoleModel | None:
    """The shipped model (""), a user's file made by `gknlp train`, or None for "none"; read once per process.

    SettingsError where the user's file is missing or no model, ResourceError where the shipped one is.
    """
    if name == NO_MODEL:
        return None
    file = Path(name) if name else path(SHIPPED)
    try:
        return read_model(file)
    except (OSError, ValueError, KeyError, EOFError, AttributeError) as error:
        message = f"Role model {file} cannot be used: {error}."
        if name:
            hint = 'Make one with `gknlp train`, or set classify.model to "none".'
            raise SettingsError(message, hint=hint) from error
        raise ResourceError(message, hint="Run `gknlp train` on corpus/, or restore the file from git.") from error


def read_model(file: Path) -> RoleModel:
    """Read a model from an allow-list of plain arrays; ValueError where anything else, or another shape, is in it.

    A file that ends in .skops holds the estimators (scikit-learn and skops are loaded then); it gives the same model.
    """
    import numpy as np

    if file.suffix == ".skops":
        return from_estimators(read_estimators(file))
    with file.open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
        if sorted(arrays.files) != sorted(_ARRAYS):
            raise ValueError(f"it holds {sorted(arrays.files)}")
        content = {key: arrays[key] for key in _ARRAYS}
    return _checked([str(fact) for fact in content["facts"]], content, json.loads(str(content["about"])))


def from_estimators(estimators: Estimators) -> RoleModel:
    """The model that fitted estimators make; ValueError where they are not what `gknlp train` fits."""
    return _checked(estimators.facts, weights_of(estimators), estimators.about)


def _checked(facts: list[str], content: Mapping[str, Any], about: Mapping[str, Any]) -> RoleModel:
    import numpy as np

    shapes = {
        "fact_weights": (len(facts), len(ROLES)), "figure_weights": (len(FIGURES), len(ROLES)),
        "gram_weights": (2**GRAM_BITS, len(ROLES)), "bias": (len(ROLES),),
        "grade_figure_weights": (len(GRADE_FIGURES), len(GRADES)),
        "grade_gram_weights": (2**GRAM_BITS, len(GRADES)), "grade_bias": (len(GRADES),),
    }
    for key, shape in shapes.items():
        if content[key].shape != shape or content[key].dtype.kind != "f" or not np.isfinite(content[key]).all():
            raise ValueError(f"{key} is {content[key].dtype} {content[key].shape} where {shape} is needed")
    weights = {key: content[key].astype(np.float64) for key in shapes}
    columns = tuple(dict(zip(facts, column, strict=True)) for column in weights["fact_weights"].T.tolist())
    return RoleModel(facts={fact: row for row, fact in enumerate(facts)}, about=about, columns=columns, **weights)


def write_model(file: Path, model: RoleModel) -> None:
    """Write a model so that `read_model` gives it back (weights to half a float's digits); same model, same bytes."""
    import numpy as np

    small: dict[str, Any] = {key: np.asarray(getattr(model, key), dtype=np.float32) for key in _WEIGHTS}
    about = json.dumps(model.about, ensure_ascii=False, sort_keys=True)
    with file.open("wb") as stream:
        np.savez_compressed(stream, facts=np.array(list(model.facts)), about=np.array(about), **small)


def model_decisions(model: RoleModel, seen: Sequence[Seen], subheadings: Sequence[Subheading]) -> list[Decision]:
    """One decision per unit, in order. `score` is the calibrated probability of the role.

    `by` names the three facts that spoke for the role most, `words` standing for all grams together. Own rules add
    their weight to the model's points. Equal points go to the earlier role of `ROLES`.
    """
    decisions: list[Decision] = []
    facts = unit_facts(seen, subheadings)
    figures = unit_figures(seen)
    for start in range(0, len(seen), _BLOCK):
        block = slice(start, start + _BLOCK)
        decisions += _decide_block(model, seen[block], facts[block], figures[block])
    return decisions


def _decide_block(
    model: RoleModel, seen: Sequence[Seen], facts: Sequence[Sequence[str]], figures: Matrix
) -> list[Decision]:
    import numpy as np

    # Each unit ends with the empty last row, so that none is without a row.
    empty, row_of = len(model.facts), model.facts.get
    flat = [row for found in facts for row in (*(row_of(fact, empty) for fact in found), empty)]
    starts = np.cumsum([0, *(len(found) + 1 for found in facts[:-1])])
    grams = gram_scores([item.view.core for item in seen], model.gram_weights)
    points = grams + model.bias + (figures[:, :, None] * model.figure_weights[None]).sum(axis=1)
    table = np.vstack((model.fact_weights, np.zeros((1, len(ROLES)))))
    points += np.add.reduceat(table[flat], starts, axis=0)
    for at, item in enumerate(seen):
        for cue in item.own_cues:
            points[at, ROLES.index(cue.role)] += cue.weight
    best = points.argmax(axis=1)
    scores = 1 / np.exp(points - points.max(axis=1, keepdims=True)).sum(axis=1)
    words = grams[np.arange(len(seen)), best].tolist()
    return [
        Decision(ROLES[k], round(score, 4), _by(model, found, k, word, item), dict(zip(ROLES, total, strict=True)))
        for k, score, found, word, item, total in zip(
            best.tolist(), scores.tolist(), facts, words, seen, points.tolist(), strict=True
        )
    ]


def _by(model: RoleModel, facts: Sequence[str], role: int, words: float, seen: Seen) -> str:
    """What spoke for the role most, best first; equal weights in the order of the names."""
    weight_of = model.columns[role].get
    spoke = [(-weight, fact) for fact in facts if (weight := weight_of(fact, 0.0)) > 0]
    spoke += [(-cue.weight, cue.id) for cue in seen.own_cues if cue.role == ROLES[role]]
    if words > 0:
        spoke.append((-words, "words"))
    spoke.sort()
    return f"model:{'+'.join([fact for _, fact in spoke[:_BY]]) or 'bias'}"

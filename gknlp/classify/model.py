"""The linear role model: plain arrays of models/roles.npz, made by gknlp.train from corpus/ (models/roles_model.md).

No scikit-learn is needed to predict and no pickle is ever loaded: the file may hold the arrays of `_ARRAYS` only.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gknlp.classify.features import FIGURES, GRAM_BITS, Seen, gram_scores, unit_facts, unit_figures
from gknlp.classify.roles import Decision
from gknlp.errors import ResourceError, SettingsError
from gknlp.resources import path
from gknlp.types import ROLES, Subheading

if TYPE_CHECKING:
    from gknlp.classify.features import Matrix

SHIPPED = "models/roles.npz"
# Settings name the shipped model by an empty string and no model at all by this word.
NO_MODEL = "none"
_ARRAYS = ("facts", "fact_weights", "figure_weights", "gram_weights", "bias", "about")
_BY = 3
# Units are scored in blocks, so that a text of millions of characters needs no gigabytes.
_BLOCK = 4096


@dataclass(frozen=True, slots=True, eq=False)
class RoleModel:
    """Weights by feature (rows) and role (columns, in the order of `ROLES`); `about` holds checksum and figures."""

    facts: Mapping[str, int]
    fact_weights: Matrix
    figure_weights: Matrix
    gram_weights: Matrix
    bias: Matrix
    about: Mapping[str, Any]


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
    except (OSError, ValueError, KeyError, EOFError) as error:
        message = f"Role model {file} cannot be used: {error}."
        if name:
            hint = 'Make one with `gknlp train`, or set classify.model to "none".'
            raise SettingsError(message, hint=hint) from error
        raise ResourceError(message, hint="Run `gknlp train` on corpus/, or restore the file from git.") from error


def read_model(file: Path) -> RoleModel:
    """Read a model from an allow-list of plain arrays; ValueError where anything else, or another shape, is in it."""
    import numpy as np

    with file.open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
        if sorted(arrays.files) != sorted(_ARRAYS):
            raise ValueError(f"it holds {sorted(arrays.files)}")
        content = {key: arrays[key] for key in _ARRAYS}
    facts = [str(fact) for fact in content["facts"]]
    shapes = {
        "fact_weights": (len(facts), len(ROLES)), "figure_weights": (len(FIGURES), len(ROLES)),
        "gram_weights": (2**GRAM_BITS, len(ROLES)), "bias": (len(ROLES),),
    }
    for key, shape in shapes.items():
        if content[key].shape != shape or content[key].dtype.kind != "f" or not np.isfinite(content[key]).all():
            raise ValueError(f"{key} is {content[key].dtype} {content[key].shape} where {shape} is needed")
    weights = {key: content[key].astype(np.float64) for key in shapes}
    about = json.loads(str(content["about"]))
    return RoleModel(facts={fact: row for row, fact in enumerate(facts)}, about=about, **weights)


def write_model(file: Path, model: RoleModel) -> None:
    """Write a model so that `read_model` gives it back (weights to half a float's digits); same model, same bytes."""
    import numpy as np

    small: dict[str, Any] = {
        key: np.asarray(getattr(model, key), dtype=np.float32)
        for key in ("fact_weights", "figure_weights", "gram_weights", "bias")
    }
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
        stop = min(start + _BLOCK, len(seen))
        block = range(start, stop)
        grams = gram_scores([seen[at].view.core for at in block], model.gram_weights)
        base = grams + model.bias + (figures[start:stop, :, None] * model.figure_weights[None]).sum(axis=1)
        for row, at in enumerate(block):
            rows = [(fact, model.facts[fact]) for fact in facts[at] if fact in model.facts]
            decisions.append(_decide(model, rows, base[row], grams[row], seen[at]))
    return decisions


def _decide(
    model: RoleModel, rows: Sequence[tuple[str, int]], base: Matrix, grams: Matrix, seen: Seen
) -> Decision:
    import numpy as np

    chosen = model.fact_weights[[row for _, row in rows]]
    points = base + chosen.sum(axis=0)
    for rule in seen.cues:
        if rule.own:
            points[ROLES.index(rule.role)] += rule.weight
    best = int(points.argmax())
    score = 1 / float(np.exp(points - points[best]).sum())
    spoke = [(float(weight), fact) for (fact, _), weight in zip(rows, chosen[:, best], strict=True)]
    spoke += [(rule.weight, rule.id) for rule in seen.cues if rule.own and rule.role == ROLES[best]]
    spoke.append((float(grams[best]), "words"))
    ranked = sorted(((weight, fact) for weight, fact in spoke if weight > 0), key=lambda item: (-item[0], item[1]))
    by = "+".join(fact for _, fact in ranked[:_BY])
    total = dict(zip(ROLES, points.tolist(), strict=True))
    return Decision(ROLES[best], round(score, 4), f"model:{by or 'bias'}", total)

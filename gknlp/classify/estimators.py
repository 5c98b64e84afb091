"""The fitted scikit-learn estimators behind a role model, saved with skops, for who wants to go on with them.

A run predicts from plain arrays (`model.py`), which are made of these. No pickle is ever loaded: a .skops file is a zip
of a schema and arrays, and it is opened only where the schema names nothing beside `ALLOWED`.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gknlp.classify.features import FIGURES
from gknlp.classify.grades import GRADE_FIGURES, GRADES
from gknlp.classify.grams import GRAM_BITS
from gknlp.types import ROLES

if TYPE_CHECKING:
    from gknlp.classify.grams import Matrix

SCHEMA = "schema.json"
# The only classes that a file may hold.
ALLOWED = frozenset((
    "builtins.dict", "builtins.list", "builtins.str", "numpy.ndarray",
    "sklearn.linear_model._logistic.LogisticRegression",
))
# Points of a grade that no plan of the corpus has.
_NEVER = -100.0
# skops names objects by their address in memory, and dates the files: both are made the same for the same content.
_DATE = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Estimators:
    """`roles` and `grades` are fitted LogisticRegressions (`grades` None where the corpus has plans of one grade only).

    Columns of `roles`: `facts` by name, then the figures and the hashed grams of features.py; of `grades`: the figures
    of grades.py and the grams. Gram columns were multiplied by `gram_scale`, points are divided by `temperature`.
    """

    roles: Any
    grades: Any
    known_grades: list[int]
    facts: list[str]
    gram_scale: float
    temperature: float
    about: Mapping[str, Any]


def write_estimators(file: Path, estimators: Estimators) -> None:
    """Save with skops; the same estimators give the same bytes."""
    from skops.io import dumps

    content = {field.name: getattr(estimators, field.name) for field in fields(Estimators)}
    numbers: dict[int, int] = {}
    with zipfile.ZipFile(BytesIO(dumps(content))) as source, zipfile.ZipFile(file, "w") as target:
        schema = _renumbered(json.loads(source.read(SCHEMA)), numbers)
        _add(target, SCHEMA, json.dumps(schema, indent=1).encode())
        for address, number in numbers.items():
            if f"{address}.npy" in source.namelist():
                _add(target, f"{number}.npy", source.read(f"{address}.npy"))


def _renumbered(node: Any, numbers: dict[int, int]) -> Any:  # noqa: ANN401 (JSON)
    """A schema with objects and the files of arrays numbered in their order; `numbers` grows."""
    if isinstance(node, list):
        return [_renumbered(value, numbers) for value in node]
    if not isinstance(node, dict):
        return node
    made = {key: _renumbered(value, numbers) for key, value in node.items()}
    if "__id__" in node:
        made["__id__"] = numbers.setdefault(node["__id__"], len(numbers))
    if "file" in node:
        made["file"] = f"{numbers.setdefault(int(node['file'].removesuffix('.npy')), len(numbers))}.npy"
    return made


def _add(target: zipfile.ZipFile, name: str, data: bytes) -> None:
    entry = zipfile.ZipInfo(name, _DATE)
    entry.compress_type = zipfile.ZIP_DEFLATED
    target.writestr(entry, data)


def read_estimators(file: Path) -> Estimators:
    """Load what `write_estimators` saved; ValueError where that is not what the file holds.

    Needs skops and scikit-learn. Before anything is made the schema is looked through for classes not in `ALLOWED`.
    """
    from skops.io import loads

    data = file.read_bytes()
    try:
        with zipfile.ZipFile(BytesIO(data)) as source:
            schema = json.loads(source.read(SCHEMA))
    except (zipfile.BadZipFile, KeyError, json.JSONDecodeError) as error:
        raise ValueError(f"it is no skops file ({error})") from error
    refused = sorted(set(_classes(schema)) - ALLOWED)
    if refused:
        raise ValueError(f"it holds {', '.join(refused)}, which is not on the list of what may be loaded")
    content = loads(data, trusted=[])
    names = [field.name for field in fields(Estimators)]
    if not isinstance(content, dict) or sorted(content) != sorted(names):
        raise ValueError(f"it does not hold {', '.join(names)}")
    return Estimators(**content)


def _classes(node: object) -> Iterator[str]:
    """The dotted names of all classes and functions that a schema names."""
    if isinstance(node, dict):
        if "__class__" in node:
            yield f"{node.get('__module__')}.{node['__class__']}"
        for value in node.values():
            yield from _classes(value)
    elif isinstance(node, list):
        for value in node:
            yield from _classes(value)


def weights_of(estimators: Estimators) -> dict[str, Matrix]:
    """The arrays of a RoleModel: weights by feature and role or grade, as exact as its file keeps them."""
    import numpy as np

    weights = estimators.roles.coef_.T / estimators.temperature
    grades, bias = grade_columns(estimators.grades, estimators.known_grades, len(GRADE_FIGURES) + 2**GRAM_BITS)
    first, second = len(estimators.facts), len(estimators.facts) + len(FIGURES)
    arrays = {
        "fact_weights": weights[:first], "figure_weights": weights[first:second],
        "gram_weights": weights[second:] * estimators.gram_scale,
        "bias": estimators.roles.intercept_ / estimators.temperature,
        "grade_figure_weights": grades[: len(GRADE_FIGURES)],
        "grade_gram_weights": grades[len(GRADE_FIGURES) :] * estimators.gram_scale, "grade_bias": bias,
    }
    if list(estimators.roles.classes_) != list(range(len(ROLES))):
        raise ValueError(f"its roles are {list(estimators.roles.classes_)}")
    return {name: array.astype(np.float32).astype(np.float64) for name, array in arrays.items()}


def grade_columns(fitted: Any, known: Sequence[int], rows: int) -> tuple[Any, Any]:  # noqa: ANN401 (an estimator)
    """Weights and bias with a column for each of `GRADES`; a grade that no plan has is never the best."""
    import numpy as np

    weights, bias = np.zeros((rows, len(GRADES))), np.full(len(GRADES), _NEVER)
    at = list(known)
    bias[at] = 0.0
    if fitted is not None:
        # Of two classes there is one row: the points of the second over the first.
        lines = fitted.coef_ if len(at) > 2 else np.vstack((-fitted.coef_ / 2, fitted.coef_ / 2))
        edges = fitted.intercept_ if len(at) > 2 else np.array([-0.5, 0.5]) * fitted.intercept_
        weights[:, at], bias[at] = lines.T, edges
    return weights, bias

"""The public surface: complete, sorted, documented, with signatures that a stranger can call."""

from __future__ import annotations

import ast
import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

import gknlp

PACKAGE = Path(gknlp.__file__).parent


def test_all_is_complete_and_sorted() -> None:
    assert sorted(gknlp.__all__) == gknlp.__all__
    tree = ast.parse((PACKAGE / "__init__.py").read_text(encoding="utf-8"))
    (for_types,) = (node for node in tree.body if isinstance(node, ast.If))
    homes = {
        alias.name: (node.module or "").removeprefix("gknlp.")
        for node in for_types.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert homes == gknlp._HOMES
    assert sorted(homes) == gknlp.__all__
    assert set(gknlp.__all__) <= set(dir(gknlp))


def test_public_function_is_not_shadowed_by_its_module() -> None:
    import gknlp.classify
    import gknlp.keywords
    import gknlp.segment.units

    for name in ("classify", "keywords", "segment"):
        assert inspect.isfunction(getattr(gknlp, name))
    from gknlp import segment

    assert segment("").units == ()


def test_measures_need_no_import_of_their_own() -> None:
    code = "import gknlp; print('measures' in dir(gknlp), gknlp.measures.cmn2020_jaccard([['a', 'b']], [['b', 'c']]))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", str(1 / 3)]
    with pytest.raises(AttributeError, match="no attribute 'measure'"):
        gknlp.measure  # noqa: B018
    for name in gknlp.measures.__all__:
        thing = getattr(gknlp.measures, name)
        assert not inspect.isfunction(thing) or len(inspect.getdoc(thing) or "") > 100, name


@pytest.mark.parametrize("name", gknlp.__all__)
def test_public_name_is_documented_and_callable(name: str) -> None:
    thing = getattr(gknlp, name)
    assert callable(thing), f"{name} is shadowed by a module"
    text = inspect.getdoc(thing)
    assert text
    assert len(text.splitlines()[0]) <= 120
    if inspect.isfunction(thing):
        assert len(text) > 150, f"{name}: say units, offsets, order, empty input, errors, cost"


@pytest.mark.parametrize("name", [n for n in gknlp.__all__ if inspect.isfunction(getattr(gknlp, n))])
def test_public_function_is_named_in_the_readme(name: str, root: Path) -> None:
    assert re.search(rf"\b{name}\b", (root / "README.md").read_text(encoding="utf-8"))


def test_no_module_has_forbidden_names_or_words() -> None:
    for path in PACKAGE.rglob("*.py"):
        assert path.stem not in {"utils", "helpers", "manager", "common", "misc"}
        text = path.read_text(encoding="utf-8")
        assert "TODO" not in text
        assert "FIXME" not in text

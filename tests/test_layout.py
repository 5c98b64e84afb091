"""The house rules that a reader cannot check at a glance: direction of imports, cycles, sizes, nothing at import."""

from __future__ import annotations

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "gknlp"
MODULES = sorted(PACKAGE.rglob("*.py"))
MAX_MODULE_LINES = 400
MAX_FUNCTION_LINES = 60
MAX_PARAMETERS = 6
# analyze() is the one call that has every option of a run; a settings object would hide what changes no result (jobs).
# A command has a parameter for each of its options.
MANY_PARAMETERS = {"gknlp.pipeline.analyze", "gknlp.cli.run.analyze", "gknlp.cli.look.flags"}

GROUND = {
    "types", "errors", "settings", "resources", "failures", "normalize", "notes", "gazetteer", "tokens", "workers",
}
STAGES = {"read", "segment", "tables", "classify", "keywords", "reuse", "measures", "follow", "flags"}
# How right it is, and how users bring in their own judgement.
JUDGEMENT = {"evaluate", "agreement", "exchange", "train"}
# Which parts of the package each part may import besides itself; what is not listed here is refused.
ALLOWED = {
    "types": set(),
    "errors": set(),
    "settings": {"errors"},
    "resources": {"errors"},
    "failures": {"resources"},
    "normalize": set(),
    "notes": set(),
    "gazetteer": {"resources"},
    "workers": {"types", "errors"},
    "tokens": {"types", "errors", "settings", "resources", "normalize"},
    **{stage: set(GROUND) for stage in STAGES},
    "spacy_doc": {"types", "tokens"},
    "engines": {"types", "errors"},
    "output": {"types", "errors", "settings", "resources", "failures", "normalize", "notes"},
    "evaluate": {"types", "errors", "settings", "resources", "normalize"},
    "train": GROUND | {"read", "segment", "classify", "evaluate"},
    "analysis": GROUND | STAGES,
    "agencies": {"types", "measures", "reuse", "analysis"},
    "pipeline": GROUND | STAGES | {"analysis", "agencies", "engines", "output"},
    "calibrate": GROUND | {"reuse", "flags", "analysis", "pipeline", "engines"},
    "background": GROUND | {"reuse", "analysis", "pipeline", "engines"},
    "comparison": GROUND | STAGES | {"analysis", "pipeline", "output"},
    "agreement": {"types", "normalize", "evaluate"},
    "exchange": {"types", "errors", "evaluate"},
    "cli": GROUND | JUDGEMENT | {
        "__init__", "read", "reuse", "analysis", "pipeline", "output", "background", "calibrate", "comparison",
    },
    "__main__": {"cli"},
    "__init__": GROUND | STAGES | {"spacy_doc", "analysis", "pipeline", "output"},
}
# The command line imports inside its commands, so that --help and a mistyped option answer at once.
IMPORTS_INSIDE = "gknlp.cli"
LIGHT = ("jieba", "rjieba", "spacy", "pandas", "pyarrow", "sklearn", "duckdb", "numpy", "lxml", "docx", "pypdfium2")
STAGES_WITHOUT_HEAVY = ("spacy", "pandas", "sklearn")


def dotted(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def part_of(module: str) -> str:
    pieces = module.split(".")
    return pieces[1] if len(pieces) > 1 else "__init__"


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def own_imports(path: Path) -> set[str]:
    """The modules of gknlp that a file imports anywhere in it, type-checking blocks included."""
    names = {dotted(p) for p in MODULES}
    found = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "gknlp":
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                found.add(inner if inner in names else node.module)
        elif isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names if alias.name.split(".")[0] == "gknlp")
    return found


def functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [n for n in ast.walk(tree_of(path)) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_layout_imports_only_downhill(path: Path) -> None:
    part = part_of(dotted(path))
    assert part in ALLOWED, f"{part} is new: give it a line in ALLOWED"
    reached = {part_of(module) for module in own_imports(path)} - {part}
    assert reached <= ALLOWED[part], f"{dotted(path)} may not import {sorted(reached - ALLOWED[part])}"


def test_layout_has_no_import_cycle() -> None:
    graph = {dotted(path): own_imports(path) - {dotted(path)} for path in MODULES}
    done: set[str] = set()

    def visit(module: str, trail: tuple[str, ...]) -> None:
        assert module not in trail, f"import cycle: {' -> '.join((*trail[trail.index(module):], module))}"
        if module not in done:
            for other in sorted(graph.get(module, ())):
                visit(other, (*trail, module))
            done.add(module)

    for module in graph:
        visit(module, ())


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_layout_own_modules_are_imported_at_the_top(path: Path) -> None:
    if dotted(path).startswith(IMPORTS_INSIDE):
        return
    for function in functions(path):
        for node in ast.walk(function):
            if isinstance(node, ast.ImportFrom) and node.module:
                assert node.module.split(".")[0] != "gknlp", f"{dotted(path)}:{node.lineno} hides an import"


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_layout_sizes(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines < MAX_MODULE_LINES, f"{dotted(path)} has {lines} lines"
    for function in functions(path):
        name = f"{dotted(path)}.{function.name}"
        length = (function.end_lineno or function.lineno) - function.lineno + 1
        assert length < MAX_FUNCTION_LINES, f"{name} has {length} lines"
        arguments = function.args
        count = len(arguments.posonlyargs) + len(arguments.args) + len(arguments.kwonlyargs)
        assert count <= MAX_PARAMETERS or name in MANY_PARAMETERS, f"{name} has {count} parameters"


def test_layout_only_tokens_imports_jieba() -> None:
    for path in MODULES:
        for node in ast.walk(tree_of(path)):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            if any(name.split(".")[0] in {"jieba", "rjieba"} for name in names):
                assert dotted(path) == "gknlp.tokens"


def loaded_after(code: str) -> set[str]:
    """The top-level modules in memory after `code` ran in a fresh interpreter."""
    script = f"import sys\n{code}\nprint(' '.join(sorted({{name.split('.')[0] for name in sys.modules}})))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_layout_import_loads_nothing_heavy() -> None:
    assert not loaded_after("import gknlp") & set(LIGHT)


def test_layout_stages_run_without_heavy_packages() -> None:
    code = (
        "import gknlp\n"
        "gknlp.segment('一、总体情况\\n今年公开信息3条。')\n"
        "text = '我局每月开展一次培训并公开名单和结果。'\n"
        "gknlp.find_reuse({'a': text, 'b': text})"
    )
    assert not loaded_after(code) & set(STAGES_WITHOUT_HEAVY)


def test_layout_top_level_is_as_fixed() -> None:
    folders = {
        path.name for path in PACKAGE.parent.iterdir()
        if path.is_dir() and not path.name.startswith(".") and path.name not in {"out", "build", "dist"}
    }
    assert folders == {"gknlp", "models", "corpus", "tests", "notebooks"}

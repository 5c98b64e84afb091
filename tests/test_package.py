"""The wheel, built from the checkout and installed where nothing else is: it runs, with its data, on its own sample."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

DEVELOPMENT = ("pytest", "hypothesis", "mypy", "ruff", "hatchling", "reportlab", "openpyxl")


def run(*command: str | Path, cwd: Path, code: int = 0) -> str:
    """Run a command away from the checkout, so that nothing is found there by accident; return what it printed."""
    environment = {k: v for k, v in os.environ.items() if k not in {"PYTHONPATH", "VIRTUAL_ENV", "COVERAGE_FILE"}}
    words = [str(c) for c in command]
    done = subprocess.run(words, cwd=cwd, env=environment, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == code, f"{command} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, root, cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.mark.slow
def test_package_wheel_carries_its_data(wheel: Path, root: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    expected = {
        f"gknlp/_data/{path.relative_to(root).as_posix()}"
        for folder in ("models", "corpus/lexicon", "corpus/sample")
        for path in (root / folder).rglob("*")
        if path.is_file()
    }
    assert expected <= names
    assert {"gknlp/py.typed", "gknlp/cli/__init__.py"} <= names
    tops = {name.split("/")[0] for name in names}
    assert tops == {"gknlp", f"gknlp-{wheel.name.split('-')[1]}.dist-info"}


@pytest.mark.slow
def test_package_runs_in_an_empty_environment(wheel: Path, tmp_path: Path) -> None:
    home = tmp_path / "environment"
    venv.create(home, with_pip=True)
    scripts = home / ("Scripts" if os.name == "nt" else "bin")
    python = scripts / "python"
    run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wheel, cwd=tmp_path)
    installed = run(python, "-m", "pip", "list", "--format=freeze", "--disable-pip-version-check", cwd=tmp_path).lower()
    assert not [name for name in DEVELOPMENT if f"\n{name}==" in f"\n{installed}"]

    version = run(scripts / "gknlp", "--version", cwd=tmp_path).strip()
    assert version == f"gknlp {wheel.name.split('-')[1]}"
    find = "from gknlp.resources import path; print(path('corpus/sample'))"
    sample = Path(run(python, "-c", find, cwd=tmp_path).strip())
    assert "_data" in sample.parts
    run(scripts / "gknlp", "analyze", sample, "-o", "结果 夹", "--jobs", "1", cwd=tmp_path)
    out = tmp_path / "结果 夹"
    assert {"index.html", "report.xlsx", "run.json", "tables", "pages"} <= {path.name for path in out.iterdir()}
    count = f"import gknlp; run = gknlp.Run({str(out)!r}); print(len(run.reports), len(run.failures))"
    assert run(python, "-c", count, cwd=tmp_path).split() == [str(sum(1 for p in sample.iterdir() if p.is_file())), "0"]

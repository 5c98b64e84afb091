"""Every notebook runs from top to bottom in a kernel of its own, and ends with a table and a figure."""

from __future__ import annotations

import os
import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).resolve().parents[1] / "notebooks").glob("*.ipynb"))
# Seconds for the kernel to start and for one cell, such as a run over sixty reports on a busy machine.
TIMEOUT = 600


def test_there_are_three_notebooks_committed_without_output() -> None:
    assert [path.stem for path in NOTEBOOKS] == ["one_report", "sixty_reports", "twelve_agencies"]
    for path in NOTEBOOKS:
        notebook = nbformat.read(path, 4)
        nbformat.validate(notebook)
        assert all(cell.outputs == [] and cell.execution_count is None for cell in notebook.cells if "outputs" in cell)


def _complains(output: nbformat.NotebookNode) -> bool:
    """Whether an output is a message on stderr other than the kernel's own on how it is reached."""
    return output.get("name") == "stderr" and "[IPKernelApp]" not in output.text


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_runs(path: Path, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(root), *filter(None, [os.environ.get("PYTHONPATH")])]))
    notebook = nbformat.read(path, 4)
    resources = {"metadata": {"path": str(tmp_path)}}
    NotebookClient(
        notebook, kernel_name="python3", timeout=TIMEOUT, startup_timeout=TIMEOUT, resources=resources
    ).execute()
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.outputs or cell.execution_count for cell in code)
    shown = [output for cell in code for output in cell.outputs]
    assert [output for output in shown if output.output_type == "error" or _complains(output)] == []
    pages = [output.data for output in shown if output.output_type in ("display_data", "execute_result")]
    figure = pages[-1]["image/svg+xml"]
    assert re.search(r"<text[^>]*>[\u4e00-\u9fff]{4}", figure)
    tables = [page["text/html"] for page in pages if "text/html" in page]
    assert "<table" in tables[-1]
    for html in (*tables, figure):
        assert not re.search(r"""<script|<link|(?:src|href)=["']?https?:|url\(https?:""", html)

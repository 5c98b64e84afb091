"""Start-up: `import gknlp` and `gknlp --help` beside a bare two-command typer app; medians of 10 interleaved runs.

Run: .venv/bin/python tests/benchmarks/bench_start.py
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RUNS = 10
BARE = '''
import typer
app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)

@app.command()
def one(path: str) -> None:
    """One."""

@app.command()
def two(path: str) -> None:
    """Two."""

app()
'''


def seconds(command: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - began


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        bare = Path(folder) / "bare.py"
        bare.write_text(BARE, encoding="utf-8")
        commands = {
            "python -c pass": [sys.executable, "-c", "pass"],
            "import gknlp": [sys.executable, "-c", "import gknlp"],
            "bare typer --help": [sys.executable, str(bare), "--help"],
            "gknlp --help": [sys.executable, "-m", "gknlp", "--help"],
        }
        times: dict[str, list[float]] = {name: [] for name in commands}
        for command in commands.values():
            seconds(command)
        for _ in range(RUNS):
            for name, command in commands.items():
                times[name].append(seconds(command))
    median = {name: statistics.median(values) for name, values in times.items()}
    for name, value in median.items():
        print(f"{name:20} {value:.3f} s")
    own = median["import gknlp"] - median["python -c pass"]
    print(f"import gknlp, interpreter start taken off: {own:.3f} s (target < 0.15)")
    ratio = median["gknlp --help"] / median["bare typer --help"]
    print(f"gknlp --help / bare typer --help: {ratio:.2f} (target <= 1.3)")


if __name__ == "__main__":
    main()

"""A whole run over generated report files with default settings; target: 400 reports in under 60 s on 2 cores.

Run: .venv/bin/python tests/benchmarks/bench_run.py [REPORTS]
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path

from specimens import generate_files

import gknlp


def main(number: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "reports"
        source.mkdir()
        generate_files(source, number, seed=1)
        began = time.perf_counter()
        run = gknlp.analyze([source], Path(folder) / "out", jobs=2)
        seconds = time.perf_counter() - began
        peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        print(f"{number} reports in {seconds:.1f} s with 2 processes (target for 400: < 60); "
              f"largest process {peak / 1024:.0f} MB; stages {run.info['timings']}; "
              f"{len(run.reports)} read, {len(run.failures)} failures, {len(run.passages)} passages")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 400)

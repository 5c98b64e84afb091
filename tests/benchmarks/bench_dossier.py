"""The dossier of many generated reports: time to write it beside the analysis itself, sizes, memory, and Chromium.

Targets for 5,000 reports: written within 2 x the time of the analysis, list page with its data under 5 MB, opened in
under 2 s. Run: .venv/bin/python tests/benchmarks/bench_dossier.py [REPORTS]
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from specimens import generate_files

sys.path.insert(0, str(Path(__file__).parents[1]))
from browser import CHROMIUM, Browser

import gknlp
from gknlp.output.dossier import write_dossier
from gknlp.output.tables import TABLES, table_records

COUNT = "document.getElementById('count').textContent"


def write(run: gknlp.Run, folder: Path) -> None:
    """Write the dossier alone, in this process, and print seconds and memory: before (the rows) and at most."""
    rows = {name: table_records(run[name]) for name in TABLES}
    run._tables.clear()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    write_dossier(folder, rows, run.info, "zh")
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"{seconds:.1f} {before / 1024:.0f} {peak / 1024:.0f}")


def browse(folder: Path) -> None:
    """Open the list twice, then search, filter and sort it; the seconds of each, until the rows stand there."""
    with tempfile.TemporaryDirectory() as profile:
        browser = Browser(Path(profile))
        opened = [browser.open(folder / "index.html") for _ in range(2)]
        print(f"Chromium: opened in {opened[0]:.2f} s, again in {opened[1]:.2f} s; {browser.js(COUNT)}")
        for field, value in (("q", "水务局"), ("q", ""), ("flag", "any"), ("sort", "agency")):
            milliseconds = browser.js(
                f"(() => {{ const f = document.getElementById('{field}'), began = performance.now();"
                f" f.value = '{value}';"
                " f.dispatchEvent(new Event('input', {bubbles: true})); document.body.offsetHeight;"
                " return performance.now() - began; })()"
            )
            print(f"  {field} = {value or 'all'}: {milliseconds:.0f} ms; {browser.js(COUNT)}")
        assert browser.problems == []
        browser.close()


def main(number: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source, out = Path(folder) / "reports", Path(folder) / "out"
        source.mkdir()
        generate_files(source, number, seed=1)
        began = time.perf_counter()
        run = gknlp.analyze([source], out, jobs=2)
        whole = time.perf_counter() - began
        analysis = sum(seconds for name, seconds in run.info["timings"].items() if name in ("reports", "reuse"))
        command = [sys.executable, __file__, "--write", str(out), str(Path(folder) / "again")]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
        seconds, before, peak = map(float, told)
        pages = list((out / "pages").glob("*.html"))
        size = (out / "index.html").stat().st_size + (out / "pages" / "data.js").stat().st_size
        print(
            f"{number} reports: run {whole:.0f} s, of it analysis {analysis:.0f} s; dossier {seconds:.1f} s = "
            f"{seconds / analysis:.2f} x the analysis (target < 2), {1000 * seconds / len(pages):.1f} ms a page, "
            f"memory {before:.0f} MB with the rows, {peak:.0f} MB at most"
        )
        largest = max(path.stat().st_size for path in pages)
        total = sum(path.stat().st_size for path in pages)
        print(f"list with its data {size:,} bytes (target < 5,000,000); {len(pages)} pages, {total:,} bytes, "
              f"largest {largest:,}")
        if CHROMIUM is not None:
            browse(out)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--write"]:
        write(gknlp.Run(sys.argv[2]), Path(sys.argv[3]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)

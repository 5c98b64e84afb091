"""One picture of each view, made from a run of the specimens: what README shows.

Run: .venv/bin/python tests/screenshots.py [RUN] [FOLDER]; by default out/ (`make demo`) and tests/screenshots/.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from browser import Browser
from PIL import Image

import gknlp
from gknlp.output.dossier_file import dossier_file, rows_around

ROOT = Path(__file__).resolve().parents[1]
WIDTH, HEIGHT, COLOURS = 1200, 800, 128


def report_with(run: gknlp.Run, kind: str) -> str:
    """The first report that has a flag of a kind."""
    return str(run.flags[run.flags.flag == kind].report_id.iloc[0])


def take(run_folder: Path, target: Path) -> list[Path]:
    """Write the pictures, each under the name of its view; the files."""
    run = gknlp.Run(run_folder)
    target.mkdir(parents=True, exist_ok=True)
    sums, shared = report_with(run, "sum_fails"), report_with(run, "shares_with_peer")
    page = run_folder / "pages"
    views = [
        ("list", run_folder / "index.html", "", ""),
        ("reports", run_folder / "index.html", "", "document.getElementById('list').scrollIntoView()"),
        ("flags", page / f"{sums}.html", "", "document.querySelector('.verdict button').click()"),
        ("text", page / f"{shared}.html", "#s0", "document.getElementById('text').scrollIntoView()"),
        ("table", page / f"{sums}.html", "", "document.querySelector('.failing').scrollIntoView({block: 'center'})"),
        ("shared", page / f"{shared}.html", "", "document.getElementById('shared').scrollIntoView()"),
    ]
    views += [
        (kind, largest, "", script)
        for kind, script in (("pair", "document.querySelector('.p-head').scrollIntoView()"), ("family", ""))
        for largest in sorted(page.glob(f"{kind}-*.html"), key=lambda path: (-path.stat().st_size, path.name))[:1]
    ]
    made = []
    with tempfile.TemporaryDirectory() as folder:
        alone = Path(folder) / "case.html"
        alone.write_text(dossier_file(rows_around(run, sums), sums, run.info, "zh"), encoding="utf-8", newline="\n")
        browser = Browser(Path(folder) / "profile")
        browser.size(WIDTH, HEIGHT)
        for name, path, place, script in [*views, ("case", alone, "", "")]:
            browser.open(path, place)
            if script:
                browser.js(f"{script}; 0")
            # Two frames later what was scrolled to is drawn.
            browser.js("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(0))))")
            made.append(target / f"{name}.png")
            browser.screenshot(made[-1])
            # The pages have few colours: a palette makes the files a third as large and looks the same.
            with Image.open(made[-1]) as picture:
                picture.convert("RGB").quantize(COLOURS).save(made[-1], optimize=True)
        browser.close()
    return made


if __name__ == "__main__":
    given = [Path(argument).resolve() for argument in sys.argv[1:]]
    files = take(given[0] if given else ROOT / "out", given[1] if len(given) > 1 else ROOT / "tests" / "screenshots")
    for file in files:
        print(f"{file} {file.stat().st_size:,} bytes")

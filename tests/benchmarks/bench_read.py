"""Reading beside the bare parsers on the same files: reports per second and core, and ratios.

Text: read + identity (target >= 400 reports/s). HTML: `read_html` beside `lxml.html.document_fromstring` (target <= 4),
the specimens (short, half table) apart from the real pages. PDF: `read_pdf` without tables beside bare pypdfium2 text
extraction (target <= 1.5), ruled tables timed apart. Linearity: a 10 MB one-line text beside a 1 MB one, read and
segmented (target <= 12). Best CPU time of ROUNDS runs.

Run: .venv/bin/python tests/benchmarks/bench_read.py
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import lxml.html
import pypdfium2

from gknlp.read import read_report
from gknlp.read.html import read_html
from gknlp.read.pdf import read_pdf
from gknlp.segment import segment
from gknlp.settings import ReadSettings

ROUNDS = 5
ROOT = Path(__file__).parents[2]
FOLDERS = (ROOT / "corpus" / "sample", ROOT / "corpus" / "reports", ROOT.parent / "shared" / "reports")


def best(action: Callable[[], object]) -> float:
    """The least CPU time of several runs."""
    times = []
    for _ in range(ROUNDS):
        began = time.process_time()
        action()
        times.append(time.process_time() - began)
    return min(times)


def bare_pdf(data: bytes) -> None:
    document = pypdfium2.PdfDocument(data)
    for page in document:
        text = page.get_textpage()
        text.get_text_range()
        text.close()
        page.close()
    document.close()


def files(suffix: str, folders: tuple[Path, ...] = FOLDERS) -> list[Path]:
    return sorted(p for folder in folders if folder.is_dir() for p in folder.iterdir() if p.suffix == suffix)


def main() -> None:
    texts = files(".txt")
    seconds = best(lambda: [read_report(path) for path in texts])
    print(f"text: {len(texts) / seconds:.0f} reports/s/core read and identified (target >= 400)")

    for where, paths in (("specimens", files(".html", FOLDERS[:2])), ("real pages", files(".html", FOLDERS[2:]))):
        if not paths:
            print(f"HTML, {where}: none here")
            continue
        pages = [path.read_bytes() for path in paths]
        own = best(lambda pages=pages: [read_html(data) for data in pages])
        bare = best(lambda pages=pages: [lxml.html.document_fromstring(data) for data in pages])
        whole = best(lambda paths=paths: [read_report(path) for path in paths])
        size = sum(map(len, pages)) / len(pages) / 1000
        print(f"HTML, {where} ({size:.0f} kB each): {len(pages) / whole:.0f} reports/s/core; read_html "
              f"{own / bare:.1f} x bare lxml (target <= 4); with identity {whole / bare:.1f} x")

    documents = [path.read_bytes() for path in files(".pdf")]
    plain = best(lambda: [read_pdf(data, tables=False) for data in documents])
    full = best(lambda: [read_pdf(data) for data in documents])
    bare = best(lambda: [bare_pdf(data) for data in documents])
    print(f"PDF: {len(documents) / full:.0f} reports/s/core; text {plain / bare:.2f} x bare pypdfium2 (target <= 1.5); "
          f"ruled tables add {(full - plain) / bare:.2f} x")

    settings = ReadSettings(max_chars=50_000_000)
    sentence = "我局在办事大厅公开指南和流程，全年解答来电来访三百二十人次，群众评价良好。"
    with tempfile.TemporaryDirectory() as folder:
        took = {}
        for size in (1_000_000, 10_000_000):
            path = Path(folder) / f"{size}.txt"
            body = sentence * (size // len(sentence.encode()))
            path.write_text("甲县水利局2014年政府信息公开年报 一、概述 " + body, "utf-8")
            began = time.process_time()
            report = read_report(path, settings=settings)
            segment(report.text, layout=report.layout)
            took[size] = time.process_time() - began
    long, short = took[10_000_000], took[1_000_000]
    print(f"one line of 10 MB: {long:.1f} s, {long / short:.1f} x that of 1 MB (target <= 12)")


if __name__ == "__main__":
    main()

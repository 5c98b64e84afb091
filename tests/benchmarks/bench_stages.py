"""The per-report path beside bare jieba: read -> segment -> classify -> keywords -> seeds, and `jieba.lcut` alone.

Both run over the same reports in the same process, alternating, ROUNDS times; the median of each and their ratio is
printed, with the default tokenizer and with rjieba. Targets for the finished tool: at most 1.3 and 0.5.

Run: .venv/bin/python tests/benchmarks/bench_stages.py [REPORTS]
"""

from __future__ import annotations

import logging
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

import jieba
from specimens import generate_files

from gknlp.classify import classify
from gknlp.keywords import keywords
from gknlp.read import read_report
from gknlp.reuse.candidates import find_seeds
from gknlp.reuse.mask import mask_text
from gknlp.segment import segment
from gknlp.settings import TokenSettings
from gknlp.tokens import get_tokenizer

ROUNDS = 3


def run_stages(files: list[Path], engine: str, spent: dict[str, float]) -> None:
    """All stages over all files; seconds per stage are added to `spent`."""
    tokenizer = get_tokenizer(TokenSettings(tokenizer=engine))
    for file in files:
        at = [time.perf_counter()]
        report = read_report(file)
        at.append(time.perf_counter())
        parts = segment(report.text, layout=report.layout, year=report.identity.year)
        at.append(time.perf_counter())
        classify(parts.units)
        at.append(time.perf_counter())
        narrative = "\n".join(unit.text for unit in parts.units)
        keywords(narrative, title=report.identity.title or "", tokenizer=tokenizer)
        at.append(time.perf_counter())
        mask_text(narrative, names=report.identity.aliases)
        find_seeds(narrative)
        at.append(time.perf_counter())
        for name, began, ended in zip(
            ("read", "segment", "classify", "keywords", "seeds"), at, at[1:], strict=False
        ):
            spent[name] += ended - began


def main(count: int) -> None:
    jieba.setLogLevel(logging.WARNING)
    with tempfile.TemporaryDirectory() as folder:
        files = generate_files(Path(folder), count, seed=1)
        texts = [read_report(file).text for file in files]
        size = sum(map(len, texts))
        print(f"{count} reports, {size:,} characters")
        for engine in ("jieba", "rjieba"):
            run_stages(files[:2], engine, defaultdict(float))
            jieba.lcut(texts[0])
            own, bare, spent = [], [], defaultdict[str, float](float)
            for _ in range(ROUNDS):
                began = time.perf_counter()
                run_stages(files, engine, spent)
                own.append(time.perf_counter() - began)
                began = time.perf_counter()
                for text in texts:
                    jieba.lcut(text)
                bare.append(time.perf_counter() - began)
            ratio = statistics.median(own) / statistics.median(bare)
            target = {"jieba": 1.3, "rjieba": 0.5}[engine]
            shares = ", ".join(f"{name} {seconds / sum(own):.0%}" for name, seconds in spent.items())
            print(f"{engine:7} {statistics.median(own):.2f} s; bare jieba.lcut {statistics.median(bare):.2f} s; "
                  f"ratio {ratio:.2f} (target {target}); {shares}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)

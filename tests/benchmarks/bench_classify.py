"""Speed of classification (features and all four labels) beside bare `jieba.lcut` over the same units.

Report by report, as a run does it, alternating, best CPU time of ROUNDS. Target: at least half a million characters a
second and core. Run: .venv/bin/python tests/benchmarks/bench_classify.py
"""

from __future__ import annotations

import logging
import time
from pathlib import Path

import jieba

from gknlp.classify import classify
from gknlp.read import read_report
from gknlp.segment import segment

ROUNDS = 5
ROOT = Path(__file__).parents[2]


def main() -> None:
    jieba.setLogLevel(logging.WARNING)
    jieba.lcut("公开")
    reports = []
    for folder in ("sample", "reports"):
        for path in sorted((ROOT / "corpus" / folder).iterdir()):
            report = read_report(path)
            reports.append(segment(report.text, layout=report.layout, year=report.identity.year))
    size = sum(len(unit.text) for parts in reports for unit in parts.units)
    classify(reports[0].units, subheadings=reports[0].subheadings)
    own, bare = [], []
    for _ in range(ROUNDS):
        began = time.process_time()
        for parts in reports:
            classify(parts.units, subheadings=parts.subheadings)
        own.append(time.process_time() - began)
        began = time.process_time()
        for parts in reports:
            for unit in parts.units:
                jieba.lcut(unit.text)
        bare.append(time.process_time() - began)
    print(f"{size:,} characters in {sum(len(parts.units) for parts in reports):,} units of {len(reports)} reports")
    print(f"classify {size / min(own) / 1e6:.2f} million characters a second and core (target >= 0.5), "
          f"bare jieba.lcut {size / min(bare) / 1e6:.2f}; {min(own) / min(bare):.2f} x its time")


if __name__ == "__main__":
    main()

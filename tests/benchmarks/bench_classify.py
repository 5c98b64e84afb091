"""Speed of classification (features and all four labels) beside bare `jieba.lcut` over the same units.

Report by report, as a run does it, alternating, best CPU time of ROUNDS. Target: at least half a million characters a
second and core. Classification itself needs no words: the tokenizer of the settings does not count here. Specimens
have shorter units than real reports (36 characters against 55), which are measured too where they lie beside.

Run: .venv/bin/python tests/benchmarks/bench_classify.py
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from pathlib import Path

import jieba

from gknlp.classify import classify
from gknlp.read import read_report
from gknlp.segment import segment
from gknlp.types import Segmentation

ROUNDS = 5
ROOT = Path(__file__).parents[2]
SETS = {
    "specimens": (ROOT / "corpus" / "sample", ROOT / "corpus" / "reports"),
    "real reports": (ROOT.parent / "shared" / "reports",),
}


def load(folders: Sequence[Path]) -> list[Segmentation]:
    found = []
    for path in sorted(path for folder in folders if folder.is_dir() for path in folder.iterdir()):
        report = read_report(path)
        found.append(segment(report.text, layout=report.layout, year=report.identity.year))
    return found


def measure(name: str, reports: Sequence[Segmentation]) -> None:
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
    units = sum(len(parts.units) for parts in reports)
    print(f"{name}: {size:,} characters in {units:,} units of {len(reports)} reports")
    print(f"classify {size / min(own) / 1e6:.2f} million characters a second and core (target >= 0.5), "
          f"bare jieba.lcut {size / min(bare) / 1e6:.2f}; {min(own) / min(bare):.2f} x its time")


def main() -> None:
    jieba.setLogLevel(logging.WARNING)
    jieba.lcut("公开")
    for name, folders in SETS.items():
        reports = load(folders)
        if reports:
            measure(name, reports)


if __name__ == "__main__":
    main()

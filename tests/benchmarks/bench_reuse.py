"""Reuse beside other methods: `python tests/benchmarks/bench_reuse.py [N ...] [--without METHOD ...]`.

Generated corpora of N reports (default 1000, 5000 and 20000; a twentieth is one family, three tenths hold a planted
copy, 15 % of the sentences are set sentences). Each method runs in a process of its own on the same corpus: time of the
method by the clock and in seconds of processor (the fairer of the two where others load the machine), peak memory of
its processes (corpus included), recall and precision by characters (PAN), granularity and plagdet; passages inside the
family are left out. gknlp uses two processes and DuckDB, the others one.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parents[2]))

from generate import ALTERATIONS, generate
from reuse_peers import METHODS

from gknlp.calibrate.scoring import score, spans_of_cases

SIZES = (1000, 5000, 20000)
FAMILY, PHRASES, SEED = 0.05, 0.15, 7
# A method that takes longer is stopped and said to be.
LIMIT_SECONDS = int(os.environ.get("BENCH_LIMIT", "1800"))
# The part of all copies that a method must find to be a rival in speed.
RIVAL_RECALL = 0.9


def processor_seconds() -> float:
    """What this process and its finished children have used."""
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def measure(method: str, size: int) -> dict[str, float]:
    """Run one method here and score it."""
    corpus = generate(size, SEED, family=FAMILY, phrases=PHRASES)
    began, used = perf_counter(), processor_seconds()
    found = METHODS[method](corpus.texts)
    seconds, used = perf_counter() - began, processor_seconds() - used
    own, workers = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    family = {text.report_id for text in corpus.texts[: int(size * FAMILY)]}
    spans = [span for span in found if not (span[0] in family and span[3] in family)]
    result = score(spans_of_cases(corpus.cases), spans)
    parts = {
        how: score(spans_of_cases([case for case in corpus.cases if case.alteration == how]), spans).recall
        for how in ALTERATIONS
    }
    return {
        "seconds": seconds, "processor": used, "megabytes": (own + 2 * workers) / 1024, "passages": len(spans),
        "recall": result.recall, "precision": result.precision, "granularity": result.granularity,
        "plagdet": result.plagdet, **parts,
    }


def run_apart(method: str, size: int) -> dict[str, float] | None:
    """What `measure` gives in a process of its own; None where it takes too long or fails."""
    command = [sys.executable, str(Path(__file__).resolve()), "--measure", method, str(size)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        print(f"{size:6} {method:21} stopped after {LIMIT_SECONDS} s", flush=True)
        return None
    if done.returncode:
        print(f"{size:6} {method:21} failed: {(done.stderr.strip().splitlines() or ['killed'])[-1]}", flush=True)
        return None
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    print(
        f"{size:6} {method:21} {figures['seconds']:8.1f} s {figures['processor']:8.1f} s of processor "
        f"{figures['megabytes']:6.0f} MB "
        f"{figures['passages']:8.0f} passages  recall {figures['recall']:.3f} precision {figures['precision']:.3f} "
        f"granularity {figures['granularity']:.3f} plagdet {figures['plagdet']:.3f}", flush=True,
    )
    print("       " + " ".join(f"{how} {figures[how]:.3f}" for how in ALTERATIONS), flush=True)
    return figures


def print_ratios(size: int, figures: dict[str, dict[str, float]]) -> None:
    """gknlp against the fastest other method that finds enough, and against the best of each figure."""
    own, others = figures.get("gknlp"), {name: found for name, found in figures.items() if name != "gknlp"}
    if own is None or not others:
        return
    rivals = {name: found for name, found in others.items() if found["recall"] >= RIVAL_RECALL}
    if rivals:
        for clock in ("seconds", "processor"):
            name = min(rivals, key=lambda name: rivals[name][clock])
            print(f"{size:6} {clock} of {name} / {clock} of gknlp: {rivals[name][clock] / own[clock]:.2f}")
    else:
        print(f"{size:6} no other method reaches recall {RIVAL_RECALL}")
    for figure in ("recall", "precision"):
        best = max(others, key=lambda name: others[name][figure] if others[name]["recall"] > 0 else 0)
        print(f"{size:6} {figure}: gknlp {own[figure]:.3f}, best other {others[best][figure]:.3f} ({best})")


def main(arguments: list[str]) -> None:
    without = arguments[arguments.index("--without") + 1 :] if "--without" in arguments else []
    sizes = [int(argument) for argument in arguments if argument.isdigit()] or SIZES
    own: dict[int, dict[str, float]] = {}
    for size in sizes:
        figures = {}
        for method in METHODS:
            if method not in without and (found := run_apart(method, size)) is not None:
                figures[method] = found
        print_ratios(size, figures)
        if "gknlp" in figures:
            own[size] = figures["gknlp"]
    for small, large in pairwise(sorted(own)):
        for clock in ("seconds", "processor"):
            print(f"gknlp, {small} to {large} reports: {clock} x {own[large][clock] / own[small][clock]:.1f}")


if __name__ == "__main__":
    if "--measure" in sys.argv:
        print(json.dumps(measure(sys.argv[-2], int(sys.argv[-1]))))
    else:
        main(sys.argv[1:])

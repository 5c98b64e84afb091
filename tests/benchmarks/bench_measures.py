"""The named measures over generated reports; target: 5,000 reports of 2,500 characters in under a minute on 2 cores.

Agencies report in five consecutive years of one form; each year keeps seven in ten sentences of the year before, and a
county's agencies share one in ten. Run: .venv/bin/python tests/benchmarks/bench_measures.py [REPORTS]
"""

from __future__ import annotations

import random
import resource
import sys
import time
from collections import Counter
from itertools import pairwise

from generate import make_sentence

from gknlp.engines.local import LocalEngine
from gknlp.measures import MeasuredReport, Prose, measure_run

YEARS = range(2021, 2026)
SENTENCES = {"overview": 35, "problems": 15, "plans": 12}
KEPT, SHARED = 0.7, 0.1


def make_reports(number: int, seed: int) -> list[MeasuredReport]:
    """`number` reports of `number / 5` agencies."""
    rng = random.Random(seed)
    common = ["".join(make_sentence(rng, "本县")) for _ in range(200)]
    reports = []
    for agency in range(-(-number // len(YEARS))):
        name = f"第{agency}局"
        body: dict[str, list[str]] = {}
        for year in YEARS:
            for section, count in SENTENCES.items():
                before = body.get(section, [])
                body[section] = [
                    before[at] if before and rng.random() < KEPT
                    else rng.choice(common) if rng.random() < SHARED else "".join(make_sentence(rng, name))
                    for at in range(count)
                ]
            texts = {section: "".join(sentences) for section, sentences in body.items()}
            prose = tuple(Prose(section, f"本报告依法编制。{text}", text) for section, text in texts.items())
            county, function = f"第{agency // 30}县", str(agency % 20)
            reports.append(
                MeasuredReport(f"{agency:05}-{year}", prose, name, year, "2021", county, None, function)
            )
    return reports[:number]


def main(number: int) -> None:
    reports = make_reports(number, seed=1)
    letters = sum(len(prose.text) for report in reports for prose in report.prose)
    print(f"{number} reports made, {letters / number:.0f} characters each", flush=True)
    marks: list[float] = []
    began, started = time.perf_counter(), time.process_time()
    with LocalEngine(2) as engine:
        rows = measure_run(
            reports, engine=engine,
            progress=lambda stage, *_: marks.append(time.process_time()) if stage == "measure" else None,
        )
    seconds = time.perf_counter() - began
    worked = time.process_time() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{number} reports in {seconds:.1f} s (target for 5,000: < 60); this process worked {worked:.1f} s, two "
          f"others cut sentences; {len(rows)} rows, {peak:.0f} MB")
    print("of them by step:", *(f"{b - a:.1f}" for a, b in pairwise([started, *marks])))
    values = Counter(row.measure for row in rows if row.value is not None)
    print(", ".join(f"{name} {count}" for name, count in sorted(values.items())))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5000)

"""Reading statutory tables: random filled forms in every shape; right, solved, uncertain cells and ms per table set.

Prints one line a shape (TABLES forms each, default 560 in nine shapes and 80 adversarial runs: over 5,000), then the
median and worst time of one form of digit runs. Exit 1 where a cell has a wrong value, a digit run takes more than
50 ms in the median, or one form more than WORST seconds.

Run: .venv/bin/python tests/benchmarks/bench_tables.py [TABLES]
"""

from __future__ import annotations

import statistics
import sys
import time
from collections import Counter
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from table_writer import SHAPES, Filled, fill, write

from gknlp.tables import read_tables
from gknlp.types import Report

MEDIAN_MS, WORST = 50.0, 2.0


def outcome(filled: Filled, report: Report, counts: Counter[str]) -> float:
    """Read one report, count how its cells came out, return the seconds."""
    began = time.perf_counter()
    cells = read_tables(report)
    spent = time.perf_counter() - began
    have = {(c.table, c.block, c.row, c.column): c for c in cells}
    for key, value in filled.truth().items():
        cell = have.get(key)
        counts["cells"] += 1
        if cell is None or cell.state in ("absent", "blank"):
            counts["lost"] += 1
        elif cell.state == "uncertain":
            counts["uncertain"] += 1
            counts["among alternatives"] += value in cell.alternatives
        elif cell.value == value:
            counts["right"] += 1
            counts["solved"] += cell.state == "solved"
        else:
            counts["wrong"] += 1
    return spent


def adversarial(random: Random) -> Report:
    """Digit runs made to have very many splits: long rows of 1 and 2, and of small numbers."""
    text = write(fill(random, random.choice(("2019", "2021")), 2), "digit run").text
    for label in ("一、本年新收政府信息公开申请数量", "（七）总计", "3.补正后申请内容仍不明确"):
        at = text.index(label) + len(label)
        text = text[:at] + "".join(random.choice("1122345") for _ in range(random.randint(18, 46))) + text[at:]
    return Report("", "", "", text)


def main(number: int) -> int:
    bad = False
    times: list[float] = []
    for shape in SHAPES:
        counts: Counter[str] = Counter()
        spent = []
        for seed in range(number):
            random = Random(seed)
            filled = fill(random, random.choice(("2019", "2021")))
            spent.append(outcome(filled, write(filled, shape), counts))
        n = counts["cells"]
        print(
            f"{shape:12} {number} forms  right {counts['right'] / n:.4f}  solved {counts['solved'] / n:.4f}  uncertain "
            f"{counts['uncertain'] / n:.4f} (truth listed in {counts['among alternatives']}/{counts['uncertain']})"
            f"  lost {counts['lost']}  wrong {counts['wrong']}  {1000 * statistics.mean(spent):.1f} ms"
        )
        bad |= counts["wrong"] > 0 or counts["lost"] > 0
        if shape == "digit run":
            times = spent
    hard = []
    for seed in range(80):
        report = adversarial(Random(seed))
        began = time.perf_counter()
        read_tables(report)
        hard.append(time.perf_counter() - began)
    median = 1000 * statistics.median(times)
    print(f"digit runs: median {median:.1f} ms, worst {1000 * max(times):.0f} ms; "
          f"adversarial: median {1000 * statistics.median(hard):.0f} ms, worst {1000 * max(hard):.0f} ms")
    return int(bad or median > MEDIAN_MS or max(*times, *hard) > WORST)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 560))

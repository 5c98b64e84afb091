"""Time, memory, recall and precision of reuse on generated corpora: `python tests/benchmarks/bench_reuse.py [N ...]`.

Prints one line per size (default 1000 and 5000), with two processes and DuckDB, and the scores by kind of alteration.
"""

from __future__ import annotations

import resource
import sys
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parents[2]))


from generate import ALTERATIONS, generate

from gknlp.calibrate.scoring import score, spans_of, spans_of_cases
from gknlp.engines import LocalEngine
from gknlp.reuse import find_reuse


def peak_megabytes() -> float:
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return (own + 2 * resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1024


def main(sizes: list[int]) -> None:
    for size in sizes:
        corpus = generate(size, seed=7, family=0.05)
        family = {text.report_id for text in corpus.texts[: int(size * 0.05)]}
        with LocalEngine(2) as engine:
            began = perf_counter()
            reuse = find_reuse(corpus.texts, engine=engine)
            seconds = perf_counter() - began
        passages = [p for p in reuse.passages if not (p.a_report in family and p.b_report in family)]
        result = score(spans_of_cases(corpus.cases), spans_of(passages))
        print(
            f"{size} reports: {seconds:.1f} s, {peak_megabytes():.0f} MB, {len(passages)} passages beside the family; "
            f"recall {result.recall:.3f} precision {result.precision:.3f} granularity {result.granularity:.3f} "
            f"plagdet {result.plagdet:.3f}"
        )
        found = spans_of(passages)
        for how in ALTERATIONS:
            cases = spans_of_cases([case for case in corpus.cases if case.alteration == how])
            part = score(cases, found)
            print(f"  {how:10} n={len(cases):4} recall {part.recall:.3f} granularity {part.granularity:.3f}")


if __name__ == "__main__":
    main([int(argument) for argument in sys.argv[1:]] or [1000, 5000])

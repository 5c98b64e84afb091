"""Which reports are compared at all: pairs that share rare seeds, never all pairs.

A seed is an 8-gram of the masked view that is a closed syncmer (Edgar, PeerJ 2021, 9:e10805): of the 2-grams in it, the
one with the least hash stands first or last. The choice depends on the 8-gram alone, so a copy has the same seeds as
its
source; about 2 in 7 are seeds, and every run of at least 13 view characters without a break contains one. Hence every
verbatim run of 20 characters has seeds, and where one of them stands in at most `CAP` reports the pair is proposed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import floor, sqrt
from typing import Any

from gknlp.reuse.mask import SIGNS
from gknlp.reuse.view import BREAKS
from gknlp.types import Engine

SEED = 8
_INNER = 2
# A run of this many view characters always holds a seed (SEED + SEED - _INNER - 1).
SEED_WINDOW = 2 * SEED - _INNER - 1
# Each holder of a seed is paired with the first CAP holders, in order of date: up to CAP + 1 reports that is all pairs,
# beyond it a star, so that a family of n look-alikes costs CAP * n pairs. More holders than that share a template or a
# phrase, where one link to the earliest holders is enough to find the family. (research/measures.md asks for <= 5 or 2
# %.)
CAP = 10
# Seeds of more slots than this say nothing: "number number name number".
_MOST_SLOTS = 4
# From this many reports on, a seed that stands in most of them is a phrase of the genre.
GENRE_REPORTS = 30
_MIX, _MULTIPLY_1, _MULTIPLY_2 = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB

# The relational step, in the SQL that DuckDB and Spark share. Reports are numbered in order of date. The weight of a
# pair
# is the sum of 1/sqrt(holders) over its seeds, in whole millionths: integers add to the same sum in any order.
PAIRS_SQL = """
WITH held AS (
  SELECT gram, COUNT(*) AS holders FROM seeds GROUP BY gram HAVING COUNT(*) >= 2 AND COUNT(*) <= {ceiling}
), placed AS (
  SELECT s.report, s.gram, h.holders, ROW_NUMBER() OVER (PARTITION BY s.gram ORDER BY s.report) AS place
  FROM seeds s JOIN held h ON h.gram = s.gram
), shared AS (
  SELECT e.report AS earlier, l.report AS later, SUM(CAST(FLOOR(1e6 / SQRT(l.holders)) AS BIGINT)) AS weight
  FROM placed l JOIN placed e ON e.gram = l.gram AND e.place <= {cap} AND e.place < l.place
  GROUP BY e.report, l.report
), allowed AS (
  SELECT s.earlier, s.later, s.weight FROM shared s
  JOIN reports e ON e.report = s.earlier JOIN reports l ON l.report = s.later
  WHERE e.agency <> l.agency AND e.reference + l.reference < 2
), sides AS (
  SELECT earlier AS report, later AS other, weight FROM allowed
  UNION ALL SELECT later AS report, earlier AS other, weight FROM allowed
), ranked AS (
  SELECT report, other, ROW_NUMBER() OVER (PARTITION BY report ORDER BY weight DESC, other) AS place FROM sides
)
SELECT DISTINCT LEAST(report, other) AS a, GREATEST(report, other) AS b FROM ranked WHERE place <= {best}
ORDER BY a, b
"""


def seeds_of(text: str) -> Any:  # noqa: ANN401  (numpy is imported where used)
    """The distinct seeds of a masked view as a sorted int64 array of stable 63-bit hashes. Cost: linear."""
    import numpy as np

    return np.unique(seed_places(text)[0])


def mark_seeds(text: str, chosen: Any, marks: bytes) -> bytes:  # noqa: ANN401
    """`marks` with 1 for every character of the masked view in one of the (sorted) `chosen` seeds."""
    import numpy as np

    hashes, places = seed_places(text)
    if not len(chosen) or not len(hashes):
        return marks
    at = np.minimum(np.searchsorted(chosen, hashes), len(chosen) - 1)
    made = bytearray(marks)
    for place in places[chosen[at] == hashes].tolist():
        made[place : place + SEED] = b"\1" * SEED
    return bytes(made)


def seed_places(text: str) -> tuple[Any, Any]:
    """The seeds of a masked view in order of place: their hashes (int64) and where they begin."""
    import numpy as np

    codes = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    count = len(codes) - SEED + 1
    if count < 1:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    inner = _mix(codes[:-1] * np.uint64(0x1F123BB5) + codes[1:])
    least = np.lib.stride_tricks.sliding_window_view(inner, SEED - _INNER + 1).argmin(axis=1)
    grams = np.zeros(count, dtype=np.uint64)
    for at in range(SEED):
        grams = grams * np.uint64(_MIX) + codes[at : at + count]
    breaks = _count_in_window(np.isin(codes, [ord(sign) for sign in sorted(BREAKS)]), count)
    low, high = (np.uint64(ord(sign)) for sign in (min(SIGNS.values()), max(SIGNS.values())))
    slots = _count_in_window((codes >= low) & (codes <= high), count)
    chosen = ((least == 0) | (least == SEED - _INNER)) & (breaks == 0) & (slots <= _MOST_SLOTS)
    return (_mix(grams[chosen]) >> np.uint64(1)).astype(np.int64), np.flatnonzero(chosen)


def _mix(values: Any) -> Any:  # noqa: ANN401
    """The finalizer of splitmix64: spreads the values over 64 bits, the same on every machine."""
    import numpy as np

    values = values + np.uint64(_MIX)
    values = (values ^ (values >> np.uint64(30))) * np.uint64(_MULTIPLY_1)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(_MULTIPLY_2)
    return values ^ (values >> np.uint64(31))


def _count_in_window(marks: Any, count: int) -> Any:  # noqa: ANN401
    import numpy as np

    sums = np.concatenate(([0], np.cumsum(marks)))
    return sums[SEED : SEED + count] - sums[:count]


def genre_ceiling(reports: int) -> int:
    """The most reports a seed may stand in: half of them, in runs large enough to say so; else all."""
    return reports // 2 if reports >= GENRE_REPORTS else reports


def seeds_above(seeds: Sequence[Any], ceiling: int) -> Any:  # noqa: ANN401
    """Sorted seeds that stand in more than `ceiling` reports; none in runs below GENRE_REPORTS. Cost: linear.

    The hash space is worked through in 32 parts, so that never all seeds are held at once.
    """
    import numpy as np

    if len(seeds) < GENRE_REPORTS:
        return np.empty(0, dtype=np.int64)
    bounds = [part << 58 for part in range(1, 32)]
    cuts = [[0, *np.searchsorted(found, bounds).tolist(), len(found)] for found in seeds]
    above = []
    for part in range(len(bounds) + 1):
        parts = [found[cut[part] : cut[part + 1]] for found, cut in zip(seeds, cuts, strict=True)]
        grams, holders = np.unique(np.concatenate(parts), return_counts=True)
        above.append(grams[holders > ceiling])
    return np.concatenate(above)


def propose_pairs(
    seeds: Sequence[Any], agencies: Sequence[int], references: Sequence[bool], best: int, engine: Engine | None
) -> list[tuple[int, int]]:
    """Pairs `(a, b)`, a < b, in order, of reports (numbered in order of date) that are worth aligning.

    A pair is proposed if each of the two, or one, has the other among its `best` by weight (ties: the smaller number).
    Pairs inside one agency and between two references are left out. `engine=None` computes the same in plain Python.
    """
    if len(seeds) < 2:
        return []
    ceiling = genre_ceiling(len(seeds))
    if engine is None:
        return _pairs_in_python([found.tolist() for found in seeds], agencies, references, best, ceiling)
    import numpy as np

    numbers = np.repeat(np.arange(len(seeds), dtype=np.int32), [len(found) for found in seeds])
    tables: Mapping[str, Mapping[str, Any]] = {
        "seeds": {"report": numbers, "gram": np.concatenate(seeds)},
        "reports": {
            "report": np.arange(len(seeds), dtype=np.int32), "agency": np.asarray(agencies, dtype=np.int32),
            "reference": np.asarray(references, dtype=np.int32),
        },
    }
    rows = engine.query(PAIRS_SQL.format(ceiling=ceiling, cap=CAP, best=best), tables)
    return [(int(a), int(b)) for a, b in rows]


def _pairs_in_python(
    seeds: Sequence[Sequence[int]], agencies: Sequence[int], references: Sequence[bool], best: int, ceiling: int
) -> list[tuple[int, int]]:
    """What PAIRS_SQL says, step by step; the oracle of the engines."""
    holders: dict[int, list[int]] = defaultdict(list)
    for report, found in enumerate(seeds):
        for gram in found:
            holders[gram].append(report)
    weights: dict[tuple[int, int], int] = defaultdict(int)
    for reports in holders.values():
        if 2 <= len(reports) <= ceiling:
            weight = floor(1e6 / sqrt(len(reports)))
            for place, later in enumerate(reports):
                for earlier in reports[: min(place, CAP)]:
                    weights[earlier, later] += weight
    sides: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for (earlier, later), weight in weights.items():
        if agencies[earlier] != agencies[later] and not (references[earlier] and references[later]):
            sides[earlier].append((-weight, later))
            sides[later].append((-weight, earlier))
    chosen = ((report, other) for report, found in sides.items() for _, other in sorted(found)[:best])
    return sorted({(min(pair), max(pair)) for pair in chosen})

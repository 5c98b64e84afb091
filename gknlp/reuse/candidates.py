"""Which reports are compared at all: pairs that share rare seeds, never all pairs.

A seed is an 8-gram of the masked view that is a closed syncmer (Edgar, PeerJ 2021, 9:e10805): of the 2-grams in it, the
one with the least hash stands first or last. The choice depends on the 8-gram alone, so a copy has the same seeds as
its source; about 2 in 7 are seeds, and every run of at least 13 view characters without a break contains one. Hence
every verbatim run of 20 characters has seeds, and where one of them stands in at most `CAP` reports the pair is
proposed. A pair with one seed in common and other text on both sides of it shares no such run and is not; nor is one
that shares nothing but set sentences, unless they are many.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from gknlp.reuse.characters import code_points
from gknlp.reuse.mask import SIGNS
from gknlp.reuse.view import BREAKS, View
from gknlp.types import Engine

SEED = 8
_INNER = 2
# A run of this many view characters always holds a seed (SEED + SEED - _INNER - 1).
SEED_WINDOW = 2 * SEED - _INNER - 1
# Where a run of 20 view characters holds a seed, it also holds this many characters before the seed or after it.
BESIDE = 6
# Each holder of a seed is paired with the first CAP holders, in order of date: up to CAP + 1 reports that is all pairs,
# beyond it a star, so that a family of n look-alikes costs CAP * n pairs. More holders than that share a template or a
# phrase, where one link to the earliest holders is enough to find the family (research/measures.md asks for <= 5 or
# 2 %).
CAP = 10
# Seeds of more slots than this say nothing: "number number name number".
_MOST_SLOTS = 4
# From this many reports on, wording of more than CAP places is frequent, and of more than half of them of the genre; …
GENRE_REPORTS = 30
# … unless it is this part of a report or more: that is no phrase but a text that most of a run have in common.
MOST_GENRE = 0.4
_MIX, _MULTIPLY_1, _MULTIPLY_2 = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB

# What a seed says about a report: nothing of note, wording of many places, phrase of the genre.
ORDINARY, FREQUENT, GENRE = range(3)

# A pair that has only frequent seeds in common shares a set sentence or two; this many are some 85 letters of them.
LOOK_ALIKE_SEEDS = 24

# The relational step, in the SQL that DuckDB and Spark share. Reports are numbered in order of date; `once` is 1 where
# a report has the seed for the first time, `often` 1 for frequent wording. The weight of a pair is the sum of
# 1/sqrt(holders) over its seeds, in whole millionths: integers add to the same sum in any order.
PAIRS_SQL = """
WITH held AS (
  SELECT gram, SUM(once) AS holders FROM seeds GROUP BY gram HAVING SUM(once) >= 2
), placed AS (
  SELECT s.report, s.gram, s.ahead, s.behind, s.once, s.often, CAST(FLOOR(1e6 / SQRT(h.holders)) AS BIGINT) AS weight,
    DENSE_RANK() OVER (PARTITION BY s.gram ORDER BY s.report) AS place
  FROM seeds s JOIN held h ON h.gram = s.gram
), shared AS (
  SELECT e.report AS earlier, l.report AS later,
    SUM(e.once * l.once * (1 - l.often)) AS rare, SUM(e.once * l.once * (1 - l.often) * l.weight) AS rare_weight,
    SUM(e.once * l.once * l.often) AS often, SUM(e.once * l.once * l.often * l.weight) AS often_weight,
    MAX(CASE WHEN l.often = 0 AND ((e.ahead = l.ahead AND e.ahead > 0) OR (e.behind = l.behind AND e.behind > 0))
      THEN 1 ELSE 0 END) AS longer
  FROM placed l JOIN placed e ON e.gram = l.gram AND e.place <= {cap} AND e.place < l.place
  GROUP BY e.report, l.report
), allowed AS (
  SELECT s.earlier, s.later, s.rare_weight + CASE WHEN s.often >= {alike} THEN s.often_weight ELSE 0 END AS weight
  FROM shared s JOIN reports e ON e.report = s.earlier JOIN reports l ON l.report = s.later
  WHERE e.agency <> l.agency AND e.reference + l.reference < 2
    AND (s.rare > 1 OR s.longer = 1 OR s.often >= {alike})
), sides AS (
  SELECT earlier AS report, later AS other, weight FROM allowed
  UNION ALL SELECT later AS report, earlier AS other, weight FROM allowed
), ranked AS (
  SELECT report, other, ROW_NUMBER() OVER (PARTITION BY report ORDER BY weight DESC, other) AS place FROM sides
)
SELECT DISTINCT LEAST(report, other) AS a, GREATEST(report, other) AS b FROM ranked WHERE place <= {best}
ORDER BY a, b
"""


class Seeds(NamedTuple):
    """The seeds of one view in order of place, as arrays: stable 63-bit hash, where it begins, hashes of the BESIDE
    characters before and behind it (0: there are not so many), and 1 where the view has it for the first time, else 0.
    """

    grams: Any
    places: Any
    ahead: Any
    behind: Any
    once: Any


def find_seeds(text: str) -> Seeds:
    """The seeds of a masked view. Cost: linear."""
    import numpy as np

    grams, places = seed_places(text)
    codes = code_points(text).astype(np.uint64)
    around = _rolling(codes, BESIDE)
    ahead, behind = (np.zeros(len(places), dtype=np.int32) for _ in range(2))
    # Places are in order: the first have nothing ahead of them, the last nothing behind.
    near = np.searchsorted(places, BESIDE)
    ahead[near:] = _hash_beside(around[places[near:] - BESIDE])
    near = np.searchsorted(places, len(around) - SEED)
    behind[:near] = _hash_beside(around[places[:near] + SEED])
    once = np.zeros(len(places), dtype=np.int8)
    once[np.unique(grams, return_index=True)[1]] = 1
    return Seeds(grams, places.astype(np.int32), ahead, behind, once)


def seed_places(text: str) -> tuple[Any, Any]:
    """The seeds of a masked view in order of place: their hashes (int64) and where they begin."""
    import numpy as np

    codes = code_points(text).astype(np.uint64)
    count = len(codes) - SEED + 1
    if count < 1:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    inner = _mix(codes[:-1] * np.uint64(0x1F123BB5) + codes[1:])
    last = SEED - _INNER
    before = _least_in_window(inner, last)[:count]
    # Of equals the first is least.
    chosen = (inner[last:] < before) | (inner[:count] == np.minimum(before, inner[last:]))
    low, high = (np.uint64(ord(sign)) for sign in (min(SIGNS.values()), max(SIGNS.values())))
    silent = np.zeros(len(codes) + 1, dtype=np.int64)
    silent[1:] = (codes >= low) & (codes <= high)
    for sign in BREAKS:
        silent[1:][codes == ord(sign)] = _MOST_SLOTS + 1
    sums = np.cumsum(silent)
    places = np.flatnonzero(chosen & (sums[SEED:] - sums[:count] <= _MOST_SLOTS))
    return (_mix(_rolling(codes, SEED)[places]) >> np.uint64(1)).astype(np.int64), places


def _least_in_window(values: Any, length: int) -> Any:  # noqa: ANN401  (numpy is imported where used)
    """The least of each `length` values in a row."""
    import numpy as np

    covered = 1
    while covered < length:
        step = min(covered, length - covered)
        values = np.minimum(values[:-step], values[step:])
        covered += step
    return values


def _rolling(codes: Any, length: int) -> Any:  # noqa: ANN401
    """A number per n-gram of `length` characters, in order of place: a polynomial in _MIX, from those of its halves."""
    import numpy as np

    if length == 1:
        return codes
    half = length // 2
    grams = _rolling(codes, half)
    grams = grams[:-half] * np.uint64(pow(_MIX, half, 1 << 64)) + grams[half:]
    return grams[:-1] * np.uint64(_MIX) + codes[length - 1 :] if length % 2 else grams


def _hash_beside(grams: Any) -> Any:  # noqa: ANN401
    import numpy as np

    return (_mix(grams) >> np.uint64(34)).astype(np.int32) | 1


def _mix(values: Any) -> Any:  # noqa: ANN401
    """The finalizer of splitmix64: spreads the values over 64 bits, the same on every machine."""
    import numpy as np

    values = values + np.uint64(_MIX)
    values = (values ^ (values >> np.uint64(30))) * np.uint64(_MULTIPLY_1)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(_MULTIPLY_2)
    return values ^ (values >> np.uint64(31))


def judge_seeds(seeds: Sequence[Seeds], places: Sequence[int]) -> list[Any]:
    """What each seed of each report says (ORDINARY … GENRE), one uint8 array per report in the order of its seeds.

    FREQUENT stands in more than CAP of `places` (a number per report: who could have one template in common), GENRE in
    more than half of them besides. Fewer reports than GENRE_REPORTS have neither. Cost: n log n in all seeds.
    """
    import numpy as np

    lengths = [len(found.grams) for found in seeds]
    if not sum(lengths):
        return [np.zeros(0, dtype=np.uint8) for _ in seeds]
    grams = np.concatenate([found.grams for found in seeds])
    owner = np.repeat(np.asarray(places, dtype=np.int32), lengths)
    order = np.lexsort((owner, grams))
    new = np.append(True, np.diff(grams[order]) != 0)
    number = np.cumsum(new) - 1
    in_places = np.bincount(number, weights=new | np.append(True, np.diff(owner[order]) != 0))
    said = np.full(len(in_places), ORDINARY, dtype=np.uint8)
    if len(seeds) >= GENRE_REPORTS:
        said[in_places > CAP] = FREQUENT
        said[in_places > max(CAP, len(set(places)) // 2)] = GENRE
    by_row = np.empty(len(grams), dtype=np.uint8)
    by_row[order] = said[number]
    return np.split(by_row, np.cumsum(lengths)[:-1])


def mark_view(view: View, seeds: Seeds, said: Any) -> View:  # noqa: ANN401
    """The view with its frequent wording marked; phrases of the genre are fixed and weigh nothing.

    Where most of a run have most of their text in common, that is frequent wording, and no phrase.
    """
    import numpy as np

    genre, often = (np.zeros(len(view.text), dtype=bool) for _ in range(2))
    for marks, wanted in ((genre, GENRE), (often, FREQUENT)):
        for place in seeds.places[said == wanted].tolist():
            marks[place : place + SEED] = True
    if genre.sum() >= MOST_GENRE * len(view.text):
        genre, often = np.zeros(len(view.text), dtype=bool), genre | often
    fixed = np.frombuffer(view.fixed, dtype=np.uint8) | genre
    weights = np.frombuffer(view.weights, dtype=np.uint8) * (fixed == 0).astype(np.uint8)
    return replace(view, fixed=fixed.tobytes(), frequent=often.tobytes(), weights=weights.tobytes())


def propose_pairs(
    seeds: Sequence[Seeds], said: Sequence[Any], who: Sequence[tuple[int, bool]], best: int, engine: Engine | None
) -> list[tuple[int, int]]:
    """Pairs `(a, b)`, a < b, in order, of reports (numbered in order of date) that are worth aligning.

    `said` is what `judge_seeds` says, `who` the number of the agency and whether the report is a reference. A pair is
    proposed if each of the two, or one, has the other among its `best` by weight (ties: the smaller number). Pairs
    inside one agency and between two references are left out, those with one seed in common that has other text before
    and behind it, and those with less than LOOK_ALIKE_SEEDS, all of them frequent. `engine=None` computes the same with
    numpy.
    """
    if len(seeds) < 2:
        return []
    import numpy as np

    numbers = np.arange(len(seeds), dtype=np.int32)
    tables = {
        "seeds": {
            "report": np.repeat(numbers, [len(found.grams) for found in seeds]),
            "gram": np.concatenate([found.grams for found in seeds]),
            "ahead": np.concatenate([found.ahead for found in seeds]),
            "behind": np.concatenate([found.behind for found in seeds]),
            "once": np.concatenate([found.once for found in seeds]),
            "often": np.concatenate([np.asarray(found != ORDINARY, dtype=np.int8) for found in said]),
        },
        "reports": {
            "report": numbers, "agency": np.array([agency for agency, _ in who], dtype=np.int32),
            "reference": np.array([reference for _, reference in who], dtype=np.int32),
        },
    }
    if engine is None:
        return _pairs_in_numpy(tables, best)
    sql = PAIRS_SQL.format(cap=CAP, alike=LOOK_ALIKE_SEEDS, best=best)
    return [(int(a), int(b)) for a, b in engine.query(sql, tables)]


def _pairs_in_numpy(tables: Mapping[str, Mapping[str, Any]], best: int) -> list[tuple[int, int]]:
    """What PAIRS_SQL says of the same tables, by sorting. Memory: some 60 bytes for each meeting of two seeds."""
    import numpy as np

    reports = tables["reports"]
    earlier, later, rare, weight = _common_seeds(tables["seeds"])
    kept = (reports["agency"][earlier] != reports["agency"][later]) & (
        (reports["reference"][earlier] + reports["reference"][later]) < 2
    ) & rare
    earlier, later, weight = earlier[kept], later[kept], weight[kept]
    report, other = np.concatenate((earlier, later)), np.concatenate((later, earlier))
    order = np.lexsort((other, -np.concatenate((weight, weight)), report))
    report, other = report[order], other[order]
    # The first `best` of each report: those that have the same report `best` places before them come too late.
    chosen = np.ones(len(report), dtype=bool)
    chosen[best:] = report[best:] != report[:-best]
    report, other = report[chosen].astype(np.int64), other[chosen].astype(np.int64)
    pairs = np.unique(np.minimum(report, other) * len(reports["report"]) + np.maximum(report, other))
    return list(zip(*(side.tolist() for side in np.divmod(pairs, len(reports["report"]))), strict=True))


def _common_seeds(seeds: Mapping[str, Any]) -> tuple[Any, Any, Any, Any]:
    """Pairs of reports with a seed in common, in order: earlier and later one, whether they have enough, the weight."""
    import numpy as np

    order = np.lexsort((seeds["report"], seeds["gram"]))
    seeds = {name: values[order] for name, values in seeds.items()}
    gram, report = seeds["gram"], seeds["report"]
    first = np.flatnonzero(np.append(True, gram[1:] != gram[:-1])[: len(gram)])
    sizes = np.diff(np.append(first, len(gram)))
    new = np.append(True, report[1:] != report[:-1])[: len(gram)]
    new[first] = True
    held = np.cumsum(new)
    # The place of a holder among those of its seed, from 0; how many hold it; where each of the first CAP + 1 begins.
    place = held - np.repeat(held[first], sizes)
    holders = np.repeat(np.add.reduceat(new, first, dtype=np.int64), sizes) if len(first) else place
    begins = np.flatnonzero(new)
    bound = begins[held - 1 - np.maximum(place - CAP, 0)]
    counts = bound - np.repeat(first, sizes)
    rows = np.repeat(np.arange(len(gram)), counts)
    others = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts - (bound - counts), counts)
    return _sum_meetings(seeds, np.floor(1e6 / np.sqrt(holders)).astype(np.int64), others, rows)


def _sum_meetings(
    seeds: Mapping[str, Any], weights: Any, earlier: Any, later: Any  # noqa: ANN401
) -> tuple[Any, Any, Any, Any]:
    """The meetings of rows of `seeds` added up for each pair of reports."""
    import numpy as np

    first = seeds["once"][earlier] * seeds["once"][later] == 1
    often = seeds["often"][later] == 1
    longer = np.zeros(len(later), dtype=bool)
    for side in ("ahead", "behind"):
        beside = seeds[side][later]
        longer |= (seeds[side][earlier] == beside) & (beside > 0) & ~often
    pair = seeds["report"][earlier].astype(np.int64) << 32 | seeds["report"][later]
    pairs, number = np.unique(pair, return_inverse=True)

    def count(chosen: Any, amounts: Any = None) -> Any:  # noqa: ANN401
        # Sums of whole numbers below 2^53 are exact in floating point.
        amounts = amounts if amounts is None else amounts[later[chosen]]
        return np.bincount(number[chosen], weights=amounts, minlength=len(pairs))

    alike = count(first & often) >= LOOK_ALIKE_SEEDS
    weight = count(first & ~often, weights) + alike * count(first & often, weights)
    enough = (count(first & ~often) > 1) | (count(longer) > 0) | alike
    return pairs >> 32, pairs & 0xFFFFFFFF, enough, weight.astype(np.int64)

"""Where a best match lies among unrelated reports: percentile, empirical p of "best of N", Benjamini-Hochberg q.

Every value says against how many it stands; where these are too few it is None, and the note says so.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from gknlp.resources import load_toml
from gknlp.reuse.matches import BANDS, band_of
from gknlp.types import BestMatch, Matching, Measure

# With 19 others the least p is 0.05; with 100 pairs the 99th percentile is one pair.
LEAST_REPORTS = 19
LEAST_PAIRS = 100
_SCOPES = {
    "superiors": "reports under other superiors, outside families of reuse",
    "agencies": "reports of other agencies, same superiors included, outside families of reuse",
}


@dataclass(frozen=True, slots=True)
class _Judged:
    """p of one report with the families left out of the null and with them in it, None where it is too small."""

    p: float | None
    p_families: float | None
    n: int


def judge_matches(matching: Matching) -> tuple[Measure, ...]:
    """Measures of each report of `matching.matches`, in that order, section None.

    `best_match_chars` and `best_match_share`: what the likest single report of another agency shares of the report's
    narrative (mandated wording, own past and templates left out). `best_match_percentile`: the percentage of random
    unrelated pairs in the same band of length (`matches.BANDS`) that share less. `best_match_p`: (1 + k) / (1 + n),
    where k of the n other reports of the band share as much with the likest of their unrelated partners; made good for
    the relatives they lack among N. By construction a null without families says how far chance goes in this run and
    nothing of how common copying is; `best_match_p_families` compares with the best matches as they are.
    `best_match_q`: Benjamini-Hochberg over the reports of the same year. Every ratio is None under 300 characters, the
    percentile with fewer than 100 sides of pairs, p and q with fewer than 19 reports. Cost: n log n.
    """
    pairs: dict[int, list[float]] = defaultdict(list)
    for side in matching.unrelated:
        if (band := band_of(side.n_chars)) is not None:
            pairs[band].append(side.shared / side.n_chars)
    for shares in pairs.values():
        shares.sort()
    bands: dict[int, list[BestMatch]] = defaultdict(list)
    for match in matching.matches:
        if (band := band_of(match.n_chars)) is not None:
            bands[band].append(match)
    judged = {match.report_id: _judge(match, inside) for inside in bands.values() for match in inside}
    by_year: dict[int | None, list[tuple[str, float]]] = defaultdict(list)
    for match in matching.matches:
        p = judged[match.report_id].p if match.report_id in judged else None
        if p is not None:
            by_year[match.year].append((match.report_id, p))
    adjusted: dict[str, tuple[float, int]] = {}
    for tested in by_year.values():
        values = benjamini_hochberg([p for _, p in tested])
        adjusted.update((name, (q, len(tested))) for (name, _), q in zip(tested, values, strict=True))
    return tuple(
        measure
        for match in matching.matches
        for measure in _measures(
            match, judged.get(match.report_id), pairs.get(band_of(match.n_chars) or 0, []),
            adjusted.get(match.report_id), _SCOPES[matching.scope],
        )
    )


def _judge(match: BestMatch, inside: Sequence[BestMatch]) -> _Judged:
    """Compare one best match with those of the other reports of its band."""
    share = match.shared / match.n_chars
    others = [other for other in inside if other.report_id != match.report_id]
    apart = [(o.unrelated_shared / o.n_chars, o.unrelated) for o in others if o.unrelated_shared is not None]
    if len(apart) < LEAST_REPORTS:
        return _Judged(None, None, len(apart))
    p = (1 + sum(value >= share for value, _ in apart)) / (1 + len(apart))
    # The best of N is the best of fewer to the power N / fewer; they lack their families and, maybe, their superior's.
    fewer = sum(unrelated for _, unrelated in apart) / len(apart)
    if fewer < match.others:
        p = 1 - (1 - p) ** (match.others / fewer)
    families = (1 + sum(other.shared / other.n_chars >= share for other in others)) / (1 + len(others))
    return _Judged(p, families, len(apart))


def _measures(
    match: BestMatch, judged: _Judged | None, pairs: Sequence[float], adjusted: tuple[float, int] | None, scope: str
) -> list[Measure]:
    band, n = band_of(match.n_chars), match.n_chars
    best = f"best of {match.others} reports of other agencies"

    def row(name: str, value: float | None, reference: str, size: int, note: str) -> Measure:
        return Measure(match.report_id, None, name, None if value is None else round(value, 6), reference, size, note)

    whose = f"with {match.other}" if match.other else "nothing is shared"
    rows = [row("best_match_chars", float(match.shared), best, n, f"folded characters {whose}")]
    if band is None or judged is None:
        note = f"under {BANDS[0]} characters: no ratio"
        names = ("share", "percentile", "p", "p_families", "q")
        return rows + [row(f"best_match_{name}", None, best, n, note) for name in names]
    share = match.shared / n
    like = f"{scope}, {_band_words(band)}"
    note = f"{whose}; of unrelated pairs 99 % share at most {shipped_limit():g}"
    rows.append(row("best_match_share", share, best, n, note))
    enough = len(pairs) >= LEAST_PAIRS
    percentile = 100 * bisect_left(pairs, share) / len(pairs) if enough else None
    note = "% of random pairs that share less" if enough else f"under {LEAST_PAIRS} pairs: no percentile"
    rows.append(row("best_match_percentile", percentile, f"pairs of {like}", len(pairs), note))
    note = f"{best} against as many" if judged.p is not None else f"under {LEAST_REPORTS} reports: no p"
    rows.append(row("best_match_p", judged.p, like, judged.n, note))
    rows.append(row("best_match_p_families", judged.p_families, f"all reports, {_band_words(band)}", judged.n, note))
    note = "Benjamini-Hochberg over the reports of the year" if adjusted else note
    q, tested = adjusted or (None, 0)
    rows.append(row("best_match_q", q, f"reports of {match.year or 'unknown year'}", tested, note))
    return rows


def _band_words(band: int) -> str:
    above = next((bound for bound in BANDS if bound > band), None)
    return f"{band}-{above - 1} characters" if above is not None else f"{band} characters and more"


def benjamini_hochberg(values: Sequence[float]) -> list[float]:
    """The least false discovery rates at which each p would be called a find (Benjamini & Hochberg 1995), in order.

    q of the i-th smallest of m is the least p(j) * m / j over j >= i, at most 1. No values, no rates.

    >>> benjamini_hochberg([0.01, 0.04, 0.03, 0.5])
    [0.04, 0.05333333333333334, 0.05333333333333334, 0.5]
    """
    order = sorted(range(len(values)), key=lambda place: values[place])
    rates = [1.0] * len(values)
    least = 1.0
    for rank in range(len(order), 0, -1):
        place = order[rank - 1]
        least = min(least, values[place] * len(values) / rank)
        rates[place] = least
    return rates


def shipped_limit() -> float:
    """The share that at most 1 % of unrelated pairs exceed (models/null.toml says how it was chosen)."""
    limit: float = load_toml("models/null.toml")["unrelated_p99"]
    return limit

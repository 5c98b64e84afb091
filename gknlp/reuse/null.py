"""Where a best match lies among unrelated reports: percentile, empirical p of "best of N", Benjamini-Hochberg q.

Every value says against how many it stands; where these are too few it is None, and the note says so.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gknlp.notes import MIN_CHARS, write_note
from gknlp.resources import load_toml
from gknlp.reuse.matches import BANDS, band_of
from gknlp.types import BestMatch, Matching, Measure

# With 19 others the least p is 0.05; with 100 pairs the 99th percentile is one pair.
LEAST_REPORTS = 19
LEAST_PAIRS = 100
Facts = Mapping[str, object]
# What the value of a measure is, where its name does not say it.
_VALUES = {"chars": "characters", "percentile": "percent", "p_families": "p"}


@dataclass(frozen=True, slots=True)
class _Judged:
    """p of one report with the families left out of the null and with them in it, None where it is too small."""

    p: float | None
    p_families: float | None
    n: int
    n_families: int


_UNITS = (
    ("chars", "character"), ("share", "character"), ("percentile", "side"), ("p", "report"), ("p_families", "report"),
    ("q", "report"),
)
_UNJUDGED = _Judged(None, None, 0, 0)


def judge_matches(matching: Matching) -> tuple[Measure, ...]:
    """Measures of each report of `matching.matches`, in that order, section None.

    `best_match_chars` and `best_match_share`: what the likest single report of another agency shares of the report's
    narrative (mandated wording, own past and templates left out). `best_match_percentile`: the percentage of random
    unrelated pairs in the same band of length (`matches.BANDS`) that share less. `best_match_p`: (1 + k) / (1 + n),
    where k of the n other reports of the band share as much with the likest of their unrelated partners; made good for
    the relatives they lack among N. By construction a null without families says how far chance goes in this run and
    nothing of how common copying is; `best_match_p_families` compares with the best matches as they are.
    `best_match_q`: Benjamini-Hochberg over the reports of the same year. Every ratio is None under 300 characters, the
    percentile with fewer than 100 sides of pairs, p and q with fewer than 19 reports. `n` is what `unit` in the note
    says: characters, sides of pairs, other reports of the band, reports tested. Cost: n log n.
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
            match, judged.get(match.report_id, _UNJUDGED), pairs.get(band_of(match.n_chars) or 0, []),
            adjusted.get(match.report_id), matching.scope,
        )
    )


def _judge(match: BestMatch, inside: Sequence[BestMatch]) -> _Judged:
    """Compare one best match with those of the other reports of its band."""
    share = match.shared / match.n_chars
    others = [other for other in inside if other.report_id != match.report_id]
    apart = [(o.unrelated_shared / o.n_chars, o.unrelated) for o in others if o.unrelated_shared is not None]
    if len(apart) < LEAST_REPORTS:
        return _Judged(None, None, len(apart), len(others))
    p = (1 + sum(value >= share for value, _ in apart)) / (1 + len(apart))
    # The best of N is the best of fewer to the power N / fewer; they lack their families and, maybe, their superior's.
    fewer = sum(unrelated for _, unrelated in apart) / len(apart)
    if fewer < match.others:
        p = 1 - (1 - p) ** (match.others / fewer)
    families = (1 + sum(other.shared / other.n_chars >= share for other in others)) / (1 + len(others))
    return _Judged(p, families, len(apart), len(others))


def _measures(
    match: BestMatch, judged: _Judged, pairs: Sequence[float], adjusted: tuple[float, int] | None, scope: str
) -> list[Measure]:
    band, n = band_of(match.n_chars), match.n_chars
    best: Facts = {"run": "all", "documents": match.others, "agencies": "others", "report": match.other}
    characters: Facts = {"unit": "character", "stripped": "tables,skeleton"}

    def row(name: str, value: float | None, reference: Facts, size: int, note: Facts) -> Measure:
        shown = None if value is None else round(value, 6)
        about = write_note({"value": _VALUES.get(name, name), **note})
        return Measure(match.report_id, None, f"best_match_{name}", shown, write_note(reference), size, about)

    if not match.others:
        lack = "no other agency"
        return [
            row(name, None, best, n if unit == "character" else 0, {"unit": unit, "reason": lack})
            for name, unit in _UNITS
        ]
    rows = [row("chars", float(match.shared), best, n, characters)]
    short: Facts = {"least": MIN_CHARS, "reason": "short" if band is None else None}
    counts: Facts = {"count": match.shared, "of": n} if band is None else {}
    share = match.shared / n if band is not None else None
    limits: Facts = {"best_of": match.others, "unrelated_p99": shipped_limit()}
    rows.append(row("share", share, best, n, {**characters, **limits, **short, **counts}))
    near: Facts = {"scope": scope, "band": None if band is None else _band(band)}
    enough = share is not None and len(pairs) >= LEAST_PAIRS
    few: Facts = {} if enough or band is None else {"reason": f"under {LEAST_PAIRS} sides of pairs"}
    percentile = 100 * bisect_left(pairs, share) / len(pairs) if share is not None and enough else None
    about: Facts = {"unit": "side", "least_n": LEAST_PAIRS, **short, **few}
    rows.append(row("percentile", percentile, {"null": "unrelated_pairs", **near}, len(pairs), about))
    few = {} if judged.p is not None or band is None else {"reason": f"under {LEAST_REPORTS} reports"}
    about = {"unit": "report", "least_n": LEAST_REPORTS, "best_of": match.others, **short, **few}
    rows.append(row("p", judged.p, {"null": "unrelated_best", **near}, judged.n, about))
    families: Facts = {"null": "best", "band": near["band"]}
    rows.append(row("p_families", judged.p_families, families, judged.n_families, about))
    q, tested = adjusted or (None, 0)
    about = {"unit": "report", "adjust": "benjamini_hochberg", **short, **few}
    rows.append(row("q", q, {"run": "all", "year": match.year or "unknown"}, tested, about))
    return rows


def _band(band: int) -> str:
    """A band of length as `least-most`, the last one without an end."""
    above = next((bound for bound in BANDS if bound > band), None)
    return f"{band}-{above - 1}" if above is not None else f"{band}-"


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

"""Pairs of reports that share text: which of them get a page, and their rows put together as one page needs them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from gknlp.errors import OutputError
from gknlp.output.cases import Case, Cases, Row
from gknlp.output.html_tables import json_list
from gknlp.output.tables import Rows

Key = tuple[str, str]

# A run of few reports shows each pair that shares anything; in a large one each report keeps its strongest partners, so
# that the number of pages grows as the number of reports. Pages of a pair take 20 to 80 KB.
PAGES_IN_SMALL_RUNS = 2000
LEAST_PARTNERS = 3
# What table `pairs` tells of either side.
SHARE = ("shared", "counted", "excluded")
# Flags whose evidence is a trace of the other text.
CERTIFICATES = ("foreign_name", "foreign_year", "same_slip", "same_figures", "same_sum")


@dataclass(frozen=True, slots=True)
class Trace:
    """A certificate as a pair sees it: the flag, where it stands in which report, and its twin where there is one."""

    flag: Row
    places: Sequence[tuple[Case, int, int, str]]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two reports with what they share; `left` is the earlier one where the order is known, else the lesser id.

    Passages come by place in `left`. A row's `a_…` are the left side's where `swapped` is false. `changes` are by
    passage id, `share` is the pair's row of table `pairs`, None where the run has none.
    """

    left: Case
    right: Case
    swapped: bool
    passages: Sequence[Row]
    changes: Mapping[str, Sequence[Row]]
    share: Row | None
    traces: Sequence[Trace]

    @property
    def key(self) -> Key:
        """The two report ids, the lesser first."""
        return (self.right.report_id, self.left.report_id) if self.swapped else (
            self.left.report_id, self.right.report_id
        )

    @property
    def sides(self) -> tuple[str, str]:
        """The prefixes of the columns of the left and of the right side."""
        return ("b", "a") if self.swapped else ("a", "b")


def pair_page(key: Key) -> str:
    """The file name of a pair's page; two ids may be too long for one, so it is named by their hash."""
    return f"pair-{sha256(chr(10).join(key).encode()).hexdigest()[:16]}.html"


def choose_pairs(rows: Rows) -> list[Key]:
    """The pairs that get a page, in order: the strongest partners of each report, and every pair that a flag names.

    Strength is the number of shared characters; of equals the lesser id comes first. Copies of a file have no pairs.
    Cost: linear in the passages but for sorting; at most `LEAST_PARTNERS` pairs a report in a large run, and the flags.
    """
    known = {str(row["report_id"]) for row in rows.get("reports", ()) if not row.get("duplicate_of")}
    strength: dict[str, dict[str, int]] = {}
    for passage in rows.get("passages", ()):
        a, b = str(passage["a_report"]), str(passage["b_report"])
        if a in known and b in known:
            for here, there in ((a, b), (b, a)):
                partners = strength.setdefault(here, {})
                partners[there] = partners.get(there, 0) + int(passage["n_chars"])
    most = max(LEAST_PARTNERS, PAGES_IN_SMALL_RUNS // max(1, len(known)))
    chosen: set[Key] = set()
    for here, partners in strength.items():
        best = sorted(partners, key=lambda there: (-partners[there], there))[:most]
        chosen.update((min(here, there), max(here, there)) for there in best)
    for flag in rows.get("flags", ()):
        here = str(flag["report_id"])
        for item in json_list(flag.get("evidence")):
            there = str(item.get("report_id")) if isinstance(item, dict) else here
            if there in strength.get(here, {}):
                chosen.add((min(here, there), max(here, there)))
    return sorted(chosen)


def gather_pairs(rows: Rows, cases: Cases, keys: Sequence[Key]) -> dict[Key, Pair]:
    """The pairs of `keys` with their rows, in that order. Cost: linear in passages, changes and flags."""
    passages: dict[Key, list[Row]] = {key: [] for key in keys}
    for passage in rows.get("passages", ()):
        found = passages.get((str(passage["a_report"]), str(passage["b_report"])))
        if found is not None:
            found.append(passage)
    changes: dict[str, list[Row]] = {}
    for change in rows.get("changes", ()):
        changes.setdefault(str(change["passage_id"]), []).append(change)
    shares = pair_shares(rows)
    return {key: _pair(key, cases, passages[key], changes, shares.get(key)) for key in keys}


def pair_shares(rows: Rows) -> dict[Key, Row]:
    """The rows of table `pairs` by their two reports."""
    return {(str(row["a_report"]), str(row["b_report"])): row for row in rows.get("pairs", ())}


def side_share(here: str, there: str, shares: Mapping[Key, Row]) -> Row | None:
    """What `here` shares with `there`: `shared`, `counted` and `excluded` characters; None where they have no row."""
    share = shares.get((min(here, there), max(here, there)))
    side = "a" if here < there else "b"
    return None if share is None else {name: int(share[f"{side}_{name}"]) for name in SHARE}


def find_pair(rows: Rows, cases: Cases, first: str, second: str) -> Pair:
    """One pair of two reports of the run, `first` on the left; OutputError where a report is not there."""
    for report_id in (first, second):
        if report_id not in cases.cases:
            raise OutputError(f"The run has no report {report_id!r}.", hint="See the column report_id of reports.")
    key = (min(first, second), max(first, second))
    pair = gather_pairs(rows, cases, [key])[key]
    return pair if pair.left.report_id == first else _turned(pair)


def _turned(pair: Pair) -> Pair:
    swapped = not pair.swapped
    side = "b" if swapped else "a"
    passages = sorted(pair.passages, key=lambda p: (int(p[f"{side}_start"]), int(p[f"{side}_end"])))
    return Pair(pair.right, pair.left, swapped, passages, pair.changes, pair.share, pair.traces)


def _pair(
    key: Key, cases: Cases, passages: Sequence[Row], changes: Mapping[str, Sequence[Row]], share: Row | None
) -> Pair:
    a, b = (cases.cases[report_id] for report_id in key)
    swapped = any(passage["direction"] == "b>a" for passage in passages)
    left, right = (b, a) if swapped else (a, b)
    side = "b" if swapped else "a"
    ordered = sorted(
        passages, key=lambda p: (int(p[f"{side}_start"]), int(p[f"{side}_end"]), str(p["passage_id"]))
    )
    own = {str(p["passage_id"]): changes.get(str(p["passage_id"]), ()) for p in ordered}
    return Pair(left, right, swapped, ordered, own, share, _traces((left, right), ordered, key))


def _traces(sides: tuple[Case, Case], passages: Sequence[Row], key: Key) -> list[Trace]:
    """The certificates of either report that name the other, or that stand alone inside a passage of the two."""
    by_id = {case.report_id: case for case in sides}
    found = []
    for case in sides:
        for flag in case.rows["flags"]:
            if flag["flag"] not in CERTIFICATES:
                continue
            items = [item for item in json_list(flag.get("evidence")) if _is_placed(item)]
            if not items or any(item["report_id"] not in by_id for item in items):
                continue
            first = items[0]
            side = "a" if first["report_id"] == key[0] else "b"
            inside = any(
                p[f"{side}_start"] <= first["start"] and first["end"] <= p[f"{side}_end"] for p in passages
            )
            if inside or len(items) > 1:
                places = [(by_id[i["report_id"]], i["start"], i["end"], str(i.get("quote") or "")) for i in items]
                found.append(Trace(flag, places))
    return found


def _is_placed(item: object) -> bool:
    return (
        isinstance(item, dict) and isinstance(item.get("start"), int) and isinstance(item.get("end"), int)
        and item.get("report_id") is not None
    )

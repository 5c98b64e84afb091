"""From the tables of a run to the small DataFrames that the charts draw: what is counted, and over what.

`tables` is anything whose items are the tables as DataFrames: a `Run`, one report of it, or a plain dict. Rows that a
chart cannot place (a report set aside as a copy, a share that is null) are left out here and nowhere else.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from gknlp.errors import OutputError
from gknlp.output.cases import report_name
from gknlp.output.labels import fate_shown
from gknlp.output.tables import table_records
from gknlp.types import ROLES, SECTION_IDS

if TYPE_CHECKING:
    import pandas as pd

ORIGINS = ("formula", "own_past", "template", "peer", "own")
GRADES = (0, 1, 2, 3)
# The prior of the log-odds are the counts of all sections together, scaled by this: enough to keep a term of one report
# from the top of a section, too little to make the sections alike. Chosen by reading the terms it puts first.
PRIOR_SHARE = 0.1


class Tables(Protocol):
    """Tables by name."""

    def __getitem__(self, table: str, /) -> pd.DataFrame:
        """The table as DataFrame."""


def composition_frame(tables: Tables, by: str = "agency") -> pd.DataFrame:
    """Narrative by origin: `name`, `agency`, `year`, the five shares (they add to 1) and `n_narrative`.

    `by` is `agency` (its reports weighted by narrative characters, `year` null; least own words first, ties by name),
    `report` (a row a report, by name, which ends in the year) or `section` (mean over the reports that have it, in the
    order of a report's; `name` is its id, the columns without meaning null). Reports without narrative are left out.
    OutputError for another `by`. Cost: linear, but for sorting.
    """
    import pandas as pd

    columns = ["name", "agency", "year", *ORIGINS, "n_narrative"]
    whole = tables["composition"].dropna(subset=["own"])
    reports = _reports(tables)
    if by == "section":
        parts = whole[whole["section"].notna()]
        means = parts.groupby("section")[list(ORIGINS)].mean().reset_index(names="name")
        means = means.sort_values("name", key=lambda names: names.map(section_rank), ignore_index=True)
        return means.reindex(columns=columns)
    joined = whole[whole["section"].isna()].merge(reports, on="report_id", how="inner")
    joined["n_narrative"] = joined["n_narrative"].astype("float64").fillna(0.0)
    if by == "report":
        return joined[columns].sort_values("name", ignore_index=True)
    if by != "agency":
        raise OutputError(f"There is no composition by {by!r}.", hint="There are: agency, report, section.")
    joined["name"] = joined["agency"].where(joined["agency"].notna(), joined["name"])
    rows = []
    for name, group in joined.groupby("name", sort=True):
        weights = group["n_narrative"]
        total = float(weights.sum())
        shares = {origin: float((group[origin] * weights).sum()) / total for origin in ORIGINS} if total else {}
        rows.append({"name": name, "agency": group["agency"].iloc[0], "year": pd.NA, **shares, "n_narrative": total})
    return pd.DataFrame(rows, columns=columns).sort_values(["own", "name"], ignore_index=True)


def roles_frame(tables: Tables) -> pd.DataFrame:
    """What each part does: `section`, `role`, `n_chars` of its units, in the order of a report's parts, then of roles.

    Combinations that do not occur are absent. Cost: linear.
    """
    import pandas as pd

    units = tables["units"]
    sizes: dict[tuple[str, str], int] = {}
    for section, role, text in zip(units["section"], units["role"], units["text"], strict=True):
        sizes[section, role] = sizes.get((section, role), 0) + len(text)
    order = sorted(sizes, key=lambda pair: (section_rank(pair[0]), ROLES.index(pair[1])))
    frame = pd.DataFrame([(*pair, sizes[pair]) for pair in order], columns=["section", "role", "n_chars"])
    return frame.astype({"n_chars": "int64"})


def similarity_frame(tables: Tables, kinds: Sequence[str] = ("self", "template", "peer")) -> pd.DataFrame:
    """How much of each report's narrative stands in passages it shares with each other report.

    Columns `report_id`, `name`, `other_id`, `other_name`, `share` (0..1 of the narrative of `report_id`, overlapping
    passages counted once), `n_chars`. A pair gives two rows, as shares differ by length; pairs that share nothing give
    none. `kinds` chooses the passages. Sorted by name, then other name. Cost: linear in the passages, but for sorting.
    """
    import pandas as pd

    names = {row["report_id"]: row for row in table_records(_reports(tables))}
    stretches: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for item in table_records(tables["passages"]):
        if item["kind"] in kinds:
            for here, there in (("a", "b"), ("b", "a")):
                pair = (item[f"{here}_report"], item[f"{there}_report"])
                stretches.setdefault(pair, []).append((item[f"{here}_start"], item[f"{here}_end"]))
    rows = []
    for (here, there), spans in stretches.items():
        if here in names and there in names:
            length, narrative = covered(spans), names[here]["n_narrative"] or 0
            share = min(1.0, length / narrative) if narrative else 0.0
            rows.append((here, names[here]["name"], there, names[there]["name"], share, length))
    columns = ["report_id", "name", "other_id", "other_name", "share", "n_chars"]
    return pd.DataFrame(rows, columns=columns).sort_values(["name", "other_name", "report_id"], ignore_index=True)


def families_frame(tables: Tables) -> pd.DataFrame:
    """Families of reuse over the years: a row a member (`part` member), then a row a shared pair (`part` link).

    Columns `family` (numbered from 1, the largest first), `shape`, `part`, `role`, `agency`, `year`, and for a link
    `to_agency`, `to_year`: from the earlier to the later report where the direction is known. Cost: linear.
    """
    import pandas as pd

    names = {row["report_id"]: row for row in table_records(_reports(tables))}
    members = [item for item in table_records(tables["clusters"]) if item["report_id"] in names]
    sizes: dict[str, int] = {}
    for item in members:
        sizes[item["cluster_id"]] = sizes.get(item["cluster_id"], 0) + 1
    order = sorted(sizes, key=lambda cluster: (-sizes[cluster], cluster))
    number = {cluster: position for position, cluster in enumerate(order, start=1)}
    family_of: dict[str, set[str]] = {}
    shapes = {item["cluster_id"]: item["shape"] for item in members}
    rows: list[tuple[object, ...]] = []
    for item in members:
        family_of.setdefault(item["report_id"], set()).add(item["cluster_id"])
        who = names[item["report_id"]]
        rows.append((
            number[item["cluster_id"]], item["shape"], "member", item["role"], _agency(who), who["year"], None, None,
        ))
    for left, right in _pairs(tables):
        for cluster in sorted(family_of.get(left, set()) & family_of.get(right, set())):
            a, b = names[left], names[right]
            rows.append((
                number[cluster], shapes[cluster], "link", None, _agency(a), a["year"], _agency(b), b["year"],
            ))
    columns = ["family", "shape", "part", "role", "agency", "year", "to_agency", "to_year"]
    frame = pd.DataFrame(rows, columns=columns).astype({"family": "Int64", "year": "Int64", "to_year": "Int64"})
    return frame.sort_values(["family", "part", "year", "agency", "to_year", "to_agency"], ascending=[
        True, False, True, True, True, True,
    ], ignore_index=True)


def commitments_frame(tables: Tables) -> pd.DataFrame:
    """Plans by theme and grade: `theme` (`none` without one), `grade` 0-3, `n`; a plan of two themes counts in both.

    Sorted by theme, then grade; combinations that do not occur are absent. Cost: linear.
    """
    units = tables["units"]
    plans = units[(units["role"] == "plan") & units["specificity"].notna()]
    themes = tables["themes"].rename(columns={"unit_order": "order"})[["report_id", "order", "theme"]]
    joined = plans[["report_id", "order", "specificity"]].merge(themes, on=["report_id", "order"], how="left")
    joined["theme"] = joined["theme"].where(joined["theme"].notna(), "none")
    counted = joined.groupby(["theme", "specificity"], sort=True).size().reset_index(name="n")
    return counted.rename(columns={"specificity": "grade"})


def fates_frame(tables: Tables, kind: str = "commitment") -> pd.DataFrame:
    """What became of commitments or problems in the next year's report: `agency`, `year`, `verdict`, `n`.

    `kind` is `commitment` (`reported_done`, `restated`, `undecided`, `silent`) or `problem` (`solved`, `repeated`,
    `reworded`, `undecided`, `dropped`); undecided is what was not found although a sentence comes near. `year` is that
    of the promise. Only reports with a report of the next year have rows. Cost: linear.
    """
    follow = tables["follow"]
    chosen = follow[follow["kind"] == kind]
    told = [fate_shown(*row) for row in zip(chosen["verdict"], chosen["evidence"], strict=True)]
    chosen = chosen.assign(verdict=told)
    return chosen.groupby(["agency", "year", "verdict"], sort=True).size().reset_index(name="n")


def keywords_frame(tables: Tables, n: int = 8) -> pd.DataFrame:
    """The terms that tell each section from the others: `section`, `term`, `reports`, `z`, `rank` from 1.

    A term counts once a report and section in which it is a keyword. `z` is the log-odds ratio against all other
    sections, with an informative Dirichlet prior, over its standard error (Monroe, Colaresi and Quinn 2008, "Fightin'
    Words", equations 16, 20 and 22). Per section the `n` terms with the highest `z` above 0; ties by term. Sections in
    the order of a report's. One section alone, or one term alone, gives the most frequent terms, `z` null. Cost: linear
    in the keywords.
    """
    import pandas as pd

    keywords = tables["keywords"]
    parts = keywords[keywords["section"].notna()].drop_duplicates(["report_id", "section", "term"])
    counts: dict[str, dict[str, int]] = {}
    overall: dict[str, int] = {}
    for section, term in zip(parts["section"], parts["term"], strict=True):
        terms = counts.setdefault(section, {})
        terms[term] = terms.get(term, 0) + 1
        overall[term] = overall.get(term, 0) + 1
    rows = []
    for section in sorted(counts, key=section_rank):
        here = counts[section]
        alone = min(len(counts), len(overall)) < 2
        scores = dict.fromkeys(here) if alone else log_odds(here, overall)
        kept = sorted((-here[term] if z is None else -z, term) for term, z in scores.items() if z is None or z > 0)
        rows += [(section, term, here[term], scores[term], rank) for rank, (_, term) in enumerate(kept[:n], start=1)]
    frame = pd.DataFrame(rows, columns=["section", "term", "reports", "z", "rank"])
    return frame.astype({"reports": "int64", "z": "float64", "rank": "int64"})


def log_odds(here: dict[str, int], overall: dict[str, int]) -> dict[str, float | None]:
    """The z-score of each term of `here` against the rest of `overall`; see `keywords_frame`.

    >>> scores = log_odds({"解读": 8, "公开": 5}, {"解读": 9, "公开": 50, "培训": 30})
    >>> scores["解读"] > 1 > 0 > scores["公开"]
    True
    """
    total = sum(overall.values())
    prior_total = PRIOR_SHARE * total
    n_here = sum(here.values())
    n_rest = total - n_here
    scores: dict[str, float | None] = {}
    for term, count in here.items():
        prior = PRIOR_SHARE * overall[term]
        rest = overall[term] - count
        delta = math.log((count + prior) / (n_here + prior_total - count - prior)) - math.log(
            (rest + prior) / (n_rest + prior_total - rest - prior)
        )
        scores[term] = delta / math.sqrt(1 / (count + prior) + 1 / (rest + prior))
    return scores


def covered(spans: Iterable[tuple[int, int]]) -> int:
    """How many offsets lie in at least one of the spans.

    >>> covered([(0, 4), (2, 6), (9, 10)])
    7
    """
    length, reached = 0, 0
    for start, end in sorted(spans):
        length += max(0, end - max(start, reached))
        reached = max(reached, end)
    return length


def section_rank(section: str) -> tuple[int, str]:
    """Where a section stands in a report, for sorting; an unknown one comes last."""
    return (SECTION_IDS.index(section) if section in SECTION_IDS else len(SECTION_IDS), section)


def _reports(tables: Tables) -> pd.DataFrame:
    """The annual reports that are no copies: `report_id`, `name` (unique), `agency`, `year`, `n_narrative`."""
    reports = tables["reports"]
    kept = reports[(reports["kind"] == "annual_report") & reports["duplicate_of"].isna()]
    names = [report_name(row) for row in table_records(kept)]
    # Two reports of one agency and year (or of none) must not become one bar.
    names = [
        name if names.count(name) == 1 else f"{name} [{report_id[:6]}]"
        for name, report_id in zip(names, kept["report_id"], strict=True)
    ]
    return kept[["report_id", "agency", "year", "n_narrative"]].assign(name=names).reset_index(drop=True)


def _agency(row: Mapping[str, Any]) -> str:
    return str(row["agency"] or row["name"])


def _pairs(tables: Tables) -> list[tuple[str, str]]:
    """Pairs of reports that share a passage, the earlier report first where that is known; sorted."""
    found = set()
    for item in table_records(tables["passages"]):
        pair = (str(item["a_report"]), str(item["b_report"]))
        found.add(pair[::-1] if item["direction"] == "b>a" else pair)
    return sorted(found)

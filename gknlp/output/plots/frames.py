"""From the tables of a run to the small DataFrames that the charts draw: what is counted, and over what.

`tables` is anything whose items are the tables as DataFrames: a `Run`, one report of it, or a plain dict. Rows that a
chart cannot place (a report set aside as a copy, a share that is null) are left out here and nowhere else.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from gknlp.errors import OutputError
from gknlp.notes import MIN_CHARS
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
    """Narrative by origin: `name`, `agency`, `year`, the five shares (they add to 1) and `n_chars`, what they are of.

    `by` is `agency` (all its reports together, `year` null; least own words first, ties by name), `report` (a row a
    report, by name, which ends in the year) or `section` (all parts of that id together, in the order of a report's;
    `name` is the id, the columns without meaning null). Characters are added up, not shares. Left out are rows of
    under `MIN_CHARS` characters, which are too few for shares. OutputError for another `by`. Cost: linear, but for
    sorting.
    """
    import pandas as pd

    columns = ["name", "agency", "year", *ORIGINS, "n_chars"]
    whole = tables["composition"].dropna(subset=["own"])
    whole = whole.assign(n_chars=whole["n_chars"].astype("float64"))
    if by == "section":
        parts = _together(whole[whole["section"].notna()], "section").rename(columns={"section": "name"})
        parts = parts.sort_values("name", key=lambda names: names.map(section_rank), ignore_index=True)
        return parts.reindex(columns=columns)
    joined = whole[whole["section"].isna()].merge(_reports(tables), on="report_id", how="inner")
    if by == "report":
        joined = joined[joined["n_chars"] >= MIN_CHARS]
        return joined[columns].sort_values("name", ignore_index=True)
    if by != "agency":
        raise OutputError(f"There is no composition by {by!r}.", hint="There are: agency, report, section.")
    joined["name"] = joined["agency"].where(joined["agency"].notna(), joined["name"])
    agencies = joined.groupby("name")["agency"].first()
    frame = _together(joined, "name")
    frame["year"] = pd.NA
    frame["agency"] = frame["name"].map(agencies)
    return frame[columns].sort_values(["own", "name"], ignore_index=True)


def _together(rows: pd.DataFrame, key: str) -> pd.DataFrame:
    """Shares of all rows of a key together, weighted by `n_chars`; keys of under `MIN_CHARS` characters left out."""
    counts = rows[[key]].assign(n_chars=rows["n_chars"], **{name: rows[name] * rows["n_chars"] for name in ORIGINS})
    sums = counts.groupby(key, sort=True).sum()
    sums = sums[sums["n_chars"] >= MIN_CHARS]
    shares = sums[list(ORIGINS)].div(sums["n_chars"], axis=0)
    return shares.assign(n_chars=sums["n_chars"]).reset_index()


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
    """How much of each report's narrative each other report shares: the figures of table `pairs`.

    Columns `report_id`, `name`, `other_id`, `other_name`, `share` (0..1 of the narrative of `report_id` that counts:
    mandated wording and set phrases out), `n_chars` (shared), `counted` (what it is a share of). A pair gives two rows,
    as shares differ by length; pairs that share nothing that counts give none, nor does a side of under `MIN_CHARS`
    characters, too few for a share. `kinds` chooses pairs with a passage of one of these kinds; their share is of all
    that they share. Sorted by name, then other name. Cost: linear in pairs and passages, but for sorting.
    """
    import pandas as pd

    names = {row["report_id"]: row for row in table_records(_reports(tables))}
    passages = tables["passages"]
    chosen = passages[passages["kind"].isin(list(kinds))]
    pairs = {tuple(sorted(pair)) for pair in zip(chosen["a_report"], chosen["b_report"], strict=True)}
    rows = []
    for item in table_records(tables["pairs"]):
        if (item["a_report"], item["b_report"]) not in pairs:
            continue
        for side, other in (("a", "b"), ("b", "a")):
            here, there = item[f"{side}_report"], item[f"{other}_report"]
            shared, counted = item[f"{side}_shared"], item[f"{side}_counted"]
            if here in names and there in names and shared and counted >= MIN_CHARS:
                ids = here, names[here]["name"], there, names[there]["name"]
                rows.append((*ids, shared / counted, shared, counted))
    columns = ["report_id", "name", "other_id", "other_name", "share", "n_chars", "counted"]
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


def section_rank(section: str) -> tuple[int, str]:
    """Where a section stands in a report, for sorting; an unknown one comes last."""
    return (SECTION_IDS.index(section) if section in SECTION_IDS else len(SECTION_IDS), section)


def _reports(tables: Tables) -> pd.DataFrame:
    """The annual reports that are no copies: `report_id`, `name` (unique), `agency`, `year`."""
    reports = tables["reports"]
    kept = reports[(reports["kind"] == "annual_report") & reports["duplicate_of"].isna()]
    names = [report_name(row) for row in table_records(kept)]
    # Two reports of one agency and year (or of none) must not become one bar.
    names = [
        name if names.count(name) == 1 else f"{name} [{report_id[:6]}]"
        for name, report_id in zip(names, kept["report_id"], strict=True)
    ]
    return kept[["report_id", "agency", "year"]].assign(name=names).reset_index(drop=True)


def _agency(row: Mapping[str, Any]) -> str:
    return str(row["agency"] or row["name"])


def _pairs(tables: Tables) -> list[tuple[str, str]]:
    """Pairs of reports that share a passage, the earlier report first where that is known; sorted."""
    found = set()
    for item in table_records(tables["passages"]):
        pair = (str(item["a_report"]), str(item["b_report"]))
        found.add(pair[::-1] if item["direction"] == "b>a" else pair)
    return sorted(found)

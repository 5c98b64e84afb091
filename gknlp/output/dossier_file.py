"""One report of a run as a single HTML file for a mail: styles and scripts inside, no link out of the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from gknlp.errors import OutputError
from gknlp.output.cases import gather
from gknlp.output.dossier import made_by
from gknlp.output.dossier_pairs import report_links
from gknlp.output.html import inline_assets, render
from gknlp.output.html_page import page_values
from gknlp.output.html_tables import json_list
from gknlp.output.labels import words_in
from gknlp.output.pairs import pair_shares
from gknlp.output.run import Run
from gknlp.output.tables import TABLES, Rows, table_records

STYLES, SCRIPTS = ("style.css", "text.css", "pair.css"), ("verdicts.js", "page.js", "card.js")


def dossier_file(rows: Rows, report_id: str, info: Mapping[str, Any], lang: str) -> str:
    """The page of one report as a file of its own: same text, flags, tables and verdict buttons as in the dossier.

    Other reports are named and quoted, without a link. `report_id` may be that of a copy. OutputError where the run has
    no such report. Equal rows give equal bytes.
    """
    cases = gather(rows)
    if report_id not in cases.cases:
        raise OutputError(
            f"The run has no report {report_id!r}.",
            hint="The id is the name of the report's page in pages/, or the column report_id of the table reports.",
        )
    case, alone, words = cases.cases[report_id], replace(cases, alone=True), words_in(lang)
    values = page_values(case, alone, words) | report_links(case, alone, (set(), pair_shares(rows)), words)
    return render("report.html.j2", lang, made_by=made_by(info), inline=inline_assets(STYLES, SCRIPTS), **values)


def rows_around(run: Run, report_id: str) -> dict[str, list[dict[str, Any]]]:
    """The rows of a run that one report's page needs: its own, and of the reports it shares with or is judged by the
    row, the text and the pages.
    """
    passages, clusters, flags = run["passages"], run["clusters"], run["flags"]
    shared = passages[(passages["a_report"] == report_id) | (passages["b_report"] == report_id)]
    families = clusters[clusters["cluster_id"].isin(clusters[clusters["report_id"] == report_id]["cluster_id"])]
    quoted = [
        item.get("report_id")
        for evidence in flags[flags["report_id"] == report_id]["evidence"]
        for item in json_list(evidence) if isinstance(item, dict)
    ]
    pairs, changes = run["pairs"], run["changes"]
    near = {report_id, *shared["a_report"], *shared["b_report"], *families["report_id"], *quoted}
    rows = {
        "passages": table_records(shared), "clusters": table_records(families),
        "pairs": table_records(pairs[(pairs["a_report"] == report_id) | (pairs["b_report"] == report_id)]),
        "changes": table_records(changes[changes["passage_id"].isin(shared["passage_id"])]),
    }
    for name in TABLES:
        frame = run[name]
        if name not in rows and name != "failures":
            of = near if name in ("reports", "texts", "pages") else {report_id}
            rows[name] = table_records(frame[frame["report_id"].isin(of)])
    paths = {row["path"] for row in rows["reports"] if row["report_id"] == report_id}
    rows["failures"] = table_records(run["failures"][run["failures"]["path"].isin(paths)])
    return rows

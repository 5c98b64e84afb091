"""One report of a run as a single HTML file for a mail: styles and scripts inside, no link out of the file."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from gknlp.errors import OutputError
from gknlp.output.cases import gather
from gknlp.output.dossier import made_by
from gknlp.output.html import asset, render
from gknlp.output.html_page import page_values
from gknlp.output.html_tables import json_list
from gknlp.output.labels import words_in
from gknlp.output.run import Run
from gknlp.output.tables import TABLES, Rows, table_records

STYLES, SCRIPTS = ("style.css", "text.css"), ("verdicts.js", "page.js")


@dataclass(frozen=True, slots=True)
class Inline:
    """Styles and scripts as markup, and the hashes by which the page allows these scripts and no other."""

    styles: tuple[Any, ...]
    scripts: tuple[Any, ...]
    hashes: tuple[str, ...]


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
    values = page_values(cases.cases[report_id], replace(cases, alone=True), words_in(lang))
    return render("report.html.j2", lang, made_by=made_by(info), inline=inline_assets(), **values)


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
    near = {report_id, *shared["a_report"], *shared["b_report"], *families["report_id"], *quoted}
    rows = {"passages": table_records(shared), "clusters": table_records(families)}
    for name in TABLES:
        frame = run[name]
        if name not in rows and name != "failures":
            of = near if name in ("reports", "texts", "pages") else {report_id}
            rows[name] = table_records(frame[frame["report_id"].isin(of)])
    paths = {row["path"] for row in rows["reports"] if row["report_id"] == report_id}
    rows["failures"] = table_records(run["failures"][run["failures"]["path"].isin(paths)])
    return rows


def inline_assets() -> Inline:
    """The page's own styles and scripts, to be put into it as they are."""
    from markupsafe import Markup

    scripts = [asset(name) for name in SCRIPTS]
    hashes = (base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in scripts)
    return Inline(
        tuple(Markup(asset(name)) for name in STYLES), tuple(Markup(text) for text in scripts),
        tuple(f"'sha256-{value}'" for value in hashes),
    )

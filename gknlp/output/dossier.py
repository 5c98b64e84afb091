"""The dossier: `index.html` with the list of reports, and a page per report, pair and family in `pages/`, all offline.

The list's data stands in `pages/data.js`, loaded as a script, so that it works from disk by double click. No page asks
the network for anything. Text of reports is escaped by the templates and never becomes markup, script or link.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gknlp.output.cases import gather, page_name
from gknlp.output.dossier_pairs import ASSETS as PAIR_ASSETS
from gknlp.output.dossier_pairs import family_pages, pair_pages, report_links
from gknlp.output.html import asset, render, script_json
from gknlp.output.html_family import family_links
from gknlp.output.html_list import list_data, list_values
from gknlp.output.html_page import page_values
from gknlp.output.labels import words_in
from gknlp.output.pairs import choose_pairs, pair_shares
from gknlp.output.tables import Rows
from gknlp.resources import load_toml

PAGES = "pages"
ASSETS = ("style.css", "text.css", "verdicts.js", "list.js", "page.js")
# Families named on the list page.
MAX_FAMILIES = 30
# Labels that the list's script shows.
LIST_WORDS = {
    "ui": ("shown", "none_found", "composition_none", "reference_note"),
    "review": ("tally", "imported", "not_verdicts", "none_yet", "kept_tab"),
    "judged": ("confirmed", "dismissed", "noted"),
}


def write_dossier(folder: Path, rows: Rows, info: Mapping[str, Any], lang: str) -> None:
    """Write `index.html`, `pages/` with one page per report, its data and assets into `folder`.

    Pages are named by report id alone; a page of an earlier run that has no report any more is removed. Labels are in
    `lang` (`zh` or `en`); equal rows give equal bytes. OutputError where a report id could not be a file name.
    """
    words = words_in(lang)
    cases = gather(rows)
    pages = Path(folder) / PAGES
    (pages / "assets").mkdir(parents=True, exist_ok=True)
    for name in (*ASSETS, *PAIR_ASSETS):
        _write(pages / "assets" / name, asset(name))
    labels = load_toml("models/labels.toml")
    data = list_data(cases, words) | {
        "words": {name: labels[group][name][lang] for group, names in LIST_WORDS.items() for name in names},
        "origins": [words("origin", name) for name in ("formula", "own_past", "template", "peer", "own")],
        "severities": [words("severity", name) for name in ("high", "medium", "low")],
        "pages": PAGES,
    }
    _write(pages / "data.js", f"window.GKNLP = {script_json(data)};\n")
    maker = made_by(info)
    values = list_values(cases, words) | {"families": family_links(cases, words), "max_families": MAX_FAMILIES}
    _write(Path(folder) / "index.html", render("index.html.j2", lang, made_by=maker, **values))
    kept = set()
    keys = choose_pairs(rows)
    linked = set(keys), pair_shares(rows)
    for case in cases:
        name = page_name(case.report_id)
        kept.add(name)
        values = page_values(case, cases, words) | report_links(case, cases, linked, words)
        _write(pages / name, render("report.html.j2", lang, made_by=maker, inline=None, **values))
    for write_pages in (pair_pages, family_pages):
        for name, text in write_pages(rows, cases, keys, maker, lang):
            kept.add(name)
            _write(pages / name, text)
    for stale in sorted(pages.glob("*.html")):
        if stale.name not in kept:
            stale.unlink()


def made_by(info: Mapping[str, Any]) -> dict[str, str]:
    """What the foot of a page says of the program that wrote it."""
    return {
        "version": str(info.get("versions", {}).get("gknlp", "")), "fingerprint": str(info.get("fingerprint", "")),
    }


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")

"""Writes the pages of pairs and families beside those of the reports, and one pair alone as a file of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gknlp.output.card import card_fields, card_parts
from gknlp.output.cases import Case, Cases, Place, Row
from gknlp.output.html import inline_assets, json_text, render
from gknlp.output.html_family import family_name, family_page, family_values
from gknlp.output.html_pair import pair_values
from gknlp.output.labels import Words, words_in
from gknlp.output.pairs import Key, Pair, gather_pairs, pair_page, pair_shares, side_share
from gknlp.output.tables import Rows

ASSETS = ("pair.css", "pair.js", "card.js")


def pair_pages(
    rows: Rows, cases: Cases, keys: Sequence[Key], made_by: Mapping[str, str], lang: str
) -> Iterator[tuple[str, str]]:
    """File name and text of the page of each pair of `keys`, in order, one at a time."""
    words = words_in(lang)
    for key, pair in gather_pairs(rows, cases, keys).items():
        families = _common_families(key, cases)
        yield pair_page(key), render(
            "pair.html.j2", lang, made_by=made_by, inline=None,
            families=[(family_name(name, cases, words), family_page(name)) for name in families],
            **pair_values(pair, words),
        )


def family_pages(
    rows: Rows, cases: Cases, keys: Sequence[Key], made_by: Mapping[str, str], lang: str
) -> Iterator[tuple[str, str]]:
    """File name and text of the page of each family of which a report has a page, in the order of the families."""
    words = words_in(lang)
    shares = pair_shares(rows)
    pages = set(keys)
    for cluster_id, members in cases.families.items():
        if any(row["report_id"] in cases.cases for row in members):
            values = family_values(cluster_id, cases, shares, pages, words)
            yield family_page(cluster_id), render("family.html.j2", lang, made_by=made_by, **values)


def report_links(
    case: Case, cases: Cases, linked: tuple[set[Key], Mapping[Key, Row]], words: Words
) -> dict[str, Any]:
    """What the page of a report needs to lead to pairs and families, and for its quote cards; called by its template.

    `linked` are the pairs with a page, and the rows of table `pairs`.
    """
    pages, shares = linked
    here = case.report_id

    def pair_link(other: str) -> str:
        key = (min(here, other), max(here, other))
        return pair_page(key) if key in pages else ""

    def card_of(other: str) -> str:
        if other not in cases.cases:
            return ""
        share = side_share(here, other, shares), side_share(other, here, shares)
        return json_text(card_parts(case, cases.cases[other], share, words))

    def card_fields_of(place: Place) -> str:
        order = {"earlier": "there", "later": "here"}.get(place.direction, "none")
        pages_of = case.page_of(place.start), cases.cases[place.other].page_of(place.other_start)
        return json_text(card_fields((place.level, order, place.n_chars), pages_of, words))

    return {"pair_link": pair_link, "card_of": card_of, "card_fields_of": card_fields_of, "family_page": family_page}


def single_pair(pair: Pair, made_by: Mapping[str, str], lang: str) -> str:
    """The page of a pair as one file that needs no other: styles and scripts inside, nothing linked.

    Only its own scripts may run in it: their hashes stand in its content security policy.
    """
    inline = inline_assets(("style.css", "text.css", "pair.css"), ("pair.js", "card.js"))
    values = pair_values(pair, words_in(lang), linked=False)
    return render("pair.html.j2", lang, made_by=made_by, inline=inline, families=[], **values)


def _common_families(key: Key, cases: Cases) -> list[str]:
    mine, other = ({str(row["cluster_id"]) for row in cases.cases[i].rows["clusters"]} for i in key)
    return sorted(mine & other)

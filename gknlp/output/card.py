"""The quote card: one sentence fit to print about a passage, with both originals, their sources and what was left out.

Pages carry the sentence once per pair, as text and the names of fields in turn; a script puts in the quotations of a
passage. `card_text` does the same here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from gknlp.notes import MIN_CHARS
from gknlp.output.cases import Case, Row, report_name
from gknlp.output.labels import Words, excerpt, one_line

# What differs from passage to passage; all else is of the pair.
FIELDS = ("here_quote", "there_quote", "here_page", "there_page", "level", "n_chars", "order")
_FIELD = re.compile(r"\{(\w+)\}")


def card_parts(here: Case, there: Case, share: Sequence[Row | None], words: Words) -> list[str]:
    """The sentence as text, field, text, field … text; `share` is `pairs.side_share` of both sides.

    Text of reports can hold braces: it is put in after the sentence was taken apart, and is never a field.
    """
    values = {
        "here_name": _name(here), "there_name": _name(there), "here_source": _source(here, words),
        "there_source": _source(there, words), "share": _share(share, words),
    }
    parts = [""]
    for position, part in enumerate(_FIELD.split(words("card", "sentence"))):
        if position % 2 == 0:
            parts[-1] += part
        elif part in FIELDS:
            parts += [part, ""]
        else:
            parts[-1] += values[part]
    return parts


def card_text(parts: Sequence[str], fields: Mapping[str, str]) -> str:
    """The sentence with the fields of one passage put in."""
    return "".join(fields[part] if position % 2 else part for position, part in enumerate(parts))


def card_fields(passage: tuple[str, str, int], pages: tuple[int | None, int | None], words: Words) -> dict[str, str]:
    """The fields of a passage beside its quotations; `passage` is its level, whose words came first, its length."""
    level, order, n_chars = passage
    here, there = ("" if page is None else words("card", "page", n=page) for page in pages)
    return {
        "here_page": here, "there_page": there, "level": words("card", f"level_{level}"), "n_chars": str(n_chars),
        "order": words("card", f"order_{order}"),
    }


def share_text(row: Row) -> str:
    """A share in whole percent; `0%` only where nothing is shared, `100%` only where all is; of too little text counts.

    >>> share_text({"shared": 45, "counted": 62}), share_text({"shared": 1, "counted": 620})
    ('45/62', '<1%')
    """
    shared, counted = int(row["shared"]), int(row["counted"])
    if 0 < counted < MIN_CHARS:
        return f"{shared}/{counted}"
    if not shared or not counted:
        return "0%"
    if shared < counted:
        whole = round(100 * shared / counted)
        return "<1%" if whole < 1 else f"{min(99, whole)}%"
    return "100%"


def web_address(report: Row) -> str:
    """The address of a report where it is one of the web, else nothing: a card is no place for other schemes."""
    url = one_line(str(report.get("url") or ""))
    return url if urlsplit(url).scheme in ("http", "https") else ""


def _name(case: Case) -> str:
    return excerpt(report_name(case.report, with_year=False), 80)


def _source(case: Case, words: Words) -> str:
    report = case.report
    year = words("card", "no_year") if report.get("year") is None else words("card", "year", n=report["year"])
    published = one_line(str(report.get("published") or "")) or words("card", "no_date")
    return words(
        "card", "source", year=year, published=published, url=web_address(report) or words("card", "no_url")
    )


def _share(share: Sequence[Row | None], words: Words) -> str:
    here, there = share
    if here is None or there is None:
        return ""
    return words(
        "card", "share", here_excluded=here["excluded"], there_excluded=there["excluded"], here_counted=here["counted"],
        there_counted=there["counted"], here_share=_part(here, words), there_share=_part(there, words),
    )


def _part(share: Row, words: Words) -> str:
    """How much of what counts is shared: percent, of too little text characters."""
    few = 0 < int(share["counted"]) < MIN_CHARS
    return f"{share['shared']}{words('card', 'chars')}" if few else share_text(share)

"""The year a report is on: from its title, its period, its fields, its text, its file's name; never from the
publication date."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from gknlp.normalize import fold_width
from gknlp.read.dates import body_year, period_years
from gknlp.read.titles import YEAR, parse_title, parse_year
from gknlp.types import Found

_PREAMBLE_REACH = 3_000  # the period stands in the preamble; a later span of months is an event


def report_year(
    folded: str, bounds: tuple[int, int], titles: Iterable[Found], facts: Mapping[str, tuple[Found, ...]],
        file_name: str
) -> tuple[int | None, tuple[Found, ...], list[str]]:
    """The report year, every place that says it, and the contradictions as sentences.

    The first of title, period, the source's field, the year the body names most, and the file's name decides; only
    where period and body agree against the title they win. `folded` is the width-folded page, `bounds` are where the
    preamble begins and the last part ends. (None, (), []) where no year is told.
    """
    body, foot = bounds
    stated = [
        Found(str(parts.year), found.where, found.start, found.end)
        for found in titles
        if (parts := parse_title(found.value)) is not None and parts.year
    ]
    periods = period_years(folded, body, min(foot, body + _PREAMBLE_REACH))
    counted = body_year(folded, body, foot)
    ranked = [*stated[:1], *periods[:1]]
    ranked += [Found(str(y), f.where, f.start, f.end) for f in facts.get("year", ()) if (y := any_year(f.value))]
    ranked += [counted] if counted else []
    in_name = any_year(file_name)
    ranked += [Found(str(in_name), "file name")] if in_name else []
    if not ranked:
        return None, (), []
    chosen = ranked[0]
    if stated and periods and counted and stated[0].value != periods[0].value == counted.value:
        chosen = periods[0]
    return int(chosen.value), tuple(f for f in ranked if f.value == chosen.value), _contradictions(
        folded[body:foot], stated, periods, counted
    )


def _contradictions(body: str, stated: list[Found], periods: list[Found], counted: Found | None) -> list[str]:
    """What title, period and text say against each other."""
    if not stated:
        return []
    title = stated[0].value
    said = [f"标题写{title}年，另一处标题写{other.value}年。" for other in stated[1:] if other.value != title]
    if periods and periods[0].value != title:
        said.append(f"标题写{title}年，统计期限写{periods[0].value}年。")
    elif counted and counted.value != title and not any(str(parse_year(y)) == title for y in re.findall(YEAR, body)):
        said.append(f"标题写{title}年，正文不提该年，多写{counted.value}年。")
    return list(dict.fromkeys(said))


def any_year(text: str) -> int | None:
    """The first year that `text` names."""
    match = re.search(rf"(?<!\d){YEAR}(?!\d)", fold_width(text))
    return parse_year(match.group()) if match else None

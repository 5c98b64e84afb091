"""Which statutory form a report follows: told by the tables' labels, then by the outline with its year."""

from __future__ import annotations

import re

from gknlp.segment.sequence import Chosen
from gknlp.segment.tabletext import TableText
from gknlp.segment.view import View

_TITLE_YEAR = re.compile(r"(20\d\d)年?(?:度)?.{0,40}?(?:年度?报告|年报|信息公开|政务公开|工作报告|总结)")
_PERIOD_YEAR = re.compile(r"(20\d\d)年1月1日")
_STATUTORY_2008 = {"proactive", "requests", "fees", "review"}
# Keyword readings of a heading count for the outline, guesses by plain words (0.6) do not.
_SURE_ENOUGH = 0.65
_LAST_2008 = 2018
# Sub-headings that name so many of the four mandated subjects follow the outline of 2008.
_LEAST_TOPICS = 3
_HEAD = 1200  # the title and the period stand in the first characters of a report's page


def read_year(view: View) -> int | None:
    """The report year by the period that the preamble states, else by the title; None where neither stands."""
    head = view.text[:_HEAD]
    match = _PERIOD_YEAR.search(head) or _TITLE_YEAR.search(head)
    return int(match.group(1)) if match else None


def find_form(
    view: View, chosen: list[Chosen], topics: set[str], tables: list[TableText], year: int | None
) -> str:
    """`2008`, `2019`, `2021` or `free`.

    Labels that only one of the forms of 2019 and 2021 prints decide by majority. Without them the outline counts by
    year: until 2018 the outline of 2008 in any wording, until 2020 the form of 2019, later that of 2021 (which the
    unified outline means without a year, too). `topics` are the parts that titles of any level surely name: until 2018
    an outline whose sub-headings go through the mandated subjects is that of 2008, too. `free` where the outline names
    fewer than two of them.
    """
    marks2019 = sum(table.marks2019 for table in tables)
    marks2021 = sum(table.marks2021 for table in tables)
    if marks2019 or marks2021:
        return "2019" if marks2019 > marks2021 else "2021"
    year = year if year is not None else read_year(view)
    ids = {item.heading.section for item in chosen if item.heading.known >= _SURE_ENOUGH}
    unified = _is_unified(view, chosen, ids)
    if year is not None and year > _LAST_2008 and len(ids & _STATUTORY_2008) >= 2:
        return "2019" if year <= 2020 else "2021"
    if unified and year is None:
        return "2021"
    if any(table.kind == "statistics" for table in tables) and (year is None or year <= _LAST_2008):
        return "2008"
    if len(ids & _STATUTORY_2008) >= 2 or (ids & _STATUTORY_2008 and len(ids) >= 3):
        return "2008"
    if len(topics & _STATUTORY_2008) >= _LEAST_TOPICS and (year is None or year <= _LAST_2008):
        return "2008"
    return "free"


def _is_unified(view: View, chosen: list[Chosen], ids: set[str]) -> bool:
    """Whether the outline is that of 2019/2021 by its words."""
    if not {"proactive", "requests", "review", "problems", "other"} <= ids:
        return False
    return any(view.text.startswith("收到和处理", item.heading.title) for item in chosen)

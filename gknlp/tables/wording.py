"""What the words of a report say wrong or leave out: impossible periods, another year's wording, silent problems."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Sequence

from gknlp.normalize import fold_width
from gknlp.resources import load_toml
from gknlp.tables.checks import IDENTITIES
from gknlp.tables.figures import PROCEEDINGS, TOTAL, Figures, Target, index_cells
from gknlp.types import Cell, Check, Unit

_DATE = r"(?:(?P<{0}y>(?:19|20)\d\d)\s*年\s*)?(?P<{0}m>\d{{1,2}})\s*月\s*(?P<{0}d>\d{{1,2}})\s*[日号]"
_PERIOD = re.compile(
    r"(?:自|从)?\s*" + _DATE.format("a") + r"\s*(?:起|开始)?\s*,?\s*(?:至|到|-+|~)\s*" + _DATE.format("b")
    + r"\s*(?:止|为止|期间)?"
)
# A period of the report's own figures: these words stand near it.
_OWN_PERIOD = re.compile("统计(?:期限|时限|时间|数据|周期|截止)|所列数据|本(?:年度)?报告|数据统计|报告期")
_NEAR = 60
# How the report names itself when it says what it is, before its first part. In the work summary the same words tell
# of last year's report, which is published in the year.
_SELF = re.compile(
    r"(?:现将|现[^。;\n]{0,12}(?:公布|发布|公开)|特?编制|撰写|形成|制作)[^。;\n]{0,40}?(?P<year>(?:19|20)\d\d)\s*年(?:度)?\s*"
    r"(?:政府)?(?:信息公开|政务公开)\s*(?:工作)?\s*(?:年度)?\s*(?:工作)?报告"
)
_FIRST_PART = re.compile(r"一\s*、\s*(?:总体|概述|概况|基本|主要|主动|工作|20|政府信息)")
_PREAMBLE = 800
_PLAN = re.compile(
    r"(?P<year>20\d\d)\s*年\s*,?\s*(?:我|本|全|镇|街道|乡|县|区|市)[^,。;\n]{0,10}?"
    r"将(?:继续|进一步|以|在|按照|着力|重点|围绕|从|坚持|认真|不断)"
)


def check_text(text: str, year: int | None) -> tuple[Check, ...]:
    """Periods that cannot be and years that are not the report's, in the text of a report on `year`.

    Rules: `Y-period` (a period that ends before it begins, or a date that no calendar has: FAIL), `Y-year` (the report
    calls its own figures, or itself, by another year: FAIL), `Y-plan` (plans for a year that is over: UNCERTAIN, it may
    be a quotation). `scope` is the place, `[start, end)` in the text, `found` the words there, `expected` the report's
    year. Order: rule, then place. With `year` None only `Y-period` is judged. Empty text gives nothing. Cost: linear.

    The pipeline calls it once a report with `report.text` and `report.identity.year`; only findings give checks.
    """
    view = fold_width(text)
    checks = [*_periods(text, view), *(_other_years(text, view, year) if year is not None else ())]
    return tuple(sorted(checks, key=lambda check: check.rule))


def _periods(text: str, view: str) -> Iterator[Check]:
    """Y-period: the second year is the first one's where it is left out."""
    for match in _PERIOD.finditer(view):
        first = _day(match, "a", match["ay"])
        second = _day(match, "b", match["by"] or match["ay"])
        if first is None or second is None:
            yield _finding(text, match.span(), "Y-period", "日期不存在", None)
        elif first[0] and second[0] and second < first:
            yield _finding(text, match.span(), "Y-period", "起止日期颠倒", None)
        elif not first[0] and not second[0] and second < first and "次年" not in match.group():
            yield _finding(text, match.span(), "Y-period", "起止日期颠倒", None, "UNCERTAIN")


def _day(match: re.Match[str], side: str, year: str | None) -> tuple[int, int, int] | None:
    """The date of one side of a period, year 0 where it is not named; None where no calendar has it."""
    month, day, number = int(match[f"{side}m"]), int(match[f"{side}d"]), int(year or 0)
    if not 1 <= month <= 12 or not 1 <= day <= calendar.monthrange(number or 2024, month)[1]:
        return None
    return number, month, day


def _other_years(text: str, view: str, year: int) -> Iterator[Check]:
    for match in _PERIOD.finditer(view):
        around = view[max(0, match.start() - _NEAR) : match.end() + 10]
        stated = match["by"] or match["ay"]
        # The first report under the 2008 regulations covers May to December 2008; later ones a calendar year.
        if stated and _OWN_PERIOD.search(around) and int(stated) != year and int(match["ay"] or 0) != year:
            yield _finding(text, match.span(), "Y-year", f"统计期限不是 {year} 年", year)
    first = _FIRST_PART.search(view)
    for match in _SELF.finditer(view[: min(_PREAMBLE, first.start() if first else _PREAMBLE)]):
        if int(match["year"]) != year:
            told = f"文中自称 {match['year']} 年度报告，报告年度为 {year} 年"
            yield _finding(text, match.span(), "Y-year", told, year)
    for match in _PLAN.finditer(view):
        if int(match["year"]) <= year:
            told = f"{year} 年度报告计划 {match['year']} 年的工作"
            yield _finding(text, match.span(), "Y-plan", told, year, "UNCERTAIN")


def _finding(
    text: str, span: tuple[int, int], rule: str, told: str, year: int | None, state: str = "FAIL"
) -> Check:
    start, end = span
    quote = " ".join(text[start:end].split())
    expected = None if year is None else str(year)
    return Check(rule, f"[{start},{end})", state, expected, quote, (), "source" if state == "FAIL" else "unknown",
                 f"{told}：“{quote}”")


# ---- silence ---------------------------------------------------------------------------------------------------------


def find_silence(units: Sequence[Unit], roles: Sequence[str], cells: Sequence[Cell]) -> tuple[Check, ...]:
    """Results in an agency's own tables that its account of problems passes over.

    `units` are the narrative with their `roles` in the same order (`problem` …), `cells` the tables. Rules:
    `S-corrected` (结果纠正 in reconsideration or litigation), `S-unavailable` (无法提供 at least 10 and 30 % of what
    was answered), `S-carried` (结转下年度 at least 10 and 20 % of what was received). A row a figure that counts:
    PASS where the problems speak of it (words of `models/identities.toml`), FAIL where they do not, NOT_ASSESSABLE
    where the report names no problem at all. `found` is the figure, `cells` those it is made of. `fault` is `source`:
    the finding says only what stands in the report. Raises ValueError if units and roles differ in number.

    The pipeline calls it once a report with the role of each unit's label, and shows a FAIL as a hint, not an error.
    """
    if len(units) != len(roles):
        raise ValueError(f"{len(units)} units and {len(roles)} roles")
    problems = "\n".join(unit.text for unit, role in zip(units, roles, strict=True) if role == "problem")
    figures = index_cells(cells)
    checks = []
    for rule in load_toml(IDENTITIES)["silence"]:
        target, share = _shown(rule["id"], figures)
        value = None if target is None else _known_sum(figures, target)
        if target is None or value is None or value < rule["least"] or share < rule["share"]:
            continue
        told = f"{rule['zh']}共 {value:g} 件"
        if not problems:
            state, said = "NOT_ASSESSABLE", "报告没有写存在的问题"
        elif re.search(rule["words"], problems):
            state, said = "PASS", "存在问题部分有所涉及"
        else:
            state, said = "FAIL", "存在问题部分没有提到"
        names = tuple(figures.names(target).split(" + "))
        checks.append(Check(rule["id"], rule["zh"], state, None, f"{value:g}", names, "source", f"{told}，{said}"))
    return tuple(checks)


def _shown(rule: str, figures: Figures) -> tuple[Target | None, float]:
    """The cells a rule looks at and their share of the whole they are part of (1.0 where there is no whole)."""
    if rule == "S-corrected":
        return Target(4, PROCEEDINGS, ("corrected",)), 1.0
    part, whole = (
        (figures.group("unavailable"), ("answered",)) if rule == "S-unavailable" else (("carried_out",), ("received",))
    )
    target = Target(3, part, (TOTAL,))
    value, total = _known_sum(figures, target), figures.value(Target(3, whole, (TOTAL,)))
    return target, value / total if value and total else 0.0


def _known_sum(figures: Figures, target: Target) -> float | None:
    """The sum of the cells that are certain: a lower bound, which is enough to say that something is there."""
    values = [figures.amount(target.table, row, column) for row in target.rows for column in target.columns]
    known = [value for value in values if value is not None]
    return sum(known) if known else None

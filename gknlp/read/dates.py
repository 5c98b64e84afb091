"""Dates and periods as reports print them: when published, which year reported."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from gknlp.read.titles import YEAR, parse_year
from gknlp.types import Found

_B = r"[^\S\n]*"
_CHINESE_YEAR = rf"二{_B}[零0oO]{_B}[零一二三四五六七八九0-9oO]{_B}[零一二三四五六七八九0-9oO]"
_NUMBER = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
DATE = re.compile(
    rf"((?:19|20)\d\d|{_CHINESE_YEAR}){_B}[-年/.]{_B}({_NUMBER}){_B}[-月/.]{_B}({_NUMBER})(?!\d)|(?<!\d)((?:19"
    rf"|20)\d\d)(\d\d)(\d\d)(?!\d)"
)
_LABELLED = re.compile(
    r"(?:发布|公开|公布|生成|发文|发表|上网|印发|制发|成文|录入|更新|编辑|信息|日期|时间)\s*(?:日\s*期"
    r"|时\s*间)?\s*[:\s]\s*(?=(?:19|20)\d\d|二)"
)
_PERIOD = re.compile(
    rf"(?:自|从|为|是|即|:|期限|时间|时限|数据"
    rf"|[,。(])?\s*({YEAR})\s*年\s*\d{{1,2}}\s*月\s*(?:\d{{1,2}}\s*日)?\s*(?:起)?\s*(?:至|到|[-—~－])+\s*"
    rf"(?:({YEAR})\s*年|当年|同年|本年)?\s*(?:度)?\s*(\d{{1,2}})\s*月\s*(?:\d{{1,2}}\s*日|底)?"
)
_MENTION = re.compile(rf"({YEAR})\s*年")
_CHINESE_NUMBERS = {c: n for n, c in enumerate("零一二三四五六七八九")}


def parse_date(text: str) -> str | None:
    """The first date in width-folded `text` as `YYYY-MM-DD`, None without a possible one."""
    return next((date for date, _, _ in dates(text)), None)


def dates(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[str, int, int]]:
    """All possible dates in width-folded text, as ISO strings with their spans, in order."""
    for match in DATE.finditer(text, start, len(text) if end is None else end):
        year, month, day = (match[1], match[2], match[3]) if match[1] else (match[4], match[5], match[6])
        number = parse_year(re.sub(r"\s", "", year))
        m, d = _number(month), _number(day)
        if number and 1 <= m <= 12 and 1 <= d <= 31:
            yield f"{number}-{m:02d}-{d:02d}", match.start(), match.end()


def labelled_dates(text: str, start: int, end: int) -> list[Found]:
    """Dates that a label (发布日期, 时间 …) introduces in width-folded `text[start:end]`, in order."""
    found = []
    for match in _LABELLED.finditer(text, start, end):
        first = next(dates(text, match.end(), min(end, match.end() + 30)), None)
        if first and first[1] == match.end():
            found.append(Found(first[0], match.group().strip(" :\n\t"), first[1], first[2]))
    return found


def period_years(text: str, start: int, end: int) -> list[Found]:
    """The year of each reporting period (自2019年1月1日起至2019年12月31日止) in width-folded text: that of its end."""
    found = []
    for match in _PERIOD.finditer(text, start, end):
        year = parse_year(match[2] or match[1])
        if year and int(match[3]) in (12, 11, 10):
            found.append(Found(str(year), "period", match.start(1), match.end()))
        elif year and match[2] and match[2] != match[1] and int(match[3]) <= 3:
            found.append(Found(str(parse_year(match[1])), "period", match.start(1), match.end()))
    return found


def body_year(text: str, start: int, end: int) -> Found | None:
    """The year that width-folded body text names most (at least twice, and more often than any other), with its first
    place."""
    places: dict[int, tuple[int, int]] = {}
    counts: Counter[int] = Counter()
    for match in _MENTION.finditer(text, start, end):
        year = parse_year(match[1])
        if year and 2000 <= year <= 2099:
            counts[year] += 1
            places.setdefault(year, match.span(1))
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    if not ranked or (len(ranked) > 1 and ranked[0][1] == ranked[1][1]) or (ranked[0][1] < 2 and len(ranked) > 1):
        return None
    return Found(str(ranked[0][0]), "text", *places[ranked[0][0]])


def _number(token: str) -> int:
    """A day or month in digits or ideographs; 0 where it is neither."""
    if token.isdigit():
        return int(token)
    if "十" in token:
        tens, _, ones = token.partition("十")
        return _CHINESE_NUMBERS.get(tens, 1 if not tens else 0) * 10 + _CHINESE_NUMBERS.get(ones, 0)
    return _CHINESE_NUMBERS.get(token, 0)

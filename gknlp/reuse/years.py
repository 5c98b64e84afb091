"""Years of another report left standing: the period, the year of work, a plan for a year that is over."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gknlp.reuse.mask import Squeezed
from gknlp.types import Certificate, Passage, ReuseText

_PERIOD = re.compile(r"(20\d{2})年1月1日(?:零时)?(?:起|开始)?,?(?:至|到|-|—)(?:(20\d{2})年)?12月31日")
_AUTHOR = "(?:我|本|全)(?:[局委办厅院县市区镇乡省州旗校站所]|街道|公司|单位|机关|中心)|我们"
_YEAR_OF_WORK = re.compile(rf"(?:^|(?<=[。;:,]))(20\d{{2}})年(?:度)?,?(?=(?:{_AUTHOR})|全年|共)")
# How the first sentence of a report begins, and a plan.
_OFFICE = r"[\u4e00-\u9fff()]{2,24}?(?:局|委|政府|办事处|公司|院|校|学|办|中心|会)"
_OPENING = re.compile(
    rf"(?:\(?[一二三四五六七八九十\d][).、.])?(?:{_AUTHOR}|{_OFFICE})?(20\d{{2}})年(?:度)?"
    rf"(?:,(?!全国|国务院|中央|国家(?!税务)|省|全省|上级)|(?=全年|{_AUTHOR})|(?<=[局委府处司院校学办中会]20\d\d年))"
    r"(?![^,。;]{0,8}(?:成立|挂牌|设立|组建|启用|起|开始|以来))"
)
# An overview that begins with what came before says so.
_STORY = re.compile("今年|本年|被(?:确定|评|授|列|命名)|获评|荣获|修订|施行|以来|考核反馈")
# What the preamble says that it publishes, and what did not come or was not charged.
_REPORT = re.compile(r"(20\d{2})年(?:度)?(?:关于)?(?:政府)?信息公开(?:工作)?(?:年度)?(?:报告|年报)")
_NEVER = re.compile(
    rf"(?:^|(?<=[。;:,、)]))(?:(?:{_AUTHOR}|[\u4e00-\u9fff]{{2,20}}(?:局|委|政府|办事处|办公室)))?(20\d{{2}})年(?:度)?,?"
    r"(?:(?!人|因|对|群众|企业)[^,。;]){0,16}?(?:(?:未|没有|无)(?:收取|收到|向|产生|发生|受理|其他需要)|收取信息处理费)"
)
_PLAN = re.compile(
    rf"(?:^|(?<=[。;:,]))(20\d{{2}})年(?:度)?,?(?:{_AUTHOR}|(?P<name>[\u4e00-\u9fff]{{2,16}}?))?"
    "(?:还|也|都)?(?:将(?!军|于|近)|准备从|拟从|要(?:进一步|继续|重点|着力))"
)
# A sentence that looks back says so.
_TOLD_BACK = re.compile("上年|去年|上一年|往年|以来|比|较|同期|分别|历年|转发|整改|存在|对照|一致|格式|参照|参考")
# Sections (ids of gold/GUIDE.md) where a report tells of the year, and where it promises.
PREAMBLE, OVERVIEW, PROMISES = ("preamble",), ("overview",), ("problems", "plans", "other")


def find_years(text: ReuseText, whole: Squeezed) -> Iterator[Certificate]:
    """Years that are not the report's, where only its own can stand.

    The period, the report that the preamble publishes, the first words of the overview, that nothing was charged or
    came, and plans for a year that is over. A sentence that names the report's own year too, or looks back, has none.
    `whole` is the squeezed text of the report. A report whose year is unknown has none. Where the text speaks of the
    other year more often than of the report's own, or names several years as its period, its year was read wrongly, or
    it covers both: no certificate. Cost: linear.
    """
    if text.year is None:
        return
    yield from _periods(text, whole)
    sections = dict(text.sections)
    opened: set[str] = set()
    for start, end, order in text.stretches:
        section = sections.get(order, "")
        view = whole.part(start, end)
        if section in OVERVIEW and section not in opened:
            opened.add(section)
            yield from _opening(text, view, whole)
        if section in PREAMBLE:
            yield from _earlier(text, view, whole, (_REPORT, "year.report"))
        if section in PROMISES:
            yield from _plans(text, view, whole)
        yield from _earlier(text, view, whole, (_NEVER, "year.never"))


def _periods(text: ReuseText, whole: Squeezed) -> Iterator[Certificate]:
    """A reporting period that contradicts itself, or that is another year than the one the report is about."""
    for match in _PERIOD.finditer(whole.text):
        first, last = int(match[1]), int(match[2] or match[1])
        wrong = [year for year in (first, last) if year != text.year]
        if not wrong or (first != last and text.year not in (first, last)):
            continue
        # Where the text speaks of the other year more often, the year of the report was read wrongly.
        if whole.text.count(f"{wrong[0]}年") > whole.text.count(f"{text.year}年"):
            continue
        yield _certificate(text, whole, match.span(), "year.period", f"{wrong[0]}年")


def _certificate(text: ReuseText, view: Squeezed, at: tuple[int, int], rule: str, belongs_to: str) -> Certificate:
    start, end = view.to_source(*at)
    return Certificate(text.report_id, "year", start, end, text.text[start:end], belongs_to, rule)


def _opening(text: ReuseText, view: Squeezed, whole: Squeezed) -> Iterator[Certificate]:
    """The overview's first words, where they are an earlier year's and its sentence names no other year."""
    match = _OPENING.match(view.text)
    if not match or text.year is None:
        return
    year = int(match[1])
    sentence = re.split("[。;]", view.text)[0]
    goes_on = whole.text.find(sentence) + len(sentence)
    told = _STORY.search(sentence) or whole.text.startswith(f"{text.year}年", goes_on + 1)
    if year < text.year and f"{text.year}年" not in sentence and not told and not _covers(whole, year, text.year):
        yield _certificate(text, view, match.span(1), "year.opening", f"{year}年")


def _earlier(
    text: ReuseText, view: Squeezed, whole: Squeezed, rule: tuple[re.Pattern[str], str]
) -> Iterator[Certificate]:
    """An earlier year where a pattern has it, in a sentence that does not name the report's own year."""
    for match in rule[0].finditer(view.text):
        year = int(match[1])
        begin = max(view.text.rfind(sign, 0, match.start()) for sign in "。;") + 1
        sentence = re.split("[。;]", view.text[begin:])[0]
        clause = re.split("[,。;]", view.text[match.start() :])[0]
        lead = re.split("[,。;]", view.text[: match.start()])[-1]
        if text.year is None or year >= text.year or f"{text.year}年" in sentence or _TOLD_BACK.search(lead + clause):
            continue
        if not _covers(whole, year, text.year):
            yield _certificate(text, view, match.span(1), rule[1], f"{year}年")


def _covers(whole: Squeezed, year: int, own: int) -> bool:
    """Whether a report can be about an earlier year too."""
    counts = [whole.text.count(f"{each}年") for each in (year, own)]
    return counts[0] > counts[1] or bool(re.search(rf"{year}(?:年度?)?(?:-|至|到|、|和|—|~){own}", whole.text))


def _plans(text: ReuseText, view: Squeezed, whole: Squeezed) -> Iterator[Certificate]:
    """What a report promises for the year it reports on, or for one before."""
    for match in _PLAN.finditer(view.text):
        year = int(match[1])
        # A report may be written before its year is over; one that names the next year was not.
        if text.year is None or year > text.year:
            continue
        if not _covers(whole, year, text.year) or year == text.year:
            yield _certificate(text, view, match.span(1), "year.plan", f"{year}年")


def find_shared_years(
    mine: ReuseText, other: ReuseText, views: tuple[Squeezed, Squeezed], passage: Passage
) -> Iterator[Certificate]:
    """The other report's year, as year of work, in the same words of mine."""
    if mine.year is None or other.year is None or other.year >= mine.year:
        return
    for match in _YEAR_OF_WORK.finditer(views[0].text):
        sentence = re.split("[。;]", views[0].text[match.start() :])[0]
        at = views[1].text.find(sentence)
        if int(match[1]) == other.year and at >= 0:
            made = _certificate(mine, views[0], match.span(1), "year.work", f"{other.year}年")
            there = views[1].to_source(at, at + 4)
            yield Certificate(
                made.report_id, made.kind, made.start, made.end, made.quote, made.belongs_to, made.rule,
                passage.passage_id, other.report_id, *there,
            )

"""Tells an annual report from what lies beside it: letters, interpretations, guides, notices, lists, empty pages."""

from __future__ import annotations

import re
from functools import cache

from gknlp import resources
from gknlp.read.titles import CORE, find_titles

RULES = "models/identity.toml"
# What only the body of a report has: the period, the legal basis, and the parts by their usual names.
_PARTS = {
    "overview": r"总\s*体\s*情\s*况|概\s*述|概\s*况|基本情况",
    "proactive": r"主动公开(?:政府)?(?:信息)?(?:的)?情况|主动公开政府信息|信息公开(?:的)?情况",
    "requests": r"依申请公开|收到和处理|申请情况|申请的?(?:办理|受理)?情况",
    "review": r"行政复议|行政诉讼|申诉",
    "fees": r"收费|减免|费用",
    "problems": r"(?:存在|主要)(?:的)?(?:主要)?(?:问题|困难|不足)|不足之处|问题(?:及|和|与)(?:改进|整改|措施)",
    "plans": r"改进(?:措施|情况|意见)|下一步(?:工作)?(?:打算|计划|安排)?|工作(?:打算|安排|计划)|整改措施",
    "other": r"其他需要(?:报告|说明)的(?:事项|情况)|需要说明的(?:其他)?事项",
}
_BASIS = r"《\s*(?:中华人民共和国)?政府信息公开条例\s*》|信息公开条例"
_PERIOD = r"统计期限|统计时限|期限(?:自|为|从)|(?:起)?至\s*(?:\d{4}\s*年)?\s*12\s*月\s*31\s*日"
_NUMBERED = (
    r"(?:^|[\s。;])(?:[一二三四五六七八九十]+\s*[、.．]|[(][一二三四五六七八九十]+[)]"
    r"|第[一二三四五六七八九十]部分)"
)
# What a report tells of its year and a guide, a notice or a catalogue does not: counts and nil statements.
_RESULTS = (
    r"(?:收到|受理|接到|办理|处理)[^。;]{0,24}?申请[^。;]{0,8}?\d",
    r"(?:公开|发布|公布|更新)[^。;]{0,24}?\d+\s*(?:余|多)?\s*[条件篇项期]",
    r"(?:未|没有|无)[^。;]{0,6}(?:收到|接到|发生|收取|产生|出现|涉及|因)",
    r"(?:开展|举办|组织|召开)[^。;]{0,24}?\d+\s*(?:余|多)?\s*[次期场人个]",
    r"本年新收政府信息公开申请数量|现行有效件数|对外公开总数量",
)
_TOLD = 2  # so many of them make a body that a title's word cannot turn into something else
_LEAST_CHARACTERS = 30  # below this nothing is told: the shortest real report (三句话) has about 150
_PLAINLY_A_REPORT = 6  # marks that no menu or list has; with them a body that seems empty was taken for furniture
_LIST_TITLES = 4  # titles on one page without a body: a list, not a report with two neighbours named in its foot


@cache
def _others() -> tuple[tuple[str, str, str, int, re.Pattern[str]], ...]:
    """The rules for pages that are no report: id, reason, where, least number of matches, pattern."""
    return tuple(
        (rule["id"], rule["zh"], rule["where"], rule.get("least", 1), re.compile(rule["pattern"]))
        for rule in resources.load_toml(RULES)["other"]
    )


def body_evidence(folded: str) -> int:
    """How many marks of a report's body width-folded text has: its parts, the period (2), the law (1), numbered
    headings (1)."""
    score = sum(bool(re.search(pattern, folded)) for pattern in _PARTS.values())
    score += 2 * bool(re.search(_PERIOD, folded)) + bool(re.search(_BASIS, folded))
    return score + (len(re.findall(_NUMBERED, folded)) >= 3)


def results_told(folded: str) -> int:
    """How many kinds of results of a year width-folded text tells."""
    return sum(bool(re.search(pattern, folded)) for pattern in _RESULTS)


def page_kind(title: str | None, body: str, folded: str) -> tuple[str, str | None]:
    """`annual_report` or `other` with its reason (rule id and words), from the title, the body and the whole page
    (width-folded).

    A title that says interpretation, notice or guide decides, unless the body has nearly all marks of a report and
    tells its results. Without such a title the body decides; in doubt it is a report.
    """
    compact = re.sub(r"\s+", "", body)
    if len(compact) < _LEAST_CHARACTERS:
        listed = _listed(folded, re.sub(r"\s+", "", folded), 0)
        if listed[0] == "other" or body_evidence(folded) < _PLAINLY_A_REPORT:
            return listed if listed[0] == "other" else ("other", "empty: 正文为空")
        return "annual_report", None
    evidence = body_evidence(body)
    named = re.sub(r"\s+", "", title or "")
    is_report_title = bool(re.search(CORE, named))
    for rule, reason, where, least, pattern in _others():
        if where == "title" and named and pattern.search(named) and not _outweighed(rule, is_report_title, evidence,
            results_told(body)):
            return "other", f"{rule}: {reason}"
        if where == "text" and evidence < 6 and len(pattern.findall(folded)) >= least and not is_report_title:
            return "other", f"{rule}: {reason}"
    if is_report_title:
        return _listed(body, compact, evidence)
    if evidence >= 3:
        return "annual_report", None
    listed = _listed(body, compact, evidence)
    if listed[0] == "other":
        return listed
    return "other", "no-report: 标题和正文均无年报特征"


def _outweighed(rule: str, is_report_title: bool, evidence: int, told: int) -> bool:
    """Whether the body is so plainly a report that the title's word does not count (关于印发…年度报告的通知 with the
    report in it, 贯彻落实《政府信息公开条例》情况的报告)."""
    if rule == "interpretation":
        return False
    if rule == "notice":
        return is_report_title and evidence >= _PLAINLY_A_REPORT and told >= _TOLD
    if is_report_title and evidence >= 3:
        return True
    return evidence >= _PLAINLY_A_REPORT and told >= _TOLD


def _listed(body: str, compact: str, evidence: int) -> tuple[str, str | None]:
    """A page of several titles and hardly anything else is a list; anything else with a report's title is one."""
    titles = find_titles(body, 0, 20_000) if evidence < 6 else []
    strong = sum(len(title.text) for title in titles if title.strong)
    if len([title for title in titles if title.strong]) >= _LIST_TITLES and strong * 3 > min(len(compact), 20_000):
        return "other", "list: 只有标题和日期的列表页"
    return "annual_report", None

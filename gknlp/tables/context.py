"""What the words around a number say about its scope: whose, when, by which channel, part of what."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gknlp.tables.figures import FLOW, PROCEEDINGS

# Of whom: more or less than the reporting body itself. "全面" and "全部" are no scope.
_SCOPE = re.compile(
    r"全(?:省|市|区|县|州|盟|旗|镇|乡|街道|系统|域|国)(?!面)|各(?:级|县|区|市|镇|乡|街|部门|单位|地|处|科|分局|直属)|"
    r"下属|所属|直属|基层|本级|[局厅委办部院府]机关|(?:省|市|区|县)直|县区|区县|镇街|乡镇|街镇|(?:省|市|县|区)(?:、|级)(?:市|县|区|乡)|两级|三级"
)
# Which of the requests: those of the year answered in the year, those that came complete only later.
_SELECTED = re.compile(r"当年[^,。;]{0,6}当年|当场|补正后|延期|逾期|超期")
# When: another year or part of the year. A comparison with last year and last year's remainder are no other period.
_PERIOD = re.compile(
    r"(?<![比较与同和])(?:上年|去年|上一年|前年|往年)度?(?!结转|末|底|遗留|转|相比|同期|度?相比)(?=[^,。;]*(?:收到|受理|办结|答复))"
    r"|以来|历年|近[两三四五\d]年|[一二三四]季度|[上下]半年|(?:截至|截止)(?:(?:20\d\d|本)年)?(?:目前|(?!12月)\d{1,2}月)|"
    r"\d{1,2}月?(?:至|-)(?!12)\d{1,2}月|每[年月]"
)
_YEAR = re.compile(r"((?:19|20)\d\d)年")
_CHANNEL = re.compile(
    r"网上|网络|在线|互联网|门户网站|政务网|平台|系统|信函|信件|邮寄|邮政|传真|当面|现场|窗口|电子邮|邮箱|微信|电话|"
    r"口头|来访|热线|通过[^,。;]{0,12}(?:网站|渠道|方式)"
)
_PART = re.compile(
    r"(?:涉及|关于|有关|反映|针对|主要是|内容为)(?!的?(?:政府)?信息公开|政府信息|的?申请)|(?<!各)类(?!申请)"
)
# Words between the last 申请 and a count of answers that say the answers are to something else.
_FOREIGN = re.compile(
    "建议|提案|信箱|热线|来信|留言|投诉|咨询|诉求|工单|来电|信访|案件|复议|诉讼|许可|审批|举报|问政|事项|网民"
)
# Results of something other than requests: documents reviewed for release, proposals answered in public.
_DOCUMENTS = re.compile("公文|文件|属性|保密审查|清理|存量|建议|提案|议案|目录|解读|政策|栏目")
# What a count of results needs somewhere before it.
_REQUESTS = re.compile("申请|答复|办结|办理结果|受理")
# Applications that are not for information.
_OTHER_APPLICATIONS = re.compile("许可|补贴|补助|救助|援助|保障|住房|登记|贷款|职称|专利|工伤|资金|岗位|证照|执照|复核")
# The body that hears cases counts all of them, not those against its own answers.
_HEARS = re.compile("(?:办理|审理|受理|审结|立案|化解|承办|办结)[^,。;]{0,8}复议|复议决定书|应诉案件|全[省市区县]")
_END = re.compile("[。!?;]")
_CLAUSE = re.compile("[,。!?;:()]")
_MENTION = re.compile(
    r"(?P<both>复议(?:和|及|与|以及|或)(?:行政)?诉讼)|(?P<direct>未经复议直接起诉|直接起诉)|(?P<after>复议后起诉)"
    r"|(?P<reconsideration>复议)|(?P<litigation>诉讼|应诉)"
)


@dataclass(frozen=True, slots=True)
class Context:
    """A unit as claims see it: its compact view, the words before it in the same part (`lead`), whether the
    part tells results (`firm`), and the report's year if known."""

    view: str
    lead: str
    firm: bool
    year: int | None

    def clause(self, at: int) -> int:
        """Where the clause begins that a place stands in."""
        ends = [m.end() for m in _CLAUSE.finditer(self.view, 0, at)]
        return ends[-1] if ends else 0

    def sentence(self, at: int) -> int:
        """Where the sentence begins; a semicolon ends one, since it ends the reach of its subject."""
        ends = [m.end() for m in _END.finditer(self.view, 0, at)]
        return ends[-1] if ends else 0

    def proceedings(self, at: int) -> tuple[str, ...]:
        """The kinds of proceedings last named before a place (all three where both are named as one)."""
        found = None
        for match in _MENTION.finditer(self.view, 0, at):
            found = match.lastgroup
        if found == "litigation":
            return PROCEEDINGS[1:]
        return PROCEEDINGS if found == "both" else (found,) if found else ()

    def about_requests(self, at: int) -> bool:
        """Whether an answer counted at a place answers requests: 申请 before it and nothing else to answer since."""
        words = self.lead + self.view
        here = len(self.lead) + at
        last = words.rfind("申请", 0, here + 12)
        return last >= 0 and not _FOREIGN.search(words, last, max(last, here))


def applies(context: Context, at: int, table: int, rows: tuple[str, ...], number_first: bool) -> bool:
    """Whether the sentence lets a term of the tables mean the tables' own thing at all.

    A number before its term ("12件予以公开") needs requests or answers before it, the form's own wording does not.
    """
    if table != 3 or set(rows) & set(FLOW):
        return True
    if number_first and not _REQUESTS.search(context.lead + context.view[: at + 20]):
        return False
    return not _DOCUMENTS.search(context.view[context.sentence(at) : at])


def doubt(context: Context, start: int, at: int, rows: tuple[str, ...], agreed: bool) -> bool:
    """Whether words before a number let it count something else than the table does.

    `agreed`: a number of the same unit equals the table, so that a scope named before it is the table's own.
    """
    view = context.view
    sentence, clause = view[context.sentence(start) : at], view[context.clause(start) : at]
    if (_SCOPE.search(sentence) or _SCOPE.search(view[:at])) and not agreed:
        return True
    if _PERIOD.search(sentence) or _CHANNEL.search(clause) or _PART.search(clause):
        return True
    if context.year is None:
        if len(set(_YEAR.findall(view))) > 1:
            return True
    elif any(int(year) != context.year for year in _YEAR.findall(sentence)):
        return True
    if set(rows) & set(FLOW) and _SELECTED.search(clause):
        return True
    if set(rows) & set(PROCEEDINGS):
        return _HEARS.search(sentence) is not None
    if "received" in rows and _OTHER_APPLICATIONS.search(sentence):
        return True
    return rows == ("received",) and "其中" in clause

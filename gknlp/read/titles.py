"""Finds the title of a report on its page and takes a title apart: who, which year, what kind of document.

A title is recognised by its core (…信息公开…报告), then extended to the left over year and agency, across blanks and
line breaks, because sites print titles in one, two or three lines, and in pages without any line break as a stretch
between blanks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from gknlp.normalize import fold_width

# Patterns below run on `squeeze`d text: width folded (〇○ are 零, full width is half), no white space.
# OCR reads 0 as O now and then.
YEAR = r"(?:(?:19|20)\d\d|2[0Oo][0-9Oo]\d|二[零0oO][零一二三四五六七八九0-9oO]{2})"
_FILLER = (
    rf"(?:{YEAR}(?:年度|年)?|工作|情况|开展|落实|执行|年度|本级|的|和|及|与|暨|统计|实施|推进|完成|自查|年|度|之"
    rf"|政务公开|政务服务"
    r"|依申请公开|保密审查|(?:政府)?信息公开|\(\d{4}(?:年度|年)?\))"
)
_SUBJECT = (
    r"(?:(?:政府|政务|党务|财政|税务|环境|警务|部门|司法|教育|校务|院务)?信息(?:和政务|与政务|及政务"
    r"|、政务)?公开(?:政府信息)?|政务公开"
    r"|政府信息和政务公开|政务信息公开|信息公开)"
)
CORE = rf"{_SUBJECT}{_FILLER}{{0,7}}(?:报告书?(?!单|表|厅)|年报|总结(?!会)|小结|汇报)"
_TITLE = re.compile(rf"(?:{YEAR}(?:年度|年|度)?(?:的)?)?{CORE}")
# 2008-2009学年, 2008年5月-12月: the last year counts, months go with it.
_YEAR_TOKEN = re.compile(
    rf"(?:关于)?(?:{YEAR}年?(?:-+|至))?({YEAR})(?:学年度?|年度|年|度)?(?:\d{{1,2}}月(?:\d{{1,2}}日)?份?[-至到]*){{0,2}}"
)
# A line of its own that tells the year's work without the word report; only where no title with that word stands.
_LOOSE = re.compile(rf"{_SUBJECT}{_FILLER}{{0,6}}情况(?:的?(?:说明|通报|汇报|综述|函))?$")
_MARKS = re.compile(r"(?m)^[ \t]*#{1,6}(?=[ \t])|\*\*")  # of Markdown; a title in two lines carries them twice
_SPACES = re.compile(r"\s+")

# A place where a title cannot go on to the left: sentence and label punctuation, arrows and bars of menus.
_WALL = set(":。,;!?>|》」』】]}/\\=*#\"'<《【[{_&·")
_AGENCY_END = re.compile(
    r"(?:人民政府|政府|办公[室厅]|[局厅委部署院处站所队社馆会台行司]|委员会|管委会|街道|办事处|中心"
    r"|[镇乡县市区州盟旗省]|苏木"
    r"|大队|支队|总队|公司|集团|学校|大学|学院|医院|园区|联合会|联社|办|党组|机关|本级|海关|农场|林场|兵团|组)$"
)
# Words that turn a mention of the report into prose: "现公布…年度报告", "本年度报告由…".
_PROSE_BEFORE = re.compile(
    r"公布|(?<!机构)编制|编写|编印|制作|形成|根据|依据|按照|依照|要求|现将|特此|特制|撰写|我[局县市区镇乡委厅院办处]|本(?!级"
    r"|溪|市|县|钢)"
    r"|如下|该|条例|规定|以下|通过|查阅|已|为了|并|上报|[,。;]"
)
_PROSE_AFTER = re.compile(
    r"[》」』\"'。,;、]|由|包括|全文|所列|中所|中的|如下|的(?!报告|公告|通告|通知|函)|电子版|已|及时|和|将|编制"
    r"|编报|进行|共分|共包|予以|内容|数据|等|工作|是|进行"
    r"|在|可|(?:统计|情况)?(?:附)?表(?!决)|向|期限|统计|下载|指标"
)
# What speaks against a title even where blanks set it apart and it names its agency ("…年度报告 由青垣县水务局编制").
_CLOSED_AFTER = re.compile(r"[》」』\"'。,;、]|由.{0,12}(?:部分|组成|构成)|包括|共分|等")
# "关于报送…年度报告的报告" is a title all the same, and so is what stands in brackets behind one.
_ABOUT = re.compile(r"关于(?:报送|上报|公布|发布|印发|编制|呈报|做好)")
_BEHIND = re.compile(
    r"(?:的(?:报告|公告|通告|通知|函))?(?:\((?![^()]*(?:日|\d[-/.]\d))[^()]{2,30}\))|的(?:报告|公告|通告|通知|函)"
)
_PLACE_ALONE = re.compile(r"[\u4e00-\u9fa5]{2,8}[省市县区州旗]")  # 鹿邑县 on the line above 民政局2020年…
_PLACE_IN = re.compile(r"^.{0,8}[省市县区州旗镇乡盟部]|^.{0,10}(?:街道|总局|委员会)|^国|^\W*$|^关于")
_PASSED_ON = re.compile(r"[\u4e00-\u9fa5]{0,40}关于(?:印发|公布|发布|报送|上报|公开|转发)《$")
_BREADCRUMB = re.compile(
    r".*(?:首页|正文|注册|登录|年报|年度报告|信息公开(?!办|处|科|局)|政务公开(?!办|处|科|局)|无障碍|公开目录"
    r"|公开年度|信息内容|详情"
    r"|浏览器|繁体版?|手机版|长者模式|智能问答|网上办事|政民互动|互动交流|标题|名称|放大|缩小)"
)
# In a page without any blank, tools, document data and dates stand right in front of the name.
_TOOLS = re.compile(
    r".*(?:打印|收藏|关闭|分享|有效性?|\d次"
    r"|[\[〔(].{0,4}[\]〕)].{0,2}\w{0,4}号|[A-Za-z][-\d.]*)(?=[\u4e00-\u9fa5]{3})"
)
_GLUED = re.compile(r"^[^\u4e00-\u9fa5()]+")
_MAX_LEFT = 60  # characters a title may reach left of its core; the longest agency names run to about forty
_MAX_PIECES = 4


@dataclass(frozen=True, slots=True)
class Squeezed:
    """Width-folded text without white space; `offsets[i]` is the place of character i in the source, `gaps[i]` what
    stood before it: 0 nothing, 1 blanks, 2 a line end."""

    text: str
    offsets: tuple[int, ...]
    gaps: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TitleSpan:
    """A title as it stands in the text; `strong` tells one with a year or an agency from a bare menu word."""

    start: int
    end: int
    text: str
    strong: bool


@dataclass(frozen=True, slots=True)
class TitleParts:
    """What a title says: `agency` as printed (None if it names none), `year`, `issuer` (before 关于), `rest` after
    the core."""

    agency: str | None
    year: int | None
    issuer: str | None
    rest: str
    core: str


def squeeze(text: str, start: int = 0, end: int | None = None) -> Squeezed:
    """Drop white space from `text[start:end]`, fold widths, and keep a map to offsets in `text`. Linear.

    `gaps[i]` says what stood before character i: 0 nothing, 1 blanks, 2 a line end.
    """
    stop = len(text) if end is None else min(end, len(text))
    part = _MARKS.sub(lambda match: " " * len(match.group()), fold_width(text[start:stop]))
    offsets: list[int] = []
    gaps: list[int] = []
    kept: list[str] = []
    previous = 0
    for match in re.finditer(r"[^\s\u200b]+", part):
        at = match.start()
        gap = 2 if "\n" in part[previous:at] or not offsets else 1
        kept.append(match.group())
        offsets.extend(range(start + at, start + match.end()))
        gaps.append(gap)
        gaps.extend([0] * (match.end() - at - 1))
        previous = match.end()
    return Squeezed("".join(kept), tuple(offsets), tuple(gaps))


def find_titles(text: str, start: int = 0, end: int | None = None) -> list[TitleSpan]:
    """All places in `text[start:end]` that stand as a title of a disclosure report, not as a mention in prose, in
    order."""
    view = squeeze(text, start, end)
    found: list[TitleSpan] = []
    for match in _TITLE.finditer(view.text):
        span = _extend(view, match.start(), match.end())
        if span is None:
            continue
        left, right = span
        printed = text[view.offsets[left] : view.offsets[right - 1] + 1]
        strong = bool(re.search(YEAR, view.text[left:right])) or match.start() - left >= 2
        found.append(TitleSpan(view.offsets[left], view.offsets[right - 1] + 1, clean_title(printed), strong))
    return found or _loose_titles(view, text)


def _loose_titles(view: Squeezed, text: str) -> list[TitleSpan]:
    """Lines like 沭阳县财政局2013年政府信息公开工作情况, with a year and a name and nothing else."""
    found = []
    starts = [at for at, gap in enumerate(view.gaps) if gap == 2]
    for left, right in zip(starts, [*starts, len(view.text)][1:], strict=True):
        line = view.text[left:right] if right - left <= _MAX_LEFT else ""
        match = _LOOSE.search(line)
        if match and re.search(YEAR, line) and _has_name(line[: match.start()]) and not re.search(r"[,。;:、]", line):
            span = view.offsets[left], view.offsets[right - 1] + 1
            found.append(TitleSpan(*span, clean_title(text[span[0] : span[1]]), True))
    return found


def clean_title(title: str) -> str:
    """A title on one line: Markdown's marks and white space between ideographs go, other runs become one blank."""
    wide = r"[\u3000-\u9fff\uff00-\uffef〇○\d]"
    joined = re.sub(rf"(?<={wide})\s+(?={wide})", "", _MARKS.sub(" ", title).strip())
    return _SPACES.sub(" ", joined)


def _extend(view: Squeezed, core: int, stop: int) -> tuple[int, int] | None:
    """Left and right end of the title around a core; None where the place is prose."""
    text = view.text
    left = _spread_start(view, core)
    cut = _BREADCRUMB.match(text[left:core])
    if cut:
        left += cut.end()
    pieces = 1
    while pieces < _MAX_PIECES and left > 0 and not _has_name(text[left:core]) and text[left - 1] not in _WALL:
        before = _spread_start(view, left - 1)
        piece = _YEAR_TOKEN.sub("", text[before:left]).strip("()-")
        if before > 0 and text[before - 1] == ":" and view.gaps[left] == 2:  # 发布机构：… on the line above
            break
        if len(piece) > 40 or _BREADCRUMB.match(piece) or (piece and not _AGENCY_END.search(piece) and piece != "关于"):
            break
        left, pieces = before, pieces + 1
    if left > 0 and not _PLACE_IN.search(text[left:core]) and text[left - 1] not in _WALL:
        before = _spread_start(view, left - 1)
        left = before if _PLACE_ALONE.fullmatch(text[before:left]) and view.gaps[before] == 2 else left
    if core - left > _MAX_LEFT or _PROSE_BEFORE.search(_ABOUT.sub("", text[left:core])):
        return None
    if left > 0 and text[left - 1] == "《":
        return _in_marks(view, left, stop)
    if left > 0 and (text[left - 1] in "《\"'「" or (not view.gaps[left] and _PROSE_BEFORE.search(text[left - 1]))):
        return None
    behind = _BEHIND.match(text, stop, stop + 40)
    right = behind.end() if behind else stop
    if right == stop and not _has_name(text[left:core]):
        right = _dashed_name(view, stop)
    if right < len(text) and view.gaps[right] < 2:
        apart = view.gaps[right] == 1 and view.gaps[left] > 0 and _has_name(text[left:core])
        if (_CLOSED_AFTER if apart else _PROSE_AFTER).match(text, right):
            return None
    return left, right


def _in_marks(view: Squeezed, left: int, stop: int) -> tuple[int, int] | None:
    """The whole of 沭阳县教育局关于印发《…年度报告》的通知 around the title in its marks; None where it is a mere
    mention."""
    before = _PASSED_ON.search(view.text[max(0, left - _MAX_LEFT) : left])
    behind = re.compile(r"》的(?:通知|公告|报告|函|通告)").match(view.text, stop)
    if before is None or behind is None:
        return None
    start = max(0, left - _MAX_LEFT) + before.start()
    broken = [at for at in range(start, left) if view.gaps[at] == 2]
    return (broken[-1] if broken else start), behind.end()


def _dashed_name(view: Squeezed, stop: int) -> int:
    """Where the agency ends that stands behind the core and a dash (…年度报告——鹿邑县民政局); `stop` without one."""
    end = stop
    while end < len(view.text) and end - stop <= 30 and not (end > stop and view.gaps[end]):
        end += 1
    return end if re.fullmatch(rf"-{{1,2}}[\u4e00-\u9fa5]{{3,24}}{_AGENCY_END.pattern}", view.text[stop:end]) else stop


def _piece_start(view: Squeezed, at: int) -> int:
    """Where the run of characters around `at` begins: after a gap or a wall."""
    left = at
    while left > 0 and not view.gaps[left] and view.text[left - 1] not in _WALL and at - left <= _MAX_LEFT:
        left -= 1
    return left


def _spread_start(view: Squeezed, at: int) -> int:
    """Like `_piece_start`, but characters set apart by single blanks (鹿 邑 县 民 政 局) are one piece."""
    left = _piece_start(view, at)
    while left > 0 and view.gaps[left] == 1 and view.text[left - 1] not in _WALL:
        if _piece_start(view, left - 1) != left - 1:
            break
        if left + 1 < len(view.text) and not view.gaps[left + 1] and not view.text[left].isdigit():
            break
        left -= 1
    return left


def _has_name(before: str) -> bool:
    """Whether what stands before the core names anybody."""
    return len(_YEAR_TOKEN.sub("", before).replace("关于", "").strip("的年度()-")) >= 2


def parse_year(token: str) -> int | None:
    """A year in digits or ideographs (`2019`, `二〇一九`, `二0一O`) as a number; None if it is none."""
    digits = fold_width(token).lower().replace("o", "0").translate(_DIGITS)
    return int(digits) if re.fullmatch(r"(?:19|20)\d\d", digits) else None


_DIGITS = str.maketrans("零一二三四五六七八九", "0123456789")
_NOISE = re.compile(
    r"^(?:关于|标题:?|名称:?|附件\d*:?|附:|信息公开\||[(\[【<](?:公开|年报|主动公开|信息公开)[)\]】>])+|(?:的|关于"
    r"|年度|工作|(?:公共)?企事业单位|公布|发布|报送|上报|印发|编报|呈报|推行|推进|实施|贯彻|落实|执行|开展|党务|校务)+$"
)
_VERB = re.compile(r"^(?:报送|上报|公布|发布|印发|编报|呈报|公开|做好|开展|做好了)+")


def parse_title(title: str) -> TitleParts | None:
    """Take a title of a disclosure report apart; None where it holds no such core.

    The year next to the core wins over one further left, that over one behind. `agency` is what is left when year,
    core and connecting words are gone; of `A关于B…` B if it names anybody, else A (kept as `issuer`).
    """
    text = _SPACES.sub("", fold_width(title))
    match = _TITLE.search(text) or _LOOSE.search(text)
    if match is None:
        return None
    before, core, rest = text[: match.start()], match.group(), text[match.end() :]
    years = _YEAR_TOKEN.findall(core) or _YEAR_TOKEN.findall(before)[-1:] or _YEAR_TOKEN.findall(rest)[:1]
    issuer, _, subject = before.rpartition("关于")
    agency = _name(subject) or _name(issuer)
    if agency is None:
        agency = _name_behind(rest)
    return TitleParts(agency, parse_year(years[0]) if years else None, _name(issuer), rest, core)


def _name(part: str) -> str | None:
    """An agency name out of the part of a title before the core."""
    name = _YEAR_TOKEN.sub("", part)
    name = re.split(r"[>|:=*#]", name)[-1]
    cut = _BREADCRUMB.match(name) or _TOOLS.match(name)
    name = _once(_GLUED.sub("", name[cut.end() :] if cut else name))
    previous = ""
    while previous != name:
        previous = name
        name = _VERB.sub("", _NOISE.sub("", name)).strip("-_—.·,、;'\"()《》“”【】[] ")
    balanced = name + ")" if name.count("(") > name.count(")") else name
    nobody = re.fullmatch(r"[\d\W]+|本[局机].*|我[局委县市区].*|政府|年度|附件\d*", balanced)
    return balanced if len(balanced) >= 2 and not nobody else None


def _once(name: str) -> str:
    """A name printed twice in a row (县水务局青垣县水务局: the publisher, then the title) as its last, full form."""
    for cut in range(3, len(name) // 2 + 1):
        if name.endswith(name[:cut]) and (len(name) == 2 * cut or not name[cut:].startswith(name[:2])):
            return name[cut:]
    return name


def _name_behind(rest: str) -> str | None:
    """An agency that stands behind the core: in brackets or after a dash, as some sites print it."""
    for part in re.split(r"[()\-_|—]+", rest):
        name = _YEAR_TOKEN.sub("", part).strip()
        if 3 <= len(name) <= 30 and _AGENCY_END.search(name) and not re.search(r"网$|门户|信息公开", name):
            return name
    return None

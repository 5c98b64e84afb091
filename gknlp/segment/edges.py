"""What stands around the report on its page: the head before the preamble, signature and footer after the last part."""

from __future__ import annotations

import re

from gknlp.segment.view import View

PAGE_NUMBER = re.compile(
    r"(?m)^[ \t　]*(?:[-—–－·•~]+[ \t　]*\d{1,3}[ \t　]*[-—–－·•~]+|第[ \t]*\d{1,3}[ \t]*页(?:[ \t,，/]*共[ \t]*\d{1,3}[ \t]*页)?|\d{1,3}[ \t]*/[ \t]*\d{1,3})"
    r"[ \t　]*$"
)
_REPORT = r"(?:年度?报告|工作(?:年度)?报告|年报|工作总结|工作小结|情况(?:的)?报告|信息公开(?:工作)?报告|工作情况总结)"
_TITLE = re.compile(rf"(?!根据|按照|现将)[^。;!?,]{{0,60}}{_REPORT}(?!如下|由|根据|按照)(?:\([^)。]{{1,20}}\)|全文)?[》\"]?")
_TITLE_END = re.compile(
    rf"(?<!本)(?<!本年)(?<!该){_REPORT}(?:\([^)。]{{1,20}}\))?(?=根据|按照|依据|依照|为[^,。]{{2,30}},|本报告|本年度报告|本年报|遵照|现将|20\d\d年,)"
)
_META = re.compile(
    r"(?:发布日期|发布时间|发文日期|成文日期|公开日期|生成日期|更新时间|日期|时间|来源|信息来源|文章来源|作者|编辑|责任编辑|浏览次数|浏览量|浏览|点击数|点击量|点击|阅读次数|阅读量|阅读|访问量|"
    r"字号|字体|字体大小|索引号|文号|发文字号|主题分类|发布机构|公开主体|发布单位|信息索引)"
    r"[::]?\s*(?:\d{4}[\-年/.]\d{1,2}[\-月/.]\d{1,2}日?(?:\d{1,2}:\d{2}(?::\d{2})?)?|\[?[大中小]\]?(?:\[?[大中小]\]?){0,2}|\d+次?)?"
)
_PAGE_WORDS = re.compile(
    r"当前位置|您的位置|首页|登录|注册|导航|打印|关闭|分享|微信|微博|QQ|无障碍|繁体|简体|索引号|发布机构|发布日期|发布时间|公开日期|成文日期|信息来源|浏览次数|点击数|点击率|字体|字号|"
    r"主题分类|文号|栏目|网站地图|相关链接|全真版|文字版|上一篇|下一篇|采集时间|原文链接|本地目录|收藏|二维码|扫一扫|适老化|智能问答|下载|-->"
)
_PROSE_START = re.compile(
    r"根据|按照|依据|依照|遵照|为[^:]{4,}|本(?:年度)?(?:报告|年报)|现将|现就|现根据|20\d\d年|今年|一年来|自20|在[^:]{4,}|我[市县区局镇委办街乡]|[^:]{2,30}(?:编制|公布|发布)"
)
_DATE = r"(?:(?:19|20)\d\d[年.\-/]\d{1,2}[月.\-/](?:\d{1,2}日?)?|[一二三四五六七八九零]{4}年[一二三四五六七八九十]{1,3}月(?:[一二三四五六七八九十]{1,3}日)?)"
_ORGAN = (
    r"[一-鿿()·]{2,32}(?:局|委|办|府|处|会|院|中心|公司|街道|乡|镇|所|站|队|厅|部|室|校|馆|大学|学院|组|署|行|社|团|台|关|区|县|市|场|分局|支队)(?:\(盖?章?\))?"
)
_SIGNATURE = re.compile(rf"\(?(?:{_ORGAN}){{0,3}}[,]?\(?(?:{_DATE})\)?(?:印发)?")
_SIGNER = re.compile(rf"(?:报告单位:|单位:)?{_ORGAN}")
_FOOTER = re.compile(
    r"(?:附件下载|相关附件|相关链接|相关文档|相关阅读|相关信息|相关稿件|打印本页|打印|关闭窗口|关闭|【|\[打印|上一篇|下一篇|上一条|下一条|分享|扫一扫|返回顶部|回到顶部|版权所有|(?:主办|承办|协办)(?:单位|方)?[::]|技术支持|"
    r"网站标识码|ICP备|.{0,6}ICP备|公安网备|.{0,8}公网安备|网站地图|联系我们|关于我们|Copyright|责任编辑|信息来源|来源:|编辑:|作者:|审核:|浏览次数|点击数|字号|\(?此件公开发布|\(?此件主动公开|抄送|"
    r"主题词|建议使用|推荐使用|您是第|访问量|政府网站找错|党政机关|站点地图|网站支持|收藏|二维码|适老|无障碍|微信$|微博$|END$|附件:?$|附件[\d一二三]?[::]?[^。]{0,60}\.(?:docx?|xlsx?|pdf|wps|et|ofd|zip|rar)|[^。]{0,60}\.(?:docx?|xlsx?|pdf|wps|ofd|zip|rar)(?:\([\d.]+[KM]B?\))?$)"
)
# A short line without any sign above a footer is an entry of the page's menu; "无" is the body of a part.
_MENU = re.compile("(?!无|没有|未|暂无)[一-鿿|A-Za-z]{2,14}")
_TERMINAL = "。!?;:)\"0123456789"
# A footer of a saved page seldom has more lines than this; the rest is taken for text.
_MAX_TAIL = 120


def page_numbers(text: str) -> list[tuple[int, int]]:
    """Spans of lines that hold nothing but a page number ("- 3 -", "第3页 共8页", "3/8")."""
    return [match.span() for match in PAGE_NUMBER.finditer(text)]


def find_preamble(view: View, end: int) -> int:
    """Where the preamble begins before the first heading at `end`; `end` where there is none. Before it stands the head.

    The head are the lines of the page and the title; the preamble begins with the first line of prose after the last
    title. Cost: linear in the head.
    """
    lines = _lines(view, 0, end)
    after_title = 0
    for k, (start, stop) in enumerate(lines):
        if _is_title_line(view.text[start:stop]):
            after_title = k + 1
    for start, stop in lines[after_title:]:
        found = _prose_in(view, start, stop)
        if found is not None:
            return found
    return end


def _lines(view: View, start: int, end: int) -> list[tuple[int, int]]:
    """The lines of the view between `start` and `end`."""
    found = []
    at = start
    while at < end:
        stop = min(view.line_end(at), end)
        found.append((at, stop))
        at = stop
    return found


def _is_title_line(line: str) -> bool:
    """Whether a line is the report's title, perhaps with the meta data of the page glued to it."""
    match = _TITLE.match(line)
    if not match or len(line) > 120:
        return False
    rest = line[match.end() :]
    return not rest or (len(rest) < 50 and not re.search("[。;]", rest) and not _PROSE_START.match(rest))


def _prose_in(view: View, start: int, stop: int) -> int | None:
    """Where prose begins in a line of the head, None where the line has none."""
    line = view.text[start:stop]
    cut = _after_inner_title(view, start, stop) - start
    for match in _TITLE_END.finditer(line, cut):
        if not re.search("[。;]", line[cut : match.end()]):
            cut = match.end()
    while (meta := _META.match(line, cut)) and meta.end() > cut:
        cut = meta.end()
    if cut >= len(line):
        return None
    return start + cut if _is_prose(line[cut:]) else None


def _after_inner_title(view: View, start: int, stop: int) -> int:
    """In a page without lines: the position after the last chunk that is the title or page words, before the first prose."""
    at = start
    best = start
    while at < stop:
        end = min(view.chunk_end(at), stop)
        chunk = view.text[at:end]
        if _TITLE.fullmatch(chunk) or (len(chunk) < 40 and _PAGE_WORDS.search(chunk) and "。" not in chunk):
            best = end
        elif "。" in chunk and len(chunk) > 20:
            if not _later_title(view, end, stop):
                break
        at = end
    return best


def _later_title(view: View, start: int, stop: int) -> bool:
    """Whether a chunk after `start` is the title again (the page repeats its beginning as a summary)."""
    at = start
    while at < stop:
        end = min(view.chunk_end(at), stop)
        if end - at <= 60 and _TITLE.fullmatch(view.text, at, end):
            return True
        at = end
    return False


def _is_prose(line: str) -> bool:
    """Whether a line of the head is a sentence and not a menu, a title or meta data."""
    letters = sum("一" <= c <= "鿿" for c in line)
    if letters < 6:
        return False
    words = len(_PAGE_WORDS.findall(line))
    if words >= 2 and words * 12 > letters:
        return False
    if "。" in line or ";" in line:
        return letters >= 6
    if _PROSE_START.match(line) and letters >= 10 and words == 0:
        return not _TITLE.fullmatch(line)
    return "," in line and letters >= 18 and words == 0 and "|" not in line


def find_tail(view: View, start: int, end: int, *, last: bool) -> int:
    """Where the body `[start, end)` ends before signature, date and footer lines; only the last part has a footer.

    Works backwards line by line, in a text without lines by chunk and by what follows the last full stop.
    """
    at = end
    for _ in range(_MAX_TAIL):
        piece = _last_piece(view, start, at)
        if piece is None or piece[0] >= at:
            break
        words = view.text[piece[0] : at].strip("_ ")
        if not _is_tail(words, view, piece[0], start, last=last, moved=at < end):
            break
        at = piece[0]
    if last:
        at = _after_signature(view, start, at)
    return at


def _last_piece(view: View, start: int, end: int) -> tuple[int, int] | None:
    """The last line of `[start, end)`; of a long line the last chunk, and of a long chunk what follows its last stop."""
    if end <= start:
        return None
    at = max(start, view.line_start(end - 1))
    if end - at <= 60 and "。" not in view.text[at : end - 1]:
        return at, end
    chunk = at
    k = end - 1
    while k > at and not view.is_chunk_start(k) and end - k < 200:
        k -= 1
    chunk = k if view.is_chunk_start(k) else at
    stop = view.text.rfind("。", chunk, end - 1) + 1
    return max(chunk, stop, at), end


def _is_tail(words: str, view: View, at: int, start: int, *, last: bool, moved: bool) -> bool:
    """Whether a closing piece is signature, date or (after the last part) page footer."""
    if not words:
        return True
    if _SIGNATURE.fullmatch(words):
        return True
    if _SIGNER.fullmatch(words) and len(words) <= 40 and at > start and (moved or last):
        if view.text[at - 1] in _TERMINAL:
            return True
    if not last or len(words) > 150:
        return False
    if moved and _MENU.fullmatch(words) and view.is_line_start(at):
        return True
    return _FOOTER.match(words) is not None and ("。" not in words[:-1] or "ICP" in words)


def _after_signature(view: View, start: int, end: int) -> int:
    """Cut at a signature line that is followed only by lines without a sentence (menus of the page's foot)."""
    lines = _lines(view, max(start, end - 3000), end)
    cut = end
    for a, b in reversed(lines[-_MAX_TAIL:]):
        words = view.text[a:b]
        if b - a <= 40 and _SIGNATURE.fullmatch(words) and a > start:
            cut = a
            break
        if "。" in words or b - a > 200:
            break
    if cut < end:
        return find_tail(view, start, cut, last=False)
    return cut

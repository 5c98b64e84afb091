"""Tells the page from the report: menus, tools, document data, title, signature, footers, page numbers.

Precision comes first. The rules (models/furniture.toml) are matched only where furniture can be: one after the other
from the page's start to the report's first sentence, from the page's foot on, and on whole lines; never searched in
prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from gknlp import resources
from gknlp.normalize import fold_width
from gknlp.read.titles import TitleSpan, find_titles
from gknlp.types import Furniture, Layout

RULES = "models/furniture.toml"
_YEAR = r"(?:(?:19|20)\d\d|二{b}[零0oO]{b}[零一二三四五六七八九0-9oO]{b}[零一二三四五六七八九0-9oO])"
_PLACEHOLDERS = {
    "{blank}": r"[^\S\n]*",
    "{time}": r"(?:T?\d{1,2}[:]\d{2}(?:[:]\d{2})?(?:\.\d+)?(?:Z|\+\d\d:?\d\d)?|(?:上午|下午)\d{1,2}[:]\d{2})",
    "{date}": (
        _YEAR.replace("{b}", r"[^\S\n]*") + r"[^\S\n]*[-年/.][^\S\n]*(?:\d{1,2}"
            r"|[一二三四五六七八九十]{1,2})[^\S\n]*[-月/.]"
        r"[^\S\n]*(?:\d{1,2}|[一二三四五六七八九十]{1,3})[^\S\n]*日?"
    ),
}
# The first part's heading: what stands above it is title, preamble and page.
_FIRST_HEADING = re.compile(
    r"(?:[(]?一[)]?\s*[、.．,:]|第一部分|(?:^|\s)1\s*[、.．])\s*(?=[^\n]{0,24}?(?:总\s*体|概\s*[述况]|基本|工作"
    r"|主动|信息|公开|组织|建立|加强|领导|情况|统计))"
    r"|(?:^|\n)\s*(?:#+\s*|一\s+)?(?:总体情况|工作概述|概\s*述|概\s*况|基本情况)\s*(?=\n)"
)
_HEADING = re.compile(
    r"(?:^|[\s。;])(?:#+\s*)?(?:[一二三四五六七八九十]{1,3}\s*[、.．]|第[一二三四五六七八九十]部分)(?=\s*[^\s、])"
    r"|(?:^|\n)\s*(?:\d{1,2}\s*[、.．]|[(][一二三四五六七八九十]{1,2}[)])(?=\s*[\u4e00-\u9fa5])"
)
# How a report's first sentence begins, where it stands without heading.
BODY_CUE = re.compile(
    r"(?:根据|按照|依据|依照|遵照|遵循|为(?!了?解读))[^。\n]{0,40}?(?:条例|规定|要求|通知|精神|办法|意见)"
    r"|本(?:年度)?(?:报告|年报)|现将|现予|现公布|现就"
    r"|现向社会|特向社会|特编制|(?:19|20)\d\d\s*年(?:度|以来)?\s*[,，]|二[零0][零一二三四五六七八九]{2}年(?:度"
    r"|来)?\s*,|今年以来|一年来"
    r"|(?:我|本)(?:局|委|办|厅|县|市|区|镇|乡|院|处|中心|机关|单位|街道)|《中华人民共和国政府信息公开条例》"
)
_ORGAN = (
    r"(?:人民政府|政府|办公[室厅]|[局厅委署院处站所队社馆会台司部]|委员会|办事处|中心|街道|[镇乡]|苏木|大队|支队"
    r"|公司|学校|医院|园区|政府办|法院|海关)"
)
_SIGNATURE = re.compile(rf"[\u4e00-\u9fa5()·、]{{2,40}}{_ORGAN}(?:办公室)?")
_SENTENCE_END = "。!！?？;；)）”\"》"
_CONTENTS = re.compile(r"\s*(?:#+\s*)?目\s{0,6}录(?=\s)")
_MAX_CONTENTS = 1_500
_MAX_HEAD = 30_000  # a page's head: no site seen has more characters of menus in front of the text
_MAX_FOOT_STOPS = 3  # full stops a page's foot may hold; more of them is prose that a rule met by chance
_NO_HEADING_REACH = 3_000  # where no part has a heading, the title stands within the first page


@dataclass(frozen=True, slots=True)
class _Rule:
    id: str
    zone: str
    reason: str
    pattern: re.Pattern[str]


@cache
def _rules(zone: str) -> tuple[_Rule, ...]:
    """The rules of a zone, compiled once per process."""
    return tuple(
        _Rule(rule["id"], rule["zone"], rule["reason"], compile_rule(rule["pattern"]))
        for rule in resources.load_toml(RULES)["rule"]
        if rule["zone"] == zone
    )


def compile_rule(pattern: str) -> re.Pattern[str]:
    """A rule's pattern with its placeholders filled in."""
    for name, value in _PLACEHOLDERS.items():
        pattern = pattern.replace(name, value)
    return re.compile(pattern)


@cache
def _date() -> re.Pattern[str]:
    return compile_rule(r"[(]?{blank}{date}{blank}[)]?")


@cache
def _tail_search() -> re.Pattern[str]:
    """Any tail rule at a line start or behind a sentence end or blank; group names are rule numbers."""
    union = "|".join(f"(?P<r{number}>{rule.pattern.pattern})" for number, rule in enumerate(_rules("tail")))
    return re.compile(rf"(?:(?<=[\s。!;)”\]】])|^)(?:{union})")


def find_furniture(text: str, layout: Layout) -> tuple[Furniture, ...]:
    """All furniture of `text`, sorted by start, non-overlapping, what `layout.furniture` held included.

    Works with line breaks and without any. The head ends where the report's first sentence begins: after the last
    title above the first part and the dates, sources and tools behind it. The foot begins at the first foot rule
    behind the last part; signature and date in front of it are furniture too. `title`, `signature` and `date` win
    over the layout's own reason at the same place. Offsets index `text`; white space between two pieces belongs to
    neither. Empty text gives nothing. Bad at a foot that starts with prose of its own. Linear in the text.
    """
    if not text.strip():
        return ()
    folded = fold_width(text)
    head, body = _head(text, folded, layout)
    foot = _foot(folded, body, layout.furniture)
    lines = _whole_lines(folded, body)
    again = _repeated_titles(folded, head, foot[0].start if foot else len(text))
    return _merge([*head, *again, *lines, *foot], layout.furniture)


def body_start(text: str, layout: Layout) -> int:
    """Offset of the report's first own character: behind title and page head, in front of the preamble."""
    return _head(text, fold_width(text), layout)[1]


def _head(text: str, folded: str, layout: Layout) -> tuple[list[Furniture], int]:
    """The furniture in front of the body, and where the body begins."""
    given = _given_head(layout, folded)
    title = report_title(text, folded, given)
    found: list[Furniture] = []
    if title is None:
        end, items = _consume(folded, given)
        return items, end
    if title.start > given:
        found.extend(_describe(folded, given, title.start))
    found.append(Furniture(title.start, title.end, "title"))
    end, items = _consume(folded, title.end)
    return [*found, *items], end


def _given_head(layout: Layout, folded: str) -> int:
    """Where the furniture that the format itself marked at the very start of the page ends (0 without any)."""
    end = 0
    for item in layout.furniture:
        if folded[end : item.start].strip():
            break
        end = max(end, item.end)
    return end


def report_title(text: str, folded: str, start: int = 0) -> TitleSpan | None:
    """The title nearest above the body: the last strong one above the first part's heading, else the last weak one."""
    heading = _FIRST_HEADING.search(folded, start, start + _MAX_HEAD)
    stop = heading.start() if heading else min(len(text), start + _NO_HEADING_REACH)
    titles = find_titles(text, start, stop)
    if not titles and heading and (contents := find_contents(folded, start)):  # a contents list above the title
        return report_title(text, folded, contents.end)
    if not titles and start:
        return report_title(text, folded, 0) if _loose_head(folded, start) else None
    if heading is None:
        cue = BODY_CUE.search(folded, start, stop)
        sentence = folded.find("。", start, stop)
        first = min(at for at in (cue.start() if cue else stop, sentence if sentence >= 0 else stop))
        above = [title for title in titles if title.start <= first]
        titles = above or titles[:1]
    strong = [title for title in titles if title.strong] or titles
    for title, after in pairwise(strong):
        if _prose_between(folded[title.end : after.start]):
            return title
    return strong[-1] if strong else None


def _prose_between(text: str) -> bool:
    """Whether sentences stand between two titles, so that the second one only repeats the first; a summary field is
    none."""
    return "。" in text and not re.search(r"(?:概述|摘要|描述|简介|[Dd]escription)\s*[:\t]", text)


def _loose_head(folded: str, start: int) -> bool:
    """Whether nothing but a body follows a marked head, so that the title can only stand inside it."""
    return start < len(folded) and bool(BODY_CUE.match(folded,
        start + len(folded[start:]) - len(folded[start:].lstrip())))


def _describe(folded: str, start: int, end: int) -> list[Furniture]:
    """The stretch above the title, line by line, each with the reason of the first rule that matches in it."""
    found: list[Furniture] = []
    for line in re.finditer(r"[^\n]*[^\s][^\n]*", folded[start:end]):
        left, right = start + line.start(), start + line.end()
        content = folded[left:right]
        left += len(content) - len(content.lstrip())
        right = left + len(content.strip())
        reason = next((rule.reason for rule in _rules("head") if rule.pattern.match(folded, left, right)), "page head")
        found.append(Furniture(left, right, reason))
    return found


def _consume(folded: str, start: int) -> tuple[int, list[Furniture]]:
    """Head items one after the other from `start`; returns where the first thing stands that is none."""
    found: list[Furniture] = []
    at = start
    while True:
        at = _skip(folded, at)
        item = next(((rule, match) for rule in _rules("head") if (match := rule.pattern.match(folded, at))
            and match.group()), None)
        if item is None and (contents := find_contents(folded, at)):
            found.append(contents)
            at = contents.end
            continue
        if item is None:
            line = _issuer_line(folded, at) if at > start or start else None
            if line is None:
                break
            found.append(line)
            at = line.end
            continue
        rule, match = item
        end = match.start() + len(match.group().rstrip())
        found.append(Furniture(match.start(), end, rule.reason))
        at = max(end, at + 1)
    return at, found


def find_contents(folded: str, at: int) -> Furniture | None:
    """A contents list that begins at `at` (目录 and its entries), None where there is none.

    It ends in front of the first entry printed again, of a title, or of a sentence.
    """
    word = _CONTENTS.match(folded, at)
    if word is None:
        return None
    entry = re.compile(r"\s*(\S[^\n.…·]*?)(?=[\s.…·]|$)").match(folded, word.end())
    again = folded.find(entry[1], entry.end(), entry.end() + _MAX_CONTENTS) if entry and len(entry[1]) >= 3 else -1
    stop = again if again >= 0 else min(len(folded), word.end() + _MAX_CONTENTS)
    end = word.end()
    for line in re.finditer(r"[^\n]*\S[^\n]*", folded[end:stop]):
        one_line = again >= 0 and "\n" not in folded[at:stop]
        if "。" in line.group() or (len(line.group()) > 44 and not one_line) or find_titles(line.group()):
            break
        end = word.end() + line.start() + len(line.group().rstrip())
    begin = at + len(word.group()) - len(word.group().lstrip())
    return Furniture(begin, end, "contents") if end > word.end() else None


def _skip(folded: str, at: int) -> int:
    """Past white space and the separators between page tools."""
    match = re.compile(r"(?:\s|[|>·/,;\]】)](?=\s)|\|)*").match(folded, at)
    return match.end() if match else at


def _issuer_line(folded: str, at: int) -> Furniture | None:
    """A line that holds a title again, an agency's name, or a date and nothing else, above the first sentence."""
    end = folded.find("\n", at)
    if end < 0 or not folded[at:end].strip() or end - at > 80:
        return None
    line = folded[at:end].rstrip()
    if _FIRST_HEADING.match(folded, at):
        return None
    titles = find_titles(line)
    if len(titles) == 1 and titles[0].start == 0 and titles[0].end == len(line):
        return Furniture(at, at + len(line), "title")
    if _SIGNATURE.fullmatch(line.replace(" ", "")) and len(line) <= 30 and not BODY_CUE.search(line):
        return Furniture(at, at + len(line), "issuer")
    return None


def _whole_lines(folded: str, start: int) -> list[Furniture]:
    """Lines from `start` on that are page numbers."""
    found = []
    for rule in _rules("line"):
        for match in re.finditer(rf"(?m)^[^\S\n]*({rule.pattern.pattern})[^\S\n]*$", folded[start:]):
            found.append(Furniture(start + match.start(1), start + match.end(1), rule.reason))
    return found


def _repeated_titles(folded: str, head: list[Furniture], end: int) -> list[Furniture]:
    """Lines behind the title that only print it again: behind a contents list, on top of a page."""
    title = next((item for item in reversed(head) if item.reason == "title"), None)
    if title is None:
        return []
    letters = [re.escape(character) for character in folded[title.start : title.end] if not character.isspace()]
    line = re.compile(r"(?<=\n)[^\S\n]*(?:#+[^\S\n]*)?(" + r"\s*".join(letters) + r")[^\S\n]*(?=\n)")
    return [Furniture(match.start(1), match.end(1), "title") for match in line.finditer(folded, title.end, end)]


def _foot(folded: str, body: int, given: Iterable[Furniture]) -> list[Furniture]:
    """Signature, date and page foot behind the last part, in order."""
    last = body
    for match in _HEADING.finditer(folded, body):
        last = match.end()
    start, found = _page_foot(folded, last)
    signed = _signature(folded, last, _before_marked(folded, start, given))
    return [*signed, *found]


def _before_marked(folded: str, end: int, given: Iterable[Furniture]) -> int:
    """Where the report ends in front of what is known to be furniture at its end: page numbers, marked blocks."""
    lines = [(item.start, item.end) for item in given]
    tail = folded[max(0, end - 200) : end]
    for rule in _rules("line"):
        for match in re.finditer(rf"(?m)^[^\S\n]*({rule.pattern.pattern})[^\S\n]*$", tail):
            lines.append((end - len(tail) + match.start(1), end - len(tail) + match.end(1)))
    for start, stop in sorted(lines, key=lambda line: -line[1]):
        if start < end and not folded[stop:end].strip():
            end = start
    return end


def _page_foot(folded: str, last: int) -> tuple[int, list[Furniture]]:
    """Where the page's foot begins, and its lines with their reasons."""
    for match in _tail_search().finditer(folded, last):
        if folded.count("。", match.start()) > _MAX_FOOT_STOPS:
            continue
        found = []
        for line in re.finditer(r"[^\n]*[^\s][^\n]*", folded[match.start() :]):
            left = match.start() + line.start()
            content = line.group()
            left += len(content) - len(content.lstrip())
            inner = _tail_search().match(folded, left)
            reason = _rules("tail")[int(inner.lastgroup[1:])].reason if inner and inner.lastgroup else "footer"
            found.append(Furniture(left, left + len(content.strip()), reason))
        return match.start(), found
    return len(folded), []


def _signature(folded: str, last: int, end: int) -> list[Furniture]:
    """The signing agency and the date in front of `end`, in either order, on lines of their own or behind a full
    stop."""
    found: list[Furniture] = []
    stop = end
    for _ in range(4):
        stop = last + len(folded[last:stop].rstrip())
        piece = _last_label(folded, last, stop) or _last_date(folded, last, stop)
        piece = piece or _last_agency(folded, last, stop, bool(found))
        if piece is None:
            break
        found.append(piece)
        stop = piece.start
    return sorted(found, key=lambda item: item.start)


def _last_label(folded: str, last: int, stop: int) -> Furniture | None:
    """The word 附件 that ends at `stop` with nothing attached to it."""
    match = re.compile(r"(?:^|(?<=[\s。;!]))(?:相关)?附\s?件\s?\d?\s?:?$").search(folded, max(last, stop - 12), stop)
    return Furniture(match.start(), stop, "attachment") if match else None


def _last_date(folded: str, last: int, stop: int) -> Furniture | None:
    """A date that ends at `stop` and stands apart from the sentence before it."""
    window = max(last, stop - 40)
    for match in _date().finditer(folded, window, stop):
        left = match.start() + len(match.group()) - len(match.group().lstrip())
        if match.end() == stop and (left == last or folded[left - 1] in _SENTENCE_END + "\n \t" or _organ_before(folded,
            left)):
            return Furniture(left, stop, "date")
    return None


def _organ_before(folded: str, at: int) -> bool:
    """Whether the characters in front of `at` end like an agency's name."""
    return bool(re.search(_ORGAN + "$", folded[max(0, at - 6) : at]))


def _last_agency(folded: str, last: int, stop: int, dated: bool) -> Furniture | None:
    """An agency's name that ends at `stop`: alone on its line, or, in front of a date, behind a sentence end."""
    window = folded[max(last, stop - 60) : stop]
    cut = max((window.rfind(sign) for sign in "\n。!?;；！？:"), default=-1)
    if cut < 0 and len(window) == 60:
        return None
    content = window[cut + 1 :].strip(" \t\u3000。")
    own_line = cut >= 0 and window[cut] == "\n"
    plain = re.sub(r"\s", "", content)
    if not (own_line or dated) or not plain or len(plain) > 34 or not _SIGNATURE.fullmatch(plain):
        return None
    start = stop - len(window) + window.rfind(content)
    return Furniture(start, start + len(content), "signature")


def _merge(own: list[Furniture], given: Iterable[Furniture]) -> tuple[Furniture, ...]:
    """Own and given furniture without overlap: title, signature and date first, then the given spans, then the rest."""
    firm = {"title", "signature", "date"}
    ranked = [item for item in own if item.reason in firm] + list(given) + [item for item in own
        if item.reason not in firm]
    kept: list[Furniture] = []
    for item in ranked:
        pieces = [(item.start, item.end)]
        for other in kept:
            pieces = [part for start, end in pieces for part in _minus(start, end, other)]
        kept.extend(Furniture(start, end, item.reason) for start, end in pieces if start < end)
    return tuple(sorted(kept, key=lambda item: item.start))


def _minus(start: int, end: int, other: Furniture) -> list[tuple[int, int]]:
    """`[start, end)` without `other`."""
    if other.end <= start or other.start >= end:
        return [(start, end)]
    return [part for part in ((start, other.start), (other.end, end)) if part[0] < part[1]]

"""The end of a page: signature and date behind the last part, then what the site prints below."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from gknlp.read.furniture_rules import compile_rule, rules
from gknlp.types import Furniture

_HEADING = re.compile(
    r"(?:^|[\s。;])(?:#+\s*)?(?:[一二三四五六七八九十]{1,3}\s*[、.．]|第[一二三四五六七八九十]部分)(?=\s*[^\s、])"
    r"|(?:^|\n)\s*(?:\d{1,2}\s*[、.．]|[(][一二三四五六七八九十]{1,2}[)])(?=\s*[\u4e00-\u9fa5])"
)
_ORGAN = (
    r"(?:人民政府|政府|办公[室厅]|[局厅委署院处站所队社馆会台司部]|委员会|办事处|中心|街道|[镇乡]|苏木|大队|支队"
    r"|公司|学校|医院|园区|政府办|法院|海关)"
)
SIGNATURE = re.compile(rf"[\u4e00-\u9fa5()·、]{{2,40}}{_ORGAN}(?:办公室)?(?:\(盖?章\))?\)?")
_SENTENCE_END = "。!！?？;；)）”\"》"
_HEADING_WORDS = re.compile(r"[一二三四五六七八九十]\s*、|事项|情况|问题")
_LEAST_NAME = 4  # characters of a name that stands between blanks (水务局 alone may be the end of a spaced one)
_MAX_FOOT_STOPS = 3  # full stops a page's foot may hold; more of them is prose that a rule met by chance


@cache
def _date() -> re.Pattern[str]:
    return compile_rule(r"[(]?{blank}(?:{date}|{month}){blank}[)]?")


@cache
def _tail_search() -> re.Pattern[str]:
    """Any tail rule at a line start, behind a sentence end or blank, or at a bracketed tool; group names are rule
    numbers."""
    union = "|".join(f"(?P<r{number}>{rule.pattern.pattern})" for number, rule in enumerate(rules("tail")))
    return re.compile(rf"(?:(?<=[\s。!;)”\]】])|^|(?=[\[【]\s?(?:打\s?印|关\s?闭|收藏|返回|纠错)))(?:{union})")


def find_foot(folded: str, body: int, given: Iterable[Furniture]) -> list[Furniture]:
    """Signature, date and page foot behind the last part, in order.

    `folded` is the width-folded page, `body` where the preamble begins, `given` what the format itself marked. The foot
    begins at the first tail rule with hardly any sentence behind it; signature and date stand in front of it, or of
    page numbers and marked blocks at the end. Linear in the text.
    """
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
    for rule in rules("line"):
        for match in re.finditer(rf"(?m)^[^\S\n]*({rule.pattern.pattern})[^\S\n]*$", tail):
            lines.append((end - len(tail) + match.start(1), end - len(tail) + match.end(1)))
    for start, stop in sorted(lines, key=lambda line: -line[1]):
        if start < end and not folded[stop:end].strip():
            end = start
    return end


def _page_foot(folded: str, last: int) -> tuple[int, list[Furniture]]:
    """Where the page's foot begins, and its lines with their reasons."""
    first = len(folded)
    for _ in range(_MAX_FOOT_STOPS + 1):  # where at most so many full stops are left
        first = folded.rfind("。", last, first) if first >= 0 else first
    for match in _tail_search().finditer(folded, max(last, first)):
        found = []
        for line in re.finditer(r"[^\n]*[^\s][^\n]*", folded[match.start() :]):
            left = match.start() + line.start()
            content = line.group()
            left += len(content) - len(content.lstrip())
            inner = _tail_search().match(folded, left)
            reason = rules("tail")[int(inner.lastgroup[1:])].reason if inner and inner.lastgroup else "footer"
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
    date = _date().match(content)
    if date and content[date.end() :].strip():  # the date first, as in many one-line pages: it stands apart like a line
        content, dated = content[date.end() :].strip(), True
    if not own_line or _HEADING_WORDS.search(content):
        content = _last_name(content)
    plain = re.sub(r"\s", "", content)
    if not (own_line or dated) or not plain or len(plain) > 34 or not SIGNATURE.fullmatch(plain):
        return None
    start = stop - len(window) + window.rfind(content)
    return Furniture(start, start + len(content), "signature")


def _last_name(content: str) -> str:
    """The name that ends a stretch whose words stand apart ("六、其他需要报告的事项 无 青垣县水务局").

    The stretch itself where its last word is too short for a name (青 垣 县 水 务 局); empty where it heads a part.
    """
    last = content.split()[-1:]
    if last and len(last[0]) >= _LEAST_NAME and SIGNATURE.fullmatch(last[0]):
        return last[0]
    return "" if _HEADING_WORDS.search(content) else content

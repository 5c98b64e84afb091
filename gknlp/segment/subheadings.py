"""Headings inside a part: what is a heading, what is a numbered statement, and how they nest."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache

from gknlp.resources import load_toml
from gknlp.segment.view import View
from gknlp.segment.words import genre

RULES = "models/subheadings.toml"
_CN = "[一二三四五六七八九十]{1,3}"
_NUMBER = re.compile(
    rf"\((?P<pcn>{_CN})\)[、.,:]?|(?P<cn>{_CN})[、.](?!{_CN}[、.是])|(?P<ar>\d{{1,2}})(?:、(?!\d{{1,2}}、)|\.(?!\d(?!\d{{4}})))|\((?P<par>\d{{1,2}})\)[、.]?"
    r"|(?P<dec>\d{1,2}\.\d{1,2}(?:\.\d{1,2})?)[、.]?(?=[一-鿿\"《])(?![万亿元个条件次人倍年月日余多分])"
)
_TERMINAL = '。!?;:)"…'
# A sub-heading's line, and a run-in label, have at most this many characters (longest seen in the specimens: 34, 22).
MAX_LINE = 42
MAX_LABEL = 26
MAX_STATEMENT = 32  # a longer numbered sentence is a list item and heads nothing
_SPACED_LABEL = 36
_MIN_GLUED = 4
_SHORT_LABEL = 7  # words this few without a verb name a topic ("环境质量")
# Styles of numbers from the highest level down, as official documents nest them (GB/T 9704-2012, 7.3.3).
_RANKS = {"cn": 0, "pcn": 1, "ar": 2, "par": 3}
_STOP = re.compile("[。;:!?]")
_NO_COMMA = re.compile("[。;:!?,]")
_CJK = re.compile('[一-鿿)》"]')
_LIST = re.compile(r"\d{1,2}[、.](?!\d)")
_NIL = re.compile("无|没有|未")
_NIL_LINE = re.compile("(?:本(?:机关|单位|年度?)|我.)?(?:无|没有|未)(?!障碍)")


@dataclass(frozen=True, slots=True)
class SubTitle:
    """A sub-heading on the compact view; its body begins at `end`; `narrative`: it is a statement, and stays text."""

    start: int
    end: int
    style: str
    narrative: bool


@cache
def _rules(kind: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((item.get("topic", item["id"]), re.compile(item["pattern"])) for item in load_toml(RULES)[kind])


def find_topic(title: str) -> str | None:
    """Which of the five topics of the form of 2021 a sub-heading names, None where it names none."""
    return next((topic for topic, pattern in _rules("topic") if pattern.search(title)), None)


def is_statement(title: str) -> bool:
    """Whether a numbered line says something (a verb leads, or a predicate ends it) rather than naming a topic."""
    return any(pattern.match(title) for _, pattern in _rules("statement"))


def is_label(title: str) -> bool:
    """Whether the words name a topic ("政策解读方面")."""
    return _is_named(title) or (len(title) <= _SHORT_LABEL and not is_statement(title))


def _is_named(title: str) -> bool:
    """Whether the words end as the names of topics do ("…情况", "…方面") and say nothing."""
    if title.endswith(("情况", "方面", "事项")) and not _NIL.search(title):
        return True
    return not is_statement(title) and any(pattern.fullmatch(title) for _, pattern in _rules("label"))


def find_subtitles(view: View, start: int, end: int, hints: frozenset[int], *, wrapped: bool) -> list[SubTitle]:
    """The sub-headings of the narrative stretch `[start, end)`, in order. `wrapped`: lines end inside sentences."""
    found: list[SubTitle] = []
    text = view.text
    done = start
    for match in _NUMBER.finditer(text, start, end):
        at = match.start()
        if at < done or not _stands_free(view, at, start):
            continue
        if match.lastgroup == "dec" and not view.is_line_start(at):  # inside a line it is an amount
            continue
        made = _numbered(view, at, match.end(), end, match.lastgroup or "", wrapped=wrapped)
        if made:
            found.append(made)
            done = made.end
    found.extend(_colon_labels(view, start, end, found))
    numbered = sorted(item.start for item in found)
    for at in view.lines[bisect_left(view.lines, start) : bisect_left(view.lines, end)]:
        stop = min(view.line_end(at), end)
        k = bisect_left(numbered, at)
        if k < len(numbered) and numbered[k] < stop:
            continue
        if _is_bare_title(view, (at, stop), (start, end), hinted=at in hints, wrapped=wrapped):
            found.append(SubTitle(at, stop, "none", False))
    return sorted(found, key=lambda item: item.start)


def _colon_labels(view: View, start: int, end: int, taken: list[SubTitle]) -> list[SubTitle]:
    """Labels with a colon and without a number ("改进情况:…") at the start of a line or sentence."""
    made = []
    held = {item.start for item in taken} | {item.end for item in taken}
    for match in _rules("colon")[0][1].finditer(view.text, start, end):
        at = match.start()
        free = at == start or view.is_line_start(at) or view.text[at - 1] in "。;!?"
        if free and at not in held and match.end() < end:
            made.append(SubTitle(at, match.end(), "none", False))
    return made


def _stands_free(view: View, at: int, start: int) -> bool:
    """Whether a number stands where a heading can begin: after a break or a full stop."""
    if at == start or view.is_chunk_start(at):
        before = view.text[at - 1] if at > start else "。"
        return before not in "、,(《第" or view.is_line_start(at)
    return view.text[at - 1] in _TERMINAL


def _numbered(view: View, at: int, title: int, end: int, style: str, *, wrapped: bool) -> SubTitle | None:
    """The sub-heading whose number stands at `at` and whose words begin at `title`, None where it is a list item."""
    text = view.text
    line_end = min(view.line_end(title), end)
    if view.is_line_start(title) and title > at:
        line_end = min(view.line_end(title), end)
    line = text[title : min(line_end, title + 2 * MAX_LINE)]
    if not line or text.startswith(("项", "款", "条"), title):
        return None
    if wrapped and line_end < end and not _STOP.search(line) and len(line) > MAX_LABEL - 4:
        return None
    glued = _glued_label(text, title, line_end)
    if glued:
        return SubTitle(at, glued, style, False)
    if line[-1] == "。" and len(line) <= MAX_LINE:
        spaced = _spaced_label(view, title, line_end, line_end)
        if spaced is not None:
            return SubTitle(at, spaced, style, False)
    if view.is_line_start(at) and len(line) <= MAX_LINE:
        body = line.rstrip("。:;*# ")
        if not _STOP.search(body):
            bare = _heads_nothing(text, line_end, end, style)
            stopped = line[-1] in "。;" and (bare or not is_label(body))
            listed = bare and (is_statement(body) or (line_end < end and not _is_named(body)))
            narrative = stopped or listed or _NIL_LINE.match(body) is not None
            if narrative and len(body) > MAX_STATEMENT:
                return None
            if line[-1] == ";" or (line[-1] == "," or ("," in body and len(body) > 34)):
                return None
            return SubTitle(at, line_end, style, narrative)
    return _run_in(view, at, title, line_end, end, style)


def _heads_nothing(text: str, at: int, end: int, style: str) -> bool:
    """Whether nothing follows at `at` that an item of `style` could head: the end, the next item, or a higher one."""
    match = _NUMBER.match(text, at)
    if at >= end or match is None:
        return at >= end
    following = match.lastgroup or ""
    return following == style or _RANKS.get(following, 9) < _RANKS.get(style, 0)


def _glued_label(text: str, title: int, line_end: int) -> int | None:
    """The end of a topic label that its text follows without any sign ("主动公开方面2022年…"), None without one."""
    glued = genre("subheadings.glued").match(text, title, min(line_end, title + MAX_LINE))
    if glued is None or glued.end() >= line_end or glued.end() - title < _MIN_GLUED:
        return None
    return glued.end() if genre("subheadings.body_start").match(text, glued.end()) else None


def _run_in(view: View, at: int, title: int, line_end: int, end: int, style: str) -> SubTitle | None:
    """A sub-heading that its text follows on the same line."""
    text = view.text
    stop = _STOP.search(text, title, min(line_end, title + MAX_LINE + 6))
    words_end = stop.start() if stop else min(line_end, title + MAX_LINE)
    spaced = _spaced_label(view, title, words_end, line_end)
    if spaced is not None:
        return SubTitle(at, spaced, style, False)
    if stop is None and line_end < end and line_end - title <= MAX_LABEL and is_label(text[title:line_end]):
        return SubTitle(at, line_end, style, False)  # glued to the paragraph before, its text on the next line
    if stop is None or stop.group() == ";":
        return None
    words = text[title : stop.start()]
    short = len(words) <= MAX_LABEL and "," not in words
    if short and not _heads_nothing(text, stop.end(), end, style) and is_label(words):
        return SubTitle(at, stop.end(), style, False)
    if stop.group() == "。" and len(words) <= MAX_STATEMENT and style != "par":
        return SubTitle(at, stop.end(), style, True)
    return None


def _spaced_label(view: View, title: int, words_end: int, line_end: int) -> int | None:
    """The end of a label that white space parts from its text, None where there is none."""
    text = view.text
    at = view.chunk_end(title)
    while at < line_end and at <= words_end and at - title <= _SPACED_LABEL:
        words = text[title:at]
        if len(words) >= 2 and words[-1] not in ",、" and _parts_label(text, at, words):
            return at
        at = view.chunk_end(at)
    return None


def _parts_label(text: str, at: int, words: str) -> bool:
    """Whether the white space before `at` parts a label (`words`) from its text: ideographs on both sides."""
    after = text[at]
    if not _CJK.match(words[-1]):
        return False
    if after == "《":
        return words[-1] not in "据照布发了彻"
    if after.isdigit():
        if genre("subheadings.noun_end").search(words) or _LIST.match(text, at):
            return True
        return genre("subheadings.year_start").match(text, at) is not None and words[-1] not in "在于至到从自据照"
    return _CJK.match(after) is not None or after in '("'


def _is_bare_title(
    view: View, line: tuple[int, int], stretch: tuple[int, int], *, hinted: bool, wrapped: bool
) -> bool:
    """Whether an unnumbered line of a stretch is a heading: short, without any stop, between finished sentences."""
    (at, stop), (start, end) = line, stretch
    words = view.text[at:stop].rstrip(":*")
    if not 2 <= len(words) <= (MAX_LINE if hinted else 20) or _STOP.search(words) or not re.search("[一-鿿]{2}", words):
        return False
    if stop >= end:
        return False
    if hinted:
        return True
    if wrapped or _NO_COMMA.search(words) or view.text[stop - 1] == ":" or re.search(r"\d", words):
        return False
    named = any(pattern.fullmatch(words) for _, pattern in _rules("label")) and not is_statement(words)
    return named and stop not in view.soft and (at == start or view.text[at - 1] in "。!?;")


def nest(styles: list[str]) -> list[tuple[int, int | None]]:
    """Level (from 1) and parent (index) of each sub-heading of a part, by the order in which number styles appear.

    A style seen before closes what was opened after it; a new one opens a level below. Headings without a number keep
    level 1 unless a numbered one stands above.

    >>> nest(["pcn", "ar", "ar", "pcn", "ar"])
    [(1, None), (2, 0), (2, 0), (1, None), (2, 3)]
    """
    stack: list[tuple[str, int]] = []
    made: list[tuple[int, int | None]] = []
    for index, style in enumerate(styles):
        known = [open_style for open_style, _ in stack]
        if style in known:
            del stack[known.index(style) :]
        made.append((len(stack) + 1, stack[-1][1] if stack else None))
        stack.append((style, index))
    return made

"""Tells the page from the report: menus, tools, document data, title, signature, footers, page numbers.

Precision comes first. The rules (models/furniture.toml) are matched only where furniture can be: one after the other
from the page's start to the report's first sentence, from the page's foot on, and on whole lines; never searched in
prose.
"""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections.abc import Iterable
from itertools import pairwise

from gknlp.normalize import fold_width
from gknlp.read.furniture_rules import rules
from gknlp.read.hygiene import is_traditional, to_simplified
from gknlp.read.page_foot import SIGNATURE, find_foot
from gknlp.read.titles import TitleSpan, find_titles
from gknlp.types import Furniture, Layout

# The first part's heading: what stands above it is title, preamble and page.
_FIRST_HEADING = re.compile(
    r"(?:[(]?一[)]?\s*[、.．,:]|第一部分|(?:^|\s)1\s*[、.．])\s*(?=[^\n]{0,24}?(?:总\s*体|概\s*[述况]|基本|工作"
    r"|主动|信息|公开|组织|建立|加强|领导|情况|统计))"
    r"|(?:^|\n)\s*(?:#+\s*|一\s+)?(?:总体情况|工作概述|概\s*述|概\s*况|基本情况)\s*(?=\n)"
)
# How a report's first sentence begins, where it stands without heading.
BODY_CUE = re.compile(
    r"(?:根据|按照|依据|依照|遵照|遵循|为(?!了?解读))[^。\n]{0,40}?(?:条例|规定|要求|通知|精神|办法|意见)"
    r"|本(?:年度)?(?:报告|年报)|现将|现予|现公布|现就"
    r"|现向社会|特向社会|特编制|(?:19|20)\d\d\s*年(?:度|以来)?\s*[,，]|二[零0][零一二三四五六七八九]{2}年(?:度"
    r"|来)?\s*,|今年以来|一年来"
    r"|(?:我|本)(?:局|委|办|厅|县|市|区|镇|乡|院|处|中心|机关|单位|街道)|《中华人民共和国政府信息公开条例》"
)
_CONTENTS = re.compile(r"\s*(?:#+\s*)?目\s{0,6}录(?=\s)")
_MAX_CONTENTS = 1_500
# A field of the page's data that holds sentences.
_SUMMARY = re.compile(r"(?:概述|摘要|描述|简介|[Dd]escription)\s*[:\t]")
_MAX_SUMMARY = 600  # characters of a summary field
_MAX_HEAD_STOPS = 3  # full stops that menus and greetings above a title may hold
_MAX_HEAD = 30_000  # a page's head: no site seen has more characters of menus in front of the text
_MAX_ISSUER_LINE = 80  # characters of a line that holds a title or a name and nothing else
_NO_HEADING_REACH = 3_000  # where no part has a heading, the title stands within the first page


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
    text = to_simplified(text) if is_traditional(text) else text
    folded = fold_width(text)
    head, body = _head(text, folded, layout)
    foot = find_foot(folded, body, layout.furniture)
    lines = _whole_lines(folded, body)
    again = _repeated_titles(folded, head, foot[0].start if foot else len(text))
    return _merge([*head, *again, *lines, *foot], layout.furniture)


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
    """The title nearest above the body: the last strong one above the first part's heading, else the last weak one.

    Behind `start`; where there is none, behind a contents list there, then inside the head that ends at `start`.
    """
    title = _title_above(text, folded, start)
    if title is None and (contents := find_contents(folded, start)):
        title = _title_above(text, folded, contents.end)
    if title is None and start and _loose_head(folded, start):
        title = _title_above(text, folded, 0)
    return title


def _title_above(text: str, folded: str, start: int) -> TitleSpan | None:
    """The title between `start` and the first part's heading behind it."""
    heading = _first_heading(folded, start)
    stop = heading.start() if heading else min(len(text), start + _NO_HEADING_REACH)
    titles = find_titles(text, start, stop)
    if heading is None:
        cue = BODY_CUE.search(folded, start, stop)
        sentence = folded.find("。", start, stop)
        first = min(at for at in (cue.start() if cue else stop, sentence if sentence >= 0 else stop))
        above = [title for title in titles if title.start <= first]
        titles = above or titles[:1]
    titles = [title for title in titles if not _prose_before(folded[start : title.start])]
    strong = [title for title in titles if title.strong] or titles
    for title, after in pairwise(strong):
        if _prose_between(folded[title.end : after.start]):
            return title
    return strong[-1] if strong else None


def _first_heading(folded: str, start: int) -> re.Match[str] | None:
    """The first part's heading behind `start`; one inside a summary field, which repeats the report's beginning, is
    passed over where another follows."""
    heading = _FIRST_HEADING.search(folded, start, start + _MAX_HEAD)
    if heading and _SUMMARY.search(folded, max(start, heading.start() - _MAX_SUMMARY), heading.start()):
        line = folded.find("\n", heading.end())
        again = _FIRST_HEADING.search(folded, line, start + _MAX_HEAD) if line >= 0 else None
        if again and find_titles(folded[line : again.start()]):
            return again
    return heading


def _prose_before(text: str) -> bool:
    """Whether a page runs on in sentences above a title, so that the title is a mention or that of an annex."""
    return text.count("。") > _MAX_HEAD_STOPS and not _SUMMARY.search(text)


def _prose_between(text: str) -> bool:
    """Whether sentences stand between two titles, so that the second one only repeats the first; a summary field is
    none."""
    return "。" in text and not _SUMMARY.search(text)


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
        reason = next((rule.reason for rule in rules("head") if rule.pattern.match(folded, left, right)), "page head")
        found.append(Furniture(left, right, reason))
    return found


def _consume(folded: str, start: int) -> tuple[int, list[Furniture]]:
    """Head items one after the other from `start`; returns where the first thing stands that is none."""
    found: list[Furniture] = []
    at = start
    while True:
        at = _skip(folded, at)
        item = next(((rule, match) for rule in rules("head") if (match := rule.pattern.match(folded, at))
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
    end = folded.find("\n", at, at + _MAX_ISSUER_LINE)
    if end < 0 or not folded[at:end].strip():
        return None
    line = folded[at:end].rstrip()
    if _FIRST_HEADING.match(folded, at):
        return None
    titles = find_titles(line)
    if len(titles) == 1 and titles[0].start == 0 and titles[0].end == len(line):
        return Furniture(at, at + len(line), "title")
    if SIGNATURE.fullmatch(line.replace(" ", "")) and len(line) <= 30 and not BODY_CUE.search(line):
        return Furniture(at, at + len(line), "issuer")
    return None


def _whole_lines(folded: str, start: int) -> list[Furniture]:
    """Lines from `start` on that are page numbers."""
    found = []
    for rule in rules("line"):
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


def _merge(own: list[Furniture], given: Iterable[Furniture]) -> tuple[Furniture, ...]:
    """Own and given furniture without overlap: title, signature and date first, then the given spans, then the rest."""
    firm = {"title", "signature", "date"}
    ranked = [item for item in own if item.reason in firm] + list(given) + [item for item in own
        if item.reason not in firm]
    kept: list[tuple[int, int, str]] = []  # by start, without overlap
    for item in ranked:
        for start, end in _gaps(kept, item.start, item.end):
            insort(kept, (start, end, item.reason))
    return tuple(Furniture(*piece) for piece in kept)


def _gaps(kept: list[tuple[int, int, str]], start: int, end: int) -> list[tuple[int, int]]:
    """What of `[start, end)` none of the sorted `kept` pieces covers."""
    gaps = []
    place = max(0, bisect_left(kept, (start,)) - 1)
    while place < len(kept) and kept[place][0] < end:
        left, right, _ = kept[place]
        if start < left:
            gaps.append((start, left))
        start = max(start, right)
        place += 1
    return [*gaps, (start, end)] if start < end else gaps

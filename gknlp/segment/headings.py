"""Heading candidates: every place of the text where a part could begin, with its number, its title and its shape."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gknlp.segment.titles import MAX_TITLE, Title, has_key, is_never, is_title_shaped, read_keywords, read_titles
from gknlp.segment.view import View
from gknlp.segment.words import genre

# Figures that OCR misreads ("王、" for "五、"): believed only before a known title at the start of a line.
_MISREAD = {"王": 5, "玉": 5, "互": 5, "士": 10, "土": 10, "兰": 3, "ー": 1, "囚": 4, "人": 8, "入": 8, "丸": 9}
_DIGITS = {"一": 1, "二": 2, "ニ": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_CN = "[一二ニ三四五六七八九十]{1,3}"
# What follows "1." is no decimal: no digit, or a year ("1.2013年工作情况").
_NO_AMOUNT = r"(?:(?!\d)|(?=20\d\d年))"
_NUMBER = re.compile(
    rf"第(?P<part>{_CN}|\d{{1,2}})(?:部分|章|节)[、:.,]?"
    rf"|(?<![一二三四五六七八九十百零第])(?P<cn>{_CN})(?:[、.,:·]|\)(?=、)?)[、.]?"
    rf"|\((?P<typo>{_CN})\)[、.]"
    rf"|\((?P<pcn>{_CN})\)"
    rf"|(?<![\d.\-])(?P<ar>\d{{1,2}})[、.]{_NO_AMOUNT}"
    r"|(?<![\w\-])(?P<dash>-)、"
)
_BARE_NUMBER = re.compile(
    rf"(?:(?P<cn>{_CN}|0\d(?=[一-鿿]))|第(?P<part>{_CN})[,、:]?|(?P<ar>\d)(?![\d.%]))"
    r"(?=[^一二三四五六七八九十个是些年月方级、])"
)
# Numbers that only a line's start makes a number: an Arabic one after a table's last digit, a figure misread by OCR.
_LINE_NUMBER = re.compile(rf"(?P<ar>\d{{1,2}})[、.]{_NO_AMOUNT}|(?P<cn>[{''.join(_MISREAD)}])[、.]")
_CHUNK_NUMBER = re.compile(rf"(?P<ar>\d{{1,2}})[、.]{_NO_AMOUNT}")
# A number that has its line to itself, as pages made for telephones set it above the title.
_LONE_NUMBER = re.compile(rf"(?:part\.?|第)?(?P<cn>{_CN}|0\d|1[0-2])(?:部分|章)?", re.IGNORECASE)
_LEAD = re.compile(r"[#*>·●■◆▲★□【\s]*")
# A remark in brackets belongs to the title: "其他需要报告的事项(收取信息处理费情况)".
_NOTE = re.compile(r"\((?![一二三四五六七八九十\d]{1,2}\))[^()。]{2,24}\)")
_NIL = re.compile("无|没有|未|不")
_LEADERS = re.compile(r"[.…·_\-]{3,}|[.…·]*\d{1,3}$")
_INSIDE = re.compile(r"[一-鿿,、《\"'(]")
# An unnumbered line of its own, this short, may be a title of unusual wording ("我们的做法").
_SHORT_TITLE = 12
# Titles that are known only where the line ends behind them ("说明", "主动公开") are no longer than this.
_BARE_NOUN = 14
# In a line of at least this length a sure title may break off and go on in the next line (hard-wrapped text).
_WRAPPED_LINE = 20
_SURE = 0.95
# An unnumbered title of so many characters names a part in full ("其他需要报告的事项"), not a topic ("主动公开情况").
FULL_TITLE = 9
# A title this sure is parted from the rest of its line where the rest is a sentence of at least so many characters.
_SURE_FOLLOWED, _LEAST_SENTENCE = 0.9, 5
# A title that ends in one of these goes on ("存在的主要问题及2016年打算").
_JOINS = "、及和与暨"
# What begins a sentence with a character that could join two nouns.
_COMPARED = re.compile("及时|[和与](?:[上去往前]年|20|上级|群众|公众|先进)")
# A number on a line of its own, or misread, is believed before a title at least this sure (a table's cells are not).
_SURE_LONE = 0.75
# A title read by its words alone, and one that only spaces part from the text around it.
_KEYWORD, _SURE_SPACED = 0.65, 0.85
# A title between spaces is no longer than this.
_MAX_CHUNK = 30
# A line this long is a page without line breaks, in which spaces may part headings from text.
_LONG_LINE = 120
# Most candidates looked at in one text: bounds the cost on texts of many megabytes; real reports have some forty.
MAX_CANDIDATES = 300

# Weights of the local score, set by hand on invented outlines so that a known title on its own line beats any chain
# of unknown items; tests/test_segment_outlines.py must be run again after a change.
TITLE_WEIGHT = 4.0
UNKNOWN_WEIGHT = 0.3
SHAPE = {"line": 1.2, "chunk": 0.5, "run": 0.0}
STYLE = {"part": 0.6, "cn": 0.6, "pcn": -0.3, "ar": -0.3, "none": -0.8}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible heading on the compact view: number at `start`, title `[title, end)`; `local` is its own score."""

    start: int
    title: int
    end: int
    style: str
    ordinal: int
    section: str
    known: float
    rule: str
    shape: str
    local: float


def number_value(text: str) -> int:
    """The value of a Chinese number up to 99 or of Arabic digits.

    >>> number_value("十二"), number_value("二十"), number_value("7")
    (12, 20, 7)
    """
    if text.isascii():
        return int(text)
    if text in _MISREAD:
        return _MISREAD[text]
    tens, found, units = text.rpartition("十")
    if not found:
        return _DIGITS.get(text[-1], 0)
    return (_DIGITS.get(tens, 1) if tens else 1) * 10 + (_DIGITS.get(units, 0) if units else 0)


def find_candidates(view: View, hints: frozenset[int]) -> list[Candidate]:
    """All heading candidates in order of start; one place gives one candidate per reading of its title.

    `hints` are view positions of lines that the source marks as headings. Cost: linear in the text.
    """
    found: list[Candidate] = []
    taken: set[int] = set()
    text = view.text
    for match in _NUMBER.finditer(text):
        kind = match.lastgroup or ""
        start = match.start()
        if kind == "ar" and view.line_end(start) < match.end() - 1:  # the "0" of a cell and the "3." below it
            continue
        at_line = _at_line_start(view, start)
        inside = not at_line and kind in ("ar", "dash", "pcn") and not view.is_chunk_start(start)
        if inside and (kind == "dash" or not has_key(text, match.end(), match.end() + 12)):
            continue
        ordinal = 1 if kind == "dash" else number_value(match.group(kind))
        style = {"typo": "pcn", "dash": "cn"}.get(kind, kind)
        made = _at(view, start, match.end(), (style, ordinal), at_line=at_line, hint=start in hints)
        if kind == "typo":
            made = [item for item in made if item.known >= 0.6]
        found.extend(made)
        taken.add(start)
    found.extend(_unnumbered(view, taken, hints))
    found.sort(key=lambda item: (item.start, -item.known, item.end))
    if len(found) > MAX_CANDIDATES:
        best = sorted(range(len(found)), key=lambda k: (-found[k].local, k))[:MAX_CANDIDATES]
        found = [found[k] for k in sorted(best)]
    return found


def _at_line_start(view: View, at: int) -> bool:
    """Whether only Markdown marks and bullets stand before `at` on its line."""
    start = view.line_start(at)
    return at - start <= 8 and _LEAD.fullmatch(view.text, start, at) is not None


def _unnumbered(view: View, taken: set[int], hints: frozenset[int]) -> list[Candidate]:
    """Titles without a number that fill a line of their own, or stand between spaces in a text without lines."""
    found = []
    text = view.text
    ends = [*view.lines[1:], len(text)] if view.lines else []
    for start, end in zip(view.lines, ends, strict=True):
        if end - start > _LONG_LINE:
            found.extend(_spaced_titles(view, start, end, taken))
        if end - start > 60 and start not in hints:
            continue
        lead = _LEAD.match(text, start)
        at = lead.end() if lead else start
        if at in taken or at >= end:
            continue
        lone = _LONE_NUMBER.fullmatch(text, at, end)
        if lone:
            made = _at(view, at, end, ("cn", number_value(lone.group("cn"))), at_line=True, hint=False)
            found.extend(item for item in made if item.known >= _SURE_LONE and item.shape == "line")
        if lone or not has_key(text, at, min(end, at + 45)):
            continue
        made = _line_numbered(view, at, end, hint=start in hints)
        if made:
            found.extend(made)
            continue
        bare = _BARE_NUMBER.match(text, at)
        if bare:
            style = bare.lastgroup or "cn"
            number = (style, number_value(bare.group(style)))
            made = _at(view, at, bare.end(), number, at_line=True, hint=start in hints)
            spaced = view.is_chunk_start(bare.end())
            least = _SURE if style != "cn" else _KEYWORD if spaced else _SURE_LONE
            found.extend(item for item in made if item.known >= least)
            if made:
                continue
        made = _at(view, at, at, ("none", 0), at_line=True, hint=start in hints)
        least = 0.6 if start in hints or end - start <= _SHORT_TITLE else 0.75
        if genre("headings.title_end").search(text, at, end):
            least = min(least, _KEYWORD)
        if text[end - 1] in "。;" or _NIL.match(text, at):
            least = 0.75
        found.extend(item for item in made if item.known >= least and item.shape == "line")
    return found


def _line_numbered(view: View, at: int, end: int, *, hint: bool) -> list[Candidate]:
    """Known titles behind a number that is one only because the line begins with it."""
    match = _LINE_NUMBER.match(view.text, at, end)
    if match is None:
        return []
    kind = match.lastgroup or ""
    made = _at(view, at, match.end(), (kind, number_value(match.group(kind))), at_line=True, hint=hint)
    return [item for item in made if item.known >= _SURE_LONE]


def _spaced_titles(view: View, start: int, end: int, taken: set[int]) -> list[Candidate]:
    """Known titles that stand between spaces inside a long line."""
    found: list[Candidate] = []
    for at, stop in _chunks_between(view, start, end):
        if not 2 <= stop - at <= 30 or at in taken or not has_key(view.text, at, stop):
            continue
        numbered = _CHUNK_NUMBER.match(view.text, at, stop)  # "3.依申请公开情况" behind a table's last digit
        if numbered:
            number = ("ar", number_value(numbered.group("ar")))
            made = _at(view, at, numbered.end(), number, at_line=False, hint=False)
            found.extend(item for item in made if item.known >= _SURE_LONE)
            continue
        window = view.text[at:stop].rstrip(":。")
        start, number = _number_before(view, at)
        whole = [title for title in read_titles(window) if title.end == len(window)]
        by_word = read_keywords(window) if not whole and not _NIL.match(window) else None
        if by_word and (number[1] or (len(window) >= FULL_TITLE and genre("headings.title_end").search(window))):
            whole = [by_word]
        least = _KEYWORD if number[1] or by_word else _SURE_SPACED
        for title in whole:
            if title.score >= least:
                found.append(_make(view, (start, at), title, number, "chunk", hint=False))
    return found


def _number_before(view: View, at: int) -> tuple[int, tuple[str, int]]:
    """Where a heading begins whose title at `at` has a chunk to itself, and its number ("一 总体情况"), if any."""
    start = view.chunk_start(at - 1) if at else at
    lone = _LONE_NUMBER.fullmatch(view.text, start, at)
    if lone is None:
        return at, ("none", 0)
    return start, ("cn", number_value(lone.group("cn")))


def _chunks_between(view: View, start: int, end: int) -> list[tuple[int, int]]:
    """The chunks of the line `[start, end)`."""
    from_ = _index(view.chunks, start)
    to = _index(view.chunks, end)
    starts = view.chunks[from_:to]
    return list(zip(starts, [*starts[1:], end], strict=True))


def _index(values: list[int], value: int) -> int:
    low, high = 0, len(values)
    while low < high:
        middle = (low + high) // 2
        if values[middle] < value:
            low = middle + 1
        else:
            high = middle
    return low


def _at(
    view: View, start: int, title_at: int, number: tuple[str, int], *, at_line: bool, hint: bool
) -> list[Candidate]:
    """The candidates for a heading whose number (style and value) stands at `start`, its title at `title_at`."""
    text = view.text
    line_end = max(view.line_end(start), title_at)
    if line_end == title_at:  # a number alone on its line: the title stands on the next one
        line_end = view.line_end(title_at)
    window = text[title_at : title_at + 70]
    titles = read_titles(window) if has_key(text, title_at, title_at + 45) else []
    titles = [_cut_at_break(view, title_at, title) for title in titles]
    line = text[title_at : min(line_end, title_at + MAX_TITLE + 1)]
    made: list[tuple[Title, str]] = []
    if at_line and is_title_shaped(line):
        made = _whole_line(view, title_at, line, titles)
    if not made:
        made = _run_in(view, title_at, line_end, titles, view.is_chunk_start(start))
    apart = line_end
    if view.is_chunk_start(start) and (chunk := _title_chunk(view, title_at, line_end)):
        apart = title_at + len(chunk)
    if not made or is_never(window[: max(apart - title_at + 3, 8)]):
        return []
    return [_make(view, (start, title_at), title, number, shape, hint=hint) for title, shape in made]


def _cut_at_break(view: View, at: int, title: Title) -> Title:
    """The title up to white space inside it where it is whole there and its last words begin the body ("统计显示")."""
    if title.score < _SURE_FOLLOWED or view.is_chunk_start(at + title.end):
        return title
    stop = view.chunk_end(at)
    while stop < at + title.end:
        words = view.text[at:stop]
        if view.text[stop] not in _JOINS and words[-1] not in _JOINS:
            for shorter in read_titles(words):
                if shorter.end == len(words) and shorter.section == title.section and shorter.score >= _SURE_FOLLOWED:
                    return shorter
        stop = view.chunk_end(stop)
    return title


def _whole_line(view: View, at: int, line: str, titles: list[Title]) -> list[tuple[Title, str]]:
    """Readings of a title that has its line to itself, or is followed on it by a word or two of body."""
    body = line.rstrip("。:;*#,】")
    good = []
    whole_known = len(body) > _BARE_NOUN or any(len(body) <= title.end <= len(line) for title in titles)
    if not whole_known and has_key(body, 0, len(body)):
        # on the view the next line follows at once: bare nouns ("说明") are titles only where the line ends
        titles = [*(title for title in read_titles(body) if title.end == len(body)), *titles]
    for title in titles:
        if title.end >= len(body):
            if title.end <= len(line) or view.is_line_start(at + title.end):
                good.append((title, "line"))
        elif title.score < 0.75 or line[title.end - 1] in _JOINS:
            continue
        elif genre("headings.prose").match(line, title.end) or _is_followed(view, at, line, title):
            good.append((title, "run"))
    if good:
        return good
    if _LEADERS.search(line, 2):
        return []
    whole = [(Title(t.section, t.score * 0.9, t.rule, len(body)), "line") for t in titles if t.end * 2 >= len(body)]
    by_word = read_keywords(body)
    if whole:
        missed = by_word is not None and all(by_word.section != title.section for title, _ in whole)
        return [*whole, (by_word, "line")] if by_word and missed else whole
    if line[-1:] in "。;" and len(body) > 20:
        return []
    return [(by_word or Title("other", 0.0, "unknown", len(body)), "line")]


def _is_followed(view: View, at: int, line: str, title: Title) -> bool:
    """Whether a short sentence follows a sure title on its line ("复议诉讼情况 主要是咨询类案件。")."""
    rest = line[title.end :]
    if title.score < _SURE_FOLLOWED or len(rest) < _LEAST_SENTENCE or rest[0] in "的(":
        return False
    if rest[0] in _JOINS and not _COMPARED.match(rest):
        return False
    spaced = view.is_chunk_start(at + title.end)
    return rest[-1] in "。;" and (spaced or genre("subheadings.noun_end").search(line, 0, title.end) is not None)


def _run_in(view: View, at: int, line_end: int, titles: list[Title], spaced: bool) -> list[tuple[Title, str]]:
    """Readings of a title that the body follows on the same line: a known wording, or words up to a space."""
    text = view.text
    made = []
    for title in titles:
        end = at + title.end
        wrapped = title.score >= _SURE and line_end - view.line_start(at) >= _WRAPPED_LINE
        if end > line_end and not view.is_line_start(end) and not wrapped:
            continue
        more = None if view.is_chunk_start(end) else genre("headings.continued").match(text, end, line_end)
        if more and (view.is_chunk_start(more.end()) or genre("headings.prose").match(text, more.end())):
            end = more.end()
        note = _NOTE.match(text, end, line_end)
        if note and (view.is_chunk_start(note.end()) or genre("headings.prose").match(text, note.end())):
            end = note.end()
        shape = "line" if view.is_line_start(end) else "chunk" if view.is_chunk_start(end) else "run"
        made.append((Title(title.section, title.score, title.rule, end - at), shape))
    chunk = _title_chunk(view, at, line_end) if spaced else ""
    if made:
        by_word = read_keywords(chunk) if chunk and all(title.end < len(chunk) for title, _ in made) else None
        if by_word is None or any(by_word.section == title.section for title, _ in made):
            return made
        return [*((Title(t.section, t.score * 0.9, t.rule, len(chunk)), "chunk") for t, _ in made), (by_word, "chunk")]
    if chunk:
        bare = [title for title in read_titles(chunk) if title.end == len(chunk)]
        return [(title, "chunk") for title in bare] or [
            (read_keywords(chunk) or Title("other", 0.0, "unknown", len(chunk)), "chunk")
        ]
    glued = genre("headings.glued").match(text, at, min(line_end, at + 60))
    if glued:
        words = glued.group()
        by_word = read_keywords(words)
        weak = Title(by_word.section, by_word.score * 0.8, by_word.rule, len(words)) if by_word else None
        return [(weak or Title("other", 0.0, "unknown", len(words)), "run")]
    return []


def _title_chunk(view: View, at: int, line_end: int) -> str:
    """The words from `at` up to white space inside the line where they can be a title, else nothing."""
    end = view.chunk_end(at)
    chunk = view.text[at : min(end, at + MAX_TITLE + 1)]
    shaped = end < line_end and len(chunk) <= _MAX_CHUNK and is_title_shaped(chunk) and chunk[-1] not in "。;,、"
    return chunk.rstrip(":") if shaped else ""


def _make(
    view: View, place: tuple[int, int], title: Title, number: tuple[str, int], shape: str, *, hint: bool
) -> Candidate:
    """A candidate with its local score; `place` is where its number and where its title begin."""
    (start, title_at), (style, ordinal) = place, number
    text = view.text
    end = title_at + title.end
    score = TITLE_WEIGHT * title.score if title.score else UNKNOWN_WEIGHT
    score += SHAPE[shape] + STYLE[style] + (1.0 if hint else 0.0)
    spaced = view.is_chunk_start(start) or _at_line_start(view, start)
    if spaced and shape == "run":
        score += 0.5
    if not spaced and start > 0 and _INSIDE.match(text[start - 1]):
        score -= 3.0
    if _LEADERS.match(text, end):
        score -= 4.0
    words = text[title_at:end]
    if title.score < 0.75 and (genre("headings.statement").match(words) or "," in words):
        score -= 1.0
    if shape == "line" and text.startswith("。", end):
        score -= 0.7
    return Candidate(start, title_at, end, style, ordinal, title.section, title.score, title.rule, shape, score)

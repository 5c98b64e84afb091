"""Chinese sentence splitting on plain text: where a sentence ends, with closing quotes and brackets kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from gknlp.segment.words import genre
from gknlp.types import Sentence

_OPEN = "“‘「『（(《〈【["
_CLOSE = "”’」』）)》〉】]"
_CLOSING = r"[”’」』）)》〉】\]\"']*"
# Stops with the closing marks behind them (and a stop behind those: ！”。); an ellipsis only where no comma follows; a
# Latin full stop only between ideographs, a Latin ? or ! not inside an address.
_END = re.compile(
    rf"(?:(?:[。！？｡]|(?<=[一-鿿])[!?]|[!?](?![A-Za-z0-9]))++|(?:…++|⋯++|\.{{6}})(?![，、；：,;:）)」』]))"
    rf"{_CLOSING}(?:[。！？!?｡]+{_CLOSING})?"
    r"|(?<=[一-鿿])\.(?=\s*(?:[一-鿿“「《]|$))"
)
_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_CARRY_ON = re.compile(r"[，,、；;：:]")
# White space between ideographs, or before a date: where a headline was joined to the sentence after it.
_GAP = re.compile(r"(?<=[一-鿿”」』》）)])[ \t\u3000]+(?=[一-鿿“「《『【]|\d{1,4}[年月日])")
# A headline has so many characters, the sentence after it so many more, up to its end.
_LEAST_HEADLINE, _MOST_HEADLINE = 6, 60
_AFTER_HEADLINE = re.compile(r"[^。！？!?\n]{12,}?(?:[。！？!?]|……)")
# A quotation longer than this is text of its own and is split inside.
_LONG_QUOTATION = 60
# Straight quotation marks further apart than this are not a pair.
_MAX_STRAIGHT = 300


def split_sentences(text: str) -> list[Sentence]:
    """Split `text` into sentences, in order; together they hold all its characters but white space between them.

    A sentence ends at 。！？ (runs of them as one), at …… before a fresh sentence, at every line end, and at white
    space between a headline without comma and a full sentence; closing quotes and brackets stay with it. Inside
    brackets, and inside a quotation that a clause follows (“…？”他问道), nothing ends; a quotation that is a sentence
    of its own is split inside when long. A Latin full stop counts between ideographs only. Offsets are code points of
    `text`. Empty or blank text gives none. Linear. Bad at headlines glued to the next sentence.

    >>> [str(s) for s in split_sentences("他问：“好吗？”没人回答。会议结束了！")]
    ['他问：“好吗？”没人回答。', '会议结束了！']
    """
    found: list[Sentence] = []
    for line in _LINE.finditer(text):
        start = line.start()
        ends = _ends(text, line.start(), line.end())
        for cut in [*sorted(ends + _headline_ends(text, line.start(), line.end(), ends)), line.end()]:
            piece = text[start:cut]
            words = piece.strip()
            if words:
                begin = start + len(piece) - len(piece.lstrip())
                found.append(Sentence(words, begin, begin + len(words)))
            start = cut
    return found


def _ends(text: str, start: int, end: int) -> list[int]:
    """Positions inside the line `[start, end)` after which a new sentence begins."""
    spans = _pairs(text, start, end)
    cuts = []
    k = 0
    for match in _END.finditer(text, start, end):
        cut = match.end()
        if cut >= end:
            break
        while k < len(spans) and spans[k][1] <= match.start():
            k += 1
        inside = next((span for span in spans[k : k + 8] if span[0] < match.start() and cut < span[1]), None)
        if inside and not _may_split_inside(text, inside, end):
            continue
        closing = match.group()[-1] in _CLOSE + "\"'"
        if closing and not inside and _goes_on(text, match, end):
            continue
        if not closing and text[cut] in "，、；：,;:":
            continue
        cuts.append(cut)
    return cuts


def _headline_ends(text: str, start: int, end: int, ends: Sequence[int]) -> list[int]:
    """Positions behind headlines without a stop that white space alone parts from the sentence after them."""
    gaps = [match.span() for match in _GAP.finditer(text, start, end)]
    spans = _pairs(text, start, end) if gaps else []
    found = []
    for (before, after), (following, _) in pairwise([*gaps, (end, end)]):
        begin = max(cut for cut in (start, *ends) if cut <= before)
        headline = text[begin:before].strip()
        if (
            _LEAST_HEADLINE <= len(headline) <= _MOST_HEADLINE and "，" not in headline
            and not genre("sentences.no_headline").match(headline)
            and _AFTER_HEADLINE.match(text, after, following)
            and not any(left < before < right for left, right in spans)
        ):
            found.append(before)
    return found


def _pairs(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Outermost quotations and brackets of the line, `[start, end)` with their marks, in order; no unclosed ones."""
    found = []
    opened: list[tuple[str, int]] = []
    straight = -1
    for match in re.finditer(r"[“”‘’「」『』（()）《》【】\"]", text[start:end]):
        mark, at = match.group(), start + match.start()
        if mark == '"':
            if straight >= 0 and at - straight <= _MAX_STRAIGHT:
                if not opened:
                    found.append((straight, at + 1))
                straight = -1
            else:
                straight = at
        elif mark in _OPEN:
            if any(mark == known for known, _ in opened):  # the same mark does not nest: the first was never closed
                opened = []
            opened.append((mark, at))
        elif opened and _OPEN.index(opened[-1][0]) == _CLOSE.index(mark):
            _, begin = opened.pop()
            if not opened:
                found.append((begin, at + 1))
        elif opened and len(opened) > 1 and _OPEN.index(opened[0][0]) == _CLOSE.index(mark):
            found.append((opened[0][1], at + 1))
            opened = []
    return sorted(found)


def _may_split_inside(text: str, span: tuple[int, int], end: int) -> bool:
    """Whether a quotation is text of its own: long, closed by its own full stop, and not carried on by a clause."""
    begin, stop = span
    if text[begin] not in '“「"‘『' or stop - begin <= _LONG_QUOTATION:
        return False
    own_stop = text[stop - 2] in "。！？!?…"
    if stop >= end:
        return own_stop
    return own_stop and not _CARRY_ON.match(text, stop) and not genre("sentences.speaker").match(text, stop)


def _goes_on(text: str, match: re.Match[str], end: int) -> bool:
    """Whether the sentence goes on after a closing quote or bracket."""
    cut = match.end()
    if match.group()[0] in "。｡":
        return (_CARRY_ON.match(text, cut) or genre("sentences.speaker").match(text, cut, end)) is not None
    if match.group()[-1] in "）)》〉】]":
        return True
    return (genre("sentences.carry_on").match(text, cut) or genre("sentences.asker").match(text, cut, end)) is not None

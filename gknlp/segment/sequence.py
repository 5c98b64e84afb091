"""The best ordered sequence of headings: a dynamic programme over candidates, numbers that chain and parts in order."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from gknlp.segment.headings import FULL_TITLE, Candidate

_RANK = {
    "preamble": 0,
    "overview": 1,
    "proactive": 2,
    "requests": 3,
    "fees": 4,
    "review": 5,
    "problems": 6,
    "plans": 7,
    "other": 8,
    "annex": 9,
}

# All weights below are on the scale of Candidate.local, where a known title on a line of its own has 5.8. They were
# set by hand on invented outlines; tests/test_segment_outlines.py must be run again after a change.
CHAIN = 2.0  # the number follows the one before
SKIPPED = (-0.3, -1.0, -2.0)  # one, two, more numbers left out
REPEATED = -2.5
RIVAL = -4.5  # a sure title repeats the number of an unsure one: that was an item inside the part before
BACKWARDS = -6.0
RESTART = -8.0  # only an overview may begin a second count
NEVER = -1e6
OFF_STYLE = -4.5  # a number in another style than the parts'
UNNUMBERED = -3.0  # no number among numbered parts
SAME_PART = -1.0
OUT_OF_ORDER = -0.6  # for each place, at most three
EMPTY = -0.8
FIRST = 1.5  # the count begins with one
LATE_START = -0.5  # for each number it begins late, at most four
STYLES = ("part", "cn", "pcn", "ar", "none")
STYLE_PRIOR = {"part": 0.0, "cn": 0.0, "pcn": -2.0, "ar": -2.0, "none": -1.0}
_ABOVE = {"part": (), "cn": ("part",), "pcn": ("part", "cn"), "ar": ("part", "cn", "pcn"), "none": ()}
# A contents list: this many headings in a row with next to nothing between them, each found again later.
CONTENTS_RUN = 3
CONTENTS_GAP = 40
# What a part on problems is called when it holds the improvements too, and the halves it then has.
_PLANNED = re.compile("改进|整改|措施|打算|计划|下一步|下步|对策|方向")
_ONCE = ("overview", "proactive", "requests", "fees", "review")
# With so many sure numbered parts, numbers of a lower style and unnumbered titles of the same parts are sub-headings.
_SURE_PARTS = 3
_SURE_RIVAL, _SURE, _KEYWORD = 0.9, 0.95, 0.65
_HALVES = ("problems", "plans")
_ENTRY_GAP = re.compile(r"[\d.…·、,;:。()\"和及与\-_第页]*")


@dataclass(frozen=True, slots=True)
class Chosen:
    """A heading of the best sequence; `score` in 0..1 grows with what the sequence would lose without it."""

    heading: Candidate
    score: float


def choose_sequence(candidates: list[Candidate], text: str) -> list[Chosen]:
    """The best ordered sequence of `candidates` (in order of start; places in `text`), empty where none is worth it.

    One dynamic programme per number style (parts as 一、, （一）, 第一部分, 1. or without number); the best total wins,
    ties go to the earlier style of STYLES. Cost: quadratic in the candidates, which find_candidates bounds.
    """
    pool = _without_contents(candidates, text)
    sure = {style: _sure_sections(pool, style) for style in STYLES}
    best: tuple[float, list[tuple[Candidate, float]]] = (0.0, [])
    for style in STYLES:
        own = [item for item in pool if item.style == style and (item.known > 0 or style == "cn")]
        if not own or _is_below(style, sure) or _is_enclosed(style, pool):
            continue
        nodes = [item for item in pool if _admitted(item, style, sure[style])]
        total, path = _best_path(nodes, style)
        total += STYLE_PRIOR[style]
        if path and total > best[0] + 1e-9:
            best = (total, path)
    path = _without_subtitles(best[1], text)
    return [Chosen(item, 1 / (1 + math.exp(-(gain - 2.0) / 1.5))) for item, gain in path]


def _without_subtitles(path: list[tuple[Candidate, float]], text: str) -> list[tuple[Candidate, float]]:
    """The path without unnumbered titles inside numbered parts.

    These are "存在问题" and "改进情况" in a part called after both, and titles whose part stands there with a number.
    """
    kept: list[tuple[Candidate, float]] = []
    numbered = {item.section for item, _ in path if item.ordinal}
    for item, gain in path:
        if not item.ordinal and item.section in _ONCE and item.section in numbered and len(numbered) >= _SURE_PARTS:
            continue
        before = kept[-1][0] if kept else None
        inside = before is not None and before.ordinal and before.section == "problems" and not item.ordinal
        if inside and before and item.section in _HALVES and _PLANNED.search(text, before.title, before.end):
            continue
        kept.append((item, gain))
    return kept


def _sure_sections(pool: list[Candidate], style: str) -> set[str]:
    """The parts that titles of `style` surely name; without a number only a title in full does."""
    sure = [item for item in pool if item.style == style and item.known >= _SURE and item.shape != "run"]
    return {item.section for item in sure if style != "none" or item.end - item.title >= FULL_TITLE}


def _is_below(style: str, sure: dict[str, set[str]]) -> bool:
    """Whether numbers of `style` only count sub-headings, since titles above them surely are the parts."""
    if style in ("pcn", "ar") and len(sure["part"] | sure["cn"]) >= _SURE_PARTS:
        return True
    return style != "none" and len(sure["none"]) >= max(_SURE_PARTS, len(sure[style]) + 1)


def _is_enclosed(style: str, pool: list[Candidate]) -> bool:
    """Whether headings of a higher style stand before the first and behind the last that `style` counts.

    "一、工作开展情况" with "(一)主动公开情况" … below it, then "二、存在的问题": official documents nest so.
    """
    own = [item for item in pool if item.style == style and item.shape != "run"]
    first = min((item.start for item in own if item.ordinal == 1), default=None)
    last = max((item.start for item in own if item.known >= _SURE), default=None)
    if first is None or last is None:
        return False
    for above in _ABOVE[style]:
        heads = [item for item in pool if item.style == above and item.shape != "run"]
        before = any(item.start < first and item.ordinal == 1 for item in heads)
        if before and any(item.start > last and item.ordinal > 1 and item.known >= _KEYWORD for item in heads):
            return True
    return False


def _admitted(item: Candidate, style: str, sure: set[str]) -> bool:
    """Whether a candidate may be a part where parts have numbers of `style`, which surely name the parts `sure`."""
    if item.style == style:
        return True
    if item.style == "none":
        return item.known >= 0.75
    # Sub-headings repeat the parts' words; only a sure title on its own line may be a part with a mistyped number.
    return item.known >= _SURE and item.shape == "line" and style != "none" and item.section not in sure


def _without_contents(candidates: list[Candidate], text: str) -> list[Candidate]:
    """Candidates without those of a contents list or of a sentence that names all parts."""
    firsts: list[Candidate] = []
    for candidate in candidates:
        if not firsts or candidate.start >= firsts[-1].end:
            firsts.append(candidate)
    later = {_same(first): first.start for first in firsts}
    dropped: set[int] = set()
    run: list[Candidate] = []
    for item in (*firsts, None):
        if item is not None and run and _continues(text, run, item):
            run.append(item)
            continue
        again = [known for known in run if later[_same(known)] > known.start]
        if len(run) >= CONTENTS_RUN and len(again) >= CONTENTS_RUN - 1 and len(again) * 2 >= len(run):
            dropped.update(range(run[0].start, run[-1].end))
        run = [item] if item is not None else []
    return [candidate for candidate in candidates if candidate.start not in dropped]


def _continues(text: str, run: list[Candidate], item: Candidate) -> bool:
    """Whether `item` is the next entry of a contents list: only signs and a page number between, and a new part."""
    between = text[run[-1].end : min(item.start, run[-1].end + CONTENTS_GAP + 1)]
    if item.ordinal and item.style == run[-1].style and item.ordinal <= run[-1].ordinal:
        return False
    return _ENTRY_GAP.fullmatch(between) is not None and all(_same(item) != _same(known) for known in run)


def _same(item: Candidate) -> str:
    """By what an entry of a contents list is found again: the part it names."""
    return item.section if item.known else f"{item.section} {item.ordinal}"


def _best_path(nodes: list[Candidate], style: str) -> tuple[float, list[tuple[Candidate, float]]]:
    """The best chain through `nodes` and what each link of it brought."""
    size = len(nodes)
    total = [0.0] * size
    gain = [0.0] * size
    back = [-1] * size
    last = [0] * size
    for j, item in enumerate(nodes):
        own = item.local + (OFF_STYLE if item.style not in (style, "none") else 0.0)
        if item.style == "none" and style != "none" and item.section not in ("annex", "preamble"):
            own += UNNUMBERED
        best, best_i = own + _start(item), -1
        for i in range(j):
            before = nodes[i]
            if before.end > item.start or total[i] <= 0:
                continue
            value = total[i] + own + _link(before, item, last[i], style)
            if value > best + 1e-9:
                best, best_i = value, i
        total[j], back[j] = best, best_i
        gain[j] = best - (total[best_i] if best_i >= 0 else 0.0)
        last[j] = item.ordinal or (last[best_i] if best_i >= 0 else 0)
    if not size:
        return 0.0, []
    end = max(range(size), key=lambda k: (total[k], -k))
    if total[end] <= 0:
        return 0.0, []
    path = []
    k = end
    while k >= 0:
        path.append((nodes[k], gain[k]))
        k = back[k]
    return total[end], path[::-1]


def _start(item: Candidate) -> float:
    """The score of beginning the sequence with `item`."""
    value = 0.5 if item.section == "overview" else 0.0
    if item.ordinal == 1:
        return value + FIRST
    if item.ordinal > 1:
        return value + LATE_START * min(item.ordinal - 1, 4)
    return value


def _link(before: Candidate, item: Candidate, last: int, style: str) -> float:
    """The score of `item` following `before`, where `last` was the latest number of the count."""
    value = _order(before, item)
    if item.ordinal and last:
        step = item.ordinal - last
        if step == 1:
            value += 0.0 if item.style != style and before.style != style else CHAIN
        elif step == 2 and before.style == "none":
            value += CHAIN / 2
        elif step >= 2:
            value += SKIPPED[min(step, 4) - 2]
        elif step == 0:
            weak = before.ordinal == last and before.known < _SURE_RIVAL <= item.known
            value += (RIVAL if weak else REPEATED) if item.known else NEVER
        elif item.section == "overview" and item.known >= 0.9 and item.ordinal == 1:
            value += RESTART
        else:
            turn = item.known >= _SURE_RIVAL and step == -1 and item.shape != "run"
            value += NEVER if not turn else BACKWARDS if before.known >= _SURE_RIVAL else RIVAL + BACKWARDS
    elif item.ordinal and before.ordinal == 0:
        value += min(0.0, LATE_START * (item.ordinal - 2))
    if item.start - before.end <= 1:
        value += EMPTY if before.section in ("overview", "problems") else EMPTY / 3
    return value


def _order(before: Candidate, item: Candidate) -> float:
    """The score of the two parts in this order; a part of unknown wording may stand anywhere."""
    if (before.section == "other" and before.known < 0.9) or (item.section == "other" and item.known < 0.9):
        return 0.0
    step = _RANK[item.section] - _RANK[before.section]
    if step == 0:
        return SAME_PART / 3 if item.section == "proactive" else SAME_PART
    return OUT_OF_ORDER * min(-step, 3) if step < 0 else 0.0

"""Units: stretches of narrative with one role, cut at sentence ends, items, and where a sentence turns."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import cache
from itertools import pairwise

from gknlp.resources import load_toml
from gknlp.segment.view import View
from gknlp.segment.words import genre

RULES = "models/units.toml"
_END = re.compile(r"[。!?]+[\"'」』)》]*|;")
_CLAUSE = re.compile(",")
_COUNT = re.compile(r"[1-9]\d*(?:\.\d+)?(?:余|多)?(?:件|次|条|人|元|万元|项)")
_ITEM_BEFORE = ",;:。、"
_QUOTES = re.compile(r"[(《\"「『][^()《》\"「」『』]*[)》\"」』]")
# Fewer letters than this are no unit of their own and join a neighbour.
_MIN_LETTERS = 2
# Guiding clauses before the first clause of work must have this many characters to stand alone.
_MIN_GUIDANCE = 25
_MAX_OPENER = 17
_MIN_CLAUSE = 5
# A line this much shorter than the usual full line ends a paragraph of hard-wrapped text.
_SHORT_LINE = 0.8
# A line of prose this long that ends without any stop goes on in the next one, wrapped text or not.
_LONG_LINE = 20
# Hard-wrapped lines are no longer than this, and there are at least so many that break off.
_MAX_WRAP = 70
_MIN_WRAPPED = 6


@cache
def _cue(kind: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{item['pattern']})" for item in load_toml(RULES)["cue"] if item["kind"] == kind))


def is_wrapped(view: View, stretches: list[tuple[int, int]]) -> int:
    """The usual width of a line where the stretches are hard-wrapped (lines end inside sentences), else 0."""
    full = []
    open_ended = 0
    for start, end in stretches:
        for a, b in pairwise([*view.lines[bisect_left(view.lines, start) : bisect_left(view.lines, end)], end]):
            if _LONG_LINE <= b - a <= _MAX_WRAP:
                full.append(b - a)
                open_ended += view.text[b - 1] not in '。;:!?)"'
    if open_ended < _MIN_WRAPPED or open_ended * 2 < len(full):
        return 0
    return sorted(full)[len(full) * 3 // 4]


def cut_units(view: View, start: int, end: int, section: str, *, opening: bool, width: int) -> list[tuple[int, int]]:
    """The units of the narrative stretch `[start, end)` of the view: they tile it. Empty stretch, no units.

    `opening`: the stretch opens the work summary. `width`: of hard-wrapped lines, 0 where line ends are paragraph ends.
    """
    units: list[tuple[int, int]] = []
    first = opening
    for a, b in _sentences(view, start, end, width):
        cuts = _cuts(view, a, b, section, opening=first)
        bounds = [a, *cuts, b]
        units.extend(pairwise(bounds))
        first = False
    return _joined(view.text, units)


def _sentences(view: View, start: int, end: int, width: int) -> list[tuple[int, int]]:
    """Stretches between sentence ends and line ends; a line end inside a sentence of wrapped text is none."""
    bounds = {start, end}
    text = view.text
    quoted = [match.span() for match in _QUOTES.finditer(text, start, end) if match.end() - match.start() <= 60]
    opens = [span[0] for span in quoted]
    for match in _END.finditer(text, start, end):
        k = bisect_right(opens, match.start()) - 1
        inside = k >= 0 and match.end() < quoted[k][1]
        if inside or match.group() == ";" or match.end() >= end:
            continue
        goes_on = match.group()[-1] not in "。!?" and text[match.end()] in ",、;的等"
        if not goes_on:
            bounds.add(match.end())
    for at in view.lines[bisect_right(view.lines, start) : bisect_left(view.lines, end)]:
        if not _soft_line_end(view, at, width):
            bounds.add(at)
    ordered = sorted(bounds)
    return list(pairwise(ordered))


def _soft_line_end(view: View, at: int, width: int) -> bool:
    """Whether the line that ends before `at` breaks off inside a sentence."""
    before = view.text[at - 1]
    if before in "。!?;":
        return False
    if at in view.soft:
        return True
    if before in ':)"' or _cue("item").match(view.text, at):
        return False
    if before in ",、":
        return True
    line = at - view.line_start(at - 1)
    return line >= (width * _SHORT_LINE if width else _LONG_LINE)


def _cuts(view: View, start: int, end: int, section: str, *, opening: bool) -> list[int]:
    """Positions inside the sentence `[start, end)` where a new unit begins, in order."""
    text = view.text
    cuts: set[int] = set()
    for match in _cue("item").finditer(text, start + 1, end):
        before = text[match.start() - 1]
        apart = before in _ITEM_BEFORE and (before != "、" or match.group().endswith("是"))
        if apart and match.start() - start >= _MIN_CLAUSE - 1:
            cuts.add(match.start())
    semicolons = [match.end() for match in re.finditer(";", text[start:end])]
    cuts.update(_semicolon_cuts(text, start, end, [start + at for at in semicolons if start + at < end], section))
    cuts.update(_turns(text, start, end))
    if opening:
        at = _guidance_end(text, start, end)
        if at:
            cuts.add(at)
    return sorted(at for at in cuts if start < at < end)


def _semicolon_cuts(text: str, start: int, end: int, marks: list[int], section: str) -> list[int]:
    """The semicolons at which the role can change: all in parts on problems and plans, else where a cue differs."""
    if section in ("problems", "plans"):
        return marks
    kept = []
    bounds = [start, *marks, end]
    for k, mark in enumerate(marks):
        left, right = text[bounds[k] : mark], text[mark : bounds[k + 2]]
        if any(
            bool(_cue(kind).search(left)) != bool(_cue(kind).search(right)) for kind in ("problem", "plan", "nil")
        ):
            kept.append(mark)
    return kept


def _turns(text: str, start: int, end: int) -> list[int]:
    """Where a clause turns to a shortcoming, to the time to come, or from what there was to what there was not."""
    found = []
    for match in _CLAUSE.finditer(text, start, end):
        at = match.end()
        if at - start < _MIN_CLAUSE or end - at < _MIN_CLAUSE:
            continue
        if _cue("turn").match(text, at, end):
            if _cue("problem").search(text, at, end):
                found.append(at)
        elif (_cue("ahead").match(text, at, end) and not _only_adverbial(text, start, at)) or _is_nil_after_count(
            text, start, at, end
        ):
            found.append(at)
    return found


def _is_nil_after_count(text: str, start: int, at: int, end: int) -> bool:
    """Whether behind a count it says at `at` that of another matter there was nothing: 复议2件,│未发生诉讼."""
    clause = text[at : _clause_end(text, at, end)]
    if not (_cue("nil").match(clause) and _cue("nil_matter").search(clause)):
        return False
    before = text[start:at]
    return _COUNT.search(before) is not None and not _cue("nil").match(before)


def _clause_end(text: str, at: int, end: int) -> int:
    stop = _CLAUSE.search(text, at, end)
    return stop.start() if stop else end


def _only_adverbial(text: str, start: int, at: int) -> bool:
    """Whether what stands before is no clause of its own ("针对以上问题,", "为做好公开工作,")."""
    words = text[start : at - 1]
    return "," not in words and genre("units.adverbial").match(words) is not None


def _guidance_end(text: str, start: int, end: int) -> int | None:
    """Where the guiding-ideology clauses that open the work summary end and work begins, None without such clauses."""
    clauses = [start, *(match.end() for match in _CLAUSE.finditer(text, start, end)), end]
    last = None
    for k, (a, b) in enumerate(pairwise(clauses)):
        words = text[a:b]
        guiding = _cue("guidance").match(words) is not None
        if not guiding and k <= 1 and len(words) <= _MAX_OPENER and b < end:  # "2022年,", "我镇在县委领导下,"
            continue
        if not guiding or b == end:
            break
        last = b
    if last is None or last - start < _MIN_GUIDANCE or not _cue("doctrine").search(text, start, last):
        return None
    return last


def _joined(text: str, units: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Units with letters only: a stretch of punctuation joins the unit before it, or the first one after."""
    made: list[tuple[int, int]] = []
    pending: int | None = None
    for start, end in units:
        begin = pending if pending is not None else start
        letters = sum(c.isalnum() for c in text[start : min(end, start + 40)])
        if letters >= _MIN_LETTERS or (letters and text[start] in "无否"):
            made.append((begin, end))
            pending = None
        elif made and pending is None:
            made[-1] = (made[-1][0], end)
        else:
            pending = begin
    if pending is not None and units and any(c.isalnum() for c in text[pending : units[-1][1]]):
        made.append((pending, units[-1][1]))
    return made

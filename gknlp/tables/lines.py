"""Tables that lost their grid: one cell per line, a row per line, all in one line, digits run together.

Labels are found on the folded text, so that breaks inside them do not matter; the best ordered chain of labels is the
table; what is printed between two labels belongs to the first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from gknlp.normalize import Folded, fold
from gknlp.tables.forms import Block, Label, block_form, load_forms
from gknlp.tables.islands import island_rows
from gknlp.tables.marks import FARTHEST, Mark, best_chain, find_marks
from gknlp.tables.plain import plain_candidates
from gknlp.tables.solve import amount, proceedings_candidates
from gknlp.tables.stretch import (
    VALUE,
    bare_ordinals,
    before_bare,
    before_ordinal,
    line_cells,
    read_row,
    separated_cells,
    stretch_tokens,
    token_reading,
    value_stretch,
)
from gknlp.tables.values import Piece, Reading

COLUMNS = 7
# Labels that make a table 3 of what might be narrative: four of its 25 in order, or the header and one row.
LEAST_LABELS = 4
# Rows with fewer digits than cells that show that the table lost its blanks; one alone may be a row cut off.
LEAST_GAPS = 2
# A broken first or last label lies outside the run of known ones; a row with its label has under 100 characters.
MARGIN = 120


# ---- table 2 -------------------------------------------------------------------------------------------------------


def table2(text: str, view: str, folded: Folded, gaps: bool) -> dict[tuple[str, str], tuple[Block, Reading]]:
    """Table 2 by (block title, row id), as in `grid.table2`. `gaps`: the report lost its blanks."""
    region = _region2(folded.text)
    if region is None:
        return {}
    forms = load_forms()
    marks = [m for m in find_marks(folded.text, forms.items, *region)]
    chain = best_chain([m for m in marks if _is_row(view, folded, m)])
    found: dict[tuple[str, str], tuple[Block, Reading]] = {}
    at = region[0]
    headers: list[str] = []
    places: list[tuple[str, Block | None, tuple[int, int]]] = []
    for number, mark in enumerate(chain):
        row_id = forms.items[mark.index].id
        between = folded.text[at : mark.start]
        if "信息内容" in between or "第二十条" in between:
            headers = _headers(between)
        at = mark.end
        start = folded.to_source(mark.start, mark.end)[1]
        stop = folded.to_source(chain[number + 1].start, region[1])[0] if number + 1 < len(chain) else len(view)
        end = value_stretch(view, start, stop)
        block = block_form(headers, row_id)
        if block is not None or not headers:
            places.append((row_id, block, (start, end)))
    seen = [block for _, block, _ in places if block is not None]
    rows: list[tuple[str, Block, tuple[int, int]]] = []
    for _ in range(2):  # a block told by its width tells the form of those that two forms draw equally wide
        rows = []
        for row_id, block, place in places:
            block = block or _block_by_width(row_id, len(stretch_tokens(text, view, *place)), seen)
            if block is not None:
                rows.append((row_id, block, place))
        seen = [block for _, block, _ in rows]
    gaps = gaps or any(_digits(view, place) < len(block.columns) for _, block, place in rows)
    for row_id, block, place in [*rows, *_broken2(view, folded, region, rows)]:
        found.setdefault((block.block, row_id), (block, _row2(text, view, place, block.columns, gaps)))
    return found


def _broken2(
    view: str, folded: Folded, region: tuple[int, int], rows: Sequence[tuple[str, Block, tuple[int, int]]]
) -> list[tuple[str, Block, tuple[int, int]]]:
    """The rows of the form found so far whose labels are broken around their figures."""
    forms = {block.form for _, block, _ in rows}
    missing = [
        (row_id, block) for block in load_forms().blocks if {block.form} == forms for row_id in block.row_ids
        if row_id not in [known for known, _, _ in rows]
    ]
    if not missing:
        return []
    start, end = folded.to_source(*region)
    places = island_rows(view, start, min(len(view), end + MARGIN), load_forms().items)
    taken = [place for _, _, place in rows]
    return [
        (row_id, block, places[row_id]) for row_id, block in missing
        if row_id in places and not any(a < places[row_id][1] and places[row_id][0] < b for a, b in taken)
    ]


def _block_by_width(row_id: str, width: int, seen: Sequence[Block]) -> Block | None:
    """The block for a row whose column labels are lost: the only one as wide as the row, in the form seen elsewhere."""
    fit = [block for block in load_forms().blocks_of(row_id) if len(block.columns) == width]
    forms = {block.form for block in seen}
    if len(fit) > 1 and len(forms) == 1:
        fit = [block for block in fit if block.form in forms]
    return fit[0] if len(fit) == 1 else None


_FIRST_BLOCK = re.compile(r"第(?:二十|20)条第?[一1]项(?=信息内容)")
_ANY_BLOCK = re.compile(r"第(?:二十|20)条第?[一1五5六6]项")
_BLOCK_PART = re.compile(r"第(?:二十|20)条第?[一五六八九15689]项|信息内容|行政事业性收费|集中采购|行政强制")
_MORE_ROWS = ("第", "信息内容", "行政", "其他对外", "规范")


def _region2(folded: str) -> tuple[int, int] | None:
    """Folded offsets of table 2: from its first block title to the last row label that can belong to it."""
    start = _FIRST_BLOCK.search(folded) or _ANY_BLOCK.search(folded)
    first = start.start() if start else folded.find("信息内容本年")
    if first < 0:
        return None
    last = first
    while True:
        following = _BLOCK_PART.search(folded, last + 1)
        if following is None or following.start() - last > FARTHEST:
            return first, min(len(folded), last + 80)
        last = following.start()


def _is_row(view: str, folded: Folded, mark: Mark) -> bool:
    """Whether a row label is followed by values, not by more text."""
    start = folded.to_source(mark.start, mark.end)[1]
    rest = view[start : start + 40].lstrip(" \n\t|:")
    return bool(VALUE.match(rest)) or not rest or rest.startswith(_MORE_ROWS)


def _headers(between: str) -> list[str]:
    """The column labels in the folded text before a row, cut at the columns that the forms know."""
    names = sorted({fold(c.split("（")[0]).text for b in load_forms().blocks for c in b.columns}, key=len, reverse=True)
    found: list[tuple[int, str]] = []
    rest = between[between.rfind("信息内容") + 4 :] if "信息内容" in between else between
    for name in names:
        at = rest.find(name)
        if at >= 0:
            found.append((at, name))
            rest = rest.replace(name, "#" * len(name))
    return [name for _, name in sorted(found)]


def _row2(text: str, view: str, place: tuple[int, int], columns: Sequence[str], gaps: bool) -> Reading:
    start, end = place
    count = len(columns)
    tokens = stretch_tokens(text, view, start, end)
    if len(tokens) == count:
        return Reading((tuple(tokens),), True, tokens[0].start, tokens[-1].end)
    exact = separated_cells(text, view, start, end, count) or line_cells(text, view, start, end, count)
    if exact is not None:
        return Reading((exact,), True, exact[0].start, exact[-1].end)
    if not tokens:
        return Reading(((Piece("", start, start, None, "blank"),) * count,), True, start, start)
    candidates = plain_candidates(tokens, columns, gaps)
    return Reading(candidates, False, tokens[0].start, tokens[-1].end, text[tokens[0].start : tokens[-1].end])


# ---- table 3 -------------------------------------------------------------------------------------------------------

_HEADER3 = ("申请人情况", "自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构")
# Labels too short to be found on their own; they are looked for between their neighbours.
_WEAK = ("other_other", "answered")


def table3(text: str, view: str, folded: Folded, year_form: str | None) -> tuple[str, dict[str, Reading]]:
    """Table 3: its form and the reading of each row by row id, as in `grid.table3`; `("", {})` where there is none."""
    best: tuple[str, dict[str, Reading]] = ("", {})
    most = -100.0
    for form in sorted(("2021", "2019"), key=lambda f: f != year_form):
        labels = load_forms().rows_of(form)
        chain = _chain3(folded.text, labels)
        if not _enough3(folded.text, chain):
            continue
        readings = _rows3(text, view, folded, labels, chain)
        known = _known(readings, len(labels))
        if known > most:
            best, most = (form, readings), known
    if best[0] and _broken(best[1], len(load_forms().rows_of(best[0]))):
        chain = _chain3(folded.text, load_forms().rows_of(best[0]))
        start, last = (folded.to_source(mark.start, mark.end) for mark in (chain[0], chain[-1]))
        region = (max(0, start[0] - MARGIN), min(len(view), last[1] + 2 * MARGIN))
        for form in sorted(("2021", "2019"), key=lambda f: f != (year_form or best[0])):
            readings = _by_islands(text, view, region, load_forms().rows_of(form))
            if _sound(readings) > _sound(best[1]):
                best = (form, readings)
    return best


def _broken(readings: dict[str, Reading], rows: int) -> bool:
    """Whether rows are missing, cannot be read, or contradict their own sum: labels may be broken by their figures."""
    return len(readings) < rows or any(not r.candidates or (r.direct and not _sum_met(r)) for r in readings.values())


def _sound(readings: dict[str, Reading]) -> int:
    """How many rows are read in one way that satisfies the row's sum."""
    return sum(len(r.candidates) == 1 and _sum_met(r) and r.end > r.start for r in readings.values())


def _by_islands(text: str, view: str, region: tuple[int, int], labels: Sequence[Label]) -> dict[str, Reading]:
    """Table 3 by the words on both sides of each row's figures."""
    places = island_rows(view, *region, labels)
    gaps = sum(_digits(view, place) < COLUMNS for place in places.values()) >= LEAST_GAPS
    return {row: read_row(text, view, place, COLUMNS, gaps) for row, place in places.items()}


def _known(readings: dict[str, Reading], rows: int) -> float:
    """How much a reading explains: rows with values, those read directly a little more; rows of the form not found."""
    filled = [r for r in readings.values() if r.candidates and r.end > r.start]
    return sum(1.0 + 0.1 * r.direct for r in filled) + 0.01 * len(readings) - 0.6 * (rows - len(readings))


def _chain3(folded: str, labels: Sequence[Label]) -> list[Mark]:
    strong = [m for m in find_marks(folded, labels) if labels[m.index].id not in _WEAK]
    chain = best_chain(strong)
    if not chain:
        return []
    weak = [m for m in find_marks(folded, labels, chain[0].start, chain[-1].end + 60) if labels[m.index].id in _WEAK]
    for mark in weak:
        place = next((i for i, m in enumerate(chain) if m.start > mark.start), len(chain))
        before = chain[place - 1] if place else None
        fits = before is not None and before.end <= mark.start and before.index < mark.index
        if folded.startswith("处理", mark.end):
            continue
        numbered = folded[mark.start - 1 : mark.end + 1].startswith(("七", "3")) or mark.end - mark.start > 2
        last = place == len(chain)
        if fits and (numbered if last else chain[place].index > mark.index and mark.end <= chain[place].start):
            chain.insert(place, mark)
    return chain


def _enough3(folded: str, chain: Sequence[Mark]) -> bool:
    if not chain:
        return False
    before = folded[max(0, chain[0].start - 150) : chain[0].start]
    headed = sum(name in before for name in _HEADER3) >= 3
    return len({m.index for m in chain}) >= (1 if headed else LEAST_LABELS)


def _rows3(text: str, view: str, folded: Folded, labels: Sequence[Label], chain: Sequence[Mark]) -> dict[str, Reading]:
    places: list[tuple[tuple[int, int], Sequence[Label]]] = []
    ordinals = [labels[mark.index].ordinal for mark in chain]
    begins = [folded.to_source(mark.start, mark.end)[0] for mark in chain]
    bare = bare_ordinals(view, list(zip(begins, ordinals, strict=True)))
    for number, mark in enumerate(chain):
        start = folded.to_source(mark.start, mark.end)[1]
        if number + 1 < len(chain):
            following = chain[number + 1]
            end = before_ordinal(view, start, begins[number + 1])
            end = before_bare(view, start, end, ordinals[number + 1]) if bare else end
            lost = labels[mark.index + 1 : following.index]
        else:
            end, lost = value_stretch(view, _skip_label_rest(view, start), len(view)), ()
        places.append(((start, end), (labels[mark.index], *lost)))
    gaps = sum(_digits(view, place) < COLUMNS * len(rows) for place, rows in places) >= LEAST_GAPS
    readings: dict[str, Reading] = {}
    for place, rows in places:
        readings.update(_rows_between(text, view, place, rows, gaps))
    last = labels[chain[-1].index].id
    if last != "carried_out" and not view[readings[last].end :].strip() and not _sum_met(readings[last]):
        readings[last] = Reading((), False, readings[last].start, readings[last].end, "")  # cut off inside a number
    return readings


def _sum_met(reading: Reading) -> bool:
    return any(sum(map(amount, c[:-1])) == amount(c[-1]) for c in reading.candidates)


def _digits(view: str, place: tuple[int, int]) -> int:
    """How many digits and marks stand in a stretch."""
    return sum(c.isdigit() or c in "/-无" for c in view[place[0] : place[1]])


def _skip_label_rest(view: str, start: int) -> int:
    """Past what is left of the last row's label ("继续办理", "情况", a bracket)."""
    found = re.compile(r"[\s)）]*(?:继续办理|办理|情况|数量|的|申请)*[\s:：)）]*").match(view, start)
    return found.end() if found else start


def _rows_between(
    text: str, view: str, place: tuple[int, int], rows: Sequence[Label], gaps: bool
) -> dict[str, Reading]:
    """The first of `rows` and the others, whose labels are lost, from what is printed in `place`."""
    start, end = place
    label, lost = rows[0], rows[1:]
    tokens = stretch_tokens(text, view, start, end)
    if not lost or len(tokens) <= COLUMNS + 1:
        return {label.id: read_row(text, view, place, COLUMNS, gaps)}
    extra = len(tokens) - COLUMNS
    if len(tokens) == COLUMNS * len(rows):
        chunks = [tokens[i : i + COLUMNS] for i in range(0, len(tokens), COLUMNS)]
        return {row.id: token_reading(text, c, COLUMNS) for row, c in zip(rows, chunks, strict=True)}
    if extra == (COLUMNS + 1) * len(lost):
        chunks = [tokens[i : i + COLUMNS + 1] for i in range(COLUMNS, len(tokens), COLUMNS + 1)]
        rest = {r.id: token_reading(text, c, COLUMNS, first_is_label=True) for r, c in zip(lost, chunks, strict=True)}
        return {label.id: token_reading(text, tokens[:COLUMNS], COLUMNS), **rest}
    whole = Reading((), False, tokens[0].start, tokens[-1].end, text[tokens[0].start : tokens[-1].end])
    return dict.fromkeys((row.id for row in rows), whole)


# ---- table 4 -------------------------------------------------------------------------------------------------------

_HEADER4 = re.compile(r"[结果维持纠正其他它尚未审总合计经复议直接起诉后行政讼（）()]{40,}")


def table4(text: str, view: str, folded: Folded, gaps: bool = False) -> dict[str, Reading]:
    """Table 4: a reading of five cells by proceeding id; empty where there is none. `gaps`: the report lost blanks."""
    for header in _HEADER4.finditer(folded.text):
        if header.group().count("结") < 6 or header.group().count("总") + header.group().count("合") < 2:
            continue
        start = folded.to_source(header.start(), header.end())[1]
        end = value_stretch(view, start, len(view))
        line = re.compile(r"[ \t|)）]*\n[ |:\-]*(?:\n\|?)?").match(view, start)
        first = line.end() if line else start
        exact = separated_cells(text, view, first, end, 15, labelled=False) or line_cells(text, view, start, end, 15)
        tokens = list(exact) if exact else stretch_tokens(text, view, start, end)
        if tokens:
            return _readings4(text, tokens, gaps)
    return _stacked4(text, view, folded) or _paired4(text, view, folded)


def _stacked4(text: str, view: str, folded: Folded) -> dict[str, Reading]:
    """Table 4 with a row for each kind of proceedings: every name followed by five figures; empty if one is not."""
    forms = load_forms()
    chain = best_chain(find_marks(folded.text, forms.proceedings))
    if [mark.index for mark in chain] != [0, 1, 2]:
        return {}
    found: dict[str, Reading] = {}
    for number, mark in enumerate(chain):
        start = folded.to_source(mark.start, mark.end)[1]
        stop = folded.to_source(chain[number + 1].start, len(folded.text))[0] if number < 2 else len(view)
        place = (start, value_stretch(view, start, stop))
        tokens = stretch_tokens(text, view, *place)
        if not tokens:
            return {}
        found[forms.proceedings[mark.index].id] = read_row(text, view, place, 5, False)
    return found if all(_sum_met(reading) for reading in found.values()) else {}


def _readings4(text: str, tokens: Sequence[Piece], gaps: bool) -> dict[str, Reading]:
    ids = [p.id for p in load_forms().proceedings]
    start, end = tokens[0].start, tokens[-1].end
    if len(tokens) == 15:
        parts = [tuple(tokens[i : i + 5]) for i in (0, 5, 10)]
        return {key: Reading((part,), True, part[0].start, part[-1].end) for key, part in zip(ids, parts, strict=True)}
    candidates = proceedings_candidates(tokens, gaps)
    raw = text[start:end]
    return {key: Reading(tuple({c[i]: None for c in candidates}), False, start, end, raw) for i, key in enumerate(ids)}


def _paired4(text: str, view: str, folded: Folded) -> dict[str, Reading]:
    """Table 4 written as pairs, each outcome followed by its figure, under the names of the proceedings."""
    forms = load_forms()
    marks = find_marks(folded.text, (*forms.proceedings, *(_full(o) for o in forms.outcomes)))
    found: dict[str, dict[int, Piece]] = {}
    key = ""
    for number, mark in enumerate(marks):
        if mark.index < 3:
            key = forms.proceedings[mark.index].id
            continue
        start = folded.to_source(mark.start, mark.end)[1]
        following = marks[number + 1] if number + 1 < len(marks) else None
        stop = folded.to_source(following.start, following.end)[0] if following else len(view)
        value = VALUE.match(view, start + len(view[start:stop]) - len(view[start:stop].lstrip(" \n\t|:：")))
        if key and value and value.end() <= stop:
            tokens = stretch_tokens(text, view, value.start(), value.end())
            if tokens:
                found.setdefault(key, {}).setdefault(mark.index - 3, tokens[0])
    if sum(len(cells) == 5 for cells in found.values()) < 2:
        return {}
    return {
        k: Reading((tuple(cells.get(i) for i in range(5)),), True, min(p.start for p in cells.values()),
                   max(p.end for p in cells.values()))
        for k, cells in found.items()
    }


def _full(outcome: Label) -> Label:
    """An outcome by its full cores only: 维持 alone is narrative."""
    return Label(outcome.id, outcome.label, tuple(c for c in outcome.cores if len(c) > 2 or outcome.id == "all"))

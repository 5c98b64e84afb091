"""Statistics annexes of reports before 2019: labels with their numbers, in whatever form an agency printed them.

No form is pretended: 政府信息公开情况统计表 of the 2014 outline (nine blocks, 指标/单位/统计数) and the earlier lists
(指标名称, 代码, 计量单位, 2010年) are read by what stands in a row: a label, a unit, a number.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from gknlp.normalize import fold_width
from gknlp.resources import load_toml
from gknlp.tables.annex_rows import Row, make_rows, row_pieces
from gknlp.tables.marks import view_of
from gknlp.types import Cell, Grid, GridCell, Section

LABELS = "models/table_labels.toml"
ANNEX = 0
# Fewer rows with a number than this behind a head are a mention of the annex, not the annex.
LEAST_ROWS = 2
# The longest annex of the 2014 outline has some 3,500 characters; heads that lead to nothing are seldom more than ten.
_LONGEST, _MOST_HEADS = 20_000, 100
# Between a head and its grid, and between the grids of one annex over pages, stand titles and page feet only.
_GRID_GAP = 200
_TITLE = re.compile(r"(?:政府)?信息公开[^。,;:!?》\n]{0,14}统计[^。,;:!?》\n]{0,4}表(?!》)|附表[一二\d]?(?=[:\s]|$)")
# What stands under an annex; what follows is no row.
_FOOT = re.compile(
    r"20\d\d\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日|打印本页|关闭窗口|分享到|主办\s*:|版权所有|[上下]一篇|电话\s*:|邮编|"
    r"单位负责人|主要负责人|审核人|审签人|填报人|填表人|制表人|联系电话|填报日期|(?<![\u4e00-\u9fff(])(?:注|说明|备注)\s*\d?\s*[:.]"
)
# Before the first row names, dates and notes may stand too.
_FIRST_ROW = re.compile(r"(?:[条件次个人篇份项元])\s*\d")
# Letters under the heads of columns.
_LETTERS = re.compile("[甲乙丙丁]|[A-C]")
_CODE_HEAD = re.compile(r"(?:序\s*号|行\s*次|编\s*号|代\s*码)\s*$")
_STOP = re.compile(r"[。!?;]")


def read_annex(
    text: str, grids: Sequence[Grid] = (), sections: Sequence[Section] = (), furniture: Sequence[tuple[int, int]] = ()
) -> tuple[Cell, ...]:
    """Read the statistics annexes of a text: one cell (table 0, form `annex`) per label, in order of place.

    An annex begins at a head (`[[statistics]]` of `models/table_labels.toml`, its title, or an annex part of `sections`
    that names one) and has at least two rows. `block` is the row numbered 一、 above (a row so numbered stands in its
    own block), `row` the label as printed without white space, under the numbered rows above it (joined by "/") where
    its number or 其中 says so; `column` the unit as printed, "" without one; where the head names several columns of
    numbers, with that name: `件（全市）`. States: `printed`; `blank` (a unit and no
    number; `raw` keeps "/" or 无); `uncertain` (value None): more numbers than the head has columns, a number that runs
    into the next row's number, brackets torn between rows, one label with several numbers. Rows of "——" are headings.
    Offsets index `text`, which has no tags; `grids` are read before the text around them, `furniture` is passed over.
    No head gives an empty tuple. Cost: linear in the text behind the heads. Bad at annexes that print all labels before
    all numbers, and at labels without number that were torn in two by a figure.
    """
    view = view_of(text, furniture)
    heads = _heads(view, sections)
    if not heads:
        return ()
    cells: list[Cell] = []
    done = 0
    for head in heads:
        if head < done:
            continue
        found, end = _from_grids(text, grids, head)
        if not found:
            found, end = _from_text(text, view, head)
        if found:
            cells.extend(found)
            done = end
    return _settled(cells)


def _heads(view: str, sections: Sequence[Section]) -> list[int]:
    """Where an annex may begin, in order."""
    kept = [i for i, c in enumerate(view) if not c.isspace()]
    compact = re.sub("[—–―─]", "-", "".join(view[i] for i in kept))
    pattern = re.compile("|".join(item["pattern"] for item in load_toml(LABELS)["statistics"]))
    found = {kept[m.start()] for m in pattern.finditer(compact)}
    found.update(m.start() for m in _TITLE.finditer(view))
    for section in sections:
        if section.section == "annex" and re.search("统计|附表", section.heading or ""):
            found.add(section.start)
    return sorted(_with_code(view, head) for head in found)[:_MOST_HEADS]


def _with_code(view: str, head: int) -> int:
    """The place of a head, or of the head of a column of codes that stands right before it."""
    code = _CODE_HEAD.search(view[max(0, head - 12) : head])
    return head - len(code[0]) if code else head


# ---- grids ---------------------------------------------------------------------------------------------------------


def _from_grids(text: str, grids: Sequence[Grid], head: int) -> tuple[list[Cell], int]:
    """The cells of the grid at a head and of those that go on from it, and where they end."""
    starts = [grid.start for grid in grids]
    at = bisect_left(starts, head)
    if at and grids[at - 1].end > head:
        at -= 1
    rows: list[Row] = []
    end = head
    while at < len(grids) and grids[at].start - end < _GRID_GAP:
        more = list(_grid_rows(text, grids[at]))
        if not any(row.values for row in more):
            break
        rows.extend(more)
        end = max(end, grids[at].end)
        at += 1
    return _cells(rows), end


def _grid_rows(text: str, grid: Grid) -> Iterator[Row]:
    by_row: dict[int, list[GridCell]] = {}
    for cell in grid.cells:
        by_row.setdefault(cell.row, []).append(cell)
    numbers: tuple[str, ...] = ()
    hanging: list[tuple[int, str]] = []
    for index in sorted(by_row):
        line = sorted(by_row[index], key=lambda c: c.column)
        hanging = [h for h in hanging if h[0] >= index]
        if len(line) > 1 and line[0].rowspan > 1 and re.search(r"[^\s\d]", text[line[0].start : line[0].end]):
            category = line.pop(0)
            label = re.sub(r"\s", "", text[category.start : category.end])
            hanging.append((index + category.rowspan - 1, label))
        pieces = [piece for c in line for piece in row_pieces(text, c.start, c.end, whole=True)]
        if pieces and (_FOOT.match(fold_width(pieces[0].raw)) or _LETTERS.fullmatch(pieces[0].raw)):
            continue
        made, numbers = make_rows(pieces, numbers, grid=True)
        above = "/".join(label for _, label in hanging)
        yield from (replace(row, above=above) for row in made)


# ---- text ----------------------------------------------------------------------------------------------------------


def _from_text(text: str, view: str, head: int) -> tuple[list[Cell], int]:
    """The cells of the rows that stand in the text behind a head, and where they end."""
    title = _TITLE.match(view, head)
    start = title.end() if title else head
    first = _FIRST_ROW.search(view, start)
    foot = _FOOT.search(view, first.end() if first else start)
    stop = _STOP.search(view, start)
    end = min([len(text), start + _LONGEST, *(m.start() for m in (foot, stop) if m)])
    pieces = list(row_pieces(view, start, end, source=text))
    rows, columns = make_rows(pieces, (), grid=False)
    unitless = bool(columns) and "unit" not in columns
    if not unitless and sum(bool(row.unit) for row in rows if row.values) * 2 < sum(bool(row.values) for row in rows):
        return [], head  # numbers without units in running text are dates and pages as often as figures
    return _cells(rows), end


# ---- cells ---------------------------------------------------------------------------------------------------------

_LEVELS = (
    re.compile(r"[一二三四五六七八九十]{1,3}[、.．]"),
    re.compile(r"[（(][一二三四五六七八九十]{1,3}[）)]"),
    re.compile(r"\d{1,2}[.、．](?!\d)"),
    re.compile(r"[（(]\d{1,2}[）)]|[①-⑳⑴-⒇]|\d{1,2}[.．]\d{1,2}(?![\d.．])|\d{1,2}[）)]"),
)


def _level(label: str) -> int:
    """The depth that a label's number gives it: 0 for 一、 to 3 for (1), -1 without a number."""
    return next((level for level, pattern in enumerate(_LEVELS) if pattern.match(label)), -1)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a row stands: its block, and its label under the numbered rows above it."""

    block: str
    row: str


def _places(rows: Sequence[Row]) -> Iterator[_Place]:
    above: list[tuple[int, str]] = []
    whole: list[str] = []  # what a row of 其中 is a part of
    for row in rows:
        level = _level(row.label)
        if level >= 0:
            above = [item for item in above if item[0] < level]
        path = [label for depth, label in above if depth > 0] if level > 0 else []
        if row.label.startswith("其中"):
            path = whole
        else:
            whole = [*path, row.label] if level > 0 else []
        block = row.label if level == 0 else next((label for depth, label in above if depth == 0), "")
        over = [row.above] if row.above and row.above not in (block, *path) else []
        yield _Place(block, "/".join([*over, *path, row.label]))
        if level >= 0:
            above.append((level, row.label))


def _cells(rows: Sequence[Row]) -> list[Cell]:
    """The cells of rows; none at all where fewer than `LEAST_ROWS` have a number."""
    if sum(any(v.value is not None for v in row.values) for row in rows) < LEAST_ROWS:
        return []
    cells: list[Cell] = []
    places = list(_places(rows))
    for i, (row, place) in enumerate(zip(rows, places, strict=True)):
        if row.heading or not row.label:
            continue
        if not row.values and not row.unit and _leads(rows, i):
            continue
        torn = len(re.findall("[（(]", row.label)) != len(re.findall("[）)]", row.label))
        if len(row.values) > 1 and len(row.names) == len(row.values) and not (row.open or torn):
            cells.extend(_columns(row, place))
        else:
            cells.append(_cell(row, place, torn))
    return cells


def _columns(row: Row, place: _Place) -> Iterator[Cell]:
    """A cell for each of the row's values, which the heads of their columns tell apart."""
    for value, name in zip(row.values, row.names, strict=True):
        cell = _cell(replace(row, values=(value,)), place, torn=False)
        yield replace(cell, column=f"{row.unit}（{name}）" if row.unit else name)


def _leads(rows: Sequence[Row], i: int) -> bool:
    """Whether a row without unit and number is a heading: no number of its own, or deeper rows behind it."""
    level = _level(rows[i].label)
    following = _level(rows[i + 1].label) if i + 1 < len(rows) else -1
    return level < 0 or i + 1 == len(rows) or following > level or following < 0


# A code of a row, where no head says so: no number has a nought before it.
_CODE = re.compile(r"0\d+")


def _cell(row: Row, place: _Place, torn: bool) -> Cell:
    numbers = [piece.value for piece in row.values if piece.value is not None]
    start = row.values[0].start if row.values else row.end
    end = row.values[-1].end if row.values else row.end
    raw = " ".join(piece.raw for piece in row.values)
    cell = Cell(ANNEX, "annex", place.block, place.row, row.unit, None, raw, "blank", (), start, end)
    if not numbers and not row.open:
        return cell
    if torn or row.open or len(row.values) > 1 or _CODE.fullmatch(raw):
        return replace(cell, state="uncertain", alternatives=() if row.open else tuple(sorted(set(numbers))))
    return replace(cell, state="printed", value=numbers[0])


def _settled(cells: Sequence[Cell]) -> tuple[Cell, ...]:
    """One cell a place: a repeated print of the same value goes, several values under one label stay open."""
    kept: dict[tuple[str, str, str], Cell] = {}
    for cell in cells:
        key = (cell.block, cell.row, cell.column)
        first = kept.setdefault(key, cell)
        same = (first.value, first.state) == (cell.value, cell.state) and first.state != "uncertain"
        if first is cell or same:
            continue
        values = {*first.alternatives, *cell.alternatives, first.value, cell.value} - {None}
        kept[key] = replace(
            first, value=None, state="uncertain", alternatives=tuple(sorted(v for v in values if v is not None))
        )
    return tuple(kept.values())

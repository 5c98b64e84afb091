"""Ruled tables of a PDF page: its lines and boxes become a lattice, the lattice cells, the cells rows and columns."""

from __future__ import annotations

import ctypes
import re
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field

from gknlp.read.builder import RawCell, join_lines
from gknlp.read.source import Node

Box = tuple[float, float, float, float]
# A filled box thinner than that (points) is a line; Word and WPS draw borders so, 0.5 to 1.5 wide.
_LINE_WIDTH = 3.0
# Lines whose ends or places differ by less meet: borders are drawn cell by cell and half a point apart.
_TOLERANCE = 3.0
# A box that covers that share of the page is its background.
_BACKGROUND = 0.95
_MIN_LENGTH = 4.0
_PATH, _FORM = 2, 5
_MAX_DEPTH = 4
_NUMERIC = re.compile(r"^[\d.,%]+$")
_HAN_GAP = re.compile(r"(?<=[\u4e00-\u9fff（）、，。])[ \u3000]+(?=[\u4e00-\u9fff（）、，。])")


@dataclass(slots=True)
class RuledTable:
    """A lattice (`xs` left to right, `ys` top to bottom, y counting up) and its cells as (row, column, spans)."""

    xs: list[float]
    ys: list[float]
    cells: list[tuple[int, int, int, int]]
    texts: dict[tuple[int, int], list[str]] = field(default_factory=dict)
    owner: dict[tuple[int, int], int] = field(default_factory=dict)

    def cell_at(self, x: float, y: float) -> int | None:
        """The index of the cell that holds a point, None outside the table."""
        if not (self.xs[0] <= x <= self.xs[-1] and self.ys[-1] <= y <= self.ys[0]):
            return None
        column = min(max(bisect_right(self.xs, x) - 1, 0), len(self.xs) - 2)
        row = min(max(bisect_right([-y for y in self.ys], -y) - 1, 0), len(self.ys) - 2)
        return self.owner.get((row, column))


def find_rulings(page: Node, *, size: tuple[float, float]) -> list[Box]:
    """The horizontal and vertical lines on a page as thin boxes (left, bottom, right, top), in page coordinates."""
    import pypdfium2.raw as pdfium

    found: list[Box] = []

    def visit(count: int, get: Node, matrix: tuple[float, ...], depth: int) -> None:
        for number in range(count):
            element = get(number)
            kind = pdfium.FPDFPageObj_GetType(element)
            if kind == _PATH:
                found.extend(_moved(box, matrix) for box in _path_lines(pdfium, element, size))
            elif kind == _FORM and depth < _MAX_DEPTH:
                own = pdfium.FS_MATRIX()
                pdfium.FPDFPageObj_GetMatrix(element, ctypes.byref(own))
                inner = _product((own.a, own.b, own.c, own.d, own.e, own.f), matrix)
                visit(pdfium.FPDFFormObj_CountObjects(element),
                      lambda n, element=element: pdfium.FPDFFormObj_GetObject(element, n), inner, depth + 1)

    visit(pdfium.FPDFPage_CountObjects(page.raw), lambda n: pdfium.FPDFPage_GetObject(page.raw, n), _IDENTITY, 0)
    return found


_IDENTITY = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def _product(first: tuple[float, ...], second: tuple[float, ...]) -> tuple[float, ...]:
    """Two PDF matrices one after the other."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def _moved(box: Box, matrix: tuple[float, ...]) -> Box:
    """A box under a matrix."""
    if matrix == _IDENTITY:
        return box
    a, b, c, d, e, f = matrix
    xs = sorted((a * box[0] + c * box[1] + e, a * box[2] + c * box[3] + e))
    ys = sorted((b * box[0] + d * box[1] + f, b * box[2] + d * box[3] + f))
    return xs[0], ys[0], xs[1], ys[1]


def _path_lines(pdfium: Node, element: Node, size: tuple[float, float]) -> list[Box]:
    """The straight lines of one path: itself where it is thin, else the sides of its boxes."""
    l, b, r, t = (ctypes.c_float() for _ in range(4))  # noqa: E741
    if not pdfium.FPDFPageObj_GetBounds(element, l, b, r, t):
        return []
    box = (l.value, b.value, r.value, t.value)
    if box[2] - box[0] >= _BACKGROUND * size[0] and box[3] - box[1] >= _BACKGROUND * size[1]:
        return []
    if min(box[2] - box[0], box[3] - box[1]) <= _LINE_WIDTH:
        return [box] if max(box[2] - box[0], box[3] - box[1]) >= _MIN_LENGTH else []
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(element, ctypes.byref(matrix))
    own = (matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)
    lines: list[Box] = []
    start = last = (0.0, 0.0)
    for number in range(pdfium.FPDFPath_CountSegments(element)):
        segment = pdfium.FPDFPath_GetPathSegment(element, number)
        x, y = ctypes.c_float(), ctypes.c_float()
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        a, b_, c, d, e, f = own
        point = (a * x.value + c * y.value + e, b_ * x.value + d * y.value + f)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind == pdfium.FPDF_SEGMENT_LINETO:
            lines.append(_straight(last, point))
        if pdfium.FPDFPathSegment_GetClose(segment):
            lines.append(_straight(point, start))
        last = point
    return [line for line in lines if min(line[2] - line[0], line[3] - line[1]) <= 1.0
            and max(line[2] - line[0], line[3] - line[1]) >= _MIN_LENGTH]


def _straight(first: tuple[float, float], second: tuple[float, float]) -> Box:
    """The box between two points."""
    return (min(first[0], second[0]), min(first[1], second[1]), max(first[0], second[0]), max(first[1], second[1]))


def find_tables(rulings: list[Box]) -> list[RuledTable]:
    """Tables of at least two columns from ruling lines, top to bottom. The outline counts as drawn."""
    if len(rulings) < 3:
        return []
    from pdfplumber.table import merge_edges

    edges = [_edge(box) for box in rulings]
    merged = merge_edges(edges, _TOLERANCE, _TOLERANCE, _TOLERANCE, _TOLERANCE)
    lines = [(e["x0"], e["bottom"], e["x1"], e["top"], e["orientation"]) for e in merged]
    tables = [table for group in _touching(lines) if (table := _lattice(group)) is not None]
    return sorted(tables, key=lambda table: (-table.ys[0], table.xs[0]))


def _edge(box: Box) -> dict[str, float | str]:
    """A ruling as pdfplumber's edge; `top` and `bottom` count upwards here and are equal for a horizontal line."""
    left, bottom, right, top = box
    if right - left >= top - bottom:
        middle = (top + bottom) / 2
        return {"x0": left, "x1": right, "top": middle, "bottom": middle, "width": right - left, "height": 0.0,
                "orientation": "h"}
    middle = (left + right) / 2
    return {"x0": middle, "x1": middle, "top": bottom, "bottom": top, "width": 0.0, "height": top - bottom,
            "orientation": "v"}


_Line = tuple[float, float, float, float, str]


def _touching(lines: list[_Line]) -> list[list[_Line]]:
    """Groups of horizontal and vertical lines that meet."""
    parent = list(range(len(lines)))

    def find(item: int) -> int:
        while parent[item] != item:
            parent[item] = parent[parent[item]]
            item = parent[item]
        return item

    across = [n for n, line in enumerate(lines) if line[4] == "h"]
    down = [n for n, line in enumerate(lines) if line[4] == "v"]
    for h in across:
        for v in down:
            low, high = sorted((lines[v][1], lines[v][3]))
            if (lines[h][0] - _TOLERANCE <= lines[v][0] <= lines[h][2] + _TOLERANCE
                    and low - _TOLERANCE <= lines[h][1] <= high + _TOLERANCE):
                parent[find(h)] = find(v)
    groups: defaultdict[int, list[_Line]] = defaultdict(list)
    for number, line in enumerate(lines):
        groups[find(number)].append(line)
    return [group for _, group in sorted(groups.items()) if len(group) > 2]


def _lattice(lines: list[_Line]) -> RuledTable | None:
    """The cells of one group of lines; None where it makes no two columns (shaded or underlined text)."""
    ys = sorted({line[1] for line in lines if line[4] == "h"}, reverse=True)
    xs = sorted({line[0] for line in lines if line[4] == "v"})
    across = [line for line in lines if line[4] == "h"]
    left, right = min(line[0] for line in across), max(line[2] for line in across)
    if not xs or left < xs[0] - 2 * _TOLERANCE:
        xs.insert(0, left)
    if right > xs[-1] + 2 * _TOLERANCE:
        xs.append(right)
    if len(xs) < 2 or len(ys) < 2 or len(xs) * len(ys) > 20_000:
        return None
    table = RuledTable(xs, ys, [])
    walls = _walls(table, lines)
    _merge_boxes(table, *walls)
    return table if any(column for _, column, _, _ in table.cells) else None


def _walls(table: RuledTable, lines: list[_Line]) -> tuple[set[tuple[int, int]], set[tuple[int, int]]]:
    """Where lines are drawn: (row line, column) of horizontal pieces, (row, column line) of vertical ones."""
    flat: set[tuple[int, int]] = set()
    upright: set[tuple[int, int]] = set()
    for line in lines:
        if line[4] == "h":
            row = table.ys.index(line[1])
            for column in range(len(table.xs) - 1):
                middle = (table.xs[column] + table.xs[column + 1]) / 2
                if line[0] <= middle <= line[2]:
                    flat.add((row, column))
        elif line[0] in table.xs:
            column = table.xs.index(line[0])
            low, high = sorted((line[1], line[3]))
            for row in range(len(table.ys) - 1):
                if low <= (table.ys[row] + table.ys[row + 1]) / 2 <= high:
                    upright.add((row, column))
    return flat, upright


def _merge_boxes(table: RuledTable, flat: set[tuple[int, int]], upright: set[tuple[int, int]]) -> None:
    """Join the lattice's boxes that no line parts into cells; a cell is the rectangle around its boxes."""
    rows, columns = len(table.ys) - 1, len(table.xs) - 1
    for row in range(rows):
        for column in range(columns):
            if (row, column) in table.owner:
                continue
            number = len(table.cells)
            table.owner[row, column] = number
            members, todo = [(row, column)], [(row, column)]
            while todo:
                r, c = todo.pop()
                steps = (
                    (r + 1, c, (r + 1, c) in flat), (r - 1, c, (r, c) in flat),
                    (r, c + 1, (r, c + 1) in upright), (r, c - 1, (r, c) in upright),
                )
                for y, x, wall in steps:
                    if not wall and 0 <= y < rows and 0 <= x < columns and (y, x) not in table.owner:
                        table.owner[y, x] = number
                        members.append((y, x))
                        todo.append((y, x))
            top, left = min(y for y, _ in members), min(x for _, x in members)
            bottom, last = max(y for y, _ in members), max(x for _, x in members)
            table.cells.append((top, left, bottom - top + 1, last - left + 1))


def table_rows(table: RuledTable, texts: dict[int, list[str]]) -> list[list[RawCell]]:
    """The table's rows for the text: `texts` holds the lines of each cell by its index."""
    rows: list[list[RawCell]] = [[] for _ in range(len(table.ys) - 1)]
    for number, (row, column, down, across) in enumerate(table.cells):
        rows[row].append(RawCell(cell_text(texts.get(number, [])), down, across, column))
    for cells in rows:
        cells.sort(key=lambda cell: cell.column or 0)
    return rows


def cell_text(lines: list[str]) -> str:
    """A cell's lines as one: a number that a narrow column broke over two lines is one number again."""
    stripped = [_HAN_GAP.sub("", line).strip() for line in lines]
    stripped = [line for line in stripped if line]
    if len(stripped) > 1 and all(_NUMERIC.match(line) for line in stripped):
        return "".join(stripped)
    return join_lines(stripped)

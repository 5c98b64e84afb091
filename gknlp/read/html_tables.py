"""HTML tables: which of them are tables and which only place text on a page, and their cells."""

from __future__ import annotations

import re

from gknlp.read.builder import MAX_SPAN, RawCell, collapse, join_lines
from gknlp.read.source import Node

# A cell with that many characters holds prose: the longest label of the statutory forms has 62.
PROSE_CELL = 150
# Rows of one cell with that many characters and a full stop are prose that slipped into a table.
_PROSE_ROW = 80
# A table with that many bare numbers is a table, whatever else stands in it.
_NUMBERS = 8
_NUMBER = re.compile(r"^-?[\d,.，．%％]+$")
_SILENT = frozenset(("script", "style", "noscript", "template", "rt", "rp", "select", "button", "textarea"))
_CELLS = frozenset(("td", "th"))
_ROW_GROUPS = frozenset(("tbody", "thead", "tfoot"))
# Elements nested so deep in a cell are read by the walk that needs no recursion.
_DEEP = 40
_NOT_IN_CELLS = _CELLS | {"tr"}
_NOT_TEXT = _NOT_IN_CELLS | _SILENT
_BREAKS = frozenset(("p", "div", "br", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "section", "dd", "dt"))


def read_rows(table: Node, *, may_hide: bool = True) -> list[list[RawCell]]:
    """The rows of an lxml `<table>` without nested tables: cell texts on one line, spans as written (0: to the end).

    A cell with prose (PROSE_CELL characters) keeps its line ends, for the caller to flow as paragraphs.
    """
    rows: list[list[RawCell]] = []
    if _read_regular(table, rows, may_hide):
        return rows
    return _walk_rows(table, may_hide)


def _read_regular(group: Node, rows: list[list[RawCell]], may_hide: bool) -> bool:
    """Read a table or row group whose children are rows of cells, as nearly all are; False for any other."""
    for child in group:
        tag = child.tag
        if may_hide and hidden(child):
            regular = True
        elif tag == "tr":
            cells: list[RawCell] = []
            rows.append(cells)
            regular = _read_row(child, cells, may_hide)
        elif tag in _ROW_GROUPS:
            regular = group.tag not in _ROW_GROUPS and _read_regular(child, rows, may_hide)
        else:
            regular = tag not in _CELLS and all(column.tag == "col" for column in child)
        if not regular:
            return False
    return True


def _read_row(row: Node, cells: list[RawCell], may_hide: bool) -> bool:
    """Read the cells of a row; False where it holds anything else or its cells are irregular."""
    for element in row:
        if element.tag not in _CELLS:
            return False
        if may_hide and hidden(element):
            continue
        text = element.text
        children = len(element)
        if children:
            lone = _lone_text(element, may_hide) if children == 1 and (not text or text.isspace()) else None
            if lone is None:
                lines: list[list[str]] = [[text] if text else []]
                if not _flow_cell(element, lines, may_hide, 0):
                    return False
                lone = _cell_text(lines)
            text = lone
        elif text:
            text = collapse(text) if "\n" in text else " ".join(text.split())
        else:
            text = ""
        rowspan, colspan = element.get("rowspan"), element.get("colspan")
        cells.append(
            RawCell(text) if rowspan is colspan is None else RawCell(text, _span(rowspan), _span(colspan))
        )
    return True


def _lone_text(cell: Node, may_hide: bool) -> str | None:
    """The text of a cell whose elements stand one in the other (`<p><span>…`), as in most; None for any other."""
    element = cell[0]
    while True:
        tag, text, tail = element.tag, element.text, element.tail
        if tag in _NOT_TEXT or (tail and not tail.isspace()) or (may_hide and hidden(element)):
            return None
        children = len(element)
        if not children:
            break
        if children > 1 or (text and not text.isspace()):
            return None
        element = element[0]
    if not text:
        return ""
    return collapse(text) if "\n" in text else " ".join(text.split())


def _flow_cell(parent: Node, lines: list[list[str]], may_hide: bool, depth: int) -> bool:
    """Add the text of a cell's children to its lines; False where they hold cells themselves or nest too deep."""
    for element in parent:
        tag = element.tag
        if tag in _NOT_IN_CELLS or depth > _DEEP:
            return False
        breaks = tag in _BREAKS
        if tag not in _SILENT and not (may_hide and hidden(element)):
            text = element.text
            if breaks:
                lines.append([text] if text else [])
            elif text:
                lines[-1].append(text)
            if len(element) and not _flow_cell(element, lines, may_hide, depth + 1):
                return False
        if breaks:
            lines.append([])
        if text := element.tail:
            lines[-1].append(text)
    return True


def _cell_text(lines: list[list[str]]) -> str:
    """The text of a cell's lines: one line, or its line ends kept where it holds prose."""
    texts = []
    for line in lines:
        if line:
            text = line[0] if len(line) == 1 else "".join(line)
            if not text.isspace():
                texts.append(collapse(text) if "\n" in text else " ".join(text.split()))
    if len(texts) == 1:
        return texts[0]
    return "\n".join(texts) if sum(map(len, texts)) >= PROSE_CELL else join_lines(texts)


def _walk_rows(table: Node, may_hide: bool) -> list[list[RawCell]]:
    """The rows of a table whose cells stand outside rows or inside each other, by the order of its tags."""
    from lxml import etree

    rows: list[list[RawCell]] = []
    lines: list[list[str]] = []
    cell: RawCell | None = None
    walk = etree.iterwalk(table, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        if event == "start":
            if tag in _SILENT or (may_hide and hidden(element)):
                walk.skip_subtree()
                continue
            if tag in ("td", "th"):
                cell = RawCell("", _span(element.get("rowspan")), _span(element.get("colspan")))
                lines = [[]]
                if not rows:
                    rows.append([])
                rows[-1].append(cell)
            elif tag == "tr":
                rows.append([])
            elif tag in _BREAKS:
                lines.append([])
            if cell is not None and (text := element.text):
                lines[-1].append(text)
            continue
        if tag in ("td", "th") and cell is not None:
            cell.text = _cell_text(lines)
            cell = None
        elif tag in _BREAKS and lines:
            lines.append([])
        if cell is not None and (text := element.tail):
            lines[-1].append(text)
    return rows


def _span(value: str | None) -> int:
    """A rowspan or colspan as a number: absent or senseless is 1, 0 reaches to the end."""
    if value is None:
        return 1
    digits = value if value.isdigit() else (re.match(r"\s*(\d*)", value) or [""])[0].strip()
    number = int(digits) if digits.isdecimal() and len(digits) < 7 else 1
    return number or MAX_SPAN


_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|(?:left|top|text-indent)\s*:\s*-\d{3,}", re.I)


def hidden(element: Node) -> bool:
    """Whether the element itself says that it is not shown."""
    style = element.get("style")
    if not style:
        return element.get("hidden") is not None
    if "-" not in style and "one" not in style and "ONE" not in style and "hidden" not in style.lower():
        return False
    return _HIDDEN_STYLE.search(style) is not None or element.get("hidden") is not None


def is_grid(rows: list[list[RawCell]]) -> bool:
    """Whether rows form a table of data and no page layout: two rows and columns, and no prose but for stray rows."""
    widths = [len(row) for row in rows if row]
    if len(widths) < 2 or max(widths) < 2:
        return False
    numbers = longest = 0
    for row in rows:
        for cell in row:
            text = cell.text
            if len(text) > longest:
                longest = len(text)
            if text and _NUMBER.match(text):
                numbers += 1
                if numbers >= _NUMBERS:
                    return True
    return 0 < longest < PROSE_CELL


def split_prose_rows(rows: list[list[RawCell]]) -> list[list[list[RawCell]] | str]:
    """Part a data table at rows that hold prose: row groups, and between them the prose as text."""
    if max((len(cell.text) for row in rows for cell in row), default=0) < _PROSE_ROW:
        return [rows] if any(rows) else []  # a line end stands in prose only
    parts: list[list[list[RawCell]] | str] = []
    group: list[list[RawCell]] = []
    for row in rows:
        filled = [cell for cell in row if cell.text]
        if len(filled) == 1 and len(filled[0].text) >= _PROSE_ROW and "。" in filled[0].text:
            if any(group):
                parts.append(group)
            parts.append(filled[0].text)
            group = []
        else:
            group.append(row)
    if any(group):
        parts.append(group)
    for part in parts:
        if not isinstance(part, str):
            for row in part:
                for cell in row:
                    if "\n" in cell.text:
                        cell.text = join_lines(cell.text.split("\n"))
    return parts

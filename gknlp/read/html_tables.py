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
_BREAKS = frozenset(("p", "div", "br", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "section", "dd", "dt"))


def read_rows(table: Node, *, may_hide: bool = True) -> list[list[RawCell]]:
    """The rows of an lxml `<table>` without nested tables: cell texts on one line, spans as written (0: to the end).

    A cell with prose (PROSE_CELL characters) keeps its line ends, for the caller to flow as paragraphs.
    """
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
            texts = [collapse("".join(line)) for line in lines if line]
            cell.text = "\n".join(filter(None, texts)) if sum(map(len, texts)) >= PROSE_CELL else join_lines(texts)
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
    cells = [cell for row in rows for cell in row]
    filled = [cell for cell in cells if cell.text]
    if len([row for row in rows if row]) < 2 or max((len(row) for row in rows), default=0) < 2 or not filled:
        return False
    if sum(1 for cell in filled if _NUMBER.match(cell.text)) >= _NUMBERS:
        return True
    return all(len(cell.text) < PROSE_CELL for cell in filled)


def split_prose_rows(rows: list[list[RawCell]]) -> list[list[list[RawCell]] | str]:
    """Part a data table at rows that hold prose: row groups, and between them the prose as text."""
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
                    cell.text = join_lines(cell.text.split("\n"))
    return parts

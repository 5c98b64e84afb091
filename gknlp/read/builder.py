"""Builds a report's text piece by piece and keeps the layout's spans in step with it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from gknlp.types import Furniture, Grid, GridCell, HeadingHint, Layout, Page

# A source line end between two Chinese characters is no space; between Latin words or numbers it is one.
_WIDE = "\u2014\u2018-\u201d\u2026\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef"
_SOFT_BREAK = re.compile(rf"(?<=[{_WIDE}])[ \t\r\f]*\n[ \t\r\n\f]*(?=[{_WIDE}])")
_ENDS_WIDE = re.compile(rf"[{_WIDE}]$")
_STARTS_WIDE = re.compile(rf"^[{_WIDE}]")
# Beyond these a span attribute is a slip of the page's author, not a table.
MAX_SPAN = 200
MAX_COLUMNS = 1000


@dataclass(slots=True)
class RawCell:
    """A cell as its source writes it, before it has a place in the text."""

    text: str
    rowspan: int = 1
    colspan: int = 1
    column: int | None = None


@dataclass(slots=True)
class TextBuilder:
    """A growing text with its layout: `length` is where the next piece begins."""

    parts: list[str] = field(default_factory=list)
    length: int = 0
    grids: list[Grid] = field(default_factory=list)
    furniture: list[Furniture] = field(default_factory=list)
    headings: list[HeadingHint] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)

    def add(self, text: str) -> tuple[int, int]:
        """Append `text` as it is; its span."""
        start = self.length
        self.parts.append(text)
        self.length += len(text)
        return start, self.length

    def add_line(self, text: str) -> tuple[int, int]:
        """Append a line and its line end; the span is the line's, without the line end."""
        start, end = self.add(text)
        self.add("\n")
        return start, end

    def add_table(self, rows: list[list[RawCell]], *, page: int | None = None) -> None:
        """Append a table and its Grid: cells parted by a tab, rows by a line end, a merged cell once, at its top left.

        A cell without `column` takes the next one free of cells that hang down from above; a row that holds nothing
        but such cells has no line. Nothing is appended for a table without cells.
        """
        start = end = self.length
        cells: list[GridCell] = []
        hanging: dict[int, int] = {}
        taken: set[int] = set()
        for number, row in enumerate(rows):
            if not row:
                continue
            column = 0
            if hanging:
                taken = {place for place, until in hanging.items() if until > number}
            texts: list[str] = []
            for cell in row:
                if cell.column is not None:
                    column = cell.column
                else:
                    while column in taken:
                        column += 1
                if column >= MAX_COLUMNS:
                    break
                text, rowspan, colspan = cell.text, cell.rowspan, cell.colspan
                texts.append(text)
                if colspan != 1:
                    colspan = max(1, min(colspan, MAX_SPAN))
                if rowspan != 1:
                    rowspan = max(1, min(rowspan, len(rows) - number))
                begin, end = end, end + len(text)
                cells.append(GridCell(number, column, rowspan, colspan, begin, end))
                end += 1  # the tab, or the line end after the last cell
                if rowspan > 1:
                    hanging.update(dict.fromkeys(range(column, column + colspan), number + rowspan))
                column += colspan
            end = self.add("\t".join(texts) + "\n")[1]
        if cells:
            self.grids.append(Grid(start, self.length, tuple(cells), page))

    def text(self) -> str:
        """The text so far."""
        return "".join(self.parts)

    def layout(self) -> Layout:
        """The layout so far, each kind sorted by start."""
        return Layout(
            tuple(sorted(self.grids, key=lambda grid: grid.start)),
            tuple(sorted(self.furniture, key=lambda piece: (piece.start, piece.end))),
            tuple(sorted(self.headings, key=lambda hint: hint.start)),
            tuple(self.pages),
        )


def collapse(text: str) -> str:
    """White space as a browser shows it: runs become one space, a line end between Chinese characters nothing."""
    if "\n" in text:
        text = _SOFT_BREAK.sub("", text)
    return " ".join(text.split())


def join_lines(lines: list[str]) -> str:
    """The lines of one cell as one: nothing between Chinese characters, a space between words or numbers."""
    if len(lines) == 1:
        return lines[0]
    joined = ""
    for line in lines:
        if not line:
            continue
        tight = not joined or _ENDS_WIDE.search(joined) or _STARTS_WIDE.search(line)
        joined += line if tight else " " + line
    return joined

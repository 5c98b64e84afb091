"""Tables that stand as markup in a text: HTML that OCR programs and crawlers leave in it, and pipes of Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from gknlp.types import Grid, GridCell

_TAG = re.compile(r"<(?P<close>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]*)\b(?P<rest>[^<>]{0,2000})>")
_SPAN = re.compile(r"(rowspan|colspan)\s*=\s*[\"']?\s*(\d{1,2})", re.I)
_ENTITY = re.compile(r"&(?:nbsp|emsp|ensp|thinsp|#160|#xa0);", re.I)
_DIVIDER = re.compile(r"[\s|:\-]*-[\s|:\-]*")
# A line of a pipe table has at least this many cells; narrative hardly has two bars in one line.
LEAST_PIPES = 2


def without_tags(text: str) -> str:
    """The text at the same length, tags and no-break entities as spaces; cells open with a tab, rows end a line."""
    if "<" not in text and "&" not in text:
        return text

    def blank(match: re.Match[str]) -> str:
        name, size = match["name"].lower(), len(match.group())
        if match["close"]:
            return " " * (size - 1) + ("\n" if name in ("tr", "table", "p", "div", "li") else " ")
        return ("\t" if name in ("td", "th") else "\n" if name == "br" else " ") + " " * (size - 1)

    return _ENTITY.sub(lambda m: " " * len(m.group()), _TAG.sub(blank, text))


def markup_grids(text: str) -> tuple[Grid, ...]:
    """The HTML tables written out in a text, as grids whose cells index it; nested ones stand beside their outer one.

    A tag that is never closed ends where the next one of its kind begins, a table at the end of the text. Cells hold
    their text without tags at the edges. No markup gives an empty tuple. Cost: linear.
    """
    if "<t" not in text and "<T" not in text:
        return ()
    grids: list[Grid] = []
    stack: list[_Open] = []
    for match in _TAG.finditer(text):
        name = match["name"].lower()
        if name == "table" and not match["close"]:
            stack.append(_Open(match.start()))
        elif not stack:
            continue
        elif name == "table":
            grids.extend(stack.pop().finish(text, match.start(), match.end()))
        elif name == "tr":
            stack[-1].row(match.start(), not match["close"])
        elif name in ("td", "th"):
            stack[-1].cell(match, text)
    while stack:
        grids.extend(stack.pop().finish(text, len(text), len(text)))
    return tuple(sorted(grids, key=lambda grid: (grid.start, -grid.end)))


class _Open:
    """A table that is being read: its cells so far, the open cell, and the columns taken by cells from above."""

    def __init__(self, start: int) -> None:
        self.start = start
        self.number = -1
        self.pending: tuple[int, int, int] | None = None  # where the open cell's text begins, rowspan, colspan
        self.cells: list[tuple[int, int, int, int, int]] = []  # row, rowspan, colspan, start, end

    def row(self, at: int, opens: bool) -> None:
        self._close(at)
        self.number += opens

    def cell(self, match: re.Match[str], text: str) -> None:
        self._close(match.start())
        if not match["close"]:
            spans = {name.lower(): int(size) for name, size in _SPAN.findall(match["rest"])}
            self.number = max(self.number, 0)
            self.pending = (match.end(), spans.get("rowspan", 1) or 1, spans.get("colspan", 1) or 1)

    def _close(self, at: int) -> None:
        if self.pending is not None:
            start, rowspan, colspan = self.pending
            self.cells.append((self.number, rowspan, colspan, start, at))
            self.pending = None

    def finish(self, text: str, at: int, end: int) -> Iterator[Grid]:
        self._close(at)
        if self.cells:
            yield Grid(self.start, end, tuple(_placed(text, self.cells)))


def _placed(text: str, cells: Sequence[tuple[int, int, int, int, int]]) -> Iterator[GridCell]:
    """The cells with their columns, those below a cell of several rows moved to the right of it."""
    taken: set[tuple[int, int]] = set()
    column, before = 0, -1
    for row, rowspan, colspan, start, end in cells:
        column = column if row == before else 0
        before = row
        while (row, column) in taken:
            column += 1
        taken.update((r, c) for r in range(row, row + rowspan) for c in range(column, column + colspan))
        yield GridCell(row, column, rowspan, colspan, *_trimmed(text, start, end))
        column += colspan


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without white space and tags at its edges; empty at its start where nothing is left."""
    plain = without_tags(text[start:end])
    left = len(plain) - len(plain.lstrip())
    right = len(plain.rstrip())
    return (start + left, start + right) if right > left else (start, start)


def pipe_grids(text: str) -> tuple[Grid, ...]:
    """Lines of cells between bars (`| a | b |`), as grids; lines in a row make one, dividers of hyphens no row."""
    if "|" not in text:
        return ()
    grids: list[Grid] = []
    cells: list[GridCell] = []
    row, at, first, last = 0, 0, 0, 0
    for line in text.split("\n"):
        end = at + len(line)
        if line.count("|") >= LEAST_PIPES:
            if not cells:
                row, first = 0, at
            if not _DIVIDER.fullmatch(line):
                cells.extend(_pipe_cells(text, at, line, row))
                row += 1
            last = end
        elif cells and line.strip():
            grids.append(Grid(first, last, tuple(cells)))
            cells = []
        at = end + 1
    if cells:
        grids.append(Grid(first, last, tuple(cells)))
    return tuple(grids)


def _pipe_cells(text: str, at: int, line: str, row: int) -> Iterator[GridCell]:
    body = line.rstrip()
    start = at + len(line) - len(line.lstrip())
    inner = body.lstrip()
    if inner.startswith("|"):
        inner, start = inner[1:], start + 1
    if inner.endswith("|"):
        inner = inner[:-1]
    for column, part in enumerate(inner.split("|")):
        yield GridCell(row, column, 1, 1, *_trimmed(text, start, start + len(part)))
        start += len(part) + 1

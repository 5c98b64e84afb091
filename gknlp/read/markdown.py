"""Markdown, as OCR programs write it: headings as hints, pipe and HTML tables as grids, marks taken off."""

from __future__ import annotations

import re
from dataclasses import replace

from gknlp.read.builder import RawCell, TextBuilder, collapse
from gknlp.read.encoding import decode
from gknlp.read.head import read_head
from gknlp.read.html import read_fragment
from gknlp.read.hygiene import normal_lines
from gknlp.read.source import Source
from gknlp.read.wrapped import unwrap
from gknlp.types import Furniture, HeadingHint, Layout

_HEADING = re.compile(r"^\s{0,3}(#{1,6})\s*(.*?)\s*#*\s*$")
_PIPES = re.compile(r"^\s*\|.*\||^[^|\n]+\|[^|\n]+\|")
_DIVIDER = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$")
_RULE = re.compile(r"^\s*(?:[-*_]\s*){3,}$|^\{\d+\}-*$|^\s*<!--.*-->\s*$|^\s*```\w*\s*$")
_PAGE_NUMBER = re.compile(
    r"^\s*(?:[-—–]\s*\d{1,3}\s*[-—–]|第\s*\d{1,3}\s*页(?:\s*共\s*\d{1,3}\s*页)?|\d{1,3}\s*/\s*\d{1,3})\s*$"
)
_BULLET = re.compile(r"^\s*(?:[-*+]|>+)\s+(?=\S)")
_TABLE = re.compile(r"<table\b.*?</table\s*>", re.I | re.S)
_TAG = re.compile(
    r"</?(?:html|body|p|div|span|center|b|i|u|em|strong|font|sup|sub|img|a|br|hr|details|summary)\b[^<>]*>", re.I
)
_IMAGE = re.compile(r"!\[[^\]]*\]\([^)\s]*(?:\s+\"[^\"]*\")?\)")
_LINK = re.compile(r"(?<!!)\[([^\]\[]+)\]\((?:https?:|/|\.|#|mailto:)[^)\s]*\)")
_EMPHASIS = re.compile(r"(\*{1,3}|_{2,3}|~~)(?=\S)(.+?)(?<=\S)\1")
_MATH = re.compile(r"\$([^$\n\u4e00-\u9fff]{1,80})\$")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|~%$&<>])")
_CELL_BREAK = re.compile(r"<br\s*/?>", re.I)


def read_markdown(data: bytes) -> Source:
    """Read a Markdown file. Marks of emphasis, links and escapes are taken off, pictures left out.

    `#` headings become hints, pipe tables and HTML tables grids; rules, page numbers and comments stay as furniture.
    Lines that were wrapped at a fixed width are joined; other line ends stay. Cost: linear.
    """
    decoded = decode(data)
    page = normal_lines(decoded.text)
    builder = TextBuilder()
    position = 0
    for match in _TABLE.finditer(page):
        _write_lines(builder, page[position:match.start()])
        _write_fragment(builder, match[0])
        position = match.end()
    _write_lines(builder, page[position:])
    text, layout = builder.text(), builder.layout()
    facts, head = read_head(text)
    furniture = tuple(sorted((*layout.furniture, *head), key=lambda piece: (piece.start, -piece.end)))
    return Source(text, Layout(layout.grids, furniture, layout.headings), facts, decoded.warnings)


def _write_fragment(builder: TextBuilder, page: str) -> None:
    """Put an HTML table into the text."""
    source = read_fragment(page)
    shift = builder.length
    builder.add(source.text)
    for grid in source.layout.grids:
        cells = tuple(cell._replace(start=cell.start + shift, end=cell.end + shift) for cell in grid.cells)
        builder.grids.append(replace(grid, start=grid.start + shift, end=grid.end + shift, cells=cells))


def _write_lines(builder: TextBuilder, page: str) -> None:
    """Put lines into the text, tables of pipes as grids."""
    table: list[str] = []
    for line in unwrap(page.split("\n")):
        if _PIPES.match(line) and (table or line.lstrip().startswith("|") or line.count("|") > 1):
            table.append(line)
            continue
        _write_table(builder, table)
        table = []
        _write_line(builder, line)
    _write_table(builder, table)


def _write_line(builder: TextBuilder, line: str) -> None:
    """Put one line into the text without its marks; blank lines are left out."""
    if not line.strip():
        return
    reason = "md:page number" if _PAGE_NUMBER.match(line) else "md:rule" if _RULE.match(line) else None
    if reason:
        start, end = builder.add_line(line.strip())
        builder.furniture.append(Furniture(start, end + 1, reason))
        return
    heading = _HEADING.match(line)
    for number, piece in enumerate(_CELL_BREAK.split(heading[2] if heading else line)):
        text = _plain(piece if heading else _BULLET.sub("", piece))
        if text:
            span = builder.add_line(text)
            if heading and not number:
                builder.headings.append(HeadingHint(*span, len(heading[1]), f"md:{heading[1]}"))


def _write_table(builder: TextBuilder, lines: list[str]) -> None:
    """Put pipe lines into the text: as a grid from two rows on, else as the line they are."""
    rows = [line for line in lines if not _DIVIDER.match(line)]
    if len(rows) < 2 and len(rows) == len(lines):
        for line in lines:
            _write_line(builder, line)
        return
    builder.add_table([
        [RawCell(_plain(_CELL_BREAK.sub("", cell))) for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]
        for line in rows
    ])


def _plain(text: str) -> str:
    """A piece of text without pictures, links, emphasis, tags, formula marks and escapes."""
    if "![" in text:
        text = _IMAGE.sub("", text)
    if "](" in text:
        text = _LINK.sub(r"\1", text)
    if "$" in text:
        text = _MATH.sub(_formula, text)
    if "<" in text:
        text = _TAG.sub("", text)
    if "*" in text or "__" in text or "~~" in text:
        text = _EMPHASIS.sub(r"\2", _EMPHASIS.sub(r"\2", text))
    if "\\" in text:
        text = _ESCAPED.sub(r"\1", text)
    if "&" in text:
        text = text.replace("&nbsp;", " ").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return collapse(text.replace("`", ""))


def _formula(match: re.Match[str]) -> str:
    """A number that OCR took for a formula (`$2 0 2 1$`, `$95\\%$`), as plain text."""
    inner = re.sub(r"\\(?:mathrm|mathbf|text|rm|bf)\b|[{}~]|\\[,;! ]", "", match[1]).replace("\\%", "%")
    for command, sign in (("sim", "~"), ("times", "×"), ("circled", ""), ("textcircled", "")):
        inner = re.sub(rf"\\{command}\b", sign, inner)
    return re.sub(r"(?<=[\d.])\s+(?=[\d.%])", "", inner)

"""Plain text files: any Chinese encoding, form feeds as pages, a crawler's head as facts."""

from __future__ import annotations

from gknlp.read.encoding import decode
from gknlp.read.head import read_head
from gknlp.read.hygiene import normal_lines
from gknlp.read.source import Source
from gknlp.read.wrapped import unwrap
from gknlp.types import Layout, Page


def read_text(data: bytes) -> Source:
    """Read a plain text file. The text is kept as it stands, with `\\n` as line end and without invisible characters.

    Form feeds part pages and become line ends. Lines that were wrapped at a fixed width are joined; nothing else is
    joined or split: text without any line break, or one table cell to the line, stays so. DamagedFileError where the
    bytes are no text in any known encoding. Cost: linear.
    """
    decoded = decode(data)
    pieces = ["\n".join(unwrap(normal_lines(piece).split("\n"))) for piece in decoded.text.split("\f")]
    pages: tuple[Page, ...] = ()
    text = "\n".join(pieces)
    if len(pieces) > 1:
        starts = [0]
        for piece in pieces[:-1]:
            starts.append(starts[-1] + len(piece) + 1)
        ends = [*starts[1:], len(text)]
        if starts[-1] == len(text):  # a form feed at the very end opens no page
            starts, ends = starts[:-1], [*ends[:-2], len(text)]
        pages = tuple(Page(n, a, b) for n, (a, b) in enumerate(zip(starts, ends, strict=True), 1))
    facts, furniture = read_head(text)
    return Source(text, Layout(furniture=furniture, pages=pages), facts, decoded.warnings)

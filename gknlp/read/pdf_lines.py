"""Lines of PDF pages to paragraphs: soft line ends joined by width and indent, page numbers and heads told apart."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from gknlp.read.builder import TextBuilder
from gknlp.read.pdf_tables import RuledTable, table_rows
from gknlp.types import Furniture, Page

# In units of the font size: a line that ends so near the right edge goes on (a word or number may not fit any more).
_FULL = 2.5
# A sentence that ends so near it may be a paragraph's end; one that ends nearer hardly is.
_FULL_SENTENCE = 1.0
# A first line is set in by two characters; less than that is an uneven margin.
_INDENT = 1.2
# Fonts that differ more in size are heading and body.
_SIZE_CHANGE = 0.2
# A gap between lines so much larger than usual parts paragraphs that are not set in.
_WIDE_GAP = 1.6
# Lines with so many characters tell where the right edge is.
_LONG = 12
# Page numbers and running heads stand among that many lines from the top or bottom of a page.
_EDGE_LINES = 2
# Word's own margins leave 0.1 of the page above the first line; heads stand in the middle of that.
_MARGIN = 0.09
_HEAD_LENGTH = 40
_NUMBERED = re.compile(
    r"^(?:[-—–－―~·•*\s]+\d{1,3}[-—–－―~·•*\s]+|第\s*[\d一二三四五六七八九十]{1,4}\s*页(?:\s*[,，/|]?\s*[（(]?\s*共\s*[\d一二三四五六七八九十]{1,4}"
    r"\s*页\s*[）)]?)?|\d{1,3}\s*/\s*\d{1,3}|[Pp]age\s*\d+(?:\s*of\s*\d+)?)$"
)
_BARE = re.compile(r"^\d{1,3}$")
_SENTENCE_END = "。！？：；!?;"
_ITEM = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[）)]|第[一二三四五六七八九十]{1,3}[章节部条]|\d{1,2}[.．、](?!\d))"
)
_RADICALS = re.compile("[\u2e80-\u2fdf\uf900-\ufaff]")
_HAN_GAP = re.compile(r"(?<=[\u4e00-\u9fff）】》”、，。；：])[ \u3000]+(?=[\u4e00-\u9fff（【《“])")
_SPACES = re.compile(r"[ \t\xa0]+")


@dataclass(slots=True)
class Line:
    """A line of a page: its text and place in points, y counting up; `furniture` says why it is not the report's."""

    text: str
    left: float
    right: float
    bottom: float
    size: float
    furniture: str | None = None


@dataclass(slots=True)
class TablePlace:
    """A ruled table where its first character stands; `texts` are the lines of each cell."""

    table: RuledTable
    texts: dict[int, list[str]] = field(default_factory=dict)


@dataclass(slots=True)
class PdfPage:
    """The lines and tables of a page in the order of its text."""

    number: int
    height: float
    items: list[Line | TablePlace] = field(default_factory=list)

    def lines(self) -> list[Line]:
        """Its lines alone."""
        return [item for item in self.items if isinstance(item, Line)]


@dataclass(frozen=True, slots=True)
class Edges:
    """Where the text of a page begins and ends, and how far apart its lines are."""

    left: float
    right: float
    pitch: float


def clean_line(text: str) -> str:
    """A line as read: radicals that fonts put for ideographs made plain, gaps of wide setting between them closed."""
    text = text.replace("\ufffe", "").replace("\x02", "")
    if _RADICALS.search(text):
        text = _RADICALS.sub(_plain, text)
    return _HAN_GAP.sub("", _SPACES.sub(" ", text)).strip()


def _plain(match: re.Match[str]) -> str:
    """A radical's or compatibility ideograph's plain form."""
    import unicodedata

    return unicodedata.normalize("NFKC", match[0])


def mark_furniture(pages: list[PdfPage]) -> None:
    """Mark page numbers and running heads: numbers by form or by counting with the pages, heads by repeating."""
    edges = [(page, line) for page in pages for line in _edge_lines(page)]
    offsets = Counter(int(line.text) - page.number for page, line in edges if _BARE.match(line.text))
    offset, agreed = offsets.most_common(1)[0] if offsets else (0, 0)
    heads = Counter(_head_key(line) for _, line in edges)
    often = max(3, (len(pages) + 1) // 2)
    for page, line in edges:
        if _NUMBERED.match(line.text):
            line.furniture = "pdf:page number"
        elif _BARE.match(line.text):
            outside = line.bottom < 0.1 * page.height or line.bottom > 0.9 * page.height
            if int(line.text) - page.number == offset and (agreed >= 2 or (outside and int(line.text) == page.number)):
                line.furniture = "pdf:page number"
        elif heads[_head_key(line)] >= often and _is_head(line, page.height):
            line.furniture = "pdf:running head"


def _is_head(line: Line, height: float) -> bool:
    """Whether a line that stands on many pages is a head: in the margin, short, and no sentence."""
    in_margin = line.bottom < _MARGIN * height or line.bottom > (1 - _MARGIN) * height
    return in_margin and len(line.text) <= _HEAD_LENGTH and line.text[-1:] not in "。，；：、"


def _edge_lines(page: PdfPage) -> list[Line]:
    """The lines nearest to the top and bottom of a page, and the first and last of its text."""
    lines = [line for line in page.lines() if line.text]
    by_height = sorted(lines, key=lambda line: line.bottom)
    near = [*by_height[:_EDGE_LINES], *by_height[-_EDGE_LINES:], *lines[:1], *lines[-1:]]
    unique = {id(line): line for line in near}
    return [line for line in lines if id(line) in unique]


def _head_key(line: Line) -> tuple[str, int]:
    """What a running head is known by on every page: its text without numbers, and its height on the page."""
    return re.sub(r"[\d\s]+", "", line.text), round(line.bottom / 8)


def find_edges(pages: list[PdfPage]) -> list[Edges]:
    """The text edges of each page; a page of few lines takes those of the others."""
    body = [[line for line in page.lines() if not line.furniture] for page in pages]
    rights = [max((line.right for line in lines if len(line.text) >= _LONG), default=0.0) for lines in body]
    usual = median([right for right in rights if right] or [0.0])
    gaps = [a.bottom - b.bottom for lines in body for a, b in pairwise(lines) if a.bottom > b.bottom]
    pitch = median(gaps) if gaps else 0.0
    lefts = [_left_edge(lines, right or usual) for lines, right in zip(body, rights, strict=True)]
    known = [left for left in lefts if left is not None]
    found: list[Edges] = []
    for lines, right, left in zip(body, rights, lefts, strict=True):
        size = median([line.size for line in lines] or [12.0])
        if right < usual - 3 * size:
            right = usual
        if left is None:
            left = min([line.left for line in lines] + ([median(known)] if known else []), default=0.0)
        found.append(Edges(left, right, pitch))
    return found


def _left_edge(lines: list[Line], right: float) -> float | None:
    """Where lines that continue a full line begin, by majority; None where no line does."""
    starts = Counter(
        round(b.left / 3) for a, b in pairwise(lines)
        if a.right >= right - a.size and len(a.text) >= _LONG
    )
    if not starts:
        return None
    best = max(starts.values())
    return 3.0 * min(start for start, count in starts.items() if count * 2 >= best)


def continues(line: Line, following: Line, here: Edges, there: Edges) -> bool:
    """Whether the text of a line runs on in the next one (of the same page where the edges are the same object)."""
    size = max(line.size, 1.0)
    if abs(line.size - following.size) > _SIZE_CHANGE * max(line.size, following.size):
        return False
    room = here.right - line.right
    if room > _FULL * size or following.left > there.left + _INDENT * size:
        return False
    if here is there and here.pitch and line.bottom - following.bottom > _WIDE_GAP * max(here.pitch, size):
        return False
    ended = line.text[-1:] in _SENTENCE_END
    return not (ended and (room > _FULL_SENTENCE * size or _ITEM.match(following.text)))


def write_pages(pages: list[PdfPage], builder: TextBuilder) -> None:
    """Write all pages: paragraphs joined, tables in their places, furniture as spans, pages tiling the text.

    A page number inside a sentence is one span with the line ends around it, so that the sentence without its
    furniture is whole.
    """
    edges = find_edges(pages)
    starts: list[int] = []
    open_line: tuple[Line, Edges] | None = None
    pending: list[tuple[Line, int]] = []
    for page, edge in zip(pages, edges, strict=True):
        for item in page.items:
            if isinstance(item, Line) and item.furniture:
                pending.append((item, page.number))
                continue
            if isinstance(item, Line):
                joined = open_line is not None and continues(open_line[0], item, open_line[1], edge)
                _between(builder, pending, starts, joined, open_line)
                _begin_pages(builder, starts, page.number)
                builder.add(_glue(open_line[0].text, item.text) if joined and open_line and not pending else item.text)
                open_line = (item, edge)
            else:
                _between(builder, pending, starts, False, open_line)
                _begin_pages(builder, starts, page.number)
                builder.add_table(table_rows(item.table, item.texts), page=page.number)
                open_line = None
            pending.clear()
    _between(builder, pending, starts, False, open_line)
    _begin_pages(builder, starts, len(pages))
    ends = [*starts[1:], builder.length]
    builder.pages = [Page(number, start, end) for number, (start, end) in enumerate(zip(starts, ends, strict=True), 1)]


def _between(builder: TextBuilder, pending: list[tuple[Line, int]], starts: list[int], joined: bool,
             open_line: tuple[Line, Edges] | None) -> None:
    """Write what stands between two pieces of body: nothing inside a paragraph, a line end after one, furniture."""
    if joined and pending:
        begin = builder.length
        builder.add("\n")
        for line, number in pending:
            _begin_pages(builder, starts, number)
            builder.add_line(line.text)
        builder.furniture.append(Furniture(begin, builder.length, pending[0][0].furniture or "pdf:page number"))
    elif not joined:
        if open_line is not None:
            builder.add("\n")
        for line, number in pending:
            _begin_pages(builder, starts, number)
            begin = builder.length
            builder.add_line(line.text)
            builder.furniture.append(Furniture(begin, builder.length, line.furniture or "pdf:page number"))


def _begin_pages(builder: TextBuilder, starts: list[int], number: int) -> None:
    """Note that page `number` begins here, and pages before it that held nothing."""
    while len(starts) < number:
        starts.append(builder.length)


def _glue(text: str, following: str) -> str:
    """The next line as it continues the one before: a space between two words, nothing else."""
    words = text[-1:].isascii() and text[-1:].isalpha() and following[:1].isascii() and following[:1].isalpha()
    return " " + following if words else following

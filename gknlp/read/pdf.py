"""PDF files with a text layer: paragraphs, pages, page furniture and ruled tables."""

from __future__ import annotations

import ctypes
import math
import re
from collections import Counter
from dataclasses import dataclass, field

from gknlp.errors import DamagedFileError, EmptyFileError, EncryptedFileError, ScannedFileError
from gknlp.read.builder import TextBuilder
from gknlp.read.encoding import plausibility
from gknlp.read.pdf_lines import Line, PdfPage, TablePlace, clean_line, mark_furniture, write_pages
from gknlp.read.pdf_tables import Box, find_rulings, find_tables
from gknlp.read.source import Node, Source, warning
from gknlp.types import Failure, Found, Layout

_LINE = re.compile(r"[^\r\n]+")
_INK = re.compile(r"\S")
# A page with fewer characters and a picture over half of it is a scan.
_SCAN_CHARS = 20
_SCAN_SHARE = 0.5
_IMAGE = 3
# A page of statutory tables has some 500 ruling lines drawn piece by piece; far more are a map or a chart.
_MAX_RULINGS = 6_000
# The first of the characters that are one em wide, and the usual height of a line's box in em.
_WIDE_FROM = "\u3001"
_LINE_HEIGHT = 1.15
# A text layer whose ideographs are so rarely common ones has lost its encoding (fonts without a character map).
_READABLE = 0.6
_FACTS = {"Title": "title", "Author": "author", "CreationDate": "created", "Subject": "description"}


@dataclass(slots=True)
class _Scan:
    """What reading has met so far: pages that are pictures or drawings, and whether tables shall be looked for."""

    tables: bool
    pictures: list[int] = field(default_factory=list)
    drawings: list[int] = field(default_factory=list)


def read_pdf(data: bytes, *, tables: bool = True) -> Source:
    """Read a PDF. Soft line ends are joined to paragraphs, ruled tables are grids in their place, pages are kept.

    The text is in the order in which the file draws it. Page numbers and running heads stay in it as furniture. With
    `tables=False` ruled tables are left as lines (for speed, or to compare). EncryptedFileError for a password,
    ScannedFileError without a text layer, DamagedFileError for a truncated file. Cost: linear in the pages.
    Bad at: turned pages whose fonts are not embedded, on a machine without any Chinese font (pdfium then gives no
    characters for them), and two columns of prose drawn line by line.
    """
    import pypdfium2

    if b"%%EOF" not in data[-4096:]:
        raise DamagedFileError(
            f"The PDF ends without its end mark after {len(data)} bytes: it is truncated.", hint="Fetch it again."
        )
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise EncryptedFileError("The PDF asks for a password.", hint="Save it without password.") from error
        raise DamagedFileError(f"The PDF cannot be opened: {error}.", hint="Fetch it again.") from error
    try:
        scan = _Scan(tables)
        pages = [_read_page(document, number, scan) for number in range(len(document))]
        facts = _document_facts(document)
    except pypdfium2.PdfiumError as error:
        raise DamagedFileError(f"A page of the PDF cannot be read: {error}.", hint="Fetch it again.") from error
    finally:
        document.close()
    builder = TextBuilder()
    mark_furniture(pages)
    write_pages(pages, builder)
    text = builder.text()
    _refuse(text, scan, len(pages))
    layout = builder.layout()
    return Source(text, Layout(layout.grids, layout.furniture, (), layout.pages), facts, _warnings(scan, text))


def _read_page(document: Node, number: int, scan: _Scan) -> PdfPage:
    """The lines and ruled tables of one page."""
    page = document[number]
    try:
        width, height = page.get_size()
        result = PdfPage(number + 1, height)
        textpage = page.get_textpage()
        try:
            text = _page_text(textpage)
            if len(text) < _SCAN_CHARS and _is_picture(page, width * height):
                scan.pictures.append(number + 1)
            rulings = find_rulings(page, size=(width, height)) if scan.tables and text else []
            if len(rulings) > _MAX_RULINGS:
                scan.drawings.append(number + 1)
                rulings = []
            turn = _turn(textpage, text)
            tables = find_tables([turn.box(box) for box in rulings]) if len(rulings) > 2 else []
            if turn.quarter % 2:
                result.height = width
            places = [TablePlace(table) for table in tables]
            for match in _LINE.finditer(text):
                if places:
                    _split_line(textpage, match, places, turn, result)
                else:
                    _whole_line(textpage, match, turn, result)
        finally:
            textpage.close()
        return result
    finally:
        page.close()


def _page_text(textpage: Node) -> str:
    """The text of a page, character i of it being character i of the page."""
    import pypdfium2.raw as pdfium

    count = textpage.count_chars()
    text: str = textpage.get_text_range() if count else ""
    if len(text) != count:
        codes = (pdfium.FPDFText_GetUnicode(textpage.raw, n) for n in range(count))
        text = "".join(chr(code) if 0 < code < 0x110000 else "\ufffe" for code in codes)
    return text


@dataclass(frozen=True, slots=True)
class _Turn:
    """By how many quarters (counter-clockwise) a page's text is turned, and how to turn its places back."""

    quarter: int

    def box(self, box: Box) -> Box:
        """A box as it would stand on an upright page."""
        left, bottom, right, top = box
        if self.quarter == 1:
            return bottom, -right, top, -left
        if self.quarter == 2:
            return -right, -top, -left, -bottom
        if self.quarter == 3:
            return -top, left, -bottom, right
        return box


def _turn(textpage: Node, text: str) -> _Turn:
    """How a page's text stands, by the majority of five of its characters; pdfium counts angles clockwise."""
    import pypdfium2.raw as pdfium

    places = (min(len(text) - 1, len(text) * n // 6) for n in range(1, 6))
    inked = [match.start() for place in places if text and (match := _INK.search(text, place))]
    angles = [pdfium.FPDFText_GetCharAngle(textpage.raw, place) for place in inked]
    quarters = Counter(-round(angle / (math.pi / 2)) % 4 for angle in angles if angle >= 0)
    return _Turn(max(sorted(quarters), key=lambda quarter: quarters[quarter]) if quarters else 0)


def _char_box(textpage: Node, index: int, turn: _Turn) -> Box:
    """The place of a character, its font's full height and width (punctuation too)."""
    import pypdfium2.raw as pdfium

    rect = pdfium.FS_RECTF()
    pdfium.FPDFText_GetLooseCharBox(textpage.raw, index, ctypes.byref(rect))
    box = (rect.left, min(rect.bottom, rect.top), rect.right, max(rect.bottom, rect.top))
    return turn.box(box) if turn.quarter else box


def _whole_line(textpage: Node, match: re.Match[str], turn: _Turn, page: PdfPage) -> None:
    """A line that stands in no table, placed by its first and last character."""
    raw = match[0]
    text = clean_line(raw)
    if not text:
        return
    lead = len(raw) - len(raw.lstrip())
    first = _char_box(textpage, match.start() + lead, turn)
    last = _char_box(textpage, match.start() + len(raw.rstrip()) - 1, turn)
    page.items.append(Line(text, first[0], last[2], first[1], _font_size(text, first, last)))


def _font_size(text: str, first: Box, last: Box) -> float:
    """The font size of a line: the width of a Chinese character is one em in any font; its height differs by font."""
    if text[0] >= _WIDE_FROM:
        return first[2] - first[0]
    if text[-1] >= _WIDE_FROM:
        return last[2] - last[0]
    return max(first[3] - first[1], last[3] - last[1]) / _LINE_HEIGHT


def _split_line(textpage: Node, match: re.Match[str], places: list[TablePlace], turn: _Turn, page: PdfPage) -> None:
    """A line of a page with tables: its characters go to the cells they stand in, the rest is a line."""
    rest: list[str] = []
    boxes: list[Box] = []
    touched: set[tuple[int, int]] = set()
    current: tuple[int, int] | None = None
    for offset, character in enumerate(match[0]):
        if _INK.match(character):
            box = _char_box(textpage, match.start() + offset, turn)
            current = _find_cell(places, box)
            if current is None:
                boxes.append(box)
        if current is None:
            rest.append(character)
            continue
        place = places[current[0]]
        if place not in page.items:
            _flush(rest, boxes, page)
            page.items.append(place)
        lines = place.texts.setdefault(current[1], [])
        if current not in touched:
            touched.add(current)
            lines.append("")
        lines[-1] += character
    _flush(rest, boxes, page)


def _flush(rest: list[str], boxes: list[Box], page: PdfPage) -> None:
    """Put the characters of a line that stand in no table on the page."""
    text = clean_line("".join(rest))
    if text and boxes:
        page.items.append(
            Line(text, boxes[0][0], boxes[-1][2], boxes[0][1], _font_size(text, boxes[0], boxes[-1]))
        )
    rest.clear()
    boxes.clear()


def _find_cell(places: list[TablePlace], box: Box) -> tuple[int, int] | None:
    """The table and cell that hold a character's middle."""
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    for number, place in enumerate(places):
        cell = place.table.cell_at(x, y)
        if cell is not None:
            return number, cell
    return None


def _is_picture(page: Node, area: float) -> bool:
    """Whether pictures cover most of a page."""
    covered = 0.0
    for element in page.get_objects(filter=(_IMAGE,), max_depth=3):
        left, bottom, right, top = element.get_bounds()
        covered += max(0.0, right - left) * max(0.0, top - bottom)
    return covered > _SCAN_SHARE * area


def _document_facts(document: Node) -> dict[str, tuple[Found, ...]]:
    """What the document's properties say."""
    values = document.get_metadata_dict(skip_empty=True)
    return {name: (Found(values[key], f"pdf:{key}"),) for key, name in _FACTS.items() if values.get(key, "").strip()}


def _refuse(text: str, scan: _Scan, pages: int) -> None:
    """Raise where the pages give no readable text, saying why."""
    if not text.strip() or (len(scan.pictures) == pages and len(text) < _SCAN_CHARS * pages):
        if scan.pictures:
            raise ScannedFileError(f"The PDF holds pictures of {len(scan.pictures)} pages and no text layer.",
                                   hint="Run OCR on it (for example ocrmypdf -l chi_sim) and read the result.")
        raise EmptyFileError("The PDF holds no text.", hint="Fetch it again, or run OCR if its pages show text.")
    if plausibility(text[:20_000]) < _READABLE:
        raise DamagedFileError("The PDF's text layer has no readable encoding (its fonts lack a character map).",
                               hint="Run OCR on it (for example ocrmypdf --force-ocr -l chi_sim) and read the result.")


def _warnings(scan: _Scan, text: str) -> tuple[Failure, ...]:
    """Notes on what could not be read of a file that was."""
    notes: list[Failure] = []
    if scan.pictures and text:
        pages = ", ".join(map(str, scan.pictures[:10]))
        notes.append(warning("ScannedPages", f"Pages {pages} are pictures without text and were not read.",
                             "Run OCR on these pages if they belong to the report."))
    if scan.drawings:
        pages = ", ".join(map(str, scan.drawings[:10]))
        notes.append(warning("DrawnPages", f"Pages {pages} hold so many lines that no tables were looked for on them.",
                             "If a statutory table stands there, read the report from .docx or .html."))
    return tuple(notes)

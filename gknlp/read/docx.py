"""Word documents (.docx): paragraphs and tables in order, automatic numbers, text boxes, tracked changes, footnotes."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from gknlp.errors import EmptyFileError, ScannedFileError, UnsupportedFormatError
from gknlp.read.builder import RawCell, TextBuilder, join_lines
from gknlp.read.docx_numbering import Numbering, W, read_numbering
from gknlp.read.docx_parts import open_parts
from gknlp.read.html_tables import PROSE_CELL
from gknlp.read.hygiene import drop_invisible
from gknlp.read.source import Node, Source, warning
from gknlp.types import Failure, Found, HeadingHint, Page

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_CORE = {
    "{http://purl.org/dc/elements/1.1/}title": "title", "{http://purl.org/dc/elements/1.1/}creator": "author",
    "{http://purl.org/dc/elements/1.1/}subject": "description",
    "{http://purl.org/dc/terms/}created": "created", "{http://purl.org/dc/terms/}modified": "modified",
}
# How breaks stand in a paragraph's text until it is placed: line end, page break, page end that Word noted.
_BREAK, _PAGE, _SOFT = "\n", "\f", "\x1e"
# A table with prose in a cell and fewer cells than that places text on the page.
_DATA_CELLS = 24
_SKIPPED = frozenset(f"{W}{name}" for name in (
    "del", "moveFrom", "delText", "instrText", "pPr", "rPr", "sectPr", "tblPr", "tblGrid", "commentRangeStart",
    "commentReference", "footnotePr", "proofErr", "bookmarkStart", "bookmarkEnd", "sdtPr", "sdtEndPr", "fldData",
)) | {f"{_MC}Fallback"}
_HEADING_NAME = re.compile(r"^(?:heading|标题|Heading)\s*([1-9])$|^(Title|title|标题)$")
_CORE_KEPT = ("title", "author", "description", "created", "modified")


@dataclass(slots=True)
class Word:
    """A document while it is read: its lists and styles, the text so far, and what was met on the way."""

    numbering: Numbering
    styles: dict[str, tuple[str | None, str | None, str | None, int | None]]
    builder: TextBuilder = field(default_factory=TextBuilder)
    page_starts: list[int] = field(default_factory=lambda: [0])
    footnotes: list[str] = field(default_factory=list)
    met: Counter[str] = field(default_factory=Counter)
    boxes: list[Node] = field(default_factory=list)


def read_docx(data: bytes) -> Source:
    """Read a .docx. One line per paragraph, tables as grids where they stand, automatic numbers written out.

    Text boxes follow the paragraph they hang on, footnotes stand at the end. Tracked insertions are kept, deletions
    and hidden text left out with a warning; headers and footers are not in the text. Heading styles become hints, page
    breaks (also those that Word noted when it last saved) pages. DamagedFileError for what is no whole document.
    """
    parts = open_parts(data)
    body = parts["document"]
    word = Word(read_numbering(parts["numbering"], parts["styles"]), _read_styles(parts["styles"]))
    for note in body.iter(f"{W}footnoteReference", f"{W}endnoteReference"):
        kind = "footnotes" if note.tag.endswith("footnoteReference") else "endnotes"
        text = _note_text(parts[kind], note.get(f"{W}id"))
        if text:
            word.footnotes.append(text)
    _read_blocks(word, body)
    for text in word.footnotes:
        word.builder.add_line(text)
    text = word.builder.text()
    if not text.strip():
        if word.met["picture"]:
            raise ScannedFileError("The document holds pictures and no text.", hint="Run OCR and read its output.")
        if word.met["chunk"]:
            raise UnsupportedFormatError("The document holds its text as an embedded web page.",
                                         hint="Open it in Word or WPS and save it again as .docx.")
        raise EmptyFileError("The document holds no text.", hint="Fetch it again from its source.")
    _close_pages(word)
    return Source(text, word.builder.layout(), _core_facts(parts["core"]), _warnings(word))


def _read_styles(styles: Node | None) -> dict[str, tuple[str | None, str | None, str | None, int | None]]:
    """Per style: its name, the style it is based on, and the list and level it numbers its paragraphs by."""
    found: dict[str, tuple[str | None, str | None, str | None, int | None]] = {}
    for style in styles.iter(f"{W}style") if styles is not None else ():
        def value(path: str, style: Node = style) -> str | None:
            child = style.find(path)
            return None if child is None else child.get(f"{W}val")

        depth = value(f"{W}pPr/{W}numPr/{W}ilvl")
        found[style.get(f"{W}styleId", "")] = (
            value(f"{W}name"), value(f"{W}basedOn"), value(f"{W}pPr/{W}numPr/{W}numId"),
            int(depth) if depth and depth.isdigit() else None,
        )
    return found


def _read_blocks(word: Word, parent: Node) -> None:
    """Paragraphs and tables under an element, in order; wrappers (content controls, insertions) are looked into."""
    for child in parent:
        if child.tag == f"{W}p":
            _read_paragraph(word, child)
        elif child.tag == f"{W}tbl":
            _read_table(word, child)
        elif child.tag == f"{W}altChunk":
            word.met["chunk"] += 1
        elif child.tag in _SKIPPED:
            word.met["deleted"] += child.tag in (f"{W}del", f"{W}moveFrom")
        elif isinstance(child.tag, str):
            _read_blocks(word, child)


def _read_paragraph(word: Word, paragraph: Node) -> None:
    """One paragraph as a line, with its automatic number; its text boxes follow it."""
    level, source = _heading(word, paragraph)
    text = _paragraph_text(word, paragraph)
    number = _number(word, paragraph) if text.strip() else ""
    boxes, word.boxes = word.boxes, []
    for order, piece in enumerate(text.split(_PAGE)):
        if order:
            _begin_page(word)
        for line in piece.split(_BREAK):
            if not line.strip(" \u3000" + _SOFT):
                if _SOFT in line:
                    _begin_page(word)
                continue
            start = word.builder.length
            word.builder.add(number)
            for part, run in enumerate(drop_invisible(line).strip().split(_SOFT)):
                if part:
                    _begin_page(word)
                word.builder.add(run)
            if level is not None:
                word.builder.headings.append(HeadingHint(start, word.builder.length, level, source))
            number = ""
            word.builder.add("\n")
    for box in boxes:
        _read_blocks(word, box)


def _begin_page(word: Word) -> None:
    """A page begins here, unless one has just begun."""
    if word.builder.length > word.page_starts[-1]:
        word.page_starts.append(word.builder.length)


def _paragraph_text(word: Word, element: Node) -> str:
    """The running text under an element; line ends as `\\n`, page breaks as form feeds, text boxes set aside."""
    pieces: list[str] = []
    stack = [iter(element)]
    while stack:
        child = next(stack[-1], None)
        if child is None:
            stack.pop()
            continue
        tag = child.tag
        if not isinstance(tag, str) or tag in _SKIPPED:
            word.met["deleted"] += tag in (f"{W}del", f"{W}moveFrom")
            continue
        if tag == f"{W}txbxContent":
            word.boxes.append(child)
        elif tag == f"{W}r" and _vanished(child):
            word.met["hidden"] += bool("".join(child.itertext(f"{W}t")).strip())
        elif tag == f"{W}t":
            pieces.append(child.text or "")
        else:
            pieces.append(_special(word, child, tag))
            stack.append(iter(child))
    return "".join(pieces)


def _special(word: Word, element: Node, tag: str) -> str:
    """The text that an element other than `w:t` stands for; pictures and objects are counted."""
    if tag == f"{W}br":
        return _PAGE if element.get(f"{W}type") == "page" else _BREAK
    if tag == f"{W}lastRenderedPageBreak":
        return _SOFT
    if tag in (f"{W}tab", f"{W}ptab"):
        return " "
    if tag == f"{W}cr":
        return _BREAK
    if tag == f"{W}noBreakHyphen":
        return "-"
    if tag == f"{W}sym":
        code = element.get(f"{W}char", "")
        return chr(int(code, 16)) if re.fullmatch(r"[0-9A-Fa-f]{4}", code) else ""
    if tag in (f"{W}drawing", f"{W}pict"):
        word.met["picture"] += 1
    elif tag == f"{W}object":
        word.met["object"] += 1
    elif tag == f"{W}ins":
        word.met["inserted"] += 1
    return ""


def _vanished(run: Node) -> bool:
    """Whether a run is set as hidden text."""
    vanish = run.find(f"{W}rPr/{W}vanish")
    return vanish is not None and vanish.get(f"{W}val", "1") not in ("0", "false", "off")


def _style_chain(word: Word, paragraph: Node) -> list[str]:
    """The ids of the paragraph's style and of those it is based on."""
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    name = style.get(f"{W}val") if style is not None else None
    chain: list[str] = []
    while name and name in word.styles and name not in chain:
        chain.append(name)
        name = word.styles[name][1]
    return chain


def _heading(word: Word, paragraph: Node) -> tuple[int | None, str]:
    """The heading level that the paragraph's style or outline level gives it, with its source."""
    for style in _style_chain(word, paragraph):
        name = word.styles[style][0] or style
        match = _HEADING_NAME.match(name)
        if match:
            return int(match[1] or 1), f"docx:Heading {match[1]}" if match[1] else "docx:Title"
    outline = paragraph.find(f"{W}pPr/{W}outlineLvl")
    value = outline.get(f"{W}val", "9") if outline is not None else "9"
    return (int(value) + 1, "docx:outline") if value.isdigit() and int(value) < 9 else (None, "")


def _number(word: Word, paragraph: Node) -> str:
    """The automatic number of a paragraph, from itself or its style; empty where it has none."""
    own = paragraph.find(f"{W}pPr/{W}numPr")
    list_id = depth = None
    if own is not None:
        number, level = own.find(f"{W}numId"), own.find(f"{W}ilvl")
        list_id = number.get(f"{W}val") if number is not None else None
        depth = level.get(f"{W}val") if level is not None else None
        if list_id == "0":
            return ""
    chain = _style_chain(word, paragraph)
    for style in chain:
        _, _, style_list, style_depth = word.styles[style]
        if list_id is None and style_list:
            list_id = style_list
            if depth is None and style_depth is not None:
                depth = str(style_depth)
        if list_id is not None and depth is None and style in word.numbering.style_levels:
            depth = str(word.numbering.style_levels[style][1])
    if not list_id or list_id == "0":
        return ""
    return word.numbering.label(list_id, int(depth) if depth and depth.isdigit() else 0)


def _read_table(word: Word, table: Node) -> None:
    """A table as a grid; one that only frames prose (a single cell, or tables inside it) is read as paragraphs."""
    rows = [row for row in table.iter(f"{W}tr") if _owner(row, f"{W}tbl") is table]
    cells = [[cell for cell in row.iter(f"{W}tc") if _owner(cell, f"{W}tr") is row] for row in rows]
    nested = next((True for row in cells for cell in row if next(cell.iter(f"{W}tbl"), None) is not None), False)
    lengths = [len("".join(t.text or "" for t in cell.iter(f"{W}t"))) for row in cells for cell in row]
    prose = max(lengths, default=0) >= PROSE_CELL and len(lengths) < _DATA_CELLS
    if nested or prose or max(map(len, cells), default=0) < 2:
        for row in cells:
            for cell in row:
                _read_blocks(word, cell)
        return
    word.builder.add_table(_raw_rows(word, rows, cells))
    boxes, word.boxes = word.boxes, []
    for box in boxes:
        _read_blocks(word, box)


def _owner(element: Node, tag: str) -> Node | None:
    """The nearest ancestor with a tag."""
    return next(element.iterancestors(tag), None)


def _raw_rows(word: Word, rows: list[Node], cells: list[list[Node]]) -> list[list[RawCell]]:
    """The cells with their grid columns; what `vMerge` continues is added to the cell above it."""
    found: list[list[RawCell]] = []
    above: dict[int, RawCell] = {}
    for row, members in zip(rows, cells, strict=True):
        column = _int_value(row.find(f"{W}trPr/{W}gridBefore"), 0)
        found.append([])
        below: dict[int, RawCell] = {}
        for cell in members:
            span = max(1, _int_value(cell.find(f"{W}tcPr/{W}gridSpan"), 1))
            merge = cell.find(f"{W}tcPr/{W}vMerge")
            text = _cell_text(word, cell)
            if merge is not None and merge.get(f"{W}val", "continue") != "restart" and column in above:
                raw = above[column]
                raw.rowspan += 1
                raw.text = join_lines([raw.text, text])
            else:
                raw = RawCell(text, 1, span, column)
                found[-1].append(raw)
            if merge is not None:
                below[column] = raw
            column += span
        above = below
    return found


def _int_value(element: Node | None, default: int) -> int:
    """The `w:val` of an element as a number."""
    value = element.get(f"{W}val", "") if element is not None else ""
    return int(value) if value.isdigit() else default


def _cell_text(word: Word, cell: Node) -> str:
    """The text of a cell on one line, its paragraphs' numbers included."""
    lines: list[str] = []
    for paragraph in cell.iter(f"{W}p"):
        if any(parent.tag in (f"{W}txbxContent", f"{_MC}Fallback") for parent in paragraph.iterancestors()):
            continue
        text = _paragraph_text(word, paragraph)
        if _PAGE in text or _SOFT in text:
            _begin_page(word)
        number = _number(word, paragraph) if text.strip() or _counts_alone(paragraph) else ""
        pieces = [drop_invisible(piece).strip() for piece in re.split(r"[\n\f]", text.replace(_SOFT, ""))]
        lines += [number + pieces[0], *pieces[1:]]
    return join_lines([line for line in lines if line.strip()])


def _counts_alone(paragraph: Node) -> bool:
    """Whether an empty paragraph of a cell shows only its automatic number (a column 序号)."""
    return paragraph.find(f"{W}pPr/{W}numPr") is not None


def _note_text(notes: Node | None, number: str | None) -> str:
    """The text of a footnote or endnote, with its number."""
    for note in notes.iter(f"{W}footnote", f"{W}endnote") if notes is not None else ():
        if note.get(f"{W}id") == number and note.get(f"{W}type", "normal") == "normal":
            text = "".join(node.text or "" for node in note.iter(f"{W}t")).strip()
            return f"[{number}] {text}" if text else ""
    return ""


def _close_pages(word: Word) -> None:
    """Pages from the breaks met; none where no break was."""
    starts = [start for start in word.page_starts if start < word.builder.length]
    if len(starts) > 1:
        ends = [*starts[1:], word.builder.length]
        word.builder.pages = [Page(n, a, b) for n, (a, b) in enumerate(zip(starts, ends, strict=True), 1)]


def _core_facts(core: Node | None) -> dict[str, tuple[Found, ...]]:
    """The document's core properties that say who, what and when."""
    facts: dict[str, tuple[Found, ...]] = {}
    for element in core.iter() if core is not None else ():
        name = _CORE.get(element.tag) if isinstance(element.tag, str) else None
        if name in _CORE_KEPT and name is not None and (element.text or "").strip():
            facts[name] = (Found(element.text.strip(), f"docx:core {name}"),)
    return facts


def _warnings(word: Word) -> tuple[Failure, ...]:
    """What was left out, counted."""
    texts = (
        ("deleted", "TrackedChanges", "tracked deletions are left out, insertions are kept",
         "Accept or reject all changes and save the document again."),
        ("hidden", "HiddenText", "runs of hidden text are left out", "Show hidden text in Word and check it."),
        ("chunk", "EmbeddedFile", "embedded files were not read", "Open the document in Word and save it again."),
        ("object", "EmbeddedObject", "embedded objects (a spreadsheet, a formula) were not read",
         "If one holds a statutory table, turn it into a Word table."),
    )
    return tuple(warning(error, f"{word.met[key]} {what}.", hint) for key, error, what, hint in texts if word.met[key])

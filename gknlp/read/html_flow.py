"""The walk through an HTML page: blocks to lines, tables to grids, and what the tags tell about furniture."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from gknlp.read.builder import TextBuilder, collapse
from gknlp.read.html_tables import hidden, is_grid, read_rows, split_prose_rows
from gknlp.read.source import Node
from gknlp.types import Furniture, HeadingHint

# Elements that begin and end a line; all others, the unknown ones of site systems included, run on inside it.
_BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dir", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html",
    "legend", "li", "main", "menu", "nav", "ol", "option", "p", "pre", "section", "select", "summary", "table", "tbody",
    "td", "tfoot", "th", "thead", "title", "tr", "ucapcontent", "ul", "button",
))
_SILENT = frozenset((
    "script", "style", "noscript", "template", "head", "object", "embed", "applet", "audio", "video", "canvas", "svg",
    "rt", "rp", "iframe", "frameset", "map", "textarea", "xmp", "xml",
))
_FURNITURE_TAGS = {"nav": "html:nav", "footer": "html:footer", "aside": "html:aside", "header": "html:header",
                   "select": "html:select", "button": "html:button"}
_CONTAINERS = frozenset(("div", "ul", "ol", "dl", "td", "table", "section", "form", "article", "center",
                         "fieldset", "p", "body", "main", "ucapcontent", *_FURNITURE_TAGS))
# Names that site systems give to what is not the article; they must stand as words of a class or id.
_FURNITURE_NAME = re.compile(
    r"(?:^|[\s_-])(?:nav|navi|navbar|navigation|menu|breadcrumbs?|crumbs?|footer|foot|copyright|share|bdshare\w*|"
    r"sidebar|toolbar|pagination|pager|friendlinks?|login|topbar|dqwz|weizhi|curpos|pos_?nav|local_?nav|xgxx|"
    r"related|bshare\w*|print|fontsize|ewm|qrcode)(?:$|[\s_\d-])", re.I,
)
_HEADING_LEVEL = {f"h{level}": level for level in range(1, 7)}
# A line is prose if a reader would take it for a sentence: that many characters and a comma or full stop.
_PROSE = 25
_PART_HEADING = re.compile(r"^(?:第?[一二三四五六七八九十]{1,2}[、．.部]|[（(][一二三四五六七八九十]{1,2}[）)])")
_SITE_LINE = re.compile(
    r"版权|ICP|备案|主办|承办|建议使用|浏览器|分辨率|标识码|技术支持|copyright|浏览次数|违法和不良", re.I
)
# A menu: that many links holding that share of a block's characters.
_MENU_LINKS = 3
_MENU_SHARE = 0.6


@dataclass(slots=True)
class Block:
    """A container while it is open, and its span once it is closed; `prose` counts characters of prose in it."""

    start: int
    prose: int
    links: int
    link_chars: int
    stops: int
    reason: str | None
    end: int = 0


@dataclass(slots=True)
class Flow:
    """What the walk knows: the text so far, the open line, and running counts that blocks compare at their two ends."""

    builder: TextBuilder = field(default_factory=TextBuilder)
    line: list[str] = field(default_factory=list)
    aside: list[str] = field(default_factory=list)
    prose: int = 0
    hidden_prose: int = 0
    hidden_depth: int = 0
    links: int = 0
    link_depth: int = 0
    link_chars: int = 0
    stops: int = 0
    closed: list[Block] = field(default_factory=list)
    opened: list[tuple[Node, Block, bool]] = field(default_factory=list)
    preformatted: int = 0
    may_hide: bool = True

    def end_line(self) -> tuple[int, int]:
        """Close the open line, if it holds anything, and put hidden words of it behind it as furniture."""
        span = (self.builder.length, self.builder.length)
        if self.line:
            text = collapse("".join(self.line))
            self.line.clear()
            if text:
                span = self.builder.add_line(text)
                self.count(text)
        if self.aside:
            for words in self.aside:
                start, end = self.builder.add_line(words)
                self.builder.furniture.append(Furniture(start, end + 1, "html:hidden"))
            self.aside.clear()
        return span

    def count(self, text: str) -> None:
        """Count a finished line towards prose, unless it is the site's or a link's."""
        self.stops += text.count("。")
        sentence = len(text) >= _PROSE and ("。" in text or "，" in text or "," in text)
        part = len(text) < 60 and self.link_depth == 0 and _PART_HEADING.match(text)
        if (sentence and not (len(text) < 200 and _SITE_LINE.search(text))) or part:
            if self.hidden_depth:
                self.hidden_prose += len(text)
            else:
                self.prose += len(text)

    def open_block(self, reason: str | None) -> Block:
        """A block that begins here."""
        return Block(self.builder.length, self.prose, self.links, self.link_chars, self.stops, reason)

    def close_block(self, block: Block) -> None:
        """End a block: furniture where its tag, name or links say so and no prose speaks against it."""
        block.end = self.builder.length
        length = block.end - block.start
        if not length:
            return
        links, stops = self.links - block.links, self.stops - block.stops
        linked = self.link_chars - block.link_chars
        block.prose = self.prose - block.prose
        menu = links >= _MENU_LINKS and linked >= _MENU_SHARE * length and stops == 0
        if menu:
            self.builder.furniture.append(Furniture(block.start, block.end, "html:links"))
        elif block.reason and stops <= 1 and block.prose == 0:
            self.builder.furniture.append(Furniture(block.start, block.end, block.reason))
        self.closed.append(block)


def walk_page(root: Node, *, may_hide: bool = True) -> Flow:
    """Walk an lxml tree once and flow its text: a line per block, tables as grids, hidden text as furniture.

    Layout tables are flowed cell by cell. Scripts, styles, frames and form fields give no text. Works without
    recursion, so no depth of nesting breaks it. `may_hide=False` saves the search for hidden elements where the page
    is known to have none. Cost: linear in the page.
    """
    from lxml import etree

    flow = Flow(may_hide=may_hide)
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        if event == "start":
            if tag in _SILENT or not isinstance(tag, str):
                walk.skip_subtree()
            elif tag == "br":
                flow.end_line()
            elif (may_hide or tag in _BLOCKS or tag == "a") and not _begin(flow, element):
                walk.skip_subtree()
            else:
                text = element.text
                if text:
                    _inline(flow, text)
        else:
            if tag == "a":
                flow.link_depth -= 1
            elif tag in _BLOCKS or (flow.opened and flow.opened[-1][0] is element):
                _finish(flow, element, tag)
            text = element.tail
            if text and element is not root:
                _inline(flow, text)
    flow.end_line()
    return flow


def _begin(flow: Flow, element: Node) -> bool:
    """Begin an element; False where its text is done with (a data table, hidden words) and the walk shall skip it."""
    tag = element.tag
    if tag == "a":
        flow.links += element.get("href") is not None or element.get("onclick") is not None
        flow.link_depth += 1
        return True
    block = tag in _BLOCKS
    if flow.may_hide and hidden(element) and tag not in ("body", "html"):
        if _set_aside(flow, element):
            return False
        flow.opened.append((element, flow.open_block(None), True))
        flow.hidden_depth += 1
    elif block and tag == "table" and _table(flow, element):
        return False
    elif block:
        flow.end_line()
        flow.preformatted += tag == "pre"
        if tag in _CONTAINERS:
            flow.opened.append((element, flow.open_block(_furniture_reason(element, tag)), False))
    return True


def _finish(flow: Flow, element: Node, tag: str) -> None:
    """End a block or a hidden element: its last line, its heading hint, its furniture."""
    span = flow.end_line()
    if tag in _HEADING_LEVEL and span[1] > span[0]:
        flow.builder.headings.append(HeadingHint(*span, _HEADING_LEVEL[tag], f"html:{tag}"))
    flow.preformatted -= tag == "pre"
    if not (flow.opened and flow.opened[-1][0] is element):
        return
    _, block, was_hidden = flow.opened.pop()
    if not was_hidden:
        flow.close_block(block)
        return
    flow.hidden_depth -= 1
    if flow.builder.length > block.start:
        flow.builder.furniture.append(Furniture(block.start, flow.builder.length, "html:hidden"))


def _inline(flow: Flow, text: str) -> None:
    """Add running text to the open line; in `<pre>` every line end counts."""
    if flow.link_depth:
        flow.link_chars += len(text.strip())
    if not flow.preformatted:
        flow.line.append(text)
        return
    first, *rest = text.split("\n")
    flow.line.append(first)
    for line in rest:
        flow.end_line()
        flow.line.append(line)


def _furniture_reason(element: Node, tag: str) -> str | None:
    """Why the element's tag, class or id makes it furniture, if it holds no prose; None for plain content."""
    reason = _FURNITURE_TAGS.get(tag)
    if reason or tag == "p":
        return reason
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    found = _FURNITURE_NAME.search(names) if len(names) > 1 else None
    return f"html:{found[0].strip(' _-').lower()}" if found else None


def _set_aside(flow: Flow, element: Node) -> bool:
    """Set hidden words inside a line aside, so that they do not part its sentence; False for a hidden block."""
    if element.tag in _BLOCKS or any(child.tag in _BLOCKS for child in element.iterdescendants()):
        flow.end_line()
        return False
    words = collapse("".join(element.itertext()))
    if words:
        flow.aside.append(words)
    return True


def _table(flow: Flow, table: Node) -> bool:
    """Put a data table into the text as a grid; False for a layout table, which the walk then flows."""
    if next(table.iterdescendants("table"), None) is not None:
        return False
    rows = read_rows(table, may_hide=flow.may_hide)
    if not is_grid(rows):
        return False
    flow.end_line()
    block = flow.open_block(None)
    for part in split_prose_rows(rows):
        if isinstance(part, str):
            for line in part.split("\n"):
                flow.builder.add_line(line)
                flow.count(line)
        else:
            flow.builder.add_table(part)
            if len(part) >= 3 and sum(cell.text.isdigit() for row in part for cell in row) >= 3:
                flow.prose += 1
    flow.closed.append(block)
    block.end = flow.builder.length
    block.prose = flow.prose - block.prose
    return True

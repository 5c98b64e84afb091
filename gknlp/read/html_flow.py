"""The walk through an HTML page: blocks to lines, tables to grids, and what the tags tell about furniture."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeAlias

from gknlp.read.builder import RawCell, TextBuilder, collapse
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
# How the walk treats an element; one that is not listed runs on inside its line.
_INLINE, _BLOCK, _BREAK, _SKIP, _LINK = range(5)
_KIND = {**dict.fromkeys(_BLOCKS, _BLOCK), **dict.fromkeys(_SILENT, _SKIP), "br": _BREAK, "a": _LINK}
_HEADING_LEVEL = {f"h{level}": level for level in range(1, 7)}
# A line is prose if a reader would take it for a sentence: that many characters and a comma or full stop.
_PROSE = 25
_PART_BEGINS = frozenset("第一二三四五六七八九十（(")
_PART_HEADING = re.compile(r"^(?:第?[一二三四五六七八九十]{1,2}[、．.部]|[（(][一二三四五六七八九十]{1,2}[）)])")
# Words of the site's own lines, in lower case.
_SITE_WORDS = ("版权", "icp", "备案", "主办", "承办", "建议使用", "浏览器", "分辨率", "标识码", "技术支持", "copyright",
               "浏览次数", "违法和不良")
# A menu: that many links holding that share of a block's characters.
_MENU_LINKS = 3
_MENU_SHARE = 0.6


@dataclass(slots=True)
class Block:
    """The span of a closed container that holds prose; `prose` counts its characters of prose."""

    start: int
    end: int
    prose: int


# An open element: itself, whether it is hidden, where it began, the running counts there, its reason as furniture.
Opened: TypeAlias = tuple[Node, bool, int, int, int, int, int, str | None]


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
    opened: list[Opened] = field(default_factory=list)
    preformatted: int = 0
    may_hide: bool = True

    def end_line(self) -> tuple[int, int]:
        """Close the open line, if it holds anything, and put hidden words of it behind it as furniture."""
        builder = self.builder
        start = end = builder.length
        line = self.line
        if line:
            text = line[0] if len(line) == 1 else "".join(line)
            line.clear()
            text = collapse(text) if "\n" in text else " ".join(text.split())
            if text:
                end = start + len(text)
                builder.parts.append(text + "\n")
                builder.length = end + 1
                self.count(text)
        if self.aside:
            for words in self.aside:
                begin, stop = builder.add_line(words)
                builder.furniture.append(Furniture(begin, stop + 1, "html:hidden"))
            self.aside.clear()
        return start, end

    def count(self, text: str) -> None:
        """Count a finished line towards prose, unless it is the site's or a link's."""
        length = len(text)
        stops = text.count("。")
        self.stops += stops
        sentence = length >= _PROSE and (stops or "，" in text or "," in text)
        if not (sentence and (length >= 200 or not _of_site(text))) and not (
            length < 60 and text[:1] in _PART_BEGINS and self.link_depth == 0 and _PART_HEADING.match(text)
        ):
            return
        if self.hidden_depth:
            self.hidden_prose += length
        else:
            self.prose += length

    def open(self, element: Node, hides: bool, reason: str | None) -> None:
        """Note that an element begins here."""
        self.opened.append((element, hides, self.builder.length, self.prose, self.links, self.link_chars, self.stops,
                            reason))

    def close(self) -> None:
        """End the innermost open element: furniture where it hides itself, or its tag, name or links say so and no
        prose speaks against it.
        """
        _, hides, start, prose, links, link_chars, stops, reason = self.opened.pop()
        end = self.builder.length
        self.hidden_depth -= hides
        if end == start:
            return
        if hides:
            self.builder.furniture.append(Furniture(start, end, "html:hidden"))
            return
        prose, stops = self.prose - prose, self.stops - stops
        if (
            self.links - links >= _MENU_LINKS and stops == 0
            and self.link_chars - link_chars >= _MENU_SHARE * (end - start)
        ):
            self.builder.furniture.append(Furniture(start, end, "html:links"))
        elif reason and stops <= 1 and prose == 0:
            self.builder.furniture.append(Furniture(start, end, reason))
        if prose:
            self.closed.append(Block(start, end, prose))


def _of_site(text: str) -> bool:
    """Whether a line holds words of the site's own lines."""
    lower = text.lower()
    return any(word in lower for word in _SITE_WORDS)


def walk_page(root: Node, *, may_hide: bool = True) -> Flow:
    """Walk an lxml tree once and flow its text: a line per block, tables as grids, hidden text as furniture.

    Layout tables are flowed cell by cell. Scripts, styles, frames and form fields give no text. Works without
    recursion, so no depth of nesting breaks it. `may_hide=False` saves the search for hidden elements where the page
    is known to have none. Cost: linear in the page.
    """
    from lxml import etree

    flow = Flow(may_hide=may_hide)
    opened = flow.opened
    add_text = flow.line.append
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        kind = _KIND.get(tag, _INLINE)
        if event == "start":
            if kind == _SKIP:
                walk.skip_subtree()
                continue
            if kind == _BREAK:
                flow.end_line()
                continue
            if (kind or may_hide) and not _begin(flow, element, tag, kind):
                walk.skip_subtree()
                continue
            text = element.text
        else:
            if kind == _LINK:
                flow.link_depth -= 1
            elif kind == _BLOCK or (may_hide and opened and opened[-1][0] is element):
                _finish(flow, element, tag)
            text = element.tail if element is not root else None
        if text:
            if flow.link_depth or flow.preformatted:
                _inline(flow, text)
            else:
                add_text(text)
    flow.end_line()
    return flow


def _begin(flow: Flow, element: Node, tag: str, kind: int) -> bool:
    """Begin an element; False where its text is done with (a data table, hidden words) and the walk shall skip it."""
    if kind == _LINK:
        flow.links += element.get("href") is not None or element.get("onclick") is not None
        flow.link_depth += 1
        return True
    if flow.may_hide and hidden(element) and tag not in ("body", "html"):
        if _set_aside(flow, element):
            return False
        flow.open(element, True, None)
        flow.hidden_depth += 1
    elif kind == _BLOCK:
        if tag == "table" and _table(flow, element):
            return False
        if flow.line or flow.aside:
            flow.end_line()
        flow.preformatted += tag == "pre"
        if tag in _CONTAINERS:
            flow.open(element, False, None if tag == "p" else _furniture_reason(element, tag))
    return True


def _finish(flow: Flow, element: Node, tag: str) -> None:
    """End a block or a hidden element: its last line, its heading hint, its furniture."""
    if flow.line or flow.aside:
        start, end = flow.end_line()
        if tag in _HEADING_LEVEL and end > start:
            flow.builder.headings.append(HeadingHint(start, end, _HEADING_LEVEL[tag], f"html:{tag}"))
    flow.preformatted -= tag == "pre"
    if flow.opened and flow.opened[-1][0] is element:
        flow.close()


def _inline(flow: Flow, text: str) -> None:
    """Add text of a link or of `<pre>`, where every line end counts, to the open line."""
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
    if reason:
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


def _has_numbers(rows: list[list[RawCell]]) -> bool:
    """Whether three cells or more are bare numbers."""
    numbers = (cell for row in rows for cell in row if cell.text.isdigit())
    return len(tuple(islice(numbers, 3))) == 3


def _table(flow: Flow, table: Node) -> bool:
    """Put a data table into the text as a grid; False for a layout table, which the walk then flows."""
    if next(table.iterdescendants("table"), None) is not None:
        return False
    rows = read_rows(table, may_hide=flow.may_hide)
    if not is_grid(rows):
        return False
    flow.end_line()
    start, prose = flow.builder.length, flow.prose
    for part in split_prose_rows(rows):
        if isinstance(part, str):
            for line in part.split("\n"):
                flow.builder.add_line(line)
                flow.count(line)
        else:
            flow.builder.add_table(part)
            if len(part) >= 3 and _has_numbers(part):
                flow.prose += 1
    if flow.prose > prose:
        flow.closed.append(Block(start, flow.builder.length, flow.prose - prose))
    return True

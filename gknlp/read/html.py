"""Saved web pages: the text in reading order, tables as grids, and what is the site's and not the report's."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping

from gknlp.errors import DamagedFileError, EmptyFileError, ScannedFileError
from gknlp.read.encoding import decode
from gknlp.read.head import read_head
from gknlp.read.html_content import outside_content, second_copies
from gknlp.read.html_flow import Flow, walk_page
from gknlp.read.html_scripts import text_in_scripts
from gknlp.read.hygiene import drop_invisible, replace_unreadable
from gknlp.read.source import Node, Source, warning
from gknlp.types import Failure, Found, Layout

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]+)", re.I)
# A page declares its encoding in its first bytes or not at all (HTML asks for the first 1,024).
_DECLARES = 4096
# The names of the government sites' metadata standard (国办发〔2017〕47号 and its forerunners) and what they mean here.
_META = {
    "articletitle": "title", "og:title": "title", "dc.title": "title", "pubdate": "published",
    "publishdate": "published", "dc.date": "published", "article:published_time": "published", "pubtime": "published",
    "contentsource": "publisher", "source": "publisher", "author": "publisher", "dc.publisher": "publisher",
    "sitename": "site", "og:site_name": "site", "columnname": "column", "url": "url", "og:url": "url",
    "description": "description", "keywords": "keywords",
}
_ELEMENTS = {"ucaptitle": "title", "publishtime": "published"}
_INVISIBLE_ENTITY = re.compile(r"&(?:#(?:820[3-7]|823[4-8]|829[0-2]|65279|173)|zwn?j|shy);", re.I)
# What a page that hides anything by its own attributes must contain, in lower case; most saved report bodies do not.
_HIDERS = (b"display:none", b"hidden", b":-")
_NESTING = re.compile(r"</?(?:div|font|span|b|i|u|em|strong|center|o:p|section|blockquote)\b[^<>]*>", re.I)
# Less prose than that on a page is no report; what scripts or hidden blocks hold is then looked at.
_LITTLE = 200


def read_html(data: bytes, *, declared: str | None = None) -> Source:
    """Read a saved HTML page. One line per block, white space as a browser shows it, tables as grids.

    Menus, hidden blocks, footers and the second of two copies of one text are furniture of the layout. A page whose
    text stands only in scripts or hidden blocks is read from there, with a warning. EmptyFileError for a page without
    text (frames are named), ScannedFileError for one of pictures. Cost: linear, about four
    bare lxml parses for a saved page, eight for a short one that is mostly tables.
    """
    at = data[:_DECLARES].lower().find(b"charset")
    match = _CHARSET.search(data, at, _DECLARES) if at >= 0 else None
    decoded = decode(data, declared=declared or (match[1].decode("ascii") if match else None))
    page, unreadable = replace_unreadable(_visible(decoded.text))
    raw = page.encode("utf-8", "replace")
    root = _parse(raw)
    flow = walk_page(root, may_hide=_may_hide(raw))
    warnings = [*decoded.warnings, *unreadable, *_cut_off(page)]
    if flow.prose < _LITTLE:
        flow, more = _search_elsewhere(root, flow, page)
        warnings += more
    return _finish(root, flow, tuple(warnings))


def read_fragment(page: str) -> Source:
    """Read a piece of HTML that stands inside another file (a Markdown table, a script); no facts, no warnings."""
    flow = walk_page(_parse(_visible(page).encode("utf-8", "replace")))
    return Source(flow.builder.text(), flow.builder.layout())


def _may_hide(page: bytes) -> bool:
    """Whether the page can hold elements that hide themselves; False saves looking at every element."""
    compact = page.lower().translate(None, b" \t\r\n")
    return any(hider in compact for hider in _HIDERS)


def _visible(page: str) -> str:
    """The page without zero-width characters, whether written as such or as entities."""
    return _INVISIBLE_ENTITY.sub("", drop_invisible(page))


def _parse(page: bytes) -> Node:
    """The page, in UTF-8, as an lxml tree, comments and instructions left out; deep nesting and long texts are allowed.

    libxml2 gives up at 2,048 elements inside each other, which only unclosed tags make: such a page is parsed again
    without the tags that nest.
    """
    from lxml import etree

    root = None
    for source in (page, None):
        parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
        try:
            root = etree.fromstring(source or _NESTING.sub("<br>", page.decode("utf-8")).encode("utf-8"), parser)
        except etree.XMLSyntaxError:
            root = None
        last = parser.error_log.last_error
        if last is None or last.type_name != "ERR_RESOURCE_LIMIT":
            break
    if root is None:
        raise EmptyFileError("The page holds no element and no text.", hint="Save the page again from its site.")
    return root


def _finish(root: Node, flow: Flow, warnings: tuple[Failure, ...]) -> Source:
    """Judge what lies outside the report, and put text, layout and facts together."""
    text = flow.builder.text()
    if not text.strip():
        _refuse_empty(root)
    layout = flow.builder.layout()
    facts, head = read_head(text)
    copies = second_copies(text, layout)
    if copies:
        warnings += (warning("SameTextTwice", "The page holds the same text twice; the second copy is set aside.",
                             "Check that nothing stands only in the second copy."),)
    outside = outside_content(text, layout, flow.closed, flow.prose)
    furniture = tuple(sorted({*layout.furniture, *head, *copies, *outside}, key=lambda f: (f.start, -f.end, f.reason)))
    merged: defaultdict[str, list[Found]] = defaultdict(list)
    for source in (_page_facts(root), facts):
        for name, found in source.items():
            merged[name] += found
    return Source(
        text, Layout(layout.grids, furniture, layout.headings), {k: tuple(v) for k, v in merged.items()}, warnings
    )


def _page_facts(root: Node) -> Mapping[str, tuple[Found, ...]]:
    """What `<title>`, `<meta>` and the site systems' own elements say, in page order, without repeats."""
    facts: defaultdict[str, list[Found]] = defaultdict(list)

    def add(name: str, value: str | None, where: str) -> None:
        value = " ".join((value or "").split())
        if value and all(found.value != value or found.where != where for found in facts[name]):
            facts[name].append(Found(value, where))

    for element in root.iter("title", "meta", *_ELEMENTS):
        if element.tag == "title":
            add("title", "".join(element.itertext()), "html:title")
        elif element.tag == "meta":
            name = (element.get("name") or element.get("property") or "").strip()
            if name.lower() in _META:
                add(_META[name.lower()], element.get("content"), f"html:meta {name}")
        else:
            add(_ELEMENTS[element.tag], "".join(element.itertext()), f"html:{element.tag}")
    return {name: tuple(found) for name, found in facts.items() if found}


def _cut_off(page: str) -> tuple[Failure, ...]:
    """A warning for a page that begins as a whole one and ends without its end."""
    end = page[-2000:]
    if "</html" in end or "</body" in end:
        return ()
    start, end = page[:2000].lower(), end.lower()
    if ("<html" in start or "<body" in start) and "</html" not in end and "</body" not in end:
        return (warning("CutOff", "The page begins with <html> and ends without </html>: it may be truncated.",
                        "Compare its end with the site."),)
    return ()


def _search_elsewhere(root: Node, flow: Flow, page: str) -> tuple[Flow, list[Failure]]:
    """A page that shows next to no text: read it from its hidden blocks or its scripts, and say so."""
    if flow.hidden_prose > max(_LITTLE, 2 * flow.prose):
        kept = [piece for piece in flow.builder.furniture if piece.reason != "html:hidden"]
        flow.builder.furniture = kept
        flow.prose += flow.hidden_prose
        return flow, [warning("HiddenText", "The page hides its text until a script shows it; it was read.",
                              "Compare it with the page in a browser.")]
    inner = text_in_scripts(root)
    if inner is not None:
        found = walk_page(_parse(_visible(inner).encode("utf-8", "replace")))
        if found.prose + found.hidden_prose > 2 * flow.prose + _LITTLE // 4:
            return found, [warning("TextInScript", "The page's text stood only inside a script.",
                                   "Compare it with the page in a browser.")]
    frames = [element.get("src") or "?" for element in root.iter("frame", "iframe", "embed", "object")]
    if frames and flow.builder.length:
        return flow, [warning("Frames", f"The page shows little text itself and loads: {', '.join(frames[:5])}.",
                              "If the report is in there, save that page or file.")]
    return flow, []


def _refuse_empty(root: Node) -> None:
    """Raise for a page without any text, saying what it holds instead."""
    frames = [element.get("src") or "?" for element in root.iter("frame", "iframe", "embed", "object")]
    if frames:
        raise EmptyFileError(
            f"The page holds no text of its own, only frames: {', '.join(frames[:5])}.",
            hint="Save the page or file that the frame shows.",
        )
    if next(root.iter("img"), None) is not None:
        raise ScannedFileError("The page shows the report as pictures.", hint="Run OCR on them and read its output.")
    if next(root.iter("script"), None) is not None:
        raise DamagedFileError(
            "The page builds its text by script and was saved without it.",
            hint="Save it from the browser after it has loaded (complete page or MHTML).",
        )
    raise EmptyFileError("The page holds no text.", hint="Save the page again from its site.")

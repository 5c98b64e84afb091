"""Text that a page keeps in its scripts or form fields: document.write, JSON, JavaScript strings, hidden inputs."""

from __future__ import annotations

import re
from urllib.parse import unquote

from gknlp.read.source import Node

_STRING = re.compile(r'"((?:[^"\\\n]|\\.)*)"|\'((?:[^\'\\\n]|\\.)*)\'|`((?:[^`\\]|\\.)*)`', re.S)
_ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.S)
_PERCENT_U = re.compile(r"%u([0-9a-fA-F]{4})")
_PLAIN = {"n": "\n", "r": "", "t": " ", "b": "", "f": "", "0": "", "\n": ""}
_HAN = re.compile(r"[\u4e00-\u9fff]")
# A string with so many ideographs is text, a shorter one a label.
_ENOUGH = 30
_TAG = re.compile(r"<(?:p|div|br|table|span|h\d)\b", re.I)


def text_in_scripts(root: Node) -> str | None:
    """The HTML that scripts, hidden inputs and text areas of a page hold, in page order; None if there is none."""
    found: list[str] = []
    for element in root.iter("script", "input", "textarea", "xmp", "noscript", "template"):
        if element.tag == "input":
            candidates = [element.get("value") or ""]
        elif element.tag == "script":
            code = element.text or ""
            candidates = [_unescape(a or b or c) for a, b, c in _STRING.findall(code)] if len(code) > _ENOUGH else []
        else:
            candidates = ["".join(element.itertext())]
        for candidate in candidates:
            if len(_HAN.findall(candidate)) >= _ENOUGH and candidate not in found:
                found.append(_as_html(candidate))
    return "<div>" + "\n".join(found) + "</div>" if found else None


def _as_html(text: str) -> str:
    """The text as HTML: entities of an escaped page undone, line ends of plain text made breaks."""
    if "&lt;" in text and not _TAG.search(text):
        text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")
    return text if _TAG.search(text) else text.replace("\n", "<br>")


def _unescape(code: str) -> str:
    """A JavaScript string's value; `escape()` and percent encoding are undone too."""
    text = _ESCAPE.sub(_escape, code)
    if "%u" in text:
        text = unquote(_PERCENT_U.sub(lambda match: chr(int(match[1], 16)), text), errors="replace")
    elif text.count("%E") > _ENOUGH:
        text = unquote(text, errors="replace")
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _escape(match: re.Match[str]) -> str:
    """One escape sequence's character."""
    code = match[1] or match[2] or match[3]
    if code:
        return chr(min(int(code, 16), 0x10FFFF))
    return _PLAIN.get(match[4], match[4])

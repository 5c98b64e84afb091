"""Web pages saved as one file (.mht, .mhtml): the page among its parts, read as HTML."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes, policy
from email.message import Message

from gknlp.errors import DamagedFileError, GknlpError
from gknlp.read.html import read_html
from gknlp.read.source import Source
from gknlp.types import Found


def read_mhtml(data: bytes) -> Source:
    """Read an MHTML file: of its HTML parts the one with the most text (frames save one part each).

    The address and subject of the saved page are facts. DamagedFileError where no part can be read.
    """
    message = message_from_bytes(data, policy=policy.compat32)
    pages: list[Source] = []
    failure: GknlpError | None = None
    for part in message.walk():
        if part.get_content_type() not in ("text/html", "application/xhtml+xml"):
            continue
        content = part.get_payload(decode=True)
        try:
            source = read_html(content if isinstance(content, bytes) else b"", declared=part.get_content_charset())
        except GknlpError as error:
            failure = failure or error
            continue
        pages.append(_with_address(source, part, message))
    if not pages:
        raise failure or DamagedFileError("The saved page holds no HTML part.", hint="Save the page again.")
    return max(pages, key=lambda source: len(source.text))


def _with_address(source: Source, part: Message, message: Message) -> Source:
    """The page with the address it was saved from."""
    facts = dict(source.facts)
    address = message.get("Snapshot-Content-Location") or part.get("Content-Location") or ""
    if str(address).startswith("http"):
        facts["url"] = (*facts.get("url", ()), Found(str(address), "mhtml:Content-Location"))
    return replace(source, facts=facts)

"""The parts of a Word document's container, as XML trees."""

from __future__ import annotations

import io
import re
import zipfile
import zlib

from gknlp.errors import DamagedFileError
from gknlp.read.docx_numbering import W
from gknlp.read.source import Node

# What a document.xml may unpack to: a report has some 100 kB; a million table cells still fit.
_MAX_PART = 400_000_000
_STRICT = b"http://purl.oclc.org/ooxml"


def open_parts(data: bytes) -> dict[str, Node]:
    """The XML trees of a document's parts by name, None for parts it lacks; the document itself must be there."""
    from lxml import etree

    names = {"document": "word/document.xml", "numbering": "word/numbering.xml", "styles": "word/styles.xml",
             "footnotes": "word/footnotes.xml", "endnotes": "word/endnotes.xml", "core": "docProps/core.xml"}
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True, recover=False)
    parts: dict[str, Node] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = {info.filename: info for info in archive.infolist()}
            if "word/document.xml" not in members:
                others = sorted(n for n in members if re.fullmatch(r"word/document\d*\.xml", n))
                names["document"] = others[0] if others else "word/document.xml"
            for part, member in names.items():
                info = members.get(member)
                if info is not None and info.file_size > _MAX_PART:
                    raise DamagedFileError(f"{member} unpacks to {info.file_size} bytes.", hint="It is no document.")
                parts[part] = None if info is None else etree.fromstring(_transitional(archive.read(info)), parser)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, LookupError, OSError, etree.XMLSyntaxError,
            RuntimeError) as error:
        raise DamagedFileError(
            f"The Word document cannot be read: {type(error).__name__}: {error}.",
            hint="It is probably truncated: fetch it again, or open and save it in Word or WPS.",
        ) from error
    if parts["document"] is None:
        raise DamagedFileError("The file is packed like a Word document but holds none.", hint="Fetch it again.")
    return parts


def _transitional(xml: bytes) -> bytes:
    """A part of a "strict" document under the namespaces that all other documents use."""
    if _STRICT not in xml[:4096]:
        return xml
    return xml.replace(_STRICT + b"/wordprocessingml/main", W[1:-1].encode())

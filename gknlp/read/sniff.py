"""What kind of file it is: by its content first, by its name second; a name that lies is told."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import PurePosixPath

from gknlp.errors import DamagedFileError, EmptyFileError, EncryptedFileError, UnsupportedFormatError
from gknlp.read.encoding import wide_encoding
from gknlp.read.source import warning
from gknlp.types import Failure

_IMAGES = (
    (b"\x89PNG\r\n\x1a\n", "PNG image"), (b"\xff\xd8\xff", "JPEG image"), (b"GIF8", "GIF image"),
    (b"II*\x00", "TIFF image"), (b"MM\x00*", "TIFF image"), (b"BM", "BMP image"), (b"RIFF", "WebP image"),
)
_IMAGE_SUFFIXES = (".png", ".jpg", ".jpeg", ".gif", ".tif", ".tiff", ".bmp", ".webp")
_PACKED = ((b"Rar!", "RAR"), (b"7z\xbc\xaf\x27\x1c", "7z"), (b"\x1f\x8b", "gzip"), (b"BZh", "bzip2"),
           (b"\xfd7zXZ", "xz"))
_MARKUP = re.compile(
    rb"\s*(?:<!doctype\s+html|<(?:html|head|body|meta|title|link|script|style|div|p|table|span|article|section|center|"
    rb"h[1-6]|font|form|ul|br|strong|b)\b)", re.I,
)
# A page; OCR programs put <html><body> around each table they write into Markdown, which makes none.
_HTML_INSIDE = re.compile(rb"<!doctype\s+html|<head\b|<(?:html|body)\b(?!\s*>\s*(?:<body\s*>\s*)?<table\b)", re.I)
_WORD_XML = re.compile(rb"<(?:w:wordDocument|pkg:package)\b|progid=.Word\.Document")
# What each suffix promises; a suffix not listed promises nothing.
_PROMISE = {
    ".txt": "text", ".text": "text", ".html": "html", ".htm": "html", ".shtml": "html", ".xhtml": "html",
    ".jsp": "html",
    ".docx": "docx", ".pdf": "pdf", ".md": "markdown", ".markdown": "markdown", ".mht": "mhtml", ".mhtml": "mhtml",
    ".zip": "zip", ".xlsx": "xlsx", ".csv": "csv", ".tsv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl",
    ".json": "jsonl", ".parquet": "parquet", ".doc": "doc", ".wps": "doc", ".rtf": "rtf", ".ofd": "ofd", ".odt": "odt",
}
_TEXT_KINDS = ("text", "markdown", "csv", "jsonl")
_BINARY_PROMISES = ("docx", "pdf", "zip", "xlsx", "parquet", "ofd", "odt")
# A file with more of these among its first bytes is no text.
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def sniff(data: bytes, name: str) -> tuple[str, tuple[Failure, ...]]:
    """The kind of a file (a key of the readers' table) and a warning where name and content disagree.

    Raises EmptyFileError, EncryptedFileError (Office with a password), UnsupportedFormatError (pictures, packers, OFD
    …: the hint says how to convert) or DamagedFileError (a picture named .pdf, a cut-off archive).
    """
    suffix = PurePosixPath(name).suffix.lower()
    if not data.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise EmptyFileError(f"The file is empty ({len(data)} bytes).", hint="Fetch it again from its source.")
    promise = _PROMISE.get(suffix)
    kind = _by_magic(data, suffix) or _by_text(data, promise)
    if promise and kind not in (promise, "text") and not (promise == "text" and kind in _TEXT_KINDS):
        note = warning("SuffixMismatch", f"The name ends in {suffix}, the content is {kind}; it was read as {kind}.",
                       "Rename the file if others use it.")
        return kind, (note,)
    return kind, ()


def _by_magic(data: bytes, suffix: str) -> str | None:
    """The kind by the first bytes, None for what looks like text."""
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"PK"):
        return _by_members(data)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return _ole(data)
    if data.startswith(b"{\\rtf"):
        return "rtf"
    if data.startswith(b"PAR1"):
        return "parquet"
    for mark, what in _IMAGES:
        if data.startswith(mark) and (mark not in (b"BM", b"RIFF") or _CONTROLS.search(data, 0, 64)):
            if suffix in _IMAGE_SUFFIXES:
                raise UnsupportedFormatError(f"The file is a {what}.", hint="Run OCR on it and read its text output.")
            raise DamagedFileError(
                f"The file is a {what}, not what its name ({suffix or 'no suffix'}) says.",
                hint="Fetch the report again; if only a picture exists, run OCR and read its output.",
            )
    for mark, what in _PACKED:
        if data.startswith(mark):
            raise UnsupportedFormatError(f"The file is a {what} archive.", hint="Unpack it, or pack it as ZIP.")
    return None


def _by_members(data: bytes) -> str:
    """What a ZIP container is by the files in it."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise DamagedFileError(
            f"The file is a ZIP container (.docx, .xlsx, .zip …) whose directory cannot be read: {error}.",
            hint="It is probably truncated: fetch it again.",
        ) from error
    if not names:
        raise EmptyFileError("The archive holds no file.", hint="Fetch it again from its source.")
    for member, kind in (("word/document.xml", "docx"), ("xl/workbook.xml", "xlsx"), ("OFD.xml", "ofd")):
        if member in names:
            return kind
    if "ppt/presentation.xml" in names:
        raise UnsupportedFormatError("The file is a presentation (.pptx).", hint="Save it as .docx or .pdf.")
    if "content.xml" in names and "mimetype" in names:
        return "odt"
    if "word/document2.xml" in names or any(name.startswith("word/") for name in names):
        return "docx"
    return "zip"


def _ole(data: bytes) -> str:
    """What an old Office container is: a password-protected new file, a workbook, or a document."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise EncryptedFileError("The Office file asks for a password.", hint="Open it and save it without password.")
    if "WordDocument".encode("utf-16-le") in data:
        return "doc"
    if "Workbook".encode("utf-16-le") in data:
        raise UnsupportedFormatError("The file is an old workbook (.xls).", hint="Save it as .xlsx or .csv.")
    return "doc"


def _by_text(data: bytes, promise: str | None) -> str:
    """The kind of a file that looks like text; DamagedFileError where its name promises a binary format."""
    head = data[:8192].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe")
    if b"mime-version:" in head[:4096].lower() and b"content-type:" in head.lower():
        return "mhtml"
    if _WORD_XML.search(head):
        return "doc"
    if _MARKUP.match(head) or _HTML_INSIDE.search(head[:2048]):
        return "markdown" if promise in ("markdown", "csv", "jsonl") and not _HTML_INSIDE.search(head) else "html"
    if promise == "html":
        return "html"
    if promise in _BINARY_PROMISES:
        raise DamagedFileError(
            f"The name promises {promise}, but the content does not begin like one.",
            hint="It is truncated, or another kind of file with a wrong name: fetch it again.",
        )
    named = promise in _TEXT_KINDS or data[:2] in (b"\xff\xfe", b"\xfe\xff")
    if not named and len(_CONTROLS.findall(data[:8192])) > len(data[:8192]) // 50 and wide_encoding(data) is None:
        raise UnsupportedFormatError(
            "The file is binary data of no known kind.", hint="Convert it to .docx, .pdf, .html or .txt."
        )
    return promise if promise in _TEXT_KINDS else "text"

"""Characters no text should hold, and signs that a page was hijacked, converted or polluted on its way."""

from __future__ import annotations

import re

from gknlp.read.source import warning
from gknlp.types import Failure

# Invisible characters that break words apart without a reader seeing them; dropped when a text is first made.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def normal_lines(text: str) -> str:
    """`text` with `\\n` as the only line end and without invisible characters (zero-width, soft hyphen, BOM)."""
    return _LINE_ENDS.sub("\n", _INVISIBLE.sub("", text))


def drop_invisible(text: str) -> str:
    """`text` without zero-width characters, soft hyphens, direction marks and byte order marks."""
    return _INVISIBLE.sub("", text)


def replace_unreadable(text: str) -> tuple[str, tuple[Failure, ...]]:
    """Put U+FFFD, one for one, for control characters (but `\\n`, `\\t`) and lone surrogates; a warning counts them."""
    cleaned, count = _UNREADABLE.subn("\ufffd", text)
    if not count:
        return text, ()
    return cleaned, (warning(
        "UnreadableCharacters", f"{count} control characters or lone surrogates stand as U+FFFD.",
        "Fetch the file again from its source if these places matter.",
    ),)

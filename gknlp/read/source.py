"""What a format reader hands on: the text of one report, what its format tells about it, and what went wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from gknlp.types import Failure, Found, Layout

# An lxml element; lxml itself is imported only where a file is parsed.
Node: TypeAlias = Any


@dataclass(frozen=True, slots=True)
class Source:
    """One report as its format gives it, before anything is judged: offsets index `text`.

    `layout.furniture` holds only what the format itself tells (hidden blocks, `<nav>`, PDF page numbers). `facts` maps
    a field's name to what was read beside or inside the text: `title`, `published`, `publisher`, `site`, `agency`,
    `year`, `url`, `index_number`, `description`; their `where` says which tag or property (`html:title`,
    `html:meta PubDate`, `docx:core title`, `column 年份`). `warnings` have an empty path: the caller knows it.
    """

    text: str
    layout: Layout = field(default_factory=Layout)
    facts: Mapping[str, tuple[Found, ...]] = field(default_factory=dict)
    warnings: tuple[Failure, ...] = ()


def warning(error: str, message: str, hint: str) -> Failure:
    """A note that a file was read only in part; the path is filled in by `read_reports`."""
    return Failure("", "read", error, message, hint)

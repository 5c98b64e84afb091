"""The compact view of a report: width folded, white space and furniture left out, with a map back to the source.

Headings and table labels come broken by spaces, line ends and page numbers ("一 、概  述"). On the compact view they
are whole again; where white space stood is kept as breaks, because a line start is evidence for a heading.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from gknlp.normalize import fold_width

_CHUNK = re.compile(r"\S+")
_LINE_MARK = re.compile("[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class View:
    """`text` is the compact view; chunk `k` begins at `chunks[k]` in it and at `sources[k]` in the source.

    `lines` are the chunks' starts that begin a source line, `soft` those that follow a page number or running head.
    """

    text: str
    source_text: str
    chunks: list[int]
    sources: list[int]
    lines: list[int]
    soft: frozenset[int]

    def source(self, at: int) -> int:
        """The source offset of the view's character `at`; the source length at the view's end."""
        if at >= len(self.text):
            return len(self.source_text)
        k = bisect_right(self.chunks, at) - 1
        return self.sources[k] + at - self.chunks[k]

    def source_end(self, at: int) -> int:
        """The source offset just after the view's character `at - 1` (0 at the view's start)."""
        return self.source(at - 1) + 1 if at > 0 else 0

    def from_source(self, offset: int) -> int:
        """The first view position at or after the source `offset`."""
        k = bisect_right(self.sources, offset) - 1
        if k < 0:
            return 0
        end = self.chunks[k + 1] if k + 1 < len(self.chunks) else len(self.text)
        return min(self.chunks[k] + offset - self.sources[k], end)

    def is_chunk_start(self, at: int) -> bool:
        """Whether white space (or the text's start) stands before the view's character `at`; true at the end."""
        if at >= len(self.text):
            return True
        k = bisect_left(self.chunks, at)
        return k < len(self.chunks) and self.chunks[k] == at

    def is_line_start(self, at: int) -> bool:
        """Whether a source line begins at `at`; true at the end."""
        if at >= len(self.text):
            return True
        k = bisect_left(self.lines, at)
        return k < len(self.lines) and self.lines[k] == at

    def chunk_end(self, at: int) -> int:
        """The next break after `at`: white space in the source, or the end."""
        k = bisect_right(self.chunks, at)
        return self.chunks[k] if k < len(self.chunks) else len(self.text)

    def chunk_start(self, at: int) -> int:
        """The start of the chunk that holds `at`: white space stood before it in the source, or nothing."""
        k = bisect_right(self.chunks, at) - 1
        return self.chunks[k] if k >= 0 else 0

    def line_end(self, at: int) -> int:
        """The next line start after `at`, or the end."""
        k = bisect_right(self.lines, at)
        return self.lines[k] if k < len(self.lines) else len(self.text)

    def line_start(self, at: int) -> int:
        """The start of the line that holds `at`."""
        k = bisect_right(self.lines, at) - 1
        return self.lines[k] if k >= 0 else 0


def make_view(text: str, furniture: list[tuple[int, int, bool]]) -> View:
    """View of `text` without `furniture`: `(start, end, soft)`, sorted; a soft one may stand inside a sentence.

    A chunk begins a line where a line end or hard furniture stands before it; after soft furniture it is in `soft` too.
    """
    folded = fold_width(text)
    parts: list[str] = []
    chunks: list[int] = []
    sources: list[int] = []
    lines: list[int] = []
    soft: set[int] = set()
    size = previous_end = 0
    for start, end, after_soft, after_hard in _gaps(len(text), furniture):
        first = True
        for match in _CHUNK.finditer(folded, start, end):
            at = match.start()
            broken = _LINE_MARK.search(text, previous_end, at) is not None
            if not parts or broken or (first and after_hard):
                lines.append(size)
                if first and after_soft and not after_hard:
                    soft.add(size)
            chunks.append(size)
            sources.append(at)
            parts.append(match.group())
            size += len(match.group())
            previous_end = match.end()
            first = False
    return View("".join(parts), text, chunks, sources, lines, frozenset(soft))


def _gaps(length: int, furniture: list[tuple[int, int, bool]]) -> list[tuple[int, int, bool, bool]]:
    """What is left of `[0, length)`: `(start, end, soft before, hard before)`."""
    gaps = []
    at, after_soft, after_hard = 0, False, False
    for start, end, is_soft in furniture:
        if start > at:
            gaps.append((at, start, after_soft, after_hard))
            after_soft = after_hard = False
        at = max(at, end)
        after_soft, after_hard = after_soft or is_soft, after_hard or not is_soft
    if at < length:
        gaps.append((at, length, after_soft, after_hard))
    return gaps

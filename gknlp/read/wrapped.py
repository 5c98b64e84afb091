"""Text that was wrapped at a fixed width: the soft line ends are joined, the real ones stay."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

from gknlp.read.builder import join_lines

# Widths in columns, an ideograph counting two: narrower are lists and tables, wider are paragraphs.
_NARROWEST, _WIDEST = 40, 160
# A wrapped line ends within so many columns of the margin: a word, number or bracket did not fit any more.
_SLACK = 6
# So much of a text must be full lines, and so many of them break off inside a sentence, to call it wrapped.
_FULL_SHARE = 0.4
_BROKEN_SHARE = 0.6
_MIN_LINES = 8
_END = re.compile(r"[。！？：；!?;…][”」』）)]?\s*$")
_NEW = re.compile(
    r"[\s\u3000]|#|\||[-*>] |[一二三四五六七八九十]{1,3}\s*[、．.]|[（(][一二三四五六七八九十\d]{1,3}[）)]|"
    r"第[一二三四五六七八九十]{1,3}[章节部条]|\d{1,2}\s*[.．、](?!\d)|[①-⑳]|附[件表]"
)
_WIDE = re.compile(r"[\u2e80-\ua4cf\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6“”‘’—…]")


def unwrap(lines: list[str]) -> list[str]:
    """Join lines that were broken at a fixed width; lines that were not come back as they are.

    A text counts as wrapped where two fifths of its longer lines end at one margin and most of these break off inside
    a sentence. A line is never joined to one that is set in, blank, or begins like a heading or item. Cost: linear.
    """
    lengths = [len(line) for line in lines]
    if max(lengths, default=0) > _WIDEST or sum(2 * length >= _NARROWEST for length in lengths) < _MIN_LINES:
        return lines
    widths = [_width(line) for line in lines]
    margin = _margin(lines, widths)
    if margin is None:
        return lines
    joined: list[str] = []
    runs_on = False
    for line, width in zip(lines, widths, strict=True):
        if runs_on and line.strip() and not _NEW.match(line):
            joined[-1] = join_lines([joined[-1], line.strip()])
        else:
            joined.append(line)
        runs_on = margin - _SLACK <= width <= margin and not (_END.search(line) and width < margin - 1)
    return joined


def _width(line: str) -> int:
    """The columns of a line, as far as they matter."""
    cut = line.rstrip()[: _WIDEST + 1]
    return len(cut) + len(_WIDE.findall(cut))


def _margin(lines: list[str], widths: list[int]) -> int | None:
    """The column at which a text was wrapped; None where it was not."""
    longer = [width for width in widths if width >= _NARROWEST]
    if len(longer) < _MIN_LINES or max(longer) > _WIDEST:
        return None
    counts = Counter(longer)
    margin = max(counts, key=lambda top: (sum(counts[w] for w in range(top - _SLACK, top + 1)), top))
    full = [n for n, width in enumerate(widths) if margin - _SLACK <= width <= margin]
    if margin < max(longer) or len(full) < _FULL_SHARE * len(longer):
        return None
    followed = {n for n, (_, after) in enumerate(pairwise(lines)) if after.strip()}
    broken = [n for n in full if n in followed and not _END.search(lines[n])]
    return margin if len(broken) >= _BROKEN_SHARE * len(full) else None

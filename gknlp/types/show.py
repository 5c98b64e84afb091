"""How values show themselves in Jupyter: plain HTML, everything escaped, nothing asked for from outside.

Ids stand as they are: labels belong to a run, whose `Run` shows them in its language. `bdi` keeps marks that turn the
direction of text from turning what stands beside them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

# Characters of a text and rows of a table that are shown; a notebook keeps its outputs in one file.
MAX_TEXT = 20_000
MAX_ROWS = 40
_BOX = "white-space:pre-wrap;max-height:28em;overflow:auto;border:1px solid #d5dbe1;padding:.6em 1em;text-align:left"


def bdi(value: object) -> str:
    """A value as escaped text that turns nothing beside it; None is empty."""
    return "" if value is None else f"<bdi>{escape(str(value))}</bdi>"


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A table of the first rows; how many more there are is said below it."""
    cells = "".join(f"<th>{escape(name)}</th>" for name in head)
    body = "".join(
        "<tr>" + "".join(f'<td style="text-align:left">{bdi(value)}</td>' for value in row) + "</tr>"
        for row in rows[:MAX_ROWS]
    )
    left = f"<p>+ {len(rows) - MAX_ROWS}</p>" if len(rows) > MAX_ROWS else ""
    return f"<table><thead><tr>{cells}</tr></thead><tbody>{body}</tbody></table>{left}"


def text_box(text: str, faint: Iterable[tuple[int, int]] = ()) -> str:
    """A text in a box, the stretches `faint` (sorted, disjoint) in grey; what is beyond `MAX_TEXT` is counted."""
    pieces, at = [], 0
    for start, end in faint:
        if start < MAX_TEXT and start >= at:
            grey = bdi(text[start : min(end, MAX_TEXT)])
            pieces += [bdi(text[at:start]), f'<span style="color:#8894a0">{grey}</span>']
            at = min(end, MAX_TEXT)
    pieces.append(bdi(text[at:MAX_TEXT]))
    left = f"<p>+ {len(text) - MAX_TEXT} characters</p>" if len(text) > MAX_TEXT else ""
    return f'<div style="{_BOX}">{"".join(pieces)}</div>{left}'

"""Rows of a statistics annex from the pieces they are printed in: labels, units, numbers, dashes, heads of columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gknlp.normalize import fold_width
from gknlp.tables.values import parse_value

_UNITS = (
    "万元|亿元|千元|元|万条|万件|万次|万人次|人次|场次|批次|期次|件次|条次|条|件|次|个|人|篇|份|项|场|期|宗|起|家|名|处|部|册|本|平方米|台|辆|%"
)
_UNIT = re.compile(rf"[（(]?(?:{_UNITS})(?:[/、](?:{_UNITS}))?[）)]?")
_IN_LABEL = re.compile(rf"[（(](?:单位[:：]?)?({_UNITS})[）)]$")
_DASH = re.compile(r"[-—–―─－]+")
_HEADER_WORD = (
    r"统计指标|指标名称|指标|项目名称|统计项目|项目|统计内容|内容|名称|(?P<code>指标代码|代码|序号|行次|编号)|"
    r"计量单位|统计单位|单位|(?P<value>统计数量|统计数据|统计数|数量|数值|合计|历年累计|累计|历年|上年度?|去年|本年度?数?|20\d\d年度?|全[省市县区]|[省市县区]?本级|本机关)|备注"
)
_HEADER = re.compile(_HEADER_WORD)
_NEXT_HEAD = re.compile(rf"\s*(?P<word>{_HEADER_WORD})")
# The head of the label column, which forms print with spaces; titles and the body's name stand before it.
_SPACED_HEAD = re.compile(r"(?P<code>(?:序\s*号|行\s*次|编\s*号|代\s*码)\s*)?(?:统\s*计\s*指\s*标|指\s*标\s*名\s*称)")
_NEAR = 120
# Kinds of pieces where the first row begins with a number.
_CODE_FIRST = re.compile(r"(?:^|(?:head|value) )number label")
_TOKEN = re.compile(r"\S+")
_FIGURE = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
# Unit and figure that ran together with what is before and behind; 文件3 and 信件3 are no label and unit.
_GLUED = re.compile(
    rf"(?P<unit>(?<!\d)(?<![文信案邮附稿](?=件))(?:{_UNITS}))(?P<figure>{_FIGURE})(?P<open>[.、](?!\d))?"
    r"(?![\d年月日%条件次个人元篇份项场])"
    r"|(?P<dash>[-—–―─]{2,})"
)
# A unit that ran together with its label, in tables whose heads name a column of units.
_UNIT_BEHIND = re.compile(rf"(?<=..)(?<![文信案邮附稿](?=件))(?:{_UNITS})$")
_BLOCK_NAME = re.compile(r"[一二三四五六七八九十]{1,3}、.*情况$")
# A figure in a label that may be the figure of its row or of one that was lost.
_SWALLOWED = re.compile(r"(?:元|条|件|次|个|人|数)\d|\d$")
_ORDINAL = re.compile(
    r"(?<![第之一二三四五六七八九十])[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]"
    r"|(?<![\d.])\d{1,2}[.、．](?!\d)|其中[:：]"
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A print of one kind: `label`, `unit`, `number`, `blank` (a mark for nothing), `dash`, `code` or `value` (heads of
    such columns), `head` (another head), `open` (a figure whose end belongs to the next row's number)."""

    kind: str
    raw: str
    start: int
    end: int
    value: float | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A row as printed: label without white space, unit, its values in order; `heading` where dashes stand for them.

    `names`: the heads of its values where there are several; `open`: its numbers cannot be told apart; `above`: the
    label of a merged cell to the left; `end` of its print.
    """

    label: str
    unit: str
    values: tuple[Piece, ...]
    heading: bool
    open: bool
    end: int
    names: tuple[str, ...] = ()
    above: str = ""


def row_pieces(view: str, start: int, end: int, *, whole: bool = False, source: str = "") -> Iterator[Piece]:
    """The pieces printed in `[start, end)`: with `whole` one cell is one piece, else white space parts them.

    `source` is the text as printed, of the same length as `view` (which has page numbers blanked out).
    """
    printed = source or view
    if whole:
        if end > start:
            yield _piece(printed, start, end)
        return
    at = start
    spaced = _SPACED_HEAD.search(view, start, min(end, start + _NEAR))
    if spaced:
        yield Piece("code" if spaced["code"] else "head", spaced[0], *spaced.span())
        at = spaced.end()
    while (word := _NEXT_HEAD.match(view, at, end)) is not None and (spaced or _ends(view, word.end())):
        yield Piece("code" if word["code"] else "value" if word["value"] else "head", word["word"], *word.span("word"))
        at = word.end()
    for token in _TOKEN.finditer(view, at, end):
        yield from _parted(printed, view, *token.span())


def _ends(view: str, at: int) -> bool:
    """Whether a head of a column ends at a place: white space, or the next head, behind it."""
    return at >= len(view) or view[at].isspace() or _NEXT_HEAD.match(view, at) is not None


def _parted(text: str, view: str, start: int, end: int) -> Iterator[Piece]:
    """The pieces of a token in which unit and figure may have run together with labels."""
    at = start
    for found in _GLUED.finditer(view, start, end):
        if found.start() < at:
            continue
        if found.start() > at:
            yield _piece(text, at, found.start())
        if found["dash"]:
            yield Piece("dash", found["dash"], *found.span())
            at = found.end()
            continue
        yield Piece("unit", text[found.start("unit") : found.end("unit")], *found.span("unit"))
        a, b = found.span("figure")
        if found["open"]:
            # The figure ends in the number of the next row: how many of its digits are that number is open.
            cut = max(a, b - (2 if view[b - 1] == "0" else 1))
            yield Piece("open", text[a:b], a, b)
            at = cut
        else:
            yield _piece(text, a, b)
            at = b
    if at < end:
        yield _piece(text, at, end)


def _piece(text: str, start: int, end: int) -> Piece:
    raw = text[start:end].strip()
    start += len(text[start:end]) - len(text[start:end].lstrip())
    bare = re.sub(r"\s", "", fold_width(raw))
    span = (start, start + len(raw))
    head = _HEADER.fullmatch(bare)
    if head:
        return Piece("code" if head["code"] else "value" if head["value"] else "head", raw, *span)
    if _UNIT.fullmatch(bare):
        return Piece("unit", raw, *span)
    if _DASH.fullmatch(bare):
        return Piece("dash", raw, *span)
    kind, value = parse_value(raw)
    if kind == "number" and re.search(r"\d", bare):
        return Piece("number", raw, *span, value)
    return Piece("blank", raw, *span) if kind == "blank" else Piece("label", raw, *span)


def make_rows(pieces: Sequence[Piece], columns: Sequence[str], *, grid: bool) -> tuple[list[Row], tuple[str, ...]]:
    """Rows of pieces in order, and the columns that their heads name (else `columns`).

    Of the columns count those of units (`unit`), of codes (`code`) and of numbers (their heads as printed).

    In a grid the pieces are those of one printed row: a text behind its numbers is a remark.
    """
    named = _named(pieces) or tuple(columns)
    rows: list[Row] = []
    labels: list[Piece] = []
    others: list[Piece] = []
    first_head = next((p.kind for p in pieces if p.kind in ("head", "code", "value")), "")
    numbers = [name for name in named if name != "unit"]
    if not grid and len(numbers) < 2 and _CODE_FIRST.search(" ".join(piece.kind for piece in pieces)):
        first_head, named = "code", ("code", *(named or ("",)))  # codes that no head names
    for i, piece in enumerate(pieces):
        before_label = piece.kind == "number" and [p.kind for p in pieces[i + 1 : i + 2]] == ["label"]
        if first_head == "code" and not grid and labels and before_label:
            rows.extend(_finished(labels, others, named))  # the code of the next row stands before its label
            labels, others = [], [piece]
        elif piece.kind in ("head", "code", "value"):
            if others or labels:
                rows.extend(_finished(labels, others, named))
            labels, others = [], []
        elif piece.kind == "label":
            if others and (labels or (rows and first_head != "code")):
                if labels:
                    rows.extend(_finished(labels, others, named))
                labels, others = [], []
            labels.append(piece)
        else:
            others.append(piece)
    if labels and (others or not (grid and rows and rows[-1].values)):
        rows.extend(_finished(labels, others, named))
    return rows, named


def _finished(labels: Sequence[Piece], others: Sequence[Piece], columns: Sequence[str]) -> Iterator[Row]:
    """The row of the last label among those that ran together, after the ones before it that stand alone."""
    bare = [re.sub(r"\s", "", piece.raw) for piece in labels]
    printed = "".join(bare)
    places = {m.start() for m in _ORDINAL.finditer(printed) if m.start() > 0}
    places.update(
        len("".join(bare[: i + 1])) for i, label in enumerate(bare[:-1])
        if _BLOCK_NAME.match(label) and bare[i + 1][0] not in "（("
    )
    cuts = sorted(places)
    parts = [printed[a:b] for a, b in zip([0, *cuts], [*cuts, len(printed)], strict=True)]
    end = labels[-1].end if labels else 0
    for part in parts[:-1]:
        yield Row(part, "", (), False, _SWALLOWED.search(part) is not None, end)
    units = [p for p in others if p.kind == "unit"]
    figures = [p for p in others if p.kind in ("number", "open", "blank")]
    dashes = [p for p in others if p.kind == "dash"]
    label, unit = parts[-1], units[0].raw.strip("（）()") if units else ""
    if not unit and (inside := _IN_LABEL.search(label)):
        unit = inside[1]
    elif not unit and figures and "unit" in columns and (behind := _UNIT_BEHIND.search(label)):
        label, unit = label[: behind.start()], behind[0]
    numbered = [column for column in columns if column != "unit"]
    values, names = _values(figures, numbered)
    lost = len(numbered) > 1 and len(figures) < len(numbered)  # which of them is printed is open
    heading = bool(dashes) and not unit and not figures
    if dashes and not figures and unit:
        values = (Piece("blank", dashes[0].raw, dashes[0].start, dashes[0].end),)
    is_open = any(p.kind == "open" for p in figures) or (lost and bool(figures)) or len(units) > 1
    is_open = is_open or _SWALLOWED.search(label) is not None
    yield Row(label, unit, values, heading, is_open, others[-1].end if others else end, names)


def _named(pieces: Sequence[Piece]) -> tuple[str, ...]:
    """The columns of units, codes and numbers that heads among the pieces name; empty without any of numbers."""
    named: list[str] = []
    for piece in pieces:
        bare = re.sub(r"\s", "", piece.raw)
        if piece.kind in ("code", "value"):
            named.append("code" if piece.kind == "code" else bare)
        elif piece.kind == "head" and bare.endswith("单位"):
            named.append("unit")
    # A head that comes again stands on the next page, or over the right half of the table.
    named = list(dict.fromkeys(named))
    return tuple(named) if any(name not in ("unit", "code") for name in named) else ()


def _values(figures: Sequence[Piece], columns: Sequence[str]) -> tuple[tuple[Piece, ...], tuple[str, ...]]:
    """The figures without codes, with the heads of their columns; all, without heads, where these do not match."""
    if len(figures) != len(columns):
        return tuple(figures), ()
    kept = [(piece, column) for piece, column in zip(figures, columns, strict=True) if column != "code"]
    return tuple(piece for piece, _ in kept), tuple(column for _, column in kept)

"""`report.xlsx`: the tables an inspector works through, with links into the dossier.

Every text is written as text: a cell that begins like a formula is none, and stays none when it is edited. The file's
bytes depend on the rows alone (fixed creation date).
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from gknlp.output.labels import Words, shown, words_in
from gknlp.output.sheets import Link, Share, Sheet, excel_sheets
from gknlp.output.tables import Rows

# Limits of the .xlsx format: characters in a cell, rows in a sheet, links in a sheet.
MAX_CELL = 32_767
MAX_ROWS = 1_048_576
MAX_LINKS = 65_530
# Excel's own date of a workbook would make two runs differ; this one stands for "not dated".
CREATED = datetime.datetime(2000, 1, 1)
# Excel's number of the paper size.
A4 = 9
# Points of a line and of the header, which may take two; lines of the highest row, about a third of a screen.
LINE_HEIGHT = 15
HEADER_HEIGHT = 32
MAX_LINES = 12
# What a spreadsheet takes for the beginning of a formula; East Asian editions take the full-width signs too.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def write_excel(rows: Rows, path: Path, lang: str) -> None:
    """Write `report.xlsx` to `path`; links lead to `pages/` beside it.

    Sheets: overview, flags (worst first), checks (failing first), claims, commitments, problems, passages, failures,
    verdicts (those without flag last).
    A text beyond Excel's limit is cut with a visible mark; rows beyond its limit are counted in the last row. Cost:
    linear; a sheet is written row by row.
    """
    import xlsxwriter

    words = words_in(lang)
    options = {
        "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "constant_memory": True,
    }
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"title": words("ui", "title"), "created": CREATED, "author": "gknlp"})
        styles = {
            "header": book.add_format({
                "bold": True, "bg_color": "#E4EAF0", "bottom": 1, "text_wrap": True, "valign": "vcenter",
            }),
            "text": book.add_format({"text_wrap": True, "valign": "top"}),
            "quoted": book.add_format({"text_wrap": True, "valign": "top", "quote_prefix": True}),
            "link": book.add_format({"font_color": "#1F4E79", "underline": 1, "valign": "top"}),
            "number": book.add_format({"valign": "top", "align": "right", "indent": 1}),
            "share": book.add_format({"valign": "top", "align": "right", "indent": 1, "num_format": "0%"}),
        }
        for sheet in excel_sheets(rows, lang):
            _write_sheet(book, sheet, styles, words)


def _write_sheet(book: Any, sheet: Sheet, styles: Mapping[str, Any], words: Words) -> None:  # noqa: ANN401 (xlsxwriter)
    page = book.add_worksheet(words("sheet", sheet.name))
    page.freeze_panes(1, 2)
    page.set_landscape()
    page.set_paper(A4)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    widths = [width for _, width in sheet.columns]
    for position, width in enumerate(widths):
        page.set_column(position, position, width)
    page.set_row(0, HEADER_HEIGHT)
    for position, (header, _) in enumerate(sheet.columns):
        page.write_string(0, position, header, styles["header"])
    last, left = 0, 0
    for line in sheet.rows:
        if last + 2 >= MAX_ROWS:
            left += 1
            continue
        last += 1
        page.set_row(last, LINE_HEIGHT * row_lines(line, widths))
        for position, value in enumerate(line):
            _write_cell(page, (last, position), value, styles, words)
    page.autofilter(0, 0, max(last, 1), len(sheet.columns) - 1)
    if left:
        page.write_string(last + 1, 0, words("word", "rows_left", n=left, table=sheet.name), styles["text"])


def _write_cell(
    page: Any, at: tuple[int, int], value: object, styles: Mapping[str, Any], words: Words  # noqa: ANN401
) -> None:
    if isinstance(value, Link):
        if at[0] < MAX_LINKS:
            page.write_url(*at, f"external:{value.target}", styles["link"], value.text)
        else:
            page.write_string(*at, value.target, styles["text"])
    elif isinstance(value, Share):
        page.write_number(*at, value.value, styles["share"])
    elif isinstance(value, int | float) and not isinstance(value, bool) and value == value:
        page.write_number(*at, value, styles["number"])
    elif value is not None and value == value:
        text = excel_text(str(value), words("word", "cut"))
        if text:
            page.write_string(*at, text, styles["quoted" if text.startswith(FORMULA_STARTS) else "text"])


def row_lines(values: Sequence[object], widths: Sequence[int]) -> int:
    """How many lines a row needs so that its texts can be read: a Chinese character is two wide; at most `MAX_LINES`.

    Written into the file, because programs other than Excel do not work it out when they open it.

    >>> row_lines(["一二三四五六", 2024, None], [8, 8, 8])
    2
    """
    most = 1
    for value, width in zip(values, widths, strict=True):
        if isinstance(value, str):
            lines = 0
            for line in value.split("\n"):
                wide = len(line) + sum(character > "\u2e7f" for character in line)
                lines += max(1, math.ceil(wide / width))
            most = max(most, lines)
    return min(most, MAX_LINES)


def excel_text(text: str, cut: str) -> str:
    """`text` as a cell can hold it: controls shown by number, cut with the mark `cut` where it is too long."""
    seen = shown(text)
    return seen if _units_16(seen) <= MAX_CELL else _head_16(seen, MAX_CELL - len(cut)) + cut


def _units_16(text: str) -> int:
    """Excel counts UTF-16 units."""
    return len(text) + sum(character > "\uffff" for character in text)


def _head_16(text: str, limit: int) -> str:
    while _units_16(text := text[:limit]) > limit:
        text = text[: len(text) - (_units_16(text) - limit)]
    return text

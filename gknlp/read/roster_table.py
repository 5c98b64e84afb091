"""The cells of a roster: a CSV file or the first sheet of a workbook as (line, values), lines as the editor counts
them."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import date, timedelta
from pathlib import Path

from gknlp.errors import SettingsError
from gknlp.read.encoding import decode
from gknlp.read.source import Node

Lines = list[tuple[int, list[str]]]
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_MAX_PART = 50_000_000  # bytes a part of the workbook may unpack to; 100,000 agencies take some ten million
_MAX_COLUMNS = 500
_FIRST_DAY = "1899-12-30"  # day 0 of Excel's calendar


def read_lines(source: Path) -> Lines:
    """All lines of a roster that hold anything, the header first. SettingsError where the file cannot be read or is
    empty."""
    try:
        data = source.read_bytes()
    except OSError as error:
        message = f"Roster {source} cannot be read: {error.strerror}."
        raise SettingsError(message, hint="Check the path.") from error
    lines = _workbook(source, data) if source.suffix.lower() in (".xlsx", ".xlsm") else _csv(source, data)
    filled = [(number, values) for number, values in lines if any(value.strip() for value in values)]
    if not filled:
        raise SettingsError(f"Roster {source} is empty.", hint="It needs a header line and one line per agency.")
    return filled


def _csv(source: Path, data: bytes) -> Lines:
    """The lines of a CSV file in any Chinese encoding; the separator is what the header has most of."""
    text = decode(data).text.lstrip("\ufeff") if data.strip() else ""
    first = text.split("\n", 1)[0]
    separator = max(",\t;", key=lambda mark: (first.count(mark), mark == ","))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    lines: Lines = []
    try:
        number = 1
        for values in reader:
            lines.append((number, values))
            number = reader.line_num + 1
    except csv.Error as error:
        message = f"Roster {source}, line {reader.line_num}: {error}."
        raise SettingsError(message, hint="Save it again as UTF-8 CSV.") from error
    return lines


def _workbook(source: Path, data: bytes) -> Lines:
    """The rows of a workbook's first sheet; openpyxl is no dependency, and pandas needs it for this."""
    from lxml import etree

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            shared = _shared(archive)
            dates = _date_styles(archive)
            sheet = _part(archive, _first_sheet(archive))
    except (zipfile.BadZipFile, KeyError, OSError, ValueError, StopIteration, etree.XMLSyntaxError) as error:
        message = f"Roster {source} is no workbook that can be read: {error}."
        raise SettingsError(message, hint="Save it again as .xlsx, or as .csv.") from error
    lines: Lines = []
    for order, row in enumerate(sheet.iter(f"{_MAIN}row"), 1):
        values: list[str] = []
        for cell in row.iter(f"{_MAIN}c"):
            column = _column(cell.get("r", ""), len(values))
            values += [""] * (min(column, _MAX_COLUMNS) - len(values))
            values.append(_value(cell, shared, dates))
        lines.append((int(row.get("r") or order), values))
    return lines


def _part(archive: zipfile.ZipFile, member: str) -> Node:
    """A part of the workbook as an XML tree."""
    from lxml import etree

    if archive.getinfo(member).file_size > _MAX_PART:
        raise ValueError(f"{member} unpacks to {archive.getinfo(member).file_size} bytes")
    return etree.fromstring(archive.read(member), etree.XMLParser(resolve_entities=False, no_network=True))


def _first_sheet(archive: zipfile.ZipFile) -> str:
    """The member that holds the sheet of the first tab."""
    sheet = next(_part(archive, "xl/workbook.xml").iter(f"{_MAIN}sheet"))
    relations = _part(archive, "xl/_rels/workbook.xml.rels")
    target: str = next(item.get("Target", "") for item in relations if item.get("Id") == sheet.get(_RELATION))
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _shared(archive: zipfile.ZipFile) -> list[str]:
    """The workbook's table of strings, without phonetic guides."""
    if "xl/sharedStrings.xml" not in archive.namelist():
        return []
    strings = _part(archive, "xl/sharedStrings.xml").iter(f"{_MAIN}si")
    return ["".join(t.text or "" for t in s.iter(f"{_MAIN}t") if t.getparent().tag != f"{_MAIN}rPh") for s in strings]


def _date_styles(archive: zipfile.ZipFile) -> frozenset[str]:
    """The cell styles that show a number as a date: built-in formats 14-22 and 27-36, and own ones with y and m in
    them."""
    if "xl/styles.xml" not in archive.namelist():
        return frozenset()
    styles = _part(archive, "xl/styles.xml")
    own = {item.get("numFmtId"): item.get("formatCode", "") for item in styles.iter(f"{_MAIN}numFmt")}
    built_in = {str(number) for number in (*range(14, 18), 22, *range(27, 37), *range(50, 59))}
    dates = built_in | {key for key, code in own.items() if "y" in code.lower() and "m" in code.lower()}
    formats = next(styles.iter(f"{_MAIN}cellXfs"), ())
    return frozenset(str(place) for place, item in enumerate(formats) if item.get("numFmtId") in dates)


def _column(reference: str, default: int) -> int:
    """The column of a cell reference, counted from 0: A1 → 0, AB7 → 27."""
    letters = re.match(r"[A-Z]+", reference)
    if letters is None:
        return default
    column = 0
    for letter in letters.group():
        column = column * 26 + ord(letter) - 64
    return column - 1


def _value(cell: Node, shared: list[str], dates: frozenset[str]) -> str:
    """What a cell shows, as text: a whole number without `.0`, a date as 2024-01-31."""
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return "".join(t.text or "" for t in cell.iter(f"{_MAIN}t"))
    value: str = cell.findtext(f"{_MAIN}v") or ""
    if kind == "s":
        return shared[int(value)] if value.isdigit() and int(value) < len(shared) else ""
    if kind == "n" and cell.get("s") in dates and re.fullmatch(r"\d+(?:\.\d+)?", value):
        return _day(float(value))
    return re.sub(r"^(-?\d+)\.0$", r"\1", value)


def _day(number: float) -> str:
    """A day of Excel's calendar as ISO date."""
    return (date.fromisoformat(_FIRST_DAY) + timedelta(days=int(number))).isoformat()

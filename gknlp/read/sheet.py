"""Tables of reports (.xlsx, .csv, .jsonl, .parquet): one report per row, a text column and columns of facts."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import replace

from gknlp.errors import DamagedFileError, EmptyFileError, GknlpError, UnsupportedFormatError
from gknlp.read.encoding import decode
from gknlp.read.head import MEANING
from gknlp.read.html import read_html
from gknlp.read.hygiene import normal_lines
from gknlp.read.source import Node, Source, warning
from gknlp.types import Found

Row = tuple[str, Mapping[str, str]]
_TEXT_COLUMNS = ("text", "正文", "全文", "内容", "content", "文本", "正文内容", "报告内容", "报告正文", "body",
                 "article", "report", "fulltext")
# Without such a name the text column is the one whose cells hold that many ideographs on average.
_TEXT_HAN = 200
_HAN = re.compile(r"[\u4e00-\u9fff]")
_MARKUP = re.compile(r"<(?:p|div|br|table|span)\b", re.I)
_EXCEL_LIMIT = 32_767
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_MAX_SHEET = 400_000_000

Rows = list[tuple[str, Source | GknlpError]]


def read_csv(data: bytes) -> Rows:
    """The reports of a CSV or TSV file with a header line, any Chinese encoding; row 2 follows the header."""
    import pandas

    decoded = decode(data)
    first = decoded.text[:4096].split("\n", 1)[0]
    separator = max(",\t;", key=lambda mark: (first.count(mark), mark == ","))
    try:
        frame = pandas.read_csv(io.StringIO(decoded.text), sep=separator, dtype=str, keep_default_na=False)
    except (pandas.errors.ParserError, pandas.errors.EmptyDataError, ValueError) as error:
        raise DamagedFileError(f"The table cannot be parsed: {error}.", hint="Save it again as UTF-8 CSV.") from error
    rows = [(f"#{n}", {str(k): str(v) for k, v in row.items()}) for n, row in enumerate(frame.to_dict("records"), 2)]
    found = _reports(rows)
    return [
        (n, replace(s, warnings=(*decoded.warnings, *s.warnings)) if isinstance(s, Source) else s) for n, s in found
    ]


def read_parquet(data: bytes) -> Rows:
    """The reports of a Parquet file; rows count from 1."""
    import pyarrow
    import pyarrow.parquet

    try:
        table = pyarrow.parquet.read_table(io.BytesIO(data))
    except (pyarrow.ArrowInvalid, OSError) as error:
        raise DamagedFileError(f"The Parquet file cannot be read: {error}.", hint="Write it again.") from error
    return _reports((f"#{n}", _strings(row)) for n, row in enumerate(table.to_pylist(), 1))


def read_jsonl(data: bytes) -> Rows:
    """The reports of a JSON Lines file (rows count from 1) or a JSON file with one object or a list of objects."""
    decoded = decode(data)
    try:
        whole = json.loads(decoded.text)
    except json.JSONDecodeError:
        whole = None
    rows: list[Row] = []
    broken: Rows = []
    if whole is not None:
        items = whole if isinstance(whole, list) else [whole]
        rows = [(f"#{n}", _strings(item)) for n, item in enumerate(items, 1) if isinstance(item, dict)]
    else:
        for number, line in enumerate(decoded.text.split("\n"), 1):
            if not line.strip():
                continue
            try:
                item = json.loads(line)
            except json.JSONDecodeError as error:
                broken.append((f"#{number}", DamagedFileError(f"Line {number} is no JSON: {error}.", hint="Mend it.")))
                continue
            if isinstance(item, dict):
                rows.append((f"#{number}", _strings(item)))
    if not rows and broken:
        raise DamagedFileError("No line of the file is a JSON object.", hint="Write one JSON object per line.")
    return sorted([*_reports(rows), *broken], key=lambda entry: int(entry[0][1:])) if rows else []


def read_xlsx(data: bytes) -> Rows:
    """The reports of a workbook: every sheet whose header row names a text column; rows count as Excel shows them."""
    from lxml import etree

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            shared = _shared_strings(archive)
            rows: list[Row] = []
            sheets = _sheets(archive)
            for name, member in sheets:
                prefix = "#" if len(sheets) == 1 else f"#{name}!"
                rows += _sheet_rows(_tree(archive, member), shared, prefix)
    except (zipfile.BadZipFile, KeyError, OSError, ValueError, etree.XMLSyntaxError) as error:
        raise DamagedFileError(f"The workbook cannot be read: {error}.", hint="Open it and save it again.") from error
    return _reports(rows)


def _tree(archive: zipfile.ZipFile, member: str) -> Node:
    """A part of a workbook as an XML tree."""
    from lxml import etree

    if archive.getinfo(member).file_size > _MAX_SHEET:
        raise ValueError(f"{member} unpacks to {archive.getinfo(member).file_size} bytes")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    return etree.fromstring(archive.read(member), parser)


def _shared_strings(archive: zipfile.ZipFile) -> list[str]:
    """The workbook's table of strings, without phonetic guides."""
    if "xl/sharedStrings.xml" not in archive.namelist():
        return []
    return [
        "".join(t.text or "" for t in item.iter(f"{_MAIN}t") if t.getparent().tag != f"{_MAIN}rPh")
        for item in _tree(archive, "xl/sharedStrings.xml").iter(f"{_MAIN}si")
    ]


def _sheets(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    """The worksheets in the order of their tabs: name and member."""
    relations = {
        item.get("Id"): item.get("Target", "") for item in _tree(archive, "xl/_rels/workbook.xml.rels")
    }
    found = []
    for sheet in _tree(archive, "xl/workbook.xml").iter(f"{_MAIN}sheet"):
        target = relations.get(sheet.get(_RELATION), "")
        member = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if "worksheets/" in member and member in archive.namelist():
            found.append((sheet.get("name", ""), member))
    return found


def _sheet_rows(sheet: Node, shared: list[str], prefix: str) -> list[Row]:
    """The rows below the header of one sheet, as column name to value."""
    header: dict[str, str] = {}
    rows: list[Row] = []
    for order, row in enumerate(sheet.iter(f"{_MAIN}row"), 1):
        number = row.get("r") or str(order)
        cells = {re.sub(r"\d+", "", cell.get("r", "")): _cell_value(cell, shared) for cell in row.iter(f"{_MAIN}c")}
        if not header:
            header = {column: value.strip() for column, value in cells.items() if value.strip()}
        elif any(cells.values()):
            values = {header[column]: value for column, value in cells.items() if column in header}
            rows.append((f"{prefix}{number}", values))
    return rows


def _cell_value(cell: Node, shared: list[str]) -> str:
    """What a cell shows, as text; a whole number without the `.0` that some programs store."""
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return "".join(t.text or "" for t in cell.iter(f"{_MAIN}t"))
    value = cell.findtext(f"{_MAIN}v") or ""
    if kind == "s":
        return shared[int(value)] if value.isdigit() and int(value) < len(shared) else ""
    return re.sub(r"^(-?\d+)\.0$", r"\1", value)


def _strings(item: Mapping[str, object]) -> dict[str, str]:
    """A row's values as text; null and nested values are left out."""
    return {
        str(key): str(value) for key, value in item.items() if value is not None and not isinstance(value, dict | list)
    }


def _reports(rows: Iterable[Row]) -> Rows:
    """A source per row. UnsupportedFormatError where no column holds report texts, EmptyFileError without rows."""
    rows = list(rows)
    if not rows:
        raise EmptyFileError("The table has no row below its header.", hint="Export it again.")
    column = _text_column([values for _, values in rows])
    if column is None:
        names = ", ".join(dict.fromkeys(name for _, values in rows[:50] for name in values))
        raise UnsupportedFormatError(
            f"No column of the table holds report texts (columns: {names[:200]}).",
            hint="Name the text column 正文 or text. A roster of agencies is given with --roster.",
        )
    return [(name, _source(values, column)) for name, values in rows]


def _text_column(rows: list[Mapping[str, str]]) -> str | None:
    """The column with the texts: by name, else the one with by far the most ideographs."""
    names = list(dict.fromkeys(name for values in rows for name in values))
    for wanted in _TEXT_COLUMNS:
        for name in names:
            if name.strip().lower() == wanted:
                return name
    sample = rows[:200]
    mean = {name: sum(len(_HAN.findall(row.get(name, ""))) for row in sample) / len(sample) for name in names}
    best = max(names, key=lambda name: mean[name], default=None)
    return best if best is not None and mean[best] >= _TEXT_HAN else None


def _source(values: Mapping[str, str], column: str) -> Source | GknlpError:
    """One row as a source: its text, and its other columns as facts."""
    text = values.get(column, "")
    if not text.strip():
        return EmptyFileError("The row has no text.", hint="Fill its text column, or take the row out.")
    try:
        source = read_html(text.encode("utf-8", "replace")) if _MARKUP.search(text) else Source(normal_lines(text))
    except GknlpError as error:
        return error
    facts: dict[str, tuple[Found, ...]] = dict(source.facts)
    for name, value in values.items():
        meaning = MEANING.get(name.strip().lower())
        if name != column and meaning and value.strip():
            facts[meaning] = (*facts.get(meaning, ()), Found(value.strip(), f"column {name}"))
    notes = source.warnings
    if len(text) >= _EXCEL_LIMIT and len(text) - _EXCEL_LIMIT < 2:
        notes = (*notes, warning("CutOff", f"The text ends at Excel's limit of {_EXCEL_LIMIT} characters per cell.",
                                 "Read the report from its own file."))
    return replace(source, facts=facts, warnings=notes)

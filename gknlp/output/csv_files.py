"""The tables of a run as CSV files with a codebook, for Excel, R, Stata and whatever reads no Parquet.

Files are UTF-8 with a byte order mark, which is how Excel knows Chinese letters, with commas and Windows line ends.
Texts are made safe for a spreadsheet unless `raw` is asked for: see `write_csv`.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from gknlp.errors import OutputError
from gknlp.failures import tell_failure
from gknlp.output.catalogue import CATALOGUE_COLUMNS, measure_rows
from gknlp.output.excel import FORMULA_STARTS, excel_text
from gknlp.output.labels import LABELS, codebook_entry, words_in
from gknlp.output.tables import TABLES, columns_of, table_batches
from gknlp.resources import load_toml

CODEBOOK = "codebook"
MEASURES_CODEBOOK = "measures_codebook"
CODEBOOK_COLUMNS = (
    "table", "row_zh", "row_en", "column", "type", "may_be_empty", "header_zh", "header_en", "meaning_zh", "meaning_en",
    "unit", "source", "values",
)
TYPES = {"str": "text", "int": "whole number", "float": "number", "bool": "true or false"}
# Columns that only the CSV files have, behind those of the table: what the English ones say, in Chinese.
MORE = {"failures": ("message_zh", "hint_zh")}
# Rows held in memory at a time.
BATCH = 10_000


def write_csv(
    run: str | Path, out: str | Path, *, raw: bool = False, progress: Callable[[str, int, int], None] | None = None
) -> list[Path]:
    """Write every table of the run folder `run`, `codebook.csv` and `measures_codebook.csv` into the folder `out`.

    Returns the files. Rows and columns stand in the order of the run; `failures.csv` has what happened and what to do
    in Chinese besides.
    Null and empty text are both an empty cell; booleans are `true` and `false`; numbers are written in full. With `raw`
    texts are exactly those of the tables. Without, they are as in `report.xlsx`: controls and direction marks shown by
    number, cut at Excel's limit with a visible mark, and a text that begins like a formula gets `'` in front. A file of
    the same name is replaced. OutputError where `run` is no run or a file cannot be written. Cost: linear; 10,000 rows
    are in memory at a time.
    """
    cut = words_in("zh")("word", "cut")
    target = Path(out)
    made = []
    try:
        target.mkdir(parents=True, exist_ok=True)
        for number, name in enumerate(TABLES, start=1):
            made.append(target / f"{name}.csv")
            kinds = [kind.rstrip("?") for _, kind in csv_columns(name)]
            with made[-1].open("w", encoding="utf-8-sig", newline="") as stream:
                writer = csv.writer(stream)
                writer.writerow([column for column, _ in csv_columns(name)])
                for rows in table_batches(run, name, BATCH):
                    writer.writerows(_cells(_with_more(name, row), kinds, None if raw else cut) for row in rows)
            if progress is not None:
                progress("csv", number, len(TABLES))
        for name, columns, lines in (
            (CODEBOOK, CODEBOOK_COLUMNS, codebook_rows()), (MEASURES_CODEBOOK, CATALOGUE_COLUMNS, measure_rows()),
        ):
            made.append(target / f"{name}.csv")
            with made[-1].open("w", encoding="utf-8-sig", newline="") as stream:
                book = csv.DictWriter(stream, columns)
                book.writeheader()
                book.writerows(lines)
    except OSError as error:
        raise OutputError(
            f"{error.filename or target} cannot be written: {error.strerror or error}.",
            hint="Close programs that hold the file open (Excel), or choose another -o.",
        ) from error
    return made


def csv_columns(table: str) -> list[tuple[str, str]]:
    """The columns of a table's CSV file with their types: those of the table, then those that only the file has."""
    return [*TABLES[table], *((column, "str") for column in MORE.get(table, ()))]


def codebook_rows() -> list[dict[str, str]]:
    """Every column of every table: what a row of the table is, type, header, meaning, unit, source, ids with labels.

    In the order of the tables. `values` lists the ids that a column may hold, `id = Chinese / English`, where they are
    a closed list, and the keys of a column of `key=value` pairs.
    """
    words = load_toml(LABELS)
    rows = []
    for table in TABLES:
        about = words["table"][table]
        for column, kind in csv_columns(table):
            entry = codebook_entry(table, column)
            group = entry.get("values") or entry.get("keys")
            labels: Mapping[str, Any] = words[group] if group else {}
            rows.append({
                "table": table, "row_zh": about["zh"], "row_en": about["en"], "column": column,
                "type": TYPES[kind.rstrip("?")], "may_be_empty": "true" if kind.endswith("?") else "false",
                "header_zh": entry["zh"], "header_en": entry["en"], "meaning_zh": entry["meaning"],
                "meaning_en": entry["meaning_en"], "unit": entry["unit"], "source": entry["source"],
                "values": "; ".join(f"{name} = {label['zh']} / {label['en']}" for name, label in labels.items()),
            })
    return rows


def _with_more(table: str, row: Sequence[Any]) -> Sequence[Any]:
    """The row of a table with the values of its columns in `MORE`."""
    if table not in MORE:
        return row
    item = dict(zip(columns_of(table), row, strict=True))
    told = tell_failure(str(item["error"]), str(item["message"]), str(item["hint"]), "zh")
    return (*row, told.what, told.advice)


def _cells(row: Iterable[object], kinds: Sequence[str], cut: str | None) -> list[object]:
    """The cells of a row; texts are made safe where there is a mark for what is cut."""
    cells: list[object] = []
    for value, kind in zip(row, kinds, strict=True):
        if value is None:
            cells.append("")
        elif kind == "bool":
            cells.append("true" if value else "false")
        elif kind == "str" and cut is not None:
            text = excel_text(str(value), cut)
            cells.append(f"'{text}" if text.startswith(FORMULA_STARTS) else text)
        else:
            cells.append(value)
    return cells

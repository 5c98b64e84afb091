"""The tables of a run folder: one declared schema per table, one parquet file per table.

The schema is plain data, so that every stage, engine and document can read it without loading pyarrow. A type ends in
`?` where the column may be null; null is unknown or not applicable, never a stand-in for a value. Offsets (`start`,
`end` and their kin) index code points of the report's text, lower bound inclusive, upper bound exclusive.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gknlp.errors import OutputError

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

Rows = Mapping[str, Sequence[Mapping[str, Any]]]
"""What the writers of this package take: for each table its rows as mappings with the columns of `TABLES`."""


def _columns(declared: str) -> tuple[tuple[str, str], ...]:
    """`a:str b:int?` as pairs of column name and type."""
    return tuple((name, kind) for name, _, kind in (item.partition(":") for item in declared.split()))


# Types: str, int (64 bit), float (64 bit), bool; `?` allows null. `reports.aliases`, `conflicts` and `evidence`,
# `cells.alternatives`, `checks.cells` and `flags.evidence` hold JSON.
TABLES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "reports": _columns(
        "report_id:str path:str sha256:str kind:str reason:str? title:str? agency:str? agency_id:str? "
        "agency_id_alone:str? aliases:str? superior:str? region:str? level:str? function:str? year:int? form:str? "
        "published:str? url:str? duplicate_of:str? reference:bool n_chars:int? n_narrative:int? conflicts:str? "
        "evidence:str?"
    ),
    "pages": _columns("report_id:str page:int start:int end:int"),
    "texts": _columns("report_id:str text:str"),
    "failures": _columns("path:str stage:str error:str message:str hint:str year:int?"),
    "spans": _columns("report_id:str start:int end:int kind:str reason:str?"),
    "sections": _columns(
        "report_id:str order:int section:str heading:str? heading_start:int? start:int end:int has_table:bool "
        "by:str? score:float?"
    ),
    "subheadings": _columns(
        "report_id:str order:int section:str section_order:int? level:int parent:int? text:str start:int end:int "
        "topic:str?"
    ),
    "units": _columns(
        "report_id:str order:int start:int end:int text:str section:str section_order:int role:str role_score:float? "
        "abstained:bool specificity:int? formulaic:bool formulaic_score:float? by:str?"
    ),
    "slots": _columns("report_id:str unit_order:int slot:str start:int end:int value:str"),
    "themes": _columns("report_id:str unit_order:int theme:str score:float?"),
    "cells": _columns(
        "report_id:str table:int form:str block:str row:str column:str value:float? raw:str state:str "
        "alternatives:str? start:int? end:int?"
    ),
    "checks": _columns(
        "report_id:str rule:str scope:str? state:str expected:str? found:str? cells:str? fault:str? message:str"
    ),
    "claims": _columns(
        "report_id:str start:int end:int text:str number:float unit:str target:str? expected:float? verdict:str "
        "nearest:str?"
    ),
    "links": _columns("report_id:str problem_order:int plan_order:int score:float?"),
    "follow": _columns(
        "agency:str? year:int? kind:str report_id:str start:int end:int text:str verdict:str next_report_id:str? "
        "evidence_start:int? evidence_end:int? evidence:str? score:float?"
    ),
    "keywords": _columns("report_id:str section:str? term:str score:float method:str rank:int"),
    "passages": _columns(
        "passage_id:str a_report:str a_start:int a_end:int b_report:str b_start:int b_end:int level:str kind:str "
        "direction:str score:float n_chars:int"
    ),
    "pairs": _columns(
        "a_report:str b_report:str n_passages:int a_shared:int a_counted:int a_excluded:int b_shared:int "
        "b_counted:int b_excluded:int"
    ),
    "changes": _columns("passage_id:str order:int kind:str a_start:int a_end:int b_start:int b_end:int"),
    "clusters": _columns("cluster_id:str report_id:str shape:str role:str"),
    "composition": _columns(
        "report_id:str section:str? section_order:int? formula:float? own_past:float? template:float? peer:float? "
        "own:float? n_chars:int?"
    ),
    "measures": _columns("report_id:str section:str? measure:str value:float? reference:str? n:int? note:str?"),
    "flags": _columns("flag_id:str report_id:str flag:str severity:str reason:str evidence:str?"),
    "verdicts": _columns(
        "key:str verdict:str note:str? decided:str? flag:str? agency:str? year:int? reason:str? flag_id:str? "
        "report_id:str? applies:bool"
    ),
}


def columns_of(table: str) -> tuple[str, ...]:
    """The column names of a table, in order; OutputError if there is no such table."""
    return tuple(name for name, _ in _declared(table))


def write_tables(folder: Path, rows: Mapping[str, Sequence[Sequence[Any] | Mapping[str, Any]]]) -> None:
    """Write `folder/tables/NAME.parquet` for every table of `TABLES`; a table without rows is written empty.

    A row is a mapping, or a sequence in the order of the columns; a mapping may leave out columns that may be null.
    Rows keep their order, and equal rows give equal bytes (one pyarrow version). OutputError names the table and column
    that is unknown, missing or of the wrong type. Cost: linear; one table is in memory at a time.
    """
    import pyarrow.parquet as pq

    unknown = sorted(set(rows) - set(TABLES))
    if unknown:
        raise OutputError(f"No table is called {unknown[0]}.", hint=f"There are: {', '.join(TABLES)}.")
    target = Path(folder) / "tables"
    target.mkdir(parents=True, exist_ok=True)
    for name in TABLES:
        table = arrow_table(name, rows.get(name, ()))
        pq.write_table(table, target / f"{name}.parquet", compression="zstd", version="2.6", row_group_size=1 << 20)


def arrow_schema(table: str) -> pa.Schema:
    """The declared schema of a table for pyarrow."""
    import pyarrow as pa

    made = {"str": pa.string(), "int": pa.int64(), "float": pa.float64(), "bool": pa.bool_()}
    return pa.schema([
        pa.field(name, made[kind.rstrip("?")], nullable=kind.endswith("?")) for name, kind in _declared(table)
    ])


def arrow_table(table: str, rows: Sequence[Sequence[Any] | Mapping[str, Any]]) -> pa.Table:
    """Rows of a table as a pyarrow table with the declared schema; see `write_tables` for what is refused."""
    import pyarrow as pa

    schema = arrow_schema(table)
    columns = _by_column(table, rows)
    arrays = []
    for (name, kind), values in zip(_declared(table), columns, strict=True):
        if not kind.endswith("?") and None in values:
            raise OutputError(
                f"Table {table}: {name} is null in row {values.index(None)}.", hint="This column may not be null."
            )
        try:
            arrays.append(pa.array(values, type=schema.field(name).type))
        except (pa.ArrowException, UnicodeError, TypeError, ValueError, OverflowError) as error:
            message = f"Table {table}, column {name} ({kind}): {error}"
            raise OutputError(message, hint="Mend the value named.") from error
    return pa.Table.from_arrays(arrays, schema=schema)


def read_table(folder: str | Path, name: str) -> pd.DataFrame:
    """A table of a run folder as DataFrame: whole numbers `Int64`, booleans `boolean`, texts str or None.

    Row order is that of the file. OutputError if there is no such table or the folder is no run.
    """
    import pandas as pd
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = _file_of(folder, name)
    try:
        table = pq.read_table(path)
    except (pa.ArrowException, OSError) as error:
        raise _unreadable(path, error) from error
    mapper = {pa.int64(): pd.Int64Dtype(), pa.bool_(): pd.BooleanDtype()}
    frame: pd.DataFrame = table.to_pandas(types_mapper=mapper.get)
    for field in table.schema:
        if field.type == pa.string():
            frame[field.name] = pd.Series(table[field.name].to_pylist(), dtype=object, index=frame.index)
    return frame


def table_batches(folder: str | Path, name: str, size: int) -> Iterator[list[tuple[Any, ...]]]:
    """The rows of a table of a run folder as tuples of plain values, null as None, `size` rows at a time, in order.

    Raises as `read_table` does. Cost: linear; one batch is in memory.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = _file_of(folder, name)
    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=size):
                yield list(zip(*(column.to_pylist() for column in batch.columns), strict=True))
    except pa.ArrowException as error:
        raise _unreadable(path, error) from error


def _file_of(folder: str | Path, name: str) -> Path:
    _declared(name)
    path = Path(folder) / "tables" / f"{name}.parquet"
    if not path.is_file():
        raise OutputError(f"{path} does not exist.", hint="Give a folder that gknlp analyze wrote.")
    return path


def _unreadable(path: Path, error: Exception) -> OutputError:
    return OutputError(f"{path} cannot be read: {error}", hint="Run gknlp analyze again.")


def table_records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a DataFrame as mappings with plain values, null as None; an empty frame gives an empty list."""
    plain = frame.astype(object).where(frame.notna(), None)
    return [{str(name): value for name, value in item.items()} for item in plain.to_dict("records")]


def _by_column(table: str, rows: Sequence[Sequence[Any] | Mapping[str, Any]]) -> list[list[Any]]:
    names = columns_of(table)
    known = set(names)
    columns: list[list[Any]] = [[] for _ in names]
    for number, item in enumerate(rows):
        if isinstance(item, Mapping):
            _refuse_unknown(table, item, known)
            values: Iterable[Any] = [item.get(name) for name in names]
        else:
            if len(item) != len(names):
                raise OutputError(
                    f"Table {table}: row {number} has {len(item)} values.", hint=f"Its columns are {', '.join(names)}."
                )
            values = item
        for column, value in zip(columns, values, strict=True):
            column.append(value)
    return columns


def _declared(table: str) -> tuple[tuple[str, str], ...]:
    try:
        return TABLES[table]
    except KeyError:
        raise OutputError(f"No table is called {table}.", hint=f"There are: {', '.join(TABLES)}.") from None


def _refuse_unknown(table: str, given: Mapping[str, Any], known: set[str]) -> None:
    unknown = [name for name in given if name not in known]
    if unknown:
        raise OutputError(
            f"Table {table} has no column {unknown[0]}.", hint=f"Its columns are {', '.join(columns_of(table))}."
        )


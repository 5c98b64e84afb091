"""The tables of a run folder: schema, bytes, and what is refused."""

import pandas as pd
import pyarrow.parquet as pq
import pytest
from output_sample import sample_rows

from gknlp.errors import OutputError
from gknlp.output.labels import codebook_entry
from gknlp.output.tables import TABLES, columns_of, read_table, table_records, write_tables

UNIT = {
    "report_id": "r1", "order": 0, "start": 0, "end": 2, "text": "公开", "section": "overview", "section_order": 1,
    "role": "plan", "role_score": 0.5, "abstained": False, "specificity": None, "formulaic": True,
    "formulaic_score": None, "by": "cue:a",
}


def test_every_table_is_written_and_an_empty_one_has_its_schema(tmp_path):
    write_tables(tmp_path, {"units": [UNIT]})
    assert sorted(path.stem for path in (tmp_path / "tables").iterdir()) == sorted(TABLES)
    for name in TABLES:
        schema = pq.read_schema(tmp_path / "tables" / f"{name}.parquet")
        assert tuple(schema.names) == columns_of(name)
        assert [field.nullable for field in schema] == [kind.endswith("?") for _, kind in TABLES[name]]
    assert len(read_table(tmp_path, "flags")) == 0


def test_rows_come_back_as_they_were_with_null_kept_apart_from_zero(tmp_path):
    write_tables(tmp_path, {"units": [UNIT, {**UNIT, "order": 1, "specificity": 0}]})
    frame = read_table(tmp_path, "units")
    assert table_records(frame) == [UNIT, {**UNIT, "order": 1, "specificity": 0}]
    assert str(frame.specificity.dtype) == "Int64"
    assert str(frame.formulaic.dtype) == "boolean"
    assert frame.text.dtype == object
    assert type(frame.text[0]) is str


def test_a_sequence_in_the_order_of_the_columns_is_a_row_too(tmp_path):
    write_tables(tmp_path, {"pages": [("r1", 1, 0, 5), {"report_id": "r1", "page": 2, "start": 5, "end": 9}]})
    assert read_table(tmp_path, "pages").values.tolist() == [["r1", 1, 0, 5], ["r1", 2, 5, 9]]


def test_a_plain_reader_gets_what_the_scorer_expects(tmp_path):
    write_tables(tmp_path, sample_rows())
    reports = pd.read_parquet(tmp_path / "tables" / "reports.parquet")
    assert [int(year == 2023) for year in reports.year] == [1, 1, 0, 0, 0, 1]
    units = pd.read_parquet(tmp_path / "tables" / "units.parquet")
    assert [int(grade) for grade in units.specificity if not pd.isna(grade)] == [3, 1, 3]
    cells = pd.read_parquet(tmp_path / "tables" / "cells.parquet")
    assert (cells.block[0] or "", float(cells.value[0])) == ("", 5.0)


def test_equal_rows_give_equal_bytes(tmp_path):
    for name in ("one", "two"):
        write_tables(tmp_path / name, sample_rows())
    for name in TABLES:
        one, two = (tmp_path / side / "tables" / f"{name}.parquet" for side in ("one", "two"))
        assert one.read_bytes() == two.read_bytes()


@pytest.mark.parametrize(("rows", "named"), [
    ({"unit": []}, "unit"),  # no such table
    ({"pages": [{"report_id": "r", "page": 1, "start": 0, "end": 1, "colour": 1}]}, "colour"),  # no such column
    ({"pages": [{"report_id": "r", "page": 1, "start": 0}]}, "end"),  # a column that may not be null is missing
    ({"pages": [("r", 1, 0)]}, "row 0"),  # too few values
    ({"pages": [("r", "one", 0, 1)]}, "page"),  # wrong type
    ({"texts": [("r", "\ud800")]}, "text"),  # a lone surrogate cannot be stored
])
def test_what_does_not_fit_the_schema_is_refused_by_name(tmp_path, rows, named):
    with pytest.raises(OutputError, match=named):
        write_tables(tmp_path, rows)


def test_a_folder_that_is_no_run_is_refused(tmp_path):
    with pytest.raises(OutputError, match=r"reports\.parquet"):
        read_table(tmp_path, "reports")
    with pytest.raises(OutputError, match="No table is called x"):
        read_table(tmp_path, "x")


def test_every_column_is_described_in_the_codebook():
    for table in TABLES:
        for column in columns_of(table):
            entry = codebook_entry(table, column)
            described = set(entry) - {"values", "keys"}
            assert described == {"zh", "en", "meaning", "meaning_en", "unit", "source"}, (table, column)
            assert entry["zh"], (table, column)
            assert entry["meaning_en"], (table, column)

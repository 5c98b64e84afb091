"""CSV of every table, safe in a spreadsheet, and the codebook that says what each column means."""

import csv
import json
import re

import pandas as pd
import pytest
from output_sample import HOSTILE, INFO, TEXT_A, sample_rows
from typer.testing import CliRunner

from gknlp import notes
from gknlp.cli import app
from gknlp.errors import OutputError
from gknlp.output.catalogue import CATALOGUE_COLUMNS, describe_measure, measure_rows
from gknlp.output.csv_files import CODEBOOK_COLUMNS, codebook_rows, csv_columns, write_csv
from gknlp.output.excel import MAX_CELL
from gknlp.output.run import Run
from gknlp.output.tables import TABLES, columns_of, table_batches, write_tables
from gknlp.resources import load_toml

ATTACKS = ("=HYPERLINK(\"http://x\")", "+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "\tx", "\r=1", "\n=1", "＝1+1", "－2")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("run")
    rows = sample_rows()
    rows["failures"] += [
        {"path": attack, "stage": "read", "error": "E", "message": "m", "hint": "-1"} for attack in ATTACKS
    ]
    rows["texts"].append({"report_id": "long", "text": "字" * (MAX_CELL + 1)})
    write_tables(made, rows)
    (made / "run.json").write_text(json.dumps(INFO), encoding="utf-8")
    return made


def read(path):
    csv.field_size_limit(1 << 20)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_every_table_is_a_file_with_the_columns_in_order(folder, tmp_path):
    made = write_csv(folder, tmp_path / "表格")
    assert [path.name for path in made] == [
        *(f"{table}.csv" for table in TABLES), "codebook.csv", "measures_codebook.csv",
    ]
    assert all(path.read_bytes().startswith(b"\xef\xbb\xbf") for path in made)
    for table in TABLES:
        header = (tmp_path / "表格" / f"{table}.csv").read_bytes().split(b"\r\n")[0].decode("utf-8-sig")
        assert header == ",".join(column for column, _ in csv_columns(table))
    assert [column for column, _ in csv_columns("failures")][-2:] == ["message_zh", "hint_zh"]


def test_values_are_those_of_the_tables(folder, tmp_path):
    write_csv(folder, tmp_path)
    rows = read(tmp_path / "units.csv")
    unit = next(row for row in rows if row["text"].startswith("下一步，我局将"))
    shown = (unit["report_id"], unit["specificity"], unit["abstained"], unit["role_score"])
    assert shown == ("a1", "3", "false", "0.8")
    assert next(row for row in rows if row["role"] == "problem")["specificity"] == ""
    assert read(tmp_path / "texts.csv")[0]["text"] == TEXT_A
    assert {row["value"] for row in read(tmp_path / "cells.csv")} == {"5.0", "1.0", "0.0", "7.0", "2.0", ""}


def test_raw_files_give_the_tables_back_exactly(folder, tmp_path):
    write_csv(folder, tmp_path, raw=True)
    for table in ("texts", "failures", "units", "passages"):
        rows = [row for batch in table_batches(folder, table, 3) for row in batch]
        back = read(tmp_path / f"{table}.csv")
        assert len(back) == len(rows)
        for given, row in zip(back, rows, strict=True):
            kinds = [kind.rstrip("?") for _, kind in TABLES[table]]
            for column, value, kind in zip(columns_of(table), row, kinds, strict=True):
                text = given[column]
                if kind == "str":
                    assert text == (value or "")
                elif value is not None:
                    assert text.lower() == str(value).lower()


def test_no_text_is_a_formula_to_a_spreadsheet(folder, tmp_path):
    write_csv(folder, tmp_path)
    rows = read(tmp_path / "failures.csv")[1:]
    # A carriage return is a control, shown by number; the others keep their text behind the mark.
    assert [row["path"] for row in rows] == [
        "[U+000D]=1" if attack == "\r=1" else f"'{attack}" for attack in ATTACKS
    ]
    assert {row["hint"] for row in rows} == {"'-1"}
    told = read(tmp_path / "failures.csv")[0]
    assert (told["message_zh"], told["hint_zh"]) == (
        "文件损坏，或者内容与扩展名不符。", "从来源重新下载；能打开的，另存后再读入。",
    )
    for table in TABLES:
        kinds = dict(csv_columns(table))
        for row in read(tmp_path / f"{table}.csv"):
            for column, text in row.items():
                if kinds[column].startswith("str"):
                    assert not text.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
                assert "\u202e" not in text
    assert any(HOSTILE.split("\u202e")[0] in row["text"] for row in read(tmp_path / "texts.csv"))
    long = next(row for row in read(tmp_path / "texts.csv") if row["report_id"] == "long")["text"]
    assert len(long) == MAX_CELL
    assert long.endswith("（已截断，全文见表格文件）")


def test_the_codebook_covers_every_column_of_every_table(folder, tmp_path):
    write_csv(folder, tmp_path)
    rows = read(tmp_path / "codebook.csv")
    assert [(row["table"], row["column"]) for row in rows] == [
        (table, column) for table in TABLES for column, _ in csv_columns(table)
    ]
    assert rows == codebook_rows()
    assert tuple(rows[0]) == CODEBOOK_COLUMNS
    for row in rows:
        where = (row["table"], row["column"])
        for name in CODEBOOK_COLUMNS[:-3]:
            assert row[name], (where, name)
        assert row["source"], where
        # A meaning says more than the header does.
        assert row["meaning_zh"] != row["header_zh"], where
        assert row["meaning_en"].lower() != row["header_en"].lower(), where
    grade = next(row for row in rows if row["column"] == "specificity")
    assert grade["values"].startswith("0 = 口号或目标 / slogan or aim only; 1 = ")


def test_every_measure_has_its_definition_its_author_and_its_weakness(folder, tmp_path):
    rows = measure_rows()
    labels = load_toml("models/labels.toml")
    assert [row["measure"] for row in rows] == list(labels["measure"])
    for row in rows:
        assert tuple(row) == CATALOGUE_COLUMNS
        assert all(row.values()), row
        assert row["value"] in labels["measure_value"]
        assert row["unit"] in labels["measure_unit"]
    book = load_toml("models/measures.toml")
    assert set(book["measure"]) <= set(labels["measure"])
    by_name = {row["measure"]: row for row in rows}
    assert by_name["kt2003_r"]["by"] == "Khmelev & Teahan 2003, SIGIR"
    assert by_name["dls2017_stickiness_masked_raw"]["meaning_zh"].endswith("同一个词；含规定文字")
    with pytest.raises(KeyError, match="lsl2016"):
        describe_measure("lsl2016")
    write_csv(folder, tmp_path)
    assert read(tmp_path / "measures_codebook.csv") == rows
    assert Run(folder).measure_codebook.to_dict("records") == rows


def test_the_codebook_lists_every_key_of_a_reference_and_a_note(folder):
    columns = {(row["table"], row["column"]): row["values"] for row in codebook_rows()}
    documented = set(re.findall(r"`(\w+)", notes.__doc__ or ""))
    for column in ("reference", "note"):
        keys = {item.split(" = ")[0] for item in columns["measures", column].split("; ")}
        assert keys <= documented
        assert len(keys) > 10


def test_the_command_tells_what_measures_are(folder):
    runner = CliRunner()
    one = runner.invoke(app, ["measures", "kt2003"]).stdout
    assert one.startswith("kt2003_r  R 重复度（KT-2003）\n")
    assert "Khmelev & Teahan 2003" in one
    assert "不足: 随参照集的份数和篇幅增大" in one
    every = runner.invoke(app, ["measures", "--lang", "en"]).stdout
    assert all(f"{row['measure']}  {row['name_en']}" in every for row in measure_rows())
    every.encode("gbk")
    wrong = runner.invoke(app, ["measures", "kt2004"])
    assert wrong.exit_code == 2
    assert "no measure 'kt2004'" in wrong.stderr


def test_the_ids_of_a_closed_list_are_all_in_the_codebook(folder):
    """What the sample's columns hold is what the codebook lists."""
    keys = {("measures", "reference"), ("measures", "note")}
    listed = {
        (row["table"], row["column"]): {item.split(" = ")[0] for item in row["values"].split("; ")}
        for row in codebook_rows() if row["values"] and (row["table"], row["column"]) not in keys
    }
    assert len(listed) > 20
    run = Run(folder)
    for (table, column), names in listed.items():
        found = {str(value) for value in run[table][column].dropna()}
        if (table, column) != ("failures", "error"):
            assert found <= names, (table, column, found - names)


def test_a_run_writes_its_files_from_python_too(folder, tmp_path):
    run = Run(folder)
    assert len(run.to_csv(tmp_path)) == len(TABLES) + 2
    assert list(run.codebook["column"]) == [column for table in TABLES for column, _ in csv_columns(table)]
    assert pd.read_csv(tmp_path / "reports.csv")["year"].dropna().tolist() == [2023, 2023, 2021, 2023]


def test_the_command_writes_a_folder_and_refuses_what_is_no_run(folder, tmp_path):
    done = CliRunner().invoke(app, ["csv", str(folder), "-o", str(tmp_path / "out"), "--raw"])
    assert (done.exit_code, done.stderr) == (0, "")
    assert (tmp_path / "out" / "codebook.csv").is_file()
    assert CliRunner().invoke(app, ["csv", str(tmp_path), "-o", str(tmp_path / "b")]).exit_code == 3
    with pytest.raises(OutputError, match="reports"):
        write_csv(tmp_path, tmp_path / "c")
    (tmp_path / "d").write_text("")
    with pytest.raises(OutputError, match="cannot be written"):
        write_csv(folder, tmp_path / "d")

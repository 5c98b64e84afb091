"""The statutory forms as data, and tables read back from every shape in which reports print them."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from table_writer import SHAPES, Filled, fill, write

from gknlp.normalize import fold
from gknlp.resources import load_toml
from gknlp.tables import read_tables
from gknlp.tables.forms import (
    FORMS_FILE,
    align_rows,
    block_form,
    closest,
    crosswalk,
    form_in_force,
    likeness,
    load_forms,
)
from gknlp.tables.markup import markup_grids, pipe_grids, without_tags
from gknlp.tables.plain import plain_candidates
from gknlp.tables.solve import row_candidates
from gknlp.tables.values import make_piece, parse_value
from gknlp.types import Cell, Report

DATA = load_toml(FORMS_FILE)


def cells_of(report: Report) -> dict[tuple[int, str, str, str], Cell]:
    return {(c.table, c.block, c.row, c.column): c for c in read_tables(report)}


def read_text(text: str) -> dict[tuple[int, str, str, str], Cell]:
    return cells_of(Report("", "", "", text))


def row3(cells: dict[tuple[int, str, str, str], Cell], label: str) -> list[Cell]:
    return [cell for (table, _, row, _), cell in cells.items() if table == 3 and row.startswith(label)]


# ---- the forms -------------------------------------------------------------------------------------------------------


def test_tables_forms_have_their_rows() -> None:
    forms = load_forms()
    assert {form: len(forms.rows_of(form)) for form in ("2019", "2021")} == {"2019": 23, "2021": 25}
    assert [len([b for b in forms.blocks if b.form == f]) for f in ("2019", "2021")] == [5, 4]
    assert [form_in_force(year) for year in (2018, 2019, 2020, 2021, 2025, None)] == [
        None, "2019", "2019", "2021", "2021", None]


@pytest.mark.parametrize("kind", ["item", "applicant", "row", "group", "proceeding", "outcome"])
def test_tables_labels_are_known_by_their_examples(kind: str) -> None:
    labels = getattr(load_forms(), {"item": "items", "applicant": "applicants", "row": "rows", "group": "groups",
                                    "proceeding": "proceedings", "outcome": "outcomes"}[kind])
    for index, entry in enumerate(DATA[kind]):
        own = [label for label in labels if not label.forms or set(label.forms) & set(entry.get("forms", ()))]
        found, _ = closest(fold(entry["example"]).text, own)
        assert own[found].id == entry["id"], entry["example"]
        assert likeness(fold(entry["counter_example"]).text, labels[index]) < 1.0


@pytest.mark.parametrize("entry", DATA["block"], ids=lambda e: e["id"])
def test_tables_blocks_are_known_by_their_columns(entry: dict[str, str]) -> None:
    found = block_form([fold(entry["example"]).text], entry["row_ids"][0])
    assert found is not None
    assert (found.form, found.block) == (entry["form"], entry["block"])
    other = block_form([fold(entry["counter_example"]).text], entry["row_ids"][0])
    assert other is None or (other.form, other.block) != (entry["form"], entry["block"])


def test_tables_crosswalk_refuses_what_cannot_be_compared() -> None:
    assert crosswalk("granted", "2019", "2021") == ("granted",)
    assert crosswalk("other_result", "2019", "2021") == ("not_corrected", "not_paid", "other_other")
    assert crosswalk("other_other", "2021", "2019") is None
    assert crosswalk("documents", "2019", "2021") is None
    assert crosswalk("other_result", "2021", "2021") is None
    for rule in DATA["crosswalk"]:
        labels = {row["id"]: row["label"] for row in DATA["row"]}
        assert rule["example"] in [labels[row] for row in rule["rows"]]
        assert rule["counter_example"] not in [labels[row] for row in rule["rows"]]


def test_tables_rows_align_in_order() -> None:
    labels = load_forms().rows_of("2021")
    texts = [fold(row.label.split("/")[-1]).text for row in labels]
    assert align_rows(texts, labels) == list(range(25))
    assert align_rows(texts[:4] + texts[6:], labels) == [*range(4), *range(6, 25)]


# ---- values ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("raw", "kind", "value"), [
    ("0", "number", 0.0), ("１２", "number", 12.0), ("1,234", "number", 1234.0), ("减3", "number", -3.0),
    ("减少 12", "number", -12.0), ("增加5", "number", 5.0), ("+5", "number", 5.0), ("160.5964万元", "number", 160.5964),
    ("251000元", "number", 251000.0), ("3 件", "number", 3.0), ("1 2", "number", 12.0), ("", "blank", None),
    (" \u00a0 ", "blank", None), ("/", "blank", None), ("无", "blank", None), ("—", "blank", None),
    ("见附件", "open", None), ("约5", "open", None), ("O", "number", 0.0),
])
def test_tables_values(raw: str, kind: str, value: float | None) -> None:
    assert parse_value(raw) == (kind, value)


# ---- digits that ran together ----------------------------------------------------------------------------------------


def values(raw: str, columns: int = 7) -> list[list[float | None]]:
    pieces = [make_piece(raw, 0, len(raw))]
    return [[piece.value if piece else None for piece in row] for row in row_candidates(pieces, columns)]


def test_tables_digit_runs_are_solved_by_their_sum() -> None:
    assert values("21710000218") == [[217, 1, 0, 0, 0, 0, 218]]
    assert values("0000000") == [[0, 0, 0, 0, 0, 0, 0]]
    assert values("2000002") == [[2, 0, 0, 0, 0, 0, 2]]
    # 1+1+10, 1+11 and 11+1 all give 12: nobody can tell them apart.
    assert values("111000012") == [
        [1, 1, 10, 0, 0, 0, 12], [1, 11, 0, 0, 0, 0, 12], [11, 1, 0, 0, 0, 0, 12]]


def test_tables_adversarial_runs_end_open() -> None:
    assert values("1" * 60) == []
    text = write(fill(Random(1), "2021", 2), "digit run").text
    at = text.index("数量", text.index("本年新收")) + 2
    cells = read_text(text[:at] + "12" * 150 + text[at:])
    assert {cell.state for cell in row3(cells, "一、本年新收")} == {"uncertain"}


def test_tables_runs_without_a_sum_keep_the_kinds_of_columns() -> None:
    columns = ("上一年项目数量", "本年增/减", "处理决定数量")
    raw = "14减238"
    pieces = [make_piece(raw, 0, 2), make_piece(raw, 2, 6)]
    found = {tuple(p.raw if p else None for p in row) for row in plain_candidates(pieces, columns)}
    assert found == {("14", "减2", "38"), ("14", "减23", "8"), ("14", "减238", "")}
    raw = "291874.6万元"
    found = {tuple(p.raw if p else None for p in row)
             for row in plain_candidates([make_piece(raw, 0, len(raw))], ("采购项目数量", "采购总金额"))}
    assert ("29", "1874.6万元") in found
    assert all(right is not None and right.endswith("万元") for _, right in found)


# ---- every shape -----------------------------------------------------------------------------------------------------


def verify(filled: Filled, shape: str) -> None:
    """Every cell reads back as written, or is uncertain with the truth among the alternatives (if they are listed)."""
    report = write(filled, shape)
    cells = cells_of(report)
    assert set(cells) == set(filled.truth())
    for key, value in filled.truth().items():
        cell = cells[key]
        if shape == "digit run" and cell.state == "uncertain":
            assert cell.value is None
            assert not cell.alternatives or value in cell.alternatives, (key, value, cell)
            continue
        assert (cell.value, cell.state) in ((value, "printed"), (value, "solved")), (key, value, cell)
        assert cell.start is not None
        assert report.text[cell.start : cell.end] == cell.raw


@pytest.mark.parametrize("shape", SHAPES)
@settings(max_examples=12, deadline=None)
@given(st.randoms(use_true_random=False), st.sampled_from(["2019", "2021"]))
def test_tables_read_back_from_every_shape(shape: str, random: Random, form: str) -> None:
    verify(fill(random, form), shape)


@pytest.mark.parametrize("shape", SHAPES)
def test_tables_state_says_how_a_cell_was_read(shape: str) -> None:
    cells = cells_of(write(fill(Random(3), "2021", 2), shape))
    states = {cell.state for cell in cells.values() if cell.table == 3}
    assert states == ({"solved"} if shape == "digit run" else {"printed"})


# ---- forms mixed, cut or half filled ---------------------------------------------------------------------------------


def test_tables_blanks_marks_and_noughts_stay_apart() -> None:
    text = write(fill(Random(5), "2021", 0), "tabs").text
    lines = text.split("\n")
    at = next(i for i, line in enumerate(lines) if line.startswith("一、本年新收"))
    lines[at] = "一、本年新收政府信息公开申请数量\t5\t\t/\t无\t—\t0\t5"
    found = row3(read_text("\n".join(lines)), "一、本年新收")
    assert [(cell.value, cell.raw, cell.state) for cell in found] == [
        (5, "5", "printed"), (None, "", "blank"), (None, "/", "blank"), (None, "无", "blank"), (None, "—", "blank"),
        (0, "0", "printed"), (5, "5", "printed")]


def test_tables_each_block_keeps_its_own_form() -> None:
    old, new = fill(Random(7), "2019", 2), fill(Random(8), "2021", 2)
    mixed = write(new, "lines").text.split("三、收到和处理政府信息公开申请情况")
    other = write(old, "lines").text.split("三、收到和处理政府信息公开申请情况")
    cells = read_text(other[0] + "三、收到和处理政府信息公开申请情况" + mixed[1])
    assert {c.form for c in cells.values() if c.table == 2} == {"2019"}
    assert {c.form for c in cells.values() if c.table == 3} == {"2021"}
    assert {k: c.value for k, c in cells.items() if k[0] == 3} == {k: v for k, v in new.truth().items() if k[0] == 3}


def test_tables_without_any_table() -> None:
    assert read_tables(Report("", "", "", "")) == ()
    assert read_tables(Report("", "", "", "2016年，我局公开信息120条，收到申请3件，均予以公开。")) == ()


def test_tables_missing_tables_are_absent() -> None:
    text = write(fill(Random(9), "2021", 2), "tabs").text
    start, end = text.index("二、主动公开"), text.index("四、政府信息公开行政复议")
    cells = read_text(text[:start] + text[text.index("三、收到和处理"):end])
    assert {c.state for c in cells.values() if c.table != 3} == {"absent"}
    assert {c.state for c in cells.values() if c.table == 3} == {"printed"}


# ---- markup in the text ----------------------------------------------------------------------------------------------


def test_tables_markup_grids_place_merged_cells_and_survive_broken_tags() -> None:
    text = '<table><tr><td rowspan="2">甲</td><td colspan=2>乙</td></tr><tr><td>1<td><b>2</b></td></tr>'
    [grid] = markup_grids(text)
    assert [(c.row, c.column, c.rowspan, c.colspan, text[c.start : c.end]) for c in grid.cells] == [
        (0, 0, 2, 1, "甲"), (0, 1, 1, 2, "乙"), (1, 1, 1, 1, "1"), (1, 2, 1, 1, "2")]
    assert markup_grids("没有表格 a<b") == ()
    assert len(without_tags(text)) == len(text)


def test_tables_pipes_make_grids_without_dividers() -> None:
    text = "前文\n| 甲 | 乙 |\n|---|:-:|\n| 1 |  |\n\n后文|一个"
    [grid] = pipe_grids(text)
    assert [(c.row, c.column, text[c.start : c.end]) for c in grid.cells] == [
        (0, 0, "甲"), (0, 1, "乙"), (1, 0, "1"), (1, 1, "")]


@given(st.text(alphabet="<>/tdrable |-\n甲1\"=", max_size=80))
def test_tables_any_markup_is_survived(text: str) -> None:
    for grid in (*markup_grids(text), *pipe_grids(text)):
        assert all(0 <= c.start <= c.end <= len(text) for c in grid.cells)
    read_tables(Report("", "", "", text))

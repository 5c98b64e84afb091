"""report.xlsx: what stands in it, that it leads into the dossier, and that nothing in it is a formula."""

import zipfile

import openpyxl
import pytest
from openpyxl.utils.escape import unescape
from output_sample import HOSTILE, TEXT_A, sample_rows

from gknlp.output.dossier import write_dossier
from gknlp.output.excel import LINE_HEIGHT, MAX_CELL, MAX_LINES, excel_text, row_lines, write_excel

ATTACKS = ("=HYPERLINK(\"http://x\")", "+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "\tx", "http://evil.example", "_x0041_")


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    folder = tmp_path_factory.mktemp("excel")
    rows = sample_rows()
    write_dossier(folder, rows, {}, "zh")
    write_excel(rows, folder / "report.xlsx", "zh")
    return folder, openpyxl.load_workbook(folder / "report.xlsx")


def column(sheet, header):
    headers = [cell.value for cell in sheet[1]]
    return [row[headers.index(header)].value for row in sheet.iter_rows(min_row=2)]


def test_the_sheets_have_chinese_headers_frozen_panes_and_filters(book):
    _, sheets = book
    assert sheets.sheetnames == [
        "总览", "提示", "勾稽核对", "文表数字", "改进措施", "存在问题", "文字重合", "未能读取", "判断",
    ]
    for sheet in sheets:
        assert sheet.freeze_panes == "C2"
        assert sheet.auto_filter.ref.startswith("A1:")
        assert all(cell.value and not cell.value.isascii() for cell in sheet[1])


def test_a_row_is_as_high_as_its_longest_text_and_a_page_as_wide_as_the_sheet(book):
    _, sheets = book
    for sheet in sheets:
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert (sheet.page_setup.fitToHeight, sheet.print_title_rows) == (0, "$1:$1")
    # 60 characters of Chinese in a column 60 wide need two lines; what has no end is cut at twelve.
    assert row_lines(["字" * 60, "字" * 10], [60, 20]) == 2
    assert row_lines(["一\n二\n三" * 9], [60]) == MAX_LINES
    assert sheets["提示"].row_dimensions[2].height is None
    assert sheets["改进措施"].row_dimensions[2].height == 2 * LINE_HEIGHT


def test_checks_of_the_parts_are_told_in_words(tmp_path):
    rows = {"reports": sample_rows()["reports"][:1], "checks": [
        {"report_id": "a1", "rule": rule, "scope": scope, "state": "PASS", "expected": expected, "found": found,
         "fault": None, "message": "有", "cells": "[]"}
        for rule, scope, expected, found in (
            ("P-topic", "requests", "依申请公开", None), ("P-empty", "requests", "table", None),
            ("P-order", "report", "overview proactive", "overview proactive"), ("T4", "requests", "overview", "1"),
        )
    ]}
    write_excel(rows, tmp_path / "report.xlsx", "zh")
    sheet = openpyxl.load_workbook(tmp_path / "report.xlsx")["勾稽核对"]
    assert column(sheet, "范围") == ["依申请公开", "收到和处理政府信息公开申请情况", "全篇", "requests"]
    assert column(sheet, "应为") == ["依申请公开", "表格", "总体情况 主动公开政府信息情况", "overview"]


def test_the_content_is_that_of_the_rows(book):
    _, sheets = book
    assert column(sheets["总览"], "机关")[:3] == ["云岭县民政局", "青溪县民政局", "云岭县民政局"]
    assert column(sheets["总览"], "其他机关")[:3] == [0.1, 0.5, None]
    assert column(sheets["总览"], "可核对措施") == [1, 0, 1, 0, 0]
    assert column(sheets["提示"], "提示类型") == ["与其他机关文字重合", "表格勾稽不符", "页面文字可能被改动"]
    assert column(sheets["提示"], "依据")[1] == "表3 · 一、本年新收政府信息公开申请数量 · 总计"
    assert column(sheets["提示"], "实测准确率") == ["未测", "未测", "未测"]
    assert column(sheets["勾稽核对"], "结论") == ["不符", "无法核对", "相符"]
    assert column(sheets["改进措施"], "时限") == ["2024年6月底前", None, None]
    assert column(sheets["改进措施"], "页码") == [2, 2, None]
    assert column(sheets["存在问题"], "对应措施")[0].startswith("下一步，我局将在2024年6月底前")
    assert column(sheets["文字重合"], "甲方原文")[0] == column(sheets["文字重合"], "乙方原文")[0]
    assert column(sheets["未能读取"], "环节") == ["读取"]


def test_every_link_leads_to_a_page_of_the_dossier(book):
    folder, sheets = book
    links = [cell.hyperlink for sheet in sheets for row in sheet.iter_rows() for cell in row if cell.hyperlink]
    # Excel writes relative paths with backslashes, on every system.
    targets = [link.target.replace("\\", "/") for link in links]
    assert len(targets) == 20
    assert all((folder / target).is_file() and target.startswith("pages/") for target in targets)
    start = TEXT_A.index("126条")
    assert links[[link.location for link in links].index(f"c{start}-{start + 4}")].target == "pages\\a1.html"


def test_text_of_reports_is_never_a_formula_or_link(tmp_path):
    rows = sample_rows()
    rows["failures"] = [
        {"path": attack, "stage": "read", "error": "E", "message": HOSTILE, "hint": attack} for attack in ATTACKS
    ]
    write_excel(rows, tmp_path / "report.xlsx", "zh")
    sheet = openpyxl.load_workbook(tmp_path / "report.xlsx")["未能读取"]
    # Excel writes a literal _x0041_ as _x005F_x0041_, which openpyxl leaves to its caller.
    assert [unescape(cell.value) for cell in sheet["A"][1:]] == list(ATTACKS)
    assert all(cell.data_type == "s" and cell.hyperlink is None for row in sheet.iter_rows(min_row=2) for cell in row
               if cell.value is not None)
    assert [cell.quotePrefix for cell in sheet["A"][1:]] == [True] * 5 + [False] * 2
    assert "[U+202E]" in sheet["G"][1].value
    with zipfile.ZipFile(tmp_path / "report.xlsx") as archive:
        for name in archive.namelist():
            assert b"<f>" not in archive.read(name)


def test_a_text_too_long_for_a_cell_is_cut_with_a_visible_mark():
    assert excel_text("字" * MAX_CELL, "…切") == "字" * MAX_CELL
    assert excel_text("字" * (MAX_CELL + 1), "…切") == "字" * (MAX_CELL - 2) + "…切"
    wide = excel_text("\U00020000" * 20_000, "…切")
    assert len(wide.encode("utf-16-le")) // 2 <= MAX_CELL
    assert wide.endswith("…切")


def test_rows_beyond_the_sheet_are_counted_in_its_last_row(tmp_path, monkeypatch):
    monkeypatch.setattr("gknlp.output.excel.MAX_ROWS", 4)
    rows = {"failures": [
        {"path": f"p{i}", "stage": "read", "error": "E", "message": "m", "hint": "h"} for i in range(5)
    ]}
    write_excel(rows, tmp_path / "r.xlsx", "zh")
    sheet = openpyxl.load_workbook(tmp_path / "r.xlsx")["未能读取"]
    left = "另有 3 行未列入，全部数据见 tables/failures.parquet"
    assert [cell.value for cell in sheet["A"]] == ["文件", "p0", "p1", left]


def test_equal_rows_give_equal_bytes_on_another_day(tmp_path, monkeypatch):
    write_excel(sample_rows(), tmp_path / "one.xlsx", "zh")
    monkeypatch.setattr("time.time", lambda: 4_000_000_000.0)
    write_excel(sample_rows(), tmp_path / "two.xlsx", "zh")
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


def test_an_empty_run_gives_sheets_with_headers_alone(tmp_path):
    write_excel({}, tmp_path / "empty.xlsx", "en")
    book = openpyxl.load_workbook(tmp_path / "empty.xlsx")
    assert book.sheetnames[0] == "Overview"
    assert all(sheet.max_row == 1 for sheet in book)

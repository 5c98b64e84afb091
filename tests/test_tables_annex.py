"""Statistics annexes of reports before 2019, read as labels and numbers from every shape they are printed in."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gknlp.tables import check_tables, find_claims, read_tables
from gknlp.tables.annex import read_annex
from gknlp.types import Cell, Grid, GridCell, Report, Section, Unit

HEAD = ("统计指标", "单位", "统计数")
ROWS = (
    ("一、主动公开情况", "——", ""),
    ("（一）主动公开政府信息数（不同渠道公开相同信息计1条）", "条", "162"),
    ("其中：主动公开规范性文件数", "条", "7"),
    ("（二）通过不同渠道公开的情况", "——", ""),
    ("1.政府公报公开数", "条", "0"),
    ("2.政府网站公开数", "条", "1,305"),
    ("二、行政复议数量", "件", "3"),
    ("（一）维持数", "件", "/"),
    ("三、收取的费用", "万元", "0.25"),
)
WANTED = [
    ("一、主动公开情况", "（一）主动公开政府信息数（不同渠道公开相同信息计1条）", "条", 162.0, "printed"),
    ("一、主动公开情况", "（一）主动公开政府信息数（不同渠道公开相同信息计1条）/其中：主动公开规范性文件数",
     "条", 7.0, "printed"),
    ("一、主动公开情况", "（二）通过不同渠道公开的情况/1.政府公报公开数", "条", 0.0, "printed"),
    ("一、主动公开情况", "（二）通过不同渠道公开的情况/2.政府网站公开数", "条", 1305.0, "printed"),
    ("二、行政复议数量", "二、行政复议数量", "件", 3.0, "printed"),
    ("二、行政复议数量", "（一）维持数", "件", None, "blank"),
    ("三、收取的费用", "三、收取的费用", "万元", 0.25, "printed"),
]
TITLE = "附件：政府信息公开情况统计表\n"
SHAPES = ("lines", "tabs", "spaces", "one line", "pipes", "tags", "glued", "grid")


def write(rows: tuple[tuple[str, str, str], ...], shape: str) -> Report:
    """A report that ends in an annex of rows written in a shape."""
    before = "某局2015年政府信息公开工作年度报告\n一、概述\n全年公开信息9条。\n" + TITLE
    lines = (HEAD, *rows)
    grids: tuple[Grid, ...] = ()
    if shape == "lines":
        body = "\n".join("\n".join(row) for row in lines)
    elif shape == "glued":
        body = "".join("".join(row) for row in lines)
    elif shape == "pipes":
        body = "\n".join(f"| {' | '.join(row)} |" for row in lines)
    elif shape == "tags":
        body = "<table>" + "".join(f"<tr>{''.join(f'<td>{c}</td>' for c in row)}</tr>" for row in lines) + "</table>"
    elif shape == "grid":
        cells, body = [], ""
        for i, row in enumerate(lines):
            for j, cell in enumerate(row):
                at = len(before) + len(body)
                cells.append(GridCell(i, j, 1, 1, at, at + len(cell)))
                body += cell + ("\t" if j < 2 else "\n")
        grids = (Grid(len(before), len(before) + len(body), tuple(cells)),)
    else:
        between, after = {"tabs": ("\t", "\n"), "spaces": ("  ", "\n"), "one line": (" ", " ")}[shape]
        body = after.join(between.join(row) for row in lines)
    report = Report("", "", "", before + body + "\n单位负责人：张某 联系电话：0000 填报日期：2016年1月5日\n")
    report = replace(report, identity=replace(report.identity, year=2015))
    return replace(report, layout=replace(report.layout, grids=grids))


def told(cells: tuple[Cell, ...]) -> list[tuple[str, str, str, float | None, str]]:
    return [(c.block, c.row, c.column, c.value, c.state) for c in cells]


def rows_of(text: str) -> list[tuple[str, str, str, float | None, str]]:
    return told(read_annex(text))


@pytest.mark.parametrize("shape", [shape for shape in SHAPES if shape != "glued"])
def test_tables_annex_is_read_in_every_shape(shape: str) -> None:
    report = write(ROWS, shape)
    cells = read_tables(report)
    assert told(cells) == WANTED
    assert {(c.table, c.form) for c in cells} == {(0, "annex")}
    assert all(report.text[c.start : c.end] == c.raw for c in cells)


def test_tables_annex_leaves_figures_open_that_run_into_the_next_number() -> None:
    rows = (*ROWS[:4],
            ("1.政府公报公开数", "条", "16"), ("2.政府网站公开数", "条", "5"), ("二、行政复议数量", "件", "3"))
    cells = read_tables(write(rows, "glued"))
    assert [(c.row.split("/")[-1], c.value, c.state, c.raw) for c in cells] == [
        ("（一）主动公开政府信息数（不同渠道公开相同信息计1条）", 162.0, "printed", "162"),
        ("其中：主动公开规范性文件数", 7.0, "printed", "7"),
        ("1.政府公报公开数", None, "uncertain", "162"),
        ("2.政府网站公开数", 5.0, "printed", "5"),
        ("二、行政复议数量", 3.0, "printed", "3"),
    ]


def test_tables_annex_passes_over_codes() -> None:
    wanted = [("", "主动公开信息数", "条", 45.0, "printed"), ("", "网站公开数", "条", 12.0, "printed"),
              ("", "申请总数", "件", 0.0, "printed")]
    before = "指标名称 代码 计量单位 2010年\n主动公开信息数 01 条 45\n网站公开数 02 条 12\n申请总数 03 件 0\n"
    behind = "指标名称 计量单位 代码 2010年\n主动公开信息数 条 01 45\n网站公开数 条 02 12\n申请总数 件 03 0\n"
    assert rows_of("附表\n" + before) == wanted
    assert rows_of("附表\n" + behind) == wanted
    for head in ("序号 指标 单位 数量", "附表\n序号\t统计指标\t单位\t数量", "序号\n指标名称\n单位\n数量"):
        assert rows_of(head + "\n1 公开数 条 4\n2 申请数 件 7\n3 诉讼数 件\n4 复议数 件 0\n") == [
            ("", "公开数", "条", 4.0, "printed"), ("", "申请数", "件", 7.0, "printed"),
            ("", "诉讼数", "件", None, "uncertain"), ("", "复议数", "件", 0.0, "printed")]
    unnamed = "指标 单位 数量\n1 公开数 条 4\n2 申请数 件 7\n3 诉讼数 件\n4 复议数 件 0\n"
    assert [row[3:] for row in rows_of(unnamed)] == [
        (4.0, "printed"), (7.0, "printed"), (None, "uncertain"), (0.0, "printed")]
    lost = before.replace("条 12", "条")
    assert rows_of("附表\n" + lost)[1] == ("", "网站公开数", "条", None, "uncertain")
    bare = rows_of("统计指标 单位 统计数\n公开数 条 3\n申请数 件 02\n复议数 件 1\n")
    assert bare[1] == ("", "申请数", "件", None, "uncertain")


def test_tables_annex_numbers_of_two_columns_stay_open() -> None:
    cells = read_annex("指标名称 单位 数量\n主动公开信息数 条 3 4\n申请数 件 1 1\n")
    assert [(c.row, c.value, c.state, c.alternatives, c.raw) for c in cells] == [
        ("主动公开信息数", None, "uncertain", (3.0, 4.0), "3 4"), ("申请数", None, "uncertain", (1.0,), "1 1")]


def test_tables_annex_columns_are_told_apart_by_their_heads() -> None:
    wanted = [("", "公开数", "万条（全市）", 23.6, "printed"), ("", "公开数", "万条（市本级）", 6.73, "printed"),
              ("", "申请数", "件（全市）", 11.0, "printed"), ("", "申请数", "件（市本级）", None, "blank")]
    assert rows_of("统计指标 单位 全市 市本级\n公开数 万条 23.60 6.73\n申请数 件 11 /\n") == wanted
    assert rows_of("统计指标 单位 全市 市本级\n公开数 万条 23.60\n申请数 件 11 2\n")[0] == (
        "", "公开数", "万条", None, "uncertain")


def test_tables_annex_units_that_ran_into_their_labels() -> None:
    assert rows_of("指标名称单位数量\n公开信息数万条 18.9\n申请数件 914\n- 4 -\n公开文件 3\n收费元 0\n") == [
        ("", "公开信息数", "万条", 18.9, "printed"), ("", "申请数", "件", 914.0, "printed"),
        ("", "公开文件", "", 3.0, "printed"), ("", "收费", "元", 0.0, "printed")]


def test_tables_annex_parts_belong_to_the_row_above_them() -> None:
    rows = rows_of("附表\n一、公开情况 （一）公开数 5 条 其中：网站 4 条 其中：公报 1 条\n"
                   "制发文件总数 3 件\n其中：规范文件 2 件\n"
                   "二、依申请公开情况 收到申请数 1 件\n")
    assert [(block, row) for block, row, *_ in rows] == [
        ("一、公开情况", "（一）公开数"), ("一、公开情况", "（一）公开数/其中：网站"),
        ("一、公开情况", "（一）公开数/其中：公报"), ("一、公开情况", "制发文件总数"),
        ("一、公开情况", "其中：规范文件"), ("二、依申请公开情况", "收到申请数")]


def test_tables_annex_goes_on_over_pages_with_its_head_again() -> None:
    head = "统计指标\n单位\n统计数\n"
    rows = rows_of(f"填报日期：2016年1月5日\n{head}（一）申请数\n件\n5\n1.当面数\n件\n2\n- 6 -\n"
                   f"{head}2.传真数\n件\n\n3.网络数\n件\n3\n")
    assert rows == [("", "（一）申请数", "件", 5.0, "printed"), ("", "（一）申请数/1.当面数", "件", 2.0, "printed"),
                    ("", "（一）申请数/2.传真数", "件", None, "blank"),
                    ("", "（一）申请数/3.网络数", "件", 3.0, "printed")]


def test_tables_annex_ends_before_the_signature() -> None:
    wanted = [("", "公开数", "条", 5.0, "printed"), ("", "申请数", "件", 2.0, "printed")]
    for end in ("某市水利局 2016 年 3 月 1 日", "某局\n2016年3月1日", "联系电话：0311 12345", "打印本页 关闭窗口 12"):
        assert rows_of(f"统计指标 单位 统计数\n公开数 条 5\n申请数 件 2\n{end}\n") == wanted


def read_tags(*rows: str) -> list[tuple[str, str, str, float | None, str]]:
    """The annex of HTML rows whose cells stand apart by "|"; `2*` before a cell is its rowspan."""
    cells = (cell for row in rows for cell in ("<tr>", *row.split("|")))
    tags = "".join(
        c if c == "<tr>" else f"<td rowspan={c[0]}>{c[2:]}</td>" if c[1:2] == "*" else f"<td>{c}</td>" for c in cells
    )
    report = Report("", "", "", f"附件：政府信息公开情况统计表<table>{tags}</table>")
    return told(read_tables(replace(report, identity=replace(report.identity, year=2012))))


def test_tables_annex_grids_with_codes_categories_and_remarks() -> None:
    coded = ("指标名称|代码|计量单位|2010年", "甲|乙|丙|1", "公开数|01|条|45", "网站数|02|条|", "申请数|03|件|3")
    assert read_tags(*coded) == [
        ("", "公开数", "条", 45.0, "printed"), ("", "网站数", "条", None, "uncertain"),
        ("", "申请数", "件", 3.0, "printed")]
    rows = ("2*公开|网站数|条|4|含微博", "公报数|条|2|", "2*申请|当面数|件||", "网络数|件|0|略")
    assert read_tags("类别|指标|单位|数量|备注", *rows) == [
        ("", "公开/网站数", "条", 4.0, "printed"), ("", "公开/公报数", "条", 2.0, "printed"),
        ("", "申请/当面数", "件", None, "blank"), ("", "申请/网络数", "件", 0.0, "printed")]
    assert read_tags("序号|项目|数量", "1|公开数|4", "2|申请数|7") == [
        ("", "公开数", "", 4.0, "printed"), ("", "申请数", "", 7.0, "printed")]


def test_tables_annex_without_a_column_of_units() -> None:
    assert rows_of("附表\n指标名称 数量\n公开数 12\n申请数 3\n") == [
        ("", "公开数", "", 12.0, "printed"), ("", "申请数", "", 3.0, "printed")]


def test_tables_annex_same_label_with_two_numbers_stays_open() -> None:
    head = "统计指标 单位 统计数\n"
    assert rows_of(head + "公开数 条 3\n其他 条 1\n其他 条 2\n") == [
        ("", "公开数", "条", 3.0, "printed"), ("", "其他", "条", None, "uncertain")]
    assert rows_of(head + "公开数 条 3\n申请数 件 1\n公开数 条 3\n")[0] == ("", "公开数", "条", 3.0, "printed")


def test_tables_annex_torn_brackets_stay_open() -> None:
    assert rows_of("统计指标 单位 统计数\n公开数（含网站 条 3\n公报） 条 4\n申请数 件 1\n复议数 件 0\n") == [
        ("", "公开数（含网站", "条", None, "uncertain"), ("", "公报）", "条", None, "uncertain"),
        ("", "申请数", "件", 1.0, "printed"), ("", "复议数", "件", 0.0, "printed")]


def test_tables_annex_units_in_labels() -> None:
    report = write((("公开信息数（条）", "", "5"), ("申请数(件)", "", "2")), "grid")
    assert told(read_tables(report)) == [
        ("", "公开信息数（条）", "条", 5.0, "printed"), ("", "申请数(件)", "件", 2.0, "printed")]


def test_tables_annex_needs_its_head() -> None:
    body = "\n".join("\t".join(row) for row in ROWS[1:3])
    assert read_annex(body) == ()
    section = Section(9, "annex", "附件：统计情况", 0, 0, len(body), True, "test", 1.0)
    assert len(read_annex(body, (), (section,))) == 2
    assert read_annex("") == ()
    assert read_annex("详见政府信息公开情况统计表。2015年共公开3条，收到申请2件，召开会议 4 次。") == ()
    assert read_annex("附表\n2015年1月5日 某局 联系电话 12345") == ()


def test_tables_annex_only_before_the_unified_forms() -> None:
    report = write(ROWS, "tabs")
    later = replace(report, identity=replace(report.identity, year=2021))
    assert [c for c in read_tables(later) if c.table == 0] == []
    assert told(read_tables(replace(report, identity=replace(report.identity, year=None)))) == WANTED


def test_tables_annex_is_no_counterpart_and_has_no_identities() -> None:
    cells = read_tables(write(ROWS, "tabs"))
    assert check_tables(cells) == ()
    text = "全年收到政府信息公开申请9件，收取费用300元，行政复议1件。"
    unit = Unit(0, 0, len(text), text, "requests", 3)
    assert {claim.verdict for claim in find_claims([unit], cells, previous=cells, year=2015)} == {"no_counterpart"}


LABEL = st.text("公开申请答复网站微博信息咨询会议培训数量", min_size=3, max_size=12).filter(lambda s: "数数" not in s)
ROW = st.tuples(LABEL, st.sampled_from(["条", "件", "次", "万元", "个", "人次"]), st.integers(0, 99_999).map(str))


@given(st.lists(ROW, min_size=2, max_size=12, unique_by=lambda row: row[0]), st.sampled_from(SHAPES), st.booleans())
@settings(max_examples=150, deadline=None)
def test_tables_annex_reads_back_or_leaves_open(
    rows: list[tuple[str, str, str]], shape: str, numbered: bool
) -> None:
    printed = tuple((f"{i}.{a}" if numbered else f"（{'一二三四五六七八九十'[i % 10]}）{a}", b, c)
                    for i, (a, b, c) in enumerate(rows, 1))
    cells = read_tables(write(printed, shape))
    by_row = {c.row.split("/")[-1]: c for c in cells}
    certain = 0
    for label, unit, number in printed:
        cell = by_row.get(label)
        if cell is not None and cell.state == "printed":
            assert (cell.column, cell.value) == (unit, float(number))
            certain += 1
        else:
            assert shape == "glued"
            assert numbered or any(a.endswith("信") and b == "件" for a, b, _ in printed)  # 信件 is a word
    assert {c.row.split("/")[-1] for c in cells if c.state == "printed"} <= {label for label, _, _ in printed}
    assert certain == len(printed) or shape == "glued"

"""Rosters: reading lists of agencies, settling identities by them, and who has not reported."""

from __future__ import annotations

import pickle
import zipfile
from datetime import date
from pathlib import Path

import pytest

from gknlp.errors import SettingsError
from gknlp.read.roster import MissingReport, Roster, RosterRow, apply_roster, find_row, load_roster, missing_reports
from gknlp.types import Found, Identity

HEADER = "机关名称,别名,曾用名,上级,地区,级别,年度,网址,发布日期,备注\n"
ROWS = (
    "沭阳县发展和改革局,县发改局、发改局,沭阳县发展和改革委员会,沭阳县人民政府,江苏省宿迁市沭阳县,县,2023,http://a."
    "gov.cn/1,2024-1-17,重点\n"
    "沭阳县教育局,,,,,县级,2023,,,\n"
)


def write(folder: Path, text: str, encoding: str = "utf-8", name: str = "roster.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_in_the_encodings_of_excel(tmp_path: Path, encoding: str) -> None:
    roster = load_roster(write(tmp_path, HEADER + ROWS, encoding))
    assert roster.rows == (
        RosterRow(
            2, "沭阳县发展和改革局", None, ("县发改局", "发改局"), ("沭阳县发展和改革委员会",), "沭阳县人民政府",
            "江苏省宿迁市沭阳县",
            "county", None, 2023, "http://a.gov.cn/1", "2024-01-17", {"备注": "重点"},
        ),
        RosterRow(3, "沭阳县教育局", level="county", year=2023, other={"备注": ""}),
    )


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_english_headers_and_separators(tmp_path: Path, separator: str) -> None:
    text = "File;Agency;Level;Note\n\na.txt;沭阳县教育局;county;x\n".replace(";", separator)
    roster = load_roster(write(tmp_path, text))
    assert roster.rows == (RosterRow(3, "沭阳县教育局", "a.txt", level="county", other={"Note": "x"}),)


def test_a_cell_with_line_breaks_keeps_the_line_of_its_start(tmp_path: Path) -> None:
    roster = load_roster(write(tmp_path, 'agency,aliases\n沭阳县教育局,"县教育局\n教育局"\n沭阳县财政局,\n'))
    assert [(row.line, row.aliases) for row in roster.rows] == [(2, ("县教育局", "教育局")), (4, ())]


def test_xlsx(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl", reason="writes the workbook of this test")
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["机关", None, "级别", "发布日期", "年度"])
    sheet.append(["沭阳县教育局", None, "县", date(2024, 1, 5), 2023])
    sheet.append([None, None, None, None, None])
    sheet.append(["沭阳县财政局", "甲", None, "2024年1月8日", None])
    book.save(tmp_path / "roster.xlsx")
    roster = load_roster(tmp_path / "roster.xlsx")
    assert [(row.line, row.agency, row.level, row.published, row.year, dict(row.other)) for row in roster.rows] == [
        (2, "沭阳县教育局", "county", "2024-01-05", 2023, {"column 2": ""}),
        (4, "沭阳县财政局", None, "2024-01-08", None, {"column 2": "甲"}),
    ]


@pytest.mark.parametrize(("text", "message"), [
    ("", "is empty"),
    ("名册一,名册二\n甲,乙\n", "no column for the agency or the file (columns: 名册一, 名册二)"),
    ("机关,级别\n", "no row below its header"),
    ("机关,单位名称\n甲局,乙局\n", "column 2 (单位名称): a second column for agency"),
    ("机关,级别\n沭阳县教育局,科级\n", "line 2, column 级别: '科级' is no level"),
    ("机关,发布日期\n沭阳县教育局,昨天\n", "line 2, column 发布日期: '昨天' is no date"),
    ("机关,年度\n沭阳县财政局,\n沭阳县教育局,二三\n", "line 3, column 年度: '二三' is no year"),
    ("机关,级别\n,县\n", "line 2: neither agency nor file"),
    ("机关,级别\n沭阳县教育局,县,多\n", "line 2: 3 cells under 2 headers"),
])
def test_errors_name_line_and_column(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_roster(write(tmp_path, text))
    assert message in caught.value.message
    assert caught.value.hint


def test_what_is_no_table(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        load_roster(tmp_path / "none.csv")
    (tmp_path / "a.xlsx").write_bytes(b"PK no zip")
    with pytest.raises(SettingsError, match="no workbook"):
        load_roster(tmp_path / "a.xlsx")
    with zipfile.ZipFile(tmp_path / "b.xlsx", "w") as archive:
        archive.writestr("x", "y")
    with pytest.raises(SettingsError, match="no workbook"):
        load_roster(tmp_path / "b.xlsx")


@pytest.fixture
def roster(tmp_path: Path) -> Roster:
    return load_roster(write(tmp_path, HEADER + ROWS))


READ = Identity(
    agency="沭阳县发改局", agency_id="江苏省宿迁市沭阳县发改局", aliases=("县发改局",), level="county", year=2023,
        published="2024-01-17",
    evidence={"agency": (Found("沭阳县发改局", "title", 0, 6),)},
)


def test_an_alias_is_settled_without_a_mismatch(roster: Roster) -> None:
    found = apply_roster(READ, "x/a.txt", roster)
    assert (found.agency, found.agency_id) == ("沭阳县发展和改革局", "江苏省宿迁市沭阳县发展和改革局")
    assert (found.superior, found.region, found.url) == ("沭阳县人民政府", "江苏省宿迁市沭阳县", "http://a.gov.cn/1")
    assert found.function == "development_reform"
    assert {"县发改局", "发改局", "沭阳县发展和改革委员会", "沭阳县发改局"} <= set(found.aliases)
    assert list(found.aliases) == sorted(found.aliases, key=lambda name: (-len(name), name))
    assert found.conflicts == ()
    assert found.evidence["agency"] == (Found("沭阳县发展和改革局", "roster line 2"), Found("沭阳县发改局", "title", 0,
        6))


def test_a_predecessor_becomes_the_agency_of_today(roster: Roster) -> None:
    old = Identity(agency="沭阳县发展和改革委员会", year=2023)
    found = apply_roster(old, "a.txt", roster)
    assert (found.agency, found.conflicts) == ("沭阳县发展和改革局", ())
    assert "沭阳县发展和改革委员会" in found.aliases


def test_mismatches_are_named(roster: Roster) -> None:
    read = Identity(agency="沭阳县发展和改革局", level="city", published="2024-02-01", superior="宿迁市人民政府",
        year=2022)
    assert apply_roster(read, "a.txt", roster).conflicts == (
        "名册（第2行）写上级为沭阳县人民政府，报告为宿迁市人民政府。",
        "名册（第2行）写级别为county，报告为city。",
        "名册（第2行）写发布日期为2024-01-17，报告为2024-02-01。",
        "名册（第2行）写年度为2023，报告为2022。",
    )
    assert apply_roster(read, "a.txt", roster).year == 2022


def test_the_file_decides_over_the_name(tmp_path: Path) -> None:
    roster = load_roster(write(tmp_path, "文件,机关,年度\nin/3.txt,沭阳县财政局,2020\n"))
    found = apply_roster(Identity(agency="沭阳县教育局"), "data/in/3.txt", roster)
    assert (found.agency, found.year) == ("沭阳县财政局", 2020)
    assert found.conflicts == ("名册（第2行）写机关为沭阳县财政局，报告为沭阳县教育局。",)
    assert apply_roster(Identity(agency="沭阳县教育局"), "data/in/13.txt", roster).agency == "沭阳县教育局"
    unnamed = apply_roster(Identity(), "3.zip!/in/3.txt", roster)
    assert (unnamed.agency, unnamed.conflicts) == ("沭阳县财政局", ())


def test_several_rows_of_one_name(tmp_path: Path) -> None:
    text = "机关,别名,年度,网址\n沭阳县教育局,,2021,u1\n沭阳县教育局,,2022,u2\n"
    text += "沭阳县财政局,县局,,u3\n沭阳县民政局,县局,,u4\n"
    roster = load_roster(write(tmp_path, text))
    assert apply_roster(Identity(agency="沭阳县教育局", year=2022), "a", roster).url == "u2"
    open_question = apply_roster(Identity(agency="县局"), "a", roster)
    assert (open_question.agency, open_question.conflicts) == ("县局", ("名册第4、5行都可能是本报告的机关，未采用。",))


def test_who_is_not_listed_stays_as_read(roster: Roster) -> None:
    stranger = Identity(agency="沭阳县司法局")
    assert apply_roster(stranger, "a.txt", roster) == stranger
    assert find_row(Identity(), "a.txt", roster) == (None, None)


def test_missing_reports(roster: Roster) -> None:
    education = MissingReport(3, "沭阳县教育局", 2023)
    assert missing_reports(roster, [(READ, "a.txt")]) == [education]
    assert missing_reports(roster, []) == [MissingReport(2, "沭阳县发展和改革局", 2023), education]
    last_year = Identity(agency="沭阳县教育局", year=2022)
    letter = Identity(kind="other", agency="沭阳县教育局", year=2023)
    assert missing_reports(roster, [(READ, "a.txt"), (last_year, "b.txt"), (letter, "c.txt")]) == [education]
    assert missing_reports(roster, [(READ, "a.txt"), (Identity(agency="沭阳县教育局", year=2023), "b.txt")]) == []


def test_rosters_reach_workers(roster: Roster) -> None:
    assert pickle.loads(pickle.dumps(roster)) == roster

"""Files of every kind through the front door: names that lie, archives, tables of reports, demonstration 6."""

import io
import json
import os
import zipfile
from pathlib import Path

import docx
import openpyxl
import pandas
import pytest

from gknlp.errors import (
    DamagedFileError,
    EmptyFileError,
    EncryptedFileError,
    ScannedFileError,
    SettingsError,
    UnsupportedFormatError,
)
from gknlp.read import find_files, read_report, read_reports
from gknlp.settings import ReadSettings
from gknlp.types import Failure, Report

SHARED = Path(__file__).resolve().parents[2] / "shared"
TEXT = (
    "青石县水务局2020年政府信息公开工作年度报告\n一、总体情况\n2020年，我局认真贯彻落实条例，全年主动公开政府信息126条，"
    "其中通过政府网站公开98条，微信公众号公开28条。\n二、主动公开政府信息情况\n略。\n三、存在的主要问题及改进情况\n"
    "公开的及时性有待提高，下一步将加强培训。\n"
)
PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + bytes(range(256)) * 4


def write(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def docx_bytes(text=TEXT):
    document = docx.Document()
    for line in text.split("\n"):
        document.add_paragraph(line)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def zipped(members, compression=zipfile.ZIP_DEFLATED):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


def outcome(path, **limits):
    found = read_reports(path, settings=ReadSettings(**limits))
    assert len(found) == 1
    return found[0]


def test_a_folder_of_bad_files_ends_as_reports_and_named_failures(tmp_path):
    write(tmp_path / "假.pdf", PNG)
    write(tmp_path / "空.docx", b"")
    write(tmp_path / "老 系统 2020.txt", TEXT.encode("gb18030"))
    write(tmp_path / "代理.txt", (TEXT + "\ud800甲\0").encode("utf-8", "surrogatepass"))
    write(tmp_path / "路径 有空格" / "报告 1.txt", TEXT)
    write(tmp_path / ".hidden" / "a.txt", TEXT)
    write(tmp_path / "~$报告.docx", b"x")
    files = find_files([tmp_path])
    assert [file.relative_to(tmp_path).as_posix() for file in files] == [
        "代理.txt", "假.pdf", "空.docx", "老 系统 2020.txt", "路径 有空格/报告 1.txt",
    ]
    found = {file.name: outcome(file) for file in files}
    assert {name: type(result) for name, result in found.items()} == {
        "代理.txt": Report, "假.pdf": Failure, "空.docx": Failure, "老 系统 2020.txt": Report, "报告 1.txt": Report,
    }
    assert (found["假.pdf"].error, found["空.docx"].error) == ("DamagedFileError", "EmptyFileError")
    assert "PNG image" in found["假.pdf"].message
    assert found["老 系统 2020.txt"].text == TEXT
    assert found["代理.txt"].text == TEXT + "\ufffd甲\ufffd"
    assert [w.error for w in found["代理.txt"].warnings] == ["UnreadableCharacters"]
    assert found["代理.txt"].warnings[0].path == found["代理.txt"].path
    assert all(r.hint and r.path and r.stage == "read" for r in found.values() if isinstance(r, Failure))


def test_thirty_megabytes_on_one_line_are_read(tmp_path):
    path = write(tmp_path / "long.txt", "政府信息公开工作，" * 1_111_111)
    assert isinstance(outcome(path, max_chars=20_000_000), Report)
    too_long = outcome(path, max_chars=1_000_000)
    assert isinstance(too_long, Failure)
    assert (too_long.error, "9999999 characters" in too_long.message) == ("TooLargeError", True)


def test_the_id_depends_on_the_content_and_not_on_the_name(tmp_path):
    first = read_report(write(tmp_path / "a.txt", TEXT))
    second = read_report(write(tmp_path / "b.txt", TEXT))
    third = read_report(write(tmp_path / "c.txt", TEXT.replace("126", "127")))
    assert first.report_id == second.report_id != third.report_id
    assert len(first.report_id) == 16
    assert first.path == (tmp_path / "a.txt").as_posix()


@pytest.mark.parametrize(("name", "data", "error", "said"), [
    ("a.pdf", PNG, DamagedFileError, "PNG image"), ("a.png", PNG, UnsupportedFormatError, "PNG image"),
    ("a.docx", b"", EmptyFileError, "empty"), ("a.txt", b" \r\n\t", EmptyFileError, "empty"),
    ("a.txt", "\ufeff".encode(), EmptyFileError, "empty"), ("a.docx", b"PK\x03\x04rest", DamagedFileError, "directory"),
    ("a.docx", TEXT.encode(), DamagedFileError, "promises docx"),
    ("a.pdf", TEXT.encode(), DamagedFileError, "promises pdf"),
    ("a.rar", b"Rar!\x1a\x07\0" + b"x" * 50, UnsupportedFormatError, "RAR"),
    ("a.ofd", zipped({"OFD.xml": "<x/>"}), UnsupportedFormatError, "OFD"),
    ("a.pptx", zipped({"ppt/presentation.xml": "<x/>"}), UnsupportedFormatError, "pptx"),
    ("a.xls", b"\xd0\xcf\x11\xe0" + "Workbook".encode("utf-16-le"), UnsupportedFormatError, "xls"),
    ("a.docx", b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), EncryptedFileError, "password"),
    ("a.bin", bytes(range(32)) * 40, UnsupportedFormatError, "binary"),
    ("a.html", "<html><body><img src=a></body></html>", ScannedFileError, "pictures"),
    ("a.zip", zipped({}), EmptyFileError, "no file"),
])
def test_what_cannot_be_read_is_named(tmp_path, name, data, error, said):
    path = write(tmp_path / name, data)
    with pytest.raises(error, match=said) as raised:
        read_report(path)
    assert raised.value.hint
    assert raised.value.path == path.as_posix()
    failure = outcome(path)
    assert (failure.error, failure.path) == (error.__name__, path.as_posix())


def test_old_documents_without_libreoffice_say_so(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", "")
    for name, data in (("a.doc", b"\xd0\xcf\x11\xe0" + b"\0" * 600), ("a.rtf", b"{\\rtf1 x}")):
        failure = outcome(write(tmp_path / name, data))
        assert failure.error == "UnsupportedFormatError"
        assert "LibreOffice" in failure.message


@pytest.mark.skipif(os.name == "nt", reason="the stand-in for LibreOffice is a shell script")
def test_old_documents_go_through_libreoffice(tmp_path, monkeypatch):
    write(tmp_path / "ready.docx", docx_bytes())
    program = write(tmp_path / "bin" / "soffice", f'#!/bin/sh\nwhile [ "$1" != "--outdir" ]; do shift; done\n'
                                                  f'cp "{tmp_path}/ready.docx" "$2/report.docx"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    report = read_report(write(tmp_path / "a.wps", b"\xd0\xcf\x11\xe0" + b"\0" * 600))
    assert report.text == TEXT
    program.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    assert "could not convert" in outcome(tmp_path / "a.wps").message


@pytest.mark.parametrize(("name", "data"), [
    ("a.doc", f"<html><body><p>{TEXT}</p></body></html>".encode()),
    ("a.txt", f"<html><body>{TEXT}</body></html>".encode()),
    ("a.pdf", f"<!DOCTYPE html><html><body>{TEXT}</body></html>".encode()),
    ("a.doc", docx_bytes()), ("a.zip", docx_bytes()),
])
def test_a_wrong_suffix_is_a_warning(tmp_path, name, data):
    report = read_report(write(tmp_path / name, data))
    assert "全年主动公开政府信息126条" in report.text
    assert report.warnings[0].error == "SuffixMismatch"


def test_missing_files_and_folders(tmp_path):
    with pytest.raises(SettingsError, match="no file or folder"):
        find_files([tmp_path / "nothing"])
    assert outcome(tmp_path / "nothing").error == "FileNotFoundError"
    assert outcome(tmp_path).error == "UnsupportedFormatError"
    assert find_files([]) == []
    one = write(tmp_path / "a.txt", TEXT)
    assert find_files([one, tmp_path, one]) == [one]


def test_too_large_files_are_not_opened(tmp_path):
    assert outcome(write(tmp_path / "a.txt", TEXT), max_file_bytes=10).error == "TooLargeError"


def test_archives_give_their_members_and_their_failures(tmp_path):
    inner = zipped({"深/丁.txt": TEXT})
    path = write(tmp_path / "all.zip", zipped({
        "b/乙.txt": TEXT.encode("gb18030"), "a.docx": docx_bytes(), "坏.pdf": PNG, "inner.zip": inner,
        "__MACOSX/._a.docx": b"x", "b/.DS_Store": b"x", "../../evil.txt": TEXT,
    }))
    found = read_reports(path)
    assert [(r.path.removeprefix(path.as_posix()), type(r).__name__) for r in found] == [
        ("!/../../evil.txt", "Failure"), ("!/a.docx", "Report"), ("!/b/乙.txt", "Report"),
        ("!/inner.zip!/深/丁.txt", "Report"), ("!/坏.pdf", "Failure"),
    ]
    assert "outside the archive" in found[0].message
    with pytest.raises(UnsupportedFormatError, match="5 reports or files") as raised:
        read_report(path)
    assert "read_reports" in raised.value.hint


def test_names_in_gbk_are_read(tmp_path):
    data = zipped({"xx.txt": TEXT}).replace(b"xx.txt", "甲.txt".encode("gbk"))
    found = outcome(write(tmp_path / "a.zip", data))
    assert found.path.endswith("!/甲.txt")


def test_bombs_are_refused(tmp_path):
    bomb = outcome(write(tmp_path / "a.zip", zipped({"a.txt": b"0" * 5_000_000})))
    assert (bomb.error, "times its size" in bomb.message) == ("TooLargeError", True)
    big = outcome(write(tmp_path / "b.zip", zipped({"a.txt": TEXT * 100})), max_file_bytes=5000)
    assert big.error == "TooLargeError"
    nested = zipped({"a.txt": TEXT})
    for _ in range(3):
        nested = zipped({"n.zip": nested})
    assert outcome(write(tmp_path / "c.zip", nested)).error == "TooLargeError"


def test_two_reports_in_one_file_are_two_reports(tmp_path):
    filler = "全年主动公开政府信息，涉及机构职能、规划计划、财政预决算、行政许可等多个方面，并按要求及时更新。" * 8
    both = "".join(
        f"{name}2020年政府信息公开工作年度报告\n一、总体情况\n{filler}\n二、主动公开政府信息情况\n略。\n三、存在的主要问题\n无。\n"
        for name in ("青石县水务局", "青石县教育局")
    )
    found = read_reports(write(tmp_path / "a.txt", both))
    assert [r.path[-2:] for r in found] == ["#1", "#2"]
    assert "".join(r.text for r in found) == both
    assert found[1].text.startswith("青石县教育局")
    assert [w.error for w in found[0].warnings] == ["SeveralReports"]
    cover = "青石县水务局2020年政府信息公开工作年度报告\n二〇二一年一月\n" + both[: len(both) // 2]
    assert len(read_reports(write(tmp_path / "b.txt", cover))) == 1


ROWS = [{"单位": "青石县水务局", "年度": "2020", "正文": TEXT}, {"单位": "青石县教育局", "年度": "2021", "正文": ""},
        {"单位": "青石县民政局", "年度": "2021", "正文": TEXT.replace("水务", "民政")}]


def table_file(tmp_path, kind):
    path = tmp_path / f"table.{kind}"
    if kind == "csv":
        path.write_bytes(pandas.DataFrame(ROWS).to_csv(index=False).encode("gb18030"))
    elif kind == "jsonl":
        path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS), encoding="utf-8")
    elif kind == "json":
        path.write_text(json.dumps(ROWS, ensure_ascii=False), encoding="utf-8")
    elif kind == "parquet":
        pandas.DataFrame(ROWS).to_parquet(path)
    else:
        book = openpyxl.Workbook()
        book.active.append(list(ROWS[0]))
        for row in ROWS:
            book.active.append([int(v) if v.isdigit() else v for v in row.values()])
        book.save(path)
    return path


@pytest.mark.parametrize(("kind", "first"), [("csv", 2), ("xlsx", 2), ("jsonl", 1), ("json", 1), ("parquet", 1)])
def test_tables_of_reports_give_a_report_per_row(tmp_path, kind, first):
    path = table_file(tmp_path, kind)
    found = read_reports(path)
    assert [r.path for r in found] == [f"{path.as_posix()}#{first + n}" for n in range(3)]
    assert [type(r).__name__ for r in found] == ["Report", "Failure", "Report"]
    assert found[0].text == TEXT
    assert "水务局2020年" in found[0].text
    assert found[1].error == "EmptyFileError"


def test_a_table_without_texts_is_refused(tmp_path):
    path = write(tmp_path / "roster.csv", "单位,上级\n青石县水务局,青石县人民政府\n")
    assert "columns: 单位, 上级" in outcome(path).message


def test_a_broken_line_of_json_is_one_failure(tmp_path):
    good = json.dumps({"text": TEXT}, ensure_ascii=False)
    found = read_reports(write(tmp_path / "a.jsonl", f"{good}\n{{broken\n{good}\n"))
    assert [(type(r).__name__, r.path[-2:]) for r in found] == [("Report", "#1"), ("Failure", "#2"), ("Report", "#3")]


@pytest.mark.parametrize("trouble", [RecursionError("deep"), MemoryError(), ValueError("odd")])
def test_an_unforeseen_error_becomes_a_failure_that_names_it(tmp_path, monkeypatch, trouble):
    def broken(data):
        raise trouble

    monkeypatch.setitem(read_reports.__globals__["_READERS"], "text", broken)
    failure = outcome(write(tmp_path / "a.txt", TEXT))
    assert failure.error == type(trouble).__name__
    assert type(trouble).__name__ in failure.message
    with pytest.raises(DamagedFileError):
        read_report(tmp_path / "a.txt")


def test_damaged_members_of_archives_are_failures(tmp_path):
    data = bytearray(zipped({"a.txt": TEXT * 50}))
    data[60:90] = b"\xff" * 30
    assert outcome(write(tmp_path / "a.zip", bytes(data))).error == "DamagedFileError"


@pytest.mark.skipif(not (SHARED / "gold").is_dir(), reason="the shared reports are not on this machine")
def test_no_gold_quotation_is_lost():
    from gknlp.normalize import fold

    checked = 0
    for path in find_files([SHARED / "reports"]):
        gold = json.loads((SHARED / "gold" / f"{path.stem}.json").read_text(encoding="utf-8"))
        text = fold(read_report(path).text).text
        for quotes in ([unit["text"] for unit in gold["units"]],
                       [s[key] for s in gold["sections"] for key in ("heading", "starts", "ends") if s.get(key)]):
            position = 0
            for quote in quotes:
                at = text.find(fold(quote).text, position)
                assert at >= 0, (path.name, quote)
                position = at
                checked += 1
    assert checked > 200



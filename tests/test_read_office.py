"""Old Word and WPS documents through LibreOffice, where it is there: they read as the .docx they came from."""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path

import docx
import pytest

from gknlp import read_report, read_tables
from gknlp.errors import UnsupportedFormatError

PROGRAM = shutil.which("soffice")
LINES = (
    "青石县水务局2022年政府信息公开工作年度报告", "一、总体情况", "2022年，我局主动公开政府信息126条。",
    "四、政府信息公开行政复议、行政诉讼情况", "五、存在的主要问题及改进情况", "公开不够及时，下一步将每季度检查一次。",
)
REVIEW = [["行政复议"] + [""] * 4, ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"], ["1", "0", "2", "0", "3"]]


def document() -> bytes:
    made = docx.Document()
    for line in LINES:
        made.add_paragraph(line)
        if line.startswith("四"):
            table = made.add_table(3, 5)
            for row, texts in enumerate(REVIEW):
                for column, text in enumerate(texts):
                    table.cell(row, column).text = text
            table.cell(0, 0).merge(table.cell(0, 4))
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def test_without_libreoffice_the_failure_says_how_to_convert(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "报告.doc"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UnsupportedFormatError, match=r"LibreOffice is not on PATH.*save it as \.docx"):
        read_report(path)


@pytest.mark.skipif(PROGRAM is None, reason="LibreOffice is not installed: .doc and .wps cannot be converted here")
@pytest.mark.parametrize("suffix", ["doc", "wps", "odt"])
def test_an_old_document_reads_as_its_docx(tmp_path: Path, suffix: str) -> None:
    source = tmp_path / "报告.docx"
    source.write_bytes(document())
    target = "doc" if suffix == "wps" else suffix  # WPS writes Word's own format under its name
    profile = (tmp_path / "profile").as_uri()
    subprocess.run(
        [str(PROGRAM), f"-env:UserInstallation={profile}", "--headless", "--convert-to", target, "--outdir",
         str(tmp_path), str(source)], check=True, capture_output=True, timeout=120,
    )
    old = (tmp_path / f"报告.{target}").rename(tmp_path / f"旧 报告.{suffix}")
    new, converted = read_report(source), read_report(old)
    assert converted.text == new.text
    assert (converted.identity.agency, converted.identity.year) == ("青石县水务局", 2022)
    assert [(c.row, c.column, c.value) for c in read_tables(converted)] == [
        (c.row, c.column, c.value) for c in read_tables(new)
    ]
    assert [c.value for c in read_tables(converted) if c.row == "行政复议"] == [1, 0, 2, 0, 3]

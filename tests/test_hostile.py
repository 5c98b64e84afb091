"""One hostile set through all outputs: text of reports stays text in HTML, Excel, CSV, Word and the terminal."""

from __future__ import annotations

import csv
import os
import re
import time
import zipfile

import docx
import lxml.html
import openpyxl
import pytest
from output_sample import sample_rows

import gknlp
from gknlp.output.csv_files import write_csv
from gknlp.output.dossier_file import SCRIPTS, dossier_file, rows_around
from gknlp.output.feedback import rows_of_flagged
from gknlp.output.feedback_docx import write_feedback
from gknlp.output.terminal import summary

ATTACKS = (
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', '=HYPERLINK("http://evil.example","年报")',
    "+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "\u202egnp.exe\u2066", "\x1b[2J\x1b]0;owned\x07", "</textarea></style>",
    "{{ 7*7 }}", "javascript:alert(1)", "http://evil.example/", "[red]rich[/red]",
)
# What a reader of the outputs must never meet as such: controls, and marks that turn the direction of text.
UNSEEN = set("\x00\x07\x1b\u202e\u2066\u2028\u200f")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
NAMES = (
    '"><img src=x onerror=alert(1)>.txt', "=HYPERLINK(1).txt", "+cmd|calc'!A0.txt", "\u202etxt.年报.txt",
    "it's \"quoted\".txt", "-2+3.txt", "[bold]a.txt",
)


def report(number: int, attack: str) -> str:
    """A report in which an attack stands in title, heading, sentence, cell and promise, and that raises flags."""
    return (
        f"柳泽县水务局{attack}{2010 + number}年政府信息公开工作年度报告\n一、总体情况{attack}\n"
        f"{attack}全年公开信息30条，{attack}其中网站公开26条。\n二、主动公开政府信息情况\n规章\t{attack}\t2\t3\n"
        f"五、存在的主要问题及改进情况\n{attack}公开不够及时{attack}。下一步进一步提高认识{attack}。\n"
        "六、其他需要报告的事项\n无其他需要报告的事项。\n"
    )


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> gknlp.Run:
    """A run over reports that hold the attacks, by whatever name the system takes, and a file that is none."""
    source = tmp_path_factory.mktemp("hostile")
    names = NAMES if os.name != "nt" else [f"{number}.txt" for number in range(len(NAMES))]
    for number, attack in enumerate(ATTACKS):
        name = names[number % len(names)]
        folder = source / str(number)
        folder.mkdir()
        (folder / name).write_text(report(number, attack), encoding="utf-8")
    (source / names[0]).write_bytes(b"")
    with zipfile.ZipFile(source / "包.zip", "w") as archive:
        archive.writestr("../../evil<b>.txt", report(20, ATTACKS[0]))
        archive.writestr("in'side\".txt", report(21, ATTACKS[1]))
    return gknlp.analyze([source], tmp_path_factory.mktemp("run") / "out", jobs=1)


def is_text_only(source: str, *, inline: int) -> None:
    """The page has the scripts that the program put in, and no element, handler or mark that a report brought."""
    page = lxml.html.fromstring(source)
    assert len(page.xpath("//script[not(@src)]")) == inline
    assert not [script for script in page.xpath("//script[@src]") if script.text]
    assert all(re.fullmatch(r"[\w./]*(?:assets/\w+|data)\.js", source) for source in page.xpath("//script/@src"))
    assert not page.xpath("//img | //iframe | //object | //embed | //svg | //form[@action] | //base | //textarea")
    attributes = [(name, value) for element in page.iter() for name, value in element.attrib.items()]
    assert not [name for name, _ in attributes if name.startswith("on")]
    assert not [v for name, v in attributes if name in ("href", "src") and re.match(r"\s*(?:[a-z]+:|//)", v)]
    assert not set(source) & UNSEEN


def test_the_run_reads_all_reports_and_leaves_its_folder_alone(run):
    assert len(run.reports) == len(ATTACKS) + 1
    assert len(run.flags)
    assert all(re.fullmatch(r"[0-9a-f]+", name) for name in run.reports.report_id)
    assert sorted(path.name for path in run.folder.parent.iterdir()) == ["out"]


def test_pages_hold_text_and_nothing_else(run):
    for path in [run.folder / "index.html", *run.folder.rglob("pages/**/*.html")]:
        is_text_only(path.read_text(encoding="utf-8"), inline=0)
    data = (run.folder / "pages" / "data.js").read_text(encoding="utf-8")
    assert not set(data) & (UNSEEN | set("<>&"))
    told = lxml.html.fromstring((run.folder / "index.html").read_text(encoding="utf-8")).text_content()
    assert "onerror=alert(1)>.txt" in told or os.name == "nt"


def test_a_report_s_own_file_holds_text_and_nothing_else(run):
    for name in run.reports.report_id:
        source = dossier_file(rows_around(run, name), name, run.info, "zh")
        page = lxml.html.fromstring(source)
        assert all(target.startswith("#") for target in page.xpath("//@href"))
        is_text_only(source, inline=len(SCRIPTS))


def test_the_sheet_holds_no_formula_and_no_link_out(run):
    book = openpyxl.load_workbook(run.folder / "report.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell.value for cell in cells if cell.data_type == "f"]
    assert not [cell.value for cell in cells if isinstance(cell.value, str) and set(cell.value) & UNSEEN]
    bare = [c.value for c in cells if isinstance(c.value, str) and c.value.startswith(FORMULA) and not c.quotePrefix]
    assert bare == []
    targets = {cell.hyperlink.target.replace("\\", "/") for cell in cells if cell.hyperlink and cell.hyperlink.target}
    assert not [target for target in targets if re.match(r"[a-z]+:|//|\.\.", target)]


def test_csv_files_hold_no_formula(run, tmp_path):
    write_csv(run.folder, tmp_path / "csv")
    files = sorted((tmp_path / "csv").rglob("*.csv"))
    assert len(files) > 20
    for path in files:
        with path.open(encoding="utf-8-sig", newline="") as file:
            values = [value for row in csv.reader(file) for value in row]
        numbers = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")
        assert not [v for v in values if v.startswith(FORMULA) and not numbers.fullmatch(v)], path.name


def test_feedback_sheets_hold_the_attacks_as_words(run, tmp_path):
    files = write_feedback(rows_of_flagged(run), tmp_path / "fb", "zh")
    assert files
    assert sorted((tmp_path / "fb").iterdir()) == sorted(files)
    for path in files:
        with zipfile.ZipFile(path) as archive:
            body = archive.read("word/document.xml").decode()
            relations = archive.read("word/_rels/document.xml.rels").decode()
        assert "evil" not in relations
        assert 'TargetMode="External"' not in relations
        assert not set(body) & UNSEEN
        assert not re.search(r"<w:(?:fldSimple|instrText|hyperlink|object)", body)
        assert docx.Document(str(path)).tables


def test_the_terminal_gets_no_control_and_no_markup(run):
    told = summary(run, "zh")
    assert not set(told) & UNSEEN
    assert not any(ord(character) < 32 and character != "\n" for character in told)


def test_a_line_of_two_megabytes_is_shown_whole_and_in_time(tmp_path):
    sentence = "我局在办事窗口、政府网站和村务公开栏公开办事指南<b>，并接受群众当面和来电咨询，全年解答若干次。"
    text = sentence * (2_000_000 // len(sentence.encode()))
    rows = sample_rows()
    rows["texts"] = [{**row, "text": text} if row["report_id"] == "b1" else row for row in rows["texts"]]
    size = len(sentence)
    rows["spans"] = [row for row in rows["spans"] if row["report_id"] != "b1"]
    rows["spans"].append({"report_id": "b1", "start": 0, "end": len(text), "kind": "narrative", "reason": None})
    unit = next(row for row in rows["units"] if row["report_id"] == "b1")
    rows["units"] = [row for row in rows["units"] if row["report_id"] != "b1"]
    rows["units"] += [
        {**unit, "order": number, "start": number * size, "end": (number + 1) * size, "text": sentence}
        for number in range(len(text) // size)
    ]
    rows["passages"], rows["sections"], rows["subheadings"] = [], [], []
    began = time.process_time()
    source = dossier_file(rows, "b1", {}, "zh")
    seconds = time.process_time() - began
    print(f"page of {len(text):,} characters in one line: {len(source):,} bytes in {seconds:.1f} s")
    assert seconds < 10
    article = lxml.html.fromstring(source).xpath("//article")[0]
    for added in article.xpath("//b[@class='tag'] | //p[@class='part-label']"):
        added.drop_tree()
    assert "".join(article.text_content().split()) == "".join(text.split())

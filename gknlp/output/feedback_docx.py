"""Feedback sheets as Word documents: one per agency, on A4, with room for an answer under each finding."""

from __future__ import annotations

import datetime
import io
import re
import unicodedata
import zipfile
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from gknlp.errors import OutputError
from gknlp.output.cases import gather
from gknlp.output.feedback import ASKS, Finding, ReportFindings, feedback
from gknlp.output.labels import Words, words_in
from gknlp.output.tables import Rows

# Word's own dates would make two runs differ; these stand for "not dated". A zip cannot name a year before 1980.
CREATED = datetime.datetime(2000, 1, 1)
ZIP_DATE = (1980, 1, 1, 0, 0, 0)
# What Windows does not take in a file name, and names it keeps for devices.
_REFUSED = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
_DEVICE = re.compile(r"(?i)(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)")
MAX_FILE_NAME = 80
BODY_FONT, HEADING_FONT = "宋体", "黑体"


def write_feedback(
    rows: Rows, folder: Path, lang: str, *, verdicts: Collection[str] = ()
) -> list[Path]:
    """Write a .docx for each agency that has findings into `folder`; the files, by agency.

    A flag that was dismissed is left out; with `verdicts` only flags judged so are in. Labels are in `lang`, equal rows
    give equal bytes. OutputError where a file of that name holds something else (it may have been answered) or cannot
    be written; nothing is written then. Cost: linear; about 30 ms a document.
    """
    words = words_in(lang)
    made: dict[str, bytes] = {}
    for agency, reports in feedback(gather(rows), lang, verdicts=verdicts):
        made[_file_name(words("feedback", "file", agency=agency), made)] = document(agency, reports, words)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in made.items():
            if (folder / name).exists() and (folder / name).read_bytes() != content:
                raise OutputError(
                    f"{folder / name} holds something else already.", hint="Choose another folder with -o."
                )
        for name, content in made.items():
            (folder / name).write_bytes(content)
    except OSError as error:
        raise OutputError(
            f"Feedback sheets cannot be written to {folder}: {error.strerror or error}.",
            hint="Close programs that hold its files open (Word), check rights and free space, or choose another -o.",
        ) from error
    return [folder / name for name in made]


def _file_name(title: str, taken: Collection[str]) -> str:
    """A name that every file system takes: no sign Windows refuses, no device, not too long, none twice in any case."""
    stem = _REFUSED.sub("_", unicodedata.normalize("NFC", title))[:MAX_FILE_NAME].strip(" .") or "_"
    stem = f"_{stem}" if _DEVICE.match(stem) else stem
    folded = {name.casefold() for name in taken}
    number, name = 1, f"{stem}.docx"
    while name.casefold() in folded:
        number += 1
        name = f"{stem}-{number}.docx"
    return name


def document(agency: str, reports: Sequence[ReportFindings], words: Words) -> bytes:
    """The sheet of one agency; texts must hold no control character (as `shown` and `excerpt` give them)."""
    from docx import Document
    from docx.shared import Mm

    made = Document()
    page = made.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(26)
    page.top_margin = page.bottom_margin = Mm(25)
    _fonts(made)
    made.add_heading(words("feedback", "title"), 0)
    made.add_paragraph(words("feedback", "to", agency=agency))
    years = "、".join(str(report.year) for report in reports if report.year) or "—"
    made.add_paragraph(words("feedback", "opening", years=years))
    number = 0
    for report in reports:
        made.add_heading(words("feedback", "report", name=report.name), 1)
        made.add_paragraph(words("feedback", "source", source=report.source))
        for ask in ASKS:
            findings = [finding for finding in report.findings if finding.ask == ask]
            if findings:
                made.add_heading(words("feedback", ask), 2)
            for finding in findings:
                number += 1
                _add_finding(made, number, finding, words)
    made.add_paragraph()
    made.add_paragraph(words("feedback", "closing"))
    made.add_paragraph(words("feedback", "contact"))
    properties = made.core_properties
    properties.title, properties.author, properties.last_modified_by = words("feedback", "title"), "gknlp", "gknlp"
    properties.comments = ""
    properties.created = properties.modified = CREATED
    raw = io.BytesIO()
    made.save(raw)
    return _undated(raw.getvalue())


def _fonts(made: Any) -> None:  # noqa: ANN401 (python-docx has no types)
    """Chinese fonts that every Chinese Windows has, black headings; Word needs the East Asian font named apart."""
    from docx.enum.text import WD_PARAGRAPH_ALIGNMENT
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    for name, font, size in (
        ("Normal", BODY_FONT, 11), ("Title", HEADING_FONT, 18), ("Heading 1", HEADING_FONT, 14),
        ("Heading 2", HEADING_FONT, 12),
    ):
        style = made.styles[name]
        style.font.name, style.font.size = "Times New Roman", Pt(size)
        style.font.color.rgb = RGBColor(0, 0, 0)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:eastAsia"), font)
    title = made.styles["Title"]
    title.paragraph_format.alignment = WD_PARAGRAPH_ALIGNMENT.CENTER
    for border in title.element.xpath("./w:pPr/w:pBdr"):
        border.getparent().remove(border)


def _add_finding(made: Any, number: int, finding: Finding, words: Words) -> None:  # noqa: ANN401
    """A table of two columns: what was found, where, the words, both figures, the rule, and an empty row to answer."""
    from docx.enum.table import WD_ROW_HEIGHT_RULE
    from docx.shared import Mm, Pt

    left = [words("feedback", "more", n=finding.left)] if finding.left else []
    lines = [
        ("finding", [f"{number}. {finding.label}", finding.reason]), ("place", [*finding.places, *left]),
        ("quote", [f"{where}：{quote}" for where, quote in finding.quotes]), ("numbers", ["；".join(finding.figures)]),
        ("rule", finding.rules), ("answer", []),
    ]
    kept = [(name, [text for text in texts if text]) for name, texts in lines]
    table = made.add_table(rows=0, cols=2)
    table.style = "Table Grid"
    table.autofit = False
    # Word goes by the cells, LibreOffice by the columns.
    widths = Mm(18), Mm(140)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for name, texts in kept:
        if not texts and name != "answer":
            continue
        row = table.add_row()
        for cell, width, lines_of in zip(row.cells, widths, ([words("feedback", name)], texts), strict=True):
            cell.width = width
            _fill(cell, lines_of, Pt(2))
            # The heading of a finding does not stand alone at the foot of a page.
            cell.paragraphs[-1].paragraph_format.keep_with_next = name == "finding"
        row.cells[0].paragraphs[0].runs[0].bold = True
        if name == "answer":
            row.height, row.height_rule = Mm(22), WD_ROW_HEIGHT_RULE.AT_LEAST
    made.add_paragraph()


def _fill(cell: Any, lines: Sequence[str], space: Any) -> None:  # noqa: ANN401
    """A paragraph a line, with a little air around each."""
    for number, line in enumerate(lines or [""]):
        paragraph = cell.add_paragraph() if number else cell.paragraphs[0]
        paragraph.add_run(line)
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = space


def _undated(content: bytes) -> bytes:
    """The same archive with fixed dates and one system's marks, so that equal content gives equal bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            entry = zipfile.ZipInfo(item.filename, ZIP_DATE)
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            new.writestr(entry, old.read(item))
    return out.getvalue()

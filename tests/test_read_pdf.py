"""PDF files: paragraphs, page furniture, ruled tables (upright, turned, open at the sides), damage."""

import io
import shutil
import subprocess
import sys
from itertools import pairwise

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from gknlp.errors import DamagedFileError, EmptyFileError, EncryptedFileError, ScannedFileError
from gknlp.read.pdf import read_pdf
from gknlp.read.pdf_tables import cell_text

FONT, SIZE, LEFT, WIDTH = "STSong-Light", 16, 80, 27
SENTENCE = (
    "全年通过政府网站主动公开政府信息一百二十六条，其中机构职能类十二条，规范性文件类八条，财政预算决算类六条，"
    "应急管理类四条，行政许可和行政处罚类九十六条，均在法定期限内公开并及时更新。"
)


class Paper:
    """A canvas that sets Chinese paragraphs as a word processor does: two characters in, a fixed number to the line."""

    def __init__(self, **options):
        pdfmetrics.registerFont(UnicodeCIDFont(FONT))
        self.stream = io.BytesIO()
        self.canvas = Canvas(self.stream, pagesize=A4, **options)
        self.number, self.y = 1, 760

    def put(self, x, y, text, size=SIZE):
        self.canvas.setFont(FONT, size)
        self.canvas.drawString(x, y, text)

    def paragraph(self, text, indent=2):
        first = True
        while text:
            room = WIDTH - (indent if first else 0)
            self.put(LEFT + (indent * SIZE if first else 0), self.y, text[:room])
            text, first = text[room:], False
            self.y -= 28
            if self.y < 90:
                self.turn()

    def turn(self, number="- {} -"):
        if number:
            self.put(280, 45, number.format(self.number), 12)
        self.canvas.showPage()
        self.number, self.y = self.number + 1, 760

    def bytes(self, number="- {} -"):
        if number:
            self.put(280, 45, number.format(self.number), 12)
        self.canvas.save()
        return self.stream.getvalue()


def marked(source):
    return [(source.text[f.start:f.end], f.reason) for f in source.layout.furniture]


def without_furniture(source):
    text, position = "", 0
    for piece in source.layout.furniture:
        text += source.text[position:piece.start]
        position = piece.end
    return text + source.text[position:]


def test_lines_are_joined_to_paragraphs_and_headings_stand_alone():
    paper = Paper()
    paper.put(150, paper.y, "青石县2020年政府信息公开工作年度报告", 20)
    paper.y -= 40
    for _ in range(2):
        paper.paragraph("一、总体情况")
        paper.paragraph(SENTENCE)
        paper.paragraph("（一）主动公开。" + SENTENCE)
    source = read_pdf(paper.bytes(None))
    title = "青石县2020年政府信息公开工作年度报告\n"
    assert source.text == title + f"一、总体情况\n{SENTENCE}\n（一）主动公开。{SENTENCE}\n" * 2


def test_page_numbers_stay_as_furniture_and_sentences_run_over_pages():
    paper = Paper()
    body = [f"第{n}项。" + SENTENCE for n in range(12)]
    for text in body:
        paper.paragraph(text)
    source = read_pdf(paper.bytes())
    assert [reason for _, reason in marked(source)] == ["pdf:page number"] * paper.number
    assert all(f"- {n} -" in piece for n, (piece, _) in enumerate(marked(source), 1))
    assert without_furniture(source) == "".join(text + "\n" for text in body)
    assert [p.page for p in source.layout.pages] == list(range(1, paper.number + 1))
    assert "".join(source.text[p.start:p.end] for p in source.layout.pages) == source.text


@pytest.mark.parametrize("form", ["{}", "第 {} 页", "— {} —", "第{}页 共3页", "{}/3", "－{}－"])
def test_forms_of_page_numbers(form):
    paper = Paper()
    for _ in range(2):
        paper.paragraph(SENTENCE)
        paper.turn(form)
    paper.paragraph(SENTENCE)
    source = read_pdf(paper.bytes(form))
    assert without_furniture(source).rstrip() == "\n".join([SENTENCE] * 3)


def test_running_heads_are_furniture_but_a_title_is_not():
    paper = Paper()
    for number in range(4):
        paper.put(200, 800, "青石县政府信息公开年度报告", 10)
        paper.put(LEFT, paper.y, f"第{number}章正文从这里开始，写得不长。")
        paper.turn(None)
    paper.put(200, 800, "青石县政府信息公开年度报告", 10)
    paper.put(LEFT, 700, "结尾。")
    source = read_pdf(paper.bytes(None))
    assert {reason for _, reason in marked(source)} == {"pdf:running head"}
    assert len(marked(source)) == 5
    single = Paper()
    single.put(200, 760, "青石县政府信息公开年度报告", 20)
    single.y = 700
    single.paragraph(SENTENCE)
    assert marked(read_pdf(single.bytes(None))) == []


def test_numbers_of_a_list_are_no_page_numbers():
    paper = Paper()
    for number in (12, 3, 7):
        paper.paragraph(SENTENCE)
        paper.put(LEFT, paper.y, str(number))
        paper.turn(None)
    assert marked(read_pdf(paper.bytes(None))) == []


def draw_table(paper, top, *, sides=True, thin_boxes=False):
    """Two rows of header, the first with a cell over two columns and one over two rows; then two rows of values."""
    xs, ys = [80, 200, 300, 400], [top, top - 30, top - 60, top - 90, top - 120]

    def line(x0, y0, x1, y1):
        if thin_boxes:
            width, height = max(abs(x1 - x0), 0.5), max(abs(y1 - y0), 0.5)
            paper.canvas.rect(min(x0, x1), min(y0, y1), width, height, stroke=0, fill=1)
        else:
            paper.canvas.line(x0, y0, x1, y1)

    for n, y in enumerate(ys):
        for a, b in pairwise(xs):
            if not (n == 1 and a == 80):
                line(a, y, b, y)
    for n, x in enumerate(xs):
        if n in (0, 3) and not sides:
            continue
        for m, (a, b) in enumerate(pairwise(ys)):
            if not (m == 0 and n == 2):
                line(x, a, x, b)
    texts = [(0, 0.5, "申请人情况"), (1, 0, "法人或其他组织"), (1, 1, "商业企业"), (2, 1, "科研机构"),
             (0, 2, "一、本年新收"), (1, 2, "3001"), (2, 2, "53"), (0, 3, "二、上年结转"), (2, 3, "0")]
    for column, row, text in texts:
        paper.put(xs[column] + 6, top - 20 - 30 * row, text, 12)


EXPECTED = [
    (0, 0, 2, 1, "申请人情况"), (0, 1, 1, 2, "法人或其他组织"), (1, 1, 1, 1, "商业企业"), (1, 2, 1, 1, "科研机构"),
    (2, 0, 1, 1, "一、本年新收"), (2, 1, 1, 1, "3001"), (2, 2, 1, 1, "53"), (3, 0, 1, 1, "二、上年结转"),
    (3, 1, 1, 1, ""), (3, 2, 1, 1, "0"),
]


def cells(source):
    return [[(c.row, c.column, c.rowspan, c.colspan, source.text[c.start:c.end]) for c in g.cells]
            for g in source.layout.grids]


@pytest.mark.parametrize(
    "options", [{}, {"sides": False}, {"thin_boxes": True}], ids=["ruled", "open sides", "thin boxes"]
)
def test_ruled_tables_are_grids_in_their_place(options):
    paper = Paper()
    paper.paragraph(SENTENCE)
    draw_table(paper, paper.y, **options)
    paper.y -= 160
    paper.paragraph("四、行政复议。" + SENTENCE)
    source = read_pdf(paper.bytes(None))
    assert cells(source) == [EXPECTED]
    assert source.text == (
        f"{SENTENCE}\n申请人情况\t法人或其他组织\n商业企业\t科研机构\n一、本年新收\t3001\t53\n二、上年结转\t\t0\n四、行政复议。{SENTENCE}\n"
    )
    assert source.layout.grids[0].page == 1


def has_chinese_font():
    """Whether pdfium finds a font for Chinese that the file does not bring along; elsewhere than Linux it does."""
    lister = shutil.which("fc-list")
    return sys.platform != "linux" or bool(lister and subprocess.run([lister, ":lang=zh"], capture_output=True).stdout)


# Without one pdfium gives no characters for turned text whose font is not embedded, as these tests' is not.
needs_chinese_font = pytest.mark.skipif(not has_chinese_font(), reason="no Chinese font is installed")


@needs_chinese_font
def test_a_turned_table_is_read_upright():
    paper = Paper()
    paper.canvas.rotate(90)
    paper.canvas.translate(100, -500)
    draw_table(paper, 300)
    assert cells(read_pdf(paper.bytes(None))) == [EXPECTED]


@needs_chinese_font
def test_a_page_shown_turned_is_read_upright():
    paper = Paper()
    paper.canvas.setPageRotation(90)
    paper.canvas.rotate(90)
    paper.canvas.translate(100, -500)
    draw_table(paper, 300)
    assert cells(read_pdf(paper.bytes(None))) == [EXPECTED]


def test_underlined_and_framed_text_is_no_table():
    paper = Paper()
    paper.paragraph(SENTENCE)
    paper.canvas.line(LEFT, 725, 300, 725)
    paper.canvas.line(LEFT, 697, 300, 697)
    paper.canvas.rect(60, 100, 460, 700)
    source = read_pdf(paper.bytes(None))
    assert source.layout.grids == ()
    assert source.text == SENTENCE + "\n"


def test_tables_can_be_left_as_lines():
    paper = Paper()
    draw_table(paper, 700)
    source = read_pdf(paper.bytes(None), tables=False)
    assert source.layout.grids == ()
    assert "3001" in source.text


@pytest.mark.parametrize(("lines", "text"), [
    (["39857", "58"], "3985758"), (["商 业 企", "业"], "商业企业"), (["Page", "one"], "Page one"), (["", " "], ""),
    (["（三）不", "予公开"], "（三）不予公开"), (["12", "件"], "12件"),
])
def test_lines_of_a_cell_are_joined(lines, text):
    assert cell_text(lines) == text


def test_damage_is_named():
    paper = Paper()
    paper.paragraph(SENTENCE)
    data = paper.bytes()
    with pytest.raises(DamagedFileError, match="truncated"):
        read_pdf(data[: len(data) // 2])
    with pytest.raises(DamagedFileError, match="cannot be opened"):
        read_pdf(b"%PDF-1.4\nnothing\n%%EOF")
    locked = Paper(encrypt=StandardEncryption("secret", canPrint=0))
    locked.paragraph(SENTENCE)
    with pytest.raises(EncryptedFileError, match="password"):
        read_pdf(locked.bytes())
    empty = Paper()
    empty.canvas.line(1, 1, 5, 5)
    with pytest.raises(EmptyFileError):
        read_pdf(empty.bytes(None))


def picture():
    pixels = b"P6 2 2 255 " + b"\xff\x00\x00" * 4
    return ImageReader(io.BytesIO(pixels))


def test_scanned_pages_are_named():
    paper = Paper()
    paper.canvas.drawImage(picture(), 0, 0, *A4)
    with pytest.raises(ScannedFileError, match="pictures of 1 pages"):
        read_pdf(paper.bytes(None))
    mixed = Paper()
    mixed.paragraph(SENTENCE)
    mixed.turn()
    mixed.canvas.drawImage(picture(), 0, 0, *A4)
    source = read_pdf(mixed.bytes(None))
    assert [w.error for w in source.warnings] == ["ScannedPages"]
    assert "Pages 2 " in source.warnings[0].message


def test_a_page_of_drawings_is_told_and_read_quickly():
    paper = Paper()
    paper.paragraph(SENTENCE)
    for number in range(3200):
        paper.canvas.line(100 + number % 80 * 5, 100, 100 + number % 80 * 5, 500)
        paper.canvas.line(100, 100 + number % 80 * 5, 500, 100 + number % 80 * 5)
    source = read_pdf(paper.bytes(None))
    assert source.text == SENTENCE + "\n"
    assert [w.error for w in source.warnings] == ["DrawnPages"]

"""Word documents: order, tables, automatic numbers, boxes, tracked changes, notes, pages, damage."""

import io
import zipfile

import docx
import pytest
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from gknlp.errors import DamagedFileError, EmptyFileError, ScannedFileError
from gknlp.read.docx import read_docx
from gknlp.read.docx_numbering import chinese_number, format_number

SENTENCE = "全年通过政府网站主动公开政府信息126条，其中机构职能类12条，规范性文件类8条，财政预决算类6条。"


def packed(document):
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def replace_part(data, name, content):
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for info in old.infolist():
            if info.filename != name:
                new.writestr(info, old.read(info))
        if content is not None:
            new.writestr(name, content)
    return stream.getvalue()


def add_list(document, number, levels):
    """An abstract list (format, text) per level, and a list that counts in it, both with the id `number`."""
    numbering = document.part.numbering_part.element
    inner = "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:suff w:val="nothing"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>' for n, (kind, text) in enumerate(levels)
    )
    abstract = parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{number}">{inner}</w:abstractNum>')
    numbering.insert(0, abstract)
    numbering.append(parse_xml(
        f'<w:num {nsdecls("w")} w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>'
    ))


def numbered(paragraph, list_id, level=0):
    paragraph._p.get_or_add_pPr().append(parse_xml(
        f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>'
    ))


def test_paragraphs_and_tables_stand_in_order():
    document = docx.Document()
    document.add_heading("一、总体情况", 1)
    document.add_paragraph(SENTENCE)
    table = document.add_table(3, 3)
    for row, values in zip(table.rows, (("信息内容", "", "件数"), ("规章", "1", ""), ("文件", "", "2")), strict=True):
        for cell, value in zip(row.cells, values, strict=True):
            cell.text = value
    table.cell(0, 0).merge(table.cell(0, 1))
    table.cell(1, 0).merge(table.cell(2, 0))
    document.add_paragraph("后文。")
    source = read_docx(packed(document))
    assert source.text == f"一、总体情况\n{SENTENCE}\n信息内容\t件数\n规章文件\t1\t\n\t2\n后文。\n"
    cells = [(c.row, c.column, c.rowspan, c.colspan, source.text[c.start:c.end]) for c in source.layout.grids[0].cells]
    assert cells == [
        (0, 0, 1, 2, "信息内容"), (0, 2, 1, 1, "件数"), (1, 0, 2, 1, "规章文件"), (1, 1, 1, 1, "1"), (1, 2, 1, 1, ""),
        (2, 1, 1, 1, ""), (2, 2, 1, 1, "2"),
    ]
    assert [(h.level, h.source, source.text[h.start:h.end]) for h in source.layout.headings] == [
        (1, "docx:Heading 1", "一、总体情况"),
    ]


def test_automatic_numbers_are_written_out():
    document = docx.Document()
    add_list(document, 77, [("chineseCounting", "%1、"), ("chineseCountingThousand", "（%2）"), ("decimal", "%3.")])
    for text, level in (("总体情况", 0), ("主动公开", 1), ("网站", 2), ("微信", 2), ("依申请公开", 1), ("网站", 2),
                        ("存在问题", 0), ("主动公开", 1)):
        numbered(document.add_paragraph(text), 77, level)
    assert read_docx(packed(document)).text.split("\n") == [
        "一、总体情况", "（一）主动公开", "1.网站", "2.微信", "（二）依申请公开", "1.网站", "二、存在问题",
        "（一）主动公开", "",
    ]


def test_numbers_of_a_style_and_empty_paragraphs():
    document = docx.Document()
    add_list(document, 78, [("chineseCounting", "%1、")])
    style = document.styles["Heading 1"].element.get_or_add_pPr()
    style.append(parse_xml(f'<w:numPr {nsdecls("w")}><w:numId w:val="78"/></w:numPr>'))
    document.add_heading("总体情况", 1)
    document.add_heading("", 1)
    document.add_heading("主动公开", 1)
    plain = document.add_heading("没有编号", 1)
    numbered(plain, 0)
    assert read_docx(packed(document)).text == "一、总体情况\n二、主动公开\n没有编号\n"


@pytest.mark.parametrize(("number", "kind", "shown"), [
    (3, "chineseCounting", "三"), (10, "chineseCounting", "十"), (21, "chineseCountingThousand", "二十一"),
    (10, "ideographDigital", "一〇"), (2, "chineseLegalSimplified", "贰"), (12, "chineseLegalSimplified", "壹拾贰"),
    (3, "decimalEnclosedCircleChinese", "③"), (2, "decimalEnclosedParen", "⑵"), (4, "upperRoman", "IV"),
    (28, "lowerLetter", "bb"), (3, "ideographTraditional", "丙"), (7, "decimalFullWidth", "７"),
    (5, "decimalZero", "05"), (6, "no such format", "6"), (1, "none", ""),
])
def test_number_formats(number, kind, shown):
    assert format_number(number, kind) == shown


def test_chinese_numbers_to_a_thousand():
    assert [chinese_number(n) for n in (1, 11, 20, 99, 100, 105, 110, 1001)] == [
        "一", "十一", "二十", "九十九", "一百", "一百零五", "一百一十", "一千零一",
    ]


def test_insertions_stay_and_deletions_go_with_a_warning():
    document = docx.Document()
    paragraph = document.add_paragraph("全年公开")
    for tag, inner, text in (("w:del", "w:delText", "100条"), ("w:ins", "w:t", "126条")):
        change, run, piece = OxmlElement(tag), OxmlElement("w:r"), OxmlElement(inner)
        piece.text = text
        run.append(piece)
        change.append(run)
        paragraph._p.append(change)
    source = read_docx(packed(document))
    assert source.text == "全年公开126条\n"
    assert [w.error for w in source.warnings] == ["TrackedChanges"]


def test_text_boxes_follow_their_paragraph_once():
    document = docx.Document()
    box = (
        '<w:r xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
        'xmlns:v="urn:schemas-microsoft-com:vml"><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx>'
        "<w:txbxContent><w:p><w:r><w:t>框内文字</w:t></w:r></w:p></w:txbxContent></wps:txbx></w:drawing></mc:Choice>"
        "<mc:Fallback><w:pict><v:textbox><w:txbxContent><w:p><w:r><w:t>框内文字</w:t></w:r></w:p></w:txbxContent>"
        "</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    document.add_paragraph("正文。")._p.append(parse_xml(box))
    document.add_paragraph("后文。")
    assert read_docx(packed(document)).text == "正文。\n框内文字\n后文。\n"


def test_hidden_text_fields_and_controls():
    document = docx.Document()
    paragraph = document.add_paragraph("甲")
    hidden = paragraph.add_run("藏")
    hidden.font.hidden = True
    instruction = OxmlElement("w:instrText")
    instruction.text = " TOC \\o "
    paragraph.add_run()._r.append(instruction)
    control = parse_xml(
        f'<w:sdt {nsdecls("w")}><w:sdtContent><w:p><w:r><w:t>控件内</w:t></w:r></w:p></w:sdtContent></w:sdt>'
    )
    paragraph._p.addnext(control)
    source = read_docx(packed(document))
    assert source.text == "甲\n控件内\n"
    assert [w.error for w in source.warnings] == ["HiddenText"]


def test_footnotes_stand_at_the_end():
    document = docx.Document()
    paragraph = document.add_paragraph("统计口径见注")
    reference = OxmlElement("w:footnoteReference")
    reference.set(qn("w:id"), "2")
    paragraph.add_run()._r.append(reference)
    document.add_paragraph("后文。")
    notes = (
        f'<w:footnotes {nsdecls("w")}><w:footnote w:id="2"><w:p><w:r><w:t>含乡镇。</w:t></w:r></w:p>'
        "</w:footnote></w:footnotes>"
    )
    source = read_docx(replace_part(packed(document), "word/footnotes.xml", notes))
    assert source.text == "统计口径见注\n后文。\n[2] 含乡镇。\n"


def test_headers_are_left_out_and_page_breaks_make_pages():
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "页眉"
    document.add_paragraph("第一页。")
    document.add_page_break()
    document.add_paragraph("第二页前半")
    run = document.add_paragraph("跨页的句").add_run()
    run._r.append(OxmlElement("w:lastRenderedPageBreak"))
    run.add_text("子。")
    source = read_docx(packed(document))
    assert source.text == "第一页。\n第二页前半\n跨页的句子。\n"
    assert [source.text[p.start:p.end] for p in source.layout.pages] == ["第一页。\n", "第二页前半\n跨页的句", "子。\n"]


def test_a_table_that_frames_prose_is_read_as_paragraphs():
    document = docx.Document()
    table = document.add_table(2, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "总体情况", SENTENCE * 4
    table.cell(1, 0).text, table.cell(1, 1).text = "其他", "无"
    source = read_docx(packed(document))
    assert source.layout.grids == ()
    assert source.text == f"总体情况\n{SENTENCE * 4}\n其他\n无\n"


def test_strict_documents_are_read():
    document = docx.Document()
    document.add_paragraph(SENTENCE)
    data = packed(document)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        xml = archive.read("word/document.xml")
    strict = xml.replace(b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
                         b"http://purl.oclc.org/ooxml/wordprocessingml/main")
    assert read_docx(replace_part(data, "word/document.xml", strict)).text == SENTENCE + "\n"


def test_core_properties_are_facts():
    document = docx.Document()
    document.core_properties.title = "青石县水务局年报"
    document.add_paragraph("正文。")
    facts = read_docx(packed(document)).facts
    assert (facts["title"][0].value, facts["title"][0].where) == ("青石县水务局年报", "docx:core title")


def test_damage_is_named():
    document = docx.Document()
    with pytest.raises(EmptyFileError):
        read_docx(packed(document))
    document.add_paragraph(SENTENCE)
    data = packed(document)
    with pytest.raises(DamagedFileError, match="cannot be read"):
        read_docx(data[: len(data) // 2])
    with pytest.raises(DamagedFileError, match="cannot be read"):
        read_docx(replace_part(data, "word/document.xml", b"<w:document"))
    with pytest.raises(DamagedFileError):
        read_docx(replace_part(data, "word/document.xml", None))
    picture = replace_part(data, "word/document.xml", (
        f'<w:document {nsdecls("w")}><w:body><w:p><w:r><w:drawing/></w:r></w:p></w:body></w:document>'
    ))
    with pytest.raises(ScannedFileError, match="pictures"):
        read_docx(picture)

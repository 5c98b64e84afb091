#!/usr/bin/env python3
"""Render the typed specimen reports of corpus/source/ into files and annotations: ``render.py [STEM ...] [--check]``.

A source file holds what a person wrote *and* labelled; this script adds layout only and derives no label.

Head lines ``@key value``: report (file name with its ending), agency, year, form, level, function, region, layout,
folder (sample or reports), title, about (the README line), notes. Then, in order:

- ``= section-id | heading``      a part (no heading: the preamble)
- ``+ text``                      a sub-heading in a paragraph of its own
- ``fp text`` / ``fe text``       page furniture before / after the report
- ``ss text``                     a signature or date line
- ``tt text`` / ``ff text``       what is left of a lost table / furniture inside the text
- ``[t2] [t3] [t4]``              a statutory table: one row a line, ``-`` is a blank cell,
                                  ``rest 0`` fills the rows left out
- ``claim text | number | unit | cell or - | verdict``
- ``XY text``                     a unit. X: b background, w work, p problem, n nil, 0-3 plan of that grade;
                                  Y: T formulaic, F not. ``hh text`` is a run-in heading (no unit).
                                  A blank line ends a paragraph.
"""

import io
import json
import re
import sys
import zipfile
from html import escape
from pathlib import Path

HERE = Path(__file__).resolve().parent
LINES = {"ss": "sign", "tt": "scrap", "ff": "furniture"}  # paragraphs that hold no unit
LEAVES = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]
RESULTS = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
CHECK_NOTE = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
BLOCKS = {
    "2019": [
        ("（一）", ["规章", "规范性文件"], ["本年新制作数量", "本年新公开数量", "对外公开总数量"]),
        ("（五）", ["行政许可", "其他对外管理服务事项"], ["上一年项目数量", "本年增/减", "处理决定数量"]),
        ("（六）", ["行政处罚", "行政强制"], ["上一年项目数量", "本年增/减", "处理决定数量"]),
        ("（八）", ["行政事业性收费"], ["上一年项目数量", "本年增/减"]),
        ("（九）", ["政府集中采购"], ["采购项目数量", "采购总金额"]),
    ],
    "2021": [
        ("（一）", ["规章", "行政规范性文件"], ["本年制发件数", "本年废止件数", "现行有效件数"]),
        ("（五）", ["行政许可"], ["本年处理决定数量"]),
        ("（六）", ["行政处罚", "行政强制"], ["本年处理决定数量"]),
        ("（八）", ["行政事业性收费"], ["本年收费金额（单位：万元）"]),
    ],
}
PARTLY = "（二）部分公开（区分处理的，只计这一情形，不计其他情形）"
REFUSED = [
    "1.属于国家秘密",
    "2.其他法律行政法规禁止公开",
    "3.危及“三安全一稳定”",
    "4.保护第三方合法权益",
    "5.属于三类内部事务信息",
    "6.属于四类过程性信息",
    "7.属于行政执法案卷",
    "8.属于行政查询事项",
]
UNAVAILABLE = ["1.本机关不掌握相关政府信息", "2.没有现成信息需要另行制作", "3.补正后申请内容仍不明确"]
UNPROCESSED = [
    "1.信访举报投诉类申请",
    "2.重复申请",
    "3.要求提供公开出版物",
    "4.无正当理由大量反复申请",
    "5.要求行政机关确认或重新出具已获取信息",
]
OTHERS = [
    "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
    "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
    "3.其他",
]


def result_groups(form):
    """The groups of 三、本年度办理结果: [(label, sub-labels)]."""
    last = OTHERS if form == "2021" else []
    return [
        ("（一）予以公开", []),
        (PARTLY, []),
        ("（三）不予公开", REFUSED),
        ("（四）无法提供", UNAVAILABLE),
        ("（五）不予处理", UNPROCESSED),
        ("（六）其他处理", last),
        ("（七）总计", []),
    ]


def request_rows(form):
    """Typed key → row label of table 3, in the order of the form."""
    rows = {"一": "一、本年新收政府信息公开申请数量", "二": "二、上年结转政府信息公开申请数量"}
    for number, (label, subs) in enumerate(result_groups(form), 1):
        if subs:
            rows |= {f"{number}.{i}": f"{label}/{sub}" for i, sub in enumerate(subs, 1)}
        else:
            rows[str(number)] = label
    return rows | {"四": "四、结转下年度继续办理"}


def parse_line(doc, line):
    """Take one line that is neither head, unit nor table into ``doc``; false where it is of no known kind."""
    code, text = line[:2], line[3:]
    if code == "= ":
        section, _, heading = (x.strip() for x in line[2:].partition("|"))
        doc["blocks"].append(("section", section, heading or None))
    elif code == "+ ":
        doc["blocks"].append(("sub", line[2:]))
    elif code in LINES:
        doc["blocks"].append((LINES[code], text))
    elif code in ("fp", "fe"):
        doc["pre" if code == "fp" else "post"].append(text)
    elif line.startswith("claim "):
        doc["claims"].append([x.strip() for x in line[6:].split("|")])
    else:
        return False
    return True


def parse(path):
    """A typed source as a dict: its head, its blocks in order, its tables and claims."""
    doc = {"blocks": [], "tables": {}, "claims": [], "pre": [], "post": [], "layout": "lines", "notes": ""}
    para, table = [], None
    for n, line in enumerate([*path.read_text("utf-8").split("\n"), ""], 1):
        if line.startswith("@"):
            key, _, value = line[1:].partition(" ")
            doc[key] = value.strip()
            continue
        code, text = line[:2], line[3:]
        unit = re.fullmatch(r"[bwpn0-3][TF]|hh", code) and line[2:3] == " "
        if table and line and not line.startswith(("[", "=")) and not unit:
            key, *values = line.split()
            doc["tables"][table][key] = values
            continue
        table = None
        if unit:
            para.append((code, text))
            continue
        if para:
            doc["blocks"].append(("para", para))
            para = []
        if re.fullmatch(r"\[t[234]\]", line):
            table = line[1:3]
            doc["tables"][table] = {}
            doc["blocks"].append(("table", table))
        elif line.strip() and not parse_line(doc, line):
            raise ValueError(f"{path.name}:{n}: cannot read {line[:40]!r}")
    return doc


def typed(rows, key, width):
    """The typed values of a row; ``rest`` stands for the rows left out."""
    values = rows.get(key)
    if values is None:
        values = [rows["rest"][0]] * width
    if len(values) != width:
        raise ValueError(f"row {key} has {len(values)} values, {width} wanted")
    return ["" if v == "-" else v for v in values]


def label(text, down=1, across=1):
    """A cell that prints a label of the form."""
    return text, down, across, False


def numbers(values, last=1):
    """Cells that print typed values; the last one spans ``last`` columns."""
    return [(v, 1, last if i == len(values) - 1 else 1, True) for i, v in enumerate(values)]


def grid(doc, name):
    """A table as rows of (text, rowspan, colspan, is_number)."""
    rows, form, out = doc["tables"][name], doc["form"], []
    if name == "t2":
        width = 3
        for item, names, columns in BLOCKS[form]:
            out.append([label(f"第二十条第{item}项", 1, 4)])
            rest = width - len(columns) + 1
            out.append(
                [label("信息内容"), *(label(c, 1, rest if i == len(columns) - 1 else 1) for i, c in enumerate(columns))]
            )
            out += [[label(r), *numbers(typed(rows, r, len(columns)), rest)] for r in names]
    elif name == "t3":
        out.append([label(CHECK_NOTE, 3, 3), label("申请人情况", 1, 7)])
        out.append([label("自然人", 2), label("法人或其他组织", 1, 5), label("总计", 2)])
        out.append([label(x) for x in LEAVES[1:6]])
        keys = request_rows(form)
        for key in ("一", "二"):
            out.append([label(keys[key], 1, 3), *numbers(typed(rows, key, 7))])
        start = len(out)
        for number, (group, subs) in enumerate(result_groups(form), 1):
            for i, sub in enumerate(subs, 1):
                head = [label(group, len(subs))] if i == 1 else []
                out.append([*head, label(sub), *numbers(typed(rows, f"{number}.{i}", 7))])
            if not subs:
                out.append([label(group, 1, 2), *numbers(typed(rows, str(number), 7))])
        out[start].insert(0, label("三、本年度办理结果", len(out) - start))
        out.append([label(keys["四"], 1, 3), *numbers(typed(rows, "四", 7))])
    else:
        out.append([label("行政复议", 1, 5), label("行政诉讼", 1, 10)])
        out.append([*(label(x, 2) for x in RESULTS), label("未经复议直接起诉", 1, 5), label("复议后起诉", 1, 5)])
        out.append([label(x) for x in RESULTS * 2])
        out.append(numbers([v for key in ("复议", "直接", "复议后") for v in typed(rows, key, 5)]))
    return out


def table_gold(doc):
    """The cells of the typed tables in the format of *.tables.json."""

    def cell(value, **where):
        number = re.match(r"-?[\d.]+", value.replace("减", "-").replace("增", ""))
        return {**where, "value": json.loads(number.group()) if number else None, "raw": value}

    gold = {"report": doc["report"], "form": doc["form"]}
    for name, rows in doc["tables"].items():
        cells = gold[f"table{name[1]}"] = []
        if name == "t2":
            for item, names, columns in BLOCKS[doc["form"]]:
                for r in names:
                    values = typed(rows, r, len(columns))
                    cells += [
                        cell(v, block=f"第二十条第{item}项", row=r, column=c)
                        for c, v in zip(columns, values, strict=True)
                    ]
        elif name == "t3":
            for key, row in request_rows(doc["form"]).items():
                cells += [cell(v, row=row, column=c) for c, v in zip(LEAVES, typed(rows, key, 7), strict=True)]
        else:
            for key, row in (
                ("复议", "行政复议"),
                ("直接", "行政诉讼/未经复议直接起诉"),
                ("复议后", "行政诉讼/复议后起诉"),
            ):
                cells += [cell(v, row=row, column=c) for c, v in zip(RESULTS, typed(rows, key, 5), strict=True)]
    if doc["layout"] in ("run", "single-run"):
        gold["raw_runs"] = {
            "".join(c[0] for c in row if not c[3]): "".join(c[0] for c in row if c[3])
            for name in doc["tables"]
            for row in grid(doc, name)
            if any(c[3] for c in row)
        }
    keys = ("text", "number", "unit", "matches", "verdict")
    gold["claims"] = [
        dict(zip(keys, [t, json.loads(n), u, None if m == "-" else m, v], strict=True))
        for t, n, u, m, v in doc["claims"]
    ]
    gold["notes"] = doc.get("tables_note", "")
    return gold


def faults(doc):
    """Identities that the typed numbers break, and runs of digits that have no single reading."""
    out, t3 = [], doc["tables"].get("t3")
    if t3:
        n = {k: [float(v or 0) for v in typed(t3, k, 7)] for k in request_rows(doc["form"])}
        for key, row in n.items():
            if sum(row[:6]) != row[6]:
                out.append(f"t3 row {key}: {sum(row[:6])} != {row[6]}")
            digits = "".join(typed(t3, key, 7))
            if "run" in doc["layout"] and len(splits(digits)) != 1:
                out.append(f"t3 row {key}: {digits} has {len(splits(digits))} readings")
        for i in range(7):
            total = sum(row[i] for key, row in n.items() if key[0] in "123456")
            if total != n["7"][i]:
                out.append(f"t3 {LEAVES[i]}: results {total} != {n['7'][i]}")
            if n["一"][i] + n["二"][i] != n["7"][i] + n["四"][i]:
                out.append(f"t3 {LEAVES[i]}: 一+二 != 七+四")
    for key in ("复议", "直接", "复议后") if "t4" in doc["tables"] else ():
        row = [float(v or 0) for v in typed(doc["tables"]["t4"], key, 5)]
        if sum(row[:4]) != row[4]:
            out.append(f"t4 {key}: {sum(row[:4])} != {row[4]}")
    return out


def splits(digits, cells=7):
    """Readings of a run of digits as six addends and their sum."""
    if cells == 1:
        return [[int(digits)]] if digits and (digits == "0" or digits[0] != "0") else []
    out = []
    for k in range(1, len(digits) - cells + 2):
        head = digits[:k]
        if head == "0" or head[0] != "0":
            out += [[int(head), *rest] for rest in splits(digits[k:], cells - 1)]
    return [s for s in out if cells < 7 or sum(s[:6]) == s[6]]


def paragraphs(doc):
    """(kind, text) of every block after the title; a table yields ("table", name)."""
    for block in doc["blocks"]:
        if block[0] == "section":
            if block[2]:
                yield "heading", block[2]
        elif block[0] == "para":
            yield "para", "".join(text for _, text in block[1])
        else:
            yield block[0], block[1]


def as_markdown(doc):
    """What an OCR service writes: # headings, tables as pipes or (``@tables html``) as one line of HTML."""
    marks = {"heading": "## ", "sub": "### "}
    out = [*doc["pre"], "# " + doc["title"]]
    for kind, text in paragraphs(doc):
        if kind != "table":
            out.append(marks.get(kind, "") + text)
        elif doc.get("tables_as") == "html":
            out.append(html_table(grid(doc, text), lambda t: escape(t, quote=False)).replace("\n", ""))
        else:
            rows = ["| " + " | ".join(c[0] for c in row) + " |" for row in grid(doc, text)]
            rows.insert(1, "|" + " --- |" * len(grid(doc, text)[0]))
            out.append("\n".join(rows))
    return ("\n\n".join([*out, *doc["post"]]) + "\n").encode("utf-8")


def html_table(rows, inside):
    """Rows of a grid as an HTML table; ``inside`` turns a cell's text into markup."""
    out = ['<table border="1" cellspacing="0">']
    for row in rows:
        cells = []
        for text, down, across, _ in row:
            span = (f' rowspan="{down}"' if down > 1 else "") + (f' colspan="{across}"' if across > 1 else "")
            cells.append(f"<td{span}>{inside(text)}</td>")
        out.append("<tr>" + "".join(cells) + "</tr>")
    return "\n".join([*out, "</table>"])


def as_txt(doc):
    """Text in one of six layouts: lines, cells, run, single, single-run, markdown (see README)."""
    if doc["layout"] == "markdown":
        return as_markdown(doc)
    layout, lines = doc["layout"], [*doc["pre"], doc["title"]]
    for kind, text in paragraphs(doc):
        if kind != "table":
            lines.append(text)
            continue
        for row in grid(doc, text):
            labels, numbers = [c[0] for c in row if not c[3]], [c[0] for c in row if c[3]]
            if layout == "cells":
                lines += labels + numbers
            elif "run" in layout:
                lines.append("".join(labels + numbers))
            else:
                lines.append(("\t" if layout == "lines" else " ").join(labels + numbers))
    lines += doc["post"]
    if layout.startswith("single"):
        text = " ".join(lines)
    else:
        width = int(doc.get("wrap", 0))
        if width:  # an OCR text breaks every line at the width of the page
            lines = [line[i : i + width] for line in lines for i in range(0, max(1, len(line)), width)]
        text = ("\n\n" if layout == "cells" else "\n").join(lines) + "\n"
    encoding = doc.get("encoding", "utf-8")
    return text.replace("\n", "\r\n" if encoding != "utf-8" else "\n").encode(encoding)


def as_html(doc):
    """A site page: the part between ``pre`` and ``post`` is the report; style ``word`` mimics pasted Word markup."""
    style, out = doc.get("style", "plain"), []
    open_p, close_p = {
        "plain": ("<p>", "</p>"),
        "indent": ('<p style="text-indent: 2em;">', "</p>"),
        "word": (
            '<p class="MsoNormal"><span lang="EN-US"></span><span style="font-family:仿宋_GB2312;font-size:16pt">',
            "</span></p>",
        ),
        "div": ("<div>", "</div>"),
    }[style]
    for kind, text in paragraphs(doc):
        if kind == "table":
            inside = (lambda t: f"<p>{escape(t)}</p>") if style == "word" else (lambda t: escape(t) or "&nbsp;")
            out.append(html_table(grid(doc, text), inside))
        elif kind in ("heading", "sub"):
            out.append(f"{open_p}<strong>{escape(text)}</strong>{close_p}")
        elif kind == "sign":
            out.append(f'<p style="text-align: right;">{escape(text)}</p>')
        else:
            out.append(f"{open_p}{'' if style == 'div' else '　　'}{escape(text)}{close_p}")
    site = doc["region"].split("/")[-1] + "人民政府"
    menu = "".join(
        f'<li><a href="#">{x}</a></li>'
        for x in ("首页", "走进" + site[:-4], "新闻中心", "政务公开", "政务服务", "互动交流")
    )
    pre = "".join(f'<div class="meta">{escape(x)}</div>' for x in doc["pre"])
    post = "".join(f'<div class="tail">{escape(x)}</div>' for x in doc["post"])
    charset = doc.get("encoding", "utf-8")
    page = [
        "<!DOCTYPE html>",
        f'<html lang="zh"><head><meta charset="{charset}"><title>{doc["title"]}_{site}</title>',
        "<style>td{padding:4px}</style><script>var channel = 'zfxxgknb';</script></head>",
        f'<body><div class="nav"><ul>{menu}</ul></div>',
        '<div class="crumb">当前位置：首页 &gt; 政务公开 &gt; 政府信息公开年报</div>',
        f'<h1>{doc["title"]}</h1>\n{pre}\n<div class="TRS_Editor">',
        *out,
        f'</div>\n{post}\n<div class="share">分享到： 微信 微博 【打印本页】 【关闭窗口】</div>',
        f'<div class="footer">主办：{site}办公室　网站地图　联系我们　网站标识码：0000000000</div></body></html>\n',
    ]
    return "\n".join(page).encode(charset)


def number_headings(document):
    """Add the list 一、 /（一） to a docx; returns the function that numbers a paragraph."""
    from docx.oxml import parse_xml

    ns = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    level = (
        '<w:lvl w:ilvl="{}"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/>'
        '<w:lvlText w:val="{}"/></w:lvl>'
    )
    numbering = document.part.numbering_part.element
    numbering.insert(
        0,
        parse_xml(
            f'<w:abstractNum {ns} w:abstractNumId="90">'
            + level.format(0, "%1、")
            + level.format(1, "（%2）")
            + "</w:abstractNum>"
        ),
    )
    numbering.append(parse_xml(f'<w:num {ns} w:numId="90"><w:abstractNumId w:val="90"/></w:num>'))

    def number(paragraph, depth):
        paragraph._p.get_or_add_pPr().append(
            parse_xml(f'<w:numPr {ns}><w:ilvl w:val="{depth}"/><w:numId w:val="90"/></w:numPr>')
        )

    return number


def as_docx(doc):
    """A Word file with merged cells; layout ``autonumber`` leaves the heading numbers to Word's list."""
    import datetime

    import docx

    document = docx.Document()
    number = number_headings(document) if doc["layout"] == "autonumber" else None
    document.add_paragraph(doc["title"]).alignment = 1
    for kind, text in paragraphs(doc):
        if kind == "table":
            rows = grid(doc, text)
            width = sum(c[2] for c in rows[0])
            table = document.add_table(len(rows), width, style="Table Grid")
            taken = set()
            for r, row in enumerate(rows):
                c = 0
                for content, down, across, _ in row:
                    while (r, c) in taken:
                        c += 1
                    taken |= {(r + i, c + j) for i in range(down) for j in range(across)}
                    cell = table.cell(r, c)
                    if down * across > 1:
                        cell = cell.merge(table.cell(r + down - 1, c + across - 1))
                    cell.text = content
        else:
            level = {"heading": 0, "sub": 1}.get(kind)
            if number and level is not None:
                number(document.add_paragraph(re.sub(r"^(（?[一二三四五六七八九十]+[、）])", "", text)), level)
            else:
                document.add_paragraph(text).alignment = 2 if kind == "sign" else None
    when = datetime.datetime(2024, 1, 1)
    core = document.core_properties
    core.created = core.modified = when
    core.author, core.title = doc["agency"], doc["title"]
    raw, out = io.BytesIO(), io.BytesIO()
    document.save(raw)
    with zipfile.ZipFile(raw) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.namelist():  # python-docx stamps the present time on every member
            new.writestr(zipfile.ZipInfo(item, (2024, 1, 1, 0, 0, 0)), old.read(item), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def as_pdf(doc):
    """A PDF with an embedded subset of WenQuanYi Zen Hei, ruled tables and page numbers (apt: fonts-wqy-zenhei)."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph, Table

    pdfmetrics.registerFont(TTFont("zenhei", "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc", subfontIndex=0))

    def style(name, size, **more):
        return ParagraphStyle(name, fontName="zenhei", fontSize=size, leading=size * 1.6, wordWrap="CJK", **more)

    styles = {
        "title": style("title", 18, alignment=1, spaceAfter=14),
        "heading": style("heading", 13, spaceBefore=6, firstLineIndent=26),
        "sub": style("sub", 12, firstLineIndent=24),
        "para": style("para", 12, firstLineIndent=24),
        "sign": style("sign", 12, alignment=2),
    }
    small = style("small", 8)
    flow = [Paragraph(escape(doc["title"]), styles["title"])]
    for kind, text in paragraphs(doc):
        if kind != "table":
            flow.append(Paragraph(escape(text), styles.get(kind, styles["para"])))
            continue
        rows = grid(doc, text)
        width, cells, spans, taken = sum(c[2] for c in rows[0]), [], [], set()
        for r, row in enumerate(rows):
            line, c = [""] * width, 0
            for content, down, across, _ in row:
                while (r, c) in taken:
                    c += 1
                taken |= {(r + i, c + j) for i in range(down) for j in range(across)}
                line[c] = Paragraph(escape(content), small)
                spans.append(("SPAN", (c, r), (c + across - 1, r + down - 1)))
            cells.append(line)
        first = {"t2": [150], "t3": [42, 54, 104], "t4": []}[text]
        rest = (455 - sum(first)) / (width - len(first))
        flow.append(
            Table(
                cells,
                colWidths=[*first, *[rest] * (width - len(first))],
                style=[("GRID", (0, 0), (-1, -1), 0.5, "black"), ("VALIGN", (0, 0), (-1, -1), "MIDDLE"), *spans],
                spaceBefore=6,
                spaceAfter=6,
            )
        )

    def footer(canvas, template):
        canvas.setFont("zenhei", 10)
        canvas.drawCentredString(A4[0] / 2, 40, f"- {template.page} -")

    out = io.BytesIO()
    template = BaseDocTemplate(out, pagesize=A4, title=doc["title"], author=doc["agency"], invariant=1)
    template.addPageTemplates(
        PageTemplate("all", [Frame(70, 64, A4[0] - 140, A4[1] - 130, 0, 0, 0, 0)], onPageEnd=footer)
    )
    template.build(flow)
    return out.getvalue()


WRITERS = {".txt": as_txt, ".html": as_html, ".docx": as_docx, ".pdf": as_pdf}


def main(names):
    """Render the named sources (all without names), write their annotations, print every fault."""
    sys.path.insert(0, str(HERE))
    import annotation

    bad = 0
    for path in sorted((HERE / "source").glob("*.txt")):
        if names and path.stem not in names:
            continue
        doc = parse(path)
        target = HERE / doc["folder"] / doc["report"]
        target.write_bytes(WRITERS[target.suffix](doc))
        gold = annotation.gold(doc, grid, annotation.source_pages(target))
        gold_path = HERE / "gold" / f"{target.stem}.json"
        gold_path.write_text(json.dumps(gold, ensure_ascii=False, indent=1) + "\n", "utf-8")
        if doc["tables"]:
            gold_path.with_suffix(".tables.json").write_text(
                json.dumps(table_gold(doc), ensure_ascii=False, indent=1) + "\n", "utf-8"
            )
        wrong, covered = annotation.check(gold, annotation.source_text(target))
        expected = [x for x in doc.get("faults", "").split(";") if x]
        wrong += [f for f in faults(doc) if not any(f.startswith(x) for x in expected)]
        bad += len(wrong)
        chars = sum(len(u["text"]) for u in gold["units"])
        size = f"{len(gold['sections'])} parts {len(gold['units'])} units {chars} chars"
        print(f"{doc['report']}: {doc['form']} {size} covered {covered:.2f}")
        for fault in wrong:
            print("   ", fault)
    if not names:
        list_specimens()
    return 1 if bad else 0


def list_specimens():
    """Rewrite the table of specimens in README.md from the head lines of the sources."""
    readme = HERE / "README.md"
    before, mark, rest = readme.read_text("utf-8").partition("<!-- specimens -->\n")
    _, end, after = rest.partition("<!-- end -->\n")
    docs = [parse(path) for path in sorted((HERE / "source").glob("*.txt"))]
    rows = [
        f"| {d['folder']}/{d['report']} | {d['form']} | {d['level']} | {d['function']} | {d['about']} |" for d in docs
    ]
    head = ["| file | form | level | function | what it is there for |", "|---|---|---|---|---|"]
    readme.write_text(before + mark + "\n".join(head + rows) + "\n" + end + after, "utf-8")


if __name__ == "__main__":
    sys.exit(main(set(sys.argv[1:])))

"""Saved web pages and MHTML: blocks, tables, furniture, hidden and scripted text, twins."""

from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest

from gknlp.errors import DamagedFileError, EmptyFileError, ScannedFileError
from gknlp.read.html import read_html
from gknlp.read.mhtml import read_mhtml

SENTENCE = "全年通过政府网站主动公开政府信息126条，其中机构职能类12条，规范性文件类8条，财政预决算类6条。"
BODY = (
    "<p>一、总体情况</p><p>" + SENTENCE + "</p><p>二、主动公开政府信息情况</p><p>" + SENTENCE.replace("全年", "本年度")
    + "</p><p>三、存在的主要问题及改进情况</p><p>公开的及时性有待提高，下一步将加强业务培训，健全审核制度。</p>"
)


def page(body, head=""):
    return f"<!DOCTYPE html><html><head><meta charset=utf-8>{head}</head><body>{body}</body></html>".encode()


def pieces(source, reason=None):
    return [source.text[f.start:f.end] for f in source.layout.furniture if reason in (None, f.reason)]


def grids(source):
    return [[(c.row, c.column, c.rowspan, c.colspan, source.text[c.start:c.end]) for c in g.cells]
            for g in source.layout.grids]


def test_blocks_breaks_and_white_space():
    source = read_html(page("<p>一、总体\n  情况</p><p>甲<br>乙 <b>丙</b>\n2020 年</p>\n<div>丁&nbsp;</div>&lt;戊&gt;"))
    assert source.text == "一、总体情况\n甲\n乙 丙 2020 年\n丁\n<戊>\n"


def test_font_and_unknown_tags_run_on_inside_a_sentence():
    source = read_html(page("<p><font>我局</font><o:p></o:p><st1:x>2020</st1:x><span>年</span>共公开<u>12</u>条</p>"))
    assert source.text == "我局2020年共公开12条\n"


def test_pre_keeps_its_lines():
    assert read_html(page("<pre>一、总体情况\n正文\n\n二、其他</pre>")).text == "一、总体情况\n正文\n二、其他\n"


def test_spans_of_cells_are_honoured():
    source = read_html(page(
        "<table><tr><td rowspan=2>申请人</td><td colspan='2'>法人</td><td rowspan=2>总计</td></tr>"
        "<tr><td>商业<br>企业</td><td><p>科研</p><p>机构</p></td></tr><tr><td>新收</td><td>1</td><td></td><td>3</td></tr>"
        "</table>后文"
    ))
    assert source.text == "申请人\t法人\t总计\n商业企业\t科研机构\n新收\t1\t\t3\n后文\n"
    assert grids(source) == [[
        (0, 0, 2, 1, "申请人"), (0, 1, 1, 2, "法人"), (0, 3, 2, 1, "总计"), (1, 1, 1, 1, "商业企业"),
        (1, 2, 1, 1, "科研机构"), (2, 0, 1, 1, "新收"), (2, 1, 1, 1, "1"), (2, 2, 1, 1, ""), (2, 3, 1, 1, "3"),
    ]]
    assert source.text[source.layout.grids[0].start:source.layout.grids[0].end].endswith("3\n")


def test_senseless_spans_do_no_harm():
    source = read_html(page("<table><tr><td rowspan=9999>甲<td colspan=x>乙<tr><td>丙</table>"))
    assert grids(source) == [[(0, 0, 2, 1, "甲"), (0, 1, 1, 1, "乙"), (1, 1, 1, 1, "丙")]]


def test_layout_tables_are_flowed_and_inner_tables_are_grids():
    inner = "<table><tr><td>规章</td><td>1</td></tr><tr><td>文件</td><td>2</td></tr></table>"
    prose = f"<p>一、总体情况</p><p>{SENTENCE}</p>"
    source = read_html(page(f"<table><tr><td>{prose}</td></tr><tr><td>{inner}</td></tr></table>"))
    assert source.text == f"一、总体情况\n{SENTENCE}\n规章\t1\n文件\t2\n"
    assert len(source.layout.grids) == 1


def test_a_table_with_long_prose_in_a_cell_is_layout():
    rows = f"<tr><td>总体情况</td><td>{SENTENCE * 4}</td></tr><tr><td>其他</td><td>无</td></tr>"
    source = read_html(page(f"<table>{rows}</table>"))
    assert source.layout.grids == ()
    assert source.text == f"总体情况\n{SENTENCE * 4}\n其他\n无\n"


def test_prose_that_slipped_into_a_data_table_parts_it():
    numbers = "".join(f"<tr><td>项{n}</td><td>{n}</td><td>{n + 1}</td></tr>" for n in range(5))
    source = read_html(page(f"<table>{numbers}<tr><td colspan=3>{SENTENCE * 2}</td></tr>{numbers}</table>"))
    assert len(source.layout.grids) == 2
    assert SENTENCE * 2 in source.text.split("\n")


def test_menus_footers_and_breadcrumbs_are_furniture():
    menu = "<div><ul>" + "".join(f"<li><a href=/{n}>栏目{n}</a></li>" for n in range(6)) + "</ul></div>"
    source = read_html(page(
        f"<header><a href=/>青石县人民政府</a></header>{menu}<div class='position'>您的位置：首页</div>"
        f"<h1>2020年政府信息公开工作年度报告</h1><div class=TRS_Editor>{BODY}</div>"
        "<footer>主办：青石县人民政府办公室</footer>"
    ))
    held = "".join(pieces(source))
    assert "栏目3" in held
    assert "主办：青石县人民政府办公室" in held
    assert "您的位置" in held
    assert "年度报告" not in held
    assert "总体情况" not in held
    headings = [(h.level, source.text[h.start:h.end]) for h in source.layout.headings]
    assert headings == [(1, "2020年政府信息公开工作年度报告")]


def test_prose_in_a_block_with_a_menus_name_is_kept():
    assert pieces(read_html(page(f"<div class='nav-content menu'>{BODY}</div>"))) == []


def test_hidden_blocks_and_words_are_furniture_and_do_not_part_a_sentence():
    source = read_html(page(
        f"<div style='DISPLAY: none'>打印版说明</div><p>全年<i style='display:none'>赌场</i>公开{SENTENCE}</p>{BODY}"
    ))
    assert pieces(source, "html:hidden") == ["打印版说明\n", "赌场\n"]
    assert f"全年公开{SENTENCE}" in source.text


def test_text_that_only_a_script_would_show_is_read_with_a_warning():
    shown_later = read_html(page(f"<p>正在加载</p><div id=zoom style='display:none'>{BODY * 3}</div>"))
    assert "html:hidden" not in {f.reason for f in shown_later.layout.furniture}
    assert [w.error for w in shown_later.warnings] == ["HiddenText"]
    escaped = BODY.encode("unicode_escape").decode().replace('"', '\\"').replace("/", "\\/")
    scripted = read_html(page(f'<div id=c></div><script>document.getElementById("c").innerHTML="{escaped}";</script>'))
    assert SENTENCE in scripted.text
    assert [w.error for w in scripted.warnings] == ["TextInScript"]


def test_pages_without_text_are_refused_by_what_they_hold():
    with pytest.raises(EmptyFileError, match=r"frames: top\.htm, main\.htm"):
        read_html(b"<html><frameset><frame src=top.htm><frame src=main.htm></frameset></html>")
    with pytest.raises(ScannedFileError, match="pictures"):
        read_html(page("<img src=1.jpg><img src=2.jpg>"))
    with pytest.raises(DamagedFileError, match="script"):
        read_html(page("<div id=app></div><script src=app.js></script>"))
    with pytest.raises(EmptyFileError):
        read_html(b"<html></html>")


def test_a_page_that_only_loads_another_is_told():
    source = read_html(page("<p>年度报告</p><iframe src='nb2020.pdf'></iframe>"))
    assert [w.error for w in source.warnings] == ["Frames"]
    assert "nb2020.pdf" in source.warnings[0].message


def test_the_second_of_two_copies_is_set_aside():
    long_body = BODY + "".join(f"<p>第{n}项工作：{SENTENCE}共计{n}次。</p>" for n in range(8))
    source = read_html(page(f"<div>全真版</div><div>{long_body}</div><div>文字版</div><div>{long_body}</div>"))
    copies = pieces(source, "html:second copy")
    assert len(copies) == 1
    assert copies[0].count("总体情况") <= 1
    assert [w.error for w in source.warnings] == ["SameTextTwice"]
    assert read_html(page(f"<div>{long_body}</div>")).warnings == ()


@pytest.mark.parametrize("encoding", ["gb2312", "utf-8", "utf-16"])
def test_encodings_whatever_the_page_declares(encoding):
    data = f"<html><head><meta charset=gb2312></head><body>{BODY}</body></html>".encode(encoding)
    assert SENTENCE in read_html(data).text


def test_metadata_becomes_facts():
    source = read_html(page(BODY, (
        "<title>青石县水务局年报</title><meta name=PubDate content='2021-01-20 10:00'>"
        "<meta name=ContentSource content=县水务局><meta name=SiteName content=青石县人民政府>"
    )))
    assert {(name, f.value, f.where) for name, found in source.facts.items() for f in found} == {
        ("title", "青石县水务局年报", "html:title"), ("published", "2021-01-20 10:00", "html:meta PubDate"),
        ("publisher", "县水务局", "html:meta ContentSource"), ("site", "青石县人民政府", "html:meta SiteName"),
    }


def test_a_truncated_page_is_told():
    assert [w.error for w in read_html(page(BODY).decode()[:-40].encode()).warnings] == ["CutOff"]


def test_depth_nuls_and_unclosed_tags_do_not_break_the_walk():
    deep = read_html(page("<div>" * 3000 + BODY))
    assert SENTENCE in deep.text
    assert SENTENCE in read_html(page("<font>" * 1500 + BODY + "<b><i>")).text
    nul = read_html(page("<p>甲\0乙</p>" + BODY))
    assert "甲\ufffd乙" in nul.text
    assert SENTENCE in nul.text


def test_ruby_pinyin_and_scripts_give_no_text():
    source = read_html(page("<p><ruby>政<rt>zhèng</rt></ruby>务</p><script>a='甲'</script><style>b{}</style>"))
    assert source.text == "政务\n"


def test_mhtml_reads_the_page_and_its_address():
    message = MIMEMultipart("related")
    message["Snapshot-Content-Location"] = "http://www.example.gov.cn/a.html"
    message.attach(MIMEText(page(BODY).decode(), "html", "gb2312"))
    message.attach(MIMEText("b{}", "css"))
    source = read_mhtml(message.as_bytes())
    assert SENTENCE in source.text
    assert source.facts["url"][0].value == "http://www.example.gov.cn/a.html"

"""Plain text and Markdown: encodings, mojibake, wrapped lines, heads, tables of pipes."""

import contextlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gknlp.errors import DamagedFileError
from gknlp.read.encoding import decode, plausibility
from gknlp.read.hygiene import find_pollution, is_traditional, replace_unreadable, to_simplified
from gknlp.read.markdown import read_markdown
from gknlp.read.text import read_text
from gknlp.read.wrapped import unwrap
from gknlp.resources import load_toml

PROSE = (
    "青石县水务局2020年政府信息公开工作年度报告\n一、总体情况\n2020年，我局认真贯彻落实条例，全年主动公开政府信息126条，"
    "其中通过政府网站公开98条，微信公众号公开28条。\n二、存在的主要问题及改进情况\n公开的及时性有待提高，下一步将加强培训。\n"
)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "gbk", "gb2312"]
)
def test_every_encoding_gives_the_same_text(encoding):
    decoded = decode(PROSE.encode(encoding))
    assert decoded.text == PROSE
    assert decoded.warnings == ()


def test_windows_utf16_with_mark_is_known_by_its_mark():
    decoded = decode(b"\xff\xfe" + PROSE.encode("utf-16-le"))
    assert (decoded.encoding, decoded.confidence, decoded.by) == ("utf-16-le", 1.0, "bom")


def test_big5_is_detected():
    text = "新北市政府資訊公開年度報告。本機關於本年度辦理申請案件，共計受理一百二十件，均依法答覆，並無收費之情形。"
    decoded = decode((text * 3).encode("big5"))
    assert decoded.text == text * 3
    assert decoded.encoding == "cp950"


def test_a_wrong_declaration_is_not_believed():
    assert decode(PROSE.encode("utf-8"), declared="gb2312").text == PROSE
    assert decode(PROSE.encode("gb18030"), declared="utf-8").text == PROSE
    assert decode(PROSE.encode("gb18030"), declared="no-such-charset").text == PROSE


def test_one_bad_byte_is_a_warning_not_another_encoding():
    data = PROSE.encode("utf-8")
    decoded = decode(data[:60] + b"\xff" + data[60:])
    assert decoded.encoding == "utf-8"
    assert decoded.text.count("\ufffd") >= 1
    assert [note.error for note in decoded.warnings] == ["UnreadableBytes"]


def test_a_block_of_damage_does_not_change_the_encoding():
    data = (PROSE * 8).encode("utf-8")
    decoded = decode(data[:300] + bytes(range(128, 256)) + data[300:])
    assert decoded.encoding == "utf-8"
    assert decoded.text.startswith(PROSE[:80])
    assert decoded.text.endswith(PROSE * 7)


@pytest.mark.parametrize(("wrong", "right"), [("latin-1", "utf-8"), ("latin-1", "gb18030")])
def test_text_saved_in_a_wrong_encoding_is_read_back(wrong, right):
    decoded = decode(PROSE.encode(right).decode(wrong).encode("utf-8"))
    assert decoded.text == PROSE
    assert [note.error for note in decoded.warnings] == ["Mojibake"]


def test_mojibake_that_cannot_be_undone_is_refused():
    with pytest.raises(DamagedFileError, match="mojibake"):
        decode(("锟斤拷" * 40 + PROSE[:10]).encode())
    with pytest.raises(DamagedFileError, match="mojibake"):
        decode(PROSE.encode("utf-8").decode("gbk", "replace").encode("utf-8"))


def test_a_few_lost_places_are_told():
    decoded = decode((PROSE + "锟斤拷").encode())
    assert decoded.text == PROSE + "锟斤拷"
    assert [note.error for note in decoded.warnings] == ["Mojibake"]


def test_surrogates_and_nuls_are_replaced_one_for_one():
    source = read_text((PROSE + "甲\ud800乙\0丙").encode("utf-8", "surrogatepass"))
    text, notes = replace_unreadable(source.text)
    assert text == PROSE + "甲\ufffd乙\ufffd丙"
    assert [note.error for note in notes] == ["UnreadableCharacters"]
    assert "2 control characters" in notes[0].message


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=200))
def test_any_utf8_text_is_kept_or_refused(text):
    try:
        decoded = decode(text.encode("utf-8"))
    except DamagedFileError:
        return
    if not decoded.warnings and not text.startswith("\ufeff") and decoded.encoding == "utf-8":
        assert decoded.text == text


@given(st.binary(max_size=300))
def test_any_bytes_end_as_text_or_a_named_error(data):
    with contextlib.suppress(DamagedFileError):
        assert isinstance(read_text(data).text, str)


def test_plausibility_tells_prose_from_mojibake():
    assert plausibility(PROSE) > 0.95
    assert plausibility(PROSE.encode("utf-8").decode("gbk", "replace")) < 0.6
    assert plausibility("plain ascii") == 1.0


def test_line_ends_and_invisible_characters():
    assert read_text("一、总体\u200b情况\r\n甲\r乙\u2028丙".encode()).text == "一、总体情况\n甲\n乙\n丙"


def test_form_feeds_are_pages():
    source = read_text("第一页正文\f第二页正文\f".encode())
    assert source.text == "第一页正文\n第二页正文\n"
    assert [(p.page, p.start, p.end) for p in source.layout.pages] == [(1, 0, 6), (2, 6, 12)]


def test_a_crawlers_head_gives_facts_and_furniture():
    text = (
        "标题: 青石县水务局年报\n发布时间: 2021-01-20\n文号: \n原文链接: http://example.cn/a.htm\n==== 正文 ====\n"
        "一、总体情况\n"
    )
    source = read_text(text.encode())
    assert source.text == text
    assert [(f.start, f.end) for f in source.layout.furniture] == [(0, text.index("一、"))]
    assert {name: found[0].value for name, found in source.facts.items()} == {
        "title": "青石县水务局年报", "published": "2021-01-20", "url": "http://example.cn/a.htm",
    }
    for found in source.facts.values():
        assert source.text[found[0].start:found[0].end] == found[0].value


def test_a_single_key_line_is_no_head():
    assert read_text("发布日期：2021-01-20\n一、总体情况\n正文。".encode()).layout.furniture == ()


def test_the_reports_first_lines_are_not_taken_for_its_head():
    text = "名称：青石县水务局年报\n发布机构：县水务局\n发文日期：2021-01-20\n现将有关情况报告如下：\n一、总体情况\n"
    head = read_text(text.encode()).layout.furniture
    assert [text[f.start:f.end] for f in head] == ["名称：青石县水务局年报\n发布机构：县水务局\n发文日期：2021-01-20\n"]


def test_wrapped_lines_are_joined_and_others_are_not():
    body = "全年主动公开政府信息一百二十六条涉及机构职能规划计划行政许可行政处罚财政预算决算应急管理等方面并按要求更新"
    paragraph = "　　" + body * 5 + "。"
    wrapped = [paragraph[n:n + 30] for n in range(0, len(paragraph), 30)]
    assert unwrap(["一、总体情况", *wrapped, "二、主动公开情况", *wrapped]) == [
        "一、总体情况", paragraph, "二、主动公开情况", paragraph,
    ]
    cells = ["总计", "12", "0", "0", "行政许可", "3"] * 10
    assert unwrap(cells) == cells
    sentences = ["一是加强组织领导，明确专人负责信息公开工作。", "二是完善制度，规范流程，提高办理质量和效率。"] * 8
    assert unwrap(sentences) == sentences


def test_reading_is_linear_in_one_line():
    small, large = "政府信息公开工作，" * 30_000, "政府信息公开工作，" * 300_000
    times = []
    for text in (small, large):
        data = text.encode()
        begin = time.process_time()
        read_text(data)
        times.append(time.process_time() - begin)
    assert times[1] < 12 * times[0] + 0.5


def test_markdown_headings_emphasis_links_and_formulas():
    source = read_markdown(
        "# 青石县2021年政府信息公开工作年度报告\n\n## 一、总体情况\n\n**（一）主动公开**。全年公开 $1 2 6$ 条，占 $95\\%$。见[网站](http://a.cn/)。"
        "![](p.png)\n\n- 1 -\n\n1\\. 建立制度\n".encode()
    )
    assert source.text == (
        "青石县2021年政府信息公开工作年度报告\n一、总体情况\n（一）主动公开。全年公开 126 条，占 95%。见网站。\n- 1 -\n"
        "1. 建立制度\n"
    )
    assert [(source.text[h.start:h.end], h.level, h.source) for h in source.layout.headings] == [
        ("青石县2021年政府信息公开工作年度报告", 1, "md:#"), ("一、总体情况", 2, "md:##"),
    ]
    assert [(source.text[f.start:f.end], f.reason) for f in source.layout.furniture] == [("- 1 -\n", "md:page number")]


def test_markdown_tables_of_pipes_and_html_are_grids():
    source = read_markdown(
        "前言。\n\n| 信息内容 | 本年制发件数 |\n|---|:--:|\n| 规章 | 0 |\n| 行政规范性文件 | |\n\n"
        "<table><tr><td rowspan=2>甲</td><td>乙</td></tr><tr><td>1</td></tr></table>\n\n后文。\n".encode()
    )
    assert source.text == "前言。\n信息内容\t本年制发件数\n规章\t0\n行政规范性文件\t\n甲\t乙\n1\n后文。\n"
    cells = [[(c.row, c.column, c.rowspan, c.colspan, source.text[c.start:c.end]) for c in g.cells]
             for g in source.layout.grids]
    assert cells == [
        [(0, 0, 1, 1, "信息内容"), (0, 1, 1, 1, "本年制发件数"), (1, 0, 1, 1, "规章"), (1, 1, 1, 1, "0"),
         (2, 0, 1, 1, "行政规范性文件"), (2, 1, 1, 1, "")],
        [(0, 0, 2, 1, "甲"), (0, 1, 1, 1, "乙"), (1, 1, 1, 1, "1")],
    ]


def test_pollution_is_flagged_with_its_evidence():
    assert find_pollution(PROSE) == ()
    pinyin = find_pollution(PROSE + "依申请(shēn qǐng)公开(gōng kāi)。")
    assert [note.error for note in pinyin] == ["Pollution"]
    assert "开(gōng kāi)" in pinyin[0].message
    numbers = "\n".join(map(str, range(20)))
    assert "repeated lines were dropped" in find_pollution(numbers)[0].message
    assert find_pollution(numbers + "\n0\n0") == ()


def test_traditional_script_is_told_from_simplified():
    assert is_traditional("政府信息公開工作年度報告，全年主動公開政府信息，依申請公開辦理情況")
    assert not is_traditional(PROSE)
    assert not is_traditional("臺灣")


def test_traditional_text_is_folded_character_by_character():
    text = "總體情況：依申請公開，2020年受理12件。"
    assert to_simplified(text) == "总体情况：依申请公开，2020年受理12件。"
    assert to_simplified(PROSE) == PROSE


@pytest.mark.parametrize("rule", load_toml("models/pollution.toml")["rule"], ids=lambda rule: rule["id"])
def test_pollution_rules_hold_their_examples(rule):
    assert [note.error for note in find_pollution(rule["example"])] == ["Pollution"]
    assert find_pollution(rule["counter_example"]) == ()

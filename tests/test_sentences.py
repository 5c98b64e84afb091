# ruff: noqa: E501 - invented Chinese lines count double and must not be broken
"""Chinese sentence splitting: exact sentences for invented lines, and what holds for every text."""

from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gknlp.segment import split_sentences

CASES = {
    "stops": ("今天下雨。明天晴吗？真好！", ["今天下雨。", "明天晴吗？", "真好！"]),
    "runs of stops": ("真的吗？！当然！！", ["真的吗？！", "当然！！"]),
    "closing quote stays": ("他说：“走吧。”大家站了起来。", ["他说：“走吧。”", "大家站了起来。"]),
    "question in quotes carried on": ("“有人吗？”她问。屋里没有声音。", ["“有人吗？”她问。", "屋里没有声音。"]),
    "statement in quotes, then who spoke": ("“船明早开。”船长说。码头安静下来。", ["“船明早开。”船长说。", "码头安静下来。"]),
    "quotation goes on behind the speaker": ("“不难。”她说，“只是慢。”会散了。", ["“不难。”她说，“只是慢。”", "会散了。"]),
    "a new speaker is a new sentence": ("甲说：“好。”乙说：“不好。”", ["甲说：“好。”", "乙说：“不好。”"]),
    "exclamation inside a clause": ("他高喊“前进！”并挥手。队伍动了。", ["他高喊“前进！”并挥手。", "队伍动了。"]),
    "title with a question mark": ("《去哪儿？》卖完了。再版在即。", ["《去哪儿？》卖完了。", "再版在即。"]),
    "bracket": ("公司（原名“快！”）关门了。员工走了。", ["公司（原名“快！”）关门了。", "员工走了。"]),
    "bracketed sentence": ("数据见表。（单位略。）下文说明。", ["数据见表。", "（单位略。）", "下文说明。"]),
    "ellipsis ends": ("他沉默了……后来他走了。", ["他沉默了……", "后来他走了。"]),
    "ellipsis before a comma": ("风声、雨声……，一夜未停。", ["风声、雨声……，一夜未停。"]),
    "decimal point and Latin abbreviation": ("价格是3.5元。U.S. Steel不评论。", ["价格是3.5元。", "U.S. Steel不评论。"]),
    "Latin stops between ideographs": ("他来了.我走了", ["他来了.", "我走了"]),
    "half-width marks": ("为什么?因为晚了!走吧。", ["为什么?", "因为晚了!", "走吧。"]),
    "straight quotation marks": ('他说："不行。"我同意。', ['他说："不行。"', "我同意。"]),
    "stop behind a quoted stop": ("口号是“更快！”。掌声响起。", ["口号是“更快！”。", "掌声响起。"]),
    "headline without a stop": ("水库扩容完工\n工程历时两年。", ["水库扩容完工", "工程历时两年。"]),
    "headline joined by a space": (
        "水库扩容完工 青垣省水利厅周四宣布，工程历时两年。下月蓄水。",
        ["水库扩容完工", "青垣省水利厅周四宣布，工程历时两年。", "下月蓄水。"],
    ),
    "headline of two parts": (
        "队伍连胜三场 晋级决赛 北京时间周日凌晨，望川队以三比零战胜对手。", ["队伍连胜三场 晋级决赛", "北京时间周日凌晨，望川队以三比零战胜对手。"],
    ),
    "headline before a date": ("汛期水位回落 8月10日，望川市公布了监测结果。", ["汛期水位回落", "8月10日，望川市公布了监测结果。"]),
    "dateline goes on": ("新华社青垣8月9日电 望川市水务局9日宣布，水库完工。", ["新华社青垣8月9日电 望川市水务局9日宣布，水库完工。"]),
    "spaces between words are no headlines": ("我局 认真 贯彻 条例 精神 全年 公开 信息 三十 条 。", ["我局 认真 贯彻 条例 精神 全年 公开 信息 三十 条 。"]),
    "space inside brackets": ("消息（记者 甲乙丙丁戊己庚辛壬癸子丑寅卯）传出。", ["消息（记者 甲乙丙丁戊己庚辛壬癸子丑寅卯）传出。"]),
    "answer behind a quotation": ("“不去。”她答。屋里静了。", ["“不去。”她答。", "屋里静了。"]),
    "no final stop": ("第一句。第二句没有标点", ["第一句。", "第二句没有标点"]),
    "address": ("见http://a.cn/?b=1的说明。完。", ["见http://a.cn/?b=1的说明。", "完。"]),
    "long quotation of its own": (
        "“" + "河道清淤从上游做起，" * 7 + "年底完工。资金已经到位。”",
        ["“" + "河道清淤从上游做起，" * 7 + "年底完工。", "资金已经到位。”"],
    ),
    "dialogue": ("“是吗？”“是的。”", ["“是吗？”", "“是的。”"]),
    "empty": ("", []),
    "blank": (" \n\t\u3000", []),
}


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES)
def test_sentences(text: str, expected: list[str]) -> None:
    assert [str(sentence) for sentence in split_sentences(text)] == expected


def test_offsets_index_the_text() -> None:
    text = "  甲。 乙！\n丙"
    assert [(s.start, s.end, s.text) for s in split_sentences(text)] == [(2, 4, "甲。"), (5, 7, "乙！"), (8, 9, "丙")]


def test_an_unclosed_quotation_does_not_hide_the_next() -> None:
    text = "他说：“走了。天亮了。“谁？”他问。没人应。"
    assert [str(s) for s in split_sentences(text)] == ["他说：“走了。", "天亮了。", "“谁？”他问。", "没人应。"]


@given(st.text(alphabet="甲乙他说问。！？，、；：“”‘’（）《》\"…. \n\u2028aZ9", max_size=60))
def test_sentences_tile_the_text(text: str) -> None:
    sentences = split_sentences(text)
    assert all(text[s.start : s.end] == s.text and s.text == s.text.strip() and s.text for s in sentences)
    assert all(a.end <= b.start for a, b in itertools.pairwise(sentences))
    assert "".join(re.sub(r"\s+", "", s.text) for s in sentences) == re.sub(r"\s+", "", text)

"""Furniture: heads and feet of invented pages, with and without line breaks; nothing of a body is ever taken."""

from __future__ import annotations

import re
from itertools import pairwise
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gknlp import resources
from gknlp.normalize import fold_width
from gknlp.read.furniture import find_furniture
from gknlp.read.furniture_rules import compile_rule
from gknlp.types import Furniture, Layout

TITLE = "沭阳县教育局2019年政府信息公开工作年度报告"
BODIES = {
    "form 2019":
    """根据《中华人民共和国政府信息公开条例》规定，现将沭阳县教育局2019年度政府信息公开工作情况报告如下。如对本报告有疑问，\
请与沭阳县教育局办公室联系（地址：沭城街道人民路1号，邮编：223600，电话：0527-0000000）。
一、总体情况
2019年，我局扎实推进政务公开。来源于网站的信息占多数，浏览量达到三万余人次。
（一）主动公开。公开信息120条，通过微信公众号发布56条。
二、存在的主要问题及改进情况
公开内容还不够全面。下一步，我局将加强培训，打印公开目录，分享经验做法。
三、其他需要报告的事项
无其他需要报告的事项。""",
    "without preamble": """一、概述
按照要求，我局做了以下工作：一是加强领导；二是健全制度。
二、主动公开政府信息情况
附件下载区域共上传文件12个。发布日期以网站为准。
三、收费及减免情况
我局未收取任何费用。
四、政府信息公开工作存在的问题和改进措施
信息更新不够及时。今后要加大力度。""",
    "dated first sentence": """2019年，在县委、县政府的正确领导下，我局认真贯彻落实《条例》，全年公开信息88条。
一、概述
（一）加强领导。我局成立了领导小组。
二、主动公开情况
2019年1月15日，我局召开会议。
三、问题与打算
加强培训，不断提高公开水平。特此报告。""",
    "free": """今年以来，我局紧紧围绕中心工作，扎实推进政务公开。现报告如下：
一、主要做法
打印资料，关闭老旧栏目3个，收藏展品。编辑信息12期。
二、存在问题
队伍不稳，上一年度结转的申请没有办完。
三、下一步工作
（一）提高认识。
（二）强化培训，联系人民群众更加紧密。""",
    "parts by words": """我局根据上级要求编制本报告。
第一部分 概述
公开信息88条。
第二部分 主动公开情况
上一年度结转申请0件。
第三部分 存在问题与改进
相关信息公开不够。下一步完善制度。""",
}
HEADS = {
    "nothing": "",
    "title": TITLE,
    "title and date": f"{TITLE}\n（2020年1月15日）",
    "bare date": f"{TITLE}\n2020年1月15日",
    "date, source, views, size": f"{TITLE}\n发布时间：2020-01-15 10:22 来源：沭阳县教育局 浏览次数：128 字体：[大 "
        f"中 小]",
    "menu": f"首页\n新闻中心\n政务公开\n当前位置：首页 > 政务公开 > 年度报告 > 正文\n{TITLE}\n发布日期：2020-01-15 "
        f" 来源：县教育局  "
    "点击数：128  【字体：大 中 小】 【打印】",
    "index block": f"网站首页 | 政府信息公开 | 政府信息公开年报\n索引号：014314799/2020-00002\n主题分类：综合政务"
        f"\n发布机构：沭阳县教育局\n"
    f"发文日期：2020-01-15\n名称：{TITLE}\n文号：无\n{TITLE}",
    "crawler": f"标题: {TITLE}\n发布时间: 2020-01-15 00:00\n文号: \n发布机构: 沭阳县教育局\n原文链接: https://www.e"
        f"xample.gov.cn/a/b.htm\n"
    f"==================== 正文 ====================\n当前位置： 首页政务公开年报 {TITLE} 来源：沭阳县教育局 时间："
    f"2020-01-15 00:00 "
    f"微信 微博 QQ空间 全真版 文字版 {TITLE}",
    "index cells": f"索 引 号\t014314799/2020-00002\t分类\t教育、报告\n发布机构\t沭阳县教育局\t发文日期\t2020-01-15"
        f"\n标 题\t{TITLE}\n"
    f"内容概述\t{TITLE}\n时效\t有效\n{TITLE}",
    "tools behind": f"您现在的位置：首页>>信息公开>>年报\n{TITLE}\n日期：2020-01-15 阅读：33次 作者：办公室 来源："
        f"本站\nA+ A- 打印 收藏 "
    "分享到：微信 微博",
    "letterhead": f"沭阳县教育局文件\n\n沭教发〔2020〕3号\n\n{TITLE}",
    "signed by": f"沭教发〔2020〕3号                签发人：张某\n\n{TITLE}",
    "portal": "无障碍浏览 长者模式 登录 注册\n沭阳县人民政府\n请输入关键字 搜索\n政府信息公开指南\n政府信息公开年报"
        "\n依申请公开\n"
    f"{TITLE}\n发布日期：2020-01-15 08:30:00 浏览次数： 字号：大 中 小\n【打印本页】 【关闭窗口】",
    "two lines": "沭阳县教育局\n2019年政府信息公开工作年度报告\n（沭阳县教育局  2020年1月）",
    "page title": f"{TITLE}_沭阳县人民政府网\n{TITLE}\n稿件来源：县教育局 | 作者： | 发布时间：2020-01-15 | 阅读次"
        f"数：211",
    "years menu": f"政府信息公开\n2021年 2020年 2019年\n{TITLE}\n{TITLE}\n时间：2020年01月15日  编辑：教育局",
    "arrows": f"今天是2020年3月2日 星期一 欢迎访问沭阳县人民政府网站\n设为首页 | 加入收藏\n您的位置：首页 → 年度报"
        f"告 → 内容\n{TITLE}\n【字体：小 大】",
    "brackets apart": f"登录 注册 English\n{TITLE}\n发布人：张某 发布时间：2020-01-15 15:02 访问次数： 次 【 大 中"
        f" 小 】 【 打印 】 【 关闭 】",
    "markdown": f"# {TITLE}\n\n> 发布时间：2020-01-15\n",
    "issuer and date": f"{TITLE}\n沭阳县教育局\n（2020年1月15日）",
    "passed on": f"沭教〔2020〕12号\n沭阳县教育局关于印发《{TITLE}》的通知",
}
TAILS = {
    "nothing": "",
    "signature and date": "沭阳县教育局\n2020年1月15日",
    "date": "2020年1月15日",
    "date in ideographs": "二〇二〇年一月十五日",
    "office": "沭阳县教育局办公室\n2020年1月15日",
    "one line": "沭阳县教育局 2020年1月15日",
    "apart": "沭 阳 县 教 育 局\n二O二O年一月十五日",
    "points": "沭阳县教育局\n2020.1.15",
    "attachment": "附件：2019年政府信息公开情况统计表.doc",
    "label of an attachment": "附件：\n【打印】 【关闭】",
    "attachment below": "附件：\n沭阳县教育局政府信息公开情况统计表.xls",
    "tools": "【打印本页】 【关闭窗口】",
    "sizes": "[大] [中] [小] [打印] [关闭]",
    "neighbours": "上一篇：沭阳县教育局2018年政府信息公开工作年度报告\n下一篇：没有了",
    "site": "沭阳县教育局\n2020年1月15日\n扫一扫在手机打开当前页\n主办：沭阳县人民政府办公室  网站标识码：321322000"
        "1  苏ICP备05000000号",
    "downloads": "附件下载：\n2019年度政府信息公开报告.pdf\n相关链接\n分享到：\n版权所有：沭阳县人民政府 技术支持"
        "：某某公司",
    "editor": "责任编辑：张某 审核：李某",
    "contributor": "（沭阳县教育局供稿）",
    "distribution": "（此件公开发布）\n抄送：县政府办公室。\n沭阳县教育局办公室 2020年1月15日印发",
    "person": "沭阳县教育局\n2020年1月15日\n（联系人：张某，联系电话：0527-0000000）",
    "links": "联系我们 | 网站地图 | 关于我们\n地址：沭阳县某路1号 电话：0527-0000000",
    "sites": "中国政府网 江苏省政府网 宿迁市政府网\n主办单位：沭阳县人民政府\n网站地图",
    "views": "本文已被浏览 128 次",
    "helper": "智能问答\n政务微信\n返回顶部",
    "back": "【返回】",
}
PAGES = [(body, head, tail) for body in BODIES for head in HEADS for tail in ("nothing", "signature and date")]
PAGES += [(body, "menu", tail) for body in BODIES for tail in TAILS]
_SEPARATORS = re.compile(r"[\s|>·/,;\-]+")


def covered(text: str) -> list[bool]:
    marks = [False] * len(text)
    for item in find_furniture(text, Layout()):
        marks[item.start : item.end] = [True] * (item.end - item.start)
    return marks


@pytest.mark.parametrize("one_line", [False, True], ids=["lines", "one line"])
@pytest.mark.parametrize(("body", "head", "tail"), PAGES, ids=["/".join(page) for page in PAGES])
def test_head_and_foot_are_furniture_and_the_body_is_not(body: str, head: str, tail: str, one_line: bool) -> None:
    pieces = [piece.replace("\n", " ") if one_line else piece for piece in (HEADS[head], BODIES[body], TAILS[tail])]
    gap = " " if one_line else "\n"
    text = gap.join(piece for piece in pieces if piece)
    start = len(pieces[0]) + len(gap) if pieces[0] else 0
    end = start + len(pieces[1])
    marks = covered(text)
    assert "".join(c for c, mark in zip(text[start:end], marks[start:end], strict=True) if mark) == ""
    outside = "".join(c for at, c in enumerate(text) if not marks[at] and not start <= at < end)
    assert _SEPARATORS.sub("", outside) == ""


def test_reasons_of_title_signature_and_date() -> None:
    text = f"{TITLE}\n{BODIES['form 2019']}\n沭阳县教育局\n2020年1月15日\n— 3 —"
    found = {item.reason: text[item.start : item.end] for item in find_furniture(text, Layout())}
    assert found == {"title": TITLE, "signature": "沭阳县教育局", "date": "2020年1月15日", "page number": "— 3 —"}


@pytest.mark.parametrize("gap", ["\n", " ", ""])
@pytest.mark.parametrize(
    ("tail", "reasons"),
    [
        (["二〇二〇年一月十五日", "沭阳县教育局"], ["date", "signature"]),
        (["沭阳县教育局", "2020年1月15日", "【打印】【关闭】"], ["signature", "date", "page tools"]),
    ],
    ids=["date above the name", "tools glued to the date"],
)
def test_ends_in_other_orders_with_and_without_gaps(gap: str, tail: list[str], reasons: list[str]) -> None:
    body = "一、总体情况\n公开信息120条。\n二、问题\n还有不足，2020年1月15日已报县教育局。"
    text = f"{TITLE}\n{body}{gap}{gap.join(tail)}"
    found = find_furniture(text, Layout())
    assert [(item.reason, text[item.start : item.end]) for item in found[1:]] == list(zip(reasons, tail, strict=True))


def test_page_numbers_stand_anywhere() -> None:
    text = f"{TITLE}\n一、总体情况\n公开信息\n- 2 -\n120条。\n第 3 页 共 8 页\n二、问题\n还有不足。"
    found = [text[item.start : item.end] for item in find_furniture(text, Layout()) if item.reason == "page number"]
    assert found == ["- 2 -", "第 3 页 共 8 页"]


def test_marked_furniture_is_kept_and_a_signature_in_front_of_it_found() -> None:
    text = f"{TITLE}\n一、总体情况\n公开信息120条。\n沭阳县教育局\n2020年1月15日\n7\n"
    number = Furniture(len(text) - 2, len(text), "pdf:page number")
    found = find_furniture(text, Layout(furniture=(number,)))
    assert [item.reason for item in found] == ["title", "signature", "date", "pdf:page number"]
    assert found[-1] == number


def test_a_title_printed_again_is_furniture() -> None:
    text = f"{TITLE}\n本报告由两部分组成。\n{TITLE}\n一、总体情况\n公开信息120条。"
    assert [item.reason for item in find_furniture(text, Layout())] == ["title", "title"]


def test_prose_about_pages_stays() -> None:
    text = f"{TITLE}\n一、总体情况\n版权所有问题得到解决，责任编辑认真负责。\n二、问题"
    text += "\n相关链接不全。来源：各科室报送。联系人民群众。"
    assert [item.reason for item in find_furniture(text, Layout())] == ["title"]


def test_a_contents_list_is_furniture_wherever_it_stands() -> None:
    entries = "目  录\n一、总体情况......1\n二、问题......2\n"
    parts = "一、总体情况\n公开信息120条。\n二、问题\n还有不足。"
    for text in (entries + TITLE + "\n" + parts, TITLE + "\n" + entries + parts, entries + parts):
        marks = covered(text)
        assert all(not mark for mark in marks[text.rindex(parts) :])
        assert all(mark for c, mark in zip(text, marks[: text.rindex(parts)], strict=False) if c.strip())
    assert [item.reason for item in find_furniture("目录\n", Layout())] == []


@pytest.mark.parametrize("piece", ["2019年1月1日 ", "【打印】 ", "目录 一、总体情况 ", f"{TITLE}\n", "首页 > 公开 > "])
def test_cost_is_linear(piece: str) -> None:
    def seconds(length: int) -> float:
        text = (piece * length)[:length]
        began = process_time()
        find_furniture(text, Layout())
        return process_time() - began

    seconds(1_000)
    short, long = (min(seconds(length) for _ in range(3)) for length in (4_000, 40_000))
    assert long < 40 * max(short, 0.005)  # ten times the text; a square cost would be a hundredfold


def test_empty_text() -> None:
    assert find_furniture("", Layout()) == find_furniture(" \n\u3000", Layout()) == ()


RULES = resources.load_toml("models/furniture.toml")["rule"]


@pytest.mark.parametrize("rule", RULES, ids=[rule["id"] for rule in RULES])
def test_rules(rule: dict[str, str]) -> None:
    pattern = compile_rule(rule["pattern"])
    match = pattern.fullmatch if rule["zone"] == "line" else pattern.match
    example, counter = ("\n" + fold_width(rule[key]) for key in ("example", "counter_example"))
    found = match(example, 1)
    assert found is not None
    assert found.group().strip()
    stray = match(counter, 1)
    assert stray is None or not stray.group().strip()


_PIECES = st.sampled_from([*HEADS.values(), *BODIES.values(), *TAILS.values(), "\n", "一、", "。", "》", "【",
    "2020年1月1日", "局", "目录\n", "目 录 "])


@settings(max_examples=80, deadline=None)
@given(pieces=st.lists(_PIECES, max_size=8), gap=st.sampled_from(["", " ", "\n", "\u3000"]))
def test_furniture_is_sorted_disjoint_and_inside(pieces: list[str], gap: str) -> None:
    text = gap.join(pieces)
    found = find_furniture(text, Layout())
    assert all(0 <= item.start < item.end <= len(text) for item in found)
    assert all(one.end <= two.start for one, two in pairwise(found))
    assert found == find_furniture(text, Layout())

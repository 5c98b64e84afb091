# ruff: noqa: E501 - invented Chinese lines count double and must not be broken
"""Outlines of every kind that agencies write, all invented: which headings `segment` finds, and which it must not."""

from __future__ import annotations

import pytest

from gknlp.segment import segment

P = "本报告由青垣县水务局根据《条例》编制，所列数据的统计期限自1月1日起至12月31日止。"
B = {
    "overview": "全年召开专题会议3次，安排部署公开工作。我局明确专人负责，做到应公开尽公开。",
    "proactive": "全年通过门户网站公开各类信息206条，其中动态信息150条。",
    "requests": "本年度未收到公民的书面请求，也没有上年转来的件。",
    "fees": "全年没有向任何人收取检索和复制的成本。",
    "review": "全年没有发生相关案件，没有败诉。",
    "problems": "栏目更新不够及时，人员业务能力有待提高。我们将举办两期培训班。",
    "plans": "建立每月通报机制，按时更新栏目。",
    "other": "没有别的事要报告。",
    "annex": "表中数字以局办公室统计为准。",
}
TITLE = "青垣县水务局2015年政府信息公开工作年度报告\n"
TITLE_NEW = "青垣县水务局2022年政府信息公开工作年度报告\n"
CN = "一二三四五六七八九十"


def outline(text: str) -> list[tuple[str, str | None]]:
    return [(item.section, item.heading) for item in segment(text).sections]


def lines(parts: list[tuple[str, str]], title: str = TITLE, preamble: str = P) -> str:
    """A report with each heading on its own line."""
    body = "".join(f"{heading}\n{B[section]}\n" for section, heading in parts)
    return f"{title}{preamble}\n{body}"


def page(parts: list[tuple[str, str]]) -> str:
    """The same report without any line break, headings between spaces."""
    return lines(parts).replace("\n", " ")


def glued(parts: list[tuple[str, str]]) -> str:
    """Headings and bodies run together, paragraphs kept."""
    return TITLE + P + "\n" + "".join(f"{heading}2015年，{B[section]}\n" for section, heading in parts)


def numbered(titles: list[tuple[str, str]], pattern: str = "{n}、{t}") -> list[tuple[str, str]]:
    return [(s, pattern.format(n=CN[k], k=k + 1, t=t)) for k, (s, t) in enumerate(titles)]


OLD = [
    ("overview", "概述"), ("proactive", "主动公开政府信息情况"), ("requests", "依申请公开政府信息情况"),
    ("fees", "政府信息公开的收费及减免情况"), ("review", "因政府信息公开申请行政复议、提起行政诉讼的情况"),
    ("problems", "存在的主要问题及改进措施"), ("other", "其他需要说明的事项"),
]
NEW = [
    ("overview", "总体情况"), ("proactive", "主动公开政府信息情况"), ("requests", "收到和处理政府信息公开申请情况"),
    ("review", "政府信息公开行政复议、行政诉讼情况"), ("problems", "存在的主要问题及改进情况"), ("other", "其他需要报告的事项"),
]
WORDINGS = {
    "tax": [
        ("overview", "政府信息公开工作基本情况"), ("proactive", "主动公开信息情况"), ("requests", "依申请公开信息情况"),
        ("review", "复议、诉讼和申诉情况"), ("problems", "存在的不足及下一步打算"),
    ],
    "township": [
        ("overview", "概况"), ("proactive", "信息公开的主要内容和形式"), ("requests", "申请公开情况"),
        ("fees", "收费情况"), ("review", "行政复议和诉讼情况"), ("problems", "主要问题"), ("plans", "今后工作打算"),
    ],
    "consultation": [
        ("overview", "概述"), ("proactive", "主动公开政府信息的情况"), ("requests", "政府信息公开申请办理情况"),
        ("other", "咨询处理情况"), ("review", "行政复议、诉讼及申诉情况"), ("fees", "政府支出与收费情况"),
        ("problems", "主要问题和改进措施"), ("annex", "附表"),
    ],
    "plans_apart": [
        ("overview", "2015年政府信息公开工作总体情况"), ("proactive", "主动公开情况"), ("requests", "依申请公开情况"),
        ("fees", "收费及减免情况"), ("review", "举报、复议、诉讼情况"), ("problems", "存在问题"),
        ("plans", "2016年工作安排"),
    ],
    "organisation": [
        ("overview", "组织领导和制度建设情况"), ("proactive", "政府信息主动公开情况"), ("requests", "政府信息依申请公开情况"),
        ("fees", "依申请公开政府信息收费情况"), ("review", "因政府信息公开引起的行政复议、行政诉讼情况"),
        ("problems", "工作中存在的困难、问题和改进意见"), ("other", "需要说明的其他事项"),
    ],
    "key_fields": [
        ("overview", "工作概况"), ("proactive", "重点领域政府信息公开情况"), ("requests", "依申请公开办理情况"),
        ("review", "复议诉讼情况"), ("problems", "主要问题和不足"), ("plans", "下一步改进措施"), ("annex", "名词解释"),
    ],
    "short": [
        ("overview", "基本情况"), ("proactive", "主动公开情况"), ("problems", "存在问题"), ("plans", "下一步打算"),
    ],
    "nine": [
        ("overview", "推进政府信息公开工作情况"), ("proactive", "主动公开政府信息情况"), ("requests", "依申请公开情况"),
        ("fees", "收费情况"), ("review", "申诉情况"), ("other", "建议提案办理情况"), ("problems", "存在的问题"),
        ("plans", "改进措施"), ("annex", "附表"),
    ],
}


@pytest.mark.parametrize("pattern", ["{n}、{t}", "{n}、 {t}", "{n} 、{t}", "{n}.{t}", "第{n}部分 {t}", "第{n}部分：{t}", "（{n}）{t}",
                                     "{k}、{t}", "{k}.{t}", "({n})、{t}", "## {n}、{t}", "{n}，{t}"])
@pytest.mark.parametrize("titles", [OLD, NEW], ids=["old", "new"])
def test_any_number_style_on_own_lines(pattern: str, titles: list[tuple[str, str]]) -> None:
    parts = numbered(titles, pattern)
    expected = [(s, h.removeprefix("## ")) for s, h in parts]
    assert outline(lines(parts)) == [("preamble", None), *expected]


@pytest.mark.parametrize("shape", [lines, page, glued])
@pytest.mark.parametrize("titles", WORDINGS.values(), ids=WORDINGS)
def test_any_wording_in_any_shape(titles: list[tuple[str, str]], shape: object) -> None:
    parts = numbered(titles)
    if shape is glued:  # bare nouns need a break behind them; a bureau that glues writes 情况
        parts = [(s, h) for s, h in parts if s != "annex"]
    assert outline(shape(parts)) == [("preamble", None), *parts]  # type: ignore[operator]


def test_titles_without_numbers() -> None:
    assert outline(lines(OLD)) == [("preamble", None), *OLD]


def test_a_page_without_lines_and_numbers_between_spaces() -> None:
    assert outline(page(NEW)) == [("preamble", None), *NEW]


def test_spaces_inside_the_words() -> None:
    text = lines([("overview", "一 、概  述"), ("proactive", "二、 主动公开 政府信息 情况"), ("requests", "三　、依 申请公开情况")])
    found = outline(text)
    assert [s for s, _ in found] == ["preamble", "overview", "proactive", "requests"]
    assert found[1] == ("overview", "一 、概  述")


def test_full_width_everything() -> None:
    text = lines(numbered(NEW), title=TITLE_NEW.replace("2022", "２０２２"))
    assert outline(text) == [("preamble", None), *numbered(NEW)]


@pytest.mark.parametrize("shape", [lines, page])
def test_numbers_three_then_five(shape: object) -> None:
    parts = [("overview", "一、概述"), ("proactive", "二、主动公开情况"), ("requests", "三、依申请公开情况"),
             ("review", "五、复议诉讼情况"), ("problems", "六、存在的主要问题")]
    assert outline(shape(parts))[1:] == parts  # type: ignore[operator]


def test_a_number_twice() -> None:
    parts = [("overview", "一、概述"), ("proactive", "二、主动公开情况"), ("requests", "三、依申请公开情况"),
             ("fees", "三、收费情况"), ("review", "四、复议诉讼情况"), ("problems", "五、存在的主要问题")]
    assert outline(lines(parts))[1:] == parts


def test_one_mistyped_style() -> None:
    parts = [("overview", "一、概述"), ("proactive", "二、主动公开情况"), ("requests", "(三)、依申请公开情况"),
             ("fees", "四、收费情况"), ("review", "五、复议诉讼情况")]
    assert outline(lines(parts))[1:] == parts


def test_parts_out_of_order() -> None:
    parts = [("overview", "一、概述"), ("requests", "二、依申请公开情况"), ("proactive", "三、主动公开情况"),
             ("problems", "四、存在的主要问题"), ("review", "五、行政复议、行政诉讼情况"), ("fees", "六、收费情况")]
    assert outline(lines(parts))[1:] == parts


def test_contents_list_is_no_part() -> None:
    contents = "目录\n" + "".join(f"{h}\n" for _, h in numbered(NEW))
    text = TITLE_NEW + contents + P + "\n" + "".join(f"{h}\n{B[s]}\n" for s, h in numbered(NEW))
    found = segment(text).sections
    assert [(s.section, s.heading) for s in found if s.heading] == numbered(NEW)
    assert [text[s.start : s.end].strip() for s in found if s.section == "overview"] == [B["overview"]]


def test_contents_list_with_leaders_and_pages() -> None:
    contents = "目  录\n" + "".join(f"{h}……………{k + 1}\n" for k, (_, h) in enumerate(numbered(OLD)))
    text = TITLE + contents + P + "\n" + "".join(f"{h}\n{B[s]}\n" for s, h in numbered(OLD))
    found = segment(text).sections
    assert [(s.section, s.heading) for s in found if s.heading] == numbered(OLD)
    assert found[0].section == "preamble"
    assert text[found[0].start : found[0].end] == P


@pytest.mark.parametrize("sentence", [
    "本报告由总体情况、主动公开政府信息情况、收到和处理政府信息公开申请情况、政府信息公开行政复议、行政诉讼情况、存在的主要问题及改进情况和其他需要报告的事项六部分组成。",
    "全文包括一、总体情况；二、主动公开政府信息情况；三、收到和处理政府信息公开申请情况；四、政府信息公开行政复议、行政诉讼情况；五、存在的主要问题及改进情况；六、其他需要报告的事项。",
    "本报告包括“总体情况”“主动公开政府信息情况”“收到和处理政府信息公开申请情况”等六个部分。",
])
@pytest.mark.parametrize("shape", ["lines", "page"])
def test_the_preamble_naming_all_parts(sentence: str, shape: str) -> None:
    text = lines(numbered(NEW), title=TITLE_NEW, preamble=sentence)
    text = text if shape == "lines" else text.replace("\n", " ")
    found = segment(text).sections
    assert [(s.section, s.heading) for s in found] == [("preamble", None), *numbered(NEW)]
    assert text[found[0].start : found[0].end].strip() == sentence


@pytest.mark.parametrize("items", [
    "一、建立健全公开制度，明确责任分工。\n二、加强业务培训，提高人员素质。\n三、加大检查力度，及时通报结果。\n",
    "一、加强组织领导\n指定一名副局长分管。\n二、加强业务培训\n每季度办一期。\n三、加强监督检查\n每半年通报一次。\n",
    "一、主动公开方面的问题。栏目更新慢。二、依申请公开方面的问题。答复不规范。三、平台方面的问题。栏目空置。\n",
])
def test_numbered_items_inside_a_part_are_none(items: str) -> None:
    head = lines(numbered(NEW)[:4], title=TITLE_NEW)
    text = head + "五、存在的主要问题及改进情况\n我局的公开工作还有差距。\n" + items + "六、其他需要报告的事项\n无。\n"
    assert outline(text)[1:] == numbered(NEW)


TABLE3 = (
    "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）\n申请人情况\n自然人\n法人或其他组织\n总计\n商业企业\n科研机构\n"
    "社会公益组织\n法律服务机构\n其他\n一、本年新收政府信息公开申请数量\n1\n0\n0\n0\n0\n0\n1\n二、上年结转政府信息公开申请数量\n0\n0\n0\n0\n0\n0\n0\n"
    "三、本年度办理结果\n（一）予以公开\n1\n0\n0\n0\n0\n0\n1\n（七）总计\n1\n0\n0\n0\n0\n0\n1\n四、结转下年度继续办理\n0\n0\n0\n0\n0\n0\n0\n"
)
TABLE2 = "第二十条第（一）项\n信息内容\n本年制发件数\n本年废止件数\n现行有效件数\n规章\n0\n0\n0\n行政规范性文件\n1\n0\n5\n第二十条第（八）项\n信息内容\n本年收费金额（单位：万元）\n行政事业性收费\n0\n"
TABLE4 = "行政复议\n行政诉讼\n结果维持\n结果纠正\n其他结果\n尚未审结\n总计\n未经复议直接起诉\n复议后起诉\n" + "结果维持\n结果纠正\n其他结果\n尚未审结\n总计\n" * 2 + "0\n" * 15


@pytest.mark.parametrize("join", ["\n", " ", ""], ids=["one cell a line", "spaces", "run together"])
def test_rows_of_the_tables_are_no_parts(join: str) -> None:
    heads = [h for _, h in numbered(NEW)]
    text = (
        f"{TITLE_NEW}{P}\n{heads[0]}\n{B['overview']}\n{heads[1]}\n{TABLE2}{heads[2]}\n{TABLE3}{heads[3]}\n{TABLE4}"
        f"{heads[4]}\n{B['problems']}\n{heads[5]}\n无。\n"
    ).replace("\n", join)
    found = segment(text)
    assert [(s.section, s.heading, s.has_table) for s in found.sections if s.heading] == [
        (s, h, s in ("proactive", "requests", "review")) for s, h in numbered(NEW)
    ]
    assert found.form == "2021"
    assert not [unit.text for unit in found.units if unit.section in ("proactive", "requests", "review")]


def test_empty_parts_have_empty_bodies() -> None:
    heads = [h for _, h in numbered(NEW)]
    text = TITLE_NEW + P + f"\n{heads[0]}\n{B['overview']}\n{heads[1]}\n{heads[2]}\n{heads[3]}\n{heads[4]}\n{B['problems']}\n{heads[5]}\n无\n"
    found = segment(text).sections
    assert [(s.section, s.heading) for s in found] == [("preamble", None), *numbered(NEW)]
    assert [s.start == s.end for s in found] == [False, False, True, True, True, False, False]


def test_statistics_annex_rows_are_no_parts() -> None:
    rows = (
        "一、主动公开情况\n——\n——\n（一）主动公开政府信息数\n条\n206\n（二）通过不同渠道公开的数量\n条\n206\n二、回应解读情况\n——\n——\n"
        "三、依申请公开情况\n——\n——\n（一）收到申请数\n件\n0\n四、行政复议数量\n件\n0\n五、行政诉讼数量\n件\n0\n"
    )
    table = "附表\n政府信息公开情况统计表\n统计指标\n单位\n统计数\n" + rows
    text = lines(numbered(OLD)) + table
    found = segment(text)
    heads = [(s.section, s.heading) for s in found.sections if s.heading]
    assert heads[:7] == numbered(OLD)
    assert heads[7:] == [("annex", "附表\n政府信息公开情况统计表")]
    assert [s.has_table for s in found.sections][-1]
    assert not [unit.text for unit in found.units if unit.section == "annex" and "收到申请" in unit.text]


def test_subheadings_with_the_parts_words_are_none() -> None:
    text = (
        f"{TITLE_NEW}{P}\n一、总体情况\n（一）主动公开情况\n公开信息12条。\n（二）依申请公开情况\n没有收到申请。\n（三）政府信息管理情况\n管理规范。\n"
        "（四）平台建设情况\n建了专栏。\n（五）监督保障情况\n考核两次。\n二、主动公开政府信息情况\n见附表。\n三、收到和处理政府信息公开申请情况\n无。\n"
        "四、政府信息公开行政复议、行政诉讼情况\n无。\n五、存在的主要问题及改进情况\n（一）存在的主要问题\n更新慢。\n（二）改进措施\n抓更新。\n六、其他需要报告的事项\n无。\n"
    )
    found = segment(text)
    assert [(s.section, s.heading) for s in found.sections][1:] == numbered(NEW)
    assert [(h.topic, h.level) for h in found.subheadings if h.section == "overview"] == [
        ("proactive", 1), ("requests", 1), ("management", 1), ("platform", 1), ("supervision", 1)
    ]


def test_unknown_title_with_a_regular_number_is_other() -> None:
    parts = [("overview", "一、概述"), ("proactive", "二、主动公开情况"), ("requests", "三、依申请公开情况"),
             ("other", "四、窗口便民服务"), ("review", "五、复议诉讼情况")]
    assert outline(lines(parts))[1:] == parts


def test_unknown_titles_before_the_known_ones_are_the_work_summary() -> None:
    parts = [("overview", "一、领导重视，健全组织"), ("proactive", "二、主动公开情况"), ("requests", "三、依申请公开情况"),
             ("other", "四、窗口便民服务"), ("problems", "五、存在的问题")]
    assert outline(lines(parts))[1:] == parts


def test_a_foreword_heads_the_preamble() -> None:
    text = TITLE + "前言\n" + P + "\n" + "".join(f"{h}\n{B[s]}\n" for s, h in numbered(OLD))
    found = segment(text).sections
    assert [(s.section, s.heading) for s in found] == [("preamble", "前言"), *numbered(OLD)]
    assert text[found[0].start : found[0].end].strip() == P


def test_free_report_of_work_problems_and_plans() -> None:
    parts = [("overview", "一、加强领导，健全机制"), ("overview", "二、突出重点，注重实效"), ("problems", "三、存在的问题"), ("plans", "四、下一步打算")]
    found = segment(lines(parts))
    assert [(s.section, s.heading) for s in found.sections][1:] == parts
    assert found.form == "free"


def test_free_report_in_plain_words() -> None:
    parts = [("overview", "我们的做法"), ("problems", "碰到的难处"), ("plans", "明年的想法")]
    assert outline(lines(parts))[1:] == parts


def test_no_heading_at_all() -> None:
    text = "青垣县水务局2012年政府信息公开工作总结\n一年来，我局公开了水价、供水和抗旱信息共45条。明年继续努力。\n"
    found = segment(text)
    assert [(s.section, s.heading, s.by) for s in found.sections] == [("overview", None, "no heading")]
    assert found.form == "free"


def test_no_preamble() -> None:
    text = TITLE + "".join(f"{h}\n{B[s]}\n" for s, h in numbered(OLD))
    assert outline(text) == numbered(OLD)


@pytest.mark.parametrize("text", ["", " \n\t ", "\u3000"])
def test_blank_text(text: str) -> None:
    found = segment(text)
    assert (found.form, found.sections, found.units, found.subheadings) == ("free", (), (), ())
    assert "".join(text[s.start : s.end] for s in found.spans) == text


@pytest.mark.parametrize("tail", [
    "青垣县水务局\n2016年1月20日\n",
    "2016年1月20日\n",
    "青垣县水务局\n二〇一六年一月二十日\n附件下载\n",
    "青垣县水务局\n2016年1月20日\n上一篇：通知\n下一篇：公告\n主办单位：青垣县人民政府\n备案号：青ICP备00000001号\n",
])
def test_signature_and_footer_belong_to_no_part(tail: str) -> None:
    text = lines(numbered(OLD)) + tail
    last = segment(text).sections[-1]
    assert text[last.start : last.end].strip() == B["other"]


def test_signature_glued_to_the_last_sentence_of_a_page() -> None:
    text = page(numbered(OLD)).rstrip() + "青垣县水务局2016年1月20日 附件下载"
    last = segment(text).sections[-1]
    assert text[last.start : last.end].strip() == B["other"]


def test_page_head_of_a_mirror_is_furniture() -> None:
    head = "标题: 青垣县水务局2015年政府信息公开年度报告 发布时间: 2016-01-20 00:00 栏目: 年报 当前位置： 首页 > 政务公开 > 年报 微信 微博 文件下载 --> 青垣县水务局2015年 政府信息公开年度报告 "
    text = head + P + " " + " ".join(f"{h} {B[s]}" for s, h in numbered(OLD))
    found = segment(text).sections
    assert (found[0].section, text[found[0].start : found[0].end].strip()) == ("preamble", P)
    assert [(s.section, s.heading) for s in found[1:]] == numbered(OLD)


def test_title_glued_to_meta_data_and_preamble() -> None:
    text = "2022年青垣县水务局政府信息公开工作年度报告\t发布日期：2023-01-31本年度报告根据《条例》编制，数据截至12月31日。" + "".join(
        f"{h}2022年，{B[s]}" for s, h in numbered(NEW)
    )
    found = segment(text).sections
    assert text[found[0].start : found[0].end] == "本年度报告根据《条例》编制，数据截至12月31日。"
    assert [(s.section, s.heading) for s in found[1:]] == numbered(NEW)


def test_dash_for_the_first_number() -> None:
    text = lines([("overview", "—、总体情况"), *numbered(NEW)[1:]], title=TITLE_NEW)
    assert outline(text)[1:] == [("overview", "—、总体情况"), *numbered(NEW)[1:]]


def test_number_without_separator() -> None:
    parts = numbered(OLD, "{n} {t}")
    assert outline(lines(parts))[1:] == parts


def test_heading_ends_with_stop_or_colon() -> None:
    parts = numbered(OLD)
    text = TITLE + P + "\n" + "".join(f"{h}{'：' if k % 2 else '。'}\n{B[s]}\n" for k, (s, h) in enumerate(parts))
    assert outline(text)[1:] == parts


def test_heading_broken_over_two_lines() -> None:
    text = lines(numbered(NEW), title=TITLE_NEW).replace("存在的主要问题及改进情况", "存在的主要问题及改进\n情况")
    assert [s for s, _ in outline(text)[1:]] == [s for s, _ in NEW]


def test_nil_on_the_headings_line() -> None:
    head = lines(numbered(NEW)[:5], title=TITLE_NEW)
    for nil in ("无。", "无", " 无。", "：无。"):
        text = head + "六、其他需要报告的事项" + nil + "\n"
        last = segment(text).sections[-1]
        assert (last.section, last.heading) == ("other", "六、其他需要报告的事项")
        assert text[last.start : last.end].strip(" ：\n") == nil.strip(" ：")


def test_plans_after_problems_as_parts() -> None:
    parts = numbered([*NEW[:4], ("problems", "存在的主要问题"), ("plans", "改进措施"), ("other", "其他需要报告的事项")])
    assert outline(lines(parts, title=TITLE_NEW))[1:] == parts


def test_parts_missing_in_the_middle() -> None:
    parts = [numbered(NEW)[0], numbered(NEW)[3], numbered(NEW)[4]]
    assert outline(lines(parts, title=TITLE_NEW))[1:] == parts


def test_reference_in_prose_is_no_heading() -> None:
    body = "我局按照总体情况、主动公开政府信息情况的要求，对第二、主动公开政府信息情况中的数据作了核对。"
    text = lines(numbered(NEW), title=TITLE_NEW).replace(B["overview"], body)
    assert outline(text)[1:] == numbered(NEW)


@pytest.mark.parametrize(("title", "year", "form"), [
    ("青垣县水务局2020年政府信息公开工作年度报告\n", None, "2019"),
    ("青垣县水务局2023年政府信息公开工作年度报告\n", None, "2021"),
    ("政府信息公开工作年度报告\n", 2019, "2019"),
    ("政府信息公开工作年度报告\n", None, "2021"),
])
def test_form_by_outline_and_year(title: str, year: int | None, form: str) -> None:
    assert segment(lines(numbered(NEW), title=title), year=year).form == form


def test_form_by_outline_of_2008() -> None:
    assert {segment(lines(numbered(t))).form for name, t in WORDINGS.items() if name != "short"} == {"2008"}
    assert segment(lines(numbered(OLD))).form == "2008"


def test_form_by_labels_wins_over_the_year() -> None:
    table = "第二十条第（一）项\n信息内容\n本年新制作数量\n本年新公开数量\n对外公开总数量\n规章\n0\n0\n0\n规范性文件\n0\n0\n0\n"
    text = lines(numbered(NEW), title=TITLE_NEW).replace(B["proactive"], table)
    assert segment(text, year=2022).form == "2019"

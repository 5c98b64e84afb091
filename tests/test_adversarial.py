# ruff: noqa: E501 - invented Chinese lines count double and must not be broken
"""Shapes in which reports really reach us, each once broken: invented words, the shape of the page kept."""

from __future__ import annotations

import pytest

from gknlp.read.profile import profile
from gknlp.segment import segment
from gknlp.segment.subheadings import is_label
from gknlp.tables.stretch import stretch_tokens

TITLES = [
    ("overview", "总体情况"), ("proactive", "主动公开政府信息情况"), ("requests", "收到和处理政府信息公开申请情况"),
    ("review", "政府信息公开行政复议、行政诉讼情况"), ("problems", "存在的主要问题及改进情况"), ("other", "其他需要报告的事项"),
]
BODY = {
    "overview": "青垣县水务局全年公开信息206条。", "proactive": "全年发布动态150条。", "requests": "全年未收到申请。",
    "review": "没有发生。", "problems": "栏目更新慢。将每周检查一次。", "other": "无。",
}
HEAD = "青垣县水务局2023年政府信息公开工作年度报告\n"


def outline(text: str) -> list[tuple[str, str | None]]:
    return [(item.section, item.heading) for item in segment(text).sections]


def units(text: str) -> list[str]:
    return [item.text for item in segment(text).units]


@pytest.mark.parametrize("numbers", ["一二三四五六", ["01", "02", "03", "04", "05", "06"], ["PART 01", "PART 02", "PART 03", "PART 04", "PART 05", "PART 06"]])
def test_a_number_on_a_line_of_its_own_is_part_of_the_heading_below(numbers: list[str]) -> None:
    text = HEAD + "".join(f"{n}\n{title}\n{BODY[s]}\n" for n, (s, title) in zip(numbers, TITLES, strict=True))
    assert outline(text) == [(s, f"{n}\n{title}") for n, (s, title) in zip(numbers, TITLES, strict=True)]
    assert units(text)[0] == BODY["overview"]


def test_a_number_misread_by_ocr_still_begins_its_part() -> None:
    text = HEAD + "".join(f"{n}、{title}\n\n{BODY[s]}\n\n" for n, (s, title) in zip("一二兰四王六", TITLES, strict=True))
    assert outline(text) == [(s, f"{n}、{title}") for n, (s, title) in zip("一二兰四王六", TITLES, strict=True)]


def test_a_word_that_looks_like_a_misread_number_heads_nothing() -> None:
    text = HEAD + "一、总体情况\n人、财、物都有保障。\n大、小会议开了3次。\n二、主动公开政府信息情况\n无。\n"
    assert [s for s, _ in outline(text)] == ["overview", "proactive"]


def test_an_arabic_number_after_the_last_figure_of_a_table() -> None:
    table = "第二十条第（八）项\n信息内容 本年收费金额（单位：万元）\n行政事业性收费 0\n"
    text = HEAD + "".join(
        f"{k}. {title}\n{table if s == 'proactive' else BODY[s]}\n" for k, (s, title) in enumerate(TITLES, 1)
    )
    assert outline(text) == [(s, f"{k}. {title}") for k, (s, title) in enumerate(TITLES, 1)]


def test_decimal_numbers_head_parts_of_parts_and_amounts_do_not() -> None:
    found = segment(HEAD + "1. 总体情况\n1.1 主动公开情况\n全年公开信息206条。\n1.2 依申请公开情况\n未收到申请。\n收入\n12.5万元用于培训。\n2. 其他需要报告的事项\n无。\n")
    assert [item.text for item in found.subheadings] == ["1.1 主动公开情况", "1.2 依申请公开情况"]


def test_a_title_with_the_coming_year_in_it_is_whole() -> None:
    text = "青垣县水务局2010年政府信息公开年报\n一、概述\n开会3次。\n二、工作中存在的主要问题及2011年工作打算\n栏目更新慢。\n"
    assert outline(text)[-1] == ("problems", "二、工作中存在的主要问题及2011年工作打算")


def test_halves_without_number_inside_a_numbered_part_are_subheadings() -> None:
    text = HEAD + "一、总体情况\n公开206条。\n五、存在的主要问题及改进情况\n存在的主要问题：\n1、栏目更新慢。2、人手少。\n改进情况：\n1、每周检查一次。\n六、其他需要报告的事项\n无。\n"
    assert [s for s, _ in outline(text)] == ["overview", "problems", "other"]


def test_problems_and_plans_of_their_own_stay_parts() -> None:
    text = "青垣县水务局2012年政府信息公开工作年度报告\n概述\n开会3次。\n主动公开政府信息情况\n公开12条。\n存在问题\n栏目更新慢。\n下一步工作\n每周检查一次。\n"
    assert [s for s, _ in outline(text)] == ["overview", "proactive", "problems", "plans"]


def test_a_list_of_attachments_is_no_part_and_an_annex_of_rows_is_a_table() -> None:
    head = "青垣县水务局2010年政府信息公开年报\n一、概述\n开会3次。\n二、主动公开政府信息情况\n公开12条。\n"
    listed = head + "附件：1.青垣县水务局2010年政府信息公开情况统计表\n2.名词解释\n青垣县水务局\n2011年2月1日\n"
    assert [s for s, _ in outline(listed)] == ["overview", "proactive"]
    rows = head + "附：政府信息公开情况统计表\n项目 数量\n主动公开信息数 89条\n依申请公开信息数 0条\n"
    found = segment(rows).sections[-1]
    assert (found.section, found.has_table) == ("annex", True)
    assert units(rows) == ["开会3次。", "公开12条。"]


def test_a_statement_of_a_lack_is_text_and_a_title_about_lacks_is_not() -> None:
    assert not is_label("专业人员配备不足")
    assert not is_label("经费不足")
    assert all(is_label(words) for words in ("存在不足", "主要问题和不足", "工作中的不足", "存在的问题与不足"))
    text = HEAD + "一、存在的主要问题及改进情况（一）存在问题1.栏目更新慢。2.专业人员配备不足。（二）改进措施1.每周检查。"
    assert units(text) == ["1.栏目更新慢。", "2.专业人员配备不足。", "1.每周检查。"]


def test_a_label_glued_to_the_paragraph_before_heads_the_next_line() -> None:
    text = HEAD + "一、总体情况\n（一）组织机构建设\n成立了领导小组，设在办公室。（二）制度建设\n制定了考核办法。\n"
    assert units(text) == ["成立了领导小组，设在办公室。", "制定了考核办法。"]


def test_a_line_that_ends_in_a_comma_goes_on() -> None:
    text = HEAD + "一、总体情况\n拓展公开内容，\n补贴信息每月公开一次。\n"
    assert units(text) == ["拓展公开内容，\n补贴信息每月公开一次。"]


@pytest.mark.parametrize("body", ["人员、场地都有保障。", "个别栏目更新慢。", "条例施行以来开会3次。", "项目全部公开。", "次序已经理顺。", "件件有回音。", "一部分栏目更新慢。"])
def test_a_body_that_begins_with_a_word_of_counting_keeps_its_heading(body: str) -> None:
    text = HEAD + f"一、总体情况\n{body}\n五、存在的主要问题及改进情况\n{body}\n"
    assert [s for s, _ in outline(text)] == ["overview", "problems"]


def test_an_analysis_of_problems_is_the_part_on_problems() -> None:
    assert [s for s, _ in outline(HEAD + "一、总体情况\n开会3次。\n二、问题剖析\n栏目更新慢。\n")] == ["overview", "problems"]


def test_a_lone_row_of_cells_is_no_narrative_and_a_shortcoming_is() -> None:
    text = HEAD + "一、总体情况\n开会3次。\n二、主动公开政府信息情况\n详见下表：\n规章\n0\n0\n0\n五、存在的主要问题及改进情况\n存在问题\n一、栏目更新慢。二、队伍不稳定。\n改进措施\n一、稳定队伍。\n"
    assert units(text) == ["开会3次。", "详见下表：", "一、栏目更新慢。", "二、队伍不稳定。", "一、稳定队伍。"]


def test_rows_whose_labels_stand_around_their_figures_are_table() -> None:
    rows = "4.无正当理由大量反复申请 0 0 0 0 0 0 0\n5.要求行政机关确认\n4 0 0 0 0 6 10\n或重新出具已获取信息\n（六）\n其\n他处理\n1.申请人无正当理由逾期不补正\n71 0 0 0 0 0 71\n行政机关不再处理其政府信息公开申请\n（七）总计 75 0 0 0 0 6 81\n四、结转下年度继续办理 0 0 0 0 0 0 0\n"
    head = "三、收到和处理政府信息公开申请情况\n一、本年新收政府信息公开申请数量 75 0 0 0 0 6 81\n二、上年结转政府信息公开申请数量 0 0 0 0 0 0 0\n"
    text = HEAD + "一、总体情况\n开会3次。\n" + head + rows + "五、存在的主要问题及改进情况\n栏目更新慢。\n"
    assert units(text) == ["开会3次。", "栏目更新慢。"]


def test_a_group_label_broken_after_its_first_character_is_no_blank_cell() -> None:
    tokens = stretch_tokens(broken := " 0 0 0 0 0 0 0\n（四）无\n法提供\n", broken, 0, len(broken))
    assert [token.raw for token in tokens] == ["0"] * 7
    nil = " 0 0 0 0 0 0 无\n（五）不予处理"
    assert [token.raw for token in stretch_tokens(nil, nil, 0, len(nil))] == ["0"] * 6 + ["无"]


@pytest.mark.parametrize("gap", ["", "　", " "])
@pytest.mark.parametrize("body", ["主要是历年的旧案。", "共有两件，均已了结。", "第一，没有新案。", "以上各案都已了结。"])
def test_a_short_sentence_on_the_heading_s_line_is_the_body(gap: str, body: str) -> None:
    text = HEAD + f"一、总体情况\n开会3次。\n四、政府信息公开行政复议、行政诉讼情况{gap}{body}\n六、其他需要报告的事项\n无。\n"
    assert outline(text)[1] == ("review", "四、政府信息公开行政复议、行政诉讼情况")
    assert "".join(units(text)).endswith(body + "无。")


@pytest.mark.parametrize("body", ["统计显示，公开了206条。", "情况良好，公开了206条。", "安排部署有序，公开了206条。"])
def test_the_body_s_first_word_behind_a_space_is_no_end_of_the_title(body: str) -> None:
    text = HEAD + f"一、总体情况 {body} 二、主动公开政府信息情况 {body} 五、存在的主要问题及改进情况 {body}"
    assert [h for _, h in outline(text)] == ["一、总体情况", "二、主动公开政府信息情况", "五、存在的主要问题及改进情况"]


LACKS = ["部分栏目更新慢", "专业人才缺乏", "人员少、任务重"]
MEASURES = ["把好审核关", "加强学习培训", "用好新媒体"]


@pytest.mark.parametrize("stop", ["。\n", "\n", "。"])
def test_the_last_item_of_a_list_is_text_as_the_others_are(stop: str) -> None:
    lacks, measures = ("".join(f"{k}.{words}{stop}" for k, words in enumerate(items, 1)) for items in (LACKS, MEASURES))
    body = f"（一）存在的主要问题\n{lacks}（二）改进措施\n{measures}"
    found = segment(HEAD + f"一、总体情况\n开会3次。\n五、存在的主要问题及改进情况\n{body}\n六、其他需要报告的事项\n无。\n")
    said = "".join(item.text for item in found.units)
    assert [words for words in (*LACKS, *MEASURES) if words not in said] == []
    assert "存在的主要问题" not in said
    assert "改进措施" not in said
    assert found.subheadings[0].text == "（一）存在的主要问题"


def test_headings_above_headings_stay_headings() -> None:
    text = HEAD + "一、总体情况\n（一）加强领导\n1.健全机构\n成立了领导小组。\n2.专人负责\n设联络员1名。\n（二）主动公开情况\n公开12条。\n"
    assert units(text) == ["成立了领导小组。", "设联络员1名。", "公开12条。"]


def test_a_sub_district_office_in_its_full_style_is_of_the_sub_district() -> None:
    full, short = profile("沈阳市和平区人民政府南湖街道办事处"), profile("沈阳市和平区南湖街道办事处")
    assert (full.level, full.function, full.agency_id) == ("township", "government", short.agency_id)
    assert profile("沈阳市和平区人民政府办公室").function == "government_office"


@pytest.mark.parametrize("tail", ["（青垣县水务局）\n", "青垣县水务局（盖章）\n", "报送单位：青垣县水务局\n报送时间：2024年1月12日\n", "此页无正文\n", "友情链接\n"])
def test_what_stands_below_the_report_is_no_part_of_it(tail: str) -> None:
    text = HEAD + "一、总体情况\n开会3次。\n六、其他需要报告的事项\n无其他需要报告的事项。\n" + tail
    assert units(text) == ["开会3次。", "无其他需要报告的事项。"]


@pytest.mark.parametrize("number", ["（{c}）", "{a}. ", ""])
def test_the_five_topics_of_the_summary_are_no_parts(number: str) -> None:
    topics = ["主动公开情况", "政府信息管理情况", "政府信息公开平台建设情况", "监督保障情况"]
    body = "".join(f"{number.format(c='一二三四'[k], a=k + 1)}{title}\n全年开会{k}次。\n" for k, title in enumerate(topics))
    text = HEAD + f"一、总体情况\n{body}二、主动公开政府信息情况\n公开12条。\n五、存在的主要问题及改进情况\n更新慢。\n六、其他需要报告的事项\n无。\n"
    assert [s for s, _ in outline(text)] == ["overview", "proactive", "problems", "other"]

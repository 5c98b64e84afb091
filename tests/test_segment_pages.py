# ruff: noqa: E501 - invented Chinese lines count double and must not be broken
"""Pages written to break the reader: numbers that clash, titles that sub-headings repeat, names and tools glued to the last part."""

from __future__ import annotations

from pathlib import Path

import pytest

from gknlp.read import read_report
from gknlp.segment import segment
from gknlp.types import Report

TITLE = "柳泽县水利局2022年政府信息公开工作年度报告\n"
PREAMBLE = "根据《中华人民共和国政府信息公开条例》第五十条规定，柳泽县水利局编制本报告。统计期限自2022年1月1日起至2022年12月31日止。\n"
TOPICS = (
    "我局坚持以公开为常态、不公开为例外。\n（一）主动公开情况\n公开信息118条。\n（二）依申请公开情况\n收到申请4件，均按期答复。\n（三）政府信息管理情况\n"
    "清理失效文件5件。\n（四）平台建设情况\n更新水利专栏。\n（五）监督保障情况\n开展培训1次。\n"
)
T2 = "第二十条第（一）项\n信息内容\n本年制发件数\n本年废止件数\n现行有效件数\n规章\n0\n0\n0\n行政规范性文件\n1\n0\n5\n第二十条第（八）项\n信息内容\n本年收费金额（单位：万元）\n行政事业性收费\n12.6\n"
T3 = (
    "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）\n申请人情况\n自然人\n法人或其他组织\n总计\n商业企业\n科研机构\n"
    "社会公益组织\n法律服务机构\n其他\n一、本年新收政府信息公开申请数量\n4\n0\n0\n0\n0\n0\n4\n二、上年结转政府信息公开申请数量\n0\n0\n0\n0\n0\n0\n0\n"
    "三、本年度办理结果\n（一）予以公开\n4\n0\n0\n0\n0\n0\n4\n（七）总计\n4\n0\n0\n0\n0\n0\n4\n四、结转下年度继续办理\n0\n0\n0\n0\n0\n0\n0\n"
)
T4 = "行政复议\n行政诉讼\n结果维持\n结果纠正\n其他结果\n尚未审结\n总计\n未经复议直接起诉\n复议后起诉\n" + "结果维持\n结果纠正\n其他结果\n尚未审结\n总计\n" * 2 + "0\n" * 15
PARTS = (
    ("overview", "总体情况", TOPICS), ("proactive", "主动公开政府信息情况", T2), ("requests", "收到和处理政府信息公开申请情况", T3),
    ("review", "政府信息公开行政复议、行政诉讼情况", T4), ("problems", "存在的主要问题及改进情况", "解读形式单一。下一步，我局将增加图解。\n"),
    ("other", "其他需要报告的事项", "无。\n"),
)
CN = "一二三四五六"


def page(pattern: str = "{n}、{t}", *, overview: str = TOPICS, numbers: str = CN, tail: str = "") -> tuple[str, list[tuple[str, str]]]:
    """A report of the form of 2021 with its tables one cell a line, and the headings it should give."""
    heads = [(section, pattern.format(n=numbers[k], k=k + 1, t=title)) for k, (section, title, _) in enumerate(PARTS)]
    bodies = [overview, *(body for _, _, body in PARTS[1:])]
    text = TITLE + PREAMBLE + "".join(f"{head}\n{body}" for (_, head), body in zip(heads, bodies, strict=True))
    return text + tail, heads


def headings(text: str) -> list[tuple[str, str]]:
    return [(item.section, item.heading) for item in segment(text).sections if item.heading]


@pytest.mark.parametrize("pattern", ["{t}", "{k}{t}", "{k} {t}", "第{n}，{t}", "{n}丶{t}"])
def test_parts_win_over_topics_that_are_numbered_and_called_alike(pattern: str) -> None:
    text, heads = page(pattern)
    assert headings(text) == heads


def test_titles_in_brackets_or_behind_a_bullet() -> None:
    for pattern in ("【{t}】", "◆ {t}"):
        text, heads = page(pattern)
        assert headings(text) == [(section, head.strip("【】◆ ")) for section, head in heads]


@pytest.mark.parametrize("pattern", ["{t}", "{n} {t}", "{k}.{t}", "{n}、{t}"])
def test_a_page_in_one_line_with_tables_between_the_headings(pattern: str) -> None:
    text, heads = page(pattern)
    assert headings(text.replace("\n", " ")) == heads


@pytest.mark.parametrize("space", [" ", ""])
def test_parts_in_round_brackets_behind_the_digits_of_a_table(space: str) -> None:
    text, heads = page("（{n}）{t}", overview=TOPICS.translate({ord(c): str(k) for k, c in enumerate(CN, 1)}))
    assert headings(text.replace("\n", space)) == heads


def test_a_number_printed_twice_is_not_filled_by_a_sub_heading() -> None:
    text, heads = page(numbers="一一三四四五")
    assert headings(text) == heads


@pytest.mark.parametrize("overview", [
    "一、加强领导，健全机制\n明确专人负责。\n二、突出重点，主动公开\n公开信息118条。\n三、规范管理，搭建平台\n更新专栏。\n",
    "一、主动公开情况\n公开信息118条。\n二、依申请公开情况\n答复4件。\n三、平台建设情况\n更新专栏。\n",
])
def test_a_count_inside_the_first_part_is_none_of_parts(overview: str) -> None:
    text, heads = page(overview=overview)
    assert headings(text) == heads


def test_topics_that_only_words_tell_are_not_said_to_be_missing() -> None:
    from gknlp.segment.outline import check_outline

    told = "我局公开各类信息44条，收到申请4件，均按期答复；信息发布前由股室、办公室逐级审核，专栏更新及时，每季度通报一次。\n"
    text, _ = page(overview=told)
    topics = {check.scope: check.state for check in check_outline(text, segment(text)) if check.rule == "P-topic"}
    assert set(topics.values()) == {"PASS"}
    text, _ = page(overview="我局公开各类信息44条。\n")
    states = {check.scope: check.state for check in check_outline(text, segment(text)) if check.rule == "P-topic"}
    assert states == {"proactive": "PASS", "requests": "FAIL", "management": "FAIL", "platform": "FAIL", "supervision": "FAIL"}


def read(text: str, folder: Path) -> Report:
    path = folder / "page.txt"
    path.write_text(text, encoding="utf-8")
    return read_report(path)


def last_body(report: Report) -> tuple[str | None, str]:
    last = segment(report.text, layout=report.layout).sections[-1]
    return last.heading, report.text[last.start : last.end].strip()


FOOTS = {
    "name and date": "柳泽县水利局\n2023年1月18日\n主办：柳泽县人民政府\n网站标识码：0000000001\n",
    "a file": "附件：柳泽县水利局2022年政府信息公开工作年度报告.docx\n",
    "tools": "【字体：大 中 小】 打印 分享到：\n",
    "sites": "政府部门网站\n市直部门网站\n县区政府网站\n新闻媒体网站\n关于我们 | 网站地图\n",
    "a month": "柳泽县水利局\n二〇二三年一月\n",
}


@pytest.mark.parametrize("foot", FOOTS.values(), ids=FOOTS)
@pytest.mark.parametrize("shape", ["lines", "glued", "one line"])
def test_the_last_part_is_kept_and_the_foot_is_not_its_text(foot: str, shape: str, tmp_path: Path) -> None:
    text, _ = page()
    if shape == "one line":
        text = (text.removesuffix("\n") + " " + foot).replace("\n", " ")
    else:
        text = (text if shape == "lines" else text.removesuffix("\n")) + foot
    assert last_body(read(text, tmp_path)) == ("六、其他需要报告的事项", "无。")


def test_a_name_behind_the_word_none_in_one_line_takes_no_heading_away(tmp_path: Path) -> None:
    text, _ = page()
    text = text.replace("无。\n", "无\n").replace("\n", " ") + "柳泽县水利局 2023年1月18日 主办：柳泽县人民政府"
    report = read(text, tmp_path)
    assert last_body(report) == ("六、其他需要报告的事项", "无")
    assert [report.text[item.start : item.end] for item in report.layout.furniture if item.reason == "signature"] == ["柳泽县水利局"]


BODY_2014 = (
    "按照《中华人民共和国政府信息公开条例》的规定，现将2014年工作情况公布如下：\n一、概述\n2014年，我局召开专题会议2次。\n二、主动公开政府信息情况\n"
    "公开水价、防汛信息共96条。\n三、依申请公开政府信息情况\n收到公开申请2件，均已答复。\n四、依申请公开政府信息收取费用和减免费用情况\n未收取费用。\n"
    "五、机构建设、经费保障和教育培训情况\n专职1人，兼职2人。\n六、因政府信息公开申请行政复议、提起行政诉讼的情况\n没有发生。\n七、存在的主要问题及改进措施\n公开内容不够丰富。\n"
    "柳泽县水利局\n2015年1月20日\n"
)


@pytest.mark.parametrize("title", [
    "柳泽县水利局贯彻落实《政府信息公开条例》情况的报告", "柳泽县水利局2014年实施《政府信息公开条例》年度报告", "柳泽县水利局2014年政府信息公开工作要点落实情况报告",
    "柳泽县水利局2014年政府信息公开目录及年度报告", "柳泽县水利局2014年推行政府信息公开工作情况报告", "柳泽县水利局2014年党务政务公开工作总结", "年度报告",
])
def test_a_body_that_tells_results_is_a_report_whatever_its_title_says(title: str, tmp_path: Path) -> None:
    found = read(f"{title}\n{BODY_2014}", tmp_path).identity
    assert (found.kind, found.agency, found.year) == ("annual_report", "柳泽县水利局", 2014)


@pytest.mark.parametrize("text", [
    "柳泽县水利局政府信息公开指南\n根据《条例》编制本指南。\n一、信息分类和编排体系\n二、获取形式\n（一）主动公开\n（二）依申请公开\n三、收费标准\n四、监督方式\n公民认为本机关不依法履行义务的，可以申请行政复议或者提起行政诉讼。\n",
    "柳泽县人民政府办公室关于做好2022年政府信息公开工作年度报告编制发布工作的通知\n各乡镇人民政府：\n根据《条例》第五十条规定，现就有关事项通知如下。\n一、编制内容\n"
    "包括总体情况、主动公开政府信息情况、收到和处理政府信息公开申请情况、行政复议和行政诉讼情况、存在的主要问题及改进情况、其他需要报告的事项。\n二、时限要求\n1月31日前公布。\n三、其他\n联系人：某某。\n",
    "柳泽县政府信息公开工作年度报告编制培训会召开\n1月6日，县政府办公室组织召开培训会。会议要求各单位1月31日前完成年度报告。\n",
])
def test_guides_notices_and_news_that_name_all_parts_are_no_reports(text: str, tmp_path: Path) -> None:
    assert read(text, tmp_path).identity.kind == "other"


def test_headings_whose_words_two_parts_share() -> None:
    assert headings("柳泽县水利局2014年政府信息公开年度报告\n" + BODY_2014) == [
        ("overview", "一、概述"), ("proactive", "二、主动公开政府信息情况"), ("requests", "三、依申请公开政府信息情况"),
        ("fees", "四、依申请公开政府信息收取费用和减免费用情况"), ("other", "五、机构建设、经费保障和教育培训情况"),
        ("review", "六、因政府信息公开申请行政复议、提起行政诉讼的情况"), ("problems", "七、存在的主要问题及改进措施"),
    ]


def test_work_told_under_own_titles_before_the_problems_is_the_summary() -> None:
    text = TITLE + "一、领导重视，机构健全\n办公室负责。\n二、制度完善，程序规范\n修订制度。\n三、突出重点，成效明显\n公开信息46条。\n四、存在的问题\n更新慢。\n五、下一步打算\n加强培训。\n"
    assert [section for section, _ in headings(text)] == ["overview", "overview", "overview", "problems", "plans"]


def test_platforms_and_answers_to_the_public_are_proactive_disclosure() -> None:
    text = TITLE + "一、概述\n召开会议2次。\n二、主动公开政府信息情况\n公开96条。\n三、公众关注热点回应情况\n回应2次。\n四、平台建设情况\n更新专栏。\n五、公开平台建设和主动公开情况\n公开8条。\n六、依申请公开情况\n没有。\n"
    assert [section for section, _ in headings(text)] == ["overview", "proactive", "proactive", "proactive", "proactive", "requests"]


SUBJECTS = (("主动公开情况", "公开信息88条。"), ("依申请公开情况", "未收到申请。"), ("收费及减免情况", "未收费。"), ("行政复议和行政诉讼情况", "没有发生。"))


@pytest.mark.parametrize("space", ["\n", " "], ids=["lines", "one line"])
@pytest.mark.parametrize("pattern", ["（{n}）{t}", "{k}.{t}", "（{n}）、{t}"])
@pytest.mark.parametrize("parts", [
    [("overview", "一、政府信息公开工作开展情况"), ("problems", "二、存在的问题和下一步打算")],
    [("overview", "一、领导重视"), ("overview", "二、工作落实"), ("problems", "三、不足之处")],
    [("overview", "第一部分 概述"), ("problems", "第二部分 问题与改进")],
], ids=["two parts", "own titles", "part one and two"])
def test_subjects_below_the_parts_are_sub_headings_and_tell_the_form(parts: list[tuple[str, str]], pattern: str, space: str) -> None:
    below = "".join(f"{pattern.format(n=CN[k], k=k + 1, t=title)}{space}{body}{space}" for k, (title, body) in enumerate(SUBJECTS))
    bodies = [*("办公室负责。" + space for _ in parts[:-2]), below, "更新不及时，将按月更新。"]
    text = "柳泽县水利局2013年政府信息公开工作年度报告" + space + "".join(
        f"{head}{space}{body}" for (_, head), body in zip(parts, bodies, strict=True)
    )
    found = segment(text)
    assert [(item.section, item.heading) for item in found.sections if item.heading] == parts
    assert found.form == "2008"
    assert len(found.subheadings) == len(SUBJECTS)


def test_a_year_behind_the_number_of_a_heading() -> None:
    parts = [("overview", "1.2014年政府信息公开工作概况"), ("proactive", "2.主动公开情况"), ("requests", "3.依申请公开情况"), ("problems", "4.存在的问题"), ("plans", "5.2015年工作打算")]
    for space in ("\n", " "):
        assert headings(TITLE + "".join(f"{head}{space}2014年做了12件事。{space}" for _, head in parts)) == parts


def test_titles_that_only_their_words_tell_without_a_number() -> None:
    parts = [("overview", "工作基本情况"), ("proactive", "主动公开信息的数量和类别"), ("requests", "公民申请公开信息的受理情况"), ("review", "因信息公开申请行政复议或提起行政诉讼情况"), ("problems", "面临的主要困难和问题")]
    assert headings(TITLE + "".join(f"{head}\n我局做了12件事。\n" for _, head in parts)) == parts


def test_the_preamble_naming_numbered_parts_has_no_sub_headings() -> None:
    text, heads = page()
    named = "本报告共六个部分：一、总体情况；二、主动公开政府信息情况；三、收到和处理政府信息公开申请情况；四、政府信息公开行政复议、行政诉讼情况；五、存在的主要问题及改进情况；六、其他需要报告的事项。现报告如下：\n"
    found = segment(text.replace(PREAMBLE, PREAMBLE + named))
    assert [(item.section, item.heading) for item in found.sections if item.heading] == heads
    assert not [item for item in found.subheadings if item.section == "preamble"]


LONG = {"overview": "我局坚持以公开为常态、不公开为例外，全年召开专题会议研究公开工作，明确专人负责信息的收集、审核和发布。" * 3}


def test_a_report_printed_twice_is_one(tmp_path: Path) -> None:
    text, heads = page(overview=LONG["overview"] + "\n")
    report = read(text + "\n" + text, tmp_path)
    assert [item.error for item in report.warnings] == ["SameTextTwice"]
    assert [(item.section, item.heading) for item in segment(report.text, layout=report.layout).sections if item.heading] == heads


def test_two_years_in_one_file_are_two_reports(tmp_path: Path) -> None:
    from gknlp.read import read_reports

    text, _ = page(overview=LONG["overview"] + "\n")
    path = tmp_path / "two.txt"
    path.write_text(text + text.replace("2022", "2023"), encoding="utf-8")
    assert [item.identity.year for item in read_reports(path) if isinstance(item, Report)] == [2022, 2023]


def test_a_long_contents_list_between_two_titles_is_no_report(tmp_path: Path) -> None:
    text, heads = page(overview=LONG["overview"] + "\n")
    contents = "".join(f"{head}……{k}\n" + "".join(f"（{CN[i]}）公开工作第{i}个方面的主要做法和取得的成效……{k}\n" for i in range(5)) for k, (_, head) in enumerate(heads, 1))
    report = read(f"{TITLE}目  录\n{contents}{text}", tmp_path)
    assert [(item.section, item.heading) for item in segment(report.text, layout=report.layout).sections if item.heading] == heads


def test_markdown_with_page_tags_around_its_tables_is_markdown(tmp_path: Path) -> None:
    table = "<html><body><table><tr><td>规章</td><td>0</td><td>0</td><td>0</td></tr><tr><td>行政规范性文件</td><td>1</td><td>0</td><td>5</td></tr></table></body></html>"
    text, heads = page("# {n}、{t}\n")
    path = tmp_path / "page.md"
    path.write_text("# " + text.replace(T2, table + "\n\n") + "\n柳泽县水利局\n\n2023年1月18日\n", encoding="utf-8")
    report = read_report(path)
    assert not report.warnings
    assert len(report.layout.grids) == 1
    assert report.identity.agency == "柳泽县水利局"
    assert [item.heading for item in segment(report.text, layout=report.layout).sections if item.heading] == [head.strip("# \n") for _, head in heads]


def test_a_summary_field_with_the_first_heading_is_no_part(tmp_path: Path) -> None:
    text, heads = page()
    summary = f"索引号：000014349/2023-00012\n内容概述：{PREAMBLE.strip()}一、总体情况 我局坚持以公开为常态……\n发布机构：柳泽县水利局\n"
    report = read(summary + text, tmp_path)
    found = segment(report.text, layout=report.layout).sections
    assert [(item.section, item.heading) for item in found if item.heading] == heads
    assert found[0].start == report.text.index("\n" + PREAMBLE) + 1


ENDS = {
    "codes": "扫码手机浏览\n", "leaving": "您访问的链接即将离开“柳泽县人民政府”门户网站 是否继续？\n", "sites": "中国政府网 | 青垣省人民政府 | 望川市人民政府\n",
    "machine": "Produced By CMS 网站群内容管理系统 publishdate:2023/01/18 10:09:10\n", "script": "$('.nr img').attr('title','');\n", "no annex": "附件：无\n",
    "other years": "关联稿件\n柳泽县水利局2021年政府信息公开工作年度报告\n", "index": "索引号 000014349/2023-00012\n", "unknown words": "栏目导航 智能检索\n我的收藏\n",
}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
@pytest.mark.parametrize("signed", ["柳泽县水利局\n2023年1月18日\n", "（柳泽县水利局办公室）\n2023年1月18日\n"])
@pytest.mark.parametrize("space", ["\n", " "], ids=["lines", "one line"])
def test_what_follows_name_and_date_is_no_text_whatever_it_is(end: str, signed: str, space: str, tmp_path: Path) -> None:
    text, _ = page()
    for body in ("无。\n", "无\n"):
        report = read((text.replace("无。\n", body) + signed + end).replace("\n", space), tmp_path)
        assert last_body(report) == ("六、其他需要报告的事项", body.strip())


def test_who_a_report_is_sent_to_belongs_to_the_preamble(tmp_path: Path) -> None:
    report = read(f"柳泽县水利局2014年政府信息公开工作总结\n县政府信息公开办公室：\n{BODY_2014}", tmp_path)
    first = segment(report.text, layout=report.layout).sections[0]
    assert (first.section, report.text[first.start :].startswith("县政府信息公开办公室：\n按照")) == ("preamble", True)


@pytest.mark.parametrize("opening", ["由柳泽县水利局根据《条例》编制。", "在县政府办公室的指导下，我局认真开展公开工作，现报告如下。"])
def test_a_title_between_blanks_is_one_whatever_word_follows(opening: str, tmp_path: Path) -> None:
    text, _ = page()
    report = read(text.replace(PREAMBLE, opening + "\n").replace("\n", " "), tmp_path)
    first = segment(report.text, layout=report.layout).sections[0]
    assert (report.identity.agency, report.identity.year) == ("柳泽县水利局", 2022)
    assert report.text[first.start : first.end].strip() == opening


@pytest.mark.parametrize("label", ["规范性文件管理", "基层政务公开标准化规范化", "回应社会关切", "政务服务中心"])
@pytest.mark.parametrize("number", ["（一）", "1.", "（1）"])
@pytest.mark.parametrize("end", ["\n", "。", "：", " "])
def test_a_topic_heads_its_text_however_it_is_parted_from_it(label: str, number: str, end: str) -> None:
    body = "2022年，通过门户网站公开信息206条。"
    text = f"{TITLE}一、总体情况\n我局认真做好公开工作。\n{number}{label}{end}{body}\n二、主动公开政府信息情况\n无。\n三、收到和处理政府信息公开申请情况\n无。\n"
    found = segment(text)
    assert [item.text.rstrip("。：") for item in found.subheadings] == [number + label]
    assert [unit.text for unit in found.units if unit.section == "overview"] == ["我局认真做好公开工作。", body]


def test_a_year_that_a_verb_governs_ends_no_label() -> None:
    text = f"{TITLE}一、总体情况 （一）认真落实 2022年政务公开工作要点，公开信息206条。 二、主动公开政府信息情况 无。 三、收到和处理政府信息公开申请情况 无。"
    assert [unit.text for unit in segment(text).units if unit.section == "overview"] == ["（一）认真落实 2022年政务公开工作要点，公开信息206条。"]


@pytest.mark.parametrize("head", [
    "索引号：000014349/2023-00023发布机构：县水利局", "作者：水利局时间：2023-01-1610:22", "来源：县水利局访问量：203打印收藏", "索引号：SY013/2023-00006有效性：有效",
    "柳水发〔2023〕3号", "柳泽县人民政府www.example.gov.cn2023-03-29",
])
def test_the_agency_of_a_page_without_any_blank(head: str, tmp_path: Path) -> None:
    text, _ = page()
    found = read(head + text.replace("\n", ""), tmp_path).identity
    assert (found.kind, found.agency, found.year) == ("annual_report", "柳泽县水利局", 2022)


def test_a_page_number_behind_a_heading_in_one_line() -> None:
    text, heads = page()
    paged = text.replace("三、收到和处理政府信息公开申请情况\n", "三、收到和处理政府信息公开申请情况 - 2 - ").replace("\n", " ")
    assert headings(paged) == heads


ROWS = "统计指标\n单位\n统计数\n一、主动公开情况\n——\n——\n（一）主动公开政府信息数\n条\n{n}\n其中：主动公开规范性文件数\n条\n{n}\n六、举报投诉数量\n件\n{n}\n七、依申请公开信息收取的费用\n万元\n{n}\n九、政府信息公开会议和培训情况\n——\n——\n（一）召开政府信息公开工作会议或专题会议数\n次\n{n}\n"


@pytest.mark.parametrize("head", ["附件：统计表", "八、附表", "八、统计数据", "政府信息公开年度报告统计表", "2014年度政府信息公开情况统计汇总表"])
@pytest.mark.parametrize("figure", ["3", ""], ids=["figures", "left blank"])
@pytest.mark.parametrize("space", ["\n", " "], ids=["lines", "one line"])
def test_the_rows_of_an_annex_are_its_table_with_or_without_figures(head: str, figure: str, space: str) -> None:
    body = BODY_2014 if not head.startswith("八") else BODY_2014.removesuffix("柳泽县水利局\n2015年1月20日\n")
    text = f"柳泽县水利局2014年政府信息公开年度报告\n{body}{head}\n{ROWS.format(n=figure)}".replace("\n\n", "\n").replace("\n", space)
    found = segment(text)
    assert [(item.section, item.heading) for item in found.sections if item.heading][7:] == [("annex", head)]
    assert found.sections[-1].has_table
    assert not [unit.text for unit in found.units if unit.section == "annex"]

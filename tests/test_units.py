# ruff: noqa: E501 - invented Chinese lines count double and must not be broken
"""Units: one role each; invented sentences with the exact units expected, and what holds for every text."""

from __future__ import annotations

import pytest

from gknlp.segment import segment
from gknlp.types import Furniture, Layout

HEAD = "五、存在的主要问题及改进情况\n"
REPORT = "一、总体情况\n{overview}\n二、主动公开政府信息情况\n无。\n五、存在的主要问题及改进情况\n{problems}\n六、其他需要报告的事项\n无。\n"


def units_of(section: str, body: str) -> list[str]:
    text = REPORT.format(**({"overview": "公开了3件。", "problems": "没有。"} | {section: body}))
    return [unit.text for unit in segment(text).units if unit.section == section]


PROBLEMS = {
    "praise to problem to plan": (
        "虽然公开工作有了进步，但答复还不够及时，下一步我们将增设专岗。",
        ["虽然公开工作有了进步，", "但答复还不够及时，", "下一步我们将增设专岗。"],
    ),
    "still a gap": ("一年来成绩明显，仍存在一些不足。", ["一年来成绩明显，", "仍存在一些不足。"]),
    "numbered items": (
        "主要表现在以下方面：一是栏目更新慢；二是解读文件少；三是专职人员缺。",
        ["主要表现在以下方面：", "一是栏目更新慢；", "二是解读文件少；", "三是专职人员缺。"],
    ),
    "semicolons of problems": ("渠道不够丰富；人员流动较快。", ["渠道不够丰富；", "人员流动较快。"]),
    "purpose does not split": ("为补齐短板，我局将每季度通报一次。", ["为补齐短板，我局将每季度通报一次。"]),
    "against the problem does not split": ("针对上述问题，下一步将开展轮训。", ["针对上述问题，下一步将开展轮训。"]),
    "not limited to": ("公开渠道包括但不限于网站和公示栏。", ["公开渠道包括但不限于网站和公示栏。"]),
    "stop inside a quotation": ("坚持“谁制作、谁公开。谁审核、谁负责”的原则。", ["坚持“谁制作、谁公开。谁审核、谁负责”的原则。"]),
    "closing quote": ("有人说“看不懂。”我们改用图解。", ["有人说“看不懂。”", "我们改用图解。"]),
    "two lines": ("内容不全\n更新不及时", ["内容不全", "更新不及时"]),
}
OVERVIEW = {
    "guiding ideology, then work": (
        "2022年，我镇坚持以习近平新时代中国特色社会主义思想为指导，认真落实上级决策部署，扎实推进各项公开任务。",
        ["2022年，我镇坚持以习近平新时代中国特色社会主义思想为指导，认真落实上级决策部署，", "扎实推进各项公开任务。"],
    ),
    "short by order of does not split": ("按照县政府要求，我镇及时更新了目录。", ["按照县政府要求，我镇及时更新了目录。"]),
    "figures stay together": (
        "全年公开120条，其中：动态80条；公告30条；财政10条。", ["全年公开120条，其中：动态80条；公告30条；财政10条。"],
    ),
    "nothing of another matter after a count": (
        "全年受理复议2件，未发生行政诉讼。收取工本费120元；没有减免。",
        ["全年受理复议2件，", "未发生行政诉讼。", "收取工本费120元；", "没有减免。"],
    ),
    "nothing wrong with what was counted": ("全年答复12件，未发生超期答复。", ["全年答复12件，未发生超期答复。"]),
    "several times nothing": ("没有收费，没有减免，没有诉讼。", ["没有收费，没有减免，没有诉讼。"]),
    "a decimal and an address": ("满意率为99.5%，详见www.example.gov.cn。共2次。", ["满意率为99.5%，详见www.example.gov.cn。", "共2次。"]),
}


@pytest.mark.parametrize(("body", "expected"), PROBLEMS.values(), ids=PROBLEMS)
def test_units_of_a_problems_part(body: str, expected: list[str]) -> None:
    assert units_of("problems", body) == expected


@pytest.mark.parametrize(("body", "expected"), OVERVIEW.values(), ids=OVERVIEW)
def test_units_of_an_overview(body: str, expected: list[str]) -> None:
    assert units_of("overview", body) == expected


def test_a_page_number_inside_a_sentence_does_not_end_the_unit() -> None:
    text = "一、总体情况\n我局全年公开信息\n- 2 -\n206条。\n二、主动公开政府信息情况\n无。\n"
    at = text.index("- 2 -")
    layout = Layout(furniture=(Furniture(at, at + 5, "page number"),))
    for found in (segment(text, layout=layout), segment(text)):
        assert found.units[0].text == "我局全年公开信息206条。"
        assert text[found.units[0].start : found.units[0].end] == "我局全年公开信息\n- 2 -\n206条。"


def test_hard_wrapped_lines_do_not_end_units() -> None:
    paragraph = "我局在全年的工作中坚持把群众关心的事项放在首位并在门户网站和公示栏同步公开供水水价抗旱防汛等信息" * 3 + "。"
    wrapped = "\n".join(paragraph[k : k + 24] for k in range(0, len(paragraph), 24))
    text = f"一、总体情况\n{wrapped}\n二、主动公开政府信息情况\n无。\n"
    first = segment(text).units[0]
    assert first.text.replace("\n", "") == paragraph


SUBS = {
    "label on its own line": ("（一）主要问题\n更新慢。", ["（一）主要问题"], ["更新慢。"]),
    "label with a full stop, run-in": ("（一）主动公开方面。更新慢。", ["（一）主动公开方面。"], ["更新慢。"]),
    "label glued to its text": ("（一）主动公开方面2022年更新慢。", ["（一）主动公开方面"], ["2022年更新慢。"]),
    "label and colon": ("改进措施：每月更新。", ["改进措施："], ["每月更新。"]),
    "statement with a full stop is both": (
        "（一）强化组织领导，健全机制。我局设了专班。", ["（一）强化组织领导，健全机制。"], ["（一）强化组织领导，健全机制。", "我局设了专班。"],
    ),
    "statement on its own line": ("（一）加强业务培训\n办了两期。", ["（一）加强业务培训"], ["办了两期。"]),
    "items with 是 are none": ("一是加强宣传力度。二是办班。", [], ["一是加强宣传力度。", "二是办班。"]),
    "Arabic label": ("1.公众查阅点\n设了两处。", ["1.公众查阅点"], ["设了两处。"]),
    "long numbered sentence": (
        "1.由于专职人员少且流动快，部分科室报送的信息质量不高，影响了公开的效果。", [], ["1.由于专职人员少且流动快，部分科室报送的信息质量不高，影响了公开的效果。"],
    ),
    "a nil item": ("1.无其他需要报告的事项。", ["1.无其他需要报告的事项。"], ["1.无其他需要报告的事项。"]),
}


@pytest.mark.parametrize(("body", "titles", "units"), SUBS.values(), ids=SUBS)
def test_subheadings_and_the_units_below(body: str, titles: list[str], units: list[str]) -> None:
    found = segment(REPORT.format(overview="公开了3件。", problems=body))
    assert [h.text for h in found.subheadings if h.section == "problems"] == titles
    assert [u.text for u in found.units if u.section == "problems"] == units


def test_subheadings_nest() -> None:
    body = "（一）存在的问题\n1.内容方面\n不全。\n2.时效方面\n太慢。\n（二）改进措施\n1.内容方面\n补全。"
    found = segment(REPORT.format(overview="公开了3件。", problems=body))
    assert [(h.level, h.parent) for h in found.subheadings] == [(1, None), (2, 0), (2, 0), (1, None), (2, 3)]


def test_foreign_lines_are_dropped_with_a_reason() -> None:
    english = "The bureau published two hundred and six items of information on its website during the year."
    text = REPORT.format(overview="公开了3件。\n" + english, problems="没有。")
    found = segment(text)
    assert [text[s.start : s.end].strip() for s in found.spans if s.kind == "dropped"] == [english]
    assert [u.text for u in found.units if u.section == "overview"] == ["公开了3件。"]

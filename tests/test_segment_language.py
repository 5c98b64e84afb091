"""Bilingual reports, and annexes whose heading says what is attached."""

from __future__ import annotations

import pytest

from gknlp.segment import segment
from gknlp.segment.language import foreign_lines

BILINGUAL = """云湾新区2012年政府信息公开工作年度报告
Annual Report of Yunwan New Area on Disclosure
I. Overview
一、概述
In 2012 the area disclosed thirty items in all.
2012年公开信息30条。
II. Problems
二、存在的问题
Some departments updated their pages late.
个别部门更新不够及时。
III. Next steps
三、改进措施
We shall train the staff once a quarter.
每季度组织一次培训。
"""
ROWS = (
    "一、主动公开情况 —— ", "（一）主动公开政府信息数 条 162", "二、依申请公开情况 —— ", "（一）收到申请数 件 0",
    "三、举报投诉数量 件 0",
)
OLD = "甲县水务局2016年政府信息公开工作年度报告\n一、概述\n成立了领导小组。\n二、主动公开政府信息情况\n公开162条。\n"


def test_the_chinese_of_a_bilingual_report_is_analysed_and_the_english_kept() -> None:
    found = segment(BILINGUAL)
    assert [(s.section, s.heading) for s in found.sections] == [
        ("overview", "一、概述"), ("problems", "二、存在的问题"), ("plans", "三、改进措施"),
    ]
    assert [unit.text for unit in found.units] == [
        "2012年公开信息30条。", "个别部门更新不够及时。", "每季度组织一次培训。",
    ]
    dropped = [BILINGUAL[s.start : s.end].strip() for s in found.spans if s.reason == "other language"]
    assert "In 2012 the area disclosed thirty items in all." in dropped
    assert "".join(BILINGUAL[s.start : s.end] for s in found.spans) == BILINGUAL


def test_an_address_in_english_is_no_second_language() -> None:
    assert foreign_lines("公开信息30条。\nwww.example.gov.cn/index.html\nE-mail: office@example.gov.cn\n") == []
    assert foreign_lines("") == []
    assert foreign_lines("Nothing but English here.\n" * 9) == []


@pytest.mark.parametrize(
    "heading",
    [
        "附件：政府信息公开情况统计表", "附表：政府信息公开情况统计表", "附件1：2016年度政府信息公开统计表",
        "附件\n政府信息公开情况统计表", "附：2016年度政府信息公开工作统计表",
    ],
)
@pytest.mark.parametrize("separator", ["\n", "\t"])
def test_an_annex_and_what_is_attached_are_one_part_with_a_table(heading: str, separator: str) -> None:
    rows = "\n".join(row.replace(" ", separator) for row in ROWS)
    found = segment(f"{OLD}{heading}\n{rows}\n")
    assert [(s.section, s.has_table) for s in found.sections] == [
        ("overview", False), ("proactive", False), ("annex", True),
    ]
    assert found.sections[-1].heading == heading
    assert [unit.text for unit in found.units] == ["成立了领导小组。", "公开162条。"]

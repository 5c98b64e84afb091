"""The outline against the unified formats: each fault in a state of its own, told from a fault of the reader."""

from __future__ import annotations

import re

import pytest

from gknlp.resources import load_toml
from gknlp.segment import segment
from gknlp.segment.outline import OUTLINE, check_outline

HEADINGS = {
    "overview": "一、总体情况", "proactive": "二、主动公开政府信息情况",
    "requests": "三、收到和处理政府信息公开申请情况", "review": "四、政府信息公开行政复议、行政诉讼情况",
    "problems": "五、存在的主要问题及改进情况", "other": "六、其他需要报告的事项",
}
BODIES = {
    "overview": "全年主动公开信息30条，办理依申请公开3件。清理文件公开属性，网站设专栏，组织培训2次。",
    "proactive": "第二十条第（一）项\n信息内容\n本年制发件数\n本年废止件数\n现行有效件数\n"
                 "规章\n0\n0\n0\n行政规范性文件\n0\n0\n1",
    "requests": "本年新收政府信息公开申请数量\n0\n0\n0\n0\n0\n0\n0",
    "review": "行政复议\n结果维持\n结果纠正\n其他结果\n尚未审结\n总计\n0\n0\n0\n0\n0",
    "problems": "公开内容还不够丰富。下一步将每季度检查一次。", "other": "没有其他需要报告的事项。",
}


def report(*names: str, **bodies: str) -> str:
    return "柳泽县水务局2022年政府信息公开工作年度报告\n\n" + "\n".join(
        f"{HEADINGS[name]}\n{bodies.get(name, BODIES[name])}\n" for name in names
    )


def states(text: str, rule: str) -> dict[str, str]:
    return {c.scope: c.state for c in check_outline(text, segment(text, year=2022)) if c.rule == rule}


def test_a_whole_report_passes_every_part_and_topic() -> None:
    text = report(*HEADINGS)
    assert states(text, "P-part") == dict.fromkeys(HEADINGS, "PASS")
    assert states(text, "P-once") == dict.fromkeys(HEADINGS, "PASS")
    assert states(text, "P-order") == {"report": "PASS"}
    assert set(states(text, "P-topic").values()) == {"PASS"}


def test_a_missing_part_fails_and_one_that_was_perhaps_not_recognised_is_uncertain() -> None:
    names = [name for name in HEADINGS if name != "other"]
    assert states(report(*names), "P-part")["other"] == "FAIL"
    hidden = report(*names, problems="公开还不够及时。无其他需要报告的事项。")
    assert states(hidden, "P-part")["other"] == "UNCERTAIN"
    found = check_outline(hidden, segment(hidden, year=2022))
    assert [c.fault for c in found if (c.rule, c.scope) == ("P-part", "other")] == ["reader"]


def test_an_empty_part_and_a_missing_table_are_told_apart() -> None:
    text = report(*HEADINGS, problems="", review="本年度没有发生行政复议和行政诉讼。")
    found = states(text, "P-empty")
    assert found["problems"] == "FAIL"
    assert found["review"] == "UNCERTAIN"
    assert found["overview"] == "PASS"


def test_a_topic_that_nothing_speaks_for_fails() -> None:
    text = report(*HEADINGS, overview="全年主动公开信息30条。收到政府信息公开申请3件。网站设专栏。组织培训2次。")
    assert states(text, "P-topic") == {
        "proactive": "PASS", "requests": "PASS", "management": "FAIL", "platform": "PASS", "supervision": "PASS",
    }


def test_other_forms_have_no_mandated_outline() -> None:
    assert check_outline("", segment("")) == ()
    old = "甲县水利局2012年政府信息公开年报\n一、概述\n公开信息3条。\n二、主动公开政府信息情况\n公开3条。\n"
    assert check_outline(old, segment(old, year=2012)) == ()


@pytest.mark.parametrize("kind", ["part", "topic"])
def test_every_rule_knows_its_example_and_not_its_counter_example(kind: str) -> None:
    for rule in load_toml(OUTLINE)[kind]:
        assert re.search(rule["trace"], rule["example"]), rule["id"]
        assert not re.search(rule["trace"], rule["counter_example"]), rule["id"]

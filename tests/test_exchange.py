"""Units to annotation tools and back: nothing changes on the way, and wrong labels are named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import gknlp
from gknlp.errors import ResourceError, SettingsError
from gknlp.evaluate import load_gold, score_frames
from gknlp.exchange import COLUMNS, FORMATS, export_frames, export_units, import_frames, import_units

ROWS = [
    {
        "report": "甲.txt", "report_id": "r1", "order": 0, "section": "overview", "text": "=公开，“30”条。\n",
        "role": "work", "specificity": None, "formulaic": False,
    },
    {
        "report": "甲.txt", "report_id": "r1", "order": 1, "section": "plans", "text": "每月培训。", "role": "plan",
        "specificity": 3, "formulaic": True,
    },
]
REPORT = (
    "甲县水利局2014年政府信息公开年报\n一、概述\n公开30条。\n二、主动公开情况\n网站公开。\n"
    "三、存在的问题\n更新不够及时。\n"
)


def plain(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    return [{**row, "order": int(str(row["order"]))} for row in rows]


@pytest.mark.parametrize("form", FORMATS)
def test_units_come_back_as_they_went(form: str) -> None:
    assert plain(import_units(export_units(ROWS, form), form)) == ROWS
    assert import_units(export_units([], form), form) == []


@example("政务服务平台2.0", "csv")
@given(st.text(min_size=1, max_size=30).filter(lambda t: "\x00" not in t), st.sampled_from(FORMATS))
def test_any_text_comes_back(text: str, form: str) -> None:
    if form == "csv" and ("\r" in text or not text.isprintable() or text.startswith("'")):
        return
    if any("\ud800" <= c <= "\udfff" for c in text):
        return
    (row,) = import_units(export_units([{**ROWS[0], "text": text}], form), form)
    assert row["text"] == text


def test_csv_is_safe_in_a_spreadsheet_and_opens_in_excel() -> None:
    text = export_units(ROWS, "csv")
    assert text.startswith("\ufeff" + ",".join(COLUMNS))
    assert ",\"'=公开" in text


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"role": "promise"}, "has the role 'promise'"),
        ({"specificity": "7"}, "is plan with grade '7'"),
        ({"role": "work"}, "is work with grade '3'"),
    ],
)
def test_a_wrong_label_is_named_with_its_unit(change: dict[str, str], message: str) -> None:
    text = export_units([{**ROWS[1], **change}], "csv")
    with pytest.raises(ResourceError, match=message):
        import_units(text, "csv")


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(SettingsError, match="labelstudio, doccano, csv"):
        export_units(ROWS, "brat")


def test_what_comes_back_from_label_studio_is_the_persons_choice() -> None:
    (task,) = json.loads(export_units(ROWS[:1], "labelstudio"))
    task["annotations"] = [{"result": [
        {"from_name": "role", "to_name": "text", "type": "choices", "value": {"choices": ["nil"]}},
        {"from_name": "formulaic", "to_name": "text", "type": "choices", "value": {"choices": ["true"]}},
    ]}]
    (row,) = import_units(json.dumps([task]), "labelstudio")
    assert (row["role"], row["formulaic"], row["specificity"]) == ("nil", True, None)


def test_an_exported_run_becomes_annotations_that_score_it_as_perfect(tmp_path: Path) -> None:
    (tmp_path / "甲.txt").write_text(REPORT, encoding="utf-8")
    run = gknlp.analyze([tmp_path / "甲.txt"], tmp_path / "out", jobs=1)
    made = import_frames(run, export_frames(run, "csv"), "csv")
    (tmp_path / "gold").mkdir()
    (tmp_path / "gold" / "甲.json").write_text(json.dumps(made["甲"], ensure_ascii=False), encoding="utf-8")
    figures = score_frames(load_gold(tmp_path / "gold"), run).figures()
    assert figures["heading F1"] == figures["narrative F1"] == figures["agency accuracy"] == 1.0
    assert figures["role F1 problem"] == figures["formulaic accuracy"] == 1.0

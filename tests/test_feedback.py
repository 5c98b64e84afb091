"""Feedback sheets: each finding with place, figures and rule; what is dismissed or uncertain is not in them."""

import io
import json
import zipfile

import docx
import pytest
from output_sample import HOSTILE, TEXT_A, sample_rows

from gknlp.errors import OutputError
from gknlp.output.cases import gather
from gknlp.output.feedback import feedback
from gknlp.output.feedback_docx import write_feedback
from gknlp.output.labels import shown
from gknlp.output.verdicts import Verdict, flag_key, verdict_rows
from gknlp.resources import load_toml


def sheets(rows, **options):
    return {agency: reports for agency, reports in feedback(gather(rows), "zh", **options)}


def judged(rows, flag_id, verdict):
    flag = next(flag for flag in rows["flags"] if flag["flag_id"] == flag_id)
    report = next(report for report in rows["reports"] if report["report_id"] == flag["report_id"])
    return rows | {"verdicts": verdict_rows(rows, [Verdict(flag_key(flag, report), verdict)])}


def lines(path):
    """The rows of the tables of a document, each cell's lines joined by a stroke."""
    return [
        [cell.text.replace("\n", "|") for cell in row.cells]
        for table in docx.Document(str(path)).tables for row in table.rows
    ]


def test_every_kind_of_flag_says_what_is_asked_and_what_it_rests_on():
    kinds = load_toml("models/feedback.toml")
    assert set(kinds) == set(load_toml("models/flags.toml"))
    assert {kind["ask"] for kind in kinds.values()} == {"mend", "explain", "aware"}
    assert all(kind["zh"] and kind["en"] for kind in kinds.values())


def test_a_sum_names_page_row_column_both_figures_and_its_identity():
    rows = sample_rows()
    cells = [f"3//一、本年新收政府信息公开申请数量/{c}" for c in ("自然人", "商业企业", "总计")]
    rows["checks"] = [{**rows["checks"][0], "rule": "T3-c", "cells": json.dumps(cells)}]
    rows["flags"] = [{**rows["flags"][0], "evidence": json.dumps([
        {"report_id": "a1", "start": None, "end": None, "quote": cell} for cell in cells
    ])}]
    ((report,),) = sheets(rows).values()
    (finding,) = report.findings
    assert (report.name, report.source, finding.ask) == ("云岭县民政局 2023", "民政局 2023.html", "mend")
    assert finding.places == [
        f"表3 · 一、本年新收政府信息公开申请数量 · {column}（{value}）（第 2 页）"
        for column, value in (("自然人", 5), ("商业企业", 1), ("总计", 7))
    ]
    assert finding.figures == ["应当相等的两个数：6 与 7"]
    assert finding.rules[0] == "自然人与五类法人或其他组织之和＝总计"
    assert "〔2021〕30号" in finding.rules[1]


def test_a_claim_names_its_words_its_cell_and_both_figures():
    rows = sample_rows()
    at = TEXT_A.index("126条")
    rows["claims"] = [{**rows["claims"][0], "verdict": "disagrees", "expected": 120.0, "target": "2//规章/总计"}]
    rows["flags"] = [{
        "flag_id": "k9", "report_id": "a1", "flag": "claim_disagrees", "severity": "high", "reason": "不一致",
        "evidence": json.dumps([{"report_id": "a1", "start": at, "end": at + 4, "quote": "126条"}]),
    }]
    ((report,),) = sheets(rows).values()
    (finding,) = report.findings
    assert finding.quotes == [("本报告", "“126条”（第 1 页）")]
    assert finding.places == ["表2 · 规章 · 总计"]
    assert finding.figures == ["正文为 126条", "表格为 120"]


def test_shared_words_are_told_with_both_sides_and_no_accusation(tmp_path):
    rows = sample_rows()
    (path,) = [path for path in write_feedback(rows, tmp_path, "zh") if path.name.startswith("青溪")]
    told = lines(path)
    assert told == [
        ["情况", "1. 与其他机关文字重合|正文 50% 与其他机关报告文字重合，其中与云岭县民政局重合最多"],
        ["原文", "云岭县民政局 2023：“我局坚持以公开促落实”（第 1 页）"],
        ["依据", "年度报告应反映本机关的工作情况；本项只说明文字重合，不作其他判断"], ["答复", ""],
    ]
    text = "\n".join(paragraph.text for paragraph in docx.Document(str(path)).paragraphs)
    assert "请核实并说明" in text
    assert "抄袭" not in text + str(told)


def test_what_is_uncertain_or_dismissed_is_not_in_a_sheet():
    rows = sample_rows()
    assert list(sheets(rows)) == [shown(HOSTILE), "云岭县民政局", "青溪县民政局"]
    uncertain = rows | {"flags": [], "checks": [{**check, "state": "UNCERTAIN"} for check in rows["checks"]]}
    assert sheets(uncertain) == {}
    assert "青溪县民政局" not in sheets(judged(rows, "k2", "dismissed"))
    assert "青溪县民政局" in sheets(judged(rows, "k2", "noted"))
    assert list(sheets(judged(rows, "k2", "confirmed"), verdicts=["confirmed"])) == ["青溪县民政局"]


def test_reports_of_an_agency_stand_in_one_sheet_by_year():
    rows = sample_rows()
    rows["flags"].append({**rows["flags"][0], "flag_id": "k4", "report_id": "c1", "evidence": "[]"})
    assert [report.year for report in sheets(rows)["云岭县民政局"]] == [2021, 2023]


def test_equal_rows_give_equal_bytes_on_another_day(tmp_path, monkeypatch):
    first = write_feedback(sample_rows(), tmp_path / "one", "zh")
    monkeypatch.setattr("time.time", lambda: 4_000_000_000.0)
    monkeypatch.setattr("time.localtime", lambda *_: (2031, 1, 1, 0, 0, 0, 0, 1, 0))
    second = write_feedback(sample_rows(), tmp_path / "two", "zh")
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
    with zipfile.ZipFile(io.BytesIO(first[0].read_bytes())) as archive:
        assert {item.date_time[0] for item in archive.infolist()} == {1980}


def test_names_of_files_are_such_as_windows_takes(tmp_path):
    rows = sample_rows()
    agencies = ("../evil", 'a<b>:"|?*', "CON", "con", "局" * 200, " 点.", "\u202eabc\x00\n", "CON.txt")
    base = rows["reports"][0]
    rows["reports"] = [
        {**base, "report_id": f"r{n}", "agency": name} for n, name in enumerate(agencies)
    ]
    rows["flags"] = [{**rows["flags"][1], "flag_id": f"f{n}", "report_id": f"r{n}"} for n in range(len(agencies))]
    files = write_feedback(rows, tmp_path / "fb", "zh")
    assert sorted((tmp_path / "fb").iterdir()) == sorted(files)
    assert len({path.name.casefold() for path in files}) == len(agencies)
    for path in files:
        assert not set(path.name) & set('<>:"/\\|?*\x00\n\u202e')
        assert len(path.name) <= 90
        assert path.stem == path.stem.strip(" .")
        assert path.name.split(".")[0].casefold() not in {"con", "nul"}


def test_a_sheet_that_was_answered_is_not_replaced(tmp_path):
    (path, *_) = write_feedback(sample_rows(), tmp_path, "zh")
    assert write_feedback(sample_rows(), tmp_path, "zh")
    path.write_bytes(b"answered")
    before = sorted((item.name, item.read_bytes()) for item in tmp_path.iterdir())
    with pytest.raises(OutputError, match=r"holds something else"):
        write_feedback(sample_rows(), tmp_path, "zh")
    assert sorted((item.name, item.read_bytes()) for item in tmp_path.iterdir()) == before


def test_nothing_to_say_writes_no_sheet(tmp_path):
    assert write_feedback({}, tmp_path / "fb", "en") == []

"""The terminal: what stands at the end of a run, in characters that a Chinese Windows console has."""

import json
import unicodedata

import pytest
from output_sample import HOSTILE, INFO, sample_rows

from gknlp.output.labels import excerpt, shown
from gknlp.output.run import Run
from gknlp.output.tables import write_tables
from gknlp.output.terminal import WIDTH, show_failure, show_report, summary
from gknlp.resources import load_toml
from gknlp.types import (
    CELL_STATES,
    CHECK_STATES,
    FORMS,
    ROLES,
    SECTION_IDS,
    SPAN_KINDS,
    Cell,
    Failure,
    Identity,
    Label,
    Report,
    Section,
    Segmentation,
    Slot,
    Subheading,
    Unit,
)


@pytest.fixture
def run(tmp_path):
    write_tables(tmp_path, sample_rows())
    (tmp_path / "run.json").write_text(json.dumps(INFO), encoding="utf-8")
    return Run(tmp_path)


def columns(line):
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in line)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_summary_fits_a_gbk_console(run, lang):
    text = summary(run, lang)
    assert text.encode("gbk").decode("gbk") == text
    lines = text.splitlines()
    assert max(map(columns, lines[:-1])) <= WIDTH
    assert lines[-1].endswith(f": {run.folder / 'index.html'}")


def test_the_summary_says_what_was_read_what_failed_and_what_to_look_at_first(run):
    lines = summary(run, "zh").splitlines()
    assert lines[0] == "完成 | 读入报告 4 | 不是年度报告 1 | 重复文件 1 | 读取异常 1"
    assert [line.split("|")[1].strip() for line in lines if line.startswith("|") and "重点" in line] == [
        "与其他机关文字重合", "表格勾稽不符",
    ]
    assert any("文件损坏或名不副实 (读取)" in line for line in lines)
    first = [line for line in lines if line.startswith("|云岭县民政局 2023")]
    assert len(first) == 1
    assert "总计7" in first[0]


def test_a_run_without_flags_and_failures_is_two_lines(tmp_path):
    write_tables(tmp_path, {})
    (tmp_path / "run.json").write_text("{}", encoding="utf-8")
    assert summary(Run(tmp_path), "zh").splitlines() == ["完成 | 读入报告 0", f"双击打开: {tmp_path / 'index.html'}"]


def test_a_failure_is_one_line_without_controls():
    failure = Failure("a\x1b[31m.pdf", "read", "CutOff", "one\ntwo\u202e", "do this")
    assert show_failure(failure, "en") == "a[U+001B][31m.pdf (Read): one two[U+202E] do this"
    assert show_failure(failure, "zh") == (
        "a[U+001B][31m.pdf (读取): 网页没有结尾标记，内容可能不完整。 与网站上的原文比对结尾。 "
        "[细节: one two[U+202E] do this]"
    )


def test_a_report_is_shown_by_parts_commitments_and_tables():
    text = "一、总体情况\n[red]公开[/red]。下一步每季度培训。"
    section = Section(0, "overview", "一、总体情况", 0, 7, len(text), True, "t", 1.0)
    units = (Unit(0, 7, 21, text[7:21], "overview", 0), Unit(1, 21, 30, text[21:], "overview", 0))
    topic = Subheading(0, "overview", 0, 1, None, "（一）公开", 7, 9, None)
    parts = Segmentation("2021", (), (section,), (topic,), units)
    labels = (
        Label("work", 0.9, False, None, False, 0.1, "x"),
        Label("plan", 0.9, False, 3, False, 0.1, "x", (Slot("time", 3, 6, "每季度"),)),
    )
    cells = [Cell(3, "2021", "", "r", "c", 1.0, "1", "printed"), Cell(3, "2021", "", "r", "d", None, "", "blank")]
    report = Report("r", "p.txt", "s", text, identity=Identity(title="标题\u202e", agency="云岭县民政局"))
    told = show_report(report, parts, labels, cells, "zh")
    assert told.encode("gbk")
    lines = told.splitlines()
    assert lines[:3] == ["标题[U+202E]", "云岭县民政局 | 未知 | 未知", "2021年式 | 年度报告 | 30 字数"]
    row = next(line for line in lines if line.startswith("|总体"))
    assert [cell.strip() for cell in row.strip("|").split("|")] == [
        "总体", "一、总体情况", "23", "是", "", "1", "", "1", "",
    ]
    assert "  （一）公开" in lines
    assert "  [3] 下一步每季度培训。 (时限=每季度)" in lines
    assert lines[-1] == "  三、收到和处理政府信息公开申请情况（表）: 空白 1, 照录 1"


def test_a_report_without_parts_says_so():
    report = Report("r", "p.txt", "s", "")
    told = show_report(report, Segmentation("free", (), (), (), ()), (), (), "zh")
    assert "没有识别到任何部分。" in told.splitlines()


def test_every_label_exists_in_both_languages_and_in_gbk():
    labels = load_toml("models/labels.toml")
    for group, ids in (
        ("section", SECTION_IDS), ("section_short", SECTION_IDS), ("role", ROLES), ("form", FORMS),
        ("span_kind", SPAN_KINDS), ("cell_state", CELL_STATES), ("check_state", CHECK_STATES),
        ("severity", ("high", "medium", "low")), ("flag", load_toml("models/flags.toml")),
    ):
        assert set(ids) <= set(labels[group]), group
    for group, entries in labels.items():
        if group != "column":
            for name, entry in entries.items():
                assert set(entry) == {"zh", "en"}, (group, name)
                assert entry["zh"].encode("gbk"), (group, name)
                assert "抄袭" not in entry["zh"]


def test_shown_text_has_no_control_and_excerpts_are_one_line():
    assert shown("a\x00b\ud800c\u2067d\n\te") == "a[U+0000]b[U+D800]c[U+2067]d\n\te"
    assert excerpt("甲乙丙", 3) == "甲乙丙"
    assert excerpt("甲乙丙丁", 3) == "甲乙丙…"
    assert "\n" not in excerpt(HOSTILE + "\n" + HOSTILE, 500)

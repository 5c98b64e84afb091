"""gknlp compare and gknlp flags: what is printed, by width and console, and the exit codes a script relies on."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest
from output_sample import HOSTILE, INFO, TEXT_A, sample_rows
from pair_sample import write_pair
from typer.testing import CliRunner

from gknlp.cli import app
from gknlp.output.tables import write_tables


def call(*arguments: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, [str(a) for a in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout, result.stderr


def columns(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in line)


@pytest.fixture
def run(tmp_path: Path) -> Path:
    write_tables(tmp_path, sample_rows())
    (tmp_path / "run.json").write_text(json.dumps(INFO), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", [60, 100, 140])
def test_compare_fits_the_terminal_and_a_gbk_console(tmp_path: Path, lang: str, width: int) -> None:
    code, out, err = call("compare", *write_pair(tmp_path), "--width", width, "--lang", lang)
    assert (code, err) == (0, "")
    assert out.encode("gbk").decode("gbk") == out
    assert max(map(columns, out.splitlines())) <= width


def test_compare_sets_passages_side_by_side_with_what_was_exchanged(tmp_path: Path) -> None:
    _, out, _ = call("compare", *write_pair(tmp_path), "--width", 140)
    sides: tuple[list[str], list[str]] = ([], [])
    for line in out[out.index("1. ") :].splitlines()[2:]:
        if line.startswith("|"):
            for side, cell in zip(sides, line.strip("|").split("|"), strict=True):
                side.append(cell.strip())
    left, right = ("".join(side) for side in sides)
    assert left.startswith("2023年，我局通过县政府网站公开信息[126]条，在[云岭县]政务大厅设立查阅点")
    assert right.startswith("2023年，我局通过县政府网站公开信息[98]条，在[青溪县]政务大厅设立查阅点")
    assert "{有效提升}了群众查阅的便利程度" in left
    assert "{切实提高}了群众查阅的便利程度" in right
    assert "名称 1 | 数字 1 | 用词 1" in out


def test_compare_writes_one_file_and_the_same_bytes_again(tmp_path: Path) -> None:
    first, second = write_pair(tmp_path)
    for name in ("一.html", "二.html"):
        code, out, _ = call("compare", first, second, "-o", tmp_path / name)
        assert (code, out) == (0, f"已写入: {tmp_path / name}\n")
    made = (tmp_path / "一.html").read_bytes()
    assert made == (tmp_path / "二.html").read_bytes()
    assert made.startswith(b"<!DOCTYPE html>")


def test_compare_of_a_file_that_cannot_be_read_ends_with_3_and_says_why(tmp_path: Path) -> None:
    first, second = write_pair(tmp_path)
    second.write_bytes(b"")
    code, out, err = call("compare", first, second)
    assert (code, out) == (3, "")
    assert second.name in err
    assert call("compare", first, tmp_path / "none.txt")[0] == 2


def test_flags_come_worst_first_with_reason_quotation_and_place(run: Path) -> None:
    code, out, err = call("flags", run)
    assert (code, err) == (0, "")
    assert out.encode("gbk")
    lines = out.splitlines()
    assert lines[0] == "提示 3 条，共 3 条"
    assert [line for line in lines if line[:2] in ("1.", "2.", "3.")][:2] == [
        "1. [重点] 与其他机关文字重合 | 青溪县民政局 2023", "2. [重点] 表格勾稽不符 | 云岭县民政局 2023",
    ]
    at = TEXT_A.index("我局坚持")
    assert f"   - 云岭县民政局 2023: “我局坚持以公开促落实” (第 1 页, 字 {at}-{at + 10})" in lines
    assert "   - 表3 · 一、本年新收政府信息公开申请数量 · 总计" in lines
    assert "   详见: pages/b1.html#f-k2" in lines
    assert "\u202e" not in out
    assert "[U+202E]" in out


@pytest.mark.parametrize(
    ("arguments", "reports"),
    [
        (("--severity", "high"), ["青溪县民政局 2023", "云岭县民政局 2023"]),
        (("--severity", "low", "--kind", "sum_fails"), ["云岭县民政局 2023"]),
        (("--agency", "青溪 民政局"), ["青溪县民政局 2023"]),
        (("--kind", "sum_fails", "--kind", "shares_with_peer", "--limit", "1"), ["青溪县民政局 2023"]),
        (("--agency", "没有这样的机关"), []),
    ],
)
def test_flags_are_filtered_by_severity_kind_and_agency(
    run: Path, arguments: tuple[str, ...], reports: list[str]
) -> None:
    code, out, _ = call("flags", run, *arguments)
    assert code == 0
    assert [line.split(" | ")[1] for line in out.splitlines() if " | " in line] == reports
    assert reports or out == "没有符合条件的提示。\n"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--fail-on", "high"), 1),
        (("--fail-on", "low"), 1),
        (("--fail-on", "high", "--kind", "polluted_text"), 0),
        (("--fail-on", "medium", "--kind", "polluted_text"), 1),
        (("--fail-on", "high", "--agency", "没有这样的机关"), 0),
    ],
)
def test_flags_fail_on_a_severity_for_scripts(run: Path, arguments: tuple[str, ...], code: int) -> None:
    assert call("flags", run, *arguments)[0] == code


def test_flags_refuse_what_is_no_run_and_a_kind_that_does_not_exist(run: Path, tmp_path: Path) -> None:
    assert call("flags", tmp_path / "none")[0] == 3
    code, _, err = call("flags", run, "--kind", "nonsense")
    assert code == 2
    assert "sum_fails" in err
    assert call("flags", run, "--severity", "worst")[0] == 2


def test_flags_speak_english_and_hostile_text_stays_on_its_line(run: Path) -> None:
    code, out, _ = call("flags", run, "--lang", "en", "--kind", "polluted_text")
    assert code == 0
    assert out.splitlines()[0] == "1 of 3 flags"
    assert HOSTILE.split("\u202e")[0] in out
    assert out.count("\n") < 10

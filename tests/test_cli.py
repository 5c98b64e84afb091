"""The command line: exit codes, where things are printed, and that README names every command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

import gknlp
from gknlp.cli import app
from gknlp.output.verdicts import flag_key

REPORT = (
    "青垣省望川市水利局2014年政府信息公开工作年度报告\n\n一、概述\n全年在门户网站公开信息30条。\n"
    "二、存在的主要问题\n公开内容还不够丰富。\n三、下一步打算\n每季度组织一次培训。\n"
)


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "年报" / "水利局 2014.txt"
    path.parent.mkdir()
    path.write_text(REPORT, encoding="utf-8")
    return path


def call(*arguments: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, [str(a) for a in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout, result.stderr


def test_cli_analyze_done(report: Path, tmp_path: Path) -> None:
    code, out, err = call("analyze", report.parent, "-o", tmp_path / "结果", "--jobs", "1")
    assert (code, err) == (0, "")
    assert "index.html" in out
    assert len(gknlp.Run(tmp_path / "结果").reports) == 1


def test_cli_hands_on_one_report_and_feedback_by_what_was_decided(report: Path, tmp_path: Path) -> None:
    report.write_text(REPORT.replace("每季度组织一次培训", "进一步提高认识"), encoding="utf-8")
    call("analyze", report.parent, "-o", tmp_path / "out", "--jobs", "1")
    run = gknlp.Run(tmp_path / "out")
    name = run.reports.report_id[0]
    code, out, _ = call("dossier", tmp_path / "out", "--report", name, "-o", tmp_path / "一份.html")
    assert (code, out.strip()) == (0, str(tmp_path / "一份.html"))
    assert "望川市水利局" in (tmp_path / "一份.html").read_text(encoding="utf-8")
    code, _, err = call("dossier", tmp_path / "out", "--report", "../x", "-o", tmp_path / "x.html")
    assert code == 3
    assert "no report '../x'" in err
    code, out, _ = call("feedback", tmp_path / "out", "-o", tmp_path / "fb")
    assert (code, [path.name for path in (tmp_path / "fb").iterdir()]) == (0, ["青垣省望川市水利局_反馈意见.docx"])
    assert "反馈意见 1 份" in out
    key = flag_key(run.flags.iloc[0], run.reports.iloc[0])
    verdicts = tmp_path / "v.json"
    content = {"format": "gknlp-verdicts", "version": 1, "verdicts": [{"key": key, "verdict": "dismissed"}]}
    verdicts.write_text(json.dumps(content), encoding="utf-8")
    nothing = "没有需要反馈的情况。\n"
    assert call("feedback", tmp_path / "out", "-o", tmp_path / "f2", "--verdicts", verdicts)[1] == nothing
    call("analyze", report.parent, "-o", tmp_path / "out", "--jobs", "1", "--verdicts", verdicts)
    assert call("feedback", tmp_path / "out", "-o", tmp_path / "f2")[1] == nothing
    assert call("feedback", tmp_path / "out", "-o", tmp_path / "f2", "--confirmed", "--lang", "en")[0] == 0
    verdicts.write_text("[]", encoding="utf-8")
    code, _, err = call("analyze", report.parent, "-o", tmp_path / "out", "--verdicts", verdicts)
    assert code == 2
    assert "v.json is no verdict file" in err


def test_cli_analyze_with_failures_goes_on_and_ends_with_1(
    report: Path, tmp_path: Path, hostile_files: Callable[[Path], dict[str, str]]
) -> None:
    hostile_files(report.parent)
    code, out, _ = call("analyze", report.parent, "-o", tmp_path / "out", "--jobs", "2")
    assert code == 1
    assert "图片改名.pdf" in out
    assert "水利局 2014.txt" in {Path(path).name for path in gknlp.Run(tmp_path / "out").reports.path}


def test_cli_nothing_could_be_done_is_3(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x.txt").write_bytes(b"")
    code, _, _ = call("analyze", tmp_path / "a", "-o", tmp_path / "out", "--jobs", "1")
    assert code == 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("analyze", "{tmp}/missing", "-o", "{tmp}/out"), "missing"),
        (("analyze", "{tmp}", "-o", "{tmp}/out", "--settings", "{tmp}/none.toml"), "Settings file"),
        (("show", "{tmp}/missing.txt"), "missing.txt"),
    ],
    ids=["no such folder", "no such settings", "show no such file"],
)
def test_cli_wrong_usage_is_2_and_says_what_to_do(
    arguments: tuple[str, ...], message: str, tmp_path: Path
) -> None:
    code, out, err = call(*(a.replace("{tmp}", str(tmp_path)) for a in arguments))
    assert (code, out) == (2, "")
    assert message in err


def test_cli_wrong_option_is_2() -> None:
    assert call("analyze", "x", "--no-such-option")[0] == 2


def test_cli_show_prints_the_structure(report: Path) -> None:
    code, out, err = call("show", report)
    assert (code, err) == (0, "")
    for words in ("望川市水利局", "2014", "一、概述", "二、存在的主要问题", "三、下一步打算"):
        assert words in out


def test_cli_evaluate_prints_figures_groups_and_confusion(report: Path, tmp_path: Path) -> None:
    call("analyze", report, "-o", tmp_path / "out", "--jobs", "1")
    assert call("export", tmp_path / "out", "-o", tmp_path / "units.csv")[0] == 0
    code, out, _ = call("import", tmp_path / "out", tmp_path / "units.csv", "-o", tmp_path / "gold")
    assert (code, out) == (0, f"1 -> {tmp_path / 'gold'}\n")
    code, out, err = call("evaluate", tmp_path / "out", tmp_path / "gold")
    assert (code, err) == (0, "")
    assert "heading F1: 1.0000" in out
    assert "annotated / read" in out
    code, out, _ = call("agreement", tmp_path / "gold", tmp_path / "gold", report)
    assert code == 0
    assert out.startswith("role: alpha 1.000")


def test_cli_lang_and_settings_reach_the_run(report: Path, tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text("[keywords]\nper_report = 3\n", encoding="utf-8")
    code, _, _ = call(
        "analyze", report, "-o", tmp_path / "out", "--lang", "en", "--settings", tmp_path / "s.toml", "--jobs", "1"
    )
    assert code == 0
    info = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    assert info["settings"]["output"]["lang"] == "en"
    assert info["settings"]["keywords"]["per_report"] == 3


def test_cli_version() -> None:
    assert call("--version") == (0, f"gknlp {gknlp.__version__}\n", "")


def test_cli_prints_on_a_gbk_console(report: Path, tmp_path: Path) -> None:
    report.write_text(REPORT.replace("30条", "30条\U0001f600𠮷"), encoding="utf-8")
    environment = {**os.environ, "PYTHONIOENCODING": "gbk"}
    done = subprocess.run(
        [sys.executable, "-m", "gknlp", "show", str(report)], env=environment, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "望川市水利局" in done.stdout.decode("gbk")


def test_cli_every_command_has_help_and_stands_in_both_readmes(root: Path) -> None:
    names = [command.name or command.callback.__name__ for command in app.registered_commands if command.callback]
    assert len(set(names)) == len(names) >= 8
    for readme in ("README.md", "README.zh.md"):
        text = (root / readme).read_text(encoding="utf-8")
        for name in names:
            assert f"gknlp {name}" in text, f"{readme} does not tell of gknlp {name}"
    for command in app.registered_commands:
        assert command.callback is not None
        assert command.callback.__doc__

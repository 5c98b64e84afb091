"""`Run`: a finished run folder opened in Python and Jupyter."""

import json
import re

import pandas as pd
import pytest
from output_sample import HOSTILE, INFO, TEXT_A, sample_rows

from gknlp.errors import OutputError
from gknlp.output.run import Run
from gknlp.output.tables import TABLES, write_tables


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    write_tables(folder, sample_rows())
    (folder / "run.json").write_text(json.dumps(INFO), encoding="utf-8")
    return Run(folder)


def test_every_table_is_an_item_and_an_attribute_read_once(run):
    for table in TABLES:
        assert isinstance(run[table], pd.DataFrame)
        assert getattr(run, table) is run[table]
    assert run.info == INFO
    assert set(TABLES) <= set(dir(run))
    assert repr(run) == f"Run({str(run.folder)!r}: 6 reports, 3 flags, 1 failures)"


def test_what_a_run_does_not_have_is_refused_by_name(run):
    with pytest.raises(AttributeError, match="colour"):
        _ = run.colour
    with pytest.raises(OutputError, match="colour"):
        run["colour"]
    with pytest.raises(OutputError, match="'zz'"):
        run.report("zz")


@pytest.mark.parametrize("content", [None, "", "{", "[]"])
def test_a_folder_that_is_no_finished_run_is_refused(tmp_path, content):
    if content is not None:
        (tmp_path / "run.json").write_text(content, encoding="utf-8")
    with pytest.raises(OutputError):
        Run(tmp_path)


def test_a_report_of_a_run_has_its_rows_its_text_and_its_quotations(run):
    report = run.report("a1")
    assert report.text == TEXT_A
    assert report.row["agency"] == "云岭县民政局"
    assert report.row["duplicate_of"] is None
    assert list(report["passages"]["passage_id"]) == ["p1", "p2", "p3"]
    assert list(run.report("c1")["passages"]["passage_id"]) == ["p2"]
    unit = report["units"].iloc[0]
    assert report.quote(unit.start, unit.end) == unit.text == "全年通过县政府网站公开信息126条。"
    assert len(report["failures"]) == 0
    assert repr(report) == "RunReport('a1': 云岭县民政局 2023)"


def test_jupyter_shows_the_reports_and_a_report_with_its_roles(run):
    shown = run._repr_html_()
    assert "云岭县民政局" in shown
    assert "&lt;script&gt;" in shown
    assert "<script" not in shown
    report = run.report("a1")._repr_html_()
    assert '<b class="tag">问题</b>' in report
    assert ".gk-text .part" in report
    # The statutory table stands in the text with its failing cells; the check and the passages are listed below.
    assert report.index("本年新收") < report.index('class="c-printed failing"') < report.index("<td>✗1</td>")
    assert "六类申请人合计6，总计7" in report
    assert re.findall(r"<td><bdi>(.*?)</bdi></td><td>(.*?)</td>", report)[-3:] == [
        ("青溪县民政局 2023", "其他机关"), ("云岭县民政局 2021", "本机关往年"), ("青溪县民政局 2023", "同系统模板"),
    ]
    assert HOSTILE not in run.report("h1")._repr_html_()
    assert not re.search(r"""<script|(?:src|href)=["']?https?:""", report + shown)

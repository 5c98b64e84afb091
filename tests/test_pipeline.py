"""A run from files to folder: the same bytes whatever the workers, nothing lost, nothing half written."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

import gknlp
from gknlp.errors import OutputError, SettingsError
from gknlp.measures import read_note
from gknlp.output import folder as output_folder
from gknlp.output.tables import TABLES
from gknlp.resources import load_toml
from gknlp.types import Failure

REPORT = """{agency}{year}年政府信息公开工作年度报告

本报告依据《中华人民共和国政府信息公开条例》编制，数据统计期限自{year}年1月1日起至{year}年12月31日止。

一、概述
{overview}

二、主动公开政府信息情况
全年通过门户网站公开信息{count}条。

三、依申请公开政府信息情况
本年度未收到政府信息公开申请。

四、存在的主要问题及改进措施
一是公开内容还不够丰富。二是更新不够及时。下一步，将每季度开展一次业务培训，修订主动公开目录。
"""
OVERVIEW = "我局在办公楼一层设立查阅点，配备电脑两台，安排专人值守，累计接待群众查阅三十七人次。"
OTHER = "我局把河道巡查记录、采砂许可结果和汛期水位放到同一页面，方便沿岸居民对照查看。"


def write_report(path: Path, *, agency: str, year: int, overview: str = OVERVIEW, count: int = 12) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(REPORT.format(agency=agency, year=year, overview=overview, count=count), encoding="utf-8")


def digests(out: Path) -> dict[str, str]:
    """SHA-256 of every file of a run; run.json without its timings."""
    found = {}
    for path in sorted(out.rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            if path.name == "run.json":
                info = json.loads(data)
                assert info.pop("timings")
                data = json.dumps(info, sort_keys=True).encode()
            found[path.relative_to(out).as_posix()] = hashlib.sha256(data).hexdigest()
    return found


@pytest.fixture
def three(tmp_path: Path) -> Path:
    """A bureau's two years with the same overview, and another bureau with words of its own."""
    home = tmp_path / "报告 三份"
    write_report(home / "a.txt", agency="青垣省望川市水利局", year=2015)
    write_report(home / "b.txt", agency="青垣省望川市水利局", year=2016, count=15)
    write_report(home / "c.txt", agency="青垣省望川市商务局", year=2016, overview=OTHER)
    return home


def test_pipeline_writes_every_table_of_the_design(three: Path, tmp_path: Path) -> None:
    run = gknlp.analyze([three], tmp_path / "out", jobs=1)
    assert {path.stem for path in (tmp_path / "out" / "tables").glob("*.parquet")} == set(TABLES)
    for name, columns in TABLES.items():
        assert list(run[name].columns) == [column for column, _ in columns], name
    assert {"index.html", "report.xlsx", "run.json", "tables", "pages"} == {p.name for p in run.folder.iterdir()}
    assert len(run.reports) == 3
    assert run.failures.empty
    assert list(run.reports.year) == [2015, 2016, 2016]
    assert set(run.reports.form) == {"2008"}
    assert not (tmp_path / "out.partial").exists()


def test_pipeline_spans_tile_and_units_nest(three: Path, tmp_path: Path) -> None:
    run = gknlp.analyze([three], tmp_path / "out", jobs=1)
    texts = dict(zip(run.texts.report_id, run.texts.text, strict=True))
    for report_id, text in texts.items():
        spans = run.spans[run.spans.report_id == report_id]
        assert "".join(text[a:b] for a, b in zip(spans.start, spans.end, strict=True)) == text
        sections = run.sections[run.sections.report_id == report_id].set_index("order")
        for unit in run.units[run.units.report_id == report_id].itertuples():
            part = sections.loc[unit.section_order]
            assert part.start <= unit.start < unit.end <= part.end


def test_pipeline_same_bytes_whatever_the_workers_and_the_order(three: Path, tmp_path: Path) -> None:
    files = sorted(three.iterdir())
    gknlp.analyze([three], tmp_path / "one", jobs=1)
    gknlp.analyze(list(reversed(files)), tmp_path / "two", jobs=2)
    assert digests(tmp_path / "one") == digests(tmp_path / "two")


def test_pipeline_tells_own_past_from_another_agency(three: Path, tmp_path: Path) -> None:
    write_report(three / "d.txt", agency="青垣省望川市林业局", year=2017)
    run = gknlp.analyze([three], tmp_path / "out", jobs=1)
    name = {row.report_id: Path(row.path).stem for row in run.reports.itertuples()}
    kinds = {
        (frozenset((name[p.a_report], name[p.b_report])), p.kind)
        for p in run.passages.itertuples()
        if OVERVIEW[5:25] in run.report(p.a_report).text[p.a_start : p.a_end]
    }
    assert (frozenset("ab"), "self") in kinds
    assert (frozenset("ad"), "peer") in kinds or (frozenset("bd"), "peer") in kinds
    whole = run.composition[run.composition.section.isna()]
    shares = whole[["formula", "own_past", "template", "peer", "own"]].astype(float).sum(axis=1)
    assert shares.round(9).eq(1).all()


def test_pipeline_puts_measures_beside_each_other(three: Path, tmp_path: Path) -> None:
    run = gknlp.analyze([three], tmp_path / "run", jobs=1)
    rows = run.measures[run.measures.section.isna()].set_index(["report_id", "measure"])
    rates = ["rate_raw", "rate_without_skeleton", "rate_without_set_phrases", "rate_without_own_past"]
    names = {"longest_run_peer", "kt2003_r", "cmn2020_min_edit", "dls2017_stickiness", "lsl2015_boilerplate", *rates}
    for report_id in run.reports.report_id:
        assert names <= set(rows.loc[report_id].index)
        counts = [int(read_note(rows.loc[(report_id, name), "note"])["count"]) for name in rates]
        assert counts == sorted(counts, reverse=True)
        assert counts[0] > counts[1]
    assert not run.measures.duplicated(["report_id", "section", "measure"]).any()
    assert set(run.measures.measure) <= set(load_toml("models/labels.toml")["measure"])


def test_pipeline_follows_a_problem_into_the_next_year(three: Path, tmp_path: Path) -> None:
    run = gknlp.analyze([three], tmp_path / "out", jobs=1)
    problems = run.follow[run.follow.kind == "problem"]
    assert set(problems.verdict) == {"repeated"}
    assert set(problems.year) == {2015}


def test_pipeline_counts_a_second_copy_once(three: Path, tmp_path: Path) -> None:
    shutil.copy(three / "a.txt", three / "z 副本.txt")
    run = gknlp.analyze([three], tmp_path / "out", jobs=1)
    rows = run.reports.set_index(run.reports.path.map(lambda path: Path(path).name))
    first = rows.loc["a.txt"].report_id
    assert rows.loc["z 副本.txt"].duplicate_of == first
    assert rows.loc["z 副本.txt"].report_id == f"{first}-2"
    assert not (run.units.report_id == f"{first}-2").any()
    assert not run.passages.a_report.eq(f"{first}-2").any()


def test_pipeline_references_are_compared_with_and_never_flagged(three: Path, tmp_path: Path) -> None:
    past = tmp_path / "上年"
    past.mkdir()
    shutil.move(three / "a.txt", past / "a.txt")
    run = gknlp.analyze([three], tmp_path / "out", against=[past], jobs=1)
    reference = run.reports[run.reports.reference]
    assert list(reference.path.map(lambda path: Path(path).name)) == ["a.txt"]
    for table in (run.flags, run.measures, run.composition):
        assert not table.report_id.isin(reference.report_id).any()
    assert run.passages.kind.eq("self").any()


def test_pipeline_bad_files_become_failures_and_the_run_goes_on(
    three: Path, tmp_path: Path, hostile_files: Callable[[Path], dict[str, str]]
) -> None:
    expected = hostile_files(three)
    run = gknlp.analyze([three], tmp_path / "out", jobs=2)
    failed = run.failures.assign(name=run.failures.path.map(lambda path: Path(path).name))
    read = set(run.reports.path.map(lambda path: Path(path).name))
    for name, error in expected.items():
        if error:
            assert name not in read
            assert list(failed[failed.name == name].error) == [error]
        else:
            assert name in read, failed[failed.name == name]
    assert {"a.txt", "b.txt", "c.txt"} <= read
    assert failed.message.str.len().gt(10).all()
    assert failed.hint.str.len().gt(5).all()


def test_pipeline_a_stage_that_breaks_is_a_failure_of_that_file(
    three: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(units: object, **options: object) -> list[object]:
        raise ZeroDivisionError("boom")

    monkeypatch.setattr("gknlp.analysis.classify", broken)
    run = gknlp.analyze([three], tmp_path / "out", jobs=1)
    assert run.reports.empty
    assert list(run.failures.error) == ["ZeroDivisionError"] * 3
    assert "fault of gknlp" in run.failures.hint[0]


def test_pipeline_that_dies_leaves_the_old_run(
    three: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gknlp.analyze([three], tmp_path / "out", jobs=1)
    before = digests(tmp_path / "out")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    (three / "c.txt").unlink()
    monkeypatch.setattr(output_folder, "write_excel", full)
    with pytest.raises(OutputError, match=r"cannot be written: No space left on device"):
        gknlp.analyze([three], tmp_path / "out", jobs=1)
    assert digests(tmp_path / "out") == before
    monkeypatch.undo()
    gknlp.analyze([three], tmp_path / "out", jobs=1)
    assert len(gknlp.Run(tmp_path / "out").reports) == 2
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith("out")] == ["out"]


def test_pipeline_that_died_between_the_renames_is_recovered(three: Path, tmp_path: Path) -> None:
    gknlp.analyze([three], tmp_path / "out", jobs=1)
    before = digests(tmp_path / "out")
    (tmp_path / "out").rename(tmp_path / "out.previous")
    output_folder.recover(tmp_path / "out")
    assert digests(tmp_path / "out") == before


def test_pipeline_never_replaces_a_folder_that_is_no_run(three: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.docx").write_text("precious", encoding="utf-8")
    with pytest.raises(OutputError, match="holds files that are not a run of gknlp"):
        gknlp.analyze([three], tmp_path / "mine", jobs=1)
    assert [p.name for p in (tmp_path / "mine").iterdir()] == ["thesis.docx"]


def test_pipeline_nothing_to_read_is_an_error_with_a_hint(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(SettingsError, match=r"No file to read in .*empty"):
        gknlp.analyze([tmp_path / "empty"], tmp_path / "out", jobs=1)


def test_pipeline_settings_and_versions_stand_in_the_run(three: Path, tmp_path: Path) -> None:
    settings = gknlp.Settings()
    run = gknlp.analyze([three], tmp_path / "out", settings=settings, jobs=1)
    assert run.info["fingerprint"] == settings.fingerprint()
    assert run.info["versions"]["gknlp"] == gknlp.__version__
    assert run.info["counts"]["reports"] == 3
    assert "models/flags.toml" in run.info["models"]
    assert isinstance(run.units, pd.DataFrame)


def test_process_file_gives_failures_as_values(tmp_path: Path) -> None:
    from gknlp.analysis import process_file

    (tmp_path / "x.txt").write_bytes(b"")
    (item,) = process_file(tmp_path / "x.txt", settings=gknlp.Settings())
    assert isinstance(item, Failure)
    assert item.error == "EmptyFileError"


def test_pipeline_roster_settles_names_and_tells_who_has_not_reported(three: Path, tmp_path: Path) -> None:
    roster = tmp_path / "名单.csv"
    lines = "机关,上级,年度\n青垣省望川市水利局,望川市人民政府,2016\n青垣省望川市教育局,,2016\n"
    roster.write_text(lines, encoding="utf-8-sig")
    run = gknlp.analyze([three], tmp_path / "out", roster=roster, jobs=1)
    assert list(run.failures.path) == ["青垣省望川市教育局"]
    assert list(run.failures.error) == ["NotReported"]
    assert list(run.failures.year) == [2016]
    superiors = dict(zip(run.reports.path.map(lambda path: Path(path).name), run.reports.superior, strict=True))
    assert superiors["b.txt"] == "望川市人民政府"

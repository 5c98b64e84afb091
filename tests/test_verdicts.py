"""What people decided on flags: kept through runs by what a flag rests on, refused where the file is none."""

import json

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import gknlp
from gknlp.errors import SettingsError
from gknlp.output.dossier import write_dossier
from gknlp.output.terminal import summary
from gknlp.output.verdicts import Verdict, entry, flag_key, load_verdicts, verdict_rows

REPORT = {"report_id": "r1", "agency": "柳泽县水务局", "year": 2023, "title": None, "path": "a/水务局.txt"}
FLAG = {
    "flag_id": "f1", "report_id": "r1", "flag": "claim_disagrees", "severity": "high",
    "reason": "正文数字与表格不一致：“收到申请9件”，表格为 8",
    "evidence": json.dumps([{"report_id": "r1", "start": 4, "end": 10, "quote": "收到申请9件"}]),
}
TEXT = """柳泽县水务局2023年政府信息公开工作年度报告
一、总体情况
{more}全年主动公开信息30条。
五、存在的主要问题及改进情况
公开不够及时，政策解读偏少。下一步提高认识。
六、其他需要报告的事项
无其他需要报告的事项。
"""


def file_of(tmp_path, *items, **changed):
    path = tmp_path / "verdicts.json"
    content = {"format": "gknlp-verdicts", "version": 1, "verdicts": list(items)} | changed
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def evidence(**changed):
    return json.dumps([{"report_id": "r1", "start": 4, "end": 10, "quote": "收到申请9件"} | changed])


@pytest.mark.parametrize("flag", [
    {"flag_id": "other"}, {"evidence": evidence(start=400, end=406)}, {"evidence": evidence(quote="收到申请\n９件")},
    {"reason": "The text's figure disagrees with the table: “收到申请9件”, the table gives 8"},
    {"reason": "（12%）正文数字与表格不一致：“收到申请9件”，表格为 8", "severity": "low"},
])
def test_a_flag_keeps_its_key_wherever_it_stands_and_in_whatever_words(flag):
    assert flag_key(FLAG | flag, REPORT | {"path": "b.txt"}) == flag_key(FLAG, REPORT)


@pytest.mark.parametrize(("flag", "report"), [
    ({"reason": "正文数字与表格不一致：“收到申请9件”，表格为 7"}, {}),
    ({"evidence": evidence(quote="收到申请7件")}, {}), ({"flag": "sum_fails"}, {}),
    ({"evidence": evidence(report_id="r2")}, {}), ({}, {"agency": "柳泽县林业局"}),
    ({}, {"year": 2022}), ({}, {"year": None}),
])
def test_a_flag_that_rests_on_something_else_has_another_key(flag, report):
    assert flag_key(FLAG | flag, REPORT | report) != flag_key(FLAG, REPORT)


def test_a_report_without_agency_is_known_by_its_title_else_by_its_file():
    nameless = REPORT | {"agency": None}
    assert flag_key(FLAG, nameless) == flag_key(FLAG, nameless | {"path": "C:\\b\\水务局.txt"})
    assert flag_key(FLAG, nameless) != flag_key(FLAG, nameless | {"title": "年报"})


@given(st.lists(st.builds(
    Verdict, st.from_regex("[0-9a-f]{32}", fullmatch=True), st.sampled_from(["confirmed", "dismissed", "noted"]),
    note=st.text(st.characters(categories=["L", "N", "P", "Zs"]), max_size=20),
    decided=st.sampled_from(["", "2024-05-06"]), year=st.none() | st.integers(1900, 2200),
), unique_by=lambda verdict: verdict.key))
def test_what_was_decided_is_read_back_as_it_was_written(tmp_path_factory, verdicts):
    rows = verdict_rows({}, verdicts)
    path = file_of(tmp_path_factory.mktemp("v"), *map(entry, rows))
    assert load_verdicts([path]) == sorted(verdicts, key=lambda verdict: verdict.key)


def test_of_two_verdicts_on_a_flag_the_one_decided_last_counts(tmp_path):
    key = "0" * 32
    older = {"key": key, "verdict": "confirmed", "decided": "2024-05-06"}
    newer = {"key": key, "verdict": "dismissed", "decided": "2024-05-06T07:08:09.123Z"}
    for items in ((older, newer), (newer, older)):
        assert [v.verdict for v in load_verdicts([file_of(tmp_path, *items)])] == ["dismissed"]
    assert load_verdicts([]) == []


def test_flags_are_told_in_their_order_and_verdicts_without_flag_after_them():
    second = FLAG | {"flag_id": "f2", "flag": "sum_fails", "severity": "medium"}
    rows = {"reports": [REPORT], "flags": [second, FLAG]}
    gone = Verdict("0" * 32, "confirmed", "已核实", agency="柳泽县林业局", year=2020, flag="bad_number", reason="-1")
    given_ = [gone, Verdict(flag_key(second, REPORT), "noted", "待查"), Verdict(flag_key(FLAG, REPORT), "dismissed")]
    made = verdict_rows(rows, given_)
    assert [(row["flag_id"], row["verdict"], row["note"], row["applies"]) for row in made] == [
        ("f1", "dismissed", None, True), ("f2", "noted", "待查", True), (None, "confirmed", "已核实", False),
    ]
    assert made[0]["reason"] == FLAG["reason"]
    assert made[2]["agency"] == "柳泽县林业局"


def test_two_flags_that_rest_on_the_same_words_share_a_verdict():
    rows = {"reports": [REPORT], "flags": [FLAG, FLAG | {"flag_id": "f2", "evidence": evidence(start=90, end=96)}]}
    made = verdict_rows(rows, [Verdict(flag_key(FLAG, REPORT), "dismissed")])
    assert [row["flag_id"] for row in made] == ["f1", "f2"]


GOOD = {"key": "0" * 32, "verdict": "confirmed"}


@pytest.mark.parametrize(("content", "message"), [
    (b"", "not JSON"), (b"\xff\xfe\x00", "not JSON"), (b"[" * 100_000, "not JSON"), (b'{"a": NaN}', "not JSON"),
    (b'{"version": ' + b"9" * 5000 + b"}", "not JSON"), (b"[]", "format"), (b"null", "format"),
    (b'{"format": "gknlp-verdicts", "version": 2, "verdicts": []}', "version 2"),
    (b'{"format": "gknlp-verdicts", "version": 1, "verdicts": {}}', "no list"),
])
def test_a_file_that_is_no_verdict_file_is_refused_by_name(tmp_path, content, message):
    path = tmp_path / "判断.json"
    path.write_bytes(content)
    with pytest.raises(SettingsError, match=message) as caught:
        load_verdicts([path])
    assert "判断.json" in str(caught.value)
    with pytest.raises(SettingsError, match="cannot be read"):
        load_verdicts([tmp_path / "missing.json"])


@pytest.mark.parametrize(("item", "message"), [
    ("x", "mapping"), ({"verdict": "confirmed"}, "key"), (GOOD | {"key": "../" + "0" * 29}, "key"),
    (GOOD | {"verdict": "<script>"}, "verdict"), (GOOD | {"verdict": ["confirmed"]}, "verdict"),
    (GOOD | {"note": 7}, "note"), (GOOD | {"note": "字" * 4001}, "note"), (GOOD | {"agency": {}}, "agency"),
    (GOOD | {"year": True}, "year"), (GOOD | {"year": 10 ** 40}, "year"), (GOOD | {"decided": "=1+1"}, "decided"),
])
def test_an_entry_that_is_no_verdict_is_refused_by_its_number(tmp_path, item, message):
    with pytest.raises(SettingsError, match=f"entry 2: .*{message}"):
        load_verdicts([file_of(tmp_path, GOOD, item)])


def test_marks_that_hide_or_reorder_text_are_shown_in_a_note(tmp_path):
    (verdict,) = load_verdicts([file_of(tmp_path, GOOD | {"note": "a\u202eb\x1b[2J\ud800"})])
    assert verdict.note == "a[U+202E]b[U+001B][2J[U+D800]"


def analyzed(tmp_path, name, more="", **options):
    source = tmp_path / name
    source.mkdir()
    (source / f"{name}.txt").write_text(TEXT.format(more=more), encoding="utf-8")
    return gknlp.analyze([source], tmp_path / f"out-{name}", jobs=1, **options)


def test_verdicts_outlive_a_run_over_other_files_and_those_that_do_not_are_told(tmp_path):
    first = analyzed(tmp_path, "one")
    flag = first.flags[first.flags.flag == "no_commitment"].iloc[0]
    key = flag_key(flag, first.reports.iloc[0])
    given_ = file_of(
        tmp_path, {"key": key, "verdict": "dismissed", "note": "县局另有方案"},
        {"key": "0" * 32, "verdict": "confirmed", "flag": "bad_number", "agency": "柳泽县林业局", "year": 2020,
         "reason": "-1"},
    )
    # Another file name and another sentence before it: the report's id, the flag's id and all offsets are others.
    second = analyzed(tmp_path, "two", more="全年召开会议三次。", verdicts=[given_])
    assert set(second.flags.flag_id).isdisjoint(first.flags.flag_id)
    assert second.verdicts[["verdict", "note", "applies"]].values.tolist() == [
        ["dismissed", "县局另有方案", True], ["confirmed", None, False],
    ]
    told = summary(second, "zh")
    assert "沿用以往判断 1 条（属实 0, 排除 1, 备注 0）" in told
    assert "不再适用的判断 1 条" in told
    assert "柳泽县林业局 2020" in told
    assert "改进措施无法核对" not in told
    sheet = openpyxl.load_workbook(second.folder / "report.xlsx")["判断"]
    assert [[cell.value for cell in row][5:] for row in sheet.iter_rows(min_row=2)] == [
        ["排除", "县局另有方案", None, "是"], ["属实", None, None, "否"],
    ]
    page = (second.folder / "pages" / f"{second.reports.report_id[0]}.html").read_text(encoding="utf-8")
    assert "县局另有方案" in page
    index = (second.folder / "index.html").read_text(encoding="utf-8")
    assert "柳泽县林业局 2020" in index


def test_a_verdict_file_that_is_none_stops_the_run_before_anything_is_read(tmp_path):
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    with pytest.raises(SettingsError, match="no verdict file"):
        gknlp.analyze([tmp_path / "a.txt"], tmp_path / "out", verdicts=[file_of(tmp_path, format="x")])
    assert not (tmp_path / "out").exists()


def test_no_verdict_adds_nothing_to_the_summary(tmp_path):
    assert "判断" not in summary(analyzed(tmp_path, "one"), "zh")
    write_dossier(tmp_path, {}, {}, "zh")

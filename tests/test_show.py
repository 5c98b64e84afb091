"""What values show of themselves in Jupyter: their content, escaped, without a script or an address."""

import re

import pytest
from output_sample import HOSTILE

from gknlp.reuse import find_reuse
from gknlp.segment import segment
from gknlp.types import Failure, Furniture, Grid, Identity, Layout, Page, Report
from gknlp.types.show import MAX_ROWS, MAX_TEXT, table, text_box

TEXT = "柳泽县水务局年报\n一、概述\n全年公开信息30条。\n第 1 页\n二、存在问题\n更新不够及时。\n"


def plain(html):
    """What a reader sees."""
    return re.sub(r"<[^>]*>", "", html)


def test_a_report_shows_who_and_when_its_warnings_and_its_text_with_furniture_in_grey():
    at = TEXT.index("第 1 页")
    layout = Layout((Grid(0, 1, ()),), (Furniture(at, at + 5, "page number"),), (), (Page(1, 0, len(TEXT)),))
    warning = Failure("a.pdf", "read", "ScannedPages", "page 2 is a scan", "OCR it")
    identity = Identity(agency="柳泽县水务局", year=2014, level="county", conflicts=("标题2014，正文2013",))
    shown = Report("r1", "a.pdf", "0" * 64, TEXT, layout, identity, (warning,))._repr_html_()
    assert "<b><bdi>柳泽县水务局 2014</bdi></b>" in shown
    assert '<span style="color:#8894a0"><bdi>第 1 页</bdi></span>' in shown
    for piece in ("ScannedPages: page 2 is a scan", "标题2014，正文2013", "county", TEXT.replace("第 1 页", "")[:8]):
        assert piece in plain(shown)
    assert TEXT in plain(shown)


def test_a_segmentation_shows_its_parts_and_units():
    shown = segment(TEXT)._repr_html_()
    assert "form <bdi>free</bdi>" in shown
    for piece in ("一、概述", "problems", "更新不够及时。", "全年公开信息30条。"):
        assert piece in plain(shown)


def test_reuse_shows_the_pairs_that_share_most_and_the_composition():
    same = "我局在办公楼一层设立查阅点，配备电脑两台，安排专人值守，全年接待群众查阅三十七人次。"
    shown = plain(find_reuse({"甲报": same, "乙报": same})._repr_html_())
    assert "Reuse: 1 passages" in shown
    assert "乙报" in shown
    assert "peer" in shown
    assert "%" in shown
    assert plain(find_reuse({})._repr_html_()).startswith("Reuse: 0 passages, 0 families, 0 reports")


@pytest.mark.parametrize("value", [
    Report("r", HOSTILE, "0", HOSTILE, identity=Identity(agency=HOSTILE, title=HOSTILE, conflicts=(HOSTILE,))),
    segment(f"{HOSTILE}\n一、概述\n{HOSTILE}。\n"), find_reuse({HOSTILE: HOSTILE * 3, "b": HOSTILE * 3}),
], ids=["report", "segmentation", "reuse"])
def test_hostile_text_is_text_and_nothing_is_asked_for(value):
    shown = value._repr_html_()
    assert "<script" not in shown
    assert "<img" not in shown
    assert not re.search(r"""(?:src|href)\s*=|url\(""", re.sub(r"&[a-z#0-9]+;|src=x", "", shown))


def test_what_is_long_is_cut_and_counted():
    assert "+ 2 characters" in text_box("字" * (MAX_TEXT + 2))
    assert plain(text_box("字" * MAX_TEXT)) == "字" * MAX_TEXT
    assert plain(text_box("甲乙丙", [(1, 2)])) == "甲乙丙"
    rows = table(("a",), [(i,) for i in range(MAX_ROWS + 3)])
    assert rows.count("<tr>") == MAX_ROWS + 1
    assert rows.endswith("<p>+ 3</p>")

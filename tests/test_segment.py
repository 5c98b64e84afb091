# ruff: noqa: E501 - invented Chinese lines count double and must not be broken
"""What holds for every text that `segment` takes apart, its rule files, and what the source's layout adds."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gknlp.resources import load_toml
from gknlp.segment import segment
from gknlp.segment.headings import find_candidates, number_value
from gknlp.segment.subheadings import nest
from gknlp.segment.tabletext import find_tables
from gknlp.segment.titles import rules
from gknlp.segment.view import make_view
from gknlp.segment.words import genre
from gknlp.types import Furniture, Grid, GridCell, HeadingHint, Layout, Segmentation

PIECES = (
    "一、总体情况", "二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况", "五、存在的主要问题及改进情况", "六、其他需要报告的事项", "（一）主动公开方面",
    "1.公众查阅点", "公开了12条。", "但更新不及时，下一步将改进；", "本报告由办公室编制。", "第二十条第（一）项", "信息内容", "本年制发件数", "规章", "0", "  ", "\n",
    "\t", "- 2 -", "2021年政府信息公开工作年度报告", "某县水务局", "2022年1月5日", "“好。”", "申请人情况", "自然人", "（", "；", "English words only here.",
)
texts = st.lists(st.sampled_from(PIECES), max_size=30).map("".join) | st.text(max_size=80)


def check(text: str, found: Segmentation) -> None:
    """The invariants of a segmentation."""
    assert "".join(text[span.start : span.end] for span in found.spans) == text
    assert all(span.start < span.end for span in found.spans)
    assert all(a.end == b.start for a, b in pairwise(found.spans))
    for order, section in enumerate(found.sections):
        assert section.order == order
        assert 0 <= section.start <= section.end <= len(text)
        assert 0 <= section.score <= 1
        if section.heading is None:
            assert section.heading_start is None
        else:
            assert section.heading_start is not None
            assert text.startswith(section.heading, section.heading_start)
            assert section.heading_start + len(section.heading) <= section.start
    assert all(a.end <= (b.heading_start or b.start) for a, b in pairwise(found.sections))
    kinds = [kind for span in found.spans for kind in [span.kind] * (span.end - span.start)]
    for order, unit in enumerate(found.units):
        part = found.sections[unit.section_order]
        assert (unit.order, unit.section) == (order, part.section)
        assert part.start <= unit.start < unit.end <= part.end
        assert {kinds[k] for k in range(unit.start, unit.end)} <= {"narrative", "furniture"}
    assert all(a.end <= b.start for a, b in pairwise(found.units))
    covered = {k for unit in found.units for k in range(unit.start, unit.end)}
    assert not [k for k, kind in enumerate(kinds) if kind == "narrative" and text[k].isalnum() and k not in covered]
    for order, item in enumerate(found.subheadings):
        assert item.order == order
        assert text[item.start : item.end] == item.text
        assert item.parent is None or (item.parent < order and found.subheadings[item.parent].level == item.level - 1)


@settings(max_examples=200, deadline=None)
@given(texts)
def test_every_character_is_accounted_for(text: str) -> None:
    check(text, segment(text))


@settings(max_examples=60, deadline=None)
@given(texts, st.data())
def test_furniture_may_stand_anywhere(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 20)))
    reason = data.draw(st.sampled_from(["page number", "menu"]))
    found = segment(text, layout=Layout(furniture=(Furniture(start, end, reason),)))
    check(text, found)
    kinds = [span.kind for span in found.spans for _ in range(span.start, span.end)]
    assert {kinds[k] for k in range(start, end) if not text[k].isspace()} <= {"furniture"}


REPORT = (
    "某县水务局2021年政府信息公开工作年度报告\n本报告根据条例编制。\n一、总体情况\n公开了12条。\n二、主动公开政府信息情况\n信息12条。\n三、收到和处理政府信息公开申请情况\n没有申请。\n"
    "四、政府信息公开行政复议、行政诉讼情况\n没有。\n五、存在的主要问题及改进情况\n更新慢，将改进。\n六、其他需要报告的事项\n无。\n"
)
WIDE = {ord("0") + k: "０１２３４５６７８９"[k] for k in range(10)}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(REPORT)), st.sampled_from(["\n", " ", "\u3000", "\t"])), max_size=4))
def test_white_space_at_line_ends_does_not_change_the_sections(changes: list[tuple[int, str]]) -> None:
    ends = [0] + [match.end() for match in re.finditer("\n", REPORT)]
    text = REPORT
    for at, space in sorted(changes, reverse=True):
        place = min(ends, key=lambda end: abs(end - at))
        text = text[:place] + space + text[place:]
    assert [s.section for s in segment(text).sections] == [s.section for s in segment(REPORT).sections]


def test_full_width_digits_do_not_change_the_segmentation() -> None:
    plain, wide = segment(REPORT), segment(REPORT.translate(WIDE))
    assert (plain.form, plain.spans, plain.sections) == (wide.form, wide.spans, wide.sections)


def test_line_ends_of_windows() -> None:
    assert [s.heading for s in segment(REPORT.replace("\n", "\r\n")).sections] == [s.heading for s in segment(REPORT).sections]


def test_same_text_same_result() -> None:
    assert segment(REPORT) == segment(REPORT)


@pytest.mark.parametrize("kind", ["title", "keyword", "never"])
def test_each_title_rule_meets_its_example_and_not_its_counter_example(kind: str) -> None:
    for item, rule in zip(load_toml("models/sections.toml")[kind], rules(kind), strict=True):
        meets = rule.pattern.search if kind == "keyword" else rule.pattern.fullmatch if kind == "title" else rule.pattern.match
        assert meets(item["example"]), rule.rule
        assert not meets(item["counter_example"]), rule.rule


@pytest.mark.parametrize(("name", "kinds"), [("subheadings", ["topic", "label", "statement", "colon"]), ("units", ["cue"])])
def test_each_cue_meets_its_example_and_not_its_counter_example(name: str, kinds: list[str]) -> None:
    data = load_toml(f"models/{name}.toml")
    for kind in kinds:
        for item in data[kind]:
            pattern = re.compile(item["pattern"])
            meets = pattern.fullmatch if kind == "label" else pattern.search if kind in ("topic", "cue") else pattern.match
            assert meets(item["example"]), item["id"]
            assert not meets(item["counter_example"]), item["id"]


def test_each_pattern_of_words_meets_its_example_and_not_its_counter_example() -> None:
    searched = {"edges.page_words", "edges.title_end", "subheadings.noun_end", "headings.title_end", "titles.key"}
    whole = {"edges.addressee", "edges.signature", "edges.signer", "edges.menu", "parts.caption"}
    for item in load_toml("models/segment_words.toml")["words"]:
        pattern = genre(item["id"])
        meets = pattern.search if item["id"] in searched else pattern.fullmatch if item["id"] in whole else pattern.match
        assert meets(item["example"]), item["id"]
        assert not meets(item["counter_example"]), item["id"]


def test_each_set_of_labels_meets_its_example_and_not_its_counter_example() -> None:
    for item in load_toml("models/table_labels.toml")["labels"]:
        for text, wanted in ((item["example"], 1), (item["counter_example"], 0)):
            assert len(find_tables(make_view(text, []).text, [])) == wanted, item["id"]
    for item in load_toml("models/table_labels.toml")["statistics"]:
        assert re.search(item["pattern"], item["example"])
        assert not re.search(item["pattern"], item["counter_example"])


def grid_of(text: str, start: int, rows: list[str]) -> Grid:
    cells = []
    at = start
    for row, line in enumerate(rows):
        for column, cell in enumerate(line.split("\t")):
            at = text.index(cell, at)
            cells.append(GridCell(row, column, 1, 1, at, at + len(cell)))
            at += len(cell)
    return Grid(start, at, tuple(cells))


def test_a_grid_of_data_is_a_table_and_a_grid_of_prose_is_not() -> None:
    rows = ["项目\t件数\t金额", "水价公示\t12\t3.5", "停水通知\t40\t0"]
    table = "\n".join(rows)
    text = f"一、总体情况\n公开了52条。\n{table}\n以上为全年数据。\n二、主动公开政府信息情况\n无。\n"
    found = segment(text, layout=Layout(grids=(grid_of(text, text.index("项目"), rows),)))
    assert [text[s.start : s.end].strip() for s in found.spans if s.kind == "table"] == [table]
    assert [u.text for u in found.units if u.section == "overview"] == ["公开了52条。", "以上为全年数据。"]
    prose = ["我局今年公开了供水、水价和抗旱三类信息，群众反映良好，没有投诉。\t全年还办了两期培训班，参加的有四十人次，效果不错。"]
    layout_text = f"一、总体情况\n{prose[0]}\n二、主动公开政府信息情况\n无。\n"
    found = segment(layout_text, layout=Layout(grids=(grid_of(layout_text, layout_text.index("我局"), prose),)))
    assert not [s for s in found.spans if s.kind == "table"]
    assert len([u for u in found.units if u.section == "overview"]) == 2


def test_a_table_between_two_paragraphs() -> None:
    table = "信息内容\n本年制发件数\n本年废止件数\n现行有效件数\n规章\n0\n0\n0\n行政规范性文件\n1\n0\n5"
    text = f"一、总体情况\n好。\n二、主动公开政府信息情况\n我局数据如下。\n{table}\n2021年比上年增加1件。\n三、收到和处理政府信息公开申请情况\n无。\n"
    found = segment(text)
    assert [text[s.start : s.end].strip() for s in found.spans if s.kind == "table"] == [table]
    assert [u.text for u in found.units if u.section == "proactive"] == ["我局数据如下。", "2021年比上年增加1件。"]


def test_marked_headings_help_unusual_titles() -> None:
    text = "一年来的公开工作总体不错，现作简要说明。\n这一年的做法\n建了专栏。\n群众不满意的地方和不足\n更新慢。\n"
    hints = tuple(
        HeadingHint(text.index(title), text.index(title) + len(title), 2, "html:h2")
        for title in ("这一年的做法", "群众不满意的地方和不足")
    )
    assert [s.heading for s in segment(text, layout=Layout(headings=hints)).sections][1:2] == ["这一年的做法"]


def test_prose_that_lists_the_words_of_the_tables_is_no_table() -> None:
    body = "全年办理行政许可、行政处罚、行政强制和行政事业性收费公开，规章0件，行政规范性文件2件，予以公开3件、部分公开1件。"
    text = f"一、总体情况\n{body}\n二、主动公开政府信息情况\n无。\n"
    found = segment(text)
    assert not [s for s in found.spans if s.kind == "table"]
    assert [u.text for u in found.units if u.section == "overview"] == [body]


@pytest.mark.parametrize(("text", "value"), [("一", 1), ("十", 10), ("十二", 12), ("二十", 20), ("二十三", 23), ("7", 7), ("12", 12)])
def test_numbers(text: str, value: int) -> None:
    assert number_value(text) == value


def test_nesting_closes_what_was_opened() -> None:
    assert nest(["cn", "pcn", "ar", "pcn", "cn"]) == [(1, None), (2, 0), (3, 1), (2, 0), (1, None)]
    assert nest([]) == []


def test_view_maps_back_to_the_source() -> None:
    text = "一 、概\n述　２０"
    view = make_view(text, [])
    assert view.text == "一、概述20"
    assert [text[view.source(k)] for k in range(len(view.text))] == ["一", "、", "概", "述", "２", "０"]
    assert [view.is_line_start(k) for k in range(len(view.text))] == [True, False, False, True, False, False]
    assert all(view.from_source(view.source(k)) == k for k in range(len(view.text)))
    assert view.source(6) == len(text)


def test_candidates_are_bounded() -> None:
    assert len(find_candidates(make_view("一、总体情况。" * 2000, []), frozenset())) <= 300


def test_cost_grows_with_the_length_only() -> None:
    line = REPORT.replace("\n", " ")

    def seconds(size: int) -> float:
        text = (line * (size // len(line) + 1))[:size]
        best = []
        for _ in range(2):
            begin = time.process_time()
            segment(text)
            best.append(time.process_time() - begin)
        return min(best)

    seconds(10_000)
    assert seconds(800_000) <= 12 * seconds(80_000)


def test_segment_needs_no_heavy_package() -> None:
    code = (
        "import sys; from gknlp.segment import segment; segment('一、概述\\n好。'); "
        "print(sorted({'jieba','spacy','pandas','sklearn','lxml','pyarrow'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[1])
    assert done.stdout.strip() == "[]"

"""Tables as they really reach us: broken labels, lost blanks, page numbers, misread characters. Never a wrong value."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from table_writer import AFTER, BEFORE, TITLES, Filled, fill, tables, write

from gknlp.tables import read_tables
from gknlp.tables.forms import load_forms
from gknlp.tables.islands import island_rows
from gknlp.types import Report

Distortion = Callable[[Filled, Random], str]


def broken_labels(filled: Filled, random: Random) -> str:
    """Half of a label, the figures of its row, the other half: what PDF text does to a cell of two lines."""
    text = BEFORE
    for title, rows in zip(TITLES, tables(filled), strict=True):
        text += f"{title}\n"
        for row in rows:
            cells = [cell for cell, _, _ in row]
            figures = [cell for cell in cells if re.fullmatch(r"减?[\d.]+", cell)]
            label = " ".join(cell for cell in cells if cell not in figures)
            cut = random.randint(5, len(label) - 3) if figures and len(label) > 9 else len(label)
            if label[cut - 1 : cut].isdigit():
                cut -= 1
            text += f"{label[:cut]}\n{' '.join(figures)}\n{label[cut:]}\n"
    return text + AFTER


def page_numbers(filled: Filled, random: Random) -> str:
    lines = write(filled, "lines").text.split("\n")
    for number in range(4):
        lines.insert(random.randint(8, len(lines) - 2), f"- {number + 2} -")
    return "\n".join(lines)


def plain_page_numbers(filled: Filled, random: Random) -> str:
    lines = write(filled, "spaced").text.split("\n")
    for number in range(3):
        lines.insert(random.randint(8, len(lines) - 2), str(number + 2))
    return "\n".join(lines)


def no_header(filled: Filled, random: Random) -> str:
    text = write(filled, "tabs").text
    return text[: text.index("（本列数据")] + text[text.index("一、本年新收") :]


def full_width(filled: Filled, random: Random) -> str:
    return write(filled, "lines").text.translate(str.maketrans("0123456789", "０１２３４５６７８９"))


def letters_for_noughts(filled: Filled, random: Random) -> str:
    return re.sub(r"(?<=\t)0(?=[\t\n])", lambda _: random.choice("0O"), write(filled, "tabs").text)


def misread_labels(filled: Filled, random: Random) -> str:
    text = list(write(filled, "digit run").text)
    for at in range("".join(text).index("一、本年新收"), len(text) - 150):
        if "一" <= text[at] <= "鿿" and random.random() < 0.02:
            text[at] = random.choice("日田由甲申目口")
    return "".join(text)


def lost_blanks(filled: Filled, random: Random) -> str:
    text = re.sub(r"(?<=\t)0(?=[\t\n])", lambda _: random.choice(("0", "")), write(filled, "tabs").text)
    return text.replace("\t", " ")


def lost_blanks_in_runs(filled: Filled, random: Random) -> str:
    text = re.sub(r"(?<=\t)0(?=[\t\n])", lambda _: random.choice(("0", "0", "")), write(filled, "tabs").text)
    return re.sub(r"[\t\n]", "", text)


def blank_cells(filled: Filled, random: Random) -> str:
    return re.sub(r"(?<=\t)0(?=[\t\n])", lambda _: random.choice(("0", "")), write(filled, "tabs").text)


def lost_rows(filled: Filled, random: Random) -> str:
    lines = write(filled, "tabs").text.split("\n")
    rows = [i for i, line in enumerate(lines) if re.match(r"\d\.", line)]
    gone = set(random.sample(rows, 2))
    return "\n".join(line for i, line in enumerate(lines) if i not in gone)


DISTORTIONS: dict[Distortion, float] = {
    broken_labels: 0.95, page_numbers: 0.99, plain_page_numbers: 0.9, no_header: 1.0, full_width: 1.0,
    letters_for_noughts: 1.0, misread_labels: 0.7, lost_blanks: 0.0, lost_blanks_in_runs: 0.0, blank_cells: 0.0,
    lost_rows: 0.9,
}


@pytest.mark.parametrize("distortion", DISTORTIONS, ids=lambda d: d.__name__)
@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(["2019", "2021"]))
def test_distorted_tables_give_no_wrong_value(distortion: Distortion, seed: int, form: str) -> None:
    filled = fill(Random(seed), form)
    report = Report("", "", "", distortion(filled, Random(seed)))
    truth = filled.truth()
    for cell in read_tables(report):
        value = truth.get((cell.table, cell.block, cell.row, cell.column))
        if cell.value is not None:
            assert cell.state in ("printed", "solved")
            assert cell.value == value, cell


@pytest.mark.parametrize("distortion", DISTORTIONS, ids=lambda d: d.__name__)
def test_distorted_tables_are_read_as_far_as_they_go(distortion: Distortion) -> None:
    right = cells = 0
    for seed in range(6):
        filled = fill(Random(seed), ("2019", "2021")[seed % 2], 2)
        truth = filled.truth()
        found = read_tables(Report("", "", "", distortion(filled, Random(seed))))
        cells += len(truth)
        right += sum(cell.value == truth[cell.table, cell.block, cell.row, cell.column] for cell in found)
    assert right >= DISTORTIONS[distortion] * cells


def test_distorted_a_row_takes_the_words_on_both_sides() -> None:
    text = "2.其他法律行政法规\n1 0 0 0 0 0 1\n禁止公开\n3.危及“三安全一稳定”\n2 0 0 0 0 0 2\n"
    places = island_rows(text, 0, len(text), load_forms().rows_of("2021"))
    assert {row: text[a:b] for row, (a, b) in places.items()} == {
        "prohibited": "1 0 0 0 0 0 1", "stability": "2 0 0 0 0 0 2"}


def test_distorted_a_cell_cut_off_by_the_end_of_the_text_stays_open() -> None:
    text = write(fill(Random(2), "2021", 3), "lines").text
    at = text.index("（一）予以公开")
    line = text[at:].split("\n")
    cut = text[:at] + "\n".join(["（一）予以公开", "412", "0", "0", "0", "0", "0", "41"])
    assert line
    states = {c.state for c in read_tables(Report("", "", "", cut)) if c.row == "（一）予以公开"}
    assert states == {"uncertain"}


def test_distorted_bare_ordinals_are_no_figures() -> None:
    for seed, form in ((1, "2019"), (2, "2021"), (3, "2021")):
        filled = fill(Random(seed), form)
        dotted = write(filled, "digit run").text
        bare = re.sub(r"([1-8])\.(?=[一-鿿])", r"\1", dotted)
        assert bare != dotted
        third = [[(c.row, c.column, c.value) for c in read_tables(Report("", "", "", text)) if c.table == 3]
                 for text in (bare, dotted)]
        assert third[0] == third[1]

"""Reading the statutory tables of a report, from its grids and from its text, whichever shows more of a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gknlp.normalize import Folded, fold
from gknlp.tables import grid, lines
from gknlp.tables.annex import read_annex
from gknlp.tables.forms import Block, form_in_force
from gknlp.tables.marks import view_of
from gknlp.tables.markup import markup_grids, pipe_grids, without_tags
from gknlp.tables.resolve import cells2, cells3, cells4
from gknlp.tables.values import Reading
from gknlp.types import Cell, Report, Section

Table2 = dict[tuple[str, str], tuple[Block, Reading]]


def read_tables(report: Report, sections: Sequence[Section] = ()) -> tuple[Cell, ...]:
    """Read tables 2, 3 and 4 of the unified forms (2019, 2021): one cell per cell of the form, in the form's order.

    Behind them, as table 0, the statistics annex of a report before 2019 (of a report of unknown year if it has none of
    the tables): see `read_annex`. Tables are found by their labels anywhere in the report, so `sections` (any subset,
    also none) only helps to find annexes. Offsets index `report.text`. States: `printed`; `blank` (value None, `raw`
    keeps "/" or 无); `solved` (digits ran together or blanks were lost, one reading satisfies the form's identities);
    `uncertain` (several do: `alternatives`, in rising order; none where they could not be listed); `absent` (not
    printed). Values are in the printed unit, which stays in `raw` (`251000元` is 251000). A form is chosen per table,
    in table 2 per block, since mixtures occur. No table at all gives an empty tuple; else what is missing is `absent`.

    Tables that stand as HTML tags or pipes in the text are read like grids. For a plain string make a report of it:
    `Report("", "", "", text)`. Cost: linear in the text; a digit-run table some
    milliseconds more, bounded. Bad at: tables that are images, rows whose labels and some of whose cells are both lost.
    """
    text = report.text
    spans = [(f.start, f.end) for f in report.layout.furniture]
    grids = report.layout.grids
    if "<" in text or "|" in text:
        drawn = (*markup_grids(text), *pipe_grids(text))
        grids = (*grids, *(g for g in drawn if not any(o.start < g.end and g.start < o.end for o in grids)))
        text = without_tags(text)
    leaves = grid.leaf_grids(grids)
    rows = grid.grid_rows(text, leaves)
    year_form = form_in_force(report.identity.year)
    second: Table2 = grid.table2(rows)
    form3, third = grid.table3(rows, year_form or _main_form(second))
    fourth: Mapping[str, Reading] = grid.table4(rows)
    if not (_full2(second) and len(third) >= _FULL3 and len(fourth) == 3):
        view = view_of(text, spans)
        folded: Folded = fold(view)
        form_lines, third_lines = lines.table3(text, view, folded, year_form)
        if _filled(third_lines) > _filled(third):
            form3, third = form_lines, third_lines
        gaps = _lost_blanks(third)
        second = _richer2(second, lines.table2(text, view, folded, gaps))
        fourth_lines = lines.table4(text, view, folded, gaps)
        if _filled(fourth_lines) > _filled(fourth):
            fourth = fourth_lines
    annex: tuple[Cell, ...] = ()
    if year_form is None and (report.identity.year is not None or not (second or third or fourth)):
        annex = read_annex(text, leaves, sections, spans)
    if not (second or third or fourth):
        return annex
    form2 = _main_form(second)
    default = form3 or form2 or year_form or "2021"
    cells = cells2(second, form2 or default)
    return (*cells, *cells3(form3 or default, third), *cells4(form2 or default, fourth), *annex)


# Rows of the shorter table 3; a grid that gives fewer is compared with what the text gives.
_FULL3 = 23


def _filled(readings: Mapping[str, Reading]) -> int:
    """How many rows have something printed."""
    return sum(reading.end > reading.start for reading in readings.values())


def _lost_blanks(readings: Mapping[str, Reading]) -> bool:
    """Whether a table prints blanks where others print 0."""
    return any(
        piece is None or piece.kind == "blank"
        for reading in readings.values() for candidate in reading.candidates[:1] for piece in candidate
    )


def _full2(found: Table2) -> bool:
    return {"rules", "documents", "permits", "penalties", "coercion", "charges"} <= {row for _, row in found}


def _richer2(a: Table2, b: Table2) -> Table2:
    return b if len(b) > len(a) else a


def _main_form(found: Table2) -> str:
    """The form that most blocks of table 2 have, the later of equals; "" without table 2."""
    forms = [block.form for block in {block.block: block for block, _ in found.values()}.values()]
    return max(sorted(set(forms)), key=lambda f: (forms.count(f), f), default="")

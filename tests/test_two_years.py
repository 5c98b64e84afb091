"""A run over some sixty small reports of two years, read as a referee does: every number with what it needs."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from two_years import BRIEF, CHANGED, COPIED, COPIES, REPEATS, TOWNS, write_reports

import gknlp
from gknlp import measures, notes
from gknlp.measures import MIN_CHARS, MIN_DOCUMENTS, read_note
from gknlp.output import plots
from gknlp.output.run import Run
from gknlp.resources import load_toml

RATES = ("rate_raw", "rate_without_skeleton", "rate_without_set_phrases", "rate_without_own_past")
YEARLY = ("dls2017_stickiness", "dls_char13", "cmn2020_", "qc2025_self", "bt2011_")
# What is a ratio, and so never given for too little text.
RATIOS = {"share", "similarity", "score", "percent", "p", "q"}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("two")
    (folder / "reports").mkdir()
    write_reports(folder / "reports")
    return gknlp.analyze([folder / "reports"], folder / "out", jobs=1)


@pytest.fixture(scope="module")
def whole(run: Run) -> pd.DataFrame:
    """Values of whole reports: a row a report, by agency and year, a column a measure."""
    rows = run.measures[run.measures.section.isna()].merge(run.reports[["report_id", "agency", "year"]])
    return rows.pivot(index=["agency", "year"], columns="measure", values="value")


def rows_of(run: Run) -> list[tuple[pd.Series, dict[str, str], dict[str, str]]]:
    return [(row, read_note(row.reference), read_note(row.note)) for row in run.measures.itertuples()]


def test_every_row_says_what_its_value_is_what_n_counts_and_why_there_is_none(run: Run) -> None:
    book = run.measure_codebook.set_index("measure")
    labels = load_toml("models/labels.toml")
    documented = set(re.findall(r"`(\w+)", notes.__doc__ or ""))
    assert set(run.measures.measure) <= set(book.index)
    for row, reference, note in rows_of(run):
        assert (note["value"], note["unit"]) == (book.value[row.measure], book.unit[row.measure]), row
        assert row.reference == "none" or reference, row
        assert "; ".join(f"{key}={value}" for key, value in note.items()) == row.note
        assert set(reference) <= set(labels["reference_key"]), row
        assert set(note) <= set(labels["note_key"]), row
        assert set(reference) | set(note) <= documented, row
        assert pd.isna(row.value) == ("reason" in note), row
        if "reason" in note:
            assert note["reason"] in labels["note_value"], row
        if not pd.isna(row.value) and note["value"] in ("share", "similarity", "p", "q"):
            assert 0 <= row.value <= 1, row
        if "count" in note:
            assert 0 <= int(note["count"]) <= int(note["of"]) == row.n, row
        assert row.n > 0 or pd.isna(row.value) or row.measure.startswith("longest_run"), row
        # Nothing shared is nought; nothing to share with is no value.
        if row.measure.startswith(("longest_run", "shared_")):
            assert (int(reference["documents"]) == 0) is (note.get("reason", "short") != "short"), row


def test_too_little_text_gives_counts_and_no_ratio(run: Run) -> None:
    sizes = {
        (row.report_id, row.section if isinstance(row.section, str) else None): row.value
        for row in run.measures[run.measures.measure == "narrative_chars"].itertuples()
    }
    seen = set()
    for row, _, note in rows_of(run):
        short = sizes[row.report_id, row.section if isinstance(row.section, str) else None] < MIN_CHARS
        if short and note["value"] in RATIOS:
            assert pd.isna(row.value), row
            seen.add(row.measure)
            if note["value"] == "share" and not row.measure.startswith("background"):
                assert {"reason", "count", "of"} <= set(note) or note["reason"].startswith("no "), row
    assert {*RATES, "lsl2015_boilerplate", "dls_char13", "formulaic_share", "best_match_share"} <= seen


def test_no_boilerplate_share_under_thirty_documents(run: Run) -> None:
    given, refused = 0, 0
    for row, reference, note in rows_of(run):
        if row.measure.startswith("lsl"):
            documents = int(reference["documents"])
            given += not pd.isna(row.value)
            refused += documents < MIN_DOCUMENTS
            assert documents >= MIN_DOCUMENTS or pd.isna(row.value), row
            assert {"floor", "cap", "mean"} <= set(note)
    assert given > 100
    assert refused > 0


def test_changes_of_the_form_are_flagged_in_every_row_that_compares_the_years(run: Run) -> None:
    reports = run.reports.set_index("report_id")
    flagged = {}
    for row, reference, note in rows_of(run):
        if row.measure.startswith(YEARLY) and "report" in reference:
            now, before = reports.loc[row.report_id], reports.loc[reference["report"]]
            assert (now.agency_id, now.year - 1) == (before.agency_id, before.year)
            changed = (before.year, now.year) in CHANGED.values()
            assert ("format_change" in note) is changed, row
            if changed:
                flagged.setdefault(note["format_change"], set()).add(row.measure)
    assert set(flagged) == {"2018-2019", "2020-2021"}
    assert all({"dls2017_stickiness", "cmn2020_simple_raw", "qc2025_self"} <= found for found in flagged.values())


def test_four_rates_stand_side_by_side_and_each_takes_something_off(run: Run, whole: pd.DataFrame) -> None:
    rates = whole[list(RATES)].dropna()
    assert len(rates) == len(whole) - 2
    assert (rates.diff(axis=1).iloc[:, 1:] <= 0).all(axis=None)
    repeats = rates.loc[REPEATS, 2023]
    assert repeats.rate_without_set_phrases > 0.9
    assert repeats.rate_without_own_past == 0
    # What the first step takes off is the mandated wording, to the character.
    rows = run.measures[run.measures.section.isna()]
    n, value = (rows.pivot(index="report_id", columns="measure", values=name) for name in ("n", "value"))
    taken = ((value.rate_raw - value.rate_without_skeleton) * n.rate_raw).dropna()
    assert taken.to_numpy() == pytest.approx((n.rate_raw - n.lsl_char7)[taken.index].to_numpy(), abs=0.01)
    assert taken.min() > 30
    assert rates.loc[COPIES, 2023].rate_without_own_past > 0.3


def test_self_peer_and_template_exact_and_masked_are_never_one_number(run: Run, whole: pd.DataFrame) -> None:
    shares = whole.filter(regex="^shared_")
    assert len(shares.columns) == 9
    repeats, copies, town = (shares.loc[name, 2023] for name in (REPEATS, COPIES, TOWNS[0]))
    assert repeats.idxmax() == "shared_self_exact"
    assert repeats.shared_self_exact > 0.9
    assert copies.idxmax() in ("shared_peer_masked", "shared_peer_exact")
    assert copies.shared_self_exact == 0
    assert town.idxmax() == "shared_template_exact"
    assert town.shared_template_exact > 0.5
    runs = whole.loc[[(REPEATS, 2023), (COPIES, 2023), (TOWNS[0], 2023)], [
        "longest_run_self", "longest_run_peer", "longest_run_template",
    ]]
    assert list(runs.idxmax(axis=1)) == ["longest_run_self", "longest_run_peer", "longest_run_template"]
    pair = run.passages.merge(run.reports[["report_id", "agency", "year"]], left_on="a_report", right_on="report_id")
    longest = pair[(pair.agency.isin([COPIES, COPIED])) & (pair.year == 2023)].n_chars.max()
    assert whole.longest_run_peer[COPIES, 2023] == longest


def test_composition_rates_and_counts_have_one_denominator(run: Run) -> None:
    once = ~run.composition.duplicated(["report_id", "section"], keep=False)
    table = run.composition[once].merge(
        run.measures[run.measures.measure.isin([*RATES, "narrative_chars"])], on=["report_id", "section"],
    )
    assert len(table) > 1000
    assert (table.n == table.n_chars).all()
    counts = table[table.measure == "narrative_chars"]
    assert (counts.value == counts.n_chars).all()
    last = table[(table.measure == "rate_without_own_past") & table.value.notna()]
    assert last.value.to_numpy() == pytest.approx((last.template + last.peer).to_numpy(), abs=1e-6)
    assert table[["formula", "own_past", "template", "peer", "own"]].sum(axis=1).to_numpy() == pytest.approx(1)


def test_year_on_year_values_are_those_of_the_named_functions_on_the_text(run: Run) -> None:
    """From the files to the table: what a stranger computes from the sentences of the report."""
    reports = run.reports.set_index(["agency", "year"]).report_id
    now, before = reports[COPIES, 2023], reports[COPIES, 2022]
    values = run.measures[(run.measures.report_id == now) & (run.measures.section == "problems")]
    values = values.set_index("measure").value
    told = [
        run.units[(run.units.report_id == name) & (run.units.section == "problems")].sort_values("order")
        for name in (now, before)
    ]
    texts = [
        run.report(name).text[part.start.min() : part.end.max()]
        for name, part in zip((now, before), told, strict=True)
    ]
    for name in ("cmn2020_cosine", "cmn2020_jaccard", "cmn2020_min_edit", "cmn2020_simple", "dls2017_stickiness",
                 "dls_char13"):
        assert values[name] == pytest.approx(getattr(measures, name)(*texts), abs=1e-6), name


def test_the_same_figures_stand_in_csv_sheet_chart_and_flag(run: Run, tmp_path: Path) -> None:
    run.to_csv(tmp_path)
    with (tmp_path / "measures.csv").open(encoding="utf-8-sig", newline="") as stream:
        given = list(csv.DictReader(stream))
    assert [row["value"] for row in given] == ["" if pd.isna(v) else str(v) for v in run.measures.value]
    assert [row["note"] for row in given] == list(run.measures.note)
    shares = run.composition[run.composition.section.isna()].merge(run.reports[["report_id", "agency", "year"]])
    shares = shares.set_index(["agency", "year"])
    sheet = openpyxl.load_workbook(run.folder / "report.xlsx", read_only=True).worksheets[0]
    header, *lines = sheet.iter_rows(values_only=True)
    for line in lines:
        cells = dict(zip(header, line, strict=True))
        row = shares.loc[cells["机关"], cells["年度"]]
        for label, name in (("文体套语", "formula"), ("其他机关", "peer"), ("本机关往年", "own_past")):
            if row.n_chars >= MIN_CHARS:
                assert cells[label] == pytest.approx(row[name])
            else:
                assert cells[label] == f"{round(row[name] * row.n_chars)}/{row.n_chars}"
    assert (BRIEF, 2023) in shares.index
    frame = plots.composition_frame(run, "report").set_index(["agency", "year"])
    assert set(shares.index) - set(frame.index) == {(BRIEF, 2022), (BRIEF, 2023)}
    assert frame.peer[COPIES, 2023] == shares.peer[COPIES, 2023]
    reason = run.flags[run.flags.flag == "shares_with_peer"].merge(run.reports[["report_id", "agency"]])
    reason = reason[reason.agency == COPIES].reason.iloc[0]
    assert reason.startswith(f"正文 {shares.peer[COPIES, 2023]:.0%} 与其他机关报告文字重合")

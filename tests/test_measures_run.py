"""The rows of a run: the named functions on the right texts and sets, and what every row says beside its value."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import sqrt

import pytest
import test_measures_named as naive

from gknlp import measures, notes
from gknlp.engines.local import LocalEngine
from gknlp.measures import (
    MIN_CHARS,
    MIN_DOCUMENTS,
    MeasuredReport,
    Prose,
    measure_run,
    prepared,
    read_note,
    sets,
    yearly,
)
from gknlp.types import Measure

# Rows have six decimals; what they are rounded from is equal to the reference.
ROUNDED = 0.5e-6 + 1e-9
OPENING = "本报告依照规定编制。"
PARTS = ("群众", "政府", "公报", "查阅", "目录", "网站", "窗口", "咨询", "河道", "采砂", "许可", "培训", "考核", "解读")
KEPT = "我局在办公楼一层设立查阅点并安排专人值守接待来访群众。"


def prose(seed: int, *, sentences: int = 30, kept: int = 0, section: str = "overview") -> Prose:
    """About 16 letters a sentence, its own but for `kept` times the same one."""
    rng = random.Random(seed)
    own = ["".join([*rng.choices(PARTS, k=8), str(rng.randrange(10**6)), "。"]) for _ in range(sentences - kept)]
    text = "".join([*own, *[KEPT] * kept])
    return Prose(section, OPENING + text, "\n" + text)


def report(agency: str, year: int | None, *parts: Prose, form: str | None = "2021", **more: object) -> MeasuredReport:
    values = {"agency": agency or None, "year": year, "form": form, **more}
    return MeasuredReport(f"{agency}-{year}", parts, **values)  # type: ignore[arg-type]


def table(rows: Iterable[Measure]) -> dict[tuple[str, str | None, str], Measure]:
    return {(row.report_id, row.section, row.measure): row for row in rows}


YEAR = [
    report(f"局{k:02}", 2023, prose(k, kept=k % 3 > 0), prose(100 + k, section="plans", sentences=4), function="水利")
    for k in range(MIN_DOCUMENTS)
]
BEFORE = [report(f"局{k:02}", 2022, prose(200 + k, kept=1)) for k in range(5)]


@pytest.fixture(scope="module")
def run() -> dict[tuple[str, str | None, str], Measure]:
    return table(measure_run([*YEAR, *BEFORE]))


def texts(reports: Iterable[MeasuredReport], *, stripped: bool = True) -> list[str]:
    return ["\n".join(part.stripped if stripped else part.text for part in item.prose) for item in reports]


def test_rows_hold_what_the_named_functions_give(run: dict[tuple[str, str | None, str], Measure]) -> None:
    whole, raw = texts(YEAR), texts(YEAR, stripped=False)
    owners = [item.agency for item in YEAR]
    expected = {
        "lsl2015_boilerplate": measures.lsl2015_boilerplate(whole), "lsl_char7": measures.lsl_char7(whole),
        "lsl2015_boilerplate_raw": measures.lsl2015_boilerplate(raw), "lsl_char7_raw": measures.lsl_char7(raw),
        "kt2003_r": measures.kt2003_r_measures(whole, owners=owners),
        "qc2025_peer": measures.qc2025_peer_similarity(whole, owners=owners),
        "m2017_information": measures.m2017_information(whole),
        "dls2017_redundancy": [measures.dls2017_redundancy(text) for text in whole],
    }
    for name, values in expected.items():
        got = [run[item.report_id, None, name].value for item in YEAR]
        assert got == [pytest.approx(value, abs=ROUNDED) for value in values], name
    assert len({run[item.report_id, None, "lsl2015_boilerplate"].value for item in YEAR}) > 3


def test_rows_of_a_section_hold_what_the_named_functions_give_for_that_section() -> None:
    """Against that section of the others: a section of 300 letters or more has every row that the whole report has."""
    reports = [
        replace(item, prose=(item.prose[0], prose(300 + k, section="plans", sentences=24, kept=k % 3)))
        for k, item in enumerate(YEAR)
    ]
    rows = table(measure_run(reports))
    for section in ("overview", "plans"):
        part = [prose.stripped for item in reports for prose in item.prose if prose.section == section]
        expected = {
            "lsl2015_boilerplate": measures.lsl2015_boilerplate(part), "lsl_char7": measures.lsl_char7(part),
            "kt2003_r": measures.kt2003_r_measures(part), "qc2025_peer": measures.qc2025_peer_similarity(part),
            "m2017_information": measures.m2017_information(part),
            "dls2017_redundancy": [measures.dls2017_redundancy(text) for text in part],
        }
        for name, values in expected.items():
            got = [rows[item.report_id, section, name] for item in reports]
            assert [row.value for row in got] == [pytest.approx(value, abs=ROUNDED) for value in values], name
            # Nothing is said twice in the overview.
            assert len({row.value for row in got}) > (name != "dls2017_redundancy" or section == "plans"), name
            if name != "dls2017_redundancy":
                others = {"kt2003_r": 29, "m2017_information": 29, "qc2025_peer": 29}.get(name, 30)
                facts = read_note(got[0].reference)
                assert (facts["section"], facts["documents"]) == (section, str(others)), name
    short = table(measure_run(YEAR))
    assert not any(key[1] == "plans" and key[2] in ("kt2003_r", "m2017_information") for key in short)


def test_rows_of_a_section_equal_a_naive_reading_of_each_definition(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small sections, so that the textbook ways of `test_measures_named` can be taken: every stretch tried in turn."""
    monkeypatch.setattr(prepared, "MIN_CHARS", 1)
    monkeypatch.setattr(sets, "MIN_DOCUMENTS", 1)
    functions = ["水利", "水利", "水利", "水利", "水利", "财政", "财政", "财政"]

    def small(k: int, year: int) -> Prose:
        made = prose(1000 * year + k, sentences=1 + k % 3, kept=k % 2, section="plans")
        return replace(made, text=made.stripped)

    now = [report(f"局{k}", 2023, small(k, 2023), function=functions[k]) for k in range(8)]
    before = [report(f"局{k}", 2022, small(k, 2022)) for k in range(8)]
    rows = table(measure_run([*now, *before]))
    told = [[list(s) for s in measures.words_of(text)] for text in texts(now)]
    last = [[list(s) for s in measures.words_of(text)] for text in texts(before)]
    letters = ["".join(measures.letters_of(text)) for text in texts(now)]
    flat = [[word for sentence in document for word in sentence] for document in told]
    past = [[word for sentence in document for word in sentence] for document in last]
    industries = [name if functions.count(name) >= sets.INDUSTRY_DOCUMENTS else None for name in functions]
    content = [Counter(measures.similarity.content_words(words)) for words in flat]
    lately = [Counter(measures.similarity.content_words(words)) for words in past]
    owners = list(range(len(now)))
    expected: dict[str, list[float | None]] = {
        "lsl2015_boilerplate": naive.naive_boilerplate(told, 4, "0.3", "0.75", "5"),
        "lsl_char7": naive.naive_boilerplate(
            [[list(s) for s in measures.letters_of(text)] for text in texts(now)], 7, "0.3", "0.75", "5"
        ),
        "kt2003_r": naive.naive_r(letters, owners),
        "m2017_information": naive.naive_information(flat, industries),
        "cmn2020_cosine": [cosine(Counter(a), Counter(b)) for a, b in zip(flat, past, strict=True)],
        "cmn2020_jaccard": [len({*a} & {*b}) / len({*a} | {*b}) for a, b in zip(flat, past, strict=True)],
        "cmn2020_min_edit": [
            1 - naive.naive_edit(a, b, 1) / max(len(a), len(b)) for a, b in zip(flat, past, strict=True)
        ],
        "cmn2020_simple": [1 - naive.naive_edit(a, b, 2) / (len(a) + len(b)) for a, b in zip(flat, past, strict=True)],
        "qc2025_self": [cosine(a, b) for a, b in zip(content, lately, strict=True)],
        "qc2025_peer": [
            sum(cosine(a, b) for b in content if b is not a) / (len(content) - 1) for a in content
        ],
        "dls2017_stickiness": [sticky(a, b, 8) for a, b in zip(told, last, strict=True)],
        "dls_char13": [
            sticky(measures.letters_of(a), measures.letters_of(b), 13)
            for a, b in zip(texts(now), texts(before), strict=True)
        ],
        "dls2017_redundancy": [
            naive.share(document, lambda s, d=document: len(s) >= 8 and d.count(s) > 1) for document in told
        ],
    }
    for name, values in expected.items():
        for item, value in zip(now, values, strict=True):
            for section in ("plans", None):
                assert rows[item.report_id, section, name].value == pytest.approx(value, abs=ROUNDED), (name, section)
        assert len(set(values)) > 1 or name == "dls2017_redundancy", name


def cosine(a: Counter[str], b: Counter[str]) -> float:
    product = sum(count * b[word] for word, count in a.items())
    return product / sqrt(sum(c * c for c in a.values()) * sum(c * c for c in b.values()))


def sticky(document: Sequence[Sequence[str]], previous: Sequence[Sequence[str]], n: int) -> float | None:
    stood = {gram for sentence in previous for gram in naive.ngrams(sentence, n)}
    return naive.share([list(s) for s in document], lambda s: any(gram in stood for gram in naive.ngrams(s, n)))


def test_year_on_year_rows_hold_what_the_named_functions_give(
    run: dict[tuple[str, str | None, str], Measure]
) -> None:
    for now, before in zip(texts(YEAR), texts(BEFORE), strict=False):
        name = f"局{texts(YEAR).index(now):02}-2023"
        expected = {
            "dls2017_stickiness": measures.dls2017_stickiness(now, before),
            "dls2017_stickiness_masked": measures.dls2017_stickiness(now, before, mask_digits=True),
            "dls_char13": measures.dls_char13(now, before),
            "cmn2020_cosine": measures.cmn2020_cosine(now, before),
            "cmn2020_jaccard": measures.cmn2020_jaccard(now, before),
            "cmn2020_min_edit": measures.cmn2020_min_edit(now, before),
            "cmn2020_simple": measures.cmn2020_simple(now, before),
            "qc2025_self": measures.qc2025_self_similarity(now, before),
        }
        for measure, value in expected.items():
            row = run[name, None, measure]
            assert row.value == pytest.approx(value, abs=ROUNDED), measure
            assert read_note(row.reference)["report"] == name.replace("2023", "2022")
    assert run["局01-2023", None, "dls2017_stickiness"].value != 0.0
    assert read_note(run["局01-2023", None, "bt2011_modification"].note)["reason"] == "under 60 pairs to fit"


def test_modification_is_fitted_to_all_pairs_of_one_form() -> None:
    reports = [
        report(f"局{k:02}", year, prose(1000 * year + k, sentences=24 + k, kept=k % 7))
        for k in range(61) for year in (2022, 2023)
    ]
    old = [report("旧局", 2021, prose(7)), report("旧局", 2020, prose(7), form="2019")]
    rows = table(measure_run([*reports, *old]))
    now = [item for item in reports if item.year == 2023]
    pairs = list(zip(texts(now), texts(item for item in reports if item.year == 2022), strict=True))
    scores = measures.bt2011_modification(pairs)
    for section in (None, "overview"):
        assert [rows[item.report_id, section, "bt2011_modification"].value for item in now] == [
            pytest.approx(score, abs=ROUNDED) for score in scores
        ]
    changed = rows["旧局-2021", None, "bt2011_modification"]
    assert read_note(changed.note)["format_change"] == "2020-2021"
    assert read_note(changed.note)["pairs"] == "61"
    assert changed.value is not None
    assert read_note(rows["旧局-2021", None, "dls2017_stickiness"].note)["format_change"] == "2020-2021"


def test_boilerplate_needs_thirty_documents() -> None:
    rows = table(measure_run(YEAR[:-1]))
    row = rows["局00-2023", None, "lsl2015_boilerplate"]
    assert (row.value, read_note(row.note)["reason"]) == (None, "under 30 documents")
    assert row.reference == "form=2021; year=2023; documents=29"
    assert ("局00-2023", "overview", "lsl2015_boilerplate") not in rows
    assert ("局00-2023", None, "lsl2015_boilerplate_all_years") not in rows


def test_boilerplate_against_all_years_of_the_form_where_a_year_has_too_few(
    run: dict[tuple[str, str | None, str], Measure]
) -> None:
    reports = sorted([*YEAR, *BEFORE], key=lambda item: item.report_id)
    for name, measure in (("lsl2015_boilerplate", measures.lsl2015_boilerplate), ("lsl_char7", measures.lsl_char7)):
        rows = [run[item.report_id, None, f"{name}_all_years"] for item in reports]
        assert [row.value for row in rows] == [pytest.approx(value, abs=ROUNDED) for value in measure(texts(reports))]
        assert {row.reference for row in rows} == {"form=2021; documents=35"}
    assert run["局00-2022", None, "lsl2015_boilerplate"].value is None
    assert run["局00-2023", "overview", "lsl_char7_all_years"].reference == "form=2021; section=overview; documents=35"


def test_short_texts_get_counts(run: dict[tuple[str, str | None, str], Measure]) -> None:
    row = run["局01-2023", "plans", "lsl_char7"]
    facts = read_note(row.note)
    assert row.value is None
    assert (facts["reason"], facts["of"], facts["least"]) == ("short", str(row.n), str(MIN_CHARS))
    assert 0 <= int(facts["count"]) <= row.n < MIN_CHARS
    assert not any(key[1] == "plans" and key[2].startswith(("cmn2020", "qc2025", "bt2011")) for key in run)


def test_of_two_short_years_this_one_is_the_reason_and_no_ratio_stands_in_a_note() -> None:
    brief, long = prose(1, sentences=5), prose(2)
    reasons = {}
    for name, now, before in (("甲局", brief, brief), ("乙局", long, brief), ("丙局", brief, long)):
        rows = table(measure_run([report(name, 2023, now), report(name, 2022, before)]))
        for measure in ("cmn2020_cosine", "bt2011_modification"):
            row = rows[f"{name}-2023", None, measure]
            facts = read_note(row.note)
            assert (row.value, "raw" in facts) == (None, False)
            reasons[name] = facts["reason"]
    assert reasons == {"甲局": "short", "乙局": "short the year before", "丙局": "short"}


def test_references_serve_as_reference_only(run: dict[tuple[str, str | None, str], Measure]) -> None:
    reports = [YEAR[0], BEFORE[0], *(replace(item, reference=True) for item in (*YEAR[1:], *BEFORE[1:]))]
    rows = measure_run(reports)
    assert {row.report_id for row in rows} == {"局00-2023", "局00-2022"}
    assert [row for row in rows if row.report_id == "局00-2023"] == [
        row for key, row in run.items() if key[0] == "局00-2023"
    ]


def test_unknown_agency_year_and_form_are_told_and_never_guessed() -> None:
    twice = replace(YEAR[2], report_id="again")
    rows = table(measure_run([
        report("", 2023, prose(1)), report("甲局", None, prose(2)), report("乙局", 2023, prose(3), form=None),
        YEAR[2], twice, report("丙局", 2023, prose(4)), report("丙局", 2021, prose(5)),
    ]))
    reasons = {
        key: read_note(row.note)["reason"] for key, row in rows.items()
        if key[2] in ("cmn2020_cosine", "kt2003_r") and row.value is None
    }
    assert reasons == {
        ("-2023", None, "cmn2020_cosine"): "agency unknown", ("甲局-None", None, "cmn2020_cosine"): "year unknown",
        ("甲局-None", None, "kt2003_r"): "form or year unknown",
        ("乙局-2023", None, "kt2003_r"): "form or year unknown",
        ("乙局-2023", None, "cmn2020_cosine"): "no report of the year before",
        ("局02-2023", None, "cmn2020_cosine"): "several reports of one year",
        ("again", None, "cmn2020_cosine"): "several reports of one year",
        ("丙局-2023", None, "cmn2020_cosine"): "no report of the year before",
        ("丙局-2021", None, "cmn2020_cosine"): "no report of the year before",
        ("丙局-2021", None, "kt2003_r"): "no other agency",
    }
    assert rows["甲局-None", None, "cmn2020_cosine"].n > 100
    # The two reports of one agency are no others to each other: their own words are not shared with themselves.
    assert (rows["局02-2023", None, "kt2003_r"].value or 1) < 0.5
    assert read_note(rows["局02-2023", None, "kt2003_r"].reference)["documents"] == "2"


def test_a_year_without_prose_is_told() -> None:
    rows = table(measure_run([report("甲局", 2023, prose(1)), report("甲局", 2022, Prose("overview", "。", ""))]))
    row = rows["甲局-2023", None, "dls2017_stickiness"]
    assert read_note(row.note)["reason"] == "no text the year before"
    assert {key[0] for key in rows} == {"甲局-2023"}


def test_neither_order_nor_workers_change_a_row(run: dict[tuple[str, str | None, str], Measure]) -> None:
    reports = [*YEAR, *BEFORE]
    random.Random(1).shuffle(reports)
    steps: list[tuple[str, int, int]] = []
    with LocalEngine(2) as engine:
        rows = measure_run(reports, engine=engine, progress=lambda *step: steps.append(step))
    assert list(rows) == list(run.values())
    assert [stage for stage, _, _ in steps] == ["cut"] * steps[0][2] + ["measure"] * (steps[-1][2] + 1)
    assert all(done == total for _, done, total in (steps[steps[0][2] - 1], steps[-1]))
    assert measure_run([]) == ()


def test_every_row_says_what_it_takes_to_read_it(run: dict[tuple[str, str | None, str], Measure]) -> None:
    documented = set(re.findall(r"`(\w+)", notes.__doc__ or ""))
    for (_, _, name), row in run.items():
        facts, reference = read_note(row.note), read_note(row.reference)
        assert set(facts) | set(reference) <= documented, row
        assert facts["unit"] in ("word", "letter")
        assert facts["value"] in ("share", "similarity", "score")
        assert facts["stripped"] == ("tables" if name.endswith("_raw") else "tables,skeleton")
        assert (facts["unit"] == "word") == bool(re.fullmatch(r"jieba-0\.42\.1/\w{8}/\w{8}", facts.get("tokens", "")))
        assert row.value is not None or facts["reason"]
        if name.startswith("lsl"):
            assert (facts["floor"], facts["cap"], facts["mean"]) == ("0.3", "0.75", "5.0")
            year = None if "all_years" in name else "2023" if row.report_id[-1] == "3" else "2022"
            assert (reference["form"], reference.get("year")) == ("2021", year)
            assert int(reference["documents"]) > 0


def test_r_measure_divides_a_large_set_into_like_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sets, "R_DOCUMENTS", 4)
    reports = [report(f"局{k}", 2023, prose(k), superior=f"县{k % 2}") for k in range(9)]
    rows = table(measure_run(reports))
    blocks: dict[str, list[str]] = {}
    for item in reports:
        facts = read_note(rows[item.report_id, None, "kt2003_r"].reference)
        blocks.setdefault(facts["block"], []).append(item.report_id[1])
        assert int(facts["documents"]) == 2
    assert blocks == {"1/3": ["0", "2", "4"], "2/3": ["1", "6", "8"], "3/3": ["3", "5", "7"]}
    first = [item for item in reports if item.report_id[1] in "024"]
    assert rows["局0-2023", None, "kt2003_r"].value == pytest.approx(
        measures.kt2003_r_measures(texts(first))[0], abs=ROUNDED
    )


def test_texts_too_long_to_compare_by_edits_or_substrings_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    reports = [report("甲局", 2023, prose(1, sentences=90)), *(report(f"局{k}", 2023, prose(k)) for k in (2, 3))]
    reports += [report("甲局", 2022, prose(4)), report("局2", 2022, prose(5))]
    expected = table(measure_run(reports))
    monkeypatch.setattr(sets, "R_LETTERS", 1000)
    monkeypatch.setattr(yearly, "EDIT_WORDS", 600)
    rows = table(measure_run(reports))
    changed = {key for key, row in rows.items() if row != expected[key]}
    told = {key for key in changed if rows[key].value is None}
    assert told == {("甲局-2023", None, name) for name in ("cmn2020_min_edit", "cmn2020_simple", "kt2003_r")}
    assert {read_note(rows[key].note)["reason"] for key in told} == {"too long"}
    assert read_note(rows["局2-2023", None, "kt2003_r"].reference)["documents"] == "1"
    monkeypatch.setattr(sets, "R_LETTERS", 1)
    assert table(measure_run(reports))["局2-2023", None, "kt2003_r"].value is None

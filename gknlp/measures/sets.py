"""Rows that compare a report with a reference set: the reports of the run of that form and year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from gknlp.measures.boilerplate import LSL_LETTERS, LSL_WORDS, PhraseRule, choose_phrases, count_flagged, sizes
from gknlp.measures.information import information_content
from gknlp.measures.prepared import WHOLE, Prepared, Scope
from gknlp.measures.ragged import Ragged, count_units
from gknlp.measures.rows import Definition, Facts, Rows, Value
from gknlp.measures.similarity import CONTENT_LETTERS, peer_means
from gknlp.measures.substrings import r_measures
from gknlp.notes import MIN_DOCUMENTS
from gknlp.workers import map_whole

RULE = PhraseRule()
_LIMITS: Facts = {"floor": RULE.floor, "cap": RULE.cap, "mean": RULE.mean}
_WORDS = Definition("lsl2015_boilerplate", "share", "word", {"words": LSL_WORDS, **_LIMITS})
_LETTERS = Definition("lsl_char7", "share", "letter", {"letters": LSL_LETTERS, **_LIMITS})
BOILERPLATE = ((_WORDS, "words", LSL_WORDS), (_LETTERS, "letters", LSL_LETTERS))
# What belongs to a name of boilerplate against the reports of that form of all years.
ALL_YEARS = "_all_years"
R_MEASURE = Definition("kt2003_r", "score", "letter")
PEERS = Definition("qc2025_peer", "similarity", "word", {"word_letters": CONTENT_LETTERS, "digits": "out"})
INFORMATION = Definition("m2017_information", "score", "word")
# R grows with the number of other texts, and its suffix array costs memory by the letter: a larger set is divided into
# blocks of like size, neighbours (by superior, region, agency) together.
R_DOCUMENTS = 500
# A text so long that it would take a gigabyte by itself is left out; the longest real reports have 60,000 letters.
R_LETTERS = 1_000_000
# Fewer texts of a function are no industry to average over; the market alone explains then.
INDUSTRY_DOCUMENTS = 5


def put_boilerplate(rows: Rows, scope: Scope) -> None:
    """LSL-2015 in words and in letters, against the set; null under `MIN_DOCUMENTS` documents in it."""
    for definition, kind, n in BOILERPLATE:
        _put_boilerplate(rows, scope, definition, (kind, n), _sets(rows.prepared, scope))
    _put_unknown(rows, scope, [definition for definition, _, _ in BOILERPLATE])


def put_boilerplate_of_all_years(rows: Rows, scope: Scope) -> None:
    """The same against the reports of that form of all years, where the run holds several: for runs of few a year."""
    groups: dict[str, list[int]] = {}
    years: dict[str, set[int | None]] = {}
    for number in sorted(rows.prepared.documents[scope]):
        report = rows.prepared.reports[number]
        if report.form is not None:
            groups.setdefault(report.form, []).append(number)
            years.setdefault(report.form, set()).add(report.year)
    found = [
        (reports, {"form": form, "section": scope.section, "documents": len(reports)})
        for form, reports in sorted(groups.items()) if len(years[form]) > 1
    ]
    for definition, kind, n in BOILERPLATE:
        named = replace(definition, name=definition.name + ALL_YEARS)
        _put_boilerplate(rows, scope, named, (kind, n), found)


def _put_boilerplate(
    rows: Rows, scope: Scope, definition: Definition, phrase: tuple[str, int], found: Sequence[tuple[list[int], Facts]]
) -> None:
    prepared = rows.prepared
    kind, n = phrase
    units: Ragged = getattr(prepared, kind)
    for reports, reference in found:
        texts = [prepared.documents[scope][report] for report in reports]
        totals = sizes(units, texts)
        if len(texts) < MIN_DOCUMENTS:
            reason = f"under {MIN_DOCUMENTS} documents"
            values = [Value(total, reason=reason, reference=reference) for total in totals]
        else:
            grams = prepared.grams(kind, n)
            flagged = count_flagged(grams, units.lengths, texts, choose_phrases(grams, texts, RULE))
            values = [Value(total, count, reference=reference) for count, total in zip(flagged, totals, strict=True)]
        for report, value in zip(reports, values, strict=True):
            rows.put(definition, scope, report, value)


def put_peers(rows: Rows, scope: Scope) -> None:
    """QC-2025 peer: the mean cosine with the other agencies' reports of the set."""
    prepared = rows.prepared
    for reports, reference in _sets(prepared, scope):
        counts = [
            count_units(prepared.content_units(prepared.units(prepared.words, scope, report))) for report in reports
        ]
        owners = [prepared.owner(report) for report in reports]
        written = Counter(owners)
        means = peer_means(counts, owners)
        for place, report in enumerate(reports):
            others = {**reference, "documents": len(owners) - written[owners[place]], "agencies": "others"}
            reason = "no other agency" if means[place] is None else None
            rows.put(
                PEERS, scope, report,
                Value(int(counts[place][1].sum()), number=means[place], reason=reason, reference=others),
            )
    _put_unknown(rows, scope, [PEERS])


def put_r_measure(rows: Rows, scope: Scope) -> None:
    """KT-2003 R against the other agencies' reports (or that section of theirs) of the set, or of its block."""
    prepared = rows.prepared
    blocks: list[tuple[list[int], Facts]] = []
    for reports, reference in _sets(prepared, scope):
        long = [report for report in reports if prepared.size(scope, report) > R_LETTERS]
        for report in long:
            rows.put(R_MEASURE, scope, report, Value(prepared.size(scope, report), reason="too long"))
        divided = _blocks(prepared, sorted({*reports} - {*long}))
        for turn, block in enumerate(divided, start=1):
            part = f"{turn}/{len(divided)}" if len(divided) > 1 else None
            blocks.append((block, {**reference, "agencies": "others", "block": part}))
    owners = [[prepared.owner(report) for report in block] for block, _ in blocks]
    texts = (
        ["".join(map(chr, prepared.units(prepared.letters, scope, report).tolist())) for report in block]
        for block, _ in blocks
    )
    measured = map_whole(rows.engine, r_measures, zip(texts, owners, strict=True), "Measuring repeated substrings")
    for (block, reference), names, values in zip(blocks, owners, measured, strict=True):
        written = Counter(names)
        for report, name, value in zip(block, names, values, strict=True):
            others = len(names) - written[name]
            rows.put(
                R_MEASURE, scope, report, Value(
                    prepared.size(scope, report), number=value, reason=None if others else "no other agency",
                    reference={**reference, "documents": others},
                )
            )
    _put_unknown(rows, scope, [R_MEASURE])


def put_information(rows: Rows, scope: Scope) -> None:
    """M-2017: what the other reports of the set, and those of the same function in it, do not explain."""
    prepared = rows.prepared
    for reports, reference in _sets(prepared, scope):
        counts = [count_units(prepared.units(prepared.words, scope, report)) for report in reports]
        functions = [prepared.reports[report].function for report in reports]
        members = Counter(functions)
        industries = [name if name and members[name] >= INDUSTRY_DOCUMENTS else None for name in functions]
        for place, (report, content) in enumerate(
            zip(reports, information_content(counts, industries), strict=True)
        ):
            name = industries[place]
            about = {
                **reference, "documents": len(reports) - 1, "function": name,
                "function_documents": members[name] - 1 if name else None,
            }
            reason = "no other report" if content is None else None
            rows.put(
                INFORMATION, scope, report,
                Value(int(counts[place][1].sum()), number=content, reason=reason, reference=about),
            )
    _put_unknown(rows, scope, [INFORMATION])


def _sets(prepared: Prepared, scope: Scope) -> list[tuple[list[int], Facts]]:
    """The reports with text in a scope by form and year, where both are known, and how the set is named."""
    return [
        (reports, {"form": form, "year": year, "section": scope.section, "documents": len(reports)})
        for (form, year), reports in prepared.sets(scope).items()
    ]


def _put_unknown(rows: Rows, scope: Scope, definitions: Sequence[Definition]) -> None:
    """Null rows for whole reports of unknown form or year: which set they belong to is never guessed."""
    if scope != WHOLE:
        return
    known = {report for reports, _ in _sets(rows.prepared, scope) for report in reports}
    for report in sorted(set(rows.prepared.documents[scope]) - known):
        for definition in definitions:
            rows.put(definition, scope, report, Value(rows.size(definition, report), reason="form or year unknown"))


def _blocks(prepared: Prepared, reports: Sequence[int]) -> list[list[int]]:
    """The reports in blocks of like size, at most `R_DOCUMENTS`, in order of superior, region, agency and id."""
    def neighbourhood(report: int) -> tuple[str, str, str, int]:
        about = prepared.reports[report]
        return about.superior or "", about.region or "", about.agency or "", report

    ordered = sorted(reports, key=neighbourhood)
    count = max(1, -(-len(ordered) // R_DOCUMENTS))
    bounds = [len(ordered) * turn // count for turn in range(count + 1)]
    return [ordered[a:b] for a, b in pairwise(bounds)]

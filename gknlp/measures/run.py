"""The named measures of all reports of a run as rows: whole reports and sections, with what is needed to read them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from gknlp.measures.documents import tokens_note
from gknlp.measures.prepared import MeasuredReport, Prepared, Progress, Scope
from gknlp.measures.rows import Rows
from gknlp.measures.sets import (
    put_boilerplate,
    put_boilerplate_of_all_years,
    put_information,
    put_peers,
    put_r_measure,
)
from gknlp.measures.yearly import put_redundancy, put_year_on_year
from gknlp.settings import TokenSettings
from gknlp.tokens import get_tokenizer
from gknlp.types import Engine, Measure


def measure_run(
    reports: Iterable[MeasuredReport], *, tokens: TokenSettings = TokenSettings(),  # noqa: B008 (frozen)
    engine: Engine | None = None, progress: Progress | None = None,
) -> tuple[Measure, ...]:
    """Every named measure of every report that is no reference, for the whole report (section None) and each section.

    Prose only, without tables, headings and mandated wording; the whole report's boilerplate and year-on-year measures
    besides with mandated wording (names that end in `_raw`). `n` is the number of units (`unit` in the note) that a
    value is a share of or computed from; `reference` and `note` hold what else is needed to read it (`notes`). Values
    have six decimals. Under `MIN_CHARS` letters the value is null and the note gives counts where it is a share.

    `lsl2015_boilerplate`, `lsl_char7`, `qc2025_peer`, `kt2003_r` and `m2017_information` refer to the reports of the
    run of that form and year; boilerplate needs `MIN_DOCUMENTS` of them, and is given besides against the reports of
    that form of all years (names with `_all_years`) where the run holds several. `dls2017_stickiness` (and `_masked`),
    `dls_char13`, `cmn2020_cosine`, `_jaccard`, `_min_edit`, `_simple`, `qc2025_self` and `bt2011_modification` refer to
    the same agency's report of the year before; where there is none, or agency or year are unknown, the whole report's
    rows are null with the reason and sections have none. `dls2017_redundancy` refers to nothing. Of a section, the set
    is that section of the others: what was moved to another section is not seen there, but in the whole report.

    The order of the reports and the engine change nothing. No reports, no rows. `progress(stage, done, steps)` is
    called as steps are done, of the stages `cut` (into words) and `measure`. Cost: about linear in the reports (sorts);
    distinct sentences are cut once.
    """
    prepared = Prepared(reports, tokens, engine, progress)
    rows = Rows(prepared, tokens_note(get_tokenizer(tokens).identity), engine)
    steps = [(put, scope) for scope in prepared.scopes for put in _puts(scope)]
    for done, (put, scope) in enumerate(steps):
        if progress is not None:
            progress("measure", done, len(steps))
        put(rows, scope)
    if progress is not None:
        progress("measure", len(steps), len(steps))
    return rows.in_order()


def _puts(scope: Scope) -> list[Callable[[Rows, Scope], None]]:
    """What is measured in a scope, in the order of the rows."""
    puts: list[Callable[[Rows, Scope], None]] = [put_boilerplate, put_year_on_year]
    if scope.stripped:
        puts += [put_boilerplate_of_all_years, put_redundancy, put_peers, put_r_measure, put_information]
    return puts

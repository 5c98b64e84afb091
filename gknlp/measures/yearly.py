"""Rows that compare a report with the same agency's report of the year before, and with itself."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from gknlp.measures.modification import BT_LEAST_PAIRS, BT_ORDER, expected_change
from gknlp.measures.prepared import WHOLE, Prepared, Scope
from gknlp.measures.ragged import Ragged
from gknlp.measures.rows import Definition, Facts, Rows, Value
from gknlp.measures.similarity import CONTENT_LETTERS, cosine, jaccard, min_edit, simple
from gknlp.measures.stickiness import DLS_LETTERS, DLS_WORDS, REDUNDANT_WORDS, count_redundant, count_sticky

# Between these years the prescribed form changed: everything looks rewritten.
FORM_CHANGES = frozenset({(2018, 2019), (2020, 2021)})
# Edits cost words x words / 64: a second at this length, which no real report comes near (30,000 words).
EDIT_WORDS = 200_000
_PHRASE: Facts = {"words": DLS_WORDS}
STICKINESS = (
    Definition("dls2017_stickiness", "share", "word", _PHRASE),
    Definition("dls2017_stickiness_masked", "share", "word", {**_PHRASE, "digits": "masked"}),
    Definition("dls_char13", "share", "letter", {"letters": DLS_LETTERS}),
)
SIMILARITIES = (
    Definition("cmn2020_cosine", "similarity", "word"), Definition("cmn2020_jaccard", "similarity", "word"),
    Definition("cmn2020_min_edit", "similarity", "word"), Definition("cmn2020_simple", "similarity", "word"),
)
SELF = Definition("qc2025_self", "similarity", "word", {"word_letters": CONTENT_LETTERS, "digits": "out"})
MODIFICATION = Definition("bt2011_modification", "score", "word", {"order": BT_ORDER})
REDUNDANCY = Definition("dls2017_redundancy", "share", "word", {"words": REDUNDANT_WORDS})
Pairs = list[tuple[int, int]]


def put_year_on_year(rows: Rows, scope: Scope) -> None:
    """DLS-2017 stickiness, CMN-2020, QC-2025 self and BT-2011; null with the reason where no year before is known."""
    documents = rows.prepared.documents[scope]
    pairs: Pairs = []
    without: dict[int, str] = {}
    for report in sorted(documents):
        before = rows.prepared.previous(report)
        if isinstance(before, str):
            without[report] = before
        elif before in documents:
            pairs.append((report, before))
        else:
            without[report] = "no text the year before"
    _put_stickiness(rows, scope, pairs)
    _put_similarities(rows, scope, pairs)
    if scope == WHOLE:
        for definition in (*STICKINESS, *SIMILARITIES, SELF, MODIFICATION):
            for report, reason in without.items():
                rows.put(definition, scope, report, Value(rows.size(definition, report), reason=reason))


def put_redundancy(rows: Rows, scope: Scope) -> None:
    """DLS-2017 redundancy of every report in a scope."""
    documents = rows.prepared.documents[scope]
    counts = count_redundant(rows.prepared.words.lengths, list(documents.values()), REDUNDANT_WORDS)
    for report, (count, total) in zip(documents, counts, strict=True):
        rows.put(REDUNDANCY, scope, report, Value(total, count=count))


def _put_stickiness(rows: Rows, scope: Scope, pairs: Pairs) -> None:
    prepared, documents = rows.prepared, rows.prepared.documents[scope]
    texts = [(documents[now], documents[before]) for now, before in pairs]
    for definition, kind, n in zip(
        STICKINESS, ("words", "words_masked", "letters"), (DLS_WORDS, DLS_WORDS, DLS_LETTERS), strict=True
    ):
        units: Ragged = getattr(prepared, kind)
        counts = count_sticky(prepared.grams(kind, n), units.lengths, texts)
        for (now, before), (count, total) in zip(pairs, counts, strict=True):
            rows.put(definition, scope, now, replace(_between(prepared, now, before), n=total, count=count))


def _put_similarities(rows: Rows, scope: Scope, pairs: Pairs) -> None:
    """The four similarities and likeness to oneself, pair by pair, and what is fitted to all pairs."""
    prepared = rows.prepared
    raw: list[float] = []
    lengths: list[int] = []
    values: list[Value] = []
    for now, before in pairs:
        units = [prepared.units(prepared.words, scope, report) for report in (now, before)]
        texts = [text.tolist() for text in units]
        pair = replace(
            _between(prepared, now, before), n=len(texts[0]),
            reason="short the year before"
            if prepared.is_short(scope, before) and not prepared.is_short(scope, now) else None,
        )
        values.append(pair)
        first, second = Counter(texts[0]), Counter(texts[1])
        alike = cosine(first, second)
        edited = [
            replace(pair, number=similarity(*texts)) if max(map(len, texts)) <= EDIT_WORDS
            else replace(pair, reason="too long") for similarity in (min_edit, simple)
        ]
        counted = (replace(pair, number=number) for number in (alike, jaccard(first, second)))
        for definition, value in zip(SIMILARITIES, (*counted, *edited), strict=True):
            rows.put(definition, scope, now, value)
        first, second = (Counter(prepared.content_units(text).tolist()) for text in units)
        rows.put(SELF, scope, now, replace(pair, n=first.total(), number=cosine(first, second)))
        raw.append(1 - (alike or 0.0))
        lengths.append(len(texts[0]))
    _put_modification(rows, scope, pairs, (raw, lengths, values))


def _put_modification(
    rows: Rows, scope: Scope, pairs: Pairs, measured: tuple[list[float], list[int], list[Value]]
) -> None:
    """BT-2011: fitted to the pairs of texts that are long enough and of one form, given for all pairs."""
    raw, lengths, values = measured
    fitted = [
        place for place, (now, before) in enumerate(pairs)
        if "format_change" not in values[place].facts
        and not rows.prepared.is_short(scope, now) and not rows.prepared.is_short(scope, before)
    ]
    expected = expected_change(
        [raw[place] for place in fitted], [lengths[place] for place in fitted], at=lengths
    )
    for place, (now, _) in enumerate(pairs):
        pair = values[place]
        number = None if expected is None else raw[place] - expected[place]
        reason = f"under {BT_LEAST_PAIRS} pairs to fit" if expected is None else None
        # A ratio of too little text is none before the expectation either.
        short = pair.reason or ("short" if rows.prepared.is_short(scope, now) else None)
        facts = {"raw": None if short else round(raw[place], 6), "pairs": len(fitted), **pair.facts}
        rows.put(MODIFICATION, scope, now, replace(pair, number=number, reason=short or reason, facts=facts))


def _between(prepared: Prepared, now: int, before: int) -> Value:
    """A value to be filled in: the report of the year before, and what changed between the two: form, agency's name."""
    a, b = prepared.reports[before], prepared.reports[now]
    changed = (a.year, b.year) in FORM_CHANGES or (a.form is not None and b.form is not None and a.form != b.form)
    facts: dict[str, object] = {"format_change": f"{a.year}-{b.year}"} if changed else {}
    if (a.alone or a.agency) != (b.alone or b.agency):
        facts["agency_before"] = a.alone or a.agency
    return Value(0, reference={"report": a.report_id, "year": a.year, "documents": 1}, facts=facts)

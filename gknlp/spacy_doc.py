"""A report as a spaCy `Doc`: interchange with Matcher, displacy, DocBin and whatever understands span groups."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from gknlp.tokens import Tokenizer, tokenize
from gknlp.types import Label, Passage, Report, Segmentation, unit_offsets

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span

GROUPS = ("sections", "units", "commitments", "slots", "reuse")


def to_spacy(
    report: Report, parts: Segmentation, labels: Sequence[Label] = (), passages: Iterable[Passage] = (), *,
    tokenizer: Tokenizer | None = None,
) -> Doc:
    """Make a `Doc` of our own words whose text is exactly `report.text`, with span groups.

    `doc.spans` holds (in brackets the label and the id of a span) `sections` (section id, order), `units` (role or
    `unit` without `labels`, order), `commitments` (grade, order of the unit), `slots` (kind, order of the unit) and
    `reuse` (kind of the passages that touch this report, passage id; `kb_id_` is the other report). Groups are in the
    order given and may overlap: `displacy.render(doc, style="span", options={"spans_key": "units"})`. Edges inside a
    word are moved outwards to the word's. White space is a token of its own, and no token has a trailing space.
    `doc.user_data` says which report, agency and year. An empty report gives an empty Doc; a report of a run is
    `gknlp.to_spacy(*run.report(report_id).values())`. Needs spaCy, loaded here. Cost: one tokenizer pass.
    """
    import spacy
    from spacy.tokens import Doc as MadeDoc

    tokens = tokenize(report.text, tokenizer)
    doc = MadeDoc(spacy.blank("xx").vocab, words=[token.text for token in tokens], spaces=[False] * len(tokens))
    starts = [token.start for token in tokens]
    ends = [token.end for token in tokens]

    def span(start: int, end: int, label: str, name: object, kb_id: str = "") -> Span:
        left, right = starts[bisect_right(starts, start) - 1], ends[bisect_left(ends, end)]
        found = doc.char_span(left, right, label=label, span_id=str(name), kb_id=kb_id)
        assert found is not None  # both edges are edges of tokens
        return found

    known = list(labels)
    labelled = list(zip(parts.units, known, strict=True)) if known else []
    roles = [label.role for label in known] if known else ["unit"] * len(parts.units)
    doc.spans["sections"] = [span(s.start, s.end, s.section, s.order) for s in parts.sections if s.start < s.end]
    doc.spans["units"] = [span(u.start, u.end, role, u.order) for u, role in zip(parts.units, roles, strict=True)]
    doc.spans["commitments"] = [
        span(unit.start, unit.end, str(label.specificity), unit.order)
        for unit, label in labelled
        if label.role == "plan" and (label.specificity or 0) >= 1
    ]
    doc.spans["slots"] = [
        span(place[slot.start], place[slot.end - 1] + 1, slot.slot, unit.order)
        for unit, label in labelled
        if label.slots
        for place in (unit_offsets(report.text, unit, parts.spans),)
        for slot in label.slots
    ]
    doc.spans["reuse"] = [
        span(start, end, passage.kind, passage.passage_id, other)
        for passage in passages
        for owner, start, end, other in (
            (passage.a_report, passage.a_start, passage.a_end, passage.b_report),
            (passage.b_report, passage.b_start, passage.b_end, passage.a_report),
        )
        if owner == report.report_id
    ]
    doc.user_data.update(report_id=report.report_id, agency=report.identity.agency, year=report.identity.year)
    return doc

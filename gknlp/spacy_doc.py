"""A report as a spaCy `Doc`: interchange with Matcher, displacy, DocBin and whatever understands span groups."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from gknlp.tokens import Tokenizer, tokenize
from gknlp.types import Label, Passage, Report, Segmentation

if TYPE_CHECKING:
    from spacy.tokens import Doc


def to_spacy(
    report: Report, parts: Segmentation, labels: Sequence[Label] = (), passages: Iterable[Passage] = (), *,
    tokenizer: Tokenizer | None = None,
) -> Doc:
    """Make a `Doc` of our own words whose text is exactly `report.text`, with span groups.

    `doc.spans` holds `sections` (label: section id), `units` (label: role, `unit` without `labels`), `commitments`
    (label: grade) and `reuse` (label: kind of the passages that touch this report). Span edges that fall inside a word
    are moved outwards to its edges. Groups are in the order given. White space is a token of its own, and no token has
    a trailing space. An empty report gives an empty Doc. Needs spaCy, loaded here. Cost: one tokenizer pass.
    """
    import spacy
    from spacy.tokens import Doc as MadeDoc

    tokens = tokenize(report.text, tokenizer)
    vocab = spacy.blank("xx").vocab
    doc = MadeDoc(vocab, words=[token.text for token in tokens], spaces=[False] * len(tokens))
    starts = [token.start for token in tokens]
    ends = [token.end for token in tokens]

    def span(start: int, end: int, label: str) -> Any:  # noqa: ANN401 (spacy.tokens.Span)
        return doc.char_span(starts[bisect_right(starts, start) - 1], ends[bisect_left(ends, end)], label=label)

    known = list(labels)
    roles = [label.role for label in known] if known else ["unit"] * len(parts.units)
    doc.spans["sections"] = [span(s.start, s.end, s.section) for s in parts.sections if s.start < s.end]
    doc.spans["units"] = [span(u.start, u.end, role) for u, role in zip(parts.units, roles, strict=True)]
    doc.spans["commitments"] = [
        span(unit.start, unit.end, str(label.specificity))
        for unit, label in zip(parts.units, known, strict=False)
        if label.role == "plan" and (label.specificity or 0) >= 1
    ]
    doc.spans["reuse"] = [
        span(start, end, passage.kind)
        for passage in passages
        for owner, start, end in (
            (passage.a_report, passage.a_start, passage.a_end), (passage.b_report, passage.b_start, passage.b_end),
        )
        if owner == report.report_id
    ]
    return doc

"""Values on their way to rows: what every row says beside its value is said here, once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from gknlp.measures.prepared import WHOLE, Prepared, Scope
from gknlp.notes import MIN_CHARS, NO_REFERENCE, write_note
from gknlp.types import Engine, Measure

Facts = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Definition:
    """A measure as it stands in a row: its name, what the value is and what `n` counts, and its parameters."""

    name: str
    value: str
    unit: str
    facts: Facts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Value:
    """One value: a share as `count` of `n`, or a `number` computed from `n` units, or the `reason` that there is none.

    `reference` says what it was compared with, `facts` what else belongs in the note.
    """

    n: int
    count: int | None = None
    number: float | None = None
    reason: str | None = None
    reference: Facts = field(default_factory=dict)
    facts: Facts = field(default_factory=dict)


class Rows:
    """The rows of a run while they are made, by report and section; `tokens` names the tokenizer.

    `engine` is for what takes long enough to be given to workers.
    """

    def __init__(self, prepared: Prepared, tokens: str, engine: Engine | None = None) -> None:
        self.prepared = prepared
        self.tokens = tokens
        self.engine = engine
        self._rows: dict[tuple[int, str | None], list[Measure]] = {}
        # Most notes and references stand in many rows: each text is held once.
        self._texts: dict[str, str] = {}

    def put(self, definition: Definition, scope: Scope, report: int, value: Value) -> None:
        """Add a row, unless the report is a reference. A text under `MIN_CHARS` letters gets no value but counts.

        A row with neither value nor counts is added for whole reports only: it says why there is none.
        """
        reason = value.reason or ("short" if self.prepared.is_short(scope, report) else None)
        nothing = reason is not None and value.count is None and scope != WHOLE
        if nothing or self.prepared.reports[report].reference:
            return
        number = value.number
        if value.count is not None and value.n:
            number = value.count / value.n
        facts: dict[str, object] = {
            "value": definition.value, "unit": definition.unit, **definition.facts, "least": MIN_CHARS,
            "stripped": "tables,skeleton" if scope.stripped else "tables",
            "tokens": self.tokens if definition.unit == "word" else None, **value.facts, "reason": reason,
        }
        if reason is not None:
            number = None
            if value.count is not None:
                facts |= {"count": value.count, "of": value.n}
        name = definition.name if scope.stripped else f"{definition.name}_raw"
        name, reference, note = (
            self._texts.setdefault(text, text)
            for text in (name, write_note(value.reference) or NO_REFERENCE, write_note(facts))
        )
        shown = None if number is None else round(number, 6) + 0.0
        self._rows.setdefault((report, scope.section), []).append(
            Measure(
                self.prepared.reports[report].report_id, scope.section, name, shown, reference, value.n, note
            )
        )

    def size(self, definition: Definition, report: int) -> int:
        """The words or letters of a whole report, as the definition counts."""
        units = self.prepared.words if definition.unit == "word" else self.prepared.letters
        return units.size(self.prepared.documents[WHOLE][report])

    def in_order(self) -> tuple[Measure, ...]:
        """All rows: by report id, the whole report before its sections, measures as they were put."""
        order = sorted(self._rows, key=lambda key: (key[0], key[1] is not None, key[1] or ""))
        return tuple(row for key in order for row in self._rows[key])

"""From the tables of one report back to the values of the stages, so that a stage can be called on a stored run."""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from gknlp.output.tables import table_records
from gknlp.types import (
    Identity,
    Label,
    Passage,
    Report,
    Section,
    Segmentation,
    Slot,
    Span,
    Subheading,
    Theme,
    Unit,
    unit_offsets,
)

if TYPE_CHECKING:
    import pandas as pd

Made = TypeVar("Made")


class Values(NamedTuple):
    """A report as the stages know it, in the order that `gknlp.to_spacy` takes: `gknlp.to_spacy(*values)`."""

    report: Report
    parts: Segmentation
    labels: tuple[Label, ...]
    passages: tuple[Passage, ...]


def values_of(row: Mapping[str, Any], text: str, tables: Mapping[str, pd.DataFrame]) -> Values:
    """The values of one report from its row of `reports`, its text, and its rows of the other tables.

    They equal what the stages gave, but for what a run does not keep: the layout of the source, evidence, warnings.
    Offsets of slots are again those within the unit's text. Cost: linear.
    """
    rows = {name: table_records(frame) for name, frame in tables.items()}
    known = {field.name for field in fields(Identity)} - {"aliases", "evidence", "conflicts"}
    identity = Identity(
        **{name: row[name] for name in sorted(known)}, aliases=tuple(json.loads(row["aliases"] or "[]")),
        conflicts=tuple(json.loads(row["conflicts"] or "[]")),
    )
    report = Report(row["report_id"], row["path"], row["sha256"], text, identity=identity)
    spans = _made(Span, rows["spans"])
    units = _made(Unit, rows["units"])
    parts = Segmentation(
        row["form"] or "free", spans, _made(Section, rows["sections"]), _made(Subheading, rows["subheadings"]), units
    )
    slots: dict[int, list[Mapping[str, Any]]] = {}
    for item in rows["slots"]:
        slots.setdefault(item["unit_order"], []).append(item)
    themes: dict[int, list[Theme]] = {}
    for item in rows["themes"]:
        themes.setdefault(item["unit_order"], []).append(Theme(item["theme"], item["score"]))
    labels = tuple(
        Label(
            **{name: item[name] for name in (
                "role", "role_score", "abstained", "specificity", "formulaic", "formulaic_score", "by"
            )},
            slots=_slots(text, unit, spans, slots.get(unit.order, ())), themes=tuple(themes.get(unit.order, ())),
        )
        for unit, item in zip(units, rows["units"], strict=True)
    )
    return Values(report, parts, labels, _made(Passage, rows["passages"]))


def _made(kind: type[Made], rows: Sequence[Mapping[str, Any]]) -> tuple[Made, ...]:
    names = [field.name for field in fields(kind)]  # type: ignore[arg-type]  # every kind is a dataclass
    return tuple(kind(**{name: row[name] for name in names}) for row in rows)


def _slots(text: str, unit: Unit, spans: Sequence[Span], rows: Sequence[Mapping[str, Any]]) -> tuple[Slot, ...]:
    offsets = unit_offsets(text, unit, spans) if rows else []
    return tuple(
        Slot(row["slot"], bisect_left(offsets, row["start"]), bisect_right(offsets, row["end"] - 1), row["value"])
        for row in rows
    )

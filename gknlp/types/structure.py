"""What segmentation gives: spans, sections, sub-headings, units, sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gknlp.types.show import bdi, table


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the text by kind (`SPAN_KINDS`); the spans of a report tile its text. `reason` says why."""

    start: int
    end: int
    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report. `heading` is as printed, with its number, None for the preamble; body is `[start, end)`.

    `by` names the rule that found the boundary, `score` in 0..1 says how sure it is.
    """

    order: int
    section: str
    heading: str | None
    heading_start: int | None
    start: int
    end: int
    has_table: bool
    by: str
    score: float


@dataclass(frozen=True, slots=True)
class Subheading:
    """A heading inside a part; `level` from 1, `parent` the order of the one above or None, `topic` of form 2021."""

    order: int
    section: str
    section_order: int
    level: int
    parent: int | None
    text: str
    start: int
    end: int
    topic: str | None


@dataclass(frozen=True, slots=True)
class Unit:
    """A stretch of narrative with one role. `text` is its span without the furniture inside it (a page number)."""

    order: int
    start: int
    end: int
    text: str
    section: str
    section_order: int


@dataclass(frozen=True, slots=True)
class Segmentation:
    """A report taken apart: spans tile the text; units lie inside sections, in order, and never overlap."""

    form: str
    spans: tuple[Span, ...]
    sections: tuple[Section, ...]
    subheadings: tuple[Subheading, ...]
    units: tuple[Unit, ...]

    def _repr_html_(self) -> str:
        """The parts with their headings and sizes, then the units part by part."""
        parts = [
            (s.section, s.heading, s.end - s.start, sum(unit.section_order == s.order for unit in self.units), s.by)
            for s in self.sections
        ]
        units = [(unit.order, unit.section, unit.text) for unit in self.units]
        return (
            f"<p><b>Segmentation</b>, form {bdi(self.form)}</p>"
            f"{table(('part', 'heading', 'characters', 'units', 'by'), parts)}{table(('order', 'part', 'unit'), units)}"
        )


def unit_offsets(text: str, unit: Unit, spans: Sequence[Span]) -> list[int]:
    """The offset in `text` of each character of `unit.text`, passing over the furniture inside the unit's span."""
    furniture = [s for s in spans if s.kind == "furniture" and s.end > unit.start and s.start < unit.end]
    offsets: list[int] = []
    at = unit.start
    for character in unit.text:
        while at < unit.end:
            inside = next((s for s in furniture if s.start <= at < s.end), None)
            if inside is not None:
                at = inside.end
            elif text[at] != character:
                at += 1
            else:
                break
        offsets.append(min(at, unit.end - 1))
        at += 1
    return offsets


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a plain text: `text` is exactly its `[start, end)`, without white space around, and its `str()`."""

    text: str
    start: int
    end: int

    def __str__(self) -> str:
        return self.text

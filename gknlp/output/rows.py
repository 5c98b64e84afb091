"""From the values of the stages to the rows of a run's tables: a row is a mapping from column to plain value.

Columns are named as the fields of the values (`types.py`); tuples become JSON lists, so that every cell is a scalar.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any

from gknlp.types import Cell, Check, Claim, Label, Report, Reuse, Segmentation, unit_offsets

Row = Mapping[str, Any]
Rows = dict[str, list[Row]]


def record(value: Any, *, without: Sequence[str] = (), **more: Any) -> Row:  # noqa: ANN401 (any dataclass)
    """The fields of a dataclass as a row, `more` columns first; a tuple becomes its JSON list."""
    row = dict(more)
    for field in fields(value):
        if field.name not in without:
            content = getattr(value, field.name)
            row[field.name] = json.dumps(content, ensure_ascii=False) if isinstance(content, tuple) else content
    return row


def records(name: str, values: Iterable[Any], **more: Any) -> Rows:  # noqa: ANN401 (any dataclass)
    """One table: a row a value, in the order given."""
    return {name: [record(value, **more) for value in values]}


def report_rows(
    report: Report, form: str | None, n_narrative: int | None, *, duplicate_of: str | None, reference: bool
) -> Rows:
    """The row of table `reports`; `n_chars` counts the text, `n_narrative` its narrative, in code points."""
    evidence = {
        name: [record(fact) for fact in facts] for name, facts in sorted(report.identity.evidence.items())
    }
    row = record(
        report.identity, without=("evidence",),
        report_id=report.report_id, path=report.path, sha256=report.sha256,
    )
    return {
        "reports": [
            {
                **row, "form": form, "duplicate_of": duplicate_of, "reference": reference,
                "n_chars": len(report.text), "n_narrative": n_narrative,
                "evidence": json.dumps(evidence, ensure_ascii=False),
            }
        ]
    }


def text_rows(report: Report) -> Rows:
    """Tables `texts` and `pages` of one report."""
    pages = records("pages", report.layout.pages, report_id=report.report_id)
    return {"texts": [{"report_id": report.report_id, "text": report.text}], **pages}


def structure_rows(report_id: str, parts: Segmentation) -> Rows:
    """Tables `spans`, `sections`, `subheadings` of one report."""
    return {
        **records("spans", parts.spans, report_id=report_id),
        **records("sections", parts.sections, report_id=report_id),
        **records("subheadings", parts.subheadings, report_id=report_id),
    }


def label_rows(report: Report, parts: Segmentation, labels: Sequence[Label]) -> Rows:
    """Tables `units`, `slots`, `themes` of one report; slot spans become offsets into the report's text."""
    rows: Rows = {"units": [], "slots": [], "themes": []}
    for unit, label in zip(parts.units, labels, strict=True):
        rows["units"].append(
            {**record(unit, report_id=report.report_id), **record(label, without=("slots", "themes"))}
        )
        place = unit_offsets(report.text, unit, parts.spans) if label.slots else []
        rows["slots"].extend(
            {
                "report_id": report.report_id, "unit_order": unit.order, "slot": slot.slot,
                "start": place[slot.start], "end": place[slot.end - 1] + 1, "value": slot.value,
            }
            for slot in label.slots
        )
        rows["themes"].extend(record(t, report_id=report.report_id, unit_order=unit.order) for t in label.themes)
    return rows


def table_rows(report_id: str, cells: Sequence[Cell], checks: Sequence[Check], claims: Sequence[Claim]) -> Rows:
    """Tables `cells`, `checks`, `claims` of one report."""
    return {
        **records("cells", cells, report_id=report_id),
        **records("checks", checks, report_id=report_id),
        **records("claims", claims, report_id=report_id),
    }


def reuse_rows(reuse: Reuse) -> Rows:
    """Tables `passages`, `pairs`, `clusters`, `composition` of a run."""
    return {
        **records("passages", reuse.passages),
        **records("pairs", reuse.pairs),
        **records("clusters", reuse.clusters),
        **records("composition", reuse.composition),
    }


def merge_rows(into: Rows, more: Mapping[str, Sequence[Row]]) -> None:
    """Append the rows of `more` to the tables of `into`, in order."""
    for name, rows in more.items():
        into.setdefault(name, []).extend(rows)

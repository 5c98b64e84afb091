"""Units out to annotation tools and back: Label Studio, doccano and CSV, so that users bring in their own judgement.

Out go a run's units with what gknlp says of them as suggestion; back come annotations in the form that `gknlp train`
and `gknlp evaluate` read (one JSON a report, quoting its units). Sections are those of the run.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePath
from typing import Any

from gknlp.errors import ResourceError, SettingsError
from gknlp.evaluate import plain_rows
from gknlp.types import ROLES

FORMATS = ("labelstudio", "doccano", "csv")
COLUMNS = ("report", "report_id", "order", "section", "text", "role", "specificity", "formulaic")
# Characters of a part's first and last words that an annotation quotes.
QUOTED = 20
# What a spreadsheet takes for the beginning of a formula; East Asian editions take the full-width signs too.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_YES = {"true", "1", "yes", "是", "t"}
_NO = {"false", "0", "no", "否", "f", ""}


def export_units(rows: Sequence[Mapping[str, Any]], form: str) -> str:
    """Units (mappings with `COLUMNS`) as the text of a file for an annotation tool.

    `labelstudio` is a JSON list of tasks with a prediction each (choices named role, specificity, formulaic), `doccano`
    JSON lines with labels, `csv` a table that Excel opens (UTF-8 with BOM). Order stays. No rows give an empty list,
    no line, a header alone. SettingsError for another form.
    """
    if form == "labelstudio":
        return json.dumps([_task(row) for row in rows], ensure_ascii=False, indent=1) + "\n"
    if form == "doccano":
        return "".join(json.dumps(_doccano(row), ensure_ascii=False) + "\n" for row in rows)
    if form == "csv":
        out = io.StringIO(newline="")
        writer = csv.DictWriter(out, COLUMNS, lineterminator="\r\n", extrasaction="ignore")
        writer.writeheader()
        writer.writerows({name: _safe(row[name]) for name in COLUMNS} for row in rows)
        return "\ufeff" + out.getvalue()
    raise SettingsError(f"There is no annotation format {form!r}.", hint=f"There are: {', '.join(FORMATS)}.")


def import_units(text: str, form: str) -> list[dict[str, Any]]:
    """Units as `export_units` wrote them, with the labels that came back; what a person left untouched keeps its own.

    ResourceError names the unit and the label that cannot be right.
    """
    if form == "csv":
        found = [dict(row) for row in csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))]
    elif form == "doccano":
        found = [_from_doccano(json.loads(line)) for line in text.split("\n") if line.strip()]
    elif form == "labelstudio":
        found = [_from_task(task) for task in json.loads(text)]
    else:
        raise SettingsError(f"There is no annotation format {form!r}.", hint=f"There are: {', '.join(FORMATS)}.")
    return [_checked(row, number) for number, row in enumerate(found, start=1)]


def export_frames(tables: Any, form: str) -> str:  # noqa: ANN401 (a Run, or a mapping of DataFrames)
    """All units of a run for an annotation tool; see `export_units`."""
    names = {row["report_id"]: PurePath(row["path"]).name for row in plain_rows(tables["reports"])}
    rows = [{**row, "report": names[row["report_id"]]} for row in plain_rows(tables["units"])]
    return export_units(rows, form)


def import_frames(tables: Any, text: str, form: str) -> dict[str, dict[str, Any]]:  # noqa: ANN401 (as above)
    """Annotation files by stem, from what came back of `export_frames` of the same run."""
    reports = {
        row["report_id"]: {**row, "file": PurePath(row["path"]).name, "stem": PurePath(row["path"]).stem}
        for row in plain_rows(tables["reports"])
    }
    texts = dict(zip(tables["texts"]["report_id"], tables["texts"]["text"], strict=True))
    sections: dict[str, list[dict[str, Any]]] = {}
    for row in plain_rows(tables["sections"]):
        body = texts[row["report_id"]][row["start"] : row["end"]].strip()
        sections.setdefault(row["report_id"], []).append(
            {
                "id": row["section"], "heading": row["heading"], "starts": body[:QUOTED] or None,
                "ends": body[-QUOTED:] or None, "table": row["has_table"],
            }
        )
    return to_annotations(import_units(text, form), reports, sections)


def to_annotations(
    units: Iterable[Mapping[str, Any]], reports: Mapping[str, Mapping[str, Any]],
    sections: Mapping[str, Sequence[Mapping[str, Any]]],
) -> dict[str, dict[str, Any]]:
    """Annotation files by stem, from units that came back.

    `reports` gives agency, year, form and file name by report id; `sections` the parts as annotations quote them.
    """
    grouped: dict[str, list[Mapping[str, Any]]] = {}
    for unit in units:
        grouped.setdefault(str(unit["report_id"]), []).append(unit)
    made = {}
    for report_id, rows in grouped.items():
        if report_id not in reports:
            raise ResourceError(
                f"Report {report_id} of the annotations is not in the run.", hint="Give the run that was exported."
            )
        report = reports[report_id]
        made[str(report["stem"])] = {
            "report": report["file"], "agency": report["agency"], "year": report["year"], "form": report["form"],
            "sections": list(sections.get(report_id, ())),
            "units": [
                {key: unit[key] for key in ("text", "section", "role", "specificity", "formulaic")}
                for unit in sorted(rows, key=lambda unit: int(unit["order"]))
            ],
        }
    return made


def _task(row: Mapping[str, Any]) -> dict[str, Any]:
    chosen = {"role": row["role"], "specificity": _text(row["specificity"]), "formulaic": _text(row["formulaic"])}
    result = [
        {"from_name": name, "to_name": "text", "type": "choices", "value": {"choices": [value]}}
        for name, value in chosen.items()
        if value
    ]
    data = {name: row[name] for name in ("report", "report_id", "order", "section", "text")}
    return {"data": data, "predictions": [{"model_version": "gknlp", "result": result}]}


def _from_task(task: Mapping[str, Any]) -> dict[str, Any]:
    row: dict[str, Any] = {**task["data"], "role": "", "specificity": "", "formulaic": ""}
    given = task.get("annotations") or task.get("predictions") or [{"result": []}]
    for item in given[-1]["result"]:
        row[item["from_name"]] = item["value"]["choices"][0]
    return row


def _doccano(row: Mapping[str, Any]) -> dict[str, Any]:
    labels = [row["role"], *([f"grade:{row['specificity']}"] if _text(row["specificity"]) else [])]
    if row["formulaic"]:
        labels.append("formulaic")
    meta = {name: row[name] for name in ("report", "report_id", "order", "section")}
    return {"text": row["text"], "label": labels, **meta}


def _from_doccano(item: Mapping[str, Any]) -> dict[str, Any]:
    labels = [str(label) for label in item.get("label") or item.get("labels") or ()]
    grade = next((label.removeprefix("grade:") for label in labels if label.startswith("grade:")), "")
    role = next((label for label in labels if label in ROLES), "")
    meta = {name: item[name] for name in ("report", "report_id", "order", "section")}
    return {**meta, "text": item["text"], "role": role, "specificity": grade, "formulaic": "formulaic" in labels}


def _checked(row: Mapping[str, Any], number: int) -> dict[str, Any]:
    """A row with typed labels; a grade stands for plans only."""
    role, grade, formulaic = str(row["role"]), _text(row["specificity"]), str(row["formulaic"]).strip().lower()
    where = f"Unit {number} ({str(row['text'])[:20]})"
    if role not in ROLES:
        raise ResourceError(f"{where} has the role {role!r}.", hint=f"Roles are {', '.join(ROLES)}.")
    if (role == "plan") != (grade in {"0", "1", "2", "3"}) or (role != "plan" and grade):
        raise ResourceError(f"{where} is {role} with grade {grade!r}.", hint="Plans have a grade 0-3, others none.")
    if formulaic not in _YES | _NO:
        raise ResourceError(f"{where} has formulaic {formulaic!r}.", hint="Write true or false.")
    return {
        **{name: row[name] for name in ("report", "report_id", "order", "section")}, "text": unquoted(str(row["text"])),
        "role": role, "specificity": int(grade) if grade else None, "formulaic": formulaic in _YES,
    }


def _text(value: object) -> str:
    """A grade or flag as text; a missing one is empty."""
    return "" if value is None or value != value else str(value).removesuffix(".0")


def _safe(value: object) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = value if isinstance(value, str) else _text(value)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def unquoted(text: str) -> str:
    """The text of a cell without the mark that `_safe` put in front."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA_STARTS) else text

"""What people decided on flags: read from a file, and found again in a new run by what a flag rests on.

A verdict file is JSON in UTF-8, as the dossier's pages export it:

    {"format": "gknlp-verdicts", "version": 1, "verdicts": [
        {"key": "0f…", "verdict": "confirmed", "note": "已与该局核实", "decided": "2024-05-06T07:08:09.000Z",
         "flag": "sum_fails", "agency": "柳泽县水务局", "year": 2023, "reason": "…"}]}

`key` (32 hexadecimal digits, see `flag_key`) says which flag; `verdict` is `confirmed`, `dismissed` or `noted` (a
note alone); `note` is free text; `decided` is when, as ISO 8601 in UTC. `flag`, `agency`, `year` and `reason` repeat
what the flag said, so that a verdict without flag can still be told. All but `key` and `verdict` may be missing; what
else an entry holds is passed over.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gknlp.errors import SettingsError
from gknlp.output.cases import Row, flags_in_order
from gknlp.output.labels import shown
from gknlp.output.tables import Rows

FORMAT, VERSION = "gknlp-verdicts", 1
VERDICTS = ("confirmed", "dismissed", "noted")
# Bounds of a file that people made by hand: 5,000 reports with ten judged flags each take about 20 MB.
MAX_BYTES = 50_000_000
MAX_NOTE = 4_000
MAX_FIELD = 2_000
_KEY = re.compile(r"[0-9a-f]{32}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?Z?)?")
_NUMBER = re.compile(r"\d+(?:\.\d+)?%?")
_HINT = "Give a file that a page of the dossier exported."


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a person decided on one flag; texts are as `shown` gives them, unknown is empty (`year`: None)."""

    key: str
    verdict: str
    note: str = ""
    decided: str = ""
    flag: str = ""
    agency: str = ""
    year: int | None = None
    reason: str = ""


def flag_key(flag: Row, report: Row) -> str:
    """What a flag rests on, as 32 hexadecimal digits: kind, agency, year, quotations and numbers, and no offset.

    Quotations and names are compared without white space and differences of width. Numbers are those that the reason
    states, but for percentages, which move with every report added to a run. So a flag keeps its key when the report
    stands in another file, is read by another version or in another language, and gets a new one when a figure or a
    quotation changes. Two flags of a report that quote the same words have the same key. Cost: linear.
    """
    try:
        items = json.loads(flag["evidence"] or "[]")
    except ValueError:
        items = [flag["evidence"]]
    quotes = []
    for item in items if isinstance(items, list) else [items]:
        own = not isinstance(item, dict) or item.get("report_id") in (None, flag["report_id"])
        quotes.append(("own:" if own else "other:") + _plain(item.get("quote") if isinstance(item, dict) else item))
    numbers = [found for found in _NUMBER.findall(_plain(flag["reason"])) if not found.endswith("%")]
    who = report.get("agency") or report.get("title") or re.split(r"[/\\]", str(report["path"]))[-1]
    parts = (str(flag["flag"]), _plain(who), str(report.get("year")), *sorted(quotes), *sorted(numbers))
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _plain(text: object) -> str:
    return "".join(unicodedata.normalize("NFKC", "" if text is None else str(text)).split())


def load_verdicts(paths: Sequence[Path]) -> list[Verdict]:
    """The verdicts of one or more files, by key; of several on one flag the one decided last, then the later file's.

    SettingsError names the file and the entry that is no verdict. No file gives no verdict.
    """
    found: dict[str, Verdict] = {}
    for path in paths:
        for verdict in _read(path):
            before = found.get(verdict.key)
            if before is None or verdict.decided >= before.decided:
                found[verdict.key] = verdict
    return [found[key] for key in sorted(found)]


def _read(path: Path) -> Iterable[Verdict]:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise SettingsError(f"Verdict file {path} is larger than {MAX_BYTES:,} bytes.", hint=_HINT)
        content = json.loads(path.read_bytes().decode("utf-8-sig"), parse_constant=_refuse_constant)
    except OSError as error:
        raise SettingsError(f"Verdict file {path} cannot be read: {error.strerror}.", hint=_HINT) from error
    except (ValueError, RecursionError) as error:
        if isinstance(error, SettingsError):
            raise
        raise SettingsError(f"Verdict file {path} is not JSON in UTF-8.", hint=_HINT) from error
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise SettingsError(f"{path} is no verdict file: its format is not {FORMAT}.", hint=_HINT)
    if content.get("version") != VERSION:
        raise SettingsError(
            f"Verdict file {path} has version {shown(content.get('version'))[:20]}; this gknlp reads {VERSION}.",
            hint="Update gknlp, or export the file again.",
        )
    items = content.get("verdicts")
    if not isinstance(items, list):
        raise SettingsError(f"Verdict file {path} holds no list of verdicts.", hint=_HINT)
    for number, item in enumerate(items, start=1):
        try:
            yield _verdict(item)
        except ValueError as error:
            raise SettingsError(f"Verdict file {path}, entry {number}: {error}", hint=_HINT) from error


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _verdict(item: object) -> Verdict:
    if not isinstance(item, dict):
        raise ValueError("not a mapping.")
    key, verdict, year = item.get("key"), item.get("verdict"), item.get("year")
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        raise ValueError("key is not 32 hexadecimal digits.")
    if verdict not in VERDICTS:
        raise ValueError(f"verdict is not one of {', '.join(VERDICTS)}.")
    if year is not None and (isinstance(year, bool) or not isinstance(year, int) or not 1900 <= year <= 2200):
        raise ValueError("year is not a year.")
    decided = _text(item, "decided", MAX_FIELD)
    if decided and not _MOMENT.fullmatch(decided):
        raise ValueError("decided is not a date of ISO 8601 in UTC.")
    texts = {name: _text(item, name, MAX_FIELD) for name in ("flag", "agency", "reason")}
    return Verdict(key, str(verdict), _text(item, "note", MAX_NOTE), decided, year=year, **texts)


def _text(item: Mapping[str, Any], name: str, limit: int) -> str:
    value = item.get(name)
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > limit:
        raise ValueError(f"{name} is not a text of at most {limit:,} characters.")
    return shown(value)


def verdict_rows(rows: Rows, verdicts: Sequence[Verdict]) -> list[Row]:
    """Table `verdicts`: a row for each flag that a verdict speaks of, in the order of the flags, then those without.

    A verdict whose flag is not in the run any more has `applies` false and no flag or report id; its other columns are
    what its file says. Cost: linear in flags and verdicts.
    """
    by_key = {verdict.key: verdict for verdict in verdicts}
    reports = {str(report["report_id"]): report for report in reversed(rows.get("reports", ()))}
    made: list[Row] = []
    met = set()
    for flag in flags_in_order(rows.get("flags", ())) if by_key else ():
        report = reports[str(flag["report_id"])]
        key = flag_key(flag, report)
        if key in by_key:
            met.add(key)
            told = {"agency": report.get("agency"), "year": report.get("year")}
            made.append({
                **_columns(by_key[key]), **told, "flag": flag["flag"], "reason": flag["reason"],
                "flag_id": flag["flag_id"], "report_id": flag["report_id"], "applies": True,
            })
    left = sorted(
        (verdict for verdict in by_key.values() if verdict.key not in met),
        key=lambda verdict: (verdict.agency, verdict.year or 0, verdict.flag, verdict.key),
    )
    made += [{**_columns(verdict), "flag_id": None, "report_id": None, "applies": False} for verdict in left]
    return made


def _columns(verdict: Verdict) -> dict[str, Any]:
    return {
        "key": verdict.key, "verdict": verdict.verdict, "note": verdict.note or None,
        "decided": verdict.decided or None, "flag": verdict.flag or None, "agency": verdict.agency or None,
        "year": verdict.year, "reason": verdict.reason or None,
    }


def entry(row: Row) -> dict[str, Any]:
    """A row of table `verdicts` as an entry of a verdict file, without what is unknown, texts as `shown` gives them."""
    names = ("key", "verdict", "note", "decided", "flag", "agency", "year", "reason")
    known = {name: row[name] for name in names if row.get(name) is not None}
    return {name: shown(value) if isinstance(value, str) else value for name, value in known.items()}

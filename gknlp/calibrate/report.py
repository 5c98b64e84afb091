"""A calibration as people read it: tables for the terminal, one row a figure as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from unicodedata import east_asian_width

from gknlp.calibrate import Calibration, Row
from gknlp.flags import PEER_SHARE
from gknlp.resources import load_toml

COLUMNS = ("table", "threshold", "planted", "measure", "n", "value", "low", "high")


def to_csv(calibration: Calibration) -> str:
    """All figures, one a line (header: COLUMNS), values with six digits, lines ending in `\\n`."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in calibration.rows:
        values = ["" if value is None else f"{value:.6f}" for value in (row.value, row.low, row.high)]
        writer.writerow([row.table, row.threshold, row.planted, row.measure, row.n, *values])
    return out.getvalue()


def describe(calibration: Calibration, lang: str = "zh") -> str:
    """The figures as one table per question, intervals and n in each cell, the values in use marked with `*`."""
    words: dict[str, str] = {key: text[lang] for key, text in load_toml("models/labels.toml")["calibrate"].items()}
    used = calibration.settings
    parts = [
        words["made"].format(
            reports=calibration.reports, cases=calibration.cases, copiers=calibration.copiers,
            already=calibration.already, seed=calibration.seed,
        )
    ]
    in_use = {"level": "near", "near": f"{used.near:g}", "min_chars": str(used.min_chars), "share": f"{PEER_SHARE:g}"}
    for table in ("level", "near", "min_chars", "share"):
        rows = [row for row in calibration.rows if row.table == table]
        parts.extend((words[f"table_{table}"], _pivot(rows, in_use[table], lambda name: words.get(name, name))))
    unrelated = [row for row in calibration.rows if row.table == "unrelated"]
    lines = [words["table_unrelated"]]
    for row in unrelated:
        value = f"{row.value:.1%}" if row.value is not None else words["few"]
        lines.append(words["unrelated_line"].format(band=row.threshold, value=value, n=row.n))
    return "\n\n".join([*parts, "\n".join(lines), words["limits"]])


def _pivot(rows: Sequence[Row], used: str, label: Callable[[str], str]) -> str:
    """Thresholds as columns, what was planted as rows; the column `used` is marked."""
    thresholds = list(dict.fromkeys(row.threshold for row in rows))
    lines = list(dict.fromkeys((row.measure, row.planted) for row in rows))
    cells = {(row.measure, row.planted, row.threshold): row for row in rows}
    table = [["", *(f"{label(name)}{'*' if name == used else ''}" for name in thresholds)]]
    for measure, planted in lines:
        name = label(measure) if planted == "all" else f"{label(measure)} {_planted(planted, label)}"
        table.append([name, *(_cell(cells[measure, planted, threshold]) for threshold in thresholds)])
    widths = [max(map(_width, column)) for column in zip(*table, strict=True)]
    return "\n".join("  ".join(_pad(cell, width) for cell, width in zip(line, widths, strict=True)).rstrip()
                     for line in table)


def _planted(planted: str, label: Callable[[str], str]) -> str:
    return f"{float(planted):.0%}" if planted[:1].isdigit() else label(planted)


def _cell(row: Row) -> str:
    if row.value is None or row.low is None or row.high is None:
        return "-"
    return f"{row.value:.2f} [{row.low:.2f}, {row.high:.2f}] {row.n}"


def _width(text: str) -> int:
    """Columns of a terminal: Chinese characters take two."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def _pad(text: str, width: int) -> str:
    return text + " " * (width - _width(text))

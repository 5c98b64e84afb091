"""A finished run opened: its tables as DataFrames, its reports one by one, in Python and in Jupyter."""

from __future__ import annotations

import json
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gknlp.errors import OutputError
from gknlp.output.cases import gather, report_name
from gknlp.output.catalogue import measure_rows
from gknlp.output.csv_files import codebook_rows, write_csv
from gknlp.output.html import asset, render
from gknlp.output.html_page import checks_in_order, place_tables
from gknlp.output.html_tables import failing_cells, statutory_tables
from gknlp.output.html_text import text_parts
from gknlp.output.plots import Plots
from gknlp.output.tables import TABLES, columns_of, read_table, table_records
from gknlp.output.values import Values, values_of

if TYPE_CHECKING:
    import pandas as pd

INFO = "run.json"
# Rows of the table of reports that Jupyter shows.
MAX_SHOWN = 50
# Passages of a report that Jupyter lists, the longest first; all are marked in the text.
MAX_PASSAGES = 20


class Run:
    """A run folder opened: `run["units"]` or `run.units` is a table, `run.report(report_id)` one report.

    Tables are read when first asked for and kept; they are the caller's to change. OutputError where the folder is no
    finished run.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        try:
            info = json.loads((self.folder / INFO).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise OutputError(
                f"{self.folder} is not a finished run: {INFO} cannot be read.",
                hint="Give the folder that gknlp analyze wrote with -o.",
            ) from error
        if not isinstance(info, dict):
            raise OutputError(f"{self.folder / INFO} does not hold a mapping.", hint="Run gknlp analyze again.")
        self.info: dict[str, Any] = info
        self._tables: dict[str, pd.DataFrame] = {}

    def __getitem__(self, table: str) -> pd.DataFrame:
        """A table as DataFrame (`Int64`, `boolean`, texts as str or None), in the order of the run."""
        if table not in self._tables:
            self._tables[table] = read_table(self.folder, table)
        return self._tables[table]

    def __getattr__(self, name: str) -> pd.DataFrame:
        if name in TABLES:
            return self[name]
        raise AttributeError(f"A run has no {name!r}; its tables are {', '.join(TABLES)}.")

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *TABLES})

    @property
    def lang(self) -> str:
        """The language the run was written in."""
        return str(self.info.get("settings", {}).get("output", {}).get("lang", "zh"))

    @property
    def plot(self) -> Plots:
        """The charts of the run, `run.plot.composition()`; needs `gknlp[plots]`."""
        return Plots(self, self.lang)

    @property
    def codebook(self) -> pd.DataFrame:
        """Every column of every table with its meaning in both languages, unit and source."""
        import pandas as pd

        return pd.DataFrame(codebook_rows())

    @property
    def measure_codebook(self) -> pd.DataFrame:
        """Every named measure: what it is, by whose definition, what its value is and `n` counts, what it is bad at."""
        import pandas as pd

        return pd.DataFrame(measure_rows())

    def to_csv(self, folder: str | Path, *, raw: bool = False) -> list[Path]:
        """Write every table and the two codebooks as CSV; `raw` leaves texts as they are (see `write_csv`)."""
        return write_csv(self.folder, folder, raw=raw)

    def report(self, report_id: str) -> RunReport:
        """One report of the run with its rows; OutputError if there is none of this id."""
        if report_id not in set(self["reports"]["report_id"]):
            raise OutputError(f"The run has no report {report_id!r}.", hint="See the column report_id of run.reports.")
        return RunReport(self, report_id)

    def __repr__(self) -> str:
        counts = ", ".join(f"{len(self[table])} {table}" for table in ("reports", "flags", "failures"))
        return f"Run({str(self.folder)!r}: {counts})"

    def _repr_html_(self) -> str:
        reports = self["reports"]
        flags = self["flags"]["report_id"].value_counts().to_dict()
        shown = [
            {**item, "n_flags": flags.get(item["report_id"], 0), "name": report_name(item, with_year=False)}
            for item in table_records(reports.head(MAX_SHOWN))
        ]
        return render("notebook_run.html.j2", self.lang, reports=shown, left=len(reports) - len(shown), run=self)


class RunReport:
    """One report of a run: `report["units"]` are its rows of a table, `.text` its text, `.row` who and when."""

    def __init__(self, run: Run, report_id: str) -> None:
        self.run = run
        self.report_id = report_id

    def __getitem__(self, table: str) -> pd.DataFrame:
        """The rows of a table that concern the report (for `passages` and `pairs`: as either side), numbered from 0."""
        frame = self.run[table]
        columns = columns_of(table)
        if "report_id" in columns:
            chosen = frame["report_id"] == self.report_id
        elif table == "changes":
            chosen = frame["passage_id"].isin(self["passages"]["passage_id"])
        elif "a_report" in columns:
            chosen = (frame["a_report"] == self.report_id) | (frame["b_report"] == self.report_id)
        else:
            chosen = frame["path"] == self.row["path"]
        return frame[chosen].reset_index(drop=True)

    @cached_property
    def row(self) -> dict[str, Any]:
        """The report's row of table `reports`; unknown is None."""
        reports = self.run["reports"]
        found = reports[reports["report_id"] == self.report_id]
        first = found[found["duplicate_of"].isna()] if found["duplicate_of"].isna().any() else found
        return table_records(first.head(1))[0]

    @cached_property
    def text(self) -> str:
        """The report's text; every offset of its tables indexes it."""
        found = self["texts"]
        return str(found["text"].iloc[0]) if len(found) else ""

    @property
    def plot(self) -> Plots:
        """The charts of this report alone, `report.plot.composition("section")`; needs `gknlp[plots]`."""
        return Plots(self, self.run.lang)

    def quote(self, start: int, end: int) -> str:
        """The stretch `[start, end)` of the text."""
        return self.text[start:end]

    def values(self) -> Values:
        """Report, parts, labels and passages as the stages gave them: `gknlp.to_spacy(*report.values())`."""
        names = ("spans", "sections", "subheadings", "units", "slots", "themes", "passages")
        return values_of(self.row, self.text, {name: self[name] for name in names})

    def __repr__(self) -> str:
        return f"RunReport({self.report_id!r}: {report_name(self.row)})"

    def _repr_html_(self) -> str:
        """The text with roles, statutory tables where they stand, then failing checks and the longest passages."""
        names = [name for name in TABLES if name not in ("failures", "verdicts")]
        case = gather({name: table_records(self[name]) for name in names}).cases[self.report_id]
        checks = list(enumerate(checks_in_order(case.rows["checks"]), start=1))
        parts, tables = text_parts(case, {}), statutory_tables(case.rows["cells"], failing_cells(checks))
        unplaced = place_tables(parts, tables, case.rows["cells"])
        longest = sorted(case.places, key=lambda place: (-place.n_chars, place.start, place.other))
        reports = {row["report_id"]: report_name(row) for row in table_records(self.run["reports"])}
        passages = [
            (place, reports.get(place.other, place.other), self.quote(place.start, place.end))
            for place in longest[:MAX_PASSAGES]
        ]
        return render(
            "notebook_report.html.j2", self.run.lang, name=report_name(self.row), parts=parts, unplaced=unplaced,
            failing=[(number, check) for number, check in checks if check["state"] == "FAIL"], passages=passages,
            left=len(longest) - len(passages), style=asset("text.css"),
        )


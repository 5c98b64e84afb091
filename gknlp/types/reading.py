"""What reading gives: the text of a report, what its format tells about it, and who reports on which year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from gknlp.types.show import bdi, table, text_box


class GridCell(NamedTuple):
    """A cell of a table as the source draws it; `row`/`column` count from 0, a merged cell stands once, top left.

    `[start, end)` is its text in `Report.text`; `start == end` where the cell is blank. A tuple, since a page has
    hundreds and a third of the time of reading one went into making them.
    """

    row: int
    column: int
    rowspan: int
    colspan: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Grid:
    """A table that the source marks as one (HTML, DOCX, ruled PDF, Markdown pipes); cells in reading order."""

    start: int
    end: int
    cells: tuple[GridCell, ...]
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a paged source, counted from 1; pages tile the text."""

    page: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Furniture:
    """Text that belongs to the page and not to the report (menu, footer, page number), and the reason."""

    start: int
    end: int
    reason: str


@dataclass(frozen=True, slots=True)
class HeadingHint:
    """A line that the source itself marks as heading; `source` says how (`html:h2`, `docx:Heading 1`, `md:##`)."""

    start: int
    end: int
    level: int
    source: str


@dataclass(frozen=True, slots=True)
class Layout:
    """What the source's format tells about the text. All empty for a plain string; each tuple is sorted by start."""

    grids: tuple[Grid, ...] = ()
    furniture: tuple[Furniture, ...] = ()
    headings: tuple[HeadingHint, ...] = ()
    pages: tuple[Page, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """One fact about a report and where it was read: `where` is `title`, `text`, `signature`, `file name`, `roster` …

    `[start, end)` quotes the place in `Report.text`, None where the fact stands outside the text (file name, roster).
    """

    value: str
    where: str
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """Who reports, on which year; None is unknown and never a guess.

    `evidence` maps a field's name to all it was read from. `kind` is `annual_report` or `other`, `reason` says why it
    is other. `conflicts` are sentences on facts that contradict each other (title 2015, text 2014). `aliases` are the
    agency's short names, longest first. `agency_id_alone` is the id that the report alone gives its agency, where the
    other reports of a run gave it a fuller one.
    """

    kind: str = "annual_report"
    reason: str | None = None
    title: str | None = None
    agency: str | None = None
    agency_id: str | None = None
    aliases: tuple[str, ...] = ()
    superior: str | None = None
    region: str | None = None
    level: str | None = None
    function: str | None = None
    year: int | None = None
    published: str | None = None
    url: str | None = None
    evidence: Mapping[str, tuple[Found, ...]] = field(default_factory=dict)
    conflicts: tuple[str, ...] = ()
    agency_id_alone: str | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """A file not, or not fully, read: what (`error`, `message`), where (`path`, `stage`), what to do (`hint`).

    `year` is that of a report that was asked for and is not there.
    """

    path: str
    stage: str
    error: str
    message: str
    hint: str
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """One report as read: `text` never changes afterwards. `warnings` are things read only in part."""

    report_id: str
    path: str
    sha256: str
    text: str
    layout: Layout = Layout()
    identity: Identity = Identity()
    warnings: tuple[Failure, ...] = ()

    def _repr_html_(self) -> str:
        """Who and when, what was found in the file, and the text with its furniture in grey."""
        who, layout = self.identity, self.layout
        name = " ".join(str(part) for part in (who.agency or who.title or self.path, who.year) if part is not None)
        facts = [
            ("report_id", self.report_id), ("path", self.path), ("title", who.title), ("kind", who.kind),
            ("level", who.level), ("superior", who.superior), ("published", who.published),
            ("characters", len(self.text)), ("tables", len(layout.grids)), ("pages", len(layout.pages) or None),
            *(("warning", f"{item.error}: {item.message}") for item in self.warnings),
            *(("conflict", conflict) for conflict in who.conflicts),
        ]
        known = [(label, value) for label, value in facts if value is not None]
        furniture = [(piece.start, piece.end) for piece in layout.furniture]
        return f"<p><b>{bdi(name)}</b></p>{table(('', ''), known)}{text_box(self.text, furniture)}"

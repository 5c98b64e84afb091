"""The values that stages exchange: frozen, picklable, and made of `[start, end)` spans into `Report.text`.

Offsets count code points of the text they name, lower bound inclusive, upper bound exclusive. Nothing here knows how
a value was computed; every label says in `by` what made it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, TypeVar

FORMS = ("2008", "2019", "2021", "free")
SECTION_IDS = (
    "preamble", "overview", "proactive", "requests", "fees", "review", "problems", "plans", "other", "annex",
)
ROLES = ("background", "work", "problem", "plan", "nil")
SPAN_KINDS = ("furniture", "heading", "table", "narrative", "dropped")
CELL_STATES = ("printed", "blank", "solved", "uncertain", "absent")
CHECK_STATES = ("PASS", "FAIL", "UNCERTAIN", "NOT_ASSESSABLE")

Role = Literal["background", "work", "problem", "plan", "nil"]


# ---- reading -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell of a table as the source draws it; `row`/`column` count from 0, a merged cell stands once, top left.

    `[start, end)` is its text in `Report.text`; `start == end` where the cell is blank.
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
    agency's short names, longest first.
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


@dataclass(frozen=True, slots=True)
class Failure:
    """A file not, or not fully, read: what (`error`, `message`), where (`path`, `stage`), what to do (`hint`)."""

    path: str
    stage: str
    error: str
    message: str
    hint: str


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


# ---- segmentation --------------------------------------------------------------------------------------------------


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


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a plain text: `text` is exactly `[start, end)` of it, without white space around; `str()` gives the text."""

    text: str
    start: int
    end: int

    def __str__(self) -> str:
        return self.text


# ---- labels --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Slot:
    """A part of a commitment (`what`, `quantity`, `time`, `document`, `responsible`); span in the unit's text."""

    slot: str
    start: int
    end: int
    value: str


@dataclass(frozen=True, slots=True)
class Theme:
    """What a problem or plan is about, with a score in 0..1."""

    theme: str
    score: float


@dataclass(frozen=True, slots=True)
class Label:
    """What a unit does: always the best role; doubt is `abstained`. `specificity` 0-3 for plans, else None.

    Scores lie in 0..1. `by` names the rules or the model that decided.
    """

    role: str
    role_score: float
    abstained: bool
    specificity: int | None
    formulaic: bool
    formulaic_score: float
    by: str
    slots: tuple[Slot, ...] = ()
    themes: tuple[Theme, ...] = ()


@dataclass(frozen=True, slots=True)
class Token:
    """A word with its span in the text that was tokenized."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Keyword:
    """A keyword with its score (higher is more typical) and rank from 1; `section` None for the whole report."""

    term: str
    score: float
    rank: int
    method: str
    section: str | None = None


# ---- statutory tables ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a statutory table under its form's own labels; `value` None unless `state` is printed or solved.

    `alternatives` are the values an `uncertain` cell can have. `[start, end)` is the print in the text, None if absent.
    """

    table: int
    form: str
    block: str
    row: str
    column: str
    value: float | None
    raw: str
    state: str
    alternatives: tuple[float, ...] = ()
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """One rule on one report.

    `cells` name what it compared (`table/block/row/column`), `fault` is source, reader or unknown.
    """

    rule: str
    scope: str
    state: str
    expected: str | None
    found: str | None
    cells: tuple[str, ...]
    fault: str
    message: str


@dataclass(frozen=True, slots=True)
class Claim:
    """A number the narrative states, the cell, sum or ratio it was tied to, and the `nearest` formula that gives it."""

    start: int
    end: int
    text: str
    number: float
    unit: str
    target: str | None
    expected: float | None
    verdict: str
    nearest: str | None


# ---- reuse ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReuseText:
    """A report as reuse sees it: only `stretches` (`(start, end, section_order)`, in order) of `text` are compared.

    `names` are the report's own agency and place names, longest first. A `reference` is compared with, never flagged.
    `skeleton` are stretches of mandated wording, left out of the search and counted as set phrase (beside those that
    `models/skeleton.toml` finds). `sections` gives `(section_order, section id)` for the rows of the composition.
    """

    report_id: str
    text: str
    stretches: tuple[tuple[int, int, int], ...]
    skeleton: tuple[tuple[int, int], ...] = ()
    names: tuple[str, ...] = ()
    agency: str | None = None
    region: str | None = None
    superior: str | None = None
    level: str | None = None
    year: int | None = None
    published: str | None = None
    reference: bool = False
    sections: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch two reports share, report ids in `a`, `b` order (`a` < `b`). `direction` is `a>b`, `b>a` or `none`.

    `level` is `exact`, `masked` or `near`; `kind` self, peer or template; `score` in 0..1 is the similarity of the two
    sides; `n_chars` counts folded characters of the shorter side.
    """

    passage_id: str
    a_report: str
    a_start: int
    a_end: int
    b_report: str
    b_start: int
    b_end: int
    level: str
    kind: str
    direction: str
    score: float
    n_chars: int


@dataclass(frozen=True, slots=True)
class Cluster:
    """A report's place in a family of reuse: `shape` star, chain or clique; `role` source, copy or member."""

    cluster_id: str
    report_id: str
    shape: str
    role: str


@dataclass(frozen=True, slots=True)
class Composition:
    """A section's narrative by origin: shares that add to 1, all None without narrative. Section None: whole report."""

    report_id: str
    section: str | None
    section_order: int | None
    formula: float | None
    own_past: float | None
    template: float | None
    peer: float | None
    own: float | None


@dataclass(frozen=True, slots=True)
class Certificate:
    """A trace of another text that needs no threshold: `quote` is `[start, end)` of the report that carries it.

    `kind` is `agency` or `place` (a name that is not the report's own), `year` (another report's year), `misprint` (the
    same slip in both) or `figures` (another agency's numbers). `belongs_to` says whose it is, in words. `other_report`,
    `other_start`, `other_end` point to the counterpart, `passage_id` to the shared passage; None where there is none.
    """

    report_id: str
    kind: str
    start: int
    end: int
    quote: str
    belongs_to: str
    rule: str
    passage_id: str | None = None
    other_report: str | None = None
    other_start: int | None = None
    other_end: int | None = None


@dataclass(frozen=True, slots=True)
class Reuse:
    """All that `find_reuse` found, each tuple in a defined order (see its docstring)."""

    passages: tuple[Passage, ...]
    clusters: tuple[Cluster, ...]
    composition: tuple[Composition, ...]
    certificates: tuple[Certificate, ...] = ()


# ---- engines -------------------------------------------------------------------------------------------------------

Item = TypeVar("Item")
Result = TypeVar("Result")


class Engine(Protocol):
    """Where work runs: per-report stages by `map`, the relational step of reuse by `query`. Never changes a result."""

    def map(self, function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result | Exception]:
        """Yield `function(item)` in the order of `items`, an exception of the worker as a value in its place.

        `function` is top-level (or a `functools.partial` of one) and picklable, as are items and results. Items are
        drawn lazily and only a bounded number of them waits, so a generator over a large corpus is fine.
        """
        ...

    def query(self, sql: str, tables: Mapping[str, Mapping[str, Any]]) -> list[tuple[Any, ...]]:
        """Rows of `sql` over `tables` (name -> column -> sequence or array of numbers or strings), all of one length.

        The order is the SQL's own ORDER BY. SQL stays in the subset that DuckDB and Spark share. Raises EngineError.
        """
        ...


# ---- what an inspector and a researcher read ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Link:
    """A problem and a plan of the same report that answers it, by unit order; score in 0..1."""

    problem_order: int
    plan_order: int
    score: float


@dataclass(frozen=True, slots=True)
class Measure:
    """A named measure of a report or section; `value` None where too little text allows no ratio, `note` says so."""

    report_id: str
    section: str | None
    measure: str
    value: float | None
    reference: str
    n: int
    note: str


@dataclass(frozen=True, slots=True)
class Flag:
    """Something to look at: `severity` high, medium or low; `evidence` quotes the place (JSON with spans and ids)."""

    flag_id: str
    report_id: str
    flag: str
    severity: str
    reason: str
    evidence: str

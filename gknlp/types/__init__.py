"""The values that stages exchange: frozen, picklable, and made of `[start, end)` spans into `Report.text`.

Offsets count code points of the text they name, lower bound inclusive, upper bound exclusive. Nothing here knows how
a value was computed; every label says in `by` what made it.
"""

from __future__ import annotations

from typing import Literal

from gknlp.types.engine import Engine, Item, Result
from gknlp.types.findings import Flag, Link, Measure
from gknlp.types.labels import Keyword, Label, Slot, Theme, Token
from gknlp.types.reading import Failure, Found, Furniture, Grid, GridCell, HeadingHint, Identity, Layout, Page, Report
from gknlp.types.reuse import (
    BestMatch,
    Certificate,
    Change,
    Cluster,
    Composition,
    Matching,
    PairShare,
    Passage,
    Reuse,
    ReuseText,
    Unrelated,
)
from gknlp.types.statutory import Cell, Check, Claim, WrongSum
from gknlp.types.structure import Section, Segmentation, Sentence, Span, Subheading, Unit, unit_offsets

FORMS = ("2008", "2019", "2021", "free")
SECTION_IDS = (
    "preamble", "overview", "proactive", "requests", "fees", "review", "problems", "plans", "other", "annex",
)
ROLES = ("background", "work", "problem", "plan", "nil")
SPAN_KINDS = ("furniture", "heading", "table", "narrative", "dropped")
CELL_STATES = ("printed", "blank", "solved", "uncertain", "absent")
CHECK_STATES = ("PASS", "FAIL", "UNCERTAIN", "NOT_ASSESSABLE")

Role = Literal["background", "work", "problem", "plan", "nil"]

__all__ = [
    "CELL_STATES",
    "CHECK_STATES",
    "FORMS",
    "ROLES",
    "SECTION_IDS",
    "SPAN_KINDS",
    "BestMatch",
    "Cell",
    "Certificate",
    "Change",
    "Check",
    "Claim",
    "Cluster",
    "Composition",
    "Engine",
    "Failure",
    "Flag",
    "Found",
    "Furniture",
    "Grid",
    "GridCell",
    "HeadingHint",
    "Identity",
    "Item",
    "Keyword",
    "Label",
    "Layout",
    "Link",
    "Matching",
    "Measure",
    "Page",
    "PairShare",
    "Passage",
    "Report",
    "Result",
    "Reuse",
    "ReuseText",
    "Role",
    "Section",
    "Segmentation",
    "Sentence",
    "Slot",
    "Span",
    "Subheading",
    "Theme",
    "Token",
    "Unit",
    "Unrelated",
    "WrongSum",
    "unit_offsets",
]

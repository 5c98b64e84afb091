"""What the statutory tables give: cells, checks, claims."""

from __future__ import annotations

from dataclasses import dataclass


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


@dataclass(frozen=True, slots=True)
class WrongSum:
    """A sum that the tables of a report get wrong by the source's fault: check and scope, and all figures it compared.

    `figures` come in the order of the check's cells (None: no value); `[start, end)` is the print of the largest.
    """

    rule: str
    scope: str
    figures: tuple[float | None, ...]
    start: int
    end: int
    message: str

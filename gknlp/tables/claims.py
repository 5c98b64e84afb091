"""Numbers that the narrative states, tied to the cell, sum or ratio of the tables that they should equal.

Precision first: "disagrees" is said only where the term is the table's own (`firm` in `models/claims.toml`), the
number exact, and neither another scope, period, channel nor part of the whole stands in the words before it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from gknlp.tables.context import Context, applies, doubt
from gknlp.tables.figures import FLOW, LEAST_TELLING, Figures, Target, index_cells, nearest_formula
from gknlp.tables.phrases import Compact, Measure, Rule, compact, find_measures, load_noughts, matching_rules
from gknlp.tables.shares import share_claim, trend_claim, upheld_claim
from gknlp.types import Cell, Claim, Unit

# Parts in which a number tells the year's own results; in problems, plans and annexes numbers are examples or aims.
FIRM_SECTIONS = frozenset({"preamble", "overview", "proactive", "requests", "fees", "review", "other"})
# What a sentence must speak of for a number without counterpart to be listed.
_TOPIC = re.compile(
    "公开|申请|复议|诉讼|收费|处理费|信息|解读|发布|网站|公众号|新媒体|公报|答复|规范性文件|行政许可|行政处罚"
)
_AMOUNT_SLACK = 0.005
# How far back in the same part the words before a unit are kept: some three sentences.
_LEAD = 200
# A part of the count before it, told by body: "其中市局本级21件".
_INHERITED = re.compile(
    r"其中:?(?:由)?[^,。;]{0,12}?(?:本级|机关|办公室|本局|本委|局|厅|办)(?:共|计|为|收到|受理|办理)*$"
)
_NOT_DENIED = re.compile("确保|力争|努力|实现|避免|防止|杜绝|争取|目标|如果|若|将")


# Units in which requests and cases are counted; 条 and 项 count items of information.
_COUNTED = {
    2: frozenset({"件", "份", "个", "条", "项", "元"}),
    3: frozenset({"件", "份", "宗", "起", "例", "个", "件次", "条", "次"}),
    4: frozenset({"件", "宗", "起", "例", "件次", "次"}),
}
_EXACT = frozenset({"件", "份", "宗", "起", "例", "件次"})
# What a rule's number was tied to: the rule, where its words begin and end, and the target.
Tie = tuple[Rule, int, int, Target]


@dataclass(slots=True)
class Told:
    """What a unit has told so far: claims with their targets; `ties` are those of all its measures, also later ones.

    `astray`: the count of requests stated last in this part was not the table's: what follows may not be either.
    """

    ties: Mapping[Measure, Tie]
    astray: bool = False
    claims: list[tuple[Claim, Target | None, Measure]] = field(default_factory=list)


def find_claims(
    units: Sequence[Unit], cells: Sequence[Cell], *, previous: Sequence[Cell] = (), year: int | None = None
) -> tuple[Claim, ...]:
    """Tie the numbers in the narrative `units` to the tables `cells` of the same report (as `read_tables` gives them).

    One claim a number with a unit (件, 条, 元, % …) in a unit that speaks of disclosure, requests, reconsideration,
    litigation or fees; also a stated nought ("未收到…申请") and "均获维持". Order: place in the text. `target` names
    the cells as checks do (`table/block/row/column`, sums joined by ` + `), `expected` their sum. Verdicts:

    - `agrees`: the number equals its figure, or the ratio it states (percentages to the last digit printed);
    - `disagrees`: term and scope are the table's own and the number is another; `nearest` then says in Chinese which
      cell or sum gives it, if any does;
    - `other_scope`: tied, but the words name another scope (全市, 本级), period, channel or a wider term, or the number
      is that of a neighbouring term (收到 for 新收＋结转);
    - `no_counterpart`: the tables have no such figure, or it could not be read for certain.

    `previous` are the cells of the agency's report on the year before: year-on-year figures are only judged with them.
    `year` is the report's year: sentences on another year are another scope. Offsets index the report's text; where
    furniture was cut out of a unit, the claim spans the unit. No cells: nothing agrees or disagrees. Cost: linear.
    """
    figures, before = index_cells(cells), index_cells(previous)
    claims: list[Claim] = []
    lead, section, astray = "", -1, False
    for unit in units:
        view = compact(unit.text)
        if unit.section_order != section:
            lead, astray = "", False
        context = Context(view.text, lead, unit.section in FIRM_SECTIONS, year)
        lead, section = (lead + view.text)[-_LEAD:], unit.section_order
        measures = find_measures(view.text)
        told = Told(_ties(context, measures, figures), astray)
        if not told.ties and not _TOPIC.search(view.text):
            continue
        for measure in measures:
            claim, target = _claim(context, measure, told, figures, before)
            if claim is not None:
                told.claims.append((claim, target, measure))
        astray = _astray(told)
        found = [claim for claim, _, _ in told.claims]
        found.extend(_noughts(context, figures))
        upheld = upheld_claim(context.view, [(c, t) for c, t, _ in told.claims if t is not None], figures)
        found.extend([upheld] if upheld is not None else [])
        claims.extend(_placed(unit, view, claim) for claim in sorted(found, key=lambda c: (c.start, c.end)))
    return tuple(claims)


def _astray(told: Told) -> bool:
    """Whether the last count of requests in a unit was of another scope; as before where there is none."""
    flows = [c.verdict for c, t, _ in told.claims if t is not None and t.table == 3 and set(t.rows) & set(FLOW)]
    return flows[-1] == "other_scope" if flows else told.astray


def _placed(unit: Unit, view: Compact, claim: Claim) -> Claim:
    """A claim with offsets of the compact view, as a claim in the report's text with the words as printed."""
    start, end = view.span(claim.start, claim.end)
    text = unit.text[start:end]
    if len(unit.text) != unit.end - unit.start:
        return replace(claim, start=unit.start, end=unit.end, text=text)
    return replace(claim, start=unit.start + start, end=unit.start + end, text=text)


def _claim(
    context: Context, measure: Measure, told: Told, figures: Figures, before: Figures
) -> tuple[Claim | None, Target | None]:
    """The claim of one measure and its target; (None, None) for a number in ideographs that no rule takes."""
    if measure.unit == "%":
        last = told.claims[-1] if told.claims else None
        stated = [m.number for _, _, m in told.claims if m.unit == "件"]
        claim = share_claim(context, measure, last, stated, figures) or trend_claim(
            context, measure, told.claims, figures, before
        )
        return claim or _untied(context, measure), None
    if measure in told.ties:
        return _judge(context, measure, told, figures), told.ties[measure][3]
    trend = trend_claim(context, measure, told.claims, figures, before)
    if trend is not None:
        return trend, None
    if told.claims and _INHERITED.search(context.view[: measure.start]):
        last_claim, target, _ = told.claims[-1]
        value = None if target is None else figures.value(target)
        if target is not None and value is not None and last_claim.unit == measure.unit:
            verdict = "agrees" if value == measure.number else "other_scope"
            return _made(context.clause(measure.start), measure, figures.names(target), value, verdict), target
    return (None, None) if measure.ideographs else (_untied(context, measure), None)


def _made(
    start: int, measure: Measure, target: str | None, expected: float | None, verdict: str, nearest: str | None = None
) -> Claim:
    return Claim(start, measure.end, "", measure.number, measure.unit, target, expected, verdict, nearest)


def _untied(context: Context, measure: Measure) -> Claim:
    return _made(context.clause(measure.start), measure, None, None, "no_counterpart")


# ---- targets ---------------------------------------------------------------------------------------------------------


def _ties(context: Context, measures: Sequence[Measure], figures: Figures) -> dict[Measure, Tie]:
    """What each measure of a unit speaks of by the first rule that applies; measures without one are left out."""
    ties: dict[Measure, Tie] = {}
    last: Target | None = None
    for measure in measures:
        for rule, start, end in matching_rules(context.view, measure):
            target = _target(rule, context, start, last, figures)
            first = start == measure.start
            if target is None or not applies(context, start, target.table, target.rows, first):
                continue
            if measure.unit in _COUNTED[target.table]:
                ties[measure] = (rule, start, end, target)
                last = target if target.table == 3 else last
                break
    return ties


def _target(rule: Rule, context: Context, start: int, last: Target | None, figures: Figures) -> Target | None:
    """The cells that a rule speaks of, given what was told before; None where the rule does not apply here."""
    view = context.view
    if rule.needs is not None and not rule.needs.search(context.lead + view):
        return None
    entry = rule.target
    if "proceedings" in entry:
        rows = tuple(entry["proceedings"])
        if rows == ("@before",):
            rows = context.proceedings(start)
        return Target(4, rows, (entry["outcome"],)) if rows else None
    if "items" in entry:
        return _item_target(entry, figures)
    if list(entry["rows"]) == ["@before"]:
        row = last.rows if last is not None else ("received",) if "申请" in view[:start] else ()
        return Target(3, row, tuple(entry["columns"])) if row else None
    if entry.get("of_requests") and last is None and not context.about_requests(start):
        return None
    return Target(3, tuple(r for name in entry["rows"] for r in figures.group(name)), tuple(entry["columns"]))


_ITEM_ROWS = {
    "rules": ("规章",), "documents": ("行政规范性文件", "规范性文件"), "permits": ("行政许可",),
    "penalties": ("行政处罚",), "coercion": ("行政强制",), "charges": ("行政事业性收费",),
}


def _item_target(entry: Mapping[str, Any], figures: Figures) -> Target | None:
    """The first cell of table 2 that has one of the rule's rows and columns and a value."""
    labels = {label for item in entry["items"] for label in _ITEM_ROWS[item]}
    for column in entry["item_columns"]:
        for table, row, name in figures.cells:
            if table == 2 and name == column and row.rsplit("/", 1)[-1] in labels:
                return Target(2, (row,), (column,))
    return None


def _item_choices(entry: Mapping[str, Any], target: Target, figures: Figures) -> list[Target]:
    """All cells that a loose term of table 2 can mean, the first as `_item_target` gives it."""
    return [
        Target(2, (row,), (column,))
        for column in entry["item_columns"] for table, row, name in figures.cells
        if table == 2 and name == column and row == target.rows[0]
    ]


# ---- verdicts --------------------------------------------------------------------------------------------------------


def _judge(context: Context, measure: Measure, told: Told, figures: Figures) -> Claim:
    """Compare a tied number with its figure; see `find_claims` for what the verdicts mean."""
    rule, start, end, target = told.ties[measure]
    for choice in _item_choices(rule.target, target, figures) if "item_columns" in rule.target else [target]:
        if _equal(figures.value(choice), measure, choice, figures):
            target = choice
            break
    expected, names = figures.value_or_blank(target, measure.number), figures.names(target) or None
    whole = replace(measure, end=max(end, measure.end))
    if expected is None or names is None:
        return _made(start, whole, names, None, "no_counterpart")
    if _equal(expected, measure, target, figures):
        return _made(start, whole, names, expected, "agrees")
    neighbour = _neighbour(rule, target, measure, told, figures)
    firm = rule.firm and (not rule.target.get("of_requests") or context.about_requests(start))
    if neighbour is not None or not firm or measure.about or measure.unit not in _EXACT or not context.firm:
        return _made(start, whole, names, expected, "other_scope", neighbour)
    tied = [(c, t) for c, t, _ in told.claims if t is not None]
    agreed = any(c.verdict == "agrees" and c.number >= LEAST_TELLING and t.table > 2 for c, t in tied)
    astray = any(c.verdict == "other_scope" and c.nearest is None and t.table == target.table for c, t in tied)
    astray = astray or (told.astray and target.table == 3)
    if target.table == 4 and target.columns != ("all",):
        # A single outcome is only held against the table where the text's own total is the table's.
        astray = astray or not any(c.verdict == "agrees" and t == Target(4, target.rows, ("all",)) for c, t in tied)
    if astray or doubt(context, start, measure.start, target.rows, agreed):
        return _made(start, whole, names, expected, "other_scope")
    if (rest := _complement(context, measure, told, figures, expected)) is not None:
        return _made(start, whole, names, expected, "other_scope", rest)
    nearest = nearest_formula(figures, target, measure.number, expected)
    return _made(start, whole, names, expected, "disagrees", nearest)


def _complement(context: Context, measure: Measure, told: Told, figures: Figures, expected: float) -> str | None:
    """In words, the count right before or behind that makes a count of requests its figure (局机关30件，下属13件).

    None where there is none, or where that count is the figure of another row and so counts something else.
    """
    target = told.ties[measure][3]
    if target.table != 3 or not set(target.rows) <= set(FLOW):
        return None
    measures = find_measures(context.view)
    place = measures.index(measure)
    for other in (*measures[max(0, place - 1) : place], *measures[place + 1 : place + 2]):
        tie = told.ties.get(other)
        own = tie is not None and tie[3] != target and figures.value(tie[3]) == other.number
        together = context.sentence(other.start) == context.sentence(measure.start)
        if together and not own and other.number and other.number + measure.number == expected:
            return f"{measure.number:g}＋{other.number:g}＝{expected:g}，另一数在同一句中"
    return None


def _equal(expected: float | None, measure: Measure, target: Target, figures: Figures) -> bool:
    """Whether a number is its figure; amounts in yuan to half a per cent, round numbers ("300余") from below."""
    if expected is None:
        return False
    if measure.unit == "元":
        cell = figures.cell(target.table, target.rows[0], target.columns[0])
        scale = 1.0 if cell is not None and "元" in cell.raw and "万" not in cell.raw else 1e4
        return abs(expected * scale - measure.number) <= _AMOUNT_SLACK * max(measure.number, 1.0)
    if measure.about:
        return bool(0.9 * measure.number <= expected <= 1.2 * measure.number)
    return expected == measure.number


def _neighbour(rule: Rule, target: Target, measure: Measure, told: Told, figures: Figures) -> str | None:
    """In words, the neighbouring term whose figure the number is; None where it is none of them.

    A term of its own that the same unit states apart (收到 11, 办结 11) excuses nothing.
    """
    for names in rule.target.get("neighbours", ()):
        rows = tuple(r for name in names for r in figures.group(name))
        other = Target(3, rows, target.columns)
        stated = len(rows) == 1 and any(t == other for _, _, _, t in told.ties.values())
        if not stated and figures.value(other) == measure.number:
            return f"{measure.number:g} 为{'＋'.join(f'“{label}”' for label in _labels(rows, figures))}之数"
    return None


def _labels(rows: Sequence[str], figures: Figures) -> list[str]:
    return [cell.row for row in rows if (cell := figures.cell(3, row, "total")) is not None]


# ---- stated noughts --------------------------------------------------------------------------------------------------


def _noughts(context: Context, figures: Figures) -> list[Claim]:
    """Claims that there was none. In wishes and aims, and in parts that tell none of the year's results, no claim."""
    claims = []
    for pattern, entry in load_noughts() if context.firm else ():
        for match in pattern.finditer(context.view):
            start = context.clause(match.start())
            if _NOT_DENIED.search(context.view[start : match.start()]):
                continue
            target = (
                Target(4, tuple(entry["proceedings"]), (entry["outcome"],)) if "proceedings" in entry
                else Target(3, tuple(entry["rows"]), tuple(entry["columns"]))
            )
            expected = figures.value(target)
            doubted = doubt(context, match.start(), match.start(), target.rows, False)
            verdict = "no_counterpart" if expected is None else "agrees" if expected == 0 else (
                "other_scope" if doubted else "disagrees")
            claims.append(Claim(match.start(), match.end(), "", 0.0, "件", figures.names(target) or None, expected,
                                verdict, None))
    return claims

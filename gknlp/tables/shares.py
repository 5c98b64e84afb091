"""Claims that are no counts: shares in per cent, change against the year before, and "均获维持"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gknlp.tables.context import Context
from gknlp.tables.figures import TOTAL, Figures, Target
from gknlp.tables.phrases import Measure
from gknlp.types import Claim

_SHARE = re.compile(r"^[,(]?约?占(?P<base>[^,。;%]{0,20}?)(?:的)?(?:比例|比重|比)?(?:为|达|约)?$")
# A base that the table has itself; any other words (占比较大) may mean another whole.
_OWN_BASE = re.compile(r"^(?:(?:全部|总|办结|答复|受理|收到|申请|办理|件|数|量|全年|总数|总量|结果|的)*)$")
_TREND = re.compile(
    r"(?:同比|(?:比|较)(?:上年|去年|上一年|上年度|上一年度|20\d\d年)|与(?:上年|去年|上一年)(?:度)?相比)(?:度|同期)?[^,。;\d]{0,6}?"
    r"(?P<way>增长|增加|上升|提高|增|多|下降|减少|降低|回落|减|少)(?:了|到)?约?$"
)
_UPWARD = frozenset({"增长", "增加", "上升", "提高", "增", "多"})
_UPHELD = re.compile(r"(?:均|全部|都)(?:已)?(?:获|被|予以|得到|为|结果)?(?:复议机关|法院)?(?:结果)?维持")
_SETTLED = re.compile("已审结|已办结|已结案|审结的|已作出|其余|判决")


def share_claim(
    context: Context, measure: Measure, last: tuple[Claim, Target | None, Measure] | None, stated: Sequence[float],
    figures: Figures,
) -> Claim | None:
    """A share right behind a count ("35件，占4.34%"): of the whole that gives it, table or text; None if it is none.

    It disagrees only where its count is the table's own and no whole at hand gives the share; where the count itself
    disagrees or has no counterpart, nothing more is said of its share.
    """
    if last is None or last[1] is None:
        return None
    claim, target, count = last
    found = _SHARE.match(context.view[count.end : measure.start])
    if found is None:
        return None
    start = count.end
    if claim.verdict != "agrees" or claim.expected is None:
        return Claim(start, measure.end, "", measure.number, "%", claim.target, None, "no_counterpart", None)
    wholes = _wholes(target, figures)
    for words, whole in [*wholes, *(("文中数", number) for number in stated)]:
        if whole and _fits(100 * claim.number / whole, measure):
            told = f"{claim.number:g}÷{whole:g}（{words}）"
            return Claim(start, measure.end, "", measure.number, "%", claim.target, measure.number, "agrees", told)
    if not wholes or not wholes[0][1]:
        return Claim(start, measure.end, "", measure.number, "%", claim.target, None, "no_counterpart", None)
    expected = round(100 * claim.number / wholes[0][1], max(measure.decimals, 1))
    firm = context.firm and not measure.about and _OWN_BASE.match(found["base"]) and len(wholes) > 1
    told = f"{claim.number:g}÷{wholes[0][1]:g}（{wholes[0][0]}）＝{expected:g}%"
    verdict = "disagrees" if firm else "other_scope"
    return Claim(start, measure.end, "", measure.number, "%", claim.target, expected, verdict, told)


def _wholes(target: Target | None, figures: Figures) -> list[tuple[str, float]]:
    """The wholes that a share of table 3 or 4 can be taken of, the likeliest first."""
    if target is None or target.table == 2:
        return []
    if target.table == 4:
        value = figures.value(Target(4, target.rows, ("all",)))
        return [("总计", value)] if value else []
    named = (
        ("（七）总计", ("answered",)), ("本年新收", ("received",)), ("本年新收＋上年结转", ("received", "carried_in")),
    )
    found = [(words, figures.value(Target(3, rows, (TOTAL,)))) for words, rows in named]
    return [(words, value) for words, value in found if value]


def _fits(share: float, measure: Measure) -> bool:
    """Whether a share is the number as printed: rounded or cut off at its last digit."""
    return abs(share - measure.number) < 10.0**-measure.decimals + 1e-9


def trend_claim(
    context: Context, measure: Measure, told: Sequence[tuple[Claim, Target | None, Measure]], figures: Figures,
    before: Figures,
) -> Claim | None:
    """A change against the year before, of the count stated last in the same sentence; None if the words say none.

    Judged only where both years' figures are certain and the count itself agrees with the table.
    """
    found = _TREND.search(context.view[max(0, measure.start - 30) : measure.start])
    if found is None or measure.unit not in ("%", "件"):
        return None
    start = measure.start - len(found.group())
    sentence = context.sentence(measure.start)
    tied = [(c, t) for c, t, m in told if t is not None and m.start >= sentence]
    if not tied or tied[-1][0].verdict != "agrees":
        return Claim(start, measure.end, "", measure.number, measure.unit, None, None, "no_counterpart", None)
    claim, target = tied[-1]
    now, then = figures.value(target), before.value(target)
    if now is None or not then:
        return Claim(start, measure.end, "", measure.number, measure.unit, claim.target, None, "no_counterpart", None)
    change = now - then if measure.unit == "件" else 100 * (now - then) / then
    signed = change if found["way"] in _UPWARD else -change
    expected = round(signed, 2)
    fits = _fits(signed, measure) if measure.unit == "%" else signed == measure.number
    verdict = "agrees" if fits else "disagrees" if context.firm and not measure.about else "other_scope"
    told_words = f"本年 {now:g}，上年 {then:g}"
    return Claim(start, measure.end, "", measure.number, measure.unit, claim.target, expected, verdict, told_words)


def upheld_claim(view: str, told: Sequence[tuple[Claim, Target]], figures: Figures) -> Claim | None:
    """"均获维持" behind counts of proceedings: all of them against the cells 结果维持; None where nothing says so.

    Judged only where the counts themselves agree with the table and the words are not limited to settled cases.
    """
    found = _UPHELD.search(view)
    counted = [(c, t) for c, t in told if t.table == 4 and t.columns == ("all",)]
    if found is None or not counted:
        return None
    counted = [(c, t) for c, t in counted if c.end <= found.start()]
    if not counted:
        return None
    rows = tuple(dict.fromkeys(row for _, t in counted for row in t.rows))
    target = Target(4, rows, ("upheld",))
    number = sum(c.number for c, _ in counted)
    parts = [figures.amount(4, row, "upheld") for row in rows]
    # A row left blank whose count the text states as nought has nothing upheld either.
    expected = sum(p or 0.0 for p in parts) if any(p is not None for p in parts) else None
    limited = _SETTLED.search(view, counted[0][0].start, found.end())
    agreed = all(c.verdict == "agrees" for c, _ in counted)
    if expected is None or not agreed:
        verdict = "no_counterpart"
    else:
        verdict = "agrees" if expected == number else "other_scope" if limited else "disagrees"
    told_words = None
    if verdict == "disagrees":
        others = (("corrected", "结果纠正"), ("otherwise", "其他结果"), ("pending", "尚未审结"))
        amounts = [(words, sum(figures.amount(4, row, column) or 0.0 for row in rows)) for column, words in others]
        told_words = f"结果维持合计为 {expected:g}" + "".join(f"；另有{w} {v:g}" for w, v in amounts if v)
    start = counted[0][0].start
    return Claim(start, found.end(), "", number, "件", figures.names(target) or None, expected, verdict, told_words)

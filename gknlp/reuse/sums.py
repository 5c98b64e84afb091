"""The same wrong sum in the statutory tables of two agencies: nobody makes another's mistake with another's figures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from gknlp.reuse.kinds import date_key, group_agencies, is_superior
from gknlp.reuse.lineage import are_kin, find_predecessors
from gknlp.types import Certificate, ReuseText, WrongSum

# The different figures of a sum have so many digits together: with small ones (12 for 11) two may be wrong by chance.
LEAST_DIGITS = 6


def find_same_sums(
    texts: Sequence[ReuseText], sums: Mapping[str, Sequence[WrongSum]]
) -> tuple[Certificate, ...]:
    """Certificates (kind `sum`, rule `sum.same`) of reports whose tables break one identity with the same figures.

    `sums` are by report id; those of reports that are not in `texts` are passed over. Each report is held against the
    earliest other one (by date, then id), once; references have no certificates. Never between reports of one agency
    or its predecessor by a reform, nor between a superior and its own (a government and its office publish one table).
    In the order of report ids and places; no wrong sums give none. Cost: linear in the sums.
    """
    held: dict[tuple[object, ...], list[tuple[int, WrongSum]]] = defaultdict(list)
    for number in sorted(range(len(texts)), key=lambda number: date_key(texts[number])):
        for wrong in sums.get(texts[number].report_id, ()):
            if _digits(wrong) >= LEAST_DIGITS:
                held[wrong.rule, wrong.scope, wrong.figures].append((number, wrong))
    shared = {key: holders for key, holders in held.items() if len(holders) > 1}
    if not shared:
        return ()
    agencies = group_agencies(texts)
    past = find_predecessors(texts, agencies)

    def strangers(a: int, b: int) -> bool:
        one, other = texts[a], texts[b]
        return not (are_kin(a, b, agencies, past) or is_superior(one, other) or is_superior(other, one))

    found: dict[tuple[int, int], Certificate] = {}
    # One slip breaks up to four sums: of each two reports the one with most digits is told.
    for _, holders in sorted(shared.items(), key=lambda item: (-_digits(item[1][0][1]), item[0][:2])):
        for number, wrong in holders:
            twin = next((item for item in holders if strangers(number, item[0])), None)
            if twin is not None and not texts[number].reference:
                found.setdefault((number, twin[0]), _certify(texts[number], wrong, texts[twin[0]], twin[1]))
    return tuple(sorted(found.values(), key=lambda c: (c.report_id, c.start, c.end, c.belongs_to)))


def _digits(wrong: WrongSum) -> int:
    return sum(len(f"{figure:.0f}") for figure in {figure for figure in wrong.figures if figure})


def _certify(mine: ReuseText, wrong: WrongSum, other: ReuseText, twin: WrongSum) -> Certificate:
    return Certificate(
        mine.report_id, "sum", wrong.start, wrong.end, mine.text[wrong.start : wrong.end],
        f"{other.agency or other.report_id}；{wrong.message}", "sum.same", None, other.report_id, twin.start, twin.end,
    )

"""Flags: what an inspector should look at first, each with its reason in words and its evidence quoted with place.

A wrong accusation is the worst error: only what the text itself shows is flagged, nothing UNCERTAIN becomes a flag, and
reuse is called 文字重合. Kinds, wording, severity and measured precision are data (`models/flags.toml`).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from gknlp.failures import tell_failure
from gknlp.notes import MIN_CHARS
from gknlp.resources import load_toml
from gknlp.types import (
    Certificate,
    Check,
    Claim,
    Composition,
    Failure,
    Flag,
    Identity,
    Label,
    Measure,
    Passage,
    Section,
    Segmentation,
    Unit,
)

# Where plans stand: a doubtful role elsewhere says nothing about a report's promises.
PROMISING = ("problems", "plans", "other")
# The genre itself shares set phrases, so reuse is flagged from half the narrative (own past, template) or three
# tenths (another agency) on; lower shares stand in `composition`. Judgement; `gknlp calibrate` tells what a user's own
# reports say to it, and the measures `best_match_…` stand beside the flag.
OWN_PAST_SHARE = 0.5
TEMPLATE_SHARE = 0.5
PEER_SHARE = 0.3
# Rules of checks by their first letters, and the flag that a FAIL of the source raises.
CHECK_FLAGS = (
    ("P-part", "missing_part"), ("P-empty", "empty_part"), ("P-once", "part_twice"), ("P-order", "parts_out_of_order"),
    ("T", "sum_fails"), ("V-", "bad_number"), ("X-frozen", "frozen_numbers"), ("X-", "years_disagree"),
    ("H", "children_disagree"), ("Y-", "wrong_date"), ("S-", "passed_over"),
)
REUSE_FLAGS = {"self": "repeats_own_past", "peer": "shares_with_peer", "template": "shares_template"}
# What the names of two agencies begin with, if it ends like a place: they may have a common draft.
_COMMON_PLACE = re.compile("[\u4e00-\u9fff]+[省市县区州盟旗镇乡]")
# The name that `read.hygiene` gives to its warnings.
POLLUTION = "Pollution"
CERTIFICATE_FLAGS = {
    "agency": "foreign_name", "place": "foreign_name", "year": "foreign_year", "misprint": "same_slip",
    "figures": "same_figures", "sum": "same_sum",
}
# How many characters on either side are shown with a name or year left over.
CONTEXT_CHARS = 14
SEVERITIES = ("high", "medium", "low")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A quotation: `[start, end)` of a report's text, None where the evidence is a table cell or the lack of a part."""

    report_id: str
    quote: str
    start: int | None = None
    end: int | None = None


def make_flag(
    kind: str, report_id: str, evidence: Sequence[Evidence], *, lang: str = "zh", **values: str
) -> Flag:
    """A flag of `kind` (a table of models/flags.toml); its id hashes report, kind and evidence, not the wording."""
    rule = load_toml("models/flags.toml")[kind]
    quoted = json.dumps(
        [{"report_id": e.report_id, "start": e.start, "end": e.end, "quote": e.quote} for e in evidence],
        ensure_ascii=False,
    )
    key = "\x1f".join((report_id, kind, quoted, *(f"{k}={v}" for k, v in sorted(values.items()))))
    flag_id = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return Flag(flag_id, report_id, kind, rule["severity"], rule[lang].format(**values), quoted)


def flag_structure(
    report_id: str, identity: Identity, parts: Segmentation, labels: Sequence[Label], *, lang: str = "zh"
) -> list[Flag]:
    """Conflicts of identity, a problems part without a problem, problems without a checkable measure.

    What rests on roles is flagged only where no role in question is in doubt (`abstained`).
    """
    flags = [
        make_flag("identity_conflict", report_id, [Evidence(report_id, conflict)], lang=lang, conflict=conflict)
        for conflict in identity.conflicts
    ]
    flags.extend(_flag_parts(report_id, parts, labels, lang))
    problems = [u for u, label in zip(parts.units, labels, strict=True) if label.role == "problem"]
    plans = [label for label in labels if label.role == "plan"]
    doubtful = any(
        label.abstained for unit, label in zip(parts.units, labels, strict=True) if unit.section in PROMISING
    )
    if problems and not doubtful and not any((label.specificity or 0) >= 2 for label in plans):
        flags.append(
            make_flag(
                "no_commitment", report_id, [_unit_evidence(report_id, unit) for unit in problems], lang=lang,
                problems=str(len(problems)), plans=str(len(plans)),
            )
        )
    return flags


def _flag_parts(report_id: str, parts: Segmentation, labels: Sequence[Label], lang: str) -> list[Flag]:
    """Problems parts that hold narrative and state no problem, where no role is in doubt."""
    flags = []
    for section in parts.sections:
        inside = [
            label for unit, label in zip(parts.units, labels, strict=True) if unit.section_order == section.order
        ]
        if section.section == "problems" and inside and not any(
            label.role == "problem" or label.abstained for label in inside
        ):
            place = [_heading_evidence(report_id, section)]
            flags.append(make_flag("no_problem_stated", report_id, place, lang=lang, heading=section.heading or ""))
    return flags


def flag_checks(report_id: str, checks: Sequence[Check], claims: Sequence[Claim], *, lang: str = "zh") -> list[Flag]:
    """Checks that FAIL by the source's own fault, and claims that disagree with the table in the same scope.

    A check's kind of flag is told by its rule (`CHECK_FLAGS`, by prefix); a topic of part 一 is shown among the checks
    only, because a report may tell of it in its own words.
    """
    flags = []
    for check in checks:
        kind = next((flag for prefix, flag in CHECK_FLAGS if check.rule.startswith(prefix)), None)
        if check.state == "FAIL" and check.fault == "source" and kind is not None:
            evidence = [Evidence(report_id, cell) for cell in check.cells]
            flags.append(make_flag(kind, report_id, evidence, lang=lang, message=check.message))
    flags.extend(
        make_flag(
            "claim_disagrees", report_id, [Evidence(report_id, claim.text, claim.start, claim.end)], lang=lang,
            text=claim.text, expected=_number(claim.expected),
        )
        for claim in claims
        if claim.verdict == "disagrees"
    )
    return flags


def flag_hygiene(report_id: str, warnings: Sequence[Failure], *, lang: str = "zh") -> list[Flag]:
    """One flag for each sign that the page was hijacked or converted, as reading warned of it."""
    told = [tell_failure(item.error, item.message, item.hint, lang) for item in warnings if item.error == POLLUTION]
    return [
        make_flag(
            "polluted_text", report_id, [Evidence(report_id, sign.facts.get("quoted", sign.what))], lang=lang,
            message=sign.what,
        )
        for sign in told
    ]


def flag_reuse(
    composition: Sequence[Composition], passages: Sequence[Passage], names: Mapping[str, tuple[str, int | None]],
    texts: Mapping[str, str], *, measures: Sequence[Measure] = (), lang: str = "zh",
) -> list[Flag]:
    """Flags on whole reports whose narrative is largely own past, template or another agency's words.

    `names` gives agency (or file name) and year of each report, `texts` the texts to quote the longest passages from.
    `measures` are those of `reuse.judge_matches`: what chance gives is said beside a flag of text shared with another
    agency. Reports missing from `names` (references) are never flagged.
    """
    found = {(m.report_id, m.measure): m for m in measures}
    partners: dict[str, list[tuple[Passage, str]]] = {}
    for passage in passages:
        partners.setdefault(passage.a_report, []).append((passage, passage.b_report))
        partners.setdefault(passage.b_report, []).append((passage, passage.a_report))
    flags = []
    for row in composition:
        if row.section is not None or row.report_id not in names:
            continue
        for kind, share, floor in (
            ("self", row.own_past, OWN_PAST_SHARE),
            ("peer", row.peer, PEER_SHARE),
            ("template", row.template, TEMPLATE_SHARE),
        ):
            shared = [
                item for item in partners.get(row.report_id, [])
                if item[0].kind == kind and (kind == "template" or not _came_first(item[0], row.report_id))
            ]
            if share is not None and share >= floor and shared:
                most, longest = _most_shared(shared)
                other, year = names.get(most, (most, None))
                me = names[row.report_id][0]
                flags.append(
                    make_flag(
                        REUSE_FLAGS[kind], row.report_id, _both_sides(longest, texts), lang=lang,
                        share=_share_words(share, row.n_chars, lang),
                        other=other, year=str(year) if year is not None else "?",
                        direction=_direction_word(longest[0], row.report_id, lang),
                        chance=_chance_words(row.report_id, found, lang) if kind == "peer" else "",
                        past="" if me == other else f"（{other}）", beside=_beside_words(row, kind, (me, other), lang),
                    )
                )
    return flags


def _share_words(share: float, n_chars: int | None, lang: str) -> str:
    """A share in percent, of too little text for a ratio as counts."""
    if n_chars is None or n_chars >= MIN_CHARS:
        return f"{share:.0%}"
    counts: str = load_toml("models/labels.toml")["chance"]["counts"][lang]
    return counts.format(count=round(share * n_chars), of=n_chars)


def _beside_words(row: Composition, kind: str, agencies: tuple[str, str], lang: str) -> str:
    """The innocent explanations: what the share leaves out, and what two agencies have in common by their names."""
    words: dict[str, dict[str, str]] = load_toml("models/labels.toml")["beside"]
    shares = (("formula", row.formula), ("self", row.own_past), ("template", row.template))
    listed = [
        words[key][lang].format(share=_share_words(share or 0, row.n_chars, lang))
        for key, share in shares if key != kind
    ]
    said = words["apart"][lang].format(listed=words["comma"][lang].join(listed))
    same = "".join(one for one, _ in takewhile(lambda pair: pair[0] == pair[1], zip(*agencies, strict=False)))
    common = _COMMON_PLACE.match(same)
    if kind == "peer" and common:
        said += words["common"][lang].format(place=common.group())
    return said


def _chance_words(report_id: str, found: Mapping[tuple[str, str], Measure], lang: str) -> str:
    """Where the report's best match lies among unrelated ones; empty where that was not asked or has no ratio."""
    share, percentile, p, q = (
        found.get((report_id, f"best_match_{name}")) for name in ("share", "percentile", "p", "q")
    )
    if share is None or share.value is None:
        return ""
    words: dict[str, str] = {key: text[lang] for key, text in load_toml("models/labels.toml")["chance"].items()}
    said = words["best"].format(share=f"{share.value:.0%}")
    if percentile is not None and percentile.value is not None:
        # Never rounded up to all of them.
        above = int(percentile.value * 10) / 10
        said += words["all" if above == 100 else "above"].format(percentile=f"{above:g}%", n=percentile.n)
    if p is None or q is None or p.value is None or q.value is None:
        return said + words["limit"]
    return said + words["p"].format(n=p.n, p=f"{p.value:.2g}", q=f"{q.value:.2g}")


def _came_first(passage: Passage, report_id: str) -> bool:
    """Whether the words were this report's before they were the other's: such passages are not what it repeats."""
    return passage.direction == ("a>b" if passage.a_report == report_id else "b>a")


def _most_shared(shared: Sequence[tuple[Passage, str]]) -> tuple[str, list[Passage]]:
    """The partner with most shared characters (the first by id of equals), and its three longest passages."""
    total: dict[str, int] = {}
    for passage, other in shared:
        total[other] = total.get(other, 0) + passage.n_chars
    most = min(total, key=lambda other: (-total[other], other))
    return most, sorted((p for p, other in shared if other == most), key=lambda p: (-p.n_chars, p.passage_id))[:3]


def _both_sides(passages: Sequence[Passage], texts: Mapping[str, str]) -> list[Evidence]:
    return [
        Evidence(report, texts[report][start:end], start, end)
        for p in passages
        for report, start, end in ((p.a_report, p.a_start, p.a_end), (p.b_report, p.b_start, p.b_end))
    ]


def _direction_word(passage: Passage, report_id: str, lang: str) -> str:
    """Whose words came first, as the flagged report's reader asks it."""
    seen = "none"
    if passage.direction != "none":
        first = passage.a_report if passage.direction == "a>b" else passage.b_report
        seen = "later" if first == report_id else "earlier"
    word: str = load_toml("models/labels.toml")["direction_seen"][seen][lang]
    return word


def flag_certificates(
    certificates: Sequence[Certificate], texts: Mapping[str, str], *, lang: str = "zh"
) -> list[Flag]:
    """What needs no threshold: another's name, year, slip or figures, quoted with its place and, if known, its twin."""
    flags = []
    for c in certificates:
        evidence = [Evidence(c.report_id, c.quote, c.start, c.end)]
        if c.other_report is not None and c.other_start is not None and c.other_end is not None:
            quote = texts[c.other_report][c.other_start : c.other_end]
            evidence.append(Evidence(c.other_report, quote, c.other_start, c.other_end))
        kind = CERTIFICATE_FLAGS[c.kind]
        belongs = "" if c.belongs_to == c.quote else f"（{c.belongs_to}）"
        context = _context(texts[c.report_id], c.start, c.end)
        flags.append(
            make_flag(kind, c.report_id, evidence, lang=lang, quote=c.quote, belongs=belongs, context=context)
        )
    return flags


def _context(text: str, start: int, end: int) -> str:
    """The words around a quotation, no further than its sentence and line."""
    before = re.split("[。；！？\n]", text[max(0, start - CONTEXT_CHARS) : start])[-1]
    after = re.split("[。；！？\n]", text[end : end + CONTEXT_CHARS])[0]
    return "".join(f"{before}{text[start:end]}{after}".split())


def flag_sources(flags: Sequence[Flag], certificates: Sequence[Certificate], *, lang: str = "zh") -> list[Flag]:
    """The flags, those of text shared with another agency lowered where it is the other that kept this one's name.

    A date can be that of a later upload; a name left standing tells who copied. Where both kept the other's, or neither
    did, a flag stays as it is.
    """
    kept = {
        (c.report_id, c.other_report): c.quote for c in certificates
        if c.other_report is not None and CERTIFICATE_FLAGS[c.kind] == "foreign_name"
    }
    note: str = load_toml("models/labels.toml")["beside"]["kept"][lang]
    found = []
    for flag in flags:
        if flag.flag == REUSE_FLAGS["peer"]:
            others = {item["report_id"] for item in json.loads(flag.evidence)} - {flag.report_id}
            names = [kept[other, flag.report_id] for other in sorted(others) if (other, flag.report_id) in kept]
            if names and not any((flag.report_id, other) in kept for other in others):
                flag = replace(flag, severity=SEVERITIES[-1], reason=flag.reason + note.format(name=names[0]))
        found.append(flag)
    return found


def order_flags(flags: Sequence[Flag]) -> tuple[Flag, ...]:
    """Sort by severity, kind, report, id; equal ids once."""
    unique = {flag.flag_id: flag for flag in flags}
    return tuple(
        sorted(unique.values(), key=lambda f: (SEVERITIES.index(f.severity), f.flag, f.report_id, f.flag_id))
    )


def _number(value: float | None) -> str:
    return "?" if value is None else f"{value:g}"


def _unit_evidence(report_id: str, unit: Unit) -> Evidence:
    return Evidence(report_id, unit.text, unit.start, unit.end)


def _heading_evidence(report_id: str, section: Section) -> Evidence:
    return Evidence(report_id, section.heading or "", section.heading_start, section.start)

"""What one report gives by itself: read -> segment -> tables -> classify -> keywords, and the flags that need no other.

A stage that breaks on one report makes a row in `failures`; the others go on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from gknlp.classify import classify
from gknlp.errors import GknlpError
from gknlp.flags import flag_checks, flag_hygiene, flag_structure
from gknlp.follow import link_problems
from gknlp.keywords import keywords
from gknlp.measures import MeasuredReport, Prose, measure_report
from gknlp.normalize import fold
from gknlp.read import read_reports
from gknlp.read.hygiene import is_traditional, to_simplified
from gknlp.read.roster import Roster, apply_roster
from gknlp.reuse.profile import load_profile, measure_background
from gknlp.reuse.skeleton import strip_skeleton
from gknlp.segment import segment
from gknlp.segment.outline import check_outline
from gknlp.settings import Settings
from gknlp.tables import check_tables, check_text, find_claims, find_silence, read_tables
from gknlp.tokens import get_tokenizer
from gknlp.types import (
    Cell,
    Check,
    Claim,
    Failure,
    Flag,
    Identity,
    Keyword,
    Label,
    Link,
    Measure,
    Report,
    ReuseText,
    Segmentation,
    Span,
    Unit,
)

BUG_HINT = "This is a fault of gknlp: please report it with the file, if it may be shared."


@dataclass(frozen=True, slots=True)
class Analyzed:
    """A report with everything that the report alone decides; `reference` reports are compared with, never flagged.

    `predecessors` are the ids of agencies of the run that became the report's agency by a reform.
    """

    report: Report
    parts: Segmentation
    labels: tuple[Label, ...] = ()
    cells: tuple[Cell, ...] = ()
    checks: tuple[Check, ...] = ()
    claims: tuple[Claim, ...] = ()
    keywords: tuple[Keyword, ...] = ()
    links: tuple[Link, ...] = ()
    measures: tuple[Measure, ...] = ()
    prose: tuple[Prose, ...] = ()
    flags: tuple[Flag, ...] = ()
    content: str = ""
    duplicate_of: str | None = None
    reference: bool = False
    predecessors: tuple[str, ...] = ()


def analyze_report(report: Report, *, settings: Settings = Settings()) -> Analyzed:  # noqa: B008 (frozen)
    """Run every stage that needs one report only. A report of kind `other` is kept whole as one dropped span.

    Traditional characters are folded one for one for the stages (their cues are simplified); spans index the report's
    own text, which stays as it is, while the text of units is what the stages read.
    """
    content = hashlib.sha256(fold(report.text).text.encode()).hexdigest()
    if report.identity.kind != "annual_report":
        return Analyzed(report, set_aside(report, "free", report.identity.reason or "other"), content=content)
    lang = settings.output.lang
    read = replace(report, text=to_simplified(report.text)) if is_traditional(report.text) else report
    parts = segment(read.text, layout=read.layout, year=read.identity.year)
    labels = tuple(classify(parts.units, settings=settings.classify, subheadings=parts.subheadings))
    cells = tuple(read_tables(read, parts.sections))
    checks = (
        *check_identity(read.identity),
        *check_outline(read.text, parts),
        *check_tables(cells),
        *check_text(read.text, read.identity.year),
        *find_silence(parts.units, [label.role for label in labels], cells),
    )
    claims = tuple(find_claims(parts.units, cells, year=read.identity.year))
    flags = (
        *flag_structure(report.report_id, report.identity, parts, labels, lang=lang),
        *flag_checks(report.report_id, checks, claims, lang=lang),
        *flag_hygiene(report.report_id, report.warnings, lang=lang),
    )
    item = Analyzed(
        report, parts, labels, cells, checks, claims, tuple(report_keywords(report, parts, settings)),
        link_problems(parts.units, labels), measure_report(report.report_id, parts.units, labels),
        prose_of(read.text, parts.units), flags, content,
    )
    profile = load_profile(settings.reuse.background)
    if profile is None:
        return item
    background = measure_background(reuse_text(item), parts.form, content, profile)
    return replace(item, measures=(*item.measures, *background))


def prose_of(text: str, units: Iterable[Unit]) -> tuple[Prose, ...]:
    """The prose of each section id, in order of first units, whole and less its mandated wording.

    Units of one sentence stand side by side, a line end between others.
    """
    drafts: dict[str, tuple[list[str], list[str]]] = {}
    reached: dict[str, int] = {}
    for unit in units:
        whole, stripped = drafts.setdefault(unit.section, ([], []))
        between = text[reached[unit.section] : unit.start] if unit.section in reached else ""
        reached[unit.section] = unit.end
        for draft, piece in zip((whole, stripped), strip_skeleton(unit.text), strict=True):
            draft.extend(("\n", piece) if "\n" in between or between.strip() else (piece,))
    return tuple(Prose(name, "".join(whole), "".join(stripped)) for name, (whole, stripped) in drafts.items())


def count_letters(prose: Iterable[Prose]) -> dict[str | None, tuple[int, int]]:
    """Folded characters, and those of mandated wording among them, by section; section None is the whole report."""
    counts: dict[str | None, tuple[int, int]] = {None: (0, 0)}
    for part in prose:
        chars, left = (len(fold(text).text) for text in (part.text, part.stripped))
        counts[part.section] = (chars, chars - left)
        counts[None] = (counts[None][0] + chars, counts[None][1] + chars - left)
    return counts


def measured(item: Analyzed) -> MeasuredReport:
    """A report as the named measures take it."""
    who = item.report.identity
    return MeasuredReport(
        item.report.report_id, item.prose, who.agency_id, who.year, item.parts.form, who.superior, who.region,
        who.function, item.reference, who.agency_id_alone, item.predecessors,
    )


def reuse_text(item: Analyzed) -> ReuseText:
    """A report as reuse sees it: its narrative units, and the names it goes by."""
    who = item.report.identity
    names = {name for name in (who.agency, who.region, *who.aliases) if name}
    return ReuseText(
        report_id=item.report.report_id, text=item.report.text,
        stretches=tuple((unit.start, unit.end, unit.section_order) for unit in item.parts.units),
        names=tuple(sorted(names, key=lambda name: (-len(name), name))), agency=who.agency_id or who.agency,
        region=who.region, superior=who.superior, level=who.level, year=who.year, published=who.published,
        reference=item.reference, sections=tuple((part.order, part.section) for part in item.parts.sections),
    )


def set_aside(report: Report, form: str, reason: str) -> Segmentation:
    """A report that nothing downstream counts: its text is one dropped span, empty text none."""
    whole = (Span(0, len(report.text), "dropped", reason),) if report.text else ()
    return Segmentation(form, whole, (), (), ())


def check_identity(who: Identity) -> tuple[Check, ...]:
    """`I-conflict`: facts on who reports or which year that contradict each other, left to a person to settle."""
    return tuple(
        Check("I-conflict", "report", "UNCERTAIN", None, None, (), "unknown", conflict) for conflict in who.conflicts
    )


def report_keywords(report: Report, parts: Segmentation, settings: Settings) -> list[Keyword]:
    """Keywords of the whole narrative (section None) and of every section that has narrative."""
    tokenizer = get_tokenizer(settings.tokens)
    texts: dict[str, list[str]] = {}
    for unit in parts.units:
        texts.setdefault(unit.section, []).append(unit.text)
    whole = "\n".join(unit.text for unit in parts.units)
    title = report.identity.title or ""
    found = keywords(whole, title=title, n=settings.keywords.per_report, tokenizer=tokenizer)
    for section, pieces in texts.items():
        some = keywords("\n".join(pieces), n=settings.keywords.per_section, tokenizer=tokenizer)
        found.extend(replace(keyword, section=section) for keyword in some)
    return found


def process_file(path: Path, *, settings: Settings, roster: Roster | None = None) -> list[Analyzed | Failure]:
    """Read one file and run the per-report stages on each report in it; never raises for a bad file."""
    out: list[Analyzed | Failure] = []
    for item in read_reports(path, settings=settings.read):
        if isinstance(item, Failure):
            out.append(item)
            continue
        if roster is not None:
            item = replace(item, identity=apply_roster(item.identity, item.path, roster))
        try:
            out.append(analyze_report(item, settings=settings))
            out.extend(item.warnings)
        except GknlpError as error:
            out.append(Failure(item.path, "analyze", type(error).__name__, error.message, error.hint))
        except Exception as error:  # one bad file never stops a run
            out.append(Failure(item.path, "analyze", type(error).__name__, str(error) or repr(error), BUG_HINT))
    return out


def mark_copies(reports: Iterable[Analyzed]) -> list[Analyzed]:
    """Mark a second file with the same folded text, agency and year as `duplicate_of` the first; ids stay unique.

    A copy keeps its text and loses its analysis, so that nothing counts it twice; where its id would be the first's,
    it gets `-2`, `-3` … in the order of the files. A report that is no reference is preferred as the first.
    """
    firsts: dict[tuple[str, str | None, int | None], Analyzed] = {}
    items = list(reports)
    for item in sorted(items, key=lambda item: item.reference):
        firsts.setdefault(_content_key(item), item)
    taken: dict[str, int] = {}
    out = []
    for item in items:
        first = firsts[_content_key(item)]
        if first is not item:
            number = taken[first.report.report_id] = taken.get(first.report.report_id, 1) + 1
            report = replace(item.report, report_id=f"{first.report.report_id}-{number}")
            item = Analyzed(
                report, set_aside(report, item.parts.form, "duplicate"), content=item.content,
                duplicate_of=first.report.report_id, reference=item.reference,
            )
        out.append(item)
    return out


def _content_key(item: Analyzed) -> tuple[str, str | None, int | None]:
    return item.content, item.report.identity.agency_id, item.report.identity.year

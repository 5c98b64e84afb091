"""Who reports, on which year: puts title, period, signature, publisher, breadcrumb and file name together, each with
its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from gknlp.normalize import fold_width
from gknlp.read.agency import Naming, choose, county_of, disagreements, is_settled, namings
from gknlp.read.agency_names import tidy
from gknlp.read.dates import dates, labelled_dates, parse_date
from gknlp.read.divisions import parse_region
from gknlp.read.furniture import BODY_CUE, find_furniture
from gknlp.read.hygiene import is_traditional, to_simplified
from gknlp.read.kind import page_kind
from gknlp.read.profile import Profile, profile
from gknlp.read.report_year import report_year
from gknlp.read.titles import TitleSpan, clean_title, find_titles, parse_title
from gknlp.types import Found, Furniture, Identity, Layout

_FOOT_REACH = 3_000
_HEAD_REACH = 2_000


@dataclass(frozen=True, slots=True)
class _Page:
    """A page taken apart: where the body begins and ends, and its furniture."""

    text: str
    folded: str
    body: int
    foot: int
    furniture: tuple[Furniture, ...]


def identify(text: str, layout: Layout, facts: Mapping[str, tuple[Found, ...]], file_name: str) -> Identity:
    """Identify the report on a page: kind, title, agency, region, level, function, superior, year, publication, url.

    `layout.furniture` should be what `find_furniture` gave (it is called where no title stands among it); `facts` are
    those of `Source`; `file_name` has no folder. Spans of the evidence index `text`. The title's year wins unless the
    period and the body agree on another; the publication date never makes a year. What is told nowhere is None.
    Contradictions are sentences in `conflicts`. Empty text gives kind `other`. Cost: linear, below a millisecond for
    a report. Bad at titles that are images.
    """
    text = to_simplified(text) if is_traditional(text) else text
    page = _take_apart(text, layout)
    titles = _titles(page, facts)
    title = titles[0].value if titles else None
    page_title = title or _page_title(page, facts)
    kind, reason = page_kind(page_title, page.folded[page.body : page.foot], page.folded)
    titled = [
        Naming(tidy(parts.agency), "title", found)
        for found in titles
        if (parts := parse_title(found.value)) is not None and parts.agency
    ]
    settled = bool(titled) and is_settled(titled[0])
    others = namings(text, (page.body, page.foot), page.furniture, facts, file_name, settled=settled)
    agency, agency_found = choose(titled, others, page.folded)
    hints = [found.value for found in titles] + [item.name for item in others]
    hints += [page.folded[: min(page.body, _HEAD_REACH)], page.folded[page.foot : page.foot + _HEAD_REACH]]
    county = county_of(agency, page.folded, others) if agency else None
    known = profile(_county_in_front(county) + agency, hints) if agency else None
    year, year_found, conflicts = report_year(page.folded, (page.body, page.foot), titles, facts, file_name)
    conflicts += disagreements(agency, others)
    published = _published(page, facts)
    url = next(iter(facts.get("url", ())), None)
    identity = Identity(
        kind=kind, reason=reason, title=page_title, agency=agency, year=year, url=url.value if url else None,
        published=published.value if published else None, conflicts=(*conflicts, *_late(year, published)),
    )
    evidence = {
        "title": tuple(titles[:1]), "agency": agency_found, "year": year_found,
        "published": (published,) if published else (), "url": (url,) if url else (),
    }
    if known is not None and agency is not None:
        identity = _with_profile(identity, known)
        named = (Found(agency, "agency name"), *((county,) if county else ()))
        evidence |= {name: named for name in ("region", "level", "function", "superior") if getattr(identity, name)}
    return replace(identity, evidence={name: found for name, found in evidence.items() if found})


def _county_in_front(county: Found | None) -> str:
    """The county that an agency's own name leaves out, empty where it leaves out none."""
    region = parse_region(county.value) if county else None
    return region.county or "" if region else ""


def _with_profile(identity: Identity, known: Profile) -> Identity:
    """The identity with what the agency's full name tells."""
    return replace(
        identity, agency_id=known.agency_id, aliases=known.aliases, superior=known.superior, level=known.level,
        function=known.function, region=known.region.path if known.region else None,
    )


def _take_apart(text: str, layout: Layout) -> _Page:
    """The body's bounds by the furniture."""
    furniture = layout.furniture
    if not any(item.reason in ("title", "signature") for item in furniture):
        furniture = find_furniture(text, layout)
    body = next((item.end for item in furniture if item.reason == "title"), 0)
    for item in furniture:
        if item.start >= body and not text[body : item.start].strip(" \t\n\u3000|>·/,;"):
            body = item.end
    foot = len(text)
    for item in reversed(furniture):
        if item.start < body or text[item.end : foot].strip():
            break
        foot = item.start
    return _Page(text, fold_width(text), min(body, foot), foot, furniture)


def _titles(page: _Page, facts: Mapping[str, tuple[Found, ...]]) -> list[Found]:
    """The titles of the report, the one over the body first, then those that the source's fields name."""
    found = [
        Found(clean_title(page.text[item.start : item.end]), "title", item.start, item.end)
        for item in page.furniture
        if item.reason == "title"
    ]
    starts = {item.start for item in found}
    for title in find_titles(page.text, 0, page.body):
        if title.strong and title.start not in starts:
            found.append(_as_found(title))
    for fact in facts.get("title", ()):
        if parse_title(fact.value):
            found.append(Found(clean_title(fact.value), fact.where, fact.start, fact.end))
    return sorted(found, key=lambda item: _fullness(item.value), reverse=True)


def _as_found(title: TitleSpan) -> Found:
    return Found(title.text, "title", title.start, title.end)


def _fullness(title: str) -> int:
    """How much a title tells: an agency counts two, a year one."""
    parts = parse_title(title)
    return 2 * bool(parts and parts.agency) + bool(parts and parts.year)


def _page_title(page: _Page, facts: Mapping[str, tuple[Found, ...]]) -> str | None:
    """What a page without a report's title calls itself: the source's title, else its first short line."""
    for fact in facts.get("title", ()):
        return clean_title(fact.value)
    for line in page.text[page.body : page.body + 500].split("\n"):
        if line.strip():
            title = len(line.strip()) <= 80 and "。" not in line and not BODY_CUE.match(fold_width(line.strip()))
            return clean_title(line) if title else None
    return None


def _published(page: _Page, facts: Mapping[str, tuple[Found, ...]]) -> Found | None:
    """The day of publication: the source's field, a labelled date in head or foot, a bare one in the head, the
    signature's."""
    for fact in facts.get("published", ()):
        date = parse_date(fold_width(fact.value))
        if date:
            return Found(date, fact.where, fact.start, fact.end)
    for start, end in ((0, page.body), (page.foot, min(len(page.text), page.foot + _FOOT_REACH))):
        labelled = labelled_dates(page.folded, start, end)
        if labelled:
            return labelled[0]
    for item in page.furniture:
        if item.reason == "date":
            first = next(dates(page.folded, item.start, item.end), None)
            if first:
                return Found(first[0], "signature" if item.start >= page.body else "page head", first[1], first[2])
    return None


def _late(year: int | None, published: Found | None) -> list[str]:
    """A publication before the year it reports on contradicts it."""
    if year and published and int(published.value[:4]) < year:
        return [f"报告年度为{year}年，发布日期却是{published.value}。"]
    return []

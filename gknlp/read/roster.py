"""The roster: the inspector's own list of agencies, which settles who reports and tells who has not reported.

A table (CSV or XLSX) with one agency per row; Chinese or English headers; columns that mean nothing here are kept as
they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from gknlp.errors import SettingsError
from gknlp.normalize import fold
from gknlp.read.agency_names import tidy
from gknlp.read.dates import parse_date
from gknlp.read.profile import profile
from gknlp.read.roster_table import read_lines
from gknlp.types import Found, Identity

# Headers by what they mean; compared without blanks, in lower case.
_HEADERS = {
    "file": ("file", "path", "filename", "文件", "文件名", "文件路径", "路径"),
    "agency": ("agency", "name", "机关", "单位", "机关名称", "单位名称", "名称", "报告单位", "行政机关", "机构名称",
    "部门", "部门名称", "机构"),
    "aliases": ("aliases", "alias", "别名", "简称", "其他名称", "又名"),
    "predecessors": ("predecessors", "predecessor", "前身", "曾用名", "原名称", "原名", "历史名称"),
    "superior": ("superior", "上级", "上级机关", "主管部门", "上级单位", "主管单位"),
    "region": ("region", "地区", "行政区划", "区划", "所在地", "辖区"),
    "level": ("level", "级别", "层级", "行政级别"),
    "function": ("function", "职能", "类别", "领域"),
    "year": ("year", "年度", "年份", "报告年度"),
    "url": ("url", "link", "网址", "链接", "原文链接", "地址链接"),
    "published": ("published", "date", "发布日期", "公开日期", "发布时间", "公布日期"),
}
_MEANING = {header: name for name, headers in _HEADERS.items() for header in headers}
_LEVELS = {
    "national": ("国家", "中央", "国家级"),
    "province": ("省", "省级", "自治区", "直辖市"),
    "city": ("市", "市级", "地市", "地级", "设区市", "州"),
    "county": ("县", "县级", "区", "区县", "县区", "区级"),
    "township": ("乡", "乡级", "镇", "乡镇", "街道", "镇级", "乡镇级"),
}
_LEVEL_OF = {word: level for level, words in _LEVELS.items() for word in (level, *words)}
_SEPARATORS = re.compile(r"[;；、,，|/\n]+")
_SETTLED = ("superior", "region", "level", "function", "url", "published")
_FIELD_ZH = {
    "agency": "机关", "superior": "上级", "region": "地区", "level": "级别", "function": "职能", "year": "年度",
    "url": "网址", "published": "发布日期",
}


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One line of a roster; `line` counts as the editor shows it. None is not stated. `other` are unknown columns as
    read."""

    line: int
    agency: str | None = None
    file: str | None = None
    aliases: tuple[str, ...] = ()
    predecessors: tuple[str, ...] = ()
    superior: str | None = None
    region: str | None = None
    level: str | None = None
    function: str | None = None
    year: int | None = None
    url: str | None = None
    published: str | None = None
    other: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Roster:
    """A roster as loaded: `rows` in the order of the file; names and files folded to the places of the rows that bear
    them."""

    path: str
    rows: tuple[RosterRow, ...]
    by_name: Mapping[str, tuple[int, ...]]
    by_file: Mapping[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class MissingReport:
    """An agency of the roster without a report: its line, and the year asked for (None: no report of any year)."""

    line: int
    agency: str
    year: int | None


def load_roster(path: str | Path) -> Roster:
    """Read a roster: CSV (UTF-8 with or without BOM, GB18030; comma, semicolon or tab) or XLSX (its first sheet).

    Every row needs an agency or a file. Several aliases stand in one cell, apart by 、 ; , or |. SettingsError names
    line and column of what cannot be right: no known header, a header twice, a row without a name, an unknown level,
    a bad date or year.
    """
    source = Path(path)
    (_, header), *lines = read_lines(source)
    columns = _columns(source, header)
    rows = tuple(_row(source, number, values, columns) for number, values in lines)
    if not rows:
        raise SettingsError(f"Roster {path} has no row below its header.", hint="One line per agency is needed.")
    return _index(source, rows)


def _columns(source: Path, header: list[str]) -> list[tuple[str, str]]:
    """For each column what it means (empty: unknown) and its header as printed."""
    columns: list[tuple[str, str]] = []
    for place, name in enumerate(header, 1):
        printed = name.strip().lstrip("\ufeff")
        meaning = _MEANING.get(re.sub(r"\s+", "", printed).lower(), "")
        if meaning and any(meaning == known for known, _ in columns):
            raise SettingsError(
                f"Roster {source}, column {place} ({printed}): a second column for {meaning}.",
                    hint="Keep one of the two."
            )
        columns.append((meaning, printed or f"column {place}"))
    if not any(meaning in ("agency", "file") for meaning, _ in columns):
        names = ", ".join(printed for _, printed in columns)
        raise SettingsError(
            f"Roster {source} has no column for the agency or the file (columns: {names[:200]}).",
            hint="Name one of them 机关名称 (agency) or 文件 (file).",
        )
    return columns


def _row(source: Path, line: int, values: list[str], columns: list[tuple[str, str]]) -> RosterRow:
    """One line as a row; SettingsError names what cannot be right."""
    if len(values) > len(columns) and any(value.strip() for value in values[len(columns) :]):
        raise SettingsError(
            f"Roster {source}, line {line}: {len(values)} cells under {len(columns)} headers.",
            hint="Quote cells that hold commas."
        )
    stated: dict[str, str] = {}
    other: dict[str, str] = {}
    for (meaning, printed), value in zip(columns, values, strict=False):
        if meaning and value.strip():
            stated[meaning] = value.strip()
        elif not meaning:
            other[printed] = value
    if not stated.get("agency") and not stated.get("file"):
        message = f"Roster {source}, line {line}: neither agency nor file is given."
        raise SettingsError(message, hint="Fill one of the two.")
    printed_as = {meaning: printed for meaning, printed in columns if meaning}
    return RosterRow(
        line, tidy(stated["agency"]) if "agency" in stated else None, stated.get("file"), _names(stated.get("aliases")),
        _names(stated.get("predecessors")), stated.get("superior"), stated.get("region"),
        _level(source, line, stated, printed_as), stated.get("function"), _year(source, line, stated, printed_as),
        stated.get("url"), _date(source, line, stated, printed_as), other,
    )


def _names(cell: str | None) -> tuple[str, ...]:
    """The names in a cell, in order."""
    return tuple(tidy(name) for name in _SEPARATORS.split(cell or "") if name.strip())


def _level(source: Path, line: int, stated: Mapping[str, str], printed: Mapping[str, str]) -> str | None:
    """A level by its English or Chinese word."""
    value = stated.get("level")
    if value is None:
        return None
    level = _LEVEL_OF.get(value.lower())
    if level is None:
        raise SettingsError(
            f"Roster {source}, line {line}, column {printed['level']}: {value!r} is no level.",
            hint=f"It takes {', '.join(_LEVELS)} or 国家, 省, 市, 县, 乡.",
        )
    return level


def _year(source: Path, line: int, stated: Mapping[str, str], printed: Mapping[str, str]) -> int | None:
    value = stated.get("year")
    if value is None:
        return None
    match = re.fullmatch(r"((?:19|20)\d\d)(?:\.0)?年?度?", value)
    if match is None:
        raise SettingsError(
            f"Roster {source}, line {line}, column {printed['year']}: {value!r} is no year.",
            hint="Write 2023 or leave it empty."
        )
    return int(match[1])


def _date(source: Path, line: int, stated: Mapping[str, str], printed: Mapping[str, str]) -> str | None:
    value = stated.get("published")
    if value is None:
        return None
    date = parse_date(value)
    if date is None:
        raise SettingsError(
            f"Roster {source}, line {line}, column {printed['published']}: {value!r} is no date.",
            hint="Write 2024-01-31."
        )
    return date


def _index(source: Path, rows: tuple[RosterRow, ...]) -> Roster:
    """The rows with look-up tables by name and by file."""
    by_name: dict[str, list[int]] = {}
    by_file: dict[str, list[int]] = {}
    derived: dict[str, list[int]] = {}
    for place, row in enumerate(rows):
        own = {fold(name).text for name in (row.agency, *row.aliases, *row.predecessors) if name}
        for name in sorted(own):
            by_name.setdefault(name, []).append(place)
        for name in _derived(row):
            derived.setdefault(name, []).append(place)
        if row.file:
            by_file.setdefault(row.file.replace("\\", "/").strip("/"), []).append(place)
    for name, places in derived.items():  # a stated name is worth more than one made from another
        by_name.setdefault(name, places)
    return Roster(
        source.as_posix(), rows, {name: tuple(places) for name, places in by_name.items()},
        {name: tuple(places) for name, places in by_file.items()},
    )


def _derived(row: RosterRow) -> list[str]:
    """Folded names that a row's agency goes by although the roster does not say so: its id, short forms with its
    place."""
    if row.agency is None:
        return []
    known = profile(row.agency, [row.region] if row.region else [])
    place = known.region.name if known.region else None
    names = {known.agency_id, *(alias for alias in known.aliases if place and alias.startswith(place))}
    return sorted({fold(name).text for name in names})


def find_row(identity: Identity, file_path: str, roster: Roster) -> tuple[RosterRow | None, str | None]:
    """The row of a report, and a sentence where several rows fit. The file decides, then the agency's name, then its
    id.

    A row's file fits as a whole path or as the path's last parts; of several rows of one name that of the report's
    year is taken.
    """
    path = PurePosixPath(file_path.replace("\\", "/").replace("!/", "/"))
    parts = path.parts
    for start in range(len(parts)):
        places = roster.by_file.get("/".join(parts[start:]).strip("/"))
        if places:
            return _one(identity, [roster.rows[place] for place in places])
    names = [identity.agency, identity.agency_id]
    for name in filter(None, names):
        places = roster.by_name.get(fold(name).text)
        if places:
            return _one(identity, [roster.rows[place] for place in places])
    return None, None


def _one(identity: Identity, rows: list[RosterRow]) -> tuple[RosterRow | None, str | None]:
    """The row of the report's year among several, None with a sentence where it stays open."""
    fitting = [row for row in rows if row.year == identity.year] or [row for row in rows if row.year is None]
    rows = fitting or rows
    if len({row.agency for row in rows}) == 1:
        return rows[0], None
    lines = "、".join(str(row.line) for row in rows)
    return None, f"名册第{lines}行都可能是本报告的机关，未采用。"


def apply_roster(identity: Identity, file_path: str, roster: Roster) -> Identity:
    """The identity as the roster settles it: agency, aliases (predecessors among them), superior, region, level,
    function, url, date.

    What the report says otherwise stays in the evidence and becomes a sentence in `conflicts`; an alias or a
    predecessor is no mismatch. The year is never taken from the roster where the report states one. Pure; a report
    without a row stays as it is.
    """
    row, open_question = find_row(identity, file_path, roster)
    if row is None:
        return replace(identity, conflicts=(*identity.conflicts, open_question)) if open_question else identity
    where = f"roster line {row.line}"
    evidence = dict(identity.evidence)
    conflicts = list(identity.conflicts)
    agency = row.agency or identity.agency
    known = profile(agency, [text for text in (row.region, identity.region) if text]) if agency else None
    derived = {"superior": known.superior, "level": known.level,
        "function": known.function} if known and row.agency else {}
    settled: dict[str, str | None] = {"agency": agency}
    for name in _SETTLED:
        stated = getattr(row, name)
        settled[name] = stated or getattr(identity, name) or derived.get(name)
        if stated:
            evidence[name] = (Found(stated, where), *evidence.get(name, ()))
            conflicts += _mismatch(name, stated, getattr(identity, name), row.line)
    if row.agency:
        evidence["agency"] = (Found(row.agency, where), *evidence.get("agency", ()))
        conflicts += _renamed(identity, row)
    year = identity.year if identity.year is not None else row.year
    if row.year is not None and identity.year is None:
        evidence["year"] = (Found(str(row.year), where),)
    elif row.year is not None:
        conflicts += _mismatch("year", str(row.year), str(identity.year), row.line)
    names = {*row.aliases, *row.predecessors, *(known.aliases if known else ()), *identity.aliases, identity.agency
        or ""}
    aliases = tuple(sorted(names - {"", agency or ""}, key=lambda name: (-len(name), name)))
    return replace(
        identity, agency=agency, agency_id=known.agency_id if known else identity.agency_id, aliases=aliases, year=year,
        superior=settled["superior"], region=settled["region"] or (known.region.path if known
            and known.region else None),
        level=settled["level"], function=settled["function"], url=settled["url"], published=settled["published"],
        evidence=evidence, conflicts=tuple(dict.fromkeys(conflicts)),
    )


def _mismatch(name: str, stated: str, read: str | None, line: int) -> list[str]:
    """A sentence where report and roster differ; one that only says less (沭阳县, 江苏省宿迁市沭阳县) does not
    differ."""
    if read is None:
        return []
    ours, theirs = fold(read).text, fold(stated).text
    if ours == theirs or (name in ("region", "superior") and (ours.endswith(theirs) or theirs.endswith(ours))):
        return []
    if name == "function":
        return []  # the roster's words for functions are its own
    return [f"名册（第{line}行）写{_FIELD_ZH[name]}为{stated}，报告为{read}。"]


def _renamed(identity: Identity, row: RosterRow) -> list[str]:
    """A sentence where the report names quite another agency than the row that its file points to."""
    if identity.agency is None or row.agency is None:
        return []
    own = {fold(name).text for name in (row.agency, *row.aliases, *row.predecessors)}
    known = profile(row.agency)
    read = fold(identity.agency).text
    if read in own or read in {fold(alias).text for alias in known.aliases} or fold(row.agency).text.endswith(read):
        return []
    if identity.agency_id and fold(identity.agency_id).text == fold(known.agency_id).text:
        return []
    return _mismatch("agency", row.agency, identity.agency, row.line)


def missing_reports(roster: Roster, identities: Iterable[tuple[Identity, str]]) -> list[MissingReport]:
    """Who has not reported: rows without an annual report among `identities` (each with its file's path), in the
    roster's order.

    A row with a year wants a report of that year; one without wants one of any year. A page of kind `other` is no
    report.
    """
    reported: set[tuple[int, int | None]] = set()
    for identity, path in identities:
        row, _ = find_row(identity, path, roster)
        if row is not None and identity.kind == "annual_report":
            same = [other for other in roster.rows if other.agency == row.agency and other.agency] or [row]
            reported |= {(item.line, identity.year) for item in same} | {(item.line, None) for item in same}
    return [
        MissingReport(row.line, row.agency or row.file or "", row.year)
        for row in roster.rows
        if (row.line, row.year) not in reported
    ]

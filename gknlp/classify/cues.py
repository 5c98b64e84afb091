"""Cue rules of models/roles.toml: the view of a unit they are matched on, and what they find in it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from gknlp.errors import ResourceError, SettingsError
from gknlp.normalize import fold_width
from gknlp.resources import load_toml
from gknlp.types import ROLES

WHERE = ("anywhere", "start", "end", "clauses")
_RULE_KEYS = {"id", "role", "pattern", "weight", "where", "sections", "example", "counter_example"}
_REQUIRED = ("id", "role", "pattern", "weight", "example", "counter_example")

BLANK = "□"
# A blanked title or quotation counts as about this many characters more: the usual length of one.
_BLANK_CHARS = 9
# A title or quotation is named, not said: its words are no cues. Longer ones are unbalanced marks.
_QUOTED = re.compile("《([^《》\n]{1,80})》|“([^“”\n]{1,40})”")
_SPACE = re.compile(r"\s+")
# The number or order word an item of a list begins with; group "first" tells that the list begins here.
_MARKER = re.compile(
    r"""[\s"'.,、;]*(?:
        (?P<han>[一二三四五六七八九十]{1,3})(?:是要|则是|是|要|、|\.|,)
      | \((?P<paren>[一二三四五六七八九十]{1,3}|\d{1,2})\)[、.]?(?:是)?
      | 第(?P<nth>[一二三四五六七八九十])(?:[,、:]|方面|是|点)
      | (?P<digit>\d{1,2})(?:[.、)](?!\d)|是)
      | (?P<circle>[①-⑳])
      | (?P<word>首先|其次|再次|再者|最后|另外|此外|同时)[,是:]?
    )""",
    re.VERBOSE,
)
_FIRST = frozenset(("一", "1", "①", "首先"))
_CLAUSE = re.compile("[^,;:。!?]+")
# Clauses that only say when or on what basis: they do not count when a rule asks for half of a unit's characters.
_CONTEXT_CLAUSE = re.compile(
    "(?:20\\d\\d年(?:度)?|本年度|截至.{0,14}|根据.*|按照.*|依据.*|依照.*|全年|今年以来|因此|同时|其中|目前|我局|我镇|本机关)$"
)


@dataclass(frozen=True, slots=True)
class CueRule:
    """One rule of the file; `sections` empty means everywhere."""

    id: str
    role: str
    pattern: str
    weight: float
    where: str
    sections: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Group:
    """The rules of one role and place as one alternation; `rules` by number of the group that matched."""

    role: str
    where: str
    regex: re.Pattern[str]
    rules: Mapping[str, CueRule]


@dataclass(frozen=True, slots=True)
class CueBook:
    """All rules, compiled: `groups` in the order of `ROLES`; priors and states give points by role."""

    rules: tuple[CueRule, ...]
    groups: tuple[_Group, ...]
    masks: Mapping[str, re.Pattern[str]]
    traditional: Mapping[int, int]
    priors: Mapping[str, Mapping[str, float]]
    states: Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class View:
    """A unit as the rules see it: `core` without marker, quotations blanked; `kind` and `first` describe the marker."""

    core: str
    kind: str | None
    first: bool


@lru_cache(maxsize=4)
def load_cues(own_rules: str = "") -> CueBook:
    """The shipped rules and, in front of them, those of a user's TOML file (`[[rule]]` only); compiled once.

    SettingsError names what is wrong in the user's file, ResourceError in the shipped one.
    """
    shipped = load_toml("models/roles.toml")
    rules = [_rule(entry, "models/roles.toml") for entry in shipped["rule"]]
    if own_rules:
        rules = [*_own_rules(own_rules), *rules]
    return CueBook(
        rules=tuple(rules),
        groups=_compile(rules),
        masks={entry["role"]: re.compile(_join_masks(shipped, entry["role"])) for entry in shipped["mask"]},
        traditional=str.maketrans(shipped["fold"]["traditional"], shipped["fold"]["simplified"]),
        priors=shipped["prior"],
        states=shipped["state"],
    )


def _join_masks(shipped: Mapping[str, Any], role: str) -> str:
    return "|".join(entry["pattern"] for entry in shipped["mask"] if entry["role"] == role)


def _own_rules(name: str) -> list[CueRule]:
    try:
        content = tomllib.loads(Path(name).read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        hint = "Check the path and the line named."
        raise SettingsError(f"Rule file {name} cannot be read: {error}.", hint=hint) from error
    unknown = sorted(set(content) - {"rule", "version"})
    if unknown:
        hint = "It may hold [[rule]] only."
        raise SettingsError(f"Rule file {name} has unknown tables: {', '.join(unknown)}.", hint=hint)
    try:
        rules = [_rule(entry, name) for entry in content.get("rule", [])]
    except ResourceError as error:
        raise SettingsError(error.message, hint=error.hint) from error
    return rules


def _rule(entry: Mapping[str, Any], source: str) -> CueRule:
    """Check one rule; its message names file, rule and key."""
    name = f"{source}, rule {entry.get('id', '(no id)')}"
    missing = [key for key in _REQUIRED if key not in entry]
    unknown = sorted(set(entry) - _RULE_KEYS)
    if missing or unknown:
        raise ResourceError(
            f"{name}: missing {missing}, unknown {unknown}.", hint=f"A rule has: {', '.join(sorted(_RULE_KEYS))}."
        )
    where = entry.get("where", "anywhere")
    if entry["role"] not in ROLES or where not in WHERE:
        raise ResourceError(
            f"{name}: role {entry['role']!r}, where {where!r}.",
            hint=f"Roles are {', '.join(ROLES)}; where is one of {', '.join(WHERE)}.",
        )
    try:
        empty = re.compile(entry["pattern"]).match("") is not None
    except re.error as error:
        raise ResourceError(f"{name}: the pattern is no regular expression: {error}.", hint="Mend it.") from error
    if empty:
        raise ResourceError(f"{name}: the pattern matches the empty text.", hint="Write what it must find.")
    sections = frozenset(entry.get("sections", ()))
    return CueRule(entry["id"], entry["role"], entry["pattern"], float(entry["weight"]), where, sections)


def _compile(rules: list[CueRule]) -> tuple[_Group, ...]:
    """One alternation per role, place and sections, so that a unit is scanned a few times and not once per rule.

    Rules with different sections are kept apart: a rule that does not apply must not hide one that does.
    """
    together: dict[tuple[str, str, frozenset[str]], list[CueRule]] = {}
    for rule in rules:
        together.setdefault((rule.role, rule.where, rule.sections), []).append(rule)
    groups = []
    for (role, where, _), members in sorted(together.items(), key=lambda item: ROLES.index(item[0][0])):
        named = {f"r{number}": rule for number, rule in enumerate(members)}
        tail = r"(?=[。;,.!:]*$)" if where == "end" else ""
        pattern = "|".join(f"(?P<{name}>(?:{rule.pattern}){tail})" for name, rule in named.items())
        groups.append(_Group(role, where, re.compile(pattern), named))
    return tuple(groups)


def view(text: str, book: CueBook) -> View:
    """The view of a unit that cue patterns are written for (see the head of models/roles.toml). Cost: linear."""
    folded = fold_width(_QUOTED.sub(_blank, text))
    plain = _SPACE.sub("", folded).translate(book.traditional)
    marker = _MARKER.match(plain)
    if marker is None:
        return View(plain, None, False)
    value = marker.group(marker.lastgroup or 0)
    return View(plain[marker.end() :].lstrip(",:、"), marker.lastgroup, value in _FIRST)


def _blank(match: re.Match[str]) -> str:
    return f"《{BLANK}》" if match.group(1) else BLANK


def match_cues(seen: View, section: str, book: CueBook) -> list[CueRule]:
    """The rules that hold for a unit, each once, in the order of roles and then of the file."""
    found: dict[str, CueRule] = {}
    masked: dict[str, str] = {}
    for group in book.groups:
        sections = next(iter(group.rules.values())).sections
        if sections and section not in sections:
            continue
        role = group.role
        if role not in masked:
            mask = book.masks.get(role)
            masked[role] = mask.sub(BLANK, seen.core) if mask else seen.core
        for rule in _search(group, masked[role]):
            found.setdefault(rule.id, rule)
    return list(found.values())


def _search(group: _Group, text: str) -> list[CueRule]:
    if group.where == "start":
        first = group.regex.match(text)
        return [group.rules[first.lastgroup]] if first and first.lastgroup else []
    if group.where == "clauses":
        return _clause_rules(group, text)
    return [group.rules[match.lastgroup] for match in group.regex.finditer(text) if match.lastgroup]


def _clause_rules(group: _Group, text: str) -> list[CueRule]:
    """Rules whose clauses hold at least half of the characters that stand in clauses of content."""
    if group.regex.search(text) is None and "^" not in group.regex.pattern:
        return []
    chars: dict[str, int] = {}
    total = 0
    for clause in _CLAUSE.findall(text):
        match = group.regex.search(clause)
        length = len(clause) + _BLANK_CHARS * clause.count(BLANK)
        if match and match.lastgroup:
            chars[match.lastgroup] = chars.get(match.lastgroup, 0) + length
        elif _CONTEXT_CLAUSE.match(clause):
            continue
        total += length
    return [group.rules[name] for name, count in chars.items() if 2 * count >= total]

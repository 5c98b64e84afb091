"""Cue rules of models/roles.toml: the view of a unit they are matched on, and what they find in it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, NamedTuple

from gknlp.classify.grams import HashedTexts, hash_texts
from gknlp.classify.prefilter import Prefilter, bit_numbers
from gknlp.errors import ResourceError, SettingsError
from gknlp.normalize import fold_width
from gknlp.resources import load_toml
from gknlp.types import ROLES, SECTION_IDS

SHIPPED = "models/roles.toml"
LETTERS = "models/traditional.toml"
WHERE = ("anywhere", "start", "end", "clauses")
_RULE_KEYS = {"id", "role", "pattern", "clue", "weight", "where", "sections", "example", "counter_example"}
_REQUIRED = ("id", "role", "pattern", "weight", "example", "counter_example")

BLANK = "□"
# The sections of plain strings, for rules and priors.
PLAIN, COMPANY = "none", "company"
# A blanked title or quotation counts as about this many characters more: the usual length of one.
_BLANK_CHARS = 9
# A title or quotation is named, not said: its words are no cues. Longer ones are unbalanced marks.
_QUOTED = re.compile("《([^《》\n]{1,80})》|“([^“”\n]{1,40})”")
_SPACE = re.compile(r"\s+")
# A text is in traditional characters where one in this many differs from its simplified form; usual is one in three.
_TRADITIONAL_SHARE = 10
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
    """One rule; `sections` empty means everywhere; `anchored` patterns hold of a clause; `own` rules are a user's."""

    id: str
    role: str
    pattern: str
    weight: float
    where: str
    sections: frozenset[str]
    regex: re.Pattern[str]
    clue: re.Pattern[str] | None
    anchored: bool
    own: bool


@dataclass(frozen=True, slots=True)
class CueBook:
    """All rules, compiled, in the order of the file, own ones first; priors and states give points by role.

    `tests` tell of a text whether each rule holds; `by_section` has a bit for each rule that holds there; `masks` blank
    what is no cue for the rules with these numbers.
    """

    rules: tuple[CueRule, ...]
    tests: tuple[Callable[[str], object], ...]
    prefilter: Prefilter
    by_section: Mapping[str, int]
    masks: tuple[tuple[frozenset[int], re.Pattern[str]], ...]
    company: re.Pattern[str]
    traditional: Mapping[int, int]
    traditional_letters: frozenset[str]
    priors: Mapping[str, Mapping[str, float]]
    states: Mapping[str, Mapping[str, float]]


class View(NamedTuple):
    """A unit as the rules see it: `plain` in half width without white space, `core` also without marker, quotations
    blanked and characters simplified; `kind` and `first` describe the marker, `candidates` has a bit for each rule that
    can hold of it (the prefilter's).
    """

    plain: str
    core: str
    kind: str | None
    first: bool
    candidates: int


@lru_cache(maxsize=4)
def load_cues(own_rules: str = "") -> CueBook:
    """The shipped rules and, in front of them, those of a user's TOML file (`[[rule]]` only); compiled once.

    SettingsError names what is wrong in the user's file, ResourceError in the shipped one.
    """
    shipped, letters = load_toml(SHIPPED), load_toml(LETTERS)
    rules = [_rule(entry, SHIPPED) for entry in shipped["rule"]]
    if own_rules:
        rules = [*_own_rules(own_rules), *rules]
    return CueBook(
        rules=tuple(rules),
        tests=tuple(map(_search_of, rules)),
        prefilter=Prefilter([rule.pattern for rule in rules]),
        by_section={section: _rules_of(rules, section) for section in (*SECTION_IDS, PLAIN, COMPANY)},
        masks=tuple(
            (
                frozenset(at for at, rule in enumerate(rules) if rule.role == role and rule.where != "clauses"),
                re.compile("|".join(entry["pattern"] for entry in shipped["mask"] if entry["role"] == role)),
            )
            for role in dict.fromkeys(entry["role"] for entry in shipped["mask"])
        ),
        company=re.compile(shipped["company"]["pattern"]),
        traditional=str.maketrans(letters["traditional"], letters["simplified"]),
        traditional_letters=frozenset(letters["traditional"]),
        priors=shipped["prior"],
        states=shipped["state"],
    )


def _rules_of(rules: Sequence[CueRule], section: str) -> int:
    names = {PLAIN, COMPANY} if section == COMPANY else {section}
    return sum(1 << at for at, rule in enumerate(rules) if not rule.sections or rule.sections & names)


def _search_of(rule: CueRule) -> Callable[[str], object]:
    """What tells whether a rule holds of a text; the clue is looked for first, where there is one."""
    search: Callable[[str], object] = rule.regex.match if rule.where == "start" else rule.regex.search
    if rule.where == "clauses":
        search = partial(_holds_half, rule)
    if rule.clue is None:
        return search
    clue = rule.clue.search
    return lambda text: clue(text) and search(text)


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
    tail = r"(?=[。;,.!:]*$)" if where == "end" else ""
    try:
        regex = re.compile(f"(?:{entry['pattern']}){tail}" if tail else entry["pattern"])
        clue = re.compile(entry["clue"]) if "clue" in entry else None
    except re.error as error:
        raise ResourceError(f"{name}: the pattern is no regular expression: {error}.", hint="Mend it.") from error
    if regex.match(""):
        raise ResourceError(f"{name}: the pattern matches the empty text.", hint="Write what it must find.")
    return CueRule(
        id=entry["id"], role=entry["role"], pattern=entry["pattern"], weight=float(entry["weight"]), where=where,
        sections=frozenset(entry.get("sections", ())), regex=regex, clue=clue, anchored="^" in entry["pattern"],
        own=source != SHIPPED,
    )


def view_texts(texts: Sequence[str], book: CueBook) -> tuple[list[View], HashedTexts]:
    """The view of each text, and the grams of them all, hashed once for every set of rules. Cost: linear."""
    parts = [_view_parts(text, book) for text in texts]
    hashed = hash_texts([plain if plain.endswith(core) else plain + core for plain, core, _, _ in parts])
    candidates = book.prefilter.candidates(hashed)
    return [View(*part, bits) for part, bits in zip(parts, candidates, strict=True)], hashed


def _view_parts(text: str, book: CueBook) -> tuple[str, str, str | None, bool]:
    plain = core = _SPACE.sub("", fold_width(text))
    if "《" in text or "“" in text:
        core = _SPACE.sub("", fold_width(_QUOTED.sub(_blank, text)))
    if not book.traditional_letters.isdisjoint(core):
        core = core.translate(book.traditional)
    marker = _MARKER.match(core)
    if marker is None:
        return plain, core, None, False
    value = marker.group(marker.lastgroup or 0)
    return plain, core[marker.end() :].lstrip(",:、"), marker.lastgroup, value in _FIRST


def plain_section(text: str, seen: View, book: CueBook) -> str:
    """The section of a plain string: `company` for one of a company's report, else `none`."""
    letters = sum(letter in book.traditional_letters for letter in text)
    return COMPANY if letters * _TRADITIONAL_SHARE >= len(text) > 0 or book.company.search(seen.core) else PLAIN


def _blank(match: re.Match[str]) -> str:
    return f"《{BLANK}》" if match.group(1) else BLANK


def match_cues(seen: View, section: str, book: CueBook) -> list[CueRule]:
    """The rules that hold for a unit of this section, each once, in the order of `book.rules`.

    What the masks of a role blank is no cue for it. Cost: the rules that need a pair of characters the unit holds,
    times its length.
    """
    text, tests = seen.core, book.tests
    held = [number for number in bit_numbers(seen.candidates & book.by_section[section]) if tests[number](text)]
    for maskable, mask in book.masks:
        if not maskable.isdisjoint(held):
            masked = mask.sub(BLANK, text)
            if masked != text:
                held = [number for number in held if number not in maskable or tests[number](masked)]
    return [book.rules[number] for number in held]


def _holds_half(rule: CueRule, text: str) -> bool:
    """Whether the clauses that match hold at least half of the characters that stand in clauses of content."""
    regex = rule.regex
    if not (rule.anchored or regex.search(text)):
        return False
    held = total = 0
    for clause in _CLAUSE.findall(text):
        match = regex.search(clause)
        if match is None and _CONTEXT_CLAUSE.match(clause):
            continue
        length = len(clause) + _BLANK_CHARS * clause.count(BLANK)
        total += length
        held += length if match else 0
    return held > 0 and 2 * held >= total

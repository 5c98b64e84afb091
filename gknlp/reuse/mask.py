"""Typed slots: names, places, figures, dates and document numbers of a text, so that a copy with names exchanged shows.

The rules are data (`models/mask.toml`). They run on the text in half width without white space and give spans of the
text itself.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from gknlp.normalize import fold_width
from gknlp.resources import load_toml
from gknlp.reuse.characters import BLANK
from gknlp.reuse.cores import Anywhere, Near
from gknlp.reuse.heads import Heads

# What each slot looks like in a masked view. The three kinds of name share one sign: a copier writes 我局 where the
# source has its full name. Private-use characters are never letters, so no text can contain one by itself.
NAME, DATE, NUMBER, DOCUMENT, CONTACT = "\ue001", "\ue002", "\ue003", "\ue004", "\ue005"
SIGNS = {
    "self": NAME, "place": NAME, "agency": NAME, "date": DATE, "number": NUMBER, "document": DOCUMENT,
    "contact": CONTACT,
}
# Slots that stay masked inside 《…》, where everything else says which document is meant.
_IN_TITLES = frozenset({"self", "date"})
TITLE = re.compile(r"《[^《》\n]{1,80}》")
# What the names of places end with.
_LEVELS = frozenset("省市县区州盟旗镇乡")
# A name of another agency must have three characters: shorter ones (教育) are ordinary words.
_LEAST_FOREIGN_NAME = 3
# The names of departments begin with this many characters that are theirs (政务服, and not 政务).
_DEPARTMENT_HEAD = 3
_PLACE_NAMES_RULE, _OWN_NAMES_RULE, _DEPARTMENT_RULE = "place.known", "self.name", "agency.department"

# Names by their first two characters (see `index_names`).
Names = Heads


@dataclass(frozen=True, slots=True)
class MaskSlot:
    """A masked stretch `[start, end)` of the text: `slot` is a key of `SIGNS`, `rule` the id of what found it."""

    slot: str
    start: int
    end: int
    rule: str


@dataclass(frozen=True, slots=True)
class Squeezed:
    """A stretch in half width without white space; `offsets[i]` is the place of character i in the whole text."""

    text: str
    offsets: array[int]

    def to_source(self, start: int, end: int) -> tuple[int, int]:
        """The span of the whole text that `[start, end)` (not empty) of the view stands for."""
        return self.offsets[start], self.offsets[end - 1] + 1

    def part(self, start: int, end: int) -> Squeezed:
        """What `squeeze` gives for `[start, end)` of the whole text, if that lies in this stretch. Cost: its length."""
        first, last = bisect_left(self.offsets, start), bisect_left(self.offsets, end)
        return Squeezed(self.text[first:last], self.offsets[first:last])


def squeeze(text: str, start: int = 0, end: int | None = None) -> Squeezed:
    """The view rules are matched on: `text[start:end]` in half width, white space left out. Cost: linear.

    >>> squeeze("我 局　２０２０").text
    '我局2020'
    """
    stop = len(text) if end is None else end
    wide = fold_width(text[start:stop])
    if not BLANK.search(wide):
        return Squeezed(wide, array("l", range(start, stop)))
    blank = {found.start() for found in BLANK.finditer(wide)}
    kept = [i for i in range(len(wide)) if i not in blank]
    return Squeezed("".join(wide[i] for i in kept), array("l", (start + i for i in kept)))


def index_names(names: Iterable[str]) -> Names:
    """Names by their first two characters, longest first; shorter ones than two characters are left out."""
    return Heads((BLANK.sub("", fold_width(name)) for name in names if name), 2)


@cache
def known_places() -> Names:
    """Provinces and prefectures of `models/mask.toml`, indexed."""
    tables = load_toml("models/mask.toml")
    return index_names([*tables["provinces"]["list"].split(), *prefecture_cities()])


@cache
def prefecture_cities() -> frozenset[str]:
    """Cities at prefecture level by full name (X市)."""
    return frozenset(f"{stem}市" for stem in load_toml("models/mask.toml")["prefectures"]["cities"].split())


def foreign_names(names: Iterable[str]) -> Names:
    """The names of a run's agencies and places, indexed for `mask_text(known=…)`."""
    return index_names(name for name in names if len(name) >= _LEAST_FOREIGN_NAME)


@cache
def _rules() -> tuple[tuple[str, str, Anywhere | Near], ...]:
    """`(rule id, slot, what finds its spans in a squeezed text)` of `models/mask.toml`, in its order."""
    tables = load_toml("models/mask.toml")
    departments = sorted(set(tables["departments"]["list"].split()), key=lambda name: (-len(name), name))
    either = f"(?:{'|'.join(departments)})(?![事理公]|信息)"
    heads = Heads(departments, _DEPARTMENT_HEAD)
    made = []
    for rule in tables["rules"]:
        pattern = rule["pattern"].replace("{department}", either)
        core = heads if rule.get("core") == "{department}" else rule.get("core")
        spans = Anywhere(pattern) if core is None else Near(pattern, core, rule["reach"])
        made.append((rule["id"], rule["slot"], spans))
    return tuple(made)


def find_names(text: str, names: Names) -> list[tuple[int, int]]:
    """Places of `names` (see `index_names`) in a squeezed text: leftmost, longest, never overlapping. Cost: linear."""
    found: list[tuple[int, int]] = []
    reached = 0
    for at in names.places(text):
        if at >= reached:
            for name in names[text[at : at + 2]]:
                if text.startswith(name, at):
                    reached = at + len(name)
                    found.append((at, reached))
                    break
    return found


def find_slots(text: str, own: Sequence[tuple[int, int]], known: Names) -> list[tuple[int, int, str, str]]:
    """`(start, end, slot, rule)` of a squeezed text in order, none overlapping: own names, names known, then the rules.

    `own` are the places of the author's own names (see `find_names`).

    No slot goes across a line feed, so that stretches can be given together, one a line.
    """
    taken = bytearray(len(text))
    titles = bytearray(len(text))
    for title in TITLE.finditer(text):
        titles[title.start() : title.end()] = b"\1" * (title.end() - title.start())
    found: list[tuple[int, int, str, str]] = []
    for slot, rule, spans in _proposed(text, own, known):
        shown = slot not in _IN_TITLES
        for start, end in spans:
            # 淮安市水利局: the level of the department is part of a place already found.
            if rule == _DEPARTMENT_RULE and taken[start]:
                start += 1
            if taken.find(1, start, end) < 0 and not (shown and titles.find(1, start, end) >= 0):
                taken[start:end] = b"\1" * (end - start)
                found.append((start, end, slot, rule))
    return sorted(found)


def _proposed(
    text: str, own: Sequence[tuple[int, int]], known: Names
) -> Iterator[tuple[str, str, Iterable[tuple[int, int]]]]:
    """All that could be a slot, what takes precedence first: addresses, names, then the other rules."""
    rules = _rules()
    for rule, slot, pattern in rules:
        if slot in ("contact", "document"):
            yield slot, rule, pattern.spans(text)
    yield "self", _OWN_NAMES_RULE, own
    for names in (known, known_places()):
        found = find_names(text, names)
        yield "place", _PLACE_NAMES_RULE, [(start, end) for start, end in found if text[end - 1] in _LEVELS]
        yield "agency", _PLACE_NAMES_RULE, [(start, end) for start, end in found if text[end - 1] not in _LEVELS]
    for rule, slot, pattern in rules:
        if slot not in ("contact", "document"):
            yield slot, rule, pattern.spans(text)


def mask_squeezed(view: Squeezed, own: Names, known: Names) -> tuple[MaskSlot, ...]:
    """The slots of a squeezed text (see `find_slots`), as spans of the text it was made of."""
    found = find_slots(view.text, find_names(view.text, own), known)
    return tuple(MaskSlot(slot, *view.to_source(start, end), rule) for start, end, slot, rule in found)


def mask_text(text: str, *, names: Iterable[str] = (), known: Iterable[str] = ()) -> tuple[MaskSlot, ...]:
    """The slots of `text`: typed, in order, never overlapping; offsets count code points of `text`.

    `names` are the author's own (slot `self`, beside 我局, 本机关, 全县 …), `known` those of other agencies and places.
    Places and agencies that nobody named are found by the grammar of their suffixes, numbers, dates and document
    numbers
    by pattern; inside 《…》 only own names and dates. Empty text has no slots. Cost: linear. Bad at place names without
    a suffix (苏州的做法) and at names that follow a verb without a break.

    >>> [(slot.slot, slot.start, slot.end) for slot in mask_text("2020年我局公开信息36条")]
    [('date', 0, 5), ('self', 5, 7), ('number', 11, 13)]
    """
    return mask_squeezed(squeeze(text), index_names(names), foreign_names(known))

"""Automatic numbering of Word documents: numbers that exist only in numbering.xml, written out as Word shows them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from gknlp.read.source import Node

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DIGITS = "〇一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_ROMAN = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"),
          (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
_CYCLES = {"ideographTraditional": "甲乙丙丁戊己庚辛壬癸", "ideographZodiac": "子丑寅卯辰巳午未申酉戌亥"}
_ENCLOSED = {"decimalEnclosedCircle": (0x2460, 20), "decimalEnclosedParen": (0x2474, 20),
             "decimalEnclosedFullstop": (0x2488, 20), "ideographEnclosedCircle": (0x3280, 10)}
_COUNTING = ("chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting",
             "taiwaneseCountingThousand", "koreanCounting")


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: number format, text with `%1` places, first number, level whose step restarts it."""

    number_format: str
    text: str
    start: int
    suffix: str
    legal: bool
    restart: int | None


@dataclass(slots=True)
class Numbering:
    """All lists of a document and how far each has counted; `label` is called once per numbered paragraph, in order."""

    levels: dict[str, dict[int, Level]] = field(default_factory=dict)
    lists: dict[str, str] = field(default_factory=dict)
    style_levels: dict[str, tuple[str, int]] = field(default_factory=dict)
    counts: dict[str, dict[int, int]] = field(default_factory=dict)
    overridden: set[tuple[str, int]] = field(default_factory=set)
    overrides: dict[tuple[str, int], int] = field(default_factory=dict)

    def label(self, list_id: str, depth: int) -> str:
        """Count one step of a list at a level (from 0) and give its number as printed; empty for bullets and none."""
        abstract = self.lists.get(list_id)
        levels = self.levels.get(abstract or "", {})
        level = levels.get(depth)
        if abstract is None or level is None:
            return ""
        counts = self.counts.setdefault(abstract, {})
        key = (list_id, depth)
        if key in self.overrides and key not in self.overridden:
            self.overridden.add(key)
            counts[depth] = self.overrides[key]
        else:
            counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [d for d in counts if d > depth]:
            limit = levels[deeper].restart if deeper in levels else None
            if limit is None or (limit and depth < limit):
                del counts[deeper]
        if level.number_format in ("bullet", "none") and "%" not in level.text:
            return "" if level.number_format == "bullet" else level.text

        def shown(match: re.Match[str]) -> str:
            place = int(match[1]) - 1
            other = levels.get(place, level)
            style = "decimal" if level.legal else other.number_format
            return format_number(counts.get(place, other.start), style)

        text = re.sub(r"%([1-9])", shown, level.text)
        return text + {"space": " ", "tab": " " if text[-1:].isascii() else ""}.get(level.suffix, "")


def read_numbering(numbering: Node | None, styles: Node | None) -> Numbering:
    """The lists of a document from its numbering.xml and styles.xml trees, either of which may be missing."""
    found = Numbering()
    if numbering is None:
        return found
    by_style: dict[str, str] = {}
    links: dict[str, str] = {}
    for abstract in numbering.iter(f"{W}abstractNum"):
        number = abstract.get(f"{W}abstractNumId", "")
        found.levels[number] = {
            int(level.get(f"{W}ilvl", "0")): _read_level(level) for level in abstract.findall(f"{W}lvl")
        }
        style, link = abstract.find(f"{W}styleLink"), abstract.find(f"{W}numStyleLink")
        if style is not None:
            by_style[style.get(f"{W}val", "")] = number
        if link is not None:
            links[number] = link.get(f"{W}val", "")
        for level in abstract.findall(f"{W}lvl"):
            name = level.find(f"{W}pStyle")
            if name is not None:
                found.style_levels[name.get(f"{W}val", "")] = (number, int(level.get(f"{W}ilvl", "0")))
    for number, style_name in links.items():
        if style_name in by_style and not found.levels[number]:
            found.levels[number] = found.levels[by_style[style_name]]
    for entry in numbering.iter(f"{W}num"):
        _read_list(found, entry)
    return found


def _read_list(found: Numbering, entry: Node) -> None:
    """A `w:num`: which abstract list it counts in, and where it begins anew or looks different."""
    list_id = entry.get(f"{W}numId", "")
    abstract = entry.find(f"{W}abstractNumId")
    if abstract is None:
        return
    found.lists[list_id] = abstract.get(f"{W}val", "")
    for override in entry.findall(f"{W}lvlOverride"):
        depth = int(override.get(f"{W}ilvl", "0"))
        start = override.find(f"{W}startOverride")
        level = override.find(f"{W}lvl")
        if level is not None:
            own = f"{found.lists[list_id]}/{list_id}"
            found.levels[own] = {**found.levels.get(found.lists[list_id], {}), depth: _read_level(level)}
            found.lists[list_id] = own
        if start is not None:
            found.overrides[list_id, depth] = int(start.get(f"{W}val", "1"))


def _read_level(level: Node) -> Level:
    """A `w:lvl` element's settings."""

    def value(name: str, default: str) -> str:
        child = level.find(f"{W}{name}")
        return default if child is None else child.get(f"{W}val", default)

    number_format = value("numFmt", "decimal")
    custom = level.find(f".//{W}numFmt[@{W}format]")
    if number_format == "custom" and custom is not None:
        number_format = "decimalZero"
    restart = value("lvlRestart", "")
    legal = level.find(f"{W}isLgl")
    return Level(
        number_format, value("lvlText", ""), _integer(value("start", "1"), 1), value("suff", "tab"),
        legal is not None and legal.get(f"{W}val", "1") not in ("0", "false"),
        int(restart) if restart.isdigit() else None,
    )


def _integer(value: str, default: int) -> int:
    """A whole number, or the default for what is none."""
    return int(value) if re.fullmatch(r"-?\d{1,9}", value) else default


def format_number(number: int, number_format: str) -> str:
    """A list number as Word prints it in one of its formats; formats not known here count in plain digits."""
    if number_format in _COUNTING:
        return chinese_number(number)
    if number_format in ("ideographDigital", "japaneseDigitalTenThousand", "taiwaneseDigital"):
        return "".join(_DIGITS[int(d)] for d in str(number))
    if number_format in ("chineseLegalSimplified", "ideographLegalTraditional", "japaneseLegal"):
        return chinese_number(number, digits=_LEGAL, units=("", "拾", "佰", "仟"))
    if number_format in ("upperLetter", "lowerLetter") and number > 0:
        letter = chr(65 + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letter if number_format == "upperLetter" else letter.lower()
    if number_format in ("upperRoman", "lowerRoman") and 0 < number < 4000:
        roman = _roman(number)
        return roman if number_format == "upperRoman" else roman.lower()
    for name, (first, last) in _ENCLOSED.items():
        if number_format.startswith(name) and 0 < number <= last:
            return chr(first + number - 1)
    if number_format in _CYCLES and number > 0:
        cycle = _CYCLES[number_format]
        return cycle[(number - 1) % len(cycle)]
    if number_format == "decimalFullWidth":
        return "".join(chr(0xFF10 + int(d)) for d in str(abs(number)))
    if number_format == "decimalZero":
        return f"{number:02d}"
    return "" if number_format in ("none", "bullet") else str(number)


def _roman(number: int) -> str:
    """Roman numerals."""
    text = ""
    for value, letters in _ROMAN:
        text += letters * (number // value)
        number %= value
    return text


def chinese_number(number: int, *, digits: str = "零一二三四五六七八九",
                   units: tuple[str, ...] = ("", "十", "百", "千")) -> str:
    """Counting numerals up to 9,999: 12 is 十二, 20 二十, 103 一百零三; plain digits beyond.

    >>> [chinese_number(n) for n in (3, 10, 12, 20, 103, 110)]
    ['三', '十', '十二', '二十', '一百零三', '一百一十']
    """
    if not 0 < number < 10_000:
        return str(number) if number else digits[0]
    text, pending = "", False
    for power in range(len(str(number)) - 1, -1, -1):
        digit = number // 10**power % 10
        if digit:
            text += (digits[0] if pending and text else "") + digits[digit] + units[power]
            pending = False
        else:
            pending = True
    return text[1:] if 10 <= number < 20 and units[1] == "十" else text

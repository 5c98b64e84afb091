"""Characters no text should hold, and signs that a page was hijacked, converted or polluted on its way."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

from gknlp.read.source import warning
from gknlp.resources import load_toml
from gknlp.types import Failure

# Invisible characters that break words apart without a reader seeing them; dropped when a text is first made.
_INVISIBLE = tuple(map(chr, (0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065), 0xFEFF)))
_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# Without these bytes in its UTF-8, and the two non-characters, a text holds none of them, which is quicker to see.
_CONTROLS = bytes((*range(9), 11, 12, *range(14, 32), 127))
_LEADS_TO_CONTROLS = b"\xc2"


def normal_lines(text: str) -> str:
    """`text` with `\\n` as the only line end and without invisible characters (zero-width, soft hyphen, BOM)."""
    return _LINE_ENDS.sub("\n", drop_invisible(text))


def drop_invisible(text: str) -> str:
    """`text` without zero-width characters, soft hyphens, direction marks and byte order marks."""
    for character in _INVISIBLE:  # eighteen searches in C cost less than one with a character class
        if character in text:
            text = text.replace(character, "")
    return text


def replace_unreadable(text: str) -> tuple[str, tuple[Failure, ...]]:
    """Put U+FFFD, one for one, for control characters (but `\\n`, `\\t`) and lone surrogates; a warning counts them."""
    if _is_clean(text):
        return text, ()
    cleaned, count = _UNREADABLE.subn("\ufffd", text)
    if not count:
        return text, ()
    return cleaned, (warning(
        "UnreadableCharacters", f"{count} control characters or lone surrogates stand as U+FFFD.",
        "Fetch the file again from its source if these places matter.",
    ),)


def _is_clean(text: str) -> bool:
    """Whether the bytes of a text rule out unreadable characters; False where only a closer look can tell."""
    try:
        raw = text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    if _LEADS_TO_CONTROLS in raw or "\ufffe" in text or "\uffff" in text:
        return False
    return len(raw.translate(None, _CONTROLS)) == len(raw)


# ---- pollution -----------------------------------------------------------------------------------------------------

_TONED = "a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü"
_PINYIN = re.compile(rf"[（(]\s?[{_TONED}]{{1,6}}(?:[ '’][{_TONED}]{{1,6}}){{0,4}}\s?[）)]")
_TONES = re.compile(r"[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ]")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_NUMBER_LINE = re.compile(r"^\d{1,7}$", re.M)
# Judged on the first characters: pollution is all over a page or not at all, and a long text costs no more.
_SAMPLE = 100_000
# Two toned syllables or three plain ones are no accident; one may explain a rare character.
_MIN_TONED, _MIN_PLAIN = 2, 3
# A converted text has a third of characters that exist in one script only; a quotation or a name has a few.
_TRADITIONAL_SHARE = 0.08
_SCRIPT_SAMPLE, _SCRIPT_LEAST = 5_000, 20
# No traditional text is without all of these; simplified ones have none, which spares them the count.
_TELLING = "開報國為與務個時來們這對關會學"
# Statutory tables printed a cell to the line repeat 0 dozens of times; so many numbers without one repeat were thinned.
_DISTINCT_NUMBERS = 15


def find_pollution(text: str) -> tuple[Failure, ...]:
    """Signs that a page was hijacked or changed on its way, each a warning that quotes its evidence.

    Pinyin in brackets after words, traditional characters throughout, injected advertising (models/pollution.toml),
    lines thinned to distinct ones. The text itself is never changed. Looks at the first 100,000 characters.
    """
    sample = text[:_SAMPLE]
    found: list[Failure] = []
    pinyin = [
        sample[match.start() - 1:match.end()] for match in _PINYIN.finditer(sample)
        if _HAN.match(sample[max(0, match.start() - 1):])
    ]
    if sum(bool(_TONES.search(word)) for word in pinyin) >= _MIN_TONED or len(pinyin) >= _MIN_PLAIN:
        found.append(_pollution("pinyin stands in brackets after words", pinyin))
    spam = [word for rule in load_toml("models/pollution.toml")["rule"] for word in rule["words"] if word in sample]
    if spam:
        found.append(_pollution("advertising words stand in the text", spam))
    if is_traditional(sample):
        found.append(warning("TraditionalScript", "The text is in traditional characters; it is kept as it is.",
                             "If the agency publishes in simplified characters, the page was converted."))
    numbers = _NUMBER_LINE.findall(sample)
    if len(numbers) >= _DISTINCT_NUMBERS and len(set(numbers)) == len(numbers):
        found.append(_pollution("no number of the printed table occurs twice, so repeated lines were dropped", numbers))
    return tuple(found)


def _pollution(what: str, evidence: list[str]) -> Failure:
    """A warning on pollution with its first three pieces of evidence."""
    quoted = "、".join(dict.fromkeys(evidence[:50]))[:60]
    return warning("Pollution", f"The page looks polluted: {what} ({len(evidence)} times: {quoted}).",
                   "Fetch the report from the agency's own site; figures and wording here may be changed.")


def is_traditional(text: str) -> bool:
    """Whether a text is in traditional characters throughout: more of them than of simplified-only ones, and many.

    A character counts as traditional where Big5 has it and GB 2312 has not, and the other way round.
    """
    if not any(character in text for character in _TELLING):
        return False
    counts = Counter(_HAN.findall(text[:_SCRIPT_SAMPLE]))
    total = sum(counts.values())
    if total < _SCRIPT_LEAST:
        return False
    scripts = Counter({"t": 0, "s": 0})
    for character, number in counts.items():
        scripts[_script(character)] += number
    return scripts["t"] > scripts["s"] and scripts["t"] >= _TRADITIONAL_SHARE * total


@cache
def _script(character: str) -> str:
    """`t` for a traditional-only character, `s` for a simplified-only one, empty for what both have."""
    both = []
    for encoding in ("big5", "gb2312"):
        try:
            character.encode(encoding)
            both.append(True)
        except UnicodeEncodeError:
            both.append(False)
    return "" if both[0] == both[1] else "t" if both[0] else "s"


def to_simplified(text: str) -> str:
    """`text` with traditional characters as simplified ones, one for one, so that offsets stay.

    For analysis only; a report keeps its own text. A character with several simplified forms gets the usual one
    (models/traditional.toml, from OpenCC). Simplified text comes back as it is. Cost: linear.

    >>> to_simplified("政府資訊公開年度報告")
    '政府资讯公开年度报告'
    """
    return text.translate(_folding())


@cache
def _folding() -> dict[int, int]:
    """Code points of traditional characters to those of simplified ones."""
    table = load_toml("models/traditional.toml")
    return {ord(old): ord(new) for old, new in zip(table["traditional"], table["simplified"], strict=True)}

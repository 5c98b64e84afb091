"""Lines in another language: a report published in English and Chinese line by line is analysed in Chinese."""

from __future__ import annotations

import re

# A line is foreign with at least this many Latin letters and none or hardly any ideographs.
_LETTERS = 12
_FOREIGN_SHARE = 0.8
# So many such lines make a bilingual report; a letterhead or an address in English is no second language.
_LEAST_LINES = 4

_LINE = re.compile(r"[^\n]+")
_LATIN = re.compile(r"[A-Za-z]")
_HAN = re.compile(r"[\u4e00-\u9fff]")
# Tried where a word begins only: a line of megabytes without a blank is one word.
_ADDRESS = re.compile(r"(?<!\S)\S*(?:://|www\.|@)\S*")
_ROMAN_HEADING = re.compile(r"\s*(?:[IVX]{1,4}|\d)\s*[.、]\s*[A-Z][A-Za-z ,&-]{3,80}\s*")


def foreign_lines(text: str) -> list[tuple[int, int]]:
    """Spans of the lines of `text` that are English, where at least `_LEAST_LINES` of them alternate with Chinese.

    Sorted and disjoint; a text in one language gives none, an English text without Chinese too. Web and mail addresses
    count as neither. Cost: linear.
    """
    if len(_LATIN.findall(text)) < _LETTERS * _LEAST_LINES:
        return []
    found = []
    chinese = 0
    for match in _LINE.finditer(text):
        line = _ADDRESS.sub("", match.group())
        latin, han = len(_LATIN.findall(line)), len(_HAN.findall(line))
        if (latin >= _LETTERS and latin >= _FOREIGN_SHARE * (latin + 3 * han)) or _ROMAN_HEADING.fullmatch(line):
            found.append(match.span())
        elif han:
            chinese += 1
    return found if len(found) >= _LEAST_LINES <= chinese else []

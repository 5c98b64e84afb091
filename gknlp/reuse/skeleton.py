"""Mandated wording and set phrases: what is stripped before texts are compared, and what sharing says nothing about.

The rules are data: `models/skeleton.toml` (wording of the form and of the law) and `models/set_phrases.toml` (phrases
of
the genre, independent of any corpus).
"""

from __future__ import annotations

import re
from functools import cache

from gknlp.normalize import fold
from gknlp.resources import load_toml
from gknlp.reuse.mask import DATE, NAME, NUMBER, mask_text, squeeze

# The shortest run of a law that is its quotation: rarer by chance than 1 % in unrelated regulations (research, 4.5).
LAW_RUN = 13
_SIGNS = {"{n}": NAME, "{d}": DATE, "{#}": NUMBER}


@cache
def skeleton_rules() -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    """`(rule id, cue, pattern)` of `models/skeleton.toml`, in its order."""
    rules = load_toml("models/skeleton.toml")["rules"]
    return tuple((rule["id"], rule["cue"], re.compile(rule["pattern"])) for rule in rules)


@cache
def _law_runs() -> frozenset[str]:
    """All runs of `LAW_RUN` letters of the laws on file."""
    letters = [fold(law["text"]).text for law in load_toml("models/skeleton.toml")["laws"]]
    return frozenset(text[at : at + LAW_RUN] for text in letters for at in range(len(text) - LAW_RUN + 1))


@cache
def set_phrases() -> tuple[str, ...]:
    """The set phrases as masked letters, longest first."""
    phrases = set()
    for group in load_toml("models/set_phrases.toml")["groups"]:
        for phrase in re.split(r"[|\n]", group["phrases"]):
            if phrase.strip():
                phrases.add(mask_phrase(phrase))
    return tuple(sorted(phrases, key=lambda phrase: (-len(phrase), phrase)))


@cache
def _phrases_by_head() -> dict[str, tuple[str, ...]]:
    """The set phrases by their first two characters, longest first."""
    by_head: dict[str, list[str]] = {}
    for phrase in set_phrases():
        by_head.setdefault(phrase[:2], []).append(phrase)
    return {head: tuple(found) for head, found in by_head.items()}


@cache
def phrase_patterns() -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    """`(id, cue, pattern)` of the set phrases with parts that vary, to be matched on masked letters."""
    made = []
    for rule in load_toml("models/set_phrases.toml")["patterns"]:
        pattern = rule["pattern"]
        for sign, character in _SIGNS.items():
            pattern = pattern.replace(sign, character)
        made.append((rule["id"], rule["cue"], re.compile(pattern)))
    return tuple(made)


def mask_phrase(phrase: str) -> str:
    """A phrase of the data file as it stands in a masked view: letters only, `{n}` and its like as their signs, counted
    words (三个代表) with the sign of a number.
    """
    parts = re.split(r"(\{[n#d]\})", phrase)
    return "".join(_SIGNS[part] if part in _SIGNS else _mask_counts(fold(part).text) for part in parts)


def _mask_counts(letters: str) -> str:
    made, reached = "", 0
    for slot in mask_text(letters):
        if slot.slot == "number":
            made, reached = f"{made}{letters[reached : slot.start]}{NUMBER}", slot.end
    return made + letters[reached:]


def find_skeleton(text: str) -> list[tuple[int, int, str]]:
    """Mandated wording in a squeezed text (see `mask.squeeze`): `(start, end, rule id)` in order of rules, then of
    place.

    Spans of different rules may overlap. A text of several stretches has one a line: rules look at each by itself, a
    quotation of the law may go on in the next. Bad at openings that run on into the report's own words without a full
    stop.
    """
    found: list[tuple[int, int, str]] = []
    for rule, cue, pattern in skeleton_rules():
        at = text.find(cue)
        while at >= 0:
            start, end = text.rfind("\n", 0, at) + 1, text.find("\n", at)
            end = end if end >= 0 else len(text)
            found.extend(
                (start + match.start(), start + match.end(), rule)
                for match in pattern.finditer(text[start:end])
                if match.end() > match.start()
            )
            at = text.find(cue, end)
    return found + _find_quotations(text)


def _find_quotations(text: str) -> list[tuple[int, int, str]]:
    """Runs of at least LAW_RUN letters that stand in a law on file."""
    letters = fold(text)
    runs = _law_runs()
    found: list[tuple[int, int, str]] = []
    start = end = -1
    for at in [at for at in range(len(letters.text) - LAW_RUN + 1) if letters.text[at : at + LAW_RUN] in runs]:
        if at > end:
            if start >= 0:
                found.append((*letters.to_source(start, end), "law.quotation"))
            start = at
        end = at + LAW_RUN
    if start >= 0:
        found.append((*letters.to_source(start, end), "law.quotation"))
    return found


def strip_skeleton(text: str) -> tuple[str, str]:
    """`text` in half width without white space, whole, and with a line end for each stretch of mandated wording."""
    whole = squeeze(text).text
    pieces: list[str] = []
    reached = 0
    for start, end, _ in sorted(find_skeleton(whole)):
        if end > reached:
            pieces.extend((whole[reached:start], "\n"))
            reached = end
    return whole, "".join((*pieces, whole[reached:]))


def mark_set_phrases(masked: str) -> bytearray:
    """One byte per character of a masked view: 1 where a set phrase of the genre stands. Cost: linear."""
    marks = bytearray(len(masked))
    by_head = _phrases_by_head()
    for at in [at for at in range(len(masked) - 1) if masked[at : at + 2] in by_head]:
        for phrase in by_head[masked[at : at + 2]]:
            if masked.startswith(phrase, at):
                marks[at : at + len(phrase)] = b"\1" * len(phrase)
                break
    for _, cue, pattern in phrase_patterns():
        if cue in masked:
            for match in pattern.finditer(masked):
                marks[match.start() : match.end()] = b"\1" * (match.end() - match.start())
    return marks

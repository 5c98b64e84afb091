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
from gknlp.reuse.cores import Near, Runs
from gknlp.reuse.heads import Heads
from gknlp.reuse.mask import DATE, NAME, NUMBER, mask_text, squeeze

# The shortest run of a law that is its quotation: rarer by chance than 1 % in unrelated regulations (research, 4.5).
LAW_RUN = 13
# Probes of a text for such runs: each run holds one that begins at a multiple of their length.
_PROBE = (LAW_RUN + 1) // 2
# Set phrases are looked for where their first letters stand; four tell them from most of what the genre writes.
_PHRASE_HEAD = 4
_SIGNS = {"{n}": NAME, "{d}": DATE, "{#}": NUMBER}
_NO_ASCII = re.compile(r"[^\x00-\x7f]")


@cache
def skeleton_rules() -> tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...]:
    """`(rule id, cue, pattern)` of `models/skeleton.toml`, in its order."""
    rules = load_toml("models/skeleton.toml")["rules"]
    return tuple((rule["id"], re.compile(rule["cue"]), re.compile(rule["pattern"])) for rule in rules)


@cache
def _laws() -> tuple[frozenset[str], frozenset[str]]:
    """All runs of `LAW_RUN` letters of the laws on file, and of `_PROBE`."""
    letters = [fold(law["text"]).text for law in load_toml("models/skeleton.toml")["laws"]]
    runs, probes = (
        frozenset(text[at : at + length] for text in letters for at in range(len(text) - length + 1))
        for length in (LAW_RUN, _PROBE)
    )
    return runs, probes


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
def _phrases_by_head() -> Heads:
    return Heads(set_phrases(), _PHRASE_HEAD)


@cache
def phrase_patterns() -> tuple[tuple[str, str, Near | Runs], ...]:
    """`(id, cue, what finds its spans in masked letters)` of the set phrases with parts that vary."""
    made: list[tuple[str, str, Near | Runs]] = []
    for rule in load_toml("models/set_phrases.toml")["patterns"]:
        pattern, core = (_with_signs(rule[key]) for key in ("pattern", "core"))
        if "reach" in rule:
            spans: Near | Runs = Near(pattern, core, rule["reach"])
        else:
            spans = Runs(pattern, core, rule.get("times", 1), "".join(sorted(set(_NO_ASCII.findall(pattern)))))
        made.append((rule["id"], rule["cue"], spans))
    return tuple(made)


def _with_signs(pattern: str) -> str:
    for sign, character in _SIGNS.items():
        pattern = pattern.replace(sign, character)
    return pattern


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
    letters = fold(text)
    quoted = [(*letters.to_source(start, end), "law.quotation") for start, end in find_quotations(letters.text)]
    return find_form_wording(text) + quoted


def find_form_wording(text: str) -> list[tuple[int, int, str]]:
    """What `find_skeleton` finds by rule, without the quotations of the law."""
    found: list[tuple[int, int, str]] = []
    for rule, cue, pattern in skeleton_rules():
        hit = cue.search(text)
        while hit:
            start, end = text.rfind("\n", 0, hit.start()) + 1, text.find("\n", hit.start())
            end = end if end >= 0 else len(text)
            for match in pattern.finditer(text[start:end]):
                if match.end() > match.start():
                    found.append((start + match.start(), start + match.end(), rule))
            hit = cue.search(text, end)
    return found


def find_quotations(letters: str) -> list[tuple[int, int]]:
    """Runs of at least LAW_RUN letters that stand in a law on file, in folded letters (see `normalize.fold`)."""
    runs, probes = _laws()
    hits = [at for at in range(0, len(letters) - _PROBE + 1, _PROBE) if letters[at : at + _PROBE] in probes]
    found: list[tuple[int, int]] = []
    tried = 0
    for hit in hits:
        for at in range(max(tried, hit + _PROBE - LAW_RUN), hit + 1):
            if letters[at : at + LAW_RUN] in runs:
                end = at + LAW_RUN
                if found and at <= found[-1][1]:
                    found[-1] = found[-1][0], end
                else:
                    found.append((at, end))
        tried = hit + 1
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
    for at in by_head.places(masked):
        for phrase in by_head[masked[at : at + _PHRASE_HEAD]]:
            if masked.startswith(phrase, at):
                marks[at : at + len(phrase)] = b"\1" * len(phrase)
                break
    for _, cue, pattern in phrase_patterns():
        if cue in masked:
            for start, end in pattern.spans(masked):
                marks[start:end] = b"\1" * (end - start)
    return marks

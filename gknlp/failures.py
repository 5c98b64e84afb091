"""A failure in the words of who must act on it: what happened and what to do, by `models/failures.toml`.

Messages and hints of errors and warnings are English, for programmers and logs. A Chinese reader gets the sentences of
the data file, filled with the numbers and names of the message, and the English as detail.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from gknlp.resources import load_toml

FAILURES = "models/failures.toml"
# The entry for errors without one of their own: those of Python and of libraries.
OTHER = "OTHER"


@dataclass(frozen=True, slots=True)
class Told:
    """What happened and what to do; `detail` is the English of both where they are not it, `facts` what a rule took."""

    what: str
    advice: str
    detail: str
    facts: Mapping[str, str]


def tell_failure(error: str, message: str, hint: str, lang: str) -> Told:
    """What a reader of `lang` (`zh` or `en`) is told of a failure of kind `error`; English is told as it stands.

    Of several entries of a kind the first that fits the message holds. Values are put in as they stand in the message:
    they can hold anything that a file's name or an error of a library holds. Cost: a few regular expressions.

    >>> tell_failure("SeveralReports", "The file holds 2 reports; each was read on its own (#1, #2 …).", "", "zh").what
    '一个文件中有 2 份报告，已分别读入（#1、#2……）。'
    """
    rules = _rules()
    fitting = ((pattern.search(message), what, advice) for pattern, what, advice in rules.get(error, rules[OTHER]))
    facts, what, advice = next((found.groupdict(), what, advice) for found, what, advice in fitting if found)
    if lang != "zh":
        return Told(message, hint, "", facts)
    return Told(what.format(**facts), advice, f"{message} {hint}".strip(), facts)


@cache
def _rules() -> dict[str, list[tuple[re.Pattern[str], str, str]]]:
    """Patterns in their order, with what happened and what to do; the last of a kind fits every message."""
    return {
        kind: [(re.compile(rule.get("match", ""), re.S), rule["what"], rule["do"]) for rule in rules]
        for kind, rules in load_toml(FAILURES).items()
    }

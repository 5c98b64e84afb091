"""What stands beside a value: `key=value` pairs with `; ` between, in the columns `reference` and `note`.

Keys of `reference` (`none` where nothing is compared):
`form`, `year` of the reports of the run that are the reference set; `section` where the set is that section of theirs;
`documents`, how many they are; `agencies=others` where the own agency's are left out; `block=2/5`, a part of a set that
was divided; `report`, the one report of the year before; `function`, `function_documents` of M-2017's industry; `run`,
all reports of the run.

Keys of `note`:
`unit` what `n` counts; `words`, `letters` the length of a phrase (or sentence) in words or letters; `floor`, `cap`,
`mean` of LSL-2015; `word_letters` the shortest word that counts; `digits`, numbers `masked` as one word or left `out`;
`least`, the letters from which on there is a value; `stripped` what is taken out of the text first (`tables`, with
headings and page furniture; `skeleton`, mandated wording); `tokens` the tokenizer (`documents.tokens_note`); `order` of
the BT-2011 polynomial, `pairs` it was fitted to, `raw` the score before the expectation; `format_change=2018-2019`
where two forms are compared; `reason` why there is no value, and then `count` of `of`, where it would have been their
ratio.
"""

from __future__ import annotations

from collections.abc import Mapping

NO_REFERENCE = "none"
# Below 300 characters of prose a single set phrase moves a share by a tenth: counts are given, no ratio.
MIN_CHARS = 300
# 30 % of fewer documents is a handful of them.
MIN_DOCUMENTS = 30


def write_note(facts: Mapping[str, object]) -> str:
    """`key=value; key=value`, in the order given; facts that are None are left out.

    >>> write_note({"unit": "word", "floor": 0.3, "year": None})
    'unit=word; floor=0.3'
    """
    return "; ".join(f"{key}={value}" for key, value in facts.items() if value is not None)


def read_note(note: str) -> dict[str, str]:
    """The pairs of a `note` or `reference` as written by `write_note`; text without `=` gives none.

    >>> read_note("form=2021; year=2023; documents=412")["documents"]
    '412'
    """
    return dict(pair.split("=", 1) for pair in note.split("; ") if "=" in pair)

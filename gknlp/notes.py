"""What stands beside a value: `key=value` pairs with `; ` between, in the columns `reference` and `note`.

One scheme for every row of table `measures`, whichever stage made it. Keys of `reference` (`none` where nothing is
compared):
`run=all`, the reports of the run; `form`, `year` of those that are the reference set; `section` where the set is that
section of theirs; `documents`, how many they are; `agencies` whose these are where not of all (`others`, `own`,
`earlier`: the own one's of earlier years); `block=2/5`, a part of a set that was divided; `report`, the one report
compared with: that of the year before, or the likest; `function`, `function_documents` of M-2017's industry; `null`,
what chance is told by: `unrelated_pairs` (random pairs), `unrelated_best` (the best matches of the other reports among
unrelated ones), `best` (their best matches as they are); `scope` of what is unrelated there (`superiors`: under
another superior, `agencies`: of another agency; never of one family of reuse); `band`, the characters of the reports
in it, `4800-` being 4800 and more; `profile` of a background (`shipped`, or a file), its `checksum`; `itself=out`
where the report was in it and was taken out.

Keys of `note`:
`value`, what the value is: a `share` (of `n`, from 0 to 1), a `similarity` (from 0 to 1), a `score`, `characters`,
`units`, `percent`, `p`, `q`; `unit`, what `n` counts; `words`, `letters`, the length of a phrase (or sentence) in
words or letters; `floor`, `cap`, the shares of documents from which on and below which a phrase counts, `mean`, how
often a document; `word_letters`, the shortest word that counts; `digits`, numbers `masked` as one word or left `out`;
`least`, the letters from which on there is a value; `least_n`, the n from which on; `stripped`, what is taken out of
the text first (`tables`, with headings and page furniture; `skeleton`, mandated wording); `tokens`, the tokenizer
(`documents.tokens_note`); `order` of the BT-2011 polynomial, `pairs` it was fitted to, `raw`, the score before the
expectation; `format_change=2018-2019` where two forms are compared; `agency_before`, the id of the agency by the
report of the year before alone, where it is not this report's; `best_of`, among how many the best was chosen;
`earlier`, how many reports of earlier years of the agency the run holds (`unknown` where the agency is);
`unrelated_p99`, the share that one in a hundred unrelated pairs exceeds; `adjust` of several tests; `reason`, why
there is no value, and then `count` of `of`, where it would have been their ratio.
"""

from __future__ import annotations

from collections.abc import Mapping

NO_REFERENCE = "none"
# Below 300 characters of prose a single set phrase moves a share by a tenth: counts are given, no ratio.
MIN_CHARS = 300
# 30 % of fewer documents is a handful of them.
MIN_DOCUMENTS = 30


def write_note(facts: Mapping[str, object]) -> str:
    """`key=value; key=value`, in the order given; facts that are None are left out, a `;` in a value becomes `,`.

    >>> write_note({"unit": "word", "floor": 0.3, "year": None})
    'unit=word; floor=0.3'
    """
    return "; ".join(f"{key}={value}".replace(";", ",") for key, value in facts.items() if value is not None)


def read_note(note: str) -> dict[str, str]:
    """The pairs of a `note` or `reference` as written by `write_note`; text without `=` gives none.

    >>> read_note("form=2021; year=2023; documents=412")["documents"]
    '412'
    """
    return dict(pair.split("=", 1) for pair in note.split("; ") if "=" in pair)

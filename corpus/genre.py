"""Writes models/genre.tsv from the units of the annotated specimens: `python corpus/genre.py`, two seconds."""

import json
from collections import Counter
from pathlib import Path

from gknlp.follow import GENRE, subject_pairs
from gknlp.resources import path, root

# Pairs that fewer than one agency in six uses say something about who uses them; they weigh fully and are not listed.
COMMON = 1 / 6
HEAD = """# Pairs of characters that the genre uses whatever it speaks of, and how many of the {n} agencies use them.
# Counted on corpus/gold by corpus/genre.py; pairs under {least} agencies are left out. Following weighs them little.
"""


def agencies_by_pair():
    """The number of agencies whose units hold each pair, places left out, and the number of agencies."""
    spoken, places = {}, set()
    for file in sorted((Path(__file__).parent / "gold").glob("*_[12]*.json")):
        known = json.loads(file.read_text(encoding="utf-8"))
        places |= subject_pairs(known.get("region") or "")
        for unit in known.get("units", ()):
            spoken.setdefault(known["agency"], set()).update(subject_pairs(unit["text"]))
    return Counter(pair for pairs in spoken.values() for pair in pairs - places), len(spoken)


def main():
    counts, n = agencies_by_pair()
    least = round(n * COMMON)
    listed = sorted((-count, pair) for pair, count in counts.items() if count >= least)
    text = HEAD.format(n=n, least=least) + "".join(f"{pair}\t{-count}\n" for count, pair in listed)
    (root() / GENRE).write_text(text, encoding="utf-8", newline="\n")
    print(f"{n} agencies, {len(listed)} pairs in {path(GENRE)}")


if __name__ == "__main__":
    main()

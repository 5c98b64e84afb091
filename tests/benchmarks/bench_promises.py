"""Promise or not: paragraphs of companies' reports in traditional characters, beside a list of cue words.

The paragraphs are invented (promises.txt: set, Y or N, paragraph). A promise is what a company says it does or will do
for environment, people or governance, things already done included; description, figures and outlook are none. Set 1
was in view while the rules for companies were written, set 2 was written after that and the rules not changed for it.

Run: .venv/bin/python tests/benchmarks/bench_promises.py
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from gknlp import classify, split_sentences
from gknlp.types import Label

DATA = Path(__file__).parent / "promises.txt"
CUES = re.compile("將|目標|預計|規劃|未來|承諾|致力|持續|20[2-5][0-9]年")


def load(number: str) -> list[tuple[bool, str]]:
    """Paragraphs of one set: whether each is a promise, and its text."""
    rows = (line.split(" ", 2) for line in DATA.read_text(encoding="utf-8").splitlines())
    return [(kind == "Y", text) for found, kind, text in rows if found == number]


def is_commitment(label: Label) -> bool:
    return label.role == "plan" and (label.specificity or 0) >= 1


def macro_f1(right: Sequence[bool], found: Sequence[bool]) -> float:
    figures = []
    for kind in (True, False):
        hits = sum(a == b == kind for a, b in zip(right, found, strict=True))
        figures.append(2 * hits / (list(right).count(kind) + list(found).count(kind)))
    return sum(figures) / len(figures)


def main() -> None:
    for number in ("1", "2"):
        right, texts = zip(*load(number), strict=True)
        print(f"set {number}: {len(texts)} paragraphs, {sum(right)} promises, macro-F1")
        whole = [is_commitment(label) for label in classify(texts)]
        parts = [any(map(is_commitment, classify([str(s) for s in split_sentences(text)]))) for text in texts]
        cues = [CUES.search(text) is not None for text in texts]
        for name, found in (("gknlp, paragraph", whole), ("gknlp, any sentence", parts), ("cue words", cues)):
            print(f"{name:20} {macro_f1(right, found):.3f}")


if __name__ == "__main__":
    main()

"""Keywords beside jieba's TF-IDF and TextRank, and YAKE where it is installed: macro F1 at 3, 5 and 10.

The texts are abstracts with titles and keywords invented for this benchmark (T title, A abstract, K keywords): the
weights were chosen with those of abstracts.txt in view; those of abstracts_held_out.txt were written after that and
nothing was changed for them. A keyword is right only as a whole. YAKE (GPL, no dependency of gknlp) gets words parted
by blanks.

Run: .venv/bin/python tests/benchmarks/bench_keywords.py
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path

import jieba
import jieba.analyse

from gknlp.keywords import keywords

DATA = ("abstracts.txt", "abstracts_held_out.txt")
Method = Callable[[str, str, int], list[str]]


def load(name: str) -> list[tuple[str, str, set[str]]]:
    items, current = [], {}
    for line in (Path(__file__).parent / name).read_text(encoding="utf-8").split("\n"):
        if line:
            current[line[0]] = line[2:].strip()
        if line.startswith("K"):
            items.append((current["T"], current["A"], {word.lower() for word in current["K"].split()}))
    return items


def ours(title: str, text: str, n: int) -> list[str]:
    return [keyword.term for keyword in keywords(text, title=title, n=n)]


def tfidf(title: str, text: str, n: int) -> list[str]:
    return jieba.analyse.extract_tags(f"{title}。{text}", n)


def textrank(title: str, text: str, n: int) -> list[str]:
    return jieba.analyse.textrank(f"{title}。{text}", n)


def methods() -> dict[str, Method]:
    found: dict[str, Method] = {"gknlp phrases": ours, "jieba TF-IDF": tfidf, "jieba TextRank": textrank}
    try:
        import yake
    except ImportError:
        print("YAKE is not installed: left out (pip install yake)")
        return found

    def rank(title: str, text: str, n: int) -> list[str]:
        words = " ".join(jieba.lcut(f"{title}。{text}"))
        terms = yake.KeywordExtractor(lan="zh", n=3, top=n).extract_keywords(words)
        return [term.replace(" ", "") for term, _ in terms]

    return {**found, "YAKE on jieba words": rank}


def f1(found: list[str], right: set[str]) -> float:
    hits = len({term.lower() for term in found} & right)
    return 2 * hits / (len(found) + len(right)) if hits else 0.0


def main() -> None:
    jieba.setLogLevel(logging.WARNING)
    found = methods()
    for file in DATA:
        items = load(file)
        print(f"{len(items)} invented abstracts of {file}, macro F1 @3 @5 @10, seconds")
        for name, method in found.items():
            method(*items[0][:2], 5)
            began = time.perf_counter()
            scores = [sum(f1(method(title, text, n)[:n], right) for title, text, right in items) for n in (3, 5, 10)]
            print(f"{name:20} " + " ".join(f"{score / len(items):.3f}" for score in scores)
                  + f"  {time.perf_counter() - began:.2f}")


if __name__ == "__main__":
    main()

"""Other ways to find shared text, as their users would call them: MinHash of reports or sentences, exact runs.

Each takes the corpus and gives spans like those of `scoring.spans_of`. All see letters and digits alone, as gknlp
does. Sentence pairs that follow one another on both sides are joined, so that one copy is one passage.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from gknlp.calibrate.scoring import Span
from gknlp.engines import LocalEngine
from gknlp.normalize import fold
from gknlp.reuse import find_reuse
from gknlp.types import ReuseText

SHINGLE = 3
# research/measures.md 4.4: sentences of which a tenth was edited keep a Jaccard index of 0.3.
SENTENCE_JACCARD = 0.3
REPORT_JACCARD = 0.5
# 42 bands of 3 rows: half of the pairs with an index of 0.3 collide; the nearest that 128 permutations allow.
PERMUTATIONS, BANDS = 126, 42
RUN = 13
# Runs in more reports than this are paired with their first holders only, or a family would take days.
MOST_HOLDERS = 10
Place = tuple[int, int]


def shingles(text: str) -> list[str]:
    return list({text[at : at + SHINGLE] for at in range(len(text) - SHINGLE + 1)})


def sentences_of(texts: Sequence[ReuseText]) -> tuple[list[Place], list[list[str]]]:
    """The place (report, sentence) and shingles of each sentence that has any."""
    places, sets = [], []
    for number, text in enumerate(texts):
        for order, (start, end, _) in enumerate(text.stretches):
            if found := shingles(fold(text.text[start:end]).text):
                places.append((number, order))
                sets.append(found)
    return places, sets


def join_sentences(pairs: Iterable[tuple[Place, Place]], texts: Sequence[ReuseText]) -> list[Span]:
    """Sentence pairs of different reports as passages, those joined that follow one another on both sides."""
    by_reports: dict[tuple[int, int], set[tuple[int, int]]] = defaultdict(set)
    for (a, i), (b, j) in pairs:
        if a != b:
            by_reports[min(a, b), max(a, b)].add((i, j) if a < b else (j, i))
    spans = []
    for (a, b), cells in by_reports.items():
        for i, j in cells:
            if (i - 1, j - 1) in cells:
                continue
            length = 1
            while (i + length, j + length) in cells:
                length += 1
            one, other = texts[a].stretches, texts[b].stretches
            spans.append((
                texts[a].report_id, one[i][0], one[i + length - 1][1],
                texts[b].report_id, other[j][0], other[j + length - 1][1],
            ))
    return spans


def gknlp_reuse(texts: Sequence[ReuseText]) -> list[Span]:
    # Spawned workers are children of this process, so that what they use is counted.
    with LocalEngine(2, start_method="spawn") as engine:
        passages = find_reuse(texts, engine=engine).passages
    return [(p.a_report, p.a_start, p.a_end, p.b_report, p.b_start, p.b_end) for p in passages]


def datasketch_sketches(sets: Sequence[Sequence[str]], threshold: float) -> list[tuple[int, int]]:
    """Index pairs (second < first) that MinHashLSH proposes and whose estimated Jaccard index reaches the threshold."""
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(threshold=threshold, num_perm=PERMUTATIONS)
    sketches: list[MinHash] = []
    pairs = []
    encoded = ([shingle.encode() for shingle in one] for one in sets)
    for number, found in enumerate(MinHash.generator(encoded, num_perm=PERMUTATIONS)):
        pairs.extend((number, other) for other in index.query(found) if sketches[other].jaccard(found) >= threshold)
        index.insert(number, found)
        sketches.append(found)
    return pairs


def datasketch_reports(texts: Sequence[ReuseText]) -> list[Span]:
    pairs = datasketch_sketches([shingles(fold(text.text).text) for text in texts], REPORT_JACCARD)
    ends = [(text.report_id, 0, len(text.text)) for text in texts]
    return [(*ends[b], *ends[a]) for a, b in pairs]


def datasketch_sentences(texts: Sequence[ReuseText]) -> list[Span]:
    places, sets = sentences_of(texts)
    return join_sentences(((places[a], places[b]) for a, b in datasketch_sketches(sets, SENTENCE_JACCARD)), texts)


def rensa_sentences(texts: Sequence[ReuseText]) -> list[Span]:
    from rensa import RMinHash, RMinHashLSH

    places, sets = sentences_of(texts)
    sketches = RMinHash.from_token_sets(sets, PERMUTATIONS, 1)
    index = RMinHashLSH(SENTENCE_JACCARD, PERMUTATIONS, BANDS)
    index.insert_many(sketches)
    pairs = (
        (places[number], places[other])
        for number, found in enumerate(index.query_all(sketches))
        for other in found
        if other < number and sketches[other].jaccard(sketches[number]) >= SENTENCE_JACCARD
    )
    return join_sentences(pairs, texts)


def exact_runs(texts: Sequence[ReuseText]) -> list[Span]:
    """Maximal common runs of at least RUN letters, by a sorted index of all runs."""
    folded = [fold(text.text) for text in texts]
    hashes, owners, places = [], [], []
    for number, view in enumerate(folded):
        codes = np.frombuffer(view.text.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
        count = max(0, len(codes) - RUN + 1)
        made = np.zeros(count, dtype=np.uint64)
        for at in range(RUN):
            made = made * np.uint64(0x9E3779B97F4A7C15) + codes[at : at + count]
        hashes.append(made)
        owners.append(np.full(count, number, dtype=np.int32))
        places.append(np.arange(count, dtype=np.int32))
    gram, owner, place = np.concatenate(hashes), np.concatenate(owners), np.concatenate(places)
    order = np.lexsort((place, owner, gram))
    gram, owner, place = gram[order], owner[order], place[order]
    bounds = np.flatnonzero(np.append(True, gram[1:] != gram[:-1]))
    meets = []
    for low, high in zip(bounds, np.append(bounds[1:], len(gram)), strict=True):
        for at in range(low + 1, high):
            for first in range(low, min(at, low + MOST_HOLDERS)):
                if owner[first] != owner[at]:
                    meets.append((int(owner[first]), int(owner[at]), int(place[at] - place[first]), int(place[first])))
    meets.sort()
    spans = []
    for number, (a, b, shift, at) in enumerate(meets):
        if number and meets[number - 1] == (a, b, shift, at - 1):
            continue
        length = 0
        while number + length < len(meets) and meets[number + length] == (a, b, shift, at + length):
            length += 1
        spans.append((
            texts[a].report_id, *folded[a].to_source(at, at + length + RUN - 1),
            texts[b].report_id, *folded[b].to_source(at + shift, at + shift + length + RUN - 1),
        ))
    return spans


METHODS: dict[str, Callable[[Sequence[ReuseText]], list[Span]]] = {
    "gknlp": gknlp_reuse, "datasketch-reports": datasketch_reports, "datasketch-sentences": datasketch_sentences,
    "rensa-sentences": rensa_sentences, "exact-13": exact_runs,
}

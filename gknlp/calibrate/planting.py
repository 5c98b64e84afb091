"""Copies planted into a user's own reports, altered as copiers do, so that it is known what there is to be found.

Only passages that tell something are planted: sentences that are for the most part neither mandated nor set wording.
Sources and copiers are different reports, so that no planted text is planted on.
"""

from __future__ import annotations

import random
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from gknlp.calibrate.scoring import Case
from gknlp.normalize import fold
from gknlp.reuse.kinds import find_direction
from gknlp.reuse.mask import index_names, mask_text
from gknlp.reuse.view import build_view
from gknlp.types import ReuseText

ALTERATIONS = ("verbatim", "names", "edits5", "edits10", "edits20", "reordered", "spliced")
RATES = {"names": 0.0, "edits5": 0.05, "edits10": 0.10, "edits20": 0.20}
# A sentence is planted if this much of it tells something: 15 letters, seven in ten.
TELLING_CHARS = 15
TELLING_PART = 0.7
# Sentences of a planted passage, and passages per copier (each from another source).
SENTENCES = (3, 5)
PASSAGES = 3
Words = Callable[[str], list[str]]
Pick = Callable[[random.Random, str, str, str, str], str]
# A passage of a copier: the stretch it stands before, its sentences, where each is from, how it was altered.
Passage = tuple[int, list[str], list[tuple[str, int]], str]
_HAN = re.compile("[\u4e00-\u9fff]+$")
_PLACE = re.compile("[省市县区州盟旗镇乡]$")
_END = re.compile("[。！？；!?;]$")


@dataclass(frozen=True, slots=True)
class Planting:
    """The reports with copies in them, by report id, and what was planted where."""

    texts: tuple[ReuseText, ...]
    cases: tuple[Case, ...]
    sources: frozenset[str]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words of the user's reports as they stand there: all, those between two words, those behind a word."""

    words: tuple[str, ...]
    between: dict[tuple[str, str], tuple[str, ...]]
    behind: dict[str, tuple[str, ...]]

    def pick(self, rng: random.Random, kind: str, before: str, word: str, after: str) -> str:
        """A word to put in: what stands elsewhere between the same neighbours, or behind the same word, or any."""
        if kind == "substitute":
            fitting = [other for other in self.between.get((before, after), ()) if other != word]
            if fitting:
                return rng.choice(fitting)
        else:
            fitting = list(self.behind.get(before, ()))
            if fitting:
                return rng.choice(fitting)
        return rng.choice(self.words)


def build_vocabulary(texts: Iterable[ReuseText], words: Words) -> Vocabulary:
    """The words of the narrative of all texts; their order changes nothing. Cost: as tokenizing them."""
    seen: list[str] = []
    between: dict[tuple[str, str], set[str]] = {}
    behind: dict[str, set[str]] = {}
    for text in texts:
        for start, end, _ in text.stretches:
            cut = words(text.text[start:end])
            seen.extend(word for word in cut if _HAN.match(word))
            for before, word in pairwise(cut):
                if _HAN.match(word):
                    behind.setdefault(before, set()).add(word)
            for before, word, after in zip(cut, cut[1:], cut[2:], strict=False):
                if _HAN.match(word):
                    between.setdefault((before, after), set()).add(word)
    return Vocabulary(
        tuple(sorted(seen)), {key: tuple(sorted(found)) for key, found in between.items()},
        {key: tuple(sorted(found)) for key, found in behind.items()},
    )


def edit_words(rng: random.Random, sentence: Sequence[str], rate: float, pick: Pick) -> list[str]:
    """Insert, delete, substitute or swap words at `rate`; `pick(rng, kind, before, word, after)` gives new ones."""
    made: list[str] = []
    for at, word in enumerate(sentence):
        if rng.random() >= rate:
            made.append(word)
            continue
        kind = rng.choice(("insert", "delete", "substitute", "swap"))
        before, after = made[-1] if made else "", sentence[at + 1] if at + 1 < len(sentence) else ""
        if kind == "insert":
            made.extend((pick(rng, kind, before, word, after), word))
        elif kind == "substitute":
            made.append(pick(rng, kind, before, word, after))
        elif kind == "swap" and made:
            made.insert(len(made) - 1, word)
        elif kind == "swap":
            made.append(word)
    return made


def exchange_names(rng: random.Random, sentence: str, source: ReuseText, copier: ReuseText) -> str:
    """A sentence of the source with its own names turned into the copier's, and other figures of as many digits."""
    own = copier.names[0] if copier.names else "我局"
    place = next((name for name in copier.names if _PLACE.search(name)), own)
    made: list[str] = []
    at = 0
    for slot in mask_text(sentence, names=source.names):
        new = sentence[slot.start : slot.end]
        if slot.rule == "self.name":
            new = place if _PLACE.search(new) else own
        elif slot.slot == "number":
            new = re.sub("[0-9]+", lambda found: str(rng.randrange(10 ** len(found[0]))).zfill(len(found[0])), new)
        made.extend((sentence[at : slot.start], new))
        at = slot.end
    return "".join((*made, sentence[at:]))


def telling_runs(text: ReuseText) -> list[tuple[int, ...]]:
    """Runs of stretches (by number) that tell something, of one section, with nothing but white space in between."""
    view = build_view(text, index_names(()))
    starts = [stretch[0] for stretch in text.stretches]
    telling = [0] * len(starts)
    for place, size, fixed in zip(view.starts, view.sizes, view.fixed, strict=True):
        number = bisect_right(starts, place) - 1
        if number >= 0 and not fixed:
            telling[number] += size
    runs: list[list[int]] = [[]]
    for number, (start, end, section) in enumerate(text.stretches):
        letters = len(fold(text.text[start:end]).text)
        if telling[number] < max(TELLING_CHARS, TELLING_PART * letters):
            runs.append([])
            continue
        if runs[-1]:
            _, last, before = text.stretches[number - 1]
            if before != section or text.text[last:start].strip():
                runs.append([])
        runs[-1].append(number)
    return [tuple(run) for run in runs if len(run) >= SENTENCES[0]]


def sentence_of(text: ReuseText, number: int) -> str:
    """A stretch as one line that ends as a sentence does."""
    start, end, _ = text.stretches[number]
    line = re.sub(r"\s+", "", text.text[start:end])
    return line if _END.search(line) else f"{line.rstrip('，、,：:')}。"


def insert_passages(
    text: ReuseText, passages: Sequence[tuple[int, Sequence[str]]]
) -> tuple[ReuseText, list[list[tuple[int, int]]]]:
    """The report with sentences put in front of its stretches `(number, sentences)`, each number once, in order.

    Also gives, for each passage, the spans of its sentences in the new text. Mandated stretches move along.
    """
    places = [text.stretches[number][0] for number, _ in passages]
    sizes = list(accumulate((sum(map(len, sentences)) for _, sentences in passages), initial=0))

    def moved(start: int, end: int) -> tuple[int, int]:
        return start + sizes[bisect_right(places, start)], end + sizes[bisect_left(places, end)]

    parts: list[str] = []
    at = 0
    stretches = [(*moved(start, end), section) for start, end, section in text.stretches]
    spans: list[list[tuple[int, int]]] = []
    for place, before, (number, sentences) in zip(places, sizes, passages, strict=False):
        parts.extend((text.text[at:place], *sentences))
        ends = list(accumulate(map(len, sentences), initial=place + before))
        spans.append(list(pairwise(ends)))
        stretches.extend((start, end, text.stretches[number][2]) for start, end in spans[-1])
        at = place
    parts.append(text.text[at:])
    skeleton = tuple(moved(start, end) for start, end in text.skeleton)
    return replace(text, text="".join(parts), stretches=tuple(sorted(stretches)), skeleton=skeleton), spans


class Planter:
    """Plants into the same reports once or more, each time from a seed of its own."""

    def __init__(self, texts: Sequence[ReuseText], words: Words, known: frozenset[tuple[str, str]]) -> None:
        """`known` are pairs of report ids (lesser first) that share something already: none of these is planted."""
        self.texts = {text.report_id: text for text in sorted(texts, key=lambda text: text.report_id)}
        self.words = words
        self.known = known
        self.vocabulary = build_vocabulary(self.texts.values(), words)
        self.runs = {name: telling_runs(text) for name, text in self.texts.items()}

    def plant(self, seed: int) -> Planting:
        """PASSAGES passages in every other report, alterations in turn, no sentence of a source twice."""
        rng = random.Random(seed)
        copiers, free = self._split(rng)
        planted: dict[str, list[Passage]] = {}
        turn = 0
        for name in copiers:
            places = self._places(rng, name, PASSAGES)
            for place in places:
                how = ALTERATIONS[turn % len(ALTERATIONS)]
                taken = self._take(rng, name, free, how)
                if taken:
                    turn += 1
                    planted.setdefault(name, []).append((place, *self._alter(rng, name, taken, how), how))
        return self._finish(planted)

    def plant_doses(self, seed: int, doses: Sequence[float], how: str) -> tuple[Planting, dict[str, float]]:
        """One alteration, so much of it in each copier that about a part `dose` is planted; and the true parts."""
        rng = random.Random(seed)
        copiers, free = self._split(rng)
        planted: dict[str, list[Passage]] = {}
        shares: dict[str, float] = {}
        for turn, name in enumerate(copiers):
            own, letters = self._letters(name), 0.0
            wanted = doses[turn % len(doses)] / (1 - doses[turn % len(doses)]) * own
            source = None
            for place in self._places(rng, name, len(self.texts[name].stretches)):
                if letters >= wanted:
                    break
                # One source as long as it lasts, then another.
                taken = (source and self._take(rng, name, free, how, only=source)) or self._take(rng, name, free, how)
                if not taken:
                    break
                source = taken[0][0]
                sentences, origins = self._alter(rng, name, taken, how)
                letters += sum(len(fold(sentence).text) for sentence in sentences)
                planted.setdefault(name, []).append((place, sentences, origins, how))
            if letters:
                shares[name] = letters / (letters + own)
        return self._finish(planted), shares

    def _split(self, rng: random.Random) -> tuple[list[str], dict[str, list[tuple[int, ...]]]]:
        """Copiers in a random order, and what there is to take from all others."""
        names = list(self.texts)
        rng.shuffle(names)
        copiers, sources = names[: len(names) // 2], names[len(names) // 2 :]
        return copiers, {name: list(self.runs[name]) for name in sources if self.runs[name]}

    def _letters(self, name: str) -> int:
        text = self.texts[name]
        return sum(len(fold(text.text[start:end]).text) for start, end, _ in text.stretches)

    def _places(self, rng: random.Random, name: str, count: int) -> list[int]:
        """Stretches of the copier that begin behind a sentence or a heading, in order."""
        text = self.texts[name]
        fitting = [
            number for number, (start, _, section) in enumerate(text.stretches)
            if number == 0 or text.stretches[number - 1][2] != section or _END.search(text.text[:start].rstrip()[-1:])
        ]
        return sorted(rng.sample(fitting, min(count, len(fitting))))

    def _take(
        self, rng: random.Random, copier: str, free: dict[str, list[tuple[int, ...]]], how: str, *,
        only: str | None = None,
    ) -> list[tuple[str, int]]:
        """Sentences `(source, number)` of one source, of two where they are to be spliced; empty where none is left."""
        wanted = 2 if how == "spliced" else 1
        names = [only] if only is not None else rng.sample(sorted(free), len(free))
        taken: list[list[tuple[str, int]]] = []
        for name in names:
            if len(taken) < wanted and free.get(name) and self._may_copy(copier, name):
                run = free[name].pop(rng.randrange(len(free[name])))
                length = min(len(run), rng.randint(*SENTENCES))
                rest = run[length:]
                if len(rest) >= SENTENCES[0]:
                    free[name].append(rest)
                taken.append([(name, number) for number in run[:length]])
        if len(taken) < wanted:
            return []
        if how != "spliced":
            return taken[0]
        return [sentence for both in zip(*taken, strict=False) for sentence in both]

    def _may_copy(self, copier: str, source: str) -> bool:
        """Whether the source is another agency's, not later than the copier, and shares nothing with it so far."""
        one, other = self.texts[copier], self.texts[source]
        pair = min(copier, source), max(copier, source)
        return one.agency != other.agency and pair not in self.known and find_direction(other, one) != "b>a"

    def _alter(
        self, rng: random.Random, copier: str, taken: list[tuple[str, int]], how: str
    ) -> tuple[list[str], list[tuple[str, int]]]:
        """The sentences as the copier leaves them, and where each is from."""
        sentences = [sentence_of(self.texts[name], number) for name, number in taken]
        if how == "verbatim":
            return sentences, taken
        renamed = [
            exchange_names(rng, sentence, self.texts[name], self.texts[copier])
            for sentence, (name, _) in zip(sentences, taken, strict=True)
        ]
        if how == "reordered":
            order = list(range(len(taken)))
            rng.shuffle(order)
            return [renamed[place] for place in order], [taken[place] for place in order]
        rate = RATES.get(how, 0.0)
        edited = [
            "".join((*edit_words(rng, self.words(line[:-1]), rate, self.vocabulary.pick), line[-1])) for line in renamed
        ]
        return (edited if rate else renamed), taken

    def _finish(self, planted: dict[str, list[Passage]]) -> Planting:
        """Write the passages into their reports and note where they stand, sentence by sentence or as a whole."""
        texts = dict(self.texts)
        cases: list[Case] = []
        for name, passages in planted.items():
            texts[name], spans = insert_passages(self.texts[name], [(place, lines) for place, lines, _, _ in passages])
            for (_, _, origins, how), sentences in zip(passages, spans, strict=True):
                sources = [(source, *self.texts[source].stretches[number][:2]) for source, number in origins]
                if how == "spliced":
                    cases.extend(
                        Case(name, start, end, *source, how)
                        for (start, end), source in zip(sentences, sources, strict=True)
                    )
                else:
                    start, end = min(s for _, s, _ in sources), max(e for _, _, e in sources)
                    cases.append(Case(name, sentences[0][0], sentences[-1][1], sources[0][0], start, end, how))
        return Planting(tuple(texts.values()), tuple(cases), frozenset(case.source for case in cases))

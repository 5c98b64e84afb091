"""The two sides of a passage as text with its differences marked, broken into lines that face each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gknlp.normalize import Folded, fold
from gknlp.output.labels import shown

# A line that faces its twin ends where a sentence does, and is no shorter than this.
SENTENCE_ENDS = frozenset("。！？；!?;\n")
LEAST_LINE = 24
# What belongs to the words behind it, not to the sentence before.
OPENERS = frozenset("（(《〈“‘「『【[〔")


@dataclass(slots=True)
class Stretch:
    """Text in which nothing begins or ends. `change` is the kind of a difference that it holds, or ""; `title` says
    what stands for it on the other side. A change with empty text marks where the other side has more.

    `classes` are those of the passages it lies in, none for text of its own; `begins` the numbers of passages that
    begin with it, `facing` names the lines that do (the same on the other side).
    """

    text: str
    change: str = ""
    title: str = ""
    classes: str = ""
    begins: tuple[int, ...] = ()
    facing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """`[start, end)` of the left text stands for `[there, there_end)` of the right; `kind` says what was changed."""

    start: int
    end: int
    there: int
    there_end: int
    kind: str

    def turned(self) -> Difference:
        """The same as the right side sees it."""
        return Difference(self.there, self.there_end, self.start, self.end, self.kind)


Span = tuple[int, int]


def facing_lines(
    texts: tuple[str, str], left: Span, right: Span, differences: Sequence[Difference]
) -> list[tuple[Span, Span]]:
    """The two spans of a passage cut into as many lines, each facing its twin; together they hold all of both spans.

    Lines end at sentence ends of the left text outside of differences, where what stands before agrees letter by letter
    on both sides (else the place on the right would be a guess). `differences` in order, never overlapping. Cost:
    linear.
    """
    lines = []
    begin, there = left[0], right[0]
    for at, other in _sentence_ends(texts, left, right, differences):
        if at - begin >= LEAST_LINE and other > there and left[1] - at >= LEAST_LINE:
            lines.append(((begin, at), (there, other)))
            begin, there = at, other
    return [*lines, ((begin, left[1]), (there, right[1]))]


def _sentence_ends(
    texts: tuple[str, str], left: Span, right: Span, differences: Sequence[Difference]
) -> Iterator[Span]:
    """Places behind sentence ends as (left, right) offsets, in order."""
    at, other = left[0], right[0]
    for d in [*differences, Difference(left[1], left[1], right[1], right[1], "")]:
        here, there = fold(texts[0][at : d.start]), fold(texts[1][other : d.there])
        if here.text == there.text:
            for offset in range(at, d.start):
                if texts[0][offset] in SENTENCE_ENDS:
                    letter = here.from_source(offset - at + 1)
                    yield (
                        at + _behind(here, letter, texts[0][at : d.start]),
                        other + _behind(there, letter, texts[1][other : d.there]),
                    )
        at, other = d.end, d.there_end


def _behind(view: Folded, letter: int, text: str) -> int:
    """Where the punctuation behind the letter before `letter` ends."""
    at = view.offsets[letter - 1] + 1 if letter else 0
    stop = view.offsets[letter] if letter < len(view.text) else len(text)
    while at < stop and text[at] not in OPENERS:
        at += 1
    return at


def side_stretches(texts: tuple[str, str], span: Span, differences: Sequence[Difference]) -> Iterator[Stretch]:
    """The text of a span of the first text, cut at the differences in it; nothing of the span is lost.

    `differences` in order, never overlapping; one that begins before the span or ends behind it is left out. An empty
    one (the other side has more) is marked where it stands.
    """
    at, stop = span
    for d in differences:
        if d.start < at or d.end > stop:
            continue
        if at < d.start:
            yield Stretch(shown(texts[0][at : d.start]))
        yield Stretch(shown(texts[0][d.start : d.end]), d.kind, shown(texts[1][d.there : d.there_end]))
        at = d.end
    if at < stop:
        yield Stretch(shown(texts[0][at:stop]))

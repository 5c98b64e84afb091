"""Whether what two reports share is worth showing, and as how many passages: chance and set phrases are sorted out."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Sequence
from itertools import pairwise
from operator import or_
from typing import NamedTuple

from gknlp.reuse.candidates import SEED_WINDOW
from gknlp.reuse.grams import Block, Side
from gknlp.reuse.view import BREAK, BREAKS
from gknlp.reuse.wording import STEP

# A passage must agree in this share of its characters (2 x matched / both lengths): 20 % of words edited leave about
# 0.75, unrelated sentences of the genre that pass the Jaccard floor reach 0.5.
LEAST_SIMILARITY = 0.6
# … and hold one verbatim run of this length; edited copies do, sentences that share single words do not.
LEAST_RUN = 6
# … and tell this much: bits of the matched characters (see `wording`) times similarity. Unrelated sentences of held-out
# specimens that look alike reach 60 in less than 2 of 100 passages found, of copies of one or two sentences with 10 or
# 20 % of the words edited 94 of 100 do, of longer ones all. Two independent reports of 1,500 characters meet by chance
# with about 2^-40; the rest is margin for what the model does not know.
LEAST_BITS = 60
# A verbatim run with this many letters that are no frequent wording is shown whatever it tells.
LONG_RUN = 20
# Two reports that share less than this in all have a phrase in common (抖音号等平台不够完善等薄弱环节): of 20,000
# generated reports the longest by chance had 17 letters, and 20 characters with two marks of punctuation have 18.
LEAST_SHARED = 18
# Wording of many places makes a passage where it goes on for LONG_STRETCH letters, which is more than a set sentence or
# two, or between look-alikes: reports that share this part of the shorter one, and so many letters, in such passages.
# Of reports that draw 15 % of their sentences from one stock of 40, the likest share 0.2.
LONG_STRETCH = 150
LOOK_ALIKE = 100
LOOK_ALIKE_PART = 0.4
# Passages this near to one another on both sides, in whatever order, are one passage with moved sentences.
MOVED_GAP = 40
_SEED_GAP = re.compile(b"\\0{%d,}" % SEED_WINDOW)


class Shared(NamedTuple):
    """A passage of a pair in view positions; `blocks` are its matched runs, flat: a, b, length, a, b, length …

    Blocks are in order of `a`; those of a passage with moved sentences are not in order of `b`. A passage is `doubtful`
    if it stands by what its rarer wording tells and by nothing else: see `foreseen`.
    """

    a_start: int
    a_end: int
    b_start: int
    b_end: int
    similarity: float
    blocks: array[int]
    doubtful: bool = False


def accept_chains(chains: Sequence[Sequence[Block]], a: Side, b: Side, min_chars: int) -> list[Shared]:
    """The chains that are passages, in their order.

    A passage has `min_chars` matched letters beyond slots and set phrases, and it tells enough by letters that are no
    wording of many places, or holds a verbatim run with LONG_RUN of them; or it is long, or between look-alikes. All
    passages of a pair together match LEAST_SHARED characters.
    """
    agreeing = [part for chain in chains for part in _split_apart(list(chain), a.text, b.text)]
    candidates = [found for part in agreeing if (found := _weigh(part, a, b, min_chars)) is not None]
    often = [shared for shared, proven, told in candidates if not (proven or told)]
    shorter = min(len(side.weights) - side.weights.count(0) for side in (a, b))
    alike = _match_letters(often, a, b, max(LOOK_ALIKE, LOOK_ALIKE_PART * shorter))
    accepted = []
    for shared, proven, told in candidates:
        if proven or alike or _match_letters([shared], a, b, LONG_STRETCH):
            accepted.append(shared)
        elif told:
            accepted.append(shared._replace(doubtful=True))
    return accepted if sum(sum(shared.blocks[2::3]) for shared in accepted) >= LEAST_SHARED else []


def _split_apart(chain: list[Block], a: str, b: str) -> list[list[Block]]:
    """A chain that agrees as passages do; of any other the parts about its widest gaps that do, or single runs."""
    parts, waiting = [], [chain]
    while waiting:
        part = waiting.pop()
        if len(part) == 1 or _similarity(part) >= LEAST_SIMILARITY:
            parts.append(part)
            continue
        gaps = [max(x - a_at - length, y - b_at - length) for (a_at, b_at, length), (x, y, _) in pairwise(part)]
        at = gaps.index(max(gaps)) + 1
        waiting.extend((part[at:], part[:at]))
    return [_complete(part, a, b) for part in parts] if len(parts) > 1 else parts


def _complete(part: list[Block], a: str, b: str) -> list[Block]:
    """A part with its ends as long as they are verbatim: what the chain took off a run where another ended."""
    (x, y, length), before, behind = part[0], 0, 0
    while min(x, y) > before and a[x - before - 1] == b[y - before - 1] not in BREAKS:
        before += 1
    part = [(x - before, y - before, length + before), *part[1:]]
    x, y, length = part[-1]
    a_end, b_end = x + length, y + length
    while a_end + behind < len(a) and b_end + behind < len(b) and a[a_end + behind] == b[b_end + behind] not in BREAKS:
        behind += 1
    return [*part[:-1], (x, y, length + behind)]


def _similarity(chain: Sequence[Block]) -> float:
    """Twice the matched letters over the length of both sides."""
    (a_start, b_start, _), (a_last, b_last, length) = chain[0], chain[-1]
    return 2 * sum(length for _, _, length in chain) / (a_last + b_last + 2 * length - a_start - b_start)


def _rare_spans(marks: bytes) -> list[tuple[int, int]]:
    """Where marks of frequent wording leave a gap or margin in which a seed must stand: shorter ones prove nothing."""
    return [gap.span() for gap in _SEED_GAP.finditer(marks)] if 1 in marks else [(0, len(marks))]


def _match_letters(found: Sequence[Shared], a: Side, b: Side, least: float) -> bool:
    """Whether the passages match so many letters that tell something, each counted once, on both sides."""
    if sum([sum(shared.blocks[2::3]) for shared in found]) < least:
        return False
    for side, weights in enumerate((a.weights, b.weights)):
        matched = bytearray(len(weights))
        for shared in found:
            for start, length in zip(shared.blocks[side::3], shared.blocks[2::3], strict=True):
                matched[start : start + length] = weights[start : start + length]
        if len(matched) - matched.count(0) < least:
            return False
    return True


def _weigh(chain: Sequence[Block], a: Side, b: Side, min_chars: int) -> tuple[Shared, bool, bool] | None:
    """The passage of a chain that agrees, and whether it holds a LONG_RUN, or tells enough, without frequent wording.

    None where it is chance or set phrase.
    """
    a_start, b_start, _ = chain[0]
    a_last, b_last, length = chain[-1]
    a_end, b_end = a_last + length, b_last + length
    similarity = _similarity(chain)
    longest = max(length for _, _, length in chain)
    if longest < min(LEAST_RUN, min_chars):
        return None
    letters = bits = rare_bits = 0
    proven = False
    for x, y, length in chain:
        weights = _combine(min, a.weights[x : x + length], b.weights[y : y + length])
        letters += length - weights.count(0)
        bits += sum(weights)
        rare_letters = 0
        for start, end in _rare_spans(_combine(or_, a.frequent[x : x + length], b.frequent[y : y + length])):
            rare_letters += end - start - weights.count(0, start, end)
            rare_bits += sum(weights[start:end])
        proven = proven or rare_letters >= LONG_RUN
    if letters < min_chars or (not proven and bits * similarity < LEAST_BITS * STEP):
        return None
    blocks = array("l", [value for block in chain for value in block])
    shared = Shared(a_start, a_end, b_start, b_end, similarity, blocks)
    return shared, proven, rare_bits * similarity >= LEAST_BITS * STEP


def _combine(function: Callable[[int, int], int], a: bytes, b: bytes) -> bytes:
    """The least or the union of each two values: of equal wording these are nearly always equal."""
    return a if a == b else bytes(map(function, a, b))


def join_moved(found: Sequence[Shared], a: str, b: str) -> list[Shared]:
    """The passages, those made one that together fill one stretch on either side: sentences in another order.

    Stretches are as large as they can be without a gap of more than MOVED_GAP characters or a break; where what is
    matched is less of them than a passage must agree in, the passages stay apart.
    """
    groups, count = [list(found)], 0
    while len(groups) != count:
        count = len(groups)
        for is_a in (True, False):
            groups = [part for group in groups for part in _split_at_gaps(group, a if is_a else b, is_a)]
    return [shared for group in groups for shared in _join(group)]


def _split_at_gaps(group: list[Shared], text: str, is_a: bool) -> list[list[Shared]]:
    """The parts of a group between which one side has a gap or a break."""
    spans = sorted(((s.a_start, s.a_end, s) if is_a else (s.b_start, s.b_end, s) for s in group), key=lambda x: x[:2])
    parts: list[list[Shared]] = []
    reached = -1
    for start, end, shared in spans:
        if not parts or start - reached > MOVED_GAP or BREAK in text[reached:start]:
            parts.append([])
        parts[-1].append(shared)
        reached = max(reached, end)
    return parts


def _join(group: list[Shared]) -> list[Shared]:
    if len(group) == 1:
        return group
    a_start, a_end = min(s.a_start for s in group), max(s.a_end for s in group)
    b_start, b_end = min(s.b_start for s in group), max(s.b_end for s in group)
    blocks = sorted(
        {block for s in group for block in zip(s.blocks[::3], s.blocks[1::3], s.blocks[2::3], strict=True)}
    )
    matched = min(len({at for block in blocks for at in range(block[i], block[i] + block[2])}) for i in (0, 1))
    similarity = 2 * matched / (a_end - a_start + b_end - b_start)
    if similarity < LEAST_SIMILARITY:
        return group
    flat = array("l", [value for block in blocks for value in block])
    return [Shared(a_start, a_end, b_start, b_end, similarity, flat, all(s.doubtful for s in group))]

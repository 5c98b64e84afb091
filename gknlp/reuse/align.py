"""What two reports share: pieces that look alike are aligned letter by letter, verbatim runs are added, and what
follows one another on both sides is chained to passages.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz.distance import Indel

from gknlp.reuse.evidence import LEAST_RUN, LEAST_SIMILARITY, Shared, accept_chains, join_moved
from gknlp.reuse.grams import Block, Common, Side, compare_pairs
from gknlp.reuse.view import BREAK, STRIPPED

# Fragments are chained over gaps of at most this many view characters on each side: a clause left out or put in; over a
# sentence (GAP_WHOLE) if what comes of it agrees as whole passages do.
GAP = 40
GAP_WHOLE = 100
# The ends of a chain are followed into the next characters, this many at a time.
REACH = 48
_REACHED = re.compile(f"[^{BREAK}{STRIPPED}]{{0,{REACH}}}")
# Local alignment: an unmatched character costs as much as a matched one earns, so a fragment ends where less than half
# agrees; runs of one and two characters agree by chance in this genre and earn less.
_EARNED = (0.0, 0.2, 1.0)


def align_pairs(pairs: Sequence[tuple[Side, Side]], *, near: float, min_chars: int) -> list[list[Shared]]:
    """The passages that the two sides of each pair share, in the order of pairs (see `align_pair`).

    Top level, for `Engine.map`. Cheaper by the pair than one by one, most where pairs with the same first side follow
    one another: a third of a millisecond for two reports of 60 sentences.
    """
    found = compare_pairs(pairs, near)
    return [_align(a, b, common, min_chars) for (a, b), common in zip(pairs, found, strict=True)]


def align_pair(a: Side, b: Side, *, near: float, min_chars: int) -> list[Shared]:
    """The passages that `a` and `b` share, ordered by place in `a`, then `b`; none crosses a break of its view.

    Pieces whose 3-gram sets have a Jaccard index of at least `near` (or one of which holds the other to the same
    degree) are aligned; so is every verbatim run of `grams.RUN` characters. A passage has at least `min_chars` matched
    characters beyond set phrases.
    """
    return align_pairs([(a, b)], near=near, min_chars=min_chars)[0]


def _align(a: Side, b: Side, common: Common, min_chars: int) -> list[Shared]:
    fragments = _align_pieces(a, b, common.pieces)
    fragments.extend(_uncovered(common.runs, fragments))
    chains = _chain(_extend_all(fragments, a.text, b.text), a.text, b.text)
    found = join_moved(_drop_nested(accept_chains(chains, a, b, min_chars)), a.text, b.text)
    return sorted(found, key=lambda s: (s.a_start, s.b_start, s.a_end, s.b_end))


def _drop_nested(found: list[Shared]) -> list[Shared]:
    """Leave out what lies in a longer passage on both sides: the same finding seen twice.

    What reaches beyond it, if by a letter, stays: its end may complete a verbatim run; `join_moved` makes them one.
    """
    kept: list[Shared] = []
    for shared in sorted(found, key=lambda s: (s.a_start - s.a_end + s.b_start - s.b_end, s.a_start, s.b_start)):
        if not any(
            other.a_start <= shared.a_start and shared.a_end <= other.a_end
            and other.b_start <= shared.b_start and shared.b_end <= other.b_end
            for other in kept
        ):
            kept.append(shared)
    return kept


def _align_pieces(a: Side, b: Side, numbers: Sequence[tuple[int, int]]) -> list[list[Block]]:
    fragments: list[list[Block]] = []
    for a_number, b_number in numbers:
        (a_start, a_end, _), (b_start, b_end, _) = a.pieces[a_number], b.pieces[b_number]
        blocks = _equal_blocks(a.text[a_start:a_end], b.text[b_start:b_end])
        fragments.extend(_local([(a_start + x, b_start + y, length) for x, y, length in blocks]))
    return fragments


def _equal_blocks(a: str, b: str) -> list[Block]:
    """Matched runs of the least edit (insertions and deletions) from one stretch to the other."""
    if a == b:
        return [(0, 0, len(a))] if a else []
    return [(run.a, run.b, run.size) for run in Indel.opcodes(a, b).as_matching_blocks() if run.size]


def _local(blocks: list[Block]) -> list[list[Block]]:
    """The stretches of an alignment that agree more than they differ: best-scoring one, then what is left of it,
    right of it.
    """
    if len(blocks) == 1:
        return [blocks] if blocks[0][2] >= LEAST_RUN else []
    found: list[list[Block]] = []
    waiting = [blocks]
    while waiting:
        part = waiting.pop()
        best, first, last = 0.0, 0, -1
        score, start = 0.0, 0
        for number, (a, b, length) in enumerate(part):
            if number > start:
                before = part[number - 1]
                score -= max(a - before[0] - before[2], b - before[1] - before[2])
            if score <= 0:
                score, start = 0.0, number
            score += _EARNED[length] if length < len(_EARNED) else length
            if score > best:
                best, first, last = score, start, number
        if best >= LEAST_RUN:
            found.append(part[first : last + 1])
            waiting.extend((part[:first], part[last + 1 :]))
    return found


def _uncovered(runs: list[Block], fragments: list[list[Block]]) -> list[list[Block]]:
    """The verbatim runs that no fragment holds on the same diagonal, each as a fragment of its own."""
    held: dict[int, list[tuple[int, int]]] = {}
    for fragment in fragments:
        for a, b, length in fragment:
            held.setdefault(b - a, []).append((a, a + length))
    return [
        [(a, b, length)]
        for a, b, length in runs
        if sum(max(0, min(a + length, end) - max(a, start)) for start, end in held.get(b - a, ())) < length
    ]


def _begin(blocks: list[Block]) -> tuple[int, int]:
    return blocks[0][0], blocks[0][1]


def _extend_all(fragments: list[list[Block]], a: str, b: str) -> list[list[Block]]:
    """All fragments followed outwards, longest first; one that a longer one has reached already is left out."""
    made: list[list[Block]] = []
    spans: list[tuple[int, int, int, int]] = []
    for fragment in sorted(fragments, key=lambda blocks: (-_matched(blocks), _begin(blocks))):
        (a_start, b_start), (a_end, b_end) = _begin(fragment), _ends(fragment)
        for a_from, b_from, a_to, b_to in spans:
            if a_from <= a_start and a_end <= a_to and b_from <= b_start and b_end <= b_to:
                break
        else:
            made.append(_extend(fragment, a, b))
            spans.append((*_begin(made[-1]), *_ends(made[-1])))
    return made


def _matched(blocks: list[Block]) -> int:
    return sum([length for _, _, length in blocks])


def _extend(blocks: list[Block], a: str, b: str) -> list[Block]:
    """Follow both ends of a fragment outwards as long as the texts agree more than they differ."""
    a_start, b_start = _begin(blocks)
    a_end, b_end = _ends(blocks)
    before: list[Block] = []
    while more := _best_prefix(_before(a, a_start), _before(b, b_start)):
        before.extend((a_start - x - length, b_start - y - length, length) for x, y, length in more)
        a_start, b_start, _ = before[-1]
    after: list[Block] = []
    while more := _best_prefix(_after(a, a_end), _after(b, b_end)):
        after.extend((a_end + x, b_end + y, length) for x, y, length in more)
        a_end, b_end = _ends(after)
    return _merge_blocks([*reversed(before), *blocks, *after]) if before or after else blocks


def _merge_blocks(blocks: list[Block]) -> list[Block]:
    """The same matched runs, those made one that meet on both sides."""
    merged: list[Block] = []
    for a, b, length in blocks:
        if merged and _ends(merged) == (a, b):
            merged[-1] = (*merged[-1][:2], merged[-1][2] + length)
        else:
            merged.append((a, b, length))
    return merged


def _after(text: str, start: int) -> str:
    """REACH characters on, or the text up to the next break or its end."""
    return _REACHED.match(text, start)[0]  # type: ignore[index]


def _before(text: str, end: int) -> str:
    """The same backwards, from right to left."""
    return _REACHED.match(text[max(0, end - REACH) : end][::-1])[0]  # type: ignore[index]


def _best_prefix(a: str, b: str) -> list[Block]:
    """The first matched runs of two stretches that together earn most, none if no number of them earns anything."""
    blocks = _equal_blocks(a, b)
    score = best = 0.0
    a_end = b_end = kept = 0
    for number, (x, y, length) in enumerate(blocks):
        score -= max(x - a_end, y - b_end)
        score += _EARNED[length] if length < len(_EARNED) else length
        a_end, b_end = x + length, y + length
        if score > best:
            best, kept = score, number + 1
    return blocks[:kept]


def _chain(fragments: list[list[Block]], a: str, b: str) -> list[list[Block]]:
    """Join fragments that follow one another on both sides; of several chains to the one with the least gap."""
    chains: list[list[Block]] = []
    reachable: list[list[Block]] = []
    for fragment in sorted(fragments, key=_begin):
        reachable = [chain for chain in reachable if fragment[0][0] - _ends(chain)[0] <= GAP_WHOLE]
        fitting = [
            (gap, number, rest)
            for number, chain in enumerate(reachable)
            for rest in [_rest_after(fragment, *_ends(chain))]
            for gap in [_gap(chain, rest, a, b)]
            if gap is not None
        ]
        if not fitting:
            chain = list(fragment)
            chains.append(chain)
            reachable.append(chain)
            continue
        _, number, rest = min(fitting, key=lambda item: item[:2])
        chain = reachable[number]
        a_end, b_end = _ends(chain)
        if min(rest[0][0] - a_end, rest[0][1] - b_end) > 0:
            filled = _equal_blocks(a[a_end : rest[0][0]], b[b_end : rest[0][1]])
            chain.extend((a_end + x, b_end + y, length) for x, y, length in filled if length > 1)
        chain.extend(rest)
    return chains


def _gap(chain: list[Block], rest: list[Block], a: str, b: str) -> int | None:
    """How far a fragment lies behind a chain, both sides together; None where the two are not to be joined."""
    if not rest:
        return None
    a_end, b_end = _ends(chain)
    a_gap, b_gap = rest[0][0] - a_end, rest[0][1] - b_end
    longest = max(a_gap, b_gap)
    if longest > GAP_WHOLE or BREAK in a[a_end : a_end + a_gap] or BREAK in b[b_end : b_end + b_gap]:
        return None
    if longest > GAP:
        matched = sum(length for _, _, length in (*chain, *rest))
        (a_last, b_last), (a_first, b_first) = _ends(rest), _begin(chain)
        if 2 * matched / (a_last - a_first + b_last - b_first) < LEAST_SIMILARITY:
            return None
    return a_gap + b_gap


def _ends(chain: list[Block]) -> tuple[int, int]:
    a, b, length = chain[-1]
    return a + length, b + length


def _rest_after(fragment: list[Block], a_end: int, b_end: int) -> list[Block]:
    """What of a fragment lies past both ends; empty where that is less than a verbatim run worth following, or where
    more than that lies past one end only: a moved sentence, which joining the rest would lose.
    """
    rest, moved = [], 0
    for a, b, length in fragment:
        over = min(max(a_end - a, b_end - b, 0), length)
        moved += over - min(max(min(a_end - a, b_end - b), 0), length)
        if over < length:
            rest.append((a + over, b + over, length - over))
    return rest if sum(length for _, _, length in rest) >= LEAST_RUN > moved else []

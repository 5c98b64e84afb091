"""What two reports share: pieces that look alike are aligned letter by letter, verbatim runs are added, and what
follows one another on both sides is chained to passages.
"""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz.distance import Indel

from gknlp.reuse.evidence import LEAST_RUN, LEAST_SIMILARITY, Shared, accept_chains, join_moved
from gknlp.reuse.grams import Block, Grams, Side, common_runs, index_side, like_pieces
from gknlp.reuse.view import BREAK, BREAKS

# Fragments are chained over gaps of at most this many view characters on each side: a clause left out or put in; over a
# sentence (GAP_WHOLE) if what comes of it agrees as whole passages do.
GAP = 40
GAP_WHOLE = 100
# The ends of a chain are followed into the next characters, this many at a time.
REACH = 48
# Local alignment: an unmatched character costs as much as a matched one earns, so a fragment ends where less than half
# agrees; runs of one and two characters agree by chance in this genre and earn less.
_EARNED = (0.0, 0.2, 1.0)


def align_reports(item: tuple[Side, Sequence[Side]], *, near: float, min_chars: int) -> list[list[Shared]]:
    """The passages of one report with each of the others, in their order; top level, for `Engine.map`."""
    focus, others = item
    grams = index_side(focus)
    return [_align(focus, grams, other, index_side(other), near, min_chars) for other in others]


def align_pair(a: Side, b: Side, *, near: float, min_chars: int) -> list[Shared]:
    """The passages that `a` and `b` share, ordered by place in `a`, then `b`; none crosses a break of its view.

    Pieces whose 3-gram sets have a Jaccard index of at least `near` (or one of which holds the other to the same
    degree)
    are aligned; so is every verbatim run of `grams.RUN` characters. A passage has at least `min_chars` matched
    characters
    beyond
    set phrases. Cost: about a millisecond for two reports of 60 sentences.
    """
    return _align(a, index_side(a), b, index_side(b), near, min_chars)


def _align(a: Side, a_grams: Grams, b: Side, b_grams: Grams, near: float, min_chars: int) -> list[Shared]:
    fragments = [
        fragment
        for a_piece, b_piece in like_pieces(a_grams, b_grams, near)
        for fragment in _align_pieces(a.text, b.text, a.pieces[a_piece], b.pieces[b_piece])
    ]
    fragments.extend(_uncovered(common_runs(a_grams, b_grams), fragments))
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


def _align_pieces(
    a: str, b: str, a_piece: tuple[int, int, int], b_piece: tuple[int, int, int]
) -> list[list[Block]]:
    return _local(_equal_blocks(a, b, a_piece[0], a_piece[1], b_piece[0], b_piece[1]))


def _equal_blocks(a: str, b: str, a_start: int, a_end: int, b_start: int, b_end: int) -> list[Block]:
    """Matched runs of the least edit (insertions and deletions) from one stretch to the other."""
    codes = Indel.opcodes(a[a_start:a_end], b[b_start:b_end])
    return [
        (a_start + code.src_start, b_start + code.dest_start, code.src_end - code.src_start)
        for code in codes
        if code.tag == "equal"
    ]


def _local(blocks: list[Block]) -> list[list[Block]]:
    """The stretches of an alignment that agree more than they differ: best-scoring one, then what is left of it,
    right of it.
    """
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
    for fragment in sorted(fragments, key=lambda blocks: (-sum(length for _, _, length in blocks), _begin(blocks))):
        (a_start, b_start), (a_end, b_end) = _begin(fragment), _ends(fragment)
        if not any(
            _begin(other)[0] <= a_start and a_end <= _ends(other)[0]
            and _begin(other)[1] <= b_start and b_end <= _ends(other)[1]
            for other in made
        ):
            made.append(_extend(fragment, a, b))
    return made


def _extend(blocks: list[Block], a: str, b: str) -> list[Block]:
    """Follow both ends of a fragment outwards as long as the texts agree more than they differ."""
    after = list(blocks)
    while True:
        a_end, b_end = _ends(after)
        aligned = _equal_blocks(a, b, a_end, _to_break(a, a_end), b_end, _to_break(b, b_end))
        more = _best_prefix(aligned, a_end, b_end)
        if not more:
            break
        after.extend(more)
    before: list[Block] = []
    while True:
        a_start, b_start, _ = before[-1] if before else after[0]
        a_back, b_back = a[max(0, a_start - REACH) : a_start][::-1], b[max(0, b_start - REACH) : b_start][::-1]
        aligned = _equal_blocks(a_back, b_back, 0, _to_break(a_back, 0), 0, _to_break(b_back, 0))
        more = _best_prefix(aligned, 0, 0)
        if not more:
            return _merge_blocks([*reversed(before), *after])
        before.extend((a_start - x - length, b_start - y - length, length) for x, y, length in more)


def _merge_blocks(blocks: list[Block]) -> list[Block]:
    """The same matched runs, those made one that meet on both sides."""
    merged: list[Block] = []
    for a, b, length in blocks:
        if merged and _ends(merged) == (a, b):
            merged[-1] = (*merged[-1][:2], merged[-1][2] + length)
        else:
            merged.append((a, b, length))
    return merged


def _to_break(text: str, start: int) -> int:
    """REACH characters on, or the next break, or the end of the text."""
    end = min(len(text), start + REACH)
    return min((at for sign in BREAKS if (at := text.find(sign, start, end)) >= 0), default=end)


def _best_prefix(blocks: list[Block], a_start: int, b_start: int) -> list[Block]:
    """The first blocks of an alignment that together earn most, none if no number of them earns anything."""
    score = best = 0.0
    kept = 0
    for number, (a, b, length) in enumerate(blocks):
        score -= max(a - a_start, b - b_start)
        score += _EARNED[length] if length < len(_EARNED) else length
        a_start, b_start = a + length, b + length
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
            for rest in [_after(fragment, *_ends(chain))]
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
            filled = _equal_blocks(a, b, a_end, rest[0][0], b_end, rest[0][1])
            chain.extend(block for block in filled if block[2] > 1)
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


def _after(fragment: list[Block], a_end: int, b_end: int) -> list[Block]:
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

"""What a run foresees: wording of many of its own places proves no copy, also where it was edited and is rare as it is.

The shipped model (`wording`) knows the genre from specimens. A large run knows it better: where a set sentence of a
thousand reports was edited alike in two, no seed of the edited letters is frequent, but three letters of it still say
what comes next. And the more reports are compared, the longer the phrases that two of them have by chance.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from gknlp.reuse.candidates import CAP
from gknlp.reuse.characters import code_points
from gknlp.reuse.evidence import LEAST_BITS, Shared
from gknlp.reuse.view import BREAK, View
from gknlp.reuse.wording import STEP, hash_grams

# A letter is foreseen from the three before it: in a run of 20,000 generated reports 60 bits by such counts leave 13 of
# 128 false passages and 5,754 of 5,757 true ones; shorter contexts foresee what authors wrote themselves.
_CONTEXT = 3
# The hashes looked for are marked in a table of this many bits first, which nearly all that is not looked for fails.
_TABLE_BITS = 22
_Found = tuple[int, int, Shared]


def drop_foreseen(found: Sequence[_Found], views: Sequence[View], places: Sequence[int]) -> list[_Found]:
    """The passages, in their order, without doubtful ones that tell less than LEAST_BITS by the run's own wording.

    `found` are passages of two reports by number, `places` a number per report as for `candidates.judge_seeds`. A
    letter whose 4-gram stands in more than CAP places tells at most -log2(places of the 4-gram / places of its first
    three letters). A passage that is not `doubtful` stays. Runs of up to CAP places lose nothing. Cost: linear in the
    text of the run.
    """
    doubtful = [item for item in found if item[2].doubtful]
    if not doubtful or len(set(places)) <= CAP:
        return list(found)
    weights = _foreseen_weights(doubtful, views, places)
    return [
        item for item in found
        if not item[2].doubtful or _told(item[2], weights[item[0]], weights[item[1]]) >= LEAST_BITS
    ]


def _told(shared: Shared, a: Any, b: Any) -> float:  # noqa: ANN401  (numpy is imported where used)
    """The bits of the matched letters by the side on which they tell less, times similarity."""
    import numpy as np

    blocks = zip(shared.blocks[::3], shared.blocks[1::3], shared.blocks[2::3], strict=True)
    return shared.similarity * float(
        sum(np.minimum(a[x : x + length], b[y : y + length]).sum() for x, y, length in blocks)
    )


def _foreseen_weights(doubtful: Sequence[_Found], views: Sequence[View], places: Sequence[int]) -> dict[int, Any]:
    """The bits of every letter that stands in a doubtful passage, as one array per report concerned."""
    import numpy as np

    spans: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for a, b, shared in doubtful:
        spans[a].append((shared.a_start, shared.a_end))
        spans[b].append((shared.b_start, shared.b_end))
    grams = {number: hash_both(views[number].text) for number in spans}
    # Where the 4-gram begins that ends with the letter.
    inside = {
        number: np.unique(np.concatenate([np.arange(max(start, _CONTEXT), end) for start, end in found])) - _CONTEXT
        for number, found in spans.items()
    }
    wanted = np.unique(np.concatenate([part[at] for number, at in inside.items() for part in grams[number]]))
    counts = count_places(wanted, views, places)
    made = {}
    for number, at in inside.items():
        weights = np.frombuffer(views[number].weights, dtype=np.uint8) / STEP
        context, whole = (counts[np.searchsorted(wanted, part[at])] for part in grams[number])
        known = whole > CAP
        told = np.log2(context[known] / whole[known])
        weights[at[known] + _CONTEXT] = np.minimum(weights[at[known] + _CONTEXT], told)
        made[number] = weights
    return made


def hash_both(text: str) -> tuple[Any, Any]:
    """The hashes of all contexts (3-grams) and all 4-grams of a view, in order of place; a context stands first."""
    import numpy as np

    codes = code_points(text).astype(np.uint64)
    return hash_grams(codes, _CONTEXT), hash_grams(codes, _CONTEXT + 1)


def count_places(wanted: Any, views: Sequence[View], places: Sequence[int]) -> Any:  # noqa: ANN401
    """In how many places each of the wanted n-grams (hashes in order, each once) stands. Cost: linear in all text."""
    import numpy as np

    mask = np.uint64((1 << _TABLE_BITS) - 1)
    marked = np.zeros(1 << _TABLE_BITS, dtype=bool)
    marked[wanted & mask] = True
    counts = np.zeros(len(wanted), dtype=np.int64)
    for text in _texts_by_place(views, places):
        hashes = np.concatenate(hash_both(text))
        hashes = hashes[marked[hashes & mask]]
        at = np.minimum(np.searchsorted(wanted, hashes), len(wanted) - 1)
        counts[np.unique(at[wanted[at] == hashes])] += 1
    return counts


def _texts_by_place(views: Sequence[View], places: Sequence[int]) -> Iterator[str]:
    """The masked text of each place, a break between its reports."""
    numbers: dict[int, list[int]] = defaultdict(list)
    for number, place in enumerate(places):
        numbers[place].append(number)
    for found in numbers.values():
        yield BREAK.join(views[number].text for number in found)

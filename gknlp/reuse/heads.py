"""Where any of many strings may begin: told by their first characters, for a whole text at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property, lru_cache
from typing import Any

from gknlp.reuse.characters import code_points

# Heads are looked up by 16 bits of a hash: a table of 64 kB stays in the cache of the processor, and of 1,000 heads one
# place in 65 is looked at for nothing.
_BITS = 16
_MULTIPLY = 0x9E3779B1
# So few heads are found sooner one by one than their table is made.
_FEW = 8


class Heads(dict[str, tuple[str, ...]]):
    """Strings by their first `width` characters, longest first; shorter ones are left out. None holds a line feed.

    They are pickled as one text, and made of it once in each process, however often they are sent there.

    >>> Heads(["柳泽县", "柳泽县水务局", "县"], 2)
    {'柳泽': ('柳泽县水务局', '柳泽县')}
    """

    def __init__(self, strings: Iterable[str], width: int) -> None:
        by_head: dict[str, list[str]] = {}
        for string in sorted(set(strings), key=lambda string: (-len(string), string)):
            if len(string) >= width:
                by_head.setdefault(string[:width], []).append(string)
        super().__init__((head, tuple(found)) for head, found in by_head.items())
        self.width = width

    def places(self, text: str) -> list[int]:
        """Where one of the heads stands, in order. Cost: linear in the text, whatever the number of strings."""
        import numpy as np

        width = self.width
        if len(text) < width or not self:
            return []
        if len(self) <= _FEW:
            return sorted(at for head in self for at in _occurrences(text, head))
        likely = np.flatnonzero(self._table[_hashes(text, width)]).tolist()
        return [at for at in likely if text[at : at + width] in self]

    def __reduce__(self) -> tuple[Callable[[str, int], Heads], tuple[str, int]]:
        return _heads_of, (self._joined, self.width)

    @cached_property
    def _joined(self) -> str:
        return "\n".join(string for strings in self.values() for string in strings)

    @cached_property
    def _table(self) -> Any:  # noqa: ANN401  (numpy is imported where used)
        import numpy as np

        table = np.zeros(1 << _BITS, dtype=bool)
        table[_hashes("".join(self), self.width)[:: self.width]] = True
        return table


@lru_cache(maxsize=1)
def _heads_of(joined: str, width: int) -> Heads:
    return Heads(joined.split("\n"), width)


def _occurrences(text: str, head: str) -> Iterator[int]:
    at = text.find(head)
    while at >= 0:
        yield at
        at = text.find(head, at + 1)


# The names of a run and those of all provinces and cities are looked for in one text in turn.
@lru_cache(maxsize=4)
def _hashes(text: str, width: int) -> Any:  # noqa: ANN401
    """A hash per run of `width` characters, in order of place."""
    import numpy as np

    codes = code_points(text)
    count = len(codes) - width + 1
    made = codes[:count] * np.uint32(_MULTIPLY)
    for at in range(1, width):
        made = (made + codes[at : at + count]) * np.uint32(_MULTIPLY)
    return made >> np.uint32(32 - _BITS)

"""Regular expressions that are tried only around what stands in each of their matches.

A pattern is tried at every character of a text, to fail at nearly all of them. The core of its matches is rare and
found much faster; the matches are those that `re.finditer` finds in the whole text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from gknlp.reuse.heads import Heads


class Anywhere:
    """A pattern that is tried at every character."""

    def __init__(self, pattern: str) -> None:
        self._pattern = re.compile(pattern)

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """The matches in order."""
        return (match.span() for match in self._pattern.finditer(text))


class Near:
    """A pattern whose matches, none of them empty, hold a core that begins at most `reach` characters after them.

    A core is a match of a pattern, or one of the strings of which only the heads are looked for.
    """

    def __init__(self, pattern: str, core: str | Heads, reach: int) -> None:
        self._pattern = re.compile(f"(?s:.{{0,{reach}}}?)(?P<match>{pattern})")
        self._core = core if isinstance(core, Heads) else re.compile(core)
        self._reach = reach

    def _places(self, text: str) -> list[int]:
        if isinstance(self._core, Heads):
            return self._core.places(text)
        return [match.start() for match in self._core.finditer(text)]

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """The matches in order. Cost: linear in the text, `reach` tries for each core."""
        reached = 0
        for core in self._places(text):
            while reached <= core:
                begin = max(reached, core - self._reach)
                match = self._pattern.match(text, begin)
                # What does not match from `begin` on does not match at the `reach` places after it, nor at the core.
                reached = match.end() if match else begin + self._reach + 1
                if match:
                    yield match.span("match")


class Runs:
    """A pattern whose matches consist of `letters` and hold at least `times` matches of `core` (all equally long).

    Only runs of `letters` that hold as many are searched, so the pattern may not look at what is beside its matches.
    """

    def __init__(self, pattern: str, core: str, times: int, letters: str) -> None:
        self._pattern = re.compile(pattern)
        self._core = re.compile(core)
        self._times = times
        self._letters = letters
        self._rest = re.compile(f"[{re.escape(letters)}]+")

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """The matches in order. Cost: linear in the text."""
        reached = 0
        while core := self._core.search(text, reached):
            start = reached + len(text[reached : core.start()].rstrip(self._letters))
            rest = self._rest.match(text, core.start())
            reached = rest.end() if rest else core.end()
            if self._times == 1 or len(self._core.findall(text, start, reached)) >= self._times:
                yield from (match.span() for match in self._pattern.finditer(text, start, reached))

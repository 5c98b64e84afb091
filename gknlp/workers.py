"""Work that counts only as a whole: the results of an engine, or of this process, with a worker's failure raised.

Per-report stages take failures one by one (a bad file never stops a run); a comparison of all reports cannot.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from gknlp.errors import EngineError
from gknlp.types import Engine

Item = TypeVar("Item")
Result = TypeVar("Result")


def map_whole(
    engine: Engine | None, function: Callable[[Item], Result], items: Iterable[Item], doing: str
) -> Iterator[Result]:
    """Yield `function(item)` in the order of `items`, by the engine's workers or, with None, by this process.

    EngineError, which says what was being done (`doing`), at the first item that a worker failed on; without an engine
    the function's own exception.
    """
    if engine is None:
        yield from map(function, items)
        return
    for result in engine.map(function, items):
        if isinstance(result, Exception):
            raise EngineError(f"{doing} failed in a worker: {result!r}") from result
        yield result

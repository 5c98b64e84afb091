"""The two methods that an engine has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Protocol, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class Engine(Protocol):
    """Where work runs: per-report stages by `map`, the relational step of reuse by `query`. Never changes a result."""

    def map(self, function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result | Exception]:
        """Yield `function(item)` in the order of `items`, an exception of the worker as a value in its place.

        `function` is top-level (or a `functools.partial` of one) and picklable, as are items and results. Items are
        drawn lazily and only a bounded number of them waits, so a generator over a large corpus is fine.
        """
        ...

    def query(self, sql: str, tables: Mapping[str, Mapping[str, Any]]) -> list[tuple[Any, ...]]:
        """Rows of `sql` over `tables` (name -> column -> sequence or array of numbers or strings), all of one length.

        The order is the SQL's own ORDER BY. SQL stays in the subset that DuckDB and Spark share. Raises EngineError.
        """
        ...

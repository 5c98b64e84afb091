"""The embedded engine: a pool of processes for the per-report stages, DuckDB for the relational step of reuse."""

from __future__ import annotations

import multiprocessing
import pickle
import sys
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from types import TracebackType
from typing import Any, Self, TypeVar

from gknlp.errors import EngineError, SettingsError

Item = TypeVar("Item")
Result = TypeVar("Result")

# Items sent to a worker at a time: a report takes 10-100 ms, so four hide the cost of the queue and keep workers even.
CHUNK = 4
# Chunks that wait or run per worker: one to run, one ready, and slack for a slow neighbour; bounds the memory.
WAITING = 4
# DuckDB's own memory; what exceeds it goes to a temporary folder that is removed with the query.
QUERY_MEMORY = "1GB"


class LocalEngine:
    """`jobs` processes of this machine and an embedded DuckDB; `jobs=1` runs everything in this process.

    `initializer(*arguments)` is called once in each worker (to load a dictionary); with one job, once in this process.
    `start_method` is a name `multiprocessing` knows; the default never copies the threads of this process
    (`forkserver`,
    on Windows `spawn`). A script needs no `if __name__ == "__main__"` as long as the mapped function is imported and
    not
    defined in it. Use it as a context manager or call `close`; workers start with the first `map`. Results never depend
    on `jobs` or `start_method`. Raises SettingsError for fewer than one job.
    """

    def __init__(
        self, jobs: int = 1, *, initializer: Callable[..., object] | None = None, arguments: tuple[Any, ...] = (),
        start_method: str | None = None,
    ) -> None:
        if isinstance(jobs, bool) or not isinstance(jobs, int) or jobs < 1:
            raise SettingsError(f"jobs is {jobs!r}.", hint="It takes a whole number of at least 1.")
        self.jobs = jobs
        self._initializer = initializer
        self._arguments = arguments
        known = multiprocessing.get_all_start_methods()
        self._start_method = start_method or ("forkserver" if "forkserver" in known else "spawn")
        self._pool: ProcessPoolExecutor | None = None
        self._initialized = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the workers; a later `map` starts new ones. Work that has not begun is dropped."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None

    def map(self, function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result | Exception]:
        """See `gknlp.types.Engine`. A worker that dies costs its item alone: an EngineError in its place."""
        if self.jobs > 1:
            return self._map_processes(function, iter(items))
        return self._map_here(function, items)

    def query(self, sql: str, tables: Mapping[str, Mapping[str, Any]]) -> list[tuple[Any, ...]]:
        """See `gknlp.types.Engine`. Needs `duckdb` and `pyarrow`; leaves no file and no connection behind."""
        import duckdb
        import pyarrow as pa

        with tempfile.TemporaryDirectory(prefix="gknlp-query-") as folder:
            options: dict[str, str | bool | int | float | list[str]] = {
                "threads": self.jobs, "memory_limit": QUERY_MEMORY, "temp_directory": folder
            }
            connection = duckdb.connect(":memory:", config=options)
            try:
                for name, columns in tables.items():
                    arrays = {column: pa.array(values) for column, values in columns.items()}
                    connection.register(name, pa.table(arrays))
                return connection.execute(sql).fetchall()  # type: ignore[no-any-return, unused-ignore]
            except (duckdb.Error, pa.ArrowException) as error:
                raise EngineError(f"DuckDB could not run the query: {error}\n{sql}") from error
            finally:
                connection.close()

    def _map_here(self, function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result | Exception]:
        if self._initializer is not None and not self._initialized:
            self._initializer(*self._arguments)
            self._initialized = True
        for item in items:
            try:
                result: Result | Exception = function(item)
            except Exception as error:
                result = error
            yield result

    def _map_processes(self, function: Callable[[Item], Result], items: Iterator[Item]) -> Iterator[Result | Exception]:
        waiting: deque[tuple[list[Item], Future[list[bytes]]]] = deque()
        try:
            while True:
                while len(waiting) < self.jobs * WAITING and (chunk := list(islice(items, CHUNK))):
                    waiting.append((chunk, self._submit(function, chunk)))
                if not waiting:
                    return
                chunk, future = waiting.popleft()
                try:
                    packed = future.result()
                except BrokenProcessPool:
                    # Any chunk in flight may have killed the worker: run this one item by item, send the others again.
                    self.close()
                    packed = [self._run_alone(function, item) for item in chunk]
                    again = [again for again, _ in waiting]
                    waiting = deque((chunk, self._submit(function, chunk)) for chunk in again)
                except Exception as error:
                    packed = [_pack(_unsendable(error))] * len(chunk)
                yield from map(_unpack, packed)
        finally:
            for _, future in waiting:
                future.cancel()

    def _submit(self, function: Callable[[Item], Result], chunk: list[Item]) -> Future[list[bytes]]:
        if self._pool is None:
            context = multiprocessing.get_context(self._start_method)
            self._pool = ProcessPoolExecutor(
                self.jobs, mp_context=context, initializer=self._initializer, initargs=self._arguments
            )
        with _main_hidden(function):
            try:
                return self._pool.submit(_run_chunk, function, chunk)
            except BrokenProcessPool as error:
                failed: Future[list[bytes]] = Future()
                failed.set_exception(error)
                return failed

    def _run_alone(self, function: Callable[[Item], Result], item: Item) -> bytes:
        """The packed result of one item in a pool where nothing else runs; an EngineError if it kills that too."""
        try:
            return self._submit(function, [item]).result()[0]
        except BrokenProcessPool:
            self.close()
            message = "A worker process died at this item, perhaps for lack of memory."
            return _pack(EngineError(message, hint="Run with --jobs 1, or leave the file out."))


def _run_chunk(function: Callable[[Item], Result], chunk: list[Item]) -> list[bytes]:
    """Run a chunk in a worker: each result, or the exception in its place, packed by itself."""
    packed = []
    for item in chunk:
        try:
            result: Result | Exception = function(item)
        except Exception as error:
            result = error
        packed.append(_pack(result))
    return packed


def _pack(result: object) -> bytes:
    """Pickle a result; what cannot be pickled, or not be made again, becomes an EngineError that says so."""
    try:
        packed = pickle.dumps(result, protocol=pickle.HIGHEST_PROTOCOL)
        if isinstance(result, Exception):
            pickle.loads(packed)
        return packed
    except Exception as error:
        cause = result if isinstance(result, Exception) else error
        return pickle.dumps(EngineError(f"{type(cause).__name__} in a worker: {cause}"))


def _unpack(packed: bytes) -> Any:  # noqa: ANN401  (whatever the mapped function returns)
    return pickle.loads(packed)


def _unsendable(error: Exception) -> EngineError:
    return EngineError(
        f"Work could not be sent to a worker process: {error}", hint="Functions and items must be picklable, top-level."
    )


@contextmanager
def _main_hidden(function: object) -> Iterator[None]:
    """Keep new workers from running the user's script again: our functions are imported, they do not need it."""
    main = sys.modules.get("__main__")
    inner = getattr(function, "func", function)
    if main is None or getattr(inner, "__module__", "__main__") == "__main__":
        yield
        return
    absent = object()
    kept = {name: main.__dict__.pop(name, absent) for name in ("__file__", "__spec__")}
    main.__dict__["__spec__"] = None
    try:
        yield
    finally:
        for name, value in kept.items():
            main.__dict__.pop(name, None)
            if value is not absent:
                main.__dict__[name] = value

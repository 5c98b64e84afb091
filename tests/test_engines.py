"""The local engine: order, failures as values, bounded memory, dead workers, and SQL that leaves nothing behind."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

import pytest

from gknlp.engines import LocalEngine
from gknlp.errors import EngineError, ReadError, SettingsError

START_METHODS = multiprocessing.get_all_start_methods()
LOADED: list[int] = []


def square(number: int) -> int:
    if number == 13:
        raise ValueError("thirteen")
    return number * number


def multiply(number: int, factor: int) -> int:
    return number * factor


def refuse(name: str) -> str:
    raise ReadError("Cannot be read.", path=name, hint="Try another.")


class UnpicklableError(Exception):
    def __init__(self, first: int, second: int) -> None:
        super().__init__("two arguments")


def raise_unpicklable(_: int) -> int:
    raise UnpicklableError(1, 2)


def return_unpicklable(_: int) -> object:
    return lambda: 0


def die_at_seven(number: int) -> int:
    if number == 7:
        os._exit(9)
    return -number


def remember(value: int) -> None:
    LOADED.append(value)


def loaded(_: int) -> list[int]:
    return LOADED[-1:]


@pytest.mark.parametrize("start_method", START_METHODS)
def test_map_keeps_order_and_returns_exceptions_in_place(start_method: str) -> None:
    with LocalEngine(2, start_method=start_method) as engine:
        results = list(engine.map(square, range(30)))
    assert [r for i, r in enumerate(results) if i != 13] == [i * i for i in range(30) if i != 13]
    assert isinstance(results[13], ValueError)
    assert str(results[13]) == "thirteen"


def test_one_job_gives_the_same_values_without_a_process() -> None:
    engine = LocalEngine(1)
    results = list(engine.map(square, range(14)))
    assert results[:13] == [i * i for i in range(13)]
    assert isinstance(results[13], ValueError)
    assert engine._pool is None


def test_map_of_nothing_is_nothing() -> None:
    with LocalEngine(2) as engine:
        assert list(engine.map(square, [])) == []


def test_map_takes_a_partial_and_the_pool_is_used_again() -> None:
    with LocalEngine(2, start_method="spawn") as engine:
        assert list(engine.map(partial(multiply, factor=3), range(5))) == [0, 3, 6, 9, 12]
        assert list(engine.map(square, range(3))) == [0, 1, 4]


def test_own_errors_arrive_whole() -> None:
    with LocalEngine(2) as engine:
        (error,) = engine.map(refuse, ["a.pdf"])
    assert isinstance(error, ReadError)
    assert (error.path, error.hint) == ("a.pdf", "Try another.")


@pytest.mark.parametrize("function", [raise_unpicklable, return_unpicklable])
def test_what_cannot_be_sent_back_becomes_an_engine_error(function: object) -> None:
    with LocalEngine(2) as engine:
        results = list(engine.map(function, [1, 2]))
    assert [type(r) for r in results] == [EngineError, EngineError]


def test_a_function_that_cannot_be_sent_becomes_an_engine_error_per_item() -> None:
    with LocalEngine(2) as engine:
        results = list(engine.map(lambda number: number, [1, 2, 3]))
    assert [type(r) for r in results] == [EngineError] * 3


def test_a_worker_that_dies_costs_its_item_alone() -> None:
    with LocalEngine(2) as engine:
        results = list(engine.map(die_at_seven, range(20)))
        assert list(engine.map(square, [2])) == [4]
    assert isinstance(results[7], EngineError)
    assert [r for i, r in enumerate(results) if i != 7] == [-i for i in range(20) if i != 7]


def test_map_draws_items_as_it_goes() -> None:
    drawn: list[int] = []

    def items() -> object:
        for number in range(1000):
            drawn.append(number)
            yield number

    with LocalEngine(2) as engine:
        results = engine.map(square, items())
        assert next(results) == 0
        assert len(drawn) <= 2 * 4 * 4
        results.close()


@pytest.mark.parametrize("jobs", [1, 2])
def test_the_initializer_runs_where_the_work_runs(jobs: int) -> None:
    with LocalEngine(jobs, initializer=remember, arguments=(41 + jobs,)) as engine:
        assert list(engine.map(loaded, range(3))) == [[41 + jobs]] * 3


@pytest.mark.parametrize("jobs", [0, -1, True, 1.5])
def test_jobs_must_be_a_positive_whole_number(jobs: object) -> None:
    with pytest.raises(SettingsError, match="jobs is"):
        LocalEngine(jobs)  # type: ignore[arg-type]


@pytest.mark.parametrize("start_method", START_METHODS)
def test_a_script_without_main_guard_works(start_method: str, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import math\nfrom gknlp.engines import LocalEngine\nprint('once')\n"
        f"with LocalEngine(2, start_method={start_method!r}) as engine:\n"
        "    print(list(engine.map(math.sqrt, [4, 9])))\n"
        "import sys\nprint(sys.modules['__main__'].__file__)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout.splitlines() == ["once", "[2.0, 3.0]", str(script)]


def test_query_gives_rows_in_the_order_asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    tables = {
        "holders": {"report": [1, 2, 3, 1], "gram": [10, 10, 20, 20]},
        "names": {"report": [1, 2, 3], "name": ["甲县", "乙县", "丙县"]},
    }
    sql = (
        "SELECT n.name, COUNT(*) AS c FROM holders h JOIN names n ON n.report = h.report "
        "GROUP BY n.name ORDER BY c DESC, n.name"
    )
    assert LocalEngine(1).query(sql, tables) == [("甲县", 2), ("丙县", 1), ("乙县", 1)]
    assert list(tmp_path.iterdir()) == []


def test_a_query_that_fails_is_quoted() -> None:
    with pytest.raises(EngineError, match="SELECT nothing FROM nowhere"):
        LocalEngine(1).query("SELECT nothing FROM nowhere", {})

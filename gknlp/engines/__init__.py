"""Where a run's work is done; the stages know only the protocol `gknlp.types.Engine`, `map` and `query`.

An engine changes the time and nothing else: `tests/test_engines.py` and `tests/test_reuse_candidates.py` hold every
engine against plain Python.
"""

from gknlp.engines.local import LocalEngine

__all__ = ["LocalEngine"]

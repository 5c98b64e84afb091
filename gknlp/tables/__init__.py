"""The statutory tables of a report as cells, their identities, and the figures that the narrative states.

`read_tables` reads cells, `check_tables`, `check_years` and `check_hierarchy` compare them, `wrong_sums` tells which go
wrong by the source's fault, `check_text` looks for impossible periods and wrong years, `find_claims` ties stated
figures to cells, `find_silence` names results that the problems part passes over.
"""

from gknlp.tables.checks import check_tables, wrong_sums
from gknlp.tables.claims import find_claims
from gknlp.tables.parse import read_tables
from gknlp.tables.wording import check_text, find_silence
from gknlp.tables.years import check_hierarchy, check_years

__all__ = [
    "check_hierarchy", "check_tables", "check_text", "check_years", "find_claims", "find_silence", "read_tables",
    "wrong_sums",
]

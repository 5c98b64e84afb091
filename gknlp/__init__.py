"""gknlp: Chinese government-disclosure annual reports, taken apart, checked and compared.

The stages as functions on plain values, and `analyze` for all of them at once:

read_report -> segment -> read_tables -> classify -> keywords -> find_reuse -> analyze (writes a run folder)

Importing this loads no jieba, spaCy, pandas or scikit-learn; each is loaded where it is first used.
"""

from gknlp.classify import classify
from gknlp.keywords import keywords
from gknlp.output.run import Run
from gknlp.pipeline import analyze
from gknlp.read import read_report, read_reports
from gknlp.reuse import find_reuse
from gknlp.segment import segment, split_sentences
from gknlp.settings import Settings
from gknlp.spacy_doc import to_spacy
from gknlp.tables import read_tables

__version__ = "0.1.0"

__all__ = [
    "Run",
    "Settings",
    "analyze",
    "classify",
    "find_reuse",
    "keywords",
    "read_report",
    "read_reports",
    "read_tables",
    "segment",
    "split_sentences",
    "to_spacy",
]

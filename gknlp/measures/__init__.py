"""Named measures: the published ones under their names, on plain texts, and all of them as rows of a run.

A document is a plain text, or sentences of words (`documents`). `measure_report` counts, `measure_run` compares all
reports of a run, `rate_rows`, `level_rows` and `longest_shared_run` put what the search for reuse found beside.
"""

from gknlp.measures.boilerplate import PhraseRule, lsl2015_boilerplate, lsl_char7
from gknlp.measures.counts import measure_report
from gknlp.measures.documents import letters_of, sentences_of, words_of
from gknlp.measures.information import m2017_information
from gknlp.measures.modification import bt2011_modification
from gknlp.measures.prepared import MeasuredReport, Prose
from gknlp.measures.run import measure_run
from gknlp.measures.shared import Company, level_rows, longest_shared_run, rate_rows, shared_rates
from gknlp.measures.similarity import (
    cmn2020_cosine,
    cmn2020_jaccard,
    cmn2020_min_edit,
    cmn2020_simple,
    qc2025_peer_similarity,
    qc2025_self_similarity,
)
from gknlp.measures.stickiness import dls2017_redundancy, dls2017_stickiness, dls_char13
from gknlp.measures.substrings import kt2003_r_measure, kt2003_r_measures
from gknlp.notes import MIN_CHARS, MIN_DOCUMENTS, read_note

__all__ = [
    "MIN_CHARS",
    "MIN_DOCUMENTS",
    "Company",
    "MeasuredReport",
    "PhraseRule",
    "Prose",
    "bt2011_modification",
    "cmn2020_cosine",
    "cmn2020_jaccard",
    "cmn2020_min_edit",
    "cmn2020_simple",
    "dls2017_redundancy",
    "dls2017_stickiness",
    "dls_char13",
    "kt2003_r_measure",
    "kt2003_r_measures",
    "letters_of",
    "level_rows",
    "longest_shared_run",
    "lsl2015_boilerplate",
    "lsl_char7",
    "m2017_information",
    "measure_report",
    "measure_run",
    "qc2025_peer_similarity",
    "qc2025_self_similarity",
    "rate_rows",
    "read_note",
    "sentences_of",
    "shared_rates",
    "words_of",
]

"""The reports of a run as the measures take them: every distinct sentence cut and numbered once."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING

from gknlp.measures.documents import NUMBER, cut_lines, is_number, sentences_of
from gknlp.measures.ragged import Ragged, number_grams
from gknlp.measures.similarity import content_words
from gknlp.notes import MIN_CHARS
from gknlp.settings import TokenSettings
from gknlp.tokens import get_tokenizer
from gknlp.types import Engine
from gknlp.workers import map_whole

if TYPE_CHECKING:
    from gknlp.measures.ragged import Array, Mask

Progress = Callable[[str, int, int], None]
# Sentences are cut in the engine's workers, so many at a time: a tenth of a second's work.
_CUT_AT_A_TIME = 1000


@dataclass(frozen=True, slots=True)
class Prose:
    """A section's prose, tables and headings out: whole, and with a line end for all mandated wording."""

    section: str
    text: str
    stripped: str


@dataclass(frozen=True, slots=True)
class MeasuredReport:
    """What measures need of a report: prose by section (each id once), and who reports on which year; None is unknown.

    `agency` is an id that is equal for all reports of one agency; `alone` is the one that this report alone gives,
    where that is another; `predecessors` are agencies whose past is its own. A `reference` serves as reference only.
    """

    report_id: str
    prose: tuple[Prose, ...]
    agency: str | None = None
    year: int | None = None
    form: str | None = None
    superior: str | None = None
    region: str | None = None
    function: str | None = None
    reference: bool = False
    alone: str | None = None
    predecessors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scope:
    """What is measured of each report: the whole (`section` None) or one section, with or without mandated wording."""

    section: str | None
    stripped: bool


# Whole reports without mandated wording: what every measure is given for.
WHOLE = Scope(None, True)


class Prepared:
    """Reports in order of their ids, their sentences numbered, and each report's text in a scope as those numbers.

    `letters` and `words` are the distinct sentences, row by row, as numbered units; `words_masked` with all numbers as
    one word. `documents[scope]` maps a report's number to the numbers of its sentences in that scope.
    """

    def __init__(
        self, reports: Iterable[MeasuredReport], tokens: TokenSettings, engine: Engine | None = None,
        progress: Progress | None = None,
    ) -> None:
        self.reports = sorted(reports, key=lambda report: report.report_id)
        self.vocabulary: dict[str, int] = {NUMBER: 0}
        known: dict[str, int] = {}
        drafts: dict[Scope, dict[int, list[int]]] = {}
        for number, report in enumerate(self.reports):
            for prose in report.prose:
                for stripped in (True, False):
                    rows = [
                        known.setdefault(sentence, len(known))
                        for sentence in sentences_of(prose.stripped if stripped else prose.text)
                    ]
                    if stripped:
                        drafts.setdefault(Scope(prose.section, True), {}).setdefault(number, []).extend(rows)
                    drafts.setdefault(Scope(None, stripped), {}).setdefault(number, []).extend(rows)
        lines, kept = _distinct_lines(list(known), tokens, engine, progress)
        self.letters = _number_letters(lines)
        self.words = self._number_words(lines)
        self.documents = _as_arrays(drafts, kept)

    @cached_property
    def words_masked(self) -> Ragged:
        """`words` with every number as one word."""
        import numpy as np

        shown = [0 if is_number(word) else number for word, number in self.vocabulary.items()]
        return Ragged(np.asarray(shown, dtype=np.int64)[self.words.values], self.words.starts)

    @cached_property
    def scopes(self) -> list[Scope]:
        """Whole reports without and with mandated wording, then the sections by id, without."""
        return sorted(self.documents, key=lambda s: (s.section is not None, s.section or "", not s.stripped))

    @cached_property
    def grams(self) -> Callable[[str, int], Ragged]:
        """`grams("words" | "words_masked" | "letters", n)`: n-grams of the distinct sentences, each kind made once."""
        made: dict[tuple[str, int], Ragged] = {}

        def get(kind: str, n: int) -> Ragged:
            if (kind, n) not in made:
                made[kind, n] = number_grams(getattr(self, kind), n)
            return made[kind, n]

        return get

    def size(self, scope: Scope, number: int) -> int:
        """The letters of a report in a scope."""
        return self.letters.size(self.documents[scope][number])

    def is_short(self, scope: Scope, number: int) -> bool:
        """Whether a report has so little text in a scope that counts are given and no ratios."""
        return self.size(scope, number) < MIN_CHARS

    def owner(self, number: int) -> str:
        """Who wrote a report: its agency, or, where that is unknown, itself alone."""
        report = self.reports[number]
        return f"agency {report.agency}" if report.agency is not None else f"report {report.report_id}"

    @cached_property
    def is_content(self) -> Mask:
        """For each number of a word whether `similarity.content_words` keeps it."""
        import numpy as np

        content = set(content_words(list(self.vocabulary)))
        return np.asarray([word in content for word in self.vocabulary], dtype=bool)

    def content_units(self, words: Array) -> Array:
        """A text's words (numbers) without those that tell no contents."""
        return words[self.is_content[words]]

    def units(self, rows: Ragged, scope: Scope, number: int) -> Array:
        """The units of a report in a scope, in order."""
        return rows.take(self.documents[scope][number])

    def sets(self, scope: Scope) -> dict[tuple[str, int], list[int]]:
        """The reports with text in a scope by form and year, where both are known; reference reports belong to them."""
        found: dict[tuple[str, int], list[int]] = {}
        for number in sorted(self.documents[scope]):
            report = self.reports[number]
            if report.form is not None and report.year is not None:
                found.setdefault((report.form, report.year), []).append(number)
        return dict(sorted(found.items()))

    @cached_property
    def years(self) -> dict[tuple[str, int], list[int]]:
        """The reports of each agency and year, where both are known."""
        found: dict[tuple[str, int], list[int]] = {}
        for number, report in enumerate(self.reports):
            if report.agency is not None and report.year is not None:
                found.setdefault((report.agency, report.year), []).append(number)
        return found

    def previous(self, number: int) -> int | str:
        """The same agency's report of the year before, where both are the only ones of their year; else the reason.

        Where it has none, that of the one agency that became it; of several (three bureaus became one) none is taken.
        """
        agency, year = self.reports[number].agency, self.reports[number].year
        if agency is None or year is None:
            return "agency unknown" if agency is None else "year unknown"
        before = self.years.get((agency, year - 1), [])
        if len(self.years[agency, year]) > 1 or len(before) > 1:
            return "several reports of one year"
        if not before:
            before = [at for name in self.reports[number].predecessors for at in self.years.get((name, year - 1), [])]
        if len(before) > 1:
            return "several agencies the year before"
        return before[0] if before else "no report of the year before"

    def _number_words(self, lines: Sequence[str]) -> Ragged:
        import numpy as np

        values, starts = array("q"), array("q", [0])
        numbers = self.vocabulary
        for line in lines:
            values.extend([numbers.setdefault(word, len(numbers)) for word in line.split(" ")])
            starts.append(len(values))
        return Ragged(np.frombuffer(values or b"", dtype=np.int64), np.frombuffer(starts, dtype=np.int64))


def _distinct_lines(
    sentences: Sequence[str], tokens: TokenSettings, engine: Engine | None, progress: Progress | None
) -> tuple[list[str], list[int]]:
    """Sentences as lines of words, each once, and for each sentence the number of its line (-1: no words)."""
    parts = [sentences[at : at + _CUT_AT_A_TIME] for at in range(0, len(sentences), _CUT_AT_A_TIME)]
    lines: dict[str, int] = {}
    kept = []
    work = partial(cut_sentences, tokens=tokens)
    for done, part in enumerate(map_whole(engine, work, parts, "Cutting sentences into words"), start=1):
        kept.extend([lines.setdefault(line, len(lines)) if line else -1 for line in part])
        if progress is not None:
            progress("cut", done, len(parts))
    return list(lines), kept


def cut_sentences(sentences: Sequence[str], *, tokens: TokenSettings) -> list[str]:
    """See `documents.cut_lines`; top level, for `Engine.map`."""
    return cut_lines(sentences, get_tokenizer(tokens))


def _number_letters(lines: Sequence[str]) -> Ragged:
    import numpy as np

    letters = [line.replace(" ", "") for line in lines]
    codes = np.frombuffer("".join(letters).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    return Ragged(codes.astype(np.int64), np.cumsum([0, *map(len, letters)], dtype=np.int64))


def _as_arrays(
    drafts: Mapping[Scope, Mapping[int, Sequence[int]]], kept: Sequence[int]
) -> dict[Scope, dict[int, Array]]:
    """Each document's sentences as numbers of lines, those without words left out; documents without any left out."""
    import numpy as np

    made: dict[Scope, dict[int, Array]] = {}
    for scope, documents in drafts.items():
        made[scope] = {}
        for number, rows in documents.items():
            lines = [kept[row] for row in rows if kept[row] >= 0]
            if lines:
                made[scope][number] = np.asarray(lines, dtype=np.int64)
    return made

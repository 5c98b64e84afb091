"""Where the statutory tables stand in a text that may have lost their lines: by their labels and their numbers."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cache

from gknlp.resources import load_toml

LABELS = "models/table_labels.toml"
# What may stand between two labels of one table: numbers, signs, units, the stray characters of a broken label.
_GAP = re.compile(r"(?:</?[a-z][^<>]{0,60}>|[\d.\-/%*~()\[\]_…·:|\\+<>xX万元亿件个项条次年本度办理结果无空oO零])*")
_NUMBERS = re.compile(r"</?[a-z][^<>]{0,60}>|[\d./\-%*—|]+(?:万元|元|件|条|项|个)?")
# A label that the form does not print may stand between two that it does, up to this many characters.
_MAX_STRANGER = 9
_FEW_LABELS = 3
# Behind a head of the statistics annex two rows are a table: early forms have no more.
_FEW_ROWS = 2
# How far before and after a strong label the weak ones of its table are looked for (a table of 15 cells in HTML tags).
_BEFORE, _AFTER = 80, 1200
_YEAR_AFTER = re.compile(r"\d{4}年")
_PROSE_MARK = re.compile("[,。;、!?]")


@dataclass(frozen=True, slots=True)
class TableText:
    """A table's stretch of the view; `kind` is `form` or `statistics`; `marks2019`/`marks2021` count telling labels."""

    start: int
    end: int
    kind: str
    marks2019: int
    marks2021: int


def trie_pattern(words: list[str]) -> str:
    """A regular expression for any of `words`, longest first, with common beginnings shared (fast to search)."""
    trie: dict[str, dict] = {}  # type: ignore[type-arg]
    for word in words:
        node = trie
        for character in word:
            node = node.setdefault(character, {})
        node[""] = {}

    def build(node: dict[str, dict]) -> str:  # type: ignore[type-arg]
        options = [re.escape(character) + build(child) for character, child in sorted(node.items()) if character]
        if not options:
            return ""
        body = options[0] if len(options) == 1 else f"(?:{'|'.join(options)})"
        return f"(?:{body})?" if "" in node else body

    return build(trie)


@cache
def _labels() -> tuple[re.Pattern[str], re.Pattern[str], dict[str, tuple[str, bool]], re.Pattern[str]]:
    """All labels, the strong ones, what each says (form, strong), and the heads of a statistics annex."""
    data = load_toml(LABELS)
    says = {word: (item["form"], item["strong"]) for item in data["labels"] for word in item["words"]}
    strong = [word for word, (_, is_strong) in says.items() if is_strong]
    heads = "|".join(item["pattern"] for item in data["statistics"])
    return re.compile(trie_pattern(list(says))), re.compile(trie_pattern(strong)), says, re.compile(heads)


def find_tables(text: str, breaks: list[int]) -> list[TableText]:
    """Stretches of the compact view `text` that are statutory tables, in order and disjoint.

    `breaks` are positions no table of the form crosses (sure headings). A table is a run of at least three labels, one
    of them strong, with only numbers and short strange words between; numbers after the last label belong to it.
    Cost: linear. Bad at tables whose labels were all lost, and at private tables without statutory labels.
    """
    labels, strong, says, heads = _labels()
    zones: list[list[int]] = []
    for match in strong.finditer(text):
        if zones and match.start() - zones[-1][1] < 150:
            zones[-1][1] = match.end()
        else:
            zones.append([match.start(), match.end()])
    found: list[TableText] = []
    done = 0
    for start, end in zones:
        found.extend(_form_tables(text, max(done, start - _BEFORE), min(len(text), end + _AFTER), labels, says, breaks))
        done = max([done, *(table.end for table in found[-1:])])
    statistics = [_statistics_table(text, match.start()) for match in heads.finditer(text)]
    return _disjoint(found + [table for table in statistics if table])


def _form_tables(
    text: str, start: int, end: int, labels: re.Pattern[str], says: dict[str, tuple[str, bool]], breaks: list[int]
) -> list[TableText]:
    """The tables of the statutory forms between `start` and `end`."""
    runs: list[list[tuple[int, int]]] = []
    stops = breaks[bisect_right(breaks, start) : bisect_left(breaks, end)]
    for match in labels.finditer(text, start, end):
        span = match.span()
        if span[0] == span[1]:
            continue
        last = runs[-1][-1][1] if runs else 0
        if runs and _joined(text, last, span[0]) and not any(last <= at <= span[0] for at in stops):
            runs[-1].append(span)
        else:
            runs.append([span])
    tables = []
    for run in runs:
        words = [says[text[a:b]] for a, b in run]
        if not any(is_strong for _, is_strong in words):
            continue
        tail = _numbers_end(text, run[-1][1])
        tail = min([tail, *(at for at in stops if at >= run[-1][1])])  # "0" of a cell and "3." of the next heading
        if len(run) < _FEW_LABELS and tail == run[-1][1] and not text.startswith(("(本列", "本列"), run[0][0]):
            continue
        forms = [form for form, _ in words]
        tables.append(TableText(run[0][0], tail, "form", forms.count("2019"), forms.count("2021")))
    return tables


def _joined(text: str, start: int, end: int) -> bool:
    """Whether what stands between two labels belongs to a table."""
    gap = _GAP.match(text, start, end)
    at = gap.end() if gap else start
    if at == end:
        return True
    rest = re.sub(r"[\d./\-%]+", "", text[at:end])
    return len(rest) <= _MAX_STRANGER and not _PROSE_MARK.search(rest)


def _numbers_end(text: str, at: int) -> int:
    """The end of the numbers that follow a table's last label; the digits of a year before 年 are left to the prose."""
    while match := _NUMBERS.match(text, at):
        if text.startswith(("年", "月"), match.end()) or _YEAR_AFTER.match(text, max(at, match.end() - 4)):
            return max(at, match.end() - 4)
        at = match.end()
    return at


_ROW = re.compile(
    r"[^。;!?]{0,70}?(?:(?:条|件|次|个|人|万元|元|篇|场次)\d[\d.]*|(?:(?:条|件|次|个|人|万元|元|篇|场次)|-+)-+|-{2,}"
    # a row whose figure was left blank: behind its unit the next row begins
    r"|(?:条|件|次|个|人|万元|篇)(?=[一二三四五六七八九十]{1,2}、|\([一二三四五六七八九十]\)|\d{1,2}\.[^\d]|其中|制发|涉及|\Z)|数量?(?:\(?[条件次个人元]\)?)?\d[\d.]*)"
)
_NOTE = re.compile(r"\(?注:[^。]{0,80}[。)]")


def _statistics_table(text: str, start: int) -> TableText | None:
    """The statistics annex that begins at its head: rows of a label, a unit and a number, until they stop."""
    at = start
    rows = 0
    while True:
        note = _NOTE.match(text, at)
        match = note or _ROW.match(text, at)
        if not match or match.end() == at:
            break
        at = match.end()
        rows += note is None
    return TableText(start, at, "statistics", 0, 0) if rows >= _FEW_ROWS else None


def _disjoint(tables: list[TableText]) -> list[TableText]:
    """In order of start; one that begins inside another is dropped."""
    kept: list[TableText] = []
    for table in sorted(tables, key=lambda item: (item.start, -item.end)):
        if not kept or table.start >= kept[-1].end:
            kept.append(table)
    return kept

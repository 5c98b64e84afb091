"""The statutory forms as data (`models/forms.toml`): blocks of table 2, rows and applicants of table 3, table 4.

Source: 国办公开办函〔2019〕60号 and 〔2021〕30号. A label is known by its folded cores, so that line breaks, numbering,
brackets and the usual variants do not matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from gknlp.normalize import fold
from gknlp.resources import load_toml

FORMS_FILE = "models/forms.toml"

# A printed label that shares fewer two-character pieces with a core is another label (OCR slips of one character in
# six still pass; the closest two labels of the form, rows 1 and 2, share 0.72). Chosen on the forms' own labels.
LEAST_LIKENESS = 0.75


@dataclass(frozen=True, slots=True)
class Label:
    """A label of a form: `label` as the form prints it (sub-rows joined by `/`), `cores` folded, longest first."""

    id: str
    label: str
    cores: tuple[str, ...]
    forms: tuple[str, ...] = ()
    group: str = ""

    @property
    def ordinal(self) -> str:
        """The number of a sub-row in its group ("1"), "" for other labels."""
        first = self.label.partition("/")[2][:1]
        return first if first.isdigit() else ""


@dataclass(frozen=True, slots=True)
class Block:
    """A block of table 2: its title, the columns and rows of one form, `row_ids` naming the rows across forms."""

    form: str
    block: str
    columns: tuple[str, ...]
    rows: tuple[str, ...]
    row_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Forms:
    """All labels of all forms, each tuple in the order of the form."""

    blocks: tuple[Block, ...]
    items: tuple[Label, ...]
    applicants: tuple[Label, ...]
    rows: tuple[Label, ...]
    groups: tuple[Label, ...]
    proceedings: tuple[Label, ...]
    outcomes: tuple[Label, ...]

    def rows_of(self, form: str) -> tuple[Label, ...]:
        """The rows of table 3 in `form` (23 in 2019, 25 in 2021), in order."""
        return tuple(row for row in self.rows if form in row.forms)

    def blocks_of(self, row_id: str) -> tuple[Block, ...]:
        """The blocks of table 2, of any form, that have the row `row_id`."""
        return tuple(block for block in self.blocks if row_id in block.row_ids)


def _label(entry: dict[str, Any]) -> Label:
    cores = tuple(fold(core).text for core in entry["cores"])
    return Label(
        entry["id"], entry.get("label", ""), cores, tuple(entry.get("forms", ())), entry.get("group", "")
    )


@cache
def load_forms() -> Forms:
    """The forms of `models/forms.toml`, read once per process."""
    data = load_toml(FORMS_FILE)
    blocks = tuple(
        Block(b["form"], b["block"], tuple(b["columns"]), tuple(b["rows"]), tuple(b["row_ids"])) for b in data["block"]
    )
    kinds = {name: tuple(_label(e) for e in data[name]) for name in
             ("item", "applicant", "row", "group", "proceeding", "outcome")}
    return Forms(blocks, kinds["item"], kinds["applicant"], kinds["row"], kinds["group"], kinds["proceeding"],
                 kinds["outcome"])


def form_in_force(year: int | None) -> str | None:
    """The unified form in force for a report year, None before 2019 or for an unknown year.

    >>> form_in_force(2020), form_in_force(2021), form_in_force(2018)
    ('2019', '2021', None)
    """
    if year is None:
        return None
    for form in load_toml(FORMS_FILE)["form"]:
        if form["first_year"] <= year <= form["last_year"]:
            return str(form["id"])
    return None


@lru_cache(maxsize=2048)
def _pairs(text: str) -> frozenset[str]:
    return frozenset(text[i : i + 2] for i in range(len(text) - 1))


def likeness(text: str, label: Label) -> float:
    """How well a folded printed label fits, 0..1: 1 where it is a core, below that by containment or shared pairs.

    0 where nothing speaks for it. A core inside the text counts more the more of the text it covers.
    """
    best = 0.0
    for core in label.cores:
        if core == text:
            return 1.0
        if core in text:
            best = max(best, 0.6 + 0.4 * len(core) / len(text))
        elif len(text) >= 4 and text in core:
            best = max(best, 0.5 + 0.4 * len(text) / len(core))
        elif min(len(text), len(core)) >= 4:
            mine, its = _pairs(text), _pairs(core)
            shared = 2 * len(mine & its) / (len(mine) + len(its))
            if shared >= LEAST_LIKENESS:
                best = max(best, 0.8 * shared)
    return best


def closest(text: str, labels: Sequence[Label]) -> tuple[int, float]:
    """The index of the label that fits a folded text best and its likeness; the first of equals, (-1, 0.0) if none."""
    best, index = 0.0, -1
    for i, label in enumerate(labels):
        fit = likeness(text, label)
        if fit > best:
            best, index = fit, i
    return index, best


def align_rows(texts: Sequence[str], labels: Sequence[Label]) -> list[int]:
    """Match printed row labels (folded, "" where lost) to the form's rows, keeping the order of both.

    Returns for each text the row index or -1. The best sum of likeness wins; a lost label takes a row only where it
    costs no known one, and then the first that is free. Cost: `len(texts) * len(labels)`.
    """
    n, m = len(texts), len(labels)
    fits = [[likeness(text, label) if text else 0.02 for label in labels] for text in texts]
    score = [[0.0] * (m + 1) for _ in range(n + 1)]
    for i in range(n - 1, -1, -1):
        for j in range(m - 1, -1, -1):
            take = score[i + 1][j + 1] + fits[i][j] if fits[i][j] > 0 else -1.0
            score[i][j] = max(take, score[i + 1][j], score[i][j + 1])
    found, i, j = [-1] * n, 0, 0
    while i < n and j < m:
        take = score[i + 1][j + 1] + fits[i][j] if fits[i][j] > 0 else -1.0
        if take >= score[i][j] - 1e-12:
            found[i] = j
            i, j = i + 1, j + 1
        elif score[i][j + 1] >= score[i + 1][j] - 1e-12:
            j += 1
        else:
            i += 1
    return found


def block_form(headers: Sequence[str], row_id: str) -> Block | None:
    """The block of table 2 that has the row and whose columns the folded printed headers name; None if none does."""
    best, found = (0, 0), None
    for block in load_forms().blocks_of(row_id):
        hits = sum(any(_same_column(column, header) for header in headers) for column in block.columns)
        # Columns of the block that no header names speak against it: 处理决定数量 alone is the form of 2021.
        if hits and (found is None or (2 * hits - len(block.columns), hits) > best):
            best, found = (2 * hits - len(block.columns), hits), block
    return found


def _same_column(column: str, header: str) -> bool:
    """Whether a folded printed header is this column; a unit in brackets, 年 for 年度 and 数 for 数量 do not matter."""
    mine = fold(column.split("（")[0]).text
    return bool(header) and (header == mine or header.startswith(mine) or _stem(header) == _stem(mine))


def _stem(header: str) -> str:
    stem = header.replace("年度", "年").replace("数量", "数").replace("件数", "数").replace("上年", "上一年")
    return stem.removeprefix("本年")


def crosswalk(row_id: str, source: str, target: str) -> tuple[str, ...] | None:
    """The row ids of form `target` that together are comparable with table-3 row `row_id` of `source`.

    None where the forms give no comparable figure, which holds for all of table 2: 本年新制作数量 is not 本年制发件数,
    and 处理决定数量 stands beside item counts in one form and alone in the other. The same form compares with itself.

    >>> crosswalk("other_result", "2019", "2021")
    ('not_corrected', 'not_paid', 'other_other')
    >>> crosswalk("not_paid", "2021", "2019") is None
    True
    """
    ids = {row.id for row in load_forms().rows_of(source)}
    if row_id not in ids:
        return None
    if source == target:
        return (row_id,)
    for rule in load_toml(FORMS_FILE)["crosswalk"]:
        if {source, target} == {rule["from"], rule["to"]} and row_id in rule["rows"]:
            if "sum_of" not in rule:
                return (row_id,)
            if source == rule["from"]:
                return tuple(rule["sum_of"])
    return None

"""The annotated corpus as training examples: units as segmentation cuts them, labelled by what is annotated there."""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gknlp.errors import ResourceError
from gknlp.evaluate import Gold, load_gold
from gknlp.normalize import fold
from gknlp.read import read_report
from gknlp.segment import segment
from gknlp.types import Segmentation

REPORT_FOLDERS = ("sample", "reports")
GOLD_FOLDER = "gold"
REUSE_FILE = "reuse.json"


@dataclass(frozen=True, slots=True)
class Example:
    """A report taken apart, and for each unit the annotated unit it stands for (None: no annotation lies over it)."""

    stem: str
    parts: Segmentation
    labels: tuple[Mapping[str, Any] | None, ...]
    group: str


def load_examples(corpus: Path) -> list[Example]:
    """All annotated reports of a corpus folder (`sample/`, `reports/`, `gold/`), sorted by name.

    `group` names the agencies and families of reuse that belong together: no two folds may share one. ResourceError
    where a report has no file, or nothing is there.
    """
    golds = load_gold(corpus / GOLD_FOLDER)
    if not golds:
        hint = "A corpus folder holds gold/*.json, and reports/ with the files they annotate."
        raise ResourceError(f"No annotation in {corpus / GOLD_FOLDER}.", hint=hint)
    folders = [corpus / name for name in REPORT_FOLDERS if (corpus / name).is_dir()]
    files = {path.stem: path for folder in folders for path in sorted(folder.iterdir()) if path.is_file()}
    missing = [gold.stem for gold in golds if gold.stem not in files]
    if missing:
        hint = f"Put the files into {corpus / REPORT_FOLDERS[-1]}."
        raise ResourceError(f"Annotated, but no file: {', '.join(missing)}.", hint=hint)
    groups = group_names(golds, _reuse_sets(corpus / GOLD_FOLDER / REUSE_FILE))
    return [_example(gold, files[gold.stem], groups[gold.stem]) for gold in golds]


def _example(gold: Gold, file: Path, group: str) -> Example:
    report = read_report(file)
    parts = segment(report.text, layout=report.layout, year=report.identity.year)
    view = fold(report.text)
    painted = _paint(gold.units, view.text)
    labels = []
    for unit in parts.units:
        start, end = bisect_left(view.offsets, unit.start), bisect_left(view.offsets, unit.end)
        over = Counter(number for number in painted[start:end] if number is not None)
        labels.append(_majority(gold.units, over))
    return Example(gold.stem, parts, tuple(labels), group)


def _paint(units: Sequence[Mapping[str, Any]], text: str) -> list[int | None]:
    """For each folded character the number of the annotated unit over it; units are looked for in order."""
    painted: list[int | None] = [None] * len(text)
    at = 0
    for number, unit in enumerate(units):
        words = fold(unit["text"]).text
        found = text.find(words, at)
        if found < 0:
            found = text.find(words)
        if found >= 0 and words:
            at = found + len(words)
            painted[found:at] = [number] * len(words)
    return painted


def _majority(units: Sequence[Mapping[str, Any]], over: Mapping[int, int]) -> Mapping[str, Any] | None:
    """Of the annotated units over a unit, the longest of the role that holds most characters; ties to the earlier."""
    if not over:
        return None
    chars: Counter[str] = Counter()
    for number in sorted(over):
        chars[units[number]["role"]] += over[number]
    role = chars.most_common(1)[0][0]
    best = max((n for n in sorted(over) if units[n]["role"] == role), key=lambda n: over[n])
    return units[best]


def _reuse_sets(file: Path) -> list[list[str]]:
    """Stems of reports that share text by the corpus's own account."""
    if not file.exists():
        return []
    known = json.loads(file.read_text(encoding="utf-8"))
    sets = [[pair["source"], pair["copy"]] for pair in known.get("pairs", [])]
    sets += [template["reports"] for template in known.get("templates", [])]
    return [[Path(name).stem for name in names] for names in sets]


def group_names(golds: Iterable[Gold], shared: Sequence[Sequence[str]]) -> dict[str, str]:
    """The group of each report: reports of one agency, or in one family of reuse, have the same; named by its first."""
    leader: dict[str, str] = {}

    def find(name: str) -> str:
        while leader.setdefault(name, name) != name:
            name = leader[name]
        return name

    def join(one: str, other: str) -> None:
        first, second = sorted((find(one), find(other)))
        leader[second] = first

    stems = []
    for gold in golds:
        stems.append(gold.stem)
        for name in sorted(gold.names):
            join(f"report {gold.stem}", f"agency {name}")
    for family in shared:
        for name in family[1:]:
            join(f"report {family[0]}", f"report {name}")
    return {stem: find(f"report {stem}") for stem in stems}


def make_folds(examples: Sequence[Example], count: int) -> list[int]:
    """A fold for each example: whole groups, largest first, each to the fold with fewest units; ties to the first."""
    sizes: Counter[str] = Counter()
    for example in examples:
        sizes[example.group] += len(example.parts.units)
    loads = [0] * count
    fold_of = {}
    for group, size in sorted(sizes.items(), key=lambda item: (-item[1], item[0])):
        fold_of[group] = min(range(count), key=lambda number: (loads[number], number))
        loads[fold_of[group]] += size
    return [fold_of[example.group] for example in examples]


def data_checksum(examples: Sequence[Example]) -> str:
    """SHA-256 over what is learnt from: unit texts with their labels, in order."""
    digest = hashlib.sha256()
    for example in examples:
        digest.update(f"{example.stem}\n".encode())
        for unit, label in zip(example.parts.units, example.labels, strict=True):
            role = label["role"] if label else None
            digest.update(f"{unit.section}\t{role}\t{unit.text}\n".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()

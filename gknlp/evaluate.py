"""How right a run is: sections, narrative, roles, grades and set phrases against annotated reports.

Annotations quote the report (`corpus/gold/*.json`: agency, year, form, sections with heading, first and last words,
units with their labels); everything is compared on folded text (letters and digits), so how a reader lays out lines
does not count. A unit's role is the one most of its characters got.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gknlp.errors import ResourceError
from gknlp.normalize import Folded, fold
from gknlp.types import ROLES

GRADES = 4


@dataclass(frozen=True, slots=True)
class Gold:
    """An annotated report; `stem` is the name of its file without suffix, `names` every agency name that is right."""

    stem: str
    names: frozenset[str]
    year: int | None
    form: str
    sections: tuple[Mapping[str, Any], ...]
    units: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Predicted:
    """What a run says of one report: rows of `sections` and `units` as mappings, offsets into `text`."""

    stem: str
    agency: str | None
    year: int | None
    form: str | None
    text: str
    sections: Sequence[Mapping[str, Any]]
    units: Sequence[Mapping[str, Any]]
    level: str | None = None


@dataclass(frozen=True, slots=True)
class Misread:
    """An annotated unit whose role was read otherwise, and how sure the reading was (0 where nothing was read)."""

    stem: str
    section: str
    gold: str
    found: str
    score: float
    text: str


@dataclass(slots=True)
class Tally:
    """True and false positives, false negatives of one label; nothing to find and nothing found is all right."""

    tp: int = 0
    fp: int = 0
    fn: int = 0

    @property
    def precision(self) -> float:
        """Right among found; 1 where nothing was found."""
        return self.tp / (self.tp + self.fp) if self.tp + self.fp else 1.0

    @property
    def recall(self) -> float:
        """Found among right; 1 where there was nothing to find."""
        return self.tp / (self.tp + self.fn) if self.tp + self.fn else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(slots=True)
class Scores:
    """Counts over the reports scored; the properties are the figures. `missing` reports count as wholly wrong."""

    reports: int = 0
    missing: int = 0
    right: Counter[str] = field(default_factory=Counter)
    headings: Tally = field(default_factory=Tally)
    perfect: int = 0
    sections: dict[str, Tally] = field(default_factory=dict)
    narrative: Tally = field(default_factory=Tally)
    roles: dict[str, Tally] = field(default_factory=lambda: {role: Tally() for role in ROLES})
    commitments: Tally = field(default_factory=Tally)
    grades: list[tuple[int, int]] = field(default_factory=list)
    formulaic: Counter[tuple[bool, bool | None]] = field(default_factory=Counter)
    lost: int = 0
    confusion: Counter[tuple[str, str]] = field(default_factory=Counter)
    misread: list[Misread] = field(default_factory=list)

    def figures(self) -> dict[str, float]:
        """Every figure by name, between 0 and 1 but for `reports`, `reports missing` and `quotes lost in reading`."""
        n = max(1, self.reports)
        both = self.formulaic[True, True] + self.formulaic[False, False]
        return {
            "reports": self.reports, "reports missing": self.missing,
            **{f"{name} accuracy": self.right[name] / n for name in ("agency", "year", "form")},
            "heading precision": self.headings.precision, "heading recall": self.headings.recall,
            "heading F1": self.headings.f1, "documents with every heading right": self.perfect / n,
            "section char macro-F1": mean(t.f1 for t in self.sections.values() if t.tp + t.fn),
            "narrative F1": self.narrative.f1,
            **{f"role F1 {role}": self.roles[role].f1 for role in ROLES},
            "role macro-F1": mean(self.roles[role].f1 for role in ROLES),
            "commitment F1": self.commitments.f1, "specificity QWK": quadratic_kappa(self.grades, GRADES),
            "formulaic accuracy": both / max(1, sum(self.formulaic.values())),
            "quotes lost in reading": self.lost,
        }


def mean(values: Iterable[float]) -> float:
    """The mean; 0 of nothing."""
    listed = list(values)
    return sum(listed) / len(listed) if listed else 0.0


def quadratic_kappa(pairs: Sequence[tuple[int, int]], classes: int) -> float:
    """Cohen's kappa with quadratic weights of (gold, found) grades; 1 where none is possible, nan without pairs."""
    if not pairs:
        return float("nan")
    gold, found = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    observed = sum((a - b) ** 2 for a, b in pairs)
    expected = sum(
        (a - b) ** 2 * gold[a] * found[b] / len(pairs) for a in range(classes) for b in range(classes)
    )
    return 1 - observed / expected if expected else 1.0


def load_gold(folder: str | Path) -> list[Gold]:
    """All annotations of a folder (`*.json` but `*.tables.json` and `reuse.json`), sorted by file name."""
    golds = []
    for path in sorted(Path(folder).glob("*.json")):
        if path.name.endswith(".tables.json") or path.name == "reuse.json":
            continue
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            names = frozenset(fold(data[key]).text for key in ("agency", "agency_true") if data.get(key))
            golds.append(
                Gold(
                    Path(data["report"]).stem, names, data["year"], str(data["form"]), tuple(data["sections"]),
                    tuple(data["units"]),
                )
            )
        except (KeyError, TypeError, json.JSONDecodeError) as error:
            raise ResourceError(
                f"{path} is not an annotation: {error!r}.", hint="Its form is described in corpus/README.md."
            ) from error
    return golds


def score_frames(golds: Sequence[Gold], tables: Any) -> Scores:  # noqa: ANN401 (a Run, or a mapping of DataFrames)
    """Score the tables `reports`, `texts`, `sections`, `units` of a run, given as DataFrames under those names."""
    return evaluate(golds, read_frames(tables))


def read_frames(tables: Any) -> list[Predicted]:  # noqa: ANN401 (a Run, or a mapping of DataFrames)
    """What a run says of each of its reports, in the order of its table `reports`."""
    texts = dict(zip(tables["texts"]["report_id"], tables["texts"]["text"], strict=True))
    parts = {
        name: {key: plain_rows(group) for key, group in tables[name].groupby("report_id", sort=False)}
        for name in ("sections", "units")
    }
    return [
        Predicted(
            Path(row["path"]).stem, row["agency"], row["year"], row["form"], texts[row["report_id"]],
            parts["sections"].get(row["report_id"], []), parts["units"].get(row["report_id"], []), row.get("level"),
        )
        for row in plain_rows(tables["reports"])
    ]


def breakdown(golds: Sequence[Gold], predicted: Sequence[Predicted]) -> dict[tuple[str, str], Scores]:
    """Scores by annotated form and by the level the run read: keys (`form`, `2019`), (`level`, `county`), sorted.

    Reports that the run lacks, or whose level it does not know, stand under the level `unknown`.
    """
    levels = {item.stem: item.level or "unknown" for item in predicted}
    groups: dict[tuple[str, str], list[Gold]] = {}
    for gold in golds:
        for key in (("form", gold.form), ("level", levels.get(gold.stem, "unknown"))):
            groups.setdefault(key, []).append(gold)
    return {key: evaluate(groups[key], predicted) for key in sorted(groups)}


def describe(golds: Sequence[Gold], predicted: Sequence[Predicted], worst: int = 10) -> str:
    """Figures by form and level, the confusion of roles, and the `worst` misread units, surest first, as plain text."""
    names = ("heading F1", "narrative F1", "role macro-F1", "commitment F1", "specificity QWK", "formulaic accuracy")
    lines = ["\t".join(("", "", "reports", *names))]
    for (kind, value), scores in breakdown(golds, predicted).items():
        figures = scores.figures()
        lines.append("\t".join((kind, value, str(scores.reports), *(f"{figures[name]:.3f}" for name in names))))
    whole = evaluate(golds, predicted)
    lines += ["", "\t".join(("annotated / read", *ROLES, "none"))]
    lines += ["\t".join((gold, *(str(whole.confusion[gold, role]) for role in (*ROLES, "none")))) for gold in ROLES]
    ranked = sorted(whole.misread, key=lambda item: (-item.score, item.stem, item.text))
    lines += ["", *(
        f"{item.gold} read as {item.found} ({item.score:.2f}), {item.stem}, {item.section}: {item.text}"
        for item in ranked[:worst]
    )]
    return "\n".join(lines)


def plain_rows(frame: Any) -> list[dict[str, Any]]:  # noqa: ANN401 (a DataFrame)
    """The rows of a DataFrame as mappings in which a missing value is None."""
    plain = frame.astype(object).where(frame.notna(), None)
    return [dict(zip(plain.columns, values, strict=True)) for values in plain.itertuples(index=False, name=None)]


def evaluate(golds: Sequence[Gold], predicted: Iterable[Predicted]) -> Scores:
    """Score a run against annotations; a report is found by the stem of its file. Cost: linear in the texts."""
    by_stem = {item.stem: item for item in predicted}
    scores = Scores()
    for gold in golds:
        scores.reports += 1
        item = by_stem.get(gold.stem)
        if item is None:
            scores.missing += 1
            for unit in gold.units:
                scores.roles[unit["role"]].fn += 1
            scores.headings.fn += sum(section.get("heading") is not None for section in gold.sections)
            continue
        view = fold(item.text)
        scores.right["year"] += item.year == gold.year
        scores.right["form"] += item.form == gold.form
        scores.right["agency"] += item.agency is not None and fold(item.agency).text in gold.names
        _score_sections(scores, gold, item, view)
        _score_units(scores, gold, item, view)
    return scores


def place_sections(gold: Gold, text: str) -> list[tuple[str, int | None, int, int]]:
    """Where the annotated parts stand in folded text: (id, heading start or None, body start, body end), in order."""
    at = 0
    placed = []
    for section in gold.sections:
        heading: int | None = None
        if section.get("heading"):
            found = text.find(fold(section["heading"]).text, at)
            if found >= 0:
                heading, at = found, found + len(fold(section["heading"]).text)
        start = text.find(fold(section["starts"]).text, at) if section.get("starts") else at
        start = start if start >= 0 else at
        end = start
        if section.get("ends"):
            last = fold(section["ends"]).text
            found = text.find(last, start)
            end = found + len(last) if found >= 0 else start
        placed.append((section["id"], heading, start, end))
        at = max(at, end)
    return placed


def _paint(size: int, stretches: Iterable[tuple[int, int, Any]]) -> list[Any]:
    """A list with the label of the last stretch over each position, None where there is none."""
    painted: list[Any] = [None] * size
    for start, end, label in stretches:
        for k in range(start, min(end, size)):
            painted[k] = label
    return painted


def _score_sections(scores: Scores, gold: Gold, item: Predicted, view: Folded) -> None:
    placed = place_sections(gold, view.text)
    size = len(view.text)

    def at(offset: int) -> int:
        return bisect_left(view.offsets, offset)

    right = _paint(size, ((start, end, name) for name, _, start, end in placed))
    found = _paint(size, ((at(s["start"]), at(s["end"]), s["section"]) for s in item.sections))
    for a, b in zip(right, found, strict=True):
        if a is None:
            continue
        if a == b:
            scores.sections.setdefault(a, Tally()).tp += 1
        else:
            scores.sections.setdefault(a, Tally()).fn += 1
            if b is not None:
                scores.sections.setdefault(b, Tally()).fp += 1
    headings = {(name, heading) for name, heading, _, _ in placed if heading is not None}
    printed = {(s["section"], at(s["heading_start"])) for s in item.sections if s["heading_start"] is not None}
    hit = len(headings & printed)
    scores.headings.tp += hit
    scores.headings.fp += len(printed) - hit
    scores.headings.fn += len(headings) - hit
    scores.perfect += headings == printed


def _score_units(scores: Scores, gold: Gold, item: Predicted, view: Folded) -> None:
    size = len(view.text)
    units = [(bisect_left(view.offsets, u["start"]), bisect_left(view.offsets, u["end"]), u) for u in item.units]
    painted = _paint(size, units)
    covered = [False] * size
    at = 0
    for unit in gold.units:
        words = fold(unit["text"]).text
        found = view.text.find(words, at)
        found = found if found >= 0 else view.text.find(words)
        if found < 0:
            scores.lost += 1
            scores.roles[unit["role"]].fn += 1
            continue
        at = found + len(words)
        covered[found:at] = [True] * len(words)
        _score_unit(scores, gold.stem, unit, painted[found:at])
    for gold_here, unit_here in zip(covered, painted, strict=True):
        scores.narrative.tp += gold_here and unit_here is not None
        scores.narrative.fp += not gold_here and unit_here is not None
        scores.narrative.fn += gold_here and unit_here is None


def _score_unit(scores: Scores, stem: str, unit: Mapping[str, Any], painted: list[Any]) -> None:
    """One annotated unit against the labels painted over its characters."""
    role = Counter(u["role"] if u is not None else None for u in painted).most_common(1)[0][0]
    scores.confusion[unit["role"], role or "none"] += 1
    if role == unit["role"]:
        scores.roles[role].tp += 1
    else:
        scores.roles[unit["role"]].fn += 1
        if role is not None:
            scores.roles[role].fp += 1
        sure = [float(u.get("role_score") or 0) for u in painted if u is not None and u["role"] == role]
        scores.misread.append(
            Misread(stem, str(unit.get("section")), unit["role"], role or "none", max(sure, default=0.0), unit["text"])
        )
    graded = Counter(u["specificity"] for u in painted if u is not None and u["specificity"] is not None)
    grade = int(graded.most_common(1)[0][0]) if graded and role == "plan" else None
    promised, found = unit["role"] == "plan" and unit["specificity"] >= 1, grade is not None and grade >= 1
    scores.commitments.tp += promised and found
    scores.commitments.fp += not promised and found
    scores.commitments.fn += promised and not found
    if unit["role"] == "plan" and grade is not None:
        scores.grades.append((unit["specificity"], grade))
    phrase = Counter(bool(u["formulaic"]) for u in painted if u is not None).most_common(1)
    scores.formulaic[bool(unit["formulaic"]), phrase[0][0] if phrase else None] += 1

"""What each unit does: role, specificity of a commitment, set phrase or not, themes (definitions: gold/GUIDE.md)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from gknlp.classify.cues import CueBook, load_cues, view
from gknlp.classify.features import see_units
from gknlp.classify.formulaic import load_tie_rules, swap_test
from gknlp.classify.grades import model_grades
from gknlp.classify.model import RoleModel, load_model, model_decisions
from gknlp.classify.roles import Decision, decide_plain
from gknlp.classify.specificity import grade_plan, load_grade_rules
from gknlp.classify.themes import find_themes, load_theme_rules
from gknlp.normalize import fold_width
from gknlp.settings import ClassifySettings
from gknlp.types import Label, Slot, Subheading, Unit

__all__ = ["classify"]

Graded = tuple[int, tuple[Slot, ...]]

_SPACE = re.compile(r"\s+")
_SENTENCE = re.compile("[^。！？!?\n]+[。！？!?\n]*")


def classify(
    units: Sequence[Unit | str],
    *,
    settings: ClassifySettings | None = None,
    subheadings: Sequence[Subheading] = (),
) -> list[Label]:
    """Label each unit: one `Label` per unit, in order. No units give an empty list.

    The units of a report are given together and in order, since the part a unit stands in, its neighbours and the
    `subheadings` above it count. A plain string is a unit without part or neighbours: it is judged by its own words; of
    several sentences the one that commits to something decides, else the longest role. Traditional characters are
    understood, and in a company's statement a policy in force is a plan.

    Units are decided by a linear model over the cue rules' findings, place and characters (models/roles_model.md),
    strings by the cue rules alone (models/roles.toml). `role_score` is the probability of the role; the model's is
    calibrated, that of a string is not. `by` names up to three things that spoke for the role most: cue rules, priors
    and states, or after `model:` facts, `words` standing for all characters together. Slot spans index the unit's text.
    Specificity and slots stand for plans only, themes for problems and plans only.

    Cost: linear; as fast as bare jieba (0.4 to 0.5 million characters per second and core), equal texts in equal parts
    are matched once. Bad at: a problem told as a bare fact, measures that do not say whether they were taken, praise
    that only the next sentence turns; local names without figure or title (`formulaic`).
    Raises SettingsError where `settings.rules` or `settings.model` names a file that cannot be used.

    >>> [label.role for label in classify(["下一步，将开展培训。", "全年公开信息300条。", "公开还不够及时。"])]
    ['plan', 'work', 'problem']
    """
    chosen = settings or ClassifySettings()
    book = load_cues(chosen.rules)
    pieces: list[Unit | str] = []
    counts: list[int] = []
    for unit in units:
        parts: list[Unit | str] = [unit] if isinstance(unit, Unit) else list(_SENTENCE.findall(unit)) or [unit]
        counts.append(len(parts))
        pieces.extend(parts)
    model = load_model(chosen.model) if any(isinstance(piece, Unit) for piece in pieces) else None
    decisions = _decide_all(pieces, subheadings, book, model)
    found: list[tuple[str, bool, Decision]] = []
    at = 0
    for unit, count in zip(units, counts, strict=True):
        inside = isinstance(unit, Unit)
        text = unit.text if isinstance(unit, Unit) else unit
        decision = decisions[at] if count == 1 else _of_several(pieces[at : at + count], decisions[at : at + count])
        found.append((text, inside, decision))
        at += count
    grades = _grade_all({(text, inside) for text, inside, made in found if made.role == "plan"}, book, model)
    known: dict[tuple[str, str, bool], Label] = {}
    return [_label(text, inside, decision, chosen.abstain_below, grades, known) for text, inside, decision in found]


def _decide_all(
    pieces: Sequence[Unit | str], subheadings: Sequence[Subheading], book: CueBook, model: RoleModel | None
) -> list[Decision]:
    """Strings by the rules alone, units of a report by the rules and then the model, in the order given."""
    seen = see_units([piece for piece in pieces if isinstance(piece, Unit)], subheadings, book)
    found = iter(model_decisions(model, seen, subheadings) if model else [item.decision for item in seen])
    plain = {text: decide_plain(text, book) for text in dict.fromkeys(p for p in pieces if isinstance(p, str))}
    return [plain[piece] if isinstance(piece, str) else next(found) for piece in pieces]


def _grade_all(plans: set[tuple[str, bool]], book: CueBook, model: RoleModel | None) -> dict[tuple[str, bool], Graded]:
    """Grade and slots of each distinct plan: by the rules, and by the model too where it stands in a report."""
    rules = load_grade_rules()
    graded = {plan: grade_plan(plan[0], rules) for plan in sorted(plans)}
    inside = [plan for plan in graded if plan[1]]
    if model is not None and inside:
        items = [(view(plan[0], book).core, *graded[plan]) for plan in inside]
        weights = (model.grade_figure_weights, model.grade_gram_weights, model.grade_bias)
        for plan, grade in zip(inside, model_grades(items, *weights), strict=True):
            graded[plan] = (grade, graded[plan][1])
    return graded


def _of_several(pieces: Sequence[Unit | str], decisions: Sequence[Decision]) -> Decision:
    """The decision for a string of several sentences: the surest plan, else the role that holds most characters."""
    plans = [decision for decision in decisions if decision.role == "plan"]
    if plans:
        return max(plans, key=lambda decision: decision.score)
    chars: dict[str, int] = {}
    for piece, decision in zip(pieces, decisions, strict=True):
        chars[decision.role] = chars.get(decision.role, 0) + len(piece if isinstance(piece, str) else piece.text)
    longest = max(chars, key=lambda role: chars[role])
    return max((d for d in decisions if d.role == longest), key=lambda decision: decision.score)


def _label(
    text: str, inside: bool, decision: Decision, abstain_below: float, grades: Mapping[tuple[str, bool], Graded],
    known: dict[tuple[str, str, bool], Label],
) -> Label:
    """The full label; what depends on text and role alone is computed once per distinct pair."""
    key = (text, decision.role, inside)
    if key not in known:
        plain = _SPACE.sub("", fold_width(text))
        formulaic, formulaic_score = swap_test(plain, decision.role, load_tie_rules())
        grade, slots = grades[text, inside] if decision.role == "plan" else (None, ())
        themes = find_themes(plain, load_theme_rules()) if decision.role in ("problem", "plan") else ()
        known[key] = Label(decision.role, 0.0, False, grade, formulaic, formulaic_score, "", slots, themes)
    base = known[key]
    return Label(
        role=base.role,
        role_score=decision.score,
        abstained=decision.score < abstain_below,
        specificity=base.specificity,
        formulaic=base.formulaic,
        formulaic_score=base.formulaic_score,
        by=decision.by,
        slots=base.slots,
        themes=base.themes,
    )

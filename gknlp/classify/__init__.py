"""What each unit does: role, specificity of a commitment, set phrase or not, themes (definitions: gold/GUIDE.md)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from gknlp.classify.cues import CueBook, View, load_cues, view_texts
from gknlp.classify.features import see_units
from gknlp.classify.formulaic import load_tie_rules, swap_test, tie_points
from gknlp.classify.grades import model_grades
from gknlp.classify.grams import HashedTexts
from gknlp.classify.model import RoleModel, load_model, model_decisions
from gknlp.classify.roles import Decision, decide_plain
from gknlp.classify.specificity import grade_plan, load_grade_rules
from gknlp.classify.themes import find_themes, load_theme_rules
from gknlp.settings import ClassifySettings
from gknlp.types import Label, Slot, Subheading, Theme, Unit

__all__ = ["classify"]

Graded = tuple[int, tuple[Slot, ...]]
# A text, the role it has, and whether it stands in a report.
Key = tuple[str, str, bool]
# Grade, set phrase or not, score of that, slots, themes.
Described = tuple[int | None, bool, float, tuple[Slot, ...], tuple[Theme, ...]]

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

    Cost: linear; 1.2 to 1.4 times as fast as bare jieba (0.4 to 0.6 million characters per second and core, more for
    longer units), equal texts in equal parts are matched once. Bad at: a problem told as a bare fact, measures that do
    not say whether they were taken, praise that only the next sentence turns; local names without figure or title
    (`formulaic`).
    Raises SettingsError where `settings.rules` or `settings.model` names a file that cannot be used.

    >>> [label.role for label in classify(["下一步，将开展培训。", "全年公开信息300条。", "公开还不够及时。"])]
    ['plan', 'work', 'problem']
    """
    chosen = settings or ClassifySettings()
    book = load_cues(chosen.rules)
    inside = [unit for unit in units if isinstance(unit, Unit)]
    model = load_model(chosen.model) if inside else None
    strings = {unit: _SENTENCE.findall(unit) or [unit] for unit in units if isinstance(unit, str)}
    texts = dict.fromkeys(unit.text for unit in inside)
    texts |= dict.fromkeys(text for string, pieces in strings.items() for text in (string, *pieces))
    views, hashed = view_texts(list(texts), book)
    views_of = dict(zip(texts, views, strict=True))
    seen = see_units(inside, views_of, subheadings, book)
    in_parts = iter(model_decisions(model, seen, subheadings) if model else [item.decision for item in seen])
    alone = {string: _decide_string(pieces, views_of, book) for string, pieces in strings.items()}
    decisions = [alone[unit] if isinstance(unit, str) else next(in_parts) for unit in units]
    keys = [
        (unit, decision.role, False) if isinstance(unit, str) else (unit.text, decision.role, True)
        for unit, decision in zip(units, decisions, strict=True)
    ]
    known = _describe(dict.fromkeys(keys), views_of, hashed, model)
    return [
        Label(decision.role, decision.score, decision.score < chosen.abstain_below, *known[key][:3], decision.by,
              *known[key][3:])
        for key, decision in zip(keys, decisions, strict=True)
    ]


def _describe(
    keys: Iterable[Key], views: Mapping[str, View], hashed: HashedTexts, model: RoleModel | None
) -> dict[Key, Described]:
    """What follows from text and role alone, once for each distinct pair; `hashed` are the grams of the views."""
    themes = load_theme_rules()
    plains = [seen.plain for seen in views.values()]
    ties = dict(zip(views, tie_points(plains, hashed, load_tie_rules()), strict=True))
    about = dict(zip(views, themes.prefilter.candidates(hashed), strict=True))
    slots = dict(zip(views, load_grade_rules().prefilter.candidates(hashed), strict=True))
    grades = _grade_all([(text, inside) for text, role, inside in keys if role == "plan"], views, slots, model)
    return {
        (text, role, inside): (
            grades[text, inside][0] if role == "plan" else None,
            *swap_test(ties[text], role),
            grades[text, inside][1] if role == "plan" else (),
            find_themes(views[text].plain, about[text], themes) if role in ("problem", "plan") else (),
        )
        for text, role, inside in keys
    }


def _grade_all(
    plans: Sequence[tuple[str, bool]], views: Mapping[str, View], slots: Mapping[str, int], model: RoleModel | None
) -> dict[tuple[str, bool], Graded]:
    """Grade and slots of each distinct plan: by the rules, and by the model too where it stands in a report."""
    rules = load_grade_rules()
    graded = {plan: grade_plan(plan[0], views[plan[0]].plain, slots[plan[0]], rules) for plan in plans}
    inside = [plan for plan in graded if plan[1]]
    if model is not None and inside:
        items = [(views[plan[0]].core, *graded[plan]) for plan in inside]
        weights = (model.grade_figure_weights, model.grade_gram_weights, model.grade_bias)
        for plan, grade in zip(inside, model_grades(items, *weights), strict=True):
            graded[plan] = (grade, graded[plan][1])
    return graded


def _decide_string(pieces: Sequence[str], views: Mapping[str, View], book: CueBook) -> Decision:
    """The decision for a string: the surest plan among its sentences, else the role that holds most characters."""
    decisions = [decide_plain(piece, views[piece], book) for piece in pieces]
    if len(pieces) == 1:
        return decisions[0]
    plans = [decision for decision in decisions if decision.role == "plan"]
    if plans:
        return max(plans, key=lambda decision: decision.score)
    chars: Counter[str] = Counter()
    for piece, decision in zip(pieces, decisions, strict=True):
        chars[decision.role] += len(piece)
    longest = max(chars, key=lambda role: chars[role])
    return max((d for d in decisions if d.role == longest), key=lambda decision: decision.score)

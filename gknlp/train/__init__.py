"""Training of the role model on an annotated corpus: compare, choose, calibrate, write plain arrays and a card."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from gknlp.classify.cues import SHIPPED as RULES
from gknlp.classify.cues import CueBook, load_cues
from gknlp.classify.estimators import Estimators, write_estimators
from gknlp.classify.model import from_estimators, write_model
from gknlp.errors import ResourceError
from gknlp.resources import checksum
from gknlp.train.card import write_card
from gknlp.train.design import (
    GRAM_SCALE,
    Block,
    Design,
    Select,
    build_design,
    fit,
    hide,
    is_cue,
    is_neighbour_cue,
    stack,
)
from gknlp.train.examples import data_checksum, load_examples, make_folds
from gknlp.train.figures import (
    Score,
    Training,
    abstain_threshold,
    decode,
    intervals,
    reliability,
    score_roles,
    shares,
    soften,
    transitions,
)
from gknlp.train.grades import GradeModel, train_grades
from gknlp.types import ROLES

FOLDS = 5
# Weight of transitions in the sequence decoder; 0.3 and 0.6 were tried, neither beats deciding unit by unit.
DECODER_WEIGHT = 0.3
MODEL_FILE, ESTIMATORS_FILE, CARD_FILE = "roles.npz", "roles.skops", "roles_model.md"


def train(corpus: str | Path, out: str | Path) -> Training:
    """Compare the variants on the corpus's folds, train the chosen one on all of it, write model and card into `out`.

    `corpus` holds `sample/` and `reports/` (files) and `gold/` (annotations; `reuse.json` names the families). The same
    corpus gives the same file. Cost: a minute for a hundred reports. ResourceError where the corpus is too small: fewer
    groups of agencies than folds, or a role that stands nowhere.
    """
    examples = load_examples(Path(corpus))
    book = load_cues()
    folds = make_folds(examples, FOLDS)
    design = build_design(examples, folds, book)
    _check_size(design)
    variants, points = compare(design, book)
    grades = train_grades(design)
    chosen = "cues, context, characters"
    temperature = soften(points[chosen], design.roles)
    held_out = shares(points[chosen] / temperature)
    found = held_out.argmax(axis=1)
    right = found == design.roles
    threshold, kept, kept_right = abstain_threshold(held_out.max(axis=1), right)
    pairs = [(ROLES[gold], ROLES[told]) for gold, told in zip(design.roles.tolist(), found.tolist(), strict=True)]
    training = Training(
        variants=variants, grades=grades.scores, chosen=chosen, low_high=intervals(design.roles, found, design.groups),
        bins=reliability(held_out.max(axis=1), right), temperature=temperature, threshold=threshold, kept=kept,
        kept_right=kept_right, confusion={pair: pairs.count(pair) for pair in sorted(set(pairs))},
        counts={
            "reports": len(examples), "groups": len(set(design.groups)), "units": len(design.roles),
            **{role: int((design.roles == number).sum()) for number, role in enumerate(ROLES)},
        },
        data=data_checksum(examples), rules=checksum(RULES),
    )
    Path(out).mkdir(parents=True, exist_ok=True)
    estimators = final_estimators(design, book, training, grades)
    write_estimators(Path(out) / ESTIMATORS_FILE, estimators)
    write_model(Path(out) / MODEL_FILE, from_estimators(estimators))
    write_card(Path(out) / CARD_FILE, training)
    return training


def _check_size(design: Design) -> None:
    groups = len(set(design.groups))
    lacking = [role for number, role in enumerate(ROLES) if (design.roles == number).sum() < FOLDS]
    if groups < FOLDS or lacking:
        raise ResourceError(
            f"Too little to learn from: {groups} groups of agencies, too few units of {', '.join(lacking) or 'none'}.",
            hint=f"At least {FOLDS} agencies without shared text and {FOLDS} units of every role are needed.",
        )


def compare(design: Design, book: CueBook) -> tuple[dict[str, Score], dict[str, Any]]:
    """Held-out scores of every variant in a fixed order, and the held-out points of those that give any."""

    def context(name: str) -> bool:
        return not is_cue(name, book) and not is_neighbour_cue(name)

    def everything(_: str) -> bool:
        return True

    facts, figures, characters, words = design.facts, design.figures, design.characters, design.words
    plans: dict[str, tuple[tuple[Block, ...], Select, bool]] = {
        "characters": ((characters,), everything, False),
        "words (jieba)": ((words,), everything, False),
        "context, characters": ((facts, figures, characters), context, False),
        "context, words (jieba)": ((facts, figures, words), context, False),
        "cues, context": ((facts, figures), everything, False),
        "cues, context, words (jieba)": ((facts, figures, words), everything, True),
        "cues, context, characters": ((facts, figures, characters), everything, True),
    }
    scores = {"cue rules alone": score_roles(design.roles, design.rule_roles)}
    points = {}
    for name, (blocks, select, hidden) in plans.items():
        points[name] = held_out_points(design, stack(blocks, select), book if hidden else None)
        scores[name] = score_roles(design.roles, points[name].argmax(axis=1))
    scores[f"the same, sequence decoder ({DECODER_WEIGHT})"] = score_roles(
        design.roles, _held_out_sequences(design, points["cues, context, characters"])
    )
    return scores, points


def held_out_points(design: Design, block: Block, book: CueBook | None) -> Any:  # noqa: ANN401 (a matrix)
    """For each unit the points a model gives it that has seen no unit of its fold; `book` names the cues to hide."""
    import numpy as np

    # A role that stands in the test fold only is never found there.
    points = np.full((len(design.roles), len(ROLES)), -100.0)
    hidden = hide(block, book) if book else None
    for fold in range(FOLDS):
        test = design.folds == fold
        if not test.any():
            continue
        fitted = fit(block.matrix[~test], design.roles[~test], None if hidden is None else hidden[~test])
        points[np.ix_(test, fitted.classes_)] = fitted.decision_function(block.matrix[test])
    return points


def _held_out_sequences(design: Design, points: Any) -> Any:  # noqa: ANN401 (matrix, vector)
    import numpy as np

    roles = np.zeros(len(design.roles), dtype=int)
    for fold in range(FOLDS):
        outside = [part for part in design.parts if design.folds[part[0]] != fold]
        inside = [part for part in design.parts if design.folds[part[0]] == fold]
        decoded = decode(points, transitions(design.roles, outside), inside, DECODER_WEIGHT)
        for start, end in inside:
            roles[start:end] = decoded[start:end]
    return roles


def final_estimators(design: Design, book: CueBook, training: Training, grades: GradeModel) -> Estimators:
    """The chosen variant fitted on all units, and the grade model."""
    block = stack((design.facts, design.figures, design.characters), lambda _: True)
    about = {
        "data": training.data, "rules": training.rules, "units": training.counts["units"],
        "reports": training.counts["reports"], "macro-F1": round(training.variants[training.chosen].macro, 4),
        "threshold": training.threshold,
    }
    return Estimators(
        roles=fit(block.matrix, design.roles, hide(block, book)), grades=grades.fitted, known_grades=grades.known,
        facts=list(design.facts.names), gram_scale=GRAM_SCALE, temperature=training.temperature, about=about,
    )

"""The model card: what the model is, what it was trained on, how right it is, what it is bad at."""

from __future__ import annotations

from pathlib import Path

from gknlp.train.figures import Training
from gknlp.types import ROLES

_TEXT = """# Roles of units and grades of plans: models/roles.npz, models/roles.skops

Says of each unit of narrative whether it is {roles} (definitions: the annotation guide, corpus/README.md).
Multinomial logistic regression over the cue rules of models/roles.toml (which rule holds, points by role, what the
rules make of the unit in its context), part, place in the part, sub-heading above, item marker, the cues of the two
neighbours, and hashed grams of one and two characters. A run reads plain arrays (roles.npz), without pickle and without
scikit-learn; roles.skops holds the fitted LogisticRegressions they were made of, loaded by
`gknlp.classify.estimators.read_estimators` from a list of allowed classes only. Both give the same labels.
Rebuild: `gknlp train corpus -o models`. A string that stands alone is judged by the rules only, not by this model.

## Data

{reports} specimen reports written for this project ({groups} groups that share neither agency nor text), {units} units:
{by_role}. SHA-256 of texts and labels: `{data}`; of the rules: `{rules}`.

## Variants

F1 on {folds} folds; no fold shares an agency or a family of reuse with another. The cue rules were written with an eye
on part of these reports, so their own line is too favourable; the learnt lines that use cues inherit some of that.

| variant | macro-F1 | {role_heads} |
|---|---|{role_lines}|
{variants}

Written: **{chosen}**, with 95 % intervals (agencies drawn with replacement): {low_high}.

## Grades of plans

Logistic regression over the grade and the slots that models/specificity.toml finds, length and the same grams; an act
that the rules found checkable has grade 3. Same folds, plans only.

| variant | QWK | commitment F1 (grade 1 or more) | accuracy |
|---|---|---|---|
{grades}

Written: **rules, characters**. Characters alone do as well or better on specimens and much worse on the 23 plans of the
five real reports annotated for development (QWK 0.57 against 0.97): they learn how these specimens are worded.

## Probabilities

Temperature {temperature}; expected calibration error {error:.3f}.

| score | units | mean score | right |
|---|---|---|---|
{bins}

Below {threshold} a person should look (`abstained`): {kept:.1%} of the units lie above, {kept_right:.1%} of them right.

## Where it errs

Most frequent errors on the folds (annotated as → read as): {errors}.

Specimens are tidier than what agencies publish: expect less where headings were lost, where sentences are cut by the
page, and in genres without parts. It is bad at a problem told as a bare fact ("9个县区分局中有3个没有单独的公开栏目"),
at a measure under improvements that does not say whether it was taken, and at an opening sentence that is half
background, half work.
"""


def write_card(file: Path, training: Training) -> None:
    """Write the card of a training as Markdown."""
    chosen = training.variants[training.chosen]
    names = ("macro", *ROLES)
    values = (chosen.macro, *chosen.roles)
    wrong = sorted(
        ((n, gold, found) for (gold, found), n in training.confusion.items() if gold != found),
        key=lambda item: (-item[0], item[1], item[2]),
    )
    text = _TEXT.format(
        roles=", ".join(ROLES[:-1]) + f" or {ROLES[-1]}", reports=training.counts["reports"],
        groups=training.counts["groups"], units=training.counts["units"], data=training.data, rules=training.rules,
        by_role=", ".join(f"{role} {training.counts[role]}" for role in ROLES), folds=5,
        role_heads=" | ".join(ROLES), role_lines="|".join("---" for _ in ROLES),
        variants="\n".join(
            f"| {name} | {score.macro:.4f} | " + " | ".join(f"{value:.3f}" for value in score.roles) + " |"
            for name, score in training.variants.items()
        ),
        grades="\n".join(
            f"| {name} | {score.kappa:.3f} | {score.commitment:.3f} | {score.accuracy:.3f} |"
            for name, score in training.grades.items()
        ),
        chosen=training.chosen,
        low_high=", ".join(
            f"{name} {value:.3f} [{low:.3f}, {high:.3f}]"
            for name, value, (low, high) in zip(names, values, training.low_high, strict=True)
        ),
        temperature=training.temperature, error=training.calibration_error,
        bins="\n".join(
            f"| {item.low:.1f}-{item.high:.1f} | {item.n} | {item.score:.3f} | {item.right:.3f} |"
            for item in training.bins
        ),
        threshold=training.threshold, kept=training.kept, kept_right=training.kept_right,
        errors=", ".join(f"{gold} → {found} {n}" for n, gold, found in wrong[:6]) or "none",
    )
    file.write_text(text, encoding="utf-8", newline="\n")

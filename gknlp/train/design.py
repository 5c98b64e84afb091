"""The examples as matrices, the variants that are compared, and fitting one (scikit-learn, imported here only)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from gknlp.classify.cues import CueBook, view_texts
from gknlp.classify.features import (
    FIGURES,
    Seen,
    fact_names,
    see_units,
    unit_facts,
    unit_figures,
)
from gknlp.classify.grams import GRAM_BITS, hashed_grams
from gknlp.tokens import get_tokenizer, words_of_distinct
from gknlp.train.examples import Example
from gknlp.types import ROLES

# Grams count this much against facts in the penalty; chosen on the folds among 2, 3, 5 (flat between the last two).
GRAM_SCALE = 3.0
# Inverse strength of the penalty; chosen on the folds among 0.1, 0.5, 1.
PENALTY = 0.5
# Each unit is learnt from twice, the second time with its cues hidden, at this weight: rules were written with an eye
# on texts like these, so the model must not lean on them alone. Better on the folds and on real reports.
HIDDEN_WEIGHT = 0.5
MAX_ITERATIONS = 1000


@dataclass(frozen=True, slots=True)
class Block:
    """Columns of one kind: a sparse matrix with one row per unit, and the names of its columns."""

    matrix: Any
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Design:
    """All examples, unit by unit: features by kind, role numbers, fold, group and the rules' own roles."""

    facts: Block
    figures: Block
    characters: Block
    words: Block
    roles: Any
    rule_roles: Any
    folds: Any
    groups: tuple[str, ...]
    parts: tuple[tuple[int, int], ...]
    seen: tuple[Seen, ...]
    labels: tuple[Any, ...]


def build_design(examples: Sequence[Example], folds: Sequence[int], book: CueBook) -> Design:
    """Features and labels of every annotated unit; `parts` are the runs of rows of one part, for decoders."""
    import numpy as np

    seen: list[Seen] = []
    facts: list[list[str]] = []
    labels: list[Any] = []
    figures, groups, fold_of, parts = [], [], [], []
    for example, fold in zip(examples, folds, strict=True):
        units = _see(example, book)
        if not units:
            continue
        keep = [at for at, label in enumerate(example.labels) if label is not None]
        known, numbers = unit_facts(units, example.parts.subheadings), unit_figures(units)
        parts.extend(_runs([units[at].unit.section_order for at in keep], len(seen)))
        seen.extend(units[at] for at in keep)
        facts.extend(known[at] for at in keep)
        figures.append(numbers[keep])
        labels.extend(example.labels[at] for at in keep)
        groups.extend([example.group] * len(keep))
        fold_of.extend([fold] * len(keep))
    texts = [item.view.core for item in seen]
    return Design(
        facts=_fact_block(facts, fact_names(book)), figures=_figure_block(np.vstack(figures)),
        characters=_gram_block(texts), words=_word_block(texts),
        roles=np.array([ROLES.index(label["role"]) for label in labels if label]),
        rule_roles=np.array([ROLES.index(item.decision.role) for item in seen]),
        folds=np.array(fold_of), groups=tuple(groups), parts=tuple(parts), seen=tuple(seen), labels=tuple(labels),
    )


def _see(example: Example, book: CueBook) -> list[Seen]:
    texts = list(dict.fromkeys(unit.text for unit in example.parts.units))
    views, _ = view_texts(texts, book)
    return see_units(example.parts.units, dict(zip(texts, views, strict=True)), example.parts.subheadings, book)


def _runs(orders: Sequence[int], offset: int) -> list[tuple[int, int]]:
    edges = [at for at in range(len(orders)) if not at or orders[at] != orders[at - 1]]
    return [(offset + start, offset + end) for start, end in zip(edges, [*edges[1:], len(orders)], strict=True)]


def _fact_block(facts: Sequence[Sequence[str]], names: tuple[str, ...]) -> Block:
    import numpy as np
    from scipy.sparse import csr_matrix

    row_of = {name: at for at, name in enumerate(names)}
    rows = np.repeat(np.arange(len(facts)), [len(found) for found in facts])
    columns = np.array([row_of[name] for found in facts for name in found])
    return Block(csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(facts), len(names))), names)


def _figure_block(figures: Any) -> Block:  # noqa: ANN401 (a matrix)
    from scipy.sparse import csr_matrix

    return Block(csr_matrix(figures), FIGURES)


def _gram_block(texts: Sequence[str]) -> Block:
    from scipy.sparse import csr_matrix

    rows, owners, weights = hashed_grams(texts)
    matrix = csr_matrix((GRAM_SCALE * weights[owners], (owners, rows)), shape=(len(texts), 2**GRAM_BITS))
    return Block(matrix, tuple(f"gram{row}" for row in range(2**GRAM_BITS)))


def _word_block(texts: Sequence[str]) -> Block:
    """Words and pairs of words of jieba with the lexicon, weighted as the grams are."""
    import numpy as np
    from scipy.sparse import csr_matrix

    found = []
    for words in words_of_distinct(texts, {}, get_tokenizer()):
        found.append([*words, *(f"{one} {other}" for one, other in pairwise(words))])
    names = tuple(sorted({name for row in found for name in row}))
    column_of = {name: at for at, name in enumerate(names)}
    rows = np.repeat(np.arange(len(found)), [len(row) for row in found])
    values = np.concatenate([np.full(len(row), GRAM_SCALE / max(1, len(row)) ** 0.5) for row in found])
    columns = np.array([column_of[name] for row in found for name in row])
    return Block(csr_matrix((values, (rows, columns)), shape=(len(found), len(names))), names)


def is_cue(name: str, book: CueBook) -> bool:
    """Whether a column comes from the cue rules."""
    return name.split(".")[0] in ("points", "lead") or any(name == rule.id for rule in book.rules)


def is_neighbour_cue(name: str) -> bool:
    """Whether a column tells the cues of a neighbour."""
    side, _, fact = name.partition(".")
    return side in ("before", "after") and fact in ROLES


Select = Callable[[str], bool]


def stack(blocks: Sequence[Block], select: Select) -> Block:
    """The chosen columns of several blocks side by side."""
    from scipy.sparse import hstack

    chosen = [[at for at, name in enumerate(block.names) if select(name)] for block in blocks]
    matrix = hstack([block.matrix.tocsc()[:, at] for block, at in zip(blocks, chosen, strict=True)]).tocsr()
    return Block(matrix, tuple(block.names[k] for block, at in zip(blocks, chosen, strict=True) for k in at))


def fit(matrix: Any, roles: Any, hidden: Any = None) -> Any:  # noqa: ANN401 (sparse matrices, a vector; an estimator)
    """Multinomial logistic regression; `hidden` is the same matrix with its cue columns empty, or None."""
    import numpy as np
    from scipy.sparse import vstack

    weights = np.ones(len(roles))
    if hidden is not None:
        matrix, roles = vstack([matrix, hidden]).tocsr(), np.concatenate((roles, roles))
        weights = np.concatenate((weights, np.full(len(weights), HIDDEN_WEIGHT)))
    return fit_logistic(matrix, roles, PENALTY, weights)


def fit_logistic(matrix: Any, labels: Any, penalty: float, weights: Any = None) -> Any:  # noqa: ANN401 (as in `fit`)
    """Multinomial logistic regression on one thread: threads wait for each other on matrices this small."""
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        return LogisticRegression(C=penalty, max_iter=MAX_ITERATIONS).fit(matrix, labels, sample_weight=weights)


def hide(block: Block, book: CueBook) -> Any:  # noqa: ANN401 (a sparse matrix)
    """The block's matrix with the columns of cues of the unit itself empty."""
    import numpy as np
    from scipy.sparse import diags

    ids = {rule.id for rule in book.rules}
    keep = [not (name in ids or name.startswith(("points.", "lead."))) for name in block.names]
    return (block.matrix @ diags(np.array(keep, dtype=float))).tocsr()

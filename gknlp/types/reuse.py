"""What reuse takes and gives: texts to compare, passages, what pairs share and change, clusters, composition."""

from __future__ import annotations

from dataclasses import dataclass

from gknlp.types.show import table


@dataclass(frozen=True, slots=True)
class ReuseText:
    """A report as reuse sees it: only `stretches` (`(start, end, section_order)`, in order) of `text` are compared.

    `names` are the report's own agency and place names, longest first. A `reference` is compared with, never flagged.
    `skeleton` are stretches of mandated wording, left out of the search and counted as set phrase (beside those that
    `models/skeleton.toml` finds). `sections` gives `(section_order, section id)` for the rows of the composition.
    """

    report_id: str
    text: str
    stretches: tuple[tuple[int, int, int], ...]
    skeleton: tuple[tuple[int, int], ...] = ()
    names: tuple[str, ...] = ()
    agency: str | None = None
    region: str | None = None
    superior: str | None = None
    level: str | None = None
    year: int | None = None
    published: str | None = None
    reference: bool = False
    sections: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch two reports share, report ids in `a`, `b` order (`a` < `b`). `direction` is `a>b`, `b>a` or `none`.

    `level` is `exact`, `masked` or `near`; `kind` self, peer or template; `score` in 0..1 is the similarity of the two
    sides; `n_chars` counts folded characters of the shorter side.
    """

    passage_id: str
    a_report: str
    a_start: int
    a_end: int
    b_report: str
    b_start: int
    b_end: int
    level: str
    kind: str
    direction: str
    score: float
    n_chars: int


@dataclass(frozen=True, slots=True)
class PairShare:
    """How much of their narrative two reports share, in folded characters; `a_report` < `b_report`.

    `excluded` is what says nothing about a pair (mandated wording, set phrases of the genre), `counted` the rest of the
    narrative, `shared` the part of `counted` that is matched in the other report, each character once.
    """

    a_report: str
    b_report: str
    n_passages: int
    a_shared: int
    a_counted: int
    a_excluded: int
    b_shared: int
    b_counted: int
    b_excluded: int


@dataclass(frozen=True, slots=True)
class Change:
    """Where the two sides of a passage differ: `[a_start, a_end)` of one text for `[b_start, b_end)` of the other.

    `kind` is the slot that was exchanged (`name`, `date`, `number`, `document`, `contact`) or `wording`; a side that
    has nothing there is empty, before the next letter.
    """

    passage_id: str
    order: int
    kind: str
    a_start: int
    a_end: int
    b_start: int
    b_end: int


@dataclass(frozen=True, slots=True)
class Cluster:
    """A report's place in a family of reuse: `shape` star, chain or clique; `role` source, copy or member."""

    cluster_id: str
    report_id: str
    shape: str
    role: str


@dataclass(frozen=True, slots=True)
class Composition:
    """A section's narrative by origin: shares that add to 1, all None without narrative. Section None: whole report.

    `n_chars` is what they are shares of: folded characters of the narrative, mandated wording included.
    """

    report_id: str
    section: str | None
    section_order: int | None
    formula: float | None
    own_past: float | None
    template: float | None
    peer: float | None
    own: float | None
    n_chars: int | None = None


@dataclass(frozen=True, slots=True)
class Certificate:
    """A trace of another text that needs no threshold: `quote` is `[start, end)` of the report that carries it.

    `kind` is `agency` or `place` (a name that is not the report's own), `year` (another report's year), `misprint` (the
    same slip in both), `figures` (another agency's numbers) or `sum` (the same wrong sum in both). `belongs_to` says
    whose it is, in words. `other_report`, `other_start`, `other_end` point to the counterpart, `passage_id` to the
    shared passage; None where there is none.
    """

    report_id: str
    kind: str
    start: int
    end: int
    quote: str
    belongs_to: str
    rule: str
    passage_id: str | None = None
    other_report: str | None = None
    other_start: int | None = None
    other_end: int | None = None


@dataclass(frozen=True, slots=True)
class BestMatch:
    """How much of a report stands in the likest single report of another agency, and in the likest unrelated one.

    All counts are folded characters of the report's narrative, mandated wording left out; its own past and templates
    are not counted as shared. `others` is how many reports of other agencies it was compared with; `unrelated` is how
    many
    of them are unrelated (`Matching.scope`), `unrelated_shared` the most that one of these shares, None where the
    report's
    nearest partners are all related, so that nothing is known of the others.
    """

    report_id: str
    year: int | None
    n_chars: int
    other: str | None
    shared: int
    others: int
    unrelated_shared: int | None
    unrelated: int


@dataclass(frozen=True, slots=True)
class Unrelated:
    """One side of a pair of unrelated reports drawn at random: of `n_chars` characters the other shares `shared`."""

    report_id: str
    other: str
    n_chars: int
    shared: int


@dataclass(frozen=True, slots=True)
class Matching:
    """Best matches and what chance gives: rows for judged reports by id, unrelated pairs in order of the draw.

    Unrelated are reports of different agencies that are in no family of reuse and neither of which is the other's
    superior; with `scope` "superiors" they have no superior (or region) in common either, with "agencies" they may.
    """

    scope: str
    matches: tuple[BestMatch, ...]
    unrelated: tuple[Unrelated, ...]


@dataclass(frozen=True, slots=True)
class Reuse:
    """All that `find_reuse` found, each tuple in a defined order (see its docstring)."""

    passages: tuple[Passage, ...]
    clusters: tuple[Cluster, ...]
    composition: tuple[Composition, ...]

    def _repr_html_(self) -> str:
        """The pairs that share most, and of each report whose words its narrative is made of."""
        pairs: dict[tuple[str, str, str], list[int]] = {}
        for passage in self.passages:
            pairs.setdefault((passage.a_report, passage.b_report, passage.kind), []).append(passage.n_chars)
        most = sorted(pairs.items(), key=lambda item: (-sum(item[1]), item[0]))
        whole = [part for part in self.composition if part.section is None]
        shares = [
            (part.report_id, *("" if value is None else f"{value:.0%}" for value in (
                part.formula, part.own_past, part.template, part.peer, part.own
            )))
            for part in whole
        ]
        families = len({cluster.cluster_id for cluster in self.clusters})
        return (
            f"<p><b>Reuse</b>: {len(self.passages)} passages, {families} families, {len(whole)} reports</p>"
            + table(("a", "b", "kind", "passages", "characters"), [(*k, len(v), sum(v)) for k, v in most])
            + table(("report", "formula", "own_past", "template", "peer", "own"), shares)
        )
    matching: Matching = Matching("superiors", (), ())
    pairs: tuple[PairShare, ...] = ()

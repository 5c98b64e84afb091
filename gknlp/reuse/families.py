"""Families of reuse: reports of different agencies that strong passages tie together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from gknlp.types import Cluster

# Two reports are tied if they share this much of the shorter narrative (and are no mere sentence), or this much at all:
# below it lie paragraphs of a common circular, far above it whole copies.
TIE_SHARE = 0.2
TIE_LEAST = 60
TIE_CHARS = 300
# A clique or star may lack a fifth of its edges: not every pair is aligned, and members edit different parts.
DENSE = 0.8


@dataclass(frozen=True, slots=True)
class Tie:
    """Two reports (by number) and how much they share: folded characters on either side, and who was first."""

    a: int
    b: int
    a_chars: int
    b_chars: int
    direction: str


def is_strong(tie: Tie, a_narrative: int, b_narrative: int) -> bool:
    """Whether a tie makes two reports one family."""
    shared = min(tie.a_chars, tie.b_chars)
    share = max(tie.a_chars / a_narrative if a_narrative else 0.0, tie.b_chars / b_narrative if b_narrative else 0.0)
    return shared >= TIE_CHARS or (share >= TIE_SHARE and shared >= TIE_LEAST)


def build_families(ties: Sequence[Tie], report_ids: Sequence[str], most_sources: int) -> tuple[Cluster, ...]:
    """Connected components of strong ties, each with its shape; ordered by the least report id, then report id.

    `clique`: nearly every member tied to nearly every other (to `most_sources` others in a large family, where no more
    are
    aligned); else `star`: one member tied to nearly all; else `chain`. Two reports are a chain. Role: `source` if it
    was
    earlier than all it is tied to with a known order, `copy` if later than one of them, else `member`. A report
    without a
    strong tie has no row. Cost: linear in the ties.
    """
    neighbours: dict[int, set[int]] = defaultdict(set)
    incoming: set[int] = set()
    outgoing: set[int] = set()
    for tie in ties:
        neighbours[tie.a].add(tie.b)
        neighbours[tie.b].add(tie.a)
        if tie.direction != "none":
            first, second = (tie.a, tie.b) if tie.direction == "a>b" else (tie.b, tie.a)
            outgoing.add(first)
            incoming.add(second)
    clusters: list[Cluster] = []
    for members in _components(neighbours):
        ids = sorted(report_ids[member] for member in members)
        cluster_id = sha256("\n".join(ids).encode()).hexdigest()[:16]
        shape = find_shape({member: len(neighbours[member]) for member in members}, most_sources)
        for member in sorted(members, key=lambda member: report_ids[member]):
            role = "copy" if member in incoming else "source" if member in outgoing else "member"
            clusters.append(Cluster(cluster_id, report_ids[member], shape, role))
    first_of: dict[str, str] = {}
    for cluster in clusters:
        first_of.setdefault(cluster.cluster_id, cluster.report_id)
    return tuple(sorted(clusters, key=lambda c: (first_of[c.cluster_id], c.report_id)))


def _components(neighbours: Mapping[int, set[int]]) -> list[list[int]]:
    found: list[list[int]] = []
    seen: set[int] = set()
    for start in sorted(neighbours):
        if start in seen:
            continue
        seen.add(start)
        members, waiting = [], [start]
        while waiting:
            member = waiting.pop()
            members.append(member)
            for other in neighbours[member] - seen:
                seen.add(other)
                waiting.append(other)
        found.append(sorted(members))
    return found


def find_shape(degrees: Mapping[int, int], most_sources: int) -> str:
    """`clique`, `star` or `chain` of a connected component, from the number of ties of each member."""
    others = len(degrees) - 1
    if others < 2:
        return "chain"
    if sum(degree >= DENSE * min(others, most_sources) for degree in degrees.values()) >= DENSE * len(degrees):
        return "clique"
    return "star" if max(degrees.values()) >= DENSE * others else "chain"

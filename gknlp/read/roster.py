"""Temporary (to be replaced)."""

from __future__ import annotations

from pathlib import Path

from gknlp.types import Identity

Roster = dict[str, str]


def load_roster(path: Path) -> Roster:
    """Nothing yet."""
    return {}


def apply_roster(identity: Identity, file_path: str, roster: Roster) -> Identity:
    """Nothing yet."""
    return identity

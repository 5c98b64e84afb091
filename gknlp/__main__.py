"""`python -m gknlp` is `gknlp`."""

from __future__ import annotations

from gknlp.cli import app

app(prog_name="gknlp")

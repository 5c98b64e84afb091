"""Finds the data files of `models/` and `corpus/`, in a checkout and in an installed wheel alike.

The wheel carries them as `gknlp/_data` (pyproject.toml, force-include); a checkout has them above the package.
"""

from __future__ import annotations

import hashlib
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from gknlp.errors import ResourceError


@cache
def root() -> Path:
    """The folder that holds `models/` and `corpus/`: inside an installed package, else the checkout."""
    package = Path(__file__).resolve().parent
    inside = package / "_data"
    return inside if inside.is_dir() else package.parent


def path(name: str) -> Path:
    """The path of a data file, `name` relative with forward slashes (`models/roles.toml`); ResourceError if missing."""
    found = root().joinpath(*name.split("/"))
    if not found.exists():
        raise ResourceError(
            f"Data file {name} is not where it should be: {found}.",
            hint="Reinstall gknlp; in a checkout, restore the file from git.",
        )
    return found


def read_text(name: str) -> str:
    """The text of a UTF-8 data file, line ends as `\\n`, without a BOM."""
    return path(name).read_text(encoding="utf-8-sig")


@cache
def load_toml(name: str) -> dict[str, Any]:
    """The content of a TOML data file, read once per process; callers must not change it."""
    try:
        return tomllib.loads(read_text(name))
    except tomllib.TOMLDecodeError as error:
        message = f"Data file {path(name)} is not valid TOML: {error}."
        raise ResourceError(message, hint="Mend the line named.") from error


def checksum(name: str) -> str:
    """SHA-256 (hexadecimal) of a data file with line ends as `\\n`, so that a Windows checkout gives the same."""
    return hashlib.sha256(path(name).read_bytes().replace(b"\r\n", b"\n")).hexdigest()

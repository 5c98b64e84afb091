"""README's examples run as printed, and both READMEs name the same commands and folders."""

from __future__ import annotations

import doctest
import re
from pathlib import Path


def test_readme_examples_run_as_printed(root: Path) -> None:
    results = doctest.testfile(str(root / "README.md"), module_relative=False, encoding="utf-8")
    assert results.attempted >= 12
    assert results.failed == 0


def test_readmes_name_the_same_commands_and_files(root: Path) -> None:
    pattern = re.compile(r"`((?:gknlp|make) [a-z]+|[a-z]+\.(?:html|xlsx|json))")
    english, chinese = (
        set(pattern.findall((root / name).read_text(encoding="utf-8"))) for name in ("README.md", "README.zh.md")
    )
    assert english == chinese

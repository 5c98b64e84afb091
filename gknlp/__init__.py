"""gknlp: Chinese government-disclosure annual reports, taken apart, checked and compared.

The stages as functions on plain values, and `analyze` for all of them at once:

read_report -> segment -> read_tables -> classify -> keywords -> find_reuse -> analyze (writes a run folder)

Importing this loads nothing else: each name is loaded when first used, and heavy packages (jieba, pandas, spaCy …)
inside the functions that need them.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gknlp.classify import classify
    from gknlp.keywords import keywords
    from gknlp.output.run import Run
    from gknlp.pipeline import analyze
    from gknlp.read import read_report, read_reports
    from gknlp.reuse import find_reuse
    from gknlp.segment import segment, split_sentences
    from gknlp.settings import Settings
    from gknlp.spacy_doc import to_spacy
    from gknlp.tables import read_tables

__version__ = "0.1.0"

__all__ = [
    "Run",
    "Settings",
    "analyze",
    "classify",
    "find_reuse",
    "keywords",
    "read_report",
    "read_reports",
    "read_tables",
    "segment",
    "split_sentences",
    "to_spacy",
]

_HOMES = {
    "Run": "output.run", "Settings": "settings", "analyze": "pipeline", "classify": "classify",
    "find_reuse": "reuse", "keywords": "keywords", "read_report": "read", "read_reports": "read",
    "read_tables": "tables", "segment": "segment", "split_sentences": "segment", "to_spacy": "spacy_doc",
}


class _Public:
    """A public name, loaded when first asked for.

    It stands on the module's class, because `segment`, `classify` and `keywords` are names of modules too: importing
    such a module would put it in the place of the function, and an assignment to this name is left without effect.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, module: ModuleType | None, kind: type | None = None) -> Any:  # noqa: ANN401 (any public object)
        return getattr(import_module(f"gknlp.{_HOMES[self.name]}"), self.name)

    def __set__(self, module: ModuleType, value: object) -> None:
        """Leave the name as it is: the import system binds sub-modules here."""


class _Package(ModuleType):
    """The package as module: its public names load on use."""

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *__all__, "measures"})

    def __getattr__(self, name: str) -> ModuleType:
        """`gknlp.measures`, the one module of public functions, without an import of its own."""
        if name == "measures":
            return import_module("gknlp.measures")
        raise AttributeError(f"module 'gknlp' has no attribute {name!r}")


for _name in __all__:
    setattr(_Package, _name, _Public(_name))
sys.modules[__name__].__class__ = _Package

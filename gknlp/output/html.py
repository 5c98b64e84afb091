"""Templates to HTML: every value is escaped where it is put in, and nothing undefined passes in silence."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from gknlp.failures import tell_failure
from gknlp.notes import MIN_CHARS
from gknlp.output.labels import column_word, error_word, excerpt, function_word, number, shown, words_in

if TYPE_CHECKING:
    from jinja2 import Environment

# What would end a script element or a line of it, as JavaScript escapes; JSON reads them as the same characters.
_SCRIPT_SAFE = str.maketrans({
    "<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029",
})


def render(template: str, lang: str, /, **values: Any) -> str:  # noqa: ANN401 (a template takes anything)
    """A template of `templates/` filled in; `w(group, id)` in it is a label in `lang`. Line ends are `\\n`."""
    text: str = _environment(lang).get_template(template).render(**values)
    return text


def asset(name: str) -> str:
    """The text of a style sheet or script of `templates/`, line ends as `\\n`."""
    environment = _environment("zh")
    assert environment.loader is not None
    return environment.loader.get_source(environment, name)[0].replace("\r\n", "\n")


@dataclass(frozen=True, slots=True)
class Inline:
    """Styles and scripts as markup, and the hashes by which a page allows these scripts and no other."""

    styles: tuple[Any, ...]
    scripts: tuple[Any, ...]
    hashes: tuple[str, ...]


def inline_assets(styles: Sequence[str], scripts: Sequence[str]) -> Inline:
    """The named styles and scripts, to be put into a page that needs no other file."""
    from markupsafe import Markup

    texts = [asset(name) for name in scripts]
    hashes = (base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in texts)
    return Inline(
        tuple(Markup(asset(name)) for name in styles), tuple(Markup(text) for text in texts),
        tuple(f"'sha256-{value}'" for value in hashes),
    )


def script_json(value: object) -> str:
    """`value` as JSON that can stand in a script: no character that would end the script or a line of it.

    >>> script_json({"a": "</script>"})
    '{"a":"\\\\u003c/script\\\\u003e"}'
    """
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).translate(_SCRIPT_SAFE)


def json_text(value: object) -> str:
    """`value` as JSON for an attribute, where the templates escape it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def percent(share: float | None) -> str:
    """A share as whole percent; under one half percent but not zero as `<1%`."""
    if share is None:
        return ""
    return "<1%" if 0 < share < 0.005 else f"{share:.0%}"


def origin_share(row: Mapping[str, Any], origin: str) -> str:
    """A share of a row of `composition`: percent, or its characters where there are too few for a ratio.

    >>> origin_share({"peer": 0.5, "n_chars": 40}, "peer"), origin_share({"peer": 0.5, "n_chars": 400}, "peer")
    ('20', '50%')
    """
    share, size = row.get(origin), row.get("n_chars")
    if share is None or size is None or size >= MIN_CHARS:
        return percent(share)
    return str(round(share * size))


@cache
def _environment(lang: str) -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=PackageLoader("gknlp.output"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, keep_trailing_newline=True,
    )
    made.globals.update(w=words_in(lang), lang=lang, number=number, percent=percent, excerpt=excerpt, shown=shown)
    made.globals["origin_share"] = origin_share
    made.globals["function_word"] = lambda name: function_word(lang, name)
    made.globals["told"] = lambda item: tell_failure(item["error"], item["message"], item["hint"], lang)
    made.globals["error_word"] = lambda name: error_word(lang, name)
    made.globals["column"] = lambda table, name: column_word(lang, table, name)
    return made

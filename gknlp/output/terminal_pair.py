"""Two reports side by side in the terminal: plain strings, aligned by width, in characters of a GBK console."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from gknlp.output.html_pair import LEVELS, SLOTS, PassageView, pair_values
from gknlp.output.labels import Words, excerpt, one_line, words_in
from gknlp.output.pairs import Pair
from gknlp.output.sides import Stretch
from gknlp.output.terminal import ascii_table, render

if TYPE_CHECKING:
    from rich.table import Table

# Below this a Chinese column has fewer than a dozen characters a line.
LEAST_WIDTH = 60


def show_pair(pair: Pair, lang: str, *, width: int) -> str:
    """What two reports share: who they are, shares, certificates, then each passage side by side.

    In the text `[…]` is a slot that was exchanged (a name, a date, a figure), `{…}` other wording, `{}` a place where
    only the other side has words. Lines have at most `width` columns (60 or more), a Chinese character takes two.
    """
    words = words_in(lang)
    width = max(width, LEAST_WIDTH)
    values = pair_values(pair, words, linked=False)
    names = [name for name, _, _ in values["sides"]]
    parts = [render(_facts(values, words), width)]
    for flag, places in values["traces"]:
        parts.append(render(f"! {words('flag', flag['flag'])}: {one_line(str(flag['reason']))}", width))
        parts += [
            render(f"- {name}: {one_line(f'{before}[{quote}]{behind}')}{_page(page, words)}", width)
            for name, (before, quote, behind), _, page in places
        ]
    if not values["passages"]:
        return "\n".join([*parts, words("pair", "passages_none")])
    parts.append(render(_legend(values["changes"], words), width))
    parts += [render(_passage(passage, names, words), width) for passage in values["passages"]]
    if values["passages_left"]:
        parts.append(words("term", "more", n=values["passages_left"]))
    return "\n".join(parts)


def _facts(values: Mapping[str, Any], words: Words) -> Table:
    table = ascii_table("", *(excerpt(name, 60) for name, _, _ in values["sides"]))
    for column in table.columns[1:]:
        column.justify = "left"
    for name, told in values["identity"]:
        if name in ("agency", "year", "published", "url", "path"):
            table.add_row(words("pair_fact", name), *(excerpt(value, 200) for value in told))
    shares = [share for _, _, share in values["sides"]]
    if all(shares):
        table.add_row(
            words("pair", "share"),
            *(f"{s['share']} ({words('pair', 'share_of', shared=s['shared'], counted=s['counted'])})" for s in shares),
        )
        table.add_row(words("pair_fact", "excluded"), *(str(share["excluded"]) for share in shares))
    levels = " | ".join(f"{words('reuse_level', n)} {values['levels'][n]}" for n in LEVELS if values["levels"][n])
    table.add_row(words("pair", "n_passages"), levels or "0", words("pair", f"order_{values['order']}"))
    return table


def _legend(changes: Mapping[str, int], words: Words) -> str:
    told = [f"{words('change_kind', kind)} {changes[kind]}" for kind in (*SLOTS, "wording") if changes.get(kind)]
    return " | ".join([words("term", "marks"), *told])


def _passage(passage: PassageView, names: Sequence[str], words: Words) -> Table:
    score = f" {passage.score:.0%}" if passage.level == "near" else ""
    title = f"{passage.number}. {words('reuse_level', passage.level)}{score}, {passage.n_chars} {words('ui', 'chars')}"
    heads = [
        f"{excerpt(name, 30)}{_page(view.page, words)}"
        for name, view in zip(names, (passage.left, passage.right), strict=True)
    ]
    table = ascii_table(f"{title} | {heads[0]}", f"{words('reuse_kind', passage.kind)} | {heads[1]}")
    for column in table.columns:
        column.ratio = 1
    table.expand = True
    for left, right in passage.lines:
        table.add_row(_marked(left), _marked(right))
    if passage.cut:
        table.add_row("...", "...")
    return table


def _marked(stretches: Sequence[Stretch]) -> str:
    return one_line("".join(_mark(stretch) for stretch in stretches))


def _mark(stretch: Stretch) -> str:
    if not stretch.change:
        return stretch.text
    return f"[{stretch.text}]" if stretch.change in SLOTS else f"{{{stretch.text}}}"


def _page(page: int | None, words: Words) -> str:
    return f" ({words('ui', 'page_of_source', n=page)})" if page is not None else ""

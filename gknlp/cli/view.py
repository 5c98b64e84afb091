"""Commands that print one report."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gknlp.cli.frame import LabelLang, SettingsFile, choose_settings, errors, exit_code, with_background

if TYPE_CHECKING:
    from gknlp.analysis import Analyzed
    from gknlp.settings import Settings


def show(
    file: Annotated[Path, typer.Argument(help="One report.", metavar="FILE", exists=True, dir_okay=False)],
    lang: LabelLang = None,
    settings: SettingsFile = None,
    background: Annotated[Path | None, typer.Option(help="A profile that `gknlp background` made.")] = None,
) -> None:
    """Print the structure of one report: who, which year, parts, sub-headings, roles, commitments."""
    from gknlp.output.terminal import show_background, show_report

    def view(item: "Analyzed") -> str:
        chosen_lang = chosen.output.lang
        told = show_report(item.report, item.parts, item.labels, item.cells, chosen_lang)
        return "\n".join(part for part in (told, show_background(item.measures, chosen_lang)) if part)

    with errors():
        chosen = with_background(choose_settings(settings, lang), background)
        _print_each(file, chosen, view)


def tables(
    file: Annotated[Path, typer.Argument(help="One report.", metavar="FILE", exists=True, dir_okay=False)],
    lang: LabelLang = None,
) -> None:
    """Print the statutory tables of one report, failing cells marked, and what does not add up."""
    from gknlp.output.terminal_tables import show_tables

    with errors():
        chosen = choose_settings(None, lang)
        _print_each(file, chosen, lambda item: show_tables(item.cells, item.checks, chosen.output.lang))


def measures(
    names: Annotated[
        list[str] | None, typer.Argument(help="Measures, or how their names begin (kt2003, lsl); all without.")
    ] = None,
    lang: LabelLang = None,
) -> None:
    """Say what each measure of table `measures` is, by whose definition, and what it is bad at."""
    from gknlp.output.catalogue import show_measures

    with errors():
        typer.echo(show_measures(names or [], choose_settings(None, lang).output.lang))


def _print_each(file: Path, settings: "Settings", view: Callable[["Analyzed"], str]) -> None:
    """Print a view of each report in a file, failures to stderr; always ends with the exit code."""
    from gknlp.analysis import process_file
    from gknlp.output.terminal import show_failure
    from gknlp.types import Failure

    items = process_file(file, settings=settings)
    for item in items:
        if isinstance(item, Failure):
            typer.echo(show_failure(item, settings.output.lang), err=True)
        else:
            typer.echo(view(item))
    failed = sum(isinstance(item, Failure) for item in items)
    raise typer.Exit(exit_code(len(items) - failed, failed))

"""Commands that show what was found: two reports side by side, and the flags of a run."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from gknlp.cli.frame import DONE, SOME_FAILED, LabelLang, RunLang, SettingsFile, choose_settings, errors


class Severity(StrEnum):
    """How grave a flag is, worst first."""

    high = "high"
    medium = "medium"
    low = "low"


def compare(
    first: Annotated[Path, typer.Argument(help="A report.", metavar="A", exists=True, dir_okay=False)],
    second: Annotated[Path, typer.Argument(help="Another report.", metavar="B", exists=True, dir_okay=False)],
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Write one HTML file that needs no other.")] = None,
    lang: LabelLang = None,
    settings: SettingsFile = None,
    width: Annotated[int | None, typer.Option(help="Columns of the terminal; its own by default.", min=60)] = None,
) -> None:
    """Print what two reports share, passage by passage side by side: word for word, with names exchanged, or nearly."""
    import shutil

    from gknlp import __version__
    from gknlp.comparison import FIRST, SECOND, compare_files
    from gknlp.output.cases import gather
    from gknlp.output.dossier_pairs import single_pair
    from gknlp.output.labels import words_in
    from gknlp.output.pairs import find_pair
    from gknlp.output.terminal import show_failure
    from gknlp.output.terminal_pair import show_pair
    from gknlp.types import Failure

    with errors():
        chosen = choose_settings(settings, lang)
        rows = compare_files(first, second, settings=chosen)
        for row in rows["failures"]:
            typer.echo(show_failure(Failure(**row), chosen.output.lang), err=True)
        pair = find_pair(rows, gather(rows), FIRST, SECOND)
        if out is None:
            columns = width if width is not None else shutil.get_terminal_size((100, 24)).columns
            typer.echo(show_pair(pair, chosen.output.lang, width=columns))
        else:
            made_by = {"version": __version__, "fingerprint": chosen.fingerprint()}
            out.write_text(single_pair(pair, made_by, chosen.output.lang), encoding="utf-8", newline="\n")
            typer.echo(f"{words_in(chosen.output.lang)('term', 'written')}: {out}")


def flags(
    run: Annotated[Path, typer.Argument(help="A run folder.", metavar="RUN")],
    severity: Annotated[Severity | None, typer.Option(help="Flags at least this grave.")] = None,
    kind: Annotated[list[str] | None, typer.Option(help="Flags of this kind (sum_fails …); may be repeated.")] = None,
    agency: Annotated[str | None, typer.Option(help="Reports whose agency, title or file holds this.")] = None,
    limit: Annotated[int, typer.Option(help="How many to print; 0 prints all.", min=0)] = 50,
    fail_on: Annotated[Severity | None, typer.Option(help="End with 1 if a flag at least this grave is left.")] = None,
    lang: RunLang = None,
) -> None:
    """Print what to look at first: each flag with its reason, what it quotes and where that stands."""
    from gknlp.output.run import Run
    from gknlp.output.terminal_flags import choose_flags, is_at_least, show_flags

    with errors():
        opened = Run(run)
        chosen = choose_flags(opened, severity=severity, kinds=kind or [], agency=agency)
        typer.echo(show_flags(opened, chosen, lang or opened.lang, limit=limit))
        grave = fail_on is not None and any(is_at_least(str(flag["severity"]), fail_on) for flag in chosen)
        raise typer.Exit(SOME_FAILED if grave else DONE)

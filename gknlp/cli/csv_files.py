"""The command that writes the tables of a run as CSV."""

from pathlib import Path
from typing import Annotated

import typer

from gknlp.cli.frame import errors, progress_bar


def csv_files(
    run: Annotated[Path, typer.Argument(help="A run folder.", metavar="RUN")],
    out: Annotated[Path, typer.Option("--out", "-o", help="The folder for the files; those of the same name go.")],
    raw: Annotated[
        bool, typer.Option("--raw", help="Texts exactly as they are: for R and pandas, not safe to open in Excel.")
    ] = False,
) -> None:
    """Write every table of a run as CSV that Excel opens, with codebook.csv and measures_codebook.csv.

    They say what each column and each measure means, by whose definition, and what a measure is bad at.
    """
    from gknlp.output.csv_files import write_csv

    with errors():
        with progress_bar() as progress:
            made = write_csv(run, out, raw=raw, progress=progress)
        typer.echo(f"{len(made)} -> {out}")

"""Commands for annotation tools."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from gknlp.cli.frame import errors


class Tool(StrEnum):
    """Forms that annotation tools read."""

    labelstudio = "labelstudio"
    doccano = "doccano"
    csv = "csv"


def export_units(
    run: Annotated[Path, typer.Argument(help="A run folder.", metavar="RUN")],
    out: Annotated[Path, typer.Option("--out", "-o", help="The file to write.")],
    form: Annotated[Tool, typer.Option("--format", help="What the tool reads.")] = Tool.csv,
) -> None:
    """Write the units of a run for an annotation tool, with gknlp's labels as suggestion."""
    from gknlp.exchange import export_frames
    from gknlp.output.run import Run

    with errors():
        out.write_text(export_frames(Run(run), form.value), encoding="utf-8", newline="")


def import_units(
    run: Annotated[Path, typer.Argument(help="The run folder that was exported.", metavar="RUN")],
    file: Annotated[Path, typer.Argument(help="What the tool gave back.", metavar="FILE", exists=True)],
    out: Annotated[Path, typer.Option("--out", "-o", help="A folder for annotations (*.json).")],
    form: Annotated[Tool, typer.Option("--format", help="What the tool writes.")] = Tool.csv,
) -> None:
    """Turn annotated units into annotation files, which gknlp train and gknlp evaluate read."""
    import json

    from gknlp.exchange import import_frames
    from gknlp.output.run import Run

    with errors():
        made = import_frames(Run(run), file.read_text(encoding="utf-8"), form.value)
        out.mkdir(parents=True, exist_ok=True)
        for stem, content in made.items():
            text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
            (out / f"{stem}.json").write_text(text, encoding="utf-8", newline="\n")
        typer.echo(f"{len(made)} -> {out}")

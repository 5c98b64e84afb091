"""Commands that hand parts of a run on: one report as a file, feedback sheets for the agencies."""

from pathlib import Path
from typing import Annotated

import typer

from gknlp.cli.frame import RunLang, errors


def dossier(
    run: Annotated[Path, typer.Argument(help="A run folder.", metavar="RUN")],
    report: Annotated[str, typer.Option("--report", help="The report's id: the name of its page in RUN/pages.")],
    out: Annotated[Path | None, typer.Option("--out", "-o", help="The file to write; REPORT.html by default.")] = None,
    lang: RunLang = None,
) -> None:
    """Write one report of a run as a single HTML file that can be mailed: nothing in it leads out of the file."""
    from gknlp.output.dossier_file import dossier_file, rows_around
    from gknlp.output.folder import write_file
    from gknlp.output.run import Run

    with errors():
        opened = Run(run)
        text = dossier_file(rows_around(opened, report), report, opened.info, lang.value if lang else opened.lang)
        target = out or Path(f"{report}.html")
        write_file(target, text)
        typer.echo(str(target))


def feedback(
    run: Annotated[Path, typer.Argument(help="A run folder.", metavar="RUN")],
    out: Annotated[Path, typer.Option("--out", "-o", help="A folder for the .docx files.")],
    verdicts: Annotated[
        list[Path] | None, typer.Option(help="What was decided on flags since, as the dossier exports it.")
    ] = None,
    confirmed: Annotated[bool, typer.Option("--confirmed", help="Only what a person confirmed.")] = False,
    lang: RunLang = None,
) -> None:
    """Write a feedback sheet (反馈意见, .docx) for each agency; what a person dismissed is left out."""
    from gknlp.output.feedback import rows_of_flagged
    from gknlp.output.feedback_docx import write_feedback
    from gknlp.output.labels import words_in
    from gknlp.output.run import Run
    from gknlp.output.verdicts import load_verdicts, verdict_rows

    with errors():
        opened = Run(run)
        chosen, rows = lang.value if lang else opened.lang, rows_of_flagged(opened)
        if verdicts:
            rows["verdicts"] = verdict_rows(rows, load_verdicts(verdicts))
        files = write_feedback(rows, out, chosen, verdicts=("confirmed",) if confirmed else ())
        words = words_in(chosen)
        typer.echo(words("feedback", "written", n=len(files), folder=out) if files else words("feedback", "nothing"))

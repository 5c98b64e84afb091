"""Commands that make something of a folder of reports: a run, a background profile, a calibration."""

from pathlib import Path
from typing import Annotated

import typer

from gknlp.cli.frame import (
    Jobs,
    Lang,
    PrintLang,
    SettingsFile,
    choose_settings,
    errors,
    exit_code,
    progress_bar,
    with_background,
)
from gknlp.errors import SettingsError


def analyze(
    paths: Annotated[list[Path], typer.Argument(help="Reports, or folders that hold them.", metavar="PATH...")],
    out: Annotated[Path, typer.Option("--out", "-o", help="The run folder; an earlier run there is replaced.")],
    jobs: Jobs = None,
    lang: Annotated[Lang | None, typer.Option(help="Language of the dossier and the Excel sheet.")] = None,
    settings: SettingsFile = None,
    roster: Annotated[Path | None, typer.Option(help="CSV or XLSX of agencies: who they are, who must report.")] = None,
    against: Annotated[list[Path] | None, typer.Option(help="Reports to compare with and never flag.")] = None,
    background: Annotated[Path | None, typer.Option(help="A profile that `gknlp background` made.")] = None,
    verdicts: Annotated[
        list[Path] | None, typer.Option(help="What was decided on flags before, as the dossier exports it.")
    ] = None,
) -> None:
    """Read all reports, analyse and compare them, and write a run folder (index.html, report.xlsx, tables)."""
    from gknlp.output.terminal import summary
    from gknlp.pipeline import analyze as run_analysis

    with errors():
        chosen = with_background(choose_settings(settings, lang), background)
        with progress_bar() as progress:
            run = run_analysis(
                paths, out, settings=chosen, roster=roster, against=against or [], verdicts=verdicts or [], jobs=jobs,
                progress=progress,
            )
        typer.echo(summary(run, chosen.output.lang))
        raise typer.Exit(exit_code(len(run.reports), len(run.failures)))


def background(
    paths: Annotated[list[Path], typer.Argument(help="Your own reports, or their folders.", metavar="PATH...")],
    out: Annotated[Path, typer.Option("--out", "-o", help="The profile to write (.npz).")],
    jobs: Jobs = None,
    lang: PrintLang = None,
    settings: SettingsFile = None,
) -> None:
    """Make a background profile of your own reports (no text in it), for `gknlp analyze --background`."""
    from gknlp.background import build_background, describe_profile

    with errors():
        chosen = choose_settings(settings, lang)
        with progress_bar() as progress:
            profile = build_background(paths, out, settings=chosen, jobs=jobs, progress=progress)
        typer.echo(describe_profile(profile, out.stat().st_size, chosen.output.lang))


def calibrate(
    paths: Annotated[list[Path], typer.Argument(help="Your own reports, or their folders.", metavar="PATH...")],
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Write every figure to this CSV file.")] = None,
    seed: Annotated[int, typer.Option(help="Another seed plants other copies.")] = 1,
    jobs: Jobs = None,
    lang: PrintLang = None,
    settings: SettingsFile = None,
) -> None:
    """Plant copies into your own reports and print what is found of them, by level and threshold."""
    from gknlp.calibrate import calibrate as run_calibration
    from gknlp.calibrate.report import describe, to_csv

    with errors():
        chosen = choose_settings(settings, lang)
        if out is not None and not out.absolute().parent.is_dir():
            raise SettingsError(f"There is no folder for {out}.", hint="Make it, or name another file.")
        with progress_bar() as progress:
            made = run_calibration(paths, settings=chosen, jobs=jobs, seed=seed, progress=progress)
        typer.echo(describe(made, chosen.output.lang))
        if out is not None:
            out.write_text(to_csv(made), encoding="utf-8-sig", newline="")

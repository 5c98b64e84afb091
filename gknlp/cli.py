"""The command line: parse, call one function of the library, print. Data goes to stdout, messages to stderr.

A command imports what it needs inside, so that `--help` and a mistyped option answer at once.
Exit codes: 0 done, 1 done with failures in some files, 2 wrong usage, 3 nothing could be done.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gknlp import __version__
from gknlp.errors import GknlpError, SettingsError

if TYPE_CHECKING:
    from gknlp.analysis import Analyzed
    from gknlp.settings import Settings

DONE, SOME_FAILED, WRONG_USAGE, NOTHING_DONE = 0, 1, 2, 3

app = typer.Typer(
    name="gknlp",
    help="Chinese government-disclosure annual reports (政府信息公开工作年度报告): structure, tables, roles, reuse.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


class Lang(StrEnum):
    """Language of labels and headers."""

    zh = "zh"
    en = "en"


def _version(value: bool) -> None:
    if value:
        typer.echo(f"gknlp {__version__}")
        raise typer.Exit(DONE)


@app.callback()
def main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Chinese government-disclosure annual reports (政府信息公开工作年度报告): structure, tables, roles, reuse."""
    for stream in (sys.stdout, sys.stderr):
        # A GBK console cannot show every character of a report: a replacement sign is better than a crash.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


@app.command()
def analyze(
    paths: Annotated[list[Path], typer.Argument(help="Reports, or folders that hold them.", metavar="PATH...")],
    out: Annotated[Path, typer.Option("--out", "-o", help="The run folder; an earlier run there is replaced.")],
    jobs: Annotated[int | None, typer.Option(help="Processes; one per core by default.", min=1)] = None,
    lang: Annotated[Lang | None, typer.Option(help="Language of the dossier and the Excel sheet.")] = None,
    settings: Annotated[Path | None, typer.Option(help="A TOML file with settings.")] = None,
    roster: Annotated[Path | None, typer.Option(help="CSV or XLSX of agencies: who they are, who must report.")] = None,
    against: Annotated[list[Path] | None, typer.Option(help="Reports to compare with and never flag.")] = None,
) -> None:
    """Read all reports, analyse and compare them, and write a run folder (index.html, report.xlsx, tables)."""
    from gknlp.output.terminal import summary
    from gknlp.pipeline import analyze as run_analysis

    with _errors():
        chosen = _settings(settings, lang)
        with _progress() as progress:
            run = run_analysis(
                paths, out, settings=chosen, roster=roster, against=against or [], jobs=jobs, progress=progress
            )
        typer.echo(summary(run, chosen.output.lang))
        raise typer.Exit(exit_code(len(run.reports), len(run.failures)))


@app.command()
def show(
    file: Annotated[Path, typer.Argument(help="One report.", metavar="FILE", exists=True, dir_okay=False)],
    lang: Annotated[Lang | None, typer.Option(help="Language of the labels.")] = None,
    settings: Annotated[Path | None, typer.Option(help="A TOML file with settings.")] = None,
) -> None:
    """Print the structure of one report: who, which year, parts, sub-headings, roles, commitments."""
    from gknlp.output.terminal import show_report

    with _errors():
        chosen = _settings(settings, lang)
        _print_each(
            file, chosen,
            lambda item: show_report(item.report, item.parts, item.labels, item.cells, chosen.output.lang),
        )


@app.command()
def tables(
    file: Annotated[Path, typer.Argument(help="One report.", metavar="FILE", exists=True, dir_okay=False)],
    lang: Annotated[Lang | None, typer.Option(help="Language of the labels.")] = None,
) -> None:
    """Print the statutory tables of one report, failing cells marked, and what does not add up."""
    from gknlp.output.terminal_tables import show_tables

    with _errors():
        chosen = _settings(None, lang)
        _print_each(file, chosen, lambda item: show_tables(item.cells, item.checks, chosen.output.lang))


def _print_each(file: Path, settings: Settings, view: Callable[[Analyzed], str]) -> None:
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


@app.command()
def evaluate(
    run: Annotated[Path, typer.Argument(help="A run folder.", metavar="RUN")],
    gold: Annotated[Path, typer.Argument(help="A folder of annotations (*.json).", metavar="GOLD")],
    worst: Annotated[int, typer.Option(help="How many of the surest mistakes to print.", min=0)] = 10,
) -> None:
    """Score a run against annotated reports: every figure, then by form and level, what is confused, worst examples."""
    from gknlp import evaluate as scoring
    from gknlp.output.run import Run

    with _errors():
        golds, predicted = scoring.load_gold(gold), scoring.read_frames(Run(run))
        for name, value in scoring.evaluate(golds, predicted).figures().items():
            typer.echo(f"{name}: {value:.4f}")
        typer.echo("")
        typer.echo(scoring.describe(golds, predicted, worst))


@app.command()
def train(
    corpus: Annotated[Path, typer.Argument(help="A folder with reports and gold/, as corpus/ is.", metavar="CORPUS")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Where model and model card are written.")],
) -> None:
    """Train the role model on an annotated corpus; prints what each variant reaches on held-out agencies."""
    from gknlp.train import CARD_FILE
    from gknlp.train import train as run_training

    with _errors():
        run_training(corpus, out)
        typer.echo((out / CARD_FILE).read_text(encoding="utf-8"))


@app.command()
def agreement(
    first: Annotated[Path, typer.Argument(help="A folder of annotations.", metavar="FIRST")],
    second: Annotated[Path, typer.Argument(help="Another annotator's.", metavar="SECOND")],
    reports: Annotated[list[Path], typer.Argument(help="The reports themselves.", metavar="REPORTS...")],
    show: Annotated[int, typer.Option(help="How many disagreements to print.", min=0)] = 0,
) -> None:
    """Print Krippendorff's alpha of two annotations of the same reports, per label, with intervals by agency."""
    from gknlp.agreement import compare
    from gknlp.evaluate import load_gold
    from gknlp.read import find_files, read_report

    with _errors():
        golds = load_gold(first), load_gold(second)
        both = {gold.stem for gold in golds[0]} & {gold.stem for gold in golds[1]}
        texts = {path.stem: read_report(path).text for path in find_files(reports) if path.stem in both}
        rows, different = compare(*golds, texts)
        for row in rows:
            limits = f"[{row.low:.3f}, {row.high:.3f}]"
            typer.echo(f"{row.label}: alpha {row.alpha:.3f} {limits}, {row.same} of {row.items} the same")
        for item in different[:show]:
            typer.echo(f"{item.stem} | {item.label} | {item.first} | {item.second} | {item.text}")


class Tool(StrEnum):
    """Forms that annotation tools read."""

    labelstudio = "labelstudio"
    doccano = "doccano"
    csv = "csv"


@app.command("export")
def export_(
    run: Annotated[Path, typer.Argument(help="A run folder.", metavar="RUN")],
    out: Annotated[Path, typer.Option("--out", "-o", help="The file to write.")],
    form: Annotated[Tool, typer.Option("--format", help="What the tool reads.")] = Tool.csv,
) -> None:
    """Write the units of a run for an annotation tool, with gknlp's labels as suggestion."""
    from gknlp.exchange import export_frames
    from gknlp.output.run import Run

    with _errors():
        out.write_text(export_frames(Run(run), form.value), encoding="utf-8", newline="")


@app.command("import")
def import_(
    run: Annotated[Path, typer.Argument(help="The run folder that was exported.", metavar="RUN")],
    file: Annotated[Path, typer.Argument(help="What the tool gave back.", metavar="FILE", exists=True)],
    out: Annotated[Path, typer.Option("--out", "-o", help="A folder for annotations (*.json).")],
    form: Annotated[Tool, typer.Option("--format", help="What the tool writes.")] = Tool.csv,
) -> None:
    """Turn annotated units into annotation files, which gknlp train and gknlp evaluate read."""
    import json

    from gknlp.exchange import import_frames
    from gknlp.output.run import Run

    with _errors():
        made = import_frames(Run(run), file.read_text(encoding="utf-8"), form.value)
        out.mkdir(parents=True, exist_ok=True)
        for stem, content in made.items():
            text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
            (out / f"{stem}.json").write_text(text, encoding="utf-8", newline="\n")
        typer.echo(f"{len(made)} -> {out}")


def exit_code(read: int, failed: int) -> int:
    """The exit code for so many reports read and failures noted."""
    if not read:
        return NOTHING_DONE
    return SOME_FAILED if failed else DONE


def _settings(file: Path | None, lang: Lang | None) -> Settings:
    from dataclasses import replace

    from gknlp.settings import Settings, load_settings

    chosen = load_settings(file) if file is not None else Settings()
    return replace(chosen, output=replace(chosen.output, lang=lang.value)) if lang is not None else chosen


@contextmanager
def _errors() -> Iterator[None]:
    """Turn an expected error into one message on stderr and the exit code it stands for."""
    try:
        yield
    except GknlpError as error:
        typer.echo(f"gknlp: {error}", err=True)
        raise typer.Exit(WRONG_USAGE if isinstance(error, SettingsError) else NOTHING_DONE) from error


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None]]:
    """A progress bar on stderr, drawn with characters that a GBK console has; nothing where stderr is no terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        tasks: dict[str, TaskID] = {}

        def update(stage: str, done: int, total: int) -> None:
            group = stage.split()[0]
            if group not in tasks:
                tasks[group] = bar.add_task(group, total=total)
            bar.update(tasks[group], completed=done, total=total)

        yield update

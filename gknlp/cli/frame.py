"""What all commands share: exit codes, languages, settings, messages for expected errors, the progress bar."""

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
    from gknlp.settings import Settings

DONE, SOME_FAILED, WRONG_USAGE, NOTHING_DONE = 0, 1, 2, 3


class Lang(StrEnum):
    """Language of labels and headers."""

    zh = "zh"
    en = "en"


# Options that several commands have.
SettingsFile = Annotated[Path | None, typer.Option(help="A TOML file with settings.")]
Jobs = Annotated[int | None, typer.Option(help="Processes; one per core by default.", min=1)]
LabelLang = Annotated[Lang | None, typer.Option(help="Language of the labels.")]
RunLang = Annotated[Lang | None, typer.Option(help="Language of the labels; the run's by default.")]
PrintLang = Annotated[Lang | None, typer.Option(help="Language of what is printed.")]


def _version(value: bool) -> None:
    if value:
        typer.echo(f"gknlp {__version__}")
        raise typer.Exit(DONE)


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


def exit_code(read: int, failed: int) -> int:
    """The exit code for so many reports read and failures noted."""
    if not read:
        return NOTHING_DONE
    return SOME_FAILED if failed else DONE


def choose_settings(file: Path | None, lang: Lang | None) -> Settings:
    """The settings of a file, or the defaults; a language named on the command line goes before the file's."""
    from dataclasses import replace

    from gknlp.settings import Settings, load_settings

    chosen = load_settings(file) if file is not None else Settings()
    return replace(chosen, output=replace(chosen.output, lang=lang.value)) if lang is not None else chosen


def with_background(settings: Settings, file: Path | None) -> Settings:
    """The settings with another background profile, which is read at once, so that a wrong one is told here."""
    from dataclasses import replace

    from gknlp.reuse.profile import load_profile

    name = str(file) if file is not None else settings.reuse.background
    load_profile(name)
    return replace(settings, reuse=replace(settings.reuse, background=name))


@contextmanager
def errors() -> Iterator[None]:
    """Turn an expected error into one message on stderr and the exit code it stands for."""
    try:
        yield
    except GknlpError as error:
        typer.echo(f"gknlp: {error}", err=True)
        raise typer.Exit(WRONG_USAGE if isinstance(error, SettingsError) else NOTHING_DONE) from error


@contextmanager
def progress_bar() -> Iterator[Callable[[str, int, int], None]]:
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

"""The command line: parse, call one function of the library, print. Data goes to stdout, messages to stderr.

A command imports what it needs inside, so that `--help` and a mistyped option answer at once. Commands are functions in
the modules of this package, by what they are for; here they get their names, in the order of `--help`. Those modules do
without deferred annotations: typer would compile every one of them at each start, a tenth of the time of `--help`.
Exit codes: 0 done, 1 done with failures in some files (or, with --fail-on, with a flag that grave), 2 wrong usage, 3
nothing could be done.
"""

import typer

from gknlp.cli.annotation import export_units, import_units
from gknlp.cli.csv_files import csv_files
from gknlp.cli.frame import exit_code, main
from gknlp.cli.handing import dossier, feedback
from gknlp.cli.judgement import agreement, evaluate, train
from gknlp.cli.look import compare, flags
from gknlp.cli.run import analyze, background, calibrate
from gknlp.cli.view import measures, show, tables

__all__ = ["app", "exit_code"]

app = typer.Typer(
    name="gknlp",
    help="Chinese government-disclosure annual reports (政府信息公开工作年度报告): structure, tables, roles, reuse.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.callback()(main)
app.command()(analyze)
app.command()(dossier)
app.command()(feedback)
app.command()(show)
app.command()(tables)
app.command()(measures)
app.command()(compare)
app.command()(flags)
app.command()(evaluate)
app.command()(background)
app.command()(calibrate)
app.command()(train)
app.command()(agreement)
app.command("csv")(csv_files)
app.command("export")(export_units)
app.command("import")(import_units)

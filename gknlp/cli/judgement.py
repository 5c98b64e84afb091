"""Commands that say how right it is, and train."""

from pathlib import Path
from typing import Annotated

import typer

from gknlp.cli.frame import errors


def evaluate(
    run: Annotated[Path, typer.Argument(help="A run folder.", metavar="RUN")],
    gold: Annotated[Path, typer.Argument(help="A folder of annotations (*.json).", metavar="GOLD")],
    worst: Annotated[int, typer.Option(help="How many of the surest mistakes to print.", min=0)] = 10,
) -> None:
    """Score a run against annotated reports: every figure, then by form and level, what is confused, worst examples."""
    from gknlp import evaluate as scoring
    from gknlp.output.run import Run

    with errors():
        golds, predicted = scoring.load_gold(gold), scoring.read_frames(Run(run))
        for name, value in scoring.evaluate(golds, predicted).figures().items():
            typer.echo(f"{name}: {value:.4f}")
        typer.echo("")
        typer.echo(scoring.describe(golds, predicted, worst))


def train(
    corpus: Annotated[Path, typer.Argument(help="A folder with reports and gold/, as corpus/ is.", metavar="CORPUS")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Where model and model card are written.")],
) -> None:
    """Train the role model on an annotated corpus; prints what each variant reaches on held-out agencies."""
    from gknlp.train import CARD_FILE
    from gknlp.train import train as run_training

    with errors():
        run_training(corpus, out)
        typer.echo((out / CARD_FILE).read_text(encoding="utf-8"))


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

    with errors():
        golds = load_gold(first), load_gold(second)
        both = {gold.stem for gold in golds[0]} & {gold.stem for gold in golds[1]}
        texts = {path.stem: read_report(path).text for path in find_files(reports) if path.stem in both}
        rows, different = compare(*golds, texts)
        for row in rows:
            limits = f"[{row.low:.3f}, {row.high:.3f}]"
            typer.echo(f"{row.label}: alpha {row.alpha:.3f} {limits}, {row.same} of {row.items} the same")
        for item in different[:show]:
            typer.echo(f"{item.stem} | {item.label} | {item.first} | {item.second} | {item.text}")

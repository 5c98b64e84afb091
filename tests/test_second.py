"""The second annotation: independent files on at least 15 reports, and the agreement that the data card states."""

from __future__ import annotations

from pathlib import Path

from gknlp.agreement import compare
from gknlp.evaluate import load_gold
from gknlp.read import read_report


def test_the_data_card_states_the_agreement_that_is_measured(root: Path) -> None:
    corpus = root / "corpus"
    first, second = load_gold(corpus / "gold"), load_gold(corpus / "second")
    stems = {gold.stem for gold in second}
    assert len(stems) >= 15
    files = [path for name in ("sample", "reports") for path in (corpus / name).iterdir() if path.stem in stems]
    rows, different = compare(first, second, {path.stem: read_report(path).text for path in files})
    card = (corpus / "README.md").read_text(encoding="utf-8")
    for row in rows:
        if row.label in {"role", "specificity", "formulaic"}:
            assert f"{row.label} {row.alpha:.3f} [{row.low:.3f}, {row.high:.3f}]" in card
        else:
            assert row.alpha >= 0.9
    kept = (corpus / "second" / "disagreements.txt").read_text(encoding="utf-8").split("\n")[:-1]
    assert kept == [f"{d.stem} | {d.label} | {d.first} | {d.second} | {d.text}" for d in different]

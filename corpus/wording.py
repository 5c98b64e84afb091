"""Writes models/wording.npz from the narrative of the annotated specimens: `python corpus/wording.py`, ten seconds."""

import json
from pathlib import Path

from gknlp.resources import path
from gknlp.reuse.mask import foreign_names
from gknlp.reuse.view import build_view
from gknlp.reuse.wording import SHIPPED, learn_wording, save_wording
from gknlp.types import ReuseText


def specimens():
    """Every annotated specimen as reuse sees it: its units, one section."""
    for file in sorted((Path(__file__).parent / "gold").glob("*_[12]*.json")):
        known = json.loads(file.read_text(encoding="utf-8"))
        if "units" not in known:
            continue
        text, stretches = "", []
        for unit in known["units"]:
            stretches.append((len(text), len(text) + len(unit["text"]), 0))
            text += unit["text"]
        region = known.get("region") or ""
        names = (known["agency"], *region.split("/"))
        yield ReuseText(file.stem, text, tuple(stretches), names=names, agency=known["agency"])


def main():
    reports = list(specimens())
    names = foreign_names(name for report in reports for name in report.names)
    model = learn_wording((report.agency, build_view(report, names).text) for report in reports)
    save_wording(model, path(SHIPPED))
    print(f"{len(reports)} specimens, {[len(grams) for grams in model.grams]} n-grams of 1 to 4 characters")


if __name__ == "__main__":
    main()

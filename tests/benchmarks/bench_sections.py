"""Sections by form and by file format, beside a baseline that looks for numbered titles at the start of a line.

Headings are right where part and place are; characters of parts are compared one by one. The baseline is what most
scripts do: a line that begins with 一、 … and a known title. Run: .venv/bin/python tests/benchmarks/bench_sections.py
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from gknlp.evaluate import Gold, Predicted, evaluate, load_gold
from gknlp.read import read_report
from gknlp.segment import segment
from gknlp.types import Report

ROOT = Path(__file__).parents[2]
SOURCES = (
    ("corpus", ROOT / "corpus" / "gold", (ROOT / "corpus" / "sample", ROOT / "corpus" / "reports")),
    ("real", ROOT.parent / "shared" / "gold", (ROOT.parent / "shared" / "reports",)),
)
FIGURES = ("heading F1", "documents with every heading right", "section char macro-F1")
TITLES = (
    ("overview", "总体情况|概述|概况|基本情况"), ("proactive", "主动公开"), ("requests", "申请"), ("fees", "收费"),
    ("review", "复议|诉讼"), ("problems", "问题|不足"), ("plans", "打算|计划|措施"), ("other", "其他|需要报告"),
    ("annex", "附表|附件"),
)
_LINE = re.compile(r"^[ \u3000]*[一二三四五六七八九十]+[、.．][^\n。，]{2,40}$", re.MULTILINE)

Sections = list[dict[str, object]]


def by_sequence(report: Report) -> Sections:
    parts = segment(report.text, layout=report.layout, year=report.identity.year)
    return [
        {"section": s.section, "heading_start": s.heading_start, "start": s.start, "end": s.end} for s in parts.sections
    ]


def by_line(report: Report) -> Sections:
    """The baseline: each numbered line with a known title begins a part."""
    found: Sections = []
    for match in _LINE.finditer(report.text):
        section = next((name for name, words in TITLES if re.search(words, match.group())), None)
        if section is not None:
            if found:
                found[-1]["end"] = match.start()
            at = match.start() + len(match.group()) - len(match.group().lstrip(" \u3000"))
            found.append(
                {"section": section, "heading_start": at, "start": match.end(), "end": len(report.text)}
            )
    return found


def line(name: str, golds: list[Gold], reports: dict[str, Report], find: Callable[[Report], Sections]) -> str:
    told = [
        Predicted(stem, None, None, None, reports[stem].text, find(reports[stem]), [])
        for stem in (gold.stem for gold in golds) if stem in reports
    ]
    figures = evaluate(golds, told).figures()
    return f"{name:26} {len(golds):4}  " + "  ".join(f"{figures[key]:.4f}" for key in FIGURES)


def main() -> None:
    for source, gold_folder, folders in SOURCES:
        if not gold_folder.is_dir():
            continue
        golds = load_gold(gold_folder)
        reports = {path.stem: read_report(path) for folder in folders for path in sorted(folder.iterdir())}
        suffix = {stem: Path(report.path).suffix for stem, report in reports.items()}
        print(f"{source}: {', '.join(FIGURES)}")
        groups: dict[str, list[Gold]] = {"all": golds}
        for gold in golds:
            groups.setdefault(f"form {gold.form}", []).append(gold)
            groups.setdefault(f"format {suffix[gold.stem]}", []).append(gold)
        for name in sorted(groups):
            print(line(f"{name}, sequence", groups[name], reports, by_sequence))
            print(line(f"{name}, line titles", groups[name], reports, by_line))


if __name__ == "__main__":
    main()

"""The specimen corpus: annotations agree with their files, the README names every file, rendering is reproducible."""

import csv
import importlib.util
import json
import re
import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT / "corpus"
FILES = sorted([*(CORPUS / "sample").iterdir(), *(CORPUS / "reports").iterdir()], key=lambda p: p.name)
GOLD = {
    p.stem: p for p in sorted((CORPUS / "gold").glob("*.json")) if not p.stem.endswith(".tables") and p.stem != "reuse"
}
VERDICTS = {"solved", "repeated", "reworded", "dropped"}
FORMS = {"2008": range(2008, 2019), "2019": range(2019, 2021), "2021": range(2021, 2026), "free": range(2008, 2026)}


def load(name):
    spec = importlib.util.spec_from_file_location(f"corpus_{name}", CORPUS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


annotation, render = load("annotation"), load("render")


def read(stem):
    return json.loads(GOLD[stem].read_text("utf-8"))


def test_there_are_enough_specimens_of_every_form_and_format():
    golds = [read(stem) for stem in GOLD]
    forms = [g["form"] for g in golds]
    suffixes = [p.suffix for p in FILES]
    assert len(FILES) >= 20
    assert [forms.count(f) >= n for f, n in (("2008", 6), ("2019", 5), ("2021", 7), ("free", 1))] == [True] * 4
    assert [suffixes.count(s) >= n for s, n in ((".txt", 8), (".html", 6), (".docx", 4), (".pdf", 4))] == [True] * 4
    assert {g["level"] for g in golds} == {"province", "city", "county", "township"}
    assert all(int(g["year"]) in FORMS[g["form"]] for g in golds)
    assert sum(p.stat().st_size for p in FILES) < 8_000_000


def test_stems_are_unique_and_every_file_has_its_annotation_and_source():
    stems = [p.stem for p in FILES]
    assert len(stems) == len(set(stems))
    assert set(stems) == set(GOLD) == {p.stem for p in (CORPUS / "source").glob("*.txt")}
    assert {read(p.stem)["report"] for p in FILES} == {p.name for p in FILES}


def test_sample_holds_three_forms_four_formats_and_both_reuse_pairs():
    sample = sorted((CORPUS / "sample").iterdir())
    assert len(sample) == 6
    assert {read(p.stem)["form"] for p in sample} == {"2008", "2019", "2021"}
    assert {p.suffix for p in sample} == {".txt", ".html", ".docx", ".pdf"}
    pairs = json.loads((CORPUS / "gold" / "reuse.json").read_text("utf-8"))["pairs"]
    names = {p.name for p in sample}
    assert {"peer", "self"} <= {p["kind"] for p in pairs if {p["source"], p["copy"]} <= names}


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_every_quotation_is_found_in_order_and_units_cover_the_narrative(path):
    faults, covered = annotation.check(read(path.stem), annotation.source_text(path))
    assert faults == []
    assert covered >= 0.9


def test_check_finds_planted_faults():
    gold = {
        "sections": [{"id": "other", "heading": "一、其他", "starts": "无甲乙", "ends": "丙丁", "table": False}],
        "units": [{"text": "无甲乙丙丁", "section": "other", "role": "nil", "specificity": None, "formulaic": True}],
    }
    text = "一、其他\n无甲乙，丙丁"
    assert annotation.check(gold, text) == ([], 1.0)
    swapped = {**gold, "units": [{**gold["units"][0], "text": "丁丙"}]}
    assert len(annotation.check(swapped, text)[0]) == 1
    graded = {**gold, "units": [{**gold["units"][0], "specificity": 2}]}
    assert annotation.check(graded, text)[0][0].startswith("illegal labels")
    assert annotation.check({**gold, "units": []}, text) == ([], 0.0)


def test_reuse_and_follow_up_quote_what_stands_in_the_reports():
    texts = {p.name: annotation.fold(annotation.source_text(p)) for p in FILES}
    reuse = json.loads((CORPUS / "gold" / "reuse.json").read_text("utf-8"))
    named = [n for pair in reuse["pairs"] for n in (pair["source"], pair["copy"])]
    named += [n for template in reuse["templates"] for n in template["reports"]]
    assert [n for n in named if n not in texts] == []
    stamped = [(x.get("copy", x.get("report")), x["certificate"]) for x in reuse["pairs"] + reuse["leftovers"]]
    assert [(n, c) for n, c in stamped if c and annotation.fold(c) not in texts[n]] == []
    verdicts = {"commitment": {"reported_done", "restated", "silent"}, "problem": VERDICTS}
    for row in json.loads((CORPUS / "follow.json").read_text("utf-8"))["rows"]:
        assert row["verdict"] in verdicts[row["kind"]]
        assert annotation.fold(row["text"]) in texts[row["report"]], row
        assert (row["evidence"] is None) == (row["verdict"] in ("silent", "dropped"))
        assert annotation.fold(row["evidence"] or "") in texts[row["next"]], row


def test_every_role_and_grade_stands_often_enough_to_learn_from():
    units = [unit for stem in GOLD for unit in read(stem)["units"]]
    roles = Counter(unit["role"] for unit in units)
    grades = Counter(unit["specificity"] for unit in units if unit["role"] == "plan")
    assert len(units) >= 6000
    assert min(roles[role] for role in ("background", "work", "problem", "plan", "nil")) >= 500
    assert min(grades[grade] for grade in range(4)) >= 250


def test_readme_states_the_extent_of_the_corpus():
    golds = [read(stem) for stem in GOLD]
    units = [u for g in golds for u in g["units"]]
    roles = {r: sum(u["role"] == r for u in units) for r in ("work", "plan", "problem", "background", "nil")}
    readme = (CORPUS / "README.md").read_text("utf-8")
    assert f"{len(golds)} reports (2008: {sum(g['form'] == '2008' for g in golds)}" in readme
    assert f"{len(units):,} units: work {roles['work']}, plan {roles['plan']}" in readme
    assert f"problem {roles['problem']}, background {roles['background']}, nil {roles['nil']}" in readme
    assert f"formulaic {sum(u['formulaic'] for u in units):,}" in readme


def test_readme_names_every_file():
    readme = (CORPUS / "README.md").read_text("utf-8")
    assert [p.name for p in FILES if f"{p.parent.name}/{p.name}" not in readme] == []


def test_the_gazetteer_of_the_readme_names_every_place():
    readme = (CORPUS / "README.md").read_text("utf-8")
    gazetteer = readme[readme.index("## Invented gazetteer") : readme.index("## Specimens")]
    places = {place for stem in GOLD for place in read(stem)["region"].split("/")}
    assert sorted(place for place in places if place not in gazetteer) == []


def test_no_invented_place_is_a_real_county():
    divisions = ROOT / "models" / "divisions.csv"
    if not divisions.exists():
        pytest.skip("models/divisions.csv is not there: no list of real places to compare with")
    with divisions.open(encoding="utf-8") as lines:
        real = {cell.strip() for row in csv.reader(lines) for cell in row if re.search(r"[省市县区旗]$", cell.strip())}
    assert real, "models/divisions.csv names no place"
    invented = {place for stem in GOLD for place in read(stem)["region"].split("/")}
    assert sorted(invented & real) == []


@pytest.mark.parametrize("path", [p for p in FILES if p.suffix in (".txt", ".html", ".docx")], ids=lambda p: p.name)
def test_rendering_again_gives_the_same_file_and_annotation(path):
    doc = render.parse(CORPUS / "source" / f"{path.stem}.txt")
    if path.suffix != ".docx":  # the bytes of a Word file depend on the zlib of the machine, its text does not
        assert render.WRITERS[path.suffix](doc) == path.read_bytes()
    assert annotation.gold(doc, render.grid, annotation.source_pages(path)) == read(path.stem)


@pytest.mark.parametrize("path", sorted((CORPUS / "gold").glob("*.tables.json")), ids=lambda p: p.name)
def test_tables_hold_what_was_typed_and_sums_fail_only_where_meant(path):
    doc = render.parse(CORPUS / "source" / f"{path.name.removesuffix('.tables.json')}.txt")
    gold = json.loads(path.read_text("utf-8"))
    assert gold == render.table_gold(doc)
    sizes = {"2019": (22, 161, 15), "2021": (10, 175, 15)}[doc["form"]]
    assert tuple(len(gold[t]) for t in ("table2", "table3", "table4")) == sizes
    meant = [x for x in doc.get("faults", "").split(";") if x]
    found = render.faults(doc)
    assert [f for f in found if not any(f.startswith(m) for m in meant)] == []
    assert [m for m in meant if not any(f.startswith(m) for f in found)] == []
    text = annotation.source_text(next(p for p in FILES if p.stem == doc["report"].rsplit(".", 1)[0]))
    assert [c["text"] for c in gold["claims"] if annotation.fold(c["text"]) not in annotation.fold(text)] == []


def test_splits_gives_every_reading_of_a_run_of_digits():
    assert render.splits("121000013") == [[1, 2, 10, 0, 0, 0, 13], [12, 1, 0, 0, 0, 0, 13]]
    assert render.splits("0000000") == [[0] * 7]
    assert render.splits("1000010") == []
    assert len(render.splits("21710000218")) == 1

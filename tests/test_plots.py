"""Charts: what is counted, that it is drawn with Chinese letters, and that a chart is text and asks for nothing."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import time

import altair
import pandas as pd
import pytest
import vl_convert
from browser import CHROMIUM, Browser
from output_sample import HOSTILE, INFO, sample_rows

from gknlp.errors import OutputError
from gknlp.output import plots
from gknlp.output.plots.charts import MAX_BARS, MAX_NAMES
from gknlp.output.plots.frames import PRIOR_SHARE, log_odds
from gknlp.output.run import Run
from gknlp.output.tables import write_tables

REQUIRED = os.environ.get("GKNLP_REQUIRE_BROWSER")


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    rows = sample_rows()
    rows["keywords"] += [
        {"report_id": name, "section": section, "term": term, "score": 1.0, "method": "tfidf", "rank": 1}
        for name, section, term in (
            ("a1", "problems", "解读"), ("b1", "problems", "解读"), ("a1", "problems", "公开"),
            ("a1", "overview", "公开"), ("b1", "overview", "公开"), ("b1", "overview", "培训"), ("b1", "plans", "公开"),
        )
    ]
    rows["themes"].append({"report_id": "a1", "unit_order": 4, "theme": "content", "score": 0.6})
    write_tables(folder, rows)
    (folder / "run.json").write_text(json.dumps(INFO), encoding="utf-8")
    return Run(folder)


def drawn(chart):
    """A chart as SVG, compiled and drawn by vl-convert."""
    return vl_convert.vegalite_to_svg(chart.to_json())


def rows_of(frame):
    return [tuple(row) for row in frame.itertuples(index=False)]


def test_composition_of_an_agency_weighs_its_reports_by_length(run):
    frame = plots.composition_frame(run)
    # c1 has no narrative, o1 is no report, the second copy of a1 is none of its own.
    assert list(frame["name"][:2]) == ["青溪县民政局", "云岭县民政局"]
    assert list(frame["own"]) == [0.2, 0.4, 1.0]
    two = {"reports": pd.DataFrame({
        "report_id": ["x", "y"], "kind": "annual_report", "duplicate_of": None, "agency": "甲局", "title": None,
        "path": "p", "year": [2020, 2021],
    }), "composition": pd.DataFrame({
        "report_id": ["x", "y"], "section": None, "formula": [0.0, 0.2], "own_past": 0.0, "template": 0.0,
        "peer": [0.4, 0.0], "own": [0.6, 0.8], "n_chars": [300, 900],
    })}
    (row,) = plots.composition_frame(two).to_dict("records")
    assert [round(row[name], 12) for name in ("formula", "peer", "own", "n_chars")] == [0.15, 0.1, 0.75, 1200.0]
    assert list(plots.composition_frame(two, "report")["name"]) == ["甲局 2020", "甲局 2021"]
    with pytest.raises(OutputError, match="'region'"):
        plots.composition_frame(two, "region")


def test_composition_of_sections_stands_in_the_order_of_a_report(run):
    assert rows_of(plots.composition_frame(run, "section")[["name", "template", "own"]]) == [("problems", 0.25, 0.75)]


def test_sections_are_taken_together_by_their_characters_and_too_few_give_no_share():
    """Twelve characters that are all a copy do not weigh as much as three thousand of one's own."""
    tables = {
        "reports": pd.DataFrame({
            "report_id": ["x", "y"], "kind": "annual_report", "duplicate_of": None, "agency": ["甲局", "乙局"],
            "title": None, "path": "p", "year": 2020,
        }),
        "composition": pd.DataFrame({
            "report_id": ["x", "x", "y", "y", "x", "y"],
            "section": ["plans", "other", "plans", "other", None, None],
            "formula": 0.0, "own_past": 0.0, "template": 0.0, "peer": [0.0, 1.0, 1.0, 0.0, 0.1, 0.5],
            "own": [1.0, 0.0, 0.0, 1.0, 0.9, 0.5], "n_chars": [2988, 10, 12, 12, 2998, 24],
        }),
    }
    (plan,) = plots.composition_frame(tables, "section").to_dict("records")
    assert (plan["name"], round(plan["peer"], 12), plan["n_chars"]) == ("plans", 0.004, 3000)
    assert list(plots.composition_frame(tables, "report")["agency"]) == ["甲局"]
    assert list(plots.composition_frame(tables)["name"]) == ["甲局"]


def test_similarity_is_that_of_the_table_of_pairs_each_side_by_its_own_length():
    reports = pd.DataFrame({
        "report_id": ["a", "b"], "kind": "annual_report", "duplicate_of": None, "agency": ["甲", "乙"], "year": 2020,
        "title": None, "path": "p",
    })
    tables = {
        "reports": reports,
        "passages": pd.DataFrame({"a_report": ["a", "a"], "b_report": ["b", "c"], "kind": ["peer", "self"]}),
        "pairs": pd.DataFrame({
            "a_report": ["a", "a"], "b_report": ["b", "c"], "a_shared": [180, 9], "a_counted": [600, 600],
            "b_shared": [200, 9], "b_counted": [500, 700],
        }),
    }
    frame = plots.similarity_frame(tables)
    assert rows_of(frame[["name", "other_name", "share", "n_chars", "counted"]]) == [
        ("乙 2020", "甲 2020", 0.4, 200, 500), ("甲 2020", "乙 2020", 0.3, 180, 600),
    ]
    assert list(plots.similarity_frame(tables, kinds=("peer",))["share"]) == [0.4, 0.3]
    assert plots.similarity_frame(tables, kinds=("template",)).empty
    # Under 300 characters a side has counts in the table and no share.
    tables["pairs"].loc[0, "b_counted"] = 299
    assert list(plots.similarity_frame(tables)["name"]) == ["甲 2020"]


def test_two_reports_of_one_name_are_two_bars():
    reports = pd.DataFrame({
        "report_id": ["aaaaaaa1", "bbbbbbb2"], "kind": "annual_report", "duplicate_of": None, "agency": "甲",
        "title": None, "path": "p", "year": 2020,
    })
    shares = pd.DataFrame({
        "report_id": ["aaaaaaa1", "bbbbbbb2"], "section": None, "formula": 0.0, "own_past": 0.0, "template": 0.0,
        "peer": 0.0, "own": 1.0, "n_chars": 300,
    })
    frame = plots.composition_frame({"reports": reports, "composition": shares}, "report")
    assert list(frame["name"]) == ["甲 2020 [aaaaaa]", "甲 2020 [bbbbbb]"]


def test_families_have_members_and_links_from_earlier_to_later(run):
    frame = plots.families_frame(run)
    members = frame[frame["part"] == "member"]
    assert rows_of(members[["family", "role", "agency", "year"]]) == [
        (1, "source", "云岭县民政局", 2023), (1, "copy", "青溪县民政局", 2023),
    ]
    assert rows_of(frame[frame["part"] == "link"][["agency", "to_agency"]]) == [("云岭县民政局", "青溪县民政局")]


def test_commitments_count_a_plan_under_each_theme(run):
    # a1 has a plan of grade 3 without theme and one of grade 1 with one (order 4); c1 one of grade 3 without.
    assert rows_of(plots.commitments_frame(run)) == [("content", 1, 1), ("none", 3, 2)]


def test_keywords_are_counted_in_whole_numbers():
    frame = pd.DataFrame({"section": "plans", "term": ["公开"], "reports": [1], "rank": [1]})
    svg = drawn(plots.keywords(frame))
    assert ">1<" in svg
    assert ">0.5<" not in svg


def test_roles_count_characters_in_the_order_of_parts(run):
    frame = plots.roles_frame(run.report("c1"))
    assert rows_of(frame) == [("overview", "work", 19), ("problems", "plan", 11)]
    whole = plots.roles_frame(run)
    assert list(dict.fromkeys(whole["section"])) == ["overview", "problems", "other"]
    assert whole["n_chars"].sum() == sum(len(text) for text in run.units["text"])


def test_fates_count_the_verdicts_of_one_kind(run):
    assert rows_of(plots.fates_frame(run)) == [("云岭县民政局", 2021, "reported_done", 1)]
    assert len(plots.fates_frame(run, "problem")) == 0


def test_a_fate_not_found_beside_a_near_sentence_is_undecided():
    follow = pd.DataFrame({
        "agency": "甲局", "year": 2020, "kind": "problem", "verdict": ["dropped", "dropped", "solved"],
        "evidence": [None, "网页已经开通。", "网页已经开通。"],
    })
    frame = plots.fates_frame({"follow": follow}, "problem")
    assert [(row.verdict, row.n) for row in frame.itertuples()] == [("dropped", 1), ("solved", 1), ("undecided", 1)]
    assert "难以判断" in plots.fates(frame).to_json(ensure_ascii=False)


def test_keywords_of_a_section_are_those_that_tell_it_from_the_others(run):
    frame = plots.keywords_frame(run)
    assert rows_of(frame[["section", "term", "reports", "rank"]]) == [
        ("overview", "培训", 1, 1), ("overview", "公开", 2, 2), ("problems", "解读", 2, 1), ("plans", "公开", 1, 1),
    ]
    one = {"keywords": pd.DataFrame({"report_id": ["a", "b", "a"], "section": "plans", "term": ["乙", "乙", "甲"]})}
    assert rows_of(plots.keywords_frame(one)[["term", "reports", "rank"]]) == [("乙", 2, 1), ("甲", 1, 2)]
    assert rows_of(plots.keywords_frame(one, n=1)[["term"]]) == [("乙",)]


def test_log_odds_are_those_of_the_paper():
    here, overall = {"甲": 4, "乙": 1}, {"甲": 5, "乙": 9, "丙": 6}
    rest = {term: overall[term] - here.get(term, 0) for term in overall}
    prior = {term: PRIOR_SHARE * count for term, count in overall.items()}

    def omega(counts, term):
        """Equation 15: the odds of a term, counts and prior together."""
        inside = counts.get(term, 0) + prior[term]
        return inside / (sum(counts.values()) + sum(prior.values()) - inside)

    for term, z in log_odds(here, overall).items():
        delta = math.log(omega(here, term)) - math.log(omega(rest, term))
        variance = 1 / (here[term] + prior[term]) + 1 / (rest[term] + prior[term])
        assert z == pytest.approx(delta / math.sqrt(variance), abs=1e-12)


CHARTS = ("composition", "roles", "similarity", "families", "commitments", "fates", "keywords")


@pytest.mark.parametrize("name", CHARTS)
def test_every_chart_is_drawn_with_chinese_labels_or_english(run, name):
    chart = getattr(run.plot, name)()
    svg = drawn(chart)
    title = chart.to_dict()["title"]["text"]
    assert not title.isascii()
    assert f">{title}<" in svg
    assert "Noto Sans CJK SC" in svg
    assert "Microsoft YaHei" in svg
    english = getattr(run.plot, name)(lang="en").to_dict()
    assert english["title"]["text"].isascii()
    assert ">Own title<" in drawn(getattr(run.plot, name)(lang="en", title="Own title"))


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_of_nothing_is_empty_and_not_an_error(name):
    tables = {table: pd.DataFrame(columns=columns) for table, columns in {
        "reports": ["report_id", "kind", "duplicate_of", "agency", "title", "path", "year"],
        "composition": ["report_id", "section", "formula", "own_past", "template", "peer", "own", "n_chars"],
        "pairs": ["a_report", "b_report", "a_shared", "a_counted", "b_shared", "b_counted"],
        "passages": ["a_report", "b_report", "a_start", "a_end", "b_start", "b_end", "kind", "direction"],
        "clusters": ["cluster_id", "report_id", "shape", "role"],
        "units": ["report_id", "order", "role", "specificity", "section", "text"],
        "themes": ["report_id", "unit_order", "theme"],
        "follow": ["agency", "year", "kind", "verdict", "evidence"], "keywords": ["report_id", "section", "term"],
    }.items()}
    frame = getattr(plots, f"{name}_frame")(tables)
    assert len(frame) == 0
    assert drawn(getattr(plots, name)(frame)).startswith("<svg")


def test_more_than_a_chart_can_show_is_cut_and_said():
    shares = {"formula": 0.0, "own_past": 0.0, "template": 0.0, "peer": 0.0, "own": 1.0}
    frame = pd.DataFrame([{"name": f"机关{i}", **shares} for i in range(MAX_BARS + 1)])
    assert plots.composition(frame).to_dict()["title"]["subtitle"][0].endswith("；共 101 行，只画前 100 行")
    pairs = pd.DataFrame([
        {"name": f"甲{i}", "other_name": f"乙{i}", "share": 0.5 - i / 1000} for i in range(MAX_NAMES)
    ])
    spec = plots.similarity(pairs).to_dict()
    assert spec["title"]["subtitle"][0].endswith("；共 120 份有重合，只画重合最多的 60 份")
    # Pairs stand side by side.
    assert spec["encoding"]["y"]["sort"][:4] == ["乙0", "甲0", "乙1", "甲1"]


def test_chinese_letters_are_no_boxes():
    """Two titles of equally many characters give two pictures; where a font is missing both are the same boxes."""
    def picture(text):
        return vl_convert.svg_to_png(
            f'<svg xmlns="http://www.w3.org/2000/svg" width="90" height="30"><text y="20" font-size="20" '
            f"font-family='{plots.look.FONTS}'>{text}</text></svg>"
        )

    assert picture("总体情况") != picture("存在问题")
    assert picture("总体情况") == picture("总体情况")


def test_a_hostile_name_is_text_in_every_form(run, tmp_path):
    chart = run.plot.composition()
    for suffix in ("html", "svg", "png", "json"):
        assert plots.save(chart, tmp_path / f"chart.{suffix}").stat().st_size > 1000
    assert "<script>alert" not in (tmp_path / "chart.svg").read_text(encoding="utf-8")
    page = (tmp_path / "chart.html").read_text(encoding="utf-8")
    assert "<script>alert" not in page
    assert page.count("</script") == 2
    assert HOSTILE not in page
    with pytest.raises(OutputError, match=r"chart\.gif"):
        plots.save(chart, tmp_path / "chart.gif")
    with pytest.raises(OutputError, match="cannot be written"):
        plots.save(chart, tmp_path / "missing" / "chart.svg")


def test_equal_runs_give_equal_files(run, tmp_path):
    for name in ("one", "two"):
        for suffix in ("html", "svg", "png"):
            plots.save(run.plot.families(), tmp_path / f"{name}.{suffix}")
    for suffix in ("html", "svg", "png"):
        assert (tmp_path / f"one.{suffix}").read_bytes() == (tmp_path / f"two.{suffix}").read_bytes()


@pytest.mark.skipif(CHROMIUM is None and not REQUIRED, reason="needs Chromium, which is not installed")
def test_a_saved_page_opens_without_a_network(run, tmp_path):
    path = plots.save(run.plot.composition(), tmp_path / "chart.html")
    browser = Browser(tmp_path / "profile")
    try:
        browser.open(path)
        for _ in range(100):
            if browser.js("document.querySelectorAll('#chart svg text').length"):
                break
            time.sleep(0.05)
        assert "叙述文字来源构成" in browser.js("document.getElementById('chart').textContent")
        assert browser.problems == []
        assert not [url for url in browser.requests if not url.startswith(("file:", "about:", "data:"))]
    finally:
        browser.close()


def test_a_notebook_shows_svg_unless_the_user_chose_otherwise(run):
    altair.renderers.enable("default")
    data = run.plot.families()._repr_mimebundle_()
    assert altair.renderers.active == "svg"
    assert set(data) == {"image/svg+xml"}
    altair.renderers.enable("mimetype")
    run.plot.families()
    assert altair.renderers.active == "mimetype"
    altair.renderers.enable("default")


def test_analysis_needs_no_plotting_package_and_a_plot_says_what_to_install(tmp_path):
    (tmp_path / "柳泽县水务局2014年报.txt").write_text(
        "柳泽县水务局2014年政府信息公开工作年度报告\n一、概述\n我局全年公开信息三十条。\n", encoding="utf-8"
    )
    code = (
        "import sys\n"
        "for name in ('altair', 'vl_convert', 'IPython', 'ipykernel', 'nbformat', 'nbclient'):\n"
        "    sys.modules[name] = None\n"
        "import gknlp\n"
        "from gknlp.errors import OutputError\n"
        f"run = gknlp.analyze({str(tmp_path)!r}, {str(tmp_path / 'out')!r}, jobs=1)\n"
        "assert run._repr_html_()\n"
        "try:\n"
        "    run.plot.composition()\n"
        "except OutputError as error:\n"
        "    print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert 'pip install "gknlp[plots]"' in done.stdout

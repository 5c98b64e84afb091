"""The dossier on disk: nothing of a text is lost, nothing of it becomes markup, every link leads somewhere."""

import base64
import hashlib
import json
import re
from itertools import pairwise
from urllib.parse import unquote

import lxml.html
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from output_sample import HOSTILE, INFO, TEXT_A, TEXTS, sample_rows

from gknlp.errors import OutputError
from gknlp.output.cases import gather, page_name
from gknlp.output.dossier import write_dossier
from gknlp.output.dossier_file import dossier_file, rows_around
from gknlp.output.html import script_json
from gknlp.output.html_list import coverage, list_data
from gknlp.output.html_text import text_parts
from gknlp.output.labels import shown, words_in
from gknlp.output.pairs import pair_page
from gknlp.output.run import Run
from gknlp.output.sheets import Share, excel_sheets
from gknlp.output.tables import TABLES, table_records, write_tables

# What a page adds to the text of a report: labels, numbers of partners, pages, tables drawn from cells.
ADDED = (
    "//*[contains(concat(' ', @class, ' '), ' tag ') or contains(concat(' ', @class, ' '), ' ref ') or @class='pg' "
    "or @class='part-label' or @class='statutory' or @class='cut'] | //summary"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("dossier")
    write_dossier(made, sample_rows(), INFO, "zh")
    return made


def html(path):
    return lxml.html.fromstring(path.read_text(encoding="utf-8"))


def squeezed(text):
    return "".join(text.split())


def pages(folder):
    return [folder / "index.html", *sorted((folder / "pages").glob("*.html"))]


def test_there_is_a_page_per_report_and_none_for_a_copy(folder):
    names = ["index", "a1", "b1", "c1", "family-f1", "h1", "o1"]
    pairs = [pair_page(key)[: -len(".html")] for key in (("a1", "b1"), ("a1", "c1"))]
    assert [path.name for path in pages(folder)] == [f"{name}.html" for name in [*names, *sorted(pairs)]]
    assert sorted(path.name for path in (folder / "pages" / "assets").iterdir()) == [
        "card.js", "list.js", "page.js", "pair.css", "pair.js", "style.css", "text.css", "verdicts.js",
    ]


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_a_page_holds_the_whole_text_in_its_order(folder, name):
    page = html(folder / "pages" / f"{name}.html")
    for added in page.xpath(ADDED):
        added.drop_tree()
    article = page.xpath("//article")[0]
    assert squeezed(article.text_content()) == squeezed(shown(TEXTS[name]))


def test_hostile_text_is_text_and_nothing_else(folder):
    for path in pages(folder):
        source = path.read_text(encoding="utf-8")
        page = lxml.html.fromstring(source)
        assert not page.xpath("//img | //iframe | //object | //embed | //textarea | //svg | //style")
        scripts = page.xpath("//script")
        assert scripts or path.name.startswith("family-")
        assert all(script.get("src") and not script.text for script in scripts)
        attributes = [name for element in page.iter() for name in element.attrib]
        assert not [name for name in attributes if name.startswith("on")]
        assert not set(source) & set("\u202e\u2028\u200f\x00")
    assert "[U+202E]=1+1[U+2028]</textarea>" in html(folder / "pages" / "h1.html").text_content()


def test_nothing_leaves_the_folder_and_every_link_leads_to_its_place(folder):
    for path in pages(folder):
        page = html(path)
        for element in page.xpath("//*[@href or @src]"):
            target = element.get("href") or element.get("src")
            assert not re.match(r"[a-z]+:|//", target), target
            file, _, place = target.partition("#")
            there = path if not file else (path.parent / unquote(file))
            if there.name != "report.xlsx":
                assert there.resolve().is_file(), target
                assert folder in there.resolve().parents
            if re.fullmatch(r"c\d+-\d+", place):
                start, end = map(int, place[1:].split("-"))
                assert _covered(html(there), start, end), (path.name, target)
            elif place:
                assert html(there).get_element_by_id(place) is not None


def _covered(page, start, end):
    """What the script of a page lights for a place: some stretch of the text that overlaps it."""
    return any(
        int(node.get("data-s")) < end and int(node.get("data-e")) > start
        for node in page.xpath("//article//*[@data-s]")
    )


def test_the_data_of_the_list_are_json_that_no_script_can_break(folder):
    source = (folder / "pages" / "data.js").read_text(encoding="utf-8")
    assert source.startswith("window.GKNLP = {")
    assert not set(source) & set("<>&\u2028\u2029")
    data = json.loads(source.removeprefix("window.GKNLP = ").rstrip(";\n"))
    assert [kind[0] for kind in data["kinds"]] == ["与其他机关文字重合", "表格勾稽不符", "页面文字可能被改动"]
    first = data["reports"][0]
    assert first[:8] == ["a1.html", "云岭县民政局", 2023, "县级", "云岭县", "2021年式", 0, len(TEXT_A) // 2]
    assert first[8:11] == [[200, 100, 200, 100, 400], 1, 1]
    ((kind, count, reason, (key,)),) = first[11]
    assert (kind, count, reason) == (1, 1, "表格勾稽关系不符：一、本年新收：六类申请人合计6，总计7")
    about = html(folder / "pages" / "a1.html").xpath("//div[@class='verdict']/@data-about")
    assert [json.loads(item)["key"] for item in about] == [key]
    assert [report[0] for report in data["reports"]] == ["a1.html", "b1.html", "c1.html", "h1.html"]


def test_a_report_page_names_role_grade_slot_state_and_origin_in_words(folder):
    page = html(folder / "pages" / "a1.html")
    tags = [tag.text for tag in page.xpath("//article//b[@class='tag']")]
    assert tags == ["工作", "问题", "打算 3", "打算 1?", "无事项"]
    assert page.xpath("//article//*[@data-k]/@data-k") == ["时限", "文件或系统"]
    assert page.xpath("//article//span[contains(@class,'o-self')]/text()") == ["我局坚持以公开促落实，取得了较好成效。"]
    assert page.xpath("//article//span[contains(@class,'o-template')]/text()") == ["公开内容还不够全面，解读材料偏少。"]
    failing = page.xpath("//td[contains(@class,'failing')]")
    assert len(failing) == 7
    assert failing[6].text_content() == "7✗1"
    assert page.xpath("//td[@class='c-absent']/small/text()") == ["未见"]
    assert page.xpath("//td[@class='c-uncertain']")[0].text_content() == "0/10？"
    assert [mark.text for mark in page.xpath("//span[@class='pg']")] == []
    assert "抄袭" not in page.text_content()


def test_a_promise_leads_to_what_became_of_it_and_a_family_to_its_members(folder):
    page = html(folder / "pages" / "c1.html")
    start = TEXT_A.index("全年通过")
    (fate,) = page.xpath("//section[@id='measures']//p[contains(., '下一年')]")
    assert fate.text_content() == "下一年：下年报告已办 全年通过"
    assert "不能作为没有办" in page.xpath("string(//section[@id='measures']/p[@class='note'][last()])")
    assert fate.xpath(".//a/@href") == [f"a1.html#c{start}-{start + 4}"]
    page = html(folder / "pages" / "a1.html")
    assert page.xpath("//span[@class='theme']/text()") == ["公开内容"]
    family = page.xpath("//section[@id='shared']/details")[0]
    assert family.xpath("./summary")[0].text_content() == "重合群组：一源多用，组内 2 份报告，本篇：在先"
    assert family.xpath(".//a/@href") == ["b1.html", "family-f1.html"]


def test_of_too_little_narrative_counts_are_told_and_no_shares(tmp_path):
    """On the report's page, in the list and in the sheet."""
    rows = sample_rows()
    for row in rows["composition"]:
        row["n_chars"] = 40 if row["report_id"] == "a1" else 400
    write_dossier(tmp_path, rows, INFO, "zh")
    page = html(tmp_path / "pages" / "a1.html")
    told = page.xpath("//table[@class='origins']/tbody/tr[1]")[0]
    assert [cell.text_content().strip() for cell in told] == ["全篇", "", "40", "8", "4", "8", "4", "16"]
    assert told.xpath("string(.//span[@role='img']/@title)").endswith("未见重合 16 ")
    listed = {line[0].partition(".")[0]: line[8] for line in list_data(gather(rows), words_in("zh"))["reports"]}
    assert listed["a1"] == [200, 100, 200, 100, 400, 8, 4, 8, 4, 16]
    assert len(listed["b1"]) == 5
    sheet = next(sheet for sheet in excel_sheets(rows, "zh") if sheet.name == "overview")
    header = [name for name, _ in sheet.columns]
    cells = {line[0].target: line[header.index("其他机关")] for line in sheet.rows}
    assert cells["pages/a1.html"] == "4/40"
    assert isinstance(cells["pages/b1.html"], Share)


def test_origins_are_told_for_the_whole_and_by_part(folder):
    page = html(folder / "pages" / "a1.html")
    rows = page.xpath("//table[@class='origins']/tbody/tr")
    assert [[cell.text_content().strip() for cell in row] for row in rows] == [
        ["全篇", "", "400", "20%", "10%", "20%", "10%", "40%"],
        ["五、存在的主要问题及改进情况", "", "300", "0%", "0%", "25%", "0%", "75%"],
    ]
    assert page.xpath("//table[@class='origins']//span[@role='img']/@aria-label")[1].split() == [
        "同系统模板", "25%", "未见重合", "75%",
    ]


def test_table_text_is_folded_only_where_its_cells_were_read(folder):
    folded = html(folder / "pages" / "a1.html").xpath("//details[@class='source'][starts-with(summary, '表格')]")
    assert [part.get("open") is None for part in folded] == [True, True, False]


def test_identity_says_where_each_fact_was_read(folder):
    page = html(folder / "pages" / "a1.html")
    (year,) = page.xpath("//section[@id='identity']//tr[th='年度']")
    assert [cell.text_content() for cell in year] == [
        "年度", "2023", "标题：2023（第 1 页）；网页 meta ArticleTitle：2023年报",
    ]


def test_the_text_of_a_file_that_is_no_report_is_shown_and_furniture_is_folded(folder):
    (whole,) = html(folder / "pages" / "o1.html").xpath("//article//details")
    assert whole.get("open") is not None
    assert whole.xpath("./div")[0].text == "关于开展培训的通知内容略。"
    (furniture,) = html(folder / "pages" / "a1.html").xpath("//details[@class='furniture']")
    assert furniture.get("open") is None


def test_open_checks_are_folded_and_failed_ones_are_not(folder):
    failed = html(folder / "pages" / "a1.html").xpath("//li[@class='k-FAIL']")
    assert len(failed) == 1
    assert "应为 6，实为 7" in failed[0].text_content()
    assert not failed[0].xpath("ancestor::details")
    page = html(folder / "pages" / "b1.html")
    assert page.xpath("//li[@class='k-NOT_ASSESSABLE']/ancestor::details/summary/text()") == ["存疑和无法核对 1 项"]


def test_a_sum_that_is_off_is_told_by_its_sentence_alone(tmp_path):
    rows = sample_rows()
    rows["checks"][0] = {**rows["checks"][0], "rule": "T3-c"}
    write_dossier(tmp_path, rows, INFO, "zh")
    (failed,) = html(tmp_path / "pages" / "a1.html").xpath("//li[@class='k-FAIL']")
    assert "六类申请人合计6，总计7" in failed.text_content()
    assert "应为" not in failed.text_content()


@pytest.mark.parametrize(("lang", "shown", "folded"), [
    ("zh", ["文件损坏，或者内容与扩展名不符。", "从来源重新下载；能打开的，另存后再读入。"], True),
    ("en", ["Not a PDF: ", "Open it and save it again."], False),
])
def test_what_was_not_read_is_told_in_the_language_of_the_run(tmp_path, lang, shown, folded):
    rows = sample_rows()
    rows["failures"].append({**rows["failures"][0], "path": rows["reports"][0]["path"]})
    write_dossier(tmp_path, rows, INFO, lang)
    pages = [html(tmp_path / name) for name in ("index.html", "pages/a1.html")]
    for place in (pages[0].xpath("//section[@id='failures']//tr[2]")[0], pages[1].xpath("//h3/following::ul[1]")[0]):
        details = place.xpath(".//details[not(@open)]")
        assert ["Not a PDF: " in item.text_content() for item in details] == [True] * folded
        for item in details:
            item.drop_tree()
        assert all(text in place.text_content() for text in shown)
        assert ("Not a PDF" in place.text_content()) is not folded


def test_the_list_says_what_was_not_read_as_plainly_as_what_was_found(folder):
    text = html(folder / "index.html").text_content()
    assert shown(f"坏文件{HOSTILE}.pdf") in text
    assert "no title of an annual report" in text
    assert "云岭/副本.html" in text
    years = html(folder / "index.html").xpath("//table[@class='files years']//tr")
    assert [[cell.text for cell in row.xpath("./th[@scope='col']|./td")] for row in years] == [
        ["机关", "2021", "2022", "2023", "任一年度"], ["有", "缺", "有", None],
    ]
    assert text.count("未测") == 3


def test_english_by_switch(tmp_path):
    write_dossier(tmp_path, sample_rows(), INFO, "en")
    page = html(tmp_path / "pages" / "b1.html")
    assert page.get("lang") == "en"
    assert "Coincides with other agencies" in page.text_content()
    with pytest.raises(OutputError, match="fr"):
        write_dossier(tmp_path, {}, {}, "fr")


def test_equal_rows_give_equal_bytes_and_stale_pages_go(folder, tmp_path):
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "old.html").write_text("x", encoding="utf-8")
    write_dossier(tmp_path, sample_rows(), INFO, "zh")
    files = sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    assert files == sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file())
    for name in files:
        assert (folder / name).read_bytes() == (tmp_path / name).read_bytes(), name


def test_one_report_makes_one_file_that_leads_nowhere():
    for name in TEXTS:
        source = dossier_file(sample_rows(), name, INFO, "zh")
        page = lxml.html.fromstring(source)
        targets = [e.get("href") or e.get("src") for e in page.xpath("//*[@href or @src]")]
        assert all(target.startswith("#") for target in targets), targets
        assert not page.xpath("//link | //img | //iframe | //object | //textarea | //svg")
        assert len(page.xpath("//style")) == 3
        (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
        scripts = [script.text for script in page.xpath("//script")]
        hashes = re.findall(r"'sha256-([^']+)'", policy)
        assert hashes == [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in scripts]
        assert not set(source) & set("\u202e\u2028\u200f\x00")
    page = lxml.html.fromstring(dossier_file(sample_rows(), "a1", INFO, "zh"))
    assert "青溪县民政局 2023" in page.text_content()
    assert page.xpath("//table[@class='pairs']//td[2]/bdi/text()")[0] == "我局坚持以公开促落实，取得了较好成效。"
    with pytest.raises(OutputError, match="no report 'zz'"):
        dossier_file(sample_rows(), "zz", INFO, "zh")


def test_the_file_of_a_report_is_the_same_from_the_rows_around_it(tmp_path):
    rows = sample_rows()
    write_tables(tmp_path, rows)
    (tmp_path / "run.json").write_text(json.dumps(INFO), encoding="utf-8")
    run = Run(tmp_path)
    whole = {name: table_records(run[name]) for name in TABLES}
    for name in TEXTS:
        assert dossier_file(rows_around(run, name), name, INFO, "zh") == dossier_file(whole, name, INFO, "zh")
    assert len(rows_around(run, "h1")["texts"]) == 1


def test_an_empty_run_has_a_list_that_says_so(tmp_path):
    write_dossier(tmp_path, {}, {}, "zh")
    text = html(tmp_path / "index.html").text_content()
    assert "没有需要提示的情况。" in text
    assert "所有文件都已完整读取。" in text


@pytest.mark.parametrize("name", ["../x", "a/b", "", "a.b", "x" * 121, 'a"b', "a b"])
def test_a_report_id_that_could_leave_the_folder_is_refused(name):
    with pytest.raises(OutputError):
        page_name(name)


def test_script_json_can_stand_in_a_script():
    assert script_json(["</script>&\u2028"]) == '["\\u003c/script\\u003e\\u0026\\u2028"]'


def test_years_are_missing_where_the_roster_asks_or_two_reports_lie_around_them():
    def report(number, agency, year, **changed):
        return {
            "report_id": f"r{number}", "agency": agency, "agency_id": None, "title": None, "path": "p", "year": year,
            "reference": False, "kind": "annual_report", "duplicate_of": None,
        } | changed

    reports = [report(n, "云岭县民政局", year) for n, year in enumerate((2019, 2022, 2023))]
    reports += [report(4, "青溪县民政局", 2019), report(5, "青溪县民政局", 2022, reference=True)]
    reports += [report(6, "青溪县民政局", None)]
    failures = [
        {"path": name, "stage": "roster", "error": "NotReported", "hint": "", "message": "m", "year": year}
        for name, year in (("青溪县民政局", 2021), ("柳泽县林业局", None))
    ]
    found = coverage(gather({"reports": reports, "failures": failures}))
    assert found.years == [2019, 2020, 2021, 2022, 2023]
    assert found.rows == [
        ("青溪县民政局", ["have", "", "asked", "", ""], False), ("柳泽县林业局", [""] * 5, True),
        ("云岭县民政局", ["have", "gap", "gap", "have", "have"], False),
    ]
    assert (found.n_rows, found.n_missing) == (3, 4)
    assert coverage(gather({})).rows == []


def test_a_page_number_inside_a_sentence_stays_where_it_stands():
    text = "公开不够\n- 2 -\n及时。"
    spans = [(0, 5, "narrative"), (5, 11, "furniture"), (11, 14, "narrative")]
    unit = {"order": 0, "start": 0, "end": 14, "role": "problem"}
    (part,) = _parts(text, spans=spans, units=[unit])
    assert [block.kind for block in part.blocks] == ["paragraph"]
    runs = ["".join(piece.text for piece in run.pieces) for run in part.blocks[0].runs]
    assert runs == ["公开不够", "- 2 -", "及时。"]


def test_of_several_origins_the_first_is_shown_and_all_partners_are_named():
    text = "甲乙丙丁戊己庚辛"
    passages = [_passage("p1", "x", 0, 6, "peer"), _passage("p2", "y", 4, 8, "self")]
    case = gather({**_rows(text, [(0, 8, "narrative")], []), "passages": passages}).cases["r"]
    (part,) = text_parts(case, {"x": 1, "y": 2})
    pieces = [(p.text, p.classes, p.refs) for run in part.blocks[0].runs for p in run.pieces]
    assert pieces == [
        ("甲乙丙丁", "o-peer l-exact", ()), ("戊己", "o-self l-exact", (1,)), ("庚辛", "o-self l-exact", (2,)),
    ]


def _passage(number, other, start, end, kind):
    return {
        "passage_id": number, "a_report": "r", "a_start": start, "a_end": end, "b_report": other, "b_start": 0,
        "b_end": end - start, "level": "exact", "kind": kind, "direction": "none", "score": 1.0, "n_chars": end - start,
    }


def _rows(text, spans, units):
    report = {"report_id": "r", "path": "p", "duplicate_of": None, "kind": "annual_report"}
    return {
        "reports": [report], "texts": [{"report_id": "r", "text": text}],
        "spans": [{"report_id": "r", "start": s, "end": e, "kind": k, "reason": "t"} for s, e, k in spans],
        "units": [{"report_id": "r", **unit} for unit in units],
    }


def _parts(text, spans, units):
    return text_parts(gather(_rows(text, spans, units)).cases["r"], {})


@st.composite
def laid_out(draw):
    """A text with spans that tile it; units, sections, passages, slots and claims anywhere, overlaps and all."""
    text = draw(st.text(alphabet="甲乙丙。 \n\t<", max_size=60))
    size = len(text)
    pair = st.tuples(st.integers(0, size), st.integers(0, size)).map(sorted)
    cuts = sorted({0, size, *draw(st.lists(st.integers(0, size), max_size=8))})
    kinds = st.sampled_from(["furniture", "heading", "table", "narrative", "dropped"])
    spans = [(a, b, draw(kinds)) for a, b in pairwise(cuts)]
    starts = sorted({0, size, *draw(st.lists(st.integers(0, size), max_size=8))})
    units = [
        {"order": i, "start": a, "end": b, "role": draw(st.sampled_from(["work", "plan"]))}
        for i, (a, b) in enumerate(pairwise(starts)) if draw(st.booleans())
    ]
    rows = _rows(text, spans, units)
    rows["sections"] = [
        {"report_id": "r", "order": i, "section": "other", "heading": None, "heading_start": None, "start": a, "end": b}
        for i, (a, b) in enumerate(draw(st.lists(pair, max_size=3)))
    ]
    rows["passages"] = [
        _passage(f"p{i}", f"o{i % 2}", a, b, draw(st.sampled_from(["self", "peer", "template"])))
        for i, (a, b) in enumerate(draw(st.lists(pair, max_size=5)))
    ]
    rows["claims"] = [
        {"report_id": "r", "start": a, "end": b, "verdict": "agrees"} for a, b in draw(st.lists(pair, max_size=3))
    ]
    rows["slots"] = [
        {"report_id": "r", "unit_order": 0, "slot": "what", "start": a, "end": b, "value": "v"}
        for a, b in draw(st.lists(pair, max_size=3))
    ]
    return text, rows


@settings(max_examples=300, deadline=None)
@given(laid_out())
def test_whatever_lies_over_a_text_all_of_it_is_shown_once_and_in_order(made):
    text, rows = made
    told = []
    for part in text_parts(gather(rows).cases["r"], {"o0": 1}):
        for block in part.blocks:
            told.append(block.text)
            told += [cell for line in block.rows for cell in line]
            told += [piece.text for run in block.runs for piece in run.pieces]
    assert squeezed("".join(told)) == squeezed(text)

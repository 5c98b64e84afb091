"""The dossier in a real Chromium, from disk: opened, searched, filtered, a place followed; no request, no error."""

import os
import time

import pytest
from browser import CHROMIUM
from output_sample import INFO, TEXT_A, TEXT_B, sample_rows

from gknlp.output.dossier import write_dossier
from gknlp.output.verdicts import load_verdicts, verdict_rows

# CI installs a browser and sets this, so that a missing one fails there and skips on a user's machine.
REQUIRED = os.environ.get("GKNLP_REQUIRE_BROWSER")
pytestmark = pytest.mark.skipif(CHROMIUM is None and not REQUIRED, reason="needs Chromium, which is not installed")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("run with 空格")
    write_dossier(made, sample_rows(), INFO, "zh")
    return made


def names(browser):
    return browser.js("[...document.querySelectorAll('#rows .agency')].map(a => a.textContent)")


def put(browser, field, value):
    browser.js(
        f"(() => {{ const f = document.getElementById('{field}'); f.value = '{value}';"
        " f.dispatchEvent(new Event('input', {bubbles: true})); })()"
    )


def test_the_list_is_searched_filtered_and_sorted(browser, folder):
    browser.open(folder / "index.html")
    count = "document.getElementById('count').textContent"
    assert browser.js(count) == "显示 1–4，共 4 份"
    assert names(browser)[:2] == ["云岭县民政局", "青溪县民政局"]
    put(browser, "q", "青溪 ２０２３")
    assert names(browser) == ["青溪县民政局"]
    put(browser, "q", "没有这样的机关")
    assert browser.js(count) == "没有符合条件的报告。"
    browser.js("document.querySelector('button[type=reset]').click()")
    # The form is reset after its event: the list follows in the next turn.
    for _ in range(200):
        if len(names(browser)) == 4:
            break
        time.sleep(0.01)
    assert len(names(browser)) == 4
    put(browser, "year", "2021")
    assert names(browser) == ["云岭县民政局"]
    put(browser, "year", "")
    put(browser, "flag", "none")
    assert names(browser) == ["云岭县民政局"]
    browser.js("document.querySelector('button[data-flag]').click()")
    assert names(browser) == ["青溪县民政局"]
    put(browser, "flag", "")
    put(browser, "sort", "shared")
    assert names(browser)[0] == "青溪县民政局"


def test_a_place_of_the_other_report_is_found_and_lit(browser, folder):
    browser.open(folder / "pages" / "a1.html")
    link = browser.js("document.querySelector('#w1 .pairs td:nth-child(2) a').getAttribute('href')")
    quote = "我局坚持以公开促落实，取得了较好成效。"
    start = TEXT_B.index(quote)
    assert link == f"b1.html#c{start}-{start + len(quote)}"
    browser.open(folder / "pages" / "b1.html", "#" + link.split("#")[1])
    lit = "[...document.querySelectorAll('.lit')].map(n => n.textContent).join('')"
    assert quote in browser.js(lit)
    assert len(browser.js(lit)) <= len(quote) + 1


def test_a_cell_and_furniture_are_unfolded_when_followed(browser, folder):
    browser.open(folder / "pages" / "a1.html", "#t3-0-6")
    assert browser.js("document.querySelector('.lit').textContent") == "7✗1"
    at = TEXT_A.index("第 1 页")
    browser.open(folder / "pages" / "a1.html", f"#c{at}-{at + 5}")
    assert browser.js("document.querySelector('.lit').open") is True


def test_layers_are_switched_and_colour_is_not_the_only_mark(browser, folder):
    browser.open(folder / "pages" / "a1.html")
    tag = "getComputedStyle(document.querySelector('article .tag')).display"
    assert browser.js(tag) == "inline-block"
    browser.js("document.querySelector('input[data-layer=roles]').click()")
    assert browser.js(tag) == "none"
    after = "getComputedStyle(document.querySelector('article .fm'), '::after').content"
    assert browser.js(after) == "none"
    browser.js("document.querySelector('input[data-layer=formulaic]').click()")
    assert browser.js(after) == '"套话"'
    styles = [
        browser.js(f"getComputedStyle(document.querySelector('.legend .o-{kind}')).borderBottomStyle")
        for kind in ("self", "template", "peer")
    ]
    assert styles == ["double", "dashed", "solid"]


VERDICTS = "[...document.querySelectorAll('.verdict-told')].map(p => p.textContent)"


def wait(browser, expression, expected):
    """Files and resets are handled in a later turn of the page: wait for what they bring."""
    for _ in range(300):
        if browser.js(expression) == expected:
            return
        time.sleep(0.01)
    assert browser.js(expression) == expected


def decide(browser, page, verdict, note=""):
    browser.open(page)
    browser.js(
        f"(() => {{ const note = document.querySelector('.verdict input'); note.value = '{note}';"
        f" document.querySelector('.verdict button[data-verdict={verdict}]').click(); }})()"
    )


def forget(browser, folder):
    browser.open(folder / "index.html")
    browser.js("localStorage.clear(); window.name = ''")
    browser.open(folder / "index.html")


def test_a_verdict_is_kept_exported_and_imported_again(browser, folder, tmp_path):
    forget(browser, folder)
    count = "document.getElementById('verdict-count').textContent"
    assert browser.js(count) == "判断：属实 0，排除 0，备注 0，待定 3"
    decide(browser, folder / "pages" / "b1.html", "dismissed", "同一模板，<b>已核实</b>")
    assert browser.js(VERDICTS) == ["判断：排除 同一模板，<b>已核实</b>"]
    decide(browser, folder / "pages" / "a1.html", "confirmed")
    browser.open(folder / "pages" / "a1.html")
    assert browser.js(VERDICTS) == ["判断：属实 "]
    browser.open(folder / "index.html")
    assert browser.js(count) == "判断：属实 1，排除 1，备注 0，待定 1"
    assert names(browser)[0] == "云岭县民政局"
    tags = "[...document.querySelectorAll('#rows tr')].map(r => r.querySelector('.tags').textContent)"
    assert browser.js(tags)[0] == "重点 表格勾稽不符 属实"
    put(browser, "verdict", "dismissed")
    assert names(browser) == ["青溪县民政局"]
    file = browser.download(tmp_path, "document.getElementById('export-verdicts').click()")
    assert file.name == "verdicts.json"
    kept = load_verdicts([file])
    assert sorted((v.verdict, v.note, v.agency) for v in kept) == [
        ("confirmed", "", "云岭县民政局"), ("dismissed", "同一模板，<b>已核实</b>", "青溪县民政局"),
    ]
    forget(browser, folder)
    assert browser.js(count) == "判断：属实 0，排除 0，备注 0，待定 3"
    browser.choose_file("#import-verdicts", file)
    wait(browser, "document.getElementById('verdict-state').textContent", "已导入 2 条，其中 2 条与本次提示对应。")
    assert browser.js(count) == "判断：属实 1，排除 1，备注 0，待定 1"
    rows = sample_rows()
    rows["verdicts"] = verdict_rows(rows, kept)
    write_dossier(tmp_path / "again", rows, INFO, "zh")
    forget(browser, tmp_path / "again")
    assert browser.js(count) == "判断：属实 1，排除 1，备注 0，待定 1"
    browser.open(tmp_path / "again" / "pages" / "b1.html")
    assert browser.js(VERDICTS) == ["判断：排除 同一模板，<b>已核实</b>"]
    browser.js("document.querySelector('.verdict button[data-verdict=dismissed]').click()")
    assert browser.js(VERDICTS) == ["判断：备注 同一模板，<b>已核实</b>"]


def test_a_file_that_holds_no_verdicts_changes_nothing(browser, folder, tmp_path):
    forget(browser, folder)
    state = "document.getElementById('verdict-state').textContent"
    for number, content in enumerate((
        "no JSON", "null", '{"format": "gknlp-verdicts", "version": 2, "verdicts": []}',
        '{"format": "gknlp-verdicts", "version": 1, "verdicts": [{"key": "__proto__", "verdict": "confirmed"}]}',
        '{"format": "gknlp-verdicts", "version": 1, "verdicts": [{"key": "%s", "verdict": "<b>"}]}' % ("0" * 32),
    )):
        file = tmp_path / f"{number}.json"
        file.write_text(content, encoding="utf-8")
        browser.js("document.getElementById('verdict-state').textContent = ''")
        browser.choose_file("#import-verdicts", file)
        wait(browser, state, "这不是 gknlp 导出的判断文件，没有导入。")
    assert browser.js("localStorage.length") == 0


def test_where_a_browser_keeps_nothing_a_verdict_stays_with_the_tab(browser, folder):
    forget(browser, folder)
    with browser.before_each_page(
        "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError'); }})"
    ):
        decide(browser, folder / "pages" / "a1.html", "confirmed")
        assert "当前标签页" in browser.js("document.getElementById('verdict-state').textContent")
        browser.follow("document.querySelector('.back a').click()")
        assert browser.js("document.getElementById('verdict-count').textContent") == (
            "判断：属实 1，排除 0，备注 0，待定 2"
        )


def test_hostile_text_runs_nothing(browser, folder):
    for page in ("index.html", "pages/h1.html"):
        browser.open(folder / page)
        assert browser.js("document.querySelectorAll('img, iframe, script:not([src])').length") == 0
    assert "<script>alert" in browser.js("document.body.textContent")


def test_a_list_of_five_thousand_reports_opens_in_under_two_seconds(browser, tmp_path):
    rows = {"reports": [], "flags": [], "composition": []}
    base = sample_rows()
    for number in range(5000):
        report_id = f"r{number}"
        rows["reports"].append({
            **base["reports"][0], "report_id": report_id, "agency": f"云岭县第{number}民政局", "agency_id": report_id,
        })
        rows["composition"].append({**base["composition"][0], "report_id": report_id})
        rows["flags"].append({**base["flags"][0], "flag_id": report_id, "report_id": report_id})
    write_dossier(tmp_path, rows, INFO, "zh")
    size = (tmp_path / "index.html").stat().st_size + (tmp_path / "pages" / "data.js").stat().st_size
    assert size < 5_000_000
    seconds = min(browser.open(tmp_path / "index.html") for _ in range(2))
    print(f"list of 5,000 reports: {size:,} bytes, opened in {seconds:.2f} s")
    assert browser.js("document.getElementById('count').textContent") == "显示 1–100，共 5000 份"
    assert seconds < 2

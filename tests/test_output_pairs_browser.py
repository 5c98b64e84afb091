"""Pages of pairs and families in a real Chromium, from disk: scrolled together, quoted, followed, printed."""

import base64
import time

import pytest
from browser import CHROMIUM
from output_sample import INFO, TEXT_A, sample_rows
from pair_sample import write_pair
from test_output_browser import REQUIRED

from gknlp.comparison import FIRST, SECOND, compare_files
from gknlp.output.cases import gather
from gknlp.output.dossier import write_dossier
from gknlp.output.dossier_pairs import single_pair
from gknlp.output.pairs import find_pair, pair_page

pytestmark = pytest.mark.skipif(CHROMIUM is None and not REQUIRED, reason="needs Chromium, which is not installed")

CARD = (
    "云岭县民政局的2023年政府信息公开工作年度报告（发布日期：不详，网址：不详）写道（{page}原文）："
    "“我局坚持以公开促落实，取得了较好成效。”，青溪县民政局的2023年政府信息公开工作年度报告（发布日期：不详，网址：不详）"
    "写道（原文）：“我局坚持以公开促落实，取得了较好成效。”，两处文字逐字相同（19字，先后不明）"
    "；除去法定格式用语和文体套语（分别为5字、0字）后，前者叙述文字90字中有30字、后者31字中有31字与对方文字重合。"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("run with 空格")
    rows = sample_rows()
    rows["pairs"] = [{
        "a_report": "a1", "b_report": "b1", "n_passages": 2, "a_shared": 30, "a_counted": 90, "a_excluded": 5,
        "b_shared": 31, "b_counted": 31, "b_excluded": 0,
    }]
    write_dossier(made, rows, INFO, "zh")
    return made


@pytest.fixture(scope="module")
def single(tmp_path_factory):
    """One file of a comparison of two texts long enough to be scrolled."""
    made = tmp_path_factory.mktemp("single")
    paths = write_pair(made)
    for number, path in enumerate(paths):
        # Every paragraph has words of its own: nothing but the copied sentences is shared.
        lines = (f"{chr(0x4e00 + 97 * n + 40 * number)}坝{chr(0x5200 + 89 * n)}渠。\n" for n in range(60 + 60 * number))
        own = "".join(lines)
        text = path.read_text(encoding="utf-8").replace("五、存在", own + "五、存在")
        path.write_text(text, encoding="utf-8")
    rows = compare_files(*paths)
    file = made / "对照.html"
    text = single_pair(find_pair(rows, gather(rows), FIRST, SECOND), {"version": "0", "fingerprint": ""}, "zh")
    file.write_text(text, encoding="utf-8")
    return file


def until(browser, expression):
    """Wait for what the page does in its own time."""
    for _ in range(300):
        if browser.js(expression):
            return True
        time.sleep(0.01)
    return browser.js(expression)


@pytest.mark.parametrize("clipboard", [True, False], ids=["clipboard", "no clipboard"])
def test_the_quote_card_of_a_pair_is_copied_or_selected(browser, folder, clipboard):
    browser.open(folder / "pages" / pair_page(("a1", "b1")))
    allowed = "async t => { window.copied = t; }" if clipboard else "() => Promise.reject(new Error('no'))"
    browser.js(f"Object.defineProperty(navigator, 'clipboard', {{ value: {{ writeText: {allowed} }} }})")
    if not clipboard:
        browser.js("document.execCommand = () => false")
    browser.js("document.querySelector('#p-p1 button.quote').click()")
    assert until(browser, "document.querySelector('#p-p1 .card-told').textContent !== ''")
    page = TEXT_A[: TEXT_A.index("二、主动公开")]
    assert "我局坚持" in page
    card = CARD.format(page="第1页，")
    assert browser.js("document.querySelector('#p-p1 .card-text').textContent") == card
    assert browser.js("getSelection().toString()") == card
    told = browser.js("document.querySelector('#p-p1 .card-told').textContent")
    if clipboard:
        assert browser.js("window.copied") == card
        assert told == "已复制到剪贴板。"
    else:
        assert told == "浏览器不允许自动复制：文字已选中，请按 Ctrl+C。"


def test_the_card_of_a_report_page_is_the_same_and_reached_by_keyboard(browser, folder):
    browser.open(folder / "pages" / "a1.html")
    button = "document.querySelector('#w1 tr[data-passage] button.quote')"
    assert browser.js(f"{button}.hidden") is False
    browser.js(f"{button}.focus()")
    assert browser.js(f"document.activeElement === {button}") is True
    browser.press("Enter")
    assert until(browser, "document.querySelector('#w1 .card-told')?.textContent")
    assert browser.js("document.querySelector('#w1 .card-text').textContent") == CARD.format(page="第1页，")
    assert browser.js(f"{button}.getAttribute('aria-expanded')") == "true"


def test_both_texts_scroll_together_until_told_not_to(browser, single):
    browser.open(single)
    left, right = "document.getElementById('pane-left')", "document.getElementById('pane-right')"
    assert browser.js(f"{right}.scrollTop") == 0
    browser.js(f"{left}.dispatchEvent(new Event('wheel')); {left}.scrollTop = {left}.scrollHeight")
    assert until(browser, f"{right}.scrollTop + {right}.clientHeight >= {right}.scrollHeight - 2")
    browser.js(f"{left}.scrollTop = 0")
    assert until(browser, f"{right}.scrollTop === 0")
    browser.js("document.getElementById('sync').click()")
    browser.js(f"{left}.scrollTop = {left}.scrollHeight")
    time.sleep(0.2)
    assert browser.js(f"{right}.scrollTop") == 0


def test_a_number_in_the_text_leads_to_its_twin_and_lights_both(browser, single):
    browser.open(single)
    browser.js("document.querySelector('#pane-left a.at').click()")
    assert until(browser, "document.querySelectorAll('a.at.lit').length === 2")
    assert browser.js("location.hash") == "#right-1"
    tops = browser.js(
        "[...document.querySelectorAll('a.at.lit')].map(n => {"
        " const box = n.closest('.pane').getBoundingClientRect(), at = n.getBoundingClientRect().top - box.top;"
        " return at >= -2 && at <= box.height; })"
    )
    assert tops == [True, True]


def test_levels_and_differences_are_told_by_line_and_sign_and_not_by_colour_alone(browser, single):
    browser.open(single)
    style = "getComputedStyle(document.querySelector('.keys .p.l-{}')).borderBottomStyle"
    levels = [browser.js(style.format(level)) for level in ("exact", "masked", "near")]
    assert levels == ["solid", "dashed", "dotted"]
    sign = "getComputedStyle(document.querySelector('.passage .x-{}'), '::after').content"
    assert [browser.js(sign.format(kind)) for kind in ("number", "name")] == ['"\u2060数"', '"\u2060名"']
    wording = "getComputedStyle(document.querySelector('.passage .x-wording')).textDecorationStyle"
    assert browser.js(wording) == "wavy"
    assert browser.js("document.querySelector('.passage .x-number').title") == "数字：98"


def test_a_passage_followed_from_a_report_is_in_sight(browser, folder):
    browser.open(folder / "pages" / "a1.html")
    target = browser.js("document.querySelector('#w1 tr[data-passage] a[href^=pair]').getAttribute('href')")
    page, place = target.split("#")
    browser.open(folder / "pages" / page, f"#{place}")
    seen = f"(() => {{ const t = document.getElementById('{place}').getBoundingClientRect().top;"
    assert until(browser, seen + " return t >= 0 && t < innerHeight; })()")


def test_the_heat_map_leads_to_the_pair_and_says_so_to_a_screen_reader(browser, folder):
    browser.open(folder / "pages" / "family-f1.html")
    cells = browser.js("[...document.querySelectorAll('.heat td a')].map(a => [a.textContent, a.ariaLabel])")
    assert cells == [
        ["30/90", "云岭县民政局 2023 · 青溪县民政局 2023: 30/90"],
        ["31/31", "青溪县民政局 2023 · 云岭县民政局 2023: 31/31"],
    ]
    browser.follow("document.querySelector('.heat td a').click()")
    assert browser.js("document.body.className") == "pair-page"


def test_pages_print_on_a4_without_what_only_a_screen_needs(browser, single):
    browser.open(single)
    browser._call("Emulation.setEmulatedMedia", media="print")
    assert browser.js("getComputedStyle(document.querySelector('button.quote')).display") == "none"
    assert browser.js("getComputedStyle(document.getElementById('pane-left')).overflowY") == "visible"
    # A sheet is narrower than a small screen, and the sides still face each other.
    browser.size(680, 960)
    assert len(browser.js("getComputedStyle(document.querySelector('.halves')).gridTemplateColumns").split()) == 2
    browser._call("Emulation.clearDeviceMetricsOverride")
    browser._call("Emulation.setEmulatedMedia", media="")
    printed = browser._call("Page.printToPDF", preferCSSPageSize=True)["data"]
    assert base64.b64decode(printed).startswith(b"%PDF")

"""The dossier for everybody: no serious finding of axe-core, usable by keyboard alone, and whole on A4."""

import os

import pypdfium2
import pytest
from browser import AXE, CHROMIUM, Browser
from output_sample import INFO, sample_rows

from gknlp.output.dossier import write_dossier
from gknlp.output.dossier_file import dossier_file
from gknlp.output.verdicts import Verdict, flag_key, verdict_rows

REQUIRED = os.environ.get("GKNLP_REQUIRE_BROWSER")
pytestmark = pytest.mark.skipif(CHROMIUM is None and not REQUIRED, reason="needs Chromium, which is not installed")
FOCUS = "document.activeElement.id || document.activeElement.className || document.activeElement.tagName"


@pytest.fixture(scope="module", params=["zh", "en"])
def folder(request, tmp_path_factory):
    made = tmp_path_factory.mktemp("run")
    rows = sample_rows()
    key = flag_key(rows["flags"][1], rows["reports"][1])
    gone = Verdict("0" * 32, "confirmed", "已核实", flag="bad_number", agency="柳泽县林业局", year=2020, reason="-1")
    rows["verdicts"] = verdict_rows(rows, [Verdict(key, "dismissed", "同一模板"), gone])
    write_dossier(made, rows, INFO, request.param)
    (made / "one.html").write_text(dossier_file(rows, "a1", INFO, request.param), encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    made = Browser(tmp_path_factory.mktemp("profile"))
    yield made
    made.close()
    assert made.problems == []


@pytest.mark.skipif(not AXE.is_file() and not REQUIRED, reason="needs axe-core, which .ci/run fetches")
def test_axe_finds_nothing_serious_on_any_page(browser, folder, tmp_path):
    pages = [folder / "index.html", folder / "one.html", *sorted(folder.rglob("pages/**/*.html"))]
    assert len(pages) > 6
    found = {}
    for page in pages:
        browser.open(page)
        # What is folded is looked at too.
        browser.js("document.querySelectorAll('details').forEach(d => { d.open = true; })")
        found[page.name] = browser.violations()
        browser.screenshot(tmp_path / f"{page.stem}.png")
    print(f"pictures of every page: {tmp_path}")
    assert {name: items for name, items in found.items() if items} == {}


@pytest.mark.skipif(not AXE.is_file() and not REQUIRED, reason="needs axe-core, which .ci/run fetches")
def test_axe_finds_a_picture_without_words(browser, tmp_path):
    page = "<html lang=zh><title>t</title><main><img src='data:,'></main>"
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    browser.open(tmp_path / "page.html")
    assert [item.split(":")[0] for item in browser.violations()] == ["critical image-alt"]


def tab_to(browser, wanted, limit=60):
    """Press Tab until the element with focus is the one wanted; how many it took."""
    for count in range(1, limit):
        browser.press("Tab")
        if browser.js(f"document.activeElement === document.querySelector({wanted!r})"):
            return count
    raise AssertionError(f"{wanted} is not reached, the focus is at {browser.js(FOCUS)}")


def test_the_list_is_used_by_keyboard_alone(browser, folder):
    browser.open(folder / "index.html")
    browser.js("localStorage.clear(); window.name = ''")
    browser.open(folder / "index.html")
    assert tab_to(browser, ".skip") == 1
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert browser.js(outline) != "none"
    browser.press("Enter")
    tab_to(browser, "#q")
    assert browser.js(outline) != "none"
    for letter in "2021":
        browser.press(letter)
    assert browser.js("document.querySelectorAll('#rows tr').length") == 1
    tab_to(browser, "#rows .agency")
    browser.follow_key("Enter")
    assert browser.js("location.pathname").endswith("c1.html")


def test_a_verdict_is_set_by_keyboard_alone(browser, folder):
    browser.open(folder / "pages" / "a1.html")
    tab_to(browser, ".verdict button[data-verdict=confirmed]")
    browser.press(" ")
    assert browser.js("document.activeElement.getAttribute('aria-pressed')") == "true"
    tab_to(browser, ".verdict input")
    for letter in "ok":
        browser.press(letter)
    browser.press("Tab")
    assert browser.js("document.querySelector('.verdict-told bdi').textContent") == "ok"
    # The way back to nothing: note emptied, button released.
    browser.js("document.querySelector('.verdict input').value = ''")
    browser.js("document.querySelector('.verdict button').click()")
    assert browser.js("document.querySelector('.verdict-told').textContent") == ""


REPORT_WORDS = ("公开内容还不够全面", "本年新收政府信息公开申请数量", "126条")


@pytest.mark.parametrize(("page", "wanted"), [
    ("index.html", ["青溪县民政局"]), ("pages/a1.html", REPORT_WORDS), ("one.html", REPORT_WORDS),
])
def test_a_page_prints_whole_on_a4(browser, folder, tmp_path, page, wanted):
    browser.open(folder / page)
    browser.pdf(tmp_path / "page.pdf")
    with pypdfium2.PdfDocument(tmp_path / "page.pdf") as printed:
        sizes = {tuple(round(side) for side in printed.get_page_size(number)) for number in range(len(printed))}
        text = "".join(printed[number].get_textpage().get_text_bounded() for number in range(len(printed)))
    assert sizes == {(595, 842)}
    told = "".join(text.split())
    assert [words for words in wanted if words not in told] == []

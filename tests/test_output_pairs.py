"""Pairs and families on disk: what faces what, what is marked, what the quote card says; nothing becomes markup."""

from __future__ import annotations

import json
import re

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st
from output_sample import HOSTILE as SAMPLE_HOSTILE
from output_sample import INFO, sample_rows
from pair_sample import FIRST, HOSTILE, SECOND, write_evil, write_pair

from gknlp.comparison import FIRST as A
from gknlp.comparison import SECOND as B
from gknlp.comparison import compare_files
from gknlp.errors import OutputError, ReadError, SettingsError
from gknlp.output.card import card_fields, card_parts, card_text, share_text, web_address
from gknlp.output.cases import gather
from gknlp.output.dossier import write_dossier
from gknlp.output.dossier_pairs import single_pair
from gknlp.output.html_family import SHADES, family_values
from gknlp.output.html_pair import MAX_PANE, MAX_SIDE, pair_values
from gknlp.output.labels import shown, words_in
from gknlp.output.pairs import LEAST_PARTNERS, choose_pairs, find_pair, gather_pairs, pair_page, side_share
from gknlp.output.sides import Difference, facing_lines, side_stretches
from gknlp.output.terminal_pair import show_pair

MADE_BY = {"version": "0", "fingerprint": ""}


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    return compare_files(*write_pair(tmp_path_factory.mktemp("pair")))


@pytest.fixture(scope="module")
def pair(rows):
    return find_pair(rows, gather(rows), A, B)


def html(text):
    return lxml.html.fromstring(text)


def text_of(stretches):
    return "".join(stretch.text for stretch in stretches)


def test_lines_face_each_other_at_sentence_ends_and_opening_brackets_go_with_what_follows():
    left = "我局全年公开信息一百二十六条，按月汇总。（二）收到申请七件，均按时答复并归档，没有超期。"
    right = "全年公开信息九十八条，按月汇总！“（二）收到申请三件，均按时答复并归档，没有超期。"
    differences = [
        Difference(0, 2, 0, 0, "name"), Difference(8, 13, 6, 9, "number"),
        Difference(left.index("七"), left.index("七") + 1, right.index("三"), right.index("三") + 1, "number"),
    ]
    lines = facing_lines((left, right), (0, len(left)), (0, len(right)), differences)
    assert [(left[a:b], right[c:d]) for (a, b), (c, d) in lines] == [(left, right)]
    longer = "本段之前另有一句足够长的话占满一行的篇幅，"
    texts = longer + left, longer + right
    moved = [
        Difference(*(value + len(longer) for value in (d.start, d.end, d.there, d.there_end)), d.kind)
        for d in differences
    ]
    lines = facing_lines(texts, (0, len(texts[0])), (0, len(texts[1])), moved)
    assert [(texts[0][a:b], texts[1][c:d]) for (a, b), (c, d) in lines] == [
        (longer + left[:20], longer + right[:16]), (left[20:], right[16:]),
    ]


@given(st.text("甲乙。（ \n", max_size=80), st.text("甲乙。（ \n", max_size=80))
def test_lines_hold_all_of_both_sides_once_and_in_order(left, right):
    whole = [Difference(0, len(left), 0, len(right), "wording")]
    for texts, differences in (((left, right), whole), ((left, left), [])):
        lines = facing_lines(texts, (0, len(texts[0])), (0, len(texts[1])), differences)
        for side in (0, 1):
            assert "".join(texts[side][line[side][0] : line[side][1]] for line in lines) == texts[side]


def test_stretches_lose_nothing_and_mark_where_the_other_side_has_more():
    texts = "公开信息126条", "公开政府信息98条"
    differences = [Difference(2, 2, 2, 4, "wording"), Difference(4, 7, 6, 8, "number")]
    made = [(s.text, s.change, s.title) for s in side_stretches(texts, (0, 8), differences)]
    assert made == [
        ("公开", "", ""), ("", "wording", "政府"), ("信息", "", ""), ("126", "number", "98"), ("条", "", ""),
    ]


def test_passages_are_numbered_by_place_with_what_was_exchanged(pair):
    values = pair_values(pair, words_in("zh"))
    assert values["n_passages"] == len(values["passages"]) >= 1
    first = values["passages"][0]
    assert first.level == "near"
    assert first.exchanges == [("number", "126", "98"), ("name", "云岭县", "青溪县")]
    assert first.wording == 1
    left = [text_of(line) for passage in values["passages"] for line, _ in passage.lines]
    assert "窗口每周二上午受理更正申请，更正记录由档案室按月装订，逾期未复核的条目退回经办科室重新登记" in "".join(left)
    assert all(len(passage.lines) >= 1 for passage in values["passages"])


def test_sentences_of_a_passage_face_each_other(pair):
    (passage,) = pair_values(pair, words_in("zh"))["passages"]
    assert [(text_of(left)[:6], text_of(right)[:6]) for left, right in passage.lines] == [
        ("2023年，", "2023年，"), ("窗口每周二上", "窗口每周二上"),
    ]


def test_both_panes_show_shared_text_marked_and_own_text_quiet(pair):
    for at, text in ((0, FIRST), (1, SECOND)):
        lines = pair_values(pair, words_in("zh"))["panes"][at]
        flat = [stretch for line in lines for stretch in line.stretches]
        own = "".join(stretch.text for stretch in flat if not stretch.classes)
        shared = "".join(stretch.text for stretch in flat if stretch.classes)
        assert ("养老服务点" if at == 0 else "水库防汛预案") in own
        assert "配备电脑两台" in shared
        assert "配备电脑两台" not in own
        assert set(own + shared) <= set(text)
        assert [n for stretch in flat for n in stretch.begins] == [1]


def test_the_shares_of_a_pair_stand_on_their_sides(rows, pair):
    (share,) = rows["pairs"]
    values = pair_values(pair, words_in("zh"))
    assert [side[2]["shared"] for side in values["sides"]] == [share["a_shared"], share["b_shared"]]
    turned = pair_values(find_pair(rows, gather(rows), B, A), words_in("zh"))
    assert [side[0] for side in turned["sides"]] == [side[0] for side in reversed(values["sides"])]
    assert turned["passages"][0].exchanges == [("number", "98", "126"), ("name", "青溪县", "云岭县")]
    with pytest.raises(OutputError, match="no report 'x'"):
        find_pair(rows, gather(rows), A, "x")


def test_a_quote_card_is_one_sentence_with_sources_share_and_what_was_left_out(rows):
    cases = gather(rows)
    share = {"shared": 61, "counted": 100, "excluded": 20}, {"shared": 60, "counted": 60, "excluded": 9}
    parts = card_parts(cases.cases[A], cases.cases[B], share, words_in("zh"))
    fields = card_fields(("masked", "here", 61), (2, None), words_in("zh")) | {"here_quote": "甲", "there_quote": "乙"}
    assert card_text(parts, fields) == (
        "云岭县民政局的2023年政府信息公开工作年度报告（发布日期：2024-01-15，网址：不详）写道（第2页，原文）：“甲”，"
        "青溪县水务局的2023年政府信息公开工作年度报告（发布日期：2024-01-20，网址：不详）写道（原文）：“乙”，"
        "两处文字除名称、日期和数字外相同（61字，前者在先）；除去法定格式用语和文体套语（分别为20字、9字）后，"
        "前者叙述文字100字中有61字、后者60字中有60字与对方文字重合。"
    )
    assert "{" not in "".join(card_parts(cases.cases[A], cases.cases[B], (None, None), words_in("en")))


def test_shares_are_rounded_so_that_nothing_and_all_are_never_claimed():
    assert [share_text({"shared": n, "counted": 1000}) for n in (0, 1, 9, 994, 999, 1000)] == [
        "0%", "<1%", "1%", "99%", "99%", "100%",
    ]
    assert share_text({"shared": 0, "counted": 0}) == "0%"


def test_a_card_gives_web_addresses_only():
    assert web_address({"url": "javascript:alert(1)"}) == ""
    assert web_address({"url": "https://www.example.gov.cn/a\u202eb"}) == "https://www.example.gov.cn/a[U+202E]b"


def passages_between(pairs):
    return [
        {"passage_id": f"{a}{b}", "a_report": a, "b_report": b, "a_start": 0, "a_end": n, "b_start": 0, "b_end": n,
         "n_chars": n, "level": "exact", "kind": "peer", "direction": "none", "score": 1.0}
        for a, b, n in pairs
    ]


def test_in_a_large_run_each_report_keeps_its_strongest_partners(monkeypatch):
    monkeypatch.setattr("gknlp.output.pairs.PAGES_IN_SMALL_RUNS", 0)
    ids = [f"r{number}" for number in range(9)]
    reports = [{"report_id": name, "duplicate_of": None} for name in ids]
    star = passages_between([("r0", name, 10 * number) for number, name in enumerate(ids[1:], start=1)])
    chosen = choose_pairs({"reports": reports, "passages": star})
    # Each of the others has one partner and keeps it; the centre by itself would keep three.
    assert chosen == [("r0", name) for name in ids[1:]]
    everyone = passages_between([(a, b, 10) for a in ids for b in ids if a < b])
    assert len(choose_pairs({"reports": reports, "passages": everyone})) <= LEAST_PARTNERS * len(ids)
    flag = {"report_id": "r8", "evidence": json.dumps([{"report_id": "r8"}, {"report_id": "r7"}])}
    assert ("r7", "r8") not in choose_pairs({"reports": reports, "passages": everyone})
    assert ("r7", "r8") in choose_pairs({"reports": reports, "passages": everyone, "flags": [flag]})


def test_copies_have_no_pairs():
    reports = [{"report_id": "a", "duplicate_of": None}, {"report_id": "b", "duplicate_of": "a"}]
    assert choose_pairs({"reports": reports, "passages": passages_between([("a", "b", 10)])}) == []


def test_a_certificate_of_either_report_stands_on_top_of_the_pair():
    made = sample_rows()
    start = made["passages"][0]["a_start"]
    made["flags"].append({
        "flag_id": "k9", "report_id": "a1", "flag": "foreign_name", "severity": "high", "reason": "留有“坚持”",
        "evidence": json.dumps([
            {"report_id": "a1", "start": start, "end": start + 4, "quote": "我局坚持"},
            {"report_id": "b1", "start": 5, "end": 9, "quote": "局202"},
        ]),
    })
    cases = gather(made)
    pairs = gather_pairs(made, cases, [("a1", "b1"), ("a1", "c1")])
    assert [trace.flag["flag_id"] for trace in pairs["a1", "b1"].traces] == ["k9"]
    assert [(case.report_id, quote) for case, _, _, quote in pairs["a1", "b1"].traces[0].places] == [
        ("a1", "我局坚持"), ("b1", "局202"),
    ]
    assert pairs["a1", "c1"].traces == []
    (_, places), = pair_values(pairs["a1", "b1"], words_in("zh"))["traces"]
    assert [around for _, around, _, _ in places] == [
        ("全年通过县政府网站公开信息126条。", "我局坚持", "以公开促落实，取得了较好成效。"),
        ("青溪县民政", "局202", "3年度政府信息公开工作年度报告"),
    ]


def test_the_earlier_report_stands_on_the_left():
    made = sample_rows()
    pair = gather_pairs(made, gather(made), [("a1", "c1")])["a1", "c1"]
    assert (pair.left.report_id, pair.right.report_id, pair.sides) == ("c1", "a1", ("b", "a"))
    assert pair_values(pair, words_in("zh"))["order"] == "left"
    assert pair.key == ("a1", "c1")


def family_rows():
    made = sample_rows()
    made["pairs"] = [{
        "a_report": "a1", "b_report": "b1", "n_passages": 2, "a_shared": 30, "a_counted": 90, "a_excluded": 5,
        "b_shared": 31, "b_counted": 31, "b_excluded": 0,
    }]
    return made


def test_a_family_has_its_shares_timeline_and_the_text_that_ties_it():
    made = family_rows()
    shares = {("a1", "b1"): made["pairs"][0]}
    values = family_values("f1", gather(made), shares, {("a1", "b1")}, words_in("zh"))
    cells = [[(cell.text, cell.shade, cell.itself) for cell in cells] for _, cells in values["heat"]]
    assert [member.name for member in values["listed"]] == ["云岭县民政局 2023", "青溪县民政局 2023"]
    assert cells == [[("", 0, True), ("30/90", 3, False)], [("31/31", 5, False), ("", 0, True)]]
    assert values["centre"].case.report_id == "a1"
    assert [(agency, [[m.role for m in cell] for cell in by_year]) for agency, by_year in values["timeline"]] == [
        ("云岭县民政局", [["source"]]), ("青溪县民政局", [["copy"]]),
    ]
    assert [(tie.quote, tie.others) for tie in values["ties"]] == [
        ("我局坚持以公开促落实，取得了较好成效。", [("青溪县民政局 2023", f"{pair_page(('a1', 'b1'))}#p-p1")]),
        ("公开内容还不够全面，解读材料偏少。", [("青溪县民政局 2023", f"{pair_page(('a1', 'b1'))}#p-p3")]),
    ]
    assert SHADES[-1] == 100
    assert side_share("b1", "a1", shares) == {"shared": 31, "counted": 31, "excluded": 0}


def test_the_list_names_the_largest_families_first(tmp_path):
    made = family_rows()
    made["clusters"] += [
        {"cluster_id": "f2", "report_id": name, "shape": "clique", "role": "member"} for name in ("a1", "b1", "c1")
    ]
    write_dossier(tmp_path, made, INFO, "zh")
    items = html((tmp_path / "index.html").read_text("utf-8")).xpath("//section[@id='families']//li")
    assert [(item.xpath("./a/@href")[0], " ".join(item.text_content().split())) for item in items] == [
        ("pages/family-f2.html", "云岭县民政局 2023 等 3 份报告 互相重合"),
        ("pages/family-f1.html", "云岭县民政局 2023 等 2 份报告 一源多用"),
    ]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_pages_of_pairs_and_families_lead_to_each_other_and_to_the_reports(tmp_path, lang):
    write_dossier(tmp_path, family_rows(), INFO, lang)
    pages = tmp_path / "pages"
    name = pair_page(("a1", "b1"))
    links = {}
    for page in ("a1.html", "b1.html", name, "family-f1.html"):
        links[page] = {link.split("#")[0] for link in html((pages / page).read_text("utf-8")).xpath("//a/@href")}
    assert {name, "family-f1.html"} <= links["a1.html"]
    assert {"a1.html", "b1.html", "family-f1.html"} <= links[name]
    assert {name, "a1.html", "b1.html"} <= links["family-f1.html"]
    text = (pages / name).read_text("utf-8") + (pages / "family-f1.html").read_text("utf-8")
    assert "抄袭" not in text
    # A label that is missing would show as its id.
    assert not re.search(r">\s*(?:order|shape|level|why)_\w+\s*<", text)


def test_every_passage_listed_on_a_report_page_leads_to_its_place_in_the_pair_and_has_a_card(tmp_path):
    write_dossier(tmp_path, family_rows(), INFO, "zh")
    page = html((tmp_path / "pages" / "a1.html").read_text("utf-8"))
    rows = page.xpath("//table[@class='pairs']/tbody/tr")
    assert len(rows) == 3
    for row in rows:
        target, place = row.xpath(".//a[contains(@href, 'pair-')]/@href")[0].split("#")
        assert html((tmp_path / "pages" / target).read_text("utf-8")).get_element_by_id(place).tag == "li"
        fields = json.loads(row.get("data-fields"))
        assert set(fields) == {"here_page", "there_page", "level", "n_chars", "order"}
        assert len(row.xpath(".//button")) == 1
    assert json.loads(page.xpath("//details[@id='w1']/@data-card")[0])[0].startswith("云岭县民政局的2023年")


def test_hostile_text_and_endless_lines_are_text_on_both_sides(tmp_path):
    first, _ = write_pair(tmp_path)
    rows = compare_files(first, write_evil(tmp_path))
    pair = find_pair(rows, gather(rows), A, B)
    source = single_pair(pair, MADE_BY, "zh")
    page = html(source)
    assert not page.xpath("//img | //iframe | //textarea | //object")
    assert len(page.xpath("//script")) == 2
    assert not set(source) & set("\u202e\u2028")
    # Reading takes direction marks out; those of rows from elsewhere are shown by number (the next test).
    assert HOSTILE.split("\u202e")[0] in page.text_content()
    assert len(source) < 6 * MAX_PANE + 40 * MAX_SIDE
    for width in (60, 100):
        told = show_pair(pair, "zh", width=width)
        assert "\x1b" not in told
        assert "\u202e" not in told


def test_hostile_reports_of_a_run_are_text_in_their_pair(tmp_path):
    made = sample_rows()
    made["passages"] += [
        {**made["passages"][0], "passage_id": "p9", "b_report": "h1", "b_start": 0, "b_end": 40, "level": "near"},
    ]
    write_dossier(tmp_path, made, INFO, "zh")
    page = html((tmp_path / "pages" / pair_page(("a1", "h1"))).read_text("utf-8"))
    assert not page.xpath("//img | //iframe | //textarea")
    assert all(script.get("src") and not script.text for script in page.xpath("//script"))
    assert shown(SAMPLE_HOSTILE) in page.text_content()
    assert "javascript:alert(1)" not in page.xpath("//@href")


def test_one_file_needs_no_other_and_allows_no_script_but_its_own(pair):
    source = single_pair(pair, MADE_BY, "zh")
    page = html(source)
    assert not page.xpath("//link | //script[@src] | //a[not(starts-with(@href, '#'))]")
    policy = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe-inline" not in policy.split("style-src")[0]
    assert single_pair(pair, MADE_BY, "zh") == source


def test_files_that_are_no_report_or_several_are_refused(tmp_path):
    first, second = write_pair(tmp_path)
    second.write_bytes(b"")
    with pytest.raises(ReadError):
        compare_files(first, second)
    table = tmp_path / "两份.csv"
    table.write_text(f'text\n"{FIRST}"\n"{SECOND}"\n', encoding="utf-8")
    with pytest.raises(SettingsError, match="2 reports"):
        compare_files(first, table)


def test_a_file_compared_with_itself_shares_everything(tmp_path):
    rows = compare_files(*write_pair(tmp_path, FIRST))
    (share,) = rows["pairs"]
    # What is not found is the one sentence of eight letters, too short for a passage.
    assert share["a_shared"] == share["b_shared"] == share["a_counted"] - 8
    assert rows["changes"] == []
    assert {passage["level"] for passage in rows["passages"]} == {"exact"}

"""Certificates: each kind on a small case beside its innocent twin."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gknlp.resources import load_toml
from gknlp.reuse import find_certificates, find_reuse
from gknlp.reuse.leftovers import is_own_agency
from gknlp.reuse.places import own_places
from gknlp.types import Certificate, ReuseText

BODY = "要点印发后逐项分解到二十三个科室。各科室每月十日前报送台账，办公室汇总后在专栏发布，群众来信当日登记。"
TABLES = load_toml("models/certificates.toml")


def report(name: str, agency: str, text: str, year: int | None = 2020, **more: object) -> ReuseText:
    return ReuseText(name, text, ((0, len(text), 0),), (), (agency,), agency, year=year, **more)  # type: ignore[arg-type]


def certify(*texts: ReuseText) -> list[tuple[str, str, str, str]]:
    found = find_certificates(texts, find_reuse(texts).passages)
    by_id = {text.report_id: text for text in texts}
    for c in found:
        assert c.quote == by_id[c.report_id].text[c.start : c.end]
    return [(c.report_id, c.kind, c.rule, c.quote) for c in found]


@pytest.mark.parametrize("rule", TABLES["slots"], ids=lambda rule: rule["id"])
def test_slot_rules(rule: dict[str, str]) -> None:
    # The list of divisions has 清河县 and 武进区; 砚岭县 and 甲水县 are in no list and are read by their endings.
    author = "砚岭县石匣镇财政局" if "by_ending" in rule else "清河县财政局"
    found = ("r", "place", rule["id"], rule["found"])
    assert found in certify(report("r", author, rule["example"]))
    assert certify(report("r", author, rule["counter_example"])) == []
    assert certify(report("r", f"{rule['found'].removesuffix('区')}区财政局", rule["example"])) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("如有疑问，请与县水务局办公室联系。", "县水务局"),
        ("请与清河县水务局办公室联系。", "清河县水务局"),
        ("2020年县水务局未收取信息处理费。", "县水务局"),
        ("本报告由县水务局按照《条例》编制。", "县水务局"),
        ("请与县林业局办公室联系。", None),  # its own
        ("请与县自然资源局联系。", None),  # a reform made one of the two
        ("可向县信访局反映。", None),
        ("县水务局、县应急局未收取费用。", None),
    ],
)
def test_another_bureau_of_the_same_place_where_only_the_author_can_stand(text: str, found: str | None) -> None:
    told = [quote for _, kind, _, quote in certify(report("r", "清河县林业局", text)) if kind == "agency"]
    assert told == ([found] if found else [])
    # A school or a town has many offices above it.
    assert certify(report("r", "清河县石匣镇人民政府", text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "与武进区人民政府联合在武进区人民政府网站公开清单。",  # a partner
        "在武进区援建工作队指导下，网站改版。",
        "组织赴武进区考察，学习武进区政务公开做法。",
        "武进区、天宁区政府网站同步公开。",
        "印发《关于转发武进区经验的通知》，推广武进路站做法。",
        "在武进路设立公示栏，与武进银行共建。",
        "和县委、县政府的要求相比，按照和县委的部署，还有差距。",  # a word before a place of two characters
        "开通“平安建设”公众号，“惠民政策”栏目。",  # names of divisions that are words
        "在江苏省政务服务网公开事项，在河北省政务服务网公开事项。",  # the own province among them
        "由县政府办公室编制，请与县政务公开办联系。",
        "市场监管、公安县联动，公开县级清单。",
        "2020年，武进区财政局牵头，我局参与，联合公布清单。",  # a sentence that tells of both
        "武进区财政局移交的档案已依法答复申请人。",
        "跨区事项由纳税人向武进区财政局申请，武进区财政局办理的结果同步公开。",
        "由武进区某公司运维平台，委托武进区一家机构评估。",
        "推动乡镇政务公开规范化，提升县域公开水平。",
        "与武进高新园联合发布清单。通过武进区财政局网站宣传。",  # a partner without its kind
        "通过“平安武进”微博转发反诈提示。",  # an account of others is reposted
        "在武进区政务服务中心大厅设立“跨省通办”窗口。",
    ],
)
def test_places_that_are_no_leftovers(text: str) -> None:
    assert [c for c in certify(report("r", "清河县财政局", text)) if "江苏" not in c[3]] == []


def test_an_own_city_province_and_what_lies_in_it_are_no_leftovers() -> None:
    text = "在邢台市人民政府网站公开。推动襄都区政务公开。按照河北省政务公开办要求，"
    assert certify(report("r", "邢台市财政局", text)) == []
    assert [c[3] for c in certify(report("r", "清河县财政局", text))] == ["襄都区"]
    assert certify(report("r", "某某公司", text)) == []  # who has no place, lies nowhere


def test_agencies_that_serve_a_region_name_its_places() -> None:
    text = "按照武进区政府要求，武进区域内企业信用结果公开。"
    assert certify(report("r", "满洲里海关", text)) == []


def test_a_place_that_leads_the_author_is_named_beside_a_name_left_over() -> None:
    text = "在清河县委、县政府领导下，武进区财政局认真贯彻公开要求。"
    assert [c[3] for c in certify(report("r", "清河县财政局", text))] == ["武进区"]
    assert certify(report("r", "清河县财政局", text.replace("清河县委、县政府领导下", "清河县财政局协助下"))) == []


def test_an_institution_named_after_a_city_is_no_name_of_the_source() -> None:
    text = f"南通大学附属医院专科联盟挂牌。{BODY}"
    source = report("a", "启东市人民医院", text, 2019, region="江苏省南通市启东市")
    assert certify(source, report("b", "清河县人民医院", text)) == []
    told = text.replace("南通大学附属医院专科联盟", "南通专科联盟")
    assert [c[3] for c in certify(replace(source, text=told), report("b", "清河县人民医院", told))] == ["南通"]


def test_a_zone_lies_where_its_name_says() -> None:
    text = "在《今日定安》设立专刊，在福州市人民政府网站公开。"
    assert [c[3] for c in certify(report("r", "平潭综合实验区财政局", text))] == ["定安"]


def test_a_row_of_places_above_the_author_ends_with_the_authors_own() -> None:
    text = "按照河北省、邢台市和武进区有关要求，"
    assert [c[3] for c in certify(report("r", "清河县财政局", text))] == ["武进区"]
    assert certify(report("r", "清河县财政局", text.replace("武进区", "清河县"))) == []


def test_a_town_of_one_name_in_another_county_is_certified_by_the_county() -> None:
    text = "本报告由武进区石匣镇人民政府编制。"
    (found,) = find_certificates([report("r", "清河县石匣镇人民政府", text)], [])
    assert (found.quote, found.belongs_to) == ("武进区石匣镇", "武进区")


def test_a_place_of_the_title_or_named_more_often_than_the_own_is_no_leftover() -> None:
    text = "武进区财政局报告\n请与武进区财政局联系。"
    titled = ReuseText("r", text, ((9, len(text), 0),), (), (), "清河县财政局", year=2020)
    assert find_certificates([titled], []) == ()
    body = ReuseText("r", text[9:], ((0, len(text) - 9, 0),), (), (), "清河县财政局", year=2020)
    assert [c.quote for c in find_certificates([body], [])] == ["武进区"]
    often = "请与武进区财政局联系。" + "武进区办事大厅已搬迁。" * 2
    assert certify(report("r", "清河县财政局", often)) == []


@pytest.mark.parametrize("rule", TABLES["agencies"], ids=lambda rule: rule["id"])
def test_agency_rules(rule: dict[str, str]) -> None:
    assert certify(report("r", "清河县林业局", rule["example"])) == [("r", "agency", rule["id"], rule["found"])]
    assert certify(report("r", "清河县林业局", rule["counter_example"])) == []
    assert certify(report("r", "清河县水务局", rule["example"])) == []


def test_the_name_of_a_distant_county_left_in_a_copy() -> None:
    source = report("a", "柳泽县民政局", f"柳泽县民政局召开会议。{BODY}", 2019)
    copy = report("b", "清河县财政局", f"柳泽县民政局召开会议。{BODY}")
    (found,) = find_certificates([source, copy], find_reuse([source, copy]).passages)
    assert (found.report_id, found.kind, found.rule, found.quote) == ("b", "agency", "name.other", "柳泽县民政局")
    assert (found.other_report, found.other_start, found.other_end) == ("a", 0, 6)
    assert found.passage_id is not None


def test_a_name_that_is_spoken_about_or_belongs_to_the_superior_is_no_leftover() -> None:
    source = report("a", "柳泽县民政局", f"柳泽县民政局召开会议。{BODY}", 2019)
    learns = report("b", "清河县财政局", f"学习借鉴柳泽县民政局召开会议。{BODY}")
    assert certify(source, learns) == []
    below = report("c", "下柘镇人民政府", f"柳泽县民政局召开会议。{BODY}", superior="柳泽县人民政府")
    assert certify(source, below) == []
    titled = report("d", "清河县财政局", f"印发《柳泽县民政局召开会议通知》。{BODY}")
    assert certify(source, titled) == []


def test_the_sources_name_is_found_in_a_copy_outside_of_what_they_share() -> None:
    shared = BODY * 8
    source = report("a", "柳泽县民政局", f"柳泽县民政局召开会议。{shared}", 2019)
    copy = report("b", "清河县财政局", f"{shared}栏目由柳泽县民政局更新维护，欢迎监督。")
    assert ("b", "agency", "name.family", "柳泽县民政局") in certify(source, copy)
    other = "".join(f"第{i}册账簿移交{i}号柜保管，钥匙由{i}人分管。" for i in range(30))
    brief = report("b", "清河县财政局", f"{BODY}{other}栏目由柳泽县民政局更新维护，欢迎监督。")
    short = report("a", "柳泽县民政局", f"柳泽县民政局召开会议。{BODY}", 2019)
    assert certify(short, brief) == []  # a paragraph of a common circular makes no family


def test_a_sister_town_of_one_county_is_certified_in_a_common_draft() -> None:
    source = report("a", "砚岭县石匣镇人民政府", f"2020年，石匣镇召开会议。{BODY}")
    copy = report("b", "砚岭县青梨镇人民政府", f"2020年，石匣镇召开会议。{BODY}")
    assert [(c[0], c[3]) for c in certify(source, copy)] == [("b", "石匣镇")]


def test_a_neighbouring_bureaus_name_where_only_the_author_speaks() -> None:
    source = report("a", "柳泽县水务局", f"柳泽县水务局高度重视此项工作。{BODY}")
    copy = report("b", "柳泽县林业局", f"柳泽县水务局高度重视此项工作。{BODY}")
    assert certify(source, copy) == [("b", "agency", "name.neighbour", "柳泽县水务局")]
    names = report("b", "柳泽县林业局", f"会同柳泽县水务局开展巡查。{BODY}")
    assert certify(source, names) == []


@pytest.mark.parametrize(
    ("agency", "text"),
    [
        ("下柘镇人民政府", "在砚岭县委、县政府的正确领导下，"),  # a town lies in a county
        ("昆山市财政局", "在苏州市委、市政府的正确领导下，"),  # a county-level city lies in a prefecture
        ("高新技术产业开发区管委会", "在清河区委、区政府的正确领导下，"),  # a zone lies in a district
        ("涟水县财政局", "在淮安市委、市政府和涟水县委、县政府的正确领导下，"),
        ("财政局", "在清河县委、县政府的正确领导下，"),  # names no place of its own
    ],
)
def test_a_place_that_can_be_above_the_reporter_is_no_leftover(agency: str, text: str) -> None:
    assert certify(report("r", agency, text)) == []


def test_a_place_used_often_is_one_the_report_is_about() -> None:
    text = "在甲水县委、县政府的领导下，甲水县推进公开，甲水县网站改版。"
    assert certify(report("r", "清河县财政局", text)) == []


def test_a_period_that_is_not_the_reports_year() -> None:
    period = "统计期限自{}年1月1日起至{}年12月31日止。"
    assert certify(report("r", "清河县财政局", period.format(2020, 2020))) == []
    assert certify(report("r", "清河县财政局", period.format(2020, 2019))) == [
        ("r", "year", "year.period", "2020年1月1日起至2019年12月31日")
    ]
    assert certify(report("r", "清河县财政局", "2020年工作，2020年底。" + period.format(2019, 2019))) == [
        ("r", "year", "year.period", "2019年1月1日起至2019年12月31日")
    ]
    assert certify(report("r", "清河县财政局", period.format(2019, 2019), year=None)) == []
    # The text itself is about 2019: the year of the report was read wrongly.
    assert certify(report("r", "清河县财政局", "2019年工作。" + period.format(2019, 2019))) == []


def test_last_years_year_of_work_in_last_years_words() -> None:
    old = report("a", "清河县财政局", f"2019年，我局继续推进公开。{BODY}", 2019)
    assert certify(old, report("b", "清河县财政局", f"2019年，我局继续推进公开。{BODY}")) == [
        ("b", "year", "year.work", "2019")
    ]
    assert certify(old, report("b", "清河县财政局", f"2020年，我局继续推进公开。{BODY}")) == []
    assert certify(old, report("b", "清河县财政局", f"较2019年，我局推进更快。{BODY}")) == []


def with_sections(text: str, section: str, year: int = 2020) -> ReuseText:
    return replace(report("r", "清河县财政局", text, year), sections=((0, section),))


@pytest.mark.parametrize(
    ("text", "section", "rule"),
    [
        ("2019年，我局扎实推进公开。", "overview", "year.opening"),
        ("2019年我局获评先进，2020年继续努力。", "overview", None),  # a story that leads to this year
        ("2020年，我局扎实推进公开。", "overview", None),
        ("2019年，我局扎实推进公开。", "problems", None),
        ("本报告为2019-2020年合并报告。2019年，公开15条。", "overview", None),
        ("2020年，我局将从两方面改进。", "problems", "year.plan"),
        ("2020年，我们将加强培训。", "problems", "year.plan"),
        ("2021年，我局将从两方面改进。", "problems", None),
        ("2020年将军路改造，公示3次。", "problems", None),
        ("2020年，我局将从两方面改进。", "overview", None),
        ("2019年机构改革以来，我局理顺职责。", "overview", None),
        ("2019年，全国人大修订法律。", "overview", None),
        ("2019年我局被确定为试点。", "overview", None),
        ("我局2019年扎实推进公开。", "overview", "year.opening"),
        ("现公布清河县财政局2019年度政府信息公开工作年度报告。", "preamble", "year.report"),
        ("本报告对照2019年度政府信息公开年度报告编制。", "preamble", None),
        ("2019年度政府信息公开年度报告已公布。", "other", None),
        ("2019年度未收取信息处理费。", "other", "year.never"),
        ("2019年度，县财政局政府信息公开未发生收费。", "other", "year.never"),
        ("2019年未收取信息处理费，2020年也未收取。", "other", None),
        ("2019年申请人未收到答复。", "requests", None),
        ("统计期限自2019年1月1日至12月31日。", "preamble", "year.period"),
        ("统计期限自2020年1月1日至12月31日。", "preamble", None),
    ],
)
def test_years_left_over(text: str, section: str, rule: str | None) -> None:
    told = with_sections(f"{text}年内两次检查：2020年底检查，2020年验收。", section)
    assert [c.rule for c in find_certificates([told], [])] == ([rule] if rule else [])


def test_the_same_slip_and_the_same_figures() -> None:
    slip = f"{BODY}制度逐步布署到位，窗口同步调整到位。"
    both = [("a", "misprint", "slip.same", "布署"), ("b", "misprint", "slip.same", "布署")]
    assert certify(report("a", "清河县财政局", slip), report("b", "柳泽县民政局", slip)) == both
    assert certify(report("a", "清河县财政局", slip), report("b", "清河县财政局", slip, 2021)) == []
    figures = "窗口接待群众1286人次，张贴公告374份，逐项登记造册并按月汇总上报备案存档。"
    found = certify(report("a", "清河县财政局", figures), report("b", "柳泽县民政局", figures))
    assert [(c[0], c[1], c[2]) for c in found] == [("a", "figures", "figures.same"), ("b", "figures", "figures.same")]
    around = report("b", "邢台市财政局", figures)  # 清河县 lies in 邢台市
    assert certify(report("a", "清河县财政局", figures), around) == []
    calls = figures.replace("1286", "12345").replace("374", "95598")
    assert certify(report("a", "清河县财政局", calls), report("b", "柳泽县民政局", calls)) == []  # hot lines
    other = figures.replace("374", "375")
    assert certify(report("a", "清河县财政局", figures), report("b", "柳泽县民政局", other)) == []


def test_references_carry_no_certificate() -> None:
    text = replace(report("r", "清河县财政局", "在甲水县委、县政府的领导下，"), reference=True)
    assert find_certificates([text], []) == ()


def test_own_names_and_places() -> None:
    text = report("r", "白城市洮北区发展和改革委员会", "", superior="亳州市人民政府")
    assert own_places(text) == {"白城市", "洮北区", "亳州市"}
    assert is_own_agency("区发改委", text)
    assert is_own_agency("发展和改革委员会", text)
    assert not is_own_agency("区水务局", text)
    assert isinstance(find_certificates([], []), tuple)
    assert Certificate.__slots__[0] == "report_id"

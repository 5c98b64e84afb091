"""Identity: titles of all sorts, names completed from elsewhere, years, contradictions, kinds, profiles of agencies."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gknlp import resources
from gknlp.normalize import fold_width
from gknlp.read.agency_names import bare_place, completes, full_name, needs_place, without_office
from gknlp.read.divisions import parse_region
from gknlp.read.furniture import find_furniture
from gknlp.read.identify import identify
from gknlp.read.profile import profile
from gknlp.read.reports import read_report
from gknlp.read.titles import find_titles, parse_title, parse_year
from gknlp.types import Found, Identity, Layout

BODY = """
根据《中华人民共和国政府信息公开条例》规定，现将有关情况报告如下。
一、总体情况
本单位认真做好公开工作，主动公开信息12条。
二、主动公开情况
全年主动公开政府信息12条。
三、依申请公开情况
没有收到申请。
四、存在的问题和改进措施
公开内容还不够全面。下一步加强培训。
"""


def read(text: str, file_name: str = "a.txt", **facts: str) -> Identity:
    layout = Layout(furniture=find_furniture(text, Layout()))
    given_facts = {name: (Found(value, f"html:{name}"),) for name, value in facts.items()}
    return identify(text, layout, given_facts, file_name)


TITLES = [
    # title, agency, year, region, level
    ("沭阳县教育局2019年政府信息公开工作年度报告", "沭阳县教育局", 2019, "江苏省宿迁市沭阳县", "county"),
    ("沭阳县教育局政府信息公开工作年度报告（2019年度）", "沭阳县教育局", 2019, "江苏省宿迁市沭阳县", "county"),
    ("2019年沭阳县教育局政府信息公开工作年度报告", "沭阳县教育局", 2019, "江苏省宿迁市沭阳县", "county"),
    ("2019年度沭阳县教育局政府信息公开年报", "沭阳县教育局", 2019, "江苏省宿迁市沭阳县", "county"),
    ("关于2015年度政府信息公开工作情况的报告", None, 2015, None, None),
    ("沭阳县教育局关于2015年度政府信息公开工作情况的报告", "沭阳县教育局", 2015, "江苏省宿迁市沭阳县", "county"),
    ("沭阳县教育局关于报送2015年度政府信息公开工作年度报告的报告", "沭阳县教育局", 2015, "江苏省宿迁市沭阳县",
     "county"),
    ("关于沭阳县2015年度政府信息公开工作情况的报告", "沭阳县人民政府", 2015, "江苏省宿迁市沭阳县", "county"),
    ("上海市2019年政府信息公开工作年度报告", "上海市人民政府", 2019, "上海市", "province"),
    ("江苏省政府信息公开工作年度报告（2023）", "江苏省人民政府", 2023, "江苏省", "province"),
    ("二〇一二年度芜湖市人民政府信息公开年度报告", "芜湖市人民政府", 2012, "安徽省芜湖市", "city"),
    ("芜湖市人民政府办公室二○○九年度政府信息公开年度报告", "芜湖市人民政府办公室", 2009, "安徽省芜湖市", "city"),
    ("芜湖市政府2014年信息公开年度报告", "芜湖市人民政府", 2014, "安徽省芜湖市", "city"),
    ("芜湖市2014年信息公开年度报告", "芜湖市人民政府", 2014, "安徽省芜湖市", "city"),
    ("石匣镇2011年政府信息公开年报", "石匣镇人民政府", 2011, "石匣镇", "township"),
    ("柳河乡政府信息公开工作2013年度报告", "柳河乡人民政府", 2013, "柳河乡", "township"),
    ("沭阳县桑墟镇2018年政府信息公开年度报告", "沭阳县桑墟镇人民政府", 2018, "江苏省宿迁市沭阳县桑墟镇", "township"),
    ("南湖街道2021年政府信息公开工作年度报告", "南湖街道办事处", 2021, "南湖街道", "township"),
    ("沭城街道办事处2021年政府信息公开年度报告", "沭城街道办事处", 2021, "沭城街道", "township"),
    ("杭州市西湖区北山街道办事处2021年度政府信息公开报告", "杭州市西湖区北山街道办事处", 2021,
     "浙江省杭州市西湖区北山街道", "township"),
    ("国家税务总局沭阳县税务局2020年政府信息公开年度报告", "国家税务总局沭阳县税务局", 2020, "江苏省宿迁市沭阳县",
     "county"),
    ("国家税务总局江苏省税务局2020年政府信息公开年度报告", "国家税务总局江苏省税务局", 2020, "江苏省", "province"),
    ("国家税务总局2020年政府信息公开工作年度报告", "国家税务总局", 2020, None, "national"),
    ("教育部2016年政府信息公开工作年度报告", "教育部", 2016, None, "national"),
    ("国家发展改革委2018年政府信息公开工作年度报告", "国家发展改革委", 2018, None, "national"),
    ("中国气象局2010年政府信息公开工作年度报告", "中国气象局", 2010, None, "national"),
    ("国务院办公厅2020年政府信息公开工作年度报告", "国务院办公厅", 2020, None, "national"),
    ("中华人民共和国上海海关2021年政府信息公开年度报告", "中华人民共和国上海海关", 2021, "上海市", "province"),
    ("水利部黄河水利委员会2015年政府信息公开年度报告", "水利部黄河水利委员会", 2015, None, "national"),
    ("中国人民银行南京分行2015年政府信息公开年度报告", "中国人民银行南京分行", 2015, "江苏省南京市", "city"),
    ("国家统计局南京调查队2015年政府信息公开年度报告", "国家统计局南京调查队", 2015, "江苏省南京市", "city"),
    ("福建省平潭综合实验区2015年政府信息公开年度报告", "福建省平潭综合实验区管理委员会", 2015, "福建省平潭综合实验区",
     "city"),
    ("苏州工业园区管委会2016年政府信息公开年度报告", "苏州工业园区管委会", 2016, "江苏省苏州市苏州工业园区", "county"),
    ("济宁高新技术产业开发区管理委员会2017年政府信息公开年报", "济宁高新技术产业开发区管理委员会", 2017,
     "山东省济宁市济宁高新技术产业开发区", "county"),
    ("青岛西海岸新区2020年政府信息公开工作年度报告", "青岛西海岸新区管理委员会", 2020, "山东省青岛市青岛西海岸新区",
     "city"),
    ("合肥市庐阳区人民政府2019年政府信息公开年度报告", "合肥市庐阳区人民政府", 2019, "安徽省合肥市庐阳区", "county"),
    ("安徽省合肥市庐阳区人民政府2019年政府信息公开报告", "安徽省合肥市庐阳区人民政府", 2019, "安徽省合肥市庐阳区",
     "county"),
    ("鼓楼区2017年政府信息公开工作年度报告", "鼓楼区人民政府", 2017, "鼓楼区", "county"),
    ("南京市鼓楼区2017年政府信息公开工作年度报告", "南京市鼓楼区人民政府", 2017, "江苏省南京市鼓楼区", "county"),
    ("大兴安岭地区行政公署2012年政府信息公开年度报告", "大兴安岭地区行政公署", 2012, "黑龙江省大兴安岭地区", "city"),
    ("锡林郭勒盟2012年政府信息公开工作年度报告", "锡林郭勒盟行政公署", 2012, "内蒙古自治区锡林郭勒盟", "city"),
    ("恩施州教育局2019年政府信息公开工作年度报告", "恩施州教育局", 2019, "湖北省恩施土家族苗族自治州", "city"),
    ("延边朝鲜族自治州人民政府2019年政府信息公开报告", "延边朝鲜族自治州人民政府", 2019, "吉林省延边朝鲜族自治州",
     "city"),
    ("内蒙古自治区财政厅2019年政府信息公开年度报告", "内蒙古自治区财政厅", 2019, "内蒙古自治区", "province"),
    ("广西壮族自治区人民政府办公厅2019年政府信息公开报告", "广西壮族自治区人民政府办公厅", 2019, "广西壮族自治区",
     "province"),
    ("新疆维吾尔自治区2018年政府信息公开工作年度报告", "新疆维吾尔自治区人民政府", 2018, "新疆维吾尔自治区",
     "province"),
    ("昆山市2016年政府信息公开工作年度报告", "昆山市人民政府", 2016, "江苏省苏州市昆山市", "county"),
    ("昆山市市场监督管理局2019年政府信息公开年度报告", "昆山市市场监督管理局", 2019, "江苏省苏州市昆山市", "county"),
    ("北京市朝阳区城市管理委员会2022年政府信息公开年报", "北京市朝阳区城市管理委员会", 2022, "北京市朝阳区", "county"),
    ("北京市人民政府外事办公室2022年政府信息公开报告", "北京市人民政府外事办公室", 2022, "北京市", "province"),
    ("重庆市江津区2013年政府信息公开工作年度报告", "重庆市江津区人民政府", 2013, "重庆市江津区", "county"),
    ("天津市滨海新区2013年政府信息公开年度报告", "天津市滨海新区人民政府", 2013, "天津市滨海新区", "county"),
    ("上海市浦东新区教育局2013年政府信息公开年度报告", "上海市浦东新区教育局", 2013, "上海市浦东新区", "county"),
    ("河南省教育厅2010年政府信息公开工作年度报告", "河南省教育厅", 2010, "河南省", "province"),
    ("海南省2010年政府信息公开工作年度报告", "海南省人民政府", 2010, "海南省", "province"),
    ("吉林市2016年政府信息公开工作年度报告", "吉林市人民政府", 2016, "吉林省吉林市", "city"),
    ("吉林省2016年政府信息公开工作年度报告", "吉林省人民政府", 2016, "吉林省", "province"),
    ("朔宁省水利厅2016年政府信息公开工作年度报告", "朔宁省水利厅", 2016, "朔宁省", "province"),
    ("县发展和改革局2015年政府信息公开工作年度报告", "县发展和改革局", 2015, None, None),
    ("市城管局2012年信息公开工作小结", "市城管局", 2012, None, None),
    ("雁坪区城管局2012年信息公开工作总结", "雁坪区城管局", 2012, "雁坪区", "county"),
    ("棠溪区市场监督管理局2018年政府信息公开年报", "棠溪区市场监督管理局", 2018, "棠溪区", "county"),
    ("2012年度政务公开工作总结", None, 2012, None, None),
    ("鹿邑县卫生局2012年政务公开和政府信息公开工作总结", "鹿邑县卫生局", 2012, "河南省周口市鹿邑县", "county"),
    ("鹿邑县卫生局2012年度政府信息公开工作情况汇报", "鹿邑县卫生局", 2012, "河南省周口市鹿邑县", "county"),
    ("望川市供水有限公司2023年度企事业单位信息公开情况报告", "望川市供水有限公司", 2023, "望川市", "city"),
    ("鹿邑县第一高级中学2021年信息公开工作年度报告", "鹿邑县第一高级中学", 2021, "河南省周口市鹿邑县", "county"),
    ("鹿邑县第一高级中学2020-2021学年信息公开年度报告", "鹿邑县第一高级中学", 2021, "河南省周口市鹿邑县", "county"),
    ("【公开年报】鹿邑县民政局2020年政府信息公开年度报告", "鹿邑县民政局", 2020, "河南省周口市鹿邑县", "county"),
    ("鹿邑县民政局2020年政府信息公开年度报告 - 鹿邑县人民政府", "鹿邑县民政局", 2020, "河南省周口市鹿邑县", "county"),
    ("鹿邑县民政局2020年政府信息公开年度报告_鹿邑县人民政府网", "鹿邑县民政局", 2020, "河南省周口市鹿邑县", "county"),
    ("2020年政府信息公开工作年度报告（鹿邑县民政局）", "鹿邑县民政局", 2020, "河南省周口市鹿邑县", "county"),
    ("2020年政府信息公开工作年度报告——鹿邑县民政局", "鹿邑县民政局", 2020, "河南省周口市鹿邑县", "county"),
    ("附件：鹿邑县民政局2020年政府信息公开工作年度报告", "鹿邑县民政局", 2020, "河南省周口市鹿邑县", "county"),
    ("鹿邑县民政局\n2020年政府信息公开工作年度报告", "鹿邑县民政局", 2020, "河南省周口市鹿邑县", "county"),
    ("鹿邑县民政局\n关于2020年政府信息公开工作的\n年度报告", "鹿邑县民政局", 2020, "河南省周口市鹿邑县", "county"),
    ("鹿邑县\n民政局2020年度\n政府信息公开工作报告", "鹿邑县民政局", 2020, "河南省周口市鹿邑县", "county"),
    ("鹿 邑 县 民 政 局\n2 0 2 0 年政府信息公开工作年度报告", "鹿邑县民政局", 2020, "河南省周口市鹿邑县", "county"),
    ("鹿邑县民政局２０２０年政府信息公开工作年度报告", "鹿邑县民政局", 2020, "河南省周口市鹿邑县", "county"),
    ("鹿邑县交通运输局政府信息公开2016年度工作报告", "鹿邑县交通运输局", 2016, "河南省周口市鹿邑县", "county"),
    ("鹿邑县农业局2011年度信息公开年报", "鹿邑县农业局", 2011, "河南省周口市鹿邑县", "county"),
    ("鹿邑县政府办公室2012年政府信息公开年度报告", "鹿邑县人民政府办公室", 2012, "河南省周口市鹿邑县", "county"),
    ("中共鹿邑县委办公室2023年信息公开年度报告", "中共鹿邑县委办公室", 2023, "河南省周口市鹿邑县", "county"),
    ("鹿邑县公安局交通警察大队2016年信息公开年度报告", "鹿邑县公安局交通警察大队", 2016, "河南省周口市鹿邑县",
     "county"),
    ("鹿邑县民政局关于印发《鹿邑县民政局2020年政府信息公开年度报告》的通知", "鹿邑县民政局", 2020,
     "河南省周口市鹿邑县", "county"),
    ("三都水族自治县中和镇人民政府2018年政府信息公开报告", "三都水族自治县中和镇人民政府", 2018,
     "贵州省黔南布依族苗族自治州三都水族自治县中和镇", "township"),
    ("桂林市生态环境局临桂分局2022年政府信息公开年度报告", "桂林市生态环境局临桂分局", 2022, "广西壮族自治区桂林市",
     "city"),
    ("淮安市住房公积金管理中心2015年政府信息公开年报", "淮安市住房公积金管理中心", 2015, "江苏省淮安市", "city"),
    ("喀什地区2013年政府信息公开工作年度报告", "喀什地区行政公署", 2013, "新疆维吾尔自治区喀什地区", "city"),
    ("鄂温克族自治旗2013年政府信息公开年度报告", "鄂温克族自治旗人民政府", 2013,
     "内蒙古自治区呼伦贝尔市鄂温克族自治旗", "county"),
    ("东莞市长安镇2013年政府信息公开工作年度报告", "东莞市长安镇人民政府", 2013, "广东省东莞市长安镇", "township"),
    ("鹿邑县工信局(鹿邑县科技局)2019年政府信息公开年度报告", "鹿邑县工信局（鹿邑县科技局）", 2019, "河南省周口市鹿邑县",
     "county"),
    ("江苏省南京市国家税务局2015年政府信息公开年度报告", "江苏省南京市国家税务局", 2015, "江苏省南京市", "city"),
    ("沭阳县人社局2013年度政府信息公开自查报告", "沭阳县人社局", 2013, "江苏省宿迁市沭阳县", "county"),
    ("沭阳县2008年5月-12月政府信息公开年度报告", "沭阳县人民政府", 2008, "江苏省宿迁市沭阳县", "county"),
    ("沭阳县财政局2013年年度政府信息公开年度报告", "沭阳县财政局", 2013, "江苏省宿迁市沭阳县", "county"),
]


@pytest.mark.parametrize("one_line", [False, True], ids=["lines", "one line"])
@pytest.mark.parametrize(("title", "agency", "year", "region", "level"), TITLES, ids=[case[0] for case in TITLES])
def test_titles(
    title: str, agency: str | None, year: int, region: str | None, level: str | None, one_line: bool
) -> None:
    text = " ".join((title + BODY).split("\n")) if one_line else title + BODY
    found = read(text)
    assert (found.agency, found.year, found.region, found.level) == (agency, year, region, level)
    assert (found.kind, found.conflicts) == ("annual_report", ())


@pytest.mark.parametrize("title", [
    "# 鹿邑县卫生局2012年政府信息公开工作\n# 年度报告\n", "**鹿邑县卫生局**\n\n**2O12年政府信息公开工作年度报告**\n",
], ids=["markdown", "bold, O for 0"])
def test_marks_and_misreadings(title: str) -> None:
    found = read(title + BODY)
    assert (found.agency, found.year, found.kind) == ("鹿邑县卫生局", 2012, "annual_report")


def test_a_page_in_traditional_characters_is_read_as_its_simplified_one() -> None:
    table = resources.load_toml("models/traditional.toml")
    old, new = ("".join(table[script].split()) for script in ("traditional", "simplified"))
    page = "鹿邑县卫生局2012年政府信息公开工作年度报告" + BODY
    converted = page.translate(dict(zip(map(ord, reversed(new)), map(ord, reversed(old)), strict=True)))
    assert converted != page
    found = read(converted)
    assert (found.agency, found.year, found.kind) == ("鹿邑县卫生局", 2012, "annual_report")
    assert find_furniture(converted, Layout()) == find_furniture(page, Layout())


def test_a_line_of_its_own_without_the_word_report() -> None:
    found = read("沭阳县财政局2013年政府信息公开工作情况" + BODY)
    assert (found.agency, found.year) == ("沭阳县财政局", 2013)


PLAIN = "2016年政府信息公开工作年度报告"
OWN = """
根据《中华人民共和国政府信息公开条例》规定，现将我局2016年度政府信息公开工作情况报告如下。统计期限自2016年1月1日至12月31日。
一、概述
2016年，我局认真做好公开工作。
二、主动公开情况
公开88条。
三、存在的问题
不够全面。
四、改进措施
加强培训。"""
ELSEWHERE = [
    # what the page is, the page, the file, the agency, where it was found
    ("signature", f"{PLAIN}{OWN}\n定泊县民政局\n2017年3月1日", "a.txt", "定泊县民政局", "signature"),
    ("spaced signature", f"{PLAIN}{OWN}\n　　定 泊 县 民 政 局\n　　2017年3月1日", "a.txt", "定泊县民政局",
     "signature"),
    ("inner office signs", f"{PLAIN}{OWN}\n定泊县民政局办公室\n2017年3月1日", "a.txt", "定泊县民政局", "signature"),
    ("publisher", f"发布机构：定泊县民政局\n{PLAIN}{OWN}", "a.txt", "定泊县民政局", "publisher"),
    ("generic publisher", f"发布机构：县民政局\n{PLAIN}{OWN}\n版权所有：定泊县人民政府", "a.txt", "定泊县民政局", None),
    ("generic breadcrumb", f"当前位置：定泊县人民政府 > 部门 > 县民政局 > 年报\n{PLAIN}{OWN}", "a.txt", "定泊县民政局",
     "breadcrumb"),
    ("breadcrumb", f"当前位置：首页 > 部门 > 定泊县民政局 > 年报\n{PLAIN}{OWN}", "a.txt", "定泊县民政局", "breadcrumb"),
    ("file", f"{PLAIN}{OWN}", "定泊县民政局_2016.txt", "定泊县民政局", "file name"),
    ("numbered file", f"{PLAIN}{OWN}", "3. 定泊县民政局2016年年报(1).docx", "定泊县民政局", "file name"),
    ("year first", f"{PLAIN}{OWN}", "2016定泊县民政局.pdf", "定泊县民政局", "file name"),
    ("nowhere", f"{PLAIN}{OWN}", "a.txt", None, None),
    ("only the site's owner", f"{PLAIN}{OWN}\n版权所有：定泊县人民政府  京ICP备0001号", "a.txt", None, None),
    ("generic title", f"县民政局{PLAIN}{OWN}\n主办：定泊县人民政府", "a.txt", "定泊县民政局", None),
    ("generic title, signed", f"县民政局{PLAIN}{OWN}\n定泊县民政局\n2017年3月1日", "a.txt", "定泊县民政局", None),
    ("title without place", f"首页 > 定泊县 > 民政局\n民政局{PLAIN}{OWN}", "a.txt", "定泊县民政局", None),
    ("short title, signed", f"定泊县发改委{PLAIN}{OWN}\n定泊县发展和改革委员会\n2017年3月1日", "a.txt",
     "定泊县发展和改革委员会", None),
    ("short title", f"定泊县发改委{PLAIN}{OWN}", "a.txt", "定泊县发改委", "title"),
    ("contact", f"{PLAIN}{OWN}".replace("统计期限",
     "如有疑问，请与定泊县民政局办公室联系（地址：定泊县城关镇）。统计期限"), "a.txt",
     "定泊县民政局", "contact"),
    ("preamble", f"{PLAIN}{OWN}".replace("现将我局", "现将定泊县民政局"), "a.txt", "定泊县民政局", "preamble"),
    ("first sentence", f"{PLAIN}{OWN}".replace("2016年，我局认真", "2016年，定泊县民政局认真").replace("公开88条",
     "在定泊县网站公开88条"), "a.txt", "定泊县民政局",
     "text"),
    ("led by its government", f"{PLAIN}{OWN}".replace("2016年，我局", "2016年，在定泊县人民政府的领导下，我局"),
     "a.txt", None, None),
    ("compiled for the government", f"{PLAIN}{OWN}".replace(
        "现将我局2016年度政府信息公开工作情况报告如下", "本报告由定泊县人民政府办公室综合各乡镇、各部门年度报告编制"
    ).replace("我局", "全县"), "a.txt", "定泊县人民政府", "preamble"),
    ("town signs with its county", f"石匣镇{PLAIN}{OWN}\n柳泽县石匣镇人民政府\n2017年1月3日", "a.txt",
     "柳泽县石匣镇人民政府", None),
    ("town's office signs", f"石匣镇{PLAIN}{OWN}\n石匣镇党政办公室\n2017年1月3日", "a.txt", "石匣镇人民政府", None),
    ("government's office signs", f"定泊县{PLAIN}{OWN}\n定泊县人民政府办公室\n2017年1月3日", "a.txt", "定泊县人民政府",
     None),
    ("zone as it signs", f"望川经济技术开发区{PLAIN}{OWN}\n望川经济技术开发区管委会\n2017年1月3日", "a.txt",
     "望川经济技术开发区管委会", None),
    ("letterhead", f"定泊县民政局文件\n定民〔2017〕1号\n关于{PLAIN}{OWN}", "a.txt", "定泊县民政局", "letterhead"),
    ("addressee", f"关于2016年政府信息公开工作情况的报告\n定泊县人民政府办公室：{OWN}\n定泊县民政局\n2017年1月3日",
     "a.txt",
     "定泊县民政局", "signature"),
]


@pytest.mark.parametrize("one_line", [False, True], ids=["lines", "one line"])
@pytest.mark.parametrize(("page", "file_name", "agency", "where"), [case[1:] for case in ELSEWHERE],
                         ids=[case[0] for case in ELSEWHERE])
def test_names_found_elsewhere(page: str, file_name: str, agency: str | None, where: str | None,
    one_line: bool) -> None:
    text = " ".join(page.split("\n")) if one_line else page
    found = read(text, file_name)
    assert (found.agency, found.year) == (agency, 2016)
    if where is not None and not one_line:  # in one line a publisher can run into the title
        assert found.evidence["agency"][0].where == where
    for name, places in found.evidence.items():
        for place in places:
            if place.start is not None and name == "agency":
                assert re.sub(r"\s", "", text[place.start : place.end]) in (place.value, re.sub(r"\s", "", place.value))


def test_facts_of_the_source_name_agency_date_and_url() -> None:
    found = read(PLAIN + OWN, agency="定泊县民政局", published="2017-03-01 10:00", url="http://x.gov.cn/1.html")
    assert (found.agency, found.published, found.url) == ("定泊县民政局", "2017-03-01", "http://x.gov.cn/1.html")
    assert found.evidence["published"] == (Found("2017-03-01", "html:published"),)


def test_the_title_of_the_page_names_what_the_report_does_not() -> None:
    found = read(PLAIN + OWN, title="定泊县民政局2016年政府信息公开年度报告_定泊县人民政府")
    assert (found.agency, found.title) == ("定泊县民政局", "定泊县民政局2016年政府信息公开年度报告_定泊县人民政府")


def test_a_place_of_several_cities_gets_its_parents_from_the_page_only() -> None:
    title = "鼓楼区教育局2017年政府信息公开工作年度报告"
    assert read(title + BODY).region == "鼓楼区"
    assert read("当前位置：福州市政府 > 鼓楼区\n" + title + BODY).region == "福建省福州市鼓楼区"


@pytest.mark.parametrize(("page", "year", "conflicts"), [
    ("定泊县民政局2015年政府信息公开年度报告\n统计期限自2014年1月1日至2014年12月31日。\n一、概述\n2015年公开3条。20"
        "15年做得好。",
     2015, ("标题写2015年，统计期限写2014年。",)),
    ("定泊县民政局2015年政府信息公开年度报告\n统计期限自2014年1月1日至2014年12月31日。\n一、概述\n2014年公开3条。20"
        "14年做得好。",
     2014, ("标题写2015年，统计期限写2014年。",)),
    ("定泊县民政局2015年政府信息公开年度报告\n一、概述\n2014年公开政府信息共三条。2014年我局做得好，没有收到任何申请。",
     2015, ("标题写2015年，正文不提该年，多写2014年。",)),
    ("定泊县民政局政府信息公开年度报告\n发布日期：2016-02-01\n统计期限自2015年1月1日起至12月31日止。\n一、概述\n全"
        "年公开信息一共三条。",
     2015, ()),
    ("定泊县民政局政府信息公开年度报告\n发布日期：2016-02-01\n一、概述\n全年公开政府信息一共三条，没有收到申请，做"
        "得很好。", None, ()),
    ("定泊县民政局政府信息公开年度报告\n统计期限为二〇〇九年一月一日至二〇〇九年十二月三十一日。\n一、概述\n二〇〇"
        "九年公开信息三条。", 2009, ()),
], ids=["title wins", "period and text win", "text alone", "period", "never the date of publication", "ideographs"])
def test_years(page: str, year: int | None, conflicts: tuple[str, ...]) -> None:
    found = read(page)
    assert (found.year, found.conflicts) == (year, conflicts)


def test_contradicting_agencies_are_told_and_the_title_wins() -> None:
    found = read(f"定泊县民政局{PLAIN}{OWN}\n乌槐县民政局\n2017年1月3日")
    assert (found.agency, found.conflicts) == ("定泊县民政局", ("报告机关为定泊县民政局，落款写乌槐县民政局。",))
    assert read(f"定泊县民政局{PLAIN}{OWN}", "定泊县财政局_2016.txt").conflicts == (
        "报告机关为定泊县民政局，文件名写定泊县财政局。",
    )
    assert read(f"定泊县民政局{PLAIN}{OWN}", "2016年年报汇总.txt").conflicts == ()


def test_a_title_printed_again_inside_the_report_hides_nothing() -> None:
    title = "定泊县民政局政府信息公开工作年度报告"
    page = f"{title}{OWN}\n{title}\n附加说明一句。"
    assert (read(page).year, read(page).kind) == (2016, "annual_report")
    assert read(page).evidence["year"][0].where == "period"


def test_the_county_of_a_town_is_taken_from_the_page_and_recorded() -> None:
    found = read(f"石匣镇人民政府{PLAIN}{OWN.replace('我局', '我镇')}\n信息在柳泽县人民政府网站公开。")
    assert (found.agency, found.region, found.superior) == ("石匣镇人民政府", "柳泽县石匣镇", "柳泽县人民政府")
    assert [place.value for place in found.evidence["region"]] == ["石匣镇人民政府", "柳泽县"]
    two = read(f"石匣镇人民政府{PLAIN}{OWN}\n柳泽县人民政府和定泊县人民政府的网站。")
    assert (two.region, two.superior) == ("石匣镇", None)


def test_publication_before_the_year_it_reports_on() -> None:
    found = read(f"发布日期：2015-02-01\n定泊县民政局{PLAIN}{OWN}")
    assert found.conflicts == ("报告年度为2016年，发布日期却是2015-02-01。",)


@pytest.mark.parametrize(("page", "published", "where"), [
    (f"发布日期：2017-02-01\n定泊县民政局{PLAIN}{OWN}", "2017-02-01", "发布日期"),
    (f"定泊县民政局{PLAIN}\n（2017年3月10日）{OWN}", "2017-03-10", "page head"),
    (f"定泊县民政局{PLAIN}{OWN}\n定泊县民政局\n二〇一七年三月十日", "2017-03-10", "signature"),
], ids=["label", "bare", "signature"])
def test_publication(page: str, published: str, where: str) -> None:
    found = read(page)
    assert (found.published, found.evidence["published"][0].where) == (published, where)


@pytest.mark.parametrize(("page", "kind", "reason"), [
    ("一图读懂沭阳县2021年政府信息公开工作年度报告\n" + "图解" * 40, "other", "interpretation"),
    ("《沭阳县2021年政府信息公开工作年度报告》解读\n一、编制背景\n" + "为了让公众了解情况，现解读如下。" * 5, "other",
     "interpretation"),
    ("关于做好2019年度政府信息公开工作年度报告编制和发布工作的通知\n各部门：\n" + "请按时报送。" * 10, "other",
     "notice"),
    ("沭阳县教育局政府信息公开指南\n" + "为了更好地提供政府信息公开服务，本局编制了指南。" * 3, "other", "guide"),
    ("沭阳县2020年法治政府建设年度报告\n" + "我县深入推进依法行政。" * 10, "other", "other-report"),
    ("来信人：张某\n来信时间：2020-01-01\n来信内容：\n" + "请问学区怎样划分？" * 5 + "\n答复单位：教育局\n答复内容"
        "：\n见公告。",
     "other", "letter"),
    ("沭阳县教育局2019年政府信息公开工作年度报告" + BODY, "annual_report", None),
    ("沭阳县教育局2019年政府信息公开工作年度报告\n", "other", "empty"),
    ("\n".join(f"沭阳县{name}局2019年政府信息公开工作年度报告 2020-01-1{n}" for n, name in enumerate(
        ("教育", "财政", "民政", "司法", "水利", "审计"))), "other", "list"),
], ids=["picture", "interpretation", "notice", "guide", "other report", "letter", "report", "empty", "list"])
def test_kinds(page: str, kind: str, reason: str | None) -> None:
    found = read(page)
    assert found.kind == kind
    assert (found.reason or "").split(":")[0] == (reason or "")


@pytest.mark.parametrize(("name", "level", "function", "superior"), [
    ("沭阳县教育局", "county", "education", "沭阳县人民政府"),
    ("沭阳县人民政府", "county", "government", "宿迁市人民政府"),
    ("沭阳县人民政府办公室", "county", "government_office", "沭阳县人民政府"),
    ("宿迁市人民政府", "city", "government", "江苏省人民政府"),
    ("江苏省人民政府", "province", "government", "国务院"),
    ("江苏省教育厅", "province", "education", "江苏省人民政府"),
    ("教育部", "national", "education", "国务院"),
    ("沭阳县桑墟镇人民政府", "township", "government", "沭阳县人民政府"),
    ("石匣镇人民政府", "township", "government", None),
    ("国家税务总局沭阳县税务局", "county", "tax", "国家税务总局宿迁市税务局"),
    ("北京市人民政府外事办公室", "province", "foreign_affairs", "北京市人民政府"),
    ("望川市供水有限公司", "city", "enterprises", None),
    ("南京市鼓楼区司法局", "county", "justice", "南京市鼓楼区人民政府"),
    ("某某协会", None, None, None),
])
def test_profiles(name: str, level: str | None, function: str | None, superior: str | None) -> None:
    known = profile(name)
    assert (known.level, known.function, known.superior) == (level, function, superior)


def test_ids_are_the_same_however_the_place_is_printed() -> None:
    names = ("洮北区政务服务局", "白城市洮北区政务服务局", "吉林省白城市洮北区政务服务局")
    assert {profile(name).agency_id for name in names} == {"吉林省白城市洮北区政务服务局"}
    assert profile("沭阳县政府办公室").agency_id == profile("沭阳县人民政府办公室").agency_id


def test_aliases_are_short_forms_longest_first() -> None:
    aliases = profile("沭阳县发展和改革局").aliases
    assert {"县发改局", "沭阳县发改局", "县发展和改革局", "县发展改革局"} <= set(aliases)
    assert list(aliases) == sorted(aliases, key=lambda name: (-len(name), name))
    assert "沭阳县发展和改革局" not in aliases
    assert "洮北区政务服务局" in profile("白城市洮北区政务服务局").aliases
    assert {"县政府", "沭阳县政府"} <= set(profile("沭阳县人民政府").aliases)


@pytest.mark.parametrize(("longer", "shorter", "answer"), [
    ("沭阳县教育局", "县教育局", True), ("沭阳县教育局", "教育局", True), ("雁坪区城市管理局", "雁坪区城管局", True),
    ("雁坪区城市管理局", "棠溪区城管局", False), ("沭阳县财政局", "县教育局", False), ("沭阳县教育局", "沭阳县教育局",
     False),
    ("定泊县发展和改革委员会", "定泊县发改委", True), ("沭阳县体育局", "县教育局", False),
     ("青垣省人民政府国有资产监督管理委员会", "青垣省国资委", True),
])
def test_completes(longer: str, shorter: str, answer: bool) -> None:
    assert completes(longer, shorter) is answer


def test_names() -> None:
    assert full_name("沭阳县人民") == full_name("沭阳县政府") == full_name("沭阳县") == "沭阳县人民政府"
    assert without_office("沭阳县教育局办公室") == "沭阳县教育局"
    assert without_office("沭阳县人民政府办公室") == "沭阳县人民政府办公室"
    assert bare_place("沭阳县教育局") is None
    assert [needs_place(name) for name in ("县教育局", "教育局", "教育部", "市场监督管理局", "沭阳县教育局")] == [
        True, True, False, True, False,
    ]


@pytest.mark.parametrize(("name", "path"), [
    ("江苏路街道办事处", "江苏路街道"), ("吉林市教育局", "吉林省吉林市"), ("海南州教育局", "青海省海南藏族自治州"),
    ("禾洲市民族宗教事务局", "禾洲市"), ("城市管理局", None), ("区域合作办公室", None), ("朝阳区教育局", "朝阳区"),
     ("长春市朝阳区教育局",
     "吉林省长春市朝阳区"),
])
def test_regions(name: str, path: str | None) -> None:
    region = parse_region(name)
    assert (region.path if region else None) == path


def test_mentions_in_prose_are_no_titles() -> None:
    text = "现公布沭阳县教育局2019年政府信息公开工作年度报告。"
    text += "根据《沭阳县2019年政府信息公开年度报告》的要求，本年度报告由我局编制。"
    assert find_titles(text) == []
    assert parse_title("沭阳县教育局工作动态") is None
    assert [parse_year(token) for token in ("2019", "二〇一九", "二O一九", "一九", "")] == [2019, 2019, 2019, None,
        None]


def test_empty_text() -> None:
    found = identify("", Layout(), {}, "")
    assert (found.kind, found.agency, found.year) == ("other", None, None)


SHARED = Path(__file__).parents[2] / "shared"


@pytest.mark.parametrize("with_file_name", [True, False])
@pytest.mark.parametrize("gold", sorted(SHARED.glob("gold/*[0-9略].json")), ids=lambda gold: gold.stem)
def test_shared_reports(gold: Path, with_file_name: bool) -> None:
    wanted = json.loads(gold.read_text(encoding="utf-8"))
    report = read_report(SHARED / "reports" / wanted["report"])
    found = report.identity if with_file_name else identify(report.text, report.layout, {}, "a.txt")
    assert (found.agency, found.year, found.kind) == (wanted["agency"], wanted["year"], "annual_report")


def test_every_data_file_has_a_line_in_the_readme() -> None:
    folder = resources.path("models")
    listed = set(re.findall(r"^\| `([^`]+)` \|", (folder / "README.md").read_text(encoding="utf-8"), re.M))
    assert listed == {file.name for file in folder.iterdir() if file.is_file()} - {"README.md"}


RULES = resources.load_toml("models/identity.toml")


@pytest.mark.parametrize("rule", RULES["function"], ids=[rule["id"] for rule in RULES["function"]])
def test_function_rules(rule: dict[str, str]) -> None:
    assert profile(rule["example"]).function == rule["id"]
    assert profile(rule["counter_example"]).function != rule["id"]


@pytest.mark.parametrize("rule", RULES["other"], ids=[rule["id"] for rule in RULES["other"]])
def test_other_rules(rule: dict[str, str]) -> None:
    assert re.search(rule["pattern"], fold_width(rule["example"]))
    assert not re.search(rule["pattern"], fold_width(rule["counter_example"]))


_WIDE = str.maketrans("0123456789（），：", "０１２３４５６７８９(),:")
CHOSEN = [case[0] for case in TITLES if "\n" not in case[0] and " " not in case[0]]


@settings(max_examples=60, deadline=None)
@given(title=st.sampled_from(CHOSEN), wide=st.booleans(), gap=st.sampled_from([" ", "\n", "\n\n", "\u3000", "\n \n"]),
       lead=st.sampled_from(["", " ", "\n\n", "\u3000\u3000"]))
def test_identity_is_blind_to_white_space_and_width(title: str, wide: bool, gap: str, lead: str) -> None:
    base = read(title + BODY)
    text = lead + gap.join((title + BODY).split("\n"))
    other = read(text.translate(_WIDE) if wide else text)
    assert replace(other, title=None, evidence={}) == replace(base, title=None, evidence={})

"""Some sixty small reports of two years in a folder: who repeats, who copies, who says little, whose form changed.

Sentences are strung together from words of the specimens (`benchmarks.generate`), so that what is shared is what is
planted here. Agencies are of invented places.
"""

from __future__ import annotations

import random
from pathlib import Path

from benchmarks.generate import make_sentence

COUNTIES = ("柳泽县", "松漪县", "砚岭县", "定泊县", "乌槐县")
OFFICES = ("水务局", "林业局", "财政局", "民政局", "审计局", "统计局")
# Towns of one county: the three of them fill in one template of their superior.
TOWNS = ("砚岭县青梨镇人民政府", "砚岭县白芦乡人民政府", "砚岭县下柘镇人民政府")
REPEATS, COPIES, COPIED, BRIEF = "柳泽县水务局", "柳泽县林业局", "松漪县林业局", "乌槐县统计局"
# What the third report of 柳泽县财政局 and 松漪县财政局 are: years between which the prescribed form changed.
CHANGED = {"柳泽县财政局": (2018, 2019), "松漪县财政局": (2020, 2021)}
# Half of the agencies say these two of the genre's sentences.
STOCK = (
    "全年未发生因信息发布不当引发的舆情事件和失泄密问题，没有收到群众对信息公开工作的投诉举报。",
    "对拟公开的信息逐条进行保密审查，由经办人初审、分管领导复核、主要负责人签发以后再发布。",
)
FORM_2008 = (
    "一、概述", "二、主动公开政府信息的情况", "三、依申请公开政府信息办理情况", "四、收费及减免情况",
    "五、存在的主要问题及改进措施",
)
FORM = (
    "一、总体情况", "二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况", "五、存在的主要问题及改进情况", "六、其他需要报告的事项",
)
# What part 六 says, so that a section has some text and too little for a ratio.
OTHER = "收费情况：没有收取信息处理费。"
Body = dict[str, list[str]]


def write_reports(folder: Path) -> None:
    """Write the reports of 2022 and 2023, and those of the years of `CHANGED`."""
    rng = random.Random(7)
    template = make_body(rng, "本镇")
    before: dict[str, Body] = {}
    for year in (2022, 2023):
        bodies: dict[str, Body] = {}
        for name in [*(county + office for county in COUNTIES for office in OFFICES), *TOWNS]:
            bodies[name] = make_body(rng, name)
            if name in TOWNS and year == 2023:
                bodies[name]["一"] = template["一"]
        if before:
            bodies[REPEATS] = before[REPEATS]
            bodies[COPIES]["一"] = [
                sentence.replace(COPIED, COPIES) for sentence in bodies[COPIED]["一"][:10]
            ] + bodies[COPIES]["一"][10:]
        bodies[BRIEF] = {"一": bodies[BRIEF]["一"][:3], "五": bodies[BRIEF]["五"][:1]}
        for name, body in bodies.items():
            write(folder, name, year, body)
        before = bodies
    for name, years in CHANGED.items():
        for year in years:
            write(folder, name, year, before[name])


def make_body(rng: random.Random, name: str) -> Body:
    body = {part: ["".join(make_sentence(rng, name)) for _ in range(count)] for part, count in (("一", 16), ("五", 10))}
    if rng.random() < 0.5:
        for at, sentence in enumerate(STOCK):
            body["一"].insert(4 * at + 2, sentence)
    return body


def write(folder: Path, name: str, year: int, body: Body) -> None:
    body = {**body, "六": [OTHER]}
    parts = {heading: body.get(heading[0], ["无。"]) for heading in (FORM_2008 if year < 2019 else FORM)}
    opening = f"根据《中华人民共和国政府信息公开条例》规定，编制{year}年政府信息公开工作年度报告。"
    lines = [f"{name}{year}年政府信息公开工作年度报告", opening]
    for heading, sentences in parts.items():
        lines += [heading, *("".join(sentences[at : at + 4]) for at in range(0, len(sentences), 4))]
    lines += [name, f"{year + 1}年1月20日"]
    (folder / f"{name}_{year}.txt").write_text("\n".join(lines), encoding="utf-8")

"""Rows of an invented run: three agencies of invented places, one hostile report, one file that is no report.

Built by hand and not by running earlier stages; offsets are found by searching the invented texts, so they are right
by construction.
"""

from __future__ import annotations

import json

HOSTILE = '<script>alert("x")</script>"><img src=x onerror=alert(1)>\u202e=1+1\u2028</textarea>'

TEXT_A = """云岭县民政局2023年度政府信息公开工作年度报告
根据《中华人民共和国政府信息公开条例》编制本报告。
一、总体情况
（一）主动公开
全年通过县政府网站公开信息126条。我局坚持以公开促落实，取得了较好成效。
第 1 页
二、主动公开政府信息情况
规章\t0\t0\t2
规范性文件\t1\t1\t6
三、收到和处理政府信息公开申请情况
本年新收\t5\t1\t0\t0\t0\t0\t7
四、政府信息公开行政复议、行政诉讼情况
维持\t0\t0\t0\t0\t0
五、存在的主要问题及改进情况
公开内容还不够全面，解读材料偏少。下一步，我局将在2024年6月底前编制婚姻登记事项公开目录。进一步提高认识。
六、其他需要报告的事项
无其他需要报告的事项。
云岭县民政局
2024年1月15日
"""

TEXT_B = """青溪县民政局2023年度政府信息公开工作年度报告
一、总体情况
全年通过县政府网站公开信息98条。我局坚持以公开促落实，取得了较好成效。
五、存在的主要问题及改进情况
公开内容还不够全面，解读材料偏少。
六、其他需要报告的事项
无其他需要报告的事项。
"""

TEXT_C = """云岭县民政局2021年度政府信息公开工作年度报告
一、总体情况
我局坚持以公开促落实，取得了较好成效。
五、存在的主要问题及改进情况
下一步，编制公开目录。
"""

TEXT_H = f"恶意文件{HOSTILE}\n一、总体情况{HOSTILE}\n内容{HOSTILE}。\n表格{HOSTILE}\t1\n"

TEXTS = {"a1": TEXT_A, "b1": TEXT_B, "c1": TEXT_C, "h1": TEXT_H}

HEADINGS = {
    "一、总体情况": "overview", "二、主动公开政府信息情况": "proactive",
    "三、收到和处理政府信息公开申请情况": "requests", "四、政府信息公开行政复议、行政诉讼情况": "review",
    "五、存在的主要问题及改进情况": "problems", "六、其他需要报告的事项": "other",
}
ROLES = {
    "根据《": "background", "全年通过": "work", "我局坚持": "work", "公开内容": "problem", "下一步": "plan",
    "进一步": "plan", "无其他": "nil", "内容<": "work",
}


def sample_rows() -> dict[str, list[dict[str, object]]]:
    """The rows of every table that the invented run fills."""
    rows: dict[str, list[dict[str, object]]] = {
        "reports": [_report(*item) for item in (
            ("a1", "云岭/民政局 2023.html", "云岭县民政局", "云岭县", "county", 2023, "2021"),
            ("b1", "青溪县民政局.docx", "青溪县民政局", "青溪县", "county", 2023, "2021"),
            ("c1", "云岭县民政局2021.txt", "云岭县民政局", "云岭县", "county", 2021, "2021"),
            ("h1", "../evil'\"<b>.html", HOSTILE, HOSTILE, None, None, "free"),
        )],
        "texts": [{"report_id": name, "text": text} for name, text in TEXTS.items()],
        "failures": [{
            "path": f"坏文件{HOSTILE}.pdf", "stage": "read", "error": "DamagedFileError",
            "message": f"Not a PDF: {HOSTILE}", "hint": "Open it and save it again.",
        }],
    }
    rows["reports"].append({**_report("o1", "通知.txt", None, None, None, None, None), "kind": "other",
                            "reason": "no title of an annual report", "n_chars": 12, "n_narrative": 0})
    rows["reports"].append({**rows["reports"][0], "path": "云岭/副本.html", "duplicate_of": "a1"})
    rows["texts"].append({"report_id": "o1", "text": "关于开展培训的通知内容略。"})
    for name, text in TEXTS.items():
        _structure(rows, name, text)
    whole = {"report_id": "o1", "start": 0, "end": len(rows["texts"][-1]["text"]), "kind": "dropped", "reason": "other"}
    rows["spans"].append(whole)
    half = TEXT_A.index("二、主动公开")
    rows["pages"] = [
        {"report_id": "a1", "page": 1, "start": 0, "end": half},
        {"report_id": "a1", "page": 2, "start": half, "end": len(TEXT_A)},
    ]
    _labels(rows)
    _tables(rows)
    _reuse(rows)
    _flags(rows)
    return rows


def _report(report_id, path, agency, region, level, year, form):
    text = TEXTS.get(report_id, "")
    evidence = {"year": [
        {"value": str(year), "where": "title", "start": 6, "end": 11},
        {"value": f"{year}年报", "where": "html:meta ArticleTitle", "start": None, "end": None},
    ]} if year else {}
    return {
        "report_id": report_id, "path": path, "sha256": report_id * 32, "kind": "annual_report", "reason": None,
        "title": text.split("\n")[0] or None, "agency": agency, "agency_id": None, "aliases": None, "superior": None,
        "region": region, "level": level, "function": None, "year": year, "form": form, "published": None,
        "url": "javascript:alert(1)" if report_id == "h1" else None, "duplicate_of": None, "reference": False,
        "n_chars": len(text), "n_narrative": len(text) // 2, "conflicts": None,
        "evidence": json.dumps(evidence, ensure_ascii=False),
    }


def _structure(rows, name, text):
    """Spans that tile the text, sections, a sub-heading, units: a line is one kind of thing."""
    at, order, section = 0, 0, None
    for line in text.splitlines(keepends=True) if name != "h1" else [part + "\n" for part in text.split("\n")[:-1]]:
        bare, end = line.rstrip("\n"), at + len(line)
        heading = next((key for key in HEADINGS if bare.startswith(key)), None)
        kind = "heading" if heading or bare.startswith("（一）") else "table" if "\t" in bare else "narrative"
        if bare.startswith("第 1 页"):
            kind = "furniture"
        rows.setdefault("spans", []).append(
            {"report_id": name, "start": at, "end": end, "kind": kind, "reason": f"line:{kind}"}
        )
        if heading:
            if section:
                section["end"] = at
            section = {
                "report_id": name, "order": len([s for s in rows.get("sections", []) if s["report_id"] == name]),
                "section": HEADINGS[heading], "heading": bare, "heading_start": at, "start": end, "end": len(text),
                "has_table": HEADINGS[heading] in ("proactive", "requests", "review"), "by": "title", "score": 0.9,
            }
            rows.setdefault("sections", []).append(section)
        elif kind == "heading":
            rows.setdefault("subheadings", []).append({
                "report_id": name, "order": 0, "section": "overview", "section_order": 0, "level": 1, "parent": None,
                "text": bare, "start": at, "end": at + len(bare), "topic": None,
            })
        elif kind == "narrative" and section:
            order = _units(rows, name, line, at, order, section)
        at = end


def _units(rows, name, line, at, order, section):
    start = 0
    for position, character in enumerate(line):
        if character == "。":
            unit = line[start:position + 1]
            role = next((role for cue, role in ROLES.items() if unit.startswith(cue)), "background")
            rows.setdefault("units", []).append({
                "report_id": name, "order": order, "start": at + start, "end": at + position + 1, "text": unit,
                "section": section["section"], "section_order": section["order"], "role": role, "role_score": 0.8,
                "abstained": unit.startswith("进一步"),
                "specificity": {"下": 3, "进": 1}.get(unit[0]) if role == "plan" else None,
                "formulaic": unit.startswith(("我局坚持", "进一步")), "formulaic_score": 0.7, "by": "cue:x",
            })
            order, start = order + 1, position + 1
    return order


def _labels(rows):
    unit = next(u for u in rows["units"] if u["text"].startswith("下一步"))
    for slot, value in (("time", "2024年6月底前"), ("what", "编制"), ("document", "婚姻登记事项公开目录")):
        start = TEXT_A.index(value)
        rows.setdefault("slots", []).append({
            "report_id": "a1", "unit_order": unit["order"], "slot": slot, "start": start, "end": start + len(value),
            "value": value,
        })
    problem = next(u for u in rows["units"] if u["report_id"] == "a1" and u["role"] == "problem")
    rows["themes"] = [{"report_id": "a1", "unit_order": problem["order"], "theme": "content", "score": 0.9}]
    done = TEXT_A.index("全年通过")
    rows["follow"] = [{
        "agency": "云岭县民政局", "year": 2021, "kind": "commitment", "report_id": "c1",
        "start": TEXT_C.index("下一步"),
        "end": len(TEXT_C) - 1, "text": "下一步，编制公开目录。",
        "verdict": "reported_done", "next_report_id": "a1", "evidence_start": done, "evidence_end": done + 4,
        "evidence": "全年通过", "score": 0.5,
    }]
    rows["links"] = [{"report_id": "a1", "problem_order": problem["order"], "plan_order": unit["order"], "score": 0.4}]
    rows["keywords"] = [
        {"report_id": "a1", "section": None, "term": term, "score": 1.0 - rank / 10, "method": "tfidf", "rank": rank}
        for rank, term in enumerate(("婚姻登记", "公开目录", "解读材料", HOSTILE), start=1)
    ]


def _tables(rows):
    columns = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计")
    start = TEXT_A.index("本年新收\t") + len("本年新收\t")
    cells = rows["cells"] = []
    for position, (column, value) in enumerate(zip(columns, (5, 1, 0, 0, 0, 0, 7), strict=True)):
        cells.append(_cell(3, "", "一、本年新收政府信息公开申请数量", column, value, start + 2 * position))
    secret = "三、本年度办理结果/（三）不予公开/1.属于国家秘密"
    cells.append({**_cell(3, "", secret, "自然人", None, None), "state": "absent", "raw": ""})
    line = TEXT_A.index("规章\t") + 3
    for position, column in enumerate(("本年制发件数", "本年废止件数", "现行有效件数")):
        cells.append(_cell(2, "第二十条第（一）项", "规章", column, (0, 0, 2)[position], line + 2 * position))
    cells.append({**_cell(4, "", "行政复议", "结果维持", None, None), "state": "uncertain", "alternatives": "[0, 10]"})
    rows["checks"] = [
        {"report_id": "a1", "rule": "t3.row_total", "scope": "一、本年新收政府信息公开申请数量", "state": "FAIL",
         "expected": "6", "found": "7", "fault": "source", "message": "一、本年新收：六类申请人合计6，总计7",
         "cells": json.dumps([f"3//一、本年新收政府信息公开申请数量/{c}" for c in columns], ensure_ascii=False)},
        {"report_id": "a1", "rule": "t2.any", "scope": "规章", "state": "PASS", "expected": "2", "found": "2",
         "fault": None, "message": "一致", "cells": "[]"},
        {"report_id": "b1", "rule": "t3.row_total", "scope": None, "state": "NOT_ASSESSABLE", "expected": None,
         "found": None, "fault": "unknown", "message": "表三未见", "cells": "[]"},
    ]
    at = TEXT_A.index("126条")
    rows["claims"] = [{
        "report_id": "a1", "start": at, "end": at + 4, "text": "公开信息126条", "number": 126.0, "unit": "条",
        "target": None, "expected": None, "verdict": "no_counterpart", "nearest": None,
    }]


def _cell(table, block, row, column, value, start):
    return {
        "report_id": "a1", "table": table, "form": "2021", "block": block, "row": row, "column": column,
        "value": None if value is None else float(value), "raw": "" if value is None else str(value),
        "state": "printed", "alternatives": "[]", "start": start, "end": None if start is None else start + 1,
    }


def _passage(number, a, b, quote, kind, level, direction):
    starts = [TEXTS[name].index(quote) for name in (a, b)]
    return {
        "passage_id": f"p{number}", "a_report": a, "a_start": starts[0], "a_end": starts[0] + len(quote),
        "b_report": b, "b_start": starts[1], "b_end": starts[1] + len(quote), "level": level, "kind": kind,
        "direction": direction, "score": 1.0, "n_chars": len(quote),
    }


def _reuse(rows):
    shared = "我局坚持以公开促落实，取得了较好成效。"
    rows["passages"] = [
        _passage(1, "a1", "b1", shared, "peer", "exact", "none"),
        _passage(2, "a1", "c1", shared, "self", "exact", "b>a"),
        _passage(3, "a1", "b1", "公开内容还不够全面，解读材料偏少。", "template", "masked", "none"),
    ]
    rows["clusters"] = [
        {"cluster_id": "f1", "report_id": name, "shape": "star", "role": role}
        for name, role in (("a1", "source"), ("b1", "copy"))
    ]
    shares = {
        "a1": (0.2, 0.1, 0.2, 0.1, 0.4), "b1": (0.0, 0.0, 0.3, 0.5, 0.2), "c1": (None,) * 5, "h1": (0, 0, 0, 0, 1),
    }
    rows["composition"] = [
        {"report_id": name, "section": None, "section_order": None,
         **dict(zip(("formula", "own_past", "template", "peer", "own"), values, strict=True)), "n_chars": 400}
        for name, values in shares.items()
    ]
    part = {"formula": 0.0, "own_past": 0.0, "template": 0.25, "peer": 0.0, "own": 0.75}
    rows["composition"].append({"report_id": "a1", "section": "problems", "section_order": 4, **part, "n_chars": 300})


def _flags(rows):
    quote = TEXT_A.index("我局坚持")
    places = [{"report_id": "a1", "start": quote, "end": quote + 10, "quote": "我局坚持以公开促落实"}]
    rows["flags"] = [
        {"flag_id": "k1", "report_id": "a1", "flag": "sum_fails", "severity": "high",
         "reason": "表格勾稽关系不符：一、本年新收：六类申请人合计6，总计7",
         "evidence": json.dumps([{"report_id": "a1", "start": None, "end": None,
                                  "quote": "3//一、本年新收政府信息公开申请数量/总计"}], ensure_ascii=False)},
        {"flag_id": "k2", "report_id": "b1", "flag": "shares_with_peer", "severity": "high",
         "reason": "正文 50% 与其他机关报告文字重合，其中与云岭县民政局重合最多",
         "evidence": json.dumps(places, ensure_ascii=False)},
        {"flag_id": "k3", "report_id": "h1", "flag": "polluted_text", "severity": "medium",
         "reason": f"页面文字可能被改动：{HOSTILE}", "evidence": "not JSON " + HOSTILE},
    ]


INFO = {"version": "0.1.0", "settings_fingerprint": "0" * 64, "counts": {"reports": 6}}

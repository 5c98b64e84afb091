"""The outline of a report against the unified formats: parts missing, empty, doubled, out of order; topics of part 一.

A finding that may be the reader's fault is UNCERTAIN and says so: words of a missing part that stand in the text, a
table that may be a picture, a boundary that is not sure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from gknlp.normalize import fold_width
from gknlp.resources import load_toml
from gknlp.types import Check, Section, Segmentation

OUTLINE = "models/outline.toml"
UNIFIED_FORMS = ("2019", "2021")
# Below this score a boundary was chosen over a close rival: of the specimens' headings one in five is wrong there,
# above it one in eighty.
SURE = 0.96


def check_outline(text: str, parts: Segmentation) -> tuple[Check, ...]:
    """Check the parts of a report of form 2019 or 2021; reports of other forms have no mandated outline and no checks.

    Rules, in this order: `P-part` (each mandated part is there), `P-once` (and only once), `P-empty` (it holds
    narrative or, where the form wants one, a table), `P-order` (parts in the order of the form), `P-topic` (form 2021:
    the five topics of part 一, by sub-heading or by words). `scope` is the part's or topic's id. FAIL is put only where
    nothing in the text speaks for a fault of the reader. Cost: linear.
    """
    if parts.form not in UNIFIED_FORMS:
        return ()
    rules = load_toml(OUTLINE)
    found: dict[str, list[Section]] = {}
    for section in parts.sections:
        found.setdefault(section.section, []).append(section)
    first = min((s.start for s in parts.sections if s.heading is not None), default=0)
    body = re.sub(r"\s", "", fold_width(text[first:]))
    checks = [_check_part(rule, found.get(rule["id"], []), body) for rule in rules["part"]]
    checks += [_check_once(rule, found[rule["id"]]) for rule in rules["part"] if rule["id"] in found]
    checks += [
        _check_content(rule, section, parts) for rule in rules["part"] for section in found.get(rule["id"], [])
    ]
    checks.extend(_check_order([rule["id"] for rule in rules["part"]], parts.sections))
    if parts.form == "2021" and "overview" in found:
        checks.extend(_check_topics(rules["topic"], found["overview"], parts))
    return tuple(checks)


def _check_part(rule: Mapping[str, Any], sections: Sequence[Section], body: str) -> Check:
    name = rule["zh"]
    if sections:
        return Check("P-part", rule["id"], "PASS", name, sections[0].heading, (), "unknown", f"有“{name}”部分")
    trace = re.search(rule["trace"], body)
    if trace:
        message = f"没有认出“{name}”部分，但正文出现“{trace[0]}”，可能是识别误差"
        return Check("P-part", rule["id"], "UNCERTAIN", name, None, (), "reader", message)
    return Check("P-part", rule["id"], "FAIL", name, None, (), "source", f"缺少“{name}”部分")


def _check_once(rule: Mapping[str, Any], sections: Sequence[Section]) -> Check:
    headings = "；".join(section.heading or "" for section in sections)
    if len(sections) == 1:
        return Check("P-once", rule["id"], "PASS", "1", "1", (), "unknown", f"“{rule['zh']}”出现一次")
    sure = all(section.score >= SURE for section in sections)
    message = f"“{rule['zh']}”出现{len(sections)}次：{headings}"
    state, fault = ("FAIL", "source") if sure else ("UNCERTAIN", "unknown")
    return Check("P-once", rule["id"], state, "1", str(len(sections)), (), fault, message)


def _check_content(rule: Mapping[str, Any], section: Section, parts: Segmentation) -> Check:
    """Whether a part holds what the form wants in it."""
    told = any(unit.section_order == section.order for unit in parts.units)
    heading = section.heading or rule["zh"]
    state, fault, message = "PASS", "unknown", f"“{heading}”有内容"
    if rule["table"] and not section.has_table:
        state, message = "UNCERTAIN", f"“{heading}”没有读到表格，可能是图片或缺失"
    elif not (told or section.has_table):
        state, fault, message = "FAIL", "source", f"“{heading}”没有内容"
    return Check("P-empty", rule["id"], state, "table" if rule["table"] else "narrative", None, (), fault, message)


def _check_order(order: Sequence[str], sections: Sequence[Section]) -> Iterable[Check]:
    """One check over all mandated parts that are there."""
    present = [section.section for section in sections if section.section in order]
    wanted = sorted(present, key=order.index)
    if len(present) > 1:
        right = present == wanted
        message = "各部分顺序与规定格式一致" if right else "各部分顺序与规定格式不一致"
        state, fault = ("PASS", "unknown") if right else ("FAIL", "source")
        if not right and any(section.score < SURE for section in sections):
            state, fault = "UNCERTAIN", "unknown"
        yield Check("P-order", "report", state, " ".join(wanted), " ".join(present), (), fault, message)


def _check_topics(rules: Sequence[Mapping[str, Any]], overview: Sequence[Section], parts: Segmentation) -> list[Check]:
    """The five topics of part 一; one that only its words speak for is UNCERTAIN, since nobody sees it as a topic."""
    orders = {section.order for section in overview}
    headed = {sub.topic for sub in parts.subheadings if sub.section_order in orders}
    told = fold_width("\n".join(unit.text for unit in parts.units if unit.section_order in orders))
    checks = []
    for rule in rules:
        if rule["id"] in headed:
            state, how = "PASS", "有小标题"
        elif re.search(rule["trace"], told):
            state, how = ("UNCERTAIN" if headed - {None} else "PASS"), "没有小标题，正文提到"
        else:
            state, how = "FAIL", "没有写到"
        fault = "source" if state == "FAIL" else "unknown"
        checks.append(Check("P-topic", rule["id"], state, rule["zh"], how, (), fault, f"“{rule['zh']}”{how}"))
    return checks

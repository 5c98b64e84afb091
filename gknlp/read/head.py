"""The block of `key: value` lines that crawlers and archives put above a report: facts, and furniture."""

from __future__ import annotations

import re
from collections import defaultdict

from gknlp.types import Found, Furniture

# What the keys of such heads mean; a key not listed here belongs to the head but states no fact.
_KEYS = {
    "title": ("标题", "题目", "名称", "文章标题", "信息名称", "文件名称", "title"),
    "published": ("发布时间", "发布日期", "公开日期", "公开时间", "发文日期", "成文日期", "生成日期", "日期", "时间",
                  "pubdate", "date", "published", "publishtime", "publish_date"),
    "publisher": ("发布机构", "发布单位", "公开机构", "公开主体", "单位", "来源", "信息来源", "文章来源", "机构",
                  "发文机关", "发布者", "作者", "source", "publisher", "author"),
    "agency": ("公开单位", "报告单位", "编制单位", "agency"),
    "year": ("年度", "年份", "报告年度", "year"),
    "url": ("原文链接", "来源网址", "链接", "网址", "原文网址", "来源链接", "地址链接", "url", "link", "source_url"),
    "column": ("栏目", "分类", "频道", "主题分类", "column", "category"),
    "index_number": ("索引号", "文号", "信息索引号", "index"),
    "region": ("地区", "行政区划", "区划", "region"),
    "collected": ("采集时间", "抓取时间", "下载时间", "保存时间", "crawled", "fetched"),
}
MEANING = {key: name for name, keys in _KEYS.items() for key in keys}
_KEY = r"[#>*\-\s【\[]*([A-Za-z_]{3,20}|[\u4e00-\u9fff]{2,8})[*\]】\s]*[:：]"
_KEYED = re.compile(_KEY)
_PAIR = re.compile(rf"{_KEY}[*\s]*([^\n]*?)[*\s]*$")
_RULE = re.compile(r"\s*(?:[=＝\-—_*~]{3,}.{0,12}|<!--.*-->)\s*$")
_REACH = 4000
_MAX_LINES = 60
# A head shows itself in its first lines (YAML's rule, a title, blank lines may stand above it).
_FIRST = 8


def read_head(text: str) -> tuple[dict[str, tuple[Found, ...]], tuple[Furniture, ...]]:
    """Read the head of key lines at the start of `text`: its facts by name, and its span as furniture.

    A head is two or more known keys in lines that follow each other, or all before a ruled line (`==== 正文 ====`,
    YAML's `---`). Offsets index `text`; a text without a head gives nothing. Looks at the first 4,000 characters only.
    """
    lines = _lines(text)
    if not any(_key(line) in MEANING for _, _, line in lines[:_FIRST]):
        return {}, ()
    rule = next((n for n, (_, _, line) in enumerate(lines) if n and _RULE.match(line)), None)
    known = [n for n, (_, _, line) in enumerate(lines) if _key(line) in MEANING]
    if rule is not None and sum(n < rule for n in known) >= 2:
        last = rule
    else:
        first = next((n for n, (_, _, line) in enumerate(lines) if line.strip()), 0)
        last = first - 1
        for number in range(first, len(lines)):
            line = lines[number][2]
            if (line.strip() and not _key(line)) or len(line) > 300:
                break
            if _key(line) in MEANING:  # other keys belong to the head only between known ones
                last = number
        if sum(first <= n <= last for n in known) < 2 or not set(known) & {first, first + 1}:
            return {}, ()
    facts: defaultdict[str, list[Found]] = defaultdict(list)
    for start, _, line in lines[: last + 1]:
        pair = _PAIR.match(line)
        if pair and pair[2] and pair[1].lower() in MEANING:
            name = "url" if pair[2].startswith("http") else MEANING[pair[1].lower()]
            facts[name].append(Found(pair[2], f"head:{pair[1]}", start + pair.start(2), start + pair.end(2)))
    end = min(len(text), lines[last][1] + 1)
    return {name: tuple(found) for name, found in facts.items()}, (Furniture(0, end, "crawler head"),)


def _key(line: str) -> str:
    """The key of a `key: value` line in lower case, empty for any other line."""
    pair = _KEYED.match(line)
    return pair[1].lower() if pair else ""


def _lines(text: str) -> list[tuple[int, int, str]]:
    """The first lines as (start, end, line), as far as a head can reach."""
    lines: list[tuple[int, int, str]] = []
    start = 0
    while start < min(len(text), _REACH) and len(lines) < _MAX_LINES:
        end = text.find("\n", start, start + _REACH)
        end = min(len(text), start + _REACH) if end < 0 else end
        lines.append((start, end, text[start:end]))
        start = end + 1
    return lines

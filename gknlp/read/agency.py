"""Which agency reports: every place that names it, and the choice of its own full name among them.

The title's name counts most. Where it is a bare place (石匣镇), a short form (区城管局) or missing, the signature, the preamble,
the publisher, the breadcrumb, the site and the file name complete it; a name that stands nowhere is never made up.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from gknlp.normalize import fold_width
from gknlp.read.divisions import Region, government, parse_region
from gknlp.read.titles import CORE, YEAR, parse_title, squeeze
from gknlp.types import Found, Layout

# Where names stand, the most telling first: a later place only completes or stands in for an earlier one.
PLACES = ("title", "agency", "signature", "preamble", "publisher", "file name", "breadcrumb", "site", "contact")
ORGAN = (
    r"(?:人民政府|政府|行政公署|办公[室厅]|委员会|管委会|办事处|中心|[局厅署院处站所队社馆会台校庭行委办]|[省市县区州旗]政府|公司|集团|学校|大学|学院|医院|联合会"
    r"|大队|支队|总队|部|海关|监狱|农场|林场|兵团|人民法院|检察院|银行|图书馆)"
)
_NAME = rf"[\u4e00-\u9fa5()·、]{{1,38}}?{ORGAN}"
_WHOLE_NAME = re.compile(rf"[\u4e00-\u9fa5()·、]{{1,38}}{ORGAN}")
# How the preamble names the author; in width-folded text without white space.
_PREAMBLE = (
    re.compile(
        rf"(?:公布|编制|编写|制作|撰写|形成|发布|现将|现就|起草|汇编|完成)(?:了|的|形成|本)?({_NAME})(?:本级)?(?:{YEAR}年?度?)?(?:的|年度)*(?:{CORE}|(?:政府)?信息公开)"
    ),
    re.compile(rf"(?:^|[。,;])(?:现?由|本(?:年度)?报告由|报告由)({_NAME})(?=编制|编写|汇总|综合|根据|按照|依据|撰写|组织|负责|起草|制作)"),
    re.compile(rf"(?:^|[。,;)])({_NAME})(?=(?:现|特)?(?:编制|公布|向社会公布|制作|编写)(?:了|本|{YEAR}|政府信息|年度))"),
)
_CONTACT = re.compile(
    rf"(?:请?(?:与|向|联系|致电|致函|径向|咨询)|联系(?:单位|部门|机构|人)?:|(?:^|[。,;(:]))({_NAME})(?=联系|反映|咨询|,?\(?(?:联系|办公)?地址|\(地|\(电话|,?(?:联系)?电话|提出)"
)
_LABEL = re.compile(
    rf"(?:发布机构|发布单位|公开机构|公开主体|公开单位|发文机关|发文单位|制发机关|责任部门|报告单位|填报单位|信息来源|文章来源|稿件来源|来源|作者|发布者)[:\t]?({_NAME})(?=$|[^\u4e00-\u9fa5]|发布|日期|时间|浏览|点击|阅读|字体|索引|成文|生成|公开|主题|名称|文号|打印)"
)
_CRUMB = re.compile(r"(?:位置|您在|所在)[:]?[^\n。]{0,160}|(?:网站)?首页\s*[>»/|→\-][^\n。]{0,160}")
_NO_AUTHOR = re.compile(r"^(?:本站|网站|原创|互联网|管理员|系统|未知|转载|本网|新华|人民日报|我[局县市区厅委])|网$|报社|信息公开办公室$|政务公开办公室$|网信办")
_INNER_OFFICE = re.compile(
    r"(?<=[局委厅处院会队校府社司])(?:办公室|党政办公室|党政综合办公室|综合科|秘书科|政务公开办公室|政务公开科|信息公开办公室|法规科|信息科|政策法规科|行政办公室|局办公室)$"
)
_GENERIC = re.compile(r"^(?:本|我|该|各|全)?[省市县区州旗盟乡镇](?=[^\u5dde])")
_HEAD_REACH = 2_500  # where preamble and contact line stand: behind the title, before or in the first part


@dataclass(frozen=True, slots=True)
class Naming:
    """One place that names an agency; `name` is width-folded, without white space."""

    name: str
    found: Found


def tidy(name: str) -> str:
    """A name as an annotator writes it: half-width letters, full-width brackets, no blanks."""
    plain = re.sub(r"\s+", "", fold_width(name)).strip("-_.·,、;:'\"|<>")
    return plain.replace("(", "（").replace(")", "）")


def namings(
    text: str, body: int, foot: int, layout: Layout, facts: Mapping[str, tuple[Found, ...]], file_name: str
) -> list[Naming]:
    """Every name that signature, preamble, publisher, file name, breadcrumb, site and contact line give, in that order.

    `body` is where the preamble begins, `foot` where the last part ends.
    """
    named = [*_given(facts), *_signatures(text, layout), *_in_head(text, body), *_labelled(text, body, foot)]
    named += _from_file(file_name)
    named += _crumbs(text, body, facts)
    order = {place: number for number, place in enumerate(PLACES)}
    kept = [item for item in named if len(item.name) >= 3 and not _NO_AUTHOR.search(item.name)]
    return sorted(kept, key=lambda item: order[item.found.where.split(":")[0].split(" (")[0]])


def _naming(name: str, place: str, start: int | None = None, end: int | None = None) -> Naming:
    plain = tidy(name)
    return Naming(plain, Found(plain, place, start, end))


def _given(facts: Mapping[str, tuple[Found, ...]]) -> list[Naming]:
    """Names that stand in the source's own fields."""
    found = []
    for key, place in (("agency", "agency"), ("publisher", "publisher"), ("site", "site")):
        for fact in facts.get(key, ()):
            plain = re.sub(r"\s+", "", fold_width(fact.value))
            plain = re.sub(r"(?:政府)?(?:门户)?(?:网站?|信息公开|政务公开).*$", "", plain) if key == "site" else plain
            if _WHOLE_NAME.fullmatch(plain) or (key == "agency" and plain):
                found.append(Naming(tidy(plain), Found(fact.value, f"{place}:{fact.where}", fact.start, fact.end)))
    return found


def _signatures(text: str, layout: Layout) -> list[Naming]:
    """The names that sign the report."""
    return [
        _naming(text[item.start : item.end], "signature", item.start, item.end)
        for item in layout.furniture
        if item.reason == "signature"
    ]


def _in_head(text: str, body: int) -> list[Naming]:
    """Names that the preamble and the contact line print."""
    view = squeeze(text, body, body + _HEAD_REACH)
    found = []
    for place, patterns in (("preamble", _PREAMBLE), ("contact", (_CONTACT,))):
        for pattern in patterns:
            for match in pattern.finditer(view.text):
                name, shift = _from_place(match[1])
                start = view.offsets[match.start(1) + shift]
                found.append(_naming(name, place, start, view.offsets[match.end(1) - 1] + 1))
    return found


def _from_place(name: str) -> tuple[str, int]:
    """A name cut out of prose: without the words in front of its own beginning."""
    cut = re.match(r".*(?:现将|公布|编制|发布|由|与|向|联系|咨询|关于|根据|按照|要求,?|及|制作)(?=[\u4e00-\u9fa5]{4})", name)
    return (name[cut.end() :], cut.end()) if cut else (name, 0)


def _labelled(text: str, body: int, foot: int) -> list[Naming]:
    """Names behind 发布机构, 来源 and the like, in the page's head and foot."""
    found = []
    for start, end in ((0, body), (foot, len(text))):
        view = squeeze(text, start, min(end, start + 5 * _HEAD_REACH))
        for match in _LABEL.finditer(view.text):
            found.append(_naming(match[1], "publisher", view.offsets[match.start(1)], view.offsets[match.end(1) - 1] + 1))
    return found


def _from_file(file_name: str) -> list[Naming]:
    """The name that the file's name holds: 沭阳县教育局_2019.txt, 附件1：沭阳县教育局2019年政府信息公开年度报告.docx."""
    stem = re.sub(r"\s+", "", fold_width(PurePosixPath(file_name).name.split("#")[0]))
    stem = re.sub(r"\.[A-Za-z0-9]{2,8}$", "", stem)
    parts = parse_title(stem)
    if parts and parts.agency:
        return [_naming(parts.agency, "file name")]
    for piece in re.split(r"[_\-+.,;\[\]【】]+|" + YEAR + r"年?度?", stem):
        name = re.sub(r"^(?:附件)?\d*[:.、]?|\(\d*\)$|\d+$", "", piece)
        if _WHOLE_NAME.fullmatch(name) or (len(name) >= 3 and bare_place(name)):
            return [_naming(name, "file name")]
    return []


def _crumbs(text: str, body: int, facts: Mapping[str, tuple[Found, ...]]) -> list[Naming]:
    """Names in the breadcrumb, the last first."""
    found = []
    for match in _CRUMB.finditer(fold_width(text[:body])):
        for item in re.finditer(r"[^>»/|→\s:\-]+", match.group()):
            if _WHOLE_NAME.fullmatch(item.group()) or bare_place(item.group()):
                start = match.start() + item.start()
                found.append(_naming(item.group(), "breadcrumb", start, start + len(item.group())))
    return found[::-1]


def bare_place(name: str) -> Region | None:
    """The region if `name` is a place and nothing else (石匣镇, 江苏省, 平潭综合实验区)."""
    if not re.search(r"(?:[省市县区旗盟州乡镇]|苏木|地区|街道|园区?|自治[区州县旗])$", name):
        return None
    region = parse_region(name)
    if region is not None and region.length == len(name):
        return region
    return _township(name)


def _township(name: str) -> Region | None:
    """A town or street whose name the endings give: 石匣镇, 定泊县黑石镇, 槐影街道."""
    region = parse_region(name + "人民政府")
    return region if region is not None and region.length == len(name) else None


def organ_of(place: str, region: Region) -> str:
    """A bare place as the organ that reports for it: 石匣镇 → 石匣镇人民政府, 槐影街道 → 槐影街道办事处."""
    own = government(region) or ""
    tail = re.search(r"(?:人民政府|行政公署|办事处|管理委员会)$", own)
    return place + (tail.group() if tail else "人民政府")


def full_name(name: str) -> str:
    """Spell out what names only shorten: 沭阳县政府 → 沭阳县人民政府, 沭阳县人民 (政府信息公开) → 沭阳县人民政府."""
    name = re.sub(r"(?<=[省市县区旗盟州乡镇])人民$", "人民政府", name)
    name = re.sub(r"(?<=[省市县区旗盟州乡镇])政府(?=$|办公)", "人民政府", name)
    region = bare_place(name)
    return organ_of(name, region) if region else name


def completes(longer: str, shorter: str) -> bool:
    """Whether `longer` can be the full form of `shorter`: its characters in order, same last word, a place in front allowed.

    县教育局 → 沭阳县教育局, 雁坪区城管局 → 雁坪区城市管理局, 石匣镇人民政府 → 柳泽县石匣镇人民政府.
    """
    if len(longer) <= len(shorter):
        return False
    if longer.endswith(shorter):
        return True
    generic = _GENERIC.match(shorter)
    core = shorter[generic.end() :] if generic else shorter
    region = parse_region(longer)
    rest = longer[region.length :] if region else longer
    own = parse_region(shorter)
    if own is not None and own.length < len(shorter):
        core = shorter[own.length :]
        if region is None or own.name not in (region.name, *region.parts):
            return False
    return len(core) >= 2 and core[0] == rest[:1] and _in_order(core, rest) and _same_end(core, rest)


def _in_order(short: str, long: str) -> bool:
    """Whether the characters of `short` stand in `long` in their order."""
    rest = iter(long)
    return all(character in rest for character in short)


def _same_end(short: str, long: str) -> bool:
    """Whether both end in one kind of organ: 局 and 局, 委 and 委员会, 办 and 办公室."""
    ends = {"委": "委员会", "办": "办公室", "管委会": "管理委员会"}
    return short[-1] == long[-1] or any(short.endswith(s) and long.endswith(full) for s, full in ends.items())


def needs_place(name: str) -> bool:
    """Whether a name lacks its place: 县教育局, 教育局, 石匣镇 has one."""
    return bool(_GENERIC.match(name)) or parse_region(name) is None


def without_office(name: str) -> str:
    """A signature by an agency's own inner office is the agency's: 沭阳县教育局办公室 → 沭阳县教育局; a government's office stays."""
    if re.search(r"政府(?:党政)?办公[室厅]$", name):
        return name
    return _INNER_OFFICE.sub("", name)


def choose(titled: Iterable[Naming], others: list[Naming]) -> tuple[str | None, tuple[Found, ...]]:
    """The agency's own full name and what it was read from.

    The first title that names one decides; a short or bare name is completed by the first other place whose name can be its
    full form. Without a title the places decide in the order of `PLACES`.
    """
    for title in titled:
        place = bare_place(title.name)
        name = full_name(title.name)
        short = place is not None or needs_place(title.name) or _abbreviated(title.name)
        if short:
            for item in others:
                full = full_name(without_office(item.name))
                if place and re.search(r"政府(?:党政)?办公[室厅]$", full):
                    full = re.sub(r"(?:党政)?办公[室厅]$", "", full)
                if full == name or completes(full, name):
                    return full, (title.found, item.found)
        return name, (title.found,)
    for item in others:
        if item.found.where.split(":")[0] in ("site", "contact") or _GENERIC.match(item.name):
            continue
        return full_name(without_office(item.name)), (item.found,)
    return None, ()


def _abbreviated(name: str) -> bool:
    """Whether a name is one that people shorten: few characters between its place and its ending."""
    region = parse_region(name)
    rest = name[region.length :] if region else name
    return len(rest) <= 4 or rest.endswith(("委", "办"))

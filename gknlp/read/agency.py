"""Which agency reports: every place of the page that names it, and the choice of its own full name among them.

The title's name counts most. Where it is a bare place (石匣镇), a short form (区城管局) or missing, the signature,
the preamble, the publisher, the breadcrumb, the site and the file name complete it; what stands nowhere is never made
up.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from gknlp.normalize import fold_width
from gknlp.read.agency_names import (
    GENERIC,
    GOVERNMENT_OFFICE,
    ORGAN,
    WHOLE_NAME,
    bare_place,
    completes,
    full_name,
    government_of_office,
    is_government,
    is_short,
    needs_place,
    tidy,
    without_office,
)
from gknlp.read.divisions import known_regions, parse_region
from gknlp.read.profile import is_central, place_of, profile
from gknlp.read.titles import CORE, YEAR, parse_title, squeeze
from gknlp.types import Found, Furniture

# Where names stand, the most telling first; the last ones are only believed where they fit how the text calls itself.
PLACES = (
    "agency", "signature", "preamble", "publisher", "letterhead", "file name", "breadcrumb", "contact", "site", "text",
)
_WEAK = frozenset({"publisher", "breadcrumb", "contact", "site", "text"})
_PROSE = frozenset({"preamble", "contact", "text"})  # where a name is cut out of a sentence
_NAME = rf"[\u4e00-\u9fa5()·、]{{1,38}}?{ORGAN}"
# How the preamble names the author; in width-folded text without white space.
_PREAMBLE = (
    re.compile(
        rf"(?:公布|编制|编写|制作|撰写|形成|发布|现将|现就|起草|汇编|完成)(?:了|的|形成|本)?({_NAME})(?:本级)?"
        rf"(?:{YEAR}年?度?)?(?:的|年度)*(?:{CORE}|(?:政府)?信息公开)"
    ),
    re.compile(
        rf"(?:^|[。,;])(?:现?由|本(?:年度)?报告(?:是根据[^。]{{0,60}}要求,)?由|报告由)({_NAME})"
        r"(?=编制|编写|汇总|综合|根据|按照|依据|撰写|组织|负责|起草|制作)"
    ),
    re.compile(
        rf"(?:^|[。,;)])({_NAME})(?=(?:现|特)?(?:编制|公布|向社会公布|制作|编写)(?:了|本|{YEAR}|政府信息|年度))"
    ),
)
_CONTACT = re.compile(
    rf"(?:请?(?:与|向|联系|致电|致函|径向|咨询)|联系(?:单位|部门|机构|人)?:|(?:^|[。,;(:]))({_NAME})"
    r"(?=联系|反映|咨询|,?\(?(?:联系|办公)?地址|\(地|\(电话|,?(?:联系)?电话|提出)"
)
_SUBJECT = re.compile(
    rf"(?:{YEAR}年度?(?:以来)?,|(?:^|[。;])(?:{YEAR}年度?(?:以来)?)?)({_NAME})"
    r"(?=认真|高度重视|坚持|严格|紧紧|深入|积极|始终|全面|扎实|切实|围绕|不断|进一步|按照|立足|以)"
)
_LABEL = re.compile(
    r"(?:发布机构|发布单位|公开机构|公开主体|公开单位|发文机关|发文单位|制发机关|责任部门|报告单位|填报单位"
    r"|信息来源|文章来源|稿件来源"
    rf"|来源|作者|发布者)[:\t]?({_NAME})(?=$|[^\u4e00-\u9fa5]|发布|日期|时间|浏览|点击|阅读|字体|索引|成文|生成"
    rf"|公开|主题"
    r"|名称|文号|打印)"
)
_OWNER = re.compile(
    rf"(?:版权所有|主办(?:单位)?|主管(?:单位)?|承办(?:单位)?)[:]?({_NAME})(?=$|[^\u4e00-\u9fa5]|主办|承办|技术|地址"
    rf"|网站)"
)
_LETTERHEAD = re.compile(rf"(?:^|\n|\s)({_NAME})\s*文\s*件(?=\s)")
_CRUMB = re.compile(r"(?:位置|您在|所在)[:]?[^\n。]{0,160}|[^\n。]{0,30}[>»→|][^\n。]{0,160}")
_NO_AUTHOR = re.compile(
    r"^(?:本站|网站|原创|互联网|管理员|系统|未知|转载|本网|新华|人民日报|我[局县市区厅委])|网$|报社|(?:信息"
    r"|政务)公开办公室$|网信办"
)
# What a signature puts around its name: brackets, and the word for its seal.
_SEAL = re.compile(r"[（(]盖?章[）)]")
_BRACKETED = re.compile(r"\s*[（(]([^（()）]*)[）)]\s*")
# What a text calls itself, and how the name of such an agency ends.
_SELF = re.compile(r"我(局|委|办|厅|县|市|区|镇|乡|街道|院|中心|大队|支队|校|公司|处|署|行|会|省|旗|州|馆|所)(?!国)")
_SELF_ENDS = {
    "局": r"局$", "委": r"委员会$|委$", "办": r"办公?[室厅]?$", "厅": r"厅$", "中心": r"中心$", "公司": r"公司$",
    "街道": r"街道(?:办事处)?$", "处": r"处$", "院": r"院$", "校": r"[校学]$",
}
_COMPILED = re.compile(r"(?:综合|汇总|汇集)[^。]{0,24}(?:各|乡镇|街道|部门)")
_HEAD_REACH = 2_500  # where preamble and contact line stand: behind the title, before or in the first part


@dataclass(frozen=True, slots=True)
class Naming:
    """One place that names an agency; `name` is tidy, `place` one of `PLACES` or `title`."""

    name: str
    place: str
    found: Found


def namings(
    text: str, bounds: tuple[int, int], furniture: Iterable[Furniture], facts: Mapping[str, tuple[Found, ...]],
    file_name: str, *, settled: bool = False,
) -> list[Naming]:
    """Every name that the page and its file give, in the order of `PLACES`, inside one place in the order of the
    text.

    `bounds` are where the preamble begins and the last part ends. Where the title has `settled` who it is, only the
    places that can contradict it are read: the source's fields, the signature, the file name. Offsets index `text`.
    """
    body, foot = bounds
    named = [*_given(facts), *_signatures(text, furniture), *_from_file(file_name)]
    if not settled:
        named += [*_in_head(text, body), *_labelled(text, body, foot), *_letterheads(text, body), *_crumbs(text, body)]
    order = {place: number for number, place in enumerate(PLACES)}
    kept = [item for item in named if len(item.name) >= 3 and not _NO_AUTHOR.search(item.name)]
    return sorted(kept, key=lambda item: order[item.place])


def _naming(name: str, place: str, start: int | None = None, end: int | None = None) -> Naming:
    plain = tidy(name)
    return Naming(plain, place, Found(plain, place, start, end))


def _given(facts: Mapping[str, tuple[Found, ...]]) -> list[Naming]:
    """Names that stand in the source's own fields."""
    found = []
    for place in ("agency", "publisher", "site"):
        for fact in facts.get(place, ()):
            plain = re.sub(r"\s+", "", fold_width(fact.value))
            if place == "site":
                plain = re.sub(r"(?:政府)?(?:门户)?(?:网站?|信息公开|政务公开).*$", "", plain)
            if plain and (place == "agency" or WHOLE_NAME.fullmatch(plain)):
                found.append(Naming(tidy(plain), place, fact))
    return found


def _signatures(text: str, furniture: Iterable[Furniture]) -> list[Naming]:
    """The names that sign the report."""
    return [
        _naming(_bare(text[item.start : item.end]), "signature", item.start, item.end)
        for item in furniture
        if item.reason == "signature"
    ]


def _bare(signed: str) -> str:
    """A signing name without the brackets around it and the word for its seal."""
    name = _SEAL.sub("", signed)
    inner = _BRACKETED.fullmatch(name)
    return inner[1] if inner else name


def _in_head(text: str, body: int) -> list[Naming]:
    """Names that the preamble, the contact line and the first sentences print."""
    view = squeeze(text, body, body + _HEAD_REACH)
    found = []
    for place, patterns in (("preamble", _PREAMBLE), ("contact", (_CONTACT,)), ("text", (_SUBJECT,))):
        for pattern in patterns:
            for match in pattern.finditer(view.text):
                name, shift = _own_part(match[1])
                start = view.offsets[match.start(1) + shift]
                found.append(_naming(name, place, start, view.offsets[match.end(1) - 1] + 1))
    return found


def _own_part(name: str) -> tuple[str, int]:
    """A name cut out of prose without the words in front of it, and how many characters those are."""
    cut = re.match(
        r".*(?:现将|公布|编制|发布|由|与|向|联系|咨询|关于|根据|按照|要求|及|制作)(?=[\u4e00-\u9fa5]{4})", name
    )
    return (name[cut.end() :], cut.end()) if cut else (name, 0)


def _labelled(text: str, body: int, foot: int) -> list[Naming]:
    """Names behind 发布机构, 来源 and the like, in the page's head and foot."""
    found = []
    for start, end in ((0, body), (foot, len(text))):
        view = squeeze(text, start, min(end, start + 5 * _HEAD_REACH))
        for match in _LABEL.finditer(view.text):
            left, right = view.offsets[match.start(1)], view.offsets[match.end(1) - 1] + 1
            found.append(_naming(match[1], "publisher", left, right))
        for match in _OWNER.finditer(view.text):
            left, right = view.offsets[match.start(1)], view.offsets[match.end(1) - 1] + 1
            found.append(_naming(match[1], "site", left, right))
    return found


def _letterheads(text: str, body: int) -> list[Naming]:
    """The name on a letterhead above the title: 沭阳县教育局文件."""
    head = fold_width(text[:body])
    return [_naming(match[1], "letterhead", *match.span(1)) for match in _LETTERHEAD.finditer(head)]


def _from_file(file_name: str) -> list[Naming]:
    """The name that the file's name holds: 沭阳县教育局_2019.txt, 附件1：沭阳县教育局2019年信息公开年报.docx."""
    stem = re.sub(r"\s+", "", fold_width(PurePosixPath(file_name).name.split("#")[0]))
    stem = re.sub(r"\.[A-Za-z0-9]{2,8}$", "", stem)
    parts = parse_title(stem)
    if parts and parts.agency:
        return [_naming(parts.agency, "file name")]
    for piece in re.split(r"[_\-+.,;\[\]【】]+|" + YEAR + r"年?度?", stem):
        name = re.sub(r"^(?:附件)?\d*[:.、]?|\(\d*\)$|\d+$", "", piece)
        if WHOLE_NAME.fullmatch(name) or (len(name) >= 3 and bare_place(name)):
            return [_naming(name, "file name")]
    return []


def _crumbs(text: str, body: int) -> list[Naming]:
    """Names in the breadcrumb, the last first."""
    found = []
    for match in _CRUMB.finditer(fold_width(text[:body])):
        for item in re.finditer(r"[^>»/|→\s:\-]+", match.group()):
            if WHOLE_NAME.fullmatch(item.group()) or bare_place(item.group()):
                start = match.start() + item.start()
                found.append(_naming(item.group(), "breadcrumb", start, start + len(item.group())))
    return found[::-1]


def choose(titled: Iterable[Naming], others: list[Naming], folded: str) -> tuple[str | None, tuple[Found, ...]]:
    """The agency's own full name and what it was read from; (None, ()) where nothing names it.

    The first title that names one decides; a bare, short or generic name is completed by the first other place whose
    name can be its full form, then by the only place of its kind that the page names. Without a title the other
    places decide in their order, the weak ones only where they fit how the text calls itself (我局, 我县). `folded`
    is the width-folded page.
    """
    title = next(iter(titled), None)
    if title is not None:
        return _completed(title, others, folded)
    calls = _self_name(folded)
    for item in others:
        name = full_name(without_office(item.name))
        if item.place in _WEAK and not _fits(name, item, calls):
            continue
        if item.place in _PROSE and not _at_home(name, folded, 1 if item.place == "preamble" else 2):
            continue
        if item.place == "preamble" and GOVERNMENT_OFFICE.search(name) and _compiled(folded, item):
            name = government_of_office(name)
        if needs_place(name):
            placed, found = _with_place(name, others, folded)
            return placed, (item.found, *found)
        return name, (item.found,)
    return None, ()


def is_settled(title: Naming) -> bool:
    """Whether a title's name needs nothing to complete it: with its place, not a bare place, no short form."""
    return bare_place(title.name) is None and not needs_place(title.name) and not is_short(title.name)


def _completed(title: Naming, others: list[Naming], folded: str) -> tuple[str, tuple[Found, ...]]:
    """The title's name in full."""
    place = bare_place(title.name)
    name = full_name(title.name)
    own_file = next((item for item in others if item.place == "file name" and _with_county(name, item)), None)
    if own_file and not place:  # whoever saved the report knows the county of the town
        return own_file.name, (title.found, own_file.found)
    if is_settled(title):
        return name, (title.found,)
    for item in others:
        full = full_name(without_office(item.name))
        if place:
            full = government_of_office(full)
        fits = completes(full, name) or (full == name and not needs_place(full))
        if place and full.startswith(title.name) and is_government(full):  # 管委会 where its zone signs so
            fits = True
        if not place and not needs_place(name) and full.endswith(name):  # 白城市 in front of a name that has its place
            continue
        if fits:
            whole = next((other for other in others if place and _with_county(full, other)), None)
            return (whole.name, (title.found, whole.found)) if whole else (full, (title.found, item.found))
    if needs_place(name) and not place:
        placed, found = _with_place(name, others, folded)
        return placed, (title.found, *found)
    return name, (title.found,)


def _with_county(name: str, other: Naming) -> bool:
    """Whether another place prints a town's name with its county in front: 柳泽县石匣镇人民政府 for 石匣镇人民政府."""
    region = parse_region(name)
    if region is None or not region.township or region.county or region.city or not other.name.endswith(name):
        return False
    fuller = parse_region(other.name)
    return fuller is not None and bool(fuller.county or fuller.city)


def county_of(name: str, folded: str, others: Iterable[Naming]) -> Found | None:
    """The county of a town that its own name leaves out, with its first place; None where the page leaves it open.

    It is the only one printed in front of the town anywhere on the page, else the only county government named.
    """
    region = parse_region(name)
    if region is None or region.township is None or len(region.parts) > 1:
        return None
    for behind in (re.escape(region.township), "人民政府"):
        places: dict[str, Found] = {}
        for match in re.finditer(rf"[\u4e00-\u9fa5]{{1,6}}?[县区市旗](?={behind})", folded):
            county = _county_in(match.group())
            if county:
                places.setdefault(county, Found(county, "text", match.end() - len(county), match.end()))
        for item in others if not places else ():
            county = _county_in(item.name)
            if county:
                places.setdefault(county, item.found)
        if places:
            return next(iter(places.values())) if len(places) == 1 else None
    return None


def _county_in(text: str) -> str | None:
    """The county that a stretch ends with, cut free of the words in front (通过定泊县 → 定泊县)."""
    words = r".*(?:通过|登录|位于|地址|按照|根据|关于|经|由|在|向|与|和|及|对|我)(?=[\u4e00-\u9fa5]{2})"
    text = re.sub(words, "", text)
    region = parse_region(text)
    return region.county if region and region.county and region.length == len(text) else None


def _with_place(name: str, others: list[Naming], folded: str) -> tuple[str, tuple[Found, ...]]:
    """A generic name (县教育局, 教育局) with the only place of its kind that the page names; as it is without such a
    place."""
    generic = GENERIC.match(name)
    kind = generic.group()[-1] if generic else ""
    if not kind and not re.search(r"[局委厅办会]$", name):
        return name, ()
    places: dict[str, Found] = {}
    for item in others:
        region = parse_region(item.name)
        part = region.parts[-1] if region and region.level != "township" else ""
        if part and part.endswith(kind or part[-1]):
            places.setdefault(part, item.found)
    if not places and kind:
        for part, start in known_regions(folded, kind):
            places.setdefault(part, Found(part, "text", start, start + len(part)))
    if len(places) != 1:
        return name, ()
    part, found = next(iter(places.items()))
    return part + (name[generic.end() :] if generic else name), (found,)


def _self_name(folded: str) -> str:
    """What the text calls itself most often (局 for 我局); of two as often the first; empty if it never does."""
    counts: dict[str, int] = {}
    for match in _SELF.finditer(folded):
        counts[match[1]] = counts.get(match[1], 0) + 1
    return max(counts, key=lambda word: counts[word], default="")


def _fits(name: str, item: Naming, calls: str) -> bool:
    """Whether a name from a weak place can be the agency of a text that calls itself so."""
    if calls in _SELF_ENDS:
        return bool(re.search(_SELF_ENDS[calls], name)) and not is_government(name)
    if calls:
        return name.endswith("政府") or bool(GOVERNMENT_OFFICE.search(name))
    return item.place in ("publisher", "breadcrumb") or not is_government(name)


def disagreements(agency: str | None, others: Iterable[Naming]) -> list[str]:
    """Sentences on signature, field and file name that name quite another agency, by place or by function."""
    words = {"signature": "落款", "agency": "所附字段", "file name": "文件名"}
    said = []
    for item in others:
        name = full_name(without_office(item.name))
        if agency and item.place in words and not _compatible(agency, name):
            said.append(f"报告机关为{agency}，{words[item.place]}写{item.name}。")
    return list(dict.fromkeys(said))


def _compatible(one: str, two: str) -> bool:
    """Whether two names can mean one agency, or an agency and the government it belongs to."""
    if one == two or completes(one, two) or completes(two, one) or needs_place(two) or needs_place(one):
        return True
    first, second = profile(one), profile(two)
    if first.region and second.region:
        shorter, longer = sorted((first.region.parts, second.region.parts), key=len)
        if shorter[-1] not in longer:
            return False
    kinds = {first.function, second.function}
    return len(kinds) == 1 or bool(kinds & {None, "government", "government_office"})


def _at_home(name: str, folded: str, least: int) -> bool:
    """Whether a name cut out of a sentence is one: of the centre, or with a place that the page names `least` times."""
    place = place_of(name)
    return is_central(name) if place is None else folded.count(place.name) >= least


def _compiled(folded: str, item: Naming) -> bool:
    """Whether an office says that it put the reports of all its government's parts together."""
    end = item.found.end or 0
    return bool(_COMPILED.search(folded, end, end + 80))

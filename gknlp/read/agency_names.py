"""Names of agencies as strings: bare places, short forms, inner offices, and what can be the full form of what."""

from __future__ import annotations

import re

from gknlp.normalize import fold_width
from gknlp.read.divisions import Region, government, parse_region
from gknlp.read.profile import is_central, place_of, vertical_prefix

ORGAN = (
    r"(?:人民政府|政府|行政公署|办公[室厅]|委员会|管委会|办事处|中心|[局厅署院处站所队社馆会台校庭行委办部]|公司"
    r"|集团|学校|大学|学院"
    r"|医院|联合会|大队|支队|总队|海关|监狱|农场|林场|兵团|人民法院|检察院|银行)"
)
WHOLE_NAME = re.compile(rf"[\u4e00-\u9fa5()·、]{{1,38}}{ORGAN}")
# 县教育局, 市民政局; not 市场监督管理局, 市政园林局, 乡村振兴局.
GENERIC = re.compile(
    r"^(?:本|我|该|各|全)?(?:[省县旗盟州镇]|区(?!域)|乡(?!村)|市(?!场|政(?![府务协])|容|民(?![政族宗])))(?=[^州])"
)
_PLACE_END = re.compile(r"(?:[省市县区旗盟州乡镇]|苏木|地区|街道|园区?|自治[区州县旗])$")
_GOVERNMENT_END = re.compile(r"(?:人民政府|行政公署|办事处|管理委员会|管委会)$")
GOVERNMENT_OFFICE = re.compile(r"(?:政府|管理委员会|管委会)(?:党政)?(?:综合)?办公[室厅]$")
_TOWN_OFFICE = re.compile(r"(?<=[乡镇道木])(?:党政)?(?:综合)?(?:办公室|党政办)$")
_INNER_OFFICE = re.compile(
    r"(?<=[局委厅处院会队校府社司心])(?:(?:党政|政务公开|信息公开|行政|综合|局)?(?:综合)?办公室"
    r"|(?:综合|秘书|法规|信息|政策法规|政务公开|办公)科)$"
)
# An organ and the short forms in which names end.
_ENDS = {"委": "委员会", "办": "办公室", "管委会": "管理委员会"}


def tidy(name: str) -> str:
    """A name as an annotator writes it: half-width letters, full-width brackets, no blanks."""
    plain = re.sub(r"\s+", "", fold_width(name)).strip("-_.·,、;:'\"|<>")
    return plain.replace("(", "（").replace(")", "）")


def bare_place(name: str) -> Region | None:
    """The region if `name` is a place and nothing else: 石匣镇, 江苏省, 平潭综合实验区."""
    if not _PLACE_END.search(name):
        return None
    for printed in (name, name + "人民政府"):  # a town shows itself by what follows
        region = parse_region(printed)
        if region is not None and region.length == len(name):
            return region
    return None


def full_name(name: str) -> str:
    """Spell out what a name only shortens: 石匣镇 → 石匣镇人民政府, 沭阳县政府 → 沭阳县人民政府.

    沭阳县人民 is what a title leaves in front of 政府信息公开.
    """
    name = re.sub(r"(?<=[省市县区旗盟州乡镇])人民$", "人民政府", name)
    name = re.sub(r"(?<=[省市县区旗盟州乡镇])政府(?=$|办公)", "人民政府", name)
    region = bare_place(name)
    if region is None:
        return name
    tail = _GOVERNMENT_END.search(government(region) or "")
    return name + (tail.group() if tail else "人民政府")


def completes(longer: str, shorter: str) -> bool:
    """Whether `longer` can be the full form of `shorter`: same place or one in front, same characters in order, same
    organ.

    县教育局 → 沭阳县教育局, 雁坪区城管局 → 雁坪区城市管理局, 石匣镇人民政府 → 柳泽县石匣镇人民政府.
    """
    if len(longer) <= len(shorter):
        return False
    if longer.endswith(shorter):
        return True
    region = parse_region(longer)
    rest = longer[region.length :] if region else longer
    own = parse_region(shorter)
    if own is not None and own.length < len(shorter):
        core = shorter[own.length :]
        if region is None or own.name not in region.parts:
            return False
    else:
        generic = GENERIC.match(shorter)
        core = shorter[generic.end() :] if generic else shorter
    if not core.startswith("人民政府"):  # 省国资委 → …省人民政府国有资产监督管理委员会
        rest = re.sub(r"^人民政府(?=.{4})", "", rest)
    return len(core) >= 2 and core[0] == rest[:1] and _in_order(core, rest) and _same_end(core, rest)


def _in_order(short: str, long: str) -> bool:
    """Whether the characters of `short` stand in `long` in their order."""
    rest = iter(long)
    return all(character in rest for character in short)


def _same_end(short: str, long: str) -> bool:
    """Whether both end in one kind of organ: 局 and 局, 委 and 委员会, 办 and 办公室."""
    return short[-1] == long[-1] or any(short.endswith(s) and long.endswith(full) for s, full in _ENDS.items())


def needs_place(name: str) -> bool:
    """Whether a name lacks its place: 县教育局, 教育局; 石匣镇 has one."""
    return bool(GENERIC.match(name)) or (place_of(name) is None and not is_central(name))


def is_short(name: str) -> bool:
    """Whether a name is one that people shorten: few characters between its place and its end (城管局, 发改委)."""
    region = place_of(name)
    rest = name[len(vertical_prefix(name)) + region.length :] if region else name
    return len(rest) <= 4 or rest.endswith(("委", "办", "管委会"))


def is_government(name: str) -> bool:
    """Whether a name is that of a government or of its street or zone counterpart."""
    return bool(_GOVERNMENT_END.search(name) or re.search(r"政府$", name)) or bare_place(name) is not None


def without_office(name: str) -> str:
    """An agency for its own inner office: 沭阳县教育局办公室 → 沭阳县教育局. A government's office is an agency and
    stays."""
    if GOVERNMENT_OFFICE.search(name):
        return name
    town = _TOWN_OFFICE.search(name)
    return name[: town.start()] if town else _INNER_OFFICE.sub("", name)


def government_of_office(name: str) -> str:
    """The government that an office works for: 淮安市人民政府办公室 → 淮安市人民政府."""
    return re.sub(r"(?:党政)?(?:综合)?办公[室厅]$", "", name) if GOVERNMENT_OFFICE.search(name) else name

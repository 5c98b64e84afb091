"""Names of other places and departments that stand where only the author's own name can stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from gknlp.gazetteer import short_name
from gknlp.resources import load_toml
from gknlp.reuse.lineage import is_renamed
from gknlp.reuse.mask import Squeezed, squeeze
from gknlp.reuse.places import (
    LEVEL,
    TOWNS,
    Home,
    Place,
    find_home,
    full_names,
    is_elsewhere,
    known_stems,
    name_at,
    place_at,
)
from gknlp.types import Certificate, ReuseText

# A name that the report uses more often than this, and than its own, is one it speaks about, not one left over.
MOST_MENTIONS = 2
# What stands right before the narrative is the title: where another place stands there, the author was read wrongly.
TITLE_CHARS = 120
_ORGAN = (
    r"(?:[\u4e00-\u9fff]{2,16}?(?:局|委员会|委|厅|院|中心|中学|小学|学校|幼儿园|人民政府|政府|办事处|街道办|管委会"
    r"|公司|大队|支队|队|站|所|处|办公室|办))"
)
# What a report says of a place it deals with: such a place is no leftover anywhere in it.
_BEFORE_ABOUT = re.compile(
    "(?:借鉴|学习|考察|赴|调研|对口|帮扶|协作|支援|援建|援助|联合|会同|友好|来自|移交|划归|划入|结对|合作|对接|共同|携手|毗邻|邻近)"
    "[^,。;]{0,6}$|(?<!请)(?<!直接)[与同跟]$|[省市县区州盟旗镇乡道][、和及]$|(?<![一-龥])原$"
)
_AFTER_ABOUT = re.compile(
    "[^,。;]{0,6}(?:等地|两地|三地|援|帮扶|协作|对口|挂职|结对|友好|务工|联合|共同|携手|来我|赴我|一行|莅临)"
    "|、[\u4e00-\u9fff]{1,8}[省市县区州盟旗镇乡]|[与和及同][\u4e00-\u9fff]{2,10}?(?:联合|共同|携手|签|两地)"
)


# Accounts of others are named where one reposts them or is told of by them.
_REPOSTED = re.compile("转发|转载|转推|报道|刊发|刊登|采用|点赞")
# What two places do together, this near to the name.
NEAR = 30
_TOGETHER = re.compile("跨[省市县区域]|通办|异地|结对|两地|三地|对口|协作[区网联]|共建|毗邻")
# 省、市和
_LEVELS = re.compile("(?<![\u4e00-\u9fff])[省市县区](?:级)?[、和及]$|[照据、循实][省市县区]级?[、和及]$")
# What nobody reports of others: that nothing came or was charged.
_NEVER = re.compile("未|没有|无收|收到|受理|共(?:受理|收到)")
_WE = re.compile("[我本](?:[局委办厅院县市区镇乡省州旗校站所行]|街道|公司|单位|机关|中心|部门)")
_LEADERS = re.compile("委|党委|人民政府(?!网)|政府(?!网)|政务公开|政府信息公开|信息公开")
# Agencies that serve more than the place they are named after.
_OF_A_REGION = re.compile("海关|海事局|海警|边检|铁路|民航|流域|水文|监狱|戒毒|调查总?队|林区|垦区|油田")
# Organs of which a place has several, each with its own name.
_KIND = re.compile("(?:医院|中学|小学|学校|幼儿园|公司|人民政府|街道办事处|管委会|管理委员会)$")
_GOVERNMENT = re.compile("政府(?:办公?[室厅]?)?$|街道办事处$|管委会$|管理委员会$")
_BUREAU = re.compile("(?:局|委员会|委|厅)$")


@dataclass(frozen=True, slots=True)
class _Slot:
    """A rule of models/certificates.toml: what stands before and after a name that can only be the author's."""

    rule: str
    before: re.Pattern[str]
    after: re.Pattern[str]
    departments: re.Pattern[str] | None
    own_organ: bool
    by_ending: bool
    stems: bool


@cache
def _slots() -> tuple[_Slot, ...]:
    tables = load_toml("models/certificates.toml")
    filled = {"{organ}": _ORGAN, "{level}": LEVEL, "{acts}": f"(?P<acts>{'|'.join(tables['acts']['words'].split())})"}

    def write(pattern: str) -> re.Pattern[str]:
        for sign, what in filled.items():
            pattern = pattern.replace(sign, what)
        return re.compile(pattern)

    return tuple(
        _Slot(
            rule["id"], write(rule["before"]), write(rule["after"]),
            write(rule["departments"]) if "departments" in rule else None, rule.get("own_organ", False),
            rule.get("by_ending", False), rule.get("stems", False),
        )
        for rule in tables["slots"]
    )


@cache
def _departments() -> re.Pattern[str]:
    names = sorted(load_toml("models/mask.toml")["departments"]["list"].split(), key=lambda name: (-len(name), name))
    bureaus = "|".join(name for name in names if _BUREAU.search(name))
    return re.compile(f"(?:[省市县区州盟旗])?(?P<department>{bureaus})(?![事理公])")


@dataclass(frozen=True, slots=True)
class Whole:
    """A report's squeezed text, and what stands right before its narrative."""

    text: str
    title: str

    @classmethod
    def of(cls, report: ReuseText, squeezed: Squeezed) -> Whole:
        """From a report and its squeezed text."""
        first = min((start for start, _, _ in report.stretches), default=0)
        return cls(squeezed.text, squeezed.part(max(0, first - TITLE_CHARS), first).text)


def find_leftovers(text: ReuseText, whole: Squeezed) -> Iterator[Certificate]:
    """Names of places that are not the author's, and bureaus that it is not, where only its own can stand.

    `whole` is the squeezed text of the report. Never: places it can belong to or be above, places it speaks about as a
    partner, names used more often than its own, places of its own title, bureaus that a reform made one with it. Cost:
    linear. Bad at places that no list and no ending shows, and at bureaus that are not in the list of models/mask.toml.
    """
    author = _Author(text, find_home(text), Whole.of(text, whole))
    if not author.home.names or _OF_A_REGION.search(text.agency or ""):
        return
    for start, end, _ in text.stretches:
        view = whole.part(start, end)
        for slot in _slots():
            for lead in slot.before.finditer(view.text):
                found = _place_left(author, view.text, slot, lead.end()) or _bureau_left(
                    author, view.text, slot, lead.end()
                )
                if found is not None:
                    kind, name, at, until = found
                    first, last = view.to_source(at, until)
                    yield Certificate(text.report_id, kind, first, last, text.text[first:last], name, slot.rule)


@dataclass(frozen=True, slots=True)
class _Author:
    """A report and what is known of who wrote it."""

    text: ReuseText
    home: Home
    whole: Whole


def _place_left(author: _Author, text: str, slot: _Slot, at: int) -> tuple[str, str, int, int] | None:
    """Kind, name and span of another place's name that begins at `at`, where a slot's lead ends; None without one."""
    place = _stem_at(text, at) if slot.stems else place_at(text, at)
    if place is None or not (place.known or slot.by_ending or place.name.endswith(TOWNS)):
        return None
    after = slot.after.match(text, place.end)
    if not after or _AFTER_ABOUT.match(text, after.end()) or _TOGETHER.search(text, max(0, at - NEAR), at + NEAR):
        return None
    sentence = _sentence(text, at)
    if slot.stems and _REPOSTED.search(sentence):
        return None
    if slot.own_organ and not _speaks_as(author, after, sentence):
        return None
    # A town of the author's own name in another county: it is the county that is left over.
    name = place.divisions[-1] if place.divisions and place.name in author.home.names else place.name
    if not is_elsewhere(place, author.home) or not is_left_over(author.whole, name, author.home):
        return None
    return "place", name, place.start, place.end


def _bureau_left(author: _Author, text: str, slot: _Slot, at: int) -> tuple[str, str, int, int] | None:
    """The same for another bureau of the author's own place (or of none named), in the report of a bureau."""
    own = author.text.agency or ""
    if slot.departments is None or not _BUREAU.search(own):
        return None
    place = place_at(text, at)
    if place is not None and is_elsewhere(place, author.home):
        return None
    begins = place.end if place is not None and place.name in author.home.names else at
    bureau = _departments().match(text, begins)
    if not bureau or not slot.departments.match(text, bureau.end()):
        return None
    name = bureau["department"]
    named = text[at : bureau.end()]
    if is_own_agency(name, author.text) or is_renamed(name, own) or not is_left_over(author.whole, name, author.home):
        return None
    return "agency", named, at, bureau.end()


def _stem_at(text: str, at: int) -> Place | None:
    """A place by its name without its kind (定安), where its full name does not stand; of several the first by name."""
    full = place_at(text, at)
    if full is not None and full.known:
        return full
    stem = name_at(text, at, known_stems())
    return Place(at, at + len(stem), full_names(stem)[:1], known=True) if stem else None


def _speaks_as(author: _Author, after: re.Match[str], sentence: str) -> bool:
    """Whether the subject of a sentence stands for the author: an organ of its kind, or one of which nothing came.

    A place alone speaks for its government, or for any author where the sentence is about disclosure. A sentence that
    names the author too tells of two.
    """
    if _WE.search(sentence) or any(_names_author(sentence, own) for own in author.home.innermost):
        return False
    if _NEVER.match(after["acts"]):
        return True
    text, organ, own = author.text, after["organ"], author.text.agency or ""
    if organ is None:
        return bool(_GOVERNMENT.search(own)) or "公开" in sentence
    kind = _KIND.search(organ)
    return is_own_agency(organ, text) or bool(kind and own.endswith(kind.group()))


def _names_author(sentence: str, own: str) -> bool:
    """Whether a sentence has the author's own place otherwise than as who leads it (砚岭县委、县政府)."""
    return any(not _LEADERS.match(sentence, found.end()) for found in re.finditer(re.escape(own), sentence))


def is_own_agency(name: str, text: ReuseText) -> bool:
    """Whether a department's name can be the report's own: in full, in part, or abbreviated (发改委)."""
    place = f"^(?:[\u4e00-\u9fff]{{1,6}}?)?{LEVEL}(?=[\u4e00-\u9fff]{{3}})"
    short = re.sub(place, "", name) or name
    own = [squeeze(item).text for item in (text.agency, *text.names) if item]
    return any(_is_within(part, item) or _is_within(item, part) for item in own for part in {short, name})


def _is_within(short: str, long: str) -> bool:
    """Whether the characters of `short` stand in `long` in their order."""
    rest = iter(long)
    return all(character in rest for character in short)


def _sentence(text: str, at: int) -> str:
    begin = max(text.rfind(sign, 0, at) for sign in "。;") + 1
    ends = [found for sign in "。;" if (found := text.find(sign, at)) >= 0]
    return text[begin : min(ends, default=len(text))]


def is_left_over(whole: Whole, name: str, home: Home) -> bool:
    """Whether a report nowhere speaks about a place, has it in no title, and names it no more often than its own."""
    if name in whole.title:
        return False
    mentions = [found.start() for found in re.finditer(re.escape(name), whole.text)]
    own = max((whole.text.count(place) for place in home.names), default=0)
    if len(mentions) > max(MOST_MENTIONS, own):
        return False
    if any(_is_partner(whole.text, at, name, home) for at in mentions):
        return False
    # A partner is often named without its kind: 与望川联合.
    stem = short_name(name)
    return stem == name or not any(
        _is_partner(whole.text, found.start(), stem, home) for found in re.finditer(re.escape(stem), whole.text)
    )


def _is_partner(whole: str, at: int, name: str, home: Home) -> bool:
    if _AFTER_ABOUT.match(whole, at + len(name)):
        return True
    before = whole[max(0, at - 12) : at]
    # 按照省、望川市、石匣镇要求: what stands in a row with the places above the author is no partner.
    in_row = before[-1:] in "、和及" and (before[:-1].endswith((*home.names, *home.around)) or _LEVELS.search(before))
    return bool(_BEFORE_ABOUT.search(before)) and not in_row

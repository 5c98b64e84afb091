"""Bytes to text: byte order mark, declaration, then detection with a stated confidence; mojibake is not passed on.

Chinese government text comes in UTF-8, GB18030 (and its subsets), UTF-16 from Windows, now and then Big5. Candidates
are decoded and judged by how common their characters are: a wrong encoding makes text fall apart into rare ideographs.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache

from gknlp.errors import DamagedFileError
from gknlp.read.source import warning
from gknlp.types import Failure

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Bytes judged: enough for a firm verdict, and a 30 MB file costs no more than a page.
_SAMPLE = 65_536
_STRETCH = 600
# So many closing tags, without a zero byte among them, are a page in bytes: as UTF-16 each would be a rare sign.
_TAGS = 5
# Shares of common ideographs: real prose of 2008-2025 has 0.93 and more, a wrong decoding of it under 0.6.
_PLAUSIBLE = 0.8
_MOJIBAKE = 0.6
# A share of U+FFFD above which a text is damaged rather than chipped; a stray bad byte is a warning.
_LOST = 0.02
_SURE = 0.9
_IDEOGRAPHS = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
# What is left of UTF-8 read as GBK (锟斤拷), as Latin-1 (Ã, â€), and of uninitialised memory (烫, 屯).
_SCARS = re.compile(
    r"锟斤拷|锟斤|斤拷|烫烫烫|屯屯屯|ï¿½|Ã[\x80-\xbf]|â€|[äåæçèé][\x80-\xbf¡-¿‘’“”•–—˜™š›œžŸ€‚ƒ„…†‡ˆ‰Š‹Œ]"
)
_SCAR_SIGNS = "锟斤烫屯ïÃâäåæçèé"
# Accented Latin letters in a row: GB18030 or UTF-8 read as Latin-1.
_ACCENTED = re.compile(r"[\x80-\xff]")
_MOST_USED = frozenset(
    "的一是在不了有和人中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行法所民"
    "政府信息公开情况报告月日第条本机关申请理务部门单位网站工作及其他进数量表總體況開關請這個時來國會為門與對發動產種務"
)
# Characters of which every report is full (a sixth of the real ones): where they are a twentieth of what is not ASCII,
# no wrong decoding made the text, and the slower count of everyday characters is spared.
_OF_REPORTS = "政府信息公开的"
_PLAIN_SHARE = 0.05
# A running text has a fifth of these; UTF-16 or Big5 read wrongly has almost none.
_USED_SHARE = 0.04


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, its encoding, how sure that is (0..1) and how it was known (`bom`, `declared`, `detected`)."""

    text: str
    encoding: str
    confidence: float
    by: str
    warnings: tuple[Failure, ...] = ()


@cache
def _common() -> frozenset[str]:
    """The ideographs of everyday print: level 1 of GB 2312 (3,755) and of Big5 (5,401)."""
    simplified = bytes(b for high in range(0xB0, 0xD8) for low in range(0xA1, 0xFF) for b in (high, low))
    traditional = bytes(
        b for high in range(0xA4, 0xC7) for low in (*range(0x40, 0x7F), *range(0xA1, 0xFF)) for b in (high, low)
    )
    both = simplified.decode("gb2312", "ignore") + traditional.decode("big5", "ignore")
    return frozenset(both)


def plausibility(text: str) -> float:
    """How much of the ideographs in `text` is everyday print, 0..1; 1 where there are none to speak against it."""
    counts = Counter(_IDEOGRAPHS.findall(text))
    total = sum(counts.values())
    if not total:
        return 1.0
    common, used = _common(), _MOST_USED
    share = sum(number for character, number in counts.items() if character in common) / total
    if total >= 50 and sum(number for character, number in counts.items() if character in used) < _USED_SHARE * total:
        share /= 2
    return share


def _excerpt(text: str) -> str:
    """Enough of a text to judge its encoding by: three stretches, from its beginning, middle and end."""
    if len(text) <= 3 * _STRETCH:
        return text
    middle = len(text) // 2
    return text[:_STRETCH] + text[middle:middle + _STRETCH] + text[-_STRETCH:]


def decode(data: bytes, *, declared: str | None = None) -> Decoded:
    """Decode a file's bytes: byte order mark, then strict UTF-8, then what it declares, then the likeliest of the rest.

    A declaration is believed only where the bytes bear it out: many pages declare gb2312 and are UTF-8. Bytes that no
    encoding fits become U+FFFD with a warning; text that is mojibake is mended where that can be undone, else
    DamagedFileError. Lone surrogates written as UTF-8 survive here (`replace_unreadable` marks them). Cost: linear.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            text, notes = _decode_as(data[len(mark):], encoding)
            return _checked(Decoded(text, encoding, 1.0, "bom", notes))
    wide = wide_encoding(data)
    if wide:
        text, notes = _decode_as(data, wide)
        return _checked(Decoded(text, wide, plausibility(_excerpt(text)), "detected", notes))
    try:
        return _checked(Decoded(data.decode("utf-8", "surrogatepass"), "utf-8", 1.0, "detected"))
    except UnicodeDecodeError:
        pass
    return _checked(_detect(data, _known(declared)))


def _known(declared: str | None) -> str | None:
    """A declared encoding under the name of what it stands for in practice; None where Python knows none such."""
    if not declared:
        return None
    name = declared.strip().strip("\"'").lower()
    if re.sub(r"[^a-z0-9]", "", name) in ("gb2312", "gbk", "gb18030", "cp936", "ms936", "xgbk", "csgb2312", "chinese"):
        return "gb18030"
    if name.startswith("big5"):
        return "cp950"
    try:
        return codecs.lookup(name).name
    except LookupError:
        return None


def wide_encoding(data: bytes) -> str | None:
    """UTF-16 without a mark, told by the zero bytes of its digits, spaces and line ends, or by what it reads as."""
    sample = data[:_SAMPLE & ~1]
    sample = sample[: len(sample) & ~1]
    if len(sample) < 4:
        return None
    half = len(sample) // 2
    zeros = sample.count(0)
    if zeros < 0.01 * half and (zeros or len(data) % 2 or sample.count(b"</") >= _TAGS or _is_utf8(sample)):
        return None
    for encoding in ("utf-16-le", "utf-16-be"):
        text = sample.decode(encoding, "replace")
        ideographs = len(_IDEOGRAPHS.findall(text))
        plain = sum(c < "\x80" for c in text)
        readable = ideographs + plain + sum("\u2000" <= c <= "\u303f" or "\uff00" <= c <= "\uffee" for c in text)
        firm = 0.85 if zeros else 0.9
        dense = zeros or ideographs > 0.6 * half
        if dense and readable - text.count("\0") > 0.9 * half and plausibility(text) >= firm:
            return encoding
    return None


def _is_utf8(sample: bytes) -> bool:
    """Whether a cut-off sample is UTF-8 up to its last character."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        return False
    return True


def _decode_as(data: bytes, encoding: str) -> tuple[str, tuple[Failure, ...]]:
    """Decode for sure in one encoding; what cannot be read becomes U+FFFD and a warning."""
    try:
        return data.decode(encoding, "surrogatepass" if encoding.startswith("utf") else "strict"), ()
    except UnicodeDecodeError as error:
        text = data.decode(encoding, "replace")
        lost = text.count("\ufffd")
        return text, (warning(
            "UnreadableBytes",
            f"{lost} places are no valid {encoding} (the first at byte {error.start}) and stand as U+FFFD.",
            "Save the file again from its source, as UTF-8.",
        ),)


def _detect(data: bytes, declared: str | None) -> Decoded:
    """The encoding whose reading is the most plausible and loses least; ties fall to the declared, then the usual."""
    sample = data[:_SAMPLE]
    order = ["gb18030", "utf-8", "cp950"]
    if declared and declared not in order:
        order.append(declared)
    if declared:
        order.sort(key=lambda name: name != declared)
    scores: dict[str, float] = {}
    for encoding in order:
        text = sample.decode(encoding, "replace")
        lost = text[:-1].count("\ufffd")
        # UTF-8 never reads foreign bytes as ideographs, so that where it finds them the rest is only damage.
        weight = 2 if encoding == "utf-8" and len(_IDEOGRAPHS.findall(text)) > lost else 8
        scores[encoding] = max(0.0, plausibility(_excerpt(text)) - weight * lost / max(1, len(text)))
    best = max(order, key=lambda name: (scores[name], -order.index(name)))
    second = max((scores[name] for name in order if name != best), default=0.0)
    text, notes = _decode_as(data, best)
    confidence = round(min(1.0, scores[best] * (0.5 + min(0.5, 2 * (scores[best] - second)))), 2)
    if best == "utf-8":  # its byte pattern is so strict that text which mostly holds to it is nothing else
        confidence = round(1.0 - text.count("\ufffd") / max(1, len(text)), 2)
    if best == declared:
        confidence = max(confidence, round(scores[best], 2))
    if confidence < _SURE:
        notes += (warning(
            "EncodingGuess", f"Encoding taken for {best} with confidence {confidence:.2f}"
            f"{f' (declared: {declared})' if declared else ''}.",
            "Check a few lines; if they are wrong, save it as UTF-8.",
        ),)
    return Decoded(text, best, confidence, "declared" if best == declared else "detected", notes)


def _checked(decoded: Decoded) -> Decoded:
    """Refuse mojibake: mend what was decoded wrongly once before it was saved, raise where nothing readable is left."""
    sample = _excerpt(decoded.text)
    lost = decoded.text.count("\ufffd") if "\ufffd" in decoded.text else 0
    scarred = len(_SCARS.findall(sample)) if any(sign in sample for sign in _SCAR_SIGNS) else 0
    if not scarred and "锟" in decoded.text:  # a sign alone is found quicker than it is counted
        scarred = decoded.text.count("锟斤")
    beyond_ascii = len(sample) - len(sample.encode("ascii", "ignore"))
    if not lost and not scarred and sum(map(sample.count, _OF_REPORTS)) > _PLAIN_SHARE * beyond_ascii:
        return decoded
    ideographs = len(_IDEOGRAPHS.findall(sample))
    doubtful = ideographs >= 30 and plausibility(sample) < _MOJIBAKE
    accented = len(_ACCENTED.findall(sample)) - sample.count("\xa0")
    if doubtful or scarred * 20 > len(sample) - sample.count(" ") or accented > max(20, ideographs):
        mended = _mend(decoded.text)
        if mended is None:
            raise DamagedFileError(
                f"The text reads as mojibake in {decoded.encoding}: it was saved in a wrong encoding.",
                hint="Fetch the page again from its source and save it as UTF-8.",
            )
        note = warning("Mojibake", f"The text had been saved in a wrong encoding; it was read back as {mended[1]}.",
                       "Compare a few lines with the source.")
        return Decoded(mended[0], mended[1], 0.5, "detected", (*decoded.warnings, note))
    if lost > max(3, _LOST * len(decoded.text)) and sample.count("\ufffd") * 2 > ideographs:
        raise DamagedFileError(
            f"{lost} of {len(decoded.text)} characters cannot be read in any known encoding.",
            hint="It may be no text file, or be truncated: fetch it again.",
        )
    if scarred or (lost and not decoded.warnings):
        note = warning("Mojibake", f"{scarred + lost} places were lost when the file was saved (锟斤拷, U+FFFD).",
                       "Fetch the report again from its source if these places matter.")
        return Decoded(decoded.text, decoded.encoding, decoded.confidence, decoded.by, (*decoded.warnings, note))
    return decoded


def _mend(text: str) -> tuple[str, str] | None:
    """Undo one wrong decoding (UTF-8 read as GBK, Latin-1, Windows-1252; GBK read as Latin-1), if that gives prose."""
    for wrong, right in (("gb18030", "utf-8"), ("cp1252", "utf-8"), ("latin-1", "utf-8"), ("latin-1", "gb18030")):
        mended = text.encode(wrong, "replace").decode(right, "replace")
        sample = _excerpt(mended)
        ideographs = len(_IDEOGRAPHS.findall(sample))
        if ideographs >= 10 and sample.count("\ufffd") < 0.05 * len(sample) and plausibility(sample) >= _PLAUSIBLE:
            return mended, f"{right} (seen as {wrong})"
    return None

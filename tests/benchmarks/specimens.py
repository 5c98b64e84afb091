"""Report files generated from the specimens of corpus/, from a seed: other places, most sentences other, same shapes.

Text, HTML and Word files are varied as often as needed; a PDF cannot be varied in place and stands once. So a run over
them costs what a run over as many real files of these formats costs, and copies are as frequent as chance makes them.
"""

from __future__ import annotations

import io
import random
import re
import zipfile
from itertools import count
from pathlib import Path

from generate import PLACES_FIRST, PLACES_SECOND, make_sentence

CORPUS = Path(__file__).parents[2] / "corpus"
# The stems of the corpus' invented places (corpus/README.md), which each variant renames.
STEMS = (
    "青垣", "朔宁", "望川", "禾洲", "澜泉", "临桐", "绥屏", "柳泽", "雁坪", "棠溪", "松漪", "芦渚", "砚岭", "定泊",
    "乌槐", "石匣", "槐影", "青梨", "白芦", "下柘",
)
# The share of sentences that a variant replaces.
REPLACED = 0.7
_SENTENCE = re.compile(r"[\u4e00-\u9fff][^<>。\n\r\t|]{14,}。")


def generate_files(folder: Path, number: int, *, seed: int) -> list[Path]:
    """Write `number` report files into `folder`; the same seed writes the same bytes."""
    sources = sorted(p for name in ("sample", "reports") for p in (CORPUS / name).iterdir())
    rng = random.Random(seed)
    written: list[Path] = []
    for turn in count():
        for source in sources:
            if len(written) == number:
                return written
            if source.suffix == ".pdf" and turn:
                continue
            data = source.read_bytes() if source.suffix == ".pdf" else _vary(source, rng)
            path = folder / f"{len(written):05d}_{source.stem}{source.suffix}"
            path.write_bytes(data)
            written.append(path)
    raise AssertionError("unreachable")


def _vary(source: Path, rng: random.Random) -> bytes:
    data = source.read_bytes()
    places = {stem: rng.choice(PLACES_FIRST) + rng.choice(PLACES_SECOND) for stem in STEMS}
    if source.suffix == ".docx":
        return _vary_docx(data, places, rng)
    for encoding in ("utf-8-sig" if data.startswith(b"\xef\xbb\xbf") else "utf-8", "utf-16", "gb18030"):
        try:
            return _vary_text(data.decode(encoding), places, rng).encode(encoding, "replace")
        except UnicodeDecodeError:
            continue
    raise AssertionError(source)


def _vary_docx(data: bytes, places: dict[str, str], rng: random.Random) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            content = old.read(item)
            if item.filename == "word/document.xml":
                content = _vary_text(content.decode(), places, rng).encode()
            new.writestr(zipfile.ZipInfo(item.filename, (2024, 1, 1, 0, 0, 0)), content)
    return out.getvalue()


def _vary_text(text: str, places: dict[str, str], rng: random.Random) -> str:
    for stem, other in places.items():
        text = text.replace(stem, other)

    def replace(match: re.Match[str]) -> str:
        return "".join(make_sentence(rng, "我局")) if rng.random() < REPLACED else match.group()

    return _SENTENCE.sub(replace, text)

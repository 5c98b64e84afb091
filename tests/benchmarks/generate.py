"""Reports with planted copies, from a seed: ground truth for recall and precision of reuse.

The base reports are unrelated: sentences are strung together from the words of the specimen reports of corpus/, so that
word frequencies are those of the genre while long runs are not shared by chance. Then passages of one report are
planted
into another, altered as a copier would (`gknlp.calibrate` plants into real reports and scores both).
"""

from __future__ import annotations

import json
import random
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from gknlp.calibrate.planting import edit_words
from gknlp.calibrate.scoring import Case
from gknlp.types import ReuseText

GOLD = Path(__file__).parents[2] / "corpus" / "gold"
# How often a word follows the word before it in the specimens; else any word: keeps shared runs short.
FOLLOW = 0.6
# How many set sentences the genre has; a report of 35 sentences with a share of 0.15 has five of them.
STOCK = 40
PLACES_FIRST = "清柳松望禾临雁乌砚绥芦石定白青朔玉金丰永安宁康泰华兴"
PLACES_SECOND = "河泽漪川洲桐坪槐岭屏渚匣泊芦垣梨溪源原阳平山水林泉"
OFFICES = ("财政局", "教育局", "水利局", "民政局", "司法局", "审计局", "统计局", "商务局", "林业局", "交通运输局")
ALTERATIONS = ("verbatim", "names", "edits5", "edits10", "edits20", "slots3", "reordered")


@dataclass(frozen=True)
class Corpus:
    texts: list[ReuseText]
    cases: list[Case]


@cache
def specimen_sentences() -> tuple[tuple[str, ...], ...]:
    """The specimens' sentences as words of one to three characters (a stand-in for words that needs no tokenizer)."""
    rng = random.Random(1)
    sentences = []
    for path in sorted(GOLD.glob("*.json")):
        for unit in json.loads(path.read_text(encoding="utf-8")).get("units", []):
            words: list[str] = []
            for part in re.findall(r"[\u4e00-\u9fff]+|\d+|[，。；：、]", unit["text"]):
                while part:
                    length = len(part) if part[0].isdigit() else min(len(part), rng.choices((1, 2, 3), (2, 6, 2))[0])
                    words.append(part[:length])
                    part = part[length:]
            sentences.append(tuple(words))
    return tuple(sentences)


@cache
def followers() -> tuple[list[str], dict[str, list[str]]]:
    words, after = [], {}
    for sentence in specimen_sentences():
        for word, following in pairwise(sentence):
            if word not in "，。；：、" and not word.isdigit():
                words.append(word)
            after.setdefault(word, []).append(following)
    return words, after


def synonym(word: str) -> str:
    """The same other word, as long if not a name, wherever `word` is exchanged (a stand-in for a thesaurus)."""
    words, _ = followers()
    start = zlib.crc32(word.encode()) % len(words)
    return next(other for other in (*words[start:], *words) if other != word and len(other) == min(len(word), 3))


def make_sentence(rng: random.Random, name: str) -> list[str]:
    """A sentence of 20 to 60 characters as words; one in three names its agency, one in three has a number."""
    words, after = followers()
    target, made = rng.randint(20, 60), []
    if rng.random() < 0.33:
        made.append(rng.choice((name, "我局")))
    last = rng.choice(words)
    while sum(map(len, made)) < target:
        made.append(last)
        last = rng.choice(after[last]) if rng.random() < FOLLOW and last in after else rng.choice(words)
    if rng.random() < 0.33:
        made.insert(rng.randrange(len(made)), str(rng.randint(2, 4000)))
    return [*made, "。"]


def alter(rng: random.Random, sentences: list[list[str]], how: str, name: str, own: str) -> list[list[str]]:
    """The sentences as a copier with the name `own` leaves them; `name` is the source's."""
    words, _ = followers()
    renamed = [[own if word == name else word for word in sentence] for sentence in sentences]
    if how == "verbatim":
        return sentences
    if how == "reordered":
        rng.shuffle(renamed)
        return renamed
    if how == "slots3":
        altered = []
        for sentence in renamed:
            sentence = list(sentence)
            for at in sorted(rng.sample(range(len(sentence) - 1), min(3, len(sentence) - 1))):
                sentence[at] = rng.choice((own, str(rng.randint(2, 999)), "2021年", rng.choice(words)))
            altered.append(sentence)
        return altered
    rate = {"names": 0.0, "edits5": 0.05, "edits10": 0.10, "edits20": 0.20}[how]

    def pick(rng: random.Random, kind: str, before: str, word: str, after: str) -> str:
        return synonym(word) if kind == "substitute" and rng.random() < 0.5 else rng.choice(words)

    return [[*edit_words(rng, sentence[:-1], rate, pick), "。"] for sentence in renamed]


def generate(
    reports: int, seed: int, *, alterations: Sequence[str] = ALTERATIONS, copies: float = 0.3, family: float = 0.0,
    phrases: float = 0.0,
) -> Corpus:
    """`reports` reports of 25 to 45 sentences; a share `copies` holds one planted passage of 4 to 8 sentences.

    A share `family` of the reports are look-alikes of one text (a quarter of its sentences replaced). A share `phrases`
    of the sentences are set sentences of the genre that all reports take from one stock. Neither are cases: who calls
    the latter copied accuses everybody.
    """
    rng = random.Random(seed)
    stock = [make_sentence(rng, "本机关") for _ in range(STOCK if phrases else 0)]
    bodies, names = [], []
    for number in range(reports):
        place = rng.choice(PLACES_FIRST) + rng.choice(PLACES_SECOND) + rng.choice("县区")
        names.append(f"{place}{OFFICES[number % len(OFFICES)]}")
        bodies.append([
            rng.choice(stock) if stock and rng.random() < phrases else make_sentence(rng, names[-1])
            for _ in range(rng.randint(25, 45))
        ])
    for number in range(1, int(reports * family)):
        bodies[number] = [
            make_sentence(rng, names[number]) if rng.random() < 0.25 else
            [names[number] if word == names[0] else word for word in sentence]
            for sentence in bodies[0]
        ]
    first = int(reports * family)
    copiers = sorted(rng.sample(range(first, reports), int((reports - first) * copies)))
    sources = sorted(set(range(first, reports)) - set(copiers))
    rng.shuffle(sources)
    planted: dict[int, tuple[int, int, int, int, str]] = {}
    # Each source is copied once, as far as they go: two copies of one source would share more than the cases say.
    for turn, copier in enumerate(copiers):
        source = sources[turn % len(sources)]
        length = rng.randint(4, 8)
        begin, at = rng.randrange(len(bodies[source]) - length), rng.randrange(len(bodies[copier]))
        how = rng.choice(list(alterations))
        passage = alter(rng, bodies[source][begin : begin + length], how, names[source], names[copier])
        bodies[copier][at:at] = passage
        planted[copier] = (source, begin, length, at, how)
    texts = [_text(number, names[number], bodies[number], rng) for number in range(reports)]
    cases = []
    for copier, (source, begin, length, at, how) in planted.items():
        to, of = texts[copier].stretches[at : at + length], texts[source].stretches[begin : begin + length]
        cases.append(
            Case(texts[copier].report_id, to[0][0], to[-1][1], texts[source].report_id, of[0][0], of[-1][1], how)
        )
    return Corpus(texts, cases)


def _text(number: int, name: str, body: list[list[str]], rng: random.Random) -> ReuseText:
    parts, stretches, at = [], [], 0
    for sentence in body:
        part = "".join(sentence)
        parts.append(part)
        stretches.append((at, at + len(part), 0))
        at += len(part)
    return ReuseText(
        f"r{number:06}", "".join(parts), tuple(stretches), names=(name,), agency=f"{name}#{number}", region=name[:3],
        year=2015 + number % 9, published=f"{2016 + number % 9}-{rng.randint(1, 3):02}-{rng.randint(1, 28):02}",
    )

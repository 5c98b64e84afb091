"""What makes the preparation of reuse fast gives what the slow way gives, which each test spells out."""

from __future__ import annotations

import pickle
import re
from array import array
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gknlp.normalize import fold, fold_width
from gknlp.resources import load_toml
from gknlp.reuse.candidates import BESIDE, SEED, find_seeds
from gknlp.reuse.characters import BLANK, CLAUSE_END, LINE_FEED, SENTENCE_END, WHITE_SPACE, code_points, look_up
from gknlp.reuse.cores import Near, Runs
from gknlp.reuse.heads import Heads
from gknlp.reuse.mask import NAME, SIGNS, Names, Squeezed, _rules, find_names, index_names, mask_squeezed, squeeze
from gknlp.reuse.search import prepare_reports
from gknlp.reuse.skeleton import LAW_RUN, find_quotations, find_skeleton, mark_set_phrases, phrase_patterns, set_phrases
from gknlp.reuse.view import BREAK, BREAKS, LEAST_PIECE, LONG_PIECE, LONGEST_PIECE, STRIPPED, build_view, build_views
from gknlp.reuse.wording import STEP, _codes, hash_grams, shipped_wording, weigh_views, wording_weights
from gknlp.types import ReuseText

MASK = load_toml("models/mask.toml")
SET_PHRASES = load_toml("models/set_phrases.toml")
SIGN_OF = {"{n}": NAME, "{d}": SIGNS["date"], "{#}": SIGNS["number"]}
DEPARTMENTS = sorted(MASK["departments"]["list"].split(), key=lambda name: (-len(name), name))
EITHER = f"(?:{'|'.join(DEPARTMENTS)})(?![事理公]|信息)"
# Half width and full, letters that fold to several or none, white space seen and unseen, what is no character.
HOSTILE = (
    "我局县市财政公开信息条例的在，。；、:!…０1２年月日号件《》〔〕 \n　\u200b\u2028\ufeff"
    "①㎡ﬁİ\u0301\ud800\U00020000\ue001･－"
)
TEXTS = st.text(alphabet=st.one_of(st.sampled_from(HOSTILE), st.characters(codec=None)), max_size=60)
STRINGS = st.text(alphabet="甲乙丙", max_size=5)


def spans(pattern: str, text: str) -> list[tuple[int, int]]:
    return [match.span() for match in re.finditer(pattern, text) if match.group()]


def texts_of(pattern: str, alphabet: str) -> st.SearchStrategy[str]:
    """Matches of a pattern and pieces of them, side by side or with something between."""
    match = st.from_regex(re.compile(pattern), fullmatch=True, alphabet=st.sampled_from(alphabet))
    ends = st.integers(0, 6)
    piece = st.tuples(match, ends, ends).map(lambda cut: cut[0][cut[1] : len(cut[0]) - cut[2]])
    return st.lists(match | piece | st.text(alphabet=alphabet, max_size=6), max_size=5).map("".join)


# What mask rules are made of, and what stands beside it.
PARTS = [
    *"@.-/()〔〕[]年月日号第令一二零九三百次件条个样场县市区街省州旗镇乡在由的事理公委级直社郊我本局全,%٣_é:道",
    "http://", "https://", "www.", "a.gov.cn", "a@b.cn", "0436", "3502899", "12345", "13812345678", "2020", "20", "19",
    "12", "31", "国令第", "国办发", "街道", "自治", "自治县", "信息", "清河", "财政局", "教育局", "人民政府",
    "政府办公室", "市场监督管理局", "政府", "机关",
]
# Each rule at its longest, so that nothing of it is out of the reach of its core.
LONGEST = [
    "甲乙丙丁戊己发〔2019〕第1234号", "国令第1234号", "(0436)-35028991", "甲乙丙丁自治县", "甲乙丙丁街道",
    "街道财政局", "二零一九年",
    f"{'x' * 40}@b.cn", f"{'.'.join(['A' + 'b' * 40] * 5)}.gov.cn",
]
FOUND = [*(rule["found"] for rule in MASK["rules"]), *LONGEST]
MASKED = st.lists(
    st.sampled_from([*PARTS, "\n"]) | st.sampled_from(FOUND) | st.sampled_from(FOUND).map(lambda found: found[1:]),
    max_size=14,
)


@given(st.text(alphabet="xyz ", max_size=40), st.sampled_from(["x{0,3}y(?!y)", "(?<!x)x{1,3}y", "x{3}y|y", "(?<=z)y"]))
def test_a_pattern_is_tried_as_far_before_its_core_as_it_reaches(text: str, pattern: str) -> None:
    assert list(Near(pattern, "y", 3).spans(text)) == spans(pattern, text)


@given(st.text(alphabet="xyz ", max_size=40), st.sampled_from([("x*y", 1), ("(?:x+y){2,}", 2), ("(?:y|xy|yx)+?x", 1)]))
def test_a_pattern_is_tried_in_runs_of_its_letters_that_hold_its_core(text: str, rule: tuple[str, int]) -> None:
    pattern, times = rule
    assert list(Runs(pattern, "y", times, "xy").spans(text)) == spans(pattern, text)


@pytest.mark.parametrize("number", range(len(MASK["rules"])), ids=lambda number: MASK["rules"][number]["id"])
def test_a_mask_rule_finds_near_its_cores_what_its_pattern_finds_anywhere(number: int) -> None:
    pattern = MASK["rules"][number]["pattern"].replace("{department}", EITHER)

    @given(MASKED.map("".join))
    def check(text: str) -> None:
        assert list(_rules()[number][2].spans(text)) == spans(pattern, text)

    check()


@pytest.mark.parametrize("number", range(len(SET_PHRASES["patterns"])), ids=lambda n: SET_PHRASES["patterns"][n]["id"])
def test_a_phrase_pattern_finds_near_its_cores_what_it_finds_anywhere(number: int) -> None:
    pattern = SET_PHRASES["patterns"][number]["pattern"]
    for sign, character in SIGN_OF.items():
        pattern = pattern.replace(sign, character)
    alphabet = "".join(sorted(set(re.findall(r"[^\x00-\x7f]", pattern)))) + f"{BREAK}甲"

    @given(texts_of(pattern, alphabet))
    def check(text: str) -> None:
        assert list(phrase_patterns()[number][2].spans(text)) == spans(pattern, text)

    check()


@given(st.lists(STRINGS, max_size=20), st.text(alphabet="甲乙丙丁", max_size=40), st.integers(1, 3))
def test_heads_stand_where_a_string_may_begin(strings: list[str], text: str, width: int) -> None:
    heads = Heads(strings, width)
    assert sorted(s for found in heads.values() for s in found) == sorted({s for s in strings if len(s) >= width})
    assert heads.places(text) == [at for at in range(len(text) - width + 1) if text[at : at + width] in heads]
    again = pickle.loads(pickle.dumps(heads))
    assert (again, again.width, again.places(text)) == (heads, heads.width, heads.places(text))


def test_heads_arrive_in_a_process_once_however_often_they_are_sent() -> None:
    sent = pickle.dumps(Heads(["清河县", "柳泽县财政局"], 2))
    assert pickle.loads(sent) is pickle.loads(sent)


@given(st.lists(STRINGS, max_size=30), st.text(alphabet="甲乙丙丁", max_size=40))
def test_names_are_found_leftmost_longest_and_apart(strings: list[str], text: str) -> None:
    names, found, at = index_names(strings), [], 0
    while at < len(text):
        longest = max((len(s) for s in strings if len(s) > 1 and text.startswith(s, at)), default=0)
        if longest:
            found.append((at, at + longest))
        at += longest or 1
    assert find_names(text, names) == found


def test_no_department_is_too_short_to_be_found_by_its_head() -> None:
    assert min(map(len, DEPARTMENTS)) == 3


@given(TEXTS)
def test_characters_are_what_the_folds_say(text: str) -> None:
    kinds, wide, counts, letters = (values.tolist() for values in look_up(code_points(text)))
    assert "".join(map(chr, wide)) == fold_width(text)
    assert counts == [len(fold(character).text) for character in fold_width(text)]
    assert letters == [ord(fold(character).text[:1] or "\0") for character in fold_width(text)]
    assert [kind >= WHITE_SPACE for kind in kinds] == [bool(BLANK.match(character)) for character in fold_width(text)]
    assert [kind == LINE_FEED for kind in kinds] == [character == "\n" for character in text]
    assert [kind == SENTENCE_END for kind in kinds] == [character in "。!?;…" for character in fold_width(text)]
    assert [kind == CLAUSE_END for kind in kinds] == [character in ",:、" for character in fold_width(text)]


LAWS = [fold(law["text"]).text for law in load_toml("models/skeleton.toml")["laws"]]
QUOTES = st.tuples(st.sampled_from(LAWS), st.integers(0, 60), st.integers(0, 30)).map(
    lambda quote: quote[0][quote[1] : sum(quote[1:])]
)


@given(st.lists(QUOTES | st.text(alphabet="政府信息公开无", max_size=12), max_size=8).map("".join))
def test_quotations_are_the_letters_that_stand_in_a_law_in_runs(letters: str) -> None:
    runs = {law[at : at + LAW_RUN] for law in LAWS for at in range(len(law) - LAW_RUN + 1)}
    hits = [at for at in range(len(letters) - LAW_RUN + 1) if letters[at : at + LAW_RUN] in runs]
    marks = {at + more for at in hits for more in range(LAW_RUN)}
    found = find_quotations(letters)
    assert sorted(marks) == [at for start, end in found for at in range(start, end)]
    assert all(one[1] < other[0] for one, other in pairwise(found))


@given(st.lists(st.sampled_from(set_phrases()) | st.text(alphabet="政府信息公开工作进一步", max_size=9), max_size=6))
def test_set_phrases_are_marked_wherever_they_stand(parts: list[str]) -> None:
    text = "".join(parts)
    marks = bytearray(len(text))
    for phrase in set_phrases():
        for at in range(len(text)):
            if text.startswith(phrase, at):
                marks[at : at + len(phrase)] = b"\1" * len(phrase)
    for rule, (_, cue, _) in zip(SET_PHRASES["patterns"], phrase_patterns(), strict=True):
        pattern = rule["pattern"]
        for sign, character in SIGN_OF.items():
            pattern = pattern.replace(sign, character)
        for start, end in spans(pattern, text) if cue in text else ():
            marks[start:end] = b"\1" * (end - start)
    assert mark_set_phrases(text) == marks


def slow_seeds(text: str) -> Iterator[int]:
    """Where seeds begin: of the seven hashes of pairs in eight characters, the first or the last is least."""
    hashes = [pair_hash(a, b) for a, b in pairwise(text)]
    for at in range(len(text) - SEED + 1):
        window, gram = hashes[at : at + 7], text[at : at + SEED]
        slots = sum(character in SIGNS.values() for character in gram)
        if window.index(min(window)) in (0, 6) and BREAKS.isdisjoint(gram) and slots <= 4:
            yield at


def pair_hash(a: str, b: str) -> int:
    value = ord(a) * 0x1F123BB5 + ord(b) + 0x9E3779B97F4A7C15 & (1 << 64) - 1
    value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9 & (1 << 64) - 1
    value = (value ^ value >> 27) * 0x94D049BB133111EB & (1 << 64) - 1
    return value ^ value >> 31


SIGNS_AND_LETTERS = st.text(alphabet=[*"政府信鱻", *sorted(SIGNS.values()), BREAK, STRIPPED], max_size=60)


@given(SIGNS_AND_LETTERS | st.text(alphabet="政府信", max_size=60))
def test_seeds_are_closed_syncmers_with_what_stands_beside_them(text: str) -> None:
    seeds = find_seeds(text)
    places = list(slow_seeds(text))
    assert seeds.places.tolist() == places
    grams = [text[at : at + SEED] for at in places]
    assert [gram in grams[:number] for number, gram in enumerate(grams)] == [not once for once in seeds.once.tolist()]
    assert [bool(ahead) for ahead in seeds.ahead.tolist()] == [at >= BESIDE for at in places]
    after = [len(text) - at - SEED >= BESIDE for at in places]
    assert [bool(behind) for behind in seeds.behind.tolist()] == after
    by_text = {text[at - BESIDE : at]: ahead for at, ahead in zip(places, seeds.ahead.tolist(), strict=True) if ahead}
    for at, behind in zip(places, seeds.behind.tolist(), strict=True):
        beside = text[at + SEED : at + SEED + BESIDE]
        assert behind == by_text.get(beside, behind)


WORDS = ["政府信息公开", "工作", "年度报告", "进一步", "鱻", NAME, BREAK, "情况"]


@given(st.lists(st.lists(st.sampled_from(WORDS), max_size=6).map("".join), min_size=1, max_size=4))
def test_weights_are_the_bits_of_the_longest_known_ngram_and_of_falling_back_to_it(texts: list[str]) -> None:
    model = shipped_wording()
    bits, costs = (
        {
            (length, gram): value
            for length, table in enumerate(zip(*tables, strict=True), 1)
            for gram, value in zip(*(column.tolist() for column in table), strict=True)
        }
        for tables in ((model.grams, model.bits), (model.contexts, model.backoff))
    )

    def key(gram: str) -> tuple[int, int]:
        return len(gram), int(hash_grams(_codes(gram), len(gram))[0]) if gram else 0

    for text, weights in zip(texts, weigh_views(texts), strict=True):
        assert len(weights) == len(text)
        for at, weight in enumerate(weights):
            told = 13 * STEP
            for first in range(at, max(at - 4, -1), -1):
                told = bits.get(key(text[first : at + 1]), told + costs.get(key(text[first:at]), 0))
            silent = text[at] in SIGNS.values() or text[at] in BREAKS
            assert weight == (0 if silent else min(max(told, 1), 8 * STEP))


def slow_pieces(text: str, sentences: set[int], clauses: set[int]) -> list[tuple[int, int]]:
    pieces, start = [], 0
    for at in range(len(text) + 1):
        is_break = at < len(text) and text[at] in BREAKS
        if (is_break or at in sentences or at == len(text)) and at > start:
            first = start
            for cut in range(start + LEAST_PIECE, at - LEAST_PIECE + 1) if at - start > LONG_PIECE else ():
                if (cut in clauses and cut - first >= LEAST_PIECE) or cut - first >= LONGEST_PIECE:
                    pieces.append((first, cut))
                    first = cut
            pieces.append((first, at))
            start = at
        start += is_break
    return pieces


class SlowView:
    """The view of a report, letter by letter."""

    def __init__(self, report: ReuseText, known: Names) -> None:
        self.text, self.spans, self.sizes, self.stripped = "", [], [], {}
        lines, offsets, reached = [], array("l"), 0
        self.runs, self.sections = [], []
        for start, end, section in report.stretches:
            start, end = max(start, reached), min(end, len(report.text))
            if start < end:
                line = squeeze(report.text, start, end)
                lines.append(line.text)
                offsets += line.offsets + array("l", [end - 1])
                run = self.runs[-1] + (section != self.sections[-1]) if self.runs else 0
                self.runs.append(run)
                self.sections.append(section)
                reached = end
        squeezed = Squeezed("\n".join([*lines, ""]), offsets)
        self.slots = mask_squeezed(squeezed, index_names([*report.names, report.agency or ""]), known)
        mandated = {at for start, end, _ in find_skeleton(squeezed.text) for at in range(start, end)}
        mandated |= {at for at in range(len(offsets)) for start, end in report.skeleton if start <= offsets[at] < end}
        self.sentences, self.clauses = set(), set()
        before, last, line = (None, -1, -1, -1), -1, 0
        for at, character in enumerate(squeezed.text):
            offset = offsets[at]
            for letter in fold(character).text:
                slot = next((n for n, s in enumerate(self.slots) if s.start <= offset < s.end), None)
                kind = "mandated" if at in mandated else "letter" if slot is None else "slot"
                now = (kind, slot, line, self.runs[line])
                position = self.write(before, now, letter, offset)
                between = squeezed.text[last + 1 : at]
                if line != before[2] or set("。!?;…") & set(between) or "\n" in report.text[offsets[last] : offset]:
                    self.sentences.add(position)
                elif set(",:、") & set(between):
                    self.clauses.add(position)
                before, last = now, at
            line += character == "\n"

    def write(self, before: tuple, now: tuple, letter: str, offset: int) -> int:
        """Write a letter; the place where a piece may begin before it."""
        kind, slot, line, run = now
        if kind == "mandated":
            self.stripped[self.sections[line]] = self.stripped.get(self.sections[line], 0) + 1
            if before[3] != run or before[0] == "mandated":
                return len(self.text)
        elif kind == "slot" and before[0] == "slot" and before[2] == line and self.is_one(before[1], slot):
            self.spans[-1] = self.spans[-1][0], self.slots[slot].end
            self.sizes[-1] += 1
            return len(self.text)
        if self.text and run != self.run:
            self.add(BREAK, (0, 0), 0)
        self.run = run
        if kind == "slot":
            self.add(SIGNS[self.slots[slot].slot], (self.slots[slot].start, self.slots[slot].end), 1)
        else:
            self.add(letter if kind == "letter" else STRIPPED, (offset, offset + (kind == "letter")), kind == "letter")
        return len(self.text) - 1

    def is_one(self, one: int, other: int) -> bool:
        parts = self.slots[one], self.slots[other]
        names = all(SIGNS[part.slot] == NAME for part in parts)
        return one == other or (other == one + 1 and names and parts[0].end == parts[1].start)

    def add(self, sign: str, span: tuple[int, int], size: int) -> None:
        self.text += sign
        self.spans.append(span)
        self.sizes.append(int(size))


WORDING = st.sampled_from([
    "清河县财政局", "江苏省", "淮安市", "2020年", "36条", "我局", "联系电话:0436-3502899。", LAWS[0], LAWS[3],
    "五、存在的主要问题及改进情况", "水库巡查，", "深入社区、", "办理答复", "《清河县2020年要点》", "推送", "。", "\n",
])


@st.composite
def made_reports(draw: st.DrawFn) -> ReuseText:
    text, at, stretches = "".join(draw(st.lists(WORDING | TEXTS, max_size=10))), 0, []
    for number in range(draw(st.integers(0, 6))):
        start, end = at + draw(st.integers(-2, 4)), at + draw(st.integers(1, 90))
        stretches.append((start, end, number // 2))
        at = end
    skeleton = draw(st.lists(st.tuples(st.integers(0, 90), st.integers(0, 20)), max_size=2))
    marked = tuple((start, start + length) for start, length in skeleton)
    return ReuseText("r", text, tuple(stretches), marked, names=draw(st.sampled_from([(), ("清河县财政局", "水库")])))


@given(st.lists(made_reports(), min_size=1, max_size=3))
def test_views_are_what_writing_letter_by_letter_gives(reports: list[ReuseText]) -> None:
    known = index_names(["淮安市水利局", "社区"])
    for report, view in zip(reports, build_views(reports, known), strict=True):
        slow = SlowView(report, known)
        assert view.text == slow.text
        assert list(zip(view.starts, view.ends, strict=True)) == slow.spans
        assert list(view.sizes) == slow.sizes
        assert dict(view.stripped) == slow.stripped
        assert [(start, end) for start, end, _ in view.pieces] == slow_pieces(slow.text, slow.sentences, slow.clauses)
        assert view == build_view(report, known)


def test_reports_prepared_together_are_prepared_each_by_itself() -> None:
    texts = ["清河县财政局公开信息36条。", "", "水库巡查三次，推送二百条。" * 9]
    reports = [ReuseText(f"r{number}", text, ((0, len(text), 0),)) for number, text in enumerate(texts)]
    together = prepare_reports(reports, known=index_names(()))
    assert prepare_reports([], known=index_names(())) == []
    for report, (view, seeds) in zip(reports, together, strict=True):
        assert view.weights == wording_weights(view.text)
        assert view.text == build_view(report, index_names(())).text
        assert seeds.grams.tolist() == find_seeds(view.text).grams.tolist()

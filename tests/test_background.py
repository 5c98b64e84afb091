"""Background profiles: counted by hand, without text, without leaks, the same bytes in any order."""

from __future__ import annotations

import hashlib
import random
import zipfile
from math import log
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from gknlp.analysis import process_file
from gknlp.background import build_background, describe_profile
from gknlp.cli import app
from gknlp.errors import SettingsError
from gknlp.normalize import fold
from gknlp.notes import MIN_DOCUMENTS, read_note
from gknlp.output.terminal import show_background
from gknlp.reuse.profile import (
    Profile,
    build_profile,
    load_profile,
    measure_background,
    read_profile,
    sketch_report,
    write_profile,
)
from gknlp.settings import ReuseSettings, Settings
from gknlp.types import FORMS, Failure, ReuseText

STOCK = "坚持把政务公开列入年度要点并逐项督办落实到具体科室和经办人员手中"
LETTERS = "园墙书桌灯窗门路桥船车马牛羊鸟鱼花草树叶根茎果米面茶油盐糖布衣帽鞋碗杯笔纸墨琴棋画歌舞"
PLACES = "清柳松望禾临雁乌砚绥芦石定白青朔玉金丰永安宁康泰华兴河泽漪川洲桐坪槐岭屏渚匣泊垣"


def own_words(number: int, length: int = 320) -> str:
    """Letters in an order that no other report has."""
    return "".join(random.Random(number).choices(LETTERS, k=length))


def text_of(number: int, *, stock: bool = True, words: str | None = None) -> ReuseText:
    text = (own_words(number) if words is None else words) + "。" + (STOCK if stock else "") + "。"
    return ReuseText(f"r{number:03}", text, ((0, len(text), 0),))


def content_of(text: ReuseText) -> str:
    return hashlib.sha256(fold(text.text).text.encode()).hexdigest()


def profile_of(texts: list[ReuseText], folder: Path, form: str = "2021") -> Profile:
    write_profile(folder / "p.npz", build_profile(sketch_report(text, form, content_of(text)) for text in texts))
    return read_profile(folder / "p.npz")


Found = tuple[float | None, float | None, dict[str, str], str | None]


def measured(text: ReuseText, profile: Profile, form: str = "2021") -> Found:
    """Formula, rarity, what they refer to, and the reason where they are None."""
    formula, rarity = measure_background(text, form, content_of(text), profile)
    assert (formula.measure, rarity.measure) == ("background_formula", "background_rarity")
    about, beside = read_note(formula.note), read_note(rarity.note)
    assert formula.reference == rarity.reference
    assert about.get("reason") == beside.get("reason")
    assert (about["unit"], about["floor"], beside["unit"]) == ("character", "0.1", "window")
    assert rarity.n == len(sketch_report(text, form, "0" * 16).windows)
    return formula.value, rarity.value, read_note(formula.reference), about.get("reason")


def test_formula_and_rarity_counted_by_hand(tmp_path: Path) -> None:
    """Of 40 reports 20 hold the stock sentence; a stranger holds it too."""
    profile = profile_of([text_of(k, stock=k < 20) for k in range(40)], tmp_path)
    stranger = text_of(900)
    formula, rarity, reference, reason = measured(stranger, profile)
    windows = sketch_report(stranger, "2021", "0" * 16).windows
    common = sketch_report(text_of(0, words=""), "2021", "0" * 16).windows
    assert set(common) <= set(windows)
    # Windows of the stock sentence stand in 20 reports of 40, all others in none.
    assert rarity == pytest.approx(
        (len(common) * log(41 / 21) + (len(windows) - len(common)) * log(41)) / len(windows) / log(41), abs=1e-5
    )
    assert formula is not None
    # Windows are a choice: the ends of a stretch may lie in none.
    assert (len(STOCK) - 12) / 352 <= formula <= len(STOCK) / 352
    assert reference == {"profile": "p.npz", "checksum": profile.checksum, "form": "2021", "documents": "40"}
    assert reason is None
    assert measured(text_of(901, stock=False), profile)[:2] == (0.0, 1.0)


def test_a_report_of_the_profile_is_taken_out_of_it_before_it_is_judged(tmp_path: Path) -> None:
    """The trap: judged against a profile that holds it, everything a report says is known there."""
    twins = [text_of(1), text_of(1, words=own_words(1) + "园墙")]
    profile = profile_of([*twins, *(text_of(k) for k in range(2, 42))], tmp_path)
    itself, stranger = measured(twins[0], profile), measured(text_of(1, words=own_words(1) + "书桌"), profile)
    assert (itself[2]["documents"], itself[2]["itself"]) == ("41", "out")
    assert (stranger[2]["documents"], "itself" in stranger[2]) == ("42", False)
    # Both twins hold the words; with itself taken out one holder is left, which counts as none.
    assert itself[1] is not None
    assert stranger[1] is not None
    assert itself[1] > 0.9
    assert stranger[1] < itself[1] - 0.1
    alone = profile_of([text_of(k) for k in range(42)], tmp_path)
    without = profile_of([text_of(k) for k in range(1, 42)], tmp_path)
    assert measured(text_of(0), alone)[:2] == measured(text_of(0), without)[:2]


def test_too_little_gives_no_value_and_says_so(tmp_path: Path) -> None:
    few = profile_of([text_of(k) for k in range(MIN_DOCUMENTS)], tmp_path)
    formula, rarity, reference, reason = measured(text_of(0), few)
    assert (formula, rarity, reference["documents"], reason) == (None, None, "29", "under 30 documents")
    assert measured(text_of(900), few)[0] is not None
    assert measured(text_of(900), few, form="2019")[3] == "under 30 documents"
    short = text_of(900, words=own_words(900, 200))
    assert measured(short, few)[3] == "short"
    empty = ReuseText("r", "", ())
    assert measured(empty, few)[:2] == (None, None)


def test_a_profile_keeps_no_text_and_nothing_that_one_report_alone_says(tmp_path: Path) -> None:
    profile = profile_of([text_of(k, stock=k < 2) for k in range(40)], tmp_path)
    common = sketch_report(text_of(0, words=""), "2021", "0" * 16).windows
    assert profile.forms["2021"].windows.tolist() == common.tolist()
    assert set(profile.forms["2021"].counts.tolist()) == {2}
    with zipfile.ZipFile(tmp_path / "p.npz") as archive:
        assert sorted(archive.namelist()) == sorted(
            f"{part}_{form}.npy" for part in ("windows", "counts", "reports") for form in FORMS
        )
        for name in archive.namelist():
            assert STOCK[:4].encode() not in archive.read(name)
            assert STOCK[:4].encode("utf-32-le") not in archive.read(name)


def test_order_and_copies_change_no_byte(tmp_path: Path) -> None:
    texts = [text_of(k, stock=k % 2 == 0) for k in range(35)]
    one = profile_of(texts, tmp_path).checksum
    first = (tmp_path / "p.npz").read_bytes()
    assert profile_of([*texts[::-1], texts[3]], tmp_path).checksum == one
    assert (tmp_path / "p.npz").read_bytes() == first


def test_a_file_that_is_no_profile_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be used"):
        load_profile(str(tmp_path / "missing.npz"))
    (tmp_path / "text.npz").write_text("not an archive", encoding="utf-8")
    with pytest.raises(SettingsError, match="cannot be used"):
        load_profile(str(tmp_path / "text.npz"))
    np.savez(tmp_path / "other.npz", weights=np.zeros(3))
    with pytest.raises(SettingsError, match="it holds"):
        load_profile(str(tmp_path / "other.npz"))
    arrays = build_profile([])
    np.savez(tmp_path / "pickled.npz", **{**arrays, "windows_2021": np.array([{"a": 1}], dtype=object)})
    with pytest.raises(SettingsError, match="allow_pickle"):
        load_profile(str(tmp_path / "pickled.npz"))
    unsorted = {**arrays, "windows_2021": np.array([3, 1], np.uint32), "counts_2021": np.array([2, 2], np.uint32)}
    write_profile(tmp_path / "unsorted.npz", unsorted)
    with pytest.raises(SettingsError, match="not in order"):
        load_profile(str(tmp_path / "unsorted.npz"))
    assert load_profile("none") is None


def test_the_shipped_profile_is_said_to_be_weaker(root: Path) -> None:
    shipped = load_profile("")
    assert shipped is not None
    assert {form for form, part in shipped.forms.items() if len(part.reports) >= MIN_DOCUMENTS} == {"2008", "2021"}
    assert (root / "models" / "background.npz").stat().st_size < 100_000
    rows = measure_background(text_of(900), "2021", content_of(text_of(900)), shipped)
    assert read_note(rows[0].reference)["profile"] == "shipped"
    assert "弱于用自己的年报生成的" in show_background(rows, "zh")
    assert show_background(rows, "en").count("weaker than one of your own reports") == 2


def specimen(number: int) -> str:
    return (
        f"青垣省{PLACES[number]}{PLACES[number + 1]}县水利局2014年政府信息公开工作年度报告\n\n一、概述\n"
        f"全年在门户网站公开信息30条。{own_words(number)}。\n"
        f"二、存在的主要问题\n{STOCK}。\n三、下一步打算\n每季度组织一次培训。\n"
    )


def test_the_command_writes_a_profile_that_analysis_uses(tmp_path: Path) -> None:
    reports = tmp_path / "年报"
    reports.mkdir()
    for number in range(33):
        (reports / f"{number:02}.txt").write_text(specimen(number), encoding="utf-8")
    done = CliRunner().invoke(app, ["background", str(reports), "-o", str(tmp_path / "b.npz"), "--jobs", "1"])
    assert done.exit_code == 0, done.output
    assert "33 份年报" in done.stdout
    again = build_background([str(reports)], tmp_path / "c.npz", jobs=2)
    assert (tmp_path / "b.npz").read_bytes() == (tmp_path / "c.npz").read_bytes()
    english = describe_profile(again, 1234, "en")
    assert "Form of 2021: 0 reports, 0 windows that two or more share (fewer than 30: no reference)" in english

    settings = Settings(reuse=ReuseSettings(background=str(tmp_path / "b.npz")))
    (item,) = process_file(reports / "00.txt", settings=settings)
    assert not isinstance(item, Failure)
    (formula,) = [m for m in item.measures if m.measure == "background_formula"]
    assert formula.reference == (
        f"profile=b.npz; checksum={again.checksum}; form={item.parts.form}; documents=32; itself=out"
    )
    assert formula.value is not None
    assert 0 < formula.value < 0.2
    shown = CliRunner().invoke(app, ["show", str(reports / "00.txt"), "--background", str(tmp_path / "b.npz")])
    assert f"背景库中常见文字比重: {formula.value:.3f} (n={formula.n}; 背景档案：b.npz；" in shown.stdout
    (bare,) = process_file(reports / "00.txt", settings=Settings(reuse=ReuseSettings(background="none")))
    assert not isinstance(bare, Failure)
    assert not [m for m in bare.measures if m.measure.startswith("background")]


def test_commands_refuse_what_is_no_report_and_no_profile(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("这不是年报。", encoding="utf-8")
    runner = CliRunner()
    nothing = runner.invoke(app, ["background", str(tmp_path / "a.txt"), "-o", str(tmp_path / "b.npz"), "--jobs", "1"])
    assert (nothing.exit_code, (tmp_path / "b.npz").exists()) == (2, False)
    assert "No annual report could be read among 1 files." in nothing.stderr
    missing = runner.invoke(
        app, ["analyze", str(tmp_path / "a.txt"), "-o", str(tmp_path / "out"), "--background", str(tmp_path / "b.npz")]
    )
    assert missing.exit_code == 2
    assert "Background profile" in missing.stderr
    (tmp_path / "r.txt").write_text(specimen(0), encoding="utf-8")
    unwritable = ["background", str(tmp_path / "r.txt"), "-o", str(tmp_path / "none" / "b.npz"), "--jobs", "1"]
    refused = runner.invoke(app, unwritable)
    assert refused.exit_code == 3
    assert "cannot be written" in refused.stderr

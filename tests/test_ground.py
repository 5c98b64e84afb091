"""The ground: folding maps back, settings refuse what cannot be right, errors survive a process boundary."""

from __future__ import annotations

import pickle
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gknlp import resources
from gknlp.errors import EncryptedFileError, ResourceError, SettingsError
from gknlp.normalize import fold, fold_width
from gknlp.settings import Settings, load_settings, settings_from_mapping


@given(st.text())
def test_fold_width_keeps_the_length(text: str) -> None:
    assert len(fold_width(text)) == len(text)


@given(st.text())
def test_fold_and_map_back_is_the_identity(text: str) -> None:
    view = fold(text)
    assert len(view.offsets) == len(view.text)
    for k in range(len(view.text)):
        start, end = view.to_source(k, k + 1)
        assert end == start + 1
        assert view.text[k] in fold(text[start:end]).text
    if view.text:
        start, end = view.to_source(0, len(view.text))
        assert fold(text[start:end]).text == view.text


@given(st.text(), st.data())
def test_fold_from_source_is_the_first_view_position_at_or_after(text: str, data: st.DataObject) -> None:
    view = fold(text)
    offset = data.draw(st.integers(0, len(text)))
    at = view.from_source(offset)
    assert all(o < offset for o in view.offsets[:at])
    assert all(o >= offset for o in view.offsets[at:])


def test_fold_drops_white_space_and_punctuation_and_maps_spans() -> None:
    text = "（一） 总体　情况：２０２４年①"
    view = fold(text)
    assert view.text == "一总体情况2024年1"
    assert view.to_source(1, 5) == (4, 9)
    assert text[4:9] == "总体　情况"
    assert view.to_source(3, 3) == (7, 7)
    assert fold("").text == ""
    assert fold("").to_source(0, 0) == (0, 0)


def test_fold_width_makes_look_alikes_one() -> None:
    assert fold_width("二〇二四—“甲”\u3000Ａ") == '二零二四-"甲" A'


def test_settings_round_trip_and_fingerprint(tmp_path: Path) -> None:
    file = tmp_path / "设置 文件.toml"
    file.write_text('\ufeff[tokens]\r\ntokenizer = "rjieba"\r\n[reuse]\r\nmin_chars = 20\r\n', encoding="utf-8")
    settings = load_settings(file)
    assert settings.tokens.tokenizer == "rjieba"
    assert settings.reuse.min_chars == 20
    assert settings.fingerprint() != Settings().fingerprint()
    assert settings_from_mapping({}).fingerprint() == Settings().fingerprint()


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ("[token]\n", "Unknown settings table [token]. There are: classify, keywords, output, read, reuse, tokens."),
        ("[tokens]\ntokeniser = 'x'\n", "Unknown setting tokens.tokeniser. There are: lexicon, tokenizer."),
        ("[tokens]\ntokenizer = 'pkuseg'\n", "Setting tokens.tokenizer is 'pkuseg'. It takes jieba or rjieba."),
        ("[reuse]\nmin_chars = 0\n", "Setting reuse.min_chars is 0. It takes a whole number of at least 1."),
        ("[reuse]\nnear = 1.5\n", "Setting reuse.near is 1.5. It takes a number from 0 to 1."),
        ("[reuse]\nmin_chars = true\n", "Setting reuse.min_chars is True. It takes a whole number of at least 1."),
        ("[output]\nlang = 3\n", "Setting output.lang is 3. It takes a string."),
        ("tokens = 3\n", "Setting tokens is 3, not a table. Write [tokens] and keys below it."),
    ],
)
def test_settings_name_the_key_the_value_and_what_is_allowed(toml: str, message: str) -> None:
    with pytest.raises(SettingsError) as caught:
        settings_from_mapping(tomllib.loads(toml))
    assert str(caught.value) == message


def test_settings_file_missing_or_broken_says_so(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"cannot be read.*Check the path"):
        load_settings(tmp_path / "none.toml")
    (tmp_path / "broken.toml").write_text("[tokens\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="is not valid TOML"):
        load_settings(tmp_path / "broken.toml")


def test_errors_keep_message_hint_and_path_across_processes() -> None:
    error = EncryptedFileError("甲.pdf asks for a password.", path="甲.pdf", hint="Save it without one.")
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), again.message, again.hint, again.path) == (
        EncryptedFileError, "甲.pdf asks for a password.", "Save it without one.", "甲.pdf",
    )
    assert str(again) == "甲.pdf asks for a password. Save it without one."


def test_resources_name_what_is_missing() -> None:
    assert resources.path("models/flags.toml").is_file()
    with pytest.raises(ResourceError, match=r"models/none\.toml is not where it should be"):
        resources.path("models/none.toml")


def test_resources_are_found_inside_the_package_and_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "gknlp"
    (package / "_data" / "models").mkdir(parents=True)
    (package / "_data" / "models" / "a.toml").write_bytes(b"x = 1\r\n")
    monkeypatch.setattr(resources, "__file__", str(package / "resources.py"))
    resources.root.cache_clear()
    try:
        assert resources.path("models/a.toml") == package / "_data" / "models" / "a.toml"
        unix = resources.checksum("models/a.toml")
        (package / "_data" / "models" / "a.toml").write_bytes(b"x = 1\n")
        assert resources.checksum("models/a.toml") == unix
    finally:
        monkeypatch.undo()
        resources.root.cache_clear()

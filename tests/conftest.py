"""Fixtures shared by several test files."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browser import Browser

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real reports and annotations beside the checkout; required in CI, skipped elsewhere if missing."""
    if not (SHARED / "gold").is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"CI needs the real reports at {SHARED}")
        pytest.skip(f"no real reports at {SHARED}")
    return SHARED


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def hostile_files() -> Callable[[Path], dict[str, str]]:
    """A function that writes what people really hand in, and tells the failure of each file ("" is a report)."""

    def write(folder: Path) -> dict[str, str]:
        png = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + bytes(13) + b"\x00" * 64
        (folder / "图片改名.pdf").write_bytes(png)
        (folder / "空文件.docx").write_bytes(b"")
        text = (
            "柳泽县水务局2014年政府信息公开工作年度报告\n一、概述\n我局全年公开信息三十条。\n"
            "二、存在的问题\n公开不够及时。\n"
        )
        (folder / "国标 编码.txt").write_bytes(text.encode("gb18030"))
        broken = text.replace("三十", "三\ud800\x00十").encode("utf-8", "surrogatepass")
        (folder / "代理与空字符.txt").write_bytes(broken)
        sentence = "我局在窗口公开办事指南并接受群众咨询，全年解答来电来访若干次。"
        (folder / "三十兆 单行.txt").write_text(sentence * (30_000_000 // len(sentence.encode())), encoding="utf-8")
        (folder / "带 空格 的 路径").mkdir()
        (folder / "带 空格 的 路径" / "报告 一.txt").write_text(text, encoding="utf-8")
        (folder / "截断.docx").write_bytes(b"PK\x03\x04\x14\x00\x06\x00" + bytes(40))
        (folder / "截断.pdf").write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<</Type/Catalog")
        return {
            "图片改名.pdf": "DamagedFileError", "空文件.docx": "EmptyFileError", "截断.docx": "DamagedFileError",
            "截断.pdf": "DamagedFileError", "国标 编码.txt": "", "代理与空字符.txt": "", "报告 一.txt": "",
            "三十兆 单行.txt": "TooLargeError",
        }

    return write


@pytest.fixture(scope="module")
def shared_browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A Chromium for the tests of one file."""
    made = Browser(tmp_path_factory.mktemp("profile"))
    yield made
    made.close()


@pytest.fixture
def browser(shared_browser: Browser) -> Iterator[Browser]:
    """The same, held to silence: no console error, no request but for files and what the page itself made."""
    yield shared_browser
    assert shared_browser.problems == []
    assert not [url for url in shared_browser.requests if not url.startswith(("file:", "about:", "blob:"))]

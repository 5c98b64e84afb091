"""A real Chromium driven through its own debugging pipe: no driver, no port, no network."""

from __future__ import annotations

import base64
import json
import os
import shlex
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
# The accessibility rules of axe-core, an npm package, where .ci/run puts them.
AXE = Path(__file__).resolve().parents[1] / ".venv" / "axe-core" / "axe.min.js"
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--remote-debugging-pipe",
    "--window-size=1300,900",
)
TIMEOUT = 30.0


class Browser:
    """One tab. `problems` collects console errors and exceptions, `requests` every address asked for."""

    def __init__(self, profile: Path) -> None:
        child_in, self._out = os.pipe()
        self._in, child_out = os.pipe()
        command = " ".join(shlex.quote(part) for part in (str(CHROMIUM), *FLAGS, f"--user-data-dir={profile}"))
        # The browser talks on descriptors 3 and 4, whatever numbers ours have.
        self._process = subprocess.Popen(
            ["bash", "-c", f"exec {command} 3<&{child_in} 4>&{child_out}"], pass_fds=(child_in, child_out),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        os.close(child_in)
        os.close(child_out)
        self._buffer, self._number, self._session = b"", 0, None
        self.problems: list[str] = []
        self.requests: list[str] = []
        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self._call(f"{domain}.enable")

    def open(self, path: Path, place: str = "") -> float:
        """Open a file and wait until it has loaded; the seconds that took."""
        began = time.perf_counter()
        self._call("Page.navigate", url="about:blank")
        self._call("Page.navigate", url=path.as_uri() + place)
        while self.js("document.readyState") != "complete" or self.js("location.href") == "about:blank":
            time.sleep(0.01)
            assert time.perf_counter() - began < TIMEOUT, f"{path} does not load"
        return time.perf_counter() - began

    def js(self, expression: str) -> object:
        """The value of an expression in the page, of a promise what it brings; an exception there is raised here."""
        answer = self._call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def follow(self, expression: str) -> None:
        """Run an expression that opens another page, and wait until that has loaded."""
        before = self.js("location.href")
        self.js(expression)
        self._arrive(before)

    def follow_key(self, key: str) -> None:
        """Press a key that opens another page, and wait until that has loaded."""
        before = self.js("location.href")
        self.press(key)
        self._arrive(before)

    def _arrive(self, before: object) -> None:
        began = time.perf_counter()
        where = "document.readyState == 'complete' && location.href"
        # A page that is just being left answers with an error instead of a result.
        while self._ask("Runtime.evaluate", expression=where).get("result", {}).get("result", {}).get("value") in (
            before, False, None,
        ):
            time.sleep(0.01)
            assert time.perf_counter() - began < TIMEOUT, f"nothing opens from {before}"

    def download(self, folder: Path, expression: str) -> Path:
        """Run an expression that saves a file; the file, in `folder`."""
        before = set(folder.iterdir())
        self._call("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(folder))
        self.js(expression)
        began = time.perf_counter()
        while True:
            fresh = [path for path in folder.iterdir() if path not in before and path.suffix != ".crdownload"]
            if fresh and fresh[0].stat().st_size:
                return fresh[0]
            time.sleep(0.01)
            assert time.perf_counter() - began < TIMEOUT, f"{expression} saves nothing"

    def choose_file(self, selector: str, path: Path) -> None:
        """Choose a file in the input that a selector names, as a person does."""
        root = self._call("DOM.getDocument")["root"]["nodeId"]
        node = self._call("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]
        self._call("DOM.setFileInputFiles", nodeId=node, files=[str(path)])

    @contextmanager
    def before_each_page(self, script: str) -> Iterator[None]:
        """Run a script before those of every page opened in the block."""
        number = self._call("Page.addScriptToEvaluateOnNewDocument", source=script)["identifier"]
        yield
        self._call("Page.removeScriptToEvaluateOnNewDocument", identifier=number)

    def violations(self) -> list[str]:
        """What axe-core finds serious or critical on the page: rule, what is wrong, and the first elements."""
        self.js(AXE.read_text(encoding="utf-8") + "\n;0")
        found = self.js("axe.run(document, {resultTypes: ['violations'], preload: false}).then(r => r.violations)")
        return [
            f"{item['impact']} {item['id']}: {item['help']}; {[node['html'][:200] for node in item['nodes'][:3]]}"
            for item in found if item["impact"] in ("serious", "critical")
        ]

    def press(self, key: str) -> None:
        """Press and release a key by its name, as a person at the keyboard does: `Tab`, `Enter`, `ArrowDown`, `a`."""
        code = {"Tab": 9, "Enter": 13, "Escape": 27, "ArrowDown": 40, " ": 32}.get(key, ord(key[0]))
        text = {"Enter": "\r"}.get(key, key if len(key) == 1 else "")
        parameters = {"key": key, "windowsVirtualKeyCode": code, "text": text}
        self._call("Input.dispatchKeyEvent", type="keyDown", **parameters)
        self._call("Input.dispatchKeyEvent", type="keyUp", **{**parameters, "text": ""})

    def size(self, width: int, height: int) -> None:
        """Set the size of the page, in CSS pixels."""
        self._call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False
        )

    def screenshot(self, path: Path) -> None:
        """Write what the window shows as PNG."""
        path.write_bytes(base64.b64decode(self._call("Page.captureScreenshot", format="png")["data"]))

    def pdf(self, path: Path) -> None:
        """Print the page as PDF, with the paper and margins that its style sheet asks for."""
        printed = self._call("Page.printToPDF", preferCSSPageSize=True, printBackground=True)
        path.write_bytes(base64.b64decode(printed["data"]))

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(TIMEOUT)
        os.close(self._in)
        os.close(self._out)

    def _call(self, method: str, **parameters: object) -> dict:
        answer = self._ask(method, **parameters)
        assert "error" not in answer, answer
        return answer["result"]

    def _ask(self, method: str, **parameters: object) -> dict:
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._read()
            if answer.get("id") == self._number:
                return answer

    def _read(self) -> dict:
        while b"\0" not in self._buffer:
            got = os.read(self._in, 1 << 16)
            assert got, "Chromium ended"
            self._buffer += got
        first, _, self._buffer = self._buffer.partition(b"\0")
        message = json.loads(first)
        kind, values = message.get("method"), message.get("params", {})
        if kind == "Network.requestWillBeSent":
            self.requests.append(values["request"]["url"])
        elif (
            kind == "Runtime.exceptionThrown"
            or (kind == "Log.entryAdded" and values["entry"]["level"] == "error")
            or (kind == "Runtime.consoleAPICalled" and values["type"] in ("error", "warning", "assert"))
        ):
            self.problems.append(json.dumps(values, ensure_ascii=False))
        return message

"""A headless Chromium, spoken to over pipes, so that it can live in a test host's network.

Debian's Chromium and its DevTools protocol; no driver, no port.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import tempfile
import time

OPTIONS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--mute-audio",
    "--autoplay-policy=no-user-gesture-required",
    "--remote-debugging-pipe",
)


class Browser:
    """One browser with one page; a context manager.

    :arg wrap: function that puts a command into the network where the browser shall be.
    """

    def __init__(self, wrap=lambda *command: list(command)):
        self._wrap = wrap
        self._number = 0
        self._rest = b""
        self.answers = []  # (status, URL) of everything that any page loaded
        self.requests = []  # URLs of everything that any page asked for
        self.complaints = []  # what went wrong in pages: errors of scripts, refusals, warnings

    def __enter__(self):
        self._profile = tempfile.mkdtemp(prefix="chromium-")
        down, self._to = os.pipe()
        self._from, up = os.pipe()
        # The protocol wants the descriptors 3 and 4.
        line = f'exec chromium "$@" 3<&{down} 4>&{up} </dev/null >/dev/null 2>&1'
        options = (*OPTIONS, f"--user-data-dir={self._profile}", "about:blank")
        self._process = subprocess.Popen(
            self._wrap("bash", "-c", line, "chromium", *options),
            pass_fds=(down, up),
            start_new_session=True,
        )
        os.close(down)
        os.close(up)
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)[
            "sessionId"
        ]
        for domain in ("Network", "Page", "Runtime", "Log"):
            self.call(f"{domain}.enable", session=self._session)
        return self

    def __exit__(self, *_exception):
        os.close(self._to)
        os.close(self._from)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        shutil.rmtree(self._profile, ignore_errors=True)

    def call(self, method, session="", **params):
        """A command of the protocol and its result."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._read()
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise RuntimeError(answer["error"]["message"])
                return answer["result"]
            self._note(answer.get("method"), answer.get("params"))

    def _note(self, event, told):
        if event == "Network.responseReceived":
            self.answers.append((int(told["response"]["status"]), told["response"]["url"]))
        elif event == "Network.requestWillBeSent":
            self.requests.append(told["request"]["url"])
        elif event == "Runtime.exceptionThrown":
            self.complaints.append(json.dumps(told["exceptionDetails"]))
        elif event == "Runtime.consoleAPICalled":
            self.complaints.append(json.dumps(told["args"]))
        elif event == "Log.entryAdded":
            self.complaints.append(told["entry"]["text"])

    def _read(self):
        while b"\0" not in self._rest:
            data = os.read(self._from, 1 << 16)
            if not data:
                raise RuntimeError("the browser ended")
            self._rest += data
        message, _, self._rest = self._rest.partition(b"\0")
        return json.loads(message)

    def open(self, url):
        for found in (self.answers, self.requests, self.complaints):
            found.clear()
        self.call("Page.navigate", session=self._session, url=url)

    def show(self, markup):
        """Open a page that holds just this."""
        self.open("about:blank")
        frame = self.call("Page.getFrameTree", session=self._session)["frameTree"]["frame"]["id"]
        self.call("Page.setDocumentContent", session=self._session, frameId=frame, html=markup)

    def run(self, expression):
        """The value of an expression in the page, or of what it promises."""
        answer = self.call(
            "Runtime.evaluate",
            session=self._session,
            expression=expression,
            returnByValue=True,
            awaitPromise=True,
        )
        return answer["result"].get("value")

    def see(self, width=1280, height=800, dark=False, medium=""):
        """Have the window of a size, and pages shown as somebody wants them."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            session=self._session,
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call(
            "Emulation.setEmulatedMedia", session=self._session, media=medium, features=[scheme]
        )

    def scripts(self, run):
        """Let pages run scripts, or not."""
        self.call("Emulation.setScriptExecutionDisabled", session=self._session, value=not run)

    def press(self, key, control=False):
        """Press a key, by its name in JavaScript."""
        text = {"Enter": "\r", "Tab": ""}.get(key, key if len(key) == 1 else "")
        codes = {"Enter": 13, "Tab": 9, "Escape": 27, " ": 32, "End": 35, "Home": 36}
        codes.update(PageUp=33, PageDown=34, ArrowLeft=37, ArrowUp=38, ArrowRight=39, ArrowDown=40)
        for kind in ("keyDown", "keyUp"):
            self.call(
                "Input.dispatchKeyEvent",
                session=self._session,
                type=kind,
                key=key,
                modifiers=2 if control else 0,
                windowsVirtualKeyCode=codes.get(key, ord(key[0].upper())),
                **({"text": text} if text and kind == "keyDown" else {}),
            )

    def paper(self):
        """The page as it is printed: a PDF."""
        import base64

        printed = self.call("Page.printToPDF", session=self._session, preferCSSPageSize=True)
        return base64.b64decode(printed["data"])

    def wait(self, condition, seconds=60):
        """Whether a condition of the page, or a function without arguments, comes true in time."""
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            if condition() if callable(condition) else self.run(condition):
                return True
            time.sleep(0.5)
        return False

    def statuses(self, part):
        """The statuses of what was loaded from URLs with a part in them."""
        self.run("1")
        return [status for status, url in self.answers if part in url]

    def screenshot(self, path):
        import base64

        data = self.call("Page.captureScreenshot", session=self._session)["data"]
        with open(path, "wb") as stream:
            stream.write(base64.b64decode(data))

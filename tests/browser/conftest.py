"""A real site in its own process with its worker, and a real headless Chromium."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
START_WITHIN_S = 60


@dataclass
class Site:
    """A running installation: its address, its data folder and what it printed."""

    url: str
    home: Path
    log: Path

    def run(self, *args: str, **kwargs) -> subprocess.CompletedProcess:
        """A `backstride` command on the same installation."""
        env = {**os.environ, "BACKSTRIDE_HOME": str(self.home)}
        command = [sys.executable, "-m", "backstride", *args]
        return subprocess.run(command, env=env, capture_output=True, text=True, **kwargs)

    def printed(self, text: str, within_s: float = 20) -> str:
        """What the site printed (mail, too), once `text` is in it."""
        end = time.monotonic() + within_s
        while text not in (said := self.log.read_text(encoding="utf-8", errors="replace")):
            assert time.monotonic() < end, f"{text!r} was not printed in {said[-2000:]}"
            time.sleep(0.1)
        return said


def find_chromium() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def chromium():
    path = find_chromium()
    if path is None:
        text = "NO CHROMIUM: the browser tests don't run. Install it: apt-get install chromium"
        if os.environ.get("CI"):
            pytest.fail(text)
        pytest.skip(text)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@contextmanager
def serving(folder: Path):
    """Gives a function that starts `backstride serve` as a newcomer would; stops all after."""
    started = []

    def start(*args: str, home: Path | None = None) -> Site:
        log = folder / f"serve-{len(started)}.log"
        port = free_port()
        site = Site(f"http://127.0.0.1:{port}", home or folder / "home", log)
        env = {**os.environ, "BACKSTRIDE_HOME": str(site.home), "PYTHONUNBUFFERED": "1"}
        env.pop("BACKSTRIDE_WORK_AT_ONCE", None)
        command = [sys.executable, "-m", "backstride", "serve", "--port", str(port), *args]
        with log.open("wb") as out:
            process = subprocess.Popen(command, env=env, stdout=out, stderr=out)
        started.append(process)
        _wait(site, process)
        return site

    try:
        yield start
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(timeout=30)


@pytest.fixture
def serve(tmp_path):
    with serving(tmp_path) as start:
        yield start


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """One demo site for all the looks a module takes at it."""
    with serving(tmp_path_factory.mktemp("demo")) as start:
        yield start("--demo")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait(site: Site, process: subprocess.Popen) -> None:
    end = time.monotonic() + START_WITHIN_S
    while time.monotonic() < end:
        said = site.log.read_text(errors="replace")
        assert process.poll() is None, f"serve ended: {said}"
        try:
            urllib.request.urlopen(site.url + "/about/", timeout=5).close()
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"the site did not start: {site.log.read_text(errors='replace')}")


@pytest.fixture
def phone(chromium):
    """A page in a phone-sized window that fails the test on any console error."""
    context = chromium.new_context(
        viewport={"width": 390, "height": 844},
        timezone_id="Europe/London",
        has_touch=True,
        accept_downloads=True,
    )
    page = watched(context.new_page())
    yield page
    context.close()
    assert not page.complaints, page.complaints


def watched(page):
    """The page, collecting console errors and requests to anywhere but the site itself."""
    page.complaints = []
    page.set_default_timeout(15_000)

    def hear(message):
        if message.type in {"error", "warning"}:
            page.complaints.append(message.text)

    def see(request):
        if not request.url.startswith(("http://127.0.0.1:", "data:", "blob:", "about:")):
            page.complaints.append(f"a request to {request.url}")

    page.on("console", hear)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("request", see)
    return page

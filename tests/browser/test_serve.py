"""`backstride serve` as its operator meets it."""

from __future__ import annotations

import os
import re
import signal
import sys
import time
from pathlib import Path

import pytest

from browser.conftest import serving

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def workers(site) -> list[int]:
    """The process ids of this installation's background workers."""
    home = f"BACKSTRIDE_HOME={site.home}\0".encode()
    processes = [entry for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    return [
        int(entry.name)
        for entry in processes
        if b"run_huey" in read(entry / "cmdline") and home in read(entry / "environ")
    ]


def read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:  # it ended meanwhile, or is someone else's
        return b""


def until(condition, within_s: float = 20):
    end = time.monotonic() + within_s
    while not (found := condition()):
        assert time.monotonic() < end
        time.sleep(0.1)
    return found


def test_it_says_where_it_is_and_how_to_sign_in(serve):
    site = serve()
    said = site.printed("Stop with Ctrl-C")
    assert site.url in said
    assert "create the first account" in said
    assert str(site.home) in said


def test_a_worker_that_dies_is_started_again_and_ends_with_the_site(tmp_path):
    with serving(tmp_path) as start:
        site = start()
        first = until(lambda: workers(site))
        os.kill(first[0], signal.SIGKILL)
        second = until(lambda: [pid for pid in workers(site) if pid not in first])
        assert len(second) == 1
        site.printed("Starting it again")
    assert workers(site) == []


def test_a_taken_port_is_said_at_once(serve):
    site = serve()
    port = re.search(r"\d+$", site.url).group()
    done = site.run("serve", "--port", port)
    assert done.returncode == 3
    assert "Choose another port" in done.stderr

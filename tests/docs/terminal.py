"""Typing what a page says, in an installation of its own, as a person does."""

from __future__ import annotations

import os
import re
import shlex
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PASSWORD = "one-step-at-a-time-7"
# No to all but the year of birth and the pathway, in the order they are asked.
CALM = "no\n" * 12 + "1985\nrecovered\n" + "no\n" * 60
TYPED = {"account": f"{PASSWORD}\n" * 2, "screen": CALM}
STARTED = "Stop with Ctrl-C"


def environment(shim: Path, home: Path) -> dict[str, str]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("BACKSTRIDE_", "DJANGO_"))}
    path = f"{shim}{os.pathsep}{clean['PATH']}"
    return {**clean, "PATH": path, "BACKSTRIDE_HOME": str(home), "PYTHONUNBUFFERED": "1"}


def words_of(line: str) -> list[str]:
    """The words of a command line without the settings before it."""
    words = shlex.split(line, comments=True)
    while words and re.fullmatch(r"[A-Z_]+=.*", words[0]):
        words.pop(0)
    return words


def type_in(line: str, env: dict[str, str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a line as a person types it, and answer what it asks; away from any terminal."""
    return subprocess.run(
        ["sh", "-c", line],
        input=TYPED.get(words_of(line)[1], ""),
        env=env,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
        timeout=120,
    )


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def serving(line: str, env: dict[str, str], folder: Path) -> Iterator[int]:
    """`backstride serve …` on a port that is free, which it gives; ended when it is told to."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = folder / "serve.log"
    with log.open("wb") as out:
        here = f"--host 127.0.0.1 --port {port}"  # the last one given holds
        command = ["sh", "-c", f"exec env {line} {here}"]
        server = subprocess.Popen(
            command, env=env, cwd=folder, stdout=out, stderr=out, start_new_session=True
        )
        try:
            for _ in range(300):
                if listens(port) or server.poll() is not None:
                    break
                time.sleep(0.1)
            assert STARTED in log.read_text("utf-8"), log.read_text("utf-8")
            yield port
            server.send_signal(signal.SIGTERM)
            assert server.wait(timeout=40) == 0
        finally:
            if server.poll() is None:
                os.killpg(server.pid, signal.SIGKILL)

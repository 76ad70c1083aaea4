"""The background worker of `backstride serve`: a child process, started again if it dies."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import click

END_WITHIN_S = 20


@contextmanager
def working() -> Iterator[None]:
    """Keep one worker running; on the way out it finishes what it is doing."""
    stopping = threading.Event()
    keeper = threading.Thread(target=_keep, args=(stopping,))
    keeper.start()
    try:
        yield
    finally:
        stopping.set()
        keeper.join()


def _keep(stopping: threading.Event) -> None:
    while not stopping.is_set():
        worker = subprocess.Popen([sys.executable, "-m", "backstride.web", "run_huey", "--quiet"])
        while worker.poll() is None and not stopping.wait(0.5):
            pass
        if stopping.is_set():
            _end(worker)
        else:
            click.echo("The background worker ended. Starting it again.", err=True)
            stopping.wait(1)


def _end(worker: subprocess.Popen[bytes]) -> None:
    worker.send_signal(signal.SIGINT)
    try:
        worker.wait(END_WITHIN_S)
    except subprocess.TimeoutExpired:
        worker.kill()
        worker.wait()

"""Bytes fetched ahead on a thread of their own.

Inflating and reading leave Python's lock, and so do compiled loops: with one thread that
fetches and one that scans, two cores work.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from queue import Empty, Queue
from threading import Event, Thread

PIECES = 8  # fetched and not yet taken, at most


@contextmanager
def ahead(pieces: Iterator[bytes]) -> Iterator[Iterator[bytes]]:
    """The same pieces, fetched up to `PIECES` ahead. What fetching raises is raised to the taker.

    At the end of the `with` block the thread has ended, however many were taken.
    """
    ready: Queue[bytes | BaseException | None] = Queue(PIECES)
    enough = Event()
    thread = Thread(target=_fetch, args=(pieces, ready, enough), daemon=True)
    thread.start()
    try:
        yield _taken(ready)
    finally:
        enough.set()
        _drain(ready)  # so that a thread that waits for room goes on, and sees `enough`
        thread.join()


def _fetch(
    pieces: Iterator[bytes], ready: Queue[bytes | BaseException | None], enough: Event
) -> None:
    last: BaseException | None = None
    try:
        for piece in pieces:
            ready.put(piece)
            if enough.is_set():
                return
    except BaseException as error:  # noqa: BLE001 (raised again by the taker)
        last = error
    ready.put(last)


def _taken(ready: Queue[bytes | BaseException | None]) -> Iterator[bytes]:
    while (piece := ready.get()) is not None:
        if isinstance(piece, BaseException):
            raise piece
        yield piece


def _drain(ready: Queue[bytes | BaseException | None]) -> None:
    while True:
        try:
            ready.get_nowait()
        except Empty:
            return

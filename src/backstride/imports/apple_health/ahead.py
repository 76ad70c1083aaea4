"""Work done ahead on a thread of its own.

Inflating and reading leave Python's lock for long: with one thread that fetches, two cores work.
(NumPy leaves it for some microseconds at a time. A thread that tells tags apart, beside one that
reads their values, took a third more of the processors and no less time.)
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from queue import Empty, Queue
from threading import Event, Thread
from typing import TypeVar

T = TypeVar("T")


@contextmanager
def ahead(pieces: Iterator[T], most: int) -> Iterator[Iterator[T]]:
    """The same pieces, `most` of them made ahead. What making raises is raised to the taker.

    At the end of the `with` block the thread has ended, however many were taken.
    """
    ready: Queue[T | BaseException | None] = Queue(most)
    enough = Event()
    thread = Thread(target=_fetch, args=(pieces, ready, enough), daemon=True)
    thread.start()
    try:
        yield _taken(ready)
    finally:
        enough.set()
        _drain(ready)  # so that a thread that waits for room goes on, and sees `enough`
        thread.join()


def _fetch(pieces: Iterator[T], ready: Queue[T | BaseException | None], enough: Event) -> None:
    last: BaseException | None = None
    try:
        for piece in pieces:
            ready.put(piece)
            if enough.is_set():
                return
    except BaseException as error:  # noqa: BLE001 (raised again by the taker)
        last = error
    ready.put(last)


def _taken(ready: Queue[T | BaseException | None]) -> Iterator[T]:
    while (piece := ready.get()) is not None:
        if isinstance(piece, BaseException):
            raise piece
        yield piece


def _drain(ready: Queue[T | BaseException | None]) -> None:
    while True:
        try:
            ready.get_nowait()
        except Empty:
            return

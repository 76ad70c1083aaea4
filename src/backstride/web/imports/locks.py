"""Locks between processes that a killed process can't leave behind.

A lock is an open file under flock(2): the kernel lets go of it when its holder ends, however
it ends. The file is removed on the way out, so none pile up.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings


@contextmanager
def held(name: str) -> Iterator[None]:
    """Hold the lock `name`, waiting for it."""
    path = _path(name)
    handle = _take(path, wait=True)
    try:
        yield
    finally:
        _let_go(path, handle)


@contextmanager
def tried(name: str) -> Iterator[bool]:
    """Hold the lock `name` if it is free now; says whether it was."""
    path = _path(name)
    handle = _take(path, wait=False)
    try:
        yield handle is not None
    finally:
        _let_go(path, handle)


def _path(name: str) -> Path:
    folder: Path = settings.HOME / "locks"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / f"{name}.lock"


def _take(path: Path, *, wait: bool) -> int | None:
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            os.close(handle)
            return None
        except BaseException:
            os.close(handle)
            raise
        if _is_same(path, handle):
            return handle
        os.close(handle)  # its last holder removed it while we waited: take the new one


def _is_same(path: Path, handle: int) -> bool:
    try:
        return os.path.samestat(os.stat(path), os.fstat(handle))
    except FileNotFoundError:
        return False


def _let_go(path: Path, handle: int | None) -> None:
    if handle is not None:
        path.unlink(missing_ok=True)
        os.close(handle)

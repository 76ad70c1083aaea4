"""Going through the parts of a zip: a damaged one is told, the others are read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import PurePosixPath
from typing import TypeVar

from backstride.errors import UnreadableFile
from backstride.imports.containers import Bomb, Files
from backstride.imports.sift import Account

T = TypeVar("T")


def readable(
    names: Iterable[str], read: Callable[[str], T], account: Account, kind: str
) -> Iterator[T]:
    """What `read` gives of each part, without those that it can't read.

    A part that raises UnreadableFile is refused in the account, as a record of `kind`.
    Raises the last such error if every part is damaged (so a file that is no zip raises its
    own), and at once for a zip that unpacks to more than it can hold.
    """
    last: UnreadableFile | None = None
    done = 0
    for name in names:
        try:
            part = read(name)
        except Bomb:
            raise
        except UnreadableFile as error:
            last = error
            why = error.message.removeprefix(f"{error.path.name}: ")
            account.refuse(kind, "part", f"{name}: {why}" if name else why)
            continue
        done += 1
        yield part
    if last is not None and not done:
        raise last


def head_of(files: Files, name: str) -> bytes | None:
    """A part's first bytes; None where it is too damaged to give any."""
    try:
        return files.head_of(name)
    except Bomb:
        raise
    except UnreadableFile:
        return None


def of_kind(files: Files, suffix: str, is_kind: Callable[[bytes], bool]) -> Iterator[str]:
    """The parts of a kind: in a zip those with `suffix`, of which some may be damaged."""
    named = files.matching(rf"\.{suffix}$") if files.is_zip else files.names
    for name in named:
        head = head_of(files, name)
        if head is None or is_kind(head):
            yield name


def skip_others(files: Files, read: Iterable[str], account: Account) -> None:
    """Count the parts of a zip that aren't among those that are read, by their suffix."""
    for name in set(files.names) - set(read):
        account.skip(f"{PurePosixPath(name).suffix.lower() or 'other'} file")

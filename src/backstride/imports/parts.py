"""The parts of a file, read one after the other: a damaged one is refused, the others go on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import TypeVar

from backstride.errors import UnreadableFile
from backstride.imports.containers import Bomb, Files
from backstride.imports.sift import Account
from backstride.imports.source import Tell
from backstride.words import Said, say

T = TypeVar("T")


class Parts:
    """The parts of an export by kind, read one after the other.

    `told` says how many bytes are done; `check` raises where every part was damaged.
    """

    def __init__(
        self, files: Files, named: Mapping[str, Sequence[str]], account: Account, tell: Tell
    ) -> None:
        self.files = files
        self.account = account
        self._named = dict(named)
        self._tell = tell
        self._total = sum(files.size(name) for names in named.values() for name in names)
        self._done = self._within = 0
        self._sound = 0
        self._first: UnreadableFile | None = None

    def of(
        self, kind: str, read: Callable[[Files, str], T], names: Sequence[str] | None = None
    ) -> Iterator[tuple[str, T]]:
        """Each sound part of a kind, or those `names` of them, as `read` gives it.

        A damaged one is refused, as a record of `kind`.
        """
        for name in self.names(kind) if names is None else names:
            try:
                got = read(self.files, name)
            except Bomb:
                raise
            except UnreadableFile as error:
                self._first = self._first or error
                self.account.refuse(kind, "part", told(name, error))
                self.passed(name)
                continue
            self._sound += 1
            self.passed(name)
            yield name, got

    def one(self, kind: str, name: str, read: Callable[[Files, str], T]) -> T | None:
        """What `of` gives of a single part, None where it is damaged."""
        return next((got for _, got in self.of(kind, read, [name])), None)

    def within(self, name: str) -> Tell:
        """Tells of the progress through a part, in any unit, as of that through its bytes."""
        size, before = self.files.size(name), 0

        def tell(done: int, total: int) -> None:
            nonlocal before
            now = size * done // max(total, 1)
            self.went_on(now - before)
            before = now

        return tell

    def names(self, kind: str) -> list[str]:
        """The parts of a kind."""
        return list(self._named.get(kind, ()))

    def leave(self, kind: str, names: Collection[str], why: str) -> None:
        """Don't read these parts of a kind; each is counted as skipped."""
        if not names:
            return
        left = set(names)
        self._named[kind] = [name for name in self.names(kind) if name not in left]
        self.account.skip(f"{kind}: file {why}", len(names))
        for name in names:
            self.passed(name)

    def passed(self, name: str) -> None:
        """Tell that a part is done with."""
        self._done += self.files.size(name)
        self._within = 0
        self._tell(min(self._done, self._total), self._total)

    def went_on(self, count: int) -> None:
        """Tell that so many bytes of the part that is being read are done."""
        self._within += count
        self._tell(min(self._done + self._within, self._total), self._total)

    def check(self) -> None:
        """Raise the first part's UnreadableFile where not one part was sound."""
        if self._first is not None and not self._sound:
            raise self._first


def why(error: UnreadableFile) -> str:
    """What is wrong, without the name of the whole file."""
    said = error.message
    if isinstance(said, Said) and said.template == "{file}: {what}":
        what: str = said.values["what"]
        return what
    return said.removeprefix(f"{error.path.name}: ")


def told(name: str, error: UnreadableFile) -> str:
    """What is wrong with the part `name`, which is named once."""
    reason = why(error)
    return reason if name in reason else say("{file}: {what}", file=name, what=reason)


def head_of(files: Files, name: str) -> bytes | None:
    """A part's first bytes; None where it is too damaged to give any."""
    try:
        return files.head_of(name)
    except Bomb:
        raise
    except UnreadableFile:
        return None


def any_head(files: Files, names: Iterable[str], is_kind: Callable[[bytes], bool]) -> bool:
    """Whether any of the parts begins so, those aside that are too damaged to tell.

    Raises UnreadableFile where all of them are.
    """
    damage, sound = None, 0
    for name in names:
        try:
            head = files.head_of(name)
        except Bomb:
            raise
        except UnreadableFile as error:
            damage = damage or error
            continue
        if is_kind(head):
            return True
        sound += 1
    if damage is not None and not sound:
        raise damage
    return False


def of_kind(files: Files, suffix: str, is_kind: Callable[[bytes], bool]) -> Iterator[str]:
    """The parts of a kind: in a zip those with `suffix`, of which some may be damaged."""
    named = files.matching(rf"\.{suffix}$") if files.is_zip else files.names
    for name in named:
        head = head_of(files, name)
        if head is None or is_kind(head):
            yield name


def short(name: str) -> str:
    """What a part's own name is without its folders, as a kind of record."""
    return PurePosixPath(name).name or "file"


def skip_others(files: Files, read: Iterable[str], account: Account) -> None:
    """Count the parts of a zip that aren't among those that are read, by their suffix."""
    for name in set(files.names) - set(read):
        account.skip(f"{PurePosixPath(name).suffix.lower() or 'other'} file")

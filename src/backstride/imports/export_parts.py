"""Many parts of one export, of which a damaged one is refused and the others are read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import TypeVar

from backstride.errors import UnreadableFile
from backstride.imports.containers import Bomb, Files
from backstride.imports.sift import Account
from backstride.imports.source import Tell

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
        self._done = 0
        self._sound = 0
        self._first: UnreadableFile | None = None

    def of(
        self, kind: str, read: Callable[[Files, str], T], names: Sequence[str] | None = None
    ) -> Iterator[tuple[str, T]]:
        """Each sound part of a kind, or those `names` of them, as `read` gives it.

        A damaged one is refused as a part.
        """
        for name in self.names(kind) if names is None else names:
            try:
                got = read(self.files, name)
            except Bomb:
                raise
            except UnreadableFile as error:
                self.account.refuse(kind, "part", name or self.files.path.name)
                self._first = self._first or error
            else:
                self._sound += 1
                yield name, got
            self._pass(name)

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
            self._pass(name)

    def _pass(self, name: str) -> None:
        self._done += self.files.size(name)
        self._tell(self._done, self._total)

    def check(self) -> None:
        """Raise the first part's UnreadableFile where not one part was sound."""
        if self._first is not None and not self._sound:
            raise self._first

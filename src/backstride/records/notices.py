"""What reading a file found besides the data: nothing bad is dropped in silence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from backstride.words import say


@dataclass(frozen=True)
class Notice:
    """One kind of finding in one file.

    `code` is stable (`cwa.bad_checksum`), `text` is for people, `where` the first place
    (`block 14`, `line 3`), `count` how often. A text in lower case is what was counted:
    `sentence` puts the count before it.
    """

    code: str
    text: str
    where: str = ""
    count: int = 1

    @property
    def sentence(self) -> str:
        """The whole finding as a person reads it."""
        text, where, n = self.text, self.where, self.count
        is_counted = text[:1].islower()
        told = say("{n:,} {text}", n=n, text=text) if is_counted else text
        if n == 1:
            return say("{told} ({where})", told=told, where=where) if where else told
        if is_counted:
            return say("{told} (first: {where})", told=told, where=where) if where else told
        if where:
            return say("{told} ({n:,} times, first: {where})", told=told, n=n, where=where)
        return say("{told} ({n:,} times)", told=told, n=n)


@dataclass
class Notices:
    """Collects findings while a reader runs; the same code is counted, not repeated."""

    _by_code: dict[str, Notice] = field(default_factory=dict)

    def add(self, code: str, text: str, where: str = "", count: int = 1) -> None:
        seen = self._by_code.get(code)
        if seen is None:
            self._by_code[code] = Notice(code, text, where, count)
        else:
            self._by_code[code] = Notice(code, seen.text, seen.where, seen.count + count)

    def clear(self) -> None:
        """Forget everything: a reader that starts again counts again."""
        self._by_code.clear()

    def __iter__(self) -> Iterator[Notice]:
        return iter(self._by_code.values())

    def __len__(self) -> int:
        return len(self._by_code)

"""What reading a file found besides the data: nothing bad is dropped in silence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field


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
        counted = f"{self.count:,} " if self.text[:1].islower() else ""
        often = f"{self.count:,} times, " if self.count > 1 and not counted else ""
        first = f"first: {self.where}" if self.count > 1 else self.where
        place = f" ({often}{first})" if self.where else f" ({often[:-2]})" if often else ""
        return f"{counted}{self.text}{place}"


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

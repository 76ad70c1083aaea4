"""What a source is: its name, how to export from it, and how far reading it was checked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from backstride.imports.containers import Files
from backstride.imports.imported import Imported

Tell = Callable[[int, int], None]  # (done, total), in units of the reader's own


class Checked(StrEnum):
    """How far a reader was checked."""

    TOTALS = "the vendor's totals"  # real exports were read, and agree with what it counted
    REAL_FILES = "real files"  # real exports were read, with nothing to compare them to
    EXPERIMENTAL = "experimental"  # only files made after what is known of the format


class Where(StrEnum):
    """Where an export is made."""

    IPHONE = "iPhone"
    ANDROID = "Android phone"
    BROWSER = "Web browser"


@dataclass(frozen=True)
class How:
    """How to get the file out of the source, step by step, in words for people."""

    where: Where
    steps: tuple[str, ...]


@dataclass(frozen=True)
class Source:
    """`key` as `detect` gives it, `name` for people, `files` what to bring, `gives` what is read.

    `note` says what is not known or not read, in a few words.
    """

    key: str
    name: str
    files: str
    gives: str
    checked: Checked
    how: tuple[How, ...]
    note: str = ""

    @property
    def places(self) -> dict[str, tuple[str, ...]]:
        """The steps by where they are done, together where they are the same."""
        places: dict[tuple[str, ...], list[str]] = {}
        for how in self.how:
            places.setdefault(how.steps, []).append(how.where)
        return {", ".join(where): steps for steps, where in places.items()}


class Reader(Protocol):
    """What each module of a source has."""

    SOURCE: Source

    def matches(self, files: Files) -> bool:
        """Whether this is an export of the source, by its content; looks at 64 KB a part."""

    def read(self, files: Files, tell: Tell, zone: str) -> Imported:
        """Read all of it, or raise UnreadableFile and give nothing.

        `zone` is the IANA name of the zone of the walker's days, for times without one.
        """

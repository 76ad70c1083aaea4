"""The errors Backstride raises on purpose: each says which file, where, and what to do."""

from __future__ import annotations

from pathlib import Path


class BackstrideError(Exception):
    """Root of every error that is meant to be read by a person."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class UnreadableFile(BackstrideError):
    """A file of a known kind that is damaged, truncated or hostile.

    `offset` is the byte (or line, say so in `message`) where reading failed.
    """

    def __init__(
        self, path: str | Path, message: str, hint: str = "", offset: int | None = None
    ) -> None:
        where = "" if offset is None else f" (at byte {offset:,})"
        super().__init__(f"{Path(path).name}: {message}{where}", hint)
        self.path = Path(path)
        self.offset = offset


class UnsupportedFormat(BackstrideError):
    """A file whose content is of no kind that Backstride reads."""

    def __init__(self, path: str | Path, message: str, hint: str = "") -> None:
        super().__init__(f"{Path(path).name}: {message}", hint)
        self.path = Path(path)


class NotEnoughData(BackstrideError):
    """The data are sound but too few for what was asked."""


class NotCleared(BackstrideError):
    """The safety screen is unanswered, out of date or positive: no plan may be made."""

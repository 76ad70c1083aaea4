"""The errors Backstride raises on purpose: each says which file, where, and what to do."""

from __future__ import annotations

from pathlib import Path

from backstride.words import Said, say


class BackstrideError(Exception):
    """Root of every error that is meant to be read by a person."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()

    def renamed(self, old: str, new: str) -> str:
        """The message, with another name for the file that it is about."""
        said = self.message
        if isinstance(said, Said) and "file" in said.values:
            file = str(said.values["file"]).replace(old, new)
            return say(said.template, **{**said.values, "file": file})
        return said.replace(old, new)


class UnreadableFile(BackstrideError):
    """A file of a known kind that is damaged, truncated or hostile.

    `offset` is the byte (or line, say so in `message`) where reading failed.
    """

    def __init__(
        self, path: str | Path, message: str, hint: str = "", offset: int | None = None
    ) -> None:
        file = Path(path).name
        about = say("{file}: {what}", file=file, what=message)
        if offset is not None:
            about = say(
                "{file}: {what} (at byte {offset:,})", file=file, what=message, offset=offset
            )
        super().__init__(about, hint)
        self.path = Path(path)
        self.offset = offset


class UnsupportedFormat(BackstrideError):
    """A file whose content is of no kind that Backstride reads."""

    def __init__(self, path: str | Path, message: str, hint: str = "") -> None:
        super().__init__(say("{file}: {what}", file=Path(path).name, what=message), hint)
        self.path = Path(path)


class NotEnoughData(BackstrideError):
    """The data are sound but too few for what was asked."""


class NotCleared(BackstrideError):
    """The safety screen is unanswered, out of date or positive: no plan may be made."""

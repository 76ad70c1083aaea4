"""A file on its way in, wherever it comes from: its bytes, its hash and its name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import IO

from django.core.files.uploadedfile import UploadedFile

from backstride.errors import UnreadableFile
from backstride.web.imports import store
from backstride.words import say

Progress = Callable[[int, int], None]


def take(
    file: UploadedFile | IO[bytes] | Path, name: str, progress: Progress
) -> tuple[Path, str, int]:
    """The bytes in a temporary file of ours, their SHA-256 and how many they are."""
    if isinstance(file, Path):
        with _opened(file) as stream:
            size = file.stat().st_size
            chunks = store.pieces(stream)
            kept, sha256 = store.copy_in(chunks, name, lambda done: progress(done, size))
        return kept, sha256, kept.stat().st_size
    if hasattr(file, "sha256"):  # the upload handler wrote and hashed it as it came
        path = Path(file.temporary_file_path())
        return path, file.sha256, path.stat().st_size
    chunks = file.chunks() if hasattr(file, "chunks") else store.pieces(file)
    kept, sha256 = store.copy_in(chunks, name, lambda _done: None)
    return kept, sha256, kept.stat().st_size


def _opened(path: Path) -> IO[bytes]:
    if path.exists() and not path.is_file():
        raise UnreadableFile(path, say("this is not a file"), say("Name the files themselves."))
    try:
        return path.open("rb")
    except OSError as error:
        raise UnreadableFile(path, say("can't be opened: {why}", why=error.strerror)) from error


def clean_name(name: str) -> str:
    """A name fit to be shown: no folders, no control characters, not endless."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(filter(str.isprintable, last)).strip()[-200:] or "file without a name"

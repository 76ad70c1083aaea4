"""Bytes out of a plain file or a zip, with a guard against damaged and hostile ones.

No name inside a zip is used as a path, so names such as `../../etc/passwd` are just names.
Nothing is unpacked to disk but a zip within a zip (Garmin's export is made so), into a file
without a name that ends with its use; a zip inside that one is bytes that nobody reads.
A database in a zip is unpacked as well, by `sqlite_part`.
"""

from __future__ import annotations

import re
import tempfile
import zipfile
import zlib
from collections.abc import Container, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from backstride import zips
from backstride.errors import UnreadableFile, UnsupportedFormat
from backstride.words import say

CHUNK = 1 << 18
HEAD = 1 << 16

MAX_BYTES = 16 << 30  # four times the largest export that people report
MAX_DIRECTORY = 32 << 20  # bytes of a zip's directory: some 300,000 names
MAX_WHOLE = 256 << 20  # what is held in memory at once: the largest JSON and CSV that are known
MAX_INNER = 4 << 30

PLAIN = ""  # the name of the only part of a file that is no zip

_AGAIN = say("Export it again, or copy it again from the phone, and bring the new file.")
# What macOS puts beside the real files when it makes a zip.
_NO_PART = re.compile(r"(^|/)(__MACOSX/|\.(?!\.?/))")


class Bomb(UnreadableFile):
    """A file that unpacks to more than it can hold: to be refused whole, not part by part."""


class Files:
    """What one file that was brought consists of: a zip's members, or the file itself.

    `path` is the file, for errors; `head` its first 64 KB; `names` those of its parts, of
    any file that is no zip only `PLAIN`; `unpacked` the bytes given so far, which guards
    against bombs. Comes from `opened`.
    """

    def __init__(self, path: Path, head: bytes, source: IO[bytes], *, zipped: bool) -> None:
        self.path = path
        self.head = head
        self._source = source
        self._length = source.seek(0, 2)
        self.unpacked = 0
        self._archive: zipfile.ZipFile | None = None
        self._infos: dict[str, zipfile.ZipInfo] = {}
        if not zipped:
            self.names: tuple[str, ...] = (PLAIN,)
            return
        self._check_directory(source)
        try:
            self._archive = zipfile.ZipFile(source)
        except zips.BROKEN as error:
            raise _damaged(path, str(error)) from error
        for info in self._archive.infolist():
            # `is_dir` of Python 3.11 fails on a member without a name.
            name = info.filename
            if name and not info.is_dir() and not _NO_PART.search(name):
                self._infos[name] = info
        self.names = tuple(self._infos)

    @property
    def is_zip(self) -> bool:
        return self._archive is not None

    def matching(self, pattern: str) -> list[str]:
        """The names in which `pattern` is found, case aside, in the zip's order."""
        return [name for name in self.names if re.search(pattern, name, re.IGNORECASE)]

    @contextmanager
    def only(self, names: Container[str]) -> Iterator[Files]:
        """This file as if it had no other parts; what is unpacked counts for the whole."""
        every = self.names
        self.names = tuple(name for name in every if name in names)
        try:
            yield self
        finally:
            self.names = every

    def size(self, name: str) -> int:
        """How many bytes `chunks` gives, as far as the file says."""
        return self._infos[name].file_size if self.is_zip else self._length

    def head_of(self, name: str) -> bytes:
        """A part's first 64 KB."""
        if self._archive is None:
            return self.head
        info = self._infos[name]
        self._check_member(info)
        try:
            with self._archive.open(info) as member:
                head = member.read(HEAD)
        except zips.BROKEN as error:
            raise _damaged(self.path, f"{name} ({error})") from error
        self._spend(len(head))
        return head

    def chunks(self, name: str) -> Iterator[bytes]:
        """A part's bytes in pieces of up to 256 KB.

        Raises UnreadableFile where a zip is damaged, gives other bytes than its directory
        says, or inflates beyond what an export can.
        """
        if self._archive is None:
            self._source.seek(0)
            while piece := self._source.read(CHUNK):
                yield piece
            return
        info, done = self._infos[name], 0
        self._check_member(info)
        try:
            with self._archive.open(info) as stream:
                while piece := stream.read(CHUNK):
                    done += len(piece)
                    self._spend(len(piece))
                    yield piece
        except zips.BROKEN as error:
            raise _damaged(self.path, f"{name} breaks off ({error})", done) from error
        if done != info.file_size:
            what = f"{name} holds {done:,} bytes where the zip says {info.file_size:,}"
            raise _damaged(self.path, what, done)

    def whole(self, name: str, most: int = MAX_WHOLE) -> bytes:
        """A part's bytes at once. Raises UnreadableFile for more than `most`."""
        if self.size(name) > most:
            self._too_much(name, most)
        content = bytearray()
        for piece in self.chunks(name):
            content += piece
            if len(content) > most:
                self._too_much(name, most)
        return bytes(content)

    def gunzipped(self, name: str, most: int = MAX_WHOLE) -> bytes:
        """The bytes of a part that is a gzip. Raises UnreadableFile for more than `most`.

        What it inflates to counts as unpacked: many small bombs are one large one.
        """
        packed, content = self.whole(name, most), bytearray()
        while packed := packed.lstrip(b"\0"):  # a gzip may be padded
            inflater = zlib.decompressobj(wbits=31)
            try:
                while packed and not inflater.eof:
                    piece = inflater.decompress(packed, CHUNK)
                    packed = inflater.unconsumed_tail or inflater.unused_data
                    content += piece
                    self._spend(len(piece))
                    if len(content) > most:
                        self._too_much(name, most)
                    if not piece and not inflater.eof:
                        break
            except zlib.error as error:
                raise _damaged(self.path, f"{name} ({error})", len(content)) from error
            if not inflater.eof:
                raise _damaged(self.path, f"{name} breaks off", len(content))
        return bytes(content)

    @contextmanager
    def within(self, name: str) -> Iterator[Files]:
        """The parts of a zip that is itself a part of this zip."""
        with tempfile.TemporaryFile(prefix="backstride-") as unpacked:
            done = 0
            for piece in self.chunks(name):
                done += len(piece)
                if done > MAX_INNER:
                    self._too_much(name, MAX_INNER)
                unpacked.write(piece)
            unpacked.seek(0)
            head = unpacked.read(HEAD)
            if not zips.is_zip(head):
                raise _damaged(self.path, f"{name} is no zip")
            with _parts(Files(self.path, head, unpacked, zipped=True)) as inner:
                inner.unpacked = self.unpacked
                yield inner
                self.unpacked = inner.unpacked

    def close(self) -> None:
        if self._archive is not None:
            self._archive.close()

    def _spend(self, count: int) -> None:
        """Count what was unpacked: many small bombs are one large one."""
        self.unpacked = done = self.unpacked + count
        if done > MAX_BYTES or zips.is_bomb(done, self._length):
            raise _bomb(self.path, done)

    def _check_directory(self, source: IO[bytes]) -> None:
        """Refuse a zip whose directory is missing or too large to hold in memory."""
        directory = zips.directory_bytes(source)
        if directory is None:
            what = "the zip breaks off: its directory, which stands at the end, is missing"
            raise _damaged(self.path, what, self._length)
        if directory > MAX_DIRECTORY:
            raise UnreadableFile(
                self.path,
                say("a zip whose list of files takes {size:,} bytes is no export", size=directory),
                say("Bring the zip as the phone made it."),
            )

    def _check_member(self, info: zipfile.ZipInfo) -> None:
        if info.flag_bits & 1:
            raise UnsupportedFormat(
                self.path,
                say("the zip is locked with a password"),
                say("Unlock it, or export again without."),
            )
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise UnsupportedFormat(
                self.path,
                say("{part} is packed with a method that exports don't use", part=info.filename),
                say("Bring the zip as the phone made it."),
            )

    def _too_much(self, name: str, most: int) -> None:
        what = say("it is larger than {most:,} MB, which no such file is", most=most >> 20)
        if name:
            what = say(
                "{part} is larger than {most:,} MB, which no such file is",
                part=name,
                most=most >> 20,
            )
        raise UnreadableFile(self.path, what, _AGAIN)


@contextmanager
def opened(path: Path) -> Iterator[Files]:
    """The parts of a file. Raises UnreadableFile where it can't be opened or is a broken zip."""
    try:
        source = path.open("rb")
    except OSError as error:
        raise UnreadableFile(path, say("can't be opened: {why}", why=error.strerror)) from error
    with source:
        head = source.read(HEAD)
        with _parts(Files(path, head, source, zipped=zips.is_zip(head))) as files:
            yield files


@contextmanager
def _parts(files: Files) -> Iterator[Files]:
    try:
        yield files
    finally:
        files.close()


def head_of(path: Path) -> bytes:
    """The first 64 KB of a file. Raises UnreadableFile where it can't be opened."""
    try:
        with path.open("rb") as file:
            return file.read(HEAD)
    except OSError as error:
        raise UnreadableFile(path, say("can't be opened: {why}", why=error.strerror)) from error


def _damaged(path: Path, what: str, offset: int | None = None) -> UnreadableFile:
    return UnreadableFile(path, say("the zip is damaged: {what}", what=what), _AGAIN, offset)


def _bomb(path: Path, done: int) -> Bomb:
    return Bomb(
        path,
        say("it unpacks to far more than an export can hold, so reading stopped"),
        say("If this is a real export, please report it with its size."),
        done,
    )

"""Where bytes live: raw files by their content, and the samples read from each upload.

`files/ab/abcd…` holds a file as it came, under its SHA-256; two people who bring the same
bytes share it. `samples/<upload id>.parquet` holds what one person's upload came to, and
`samples/<upload id>.measures.parquet` what was measured beside the walking. A file is
written under another name and renamed when it is complete and on the disk, so that what has
its final name is whole, whatever ends the process.
"""

from __future__ import annotations

import errno
import hashlib
import os
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import polars as pl
from django.conf import settings
from polars.io.plugins import register_io_source

from backstride.errors import BackstrideError
from backstride.records import MEASURES, SAMPLES, checked, empty
from backstride.records.tables import Schema
from backstride.words import say

CHUNK = 1 << 20
ROWS_TOGETHER = 1 << 14  # in a Parquet row group: what is read of a file at least
ABANDONED_S = 24 * 3600  # what no upload knows after a day, none will


class TooLarge(BackstrideError):
    """A file beyond what this installation takes."""


class DiskFull(BackstrideError):
    """No room left on the disk that holds the installation's data."""


def too_large(name: str) -> TooLarge:
    limit = settings.MAX_UPLOAD_BYTES / 2**30
    return TooLarge(
        say(
            "{file}: larger than the {limit:.3g} GB that this installation takes.",
            file=name,
            limit=limit,
        ),
        say("Whoever runs it can raise the limit with BACKSTRIDE_MAX_UPLOAD_GB."),
    )


@contextmanager
def room_on_disk(name: str) -> Iterator[None]:
    """Say a full disk in words."""
    try:
        yield
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EDQUOT}:
            raise
        raise DiskFull(
            say("{file}: there is no room left on the disk, so it was not kept.", file=name),
            say("Make room where Backstride keeps its data, then bring the file again."),
        ) from error


def file_of(sha256: str) -> Path:
    """Where the bytes with this SHA-256 are, or would be."""
    folder: Path = settings.FILES
    return folder / sha256[:2] / sha256


def copy_in(
    chunks: Iterable[bytes], name: str, progress: Callable[[int], None]
) -> tuple[Path, str]:
    """Write a stream beside its final place; returns the temporary file and its SHA-256.

    `progress` is told the bytes so far. Raises TooLarge or DiskFull and leaves nothing.
    """
    digest, done = hashlib.sha256(), 0
    handle, temporary = tempfile.mkstemp(dir=settings.UPLOADS, suffix=".coming")
    try:
        with room_on_disk(name), os.fdopen(handle, "wb") as out:
            for chunk in chunks:
                done += len(chunk)
                if done > settings.MAX_UPLOAD_BYTES:
                    raise too_large(name)
                digest.update(chunk)
                out.write(chunk)
                progress(done)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return Path(temporary), digest.hexdigest()


def pieces(stream: IO[bytes]) -> Iterator[bytes]:
    """A stream in pieces of a megabyte."""
    while chunk := stream.read(CHUNK):
        yield chunk


def keep(temporary: Path, sha256: str) -> Path:
    """Move a complete temporary file, on the disk by `sync`, to its place."""
    final = file_of(sha256)
    if final.exists():
        temporary.unlink(missing_ok=True)
        return final
    final.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary.chmod(0o600)
    _replace(temporary, final)
    return final


def samples_of(upload_id: int) -> Path:
    """Where the samples read from an upload are, or would be."""
    return _samples_folder() / f"{upload_id}.parquet"


def write_samples(upload_id: int, tables: Iterable[pl.DataFrame], name: str) -> None:
    """Keep an upload's samples: tables (SAMPLES) in order of start. Raises DiskFull."""
    _write(samples_of(upload_id), tables, SAMPLES, name)


def _write(final: Path, tables: Iterable[pl.DataFrame], schema: Schema, name: str) -> None:
    if not any(table.height for table in tables):
        final.unlink(missing_ok=True)
        return

    def given(
        columns: list[str] | None, _filter: object, _rows: int | None, _at_once: int | None
    ) -> Iterator[pl.DataFrame]:
        for table in tables:
            yield checked(table, schema).select(columns or list(schema))

    temporary = final.with_suffix(".coming")
    with room_on_disk(name):
        # As a source, tables are written one by one and never all in memory.
        rows = register_io_source(given, schema=schema)
        rows.sink_parquet(temporary, row_group_size=ROWS_TOGETHER)
        sync(temporary)
        _replace(temporary, final)


def measures_of(upload_id: int) -> Path:
    """Where the measures read from an upload are, or would be: most files hold none."""
    return _samples_folder() / f"{upload_id}.measures.parquet"


def write_measures(upload_id: int, measures: pl.DataFrame, name: str) -> None:
    """Keep an upload's measures (schema MEASURES), if it has any. Raises DiskFull."""
    _write(measures_of(upload_id), [measures], MEASURES, name)


def read_measures(upload_ids: Iterable[int]) -> pl.DataFrame:
    """The measures of these uploads in one table (MEASURES)."""
    paths = [path for path in map(measures_of, upload_ids) if path.exists()]
    return pl.concat([empty(MEASURES), *(checked(pl.read_parquet(p), MEASURES) for p in paths)])


def forget(upload_id: int) -> None:
    """Remove what was read from an upload."""
    samples_of(upload_id).unlink(missing_ok=True)
    measures_of(upload_id).unlink(missing_ok=True)


def scan_counted(upload_ids: Iterable[int]) -> pl.LazyFrame:
    """The samples of these uploads that count, those without a flag: SAMPLES but for `flag`.

    Nothing is read before it is asked for. An upload without any samples adds none.
    """
    paths = [path for path in map(samples_of, upload_ids) if path.exists()]
    tables = [pl.LazyFrame(schema=SAMPLES), *map(_scan, paths)]
    return pl.concat(tables).filter(pl.col("flag").is_null()).drop("flag")


def _scan(path: Path) -> pl.LazyFrame:
    table = pl.scan_parquet(path)
    if table.collect_schema() == pl.Schema(SAMPLES):
        return table
    return checked(pl.read_parquet(path), SAMPLES).lazy()  # of before a column was there


def sweep(known_hashes: set[str], known_ids: set[int]) -> int:
    """Remove what a killed process left half-way more than a day ago; returns how much."""
    strays = list(settings.UPLOADS.iterdir())
    strays += [file for file in settings.FILES.glob("??/*") if file.name not in known_hashes]
    known = {place(upload_id) for upload_id in known_ids for place in (samples_of, measures_of)}
    strays += [file for file in _samples_folder().iterdir() if file not in known]
    removed = 0
    for stray in strays:
        try:
            if time.time() - stray.stat().st_mtime > ABANDONED_S:
                stray.unlink()
                removed += 1
        except FileNotFoundError:
            continue  # finished or removed meanwhile
    return removed


def _samples_folder() -> Path:
    folder: Path = settings.HOME / "samples"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _replace(temporary: Path, final: Path) -> None:
    temporary.replace(final)
    sync(final.parent)


def sync(path: Path) -> None:
    """Wait until a file, or a folder's list of files, is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

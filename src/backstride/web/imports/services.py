"""What a walker can do with files: bring one, have it read, take it away again.

Whatever ends the process, what is in the database is whole: a file is read outside any
transaction, and its end (state, report, days) is written in one.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

from django.core.files.uploadedfile import UploadedFile
from django.db import DatabaseError, transaction
from django.utils import timezone

from backstride.errors import BackstrideError
from backstride.records import Placement
from backstride.web.imports import arrival, days, locks, reading, store
from backstride.web.imports.models import Upload, Usual
from backstride.web.imports.report import Totals, make_report
from backstride.web.people.models import User
from backstride.words import say, to_json

log = logging.getLogger(__name__)

STORE = "store"  # the lock under which rows and the bytes they stand for change together
TELL_EVERY_S = 0.3
MOST_ATTEMPTS = 4

Progress = Callable[[int, int], None]


class _TakenAway(Exception):
    """The upload was removed while it was being read."""


def _ignore(_done: int, _total: int) -> None:
    return None


def receive(
    user: User,
    file: UploadedFile | IO[bytes] | Path,
    name: str,
    placement: Placement = Placement.UNKNOWN,
    progress: Progress = _ignore,
) -> tuple[Upload, bool]:
    """Keep a file's bytes and give its Upload, and whether it is new to this walker.

    The same content twice is the same upload; one that was refused before is put back in
    the queue, for Backstride may have learnt to read it. Raises TooLarge, DiskFull, or
    UnreadableFile where a path can't be opened.
    """
    name = arrival.clean_name(name)
    temporary, sha256, size = arrival.take(file, name, progress)
    try:
        with store.room_on_disk(name):
            store.sync(temporary)
            with locks.held(STORE):
                store.keep(temporary, sha256)
                return _row(user, sha256, size, name, placement)
    finally:
        temporary.unlink(missing_ok=True)


def _row(
    user: User, sha256: str, size: int, name: str, placement: Placement
) -> tuple[Upload, bool]:
    fields = {"name": name, "size": size, "placement": placement.value}
    upload, created = Upload.objects.get_or_create(user=user, sha256=sha256, defaults=fields)
    if upload.state == Upload.State.REFUSED:
        upload.state, upload.attempts, upload.name = Upload.State.QUEUED, 0, name
        upload.placement, upload.error, upload.hint = placement.value, "", ""
        upload.done_units = upload.total_units = 0
        upload.save()
    return upload, created


def process(upload: Upload, progress: Progress = _ignore) -> bool:
    """Read an upload and put what it held into the walker's days, or refuse it whole.

    Returns False where another process is reading it right now. `upload` is up to date
    afterwards; `progress(done, total)` is told as its bytes are read.
    """
    with locks.tried(f"upload-{upload.pk}") as free:
        if not free:
            return False
        try:
            upload.refresh_from_db()
            if not upload.is_finished:
                _begin(upload)
                _read_and_finish(upload, progress)
        except (Upload.DoesNotExist, _TakenAway):
            store.forget(upload.pk)
        return True


def _begin(upload: Upload) -> None:
    upload.state, upload.attempts = Upload.State.RUNNING, upload.attempts + 1
    upload.done_units = upload.total_units = 0
    _save(upload, "state", "attempts", "done_units", "total_units")


def _read_and_finish(upload: Upload, progress: Progress) -> None:
    path = store.file_of(upload.sha256)
    try:
        if upload.attempts > MOST_ATTEMPTS:
            raise BackstrideError(
                say(
                    "{file}: reading it ended the program {n} times.",
                    file=upload.name,
                    n=MOST_ATTEMPTS,
                ),
                say("Please report it, with the kind and size of the file."),
            )
        found = reading.read_file(
            path,
            upload.name,
            Placement(upload.placement),
            upload.user.zone,
            _teller(upload, progress),
        )
        _finish(upload, found)
    except (_TakenAway, DatabaseError):
        raise  # gone; or no fault of the file: a worker will take it up again
    except BackstrideError as error:
        _refuse(upload, error.renamed(upload.sha256, upload.name), error.hint)
    except FileNotFoundError:
        log.exception("the bytes of upload %s are gone", upload.pk)
        gone = say("{file}: its bytes are no longer here.", file=upload.name)
        _refuse(upload, gone, say("Bring the file again."))
    except Exception:
        log.exception("upload %s could not be read", upload.pk)
        _refuse(
            upload,
            say("{file}: something went wrong on our side while reading it.", file=upload.name),
            say(
                "Nothing of it was taken in. "
                "It may help to export it again; if not, please report it."
            ),
        )


def _teller(upload: Upload, progress: Progress) -> Progress:
    """Writes how far reading is, at most every `TELL_EVERY_S` seconds."""
    last = -TELL_EVERY_S

    def tell(done: int, total: int) -> None:
        nonlocal last
        progress(done, total)
        now = time.monotonic()
        if now - last < TELL_EVERY_S and done < total:
            return
        last = now
        upload.done_units, upload.total_units = min(done, total), total
        _save(upload, "done_units", "total_units")

    return tell


def _finish(upload: Upload, found: reading.Found) -> None:
    """Keep the samples, then write days, report and state in one transaction."""
    user = upload.user
    store.write_samples(upload.pk, found.tables, upload.name)
    store.write_measures(upload.pk, found.measures, upload.name)
    upload.kind = found.kind

    def done(before: Totals, after: Totals) -> bool:
        upload.report = make_report(found, before, after, user.zone, days.order_of(user))
        upload.state, upload.finished_at = Upload.State.DONE, timezone.now()
        upload.error = upload.hint = ""
        fields = {name: getattr(upload, name) for name in _END}
        return bool(Upload.objects.filter(pk=upload.pk).update(**fields))

    with locks.held(days.lock_of(user)):
        if not days.replace_days(user, [*days.done_ids(user), upload.pk], done):
            raise _TakenAway


_END = ("kind", "report", "state", "finished_at", "error", "hint")


def _refuse(upload: Upload, message: str, hint: str) -> None:
    store.forget(upload.pk)
    upload.state, upload.finished_at = Upload.State.REFUSED, timezone.now()
    upload.error, upload.hint = message, hint  # in English
    upload.report = {"said": {"error": to_json(message), "hint": to_json(hint)}}
    _save(upload, *_END)


def _save(upload: Upload, *names: str) -> None:
    """Write these fields of a row that is still there."""
    fields = {name: getattr(upload, name) for name in names}
    if not Upload.objects.filter(pk=upload.pk).update(**fields):
        raise _TakenAway


def delete(upload: Upload) -> None:
    """Take an upload away: its row, its samples, its part of the days, and its bytes.

    The bytes stay where someone else brought the same ones. One that is being read stops.
    """
    user, pk, sha256 = upload.user, upload.pk, upload.sha256

    def gone(_before: Totals, _after: Totals) -> bool:
        Upload.objects.filter(pk=pk).delete()
        return True

    with locks.held(days.lock_of(user)):
        days.replace_days(user, [i for i in days.done_ids(user) if i != pk], gone)
        store.forget(pk)
    with locks.held(STORE):
        if not Upload.objects.filter(sha256=sha256).exists():
            store.file_of(sha256).unlink(missing_ok=True)


def requeue_interrupted(enqueue: Callable[[int], object]) -> int:
    """Give `enqueue` the id of every upload that isn't finished; returns how many.

    For a worker that starts. An id that another worker has in hand does no harm: `process`
    leaves it alone. Clears away what killed processes left half-written.
    """
    unfinished = Upload.objects.filter(state__in=[Upload.State.QUEUED, Upload.State.RUNNING])
    ids = list(unfinished.order_by("brought_at", "id").values_list("id", flat=True))
    for upload_id in ids:
        enqueue(upload_id)
    with locks.held(STORE):
        hashes = set(Upload.objects.values_list("sha256", flat=True))
        store.sweep(hashes, set(Upload.objects.values_list("id", flat=True)))
    return len(ids)


@transaction.atomic
def say_usual(user: User, minutes: int, days_per_week: int) -> Usual:
    """Note what the walker says they usually walk."""
    usual: Usual = user.usuals.create(minutes=minutes, days_per_week=days_per_week)
    return usual

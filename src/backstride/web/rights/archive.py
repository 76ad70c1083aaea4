"""The zip of an export, written to disk piece by piece: no file is ever whole in memory."""

from __future__ import annotations

import io
import logging
import zipfile
from collections.abc import Iterator
from pathlib import Path

import polars as pl
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from backstride import __version__
from backstride.records import MEASURES, SAMPLES
from backstride.web.imports import store
from backstride.web.insight.services import span_of
from backstride.web.people.language import speaking_with
from backstride.web.people.models import User
from backstride.web.report.printing import printed
from backstride.web.rights.kept import TABLES, UNITS, Table
from backstride.web.rights.tables import as_json, fields_of, frame_of, type_of
from backstride.words import say

log = logging.getLogger(__name__)

ROWS = 100_000  # of a long table that are in memory at once


def exports_folder() -> Path:
    folder: Path = settings.HOME / "exports"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def path_of(user_id: int) -> Path:
    """Where a walker's export is, or would be."""
    return exports_folder() / f"{user_id}.zip"


def write(user: User) -> int:
    """Write all that is kept about a walker to `path_of`; returns its bytes.

    What has the final name is whole. Raises DiskFull and leaves nothing.
    """
    final = path_of(user.pk)
    temporary = final.with_suffix(".coming")
    try:
        with store.room_on_disk(say("Your export")):
            with zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive:
                _fill(archive, user)
            store.sync(temporary)
            temporary.replace(final)
    finally:
        temporary.unlink(missing_ok=True)
    return final.stat().st_size


def _fill(archive: zipfile.ZipFile, user: User) -> None:
    with speaking_with(user):
        archive.writestr("README.txt", readme(user))
        _add_report(archive, user)
    archive.writestr("account.json", as_json(_account(user), indent=2))
    for table in TABLES:
        _add_table(archive, table, user)
    for upload in user.uploads.order_by("pk"):
        _add_long(archive, store.samples_of(upload.pk), f"samples/{upload.pk}")
        _add_long(archive, store.measures_of(upload.pk), f"measures/{upload.pk}")
        _add_file(archive, store.file_of(upload.sha256), member_of(upload.pk, upload.name))


def member_of(upload_id: int, name: str) -> str:
    """A brought file's place in the zip: its own name, which can't lead out of the folder."""
    return f"files/{upload_id}-{name.replace('/', '_').replace(chr(92), '_')}"


def _add_file(archive: zipfile.ZipFile, path: Path, member: str) -> None:
    try:
        archive.write(path, member, zipfile.ZIP_STORED)  # most are packed already
    except FileNotFoundError:  # taken away meanwhile
        archive.writestr(f"{member}.missing.txt", "Its bytes are no longer kept here.\n")


def _add_table(archive: zipfile.ZipFile, table: Table, user: User) -> None:
    frame = frame_of(table, user)
    archive.writestr(f"tables/{table.file}.csv", frame.write_csv())
    packed = io.BytesIO()
    frame.write_parquet(packed)
    archive.writestr(f"tables/{table.file}.parquet", packed.getvalue(), zipfile.ZIP_STORED)


def _add_long(archive: zipfile.ZipFile, path: Path, member: str) -> None:
    """A table that may have millions of rows, as it is and as CSV."""
    if not path.exists():
        return
    archive.write(path, f"{member}.parquet", zipfile.ZIP_STORED)
    with archive.open(f"{member}.csv", "w", force_zip64=True) as out:
        for number, part in enumerate(_parts(path)):
            out.write(part.write_csv(include_header=number == 0).encode())


def _parts(path: Path) -> Iterator[pl.DataFrame]:
    table, start = pl.scan_parquet(path), 0
    while not (part := table.slice(start, ROWS).collect()).is_empty():
        yield part
        start += ROWS


def _add_report(archive: zipfile.ZipFile, user: User) -> None:
    """The report; rows that it can't make sense of are no reason to keep the rest back."""
    try:
        made = printed(user, span_of(user, "quarter"))
    except ValueError:
        log.exception("the export of account %s goes without a report", user.pk)
    else:
        archive.writestr("report.pdf", made.pdf, zipfile.ZIP_STORED)


def _account(user: User) -> dict[str, object]:
    last = user.weeks.last()
    fits = getattr(user, "preferences", None)
    return {
        "email": user.email,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "time_zone": user.zone,
        "joined_at": user.date_joined,
        "last_signed_in_at": user.last_login,
        "owns_the_installation": user.is_owner,
        "preferences": fits
        and {
            "weekdays_monday_0": fits.weekdays,
            "routine_minutes": fits.routine_minutes,
            "floor": fits.floor,
            "step_goal": fits.step_goal,
        },
        "plan": last and last.data,
    }


def readme(user: User) -> str:
    """What is in the zip, in the reader's words, with the unit of each number."""
    about = {
        "version": __version__,
        "user": user,
        "time": f"{timezone.now():%Y-%m-%d %H:%M}",
    }
    return "\n".join(
        [
            _("All that Backstride %(version)s keeps about %(user)s") % about,
            _("made on %(time)s UTC") % about,
            "",
            _("It holds private health data: keep it where only you can read it."),
            "",
            "report.pdf     " + _("two pages of the last three months, for a visit"),
            "account.json   " + _("your account, what fits you, and your newest planned week"),
            "tables/        " + _("one table of the database each, as CSV (UTF-8) and Parquet"),
            "samples/       " + _("what was read from each file: a row for each count of a device"),
            "measures/      " + _("what was measured beside walking, one row a measurement"),
            "files/         " + _("the files you brought, byte for byte as you brought them"),
            "",
            _("The number of a file in samples/, measures/ and files/ is its id in tables/files."),
            _("Times are in UTC, days are your own. An empty cell was not known or not said."),
            _("Lists and answers stand in one cell, as JSON."),
            _(
                "Your password is not in here: "
                "only a hash of it is kept, which is of no use to you."
            ),
            "",
            *(line for table in TABLES for line in _about(table)),
            *_about_long("samples", SAMPLES),
            *_about_long("measures", MEASURES),
        ]
    )


def _about(table: Table) -> Iterator[str]:
    yield f"tables/{table.file}: {table.about}"
    for field in fields_of(table):
        yield _line(field.name, type_of(field), field.is_relation or field.primary_key)
    yield ""


def _about_long(folder: str, schema: dict[str, pl.DataType]) -> Iterator[str]:
    id_of = _("id of the file")
    yield f"{folder}/<{id_of}>"
    for name, kind in schema.items():
        value = _("in the unit that the measure's name ends in")
        yield _line(name, kind, is_key=False, value=value)
    yield ""


def _line(name: str, kind: pl.DataType, is_key: bool, value: str = "") -> str:
    if is_key and kind.is_integer():
        number = _("number of a row")
        return f"  {name}: {number}"
    unit = value if value and name == "value" else UNITS.get(name) if kind.is_numeric() else None
    words = {pl.Boolean: _("true or false"), pl.Date: _("a day"), pl.Datetime: _("a moment, UTC")}
    told = unit or words.get(kind.base_type(), _("text"))
    return f"  {name}: {told}"

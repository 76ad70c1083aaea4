"""Ask for an export, make it, let it expire; delete an account with all there is of it."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from backstride.errors import BackstrideError
from backstride.web.clinic import mail
from backstride.web.clinic import services as clinic
from backstride.web.clinic.models import Appointment, Mail
from backstride.web.imports import locks, store
from backstride.web.imports.models import Upload
from backstride.web.imports.services import STORE
from backstride.web.people.models import AuditEntry, User
from backstride.web.rights import archive
from backstride.web.rights.models import Export
from backstride.words import say, sentences, to_json

log = logging.getLogger(__name__)
State = Export.State


class WasStaff(BackstrideError):
    """The account answered for a clinic: other walkers' audit names it."""


def ask(user: User) -> tuple[Export, bool]:
    """The walker's export and whether this asked for it: one under way is left as it is."""
    with transaction.atomic():
        export, is_new = Export.objects.select_for_update().get_or_create(user=user)
        if not is_new and export.is_under_way:
            return export, False
        export.state, export.error, export.size = State.WAITING, "", 0
        export.asked_at, export.finished_at = timezone.now(), None
        export.save()
    archive.path_of(user.pk).unlink(missing_ok=True)
    return export, True


def make(export: Export) -> bool:
    """Make an export that waits; False where it is in another process's hands or done."""
    with locks.tried(f"export-{export.user_id}") as free:
        mine = Export.objects.filter(pk=export.pk)
        if not free or not mine.filter(state__in=[State.WAITING, State.MAKING]).update(
            state=State.MAKING
        ):
            return False
        try:
            size = archive.write(export.user)
            end = {"state": State.READY, "size": size, "error": ""}
        except BackstrideError as error:
            end = {"state": State.FAILED, "error": _kept(sentences([error.message, error.hint]))}
        except Exception:
            log.exception("the export of account %s could not be made", export.user_id)
            end = {"state": State.FAILED, "error": _kept(say("Something went wrong on our side."))}
        if not mine.update(finished_at=timezone.now(), **end):  # deleted meanwhile
            archive.path_of(export.user_id).unlink(missing_ok=True)
        return True


def _kept(text: str) -> str:
    return json.dumps(to_json(text), ensure_ascii=False)


def take_away(export: Export) -> None:
    """Delete an export and its file."""
    user_id = export.user_id
    export.delete()
    archive.path_of(user_id).unlink(missing_ok=True)


def expire() -> int:
    """Delete the exports that are older than the setting, and files nobody has."""
    before = timezone.now() - timedelta(days=settings.EXPORT_DAYS)
    old = list(Export.objects.filter(finished_at__lt=before))
    for export in old:
        take_away(export)
    known = {archive.path_of(pk) for pk in Export.objects.values_list("user_id", flat=True)}
    for file in archive.exports_folder().glob("*.zip"):
        if file not in known:
            file.unlink(missing_ok=True)
    return len(old)


def requeue_interrupted(enqueue: Callable[[int], object]) -> None:
    """Give `enqueue` the id of each export that isn't finished."""
    for pk in Export.objects.filter(finished_at=None).values_list("pk", flat=True):
        enqueue(pk)


def delete_account(user: User, site: str) -> None:
    """Delete a walker: rows, files, samples, exports and sessions.

    What a clinic waits for is called off, and it is told. Rows go in one transaction, files
    after it, so that nothing that is still a row's is gone. Raises WasStaff, and deletes
    nothing, where the account has acted as a clinic's staff. Tasks that wait in the queue hold
    only numbers of rows, which are never given again, and end when they find none.
    """
    gave = Appointment.objects.filter(given_by=user)
    if gave.exists() or AuditEntry.objects.filter(actor=user).exists():
        raise WasStaff(
            _("This account has answered for a clinic, and others must be able to see that."),
            _("Ask whoever runs this place."),
        )
    user_id, brought = user.pk, list(user.uploads.values_list("pk", "sha256"))
    with transaction.atomic():
        news = _take_back_all(user, site)
        _sign_out_everywhere(user)
        user.delete()
    for upload_id, _hash in brought:
        store.forget(upload_id)
    with locks.held(STORE):
        for _pk, sha256 in brought:
            if not Upload.objects.filter(sha256=sha256).exists():
                store.file_of(sha256).unlink(missing_ok=True)
    archive.path_of(user_id).unlink(missing_ok=True)
    transaction.on_commit(empty_log, robust=True)
    _tell(news)


def _take_back_all(user: User, site: str) -> list[EmailMessage]:
    """Call off what a clinic waits for; gives its mails, whose rows go with the account."""
    for asked in user.appointment_requests.filter(taken_back_at=None):
        clinic.withdraw(asked.pk, site)
    waiting = Mail.objects.filter(request__walker=user, state=Mail.State.WAITING)
    to_others = waiting.exclude(recipient=user).select_related("recipient")
    return [mail.message(news) for news in to_others]


def _tell(news: list[EmailMessage]) -> None:
    for message in news:
        try:
            message.send()
        except (OSError, ValueError):  # once only: nothing about it is kept to try again
            log.warning("a clinic could not be told that an appointment is off")


def _sign_out_everywhere(user: User) -> None:
    for session in Session.objects.iterator():
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            session.delete()


def empty_log() -> None:
    """Write SQLite's log into the database, where deleted rows are overwritten with zeros."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")

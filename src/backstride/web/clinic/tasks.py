"""Background work of the clinic: mail, tried again while the mail server is away."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from huey import crontab
from huey.contrib.djhuey import db_periodic_task, db_task

from backstride.web.clinic.mail import deliver
from backstride.web.clinic.models import Mail

RETRIES = 4
RETRY_DELAY_S = 5 * 60
LOST_AFTER = timedelta(minutes=15)


@db_task(retries=RETRIES, retry_delay=RETRY_DELAY_S, context=True)
def send_mail(mail_id: int, task=None) -> None:
    mail = Mail.objects.select_related("request", "recipient").filter(pk=mail_id).first()
    if mail is not None:  # gone with its account
        deliver(mail, is_last_try=task is None or task.retries == 0)


@db_periodic_task(crontab(minute="*/10"))
def send_forgotten() -> None:
    """Queue again the mails whose place in the queue was lost before a first try."""
    old = timezone.now() - LOST_AFTER
    waiting = Mail.objects.filter(state=Mail.State.WAITING, tries=0, written_at__lt=old)
    for pk in waiting.values_list("pk", flat=True):
        send_mail(pk)

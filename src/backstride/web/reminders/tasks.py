"""Reminders are sent by the worker process; each walker's on their own, so that one's trouble
is nobody else's."""

from __future__ import annotations

from huey import crontab
from huey.contrib.djhuey import db_periodic_task, db_task

from backstride.web.imports import locks
from backstride.web.people.models import User
from backstride.web.reminders import services


@db_task()
def remind(user_id: int) -> None:
    """Send one walker what is due; left to who is at it already, in another worker."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        return
    with locks.tried(f"reminders-{user_id}") as is_ours:
        if is_ours:
            services.remind(user)


@db_periodic_task(crontab(minute="*/5"))
def look_for_due() -> None:
    for user_id in services.with_reminders():
        remind(user_id)

"""Background work: huey runs these in the worker process."""

from __future__ import annotations

from huey import crontab
from huey.contrib.djhuey import db_periodic_task, db_task, on_startup

from backstride.web.imports import days, services
from backstride.web.imports.models import Upload
from backstride.web.people.models import User


@db_task()
def read_upload(upload_id: int) -> None:
    """Read one upload; one that is gone, finished or in another worker's hands is left."""
    upload = Upload.objects.filter(pk=upload_id).select_related("user").first()
    if upload is not None:
        services.process(upload)


@db_task()
def rebuild_days(user_id: int) -> None:
    """Work a walker's days out anew, as after they moved to another time zone.

    A second one that waits in the queue finds nothing left to do.
    """
    user = User.objects.filter(pk=user_id).first()
    if user is not None:
        days.bring_up_to_date(user)


@on_startup()
def take_up_again() -> None:
    """What a worker that was ended had in hand comes first."""
    services.requeue_interrupted(read_upload)
    _rebuild_what_is_behind()


@db_periodic_task(crontab(minute="*/10"))
def look_for_forgotten() -> None:
    """Take up what a process other than a worker left unfinished."""
    services.requeue_interrupted(read_upload)
    _rebuild_what_is_behind()


def _rebuild_what_is_behind() -> None:
    for user_id in days.behind():
        rebuild_days(user_id)

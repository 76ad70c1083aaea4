"""Exports are made, and expire, in the worker process."""

from __future__ import annotations

from huey import crontab
from huey.contrib.djhuey import db_periodic_task, db_task, on_startup

from backstride.web.rights import services
from backstride.web.rights.models import Export


@db_task()
def make_export(export_id: int) -> None:
    """Make one export; one that is gone, finished or in another worker's hands is left."""
    export = Export.objects.filter(pk=export_id).select_related("user").first()
    if export is not None:
        services.make(export)


@on_startup()
def take_up_exports() -> None:
    services.requeue_interrupted(make_export)


@db_periodic_task(crontab(minute="*/10"))
def look_after_exports() -> None:
    services.requeue_interrupted(make_export)
    services.expire()

"""Starts Django for commands that need the database; loaded only by those."""

from __future__ import annotations

import os

from backstride.errors import BackstrideError


def setup() -> None:
    """Make Django ready: settings, apps, and a database brought up to this version.

    May be called more than once. Raises BackstrideError where the database was made by a newer
    Backstride, or can't be opened.
    """
    import django
    from django.db import DatabaseError

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backstride.web.settings")
    django.setup()
    try:
        _migrate()
    except DatabaseError as error:
        raise BackstrideError(
            f"the database can't be used: {error}.",
            "Look whether the folder that BACKSTRIDE_HOME names is writable and not full.",
        ) from error


def _migrate() -> None:
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    known, ours = executor.loader.disk_migrations, executor.loader.migrated_apps
    newer = [
        key for key in executor.loader.applied_migrations if key[0] in ours and key not in known
    ]
    if newer:
        names = ", ".join(sorted(f"{app}.{name}" for app, name in newer))
        raise BackstrideError(
            f"the database was made by another version of Backstride (it has {names}).",
            "Install that version again, or name another folder with BACKSTRIDE_HOME.",
        )
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)

"""Whatever ends the worker, running again comes to the same days."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from datetime import timedelta
from io import BytesIO

import pytest

from backstride.web.imports import days, locks, services, store, tasks
from backstride.web.imports.frames import days_frame
from backstride.web.imports.models import Upload
from web.imports import exports


class Killed(BaseException):
    """Stands for the end of the process: nothing in the code may catch it."""


@pytest.fixture
def clean_run(walker):
    """The days of one undisturbed run, which is then taken back."""
    upload, _ = services.receive(walker, BytesIO(exports.walks(5)), "export.xml")
    services.process(upload)
    frame = days_frame(walker)
    services.delete(upload)
    return frame


MOMENTS = [
    (services, "_begin"),
    (services.reading, "read_file"),
    (store, "write_samples"),
    (services, "make_report"),
    (days, "replace_days"),
    (days, "totals_of"),
]


@pytest.mark.parametrize(("where", "what"), MOMENTS)
@pytest.mark.parametrize("after", [False, True])
def test_ended_at_any_step(walker, clean_run, monkeypatch, where, what, after):
    upload, _ = services.receive(walker, BytesIO(exports.walks(5)), "export.xml")
    original = getattr(where, what)

    def ends(*args, **kwargs):
        if after:
            original(*args, **kwargs)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(where, what, ends)
        with pytest.raises(Killed):
            services.process(upload)
    upload = Upload.objects.get()
    if not upload.is_finished:
        assert not walker.days.exists()  # no half import
    services.requeue_interrupted(tasks.read_upload)
    assert Upload.objects.get().state == "done"
    assert days_frame(walker).equals(clean_run)


def test_one_upload_is_never_read_twice_at_once(walker):
    upload, _ = services.receive(walker, BytesIO(exports.walks(1)), "export.xml")
    with locks.held(f"upload-{upload.pk}"):
        assert services.process(upload) is False
        tasks.read_upload(upload.pk)
        assert Upload.objects.get().state == "queued"
    assert services.process(upload) is True
    assert upload.attempts == 1
    tasks.read_upload(upload.pk)  # a second place in the queue does nothing
    assert Upload.objects.get().attempts == 1


def test_locks_leave_no_files(own_store):
    with locks.held("a"), locks.tried("b") as free, locks.tried("a") as again:
        assert free
        assert not again
    assert list((own_store / "locks").iterdir()) == []


def test_a_file_that_always_ends_the_worker_is_given_up(walker, monkeypatch):
    def ends(*_args: object) -> None:
        raise Killed

    upload, _ = services.receive(walker, BytesIO(exports.walks(1)), "export.xml")
    monkeypatch.setattr(services.reading, "read_file", ends)
    for _ in range(services.MOST_ATTEMPTS):
        with pytest.raises(Killed):
            services.process(upload)
    services.process(upload)
    assert upload.state == "refused"
    assert "ended the program" in upload.error


def test_missing_ids_do_no_harm(walker):
    tasks.read_upload(12345)
    tasks.rebuild_days(12345)


# A real worker, killed for real.

SET_UP = """
import sys, django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from pathlib import Path
from backstride.web.imports import services, tasks
from backstride.web.people.models import User
user = User.objects.create_user("walker@example.org", "a long walk", zone="Europe/Berlin")
upload, _ = services.receive(user, Path(sys.argv[1]), "export.xml")
tasks.read_upload(upload.pk)
"""


def run_worker(env: dict[str, str]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "backstride.web", "run_huey", "--quiet"]
    return subprocess.Popen(command, env=env, start_new_session=True)


def ask(home, sql: str) -> list[tuple]:
    with sqlite3.connect(home / "backstride.sqlite3", timeout=20) as database:
        return database.execute(sql).fetchall()


def wait_for(home, condition: str, seconds: float = 60) -> tuple:
    """The upload's state and percentage once `condition` holds for it."""
    sql = "SELECT state, done_units, total_units, attempts FROM uploads_upload WHERE "
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if rows := ask(home, sql + condition):
            return rows[0]
        time.sleep(0.02)
    raise AssertionError(f"never {condition}: {ask(home, sql + '1')}")


def _long_export() -> bytes:
    """Ten years with five walks a day, and much that isn't walking to read past."""
    pulse = exports.record(exports.datetime(2020, 1, 1), 1, 60, "Watch", exports.WATCH)
    others = pulse.replace("StepCount", "HeartRate") * 8
    first = exports.datetime(2014, 1, 1, 9)
    hours = [first + timedelta(days=n // 5, hours=n % 5) for n in range(5 * 3650)]
    found = [exports.record(at, 10, 1010, "Wanda's Watch", exports.WATCH) for at in hours]
    return exports.export(*(walk + others for walk in found))


def test_kill_9_in_the_middle_and_run_again(tmp_path):
    home, file = tmp_path / "real", tmp_path / "export.xml"
    file.write_bytes(_long_export())
    env = {
        **{name: value for name, value in os.environ.items() if "BACKSTRIDE" not in name},
        "DJANGO_SETTINGS_MODULE": "backstride.web.settings",
        "BACKSTRIDE_HOME": str(home),
    }
    subprocess.run([sys.executable, "-c", SET_UP, str(file)], env=env, check=True)
    worker = run_worker(env)
    try:
        state = wait_for(home, "done_units > 0")
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
        assert state[0] == "running"
        assert 0 < state[1] < state[2] == file.stat().st_size
        assert ask(home, "SELECT count(*) FROM uploads_day") == [(0,)]
        worker = run_worker(env)
        assert wait_for(home, "state = 'done'")[3] == 2  # begun twice
    finally:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
    assert ask(home, "SELECT count(*), min(steps), max(steps) FROM uploads_day") == [
        (3650, 5050, 5050)
    ]

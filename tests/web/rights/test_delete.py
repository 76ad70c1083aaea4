"""A deleted account leaves no row and no file behind."""

from __future__ import annotations

import os
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core import mail
from django.db import connection
from django.test import Client

from backstride.web.imports import services as uploads
from backstride.web.imports import store
from backstride.web.people.models import User, audit
from web import helpers
from web.rights import lives

PAGE = "/you/delete/"


def dump() -> str:
    connection.ensure_connection()
    return "\n".join(connection.connection.iterdump())


def files(home: Path) -> list[Path]:
    return [path for path in home.rglob("*") if path.is_file()]


@pytest.fixture
def home(settings) -> Path:
    return settings.HOME


def give(web: Client, password: str = helpers.PASSWORD):
    return web.post(PAGE, {"password": password}, follow=True)


def test_nothing_is_left(web, full_walker, home):
    web.post("/data/export/")
    rows = {model: model.objects.count() for model in apps.get_models()}
    assert full_walker.email in dump()
    assert "heron" in dump()
    assert len(files(home)) >= 3  # as it came, its samples, the export
    elsewhere = Client()
    elsewhere.force_login(full_walker)

    page = give(web).content.decode()

    assert "Your account and all your data are deleted." in page
    left = dump()
    for trace in (full_walker.email, "heron", "Wanda", str(full_walker.pk) + "@backstride"):
        assert trace not in left, trace
    assert files(home) == []
    assert elsewhere.get("/you/").url.startswith("/account/login/")
    assert not elsewhere.session.get("_auth_user_id")
    kept = {model._meta.label for model in rows if model.objects.exists()}
    about_nobody = {"people.User", "clinic.Clinic", "clinic.Staff", "sessions.Session"}
    assert kept <= about_nobody | {"auth.Permission", "contenttypes.ContentType"}


def test_the_clinic_is_told_of_an_appointment_that_is_off(web):
    assert "is called off" in web.get(PAGE).content.decode()
    give(web)
    [news] = mail.outbox
    assert news.to == ["thea@clinic.example"]
    _, calendar = news.message().get_payload()
    assert b"METHOD:CANCEL" in calendar.get_payload(decode=True)


def test_what_others_have_stays(web, full_walker, home):
    other = lives.fill(helpers.make_user("other@example.org"), word="another word of theirs")
    before = {model: model.objects.count() for model in apps.get_models()}
    give(web)
    [theirs] = other.uploads.all()
    assert store.file_of(theirs.sha256).read_bytes() == lives.FILE, "the same bytes, shared"
    assert store.samples_of(theirs.pk).exists()
    assert other.days.count() == 3
    assert User.objects.count() == before[User] - 1
    assert "another word of theirs" in dump()


@pytest.mark.parametrize("password", ["", "not my password"])
def test_not_without_the_password(web, full_walker, password):
    answer = give(web, password)
    assert answer.status_code == 400
    assert User.objects.filter(pk=full_walker.pk).exists()
    assert full_walker.uploads.exists()


def test_guesses_are_limited(web, full_walker, settings):
    settings.ACCOUNT_RATE_LIMITS = {"reauthenticate": "3/m/user"}
    answers = [give(web, f"guess {n}").status_code for n in range(5)]
    assert answers[:3] == [400] * 3
    assert answers[-1] == 429
    assert give(web).status_code == 429
    assert User.objects.filter(pk=full_walker.pk).exists()


def test_looking_deletes_nothing(web, full_walker):
    page = web.get(PAGE).content.decode()
    assert "This can't be undone" in " ".join(page.replace("&#x27;", "'").split())
    assert User.objects.filter(pk=full_walker.pk).exists()


def test_one_that_answered_for_a_clinic_is_refused_whole(web, full_walker):
    audit(full_walker, helpers.make_user("seen@example.org"), "opened a request")
    assert give(web).status_code == 400
    assert full_walker.appointment_requests.get().taken_back_at is None
    assert mail.outbox == []


def test_neither_visitors_nor_staff_nor_the_demo(client, full_walker):
    assert client.post(PAGE).url.startswith("/account/login/")
    client.force_login(lives.therapist())
    assert client.post(PAGE, {"password": helpers.PASSWORD}).url == "/clinic/inbox/"
    demo = helpers.make_user("demo@example.org", is_demo=True)
    client.force_login(demo)
    assert client.get(PAGE).status_code == 403
    assert "Delete your account" not in client.get("/you/").content.decode()


def test_a_file_that_waits_is_gone_with_its_task(web, full_walker, home):
    waiting, _ = uploads.receive(full_walker, BytesIO(b"a,b\n1,2\n"), "x.csv")
    give(web)
    assert uploads.process(waiting)
    assert files(home) == []


IN_A_FILE = """
import django; django.setup()
from backstride.web.people.models import User
from backstride.web.back.models import Note
from backstride.web.rights.services import delete_account
user = User.objects.create_user("wanda@example.org", "a long walk by the sea")
for n in range(500):
    Note.objects.create(user=user, day="2026-03-02", text=f"heron {n} " * 20)
delete_account(user, "http://localhost")
"""


def test_deleted_words_are_overwritten_in_the_databases_own_files(tmp_path):
    env = {
        **os.environ,
        "BACKSTRIDE_HOME": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "backstride.web.settings",
    }
    for command in (["-m", "backstride.web", "migrate", "-v0"], ["-c", IN_A_FILE]):
        subprocess.run([sys.executable, *command], env=env, check=True)
    bytes_kept = b"".join(path.read_bytes() for path in tmp_path.glob("backstride.sqlite3*"))
    assert len(bytes_kept) > 100_000
    assert b"heron" not in bytes_kept
    assert b"wanda@example.org" not in bytes_kept

"""One zip of all that is kept: whole, private, one at a time, and gone when it is old."""

from __future__ import annotations

import json
import zipfile
from datetime import timedelta
from io import BytesIO

import polars as pl
import pytest
from django.apps import apps
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from backstride.web.imports import store
from backstride.web.people.models import User
from backstride.web.rights import archive, services, tasks
from backstride.web.rights.kept import LEFT_OUT, TABLES, UNITS
from backstride.web.rights.models import Export
from backstride.web.rights.tables import fields_of, type_of
from web import helpers
from web.rights import lives

PAGE, FILE = "/data/export/", "/data/export/backstride.zip"


@pytest.fixture
def got(web) -> zipfile.ZipFile:
    """The zip as the walker downloads it."""
    assert web.post(PAGE).url == PAGE
    answer = web.get(FILE)
    assert answer["Content-Type"] == "application/zip"
    return zipfile.ZipFile(BytesIO(b"".join(answer.streaming_content)))


def linked_to_a_person() -> set[str]:
    """Every model with a way to a person, over however many links."""
    known = {User._meta.label}
    models = apps.get_models(include_auto_created=False)
    while True:
        more = {
            model._meta.label
            for model in models
            for field in model._meta.get_fields()
            if field.is_relation and not field.auto_created and field.related_model is not None
            if field.related_model._meta.label in known
        }
        if more <= known:
            return known
        known |= more


def test_every_model_of_a_person_is_in_the_export_or_told_why_not():
    tables = {table.label for table in TABLES}
    assert linked_to_a_person() - tables - set(LEFT_OUT) == set()
    assert not tables & set(LEFT_OUT)


def test_every_number_has_a_unit():
    numbers = {
        field.name
        for table in TABLES
        for field in fields_of(table)
        if type_of(field).is_numeric() and not field.is_relation and not field.primary_key
    }
    assert numbers - set(UNITS) == set()


def test_it_holds_every_table_twice_and_the_same(got):
    for table in TABLES:
        rows = pl.read_parquet(BytesIO(got.read(f"tables/{table.file}.parquet")))
        assert len(rows) > 0, f"nothing of {table.file}: this test's walker has to have a row"
        text = got.read(f"tables/{table.file}.csv")
        assert text.decode() == rows.write_csv()
        expected = table.model.objects.filter(**{table.path: User.objects.get(email=WHO)})
        assert len(rows) == expected.count()


WHO = "walker@example.org"


def test_it_holds_the_files_as_they_came_and_what_was_read(got, full_walker):
    pk = full_walker.uploads.get().pk
    assert got.testzip() is None
    [member] = [name for name in got.namelist() if name.startswith("files/")]
    assert got.read(member) == lives.FILE
    assert "/" not in member.removeprefix("files/")
    assert "\\" not in member
    packed = got.read(f"samples/{pk}.parquet")
    assert packed == store.samples_of(pk).read_bytes()
    again = pl.read_csv(BytesIO(got.read(f"samples/{pk}.csv")))
    assert again["steps"].sum() == 3 * 2010


def test_a_long_table_comes_in_parts_and_loses_no_row(full_walker, monkeypatch):
    monkeypatch.setattr(archive, "ROWS", 2)
    pk = full_walker.uploads.get().pk
    archive.write(full_walker)
    with zipfile.ZipFile(archive.path_of(full_walker.pk)) as zipped:
        text = zipped.read(f"samples/{pk}.csv").decode()
    assert text == pl.read_parquet(store.samples_of(pk)).write_csv()


def test_the_account_and_the_readme(got, full_walker):
    account = json.loads(got.read("account.json"))
    assert account["email"] == WHO
    assert account["plan"]["decision"]["reasons"][0]["text"] == lives.SECRET
    assert got.read("report.pdf").startswith(b"%PDF-")
    assert account["preferences"]["weekdays_monday_0"] == list(range(7))
    everything = b"".join(got.read(name) for name in got.namelist())
    assert full_walker.password.encode() not in everything
    told = got.read("README.txt").decode()
    for table in TABLES:
        assert f"tables/{table.file}: {table.about}" in told
    assert "  nprs: 0 (no pain) to 10 (worst imaginable)" in told
    assert "  walking_s: seconds" in told


def test_who_looked_is_named(got):
    looked = pl.read_parquet(BytesIO(got.read("tables/who_looked.parquet")))
    assert looked.columns == ["id", "at", "actor", "action", "detail", "consent"]
    given = pl.read_parquet(BytesIO(got.read("tables/appointments.parquet")))
    assert given["given_by"].to_list() == ["thea@clinic.example"]


def test_it_is_the_walkers_alone(got, client, full_walker):
    other = helpers.make_user("other@example.org")
    client.force_login(other)
    assert client.get(FILE).status_code == 404
    assert b"Make my export" in client.get(PAGE).content
    client.post("/data/export/delete/")
    assert archive.path_of(full_walker.pk).exists()
    client.logout()
    for url in (PAGE, FILE, "/data/export/state/"):
        assert client.get(url).url.startswith("/account/login/")
    client.force_login(lives.therapist())
    assert client.get(FILE).url == reverse("inbox")


def test_nothing_of_another_person_is_in_it(web, full_walker):
    other = lives.fill(helpers.make_user("other@example.org"), word="another word of theirs")
    web.post(PAGE)
    with zipfile.ZipFile(archive.path_of(full_walker.pk)) as zipped:
        for name in zipped.namelist():
            assert b"another word" not in zipped.read(name), name
            assert other.email.encode() not in zipped.read(name), name


def test_it_can_be_had_before_the_safety_questions(client, walker):
    client.force_login(walker)
    client.post(PAGE)
    assert client.get(FILE).status_code == 200


def test_one_under_way_is_not_asked_for_twice(full_walker):
    first, is_new = services.ask(full_walker)
    assert is_new
    assert services.ask(full_walker) == (first, False)
    assert services.make(first)
    assert not services.make(first), "done already"
    again, is_new = services.ask(full_walker)
    assert is_new
    assert again.pk == first.pk
    assert not archive.path_of(full_walker.pk).exists(), "the old one is gone at once"


def test_one_that_was_interrupted_is_made_when_a_worker_starts(full_walker):
    Export.objects.create(user=full_walker, state=Export.State.MAKING)
    tasks.take_up_exports()
    assert Export.objects.get().is_ready


def test_it_expires(web, full_walker, settings):
    web.post(PAGE)
    path = archive.path_of(full_walker.pk)
    assert services.expire() == 0
    assert path.exists()
    Export.objects.update(
        finished_at=timezone.now() - timedelta(days=settings.EXPORT_DAYS, hours=1)
    )
    assert services.expire() == 1
    assert not path.exists()
    assert web.get(FILE).status_code == 404


def test_the_walker_deletes_it(web, full_walker):
    web.post(PAGE)
    web.post("/data/export/delete/")
    assert not archive.path_of(full_walker.pk).exists()
    assert not Export.objects.exists()


def test_a_full_disk_is_told_and_leaves_nothing(web, full_walker, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store, "sync", full)
    web.post(PAGE)
    page = web.get(PAGE).content.decode()
    assert "there is no room left on the disk" in page
    assert list(archive.exports_folder().iterdir()) == []


def test_a_week_that_can_no_longer_be_read_keeps_nobody_from_their_data(web, full_walker):
    full_walker.weeks.update(data={"from": "another version"})
    web.post(PAGE)
    with zipfile.ZipFile(archive.path_of(full_walker.pk)) as zipped:
        assert "report.pdf" not in zipped.namelist()
        assert b"another version" in zipped.read("tables/plan_decisions.csv")


def test_the_page_of_data_tells_of_it(web):
    assert 'href="/data/export/"' in web.get("/data/").content.decode()
    web.post(PAGE)
    assert "Your export is ready" in web.get("/data/").content.decode()


def test_the_models_and_migrations_agree(db):
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)

"""`backstride clinic`: from an empty folder to a person who answers requests."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys

import pytest
from click.testing import CliRunner
from django.test import Client

from backstride.cli import group
from backstride.errors import BackstrideError
from backstride.web.clinic.models import Clinic, Staff
from backstride.web.people.models import User
from web import helpers

NEW = "a quiet path in the woods"


def run(*words: str) -> str:
    result = CliRunner().invoke(group, ["clinic", *words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def link_in(output: str) -> str:
    return re.search(r"http://127\.0\.0\.1:8000(/account/password/reset/key/\S+/)", output)[1]


@pytest.fixture(autouse=True)
def light_site(settings):
    helpers.lighten(settings)


@pytest.fixture
def clinic(db):
    run("add", "Back  Clinic", "--staff", "Anna@Clinic.Example", "--zone", "Europe/London")
    return Clinic.objects.get()


def test_a_clinic_has_an_account_that_nobody_can_use_yet(clinic):
    assert clinic.name == "Back Clinic"
    anna = Staff.objects.get().user
    assert (anna.email, anna.zone) == ("anna@clinic.example", "Europe/London")
    assert not anna.has_usable_password()
    assert not anna.is_owner
    assert "(no password set yet)" in run("list")


def test_the_printed_link_sets_a_password_once(clinic):
    link = link_in(run("staff", "add", "back clinic", "anna@clinic.example"))
    client = Client()
    form = client.get(link, follow=True)
    page = form.redirect_chain[-1][0]
    done = client.post(page, {"password1": NEW, "password2": NEW})
    assert done.status_code == 302
    assert User.objects.get().check_password(NEW)
    assert "no password" not in run("list")
    answer = Client().post("/account/login/", {"login": "anna@clinic.example", "password": NEW})
    assert (answer.status_code, answer.url) == (302, "/")
    spent = Client().get(link, follow=True)
    assert not spent.redirect_chain  # it leads to no form any more
    assert 'name="password1"' not in spent.content.decode()


def test_a_weak_password_is_refused(clinic):
    link = link_in(run("staff", "add", "Back Clinic", "anna@clinic.example"))
    client = Client()
    page = client.get(link, follow=True).redirect_chain[-1][0]
    assert client.post(page, {"password1": "12345678", "password2": "12345678"}).status_code == 200
    assert not User.objects.get().has_usable_password()


def test_more_staff_can_be_added(clinic):
    assert "ben@clinic.example sets a password here" in run(
        "staff", "add", "Back Clinic", "ben@clinic.example", "--site", "https://back.example/"
    )
    assert {member.user.email for member in clinic.staff.all()} == {
        "anna@clinic.example",
        "ben@clinic.example",
    }


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["add", "back clinic", "--staff", "x@y.example"], "already"),
        (["add", "New", "--staff", "nonsense"], "valid email"),
        (["add", "New", "--staff", "x@y.example", "--zone", "Mars"], "is no time zone"),
        (["add", " ", "--staff", "x@y.example"], "name"),
        (["add", "x" * 121, "--staff", "x@y.example"], "at most 120"),
        (["add", "New", "--staff", "x@y.example", "--staff", "anna@clinic.example"], "another"),
        (["add", "New", "--staff", "walker@example.org"], "walker's account"),
        (["staff", "add", "Nowhere", "x@y.example"], "there is no clinic"),
    ],
)
def test_what_can_not_be_is_refused_whole(words, said, clinic):
    User.objects.create_user("walker@example.org", NEW)
    before = (Clinic.objects.count(), User.objects.count())
    with pytest.raises(BackstrideError, match=said):
        run(*words)
    assert (Clinic.objects.count(), User.objects.count()) == before


def test_an_empty_installation_says_what_to_do(db):
    assert "backstride clinic add" in run("list")


def test_a_fresh_folder_is_set_up_and_a_foreign_database_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("BACKSTRIDE_HOME", str(tmp_path))

    def backstride(*words):
        command = [sys.executable, "-c", "from backstride.cli import main; main()", *words]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    added = backstride("clinic", "add", "Back Clinic", "--staff", "anna@clinic.example")
    assert added.returncode == 0, added.stderr
    assert link_in(added.stdout)
    assert "Back Clinic" in backstride("clinic", "list").stdout
    with sqlite3.connect(tmp_path / "backstride.sqlite3") as database:
        database.execute(
            "insert into django_migrations (app, name, applied)"
            " values ('clinic', '9999_later', '2030-01-01')"
        )
    database.close()
    refused = backstride("clinic", "list")
    assert refused.returncode == 3
    assert "another version of Backstride (it has clinic.9999_later)" in refused.stderr

"""`backstride order`: a therapist's word is kept, listed, ended, and holds over the plan."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from backstride.cli import group
from backstride.web.imports.models import Usual
from web import helpers
from web.imports import stores


@pytest.fixture
def owner(db, settings, tmp_path):
    stores.use(settings, tmp_path / "home")
    user = helpers.make_user("owner@example.org", zone="Europe/Berlin", is_owner=True)
    helpers.clear(user)
    Usual.objects.create(user=user, minutes=30, days_per_week=5)
    return user


def run(*words: str):
    return CliRunner().invoke(group, words)


def planned() -> dict:
    return json.loads(run("plan", "--json").output)


def test_a_limit_holds_over_the_plan_and_is_listed(owner):
    added = run("order", "add", "--by", "Petra", "--max-minutes", "9", "--why", "the knee")
    assert added.exit_code == 0, added.output
    assert "at most 9 minutes a walk" in added.output
    week = planned()
    assert week["dose"]["minutes"] == 9
    assert week["decision"]["reasons"][0]["rule"] == "therapist.limit"
    assert "by Petra (the knee)" in run("order", "list").output


def test_an_ended_order_stays_in_the_list(owner):
    run("order", "add", "--by", "Petra", "--pause")
    number = str(owner.orders.get().pk)
    assert f"until {owner.today()}" in run("order", "end", number).output
    assert "no walks" in run("order", "list").output


def test_a_pause_plans_nothing(owner):
    run("order", "add", "--by", "Petra", "--pause")
    assert planned()["walks"] == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--by", "Petra"], "something that it sets"),
        (["--by", " ", "--pause"], "name of the therapist"),
        (["--by", "Petra", "--avoid", "handstand"], "handstand"),
        (["--by", "Petra", "--pause", "--from", "2030-01-02", "--until", "2030-01-01"], "ends"),
    ],
)
def test_what_makes_no_sense_is_refused(owner, words, said):
    result = run("order", "add", *words)
    assert result.exit_code != 0
    assert said in str(result.exception)
    assert not owner.orders.exists()


def test_an_order_that_is_not_there(owner):
    result = run("order", "end", "99")
    assert result.exit_code != 0
    assert "backstride order list" in str(result.exception)


def test_without_any(owner):
    assert "No therapist has set anything" in run("order", "list").output

"""Signing in: where it leads, how often it may be tried, and whose account it is."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from web import helpers

LOGIN = {"login": "walker@example.org", "password": helpers.PASSWORD}


@pytest.fixture(autouse=True)
def nobody_tried_before():
    cache.clear()
    yield
    cache.clear()


@pytest.mark.parametrize("goal", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_sign_in_leads_nowhere_else(client, walker, goal):
    response = client.post(reverse("account_login"), {**LOGIN, "next": goal})
    assert (response.status_code, response.url) == (302, "/")


def test_sign_in_gives_a_new_session(client, walker):
    client.get(reverse("account_login"))
    session = client.session
    session["planted"] = True
    session.save()
    planted = session.session_key
    client.cookies["sessionid"] = planted
    client.post(reverse("account_login"), LOGIN)
    assert client.session.session_key != planted


def test_guessing_is_stopped_even_with_a_forged_address(client, walker):
    for n in range(6):
        page = client.post(
            reverse("account_login"),
            {**LOGIN, "password": "wrong"},
            headers={"X-Forwarded-For": f"10.0.0.{n}"},
        ).content.decode()
    assert "Too many failed login attempts" in page
    assert "Too many failed" in client.post(reverse("account_login"), LOGIN).content.decode()


def test_a_wrong_password_and_an_unknown_address_look_the_same(client, walker):
    def said(login: str) -> str:
        page = client.post(reverse("account_login"), {"login": login, "password": "wrong"})
        return page.content.decode().split("errorlist")[1].split("</ul>")[0]

    assert said("walker@example.org") == said("nobody@example.org")


def test_an_old_form_is_refused_in_words(walker):
    response = Client(enforce_csrf_checks=True).post(reverse("account_login"), LOGIN)
    assert response.status_code == 403
    assert "This page was too old" in response.content.decode()


def test_a_demo_visitor_does_not_take_the_demo_account_over(client, db):
    demo = helpers.make_user("demo@backstride.invalid", is_demo=True)
    helpers.clear(demo)
    client.force_login(demo)
    for name in ("account_email", "account_set_password", "account_change_password"):
        assert client.get(reverse(name)).status_code == 403
        assert client.post(reverse(name), {"email": "me@example.org"}).status_code == 403
    assert "Change password" not in client.get(reverse("you")).content.decode()
    assert client.post(reverse("account_logout")).status_code == 302


def test_a_changed_password_leads_back_and_keeps_one_signed_in(client, walker):
    client.force_login(walker)
    new = "another-quiet-walk-3"
    form = {"oldpassword": helpers.PASSWORD, "password1": new, "password2": new}
    response = client.post(reverse("account_change_password"), form)
    assert response.url == reverse("you")
    assert client.get(reverse("you")).status_code == 200

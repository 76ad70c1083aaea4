"""Giving a consent: what is asked, what is refused, and that nobody learns who has an account."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection

from backstride.web.clinic.models import Clinic
from backstride.web.clinic.story import PARTS
from backstride.web.rights.kept import TABLES
from backstride.web.rights.tables import frame_of
from backstride.web.sharing import services
from backstride.web.sharing.forms import HELP
from backstride.web.sharing.models import Consent
from reading_age import too_hard
from web import helpers
from web.sharing.conftest import browse, link_to, staff_of, terms


def filled(walker, **fields) -> dict:
    today = walker.today()
    usual = {
        "scope": ["pain"],
        "data_from": today - timedelta(days=27),
        "until": today + timedelta(days=91),
    }
    return usual | fields


def give(walker, kind: str, **fields):
    return browse(walker).post(f"/sharing/new/{kind}/", filled(walker, **fields), follow=True)


@pytest.mark.parametrize("kind", ["clinic", "person", "link"])
def test_nothing_is_ticked_and_three_months_are_offered(walker, therapist, kind):
    """Before the safety questions, too: sharing is the walker's right."""
    page = browse(walker).get(f"/sharing/new/{kind}/").content.decode()
    assert page.count('name="scope"') == len(PARTS)
    assert "checked" not in page
    assert f'value="{walker.today() + timedelta(days=91)}"' in page
    assert f'value="{walker.today() - timedelta(days=27)}"' in page
    assert "Wanda Walker" in page


def test_the_words_are_plain():
    assert too_hard({key: str(text) for key, text in HELP.items()}) == {}


def test_to_a_clinic(walker, therapist):
    page = give(walker, "clinic", clinic=therapist.staff.clinic.pk).content.decode()
    assert "Back Clinic can look now." in page
    consent = Consent.objects.get()
    assert (consent.kind, consent.clinic, consent.scope) == (
        "clinic", therapist.staff.clinic, ["pain"],
    )  # fmt: skip
    assert consent.is_active


def test_a_new_one_to_the_same_clinic_ends_the_earlier(walker, therapist):
    clinic = therapist.staff.clinic
    give(walker, "clinic", clinic=clinic.pk)
    give(walker, "clinic", clinic=clinic.pk, scope=["notes"])
    assert [c.scope for c in services.of_clinic(clinic)] == [["notes"]]
    assert Consent.objects.count() == 2, "the history stays"


def test_to_a_person_and_again(walker, friend):
    give(walker, "person", email=" FAY@example.org ", name="my Fay")
    first = Consent.objects.get()
    assert (first.person, first.receiver) == (friend, "my Fay")
    page = browse(walker).get(f"/sharing/new/person/?again={first.pk}").content.decode()
    assert page.count("checked") == 1
    assert 'name="email"' not in page
    give(walker, "person", again=first.pk, name="my Fay", scope=["pain", "mood"])
    newer = Consent.objects.exclude(pk=first.pk).get()
    assert (newer.person, newer.scope) == (friend, ["pain", "mood"])
    assert services.of_person(friend) == [newer]


def test_nobody_learns_who_has_an_account(walker, friend, therapist):
    """The same words and the same rows for an account, for staff, and for nobody."""
    seen = []
    for email in (friend.email, "nobody@example.org", therapist.email):
        page = give(walker, "person", email=email, name="Sam").content.decode()
        seen.append(re.sub(r'name="csrfmiddlewaretoken" value="\w+"|/\d+/|again=\d+', "", page))
        Consent.objects.all().delete()
    assert seen[0] == seen[1] == seen[2]
    [table] = [table for table in TABLES if table.label == "sharing.Consent"]
    assert not {"person", "token_hash"} & set(frame_of(table, walker).columns)


def test_an_account_that_comes_later_does_not_get_what_was_meant_for_another(walker):
    give(walker, "person", email="later@example.org", name="Sam")
    later = helpers.make_user("later@example.org")
    assert services.of_person(later) == []


def test_the_demo_keeps_to_itself(walker, friend, therapist):
    demo = helpers.make_user("demo@example.org", is_demo=True)
    give(demo, "person", email=friend.email, name="Sam")
    assert Consent.objects.get().person is None
    assert browse(demo).get("/sharing/new/clinic/").url == "/sharing/"
    give(walker, "person", email=demo.email, name="Sam")
    assert Consent.objects.first().person is None


@pytest.mark.parametrize(
    "bad",
    [
        {"scope": []},
        {"scope": ["contact"]},
        {"scope": ["pain", "email"]},
        {"data_from": ""},
        {"data_from": +1},
        {"data_from": -4200},
        {"until": -1},
        {"until": 366},
        {"until": "9999-99-99"},
        {"name": ""},
        {"name": "x" * 81},
        {"email": "no address"},
        {"email": "walker@example.org"},
    ],
)
def test_bad_terms_give_nothing_and_keep_the_words(walker, friend, bad):
    today = walker.today()
    fields = {"email": friend.email, "name": "my Fay"}
    fields |= {k: today + timedelta(days=v) if isinstance(v, int) else v for k, v in bad.items()}
    answer = give(walker, "person", **fields)
    assert answer.status_code == 400
    assert "errorlist" in answer.content.decode()
    assert not Consent.objects.exists()


def test_the_longest_that_may_be(walker, friend):
    today = walker.today()
    fields = {"data_from": today, "until": today + timedelta(days=365)}
    give(walker, "person", email=friend.email, name="Fay", **fields)
    assert Consent.objects.get().until == fields["until"]


def test_only_clinics_that_are_there_and_ones_own_consents(walker, therapist, friend):
    other = staff_of(Clinic.objects.create(name="Demo", is_demo=True), "d@demo.example")
    assert give(walker, "clinic", clinic=other.staff.clinic.pk).status_code == 400
    theirs, _ = services.give(friend, "link", terms(friend, ["pain"]), name="x")
    client = browse(walker)
    assert client.get(f"/sharing/new/link/?again={theirs.pk}").status_code == 404
    assert client.get("/sharing/new/link/?again=x").status_code == 404
    assert client.get("/sharing/new/nobody/").status_code == 404
    assert browse(therapist).post("/sharing/new/link/").url == "/clinic/inbox/"


def test_after_a_request_the_clinic_can_be_let_look(cleared_walker, therapist):
    asked = cleared_walker.appointment_requests.create(clinic=therapist.staff.clinic, message="x")
    page = browse(cleared_walker).get(f"/clinic/appointments/{asked.pk}/").content.decode()
    assert f"/sharing/new/clinic/?clinic={asked.clinic_id}" in page


class TestLink:
    """By a link, for someone without an account."""

    def test_it_is_shown_once_and_only_its_hash_is_kept(self, full_walker):
        page = give(full_walker, "link", name="Dr Kim").content.decode()
        [token] = re.findall(r'value="http://testserver/sharing/link/([\w-]+)/"', page)
        assert len(token) >= 43  # 256 bits
        connection.ensure_connection()
        kept = "\n".join(connection.connection.iterdump())
        assert token not in kept
        assert services.hash_of(token) in kept
        assert token not in browse(full_walker).get("/sharing/").content.decode()
        assert services.by_token(token) == Consent.objects.get()

    def test_the_door_tells_nothing_and_notes_nothing(self, full_walker):
        _, token = services.give(full_walker, "link", terms(full_walker, ["notes"]), name="Dr Kim")
        client = browse()
        answer = client.get(f"/sharing/link/{token}/")
        assert b"heron" not in answer.content
        assert b"Wanda" not in answer.content
        picture = client.get(f"/sharing/link/{token}/together.light.340.svg")
        assert b"<svg" not in picture.content.split(b"<main")[-1].split(b"</main")[0]
        assert not full_walker.audit_entries.exists()
        assert client.post(f"/sharing/link/{token}/").url == f"/sharing/link/{token}/"
        page = client.get(f"/sharing/link/{token}/")
        assert b"heron" in page.content
        assert b"Wanda Walker" in page.content
        [entry] = full_walker.audit_entries.all()
        assert entry.who == "link Dr Kim"

    def test_an_open_door_opens_no_other_link(self, full_walker):
        _, _, client = link_to(full_walker, ["notes"])
        _, other = services.give(full_walker, "link", terms(full_walker, ["notes"]), name="x")
        assert b"heron" not in client.get(f"/sharing/link/{other}/").content

    def test_it_is_kept_nowhere_and_found_by_no_search(self, full_walker):
        _, token, client = link_to(full_walker, ["walking", "notes"])
        for tail in ("", "together.dark.720.svg"):
            answer = client.get(f"/sharing/link/{token}/{tail}")
            assert answer.status_code == 200
            assert answer["Cache-Control"] == "private, no-store"
            assert answer["X-Robots-Tag"] == "noindex, nofollow"
            assert answer["Referrer-Policy"] == "same-origin"

    def test_it_is_read_only(self, full_walker):
        _, token, client = link_to(full_walker, ["notes"])
        for method in (client.put, client.patch, client.delete):
            assert method(f"/sharing/link/{token}/").status_code == 405
        picture = f"/sharing/link/{token}/together.light.340.svg"
        assert client.post(picture).status_code == 405
        page = client.get(f"/sharing/link/{token}/").content.decode()
        assert "<form" not in page.split("<main")[1].split("</main")[0]

    def test_wrong_tokens_are_all_alike(self, full_walker, friend):
        consent, token, client = link_to(full_walker, ["notes"])
        account, _ = services.give(
            full_walker, "person", terms(full_walker, ["notes"]), person=friend
        )
        services.end(full_walker.consents.filter(pk=consent.pk))
        wrong = (token, token[:-1], token + "A", "None", "", consent.token_hash, str(account.pk))
        for one in wrong:
            assert client.get(f"/sharing/link/{one}/").status_code == 404
            assert client.post(f"/sharing/link/{one}/").status_code == 404

    def test_a_new_one_ends_the_old(self, full_walker):
        consent, token, client = link_to(full_walker, ["notes"])
        page = give(full_walker, "link", again=consent.pk, name="Dr Kim").content.decode()
        [newer] = re.findall(r'value="http://testserver/sharing/link/([\w-]+)/"', page)
        assert client.get(f"/sharing/link/{token}/").status_code == 404
        assert client.get(f"/sharing/link/{newer}/").status_code == 200

    def test_without_a_name_nobody_with_a_link_sees_the_address(self, friend):
        friend.first_name = ""
        friend.save()
        _, token, client = link_to(friend, ["notes"])
        page = client.get(f"/sharing/link/{token}/").content.decode()
        assert friend.email not in page
        assert "<h1>Someone's walking and back</h1>" in page

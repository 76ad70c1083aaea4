"""Who may open what of sharing: every address, for everyone there is, in every state."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from backstride.web.clinic.models import Clinic, Staff
from backstride.web.imports.models import Day
from backstride.web.people.models import AuditEntry
from backstride.web.sharing import services, urls
from backstride.web.sharing.models import Consent
from web import helpers
from web.sharing.conftest import browse, link_to, staff_of, terms

SVG = "together.light.340.svg"


@pytest.fixture
def given(full_walker, therapist, friend):
    """Consents of one walker to a clinic and to a person, by kind."""
    to_clinic, _ = services.give(
        full_walker, "clinic", terms(full_walker, ["pain", "notes"]), clinic=therapist.staff.clinic
    )
    to_person, _ = services.give(
        full_walker, "person", terms(full_walker, ["walking"]), person=friend, name="my Fay"
    )
    return {"clinic": to_clinic, "person": to_person}


def test_every_address_is_known_here():
    """An address that is added needs its place in these tests."""
    assert {route.name for route in urls.urlpatterns} == {
        "sharing", "sharing_give", "sharing_seen", "sharing_picture", "sharing_end",
        "sharing_link", "sharing_link_picture",
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["clinic", "person"])
@pytest.mark.parametrize("tail", ["", SVG])
def test_those_it_was_given_to_and_nobody_else(given, therapist, friend, full_walker, kind, tail):
    stranger = helpers.make_user("other@example.org")
    outsider = staff_of(Clinic.objects.create(name="Other Clinic"), "eve@other.example")
    url = f"/sharing/{given[kind].pk}/{tail}"
    may = {"clinic": therapist, "person": friend}[kind]
    for who in (therapist, friend, stranger, outsider, full_walker):
        status = 200 if who in (may, full_walker) else 404
        assert browse(who).get(url).status_code == status, who
    assert browse().get(url).url.startswith("/account/login/")
    looked = full_walker.audit_entries.values_list("consent", flat=True)
    assert list(looked) == [given[kind].pk], "one look, and none for one's own"


def test_a_colleague_looks_and_is_named(given, full_walker, therapist):
    colleague = staff_of(therapist.staff.clinic, "ben@clinic.example", first_name="Ben")
    browse(colleague).get(f"/sharing/{given['clinic'].pk}/")
    entry = full_walker.audit_entries.get()
    assert (entry.actor, entry.who, entry.detail) == (colleague, "Ben", "Back Clinic")


def test_who_leaves_the_clinic_sees_nothing(given, therapist):
    client = browse(therapist)
    Staff.objects.all().delete()
    assert client.get(f"/sharing/{given['clinic'].pk}/").status_code == 404


def test_a_person_who_becomes_staff_looks_as_staff_only(given, friend):
    Staff.objects.create(user=friend, clinic=Clinic.objects.create(name="Other"))
    assert browse(friend).get(f"/sharing/{given['person'].pk}/").status_code == 404


def test_each_look_is_noted_and_shown_to_the_walker(given, full_walker, friend):
    client = browse(friend)
    for _ in range(2):
        client.get(f"/sharing/{given['person'].pk}/")
        client.get(f"/sharing/{given['person'].pk}/{SVG}")
    assert [e.action for e in full_walker.audit_entries.all()] == ["looked at what you share"] * 2
    page = browse(full_walker).get("/sharing/").content.decode()
    assert page.count("<strong>my Fay</strong> looked at what you share") == 2
    assert page.count("· Walking</span>") == 2, "at which parts"
    assert "Last looked on" in page
    assert page.count("Not looked at yet.") == 1  # the clinic


def test_a_picture_by_itself_is_a_look(given, full_walker, friend):
    client = browse(friend)
    client.get(f"/sharing/{given['person'].pk}/{SVG}")
    [entry] = full_walker.audit_entries.all()
    assert (entry.who, entry.detail) == ("my Fay", "together")
    for key in ("calendar", "weeks", "nonsense"):
        answer = client.get(f"/sharing/{given['person'].pk}/{key}.light.340.svg")
        assert answer.status_code == (200 if key == "calendar" else 404)


def test_one_tap_ends_it_at_once(given, full_walker, friend):
    client, url = browse(friend), f"/sharing/{given['person'].pk}/"
    assert client.get(url).status_code == 200
    assert "Shared with you" in client.get("/sharing/").content.decode()
    answer = browse(full_walker).post(f"{url}end/", follow=True)
    assert "Ended. my Fay sees nothing any more." in answer.content.decode()
    assert client.get(url).status_code == 404
    assert client.get(url + SVG).status_code == 404
    assert "Shared with you" not in client.get("/sharing/").content.decode()
    page = browse(full_walker).get("/sharing/").content.decode()
    assert "Ended by you on" in page
    ended_at = Consent.objects.get(pk=given["person"].pk).ended_at
    browse(full_walker).post(f"{url}end/")
    assert Consent.objects.get(pk=given["person"].pk).ended_at == ended_at, "the first tap counts"


@pytest.mark.parametrize("who", ["friend", "therapist", "stranger"])
def test_nobody_else_ends_it(given, therapist, friend, who):
    people = {"friend": friend, "therapist": therapist}
    user = people.get(who) or helpers.make_user("other@example.org")
    for consent in given.values():
        assert browse(user).post(f"/sharing/{consent.pk}/end/").status_code in {302, 404}
    assert Consent.objects.filter(ended_at=None).count() == 2


def test_ending_needs_the_forms_token_and_a_post(given, full_walker):
    client = Client(enforce_csrf_checks=True)
    client.force_login(full_walker)
    url = f"/sharing/{given['person'].pk}/end/"
    assert client.post(url).status_code == 403
    assert client.get(url).status_code == 405


def test_a_consent_is_never_edited(given):
    with pytest.raises(ValueError, match="never edited"):
        given["person"].save()


def test_the_clinic_finds_it_in_its_inbox_and_beside_a_request(given, full_walker, therapist):
    asked = full_walker.appointment_requests.create(clinic=therapist.staff.clinic, message="x")
    client, url = browse(therapist), f"/sharing/{given['clinic'].pk}/"
    assert url in client.get("/clinic/inbox/").content.decode()
    assert full_walker.audit_entries.get().action == "saw you in the list of requests"
    assert url in client.get(f"/clinic/inbox/{asked.pk}/").content.decode()
    assert f"/clinic/inbox/{asked.pk}/" in client.get(url).content.decode()
    services.end(full_walker.consents.all())
    for page in ("/clinic/inbox/", f"/clinic/inbox/{asked.pk}/"):
        assert url not in client.get(page).content.decode()


def test_a_person_does_not_see_what_is_between_walker_and_clinic(
    given, full_walker, therapist, friend
):
    full_walker.appointment_requests.create(clinic=therapist.staff.clinic, message="x")
    page = browse(friend).get(f"/sharing/{given['person'].pk}/").content.decode()
    assert "Back Clinic" not in page
    assert "/clinic/inbox/" not in page


def test_all_is_gone_with_the_walkers_account(given, full_walker, therapist, friend):
    _, token, stranger = link_to(full_walker, ["notes"])
    client = browse(full_walker)
    client.post("/you/delete/", {"password": helpers.PASSWORD})
    assert not Consent.objects.exists()
    assert not AuditEntry.objects.exists()
    assert browse(friend).get(f"/sharing/{given['person'].pk}/").status_code == 404
    assert browse(therapist).get(f"/sharing/{given['clinic'].pk}/").status_code == 404
    assert stranger.get(f"/sharing/link/{token}/").status_code == 404


def test_who_was_given_something_and_looked_can_still_delete_their_account(
    given, full_walker, friend
):
    client = browse(friend)
    client.get(f"/sharing/{given['person'].pk}/")
    client.post("/you/delete/", {"password": helpers.PASSWORD})
    assert not type(friend).objects.filter(pk=friend.pk).exists()
    assert full_walker.audit_entries.get().who == "my Fay", "in the walker's own words"
    assert Consent.objects.get(pk=given["person"].pk).person is None


def test_as_many_questions_to_the_database_for_a_year_as_for_a_week(
    full_walker, django_assert_max_num_queries
):
    _, token, client = link_to(full_walker, ["walking", "pain", "week", "notes"], back=300)
    url = f"/sharing/link/{token}/?span=all"
    with django_assert_max_num_queries(40) as few:
        client.get(url)
    today = full_walker.today()
    for n in range(101, 290):
        Day.objects.create(user=full_walker, date=today - timedelta(days=n), steps=1)
    with django_assert_max_num_queries(40) as many:
        client.get(url)
    assert len(few) == len(many)

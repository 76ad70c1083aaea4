"""Who may come in, and who owns the installation."""

from __future__ import annotations

import pytest
from django.urls import reverse

from backstride.web.people.models import AuditEntry, User, audit
from web import helpers

NEW = {"email": "new@example.org", "password1": "a-quiet-long-walk-9"}


def test_the_first_account_owns_the_installation(client, db):
    response = client.post(reverse("account_signup"), {**NEW, "zone": "America/Lima"})
    assert response.status_code == 302
    user = User.objects.get()
    assert user.is_owner
    assert user.zone == "America/Lima"


def test_a_zone_that_is_none_falls_back(client, db):
    client.post(reverse("account_signup"), {**NEW, "zone": "Mars/Olympus"})
    assert User.objects.get().zone == "UTC"


def test_sign_up_closes_after_the_first(client, walker):
    response = client.post(reverse("account_signup"), NEW)
    assert "Sign-up is closed" in response.content.decode()
    assert User.objects.count() == 1


def test_a_clinics_staff_own_nothing(client, walker):
    from backstride.web.clinic.models import Clinic, Staff

    Staff.objects.create(user=walker, clinic=Clinic.objects.create(name="Backs"))
    client.post(reverse("account_signup"), NEW)
    assert User.objects.get(email="new@example.org").is_owner


def test_what_is_shared_can_be_taken_back_even_behind_a_stop(client, walker):
    from backstride.web.clinic.models import AppointmentRequest, Clinic

    answers = {**helpers.harmless_answers(walker.today()), "saddle_numb": "yes"}
    helpers.record_answers(walker, answers)
    clinic = Clinic.objects.create(name="Backs")
    asked = AppointmentRequest.objects.create(
        walker=walker, clinic=clinic, message="It hurts.", story={"contact": {}}
    )
    client.force_login(walker)
    assert "Take it back" in client.get(reverse("sharing")).content.decode()
    url = reverse("appointment_withdraw", args=[asked.pk])
    assert client.post(url, {"from": "sharing"}).url == reverse("sharing")
    asked.refresh_from_db()
    assert asked.story == {}
    assert "Take it back" not in client.get(reverse("sharing")).content.decode()


def test_open_sign_up_gives_no_second_owner(client, walker, settings):
    settings.OPEN_SIGNUP = True
    walker.is_owner = True
    walker.save()
    client.post(reverse("account_signup"), NEW)
    assert not User.objects.get(email="new@example.org").is_owner


@pytest.mark.parametrize("password", ["short", "123456789012", "password123"])
def test_weak_passwords_are_refused(client, db, password):
    response = client.post(reverse("account_signup"), {**NEW, "password1": password})
    assert response.status_code == 200
    assert not User.objects.exists()


def test_the_demo_closes_once_someone_owns_the_place(client, walker):
    assert "Open the demo" not in client.get("/").content.decode()
    assert client.post(reverse("demo")).status_code == 403


def test_the_demo_opens_where_nobody_lives_yet(client, db):
    assert "Open the demo" in client.get("/").content.decode()
    response = client.post(reverse("demo"), follow=True)
    text = response.content.decode()
    assert "This person is invented" in text
    demo = User.objects.get(is_demo=True)
    assert demo.days.count() >= 70
    assert demo.weeks.count() == 5
    assert demo.uploads.filter(state="done").count() == 4
    assert User.objects.filter(is_owner=True).count() == 0
    client.logout()
    assert "Create your account" in client.get("/").content.decode()  # still free to be owned


def test_pages_of_a_signed_in_person_are_not_cached(client, cleared_walker):
    client.force_login(cleared_walker)
    assert client.get("/").headers["Cache-Control"] == "private, no-store"


def test_nothing_may_load_from_elsewhere_or_inline(client, db):
    policy = client.get("/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


def test_staff_are_signed_out_after_a_quarter_of_an_hour(client, walker):
    from backstride.web.clinic.models import Clinic, Staff

    Staff.objects.create(user=walker, clinic=Clinic.objects.create(name="Backs"))
    client.force_login(walker)
    client.get("/", follow=True)
    assert client.session.get_expiry_age() == 15 * 60


def test_the_walker_sees_who_looked(client, cleared_walker):
    other = helpers.make_user("lee@clinic.example")
    audit(other, cleared_walker, "read your request", "City Backs")
    client.force_login(cleared_walker)
    page = client.get(reverse("sharing")).content.decode()
    assert "read your request" in page
    assert "lee@clinic.example" in page


def test_an_audit_entry_is_never_changed(walker):
    audit(None, walker, "command line", "plan")
    entry = AuditEntry.objects.get()
    entry.action = "something else"
    with pytest.raises(ValueError, match="never changed"):
        entry.save()


def test_changing_the_zone(client, cleared_walker):
    client.force_login(cleared_walker)
    client.post(
        reverse("you"), {"first_name": "A", "last_name": "B", "zone": "Asia/Tokyo", "unit": "km"}
    )
    cleared_walker.refresh_from_db()
    assert cleared_walker.zone == "Asia/Tokyo"

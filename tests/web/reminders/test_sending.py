"""What is sent when: lived through by the clock, the mail going to Django's outbox."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time, timedelta

import pytest
from django.utils import timezone

from backstride.errors import NotCleared
from backstride.records import Disposition
from backstride.regimen.prompts import Limits, is_quiet
from backstride.web.back import sheets
from backstride.web.back.models import Sheet
from backstride.web.clinic import services as clinic
from backstride.web.clinic.models import Appointment, AppointmentRequest, Clinic
from backstride.web.imports.models import Day
from backstride.web.journal.models import PainEntry, WalkDone
from backstride.web.plan.models import PlanChange, TherapistOrder
from backstride.web.plan.services import week_now
from backstride.web.reminders import services, tasks
from backstride.web.reminders.models import Choices, Sent
from backstride.web.safety.models import ScreenRecord
from web import helpers
from web.reminders.conftest import answer_screen, look_at_week

MONDAY = date(2027, 3, 1)


def walk_day(walker) -> date:
    return min(walk.day for walk in week_now(walker).walks if walk.day > MONDAY)


def kinds() -> list[str]:
    return list(Sent.objects.order_by("pk").values_list("kind", flat=True))


def test_all_is_off_until_the_walker_chooses(planned, clock, mailoutbox):
    clock.set(walk_day(planned), "09:05")
    tasks.look_for_due()
    assert services.remind(planned) == []
    Choices.objects.create(user=planned, by_mail=True)
    tasks.look_for_due()
    assert services.remind(planned) == []
    assert mailoutbox == []


def test_the_walk_at_the_walkers_time_and_only_once(planned, clock, choose, mailoutbox):
    choose(walk=True)
    day = walk_day(planned)
    clock.set(day, "08:55")
    tasks.look_for_due()
    assert mailoutbox == []
    for _ in range(3):
        clock.set(day, "09:05")
        tasks.look_for_due()
    [mail] = mailoutbox
    assert mail.to == [planned.email]
    assert kinds() == ["walk"]


def test_nothing_of_health_is_said_by_default(planned, clock, choose, mailoutbox):
    choose(walk=True, check_in=True)
    clock.set(walk_day(planned), "09:05")
    services.remind(planned)
    [mail] = mailoutbox
    said = f"{mail.subject} {mail.body}".lower()
    assert mail.subject == "Backstride: something for today"
    assert not [word for word in ("walk", "pain", "back ", "minutes", "wanda") if word in said]


def test_content_where_it_is_wanted_and_in_other_words_each_time(
    planned, clock, choose, mailoutbox
):
    choose(walk=True, content=True)
    for walk in week_now(planned).walks:
        clock.set(walk.day, "09:05")
        services.remind(planned)
    texts = [mail.body.splitlines()[0] for mail in mailoutbox]
    assert len(texts) >= 2
    assert all("minutes" in text for text in texts)
    assert len(set(texts)) == len(texts)
    assert {mail.subject for mail in mailoutbox} == {"Backstride: something for today"}


def test_a_walk_that_is_done_is_not_reminded_of(planned, clock, choose):
    choose(walk=True)
    day = walk_day(planned)
    clock.set(day, "09:05")
    minutes = next(walk.minutes for walk in week_now(planned).walks if walk.day == day)
    noted = WalkDone.objects.create(user=planned, day=day, minutes=minutes)
    assert services.remind(planned) == []
    noted.delete()
    measured = Day.objects.create(
        user=planned, date=day, steps=4000, walking_min=minutes, longest_bout_min=minutes
    )
    assert services.remind(planned) == []
    measured.delete()
    assert len(services.remind(planned)) == 1


def test_a_rest_day_a_paused_plan_and_days_away(planned, clock, choose):
    choose(walk=True, week=True)
    days = {MONDAY + timedelta(days=n) for n in range(7)}
    rest = min(days - {walk.day for walk in week_now(planned).walks} - {MONDAY})
    clock.set(rest, "09:05")
    assert services.remind(planned) == []
    day = walk_day(planned)
    clock.set(day, "09:05")
    away = PlanChange.objects.create(user=planned, kind="away", day=day, to=day)
    assert services.remind(planned) == []
    away.delete()
    stop(planned, clock)
    assert services.remind(planned) == []


def stop(walker, clock) -> None:
    newest = walker.screens.first()
    ScreenRecord.objects.create(
        user=walker,
        version=newest.version,
        answers=newest.answers,
        disposition=next(one for one in Disposition if not one.may_walk),
        at=clock.now,
    )


def test_a_plan_that_the_therapist_paused(planned, clock, choose, mailoutbox):
    TherapistOrder.objects.create(user=planned, given_by="Thea", on=MONDAY, paused=True)
    choose(walk=True)
    for n in range(7, 14):
        day = MONDAY + timedelta(days=n)
        clock.set(day, "08:30")
        answer_screen(planned, clock.now)
        try_to_look(planned, clock)
        clock.set(day, "09:05")
        services.remind(planned)
    assert "walk" not in kinds()


def try_to_look(walker, clock) -> None:
    try:
        look_at_week(walker, clock.now)
    except NotCleared:
        return


def test_nothing_but_appointments_in_a_flare(planned, clock, choose, appointment):
    choose(walk=True, check_in=True, forms=True, week=True, appointments=True)
    day = walk_day(planned)
    clock.set(day, "08:30")
    PainEntry.objects.create(user=planned, day=day, at=clock.now, nprs=7, is_flare=True)
    appointment(start_day=day + timedelta(days=1), clock_time="10:00")
    sent = Counter()
    for hour in range(8, 21):
        clock.set(day, time(hour, 5))
        sent.update(row.kind for row in services.remind(planned))
    assert sent == {"appointment_day": 1}


def test_safety_questions_come_in_place_of_what_they_stand_before(
    planned, clock, choose, mailoutbox
):
    choose(walk=True, content=True)
    clock.set(MONDAY + timedelta(days=20), "09:05")
    assert [row.kind for row in services.remind(planned)] == ["screen"]
    assert "safety questions" in mailoutbox[0].body


def test_a_week_that_is_over_is_told_and_not_made(planned, clock, choose, mailoutbox):
    choose(week=True, content=True)
    clock.set(MONDAY + timedelta(days=7), "09:05")
    answer_screen(planned, clock.now)
    assert [row.kind for row in services.remind(planned)] == ["week"]
    assert planned.weeks.count() == 1
    assert "/plan/" in mailoutbox[0].body
    look_at_week(planned, clock.now)
    clock.now += timedelta(hours=1)
    assert services.remind(planned) == []


def test_the_check_in_only_while_nothing_was_told(planned, clock, choose):
    choose(check_in=True)
    clock.set(MONDAY, "19:05")
    PainEntry.objects.create(user=planned, day=MONDAY, at=clock.now, nprs=2)
    assert services.remind(planned) == []
    clock.set(MONDAY + timedelta(days=1), "19:05")
    assert [row.kind for row in services.remind(planned)] == ["check_in"]


def test_questionnaires_while_one_is_due(planned, clock, choose):
    choose(forms=True)
    clock.set(MONDAY, "19:05")
    assert [row.kind for row in services.remind(planned)] == ["forms"]
    for form in sheets.due(planned):
        Sheet.objects.create(
            user=planned, instrument=form.key, version=form.version, day=MONDAY,
            finished_at=clock.now, begun_at=clock.now, value=1,
        )  # fmt: skip
    assert sheets.due(planned) == []
    clock.set(MONDAY + timedelta(days=1), "19:05")
    assert services.remind(planned) == []


@pytest.fixture
def appointment(planned, clock):
    """Give the walker an appointment, a week ahead of time."""
    made = Clinic.objects.create(name="Back Clinic")
    staff = helpers.make_user("thea@clinic.example")

    def give(start_day: date, clock_time: str) -> Appointment:
        start = datetime.combine(start_day, time.fromisoformat(clock_time), planned.tz)
        asked = AppointmentRequest.objects.create(walker=planned, clinic=made, state="answered")
        return Appointment.objects.create(
            request=asked, uid=f"{asked.pk}@backstride", start=start, given_by=staff,
            organizer_email=staff.email, given_at=start - timedelta(days=9), location="Room 2",
        )  # fmt: skip

    return give


def test_an_appointment_a_day_and_an_hour_before(planned, clock, choose, appointment, mailoutbox):
    choose(appointments=True, content=True)
    day = date(2027, 3, 28)  # the clocks went forward that night
    appointment(day, "15:00")
    sent = []
    clock.set(day - timedelta(days=2), "00:00")
    for _ in range(3 * 24 * 4):
        clock.now += timedelta(minutes=15)
        sent += [
            (row.kind, clock.now.astimezone(planned.tz).isoformat(timespec="minutes"))
            for row in services.remind(planned)
        ]
    assert sent == [
        ("appointment_day", "2027-03-27T15:00+01:00"),
        ("appointment_hour", "2027-03-28T14:00+02:00"),
    ]
    assert "Sunday 28 March at 15:00" in mailoutbox[0].body
    assert "Room 2" not in mailoutbox[0].body


def test_one_that_was_moved_is_told_anew_and_one_that_was_called_off_is_not(
    planned, clock, choose, appointment
):
    choose(appointments=True)
    row = appointment(date(2027, 3, 10), "15:00")
    clock.set(date(2027, 3, 9), "15:05")
    assert len(services.remind(planned)) == 1
    row.start += timedelta(days=1)
    row.sequence += 1
    row.save()
    assert services.remind(planned) == []
    clock.set(date(2027, 3, 10), "15:05")
    assert len(services.remind(planned)) == 1
    clinic.withdraw(row.request_id, "http://testserver")
    clock.set(date(2027, 3, 11), "14:05")
    assert services.remind(planned) == []


def test_what_a_machine_that_was_off_missed_is_not_made_up_for(planned, clock, choose):
    choose(walk=True)
    clock.set(walk_day(planned), "11:10")
    assert services.remind(planned) == []
    clock.set(walk_day(planned), "10:50")
    assert len(services.remind(planned)) == 1


def test_a_crash_between_writing_down_and_sending_sends_nothing_twice(
    planned, clock, choose, mailoutbox, monkeypatch
):
    choose(walk=True)
    clock.set(walk_day(planned), "09:05")

    def crash(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(services.mail, "send", crash)
        with pytest.raises(KeyboardInterrupt):
            services.remind(planned)
    assert kinds() == ["walk"]
    assert services.remind(planned) == []
    assert mailoutbox == []


def test_not_today(planned, clock, choose, client):
    choose(walk=True, check_in=True)
    day = walk_day(planned)
    clock.set(day, "09:05")
    client.force_login(planned)
    client.post("/reminders/not-today/")
    assert services.remind(planned) == []
    clock.set(day, "19:05")
    assert services.remind(planned) == []
    clock.set(day + timedelta(days=1), "19:05")
    assert len(services.remind(planned)) == 1


def test_the_demo_and_people_who_left_get_nothing(planned, clock, choose):
    choose(walk=True)
    assert services.with_reminders() == [planned.pk]
    type(planned).objects.filter(pk=planned.pk).update(is_demo=True)
    assert services.with_reminders() == []
    type(planned).objects.filter(pk=planned.pk).update(is_demo=False, is_active=False)
    assert services.with_reminders() == []


@pytest.mark.parametrize(
    ("start", "heeds"), [(date(2027, 3, 15), True), (date(2027, 10, 18), False)]
)
def test_four_weeks_around_a_change_of_the_clocks(planned, clock, choose, start, heeds):
    """Everything on, looked at every hour of day and night; the person does all, or nothing."""
    Choices.objects.all().delete()
    clock.set(start, "00:00")
    answer_screen(planned, clock.now)
    look_at_week(planned, clock.now)
    choose(walk=True, check_in=True, forms=True, week=True, quiet_from=time(20, 30))
    limits = Limits(2, time(20, 30), time(8), planned.tz)
    sent: list[Sent] = []
    for _ in range(28 * 24):
        clock.now += timedelta(hours=1)
        rows = services.remind(planned)
        local = timezone.now().astimezone(planned.tz)
        assert not (rows and is_quiet(local.time(), limits)), local
        sent += rows
        if heeds and local.hour == 20:
            live(planned, clock)
    by_day = Counter(row.day for row in sent)
    assert max(by_day.values()) <= 2
    assert len({row.key for row in sent}) == len(sent)
    if heeds:
        assert len(by_day) >= 24
        assert {"walk", "check_in", "week"} <= {row.kind for row in sent}
    else:
        assert len(by_day) <= 16
        late = [row for row in sent if row.day >= start + timedelta(days=14)]
        assert max(Counter(row.day for row in late).values(), default=0) <= 1


def live(walker, clock) -> None:
    """An evening: the screen, the week, the walk and the check-in are all done."""
    answer_screen(walker, clock.now)
    week = look_at_week(walker, clock.now)
    day = walker.today()
    for walk in week.walks:
        if walk.day == day:
            WalkDone.objects.create(user=walker, day=day, minutes=walk.minutes, at=clock.now)
    PainEntry.objects.create(user=walker, day=day, nprs=2, at=clock.now)

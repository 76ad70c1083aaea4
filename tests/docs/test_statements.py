"""What the pages say in numbers and lists is what the code does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from django.apps import apps
from django.conf import settings

from backstride import imports, screening, walking, zips
from backstride.imports import apple_health, containers, sift, track, xml
from backstride.imports.apple_health import kinds as apple_kinds
from backstride.imports.apple_health import stream as apple_stream
from backstride.imports.merge import DEVICES
from backstride.records import SAMPLES, Disposition, Placement, checked, days
from backstride.regimen import prompts
from backstride.regimen.usual_time import MIN_DAYS, NEAR_MIN, WINDOW_DAYS
from backstride.sensors import delimited, regular, table, units
from backstride.walking import Params, from_samples
from backstride.walking.placement import RULE
from backstride.walking.placement_kernels import FS_HZ, WINDOW
from backstride.web.imports import services as uploads
from backstride.web.reminders import asking, learning
from backstride.web.reminders.models import Choices
from backstride.web.safety.services import SLIP_MINUTES
from docs.pages import tables, text_of

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def words(page: str) -> str:
    return " ".join(text_of(page).split())


def said_in_formats() -> list[str]:
    """Phrases of the page, with the numbers as the code has them."""
    return [
        f"a record of more than {sift.MAX_SPAN // timedelta(hours=1)} hours",
        f"a workout of more than {apple_health.LONGEST_WALK_S // 3600} hours",
        f"{sift.MAX_STEPS_PER_S:g} steps/s and {sift.STEPS_ALLOWANCE:,} to spare, "
        f"{sift.MAX_SPEED_MPS:g} m/s and {sift.DISTANCE_ALLOWANCE_M:,} m to spare",
        f"over {sift.MAX_STEPS:,} steps or {sift.MAX_DISTANCE_M // 1000} km in one record",
        f"a source's whole day of more than {sift.MAX_STEPS:,} steps",
        f"a date before {sift.FIRST_YEAR} or later than the export",
        f"a record over {from_samples.LONG_S // 60} minutes whose mean is below "
        f"{from_samples.WALKING_SPM} steps/min",
        f"Positions are taken every {track.WINDOW_S:g} s. Time at {track.STANDING_MPS:g} to "
        f"{track.JUMP_MPS:g} m/s is walking",
        f"Points more than {track.MAX_GAP_S:g} s apart leave a gap",
        f"median speed while moving is over {track.RIDING_MPS:g} m/s",
        f"{Params().nonwear_min} minutes of stillness in a row are not worn",
        f"{regular.MIN_RATE_HZ:g} to {regular.MAX_RATE_HZ:,.0f} Hz",
        f"a hole of more than {regular.GAP_SAMPLES} samples and half a second",
        f"over {table.LARGEST_G:g} g",
        f"{containers.MAX_BYTES >> 30} GB, and at most {zips.MAX_RATIO} times its packed",
        f"{xml.MAX_FILE >> 20} MB, {xml.MAX_ELEMENTS:,} tags",
        f"a text table without line ends | {delimited.LONGEST_LINE:,} bytes",
        f"files in one go on the site | {settings.DATA_UPLOAD_MAX_NUMBER_FILES}",
    ]


@pytest.mark.parametrize("phrase", said_in_formats())
def test_the_numbers_of_formats(phrase):
    assert phrase in words("formats.md")


def said_in_walking() -> list[str]:
    """Phrases of the page, with the numbers as the code has them."""
    params = Params()
    low_hz, high_hz = params.band_hz
    return [
        f"averaged over each 1/{params.fs_hz:g} s",
        f"only {low_hz:g} to {high_hz:g} Hz is kept",
        f"the autocorrelation, over {params.window_hops * params.hop_s:g} s",
        f"each cadence from {60 * params.min_cadence_hz:g} to {60 * params.max_cadence_hz:g} steps",
        f"Below {params.trunk.band_hz[1]:g} Hz that is about one peak a step",
        f"no step comes for more than {params.max_break_s:g} s, and has at least "
        f"{params.min_steps} steps",
        f"from {params.least_strides} strides on",
        f"A stride {100 * params.stride_off_share:g} % off",
        f"{params.running_spm:g} steps a minute or more with a hard shake, {params.running_g:g} g",
        f"{params.nonwear_min} minutes or more in a row in which two axes lie still (spread under "
        f"{1000 * params.still_std_g:g} mg)",
        f"Below {60 * params.min_cadence_hz:g} steps a minute no rhythm is looked for",
        f"swings by less than {params.min_std_g:g} g no rhythm",
    ]


@pytest.mark.parametrize("phrase", said_in_walking())
def test_the_numbers_of_walking(phrase):
    assert phrase in words("walking.md")


def test_what_the_page_of_walking_says_in_words():
    assert RULE.min_sure == 0.7  # "seven in ten"
    assert WINDOW / FS_HZ == 5  # "windows of 5 s"
    assert Params().hop_s == 0.5  # "half-second"


def test_what_the_page_says_in_words():
    assert regular.MIN_GAP_S == 0.5  # "half a second"
    assert units.TOLERANCE == 0.25  # "within a quarter of 1 g"
    assert uploads.MOST_ATTEMPTS == 4  # "ends the program four times"
    assert apple_stream.MAX_DEPTH < 100  # "nested too deep"
    order = words("formats.md")
    assert ", ".join(f"`{name}`" for name in DEVICES) in order
    for unit in apple_kinds.UNITS["distance_m"]:
        assert unit in order
    for place in Placement:
        assert place.value.replace("_", " ") in order or place is Placement.UNKNOWN


def test_the_worked_example_of_merging():
    """The table's own rows give what it says counts, and the totals in the text."""
    example = next(t for t in tables("formats.md") if t.columns[-1] == "counts")
    day = datetime(2026, 3, 2, tzinfo=UTC)

    def at(clock: str) -> datetime:
        hours, minutes = map(int, clock.split(":"))
        return day + timedelta(hours=hours, minutes=minutes)

    rows = [
        {"start": at(start), "end": at(end), "steps": float(steps), "source": d, "device": d}
        for start, end, steps, d, _ in example.rows
    ]
    samples = checked(pl.DataFrame(rows), SAMPLES)
    merged = imports.merge(samples, "steps")
    counted = dict(merged.group_by("device").agg(pl.col("steps").sum()).iter_rows())
    assert counted == {row[3]: float(row[4]) for row in example.rows}
    recorded, once = samples["steps"].sum(), merged["steps"].sum()
    assert f"Recorded were {recorded:,.0f} steps; {once:,.0f} are counted." in words("formats.md")
    minutes, _ = walking.minutes_of(samples)
    assert minutes["steps"].sum() == pytest.approx(once)


def said_in_safety() -> list[str]:
    schedule = screening.load().schedule
    short = len(screening.short_questions())
    rules = screening.load().rules
    stops = sum(not rule.disposition.may_walk for rule in rules)
    return [
        f"{len(rules)} rules, {stops} of which stop",
        f"after {schedule.full_every_days} days",
        f"After {schedule.short_every_days} days {short} of the questions come again",
        f"{schedule.gap_days} days without a note",
        f"by {schedule.jump_nprs} points or more",
        f"the median of the {schedule.jump_window_days} days before",
        f"for {SLIP_MINUTES} minutes",
        f"adults of {screening.engine.ADULT_AGE} and over",
        *(f"`{disposition.name}`" for disposition in Disposition),
    ]


@pytest.mark.parametrize("phrase", said_in_safety())
def test_the_numbers_of_safety(phrase):
    assert phrase in words("safety.md")


def said_in_reminders() -> list[str]:
    """Phrases of the page, with the numbers as the code has them."""
    gaps = prompts.GAPS
    usual = Choices()
    return [
        f"measured walks of {learning.PURPOSEFUL // MINUTE} minutes and more",
        f"of the last {WINDOW_DAYS} days",
        f"around which ({NEAR_MIN} minutes to each side)",
        f"A weekday with {MIN_DAYS} such days",
        f"comes {learning.LEAD // MINUTE} minutes before",
        f"at {asking.MORNING:%H:%M} when a week is over",
        f"at least {prompts.APART // HOUR} hours apart",
        f"more than {prompts.GRACE // HOUR} hours late",
        f"quiet hours, {usual.quiet_from:%H:%M} to {usual.quiet_to:%H:%M} unless changed",
        f"after the second time every {gaps[2]} days, after the fourth every {gaps[4]}, after the "
        f"sixth every {gaps[6]}; after the eighth no more",
        f"After {prompts.FEW_IGNORED} in all that weren't taken up there is one a day",
    ]


@pytest.mark.parametrize("phrase", said_in_reminders())
def test_the_numbers_of_reminders(phrase):
    assert phrase in words("reminders.md")


def test_what_the_page_of_reminders_says_in_words():
    assert prompts.MOST == 2  # "At most two a day"
    assert len(prompts.GAPS) == 8  # "after the eighth no more"
    assert [n for n in range(1, 8) if prompts.GAPS[n] != prompts.GAPS[n - 1]] == [2, 4, 6]


def test_the_valid_day_of_the_glossary():
    assert f"{days.VALID_WEAR_H:g} h of it" in words("glossary.md")


DAY_S = 86_400


@pytest.mark.parametrize(
    ("page", "phrase"),
    [
        ("privacy.md", f"a session cookie ({settings.SESSION_COOKIE_AGE // DAY_S} days"),
        ("privacy.md", f"signed out after {settings.STAFF_IDLE_S // 60} minutes without use"),
        ("privacy.md", settings.PASSWORD_HASHERS[0].split(".")[-1].removesuffix("PasswordHasher")),
        ("self-hosting.md", f"works once, for {settings.PASSWORD_RESET_TIMEOUT // DAY_S} days"),
    ],
)
def test_the_numbers_of_the_site(page, phrase):
    assert phrase in words(page)


# Each kind of row that is kept, and the words that docs/privacy.md has for it.
KEPT = {
    "people.User": "account:",
    "people.AuditEntry": "who looked at whose data",
    "safety.ScreenRecord": "answers to the safety questions",
    "safety.Clearance": "a clinician's clearance",
    "journal.PainEntry": "diary: pain",
    "journal.WalkDone": "walks",
    "journal.MedicineTaken": "medicine",
    "walk.LiveWalk": "walks with the phone",
    "uploads.Upload": "files as they were brought",
    "uploads.Day": "days",
    "uploads.Usual": "what someone says they usually walk",
    "plan.PlannedWeek": "planned weeks",
    "plan.Preferences": "what fits someone",
    "plan.PlanChange": "what someone changed in their plan",
    "plan.TherapistOrder": "what their therapist has set",
    "journal.ExerciseDone": "exercises",
    "uploads.SourceOrder": "the walker's order of sources",
    "uploads.Reckoning": "what each source saw of a day",
    "back.PainPlaces": "where it hurts",
    "back.Sheet": "questionnaires",
    "back.EpisodeTold": "times the pain came back",
    "back.Note": "notes",
    "back.MobilityResult": "tests done at home",
    "offline.Received": "which notes have arrived",
    "help.CardRead": "which learning cards were read",
    "reminders.Choices": "what someone is reminded of",
    "reminders.Sent": "which reminders were sent",
    "reminders.PushAddress": "where notifications go",
    "reminders.Feed": "the secret address of a calendar",
    "clinic.Clinic": "clinic",
    "clinic.Staff": "staff",
    "clinic.AppointmentRequest": "requests to a clinic with what was shared",
    "clinic.Appointment": "appointments",
    "clinic.Mail": "a log of mails",
    "sharing.Consent": "who may look at what, and until when",
    "rights.Export": "an export that someone asked for",
}


def test_every_kind_of_row_is_told_of():
    ours = [c for c in apps.get_app_configs() if c.name.startswith("backstride.")]
    assert {model._meta.label for app in ours for model in app.get_models()} == set(KEPT)
    page = words("privacy.md")
    assert [phrase for phrase in KEPT.values() if phrase not in page] == []

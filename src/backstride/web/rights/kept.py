"""Every table that holds something about a walker, and how it is found.

A model with a way to a person is in `TABLES`, or in `LEFT_OUT` with the reason: a test
walks through all models, so that a new one can't be forgotten.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.apps import apps
from django.db import models
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Table:
    """One table of the export: `path` is the way from its model to the walker."""

    file: str
    label: str
    path: str
    about: str
    without: tuple[str, ...] = ()  # columns that are kept back

    @property
    def model(self) -> type[models.Model]:
        return apps.get_model(self.label)


TABLES = (
    Table("days", "uploads.Day", "user", _("Your days: steps, minutes and metres walked.")),
    Table("files", "uploads.Upload", "user",
          _("The files you brought, and what was found in them.")),
    Table("usual", "uploads.Usual", "user", _("What you said you usually walk.")),
    Table("source_order", "uploads.SourceOrder", "user", _("Your own order of devices, first 0.")),
    Table("reckoning", "uploads.Reckoning", "user", _("What your days were worked out from.")),
    Table("pain", "journal.PainEntry", "user", _("Pain as you noted it.")),
    Table("pain_places", "back.PainPlaces", "entry__user", _("Where it hurt, for a row of pain.")),
    Table("walks", "journal.WalkDone", "user", _("Walks you noted.")),
    Table("recorded_walks", "walk.LiveWalk", "user",
          _("Walks your phone recorded; pauses and route are from the start of the walk.")),
    Table("exercises", "journal.ExerciseDone", "user", _("Exercises you did, and how they felt.")),
    Table("doses", "journal.MedicineTaken", "user", _("Medicine you took.")),
    Table("answers_and_scores", "back.Sheet", "user",
          _("Mood, sleep, energy and questionnaires: your answers, and value, the score.")),
    Table("mobility", "back.MobilityResult", "user",
          _("Tests you did at home, in their own units.")),
    Table("episodes", "back.EpisodeTold", "user", _("Times when the pain came back.")),
    Table("notes", "back.Note", "user", _("Notes in your own words.")),
    Table("cards_read", "help.CardRead", "user", _("Learning cards that you marked as read.")),
    Table("screening", "safety.ScreenRecord", "user", _("Your answers to the safety questions.")),
    Table("clearances", "safety.Clearance", "user", _("Who cleared you to walk, and when.")),
    Table("preferences", "plan.Preferences", "user",
          _("What fits you: days (Monday 0) and minutes.")),
    Table("plan_decisions", "plan.PlannedWeek", "user", _("Each planned week, with why it is so.")),
    Table("plan_changes", "plan.PlanChange", "user", _("What you changed in your plan.")),
    Table("reminder_choices", "reminders.Choices", "user",
          _("What you are reminded of, how and when; learned: usual times by weekday (Monday 0).")),
    Table("reminders_sent", "reminders.Sent", "user", _("Reminders that were sent, and how.")),
    Table("orders", "plan.TherapistOrder", "user", _("What your therapist has set.")),
    Table("requests_and_consents", "clinic.AppointmentRequest", "walker",
          _("What you asked of a clinic, what you agreed to share (shares, story), "
          "and when you took it back.")),
    Table("consents", "sharing.Consent", "walker",
          _("What you let others see live (scope), from which day on, and until when. The account "
          "or the link it went to isn't told, but for the name you gave it."),
          without=("person", "token_hash")),
    Table("appointments", "clinic.Appointment", "request__walker",
          _("Times that a clinic gave you.")),
    Table("mails", "clinic.Mail", "recipient", _("E-mails that were sent to you.")),
    Table("who_looked", "people.AuditEntry", "patient", _("Who looked at or changed your data.")),
)  # fmt: skip

LEFT_OUT = {
    "reminders.PushAddress": "holds only secrets: where and how a browser is written to",
    "reminders.Feed": "holds only the secret address of the calendar",
    "people.User": "is account.json, but for the password's hash",
    "clinic.Staff": "is about a clinic's staff, who are no walkers",
    "rights.Export": "is about the export itself",
    "offline.Received": "holds only which notes of the phone have arrived",
    "account.EmailAddress": "repeats the e-mail address of account.json",
    "account.EmailConfirmation": "holds only secrets of links that were mailed",
    "auth.Permission": "no rights are given to single people here",
    "auth.Group": "no groups are used here",
}

# What the numbers are in. A column of numbers without a line here fails a test.
UNITS = {
    "steps": _("steps"),
    "walking_min": _("minutes"),
    "running_min": _("minutes"),
    "brisk_min": _("minutes, at 100 steps a minute or more"),
    "longest_bout_min": _("minutes"),
    "peak30_cadence_spm": _("steps a minute, mean of the best 30 minutes"),
    "distance_m": _("metres"),
    "wear_h": _("hours"),
    "walking_s": _("seconds"),
    "size": _("bytes"),
    "done_units": _("bytes, or records, read so far"),
    "total_units": _("bytes, or records, in all"),
    "attempts": _("times"),
    "minutes": _("minutes"),
    "days_per_week": _("days a week"),
    "place": _("place in the order, 0 the first"),
    "nprs": _("0 (no pain) to 10 (worst imaginable)"),
    "level": _("level, 1 the easiest"),
    "amount": _("in the unit beside it"),
    "value": _("in the instrument's own points"),
    "disposition": _("0 fine to walk; the higher, the more care is needed"),
    "routine_minutes": _("minutes a day"),
    "target_minutes": _("minutes a walk"),
    "target_days": _("days a week"),
    "max_minutes": _("minutes a walk"),
    "max_days": _("days a week"),
    "max_weekly_minutes": _("minutes a week"),
    "fixed_minutes": _("minutes a walk"),
    "fixed_days": _("days a week"),
    "live_steps": _("steps"),
    "aim_low_spm": _("steps a minute"),
    "aim_high_spm": _("steps a minute"),
    "sequence": _("times it was moved"),
    "tries": _("times"),
    "most": _("reminders a day"),
}

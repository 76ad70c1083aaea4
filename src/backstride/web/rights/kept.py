"""Every table that holds something about a walker, and how it is found.

A model with a way to a person is in `TABLES`, or in `LEFT_OUT` with the reason: a test
walks through all models, so that a new one can't be forgotten.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.apps import apps
from django.db import models


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
    Table("days", "uploads.Day", "user", "Your days: steps, minutes and metres walked."),
    Table("files", "uploads.Upload", "user", "The files you brought, and what was found in them."),
    Table("usual", "uploads.Usual", "user", "What you said you usually walk."),
    Table("source_order", "uploads.SourceOrder", "user", "Your own order of devices, first 0."),
    Table("reckoning", "uploads.Reckoning", "user", "What your days were worked out from."),
    Table("pain", "journal.PainEntry", "user", "Pain as you noted it."),
    Table("pain_places", "back.PainPlaces", "entry__user", "Where it hurt, for a row of pain."),
    Table("walks", "journal.WalkDone", "user", "Walks you noted."),
    Table("recorded_walks", "walk.LiveWalk", "user",
          "Walks your phone recorded; pauses and route are from the start of the walk."),
    Table("exercises", "journal.ExerciseDone", "user", "Exercises you did, and how they felt."),
    Table("doses", "journal.MedicineTaken", "user", "Medicine you took."),
    Table("answers_and_scores", "back.Sheet", "user",
          "Mood, sleep, energy and questionnaires: your answers, and value, the score."),
    Table("mobility", "back.MobilityResult", "user", "Tests you did at home, in their own units."),
    Table("episodes", "back.EpisodeTold", "user", "Times when the pain came back."),
    Table("notes", "back.Note", "user", "Notes in your own words."),
    Table("cards_read", "help.CardRead", "user", "Learning cards that you marked as read."),
    Table("screening", "safety.ScreenRecord", "user", "Your answers to the safety questions."),
    Table("clearances", "safety.Clearance", "user", "Who cleared you to walk, and when."),
    Table("preferences", "plan.Preferences", "user", "What fits you: days (Monday 0) and minutes."),
    Table("plan_decisions", "plan.PlannedWeek", "user", "Each planned week, with why it is so."),
    Table("plan_changes", "plan.PlanChange", "user", "What you changed in your plan."),
    Table("reminder_choices", "reminders.Choices", "user",
          "What you are reminded of, how and when; learned: usual times by weekday (Monday 0)."),
    Table("reminders_sent", "reminders.Sent", "user", "Reminders that were sent, and how."),
    Table("orders", "plan.TherapistOrder", "user", "What your therapist has set."),
    Table("requests_and_consents", "clinic.AppointmentRequest", "walker",
          "What you asked of a clinic, what you agreed to share (shares, story), "
          "and when you took it back."),
    Table("consents", "sharing.Consent", "walker",
          "What you let others see live (scope), from which day on, and until when. The account "
          "or the link it went to isn't told, but for the name you gave it.",
          without=("person", "token_hash")),
    Table("appointments", "clinic.Appointment", "request__walker", "Times that a clinic gave you."),
    Table("mails", "clinic.Mail", "recipient", "E-mails that were sent to you."),
    Table("who_looked", "people.AuditEntry", "patient", "Who looked at or changed your data."),
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
    "steps": "steps",
    "walking_min": "minutes",
    "running_min": "minutes",
    "brisk_min": "minutes, at 100 steps a minute or more",
    "longest_bout_min": "minutes",
    "peak30_cadence_spm": "steps a minute, mean of the best 30 minutes",
    "distance_m": "metres",
    "wear_h": "hours",
    "walking_s": "seconds",
    "size": "bytes",
    "done_units": "bytes, or records, read so far",
    "total_units": "bytes, or records, in all",
    "attempts": "times",
    "minutes": "minutes",
    "days_per_week": "days a week",
    "place": "place in the order, 0 the first",
    "nprs": "0 (no pain) to 10 (worst imaginable)",
    "level": "level, 1 the easiest",
    "amount": "in the unit beside it",
    "value": "in the instrument's own points",
    "disposition": "0 fine to walk; the higher, the more care is needed",
    "routine_minutes": "minutes a day",
    "max_minutes": "minutes a walk",
    "max_days": "days a week",
    "max_weekly_minutes": "minutes a week",
    "fixed_minutes": "minutes a walk",
    "fixed_days": "days a week",
    "live_steps": "steps",
    "aim_low_spm": "steps a minute",
    "aim_high_spm": "steps a minute",
    "sequence": "times it was moved",
    "tries": "times",
    "most": "reminders a day",
}

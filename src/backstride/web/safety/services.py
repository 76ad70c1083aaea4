"""What a walker's answers to the safety screen come to today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from backstride import screening
from backstride.errors import BackstrideError
from backstride.records import Disposition, Reason
from backstride.web.journal.services import pain_frame
from backstride.web.safety.models import Clearance, ScreenRecord

SLIP_MINUTES = 15  # how long after a stop a wrong tap may be corrected
PAIN_LOOKBACK_DAYS = 60


@dataclass(frozen=True)
class Standing:
    """Where a walker stands with the safety screen.

    `why_ask` is the reason to answer it (again), None when the last answers still hold;
    `short` says that the weekly few questions are enough; `light_only` asks for easy walks.
    """

    disposition: Disposition | None
    on: date | None
    is_locked: bool
    why_ask: Reason | None
    short: bool = False
    light_only: bool = False


def standing(user) -> Standing:
    """Where this walker stands today."""
    today = user.today()
    record = user.screens.first()
    if record is None:
        reason = screening.rescreen_due(None, None, pain_frame(user), today)
        return Standing(None, None, is_locked=False, why_ask=reason)
    disposition = Disposition(record.disposition)
    on = record.at.astimezone(user.tz).date()
    if not disposition.may_walk:
        return _after_stop(user, record, disposition, on)
    since = today - timedelta(days=PAIN_LOOKBACK_DAYS)
    whole = user.screens.filter(is_short=False).first()
    why = screening.rescreen_due(
        record.at.astimezone(user.tz),
        record.version,
        pain_frame(user, since),
        today,
        whole=whole.at.astimezone(user.tz) if whole else None,
    )
    short = None if why else screening.short_screen_due(on, today)
    return Standing(
        disposition,
        on,
        is_locked=False,
        why_ask=why or short,
        short=short is not None,
        light_only=record.light_only,
    )


def noted_in_diary(user) -> dict[str, str]:
    """The answers that the diary has given since the last screen: they need no second telling."""
    since = user.today() - timedelta(days=PAIN_LOOKBACK_DAYS)
    record = user.screens.first()
    last = record.at.astimezone(user.tz) if record else None
    return screening.answers_in_diary(pain_frame(user, since), last)


def _after_stop(user, record: ScreenRecord, disposition: Disposition, on: date) -> Standing:
    """A stop holds until a clinician's clearance; then the whole screen is asked afresh."""
    given = user.clearances.filter(recorded_at__gte=record.at).first()
    clearance = screening.Clearance(given.seen_on, given.clinician) if given else None
    lifted = screening.lock_lifted(disposition, on, clearance, user.today())
    reason = Reason(
        "screen.cleared",
        _("You were seen and cleared. Please answer the safety questions once more."),
        "clinical-details 1.11",
    )
    return Standing(disposition, on, is_locked=not lifted, why_ask=reason if lifted else None)


def record_answers(user, answers: dict, *, is_short: bool = False) -> ScreenRecord:
    """Keep a finished screen; `is_short` where only the weekly few were asked afresh.

    Raises ValueError if questions are open and nothing stops.
    """
    result = screening.assess(answers, user.today())
    if result.disposition is None:
        raise ValueError(f"open questions: {result.missing}")
    return ScreenRecord.objects.create(
        user=user,
        version=result.version,
        answers=answers,
        disposition=result.disposition,
        light_only=result.light_only,
        is_short=is_short,
    )


def result_of(record: ScreenRecord):
    """The record's findings and instructions, as they were judged on its own day."""
    day = record.at.astimezone(record.user.tz).date()
    known = {question.id for question in screening.questions()}  # an older version had others
    return screening.assess({k: v for k, v in record.answers.items() if k in known}, day)


def may_correct_slip(user) -> bool:
    """Whether the newest stop is so fresh that a wrong tap may be set right."""
    record = user.screens.first()
    return record is not None and timezone.now() - record.at < timedelta(minutes=SLIP_MINUTES)


def without_worries(answers: dict) -> dict:
    """The answers that speak for walking: those that may have been slips are asked again.

    The birth year goes too, for some signs only count from an age on.
    """
    calm = {q.id: {o.value for o in q.options if o.worry == 0} for q in screening.questions()}
    return {key: value for key, value in answers.items() if value in calm.get(key, ())}


def clear(user, seen_on: date, clinician: str) -> Clearance:
    """Keep a clinician's word, as the walker tells it; of today or earlier, by name."""
    if seen_on > user.today():
        raise BackstrideError(_("The day you were seen can't be in the future."))
    if not clinician.strip():
        raise BackstrideError(_("Whoever saw you needs a name."))
    return Clearance.objects.create(user=user, seen_on=seen_on, clinician=clinician.strip())

"""Signed links that work without signing in, each for one harmless thing."""

from __future__ import annotations

from datetime import date, timedelta

from django.core import signing

STOP, DECLINE = "reminders.stop", "reminders.decline"
DECLINE_WITHIN = timedelta(days=2)


def stop_token(user) -> str:
    """For the link in an e-mail that stops e-mails; it doesn't run out."""
    return signing.dumps(user.pk, salt=STOP)


def read_stop(token: str) -> int:
    """The walker's id. Raises signing.BadSignature."""
    return int(signing.loads(token, salt=STOP))


def decline_token(user, day: date) -> str:
    """For “Not today” in a notification."""
    return signing.dumps([user.pk, day.isoformat()], salt=DECLINE)


def read_decline(token: str) -> tuple[int, date]:
    """The walker's id and the day. Raises signing.BadSignature."""
    pk, day = signing.loads(token, salt=DECLINE, max_age=DECLINE_WITHIN)
    return int(pk), date.fromisoformat(day)

"""What a phone tells of a walk, checked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

LONGEST = timedelta(hours=12)  # from start to end, pauses included
LEAST_ACTIVE_S = 30
MOST_ACTIVE_S = 600 * 60  # as the diary takes at most
OLDEST = timedelta(days=60)  # how long a walk may have waited on the phone
CLOCK_OFF = timedelta(minutes=2)  # more, and the phone's clock is taken to be wrong
MOST_PAUSES = 500
MOST_PLACES = 20_000
MOST_STEPS_PER_S = 4.0
SPM = {"min_value": 40, "max_value": 200}


class WalkForm(forms.Form):
    """Times are milliseconds since 1970 by the phone's clock, `sent_ms` when it sends."""

    key = forms.UUIDField()
    start_ms = forms.FloatField()
    end_ms = forms.FloatField()
    sent_ms = forms.FloatField()
    live_steps = forms.IntegerField(min_value=0, max_value=200_000, required=False)
    aim_low_spm = forms.IntegerField(**SPM, required=False)
    aim_high_spm = forms.IntegerField(**SPM, required=False)
    pauses = forms.JSONField(required=False)
    route = forms.JSONField(required=False)
    signal = forms.FileField(required=False, allow_empty_file=True)

    def clean(self):
        given = super().clean()
        if self.errors:
            return given
        given["start"], given["end"] = self._times(given)
        span_s = (given["end"] - given["start"]).total_seconds()
        given["pauses"] = _rows(given["pauses"], 2, MOST_PAUSES, "pauses")
        _check_pauses(given["pauses"], span_s)
        given["route"] = _rows(given["route"], 3, MOST_PLACES, "route")
        _check_route(given["route"], span_s)
        active_s = span_s - sum(to - since for since, to in given["pauses"])
        if not LEAST_ACTIVE_S <= active_s <= MOST_ACTIVE_S:
            raise forms.ValidationError(_("A walk is from half a minute to 10 hours of walking."))
        if given["live_steps"] is not None and given["live_steps"] > MOST_STEPS_PER_S * span_s:
            raise forms.ValidationError(_("Nobody takes that many steps in that time."))
        return given

    def _times(self, given) -> tuple[datetime, datetime]:
        """Start and end in UTC; where the phone's clock is off, by ours."""
        now = timezone.now()
        start, end, sent = (_instant(given[name]) for name in ("start_ms", "end_ms", "sent_ms"))
        off = now - sent
        if abs(off) > CLOCK_OFF:
            start, end = start + off, end + off
        if not timedelta(0) < end - start <= LONGEST:
            raise forms.ValidationError(_("A walk ends after its start, and within 12 hours."))
        if start < now - OLDEST or end > now + CLOCK_OFF:
            raise forms.ValidationError(_("A walk lies in the last 60 days."))
        return start, end


def _instant(ms: float) -> datetime:
    try:
        return datetime.fromtimestamp(ms / 1000, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise forms.ValidationError(_("A time is no time.")) from error


def _rows(given, width: int, most: int, name: str) -> list[list[float]]:
    """Rows of `width` finite numbers."""
    rows = [] if given is None or given == "" else given
    if not isinstance(rows, list) or len(rows) > most:
        raise forms.ValidationError(_("%(field)s: can't be read, or too many.") % {"field": name})
    for row in rows:
        is_row = isinstance(row, list) and len(row) == width
        if not is_row or not all(_is_number(value) for value in row):
            raise forms.ValidationError(_("%(field)s: can't be read.") % {"field": name})
    return rows


def _is_number(value) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and abs(value) < 1e9  # NaN isn't


def _check_pauses(pauses: list[list[float]], span_s: float) -> None:
    before = 0.0
    for since, to in pauses:
        if not before <= since <= to <= span_s + 1:
            raise forms.ValidationError(
                _("The pauses don't lie within the walk, one after another.")
            )
        before = to


def _check_route(route: list[list[float]], span_s: float) -> None:
    for at, latitude, longitude in route:
        if not (-5 <= at <= span_s + 5 and abs(latitude) <= 90 and abs(longitude) <= 180):
            raise forms.ValidationError(_("A place of the route can't be."))

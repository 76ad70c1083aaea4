"""Mappings to the formats of others: iCalendar."""

from backstride.interop.ical import APPOINTMENT, appointment_ics, plain_text, week_ics

__all__ = ["APPOINTMENT", "appointment_ics", "plain_text", "week_ics"]

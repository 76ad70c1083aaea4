"""What templates write in the reader's language beside `translate`: days and distances."""

from __future__ import annotations

from django import template
from django.utils.html import format_html

from backstride import words
from backstride.web.people.language import distance

register = template.Library()


@register.filter(expects_localtime=True)
def on(when, pattern="d MMMM"):
    """A day or an instant by a pattern of `words.DAYS`: `{{ day|on:"d MMMM y, HH:mm" }}`."""
    return words.day(when, pattern) if when else ""


@register.filter
def far(metres):
    """A distance in the reader's unit: "2.4 km", "1.5 miles"."""
    return "" if metres is None else distance(metres)


@register.filter
def cited(source):
    """A source as it is published, in English, unless it has a translation."""
    told = str(source)
    if told != source or words.language() == "en":
        return told
    return format_html('<span lang="en">{}</span>', told)

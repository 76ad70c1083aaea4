"""What a reminder says. By default the same few words for everything, for anyone may see a
lock screen or a subject line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from backstride import words
from backstride.regimen import steps_goal
from backstride.regimen.prompts import Kind, Prompt
from backstride.web.plan import services as plan
from backstride.web.reminders.asking import appointments_of
from backstride.web.reminders.models import Choices

PLAIN = gettext_lazy("Something for today")
PAGES = {
    Kind.FORMS: "back_forms",
    Kind.WEEK: "plan",
    Kind.APPOINTMENT_DAY: "appointments",
    Kind.APPOINTMENT_HOUR: "appointments",
}

# More than one way to say it, for the same words are soon not seen any more.
TEXTS = {
    Kind.WALK: (
        gettext_lazy("Your walk today: %(walk)s."),
        gettext_lazy("%(walk)s of walking, whenever it suits you."),
        gettext_lazy("A good moment for your walk? Today it is %(walk)s."),
        gettext_lazy("Shoes on? %(walk)s today. Less counts, too."),
    ),
    Kind.CHECK_IN: (
        gettext_lazy("How is your back today? One tap is enough."),
        gettext_lazy("A short check-in, if you like."),
        gettext_lazy("How did today go? It takes a few seconds."),
    ),
    Kind.WEEK: (gettext_lazy("Your new week is ready to look at."),),
    Kind.FORMS: (gettext_lazy("A few questions on how you are doing are ready."),),
    Kind.SCREEN: (gettext_lazy("A few safety questions come before your next walk."),),
    Kind.APPOINTMENT_DAY: (gettext_lazy("Your appointment is on %(time)s."),),
    Kind.APPOINTMENT_HOUR: (gettext_lazy("Your appointment is on %(time)s."),),
}


@dataclass(frozen=True)
class Message:
    """What is sent: one line of text, and the page it opens."""

    text: str
    page: str


def message_of(chosen: Choices, prompt: Prompt) -> Message:
    """The reminder in the words the walker has chosen: none about health unless they want it.

    To be made while the site speaks with the walker (`speaking_with`).
    """
    page = reverse(PAGES.get(prompt.kind, "today"))
    if not chosen.content:
        return Message(str(PLAIN), page)
    texts = TEXTS[prompt.kind]
    before = chosen.user.reminded.filter(kind=prompt.kind).exclude(key=prompt.key).count()
    text = texts[before % len(texts)]
    return Message(text % {"walk": _walk(chosen), "time": _time(chosen, prompt)}, page)


def _walk(chosen: Choices) -> str:
    """Today's walk in a few words."""
    today: date = chosen.user.today()
    week = plan.running_week(chosen.user, today)
    walk = next((walk for walk in week.walks if walk.day == today), None) if week else None
    if week is None or walk is None:
        return _("a short walk")
    steps = steps_goal(week, walk)
    if steps is None:
        minutes = walk.minutes
        return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    return ngettext("%(n)s step", "%(n)s steps", steps) % {"n": words.number(steps, ",")}


def _time(chosen: Choices, prompt: Prompt) -> str:
    """The start of the appointment that the prompt is about, by the walker's clock."""
    if not prompt.kind.is_appointment:
        return ""
    pk = int(prompt.key.split(":")[1].split(".")[0])
    found = next(row for row in appointments_of(chosen.user, prompt.at) if row.pk == pk)
    local = found.start.astimezone(chosen.user.tz)
    about = {"day": words.day(local, "EEEE d MMMM"), "time": f"{local:%H:%M}"}
    return _("%(day)s at %(time)s") % about

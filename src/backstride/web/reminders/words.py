"""What a reminder says. By default the same few words for everything, for anyone may see a
lock screen or a subject line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from backstride.regimen import steps_goal
from backstride.regimen.prompts import Kind, Prompt
from backstride.web.plan import services as plan
from backstride.web.reminders.asking import appointments_of
from backstride.web.reminders.models import Choices

PLAIN = "Something for today"
PAGES = {
    Kind.FORMS: "back_forms",
    Kind.WEEK: "plan",
    Kind.APPOINTMENT_DAY: "appointments",
    Kind.APPOINTMENT_HOUR: "appointments",
}

# More than one way to say it, for the same words are soon not seen any more.
TEXTS: dict[Kind, tuple[str, ...]] = {
    Kind.WALK: (
        "Your walk today: {walk}.",
        "{walk} of walking, whenever it suits you.",
        "A good moment for your walk? Today it is {walk}.",
        "Shoes on? {walk} today. Less counts, too.",
    ),
    Kind.CHECK_IN: (
        "How is your back today? One tap is enough.",
        "A short check-in, if you like.",
        "How did today go? It takes a few seconds.",
    ),
    Kind.WEEK: ("Your new week is ready to look at.",),
    Kind.FORMS: ("A few questions on how you are doing are ready.",),
    Kind.SCREEN: ("A few safety questions come before your next walk.",),
    Kind.APPOINTMENT_DAY: ("Your appointment is on {time}.",),
    Kind.APPOINTMENT_HOUR: ("Your appointment is on {time}.",),
}


@dataclass(frozen=True)
class Message:
    """What is sent: one line of text, and the page it opens."""

    text: str
    page: str


def message_of(chosen: Choices, prompt: Prompt) -> Message:
    """The reminder in the words the walker has chosen: none about health unless they want it."""
    page = reverse(PAGES.get(prompt.kind, "today"))
    if not chosen.content:
        return Message(PLAIN, page)
    texts = TEXTS[prompt.kind]
    before = chosen.user.reminded.filter(kind=prompt.kind).exclude(key=prompt.key).count()
    text = texts[before % len(texts)]
    return Message(text.format(walk=_walk(chosen), time=_time(chosen, prompt)), page)


def _walk(chosen: Choices) -> str:
    """Today's walk in a few words."""
    today: date = chosen.user.today()
    week = plan.running_week(chosen.user, today)
    walk = next((walk for walk in week.walks if walk.day == today), None) if week else None
    if week is None or walk is None:
        return "a short walk"
    steps = steps_goal(week, walk)
    return f"{walk.minutes} minutes" if steps is None else f"{steps:,} steps"


def _time(chosen: Choices, prompt: Prompt) -> str:
    """The start of the appointment that the prompt is about, by the walker's clock."""
    if not prompt.kind.is_appointment:
        return ""
    pk = int(prompt.key.split(":")[1].split(".")[0])
    found = next(row for row in appointments_of(chosen.user, prompt.at) if row.pk == pk)
    return f"{found.start.astimezone(chosen.user.tz):%A %-d %B at %H:%M}"

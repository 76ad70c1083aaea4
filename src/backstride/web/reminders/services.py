"""Sending what is due, once; and the walker's devices, feed and choices."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from backstride.regimen.prompts import Prompt, due, is_quiet
from backstride.web.people.language import speaking_with
from backstride.web.reminders import asking, learning, mail, push
from backstride.web.reminders.endpoints import endpoint_of
from backstride.web.reminders.models import TRY, Choices, PushAddress, Sent
from backstride.web.reminders.tokens import decline_token
from backstride.web.reminders.words import Message, message_of
from backstride.words import say, to_json

MOST_ADDRESSES = 10


def choices_of(user) -> Choices:
    """The walker's choices; nothing on where they haven't chosen."""
    return Choices.objects.filter(user=user).first() or Choices(user=user)


def with_reminders() -> list[int]:
    """The ids of walkers who may be due something: real people who chose one and a way."""
    rows = Choices.objects.filter(user__is_demo=False, user__is_active=True, user__staff=None)
    ways = rows.filter(by_mail=True) | rows.filter(by_push=True)
    return [row.user_id for row in ways.order_by("user_id") if row.is_any_on]


def remind(user) -> list[Sent]:
    """Send the walker what is due now; gives what was sent. Nothing is ever sent twice.

    What a machine that was off has missed is not made up for, unless it still makes sense.
    """
    chosen, now = choices_of(user), timezone.now()
    limits = asking.limits_of(chosen)
    if is_quiet(now.astimezone(user.tz).time(), limits):
        return []
    if chosen.learn and chosen.walk:
        learning.bring_up_to_date(chosen)
    prompts = asking.prompts_of(chosen)
    if not prompts:
        return []
    found = due(prompts, asking.told_of(chosen), asking.acts_of(chosen), now, limits)
    with speaking_with(user):
        return [row for prompt in found if (row := _tell(chosen, prompt, now)) is not None]


def _tell(chosen: Choices, prompt: Prompt, now: datetime) -> Sent | None:
    row = _written_down(chosen.user, prompt.key, prompt.kind, now)
    if row is not None:
        seconds = int((prompt.until - now).total_seconds())
        row.outcome = _send(chosen, message_of(chosen, prompt), seconds)
        row.save(update_fields=["outcome"])
    return row


def _written_down(user, key: str, kind: str, now: datetime) -> Sent | None:
    """The row that says it is sent, saved before it is; None where there is one already."""
    try:
        with transaction.atomic():
            return Sent.objects.create(user=user, key=key, kind=kind, at=now, day=user.today())
    except IntegrityError:
        return None


def _send(chosen: Choices, message: Message, seconds: int) -> dict[str, list]:
    """By every way the walker chose; what became of each, as `Sent.outcome` keeps it."""
    user, outcome = chosen.user, {}
    if chosen.by_mail:
        outcome["e-mail"] = [to_json(mail.send(user, message))]
    if chosen.by_push:
        payload = {
            "title": "Backstride",
            "body": message.text,
            "page": message.page,
            "decline": decline_token(user, user.today()),
            "not_today": _("Not today"),
        }
        said = [push.send(address, payload, seconds) for address in user.push_addresses.all()]
        said = said or [say("no device to send to")]
        outcome["notification"] = [to_json(text) for text in said]
    return outcome


def try_out(user) -> dict[str, str] | None:
    """Send a plain reminder by every chosen way; None within a minute of the last one."""
    now = timezone.now()
    row = _written_down(user, f"try:{now:%Y-%m-%dT%H:%M}", TRY, now)
    if row is None:
        return None
    with speaking_with(user):
        message = Message(_("Something for today (a try)"), reverse("reminders"))
        row.outcome = _send(choices_of(user), message, 600)
    row.save(update_fields=["outcome"])
    return row.told


def add_address(user, endpoint: str, p256dh: str, auth: str, name: str) -> PushAddress:
    """Keep a browser's push address. One that another account had on this browser moves here.

    Raises ValueError (BadEndpoint among them) where nothing could be sent to it.
    """
    endpoint_of(endpoint)
    push.check_keys(p256dh, auth)
    others = user.push_addresses.exclude(endpoint=endpoint)
    if others.count() >= MOST_ADDRESSES:
        already = _("There are %(n)s devices already. Remove one first.")
        raise ValueError(already % {"n": MOST_ADDRESSES})
    kept = {"user": user, "p256dh": p256dh, "auth": auth, "name": name}
    address, _is_new = PushAddress.objects.update_or_create(endpoint=endpoint, defaults=kept)
    return address

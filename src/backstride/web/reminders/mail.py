"""Reminders by e-mail, each with a link that stops them without signing in (RFC 8058)."""

from __future__ import annotations

import logging

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse

from backstride.web.clinic.mail import reaches_people
from backstride.web.reminders.tokens import stop_token
from backstride.web.reminders.words import PLAIN, Message

logger = logging.getLogger(__name__)

BODY = """\
{text}

{page}

You chose to be reminded by e-mail. Stop these e-mails:
{stop}
"""


def email(user, message: Message) -> EmailMessage:
    stop = settings.SITE + reverse("reminders_stop", args=[stop_token(user)])
    body = BODY.format(text=_sentence(message.text), page=settings.SITE + message.page, stop=stop)
    headers = {
        "Auto-Submitted": "auto-generated",
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    return EmailMessage(f"Backstride: {PLAIN.lower()}", body, to=[user.email], headers=headers)


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?")) else f"{text}."


def send(user, message: Message) -> str:
    """Send it and say what became of it, in words."""
    try:
        email(user, message).send()
    except (OSError, ValueError) as error:
        logger.warning("a reminder by e-mail could not be sent: %s", type(error).__name__)
        return "not sent"
    return "sent" if reaches_people() else "printed, for there is no mail server"

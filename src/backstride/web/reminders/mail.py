"""Reminders by e-mail, each with a link that stops them without signing in (RFC 8058)."""

from __future__ import annotations

import logging

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils.translation import gettext as _

from backstride.web.clinic.mail import reaches_people
from backstride.web.reminders.tokens import stop_token
from backstride.web.reminders.words import Message
from backstride.words import say

logger = logging.getLogger(__name__)


def email(user, message: Message) -> EmailMessage:
    stop = settings.SITE + reverse("reminders_stop", args=[stop_token(user)])
    why = _("You chose to be reminded by e-mail. Stop these e-mails:")
    body = f"{_sentence(message.text)}\n\n{settings.SITE}{message.page}\n\n{why}\n{stop}\n"
    headers = {
        "Auto-Submitted": "auto-generated",
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    subject = _("Backstride: something for today")
    return EmailMessage(subject, body, to=[user.email], headers=headers)


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "。", "？")) else _("%(text)s.") % {"text": text}


def send(user, message: Message) -> str:
    """Send it and say what became of it, in words."""
    try:
        email(user, message).send()
    except (OSError, ValueError) as error:
        logger.warning("a reminder by e-mail could not be sent: %s", type(error).__name__)
        return say("not sent")
    return say("sent") if reaches_people() else say("printed, for there is no mail server")

"""People for the site's tests, made the way the site makes them."""

from __future__ import annotations

from backstride import screening
from backstride.web.people.models import User
from backstride.web.safety.models import ScreenRecord
from backstride.web.safety.services import record_answers

PASSWORD = "a long walk by the sea"


def harmless_answers(today) -> dict[str, str | int]:
    """Answers to every question of the safety screen that find nothing."""
    answers: dict[str, str | int] = {}
    while section := screening.next_section(answers, today):
        for question in section.questions:
            if question.kind == "year":
                answers[question.id] = today.year - 45
            else:
                calm = [option.value for option in question.options if option.worry == 0]
                answers[question.id] = calm[0]
    return answers


def lighten(settings) -> None:
    """Pages without collected static files, and passwords that are quick to check."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def make_user(email: str, **fields) -> User:
    return User.objects.create_user(email, PASSWORD, **fields)


def clear(user) -> ScreenRecord:
    """Answer the safety screen so that this walker may walk, now."""
    return record_answers(user, harmless_answers(user.today()))

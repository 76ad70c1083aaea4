"""Give a consent, end it, find those that stand, and note who looked."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop as _noop

from backstride.web.clinic.models import Clinic
from backstride.web.clinic.story import KINDS
from backstride.web.people.models import AuditEntry, User, audit
from backstride.web.sharing.models import Consent

Kind = Consent.Kind
TOKEN_BYTES = 32  # nobody guesses 256 bits
# A picture counts as part of the look at its page, unless that was longer ago.
SAME_LOOK = timedelta(hours=1)


@dataclass(frozen=True)
class Terms:
    """What a consent allows: keys of parts, the first day of data, the last day to look."""

    scope: list[str]
    data_from: date
    until: date


def hash_of(token: str) -> str:
    """What is kept of a token; it is long and random, so it needs neither salt nor stretching."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def give(
    walker: User,
    kind: str,
    terms: Terms,
    *,
    clinic: Clinic | None = None,
    person: User | None = None,
    name: str = "",
    instead_of: Consent | None = None,
) -> tuple[Consent, str]:
    """Give a consent and end the one that it follows: `instead_of`, or an earlier one to the
    same clinic.

    Returns it with the token of its link, which is kept nowhere; empty for another kind.
    """
    earlier = walker.consents.filter(ended_at=None)
    if instead_of is not None:
        end(earlier.filter(pk=instead_of.pk))
    if clinic is not None:
        end(earlier.filter(clinic=clinic))
    token = secrets.token_urlsafe(TOKEN_BYTES) if kind == Kind.LINK else ""
    consent = Consent.objects.create(
        walker=walker,
        kind=kind,
        clinic=clinic,
        person=person,
        token_hash=hash_of(token) if token else None,
        name=name,
        **vars(terms),
    )
    return consent, token


def person_at(email: str, walker: User) -> User | None:
    """The account that a walker may share with by its address, or None.

    Staff look at what their clinic is given, not at what they are given themselves; the demo's
    people keep to themselves.
    """
    found = User.objects.filter(email=email.strip().lower(), is_active=True, staff=None)
    return found.filter(is_demo=walker.is_demo).exclude(pk=walker.pk).first()


def end(consents) -> bool:
    """End those of the consents that still stand; False where none did."""
    return bool(consents.filter(ended_at=None).update(ended_at=timezone.now()))


def standing(consents) -> list[Consent]:
    """Those of the consents that hold now."""
    rows = consents.filter(ended_at=None, walker__is_active=True)
    return [one for one in rows.select_related("walker", "clinic") if one.is_active]


def of_clinic(clinic: Clinic) -> list[Consent]:
    """What a clinic is given to see."""
    return standing(clinic.consents.all())


def of_person(person: User) -> list[Consent]:
    """What an account is given to see, clinics' staff aside."""
    if person.is_clinic_staff:
        return []
    return standing(person.consents_received.filter(kind=Kind.PERSON))


def seen_by(user: User, pk: int) -> Consent | None:
    """The consent by which this account may look, its own one for a walker; else None."""
    if user.is_clinic_staff:
        mine = user.staff.clinic.consents.all()
    else:
        mine = user.consents.all() | user.consents_received.filter(kind=Kind.PERSON)
    return next(iter(standing(mine.filter(pk=pk))), None)


def by_token(token: str) -> Consent | None:
    """The consent of a link, None where it doesn't hold (any more)."""
    found = Consent.objects.filter(kind=Kind.LINK, token_hash=hash_of(token))
    return next(iter(standing(found)), None)


def part_names(consent: Consent) -> list[str]:
    """The parts of its scope, in words."""
    return [str(kind.name) for key, kind in KINDS.items() if key in consent.scope]


def note_look(consent: Consent, viewer: User | None) -> None:
    """Keep that someone looked, and when; at what, the consent says. `viewer` is None by a link."""
    action = _noop("looked at what you share")
    audit(_actor(consent, viewer), consent.walker, action, str(consent.clinic or ""), consent)


def note_picture(consent: Consent, viewer: User | None, key: str) -> None:
    """Keep that someone opened a picture by itself, without its page."""
    actor, since = _actor(consent, viewer), timezone.now() - SAME_LOOK
    if not AuditEntry.objects.filter(consent=consent, actor=actor, at__gte=since).exists():
        audit(actor, consent.walker, _noop("opened a picture of what you share"), key, consent)


def _actor(consent: Consent, viewer: User | None) -> User | None:
    """Staff are named. Others go by the name the walker gave them, so that nothing about an
    account stays with the walker once it is deleted."""
    return viewer if consent.kind == Kind.CLINIC else None

"""Accounts, and the record of who looked at whose data."""

from __future__ import annotations

from collections.abc import Iterable
from zoneinfo import ZoneInfo, available_timezones

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backstride.words import LANGUAGES


class UserManager(BaseUserManager):
    """Accounts are named by their e-mail address."""

    def create_user(self, email, password=None, **fields):
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save()
        return user


def check_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(
            _("“%(name)s” is no time zone; expected one such as Europe/London."),
            params={"name": name},
        )


METRES_A_MILE = 1609.344


class Unit(models.TextChoices):
    KM = "km", _("kilometres")
    MILES = "mi", _("miles")


class User(AbstractUser):
    """One person: a walker, or a clinic's staff (see `clinic.Staff`).

    The first account owns the installation. `zone` decides which day an instant falls in.
    `language` is blank for whom the browser's decides.
    """

    username = None
    email = models.EmailField(unique=True)
    zone = models.CharField(max_length=64, default="UTC", validators=[check_zone])
    language = models.CharField(max_length=16, blank=True, choices=list(LANGUAGES.items()))
    unit = models.CharField(max_length=2, choices=Unit, default=Unit.KM)
    is_owner = models.BooleanField(default=False)
    is_demo = models.BooleanField(default=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []
    objects = UserManager()

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @property
    def is_clinic_staff(self) -> bool:
        return hasattr(self, "staff")

    def today(self):
        """The walker's own date now."""
        return timezone.now().astimezone(self.tz).date()

    def __str__(self) -> str:
        return self.get_full_name() or self.email


def has_owner() -> bool:
    """Whether a walker lives here yet; a clinic's staff and the demo don't own the place."""
    return User.objects.filter(is_demo=False, staff=None).exists()


class AuditEntry(models.Model):
    """Someone looked at or changed a patient's data. Written once, never changed."""

    at = models.DateTimeField(default=timezone.now, editable=False)
    actor = models.ForeignKey(User, models.PROTECT, related_name="+", null=True)
    patient = models.ForeignKey(User, models.CASCADE, related_name="audit_entries")
    action = models.CharField(max_length=64)
    detail = models.CharField(max_length=500, blank=True)
    # by which they came, where it was one: who has no account here goes by its name
    consent = models.ForeignKey("sharing.Consent", models.CASCADE, related_name="looks", null=True)

    class Meta:
        ordering = ["-at", "-id"]

    def save(self, *args, **kwargs):
        if self.pk is not None:
            raise ValueError("an audit entry is never changed")
        super().save(*args, **kwargs)

    @property
    def who(self) -> str:
        """Who it was, in words for the patient."""
        if self.actor is None and self.consent is not None:
            return self.consent.receiver
        return str(self.actor or _("the operator of this installation"))

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action}"


def audit(actor: User | None, patient: User, action: str, detail: str = "", consent=None) -> None:
    """Record that `actor` did `action` to a patient's data.

    None is the machine's operator, or with a `sharing.Consent` whoever it was given to.
    """
    AuditEntry.objects.create(
        actor=actor, patient=patient, action=action, detail=detail[:500], consent=consent
    )


def audit_once_a_day(actor: User, patients: Iterable[User], action: str, detail: str = "") -> None:
    """As `audit`, for lists that are looked at all day: once a patient and day is enough."""
    today = timezone.now().astimezone(actor.tz).replace(hour=0, minute=0, second=0, microsecond=0)
    known = set(
        AuditEntry.objects.filter(actor=actor, action=action, at__gte=today).values_list(
            "patient_id", flat=True
        )
    )
    for patient in {patient.pk: patient for patient in patients}.values():
        if patient.pk not in known:
            audit(actor, patient, action, detail)

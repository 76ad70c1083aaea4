"""Clinics and their staff accounts, as the installation's operator sets them up."""

from __future__ import annotations

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from backstride.errors import BackstrideError
from backstride.web.clinic.models import Clinic, Staff
from backstride.web.people.models import User


@transaction.atomic
def add_clinic(name: str, emails: list[str], *, address: str = "", phone: str = "", zone: str = ""):
    """Create a clinic and its first staff accounts; nothing is created where one of them fails.

    Returns the clinic and its staff's users. Raises BackstrideError.
    """
    name = " ".join(name.split())
    if Clinic.objects.filter(name__iexact=name).exists():
        raise BackstrideError(
            f"there is a clinic “{name}” already.",
            f'Give it another account with: backstride clinic staff add "{name}" EMAIL',
        )
    clinic = Clinic(name=name, address=address.strip(), phone=phone.strip())
    _checked(clinic)
    clinic.save()
    return clinic, [add_staff(clinic, email, zone=zone) for email in emails]


@transaction.atomic
def add_staff(clinic: Clinic, email: str, *, zone: str = "") -> User:
    """Create a staff account without a password, or find it where it is this clinic's already.

    Raises BackstrideError where the address belongs to a walker or another clinic.
    """
    email = User.objects.normalize_email(email.strip()).lower()
    user = User.objects.filter(email=email).first()
    if user is not None:
        _check_is_ours(user, clinic)
        return user
    user = User(email=email, zone=zone or settings.TIME_ZONE)
    user.set_unusable_password()
    _checked(user)
    user.save()
    Staff.objects.create(user=user, clinic=clinic)
    # the operator vouches for the address and hands the link over
    EmailAddress.objects.create(user=user, email=email, primary=True, verified=True)
    return user


def find_clinic(name: str) -> Clinic:
    """The clinic of this name, whatever its capitals."""
    clinic = Clinic.objects.filter(name__iexact=" ".join(name.split())).first()
    if clinic is None:
        raise BackstrideError(
            f"there is no clinic “{name}”.", "List those there are with: backstride clinic list"
        )
    return clinic


def password_path(user: User) -> str:
    """The path where `user` sets a password: works once, for PASSWORD_RESET_TIMEOUT seconds."""
    key = default_token_generator.make_token(user)
    return reverse(
        "account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key}
    )


def _check_is_ours(user: User, clinic: Clinic) -> None:
    if not user.is_clinic_staff:
        raise BackstrideError(
            f"{user.email} is a walker's account.",
            "Staff need an account of their own, with another address.",
        )
    if user.staff.clinic_id != clinic.pk:
        raise BackstrideError(f"{user.email} works at another clinic, {user.staff.clinic}.")


def _checked(row) -> None:
    try:
        row.full_clean(exclude=["password"])
    except ValidationError as error:
        texts = [f"{name}: {' '.join(found)}" for name, found in error.message_dict.items()]
        raise BackstrideError(" ".join(texts)) from error

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backstride.web.clinic.models import Clinic
from backstride.web.clinic.services import clinics_for
from backstride.web.clinic.story import PARTS, PERIOD_DAYS
from backstride.web.sharing.models import Consent
from backstride.web.sharing.services import Terms, person_at

USUAL_DAYS, MOST_DAYS = 91, 365  # that a consent holds
MOST_YEARS_BACK = 10
HELP = {
    "safety": gettext_lazy("What came of them, what was found, and who cleared you to walk."),
    "pain": gettext_lazy("Each day's worst, flare-ups, and news in a leg."),
    "walking": gettext_lazy("Steps and minutes of each day. Never where you walked."),
    "week": gettext_lazy(
        "This week's walks. Why it changed is shown only if you tick the three above, too."
    ),
    "medicine": gettext_lazy("Which one, on which days, how much."),
    "mobility": gettext_lazy("Each result."),
    "forms": gettext_lazy("Scores, not your single answers."),
    "mood": gettext_lazy("As you tapped it, day by day."),
    "notes": gettext_lazy("Word for word, also those you write later."),
}  # fmt: skip


def _date_input() -> forms.DateInput:
    return forms.DateInput({"type": "date"}, format="%Y-%m-%d")


class TermsForm(forms.Form):
    """What every consent has: parts, from which day on, until when. Nothing is ticked."""

    scope = forms.MultipleChoiceField(
        label=gettext_lazy("What may they see?"),
        choices=[(kind.key, kind.name) for kind in PARTS],
        error_messages={"required": gettext_lazy("Tick at least one part.")},
    )
    data_from = forms.DateField(
        label=gettext_lazy("From which day on?"),
        help_text=gettext_lazy("Nothing of the days before is shown."),
        widget=_date_input(),
    )
    until = forms.DateField(
        label=gettext_lazy("Until when may they look?"),
        help_text=gettext_lazy("A year at most. You can end it at any time."),
        widget=_date_input(),
    )

    def __init__(self, data=None, *, walker, earlier: Consent | None = None):
        self.walker, self.earlier, self.today = walker, earlier, walker.today()
        initial = {
            "data_from": self.today - timedelta(days=PERIOD_DAYS - 1),
            "until": self.today + timedelta(days=USUAL_DAYS),
        }
        if earlier is not None:
            initial |= {"scope": earlier.scope, "data_from": earlier.data_from}
            initial |= {"name": earlier.name, "clinic": earlier.clinic_id}
        super().__init__(data, initial=initial)

    def clean_data_from(self):
        day = self.cleaned_data["data_from"]
        if day > self.today:
            raise forms.ValidationError(_("This day is still to come. Today is the latest."))
        if self.today.year - day.year > MOST_YEARS_BACK:
            raise forms.ValidationError(
                _("At most %(years)d years back.") % {"years": MOST_YEARS_BACK}
            )
        return day

    def clean_until(self):
        day = self.cleaned_data["until"]
        if day < self.today:
            raise forms.ValidationError(_("This day is over. Choose today or a later one."))
        if day > self.today + timedelta(days=MOST_DAYS):
            raise forms.ValidationError(_("At most a year ahead: you can give it anew then."))
        return day

    def parts(self) -> list[dict]:
        """Each part with its words and whether it is ticked."""
        ticked = self["scope"].value() or []
        return [
            {"key": kind.key, "name": kind.name, "help": HELP[kind.key],
             "is_ticked": kind.key in ticked}
            for kind in PARTS
        ]  # fmt: skip

    def terms(self) -> Terms:
        cleaned = self.cleaned_data
        return Terms(cleaned["scope"], cleaned["data_from"], cleaned["until"])

    def receiver(self) -> dict:
        """To whom, as `services.give` takes it."""
        return {"name": self.cleaned_data["name"]}


class LinkForm(TermsForm):
    name = forms.CharField(
        label=gettext_lazy("Who is it for?"),
        help_text=gettext_lazy("A name for you to know the link by, such as: Dr Kim."),
        max_length=80,
    )
    field_order = ["name"]


class PersonForm(TermsForm):
    email = forms.EmailField(
        label=gettext_lazy("The e-mail address of their account"),
        help_text=gettext_lazy(
            "They need an account here, and find it there under You, Sharing. You aren't told "
            "whether there is one, for that is theirs to tell. Without one, make a link."
        ),
        widget=forms.EmailInput({"autocomplete": "off"}),
    )
    name = forms.CharField(
        label=gettext_lazy("What do you call them?"),
        help_text=gettext_lazy("You see this name when they have looked."),
        max_length=80,
    )
    field_order = ["email", "name"]

    def __init__(self, data=None, *, walker, earlier=None):
        super().__init__(data, walker=walker, earlier=earlier)
        if earlier is not None:  # the same account again: its address isn't kept
            del self.fields["email"]

    def clean_email(self) -> str:
        email = self.cleaned_data["email"]
        if email.strip().lower() == self.walker.email:
            raise forms.ValidationError(_("This is your own address."))
        return email

    def receiver(self) -> dict:
        if self.earlier is not None:
            return super().receiver() | {"person": self.earlier.person}
        return super().receiver() | {"person": person_at(self.cleaned_data["email"], self.walker)}


class ClinicForm(TermsForm):
    clinic = forms.ModelChoiceField(
        Clinic.objects.none(), label=gettext_lazy("Which clinic?"), empty_label=None
    )
    field_order = ["clinic"]

    def __init__(self, data=None, *, walker, earlier=None):
        super().__init__(data, walker=walker, earlier=earlier)
        self.fields["clinic"].queryset = clinics_for(walker)

    def receiver(self) -> dict:
        return {"clinic": self.cleaned_data["clinic"]}


FORMS = {
    Consent.Kind.CLINIC: ClinicForm,
    Consent.Kind.PERSON: PersonForm,
    Consent.Kind.LINK: LinkForm,
}

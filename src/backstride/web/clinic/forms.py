from __future__ import annotations

from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backstride.web.clinic.localtime import NoSuchTime, instant
from backstride.web.clinic.models import Appointment, Clinic
from backstride.web.clinic.services import Offer
from backstride.web.clinic.story import LABELS, PARTS, Part, digest

FURTHEST = timedelta(days=730)


class AskForm(forms.Form):
    """The walker's request. `story` holds the parts as they are now, for preview and sending."""

    clinic = forms.ModelChoiceField(Clinic.objects.none(), empty_label=None)
    name = forms.CharField(label=_("Your name"), max_length=120)
    phone = forms.CharField(
        label=_("Phone"),
        help_text=_("If you like to be called."),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    message = forms.CharField(
        label=_("In a few words: what is it about?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    preferred_times = forms.CharField(
        label=_("When suits you?"),
        help_text=_("For example: mornings, not Wednesdays."),
        max_length=200,
        required=False,
    )
    share = forms.MultipleChoiceField(required=False)

    def __init__(self, data=None, *, clinics, story: dict[str, Part], **kwargs):
        super().__init__(data, **kwargs)
        self.story = story
        self.fields["clinic"].queryset = clinics
        self.fields["share"].choices = [(k.key, k.label) for k in PARTS if k.key in story]
        self.fields["name"].widget.attrs["autocomplete"] = "name"

    def clean_share(self) -> list[str]:
        """Only what was previewed is sent: a part that has changed since is shown again."""
        ticked = self.cleaned_data["share"]
        changed = [k for k in ticked if self.data.get(f"seen_{k}") != digest(self.story[k])]
        if changed:
            names = ", ".join(_("“%(part)s”") % {"part": LABELS[key]} for key in changed)
            raise forms.ValidationError(
                _(
                    "%(parts)s changed since you opened this page. Nothing was sent. "
                    "Please look at it again below, then send."
                ),
                params={"parts": names},
            )
        return ticked


class OfferForm(forms.Form):
    """A time, entered in the zone of the person who enters it."""

    date = forms.DateField(
        label=_("Date"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    time = forms.TimeField(
        label=_("Time"), widget=forms.TimeInput({"type": "time"}, format="%H:%M")
    )
    minutes = forms.IntegerField(label=_("Minutes"), min_value=5, max_value=480, initial=45)
    location = forms.CharField(
        label=_("Place"),
        help_text=_("Goes into the calendar file."),
        max_length=300,
        required=False,
    )
    note = forms.CharField(
        label=_("Note"),
        help_text=_("Seen on this site only, never in an e-mail."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, zone, **kwargs):
        super().__init__(*args, **kwargs)
        self.zone = zone
        self.fields["time"].help_text = _("In your time zone, %(zone)s.") % {"zone": zone.key}

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("date") and cleaned.get("time"):
            try:
                cleaned["start"] = instant(cleaned["date"], cleaned["time"], self.zone)
            except NoSuchTime as error:
                self.add_error("time", str(error))
            except OverflowError:
                self.add_error("date", _("This date is out of range."))
            else:
                self._check_when(cleaned["start"])
        return cleaned

    def _check_when(self, start) -> None:
        now = timezone.now()
        if start <= now:
            shown = {"time": f"{now.astimezone(self.zone):%H:%M}", "zone": self.zone.key}
            over = _("This time is over: it is %(time)s now in %(zone)s.")
            self.add_error("date", over % shown)
        elif start > now + FURTHEST:
            self.add_error("date", _("This is more than two years ahead. Please check the year."))

    def offer(self) -> Offer:
        cleaned = self.cleaned_data
        return Offer(cleaned["start"], cleaned["minutes"], cleaned["location"], cleaned["note"])

    @staticmethod
    def values(appointment: Appointment | None, zone, place: str) -> dict:
        """What the form starts with: the time that stands, or an empty one at the clinic."""
        if appointment is None:
            return {"minutes": 45, "location": place}
        start = appointment.start.astimezone(zone)
        return {
            "date": start.date(),
            "time": start.time(),
            "minutes": appointment.minutes,
            "location": appointment.location,
            "note": appointment.note,
            "seen": appointment.sequence,
        }


class CloseForm(forms.Form):
    note = forms.CharField(
        label=_("Why, in a sentence"),
        help_text=_("The walker reads it on this site."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

from __future__ import annotations

from datetime import time

from django import forms
from django.utils.translation import gettext_lazy as _

from backstride.regimen.prompts import Limits, is_quiet
from backstride.web.reminders.models import Choices

TIME = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
KINDS = {
    "walk": (_("Today's walk"), _("Not once it is done.")),
    "check_in": (_("How my back is"), _("Not once you have told it today.")),
    "forms": (_("Questionnaires"), _("When one is due, every few weeks.")),
    "week": (_("My new week"), _("When a week is over and the next can be looked at.")),
    "appointments": (_("Appointments"), _("A day before, and an hour before.")),
}


class ChoicesForm(forms.ModelForm):
    """What, how and when. The fixed time of a walk is the one of “What fits me”."""

    walk_at = forms.TimeField(label=_("Time for my walk"), widget=TIME)

    class Meta:
        model = Choices
        fields = [
            *KINDS,
            "by_push",
            "by_mail",
            "content",
            "learn",
            "walk_at",
            "check_in_at",
            "quiet_from",
            "quiet_to",
            "most",
        ]
        labels = {
            **{name: words[0] for name, words in KINDS.items()},
            "by_push": _("Notifications on my devices"),
            "by_mail": _("E-mail"),
            "content": _("Say what it is about"),
            "learn": _("My walk a little before I usually set out, once that is known"),
            "check_in_at": _("Time for how my back is"),
            "quiet_from": _("Quiet from"),
            "quiet_to": _("Quiet until"),
            "most": _("At most"),
        }
        widgets = {
            "check_in_at": TIME,
            "quiet_from": TIME,
            "quiet_to": TIME,
            "most": forms.RadioSelect(choices=[(1, _("one a day")), (2, _("two a day"))]),
        }

    def clean(self):
        data = super().clean()
        begin, end = data.get("quiet_from"), data.get("quiet_to")
        if isinstance(begin, time) and isinstance(end, time):
            limits = Limits(1, begin, end, self.instance.user.tz)
            for name in ("walk_at", "check_in_at"):
                if data.get(name) and is_quiet(data[name], limits):
                    said = _("That is within the quiet hours. Change one of the two.")
                    self.add_error(name, said)
        return data


class AddressForm(forms.Form):
    """What a browser tells of its push subscription."""

    endpoint = forms.CharField(max_length=1000)
    p256dh = forms.CharField(max_length=100)
    auth = forms.CharField(max_length=50)

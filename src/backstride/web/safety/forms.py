from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backstride import words


class ClearanceForm(forms.Form):
    seen_on = forms.DateField(
        label=gettext_lazy("On which day were you seen?"),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    clinician = forms.CharField(
        label=gettext_lazy("By whom?"),
        help_text=gettext_lazy("Name, and practice or hospital."),
        max_length=200,
    )
    cleared = forms.BooleanField(
        label=gettext_lazy("They know what I answered here and told me that walking is all right.")
    )

    def __init__(self, *args, first_day, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.first_day, self.today = first_day, today

    def clean_seen_on(self):
        day = self.cleaned_data["seen_on"]
        if not self.first_day <= day <= self.today:
            told = _("This must be a day from %(first)s (your answers) to today.")
            first = words.day(self.first_day, "d MMMM y")
            raise forms.ValidationError(told % {"first": first})
        return day

from __future__ import annotations

from django import forms


class ClearanceForm(forms.Form):
    seen_on = forms.DateField(
        label="On which day were you seen?",
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    clinician = forms.CharField(
        label="By whom?", help_text="Name, and practice or hospital.", max_length=200
    )
    cleared = forms.BooleanField(
        label="They know what I answered here and told me that walking is all right."
    )

    def __init__(self, *args, first_day, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.first_day, self.today = first_day, today

    def clean_seen_on(self):
        day = self.cleaned_data["seen_on"]
        if not self.first_day <= day <= self.today:
            raise forms.ValidationError(
                f"This must be a day from {self.first_day:%-d %B %Y} (your answers) to today."
            )
        return day

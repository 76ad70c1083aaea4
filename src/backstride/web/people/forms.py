from __future__ import annotations

from zoneinfo import available_timezones

from django import forms

from backstride.web.people.models import User


class YouForm(forms.ModelForm):
    zone = forms.ChoiceField(
        label="Time zone", help_text="Decides which day a walk belongs to.", choices=()
    )

    class Meta:
        model = User
        fields = ["first_name", "last_name", "zone"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["zone"].choices = [(name, name) for name in sorted(available_timezones())]

from __future__ import annotations

from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from backstride.web.people.models import User
from backstride.words import LANGUAGES


class YouForm(forms.ModelForm):
    zone = forms.ChoiceField(
        label=_("Time zone"),
        help_text=_("Decides which day a walk belongs to."),
        choices=(),
        widget=forms.Select(attrs={"translate": "no"}),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=[("", _("as my browser says")), *LANGUAGES.items()],
        required=False,
    )

    class Meta:
        model = User
        fields = ["first_name", "last_name", "zone", "language", "unit"]
        labels = {
            "first_name": _("First name"),
            "last_name": _("Last name"),
            "unit": _("Distances in"),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["zone"].choices = [(name, name) for name in sorted(available_timezones())]

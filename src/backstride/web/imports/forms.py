"""What a walker brings: files, or their own word."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from backstride.records import Placement
from backstride.web.imports.models import Usual

PLACES = {
    Placement.UNKNOWN: _("I don't know, or it is no sensor file"),
    Placement.WRIST: _("On the wrist"),
    Placement.POCKET: _("In a pocket"),
    Placement.WAIST: _("At the waist or hip"),
    Placement.LOWER_BACK: _("On the lower back"),
    Placement.HAND: _("In the hand"),
}


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    widget = ManyFilesInput

    def clean(self, data, initial=None):
        """One or more files; an empty one is an error that names it."""
        files = data if isinstance(data, list | tuple) else [data]
        if not files:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return [super(ManyFilesField, self).clean(file, initial) for file in files]


class UploadForm(forms.Form):
    files = ManyFilesField(
        label=_("Files"),
        help_text=_("One or several."),
        max_length=1000,
        allow_empty_file=True,  # reading it says so, with what to do
        error_messages={"required": _("Choose a file first, then press “Bring it in”.")},
    )
    placement = forms.ChoiceField(
        label=_("Where was the sensor worn?"),
        choices=[(place.value, words) for place, words in PLACES.items()],
        required=False,
        initial=Placement.UNKNOWN.value,
    )

    def clean_placement(self):
        return Placement(self.cleaned_data["placement"] or Placement.UNKNOWN)


class UsualForm(forms.ModelForm):
    class Meta:
        model = Usual
        fields = ["minutes", "days_per_week"]
        labels = {"minutes": _("Minutes a walk"), "days_per_week": _("Days a week")}
        help_texts = {
            "minutes": _("How long you usually walk in one go. 0 is fine."),
            "days_per_week": _("From 0 to 7."),
        }
        widgets = {
            "minutes": forms.NumberInput(attrs={"min": 0, "max": 300, "inputmode": "numeric"}),
            "days_per_week": forms.NumberInput(attrs={"min": 0, "max": 7, "inputmode": "numeric"}),
        }

from __future__ import annotations

from django import forms

from backstride import outcomes
from backstride.web.back.services import DAILY


class WhereForm(forms.Form):
    """Places of the body map; a number where new pain is noted with them."""

    places = forms.MultipleChoiceField(
        choices=[(key, place.name) for key, place in outcomes.body().places.items()],
        required=False,
    )
    nprs = forms.IntegerField(min_value=0, max_value=10, required=False)


class DayForm(forms.Form):
    question = forms.ChoiceField(choices=[(key, key) for key in DAILY])
    value = forms.IntegerField()


class FlareForm(forms.Form):
    flare = forms.ChoiceField(choices=[("yes", "Yes"), ("no", "No")])


class EpisodeForm(forms.Form):
    start = forms.DateField()
    limited = forms.BooleanField(required=False)
    sought_care = forms.BooleanField(required=False)


class NoteForm(forms.Form):
    text = forms.CharField(max_length=2000, widget=forms.Textarea)

from __future__ import annotations

from django import forms


class SubmissionForm(forms.Form):
    """What comes with every submission besides its own fields."""

    key = forms.UUIDField()
    person = forms.IntegerField()
    kind = forms.SlugField()
    at = forms.FloatField(min_value=0, max_value=4e12)  # ms since 1970, by the phone's clock


class PainNewsForm(forms.Form):
    """News for a pain note; without `entry`, for the newest."""

    entry = forms.IntegerField(required=False)
    is_flare = forms.BooleanField(required=False)
    new_leg_symptom = forms.BooleanField(required=False)

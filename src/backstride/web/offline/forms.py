from __future__ import annotations

from django import forms

from backstride.web.journal.forms import NewsForm


class SubmissionForm(forms.Form):
    """What comes with every submission besides its own fields."""

    key = forms.UUIDField()
    person = forms.IntegerField()
    kind = forms.SlugField()
    at = forms.FloatField(min_value=0, max_value=4e12)  # ms since 1970, by the phone's clock


class PainNewsForm(NewsForm):
    """News for a pain note; without `entry`, for the newest."""

    entry = forms.IntegerField(required=False)

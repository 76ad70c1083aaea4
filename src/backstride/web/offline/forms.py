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


class GivenForm(forms.Form):
    """What was entered about a questionnaire or test, whose own file says what it takes: the
    fields as they came are `given`."""

    about = forms.SlugField()

    def clean(self):
        return self.cleaned_data | {"given": self.data}


class SheetForm(GivenForm):
    """A questionnaire's answers; without a word that they are done, those given so far."""

    done = forms.BooleanField(required=False)
    as_it_is = forms.BooleanField(required=False)
    later = forms.BooleanField(required=False)

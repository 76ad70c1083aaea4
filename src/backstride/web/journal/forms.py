from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from backstride.regimen.exercises import load
from backstride.web.journal.models import UNITS, ExerciseDone


class NewsForm(forms.Form):
    """What may come with a pain note: the person's own word, not ours."""

    is_flare = forms.BooleanField(required=False)
    woke_at_night = forms.BooleanField(required=False)
    leg_weaker = forms.BooleanField(required=False)
    new_numbness = forms.BooleanField(required=False)
    new_leg_symptom = forms.BooleanField(required=False)


class PainForm(NewsForm):
    nprs = forms.IntegerField(min_value=0, max_value=10)


class WalkForm(forms.Form):
    minutes = forms.IntegerField(min_value=1, max_value=600)


class MedicineForm(forms.Form):
    medicine = forms.CharField(max_length=80)
    amount = forms.FloatField(min_value=0.01, max_value=10_000)
    unit = forms.ChoiceField(choices=list(UNITS.items()))


class ExerciseForm(forms.Form):
    """How an exercise went; “it hurt” is an answer of its own."""

    exercise = forms.ChoiceField(choices=[(key, key) for key in load()])
    level = forms.IntegerField(min_value=1, max_value=9)
    went = forms.ChoiceField(choices=[*ExerciseDone.Felt.choices, ("hurt", _("It hurt"))])

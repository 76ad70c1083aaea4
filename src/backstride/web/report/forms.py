from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from backstride.report import LIMITS, PAPERS
from backstride.web.insight.services import RANGES
from backstride.web.report.gather import LABELS


class ReportForm(forms.Form):
    """What to print. Nothing of it is kept."""

    span = forms.ChoiceField(
        choices=[(key, label) for key, (label, _days) in RANGES.items()], label=_("Time shown")
    )
    parts = forms.MultipleChoiceField(
        choices=list(LABELS.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        label=_("What to print"),
    )
    questions = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=LIMITS["questions"],
        required=False,
        label=_("What you want to ask or tell"),
        help_text=_("It is printed on page two, above room to write, and isn't kept here."),
    )
    paper = forms.ChoiceField(
        choices=[(k, k.upper() if k == "a4" else _("US letter")) for k in PAPERS], label=_("Paper")
    )

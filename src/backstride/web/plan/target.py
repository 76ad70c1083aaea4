"""What the plan leads to: why it is this, and what may be chosen instead."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backstride import regimen
from backstride.web.plan import services
from backstride.web.plan.models import Preferences
from backstride.web.safety.gate import walker_view


class TargetForm(forms.Form):
    """One of the targets that are offered to this person, or their own numbers."""

    target = forms.ChoiceField(widget=forms.RadioSelect, required=False)
    minutes = forms.IntegerField(label=gettext_lazy("Minutes a walk"), required=False)
    days = forms.IntegerField(label=gettext_lazy("Days a week"), required=False)

    def __init__(self, *args: Any, person: regimen.Person, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["target"].choices = choices_for(person)
        self.rules = regimen.protocol()
        self.limits = {
            "minutes": (self.rules.entry.min_minutes, regimen.most_minutes(self.rules, person)),
            "days": (1, self.rules.target.days),
        }
        for name, (low, high) in self.limits.items():
            self.fields[name].widget.attrs |= {"min": low, "max": high}

    def clean(self) -> dict[str, Any]:
        told = super().clean()
        if told.get("target") != Preferences.OWN:
            return told | {"minutes": None, "days": None}
        for name, (low, high) in self.limits.items():
            value = told.get(name)
            if name not in self.errors and (value is None or not low <= value <= high):
                text = _("A whole number from %(low)s to %(high)s.")
                self.add_error(name, text % {"low": low, "high": high})
        tested = self.rules.target
        most = tested.minutes * tested.days
        if not self.errors and told["minutes"] * told["days"] > most:
            text = _("At most %(most)s minutes in a week: more has not been tried in the trials.")
            self.add_error("minutes", text % {"most": most})
        return told


def choices_for(person: regimen.Person) -> list[tuple[str, str]]:
    """What may be chosen, each with its numbers and what speaks for it."""
    rules = regimen.protocol()
    suggested = regimen.target_of(rules, replace(person, target=None))
    numbers = {"minutes": suggested.minutes, "days": suggested.days}
    text = _("As the plan suggests: %(minutes)s minutes on %(days)s days.")
    offered = [("", text % numbers)]
    for one in regimen.choices_of(rules, person):
        if (one.minutes, one.days) == (suggested.minutes, suggested.days):
            continue
        reason = rules.reason(f"target.{one.key}", minutes=one.minutes, days=one.days)
        offered.append((one.key, reason.text))
    return [*offered, (Preferences.OWN, _("My own numbers: some walking is better than none."))]


@walker_view
def target(request):
    """The target, why it is this, and another one."""
    user = request.user
    told, person = services.preferences_of(user), services.person_of(user)
    kept = told.target if told.target in dict(choices_for(person)) else ""
    form = TargetForm(
        request.POST or None,
        person=person,
        initial={"target": kept, "minutes": told.target_minutes, "days": told.target_days},
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        told.target = given["target"]
        told.target_minutes, told.target_days = given["minutes"], given["days"]
        told.save()
        messages.success(request, _("Noted. Your plan goes towards it from next week on."))
        return redirect("plan")
    goal = regimen.target_of(regimen.protocol(), person)
    context = {"form": form, "goal": goal, "aim": told.aim}
    return render(request, "plan/target.html", context, status=400 if form.errors else 200)

"""Tests of mobility and strength at home: how to do them, what they came to, over time."""

from __future__ import annotations

import math
from datetime import datetime

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from backstride import outcomes
from backstride.outcomes import BadEntry, MobilityTest, Person, Setting, Sex
from backstride.web.back.models import MobilityResult
from backstride.web.journal.services import pain_frame
from backstride.web.plan.services import person_of
from backstride.web.safety.gate import walker_view
from backstride.words import sentences


@walker_view
def every_test(request):
    """The tests that can be done at home, each with its newest result."""
    newest = {one.test: one for one in reversed(request.user.mobility.all())}
    context = {
        "rows": [(test, newest.get(test.key)) for test in _at_home()],
        "safety": outcomes.safety_words(),
        "in_flare": outcomes.in_flare(pain_frame(request.user), request.user.today()),
    }
    return render(request, "back/mobility.html", context)


@walker_view
def one_test(request, key: str):
    """How one test is done, a place for its result, and its results so far."""
    test, user = test_at_home(key), request.user
    if test is None:
        raise Http404(f"no test {key}")
    error = ""
    if request.method == "POST":
        try:
            note(user, test, request.POST)
        except BadEntry as wrong:
            error = str(wrong)
        else:
            messages.success(request, _("Noted."))
            return redirect("back_mobility_test", key=key)
    results = list(user.mobility.filter(test=key))
    context = {
        "test": test,
        "title": test.title,
        "steps": test.how,
        "safety": outcomes.safety_words(),
        "results": results,
        "told": _told(test, results, person_of(user).age) if results else None,
        "sexes": [(each.value, label) for each, label in SEXES.items()] if test.norm_kind else [],
        "sex": next((one.sex for one in user.mobility.all() if one.sex), ""),
        "error": error,
    }
    return render(request, "back/mobility_test.html", context, status=400 if error else 200)


SEXES = {Sex.WOMAN: gettext_lazy("women of my age"), Sex.MAN: gettext_lazy("men of my age")}


@walker_view
@require_POST
def remove(request, pk: int):
    result = get_object_or_404(MobilityResult, pk=pk, user=request.user)
    said, key = str(result), result.test
    result.delete()
    messages.success(request, _("Removed: %(what)s.") % {"what": said})
    return redirect("back_mobility_test", key=key)


def _at_home() -> list[MobilityTest]:
    return [test for test in outcomes.mobility_tests() if Setting.HOME in test.where]


def test_at_home(key: str) -> MobilityTest | None:
    return next((test for test in _at_home() if test.key == key), None)


def note(user, test: MobilityTest, posted, at: datetime | None = None) -> MobilityResult:
    """Keep the result of a test, of now or of `at`. Raises BadEntry for one that can't be."""
    value, sex = _given(test, posted)
    at = at or timezone.now()
    day = at.astimezone(user.tz).date()
    return user.mobility.create(test=test.key, value=value, sex=sex, at=at, day=day)


def _given(test: MobilityTest, posted) -> tuple[float, str]:
    try:
        value = float(posted.get("value", "").strip().replace(",", "."))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise BadEntry(
            _("Please enter the result as a number."), _("In %(unit)s.") % {"unit": test.unit}
        )
    outcomes.standing(test, value, Person())  # refuses what can't be
    sex = posted.get("sex", "")
    return value, sex if sex in Sex.__members__.values() else ""


def _told(test: MobilityTest, results: list[MobilityResult], age: int | None) -> dict:
    """The newest result beside its norm, and the way since the one before and the first."""
    newest, *earlier = results
    compared = Person(age=age, sex=Sex(newest.sex) if newest.sex else None)
    since = [(_("Since the last time"), earlier[0])] if earlier else []
    if len(earlier) > 1:
        since.append((_("Since the first time"), earlier[-1]))
    return {
        "newest": newest,
        "words": outcomes.standing(test, newest.value, compared).words[1:],
        "since": [
            (label, one, sentences(outcomes.shift(test, one.value, newest.value).words))
            for label, one in since
        ],
    }

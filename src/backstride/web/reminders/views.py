"""Choosing reminders, the devices that take them, and the links that work without signing in."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from backstride import words
from backstride.regimen.prompts import Kind, has_stopped
from backstride.web.clinic.mail import reaches_people
from backstride.web.people.language import speaking_with
from backstride.web.people.models import User
from backstride.web.plan.models import Preferences
from backstride.web.plan.services import preferences_of
from backstride.web.reminders import asking, calendar, learning, push, services, tokens
from backstride.web.reminders.devices import name_of, told
from backstride.web.reminders.forms import KINDS, AddressForm, ChoicesForm
from backstride.web.reminders.models import Choices, Feed
from backstride.web.safety.gate import right_view

SHOWN = 10
TOLD = {
    Kind.APPOINTMENT_HOUR: gettext_lazy("Appointment"),
    Kind.APPOINTMENT_DAY: gettext_lazy("Appointment"),
    Kind.WALK: gettext_lazy("Walk"),
    Kind.SCREEN: gettext_lazy("Safety questions"),
    Kind.WEEK: gettext_lazy("New week"),
    Kind.FORMS: gettext_lazy("Questionnaires"),
    Kind.CHECK_IN: gettext_lazy("How your back is"),
}


@right_view
def reminders(request):
    """What someone is reminded of, how, when; and what was sent."""
    user = request.user
    chosen = services.choices_of(user)
    initial = {"walk_at": preferences_of(user).walk_at}
    form = ChoicesForm(request.POST or None, instance=chosen, initial=initial)
    if request.method == "POST" and form.is_valid():
        _keep(form)
        messages.success(request, _said(form.instance))
        return redirect("reminders")
    return render(
        request,
        "reminders/reminders.html",
        {**_context(request, chosen), **_fields(form)},
        status=400 if form.is_bound else 200,
    )


def _fields(form: ChoicesForm) -> dict:
    return {
        "form": form,
        "kinds": [(form[name], help_text) for name, (_label, help_text) in KINDS.items()],
        "times": [form[name] for name in ("walk_at", "check_in_at", "quiet_from", "quiet_to")],
    }


def _keep(form: ChoicesForm) -> None:
    user = form.instance.user
    form.instance.chosen_on = user.today()
    form.save()
    before = preferences_of(user)
    if before.walk_at != form.cleaned_data["walk_at"]:
        defaults = {"walk_at": form.cleaned_data["walk_at"]}
        Preferences.objects.update_or_create(user=user, defaults=defaults)
    if form.instance.walk and form.instance.learn and not user.is_demo:
        learning.bring_up_to_date(form.instance)


def _said(chosen: Choices) -> str:
    if not chosen.is_any_on:
        return _("Noted. You aren't reminded of anything.")
    if not (chosen.by_mail or (chosen.by_push and chosen.user.push_addresses.exists())):
        return _("Noted. Now choose how: so far no reminder can reach you.")
    return _("Noted.")


def _context(request, chosen: Choices) -> dict:
    user = request.user
    feed = Feed.objects.filter(user=user).first()
    return {
        "learned": [(_weekday(int(n)), at) for n, at in sorted(chosen.learned.items())],
        "quieted": _quieted(chosen),
        "has_declined": chosen.declined_on == user.today(),
        "addresses": user.push_addresses.all(),
        "public_key": "" if user.is_demo else push.public_key(),
        "mail_arrives": reaches_people(),
        "feed": feed,
        "feed_url": request.build_absolute_uri(_feed_path(feed)) if feed else "",
        "sent": [(row, TOLD.get(row.kind, _("A try"))) for row in user.reminded.all()[:SHOWN]],
    }


def _weekday(n: int) -> str:
    """The name of a day, 0 for Monday."""
    return words.day(date(2026, 9, 7 + n), "EEEE")


def _quieted(chosen: Choices) -> list[str]:
    """What isn't reminded of any more, for it wasn't taken up."""
    user = chosen.user
    sent = asking.told_of(chosen)
    if not sent:
        return []
    acts, today = asking.acts_of(chosen), user.today()
    return [TOLD[kind] for kind in Kind if has_stopped(kind, sent, acts, today)]


def _feed_path(feed: Feed) -> str:
    return reverse("reminders_feed", args=[feed.token])


def real_view(view):
    """A walker's own, and not the demo's, which everyone shares."""

    @right_view
    def guarded(request, *args, **kwargs):
        if request.user.is_demo:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


@real_view
@require_POST
def add_device(request):
    """A browser takes notifications from now on. Answers in JSON, for a script asks."""
    form = AddressForm(request.POST)
    if not form.is_valid():
        return JsonResponse(
            {"said": _("The browser gave no address for notifications.")}, status=400
        )
    name = name_of(request.headers.get("User-Agent", ""))
    try:
        services.add_address(request.user, **form.cleaned_data, name=name)
    except ValueError as error:
        return JsonResponse(
            {"said": _("%(error)s Nothing was changed.") % {"error": error}}, status=400
        )
    chosen = services.choices_of(request.user)
    chosen.by_push = True
    chosen.save()
    messages.success(request, _("%(device)s takes notifications now.") % {"device": told(name)})
    return JsonResponse({"next": reverse("reminders")})


@real_view
@require_POST
def remove_device(request, pk: int):
    address = get_object_or_404(request.user.push_addresses, pk=pk)
    messages.success(request, _("%(device)s gets no notifications any more.") % {"device": address})
    address.delete()
    return redirect("reminders")


@real_view
@require_POST
def try_out(request):
    outcome = services.try_out(request.user)
    if outcome is None:
        messages.warning(request, _("One was just sent. Wait a minute before the next."))
    elif not outcome:
        messages.warning(request, _("No way is chosen: tick notifications or e-mail, and save."))
    else:
        what = "; ".join(f"{channel}: {said}" for channel, said in outcome.items())
        messages.info(request, _("Tried: %(what)s.") % {"what": what})
    return redirect("reminders")


@right_view
@require_POST
def not_today(request):
    _decline(request.user, request.user.today())
    messages.success(request, _("No more of these today. Appointments are still told."))
    return redirect("reminders")


def _decline(user, day) -> None:
    Choices.objects.filter(user=user).update(declined_on=day)


@csrf_exempt
@require_POST
def decline(request, token: str):
    """“Not today” in a notification: the signed link stands for the walker, who may not be
    signed in there."""
    try:
        pk, day = tokens.read_decline(token)
    except signing.BadSignature:
        raise Http404 from None
    user = get_object_or_404(User, pk=pk, is_active=True)
    if abs(user.today() - day) <= timedelta(days=1):
        _decline(user, day)
    return HttpResponse(status=204)


@csrf_exempt
def stop(request, token: str):
    """Stop e-mails without signing in. A POST stops them, as mail programs send it (RFC 8058);
    a GET asks, for link checkers follow links as well."""
    try:
        pk = tokens.read_stop(token)
    except signing.BadSignature:
        raise Http404 from None
    if request.method == "POST":
        Choices.objects.filter(user_id=pk).update(by_mail=False)
    with speaking_with(get_object_or_404(User, pk=pk)):
        response = render(request, "reminders/stop.html", {"done": request.method == "POST"})
    response["Cache-Control"] = "private, no-store"
    return response


@real_view
@require_POST
def make_feed(request):
    """A new secret address; an old one is no longer answered."""
    Feed.objects.filter(user=request.user).delete()
    Feed.objects.create(user=request.user)
    messages.success(
        request, _("Your calendar has a new address. One from before no longer works.")
    )
    return redirect("reminders")


@real_view
@require_POST
def remove_feed(request):
    Feed.objects.filter(user=request.user).delete()
    messages.success(request, _("The calendar address no longer works."))
    return redirect("reminders")


@require_GET
def feed(request, token: str):
    """The calendar, for whoever has the address."""
    found = get_object_or_404(Feed.objects.select_related("user"), token=token)
    if not found.user.is_active:
        raise Http404
    with speaking_with(found.user):
        made = calendar.of(found.user)
    response = HttpResponse(made, content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    calendar.note_read(found)
    return response

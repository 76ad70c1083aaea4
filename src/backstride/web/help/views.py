"""The room "Help": for everyone, signed in or not, whatever the safety screen says.

The pages themselves hold nothing about a person; what does (read marks, the way to one's
clinic, the flare's button) is added for walkers only.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from backstride.records import Disposition
from backstride.web.clinic.services import clinics_for
from backstride.web.help import danger, services
from backstride.web.help.cards import Card, load
from backstride.web.help.flare import steps
from backstride.web.offline.copies import FOUR_WEEKS, kept_offline
from backstride.web.offline.services import answer
from backstride.web.safety.gate import right_view, walker_view
from backstride.web.safety.services import standing


@kept_offline(FOUR_WEEKS)
@require_GET
def index(request):
    return render(request, "help/index.html", {"count": len(load())})


@kept_offline(FOUR_WEEKS)
@require_GET
def worry(request):
    """The danger signs and what to do."""
    context = {
        "now": danger.level(Disposition.EMERGENCY_NOW),
        "today": danger.level(Disposition.SAME_DAY),
        "low_mood": danger.low_mood(),
    }
    return render(request, "help/worry.html", context)


@kept_offline(FOUR_WEEKS)
@require_GET
def flare(request):
    """What to do in a flare-up, and one tap to note it."""
    where = standing(request.user) if _is_walker(request) else None
    return render(
        request, "help/flare.html", {"steps": steps(), "where": where, "scale": range(11)}
    )


@walker_view
@require_POST
def note_flare(request):
    return answer(request, "flare_note", "help_flare")


@kept_offline(FOUR_WEEKS)
@require_GET
def therapist(request):
    """How to find a therapist; the way to a clinic that is here."""
    clinics = clinics_for(request.user) if _is_walker(request) else ()
    return render(request, "help/therapist.html", {"clinics": clinics})


@kept_offline(FOUR_WEEKS)
@require_GET
def app(request):
    """Questions about Backstride itself."""
    return render(request, "help/app.html")


@kept_offline(FOUR_WEEKS)
@require_GET
def cards(request):
    """Every card by its title; for walkers with what they have read."""
    read = services.keys_read(request.user) if _is_walker(request) else set()
    shown = [(card, card.key in read) for card in load().values()]
    return render(request, "help/cards.html", {"cards": shown, "read": len(read & set(load()))})


@kept_offline(FOUR_WEEKS)
@require_GET
def card(request, key: str):
    shown = _card(key)
    following = next((c for c in load().values() if c.order > shown.order), None)
    numbers = {source: n for n, source in enumerate(shown.sources, start=1)}
    context = {
        "card": shown,
        "parts": [(part, [numbers[source] for source in part.sources]) for part in shown.parts],
        "drawing": f"help/drawings/{shown.drawing.key}.html" if shown.drawing else "",
        "next": following,
        "may_mark": _is_walker(request),
        "is_read": _is_walker(request) and key in services.keys_read(request.user),
    }
    return render(request, "help/card.html", context)


@right_view
@require_POST
def mark(request, key: str):
    """Mark a card as read, or take the mark away; on to the list, where it stands."""
    shown = _card(key)
    is_read = request.POST.get("read") != "no"
    services.mark(request.user, shown, is_read=is_read)
    said = _("Marked as read: %(card)s.") if is_read else _("No longer marked as read: %(card)s.")
    messages.success(request, said % {"card": shown.title})
    return redirect(f"{reverse('help_cards')}#{shown.key}")


def _card(key: str) -> Card:
    if key not in load():
        raise Http404
    return load()[key]


def _is_walker(request) -> bool:
    return request.user.is_authenticated and not request.user.is_clinic_staff

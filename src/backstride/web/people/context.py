"""What every page's frame needs: which rooms this person may enter, and its scripts' words."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# Short words: six of them stand side by side on a phone.
WALKER_ROOMS = [
    ("today", pgettext_lazy("room", "Today")),
    ("plan", pgettext_lazy("room", "Plan")),
    ("progress", pgettext_lazy("room", "Progress")),
    ("back", pgettext_lazy("room", "My back")),
    ("data", pgettext_lazy("room", "Data")),
    ("appointments", pgettext_lazy("room", "Therapist")),
]
STAFF_ROOMS = [("inbox", pgettext_lazy("room", "Requests"))]
# What the scripts of every page say; # is a number or a name.
SCRIPT_WORDS = {
    "sending": _("Sending: # %"),
    "disk_full": _("The disk of this installation is full. Nothing was changed."),
    "too_large": _("This file is larger than this installation takes."),
    "not_arrived": _("The file did not arrive. Nothing was changed; please try again."),
    "broken": _(
        "The connection broke before the file arrived. Nothing was changed; please try again."
    ),
    "chosen": _("Chosen: #"),
    "not_kept": _(
        "Not kept yet: no connection. Go on; your answers stay on this page, and are sent with "
        "the next one."
    ),
    "let_go": _("Let it go"),
    "copy": _("No network. You see this page as it was on #."),
    "waits": _("1 note is kept on this phone, and will be sent when the network is back."),
    "many_wait": _("# notes are kept on this phone, and will be sent when the network is back."),
    "refused": _("A note could not be kept: # It said: #"),
    "kept": _("Kept on this phone. It will be sent when the network is back."),
    "pressed_kept": _("#: kept on this phone. It will be sent when the network is back."),
    "draft": _("What you typed before you were signed out is here again. It is not sent yet."),
    "unsent": _("1 note is not sent yet"),
    "many_unsent": _("# notes are not sent yet"),
    "unsent_text": _(
        "What is kept waits here until you sign in again, and is sent then. Until then, whoever "
        "can use this phone may be able to read it. What is deleted is gone."
    ),
    "keep_and_leave": _("Keep on this phone, and sign out"),
    "delete_and_leave": _("Delete, and sign out"),
    "stay": _("Stay signed in"),
}


def rooms(request):
    """The frame's navigation; empty for visitors, but for Help, which is at the top for all."""
    user = request.user
    in_help = request.path.startswith(reverse("help"))
    if not user.is_authenticated:
        return {"rooms": [], "in_help": in_help, "script_words": SCRIPT_WORDS}
    listed = STAFF_ROOMS if user.is_clinic_staff else WALKER_ROOMS
    rooms = [{"name": name, "label": label, "url": reverse(name)} for name, label in listed]
    for room in rooms:
        inside = room["url"] != "/" and request.path.startswith(room["url"])
        room["current"] = inside or request.path == room["url"]
    return {"rooms": rooms, "in_help": in_help, "script_words": SCRIPT_WORDS}

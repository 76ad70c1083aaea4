"""What every page's frame needs: which rooms this person may enter."""

from __future__ import annotations

from django.urls import reverse

WALKER_ROOMS = [
    ("today", "Today"),
    ("plan", "Plan"),
    ("progress", "Progress"),
    ("back", "My back"),
    ("data", "Data"),
    ("appointments", "Therapist"),
]
STAFF_ROOMS = [("inbox", "Requests")]


def rooms(request):
    """The frame's navigation; empty for visitors, but for Help, which is at the top for all."""
    user = request.user
    in_help = request.path.startswith(reverse("help"))
    if not user.is_authenticated:
        return {"rooms": [], "in_help": in_help}
    listed = STAFF_ROOMS if user.is_clinic_staff else WALKER_ROOMS
    rooms = [{"name": name, "label": label, "url": reverse(name)} for name, label in listed]
    for room in rooms:
        inside = room["url"] != "/" and request.path.startswith(room["url"])
        room["current"] = inside or request.path == room["url"]
    return {"rooms": rooms, "in_help": in_help}

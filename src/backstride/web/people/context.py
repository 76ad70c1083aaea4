"""What every page's frame needs: which rooms this person may enter."""

from __future__ import annotations

from django.urls import reverse

WALKER_ROOMS = [
    ("today", "Today"),
    ("plan", "Plan"),
    ("progress", "Progress"),
    ("data", "Data"),
    ("appointments", "Therapist"),
]
STAFF_ROOMS = [("inbox", "Requests")]


def rooms(request):
    """The frame's navigation; empty for visitors."""
    user = request.user
    if not user.is_authenticated:
        return {"rooms": []}
    listed = STAFF_ROOMS if user.is_clinic_staff else WALKER_ROOMS
    here = request.resolver_match.view_name if request.resolver_match else ""
    return {
        "rooms": [
            {"name": name, "label": label, "url": reverse(name), "current": here == name}
            for name, label in listed
        ]
    }

"""Pages that a walker's phone may keep, to be opened without a network."""

from __future__ import annotations

from functools import wraps

HEADER = "X-Offline-Copy"  # on an answer: whose page it is, and for how many hours it holds
DAY_AND_A_HALF = 36  # hours: what is planned today is old the day after tomorrow
FOUR_WEEKS = 28 * 24


def kept_offline(hours: int):
    """Let the phone of the walker who is signed in keep this page for so many hours.

    `sw.js` keeps it. A page that it fetches by itself, with the header in the request, shows
    no messages: they wait for a page that somebody looks at.
    """

    def kept(view):
        @wraps(view)
        def marked(request, *args, **kwargs):
            if HEADER in request.headers and hasattr(request, "_messages"):
                del request._messages  # Django shows and forgets none where there is none
            response = view(request, *args, **kwargs)
            user = request.user
            is_walker = user.is_authenticated and not user.is_clinic_staff
            if is_walker and request.method == "GET" and response.status_code == 200:
                response[HEADER] = f"{user.pk} {hours}"
            return response

        return marked

    return kept

"""What the recording page says from its script; a number takes the place of #."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

QUALITY = {  # how sure the steps of a bout are
    "good": gettext_lazy("good"),
    "fair": gettext_lazy("fair"),
    "poor": gettext_lazy("poor"),
}
WORDS = {
    "ready": gettext_lazy("Ready"),
    "start": gettext_lazy("Start walking"),
    "pause": gettext_lazy("Pause"),
    "go_on": gettext_lazy("Go on"),
    "walking": gettext_lazy("Walking"),
    "paused": gettext_lazy("Paused"),
    "on_pace": gettext_lazy("On pace"),
    "slower": gettext_lazy("A little slower is fine"),
    "faster": gettext_lazy("A little faster, if you like"),
    "standing": gettext_lazy("Standing"),
    "finding": gettext_lazy("Finding your rhythm"),
    "minute": gettext_lazy("# minutes"),
    "no_motion": gettext_lazy(
        "This phone gives no motion here, so the walk is timed: minutes count, steps don't."
    ),
    "denied": gettext_lazy(
        "Motion was not allowed, so the walk is timed: minutes count, steps don't. You can "
        "allow it in the browser's settings."
    ),
    "insecure": gettext_lazy(
        "Browsers give motion only over https, so the walk is timed: minutes count, steps don't."
    ),
    "no_storage": gettext_lazy(
        "This browser keeps nothing here, as in a private window. Stay on this page until the "
        "walk is sent."
    ),
    "no_wake": gettext_lazy(
        "The screen may turn off, and the phone stops counting then. Keep it on if you can."
    ),
    "no_route": gettext_lazy("No place could be found. The walk goes on without a route."),
    "hidden": gettext_lazy(
        "The page was out of sight for # seconds. Steps taken then may be missing."
    ),
    "left": gettext_lazy("A walk of # minutes is still open on this phone."),
    "waiting": gettext_lazy(
        "A walk is kept on this phone. It will be sent when the network is back."
    ),
    "waiting_many": gettext_lazy(
        "# walks are kept on this phone. They will be sent when the network is back."
    ),
    "sending": gettext_lazy("Sending your walk."),
    "sent": gettext_lazy("Your walk has arrived."),
    "see": gettext_lazy("See your walk"),
    "not_sent": gettext_lazy("Kept on this phone, not sent:"),
    "sign_in_link": gettext_lazy("Sign in"),
    "sure": gettext_lazy("Throw this walk away? It can't be brought back."),
    "sign_in": gettext_lazy("Sign in again, then your walk is sent."),
    "too_short": gettext_lazy("That was under half a minute, so nothing was kept."),
    "longest": gettext_lazy("Ten hours are the most, so this walk was ended and kept."),
}

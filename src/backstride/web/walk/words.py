"""What the recording page says from its script; a number takes the place of #."""

from __future__ import annotations

WORDS = {
    "ready": "Ready",
    "start": "Start walking",
    "pause": "Pause",
    "go_on": "Go on",
    "walking": "Walking",
    "paused": "Paused",
    "on_pace": "On pace",
    "slower": "A little slower is fine",
    "faster": "A little faster, if you like",
    "standing": "Standing",
    "finding": "Finding your rhythm",
    "minute": "# minutes",
    "no_motion": (
        "This phone gives no motion here, so the walk is timed: minutes count, steps don't."
    ),
    "denied": (
        "Motion was not allowed, so the walk is timed: minutes count, steps don't. You can "
        "allow it in the browser's settings."
    ),
    "insecure": (
        "Browsers give motion only over https, so the walk is timed: minutes count, steps don't."
    ),
    "no_storage": (
        "This browser keeps nothing here, as in a private window. Stay on this page until the "
        "walk is sent."
    ),
    "no_wake": "The screen may turn off, and the phone stops counting then. Keep it on if you can.",
    "no_route": "No place could be found. The walk goes on without a route.",
    "hidden": "The page was out of sight for # seconds. Steps taken then may be missing.",
    "left": "A walk of # minutes is still open on this phone.",
    "waiting": "A walk is kept on this phone. It will be sent when the network is back.",
    "waiting_many": "# walks are kept on this phone. They will be sent when the network is back.",
    "sending": "Sending your walk.",
    "sent": "Your walk has arrived.",
    "see": "See your walk",
    "not_sent": "Kept on this phone, not sent:",
    "sign_in_link": "Sign in",
    "sure": "Throw this walk away? It can't be brought back.",
    "sign_in": "Sign in again, then your walk is sent.",
    "too_short": "That was under half a minute, so nothing was kept.",
    "longest": "Ten hours are the most, so this walk was ended and kept.",
}

"""A browser's name for a list of devices, from what it says of itself."""

from __future__ import annotations

from backstride.words import say

# The first that is in the text counts: Edge calls itself Chrome too, and Chrome Safari.
BROWSERS = (("Edg", "Edge"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"),
            ("Chrome", "Chrome"), ("Safari", "Safari"))  # fmt: skip
SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
           ("Mac OS", "Mac"), ("CrOS", "ChromeOS"), ("Linux", "Linux"))  # fmt: skip

ON = " on "


def name_of(agent: str) -> str:
    """“Chrome on Android”, or “A browser” where it doesn't say."""
    browser = next((name for sign, name in BROWSERS if sign in agent), "A browser")
    system = next((name for sign, name in SYSTEMS if sign in agent), "")
    return f"{browser}{ON}{system}" if system else browser


def told(name: str) -> str:
    """A name as `name_of` gave it, in the reader's language."""
    browser, on, system = name.partition(ON)
    named = say("A browser") if browser == "A browser" else browser
    return say("{browser} on {system}", browser=named, system=system) if on else named

"""The routine's timer: led through holds by the clock, through sets by the thumb."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

NUMBERS = re.compile(r'data-timer data-sets="\d+" data-reps="\d+" data-hold="\d+" data-sides="\d"')


@pytest.fixture
def phone(chromium):
    """Without the service worker, whose requests can't be answered by a test."""
    context = chromium.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, service_workers="block"
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def first(serve, phone):
    """Opens today's routine with its first exercise made to be of these numbers, whatever
    the day asks for, and the clock standing still."""

    def opened(sets: int, reps: int, hold: int, sides: int):
        site = serve("--demo")
        phone.goto(site.url)
        phone.get_by_role("button", name="Open the demo").click()
        asked = {"sets": sets, "reps": reps, "hold": hold, "sides": sides}
        numbers = " ".join(["data-timer", *(f'data-{key}="{n}"' for key, n in asked.items())])

        def fixed(route):
            answer = route.fetch()
            route.fulfill(response=answer, body=NUMBERS.sub(numbers, answer.text(), count=1))

        phone.route("**/plan/routine/", fixed)
        phone.goto(site.url + "/plan/routine/")
        phone.clock.install()
        phone.clock.pause_at(phone.evaluate("Date.now() / 1000 + 5"))
        return phone.locator("[data-timer]").first

    return opened


def test_holds_are_led_by_the_clock(first, phone):
    box = first(sets=2, reps=2, hold=5, sides=2)
    said, left = box.locator("[data-said]"), box.locator("[data-left]")
    box.get_by_role("button", name=re.compile("Lead me through")).click()
    seen: Counter[str] = Counter()
    while (text := said.inner_text()) != "Well done. How was it?":
        seen[text] += 1
        assert seen.total() < 40
        if text.startswith("Rest"):
            phone.clock.run_for(60_000)
            expect(said).to_have_text(text)
            box.get_by_role("button", name="Next set").click()
            continue
        if text.startswith("Hold"):
            assert left.inner_text() == "5"
        phone.clock.run_for(1000 * int(left.inner_text()))
    assert seen == {
        "Get ready: Set 1 of 2, first side": 1,
        "Get ready: Set 1 of 2, other side": 1,
        "Get ready: Set 2 of 2, first side": 1,
        "Get ready: Set 2 of 2, other side": 1,
        "Hold, 1 of 2": 4,
        "Hold, 2 of 2": 4,
        "Let go": 4,
        "Rest as long as you like": 1,
    }


def test_repetitions_wait_for_a_tap_and_stop_stops(first, phone):
    box = first(sets=2, reps=8, hold=0, sides=1)
    said = box.locator("[data-said]")
    box.get_by_role("button", name=re.compile("Lead me through")).click()
    phone.clock.run_for(60_000)
    expect(said).to_have_text("Set 1 of 2: 8 times, without hurry")
    box.get_by_role("button", name="That's done").click()
    expect(said).to_have_text("Rest as long as you like")
    box.get_by_role("button", name="Stop").click()
    expect(said).to_be_empty()
    expect(box.get_by_role("button", name="Lead me through it")).to_be_focused()

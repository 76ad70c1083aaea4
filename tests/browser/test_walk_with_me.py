"""Walk with me in a real browser: a real phone's walk is replayed as motion events.

The page's clock is moved by hand, so that 70 s of walking take a few seconds and every
reading has its own time.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from browser.conftest import watched
from web.walk.phones import NAME, TRUTH, readings

pytestmark = pytest.mark.browser

OFFLINE = "net::ERR_INTERNET_DISCONNECTED"
BROKEN = "net::ERR_FAILED"
# One second of readings, each with the time that it was taken at.
DISPATCH = """([since, rows]) => {
  for (const [ms, x, y, z] of rows) {
    const event = new Event("devicemotion");
    Object.defineProperty(event, "timeStamp", { value: since + ms });
    Object.defineProperty(event, "accelerationIncludingGravity", { value: { x, y, z } });
    window.dispatchEvent(event);
  }
}"""


@pytest.fixture
def today(serve, phone):
    """The demo's Today, with a clock that is moved by hand from then on."""
    site = serve("--demo")
    phone.goto(site.url)
    phone.get_by_role("button", name="Open the demo").click()
    expect(phone.get_by_role("link", name="Robin Demo")).to_be_visible()
    return site


def stop_clock(page) -> None:
    page.clock.install()
    page.clock.pause_at(page.evaluate("Date.now() / 1000 + 1"))  # seconds


def begin(page, site) -> None:
    page.goto(site.url)
    page.get_by_role("link", name="Walk with me").click()
    page.wait_for_url(re.compile(r"/walk/$"))
    stop_clock(page)
    page.get_by_role("button", name="Start walking").click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()


def walk(page, seconds: int = 70) -> None:
    """Replay the phone's walk."""
    rows = [[float(value) for value in row] for row in readings(NAME).tolist()]
    since = page.evaluate("performance.now()")
    for second in range(seconds):
        piece = [row for row in rows if second <= row[0] / 1000 < second + 1]
        page.evaluate(DISPATCH, [since, piece])
        page.clock.run_for(1000)


def figure(page, name: str) -> int:
    found = page.locator("dl.stats div").filter(has_text=name).locator("dd")
    return int(found.inner_text().replace(",", ""))


def walks_in_data(page, site) -> int:
    page.goto(site.url + "/data/")
    return page.get_by_role("listitem").filter(has_text="Walk with me,").count()


def finish(page) -> None:
    page.get_by_role("button", name="Finish").click()


def expect_walk_page(page) -> None:
    page.wait_for_url(re.compile(r"/walk/[0-9a-f-]{36}/$"))
    page.clock.resume()
    expect(page.get_by_text("Two counts of the same walk")).to_be_visible(timeout=30_000)


def test_live_and_measured_steps_against_foot_switches(today, phone, record_property, capsys):
    begin(phone, today)
    walk(phone)
    expect(phone.locator("[data-time]")).to_have_text(re.compile(r"^1:(09|10|11)$"))
    assert 95 <= int(phone.locator("[data-cadence]").inner_text()) <= 130
    finish(phone)
    expect_walk_page(phone)
    live, measured = figure(phone, "counted live"), figure(phone, "steps, measured")
    errors = {"live": live / TRUTH - 1, "measured": measured / TRUTH - 1}
    with capsys.disabled():
        said = ", ".join(f"{name} {error:+.1%}" for name, error in errors.items())
        print(f"\n{NAME}, {TRUTH} steps by foot switches: {said}")  # noqa: T201
    assert abs(errors["live"]) <= 0.08
    assert abs(errors["measured"]) <= 0.05
    expect(phone.get_by_text("in a pocket")).to_be_visible()
    phone.get_by_role("button", name="3 of 10").click()
    expect(phone.get_by_text("Noted: pain 3 of 10 on the walk. Well walked.")).to_be_visible()
    assert walks_in_data(phone, today) == 1


def test_no_network_and_a_closed_tab_lose_nothing(today, phone):
    begin(phone, today)
    walk(phone)
    phone.context.set_offline(True)
    finish(phone)
    expect(phone.get_by_text("It will be sent when the network is back.")).to_be_visible()
    assert all(OFFLINE in text for text in phone.complaints)
    phone.complaints.clear()
    context = phone.context
    phone.close()
    context.set_offline(False)
    again = watched(context.new_page())
    again.clock.resume()
    again.goto(today.url)
    expect(again.get_by_text("Your walk has arrived.")).to_be_visible()
    again.get_by_role("link", name="See your walk").click()
    expect(again.get_by_text("Two counts of the same walk")).to_be_visible(timeout=30_000)
    assert walks_in_data(again, today) == 1
    again.goto(today.url + "/walk/")
    expect(again.get_by_role("button", name="Start walking")).to_be_visible()
    expect(again.get_by_text("Welcome back")).to_be_hidden()
    assert not again.complaints


def test_an_answer_that_is_lost_makes_no_second_walk(today, phone):
    begin(phone, today)
    walk(phone, 40)

    def arrived_but_unheard(route):
        route.fetch()
        route.abort()

    phone.route("**/walk/send/", arrived_but_unheard)
    finish(phone)
    expect(phone.get_by_text("It will be sent when the network is back.")).to_be_visible()
    assert all(BROKEN in text for text in phone.complaints)
    phone.complaints.clear()
    phone.unroute("**/walk/send/")
    phone.get_by_role("button", name="Send now").click()
    expect(phone.get_by_text("Your walk has arrived.")).to_be_visible()
    phone.clock.resume()
    assert walks_in_data(phone, today) == 1


def test_a_tab_killed_on_the_way_is_taken_up_again(today, phone):
    begin(phone, today)
    walk(phone, 45)
    shown = int(phone.locator("[data-steps]").inner_text())
    context = phone.context
    phone.close()
    again = watched(context.new_page())
    again.goto(today.url + "/walk/")
    expect(again.get_by_text("A walk of 1 minutes is still open on this phone.")).to_be_visible()
    again.get_by_role("button", name="End it and keep it").click()
    expect_walk_page(again)
    assert abs(figure(again, "counted live") - shown) <= 8  # two seconds may be lost
    assert figure(again, "steps, measured") > 60
    assert walks_in_data(again, today) == 1
    assert not again.complaints


def test_without_motion_the_walk_is_timed(today, phone):
    begin(phone, today)
    phone.clock.run_for(5_000)
    expect(phone.get_by_text("This phone gives no motion here")).to_be_visible()
    phone.clock.run_for(175_000)
    phone.get_by_role("button", name="Pause").click()
    phone.clock.run_for(600_000)
    phone.get_by_role("button", name="Go on").click()
    phone.clock.run_for(60_000)
    expect(phone.locator("[data-time]")).to_have_text("4:00")
    finish(phone)
    phone.wait_for_url(re.compile(r"/walk/[0-9a-f-]{36}/$"))
    expect(phone.get_by_text("4 minutes").first).to_be_visible()
    expect(phone.get_by_text("the minutes count and no steps")).to_be_visible()


def test_the_pocket_is_deaf_to_taps(today, phone):
    begin(phone, today)
    phone.get_by_role("button", name="Into the pocket").click()
    unlock = phone.get_by_role("button", name="Hold to unlock")
    unlock.click()
    phone.clock.run_for(2_000)
    expect(unlock).to_be_visible()
    unlock.hover()
    phone.mouse.down()
    phone.clock.run_for(1_000)
    phone.mouse.up()
    expect(unlock).to_be_hidden()
    phone.get_by_role("button", name="Into the pocket").click()
    unlock.focus()
    phone.keyboard.press("Enter")
    expect(unlock).to_be_hidden()


def test_a_walk_that_is_over_at_once_is_not_kept(today, phone):
    begin(phone, today)
    phone.clock.run_for(3_000)
    finish(phone)
    expect(phone.get_by_text("nothing was kept")).to_be_visible()
    phone.reload()
    expect(phone.get_by_text("Welcome back")).to_be_hidden()
    phone.clock.resume()
    assert walks_in_data(phone, today) == 0

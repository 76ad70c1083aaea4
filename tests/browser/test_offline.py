"""The network is cut, the tab is killed, someone else signs in: nothing is lost or doubled."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Error, expect

from browser.steps import PASSWORD, answer_safety, press, sign_in, sign_up

pytestmark = pytest.mark.browser
WALKER = "ofra@example.org"


def until(page, script, within_s=15):
    """As wait_for_function, which the strict CSP doesn't let run."""
    end = time.monotonic() + within_s
    while not _holds(page, script):
        assert time.monotonic() < end, script
        page.wait_for_timeout(100)


def _holds(page, script) -> bool:
    try:
        return page.evaluate(script)
    except Error as error:
        if "context was destroyed" not in str(error):  # by the page reading itself anew
            raise
        return False


@pytest.fixture
def site(serve, phone):
    """The walker is signed in and cleared, and the service worker has what it keeps."""
    site = serve("--demo")
    sign_up(phone, site.url, WALKER)
    answer_safety(phone)
    phone.goto(site.url + "/")
    until(phone, "navigator.serviceWorker.controller !== null")
    until(phone, "caches.open('today').then(c => c.match('/offline/owner')).then(Boolean)")
    return site


def forget_dead_network(page):
    of_it = ("ERR_INTERNET", "htmx:sendError", "htmx:afterRequest")
    page.complaints[:] = [said for said in page.complaints if not any(w in said for w in of_it)]


def diary(page, site) -> str:
    page.goto(site.url + "/log/")
    return page.get_by_role("main").inner_text()


def test_a_check_in_without_network_survives_a_killed_tab(site, phone):
    context = phone.context
    context.set_offline(True)
    phone.get_by_role("button", name="4 of 10").click()
    expect(phone.locator("#waiting")).to_contain_text("1 note waiting for the network")
    phone.get_by_role("button", name=re.compile("^Ibuprofen")).click()
    expect(phone.locator("#waiting")).to_contain_text("2 notes waiting")
    mood = phone.get_by_role("button", name="Mood: good", exact=True)
    mood.click()
    expect(phone.locator("#waiting")).to_contain_text("3 notes waiting")
    expect(mood).to_have_attribute("aria-pressed", "true")
    forget_dead_network(phone)
    phone.close()

    context.set_offline(False)
    page = context.new_page()
    page.goto(site.url + "/about/")  # any page sends
    until(page, "backstrideOutbox.all().then((notes) => notes.length === 0)")
    page.goto(site.url + "/")
    expect(page.get_by_role("button", name="Undo pain 4 at")).to_be_visible()
    expect(page.locator("#waiting")).to_be_empty()
    mood = page.get_by_role("button", name="Mood: good", exact=True)
    expect(mood).to_have_attribute("aria-pressed", "true")
    assert diary(page, site).count("pain 4 of 10") == 1
    assert diary(page, site).count("Ibuprofen") == 1


def test_a_note_whose_answer_was_lost_is_kept_once(site, phone):
    """The server has it, the phone doesn't know: it is sent again, and counted once."""
    arrived = []

    def lose_the_answer(route):
        if route.request.method == "POST":
            arrived.append(route.fetch().status)
            route.abort()
        else:
            route.continue_()

    phone.route("**/outbox/", lose_the_answer)
    phone.get_by_role("button", name="6 of 10").click()
    until(phone, "backstrideOutbox.all().then((notes) => notes.length === 0)")
    assert arrived == [200]  # and the second came from the service worker, which took it out
    phone.complaints[:] = [said for said in phone.complaints if "ERR_FAILED" not in said]
    expect(phone.get_by_role("button", name="Undo pain 6 at")).to_be_visible()
    assert diary(phone, site).count("pain 6 of 10") == 1


def test_another_person_neither_sees_nor_sends_it(site, phone):
    phone.context.set_offline(True)
    phone.get_by_role("button", name="7 of 10").click()
    expect(phone.locator("#waiting")).to_contain_text("1 note waiting")
    forget_dead_network(phone)
    phone.context.clear_cookies(name="sessionid")
    phone.context.set_offline(False)
    phone.goto(site.url + "/")
    press(phone, "Open the demo")
    phone.goto(site.url + "/")
    expect(phone.locator("#waiting")).to_be_empty()
    assert phone.evaluate("backstrideOutbox.all().then((notes) => notes.length)") == 1
    assert phone.get_by_role("button", name="Undo pain 7 at").count() == 0

    phone.context.clear_cookies(name="sessionid")
    sign_in(phone, site.url, WALKER)  # leads to Today, which sends and reads itself anew
    expect(phone.get_by_role("button", name="Undo pain 7 at")).to_be_visible()


def test_a_lost_session_loses_no_note(site, phone):
    phone.goto(site.url + "/back/")
    phone.get_by_label("A note for yourself").fill("Better after the hill.")
    phone.context.clear_cookies(name="sessionid")
    with phone.expect_navigation(url=re.compile("/account/login/")):
        phone.get_by_role("button", name="Keep this note").click()
    phone.get_by_label("Email").fill(WALKER)
    phone.get_by_label("Password").fill(PASSWORD)
    phone.get_by_role("main").get_by_role("button", name="Sign in").click()
    phone.wait_for_url(site.url + "/back/")
    until(phone, "backstrideOutbox.all().then((notes) => notes.length === 0)")
    phone.goto(site.url + "/back/timeline/")
    expect(phone.get_by_role("main")).to_contain_text("Better after the hill.")


def test_the_last_today_opens_without_network_and_other_pages_say_so(site, phone):
    phone.context.set_offline(True)
    phone.goto(site.url + "/")
    expect(phone.get_by_role("heading", name="Pain medicine taken")).to_be_visible()
    phone.goto(site.url + "/plan/")
    expect(phone.get_by_role("heading", name="No network right now")).to_be_visible()
    phone.context.set_offline(False)
    forget_dead_network(phone)


def test_signing_out_lets_the_copy_go(site, phone):
    phone.goto(site.url + "/you/")
    press(phone, "Sign out")
    until(phone, "caches.has('today').then(has => !has)")

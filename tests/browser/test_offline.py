"""The network is cut, the tab is killed, someone else signs in: nothing is lost or doubled."""

from __future__ import annotations

import re
import sqlite3
import time

import pytest
from playwright.sync_api import Error, expect

from browser.conftest import watched
from browser.steps import PASSWORD, answer_safety, press, sign_in, sign_up

pytestmark = pytest.mark.browser
WALKER = "ofra@example.org"
KEPT = "caches.open('copies').then(c => c.match('PAGE', {ignoreVary: true})).then(Boolean)"
WAITING = "backstrideOutbox.all().then((notes) => notes.length)"


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
    until(phone, KEPT.replace("PAGE", "/"))
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
    expect(phone.locator("#waiting")).to_contain_text(
        "1 note is kept on this phone, and will be sent"
    )
    phone.get_by_role("button", name=re.compile("^Ibuprofen")).click()
    expect(phone.locator("#waiting")).to_contain_text("2 notes are kept")
    mood = phone.get_by_role("button", name="Mood: good", exact=True)
    mood.click()
    expect(phone.locator("#waiting")).to_contain_text("3 notes are kept")
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
    expect(phone.locator("#waiting")).to_contain_text("1 note is kept")
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


def lose_session(site) -> None:
    """The server forgets every session; the browser has its cookie still."""
    with sqlite3.connect(site.home / "backstride.sqlite3") as base:
        base.execute("DELETE FROM django_session")
    base.close()


def sign_in_again(phone) -> None:
    phone.get_by_label("Email").fill(WALKER)
    phone.get_by_label("Password").fill(PASSWORD)
    phone.get_by_role("main").get_by_role("button", name="Sign in").click()


def test_a_lost_session_loses_no_note(site, phone):
    phone.goto(site.url + "/back/")
    phone.get_by_label("A note for yourself").fill("Better after the hill.")
    lose_session(site)
    with phone.expect_navigation(url=re.compile("/account/login/")):
        phone.get_by_role("button", name="Keep this note").click()
    sign_in_again(phone)
    expect(phone.get_by_text("Your note is kept.")).to_be_visible()
    phone.goto(site.url + "/back/timeline/")
    expect(phone.get_by_role("main")).to_contain_text("Better after the hill.")


def test_a_check_in_that_met_a_lost_session_is_sent_once_signed_in(site, phone):
    """One that goes by itself, one that htmx sends, and one that was typed."""
    lose_session(site)
    with phone.expect_navigation(url=re.compile("/account/login/")):
        phone.get_by_role("button", name="Mood: good", exact=True).click()
    sign_in_again(phone)
    mood = phone.get_by_role("button", name="Mood: good", exact=True)
    expect(mood).to_have_attribute("aria-pressed", "true")

    lose_session(site)
    phone.get_by_text("Another medicine").click()
    phone.get_by_label("Name").fill("Etoricoxib")
    phone.get_by_label("How much").fill("90")
    with phone.expect_navigation(url=re.compile("/account/login/")):
        phone.get_by_role("button", name="Note it").click()
    sign_in_again(phone)
    expect(phone.get_by_role("button", name="Undo Etoricoxib 90 mg at")).to_be_visible()
    diary(phone, site)  # says what was noted
    assert diary(phone, site).count("Etoricoxib") == 1


def test_a_questionnaire_that_met_a_lost_session_comes_to_its_score(site, phone):
    phone.goto(site.url + "/back/forms/rmdq/")
    ticks = phone.get_by_role("checkbox")
    for n in range(6):
        ticks.nth(4 * n).check()
    expect(phone.locator("#kept")).to_contain_text("Kept: 6 of 24.")
    lose_session(site)
    with phone.expect_navigation(url=re.compile("/account/login/")):
        phone.get_by_role("button", name="Done", exact=True).click()
    sign_in_again(phone)
    expect(phone.get_by_role("heading", name="6 of 24")).to_be_visible()


def test_what_was_typed_is_there_again_after_a_lost_session(site, phone):
    """A longer form that isn't a note: what is ticked, what isn't any more, times and numbers."""
    phone.goto(site.url + "/plan/preferences/")
    day = phone.get_by_label("Wednesday")
    expect(day).to_be_checked()
    day.uncheck()
    phone.get_by_label("Time of day that suits me").fill("17:45")
    phone.get_by_label("Minutes a day beside the walk").fill("20")
    phone.get_by_label("Give me a goal of steps for each day").check()
    aim = phone.get_by_label("What I walk for")
    aim.fill("to the lake and back")
    lose_session(site)
    press(phone, "Note this")
    assert "/account/login/" in phone.url
    sign_in_again(phone)
    phone.wait_for_url(site.url + "/plan/preferences/")
    expect(phone.get_by_text("It is not sent yet.")).to_be_visible()
    expect(day).not_to_be_checked()
    expect(phone.get_by_label("Monday")).to_be_checked()
    expect(phone.get_by_label("Time of day that suits me")).to_have_value("17:45")
    expect(phone.get_by_label("Minutes a day beside the walk")).to_have_value("20")
    expect(phone.get_by_label("Give me a goal of steps for each day")).to_be_checked()
    expect(aim).to_have_value("to the lake and back")
    press(phone, "Note this")
    phone.goto(site.url + "/plan/preferences/")
    expect(day).not_to_be_checked()
    expect(aim).to_have_value("to the lake and back")
    expect(phone.get_by_text("It is not sent yet.")).to_have_count(0)


def test_the_last_pages_open_without_network_and_others_say_so(site, phone):
    phone.get_by_role("button", name="3 of 10").click()
    expect(phone.get_by_text("Noted: pain 3 of 10.")).to_be_visible()
    until(phone, KEPT.replace("PAGE", "/help/cards/shoes/"), within_s=60)  # one after another
    phone.context.set_offline(True)
    pages = {
        "/": "Pain medicine taken",  # as the last navigation brought it, but for its message
        "/back/": "Where does it hurt?",
        "/plan/routine/": "Routine",
        "/help/": "Help",
        "/help/worry/": "When to worry",
        "/help/flare/": "In a flare-up",
        "/help/cards/shoes/": "What to wear on your feet",
    }
    for path, heading in pages.items():
        phone.goto(site.url + path)
        expect(phone.get_by_role("heading", name=re.compile(heading)).first).to_be_visible()
        expect(phone.locator("#waiting")).to_contain_text("No network. You see this page as it was")
    phone.goto(site.url + "/")
    expect(phone.get_by_role("button", name="Undo pain 3 at")).to_be_visible()
    expect(phone.get_by_text("Noted: pain 3 of 10.")).to_have_count(0)
    phone.goto(site.url + "/walk/")
    expect(phone.get_by_role("button", name="Start walking")).to_be_visible()
    phone.goto(site.url + "/plan/")
    expect(phone.get_by_role("heading", name="No network right now")).to_be_visible()
    phone.context.set_offline(False)
    forget_dead_network(phone)


@pytest.mark.parametrize("has_script", [True, False])
def test_signing_out_lets_the_copies_go(site, phone, has_script):
    phone.goto(site.url + "/you/")
    if has_script:
        press(phone, "Sign out")
    else:  # as the browser sends a form by itself: no listener of the page hears of it
        with phone.expect_navigation():
            phone.evaluate("document.querySelector('form[action$=\"/logout/\"]').submit()")
    until(phone, "caches.has('copies').then(has => !has)")
    phone.context.set_offline(True)
    phone.goto(site.url + "/back/")
    expect(phone.get_by_role("heading", name="No network right now")).to_be_visible()
    phone.context.set_offline(False)
    forget_dead_network(phone)


@pytest.fixture
def tab(chromium):
    """A phone's page without the service worker, whose requests a test can't answer."""
    context = chromium.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, service_workers="block"
    )
    page = watched(context.new_page())
    yield page
    context.close()
    complaints = [said for said in page.complaints if "blocked by Playwright" not in said]
    assert not complaints, complaints


@pytest.mark.parametrize("choice", ["Keep on this phone", "Delete", "Stay"])
def test_what_is_unsent_is_asked_about_at_sign_out(serve, tab, choice):
    """The server can't take it just now: it is neither lost nor left there unasked."""
    site = serve("--demo")
    sign_up(tab, site.url, WALKER)
    answer_safety(tab)
    tab.goto(site.url + "/")
    tab.route("**/outbox/", lambda route: route.fulfill(status=503, body="{}"))
    tab.get_by_role("button", name="7 of 10").click()
    expect(tab.locator("#waiting")).to_contain_text("1 note is kept")
    tab.goto(site.url + "/you/")
    expect(tab.locator("#waiting")).to_contain_text("1 note is kept")
    tab.get_by_role("button", name="Sign out").click()
    asked = tab.get_by_role("dialog", name="1 note is not sent yet")
    expect(asked).to_be_visible()
    if choice == "Stay":
        asked.get_by_role("button", name="Stay signed in").click()
        expect(asked).to_be_hidden()
        assert tab.url == site.url + "/you/"
    else:
        with tab.expect_navigation():
            asked.get_by_role("button", name=re.compile(f"^{choice}")).click()
        expect(tab.get_by_role("link", name="Sign in").first).to_be_visible()
    assert tab.evaluate(WAITING) == (0 if choice == "Delete" else 1)
    tab.complaints[:] = [said for said in tab.complaints if "503" not in said]
    tab.unroute("**/outbox/")
    if choice.startswith("Keep"):
        sign_in(tab, site.url, WALKER)
        expect(tab.get_by_role("button", name="Undo pain 7 at")).to_be_visible()


def test_each_small_form_goes_through_the_outbox(site, phone):
    """The network goes while the page is open; each form says that it is kept."""
    until(phone, KEPT.replace("PAGE", "/help/flare/"), within_s=60)
    phone.context.set_offline(True)
    phone.goto(site.url + "/back/")
    box = phone.locator("input[value=buttock_left]")
    phone.locator(".place", has=box).locator("path").tap()
    phone.get_by_role("button", name="5 of 10").click()
    expect(phone.locator("form[data-outbox=where]")).to_contain_text("5 of 10: kept on this phone")
    phone.goto(site.url + "/help/flare/")
    phone.get_by_role("button", name="8 of 10").click()
    expect(phone.locator("#waiting")).to_contain_text("2 notes are kept")
    phone.context.set_offline(False)
    phone.goto(site.url + "/back/forms/peg/")
    phone.context.set_offline(True)
    for name in ("q_pain", "q_enjoyment", "q_activity"):
        phone.locator(f"input[name={name}][value='4']").check()
        expect(phone.locator("#kept")).to_contain_text("Kept on this phone.")
    phone.get_by_role("button", name="Done", exact=True).click()
    expect(phone.locator("#kept")).to_contain_text("Done: kept on this phone.")
    forget_dead_network(phone)


def test_notes_are_sent_once_though_all_send_at_once(site, phone):
    """Two tabs and each twice: the lock makes one sender of them."""
    other = phone.context.new_page()
    other.goto(site.url + "/about/")
    sent = []
    phone.context.on("request", lambda request: sent.append(request.method))
    note = """(nprs) => backstrideOutbox.put({
        key: crypto.randomUUID(), kind: "pain", at: Date.now() - 9000 * nprs, page: "/",
        person: Number(document.querySelector("meta[name=person]").content),
        fields: [["nprs", String(nprs)]], words: ""})"""
    for nprs in (1, 2, 3):
        phone.evaluate(note, nprs)
    both = "Promise.all([backstrideOutbox.send(), backstrideOutbox.send()]).then(() => true)"
    phone.evaluate(f"window.sending = {both}; null")
    assert other.evaluate(both)
    assert phone.evaluate("window.sending")
    assert sent.count("POST") == 3
    assert phone.evaluate(WAITING) == 0
    diary(phone, site)  # says what was noted
    said = diary(phone, site)
    assert [said.count(f"pain {n} of 10") for n in (1, 2, 3)] == [1, 1, 1]

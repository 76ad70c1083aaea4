"""My back and Progress as a person meets them: keyboard, finger, a break in the middle."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import expect

from browser.conftest import watched
from browser.steps import PASSWORD, answer_safety, press, sign_in, sign_up

pytestmark = pytest.mark.browser

WALKER = "mia@example.org"
CHECK_IN_S = 15


@pytest.fixture
def site(serve, phone):
    """A site whose walker has just answered the safety questions."""
    running = serve()
    sign_up(phone, running.url, WALKER)
    answer_safety(phone)
    return running


def test_the_body_map_by_keyboard_alone(site, phone):
    phone.goto(site.url + "/back/")
    box = phone.get_by_role("checkbox", name="low back, left", exact=True)
    for _ in range(60):
        phone.keyboard.press("Tab")
        if box.evaluate("box => box === document.activeElement"):
            break
    expect(box).to_be_focused()
    place = phone.locator(".place", has=box)
    expect(place.locator("span")).to_be_in_viewport()  # the name shows with the focus
    phone.keyboard.press("Space")
    expect(box).to_be_checked()
    phone.keyboard.press("Tab")
    expect(phone.get_by_role("checkbox", name="low back, right")).to_be_focused()
    phone.keyboard.press("Tab")
    phone.keyboard.press("Space")
    expect(phone.locator("[data-chosen]")).to_have_text("Chosen: low back, left; low back, middle")
    number = phone.get_by_role("button", name="4 of 10", exact=True)
    for _ in range(60):
        phone.keyboard.press("Tab")
        if number.evaluate("button => button === document.activeElement"):
            break
    phone.keyboard.press("Enter")
    said = phone.get_by_role("status").first
    expect(said).to_contain_text("Noted: pain 4 of 10, low back, left; low back, middle.")
    expect(phone.get_by_role("checkbox", name="low back, left", exact=True)).to_be_checked()


def test_the_body_map_by_finger_without_a_script(site, phone, chromium):
    context = chromium.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, java_script_enabled=False
    )
    page = watched(context.new_page())
    sign_in(page, site.url, WALKER)
    page.goto(site.url + "/back/")
    for key in ("buttock_left", "knee_right", "heel_left"):
        box = page.locator(f"input[value={key}]")
        page.locator(".place", has=box).locator("path").tap()
        expect(box).to_be_checked()
    page.locator(".place", has=page.locator("input[value=heel_left]")).locator("path").tap()
    press(page, "6 of 10")
    expect(page.get_by_role("status").first).to_contain_text("buttock, left; knee, right.")
    context.close()
    assert not page.complaints


def test_each_place_is_large_enough_for_a_finger(site, phone):
    """24 px is the least that WCAG 2.2 (2.5.8) asks for."""
    phone.goto(site.url + "/back/")
    sizes = phone.evaluate(
        "[...document.querySelectorAll('.place path')].map(p => p.getBoundingClientRect())"
        ".map(box => Math.min(box.width, box.height))"
    )
    assert len(sizes) > 20
    assert min(sizes) >= 24


def test_a_form_left_in_the_middle_is_taken_up_again(site, phone, chromium):
    phone.goto(site.url + "/back/")
    phone.get_by_role("link", name="What your back makes hard today").click()
    for text in ("I walk more slowly than usual", "I only stand for short periods"):
        phone.get_by_label(text).check()
    expect(phone.get_by_role("status")).to_contain_text("Kept: 2 of 24.")
    phone.close()  # the battery is empty

    context = chromium.new_context(viewport={"width": 1100, "height": 860})
    page = watched(context.new_page())
    sign_in(page, site.url, WALKER)
    page.goto(site.url + "/back/")
    page.get_by_role("link", name="What your back makes hard today").click()
    expect(page.get_by_role("status").first).to_contain_text("You have begun: 2 of 24.")
    expect(page.get_by_label("I walk more slowly than usual")).to_be_checked()
    expect(page.get_by_label("I stay in bed most of the time")).not_to_be_checked()
    page.get_by_label("I stay in bed most of the time").check()
    expect(page.locator("#kept")).to_contain_text("Kept: 3 of 24.")
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_role("heading", name="3 of 24")).to_be_visible()
    context.close()
    assert not page.complaints


def test_a_form_survives_a_dead_network_and_a_lost_session(site, phone):
    phone.goto(site.url + "/back/forms/rmdq/")
    kept = phone.locator("#kept")
    phone.get_by_label("I walk more slowly than usual").check()
    expect(kept).to_contain_text("Kept: 1 of 24.")
    phone.context.set_offline(True)
    phone.get_by_label("I only stand for short periods").check()
    expect(kept).to_contain_text("Kept on this phone.")
    phone.context.set_offline(False)
    phone.get_by_label("I stay in bed most of the time").check()
    expect(kept).to_contain_text("Kept: 3 of 24.")
    assert any("ERR_INTERNET" in said for said in phone.complaints)
    phone.complaints.clear()  # of the time without a network
    phone.context.clear_cookies(name="sessionid")
    with phone.expect_navigation(url=re.compile("/account/login/")):
        phone.get_by_label("I sleep less well because of my back.").check()
    phone.get_by_label("Email").fill(WALKER)
    phone.get_by_label("Password").fill(PASSWORD)
    phone.get_by_role("main").get_by_role("button", name="Sign in").click()
    phone.wait_for_url(site.url + "/back/forms/rmdq/")
    expect(phone.get_by_role("main")).to_contain_text("You have begun: 4 of 24.")
    assert phone.evaluate("backstrideOutbox.all().then((notes) => notes.length)") == 0


def test_the_whole_check_in_takes_four_taps_and_no_time(site, phone):
    phone.goto(site.url + "/")
    began = time.monotonic()
    press(phone, "4 of 10")
    for name in ("Mood: good", "Energy: some", "Sleep 7 out of 10"):
        button = phone.get_by_role("button", name=name, exact=True)
        button.tap()
        expect(button).to_have_attribute("aria-pressed", "true")
    took = time.monotonic() - began
    expect(phone.locator("#day [aria-pressed=true]")).to_have_count(3)
    assert took < CHECK_IN_S


def test_a_picture_opens_large_and_is_read_as_text(site, phone):
    phone.goto(site.url + "/")
    press(phone, "4 of 10")
    phone.goto(site.url + "/progress/")
    phone.get_by_role("link", name=re.compile("Open large.*Everything together")).click()
    picture = phone.get_by_role("region", name="The picture, large").get_by_role("img")
    assert picture.evaluate("async img => (await img.decode(), img.naturalWidth)") == 1080
    told = picture.get_attribute("alt")
    expect(phone.get_by_role("main")).to_contain_text(told)
    for kind in ("SVG", "PNG", "CSV"):
        with phone.expect_download() as download:
            phone.get_by_role("link", name=re.compile(f"Save .*{kind}")).click()
        assert download.value.suggested_filename == f"together.{kind.lower()}"

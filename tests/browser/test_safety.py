"""A worrying answer stops, says what to do and why, and nothing later is reached past it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from browser.steps import answer_safety, press, sign_up

pytestmark = pytest.mark.browser


def test_a_red_flag_stops_until_a_clinician_cleared_it(serve, phone):
    site = serve()
    sign_up(phone, site.url, "bo@example.org")
    answer_safety(phone, worrying=("saddle_numb",))
    main = phone.get_by_role("main")
    expect(main).to_contain_text("Call your local emergency number")
    expect(main).to_contain_text("numbness between the legs")
    for path in ("/", "/data/", "/plan/", "/progress/", "/log/", "/clinic/appointments/"):
        phone.goto(site.url + path)
        assert phone.url.endswith("/safety/result/stop/"), path

    phone.get_by_role("link", name="I was seen and cleared").click()
    phone.get_by_label("On which day").fill("2020-01-01")  # before the answers
    phone.get_by_label("By whom").fill("Dr Lee, City Hospital")
    phone.get_by_label(re.compile("They know")).check()
    phone.get_by_role("button", name="Save").click()
    expect(main).to_contain_text("This must be a day from")
    today = phone.evaluate("new Date().toLocaleDateString('en-CA')")
    phone.get_by_label("On which day").fill(today)
    press(phone, "Save")
    answer_safety(phone)
    assert phone.url == site.url + "/"


def test_a_slip_of_the_finger_can_be_corrected(serve, phone):
    site = serve()
    sign_up(phone, site.url, "cy@example.org")
    answer_safety(phone, worrying=("both_legs",))
    press(phone, "I tapped a wrong answer")
    phone.goto(site.url + "/plan/")
    assert phone.url.endswith("/safety/result/stop/")  # still closed meanwhile
    press(phone, "I tapped a wrong answer")
    phone.locator('input[name="both_legs"][value="no"]').check()
    press(phone, "Next")
    answer_rest(phone)
    assert phone.url == site.url + "/"


def answer_rest(page):
    for _ in range(8):
        if not re.search(r"/safety/\w+/$", page.url):
            return
        for group in page.get_by_role("group").all():
            wanted = group.locator('input[value="no"], input[value="recovered"]')
            wanted.first.check()
        for year in page.get_by_role("textbox").all():
            year.fill("1990")
        press(page, "Next")


def test_everything_is_reached_by_keyboard(serve, phone):
    site = serve()
    sign_up(phone, site.url, "di@example.org")
    phone.keyboard.press("Tab")
    expect(phone.get_by_role("link", name="Skip to the page")).to_be_focused()
    tab_to(phone, phone.get_by_role("button", name="Start"))
    with phone.expect_navigation():
        phone.keyboard.press("Enter")
    for _ in range(6):
        if not re.search(r"/safety/\w+/$", phone.url):
            break
        answer_by_keyboard(phone)
    assert phone.url == site.url + "/"
    tab_to(phone, phone.get_by_role("button", name="3 of 10"))
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("status")).to_contain_text("Noted: pain 3 of 10")


def answer_by_keyboard(page):
    for group in page.get_by_role("group").all():
        first = group.get_by_role("radio").first
        tab_to(page, first)
        page.keyboard.press("Space")  # the first answer is the calm one
    for year in page.get_by_role("textbox").all():
        year.focus()
        page.keyboard.type("1980")
    tab_to(page, page.get_by_role("button", name="Next"))
    with page.expect_navigation():
        page.keyboard.press("Enter")


def tab_to(page, target, most: int = 80):
    for _ in range(most):
        if target.evaluate("node => node === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError("not reached by Tab")

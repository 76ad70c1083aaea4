"""Help as it is used: in pain, on a phone, without an account, and without a script."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from browser.conftest import watched
from browser.steps import answer_safety, press, sign_up

pytestmark = pytest.mark.browser


def test_a_visitor_is_two_taps_from_the_danger_signs(serve, phone):
    site = serve()
    phone.goto(site.url)
    phone.get_by_role("link", name="Help", exact=True).click()
    phone.get_by_role("main").get_by_role("link", name="When to worry").click()
    first = phone.get_by_role("heading", name="Please get help now")
    expect(first).to_be_in_viewport()
    expect(phone.get_by_text("112 (Europe), 911 (North America)")).to_be_in_viewport()


def test_one_tap_in_a_flare_up_and_a_card_read(serve, phone):
    site = serve()
    sign_up(phone, site.url, "flo@example.org")
    answer_safety(phone)
    phone.get_by_role("link", name="Help", exact=True).click()
    phone.get_by_role("link", name="In a flare-up").click()
    press(phone, "7 of 10")
    expect(phone.get_by_text("Noted: a flare-up, pain 7 of 10.")).to_be_visible()
    expect(phone).to_have_url(re.compile(r"/safety/$"))
    # the help stays open while the questions wait
    phone.get_by_role("link", name="Help", exact=True).click()
    phone.get_by_role("link", name="Learning cards").click()
    phone.get_by_role("link", name="When it flares up").click()
    press(phone, "I have read this")
    row = phone.get_by_role("listitem").filter(has_text="When it flares up")
    expect(row).to_contain_text("read")
    expect(row).to_be_in_viewport()


def test_it_works_without_a_script_and_fits_a_small_phone(serve, chromium):
    site = serve()
    context = chromium.new_context(
        viewport={"width": 320, "height": 640}, java_script_enabled=False
    )
    page = watched(context.new_page())
    sign_up(page, site.url, "ona@example.org")
    answer_safety(page)
    page.get_by_role("link", name="Help", exact=True).click()
    page.get_by_role("link", name="Learning cards").click()
    page.get_by_role("link", name="How to walk").click()
    expect(page.get_by_role("img", name=re.compile("A person walking"))).to_be_visible()
    press(page, "I have read this")
    expect(page.get_by_text("You have read 1 of")).to_be_visible()
    brand, to_help = (
        page.get_by_role("banner").get_by_role("link", name=name, exact=True).bounding_box()
        for name in ("Backstride", "Help")
    )
    assert brand["x"] + brand["width"] <= to_help["x"]
    assert to_help["width"] >= 44
    assert to_help["height"] >= 44
    context.close()
    assert not page.complaints

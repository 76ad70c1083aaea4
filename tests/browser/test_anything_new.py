"""“Anything new?” on a phone: a fold-out of the check-in that leads to help at once."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import expect

from browser.steps import answer_safety, press, sign_up
from browser.test_my_back import CHECK_IN_S
from browser.test_offline import forget_dead_network, until

pytestmark = pytest.mark.browser


@pytest.fixture
def site(serve, phone):
    site = serve()
    sign_up(phone, site.url, "nell@example.org")
    answer_safety(phone)
    phone.goto(site.url + "/")
    return site


def tell(page, name: str) -> None:
    page.get_by_text("Anything new?").click()
    chip = page.get_by_role("checkbox", name=name)
    chip.check()
    expect(chip).to_be_in_viewport()
    assert chip.locator("xpath=..").bounding_box()["height"] >= 44  # a thumb finds it


def test_a_weaker_leg_leads_to_a_doctor_today(site, phone):
    begun = time.monotonic()
    tell(phone, "A leg feels weaker")
    press(phone, "3 of 10")
    assert time.monotonic() - begun < CHECK_IN_S
    expect(phone.get_by_role("main")).to_contain_text("You noted that a leg feels weaker")

    def answer(page) -> None:
        """No to all that isn't answered by the diary."""
        for group in page.get_by_role("group").all():
            if group.locator("input:checked").count() == 0:
                group.get_by_role(
                    "radio", name=re.compile("^(No$|No, or|I have back pain)")
                ).check()
        for year in page.get_by_role("textbox").all():
            year.fill("1970")

    press(phone, re.compile("^Start"))
    asked = []
    while re.search(r"/safety/(emergency|about_you|today|readiness)/$", phone.url):
        asked.append(phone.url.split("/")[-2])
        if asked[-1] == "today":
            legend = phone.get_by_role("group", name=re.compile("one leg feel a little weaker"))
            expect(legend.get_by_role("radio", name="Yes")).to_be_checked()
        answer(phone)
        press(phone, "Next")
    assert list(dict.fromkeys(asked)) == ["emergency", "about_you", "today", "readiness"]
    expect(phone.get_by_role("heading", level=1)).to_have_text("Please speak with a doctor today")


def test_it_is_added_to_the_last_note_too(site, phone):
    press(phone, "4 of 10")
    tell(phone, "Pain woke me at night")
    press(phone, "Note what is new")
    expect(phone.get_by_role("main")).to_contain_text("pain woke you at night")
    answer_safety(phone)
    expect(phone.get_by_text("woke at night", exact=True)).to_be_visible()
    expect(phone.get_by_role("heading", name="Worth showing to a therapist")).to_be_visible()


def test_it_waits_for_the_network_with_its_number(site, phone):
    until(phone, "navigator.serviceWorker.controller !== null")
    phone.context.set_offline(True)
    tell(phone, "New numbness or tingling")
    phone.get_by_role("button", name="5 of 10").click()
    expect(phone.locator("#waiting")).to_contain_text("1 note is kept on this phone")
    expect(phone.get_by_role("checkbox", name="New numbness or tingling")).not_to_be_checked()
    forget_dead_network(phone)
    phone.context.set_offline(False)
    phone.goto(site.url + "/about/")
    until(phone, "backstrideOutbox.all().then((notes) => notes.length === 0)")
    phone.goto(site.url + "/")
    expect(phone.get_by_role("main")).to_contain_text("You noted new numbness or tingling")

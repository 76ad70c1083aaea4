"""Sharing by hand: give, look as the other person and by a link, end it, and it is gone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from browser.steps import PASSWORD, answer_safety, press, sign_in, sign_up

pytestmark = pytest.mark.browser

FRIEND = "fay@example.org"


def note(page, url: str, words: str) -> None:
    page.goto(url + "/back/")
    page.get_by_label("A note for yourself").fill(words)
    page.get_by_role("button", name="Keep this note").click()
    expect(page.get_by_role("main")).to_contain_text(words)


def test_give_look_end_gone(serve, phone):
    site = serve()
    sign_up(phone, site.url, "wanda@example.org")
    answer_safety(phone)
    note(phone, site.url, "The heron was back.")
    assert site.run("account", "add", FRIEND, "--password", PASSWORD).returncode == 0
    others = [phone.context.browser.new_context() for _ in range(2)]
    friend, stranger = (context.new_page() for context in others)
    sign_in(friend, site.url, FRIEND)

    phone.goto(site.url + "/you/")
    phone.get_by_role("link", name="What I share, and who looked").click()
    expect(phone.get_by_text("Nobody but you. Nothing is shared")).to_be_visible()
    phone.get_by_role("link", name="Someone with an account here").click()
    phone.get_by_label("The e-mail address of their account").fill(FRIEND)
    phone.get_by_label("What do you call them?").fill("my Fay")
    phone.get_by_role("checkbox", name="Notes").check()
    press(phone, "Let them look")
    expect(phone.get_by_role("status")).to_contain_text("my Fay can look now.")

    phone.get_by_role("link", name="Someone else, by a link").click()
    phone.get_by_label("Who is it for?").fill("Dr Kim")
    phone.get_by_role("checkbox", name="Result of the safety questions").check()
    press(phone, "Make the link")
    link = phone.get_by_label("For Dr Kim").input_value()

    friend.goto(site.url + "/sharing/")
    friend.get_by_role("link", name="wanda@example.org").click()
    expect(friend.get_by_role("main")).to_contain_text("The heron was back.")
    expect(friend.get_by_role("main")).not_to_contain_text("speaks against walking")
    stranger.goto(link)
    expect(stranger.get_by_role("main")).not_to_contain_text("speaks against walking")
    press(stranger, "Open")
    expect(stranger.get_by_role("main")).to_contain_text("Nothing answered speaks against walking")
    expect(stranger.get_by_role("main")).not_to_contain_text("heron")
    expect(stranger.get_by_role("main")).not_to_contain_text("wanda@example.org")

    phone.goto(site.url + "/sharing/")
    looked = phone.get_by_role("region", name="Who looked").last
    expect(looked.get_by_role("listitem")).to_have_count(2)
    expect(looked).to_contain_text("link Dr Kim looked at what you share")
    for who in ("my Fay", "link Dr Kim"):
        press(phone, re.compile(f"^End it.*{who}$"))
    expect(phone.get_by_text("Nobody but you. Nothing is shared")).to_be_visible()
    for page in (friend, stranger):
        page.reload()
        expect(page.get_by_role("heading", name="No such page")).to_be_visible()
    for context in others:
        context.close()

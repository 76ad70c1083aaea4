"""Changing the plan with a thumb: another day, days away, too much, and all of it back."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from browser.steps import answer_safety, press, sign_up

pytestmark = pytest.mark.browser


def test_a_plan_is_changed_and_changed_back(serve, phone):
    site = serve()
    sign_up(phone, site.url, "mia@example.org")
    answer_safety(phone)
    phone.goto(site.url + "/data/")
    phone.get_by_label("Minutes").first.fill("15")
    phone.get_by_label("Days").first.fill("3")
    press(phone, "Note this")
    phone.goto(site.url + "/plan/")
    week = phone.locator("ol.week")
    before = week.inner_text()

    phone.get_by_text("Move a walk").click()
    press(phone, "Move it")
    expect(phone.get_by_role("status").first).to_contain_text("moved to")
    assert week.inner_text() != before
    press(phone, "Undo: The walk of")
    assert week.inner_text() == before

    phone.get_by_text("I'm away").click()
    last = phone.get_by_label("Last day")
    last.fill(phone.get_by_label("First day").input_value())
    press(phone, "No walks then")
    expect(week.get_by_text("away")).to_have_count(1)
    press(phone, "Undo: Away from")

    press(phone, "It is too much")
    expect(phone.get_by_text("You said that it is too much")).to_be_visible()
    press(phone, "Undo: Too much")
    assert week.inner_text() == before


def test_another_target_is_chosen(serve, phone):
    site = serve()
    sign_up(phone, site.url, "tove@example.org")
    answer_safety(phone)
    assert site.run("usual", "--account", "tove@example.org", "--minutes", "15", "--days", "3")
    phone.goto(site.url + "/plan/")
    expect(phone.get_by_text("30 minutes on 5 days a week")).to_be_visible()
    phone.get_by_role("link", name="Choose another target").click()
    phone.get_by_label("50 minutes on 3 days").check()
    press(phone, "Note this")
    expect(phone.get_by_text("50 minutes on 3 days a week")).to_be_visible()
    expect(phone.get_by_text("You chose this target yourself")).to_be_visible()
    phone.get_by_role("link", name="Choose another target").click()
    phone.get_by_label("My own numbers").check()
    phone.get_by_label("Minutes a walk").fill("12")
    phone.get_by_label("Days a week").fill("4")
    press(phone, "Note this")
    expect(phone.get_by_text("12 minutes on 4 days a week")).to_be_visible()

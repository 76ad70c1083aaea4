"""The list of devices: with and without a script, by keyboard, on small windows and large."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from browser.conftest import watched
from browser.steps import answer_safety, bring, sign_in, sign_up
from browser.test_accessible import wrong
from web.imports import exports

pytestmark = pytest.mark.browser

WATCH, PHONE = "Wanda's Watch", "Wanda's iPhone with a name as long as some people like it"
SIZES = [(320, 640), (390, 844), (1280, 900)]


@pytest.fixture(scope="module")
def export(tmp_path_factory):
    path = tmp_path_factory.mktemp("devices") / "export.xml"
    content = exports.walks(3).replace(b"Wanda's iPhone", PHONE.encode())
    path.write_bytes(content.replace(b'value="1000"', b'value="1234"'))
    return path


def names(page):
    return page.get_by_role("region", name="Your devices, in order").locator("strong")


def test_a_phone_before_a_watch(serve, chromium, phone, export):
    site = serve()
    sign_up(phone, site.url, "wanda@example.org")
    answer_safety(phone)
    bring(phone, site.url, export, "steps")
    phone.reload()
    expect(names(phone)).to_have_text([WATCH, PHONE])
    expect(phone.get_by_role("button", name=f"Move {WATCH} up")).to_be_disabled()

    # By keyboard: the focus goes with the device, and what happened is said.
    phone.get_by_role("button", name=f"Move {PHONE} up").focus()
    phone.keyboard.press("Enter")
    expect(names(phone)).to_have_text([PHONE, WATCH])
    expect(phone.get_by_role("button", name=f"Move {PHONE} down")).to_be_focused()
    expect(phone.locator("#heard")).to_contain_text(f"{PHONE} is now number 1 of 2.")
    expect(phone.get_by_role("status").filter(has_text="number 1")).to_have_count(1)
    until_days_follow(phone, site.url, "1,234")

    phone.goto(site.url + "/data/")
    phone.get_by_role("button", name="Back to the usual order").click()
    expect(names(phone)).to_have_text([WATCH, PHONE])
    expect(phone.get_by_role("heading", name="Your devices, in order")).to_be_focused()

    without_a_script(chromium, site)
    for width, height in SIZES:
        for scheme in ("light", "dark"):
            phone.set_viewport_size({"width": width, "height": height})
            phone.emulate_media(color_scheme=scheme)
            phone.goto(site.url + "/data/")
            assert wrong(phone) == []
            wide = phone.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0, f"{wide} px wider than {width}"
            small = phone.locator(".order button").evaluate_all(
                "all => all.map(b => b.getBoundingClientRect())"
                ".filter(r => r.width < 44 || r.height < 44).length"
            )
            assert small == 0


def until_days_follow(page, url: str, steps: str) -> None:
    """The worker sorts the days anew; a page that is opened then shows them."""
    for _ in range(60):
        page.goto(url + "/progress/?span=all")
        if steps in page.get_by_role("main").inner_text():
            return
        page.wait_for_timeout(500)
    raise AssertionError(page.get_by_role("main").inner_text())


def without_a_script(chromium, site) -> None:
    context = chromium.new_context(
        java_script_enabled=False, viewport={"width": 320, "height": 640}
    )
    page = watched(context.new_page())
    sign_in(page, site.url, "wanda@example.org")
    page.goto(site.url + "/data/")
    page.get_by_role("button", name=f"Move {WATCH} down").click()
    expect(names(page)).to_have_text([PHONE, WATCH])
    expect(page.get_by_role("button", name=f"Move {WATCH} up")).to_be_focused()
    expect(page.get_by_role("status").filter(has_text="number 2 of 2")).to_be_visible()
    context.close()

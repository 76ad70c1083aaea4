"""What a person does in the browser, in the words of the issue of the day."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

PASSWORD = "one-step-at-a-time-7"


def sign_up(page: Page, url: str, email: str) -> None:
    page.goto(url)
    page.get_by_role("link", name="Create your account").click()
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    page.wait_for_url(re.compile(r"/safety/$"))


def sign_in(page: Page, url: str, email: str, password: str = PASSWORD) -> None:
    page.goto(url + "/account/login/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("link", name=email)).to_be_visible()


def press(page: Page, name: str | re.Pattern[str]) -> None:
    """Press a button that opens a page, and wait until that page is there."""
    with page.expect_navigation():
        page.get_by_role("button", name=name).click()


def answer_safety(
    page: Page,
    worrying: tuple[str, ...] = (),
    on_page: Callable[[Page], None] | None = None,
) -> None:
    """Answer every question: no, unless it is named in `worrying`; the back hurts now.

    `on_page` is called with each page of questions before they are answered.
    """
    press(page, re.compile("^Start"))
    for _ in range(12):
        if not re.search(r"/safety/\w+/$", page.url):
            return
        if on_page is not None:
            on_page(page)
        for group in page.get_by_role("group").all():
            name = group.get_by_role("radio").first.get_attribute("name")
            answers = {"pathway": "in_pain_now"}
            value = "yes" if name in worrying else answers.get(name, "no")
            group.locator(f'input[value="{value}"]').check()
        for year in page.get_by_role("textbox").all():
            year.fill("1970")
        press(page, "Next")
    raise AssertionError(f"the questions don't end: {page.url}")


def bring(page: Page, url: str, path, words: str) -> None:
    """Upload a file and wait until its row says `words`."""
    page.goto(url + "/data/")
    page.get_by_label("Your file").set_input_files(path)
    page.get_by_role("button", name="Bring it in").click()
    row = page.get_by_role("listitem").filter(has_text=path.name)
    expect(row).to_contain_text(words, timeout=30_000)

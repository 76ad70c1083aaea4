"""The site's main pages, and a way in as each of those who meet them."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Page

from browser.conftest import Site
from browser.steps import press, sign_up

# Name, address, and who meets it: `enter` knows them.
PAGES = [
    ("Welcome", "/", "visitor"),
    ("Sign in", "/account/login/", "visitor"),
    ("When to worry", "/help/worry/", "visitor"),
    ("Safety questions", "/safety/emergency/", "newcomer"),
    ("Today", "/", "walker"),
    ("Plan", "/plan/", "walker"),
    ("Routine", "/plan/routine/", "walker"),
    ("Progress", "/progress/", "walker"),
    ("Picture, large", "/progress/together/", "walker"),
    ("My back", "/back/", "walker"),
    ("Walk with me", "/walk/", "walker"),
    ("Data", "/data/", "walker"),
    ("Therapist", "/clinic/appointments/", "walker"),
    ("Help", "/help/", "walker"),
    ("Learning card", "/help/cards/how-to-walk/", "walker"),
    ("Reminders", "/reminders/", "walker"),
    ("Report", "/report/", "walker"),
    ("Requests", "/clinic/inbox/", "clinic"),
]


def enter(browser: Browser, site: Site) -> dict[str, list]:
    """Sign in as each of those who meet the pages; their cookies by who they are."""
    staff = re.search(r"sign in as (\S+) with the password (\S+)", site.printed("Demo clinic"))

    def newcomer(page: Page) -> None:
        sign_up(page, site.url, "new@example.org")
        press(page, "Start")

    def walker(page: Page) -> None:
        page.goto(site.url)
        press(page, "Open the demo")

    def clinic(page: Page) -> None:
        page.goto(site.url + "/account/login/")
        page.get_by_label("Email").fill(staff[1])
        page.get_by_label("Password").fill(staff[2])
        with page.expect_navigation():
            page.get_by_role("main").get_by_role("button", name="Sign in").click()

    cookies: dict[str, list] = {"visitor": []}
    for way_in in (newcomer, walker, clinic):
        context = browser.new_context()
        way_in(context.new_page())
        cookies[way_in.__name__] = context.cookies()
        context.close()
    return cookies

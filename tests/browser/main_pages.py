"""The site's main pages, and a way in as each of those who meet them."""

from __future__ import annotations

import re

from playwright.sync_api import BrowserContext

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


def enter(context: BrowserContext, site: Site) -> dict[str, list]:
    """Sign in as each of those who meet the pages; their cookies by who they are."""
    page, cookies = context.new_page(), {"visitor": []}
    sign_up(page, site.url, "new@example.org")
    press(page, "Start")
    cookies["newcomer"] = context.cookies()
    context.clear_cookies()
    page.goto(site.url)
    press(page, "Open the demo")
    cookies["walker"] = context.cookies()
    context.clear_cookies()
    staff = re.search(r"sign in as (\S+) with the password (\S+)", site.printed("Demo clinic"))
    page.goto(site.url + "/account/login/")
    page.get_by_label("Email").fill(staff[1])
    page.get_by_label("Password").fill(staff[2])
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("button", name="Sign in").click()
    cookies["clinic"] = context.cookies()
    page.close()
    return cookies


def become(context: BrowserContext, cookies: list) -> None:
    context.clear_cookies()
    context.add_cookies(cookies)

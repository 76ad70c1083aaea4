"""The whole way by keyboard alone: every stop is seen, and nothing lies over it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from browser.steps import PASSWORD

pytestmark = pytest.mark.browser

WALKER = "kay@example.org"
STOPS = 120  # more than any page has

# What is wrong with where the focus is now, by WCAG 2.2: 2.4.7 it is seen, 2.4.11 nothing lies
# over it. A box of its own may show it: the label of a radio button, the drawing of a place.
STOP = """() => {
  const at = document.activeElement;
  const ring = getComputedStyle(document.documentElement).getPropertyValue("--ring").trim();
  const same = document.createElement("i");
  same.style.color = ring;
  document.body.append(same);
  const wanted = getComputedStyle(same).color;
  same.remove();
  const isRinged = (box) => {
    const style = getComputedStyle(box);
    const outlined = style.outlineStyle === "solid" && parseFloat(style.outlineWidth) >= 2 && style.outlineColor === wanted;
    return outlined || (style.stroke === wanted && parseFloat(style.strokeWidth) >= 2);
  };
  const label = at.closest("label");
  const shown = [at, label, label?.querySelector("path")].find((box) => box && isRinged(box));
  const found = [];
  if (!shown) found.push("no ring");
  const box = (shown || at).getBoundingClientRect();
  if (box.width === 0 || box.height === 0) found.push("no size");
  if (box.left < -1 || box.right > innerWidth + 1) found.push("beside the window");
  if (box.height < innerHeight - 160 && (box.top < -1 || box.bottom > innerHeight + 1)) found.push(`out of the window: ${Math.round(box.top)} to ${Math.round(box.bottom)}`);
  for (const cover of document.querySelectorAll("body *")) {
    if (getComputedStyle(cover).position !== "fixed" || cover.contains(at)) continue;
    const over = cover.getBoundingClientRect();
    const high = Math.min(over.bottom, box.bottom) - Math.max(over.top, box.top);
    if (high > 1 && box.height < innerHeight - 160) found.push(`${Math.round(high)} px under ${cover.className}`);
  }
  return found.map((what) => `${what}: ${at.outerHTML.slice(0, 120)}`);
}"""  # noqa: E501 - a script


def stop(page: Page, key: str = "Tab") -> None:
    """One key further, and a look at where that leads."""
    page.keyboard.press(key)
    if not page.evaluate("document.hasFocus() && document.activeElement !== document.body"):
        return  # the end of the page: the browser's own bar comes next
    wrong = page.evaluate(STOP)
    assert wrong == [], f"{page.url}: {wrong}"


def reach(page: Page, target: Locator) -> None:
    """Tab until the target has the focus."""
    expect(target).to_have_count(1)
    for _ in range(STOPS):
        stop(page)
        if target.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"{target} can't be reached on {page.url}")


def skip_to_main(page: Page) -> None:
    """The first stop of a page jumps over its frame, unless the address already did."""
    if page.url.endswith("#main"):
        return
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    expect(page.get_by_role("link", name="Skip to the page")).to_be_in_viewport(ratio=1)
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()


def follow(page: Page, target: Locator, key: str = "Enter") -> None:
    """Reach a link or button that opens a page, and press it."""
    reach(page, target)
    with page.expect_navigation():
        page.keyboard.press(key)


def room(page: Page, name: str) -> None:
    follow(page, page.get_by_role("navigation").get_by_role("link", name=name, exact=True))


def write(page: Page, label: str, text: str) -> None:
    reach(page, page.get_by_label(label))
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(text)


def button(page: Page, name: str | re.Pattern[str]) -> Locator:
    return page.get_by_role("main").get_by_role("button", name=name, exact=True)


def test_the_whole_way_by_keyboard(serve, phone):
    site = serve()
    phone.goto(site.url)
    make_account(phone)
    answer_questions(phone)
    tell_usual_walking(phone)
    check_in(phone)
    tap_body_map(phone)
    open_picture(phone)
    read_card(phone)
    choose_reminders(phone)
    sign_out_and_in(phone)


def make_account(page):
    skip_to_main(page)
    follow(page, page.get_by_role("link", name="Create your account"))
    skip_to_main(page)
    write(page, "Email", WALKER)
    write(page, "Password", PASSWORD)
    with page.expect_navigation(url=re.compile("/safety/(#main)?$")):
        page.keyboard.press("Enter")


def answer_questions(page):
    skip_to_main(page)
    follow(page, button(page, "Start"))
    for _ in range(12):
        if not re.search(r"/safety/\w+/(#main)?$", page.url):
            break
        skip_to_main(page)
        answer_section(page)
    expect(page.get_by_role("main")).to_contain_text("Nothing you answered speaks against walking")


def answer_section(page):
    """Every question with no, and the back hurts now; arrows move within a question."""
    for _ in range(STOPS):
        stop(page)
        kind, name = page.evaluate(
            "[document.activeElement.type, document.activeElement.getAttribute('name')]"
        )
        if kind == "text":
            page.keyboard.type("1970")
        elif kind == "radio":
            wanted = "in_pain_now" if name == "pathway" else "no"
            page.keyboard.press("Space")
            while page.evaluate("document.activeElement.value") != wanted:
                stop(page, "ArrowDown")
            assert page.evaluate("document.activeElement.checked")
        elif kind == "submit":
            with page.expect_navigation():
                page.keyboard.press("Space")
            return
    raise AssertionError(f"no end of {page.url}")


def tell_usual_walking(page):
    room(page, "Data")
    skip_to_main(page)
    write(page, "Minutes a walk", "15")
    write(page, "Days a week", "3")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    room(page, "Plan")
    expect(page.get_by_role("main")).to_contain_text("12 minutes on 4 days")
    why = page.get_by_role("main").locator("summary").first
    reach(page, why)
    page.keyboard.press("Enter")
    expect(page.get_by_role("main").locator("details").first).to_have_attribute("open", "")


def check_in(page):
    room(page, "Today")
    skip_to_main(page)
    follow(page, button(page, "4 of 10"), key="Space")
    expect(page.get_by_role("status").first).to_contain_text("Noted: pain 4 of 10")
    skip_to_main(page)
    mood = button(page, "Mood: good")
    reach(page, mood)
    page.keyboard.press("Space")
    expect(mood).to_have_attribute("aria-pressed", "true")


def tap_body_map(page):
    room(page, "My back")
    skip_to_main(page)
    for name in ("low back, left", "heel or sole, right"):
        place = page.get_by_role("checkbox", name=name, exact=True)
        reach(page, place)
        page.keyboard.press("Space")
        expect(place).to_be_checked()
    follow(page, button(page, "5 of 10"))
    said = page.get_by_role("status").first
    expect(said).to_contain_text("Noted: pain 5 of 10, low back, left; heel or sole, right.")


def open_picture(page):
    room(page, "Progress")
    skip_to_main(page)
    follow(page, page.get_by_role("link", name=re.compile("Open large.*Everything together")))
    skip_to_main(page)
    picture = page.get_by_role("region", name="The picture, large")
    reach(page, picture)
    page.keyboard.press("ArrowRight")  # it is wider than a phone: the arrows move it
    page.keyboard.press("ArrowRight")
    expect(picture).not_to_have_js_property("scrollLeft", 0)
    reach(page, page.get_by_role("region", name="The table"))


def read_card(page):
    follow(page, page.get_by_role("banner").get_by_role("link", name="Help", exact=True))
    skip_to_main(page)
    follow(page, page.get_by_role("link", name="Learning cards"))
    skip_to_main(page)
    follow(page, page.get_by_role("link", name="How to walk"))
    skip_to_main(page)
    follow(page, button(page, "I have read this"))
    expect(page.get_by_text("You have read 1 of")).to_be_visible()


def choose_reminders(page):
    follow(page, page.get_by_role("banner").get_by_role("link", name=WALKER))
    skip_to_main(page)
    follow(page, page.get_by_role("link", name="Choose reminders"))
    skip_to_main(page)
    walk = page.get_by_role("checkbox", name="Today's walk")
    reach(page, walk)
    page.keyboard.press("Space")
    follow(page, button(page, "Save"))
    expect(page.get_by_role("status").filter(has_text="Noted.")).to_be_visible()
    expect(walk).to_be_checked()


def sign_out_and_in(page):
    follow(page, page.get_by_role("banner").get_by_role("link", name=WALKER))
    follow(page, button(page, "Sign out"))
    skip_to_main(page)
    follow(page, page.get_by_role("link", name="Sign in", exact=True))
    skip_to_main(page)
    write(page, "Email", WALKER)
    write(page, "Password", PASSWORD)
    follow(page, button(page, "Sign in"))
    expect(page.get_by_role("heading", name="Today", exact=True)).to_have_count(1)

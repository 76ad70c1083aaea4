"""Who asks their device for less motion sees none: nothing slides, fades or scrolls softly."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from browser.conftest import watched
from browser.steps import press

pytestmark = pytest.mark.browser

PAGES = [
    "/",
    "/plan/",
    "/plan/routine/",
    "/progress/",
    "/progress/together/",
    "/back/",
    "/back/forms/rmdq/",
    "/walk/",
    "/data/",
    "/report/",
    "/help/",
    "/help/cards/how-to-walk/",
    "/reminders/",
    "/clinic/appointments/ask/",
    "/about/design/",
    "/account/login/",
]
# Every element and what is drawn before and after it, hidden ones too.
MOVING = """() => {
  const found = new Set();
  for (const element of document.querySelectorAll("*")) {
    for (const part of ["", "::before", "::after"]) {
      const style = getComputedStyle(element, part);
      const moves = style.transitionDuration.split(", ").some((time) => parseFloat(time) > 0)
        || style.animationName !== "none" || style.scrollBehavior !== "auto";
      if (moves || /^animate/i.test(element.tagName)) found.add(`${element.tagName}.${element.className}${part}`);
    }
  }
  for (const one of document.getAnimations()) found.add(`running: ${one.effect.target.outerHTML}`);
  return [...found];
}"""  # noqa: E501 - a script
# What starts to move while the page is used; soft scrolling by a script, too.
WATCH = """
window.moved = [];
for (const name of ["transitionrun", "animationstart"]) {
  document.addEventListener(name, (event) => moved.push(`${name} ${event.target.outerHTML.slice(0, 80)}`), true);
}
for (const [owner, name] of [[Element, "scrollIntoView"], [Element, "scrollTo"], [Element, "scrollBy"], [Element, "animate"], [window, "scrollTo"], [window, "scrollBy"]]) {
  const home = owner.prototype || owner;
  const real = home[name];
  home[name] = function (...told) {
    if (name === "animate" || told.some((one) => one?.behavior === "smooth")) moved.push(name);
    return real.apply(this, told);
  };
}
"""  # noqa: E501 - a script


def used(chromium, demo, preference: str):
    """Today, opened in the demo, after a check-in, an opened part and a hovered button."""
    context = chromium.new_context(
        viewport={"width": 390, "height": 844}, reduced_motion=preference, has_touch=True
    )
    page = watched(context.new_page())
    page.add_init_script(WATCH)
    page.goto(demo.url)
    press(page, "Open the demo")
    mood = page.get_by_role("button", name="Mood: good", exact=True)
    mood.click()
    expect(mood).to_have_attribute("aria-pressed", "true")
    page.locator("details > summary").first.click()
    page.get_by_role("button", name="4 of 10", exact=True).hover()
    page.get_by_role("link", name="Help", exact=True).focus()
    page.wait_for_timeout(300)
    return page


def test_nothing_moves_where_that_is_asked_for(chromium, demo):
    page = used(chromium, demo, "reduce")
    found = {"/, used": page.evaluate("moved") + page.evaluate(MOVING)}
    for path in PAGES:
        page.goto(demo.url + path)
        found[path] = page.evaluate("moved") + page.evaluate(MOVING)
    page.context.close()
    assert {path: moving for path, moving in found.items() if moving} == {}
    assert not page.complaints


def test_the_same_look_finds_what_moves_elsewhere(chromium, demo):
    page = used(chromium, demo, "no-preference")
    assert any(said.startswith("transitionrun") for said in page.evaluate("moved"))
    assert page.evaluate(MOVING)
    page.evaluate("document.body.scrollIntoView({behavior: 'smooth'})")
    assert "scrollIntoView" in page.evaluate("moved")
    page.context.close()

"""axe-core finds nothing on any page, and all of it fits: phone and desktop, light and dark,
320 px wide, and with letters twice as large."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from backstride import screening
from browser.conftest import CHROMIUM_FLAGS, find_chromium
from browser.steps import answer_safety, press, sign_up
from web.walk.phones import readings

pytestmark = pytest.mark.browser

WALKER_PAGES = [
    "/",
    "/plan/",
    "/plan/target/",
    "/progress/",
    "/progress/?span=all",
    "/progress/together/",
    "/progress/calendar/",
    "/progress/weeks/",
    "/back/",
    "/back/timeline/",
    "/back/forms/",
    "/back/forms/rmdq/",
    "/back/forms/peg/",
    "/back/forms/psfs/",
    "/back/forms/pgic/",
    "/back/forms/work_days/",
    "/back/forms/startback/",
    "/back/sheets/{sheet}/",
    "/back/mobility/",
    "/back/mobility/chair_stand_30s/",
    "/log/",
    "/walk/",
    "/walk/{walk}/",
    "/data/",
    "/data/1/",
    "/data/export/",
    "/report/",
    "/help/",
    "/help/worry/",
    "/help/flare/",
    "/help/therapist/",
    "/help/app/",
    "/help/cards/",
    "/help/cards/pacing/",
    "/help/cards/how-to-walk/",
    "/help/cards/shoes/",
    "/help/cards/sitting-and-work/",
    "/clinic/appointments/",
    "/clinic/appointments/ask/",
    "/reminders/",
    "/safety/",
    "/you/",
    "/sharing/",
    "/sharing/new/person/",
    "/sharing/new/link/",
    "/sharing/{consent}/",
    "/about/",
    "/about/design/",
    "/account/password/change/",
    "/no-such-page/",
]
# Keeps a walk in the phone's store as if it had just ended, and sends it.
SEND = """async (rows) => {
  const view = new DataView(new ArrayBuffer(20 * rows.length));
  rows.forEach(([ms, ...axes], i) => {
    view.setFloat64(20 * i, ms, true);
    axes.forEach((value, axis) => view.setFloat32(20 * i + 8 + 4 * axis, value, true));
  });
  const startMs = Date.now() - 71000;
  const route = [[1, 50.0, 8.0], [30, 50.0004, 8.0002], [60, 50.0005, 8.0009]];
  const walk = { id: crypto.randomUUID(), mark: walkTold.mark, state: "kept", startMs, pauses: [],
    lastMs: startMs + 70500, endMs: startMs + 70500, pausedAt: null, steps: 117,
    aim: [95, 115], route };
  await walkStore.put(walk, view.buffer);
  return (await sendWalk(walk)).walk;
}"""
VISITOR_PAGES = [
    "/",
    "/help/worry/",
    "/help/flare/",
    "/account/login/",
    "/account/signup/",
    "/account/password/reset/",
]
AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
# A target of less than 24 px (WCAG 2.2, 2.5.8) is looked for on request only.
RUN_AXE = "axe.run({resultTypes: ['violations'], rules: {'target-size': {enabled: true}}})"
FITS = (Path(__file__).parent / "fits.js").read_text("utf-8")
# Window and theme of each look at a page, by the size of its letters in px.
LOOKS = {
    16: [(320, "light"), (390, "dark"), (1280, "light")],
    32: [(320, "light"), (390, "dark"), (1280, "light")],
}


def wrong(page) -> list[str]:
    """What axe-core finds on the page as it is."""
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(AXE)
    found = page.evaluate(RUN_AXE)["violations"]
    return [f"{v['id']}: {v['help']}: {v['nodes'][0]['html'][:200]}" for v in found]


def wrong_at_any_size(page, letters: int) -> list[str]:
    """What is wrong with the page in each window and theme, its folded parts opened."""
    found = []
    page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
    for width, scheme in LOOKS[letters]:
        page.set_viewport_size({"width": width, "height": 844})
        page.emulate_media(color_scheme=scheme)
        may_break = width * 16 / letters < 190  # less than WCAG asks a page to stand
        seen = [*wrong(page), *page.evaluate(FITS, may_break)]
        found += [f"{page.url} at {width} px, {scheme}: {what}" for what in seen]
    return found


def a_walk(page, demo) -> str:
    """The key of a walk with the phone, sent as the phone does and measured."""
    page.goto(demo.url + "/walk/")
    sent = page.evaluate(SEND, [[float(v) for v in row] for row in readings().tolist()])
    page.goto(demo.url + sent)
    expect(page.get_by_text("Two counts of the same walk")).to_be_visible(timeout=30_000)
    return sent.split("/")[-2]


def a_link(page, demo) -> str:
    """A link to look at what the demo's walker shares; the page shows it."""
    page.goto(demo.url + "/sharing/new/link/")
    page.get_by_label("Who is it for?").fill("Dr Kim")
    for part in page.get_by_role("checkbox").all():
        part.check()
    press(page, "Make the link")
    return page.get_by_label("For Dr Kim").input_value()


@pytest.mark.parametrize("letters", LOOKS, ids=["usual-letters", "twice-as-large"])
def test_every_page_at_any_size(demo, chromium, letters):
    flags = [*CHROMIUM_FLAGS, f"--blink-settings=defaultFontSize={letters}"]
    browser = chromium.browser_type.launch(executable_path=find_chromium(), args=flags)
    page = browser.new_page(reduced_motion="reduce")  # no colour is seen half-way
    found = []
    for path in VISITOR_PAGES:
        page.goto(demo.url + path)
        found += wrong_at_any_size(page, letters)
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == f"{letters}px"
    page.goto(demo.url)
    press(page, "Open the demo")
    page.goto(demo.url + "/back/")
    sheet = page.locator("a[href*='/back/sheets/']").first.get_attribute("href").split("/")[-2]
    walk = a_walk(page, demo)
    link = a_link(page, demo)
    found += wrong_at_any_size(page, letters)
    for opened in (False, True):
        page.goto(link)
        found += wrong_at_any_size(page, letters)
        if not opened:
            press(page, "Open")
    page.goto(demo.url + "/sharing/")
    mine = page.get_by_role("link", name="What they see").first
    consent = mine.get_attribute("href").split("/")[-2]
    for path in WALKER_PAGES:
        page.goto(demo.url + path.format(sheet=sheet, walk=walk, consent=consent))
        found += wrong_at_any_size(page, letters)
    browser.close()
    assert not found, "\n".join(found)


def test_what_does_not_fit_is_found(phone):
    phone.set_viewport_size({"width": 320, "height": 600})
    phone.set_content(
        """<style>body { margin: 0 } p { font: 20px/1 monospace; width: 200px; margin: 0 }</style>
        <p>All of this is well</p>
        <p style="height: 20px; overflow: hidden">This one is not seen to its end</p>
        <p style="width: 50px">Unbreakable</p>
        <p style="width: 90px; overflow-wrap: anywhere">Broken-up understand</p>
        <p>Under</p><p style="margin-top: -20px">Over</p>
        <p style="width: 400px">wide</p>"""
    )
    assert phone.evaluate(FITS, False) == [
        "the page is 80 px wider than the window",
        "“understand” is broken",
        "“This one is not seen to its end” is cut off in p.",
        "“Unbreakable” is 82 px out of p.",
        "“Under” lies on “Over”",
    ]


def test_nothing_wrong_on_the_way_through_the_screen(serve, phone):
    site = serve()
    seen, found = [], []

    def check(page):
        seen.append(urlsplit(page.url).path)
        found.extend(wrong(page))

    sign_up(phone, site.url, "eli@example.org")
    check(phone)
    answer_safety(phone, worrying=("trauma_major",), on_page=check)
    check(phone)
    assert seen[0] == "/safety/"
    assert {f"/safety/{section.id}/" for section in screening.sections()} <= set(seen[1:-1])
    assert seen[-1] == "/safety/result/stop/"
    assert found == []


def test_nothing_wrong_where_an_account_is_deleted(serve, phone):
    site = serve()
    sign_up(phone, site.url, "dee@example.org")
    phone.goto(site.url + "/you/delete/")
    assert wrong(phone) == []
    phone.get_by_label("Your password").fill("wrong")
    press(phone, "Delete all of it")
    assert "This is not your password" in phone.content()
    assert wrong(phone) == []
    phone.complaints.clear()  # the refusal is a 400, which the console tells

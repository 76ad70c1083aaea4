"""axe-core finds nothing serious on any page, phone and desktop, light and dark."""

from __future__ import annotations

from importlib.resources import files
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from backstride import screening
from browser.steps import answer_safety, press, sign_up
from web.walk.phones import readings

pytestmark = pytest.mark.browser

WALKER_PAGES = [
    "/",
    "/plan/",
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


def serious(page) -> list[str]:
    page.evaluate(AXE)
    found = page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
    return [
        f"{page.url} {v['id']}: {v['help']}: {v['nodes'][0]['html'][:200]}"
        for v in found
        if v["impact"] in {"serious", "critical"}
    ]


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


@pytest.fixture(params=[(390, 844), (1280, 900)], ids=["phone", "desktop"])
def size(request):
    return {"width": request.param[0], "height": request.param[1]}


@pytest.fixture(params=["light", "dark"])
def scheme(request):
    return request.param


@pytest.fixture(scope="module")
def demo(request, tmp_path_factory):
    """One demo site for all sizes and schemes."""
    from browser.conftest import serving

    with serving(tmp_path_factory.mktemp("demo")) as start:
        yield start("--demo")


def test_nothing_serious(demo, chromium, size, scheme):
    context = chromium.new_context(viewport=size, color_scheme=scheme)
    page = context.new_page()
    found = []
    for path in VISITOR_PAGES:
        page.goto(demo.url + path)
        found += serious(page)
    page.goto(demo.url)
    press(page, "Open the demo")
    page.goto(demo.url + "/back/")
    sheet = page.locator("a[href*='/back/sheets/']").first.get_attribute("href").split("/")[-2]
    walk = a_walk(page, demo)
    link = a_link(page, demo)
    found += serious(page)
    for opened in (False, True):
        page.goto(link)
        found += serious(page)
        if not opened:
            press(page, "Open")
    page.goto(demo.url + "/sharing/")
    mine = page.get_by_role("link", name="What they see").first
    consent = mine.get_attribute("href").split("/")[-2]
    for path in WALKER_PAGES:
        page.goto(demo.url + path.format(sheet=sheet, walk=walk, consent=consent))
        found += serious(page)
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{path} is {wide} px wider than the window"
    context.close()
    assert found == []


def test_nothing_serious_on_the_way_through_the_screen(serve, phone):
    site = serve()
    seen, found = [], []

    def check(page):
        seen.append(urlsplit(page.url).path)
        found.extend(serious(page))

    sign_up(phone, site.url, "eli@example.org")
    check(phone)
    answer_safety(phone, worrying=("trauma_major",), on_page=check)
    check(phone)
    assert seen[0] == "/safety/"
    assert {f"/safety/{section.id}/" for section in screening.sections()} <= set(seen[1:-1])
    assert seen[-1] == "/safety/result/stop/"
    assert found == []


def test_nothing_serious_where_an_account_is_deleted(serve, phone):
    site = serve()
    sign_up(phone, site.url, "dee@example.org")
    phone.goto(site.url + "/you/delete/")
    assert serious(phone) == []
    phone.get_by_label("Your password").fill("wrong")
    press(phone, "Delete all of it")
    assert "This is not your password" in phone.content()
    assert serious(phone) == []
    phone.complaints.clear()  # the refusal is a 400, which the console tells

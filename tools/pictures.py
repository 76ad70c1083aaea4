"""Take the screenshots in docs/pictures again: `make pictures`.

Opens the demo and the page of a real recording in headless Chromium: every main page at phone
and desktop size, for docs/pictures.md, and some more for the pages that tell of them.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from playwright.sync_api import Browser, Page, sync_playwright
from small_png import small

from backstride import sample_data
from backstride.charts import figure
from backstride.regimen.exercises import load
from browser.conftest import CHROMIUM_FLAGS, Site, find_chromium, serving
from browser.main_pages import PAGES, enter
from browser.test_walk_with_me import expect_walk_page, finish, stop_clock, walk

DOCS = Path(__file__).parent.parent / "docs"
FOLDER = DOCS / "pictures"
PHONE, DESKTOP, TALL = (390, 844), (1100, 860), (1100, 1380)
SHOTS = [
    ("my-back", "/back/#map", PHONE, "light"),
    ("check-in", "/#day", PHONE, "dark"),
    ("calendar", "/progress/calendar/", DESKTOP, "light"),
    ("progress-dark", "/progress/", PHONE, "dark"),
    ("progress", "/progress/", TALL, "light"),
]
INTRO = """# Pictures

The main pages of the demo, on a phone and on a desktop. `make pictures` takes them again. The
person in them is invented.
"""


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder)) as start,
        sync_playwright() as playwright,
    ):
        site = start("--demo")
        path = find_chromium()
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        main_pages(browser, site)
        for name, address, (width, height), scheme in SHOTS:
            size = {"width": width, "height": height}
            page = browser.new_page(viewport=size, color_scheme=scheme)
            _take(page, site.url, address, FOLDER / f"{name}.png")
        walk_with_me(browser, site.url)
        sharing(browser, site.url)
        judge_by_eye(browser, Path(folder))
        exercises(browser)
        browser.close()


def main_pages(browser: Browser, site: Site) -> None:
    """Every main page in both sizes, and the page of the docs that shows them."""
    (FOLDER / "pages").mkdir(exist_ok=True)
    cookies = enter(browser, site)
    for size, (width, height) in (("phone", PHONE), ("desktop", DESKTOP)):
        for name, address, who in PAGES:
            context = browser.new_context(viewport={"width": width, "height": height})
            context.add_cookies(cookies[who])
            page, blank = context.new_page(), context.new_page()
            page.goto(site.url + address)
            page.wait_for_load_state("networkidle")
            file = FOLDER / "pages" / f"{slug(name)}-{size}.png"
            file.write_bytes(small(page.screenshot(), blank))
            context.close()
    parts = [
        f"## {name}\n\n| phone | desktop |\n| --- | --- |\n"
        f"| ![{name} on a phone](pictures/pages/{slug(name)}-phone.png) "
        f"| ![{name} on a desktop](pictures/pages/{slug(name)}-desktop.png) |\n"
        for name, *_ in PAGES
    ]
    (DOCS / "pictures.md").write_text("\n".join([INTRO, *parts]), encoding="utf-8")


def slug(name: str) -> str:
    return name.lower().replace(",", "").replace(" ", "-")


def walk_with_me(browser: Browser, url: str) -> None:
    """A real phone's walk of 70 s while it is recorded, and its page when it is measured."""
    page = browser.new_page(viewport={"width": PHONE[0], "height": PHONE[1]}, color_scheme="light")
    page.goto(url)
    page.get_by_role("button", name="Open the demo").click()
    page.goto(url + "/walk/")
    stop_clock(page)
    page.get_by_role("button", name="Start walking").click()
    walk(page, 69)
    page.screenshot(path=FOLDER / "walk-with-me.png")
    finish(page)
    expect_walk_page(page)
    page.wait_for_load_state("networkidle")
    page.locator("[aria-labelledby=course]").evaluate("card => card.scrollIntoView()")
    page.screenshot(path=FOLDER / "walk-seen.png")
    page.close()


def sharing(browser: Browser, url: str) -> None:
    """What someone sees by a link, and the page that tells who looked."""
    page, other = (
        browser.new_page(viewport={"width": PHONE[0], "height": PHONE[1]}, color_scheme="light")
        for _ in range(2)
    )
    page.goto(url)
    page.get_by_role("button", name="Open the demo").click()
    page.goto(url + "/sharing/new/link/")
    page.get_by_label("Who is it for?").fill("Dr Kim")
    for part in ("pain", "walking", "medicine", "mood"):
        page.locator(f"input[value={part}]").check()
    page.get_by_role("button", name="Make the link").click()
    other.goto(page.get_by_label("For Dr Kim").input_value())
    other.get_by_role("button", name="Open").click()
    other.wait_for_load_state("networkidle")
    other.screenshot(path=FOLDER / "sharing-seen.png")
    page.goto(url + "/sharing/")
    page.locator(".ribbon").evaluate("ribbon => ribbon.remove()")
    page.screenshot(path=FOLDER / "sharing.png")
    for one in (page, other):
        one.close()


def judge_by_eye(browser: Browser, folder: Path) -> None:
    """The head of the page that `backstride measure --plot` makes of the sample recording."""
    file, made = sample_data.path("axivity/ax3-610-steps.cwa"), folder / "walk.html"
    words = ["measure", str(file), "--zone", "Europe/London", "--plot-to", str(made)]
    subprocess.run([sys.executable, "-m", "backstride", *words], check=True, capture_output=True)  # noqa: S603
    page = browser.new_page(viewport={"width": 1180, "height": 1440}, color_scheme="light")
    page.goto(made.as_uri())
    page.screenshot(path=FOLDER / "judge-by-eye.png")
    page.close()


def exercises(browser: Browser) -> None:
    """All drawings of the routine on one sheet."""
    cells = "".join(f"<p>{figure(e)}<br>{e.name}</p>" for e in load().values())
    page = browser.new_page(viewport={"width": 1000, "height": 800}, color_scheme="light")
    page.set_content(
        "<style>body{font:15px sans-serif;display:grid;grid-template-columns:repeat(4,1fr);"
        f"gap:12px;margin:12px}}p{{margin:0}}</style>{cells}"
    )
    page.screenshot(path=FOLDER / "exercises.png", full_page=True)
    page.close()


def _take(page: Page, url: str, address: str, file: Path) -> None:
    page.goto(url)
    page.get_by_role("button", name="Open the demo").click()
    page.goto(url + address)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=file)
    page.close()


if __name__ == "__main__":
    main()

"""Take the screenshots in docs/pictures again: `make pictures`.

Opens the demo in headless Chromium at phone and desktop size, light and dark.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from playwright.sync_api import Page, sync_playwright

from browser.conftest import CHROMIUM_FLAGS, find_chromium, serving

FOLDER = Path(__file__).parent.parent / "docs" / "pictures"
PHONE, DESKTOP = (390, 844), (1100, 860)
SHOTS = [
    ("today", "/", PHONE, "light"),
    ("plan", "/plan/", PHONE, "light"),
    ("progress-dark", "/progress/", PHONE, "dark"),
    ("progress", "/progress/", DESKTOP, "light"),
]


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
        for name, address, (width, height), scheme in SHOTS:
            size = {"width": width, "height": height}
            page = browser.new_page(viewport=size, color_scheme=scheme)
            _take(page, site.url, address, FOLDER / f"{name}.png")
        browser.close()


def _take(page: Page, url: str, address: str, file: Path) -> None:
    page.goto(url)
    page.get_by_role("button", name="Open the demo").click()
    page.goto(url + address)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=file)
    page.close()


if __name__ == "__main__":
    main()

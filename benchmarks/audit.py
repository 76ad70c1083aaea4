"""Hold the pages of a real site to bars of speed, weight and access: `make audit`.

Starts the site with its demo and its worker, opens each main page as whoever meets it
(a visitor, a newcomer at the safety questions, the demo's walker, its clinic) in Chromium, and
measures three things:

- Lighthouse's scores, on its simulated slow phone;
- a first load, with nothing kept, over 3G (300 ms there and back, 1.6 Mbit/s down, 0.75 up) on a
  processor four times slower: seconds until the page is drawn and its scripts have run, and the
  bytes that came over the wire by then, pictures apart;
- a tap, on the same processor: ms from the finger to the next frame (Event Timing, as INP).

Prints a table; `--write` puts it into benchmarks/README.md. Ends with 1 where a bar is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from playwright.sync_api import Browser, Locator, Page, sync_playwright  # noqa: E402

from browser.conftest import CHROMIUM_FLAGS, Site, find_chromium, serving  # noqa: E402
from browser.main_pages import PAGES, enter  # noqa: E402

LIGHTHOUSE = "12.8.2"
LIGHTHOUSE_TRIES = 3  # its trace fails at times ("NO_NAVSTART")
FOLDER = ROOT / ".audit"
README = Path(__file__).parent / "README.md"
Figures = dict[str, float]  # of a page, by name
# By what is tapped: ms until the next frame, and those that the site's scripts took.
Taps = dict[str, tuple[float, ...]]
BEGIN, END = "<!-- audit -->", "<!-- end of audit -->"

CATEGORIES = ("performance", "accessibility", "best-practices")
# A page's bars, and those of its metrics that only explain a score.
AT_LEAST = dict.fromkeys(CATEGORIES, 95.0)
BELOW = {"usable_s": 3.0, "kb": 200.0}
TOLD = {
    "tbt_ms": "total-blocking-time",
    "lcp_ms": "largest-contentful-paint",
    "cls": "cumulative-layout-shift",
}
TAP_MS = 100.0
SLOWER = 4  # times, the processor
NETWORK = {  # 3G, as WebPageTest has it
    "offline": False,
    "latency": 300,
    "downloadThroughput": 1600 * 1000 / 8,
    "uploadThroughput": 768 * 1000 / 8,
}
PHONE = {"width": 390, "height": 844}

# What is tapped, by page: a part that opens, an answer that is sent, a place on the body.
TAPS = {
    "/": [
        "Mood: good",
        "Energy: some",
        "Sleep 7 out of 10",
        "summary",
        "send 4 of 10",
        "room Plan",
    ],
    "/plan/": ["summary", "room Progress"],
    "/back/": ["place low_back_left", "place knee_right", "room Today"],
    "/reminders/": ["tick of_walk", "room My back"],
}
# When the page was drawn and its scripts had run, in ms after it was asked for.
USABLE = """() => {
  const [paint] = performance.getEntriesByName("first-contentful-paint");
  const [loading] = performance.getEntriesByType("navigation");
  return Math.max(paint ? paint.startTime : Infinity, loading.domContentLoadedEventEnd);
}"""
# Of each tap, in ms: until the next frame, and that our scripts took; kept over a change of page.
LISTEN = """
const taps = JSON.parse(sessionStorage.getItem("taps") || "{}");
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    if (!entry.interactionId) continue;
    const tap = sessionStorage.getItem("tapped");
    const [whole, ours] = taps[tap] || [0, 0];
    taps[tap] = [Math.max(whole, entry.duration), Math.max(ours, entry.processingEnd - entry.processingStart)];
  }
  sessionStorage.setItem("taps", JSON.stringify(taps));
}).observe({type: "event", durationThreshold: 16});
"""  # noqa: E501 - a script


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="put the table into the README")
    parser.add_argument("--page", action="append", metavar="NAME", help="only this page")
    parser.add_argument("--runs", type=int, default=3, help="of what misses a bar, and of taps")
    told = parser.parse_args()
    lighthouse = install()
    pages: dict[str, Figures] = {}
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder)) as start,
        sync_playwright() as playwright,
    ):
        site = start("--demo")
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_FLAGS)
        cookies = enter(browser, site)
        for name, path, who in PAGES:
            if told.page and name not in told.page:
                continue
            find = partial(look, browser, cookies[who], lighthouse, site.url + path)
            pages[name] = median_of(find, told.runs)
            print(row(name, pages[name]), *misses(pages[name]), flush=True)
        taps = {} if told.page else taps_of(browser, cookies["walker"], site, told.runs)
        browser.close()
    report = written(pages, taps)
    print("\n" + report)
    if told.write:
        keep(report)
    missed = [f"{name}: {miss}" for name, page in pages.items() for miss in misses(page)]
    slow = {target: whole for target, (whole, _) in taps.items() if whole >= TAP_MS}
    missed += [f"a tap on {target} takes {ms:.0f} ms" for target, ms in slow.items()]
    if missed:
        sys.exit("Missed: " + "; ".join(missed))


def misses(page: Figures) -> list[str]:
    low = [key for key, bar in AT_LEAST.items() if page[key] < bar]
    high = [key for key, bar in BELOW.items() if page[key] >= bar]
    why = ", ".join(f"{key} {page[key]:.3g}" for key in TOLD)
    return [f"{key} {page[key]:.3g} ({why})" for key in (*low, *high)]


def median_of(find: Callable[[], Figures], runs: int) -> Figures:
    """One look where that meets every bar, else the median of `runs`."""
    tries = [find()]
    while misses(tries[0]) and len(tries) < runs:
        tries.append(find())
    return {key: statistics.median(one[key] for one in tries) for key in tries[0]}


def install() -> Path:
    """Lighthouse of the pinned version, in a folder that git doesn't see."""
    made = FOLDER / "node_modules" / "lighthouse"
    known = made / "package.json"
    if not known.exists() or json.loads(known.read_text())["version"] != LIGHTHOUSE:
        FOLDER.mkdir(exist_ok=True)
        command = ["npm", "install", "--prefix", str(FOLDER), "--no-audit", "--no-fund"]
        try:
            subprocess.run([*command, f"lighthouse@{LIGHTHOUSE}"], check=True)
        except FileNotFoundError:
            sys.exit("npm is missing, which brings Lighthouse: install Node 20 or newer.")
    return made / "cli" / "index.js"


@contextmanager
def phone(browser: Browser, cookies: list) -> Iterator[Page]:
    """A page on a phone that has kept nothing but a session, and is four times slower."""
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True)
    context.add_cookies(cookies)
    page = context.new_page()
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    yield page
    context.close()


def look(browser: Browser, cookies: list, lighthouse: Path, url: str) -> Figures:
    """All figures of one page."""
    return scores(lighthouse, cookies, url) | first_load(browser, cookies, url)


def scores(lighthouse: Path, cookies: list, url: str) -> Figures:
    """Lighthouse's scores of 100; ends where it was led to another page or saw none.

    In a Chromium of its own, since one that has shown many pages needs longer to start the next,
    which Lighthouse would take for the page's work.
    """
    command = ["node", str(lighthouse), url, "--output=json", "--quiet"]
    command.append(f"--only-categories={','.join(CATEGORIES)}")
    command.append(f"--chrome-flags={' '.join(['--headless=new', *CHROMIUM_FLAGS])}")
    if cookies:
        sent = "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in cookies)
        command.append(f"--extra-headers={json.dumps({'Cookie': sent})}")
    place = os.environ | {"CHROME_PATH": str(find_chromium())}
    for _ in range(LIGHTHOUSE_TRIES):
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=place)
        if not done.returncode:
            break
    else:
        sys.exit(f"Lighthouse failed on {url}: {done.stderr[-1000:]}")
    told = json.loads(done.stdout)
    if "runtimeError" in told or told["finalDisplayedUrl"] != url:
        seen = told.get("runtimeError", told["finalDisplayedUrl"])
        sys.exit(f"Lighthouse didn't see {url}: {seen}")
    marks = {key: 100 * told["categories"][key]["score"] for key in CATEGORIES}
    return marks | {key: told["audits"][name]["numericValue"] for key, name in TOLD.items()}


def first_load(browser: Browser, cookies: list, url: str) -> Figures:
    """A first load over 3G: seconds until usable, and KB over the wire."""
    kinds: dict[str, str] = {}
    came = {"kb": 0.0, "pictures_kb": 0.0}

    def end(event: dict) -> None:
        is_picture = kinds.get(event["requestId"]) == "Image"
        came["pictures_kb" if is_picture else "kb"] += event["encodedDataLength"] / 1000

    with phone(browser, cookies) as page:
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", NETWORK)
        session.on("Network.responseReceived", lambda e: kinds.update({e["requestId"]: e["type"]}))
        session.on("Network.loadingFinished", end)
        page.goto(url, wait_until="load")
        page.wait_for_load_state("networkidle")
        usable_s = page.evaluate(USABLE) / 1000
    return {"usable_s": usable_s, **came}


def taps_of(browser: Browser, cookies: list, site: Site, runs: int) -> Taps:
    """Medians of some rounds, since a single tap may meet whatever else the machine does."""
    rounds = [tap(browser, cookies, site) for _ in range(runs)]
    return {
        target: tuple(statistics.median(one[target][part] for one in rounds) for part in (0, 1))
        for target in rounds[0]
    }


def tap(browser: Browser, cookies: list, site: Site) -> Taps:
    """One round of taps on a slow processor."""
    with phone(browser, cookies) as page:
        page.add_init_script(LISTEN)
        for path, targets in TAPS.items():
            page.goto(site.url + path, wait_until="networkidle")
            for target in targets:
                leads_on = target.startswith(("room", "send"))
                page.evaluate("name => sessionStorage.setItem('tapped', name)", f"{path} {target}")
                with page.expect_navigation() if leads_on else nullcontext():
                    target_of(page, target).first.tap()
                page.wait_for_load_state("networkidle")
                page.wait_for_timeout(500)
        taps = json.loads(page.evaluate("sessionStorage.getItem('taps') || '{}'"))
    if not taps:
        sys.exit("No tap was timed.")
    return taps


def target_of(page: Page, target: str) -> Locator:
    """What a word of `TAPS` names on the page."""
    kind, _, name = target.partition(" ")
    match kind:
        case "summary":
            return page.locator("main summary")
        case "room":
            return page.get_by_role("navigation").get_by_role("link", name=name, exact=True)
        case "place":
            return page.locator(".place", has=page.locator(f"[value={name}]")).locator("path")
        case "send":
            return page.get_by_role("button", name=name, exact=True)
        case "tick":
            return page.locator("input[type=checkbox]")
        case _:
            return page.get_by_role("button", name=target, exact=True)


def row(name: str, page: Figures) -> str:
    marks = " | ".join(f"{page[key]:.0f}" for key in CATEGORIES)
    loaded = f"{page['usable_s']:.1f} | {page['kb']:.0f} | {page['pictures_kb']:.0f}"
    return f"| {name} | {marks} | {loaded} |"


def written(pages: dict[str, Figures], taps: Taps) -> str:
    """The section of the README."""
    head = "| page | performance | accessibility | best practices | usable, s | KB | pictures, KB |"
    parts = [
        f"## Pages, measured {datetime.now(UTC):%Y-%m-%d}",
        f"`make audit`, with Lighthouse {LIGHTHOUSE} and {chromium()} on {os.cpu_count()} cores of "
        f"{platform.machine()}, load {os.getloadavg()[2]:.0f} (what else runs makes the figures "
        "worse). The bars: 95 for each score; on a first load over 3G usable before 3 s, with "
        "less than 200 KB before pictures; 100 ms for a tap.",
        "\n".join([head, "| --- |" + " --- |" * 6, *(row(*one) for one in pages.items())]),
    ]
    if taps:
        whole, ours = zip(*taps.values(), strict=True)
        parts.append(
            f"{len(taps)} taps, medians of rounds on a processor {SLOWER} times slower: median "
            f"{statistics.median(whole):.0f} ms until the next frame, worst {max(whole):.0f} ms; "
            f"of these the site's own scripts took {max(ours):.0f} ms at most."
        )
    return "\n\n".join(part if "|" in part else textwrap.fill(part, 98) for part in parts)


def chromium() -> str:
    said = subprocess.run(
        [str(find_chromium()), "--version", "--no-sandbox"], capture_output=True, text=True
    ).stdout
    return " ".join(said.split()[:2])


def keep(report: str) -> None:
    """Put the section between its marks in the README."""
    text = README.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    README.write_text(f"{before}{BEGIN}\n{report}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()

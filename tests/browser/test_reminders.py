"""Choosing reminders by hand, and notifications in a real service worker."""

from __future__ import annotations

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files

import pytest
from playwright.sync_api import expect

from browser.steps import answer_safety, press, sign_up

pytestmark = pytest.mark.browser

WORKER = files("backstride.web").joinpath("static/backstride/push-worker.js").read_text("utf-8")


def test_choosing_and_a_calendar(serve, phone):
    site = serve()
    sign_up(phone, site.url, "rita@example.org")
    answer_safety(phone)
    phone.goto(site.url + "/you/")
    phone.get_by_role("link", name="Choose reminders").click()
    expect(phone.get_by_role("checkbox", name="Today's walk")).not_to_be_checked()
    phone.get_by_role("checkbox", name="Today's walk").check()
    phone.get_by_role("checkbox", name="E-mail").check()
    phone.get_by_label("Time for my walk").fill("17:45")
    press(phone, "Save")
    expect(phone.get_by_role("status").filter(has_text="Noted.")).to_be_visible()
    expect(phone.get_by_label("Time for my walk")).to_have_value("17:45")
    press(phone, "Make an address")
    address = phone.get_by_label("Address").input_value()
    read = phone.request.get(address)
    assert read.ok
    assert "BEGIN:VCALENDAR" in read.text()
    press(phone, "Send me one to try")
    printed = "E-mail: printed, for there is no mail server"
    expect(phone.get_by_text(printed, exact=True)).to_be_visible()
    said = site.printed("/reminders/stop/")
    path = re.search(r"^http://127\.0\.0\.1:8000(/reminders/stop/\S+)", said, re.MULTILINE)[1]
    visitor = phone.context.browser.new_context().new_page()
    visitor.goto(site.url + path)
    press(visitor, "Stop these e-mails")
    expect(visitor.get_by_role("heading", name="No more reminders by e-mail")).to_be_visible()
    visitor.context.close()
    phone.reload()
    expect(phone.get_by_role("checkbox", name="E-mail")).not_to_be_checked()


@pytest.fixture
def origin():
    """A bare site whose service worker has our part in it; keeps what is posted to it."""
    posted: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            worker = {"/sw.js": "importScripts('/push-worker.js');", "/push-worker.js": WORKER}
            text = worker.get(self.path, "<!doctype html><title>page</title>")
            self.send_response(200)
            kind = "text/javascript" if self.path in worker else "text/html"
            self.send_header("Content-Type", kind)
            self.end_headers()
            self.wfile.write(text.encode())

        def do_POST(self):
            posted.append(self.path)
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}", posted
    server.shutdown()
    thread.join()
    server.server_close()


SHOWN = """self.registration.getNotifications().then(
  (all) => all.map((n) => [n.title, n.body, n.tag, n.actions.map((a) => a.title)]))"""
DECLINE = """self.registration.getNotifications().then(([notification]) =>
  self.dispatchEvent(new NotificationEvent("notificationclick", {notification, action: "decline"})))
"""
REGISTER = """navigator.serviceWorker.register("/sw.js").then(() => navigator.serviceWorker.ready)
  .then((worker) => worker.active.state)"""


def test_a_push_is_shown_and_not_today_is_told(origin, chromium):
    url, posted = origin
    context = chromium.new_context()
    context.grant_permissions(["notifications"], origin=url)
    page = context.new_page()
    page.goto(url)
    page.evaluate(REGISTER)
    worker = context.service_workers[0]

    def wait(is_so) -> None:
        for _ in range(100):
            if is_so():
                return
            page.wait_for_timeout(100)
        raise AssertionError(f"shown: {worker.evaluate(SHOWN)}, posted: {posted}")

    told = {"title": "Backstride", "body": "At ten", "page": "/plan/", "decline": "a:b"}
    push(context, page, url, json.dumps(told))
    wait(lambda: worker.evaluate(SHOWN) == [["Backstride", "At ten", "reminder", ["Not today"]]])
    push(context, page, url, "")
    wait(lambda: worker.evaluate(SHOWN) == [["Backstride", "Something for today", "reminder", []]])
    push(context, page, url, json.dumps(told))
    wait(lambda: worker.evaluate(SHOWN)[0][1] == "At ten")
    worker.evaluate(DECLINE)
    wait(lambda: worker.evaluate(SHOWN) == [])
    wait(lambda: posted == ["/reminders/decline/a%3Ab/"])
    context.close()


def test_the_sites_own_worker_shows_what_is_pushed(serve, chromium):
    site = serve()
    context = chromium.new_context()
    context.grant_permissions(["notifications"], origin=site.url)
    page = context.new_page()
    sign_up(page, site.url, "nora@example.org")
    page.goto(site.url + "/reminders/")
    expect(page.get_by_role("button", name="Notify me on this device")).to_be_visible()
    push(context, page, site.url, json.dumps({"body": "At ten", "page": "/plan/"}))
    worker = context.service_workers[0]
    for _ in range(100):
        if worker.evaluate(SHOWN):
            break
        page.wait_for_timeout(100)
    assert worker.evaluate(SHOWN) == [["Backstride", "At ten", "reminder", []]]
    context.close()


def push(context, page, url: str, data: str) -> None:
    """Deliver a push message as the browser does once it has decrypted it."""
    session = context.new_cdp_session(page)
    found: list[str] = []
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: found.extend(one["registrationId"] for one in event["registrations"]),
    )
    session.send("ServiceWorker.enable")
    while not found:
        page.wait_for_timeout(50)
    told = {"origin": url, "registrationId": found[0], "data": data}
    session.send("ServiceWorker.deliverPushMessage", told)
    session.detach()

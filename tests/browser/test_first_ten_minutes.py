"""The walker's first ten minutes, from sign-up to an appointment, on a phone."""

from __future__ import annotations

import re
import zipfile

import icalendar
import pytest
from playwright.sync_api import expect

from backstride import sample_data
from browser.conftest import watched
from browser.steps import PASSWORD, answer_safety, bring, press, sign_in, sign_up

pytestmark = pytest.mark.browser

WALKER = "anna@example.org"
STAFF = "lee@clinic.example"


@pytest.fixture
def real_export(tmp_path):
    """A real Apple Health export, zipped as a phone does."""
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        inside = "apple_health_export/export.xml"
        archive.write(sample_data.path("apple-tdda/export.xml"), inside)
    return path


def test_from_sign_up_to_appointment(serve, phone, chromium, real_export, tmp_path):
    site = serve()
    sign_up(phone, site.url, WALKER)
    nothing_past_the_screen(phone, site.url)
    answer_safety(phone)

    bring_everything(phone, site.url, real_export, tmp_path)
    say_usual_walking(phone, site.url)
    look_at_walking(phone, site.url)
    read_plan(phone, site.url)
    log_today(phone, site.url)
    look_at_chart(phone, site.url)

    link = re.search(r"http\S+", site.run("clinic", "add", "City Backs", "--staff", STAFF).stdout)
    ask_for_appointment(phone, site.url)
    desk = chromium.new_context(viewport={"width": 1280, "height": 900})
    staff = watched(desk.new_page())
    answer_request(staff, site, link.group())
    assert not staff.complaints
    desk.close()
    read_answer(phone, site, tmp_path)


def nothing_past_the_screen(page, url):
    for path in ("/", "/data/", "/plan/", "/progress/", "/log/", "/clinic/appointments/"):
        page.goto(url + path)
        assert page.url == url + "/safety/", path


def bring_everything(page, url, real_export, tmp_path):
    bring(page, url, real_export, "2,517 steps")
    bring(page, url, sample_data.path("axivity/ax3-610-steps.cwa"), "27 Mar 2012")
    bring(page, url, sample_data.path("apple-dogsheep/route.gpx"), "11 Jun 2019")
    damaged = tmp_path / "damaged.zip"
    damaged.write_bytes(real_export.read_bytes()[:-80])
    bring(page, url, damaged, "Could not be read")
    again = tmp_path / "again.zip"
    again.write_bytes(real_export.read_bytes())
    page.get_by_label("Your file").set_input_files(again)
    page.get_by_role("button", name="Bring it in").click()
    expect(page.get_by_role("main")).to_contain_text(re.compile("already", re.I))
    page.get_by_role("link", name="What was found in export.zip").click()
    expect(page.get_by_role("main")).to_contain_text("10 step counts, 5 distances")


def say_usual_walking(page, url):
    page.goto(url + "/data/")
    page.get_by_label("Minutes a walk").fill("15")
    page.get_by_label("Days a week").fill("3")
    page.get_by_role("button", name="Note this").click()
    expect(page.get_by_role("main")).to_contain_text("15 minutes on 3 days")


def look_at_walking(page, url):
    page.goto(url + "/")
    page.get_by_role("link", name="Progress").click()
    page.get_by_role("link", name="Everything", exact=True).click()
    main = page.get_by_role("main")
    expect(main).to_contain_text("days with data")
    expect(main).to_contain_text("walks of about 15 minutes on 3 days a week")
    # The real export's steps came in bursts of seconds: they count, but make no cadence.
    row = page.get_by_role("row").filter(has_text="13 Sep 2014")
    expect(row).to_contain_text("2,517")


def read_plan(page, url):
    page.get_by_role("link", name="Plan", exact=True).click()
    main = page.get_by_role("main")
    expect(main).to_contain_text("48 minutes in all: 12 minutes on 4 days")
    expect(main).to_contain_text("Why this much")
    expect(main).to_contain_text("entry.told")


def log_today(page, url):
    """Each within three taps from today's page."""
    page.goto(url + "/")
    page.get_by_role("button", name="4 of 10").click()
    expect(page.get_by_role("status")).to_contain_text("Noted: pain 4 of 10")
    press(page, "I walked 12 minutes")  # the page before has the same scale
    page.get_by_role("button", name="5 of 10").click()
    expect(page.get_by_role("main")).to_contain_text("1 of 4 walks this week")
    page.get_by_role("button", name="Paracetamol 500 mg").click()
    expect(page.get_by_role("status")).to_contain_text("Noted: Paracetamol 500 mg")


def look_at_chart(page, url):
    page.goto(url + "/progress/")
    picture = page.get_by_role("img", name=re.compile("pain", re.I)).first
    expect(picture).to_be_visible()
    assert picture.evaluate("img => img.complete && img.naturalWidth") == 340


def ask_for_appointment(page, url):
    page.get_by_role("link", name="Therapist", exact=True).click()
    page.get_by_role("link", name="Ask for an appointment").click()
    page.get_by_label("In a few words: what is it about?").fill(
        "My back hurts after ten minutes of walking."
    )
    page.get_by_label("Your name").fill("Anna Walker")
    page.get_by_role("checkbox", name=re.compile("pain", re.I)).check()
    page.get_by_role("button", name="Send the request").click()
    expect(page.get_by_role("main")).to_contain_text("Waiting for an answer")


def answer_request(page, site, set_password_url):
    page.goto(re.sub(r"http://[^/]+", site.url, set_password_url))
    page.get_by_label(re.compile("^New Password$|^Password", re.I)).first.fill(PASSWORD)
    again = page.get_by_label(re.compile("again", re.I))
    if again.count():
        again.fill(PASSWORD)
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("button").first.click()
    sign_in(page, site.url, STAFF)
    page.goto(site.url + "/")
    page.get_by_role("link", name="Read and answer Anna Walker").click()
    main = page.get_by_role("main")
    expect(main).to_contain_text("My back hurts after ten minutes")
    expect(main).not_to_contain_text("Paracetamol")  # not ticked, not shown
    page.get_by_label(re.compile("^(Day|Date)", re.I)).fill("2027-03-16")
    page.get_by_label(re.compile("^Time", re.I)).fill("10:30")
    page.get_by_role("button", name="Send this time").click()
    expect(main).to_contain_text("16 March 2027")


def read_answer(page, site, tmp_path):
    page.goto(site.url + "/clinic/appointments/")
    expect(page.get_by_role("main")).to_contain_text("16 March 2027")
    with page.expect_download() as download:
        page.get_by_role("link", name="Add to calendar").click()
    file = tmp_path / "appointment.ics"
    download.value.save_as(file)
    event = icalendar.Calendar.from_ical(file.read_bytes()).walk("VEVENT")[0]
    assert event["SUMMARY"] == "Physical therapy appointment"
    mails = site.printed("text/calendar")
    assert WALKER in mails
    assert STAFF in mails
    assert "ten minutes" not in mails  # no health details in e-mail
    page.goto(site.url + "/sharing/")
    expect(page.get_by_role("main")).to_contain_text(STAFF.split("@")[0])

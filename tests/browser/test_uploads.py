"""A large export: progress that is true, survives a reload, and ends in whole days."""

from __future__ import annotations

import re
import zipfile

import pytest
from playwright.sync_api import expect

from browser.steps import answer_safety, sign_up

pytestmark = pytest.mark.browser

RECORDS = 400_000
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<HealthData locale="en_GB">\n'
ONE = (
    ' <Record type="HKQuantityTypeIdentifierStepCount" sourceName="Watch" unit="count"'
    ' device="&lt;&lt;HKDevice: 0x1&gt;, name:Apple Watch, hardware:Watch6,1&gt;"'
    ' creationDate="{at} +0000" startDate="{at} +0000" endDate="{end} +0000" value="7"/>\n'
)


@pytest.fixture(scope="module")
def large_export(tmp_path_factory):
    """400,000 records of 7 steps, some 120 MB of XML."""
    path = tmp_path_factory.mktemp("large") / "export.zip"
    lines = []
    for number in range(RECORDS):
        day, minute = divmod(number, 1000)
        month, day = divmod(day, 28)
        stamp = f"{2020 + month // 12}-{month % 12 + 1:02}-{day + 1:02} {minute // 60:02}:"
        at = f"{stamp}{minute % 60:02}:00"
        lines.append(ONE.format(at=at, end=f"{stamp}{minute % 60:02}:50"))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("apple_health_export/export.xml", HEAD + "".join(lines) + "</HealthData>")
    return path


def test_progress_survives_reloads_and_is_true(serve, phone, large_export):
    site = serve()
    sign_up(phone, site.url, "fay@example.org")
    answer_safety(phone)
    phone.goto(site.url + "/data/")
    phone.get_by_label("Your file").set_input_files(large_export)
    phone.get_by_role("button", name="Bring it in").click()
    row = phone.get_by_role("listitem").filter(has_text="export.zip")
    expect(row).to_be_visible()

    seen = []
    for _ in range(400):
        phone.reload()
        # At once: the page asks again by itself, and the bar goes when all is read.
        shown = row.get_by_role("progressbar").evaluate_all("bars => bars.map(bar => bar.value)")
        if not shown:
            break
        seen += shown
        phone.goto(site.url + "/")  # doing something else meanwhile
        phone.goto(site.url + "/data/")
    assert seen == sorted(seen)
    assert any(0 < percent < 100 for percent in seen), seen
    expect(row).to_contain_text(f"{RECORDS * 7:,} steps", timeout=30_000)
    expect(phone.get_by_role("main")).to_contain_text(re.compile("400 days"))

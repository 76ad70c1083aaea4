"""A file read becomes days, or is refused whole."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import polars as pl
import pytest

from backstride import sample_data
from backstride.records import DAYS
from backstride.web.imports import days, reading, services, store
from backstride.web.imports.frames import days_frame, usual_of
from backstride.web.imports.models import Upload
from web.imports import exports

RECORDINGS = Path(__file__).parents[2] / "data" / "recordings"
CWA = "axivity/ax3-610-steps.cwa"


def bring(user, content: bytes, name: str = "export.zip") -> Upload:
    upload, _ = services.receive(user, BytesIO(content), name)
    assert services.process(upload)
    return Upload.objects.get(pk=upload.pk)


def bring_sample(user, name: str) -> Upload:
    return bring(user, sample_data.path(name).read_bytes(), name.rsplit("/", 1)[-1])


def test_a_phone_and_a_watch_count_each_step_once(walker):
    upload = bring(walker, exports.zipped(exports.walks(3)))
    assert (upload.state, upload.kind, upload.error) == ("done", "apple_health", "")
    report = upload.report
    assert report["steps_recorded"] == 3 * 2010
    assert report["steps_once"] == 3 * 1010  # the watch's, which is worn
    assert {source["source"]: source["steps"] for source in report["sources"]} == {
        "Wanda's iPhone": 3000,
        "Wanda's Watch": 3030,
    }
    assert (report["days_before"], report["days_after"]) == (0, 3)
    assert [day.steps for day in walker.days.all()] == [1010] * 3
    assert walker.days.first().sources == ["Wanda's Watch"]


def test_real_export(walker):
    upload = bring_sample(walker, "apple-tdda/export.xml")
    report = upload.report
    assert (upload.state, report["read_count"], report["refused_count"]) == ("done", 15, 0)
    assert report["from"] == "2014-09-13"
    assert sum(day.steps or 0 for day in walker.days.all()) == report["steps_once"]


def test_real_sensor_recording(walker):
    upload = bring_sample(walker, CWA)
    assert (upload.state, upload.kind) == ("done", "cwa")
    assert abs(upload.report["recording"]["steps"] - 610) <= 0.05 * 610
    assert "Axivity AX3" in upload.report["sources"][0]["source"]
    (day,) = walker.days.all()
    assert day.steps == upload.report["steps_once"]
    assert day.wear_h > 0


def test_real_gpx(walker):
    upload = bring_sample(walker, "apple-dogsheep/route.gpx")
    assert (upload.state, upload.kind, upload.report["has_steps"]) == ("done", "gpx", False)


def test_a_grown_export_adds_only_what_is_new(walker):
    bring(walker, exports.walks(3), "old.xml")
    report = bring(walker, exports.walks(5), "new.xml").report
    assert (report["steps_before"], report["steps_after"]) == (3030, 5050)
    assert (report["days_before"], report["days_after"]) == (3, 5)


def test_days_do_not_depend_on_the_order_of_files(walker):
    parts = [exports.walks(3), exports.walks(5), sample_data.path(CWA).read_bytes()]
    uploads = [bring(walker, part, "a") for part in parts]
    forwards = days_frame(walker)
    for upload in uploads:
        services.delete(upload)
    assert not walker.days.exists()
    for part in reversed(parts):
        bring(walker, part, "a")
    assert days_frame(walker).equals(forwards)


def test_deleting_takes_steps_samples_and_bytes_away(walker, own_store):
    kept = bring(walker, exports.walks(2), "kept.xml")
    before = days_frame(walker)
    gone = bring_sample(walker, CWA)
    assert not days_frame(walker).equals(before)
    services.delete(gone)
    assert days_frame(walker).equals(before)
    assert not store.samples_of(gone.pk).exists()
    assert not store.file_of(gone.sha256).exists()
    assert list(walker.uploads.all()) == [kept]


def test_days_follow_the_walker_to_another_zone(walker):
    late = exports.datetime(2026, 10, 1, 22, 30)
    bring(walker, exports.walks(1, late), "late.xml")
    assert str(walker.days.get().date) == "2026-10-02"  # half past midnight in Berlin
    walker.zone = "Europe/London"
    walker.save()
    days.rebuild_days(walker)
    assert str(walker.days.get().date) == "2026-10-01"


REFUSED = {
    "wrong type": (b"%PDF-1.7 a letter", "not a kind of file"),
    "empty": (b"", "empty"),
    "zip of something else": (exports.zipped(b"hello", "a.txt"), "not a kind of file"),
    "truncated zip": (exports.zipped(exports.walks(9))[:-300], "breaks off"),
    "truncated xml": (exports.walks(9)[:-300], "breaks off"),
    "zip bomb": (exports.bomb(), "far more than an export can hold"),
    "entities": (exports.with_entities(), "entities"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_bad_files_are_refused_whole(walker, case):
    content, said = REFUSED[case]
    before = bring(walker, exports.walks(1), "good.xml")
    upload = bring(walker, content, "mine.zip")
    assert upload.state == "refused"
    assert said in upload.error
    assert upload.error.startswith("mine.zip: ")  # the walker's name, not the store's
    assert upload.sha256 not in upload.error + upload.hint
    assert upload.hint
    assert list(upload.report) == ["said"]
    assert not store.samples_of(upload.pk).exists()
    assert walker.days.count() == 1
    assert before.state == "done"


def test_damaged_sectors_are_counted_and_the_rest_is_read(walker):
    file = RECORDINGS / "ax3-corrupt-blocks-0-13-14-142-143-144.cwa"
    upload = bring(walker, file.read_bytes(), "damaged.cwa")
    assert upload.state == "done"
    notices = {notice["code"]: notice for notice in upload.report["notices"]}
    assert any(code.startswith("cwa.") and n["count"] >= 6 for code, n in notices.items())


def test_units_and_missing_zones_are_told(walker):
    upload = bring(walker, exports.metres_per_second_squared(), "phone.csv")
    assert (upload.state, upload.kind) == ("done", "csv")
    codes = {notice["code"] for notice in upload.report["notices"]}
    assert {"unit.detected", "time.without_zone"} <= codes
    assert "m/s²" in str(upload.report["notices"])
    assert upload.report["sources"][0]["source"] == "phone.csv"


def test_a_recording_without_a_date_is_given_to_no_day(walker):
    rows = "".join(f"{n / 50:.2f},0,0,1\n" for n in range(50 * 90))
    upload = bring(walker, b"t_s,x,y,z\n" + rows.encode(), "walk.csv")
    assert upload.state == "done"
    assert "uploads.undated" in {notice["code"] for notice in upload.report["notices"]}
    assert upload.report["set_aside_count"] > 0
    assert not walker.days.exists()


def test_progress_is_the_bytes_read(walker, monkeypatch):
    monkeypatch.setattr(services, "TELL_EVERY_S", 0.0)
    content = exports.walks(10_000)
    upload, _ = services.receive(walker, BytesIO(content), "export.xml")
    seen, stored = [], []

    def tell(done: int, total: int) -> None:
        seen.append((done, total))
        stored.append(Upload.objects.get(pk=upload.pk))

    services.process(upload, tell)
    assert [total for _, total in seen] == [len(content)] * len(seen)
    assert len(seen) > 3
    assert seen == sorted(seen)
    assert seen[-1][0] == len(content)
    assert {row.state for row in stored} == {"running"}
    # What a page sees trails by one step and is never ahead of what was read.
    assert [row.done_units for row in stored[1:]] == [done for done, _ in seen[:-1]]


def test_our_own_fault_is_refused_without_details_and_logged(walker, monkeypatch, caplog):
    def broken(*_args: object) -> None:
        raise ZeroDivisionError("secret inner detail")

    monkeypatch.setattr(reading, "read_file", broken)
    upload = bring(walker, exports.walks(1))
    assert upload.state == "refused"
    assert "our side" in upload.error
    assert "secret" not in upload.error + upload.hint
    assert "secret inner detail" in caplog.text


def test_an_upload_taken_away_while_it_is_read_leaves_nothing(walker, monkeypatch):
    monkeypatch.setattr(services, "TELL_EVERY_S", 0.0)
    upload, _ = services.receive(walker, BytesIO(exports.walks(4000)), "export.xml")

    def take_away(_done: int, _total: int) -> None:
        row = Upload.objects.filter(pk=upload.pk).first()
        if row:
            services.delete(row)

    assert services.process(upload, take_away)
    assert not walker.uploads.exists()
    assert not walker.days.exists()
    assert not store.samples_of(upload.pk).exists()


def test_frames(walker):
    empty = days_frame(walker)
    assert empty.schema == pl.Schema(DAYS)
    assert empty.is_empty()
    bring(walker, exports.walks(2))
    frame = days_frame(walker)
    assert frame.schema == pl.Schema(DAYS)
    assert frame["steps"].to_list() == [1010, 1010]
    assert frame["sources"].to_list() == [["Wanda's Watch"]] * 2
    assert usual_of(walker) is None
    services.say_usual(walker, 10, 2)
    services.say_usual(walker, 20, 3)
    said = usual_of(walker)
    assert (said.minutes, said.days_per_week) == (20, 3)

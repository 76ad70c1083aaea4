"""The room "Data" over HTTP: who may see what, and what they are told."""

from __future__ import annotations

import errno
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from backstride import imports, sample_data
from backstride.web.clinic.models import Clinic, Staff
from backstride.web.imports import services, tasks
from backstride.web.imports.models import Upload
from web import helpers
from web.imports import exports

DATA = "/data/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def web(client, cleared_walker) -> Client:
    client.force_login(cleared_walker)
    return client


def file(content: bytes, name: str = "export.zip") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def send(web: Client, *files: SimpleUploadedFile, **more):
    return web.post(DATA, {"files": list(files), **more}, follow=True)


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def brought(user, content: bytes = b"", name: str = "export.xml") -> Upload:
    """An upload that a worker has not looked at yet."""
    upload, _ = services.receive(user, BytesIO(content or exports.walks(2)), name)
    return upload


URLS = ["/data/", "/data/{pk}/", "/data/{pk}/status/"]
POSTS = ["/data/", "/data/usual/", "/data/{pk}/delete/"]


@pytest.mark.parametrize("url", URLS)
def test_pages_are_the_owners_alone(url, client, cleared_walker):
    upload = brought(cleared_walker)
    url = url.format(pk=upload.pk)
    assert client.get(url).headers["Location"].startswith("/account/login/")
    other = helpers.make_user("other@example.org")
    client.force_login(other)
    assert client.get(url).headers["Location"] == reverse("safety")  # not screened yet
    helpers.clear(other)
    if url != DATA:
        assert client.get(url).status_code == 404
    client.force_login(cleared_walker)
    assert client.get(url).status_code == 200


@pytest.mark.parametrize("url", POSTS)
def test_only_the_owner_changes_anything(url, client, cleared_walker):
    upload = brought(cleared_walker)
    url = url.format(pk=upload.pk)
    form = {"files": file(exports.walks(1)), "minutes": 5, "days_per_week": 3}
    assert client.post(url, form).headers["Location"].startswith("/account/login/")
    other = helpers.make_user("other@example.org")
    client.force_login(other)
    client.post(url, form)
    clinic = Clinic.objects.create(name="Clinic")
    staff = Staff.objects.create(user=helpers.make_user("pt@example.org"), clinic=clinic)
    client.force_login(staff.user)
    assert client.post(url, form).headers["Location"] == reverse("inbox")
    assert list(Upload.objects.all()) == [upload]
    assert not other.usuals.exists()
    if "{pk}" in url:
        helpers.clear(other)
        client.force_login(other)
        assert client.post(url).status_code == 404
        assert Upload.objects.exists()


@pytest.mark.parametrize("url", ["/data/usual/", "/data/{pk}/delete/"])
def test_changes_need_a_post(url, web, cleared_walker):
    upload = brought(cleared_walker)
    assert web.get(url.format(pk=upload.pk)).status_code == 405


@pytest.mark.parametrize("url", POSTS)
def test_a_forged_form_is_refused(url, cleared_walker):
    upload = brought(cleared_walker)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cleared_walker)
    assert strict.post(url.format(pk=upload.pk), {"files": file(b"x")}).status_code == 403
    assert list(Upload.objects.all()) == [upload]


def test_several_files_at_once(web, cleared_walker):
    real = sample_data.path("apple-tdda/export.xml").read_bytes()
    walk = sample_data.path("apple-dogsheep/route.gpx").read_bytes()
    response = send(web, file(real, "export.xml"), file(walk, "route.gpx"), file(b"?", "cat.jpg"))
    assert response.redirect_chain == [(DATA, 302)]
    states = dict(cleared_walker.uploads.values_list("name", "state"))
    assert states == {"export.xml": "done", "route.gpx": "done", "cat.jpg": "refused"}
    page = text_of(response)
    assert "2,517 steps" in page
    assert "This is not a kind of file that Backstride reads." in page
    assert "hx-get" not in page.split("What you have brought")[1]


def test_where_a_sensor_was_worn_is_kept(web, cleared_walker):
    content = sample_data.path("axivity/ax3-610-steps.cwa").read_bytes()
    send(web, file(content, "ax3.cwa"), placement="wrist")
    assert cleared_walker.uploads.get().report["recording"]["placement"] == "wrist"
    response = send(web, file(b"1"), placement="on the cat")
    assert response.status_code == 400
    assert "on the cat" in text_of(response)


def test_the_same_file_twice_says_when_it_was_brought(web, cleared_walker):
    send(web, file(exports.walks(1)))
    page = text_of(send(web, file(exports.walks(1), "again.zip")))
    when = cleared_walker.uploads.get().brought_at.astimezone(cleared_walker.tz)
    assert f"You brought export.zip already, on {when:%-d %B %Y, %H:%M}" in page
    assert "Nothing was added twice." in page


def test_no_file_is_said_at_the_field(web):
    response = web.post(DATA, {})
    assert response.status_code == 400
    assert "Choose a file first" in text_of(response)


def test_too_large_is_refused_before_it_is_read(web, settings, own_store, cleared_walker):
    settings.MAX_UPLOAD_BYTES = 1000
    response = web.post(DATA, {"files": file(b"x" * 1001)})
    assert response.status_code == 413
    assert "larger than" in text_of(response)
    response = web.post(DATA, {"files": file(b"x")}, headers={"Content-Length": "9" * 12})
    assert response.status_code == 413
    assert not cleared_walker.uploads.exists()
    assert list((own_store / "uploads").iterdir()) == []


def test_a_full_disk_is_said(web, own_store, cleared_walker, monkeypatch):
    def full(*_args: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(TemporaryFileUploadHandler, "receive_data_chunk", full)
    response = web.post(DATA, {"files": file(exports.walks(1))})
    assert response.status_code == 507
    assert "no room left on the disk" in text_of(response)
    assert not cleared_walker.uploads.exists()
    assert list((own_store / "uploads").iterdir()) == []


def test_waiting_in_vain_is_said(web, cleared_walker):
    brought(cleared_walker)
    assert "will be read in a moment" in text_of(web.get(DATA))
    Upload.objects.update(brought_at=timezone.now() - timedelta(minutes=3))
    assert "may not be running" in text_of(web.get(DATA))
    other, _ = services.receive(cleared_walker, BytesIO(b"another"), "other.zip")
    Upload.objects.filter(pk=other.pk).update(state="running")
    assert "may not be running" not in text_of(web.get(DATA))


def test_the_script_sends_without_using_up_the_messages(web):
    scripted = {"X-Requested-With": "XMLHttpRequest"}
    send(web, file(exports.walks(1)))
    response = web.post(DATA, {"files": file(exports.walks(1))}, headers=scripted)
    assert response.status_code == 204
    assert "Nothing was added twice." in text_of(web.get(DATA))


def test_report_page(web, cleared_walker):
    send(web, file(exports.zipped(exports.walks(3))))
    page = text_of(web.get(f"/data/{cleared_walker.uploads.get().pk}/"))
    assert "recorded 6,030 steps" in page
    assert "That leaves <strong>3,030</strong>" in page
    assert "Wanda&#x27;s Watch" in page
    assert "6 step counts" in page
    assert "Before: 0 days, 0 steps." in page


def test_notes_say_what_was_damaged_and_where(web, cleared_walker):
    name = "ax3-corrupt-blocks-0-13-14-142-143-144.cwa"
    damaged = Path(__file__).parents[2] / "data" / "recordings" / name
    send(web, file(damaged.read_bytes(), name))
    page = text_of(web.get(reverse("upload", args=[cleared_walker.uploads.get().pk])))
    assert "6 damaged sectors" in page
    assert "(first: sector 0)" in page


def test_report_of_a_refused_file(web, cleared_walker):
    send(web, file(exports.with_entities(), "<b>evil</b>.xml"))
    page = text_of(web.get(f"/data/{cleared_walker.uploads.get().pk}/"))
    assert "Nothing of it was taken in." in page
    assert "entities" in page
    assert "<b>evil" not in page


def test_a_running_file_asks_for_itself_until_it_is_done(web, cleared_walker):
    upload = brought(cleared_walker)
    status = reverse("upload_status", args=[upload.pk])
    page = text_of(web.get(DATA))
    assert f'hx-get="{status}?heard=Waiting' in page
    Upload.objects.update(state="running", total_units=1000, done_units=420)
    running = text_of(web.get(status, headers=HTMX))
    assert '<progress value="42"' in running
    assert "42 % of" in running
    assert "hx-get" in running
    assert "heard=Reading%2C%2025%20percent" in running
    quiet = text_of(web.get(status, {"heard": "Reading, 25 percent"}, headers=HTMX))
    assert 'id="heard"' not in quiet  # nothing new to say aloud
    Upload.objects.update(state="running", done_units=1000)
    assert "Sorting the steps into days" in text_of(web.get(status, headers=HTMX))
    tasks.read_upload(upload.pk)
    done = text_of(web.get(status, headers=HTMX))
    assert "hx-get" not in done
    assert "2,020 steps" in done
    assert 'id="so-far"' in done  # the page's own sum is brought up to date
    assert web.get(status, {"whole": ""}, headers=HTMX).headers["HX-Refresh"] == "true"


def test_a_fragment_never_swaps_the_sign_in_page_in(web, cleared_walker):
    status = reverse("upload_status", args=[brought(cleared_walker).pk])
    web.logout()
    response = web.get(status, headers=HTMX)
    assert response.headers["HX-Refresh"] == "true"
    assert response.content == b""


def test_taking_a_file_away(web, cleared_walker):
    send(web, file(exports.walks(2)))
    url = reverse("upload_delete", args=[cleared_walker.uploads.get().pk])
    page = text_of(web.post(url, follow=True))
    assert "export.zip was taken away" in page
    assert not cleared_walker.uploads.exists()
    assert not cleared_walker.days.exists()


def test_usual_walking(web, cleared_walker):
    page = text_of(web.get(DATA))
    assert "Or just tell us" in page
    page = text_of(web.post("/data/usual/", {"minutes": 10, "days_per_week": 3}, follow=True))
    assert "Noted: you usually walk 10 minutes on 3 days a week." in page
    assert reverse("plan") in page
    web.post("/data/usual/", {"minutes": 12, "days_per_week": 4})
    assert [str(said) for said in cleared_walker.usuals.all()] == [
        "12 minutes on 4 days",
        "10 minutes on 3 days",
    ]


@pytest.mark.parametrize(
    "said", [{}, {"minutes": 301, "days_per_week": 3}, {"minutes": 5, "days_per_week": 8}]
)
def test_usual_walking_out_of_range(web, cleared_walker, said):
    response = web.post("/data/usual/", said)
    assert response.status_code == 400
    assert "errorlist" in text_of(response)
    assert not cleared_walker.usuals.exists()


def test_a_long_list_is_cut_and_can_be_opened(web, cleared_walker):
    for n in range(23):
        brought(cleared_walker, b"%d" % n, f"file{n}.txt")
    page = text_of(web.get(DATA))
    assert "Show 3 older" in page
    assert "file0.txt" not in page
    assert "file0.txt" in text_of(web.get(DATA + "?all"))


@pytest.mark.parametrize(
    ("agent", "here"),
    [
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X)", "iPhone"),
        ("Mozilla/5.0 (Linux; Android 15; Pixel 8)", "Android phone"),
        ("Mozilla/5.0 (X11; Linux x86_64)", "Web browser"),
    ],
)
def test_each_phone_is_told_its_own_steps(web, agent, here):
    page = text_of(web.get(DATA, headers={"User-Agent": agent}))
    for source in imports.SOURCES:
        assert f"how-{source.key}" in page
        how = next((one for one in source.how if one.where == here), source.how[0])
        assert all(escape(step) in page for step in how.steps)


def test_the_report_holds_our_days_against_the_makers(web, cleared_walker):
    upload = brought(cleared_walker)
    services.process(upload)
    upload.report |= {
        "agreement": {
            "days": 9,
            "agreed": 8,
            "worst_date": "2026-10-03",
            "worst_steps": 1000,
            "worst_vendor_steps": 1500,
        },
        "measures": [
            {
                "measure": "walking_speed_mps",
                "count": 12,
                "from": "2026-10-01",
                "to": "2026-10-09",
                "recent_median": 1.234,
            }
        ],
    }
    upload.save()
    page = text_of(web.get(f"{DATA}{upload.pk}/"))
    assert "8 of 9 days" in page
    assert "3 October 2026, 1,000 here and 1,500 there" in page
    assert "Walking speed" in page
    assert "1.23 m/s" in page


@pytest.mark.parametrize(
    ("language", "texts", "refused"),
    [
        (
            "es",
            (
                "las fuentes de este archivo registraron 6",
                "6 recuentos de pasos",
                "Antes: 0 días, 0 pasos.",
            ),
            ("El archivo está vacío (0 bytes)", "Cópialo o expórtalo de nuevo"),
        ),
        (
            "zh-hans",
            ("加起来共6", "6 步数记录", "之前：0天，0步。"),
            ("文件是空的（0字节）", "请重新复制或导出"),
        ),
    ],
)
def test_a_file_is_told_of_in_the_persons_language(web, cleared_walker, language, texts, refused):
    send(web, file(exports.zipped(exports.walks(3))))
    send(web, file(b"", "nothing.zip"))
    sensor = Path(__file__).parents[2] / "data" / "recordings"
    name = "ax3-corrupt-blocks-0-13-14-142-143-144.cwa"
    send(web, file((sensor / name).read_bytes(), name))
    walk, empty, damaged = cleared_walker.uploads.order_by("pk")
    assert empty.error == "nothing.zip: the file is empty (0 bytes)"  # kept in English
    cleared_walker.language = language
    cleared_walker.save()
    page = text_of(web.get(reverse("upload", args=[walk.pk])))
    assert [text for text in texts if text not in page] == []
    page = text_of(web.get(reverse("upload", args=[empty.pk])))
    assert [text for text in refused if text not in page] == []
    page = text_of(web.get(reverse("upload", args=[damaged.pk])))
    told = {"es": "6 sectores dañados", "zh-hans": "6个扇区损坏"}[language]
    assert told in page
    page = text_of(web.get(DATA))
    assert {"es": "¿Cómo consigo el archivo?", "zh-hans": "怎样得到文件？"}[language] in page
    assert {"es": "Abre la aplicación Salud", "zh-hans": "打开“健康”应用"}[language] in page

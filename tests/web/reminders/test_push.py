"""Notifications arrive at a real push service, signed, and only the browser can read them."""

from __future__ import annotations

import stat
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstride.web.plan.services import week_now
from backstride.web.reminders import endpoints, push, services
from backstride.web.reminders.models import Choices, PushAddress, Sent
from web.reminders import push_service
from web.reminders.push_service import Browser, bytes_of, check_signature


@pytest.fixture
def service(tmp_path, settings, monkeypatch):
    with push_service.running(tmp_path) as service:
        monkeypatch.setenv("SSL_CERT_FILE", str(service.certificate))
        settings.PUSH_HOSTS = ["localhost"]
        settings.SITE = "https://back.example.org"
        yield service


@pytest.fixture
def browser():
    return Browser()


@pytest.fixture
def reached(planned, clock, choose, service, browser, client):
    """A walker who wants to hear of their walk, on a device that they added on the page."""
    choose(walk=True, by_mail=False)
    client.force_login(planned)
    told = {"endpoint": service.url("/push/abc"), **browser.keys}
    agent = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537 Chrome/140 Mobile Safari/537"
    answer = client.post("/reminders/device/", told, headers={"User-Agent": agent})
    assert answer.json() == {"next": "/reminders/"}
    clock.set(walk_day(planned), "09:05")
    return planned


def walk_day(walker):
    today = walker.today()
    return min(walk.day for walk in week_now(walker).walks if walk.day > today)


def test_it_arrives_signed_and_readable_for_the_browser_alone(reached, service, browser):
    [row] = services.remind(reached)
    [(path, headers, body)] = service.got
    assert row.told == {"notification": "Chrome on Android: sent"}
    assert path == "/push/abc"
    assert headers["Content-Encoding"] == "aes128gcm"
    assert 0 < int(headers["TTL"]) <= 2 * 3600
    claims, key = check_signature(headers)
    assert claims["aud"] == f"https://localhost:{service.port}"
    assert claims["sub"] == "https://back.example.org"
    assert time.time() < claims["exp"] <= time.time() + 24 * 3600
    assert key == bytes_of(push.public_key())
    told = browser.read(body)
    assert told["title"] == "Backstride"
    assert told["body"] == "Something for today"
    assert told["page"] == "/"
    with pytest.raises(Exception, match=r"[Dd]ecrypt|InvalidTag|invalid"):
        Browser().read(body)
    assert services.remind(reached) == []
    assert len(service.got) == 1


def test_content_where_it_is_wanted_is_no_longer_than_without(reached, service, browser):
    services.remind(reached)
    Choices.objects.update(content=True)
    Sent.objects.all().delete()
    services.remind(reached)
    plain, told = (body for _, _, body in service.got)
    assert "minutes" in browser.read(told)["body"]
    assert len(plain) == len(told)


def test_not_today_from_the_notification_without_signing_in(reached, service, browser, client):
    services.remind(reached)
    token = browser.read(service.got[0][2])["decline"]
    client.logout()
    assert client.get(f"/reminders/decline/{token}/").status_code == 405
    assert client.post(f"/reminders/decline/{token}x/").status_code == 404
    assert client.post(f"/reminders/decline/{token}/").status_code == 204
    assert Choices.objects.get().declined_on == reached.today()


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_removed(reached, service, status):
    service.status = status
    [row] = services.remind(reached)
    assert row.told == {"notification": "Chrome on Android: gone, removed"}
    assert not PushAddress.objects.exists()


@pytest.mark.parametrize("status", [301, 307, 400, 429, 500])
def test_a_service_in_trouble_is_told_of_and_no_redirect_followed(reached, service, status):
    service.status, service.location = status, service.url("/elsewhere")
    [row] = services.remind(reached)
    assert row.told == {"notification": f"Chrome on Android: refused ({status})"}
    assert [path for path, *_ in service.got] == ["/push/abc"]
    assert PushAddress.objects.exists()


def test_a_certificate_that_is_not_trusted(reached, service, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")
    [row] = services.remind(reached)
    assert row.told == {"notification": "Chrome on Android: not reached"}
    assert service.got == []


def test_a_name_that_leads_into_the_private_network(reached, service, settings, caplog):
    """Any name may resolve to anything by the time it is used: localhost does, to us."""
    PushAddress.objects.update(endpoint="https://localhost/push")
    settings.PUSH_HOSTS = []
    [row] = services.remind(reached)
    assert row.told == {"notification": "Chrome on Android: not reached"}
    assert "public address" in caplog.text
    assert service.got == []


BAD = [
    "http://push.example.org/abc",
    "ftp://push.example.org/abc",
    "https://",
    "https://me:secret@push.example.org/abc",
    "https://push.example.org:8443/abc",
    "https://127.0.0.1/abc",
    "https://10.1.2.3/abc",
    "https://169.254.169.254/latest/meta-data",
    "https://192.168.1.1/abc",
    "https://0.0.0.0/abc",
    "https://100.64.0.1/abc",
    "https://224.0.0.1/abc",
    "https://[::1]/abc",
    "https://[fe80::1]/abc",
    "https://[fd00::1]/abc",
    "https://[::ffff:10.0.0.1]/abc",
    "https://[64:ff9b::a00:1]/abc",
    "https://push.example.org/\r\nHost: evil",
    "https://push.example.org/a b",
    "https://push.example.org:99999/",
    "https://" + "a" * 1000,
    "javascript:alert(1)",
    "",
]


@pytest.mark.parametrize("url", BAD)
def test_addresses_that_nothing_is_sent_to(url, settings):
    settings.PUSH_HOSTS = []
    with pytest.raises(endpoints.BadEndpoint):
        endpoints.endpoint_of(url)


@given(st.text(max_size=60) | st.text(max_size=60).map(lambda text: f"https://{text}"))
def test_any_text_is_an_address_or_refused(url):
    try:
        found = endpoints.endpoint_of(url)
    except endpoints.BadEndpoint:
        return
    assert found.host
    assert found.port == 443
    assert found.path.startswith(("/", "?"))


def test_only_the_hosts_that_the_operator_names(settings):
    settings.PUSH_HOSTS = [".push.example", "one.example.org"]
    for url in ("https://a.push.example/x", "https://one.example.org/x"):
        assert endpoints.endpoint_of(url).path == "/x"
    for url in ("https://two.example.org/x", "https://evilpush.example/x"):
        with pytest.raises(endpoints.BadEndpoint):
            endpoints.endpoint_of(url)


def test_a_bad_device_is_refused_in_words_and_nothing_kept(planned, client, service, browser):
    client.force_login(planned)
    good = {"endpoint": service.url("/push"), **browser.keys}
    for wrong in (
        {"endpoint": "https://10.0.0.1/x"},
        {"endpoint": ""},
        {"p256dh": "AAAA"},
        {"p256dh": push_service.text_of(b"\x04" + b"\x01" * 64)},  # no point of the curve
        {"auth": "AAAA"},
        {"auth": "!!!"},
        {"p256dh": "ä"},
    ):
        answer = client.post("/reminders/device/", good | wrong)
        assert answer.status_code == 400, wrong
        assert answer.json()["said"], wrong
    assert not PushAddress.objects.exists()
    assert not Choices.objects.exists()


def test_a_device_is_added_once_and_removed(planned, client, service, browser):
    client.force_login(planned)
    told = {"endpoint": service.url("/push"), **browser.keys}
    client.post("/reminders/device/", told)
    client.post("/reminders/device/", told)
    row = PushAddress.objects.get()
    assert f"{row}" in client.get("/reminders/").content.decode()
    client.post(f"/reminders/device/{row.pk}/remove/")
    assert not PushAddress.objects.exists()


def test_a_try_says_what_became_of_it_and_not_twice_in_a_minute(reached, client, service, clock):
    page = client.post("/reminders/try/", follow=True).content.decode()
    assert "Chrome on Android: sent" in page
    assert "just sent" in client.post("/reminders/try/", follow=True).content.decode()
    assert len(service.got) == 1
    clock.now += timedelta(hours=3)
    assert Sent.objects.get().kind == "try"


def test_the_key_is_made_once_and_for_its_owner_alone(tmp_path):
    """Two processes that start at once agree on one key."""
    script = (
        "import sys; from pathlib import Path; import os;"
        "os.environ['DJANGO_SETTINGS_MODULE'] = 'backstride.web.settings';"
        "os.environ['BACKSTRIDE_HOME'] = sys.argv[1];"
        "import django; django.setup();"
        "from backstride.web.reminders import push; print(push.public_key())"
    )
    running = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    keys = {process.communicate()[0].strip() for process in running}
    assert len(keys) == 1
    [key] = keys
    assert len(bytes_of(key)) == 65
    file = tmp_path / "vapid-key.pem"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.glob("vapid-key*")] == ["vapid-key.pem"]


def test_it_is_in_the_walkers_language(reached, service, browser):
    reached.language = "zh-hans"
    reached.save()
    Choices.objects.filter(user=reached).update(content=True)
    services.remind(reached)
    [(_path, _headers, body)] = service.got
    told = browser.read(body)
    assert told["body"].startswith("您今天的步行：")
    assert told["not_today"] == "今天不要"


def test_an_eleventh_device_is_refused(reached, service, browser, client):
    for n in range(services.MOST_ADDRESSES):
        PushAddress.objects.create(user=reached, endpoint=f"https://localhost/{n}", name="One")
    told = {"endpoint": service.url("/push/new"), **browser.keys}
    answer = client.post("/reminders/device/", told)
    assert answer.status_code == 400
    assert answer.json()["said"] == (
        "There are 10 devices already. Remove one first. Nothing was changed."
    )

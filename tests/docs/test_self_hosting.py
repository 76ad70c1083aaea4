"""docs/self-hosting.md: its proxy lets people in, its copies can be restored."""

from __future__ import annotations

import re
import shutil
import subprocess
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlencode

import pytest

from docs.pages import blocks, tables, text_of
from docs.terminal import PASSWORD, serving, type_in


def ask(port: int, headers: dict[str, str], form: dict[str, str] | None = None) -> HTTPResponse:
    """The sign-in page as a proxy asks for it, or its form as a browser sends it."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    sent = urlencode(form) if form else None
    typed = {"Content-Type": "application/x-www-form-urlencoded"} if form else {}
    connection.request("POST" if form else "GET", "/account/login/", sent, headers | typed)
    return connection.getresponse()


def proxy_headers(nginx: str, host: str) -> dict[str, str]:
    """What the page's nginx would add for a visitor of `host` by HTTPS."""
    values = {"$host": host, "$scheme": "https", "$remote_addr": "198.51.100.7"}
    found = re.findall(r"proxy_set_header (\S+) (\S+);", nginx)
    return {name: values[variable] for name, variable in found}


def test_signing_in_behind_a_proxy_with_https(place):
    """With the settings that the page gives and the headers that its nginx adds."""
    folder, env = place
    text = text_of("self-hosting.md")
    given = dict(line.split("=", 1) for line in blocks(text, "env")[0].splitlines())
    env |= {name: value for name, value in given.items() if "SMTP" not in name}
    host = given["BACKSTRIDE_HOSTS"]
    site = f"https://{host}"
    headers = proxy_headers(blocks(text, "nginx")[0], host)
    with serving("backstride serve", env, folder) as port:
        page = ask(port, headers)
        assert page.status == 200
        assert page.headers["Strict-Transport-Security"]
        cookie = page.headers["Set-Cookie"]
        assert "Secure" in cookie
        token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', page.read().decode())[1]
        form = {
            "csrfmiddlewaretoken": token,
            "login": "owner@example.org",
            "password": PASSWORD,
        }
        sent = {"Cookie": cookie.split(";")[0], "Origin": site, "Referer": f"{site}/account/login/"}
        assert ask(port, headers | sent, form).status == 302
        elsewhere = {**sent, "Origin": "https://other.example"}
        assert ask(port, headers | elsewhere, form).status == 403
        assert ask(port, headers | {"Host": "other.example"}).status == 400


def listed_in_data_folder() -> list[str]:
    """What the page says is in the data folder, without the slash of a folder."""
    told = next(t for t in tables("self-hosting.md") if t.columns[0] == "name")
    names = [name for row in told.rows for name in re.findall(r"`([^`]+?)/?`", row[0])]
    return [*names, *(f"{name}{end}" for name in names for end in ("-wal", "-shm"))]


def test_backing_up_and_restoring_as_the_page_says(place):
    """Its ```bash blocks in one shell: the copy is whole, and an installation of its own."""
    if shutil.which("sqlite3") is None:
        pytest.skip("the sqlite3 command isn't installed, which the page uses")
    folder, env = place
    home = Path(env["BACKSTRIDE_HOME"])
    done = type_in("backstride import export.zip", env, folder)
    assert done.returncode == 0, done.stderr
    script = "\n".join(blocks(text_of("self-hosting.md"), "bash"))
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        env=env,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
    )
    assert done.returncode == 0, done.stderr
    assert "owner@example.org" in done.stdout
    assert {path.name for path in home.iterdir()} <= set(listed_in_data_folder())
    restored = home.parent / "backstride-restored"
    assert restored.stat().st_mode & 0o077 == 0
    kept = {p.relative_to(home) for p in (home / "files").rglob("*") if p.is_file()}
    assert kept
    assert all((restored / p).read_bytes() == (home / p).read_bytes() for p in kept)
    assert (restored / "samples" / "1.parquet").exists()
    assert (restored / "vapid-key.pem").read_bytes() == (home / "vapid-key.pem").read_bytes()
    assert (restored / "secret-key").read_text() == (home / "secret-key").read_text()
    again = type_in(
        "backstride import export.zip", {**env, "BACKSTRIDE_HOME": str(restored)}, folder
    )
    assert "nothing new" in again.stdout

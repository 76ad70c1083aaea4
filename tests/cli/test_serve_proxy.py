"""Behind a proxy: the site knows that it was asked by https, and by whom."""

from __future__ import annotations

import http.client
import threading
from contextlib import suppress

import pytest
import waitress

from backstride.cli.serve import proxy_options

PROXIED = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}


def told(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"{environ['wsgi.url_scheme']} {environ['REMOTE_ADDR']}".encode()]


def run(server) -> None:
    with suppress(OSError):  # its sockets are closed under it when the test is over
        server.run()


def asked(options) -> str:
    server = waitress.create_server(told, host="127.0.0.1", port=0, **options)
    threading.Thread(target=run, args=[server], daemon=True).start()
    try:
        connection = http.client.HTTPConnection("127.0.0.1", server.effective_port, timeout=10)
        connection.request("GET", "/", headers=PROXIED)
        return connection.getresponse().read().decode()
    finally:
        # Its worker still writes to a pipe when the answer is out: to close that under it
        # would let it write into whatever this process opens next.
        server.task_dispatcher.shutdown()
        server.close()


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])  # noqa: S104
def test_the_proxy_is_believed(host):
    assert asked(proxy_options(host)) == "https 203.0.113.9"


def test_another_machine_is_not_where_the_proxy_is_local():
    elsewhere = proxy_options("127.0.0.1") | {"trusted_proxy": "192.0.2.1"}
    assert asked(elsewhere) == "http 127.0.0.1"

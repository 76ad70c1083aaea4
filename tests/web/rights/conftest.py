"""A walker with something in every table, and a store of their own."""

from __future__ import annotations

import pytest

from web.imports import stores
from web.rights import lives


@pytest.fixture(autouse=True)
def own_store(settings, tmp_path):
    return stores.use(settings, tmp_path / "home")


@pytest.fixture
def full_walker(cleared_walker):
    return lives.fill(cleared_walker)


@pytest.fixture
def web(client, full_walker):
    client.force_login(full_walker)
    return client

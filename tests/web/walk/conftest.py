"""Each test keeps its files in a store of its own, and reads what arrives at once."""

from __future__ import annotations

import pytest
from huey.contrib.djhuey import HUEY

from web.imports import stores


@pytest.fixture(autouse=True)
def own_store(settings, tmp_path):
    return stores.use(settings, tmp_path / "home")


@pytest.fixture
def work_at_once(monkeypatch):
    monkeypatch.setattr(HUEY, "immediate", True)

from __future__ import annotations

import pytest

from web.imports import stores


@pytest.fixture(autouse=True)
def own_store(settings, tmp_path):
    return stores.use(settings, tmp_path / "home")

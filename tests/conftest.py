"""Every test runs in a data folder of its own making, far from anyone's real one."""

import os
import tempfile
from pathlib import Path

import django
import pytest
from hypothesis import settings

os.environ["BACKSTRIDE_HOME"] = tempfile.mkdtemp(prefix="backstride-test-")
os.environ["BACKSTRIDE_WORK_AT_ONCE"] = "yes"
for name in [n for n in os.environ if n.startswith("BACKSTRIDE_SMTP")]:
    del os.environ[name]
# Only now: pytest-django would read the settings, and so the data folder, before this file.
os.environ["DJANGO_SETTINGS_MODULE"] = "backstride.web.settings"
django.setup()

# Other work on the machine is no bug; and what CI finds, everyone finds again.
settings.register_profile("backstride", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("backstride")

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder with the larger real recordings; the test is skipped where it isn't."""
    path = Path(os.environ.get("BACKSTRIDE_SHARED_DATA") or ROOT.parent / "shared" / "data")
    if not path.is_dir():
        pytest.skip(f"no shared data at {path}; set BACKSTRIDE_SHARED_DATA to read them")
    return path

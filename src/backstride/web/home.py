"""Where an installation keeps its database, files and keys, and how it reads its settings."""

from __future__ import annotations

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

from platformdirs import user_data_path

from backstride.errors import BackstrideError


class BadSetting(BackstrideError):
    """A setting from the environment that can't be meant."""


def home() -> Path:
    """The data folder: `BACKSTRIDE_HOME`, or the usual place for a user's data."""
    path = Path(os.environ.get("BACKSTRIDE_HOME") or user_data_path("backstride"))
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path.resolve()


def setting(name: str, default: str = "") -> str:
    """`BACKSTRIDE_<name>` from the environment, or from the file `BACKSTRIDE_<name>_FILE`."""
    file = os.environ.get(f"BACKSTRIDE_{name}_FILE")
    if file:
        try:
            return Path(file).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise BadSetting(f"BACKSTRIDE_{name}_FILE names {file}: {error.strerror}.") from error
    return os.environ.get(f"BACKSTRIDE_{name}", default)


def flag(name: str, *, default: bool = False) -> bool:
    """A yes/no setting; anything else is refused loudly rather than guessed."""
    value = setting(name, "yes" if default else "no").lower()
    if value in {"1", "yes", "true", "on"}:
        return True
    if value in {"0", "no", "false", "off"}:
        return False
    raise BadSetting(f"BACKSTRIDE_{name} is {value!r}; expected yes or no.")


def number(name: str, default: int) -> int:
    """A whole number from 1 up; anything else is refused."""
    value = setting(name, str(default))
    if value.isascii() and value.isdigit() and int(value) > 0:
        return int(value)
    raise BadSetting(f"BACKSTRIDE_{name} is {value!r}; expected a whole number from 1 up.")


def names(name: str, default: str = "") -> list[str]:
    """A comma-separated setting as a list."""
    return [part.strip() for part in setting(name, default).split(",") if part.strip()]


def secret_key(folder: Path) -> str:
    """The key that signs sessions: from the environment, or made once and kept in `folder`."""
    given = setting("SECRET_KEY")
    if given:
        return given
    file = folder / "secret-key"
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_text(encoding="utf-8")
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(secrets.token_urlsafe(50))
    return file.read_text(encoding="utf-8")


def vapid_key(folder: Path) -> Path:
    """The file with the key that signs notifications (RFC 8292), made once, for its owner alone.

    It is written whole under another name first: of several processes that start at once, the
    first one's stays.
    """
    file = folder / "vapid-key.pem"
    if file.exists():
        return file
    from py_vapid import Vapid02  # only here: loading it takes a while

    made = Vapid02()
    made.generate_keys()
    handle, temporary = tempfile.mkstemp(dir=folder, prefix=file.name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(made.private_pem())
        with suppress(FileExistsError):
            os.link(temporary, file)
    finally:
        Path(temporary).unlink()
    return file

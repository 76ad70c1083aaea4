"""Stores of uploaded files for one test alone."""

from __future__ import annotations

from pathlib import Path


def use(settings, home: Path) -> Path:
    """Make the site keep its files in `home`."""
    settings.HOME = home
    settings.FILES = home / "files"
    settings.UPLOADS = home / "uploads"
    settings.FILE_UPLOAD_TEMP_DIR = str(settings.UPLOADS)
    for folder in (settings.FILES, settings.UPLOADS):
        folder.mkdir(parents=True)
    return home

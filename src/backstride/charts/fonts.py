"""Fonts that come as packages, for pictures and pages that no browser draws."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

PACKAGES = ("fontpkg_noto_sans", "justmytype_intl_cjk")


def folders() -> list[Path]:
    """The folders of the font packages that are installed."""
    specs = [find_spec(name) for name in PACKAGES]
    return [Path(spec.origin).parent for spec in specs if spec and spec.origin]

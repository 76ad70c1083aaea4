"""A device's own clock: lines through its marks, and from its wall clock to UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LARGEST_OFFSET_S = 14 * 3600  # Kiribati


def instant(seconds: float) -> datetime:
    """The UTC instant of these seconds since 1970."""
    return EPOCH + timedelta(seconds=seconds)


def line(x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[float, float]:
    """Slope and value at 0 of the least-squares line."""
    x_mean, y_mean = x.mean(), y.mean()
    slope = float(((x - x_mean) * (y - y_mean)).sum() / ((x - x_mean) ** 2).sum())
    return slope, float(y_mean - slope * x_mean)


def utc_offset_s(wall_s: float, zone: ZoneInfo) -> float:
    """The zone's offset at this wall clock; a device's clock doesn't change with the season."""
    wall = instant(wall_s).replace(tzinfo=zone)
    offset = wall.utcoffset()
    return offset.total_seconds() if offset else 0.0


def written_offset_s(text: str) -> float | None:
    """Seconds east of Greenwich of `+01:00`, `GMT -04:00` or `-04:00:00`; None if it is none."""
    match = re.fullmatch(r"(?:GMT|UTC)?\s*([+-]?)(\d{1,2}):(\d\d)(?::(\d\d))?", text.strip())
    if match is None:
        return None
    seconds = int(match[2]) * 3600 + int(match[3]) * 60 + int(match[4] or 0)
    if seconds > LARGEST_OFFSET_S:
        return None
    return float(-seconds if match[1] == "-" else seconds)

"""The raw signal as the phone sends it, checked, and as the Parquet file that is kept.

A reading is 20 bytes, little-endian: milliseconds since the walk's start (float64), then x, y
and z in m/s² with gravity (float32), as DeviceMotion's `accelerationIncludingGravity` gives them.
"""

from __future__ import annotations

from datetime import datetime
from typing import IO

import numpy as np
import polars as pl
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from backstride.errors import BackstrideError
from backstride.web.imports import own_phone

READING = np.dtype([("ms", "<f8"), ("x", "<f4"), ("y", "<f4"), ("z", "<f4")])
MAX_BYTES = 64 << 20  # 6 hours at 150 readings a second
MAX_RATE_HZ = 250.0  # browsers give 60, some phones 100 or 200
MIN_RATE_HZ = 5.0
MAX_MS2 = 400.0  # about 40 g: no phone's sensor goes further
LEAST_READINGS = 100


class BadWalk(BackstrideError):
    """A walk that can't have been as it was sent."""


def readings(file: IO[bytes], duration_s: float) -> NDArray[np.void]:
    """The readings (READING) of a walk of so many seconds. Raises BadWalk.

    At most MAX_BYTES are in memory.
    """
    raw = file.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise BadWalk(_("The signal is larger than %(mb)s MB.") % {"mb": MAX_BYTES >> 20})
    if len(raw) % READING.itemsize:
        raise BadWalk(_("The signal breaks off within a reading."))
    found = np.frombuffer(raw, READING)
    if len(found) < LEAST_READINGS:
        told = _("The signal has %(count)s readings; %(least)s are the least.")
        raise BadWalk(told % {"count": len(found), "least": LEAST_READINGS})
    _check_times(found["ms"], duration_s)
    for axis in "xyz":
        if not np.isfinite(found[axis]).all():
            raise BadWalk(_("The signal holds something that is no number."))
        if np.abs(found[axis]).max() > MAX_MS2:
            raise BadWalk(_("The signal holds more than %(most)g m/s².") % {"most": MAX_MS2})
    return found


def _check_times(ms: NDArray[np.float64], duration_s: float) -> None:
    if not np.isfinite(ms).all():
        raise BadWalk(_("A time in the signal is no number."))
    step = np.diff(ms)
    if (step < 0).any():
        raise BadWalk(_("The signal's times don't follow each other."))
    if ms[0] < 0 or ms[-1] > 1000 * (duration_s + 5):
        raise BadWalk(_("The signal lies outside the time of the walk."))
    usual_ms = float(np.median(step))
    if not 1 / MAX_RATE_HZ <= usual_ms / 1000 <= 1 / MIN_RATE_HZ:
        told = _(
            "The signal has a reading each %(ms).3g ms; %(least)g to %(most)g a second can be."
        )
        raise BadWalk(told % {"ms": usual_ms, "least": MIN_RATE_HZ, "most": MAX_RATE_HZ})


def write(file: IO[bytes], found: NDArray[np.void], started_at: datetime) -> None:
    """Write readings as a Parquet file that `imports.own_phone` knows as ours."""
    passed = pl.Series(np.round(found["ms"] * 1000).astype(np.int64)).cast(pl.Duration("us"))
    axes = {f"{axis} [m/s2]": found[axis].copy() for axis in "xyz"}
    start = pl.lit(started_at).cast(pl.Datetime("us", "UTC"))
    table = pl.DataFrame({"time": passed, **axes}).with_columns(
        (start + pl.col("time")).alias("time")
    )
    table.write_parquet(file, metadata=own_phone.MARK)

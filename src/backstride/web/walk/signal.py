"""The raw signal as the phone sends it, checked, and as the Parquet file that is kept.

A reading is 20 bytes, little-endian: milliseconds since the walk's start (float64), then x, y
and z in m/s² with gravity (float32), as DeviceMotion's `accelerationIncludingGravity` gives them.
"""

from __future__ import annotations

from datetime import datetime
from typing import IO

import numpy as np
import polars as pl
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
        raise BadWalk(f"The signal is larger than {MAX_BYTES >> 20} MB.")
    if len(raw) % READING.itemsize:
        raise BadWalk("The signal breaks off within a reading.")
    found = np.frombuffer(raw, READING)
    if len(found) < LEAST_READINGS:
        raise BadWalk(f"The signal has {len(found)} readings; {LEAST_READINGS} are the least.")
    _check_times(found["ms"], duration_s)
    for axis in "xyz":
        if not np.isfinite(found[axis]).all():
            raise BadWalk("The signal holds something that is no number.")
        if np.abs(found[axis]).max() > MAX_MS2:
            raise BadWalk(f"The signal holds more than {MAX_MS2:g} m/s².")
    return found


def _check_times(ms: NDArray[np.float64], duration_s: float) -> None:
    if not np.isfinite(ms).all():
        raise BadWalk("A time in the signal is no number.")
    step = np.diff(ms)
    if (step < 0).any():
        raise BadWalk("The signal's times don't follow each other.")
    if ms[0] < 0 or ms[-1] > 1000 * (duration_s + 5):
        raise BadWalk("The signal lies outside the time of the walk.")
    usual_ms = float(np.median(step))
    if not 1 / MAX_RATE_HZ <= usual_ms / 1000 <= 1 / MIN_RATE_HZ:
        raise BadWalk(
            f"The signal has a reading each {usual_ms:.3g} ms; "
            f"{MIN_RATE_HZ:g} to {MAX_RATE_HZ:g} a second can be."
        )


def write(file: IO[bytes], found: NDArray[np.void], started_at: datetime) -> None:
    """Write readings as a Parquet file that `imports.own_phone` knows as ours."""
    passed = pl.Series(np.round(found["ms"] * 1000).astype(np.int64)).cast(pl.Duration("us"))
    axes = {f"{axis} [m/s2]": found[axis].copy() for axis in "xyz"}
    start = pl.lit(started_at).cast(pl.Datetime("us", "UTC"))
    table = pl.DataFrame({"time": passed, **axes}).with_columns(
        (start + pl.col("time")).alias("time")
    )
    table.write_parquet(file, metadata=own_phone.MARK)

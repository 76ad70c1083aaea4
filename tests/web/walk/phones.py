"""What a phone sends: a real walk as the browser would have recorded it."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import numpy as np
import polars as pl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from real_recordings import phone_walk

NAME = "Pixel_Jamie_Hard_FrontPocket_1"
TRUTH = phone_walk(NAME)[1]
# As `walk.signal.READING`, written out: what a phone sends is a promise to phones.
READING = np.dtype([("ms", "<f8"), ("x", "<f4"), ("y", "<f4"), ("z", "<f4")])


def readings(name: str = NAME) -> np.ndarray:
    """A phone's walk at 60 readings a second, as browsers give it."""
    table = pl.read_parquet(phone_walk(name)[0])
    slot = (pl.col("t_s") * 60).floor().alias("slot")
    table = table.with_columns(slot).unique("slot", keep="first", maintain_order=True)
    found = np.empty(len(table), READING)
    found["ms"] = (table["t_s"] - table["t_s"][0]) * 1000
    for axis in "xyz":
        found[axis] = table[axis]
    return found


def sent(user, signal: bytes | None = None, start: datetime | None = None, **changed) -> dict:
    """The fields of a walk of 70 s that ended just now."""
    from backstride.web.walk.services import mark_of  # the browser's tests set Django up later

    start = start or timezone.now() - timedelta(seconds=71)
    fields = {
        "key": str(uuid.uuid4()),
        "mark": mark_of(user),
        "start_ms": 1000 * start.timestamp(),
        "end_ms": 1000 * (start + timedelta(seconds=70.5)).timestamp(),
        "sent_ms": 1000 * timezone.now().timestamp(),
        "pauses": "[]",
        "route": "[]",
        "aim_low_spm": 95,
        "aim_high_spm": 115,
    }
    if signal is not None:
        fields["live_steps"] = 117
        fields["signal"] = SimpleUploadedFile("signal", signal)
    return {**fields, **changed}

"""A measurement as interval counts, so that it can be merged with a phone's or a watch's."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from backstride.records import SAMPLES, checked
from backstride.walking.measure import Measurement


def samples_of(measurement: Measurement, source: str) -> pl.DataFrame:
    """SAMPLES, one a minute, of all minutes worn (or recorded, if the device is carried).

    Minutes without a step are there with 0, so that the sensor wins over the time it was
    worn; minutes that were not worn are left to the other sources.
    """
    minutes = measurement.minutes.filter(pl.col("steps").is_not_null())
    return checked(
        minutes.select(
            pl.col("start"),
            (pl.col("start") + timedelta(minutes=1)).alias("end"),
            pl.col("steps"),
            pl.col("walking_s"),
            pl.lit(source).alias("source"),
            pl.lit("sensor").alias("device"),
        ),
        SAMPLES,
    )

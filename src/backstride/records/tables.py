"""The tables that cross package borders: one schema each, declared here and nowhere else.

Instants are UTC with microseconds; a day is the walker's local day. Missing is null,
never 0.
"""

from __future__ import annotations

import polars as pl

Schema = dict[str, pl.DataType]

INSTANT = pl.Datetime("us", "UTC")

SAMPLES: Schema = {
    # One interval count from one source, as it came; intervals of sources overlap.
    "start": INSTANT,
    "end": INSTANT,
    "steps": pl.Float64(),
    "distance_m": pl.Float64(),
    "walking_s": pl.Float64(),  # seconds of walking, where the source knows them
    "source": pl.String(),  # the name the person knows: "Anna's Watch"
    "device": pl.String(),  # sensor, watch, phone, app or manual
    "flag": pl.String(),  # why it is kept but not counted, or null
}

MEASURES: Schema = {
    # What phones and watches measure beside counts of steps: one row a measurement.
    "start": INSTANT,
    "end": INSTANT,
    "measure": pl.String(),  # one of MEASURE_NAMES
    "value": pl.Float64(),
    "source": pl.String(),
    "device": pl.String(),
}

MEASURE_NAMES = (
    "walking_speed_mps",
    "step_length_m",
    "double_support_percent",
    "asymmetry_percent",
    "steadiness_percent",
    "ascent_m",  # climbed on a walk
    "heart_rate_bpm",  # during walks
    "resting_heart_rate_bpm",
    "mindful_s",
    "mood_valence",  # from -1, very unpleasant, to 1, very pleasant
    "mood_score",  # on the source's own scale
    "sleep_s",
)

VENDOR_DAYS: Schema = {
    # What the vendor itself says a local day came to, to hold our own against.
    "date": pl.Date(),
    "steps": pl.Int64(),
    "source": pl.String(),
}

MINUTES: Schema = {
    # One row a minute that any source covers, after merging.
    "start": INSTANT,
    "steps": pl.Float64(),
    "walking_s": pl.Float64(),
    "distance_m": pl.Float64(),
    "worn_s": pl.Float64(),  # null for devices that are carried, not worn
    "source": pl.String(),  # whose steps these are, after merging
    # Of `steps`, those whose time nobody knows, for they came in a batch (329 in 5 s) or in
    # one record of an hour: they count for the day's total, not for cadence, which is
    # `steps - untimed_steps`, and unknown where all are untimed. Null is none.
    "untimed_steps": pl.Float64(),
}

BOUTS: Schema = {
    "start": INSTANT,
    "end": INSTANT,
    "steps": pl.Float64(),
    "cadence_spm": pl.Float64(),
    # From raw recordings alone: see `walking.gait`.
    "running": pl.Boolean(),
    "step_regularity": pl.Float64(),  # 1 if each step is like the one before
    "stride_regularity": pl.Float64(),  # likewise with every second one
    "symmetry": pl.Float64(),  # 1 if left and right are alike
    "stride_time_s": pl.Float64(),
    "stride_time_cv_percent": pl.Float64(),  # its variation; null if steps aren't timed singly
    "quality": pl.String(),  # good, fair or poor: how sure the steps are
    "source": pl.String(),
}

STEPS: Schema = {"at": INSTANT}  # the instant of each step found in a raw recording

DAYS: Schema = {
    "date": pl.Date(),
    "steps": pl.Int64(),
    "walking_min": pl.Float64(),
    "running_min": pl.Float64(),  # of walking_min; null where only counts are known
    "brisk_min": pl.Float64(),  # minutes of 100 steps or more
    "longest_bout_min": pl.Float64(),
    "peak30_cadence_spm": pl.Float64(),
    "distance_m": pl.Float64(),
    "wear_h": pl.Float64(),
    "sources": pl.List(pl.String()),
}

PAIN: Schema = {
    "at": INSTANT,
    "date": pl.Date(),
    "nprs": pl.Int64(),  # numeric pain rating scale, 0 to 10
    "moment": pl.String(),  # now, before_walk, during_walk, next_morning
    "is_flare": pl.Boolean(),  # the person's own word, as are the next
    "new_leg_symptom": pl.Boolean(),
    "leg_weaker": pl.Boolean(),
    "new_numbness": pl.Boolean(),  # or tingling
    "woke_at_night": pl.Boolean(),  # by pain, in the night before
}

LEG_NEWS = ("leg_weaker", "new_numbness", "new_leg_symptom")  # of PAIN, the gravest first

PLACES: Schema = {
    # Where it hurt: one row a place that was tapped with a pain note.
    "at": INSTANT,
    "date": pl.Date(),
    "place": pl.String(),  # a key of outcomes/body.toml
}

SCORES: Schema = {
    # What the questionnaires and the day's questions came to, one row each time.
    "at": INSTANT,
    "date": pl.Date(),
    "instrument": pl.String(),  # a key of outcomes/instruments
    "value": pl.Float64(),  # null where too much was left open
}

WALKS: Schema = {
    # Walks that the person says were done.
    "date": pl.Date(),
    "minutes": pl.Float64(),
}

SESSIONS: Schema = {
    # Stretches and strengthening that the person says were done, one row an exercise.
    "date": pl.Date(),
    "exercise": pl.String(),  # a key of regimen/exercises.toml
    "level": pl.Int64(),  # from 1
    "felt": pl.String(),  # easy, right or hard
    "hurt": pl.Boolean(),
}

DOSES: Schema = {
    "at": INSTANT,
    "date": pl.Date(),
    "medicine": pl.String(),
    "amount": pl.Float64(),
    "unit": pl.String(),
}


def empty(schema: Schema) -> pl.DataFrame:
    """A table of this schema without rows."""
    return pl.DataFrame(schema=schema)


def checked(frame: pl.DataFrame, schema: Schema) -> pl.DataFrame:
    """The table with exactly the schema's columns, in its order and types.

    Columns the schema has and the table hasn't come as nulls. Raises ValueError for a
    column that the schema doesn't know or a value that doesn't fit its type.
    """
    unknown = set(frame.columns) - set(schema)
    if unknown:
        raise ValueError(f"unknown columns {sorted(unknown)}; expected {list(schema)}")
    columns = [
        (pl.col(name) if name in frame.columns else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in schema.items()
    ]
    return frame.select(columns)

"""What goes with less pain in one person's own notes: described with its doubt, no cause claimed.

Pain of one day is much like that of the day before, so days aren't compared one by one, but in
blocks: within each week, the days after a walk with the days after none; of two weeks in a
row, the one with more walking with the other one. Over the blocks this is a paired t test, of
four analyses the one that kept its error rate near nominal in simulated trials of one person
with autocorrelation (Chen & Chen 2014, doi 10.1371/journal.pone.0087752). Nobody drew lots for
the days: what goes together needn't be cause and effect.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from backstride import words
from backstride.records import Schema, valid_days
from backstride.words import say

WALK_MIN = 10.0  # minutes on end, measured or noted, that make it a day with a walk [ENG]
BLOCKS = 6  # at least, for an estimate: with fewer, one odd week decides [ENG]
DAYS_EACH = 10  # of each kind at least [ENG]
LOOKBACK_DAYS = 364  # what went together years ago may not now [ENG]
WALKING_DAYS, PAIN_DAYS = 4, 3  # of a week at least, for the week to be compared [ENG]
SURE = 0.95
MOST = 2.0  # points of pain: a difference that is no clearer than this tells nothing [ENG]

# One row a block: mean pain, 0 to 10, on the one side and on the other.
COMPARED: Schema = {"week": pl.Date(), "more": pl.Float64(), "less": pl.Float64()}


@dataclass(frozen=True)
class Estimate:
    """Mean pain after more walking and after less, 0 to 10, and the first less the second
    with its 95 % interval: below 0, pain was lower with more walking."""

    more: float
    less: float
    difference: float
    low: float
    high: float

    @property
    def may_be_chance(self) -> bool:
        return self.low <= 0 <= self.high

    @property
    def is_vague(self) -> bool:
        """Whether it may as well be much lower as much higher."""
        return self.low < -MOST and self.high > MOST


@dataclass(frozen=True)
class Comparison:
    """Two sides of one person's notes. `key` is "day_after" or "week"; `days` are those on
    each side (weeks, for "week"). `estimate` is None where there is too little."""

    key: str
    blocks: pl.DataFrame  # COMPARED
    days: tuple[int, int]
    estimate: Estimate | None


def comparisons(
    days: pl.DataFrame, pain: pl.DataFrame, walks: pl.DataFrame, today: date
) -> tuple[Comparison, Comparison]:
    """The day after a walk beside the day after none, and weeks with more walking beside those
    with less, from the DAYS, PAIN and WALKS tables of the year up to `today`.

    A day without a measurement and without a note is unknown, and on neither side.
    """
    since = today - timedelta(days=LOOKBACK_DAYS)
    days, pain, walks = (t.filter(pl.col("date").is_between(since, today))
                         for t in (days, pain, walks))  # fmt: skip
    daily = _daily(days, pain, walks)
    return _day_after(daily), _weeks(daily)


def _daily(days: pl.DataFrame, pain: pl.DataFrame, walks: pl.DataFrame) -> pl.DataFrame:
    """A row a known day: date, pain (mean), walked (or null), minutes (or null).

    Where a device measures, what it didn't see is unknown. Without one the notes are all there
    is: who noted pain and no walk had none.
    """
    at_rest = pl.col("moment").fill_null("now") != "during_walk"
    felt = pain.filter(pl.col("nprs").is_not_null() & at_rest)
    felt = felt.group_by("date").agg(pl.col("nprs").mean().alias("pain"))
    seen = valid_days(days).unique("date").select("date", "longest_bout_min", "walking_min")
    noted = walks.group_by("date").agg(
        pl.col("minutes").max().alias("longest"), pl.col("minutes").sum()
    )
    daily = felt.join(seen, on="date", how="full", coalesce=True)
    daily = daily.join(noted, on="date", how="full", coalesce=True).sort("date")
    longest, minutes = pl.max_horizontal("longest_bout_min", "longest"), pl.col("walking_min")
    if not daily["walking_min"].count():
        none = pl.when(pl.col("pain").is_not_null()).then(0.0)
        longest, minutes = pl.coalesce(longest, none), pl.coalesce("minutes", none)
    walked = (longest >= WALK_MIN).alias("walked")
    return daily.select("date", "pain", walked, minutes.alias("minutes"))


def _day_after(daily: pl.DataFrame) -> Comparison:
    before = (pl.col("date") - pl.duration(days=1)).alias("date")
    after = daily.select(before, pl.col("pain").alias("after")).drop_nulls()
    known = daily.filter(pl.col("walked").is_not_null()).join(after, on="date")
    week = pl.col("date").dt.truncate("1w").alias("week")
    sides = [known.filter(pl.col("walked") == side) for side in (True, False)]
    more, less = (side.group_by(week).agg(pl.col("after").mean()) for side in sides)
    blocks = more.join(less, on="week", suffix="_less").sort("week")
    blocks = blocks.select("week", more="after", less="after_less")
    walked, rested = (side.filter(week.is_in(blocks["week"].implode())).height for side in sides)
    enough = min(walked, rested) >= DAYS_EACH
    return Comparison("day_after", blocks, (walked, rested), _estimate(blocks) if enough else None)


def _weeks(daily: pl.DataFrame) -> Comparison:
    table = (
        daily.group_by(pl.col("date").dt.truncate("1w").alias("week"))
        .agg(
            pl.col("minutes").mean(), pl.col("minutes").count().alias("seen"),
            pl.col("pain").mean(), pl.col("pain").count().alias("rated"),
        )
        .filter((pl.col("seen") >= WALKING_DAYS) & (pl.col("rated") >= PAIN_DAYS))
        .sort("week")
    )  # fmt: skip
    rows, pairs, n = table.to_dicts(), [], 0
    while n + 1 < len(rows):
        first, second = rows[n], rows[n + 1]
        if (
            second["week"] - first["week"] > timedelta(weeks=1)
            or first["minutes"] == second["minutes"]
        ):
            n += 1
            continue
        less, more = sorted((first, second), key=lambda row: row["minutes"])
        pairs.append({"week": first["week"], "more": more["pain"], "less": less["pain"]})
        n += 2
    blocks = pl.DataFrame(pairs, schema=COMPARED)
    return Comparison("week", blocks, (len(pairs), len(pairs)), _estimate(blocks))


def _estimate(blocks: pl.DataFrame) -> Estimate | None:
    if blocks.height < BLOCKS:
        return None
    from scipy import stats  # only here: loading it takes a while

    apart = (blocks["more"] - blocks["less"]).to_numpy()
    difference, error = float(apart.mean()), float(stats.sem(apart))
    low = high = difference
    if error > 0:
        low, high = stats.t.interval(SURE, len(apart) - 1, loc=difference, scale=error)
    more, less = (float(blocks[name].to_numpy().mean()) for name in ("more", "less"))
    return Estimate(more, less, difference, float(low), float(high))


def told(found: Comparison) -> str:
    """A comparison in plain words: what was seen, in how much, how sure it is."""
    got = found.estimate
    if got is None:
        return words.sentences([_needed(found), say("Nothing is said before.")])
    means = {"more": got.more, "less": got.less}
    if found.key == "week":
        seen = say(
            "In weeks with more walking your pain was about {more:.1f} of 10, in the week beside"
            " with less {less:.1f}.",
            **means,
        )
        based = say("That is from {n} pairs of weeks.", n=found.blocks.height)
    else:
        seen = say(
            "On the day after a walk your pain was about {more:.1f} of 10, on the day after none"
            " {less:.1f}.",
            **means,
        )
        based = say(
            "That is from {walked} and {rested} days, in {n} weeks.",
            walked=found.days[0],
            rested=found.days[1],
            n=found.blocks.height,
        )
    return words.sentences([seen, based, *_doubt(got)])


def _needed(found: Comparison) -> str:
    if found.key == "week":
        return say(
            "Not enough weeks yet to compare: it takes {need} pairs of weeks, each with walking"
            " known on {walking} days and pain noted on {pain}. So far: {have}.",
            need=BLOCKS,
            walking=WALKING_DAYS,
            pain=PAIN_DAYS,
            have=found.blocks.height,
        )
    return say(
        "Not enough days yet to compare the day after a walk with the day after none: it takes"
        " {days} of each, in {need} weeks that have both. So far: {walked} and {rested}, in"
        " {have}.",
        days=DAYS_EACH,
        need=BLOCKS,
        walked=found.days[0],
        rested=found.days[1],
        have=found.blocks.height,
    )


def _doubt(got: Estimate) -> Iterator[str]:
    low, high = _way(got.low), _way(got.high)
    yield say("The true difference may be from {low} to {high}.", low=low, high=high)
    if got.is_vague:
        yield say("So nothing can be said yet.")
    elif got.may_be_chance:
        yield say("So it may be chance.")
    else:
        yield say("That is more than chance often brings.")
        yield say("It need not be the walking: how you feel also decides how much you walk.")


def _way(value: float) -> str:
    if abs(value) < 0.05:
        return say("no difference")
    if value < 0:
        return say("{points:.1f} lower", points=-value)
    return say("{points:.1f} higher", points=value)


def in_short(found: Comparison) -> str:
    """One line for a report; empty where there is no estimate."""
    got = found.estimate
    if got is None:
        return ""
    figures = {
        "mean": got.difference,
        "low": got.low,
        "high": got.high,
        "n": found.blocks.height,
    }
    if found.key == "week":
        return say(
            "Pain in weeks with more walking against less: {mean:+.1f} (95 % interval {low:+.1f}"
            " to {high:+.1f}, {n} pairs); no cause shown.",
            **figures,
        )
    return say(
        "Pain the day after a walk against after none: {mean:+.1f} (95 % interval {low:+.1f}"
        " to {high:+.1f}, {n} weeks); no cause shown.",
        **figures,
    )

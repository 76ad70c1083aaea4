"""Local times without a zone to instants, and local days to their first and last instant."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from backstride.records import Notices
from backstride.words import say


def utc_of(local: pl.Expr, zone: str) -> pl.Expr:
    """Datetimes without a zone, lived in `zone`, as instants (UTC, microseconds).

    Of the hour that comes twice in autumn the first is taken; an hour that spring leaves out
    counts on from the hour before it, as a clock that nobody has put forward does.
    """
    exact, late = (_placed(local + shift, zone) for shift in (timedelta(0), timedelta(hours=1)))
    return pl.coalesce(exact, late).cast(pl.Datetime("us", "UTC"))


def _placed(local: pl.Expr, zone: str) -> pl.Expr:
    placed = local.cast(pl.Datetime("us")).dt.replace_time_zone(
        zone, ambiguous="earliest", non_existent="null"
    )
    return placed.dt.convert_time_zone("UTC")


def day_of(date: pl.Expr, zone: str) -> tuple[pl.Expr, pl.Expr]:
    """The instants at which a local date (pl.Date) begins and ends."""
    midnight = date.cast(pl.Datetime("us"))
    return utc_of(midnight, zone), utc_of((date + timedelta(days=1)).cast(pl.Datetime("us")), zone)


def say_assumed(notices: Notices, zone: str, count: int = 1) -> None:
    """Say that times without a zone were read as times in `zone`."""
    text = say("Times without a zone were read as times in {zone}.", zone=zone)
    notices.add("imports.no_zone", text, count=count)

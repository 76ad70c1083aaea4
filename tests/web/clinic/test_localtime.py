"""A local time is the instant people mean by it, or it is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstride.web.clinic.localtime import NoSuchTime, instant

local = datetime.fromisoformat

ZONES = ["Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"]
minutes = st.datetimes(local("2020-01-01 00:00"), local("2035-01-01 00:00")).map(
    lambda d: d.replace(second=0, microsecond=0)
)


@given(minutes, st.sampled_from(ZONES))
def test_an_accepted_time_reads_the_same_on_the_wall(wall, name):
    zone = ZoneInfo(name)
    try:
        utc = instant(wall.date(), wall.time(), zone)
    except NoSuchTime:
        before, after = (
            (wall.replace(tzinfo=zone) + timedelta(days=d)).utcoffset() for d in (-1, 1)
        )
        assert before != after  # only where the clocks change
    else:
        assert utc.astimezone(zone).replace(tzinfo=None) == wall
        others = (utc + timedelta(minutes=m) for m in (-60, -30, 30, 60))
        assert all(other.astimezone(zone).replace(tzinfo=None) != wall for other in others)


@pytest.mark.parametrize(
    ("zone", "skipped", "twice"),
    [
        ("Europe/Berlin", local("2027-03-28 02:30"), local("2027-10-31 02:30")),
        ("America/New_York", local("2027-03-14 02:30"), local("2027-11-07 01:30")),
        ("Australia/Lord_Howe", local("2027-10-03 02:10"), local("2027-04-04 01:45")),
    ],
)
def test_the_two_days_on_which_clocks_change(zone, skipped, twice):
    with pytest.raises(NoSuchTime, match="clocks go forward"):
        instant(skipped.date(), skipped.time(), ZoneInfo(zone))
    with pytest.raises(NoSuchTime, match="comes twice"):
        instant(twice.date(), twice.time(), ZoneInfo(zone))


def test_the_hour_after_the_change_is_fine():
    day = local("2027-03-28 03:00")
    assert instant(day.date(), day.time(), ZoneInfo("Europe/Berlin")) == datetime(
        2027, 3, 28, 1, tzinfo=UTC
    )

"""Days worked out in parts are those worked out at once, to the last bit."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import count

import polars as pl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from backstride import walking
from backstride.records import SAMPLES, checked
from backstride.web.imports import days, devices, reading, reckoning, services, store
from backstride.web.imports.frames import days_frame
from web import helpers

SOURCES = [
    ("Wanda's Watch", "watch"),
    ("Wanda's iPhone", "phone"),
    ("Anna's iPhone", "phone"),
    ("AX3 17", "sensor"),
    ("Trails", "app"),
]
# Where days are 23, 24½ or 25 hours long, begin twice (St John's, set back at 00:01), at one
# o'clock (Havana) or not at all (Apia, 30 December 2011).
ZONES = {
    "Europe/Berlin": datetime(2026, 3, 10, tzinfo=UTC),
    "Australia/Lord_Howe": datetime(2026, 3, 20, tzinfo=UTC),
    "America/St_Johns": datetime(2010, 10, 20, tzinfo=UTC),
    "America/Havana": datetime(2026, 2, 20, tzinfo=UTC),
    "Pacific/Apia": datetime(2011, 12, 10, tzinfo=UTC),
}
DAY_S = 86_400
numbers = count()

a_row = st.tuples(
    st.integers(0, 45 * 288).map(lambda n: n * 300),
    st.sampled_from([0, 1, 5, 60, 90, 600, 901, 3600, DAY_S // 2, DAY_S, DAY_S + 3600]),
    st.sampled_from([0, 7, 59, 60, 61, 110, 700]),
    st.sampled_from(["steps", "distance_m", "walking_s"]),
    st.integers(0, len(SOURCES) - 1),
)
# Someone who never rests: a bout that goes on for days.
a_march = st.tuples(st.integers(0, 30), st.integers(1, 14), st.integers(0, 1)).map(
    lambda told: [((told[0] + day) * DAY_S, DAY_S, 75, "steps", told[2]) for day in range(told[1])]
)
# Rows at the same hour night after night, for minutes and bouts that cross midnight.
nights = st.tuples(st.integers(0, 44), st.integers(-40, 40), st.integers(0, 4)).map(
    lambda told: [
        (told[0] * DAY_S + told[1] * 300 + n * 120, 120, 100, "steps", told[2]) for n in range(30)
    ]
)
histories = st.tuples(
    st.lists(a_row, max_size=30), st.lists(a_march, max_size=1), st.lists(nights, max_size=3)
).map(lambda told: [*told[0], *(row for more in (*told[1], *told[2]) for row in more)])
doings = st.one_of(
    st.tuples(st.just("grow"), st.floats(0, 1), st.just(0)),
    st.tuples(st.just("some"), st.floats(0, 1), st.floats(0, 1)),
    st.tuples(st.just("take"), st.floats(0, 1), st.just(0)),
    st.tuples(st.just("move"), st.floats(0, 1), st.booleans()),
)


def table(rows, zone: str) -> pl.DataFrame:
    """SAMPLES of rows (seconds, length, a minute's worth, quantity, source)."""
    first = ZONES[zone]
    return checked(
        pl.DataFrame(
            [
                {
                    "start": first + timedelta(seconds=start),
                    "end": first + timedelta(seconds=start + length),
                    quantity: min(rate, 60 if quantity == "walking_s" else rate)
                    * max(length, 1)
                    / 60,
                    "source": SOURCES[source][0],
                    "device": SOURCES[source][1],
                    "flag": "made up" if rate == 59 else None,
                }
                for start, length, rate, quantity, source in rows
            ],
            schema=SAMPLES,
        ),
        SAMPLES,
    )


@pytest.fixture
def bring(monkeypatch):
    """Brings samples as if a file had held them."""
    held = {}

    def read_file(path, *_args):
        return reading.Found("apple_health", held[path.name], ())

    def put(user, samples: pl.DataFrame):
        upload, _ = services.receive(user, BytesIO(f"file {next(numbers)}".encode()), "export.xml")
        held[upload.sha256] = [samples.sort("start")]
        assert services.process(upload)
        assert upload.state == "done", upload.error
        return upload

    monkeypatch.setattr(reading, "read_file", read_file)
    return put


def at_once(user) -> pl.DataFrame:
    """The days from one merge of everything."""
    rows = store.scan_counted(days.done_ids(user)).collect()
    minutes, bouts = walking.minutes_of(checked(rows, SAMPLES), days.order_of(user))
    return walking.days(minutes, bouts, user.zone)


def as_stored(user) -> list[dict]:
    return list(user.days.order_by("date").values(*days.COLUMNS))


def march(first: int, days: int, source: int = 0) -> list:
    """Someone who never rests."""
    return [((first + day) * DAY_S, DAY_S, 75, "steps", source) for day in range(days)]


def often(days: int, source: int = 0) -> list:
    """Ten minutes' walk each noon."""
    return [(day * DAY_S + DAY_S // 2, 600, 100, "steps", source) for day in range(days)]


# What was there, and what comes or goes: rare, but where reading a fixed margin would be wrong.
RARE = {
    "a bout of many days grows": (march(3, 20), march(23, 1)),
    "the middle of a bout of many days": (march(3, 10) + march(14, 20), march(13, 1)),
    "a bout of many days where another source was": (
        march(3, 30),
        [(DAY_S, DAY_S, 90, "steps", 1)],
    ),
    "a sample of many days": (
        [(DAY_S, 30 * DAY_S, 70, "steps", 1)],
        [(15 * DAY_S, 600, 90, "steps", 0)],
    ),
    "a sample that never ends beside one that is new": (
        [(DAY_S, 30 * DAY_S, 70, "steps", 1), *often(45, 2)],
        [(44 * DAY_S, 60, 90, "steps", 0)],
    ),
    "a sample of many days that ends just before": (
        [(DAY_S, 40 * DAY_S + 4000, 70, "steps", 1), *often(60, 2)],
        [(44 * DAY_S + 4000, 60, 90, "steps", 0)],
    ),
    "a sample of many days that begins just after": (
        [*often(60, 2), (27 * DAY_S + 4000, 40 * DAY_S, 70, "steps", 1)],
        [(24 * DAY_S, 60, 90, "steps", 0)],
    ),
    "one that is cut from a batch to minutes": (
        [(15 * DAY_S, DAY_S + 3600, 40, "steps", 1)],
        [(15 * DAY_S + 900, DAY_S, 0, "steps", 3)],
    ),
}


@pytest.mark.parametrize("case", RARE)
@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/St_Johns"])
def test_where_what_is_new_reaches_far(walker, bring, case, zone):
    walker.zone = zone
    walker.save()
    before, more = RARE[case]
    bring(walker, table(before, zone))
    without = as_stored(walker)
    grown = bring(walker, table(before[: len(before) // 2] + more, zone))
    assert days_frame(walker).equals(at_once(walker))
    assert as_stored(walker) != without
    services.delete(grown)
    assert as_stored(walker) == without
    first, *_ = walker.uploads.all()
    bring(walker, table(more, zone))
    services.delete(first)
    assert days_frame(walker).equals(at_once(walker))


@pytest.mark.parametrize("minute", range(-90, 150, 10))
def test_a_day_that_begins_twice(walker, bring, minute):
    """St John's set its clocks back at 00:01, on 7 November 2010, to 23:01 of the day before."""
    walker.zone = "America/St_Johns"
    walker.save()
    night = 18 * DAY_S + 2 * 3600 + 1800  # that midnight in UTC, from 20 October
    bring(walker, table(often(45), walker.zone))
    bring(walker, table([(night + minute * 60, 1200, 100, "steps", 1)], walker.zone))
    assert days_frame(walker).equals(at_once(walker))


def do(user, what, rows, bring):
    """One thing that a walker may do to their days."""
    kind, first, second = what
    uploads = list(user.uploads.order_by("id"))
    if kind == "grow":
        bring(user, table(rows[: round(first * len(rows))], user.zone))
    elif kind == "some":
        low, high = sorted(round(at * len(rows)) for at in (first, second))
        bring(user, table(rows[low:high], user.zone))
    elif kind == "take" and uploads:
        services.delete(uploads[int(first * (len(uploads) - 1))])
    elif kind == "move":
        source, _ = SOURCES[int(first * (len(SOURCES) - 1))]
        devices.move(user, source, up=second)
        days.bring_up_to_date(user)


@settings(
    max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@example(  # one day alone, and beside another
    zone="America/Havana",
    history=[(0, 901, 110, "walking_s", 0), (865_200, 0, 7, "steps", 0)],
    in_order=True,
    what=[("grow", 1.0, 0)],
    most_rows=1,
)
@given(
    zone=st.sampled_from(sorted(ZONES)),
    history=histories,
    in_order=st.booleans(),
    what=st.lists(doings, min_size=2, max_size=6),
    most_rows=st.sampled_from([3, 20, 250_000]),
)
def test_whatever_a_walker_does(db, bring, monkeypatch, zone, history, in_order, what, most_rows):
    monkeypatch.setattr(reckoning, "MOST_ROWS", most_rows)
    reckoning.MOST_ROWS = most_rows
    user = helpers.make_user(f"walker-{next(numbers)}@example.org", zone=zone)
    rows = sorted(history) if in_order else history
    for doing in what:
        do(user, doing, rows, bring)
        assert days_frame(user).equals(at_once(user))
        once = as_stored(user)
    days.rebuild_days(user)
    assert as_stored(user) == once

"""Real people's years, with their gaps: every week has a decision, within the ceilings."""

import os
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from backstride.errors import NotCleared
from backstride.records import DAYS, PAIN, Baseline, DecisionKind, checked
from backstride.regimen import History, Pathway, Person, first_week, needs_therapist, next_week
from walkers import cleared

COLUMNS = {2: "Back pain", 7: "Hip Pain", 8: "Knee Pain"}


def read(participant):
    shared = os.environ.get("BACKSTRIDE_SHARED_DATA")
    root = Path(shared) if shared else Path(__file__).parents[3] / "shared" / "data"
    path = root / "daily-steps-and-pain" / f"participant{participant}.csv"
    if not path.exists():
        pytest.skip("the shared recordings are not beside the repository")
    raw = pl.read_csv(path, try_parse_dates=True, infer_schema_length=None).sort("date")
    # No minutes in these data: 100 steps a minute stand in, in one bout.
    minutes = (pl.col("steps") / 100).alias("walking_min")
    days = raw.select(
        "date",
        pl.col("steps").cast(pl.Int64),
        minutes,
        (pl.col("steps") / 200).alias("longest_bout_min"),
    )
    pain = raw.filter(pl.col(COLUMNS[participant]).is_not_null()).select(
        "date",
        pl.col("date").cast(pl.Datetime("us", "UTC")).alias("at"),
        pl.col(COLUMNS[participant]).round().cast(pl.Int64).alias("nprs"),
        pl.lit("now").alias("moment"),
    )
    return checked(days, DAYS), checked(pain, PAIN)


@pytest.mark.shared_data
@pytest.mark.parametrize("participant", [2, 7, 8])
def test_years_of_weeks(participant):
    days, pain = read(participant)
    person = Person(55, Pathway.IN_PAIN_NOW)
    start, end = days.get_column("date").min(), days.get_column("date").max()
    week = first_week(Baseline(15, 15, 3, None, 0, True), person, cleared(start), start)
    plan, kinds = [week], set()
    while week.end < end:
        today = week.end + timedelta(days=1)
        history = History(today, days, pain=pain, weeks=tuple(plan))
        following = next_week(history, week, person, cleared(today))
        walked = days.filter(pl.col("date").is_between(week.start, week.end))
        longest = walked.get_column("longest_bout_min").drop_nulls().sort(descending=True)
        if following.decision.reasons[0].rule == "progress.walked":
            assert following.dose.minutes <= 0.8 * longest[week.dose.days_per_week - 1]
        else:
            assert following.dose.weekly_minutes <= week.dose.weekly_minutes * 1.2
        assert following.start == today
        noted = pain.filter(pl.col("date").is_between(week.start, today)).height
        if following.decision.kind == DecisionKind.PROGRESS:
            assert noted >= 2
        kinds.add(following.decision.kind)
        needs_therapist(history)
        week = following
        plan.append(week)
    assert len(plan) > 100
    assert len(kinds) >= 3


@pytest.mark.shared_data
def test_an_old_screen_is_asked_again_as_the_real_pain_moves():
    days, pain = read(2)
    rows = pain.get_column("date").to_list()
    start = rows[0]
    person = Person(55, Pathway.IN_PAIN_NOW)
    week = first_week(Baseline(15, 15, 3, None, 0, True), person, cleared(start), start)
    today = start + timedelta(days=60)
    with pytest.raises(NotCleared):
        next_week(History(today, days, pain=pain), week, person, cleared(start))

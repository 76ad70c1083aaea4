"""Today's goal of steps: a percentile of the last calm days, with its ceiling and floor."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from backstride.records import Baseline
from backstride.regimen import History, daily_goal
from walkers import MONDAY, days_table, pain_table

LOW = Baseline(10.0, 12.0, 3.0, 1000, 9, told=False)


def history(counts, pain=()) -> History:
    rows = [(n - len(counts), {"steps": steps}) for n, steps in enumerate(counts)]
    return History(MONDAY, days=days_table(*rows), pain=pain_table(*pain))


def rules_of(goal) -> list[str]:
    return [reason.rule for reason in goal.reasons]


def test_the_sixth_lowest_of_nine() -> None:
    goal = daily_goal(history([3000, 1000, 9000, 5000, 2000, 8000, 4000, 7000, 6000]), LOW)
    assert goal.steps == 6000
    assert rules_of(goal) == ["goal.percentile"]


def test_only_the_last_nine_count() -> None:
    assert daily_goal(history([20_000] * 5 + [3000] * 9), LOW).steps == 3000


def test_too_few_days_give_no_goal() -> None:
    assert daily_goal(history([5000] * 8), LOW) is None


def test_it_grows_by_a_fifth_at_most() -> None:
    goal = daily_goal(history([9000] * 9), LOW, before=5000)
    assert goal.steps == 6000
    assert "goal.cap" in rules_of(goal)


def test_it_never_falls_below_the_baseline() -> None:
    goal = daily_goal(history([500] * 9), LOW)
    assert goal.steps == 1000
    assert rules_of(goal) == ["goal.floor"]


def test_days_of_a_flare_are_left_out() -> None:
    counts = [4000] * 9 + [100] * 3
    flares = [(-n, 5, {"is_flare": True}) for n in range(1, 4)]
    assert daily_goal(history(counts, flares), LOW).steps == 4000


def test_no_goal_while_the_pain_is_up() -> None:
    calm = [(-n, 2) for n in range(1, 12)]
    assert daily_goal(history([4000] * 9, [*calm, (0, 2)]), LOW) is not None
    assert daily_goal(history([4000] * 9, [*calm, (0, 9)]), LOW) is None


@given(st.lists(st.integers(1, 30_000), min_size=9, max_size=20), st.integers(500, 20_000))
def test_always_between_floor_and_ceiling(counts, before) -> None:
    goal = daily_goal(history(counts), LOW, before)
    assert goal.steps >= LOW.steps
    assert goal.steps <= max(1.2 * before + 1, LOW.steps)
    assert goal.steps <= max(*counts[-9:], LOW.steps)

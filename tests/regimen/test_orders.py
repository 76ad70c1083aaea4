"""What a therapist has set holds over whatever the rules decide, and leads back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstride.errors import NotCleared
from backstride.records import SESSIONS, Baseline, DecisionKind, Disposition, Dose, empty
from backstride.regimen import History, Order, first_week, next_week, routine
from backstride.regimen.exercises import Bend, load
from backstride.regimen.orders import ordered
from walkers import MONDAY, RECOVERED, cleared, pain_table, walks_table

START = Baseline(20.0, 25.0, 4.0, 6000, 7, told=False)
BY = "Petra Physio"


def order(**more: object) -> Order:
    return Order(BY, MONDAY - timedelta(days=1), **more)


def week_with(*orders: Order):
    return first_week(START, replace(RECOVERED, orders=orders), cleared(MONDAY), MONDAY)


def after(week, *orders: Order, flare: bool = False):
    """The week after `week`, of which every walk was done with little pain."""
    today = week.start + timedelta(days=7)
    walks = walks_table(*(((w.day - MONDAY).days, w.minutes) for w in week.walks))
    offset = (week.start - MONDAY).days
    pain = [(offset + n, 2, {"is_flare": flare and n == 6}) for n in range(7)]
    history = History(today, walks=walks, pain=pain_table(*pain), weeks=(week,))
    return next_week(history, week, replace(RECOVERED, orders=orders), cleared(today))


def test_a_limit_holds_and_says_who_set_it() -> None:
    week = week_with(order(max_minutes=12, max_days=3, why="the knee needs time."))
    assert (week.dose.minutes, week.dose.days_per_week) == (12, 3)
    assert len(week.walks) == 3
    reason = week.decision.reasons[0]
    assert reason.rule == "therapist.limit"
    assert reason.text == f"{BY} set a limit on 1 March 2026: the knee needs time."


def test_the_rules_go_on_where_the_limit_is_not_reached() -> None:
    assert week_with(order(max_minutes=300)) == week_with()


def test_a_fixed_dose_takes_the_place_of_growth() -> None:
    fixed = order(fixed=Dose(8, 2))
    week = after(week_with(fixed), fixed)
    assert (week.dose.minutes, week.dose.days_per_week) == (8, 2)
    assert week.decision.kind is DecisionKind.HOLD
    assert week.decision.reasons[0].rule == "therapist.fixed"


def test_a_pause_plans_nothing_and_afterwards_leads_back() -> None:
    week = week_with()
    paused = after(week, order(paused=True))
    assert paused.walks == ()
    assert paused.decision.kind is DecisionKind.STOP
    assert routine(paused, RECOVERED, cleared(paused.start), empty(SESSIONS), paused.start) != ()
    person = replace(RECOVERED, orders=(order(paused=True),))
    assert routine(paused, person, cleared(paused.start), empty(SESSIONS), paused.start) == ()
    again = after(paused)
    assert again.walks
    assert again.dose.weekly_minutes <= paused.dose.weekly_minutes


def test_a_pause_that_is_over_is_over() -> None:
    over = order(paused=True, until=MONDAY - timedelta(days=1))
    assert week_with(over) == week_with()


def test_what_a_therapist_rules_out_is_not_in_the_routine() -> None:
    person = replace(RECOVERED, orders=(order(avoid=frozenset({"bridge", Bend.FLEXION})),))
    for number in range(1, 8):
        week = replace(week_with(), number=number)
        planned = routine(week, person, cleared(MONDAY), empty(SESSIONS), MONDAY)
        keys = {item.exercise for one in planned for item in one.items}
        assert "bridge" not in keys
        assert Bend.FLEXION not in {load()[key].bend for key in keys}


@pytest.mark.parametrize(
    "bad",
    [{"by": " "}, {"max_minutes": 0}, {"until": MONDAY - timedelta(days=9)}],
)
def test_an_order_that_makes_no_sense(bad: dict) -> None:
    with pytest.raises(ValueError, match=r"order|limit"):
        replace(order(), **bad)


orders = st.lists(
    st.builds(
        Order,
        st.just(BY),
        st.just(MONDAY),
        max_minutes=st.one_of(st.none(), st.integers(1, 60)),
        max_days=st.one_of(st.none(), st.integers(1, 7)),
        max_weekly_minutes=st.one_of(st.none(), st.integers(1, 300)),
        fixed=st.one_of(st.none(), st.builds(Dose, st.integers(1, 60), st.integers(1, 7))),
        brisk=st.booleans(),
    ),
    max_size=4,
)
doses = st.builds(
    Dose,
    st.integers(1, 60),
    st.integers(1, 7),
    st.integers(1, 2),
    st.one_of(st.none(), st.just((100, 115))),
)


@given(orders, doses, st.sampled_from(DecisionKind))
def test_never_above_any_limit(given_, dose, kind) -> None:
    _, got, _ = ordered(kind, dose, given_, MONDAY)
    assert got.minutes >= 1
    assert got.days_per_week >= 1
    for one in given_:
        assert got.minutes <= (one.max_minutes or got.minutes)
        assert got.days_per_week <= (one.max_days or 7)
        assert got.weekly_minutes <= (one.max_weekly_minutes or got.weekly_minutes)
        assert one.brisk or got.cadence_spm is None


@given(orders, doses, st.sampled_from([DecisionKind.FLARE, DecisionKind.STEP_BACK]))
def test_never_more_than_safety_asks_for(given_, dose, kind) -> None:
    got_kind, got, _ = ordered(kind, dose, given_, MONDAY)
    assert got_kind is kind
    assert got.weekly_minutes <= dose.weekly_minutes


def test_an_order_never_opens_what_the_screen_closed() -> None:
    person = replace(RECOVERED, orders=(order(fixed=Dose(30, 5)),))
    with pytest.raises(NotCleared):
        first_week(START, person, cleared(MONDAY, Disposition.SAME_DAY), MONDAY)

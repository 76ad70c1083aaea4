"""What the walker changes: moved walks, days away, too much and too easy."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from backstride.records import Baseline, DecisionKind
from backstride.regimen import Changes, Felt, History, changed, first_week, next_week, places
from walkers import MONDAY, RECOVERED, cleared, day, pain_table, walks_table


def first(comfortable=20):
    told = Baseline(comfortable, comfortable, 3, None, 0, True)
    return first_week(told, RECOVERED, cleared(MONDAY), MONDAY)


def following(week, changes, weeks=None):
    """The week after `week`, all of its walks done as they then stood."""
    lived = changed(week, changes)
    done = walks_table(*(((w.day - MONDAY).days, w.minutes) for w in lived.walks))
    notes = pain_table(*((n, 2) for n in range((lived.end - MONDAY).days + 2)))
    today = lived.end + timedelta(days=1)
    history = History(today, walks=done, pain=notes, weeks=weeks or (lived,), changes=changes)
    return next_week(history, lived, RECOVERED, cleared(today))


def rules_of(week):
    return [reason.rule for reason in week.decision.reasons]


def test_a_walk_moves_and_moves_back():
    week = first()
    planned = [walk.day for walk in week.walks]
    free = next(day(n) for n in range(7) if day(n) not in planned)
    there = Changes(moved=((planned[0], free),))
    assert sorted([free, *planned[1:]]) == [walk.day for walk in changed(week, there).walks]
    back = Changes(moved=((planned[0], free), (free, planned[0])))
    assert changed(week, back) == week


days_ = st.integers(-3, 10).map(day)
spans = st.tuples(days_, days_)
any_changes = st.builds(
    Changes,
    st.lists(spans, max_size=6).map(tuple),
    st.lists(spans, max_size=3).map(tuple),
    st.lists(st.tuples(days_, st.sampled_from(Felt)), max_size=3).map(tuple),
)


@settings(max_examples=200, deadline=None)
@given(st.floats(0, 90), any_changes)
def test_no_change_ever_adds_walking(comfortable, changes):
    week = first(comfortable)
    after = changed(week, changes)
    assert len(after.walks) <= len(week.walks)
    assert sum(w.minutes for w in after.walks) <= sum(w.minutes for w in week.walks)
    held = [walk.day for walk in after.walks]
    assert held == sorted(set(held))
    assert all(week.start <= one <= week.end and not changes.is_away(one) for one in held)
    assert after.dose == week.dose


@settings(max_examples=100, deadline=None)
@given(st.floats(0, 90), any_changes)
def test_the_week_after_keeps_to_the_ceiling(comfortable, changes):
    week = first(comfortable)
    then = following(week, changes)
    assert then.dose.minutes <= max(int(week.dose.minutes * 1.2), week.dose.minutes + 1)
    assert not any(changes.is_away(walk.day) for walk in then.walks)


@settings(max_examples=100, deadline=None)
@given(any_changes, st.integers(0, 6).map(day))
def test_every_place_that_is_offered_takes_a_walk(changes, today):
    week = changed(first(), changes)
    for to in places(week, changes, today):
        assert to >= today
        for walk in week.walks:
            moved = changed(week, Changes(moved=((walk.day, to),), away=changes.away))
            assert to in {one.day for one in moved.walks}


def test_days_away_are_not_missed():
    week = first()
    gone = Changes(away=((day(3), day(6)),))
    lived = changed(week, gone)
    assert {walk.day for walk in lived.walks} == {w.day for w in week.walks if w.day < day(3)}
    then = following(week, gone)
    assert then.decision.kind == DecisionKind.PROGRESS
    assert then.dose.days_per_week == week.dose.days_per_week


def test_a_week_away_has_no_walks_and_the_plan_goes_on_where_it_was():
    week = first()
    gone = Changes(away=((day(7), day(13)),))
    empty = following(week, gone)
    assert empty.walks == ()
    assert "away.fewer" in rules_of(empty)
    again = following(empty, Changes(), (week, empty))
    assert again.decision.kind == DecisionKind.HOLD
    assert rules_of(again)[0] == "hold.no_walks"
    assert again.dose == empty.dose
    assert len(again.walks) == week.dose.days_per_week


def test_too_much_shortens_what_is_left_and_the_week_after():
    week = first()
    told = Changes(felt=((day(2), Felt.HARD),))
    lived = changed(week, told)
    assert rules_of(lived)[0] == "felt.hard_now"
    for before, after in zip(week.walks, lived.walks, strict=True):
        assert after.minutes == (before.minutes if before.day < day(2) else before.minutes * 4 // 5)
    then = following(week, told)
    assert then.decision.kind == DecisionKind.STEP_BACK
    assert rules_of(then)[0] == "back.hard"
    assert then.dose.minutes == week.dose.minutes * 4 // 5


def test_too_easy_only_takes_away_the_waiting():
    week = replace(first(40), number=3)  # 20 minutes: each step is kept for two weeks
    assert following(week, Changes()).decision.kind == DecisionKind.HOLD
    then = following(week, Changes(felt=((day(5), Felt.EASY),)))
    assert then.decision.kind == DecisionKind.PROGRESS
    assert {"progress.duration", "progress.easy"} <= set(rules_of(then))
    assert then.dose.minutes <= week.dose.minutes * 1.2


def test_the_last_word_counts():
    week = first()
    told = Changes(felt=((day(1), Felt.HARD), (day(2), Felt.EASY)))
    assert changed(week, told) == week


def after_illness(first_day, last_day, weeks=2):
    """Weeks in which somebody was ill from one day to another, and the reasons of each."""
    ill = Changes(ill=((day(first_day), day(last_day)),))
    plan = [replace(first(), number=1)]
    for _ in range(weeks):
        plan.append(following(plan[-1], ill, tuple(plan)))
    return plan


def test_an_illness_of_a_week_starts_again_lower_once():
    plan = after_illness(3, 9, weeks=3)  # over in the second week
    before, during, after, later = plan
    assert rules_of(during)[0] == "hold.ill"  # still ill
    assert during.dose == before.dose
    assert not any(walk.day <= day(9) for walk in during.walks)
    assert (after.decision.kind, rules_of(after)[0]) == (DecisionKind.RESTART, "ill.short")
    assert after.dose.minutes == int(during.dose.minutes * 0.75)
    assert not {"ill.short", "ill.long"} & set(rules_of(later))


def test_a_short_illness_holds_and_a_long_one_takes_half():
    before, after, later = after_illness(1, 5)
    assert rules_of(after)[0] == "hold.ill"
    assert after.dose == before.dose
    assert later.decision.kind == DecisionKind.PROGRESS
    long = after_illness(0, 13)[-1]
    assert rules_of(long)[0] == "ill.long"
    assert long.dose.minutes == first().dose.minutes // 2


@given(st.integers(0, 20), st.integers(1, 30), st.integers(0, 30))
def test_the_days_of_an_illness_are_counted_when_it_is_over(begin, length, today):
    half = begin + length // 2
    told = Changes(ill=((day(begin), day(half)), (day(half), day(begin + length - 1))))
    found = told.days_ill(day(0), day(today))
    assert found == (length if begin + length - 1 <= today else 0)
    assert Changes().days_ill(day(0), day(today)) == 0

"""The weekly decision, one branch after the other, from the top down."""

from dataclasses import replace
from datetime import timedelta

import pytest

from backstride.errors import NotCleared, NotEnoughData
from backstride.records import LEG_NEWS, Baseline, DecisionKind, Disposition, Dose
from backstride.regimen import History, Pathway, Person, Screen, first_week, next_week
from walkers import (
    IN_PAIN,
    MONDAY,
    RECOVERED,
    cleared,
    day,
    days_table,
    pain_table,
    walk_pain,
    walks_table,
)

FIRST = first_week(Baseline(20, 20, 4, None, 0, True), RECOVERED, cleared(MONDAY), MONDAY)
CALM = [(n, 3) for n in range(-3, 7)]
ALL = [(0, 16), (1, 16), (3, 16), (5, 16)]


def decide(pain=CALM, walks=ALL, last=FIRST, person=RECOVERED, screen=None, today=7, **more):
    history = History(day(today), walks=walks_table(*walks), pain=pain_table(*pain), **more)
    return next_week(history, last, person, screen or cleared(day(today)))


def rule(week):
    return week.decision.reasons[0].rule


def at(minutes, days, **more):
    return replace(FIRST, dose=Dose(minutes, days, **more))


def test_progress_adds_minutes_and_says_how_much():
    week = decide()
    assert week.decision.kind == DecisionKind.PROGRESS
    assert (week.dose.minutes, week.dose.days_per_week) == (18, 4)
    assert (week.start, week.number) == (day(7), 2)
    text = week.decision.reasons[0].text
    assert "4 of 4 walks" in text
    assert "18 minutes, 2 more" in text


def test_steady_pain_of_six_is_no_obstacle():
    assert decide(pain=[(n, 6) for n in range(-3, 7)]).decision.kind == DecisionKind.PROGRESS


def test_no_pain_notes_hold():
    week = decide(pain=[])
    assert (week.decision.kind, rule(week)) == (DecisionKind.HOLD, "hold.no_pain_data")
    assert week.dose == FIRST.dose


def test_two_notes_are_too_few_without_an_earlier_level():
    assert rule(decide(pain=[(2, 3), (4, 3)])) == "hold.no_pain_data"
    assert decide(pain=[(2, 3), (4, 3), (6, 3)]).decision.kind == DecisionKind.PROGRESS


@pytest.mark.parametrize(
    ("done", "kind", "name"),
    [
        (4, DecisionKind.PROGRESS, "progress.duration"),
        (3, DecisionKind.PROGRESS, "progress.duration"),
        (2, DecisionKind.HOLD, "hold.adherence"),
        (1, DecisionKind.STEP_BACK, "back.adherence"),
        (0, DecisionKind.STEP_BACK, "back.adherence"),
    ],
)
def test_the_gate_of_walks_done(done, kind, name):
    week = decide(walks=ALL[:done])
    assert (week.decision.kind, rule(week)) == (kind, name)
    if kind == DecisionKind.STEP_BACK:
        assert (week.dose.minutes, week.dose.days_per_week) == (12, 4)


def test_two_amber_days_hold_one_does_not():
    one = decide(pain=[*CALM, *walk_pain(1, 3, 6, 3)])
    assert one.decision.kind == DecisionKind.PROGRESS
    assert one.dose.weekly_minutes <= FIRST.dose.weekly_minutes * 1.1
    two = decide(pain=[*CALM, *walk_pain(1, 3, 6, 3), *walk_pain(5, 3, 6, 3)])
    assert rule(two) == "hold.amber"


def test_two_amber_weeks_step_back():
    amber = [row for n in (-6, -3, 1, 5) for row in walk_pain(n, 3, 6, 3)]
    week = decide(pain=amber)
    assert (rule(week), week.dose.minutes) == ("back.amber", 12)


def test_a_red_day_halves():
    week = decide(pain=[*CALM, *walk_pain(3, 3, 8, 3)])
    assert (week.decision.kind, rule(week)) == (DecisionKind.STEP_BACK, "back.red")
    assert (week.dose.minutes, week.dose.days_per_week) == (8, 4)


def test_a_red_day_since_the_screen_asks_for_it_again():
    with pytest.raises(NotCleared, match="rose strongly"):
        decide(pain=[*CALM, *walk_pain(3, 3, 8, 3)], screen=cleared(day(2)))


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"is_flare": True}, "flare"),
        ({"new_leg_symptom": True}, "leg"),
        ({"leg_weaker": True}, "leg feels weaker"),
        ({"new_numbness": True}, "numbness"),
        ({"woke_at_night": True}, "woke you"),
        ({"nprs": 5}, "rose"),
    ],
)
def test_news_since_the_screen_ask_for_it_again(more, message):
    with pytest.raises(NotCleared, match=message):
        decide(pain=[*CALM, (6, 3, more)], screen=cleared(day(2)))


@pytest.mark.parametrize("news", LEG_NEWS)
def test_news_of_a_leg_halve_the_next_week(news):
    week = decide(pain=[*CALM, (6, 3, {news: True})])
    assert (week.decision.kind, rule(week)) == (DecisionKind.STEP_BACK, "back.red")


def test_a_flare_halves_in_two_parts_on_as_many_days():
    week = decide(pain=[*CALM, (6, 5, {"is_flare": True})])
    assert (week.decision.kind, rule(week)) == (DecisionKind.FLARE, "flare.now")
    assert week.dose == Dose(8, 4, 2)


def test_a_flare_with_an_ordinary_score_is_a_flare():
    assert rule(decide(pain=[*CALM, (6, 2, {"is_flare": True})])) == "flare.now"


def test_a_settled_flare_holds():
    week = decide(
        pain=[(-2, 3), (-1, 3), (0, 3, {"is_flare": True}), *((n, 3) for n in range(1, 7))]
    )
    assert (week.decision.kind, rule(week)) == (DecisionKind.HOLD, "flare.settling")
    assert week.dose == FIRST.dose


def test_a_lasting_flare_is_halved_once():
    flare = decide(pain=[*CALM, (6, 5, {"is_flare": True})])
    again = decide(
        pain=[*CALM, *((n, 5, {"is_flare": True}) for n in range(6, 14))],
        walks=[(7, 8), (8, 8), (10, 8), (12, 8)],
        last=flare,
        today=14,
    )
    assert again.decision.kind == DecisionKind.FLARE
    assert again.dose.minutes == flare.dose.minutes


def flared(kinds):
    """Weeks of 20, then 10 minutes once `kinds` has its first flare; the last one's history."""
    weeks, minutes = [], 20
    for n, kind in enumerate(kinds):
        if kind == DecisionKind.FLARE and minutes == 20:
            minutes = 10
        week = replace(
            at(minutes, 4), number=n, start=day(7 * (n - len(kinds) + 1)),
            decision=replace(FIRST.decision, kind=kind),
        )  # fmt: skip
        weeks.append(week)
    return weeks


HOLD, FLARE, GROWN = DecisionKind.HOLD, DecisionKind.FLARE, DecisionKind.PROGRESS


@pytest.mark.parametrize(
    ("kinds", "minutes", "name"),
    [
        ((GROWN, FLARE, HOLD), 15, "flare.return"),
        ((GROWN, FLARE, FLARE, HOLD), 15, "flare.return"),
        ((GROWN, FLARE, HOLD, DecisionKind.STEP_BACK), 12, "progress.duration"),
        ((GROWN, FLARE, HOLD, DecisionKind.RESTART), 12, "progress.duration"),
        ((FLARE, HOLD), 12, "progress.duration"),  # what was before isn't known
        ((GROWN, GROWN, GROWN), 22, "progress.duration"),
    ],
)
def test_after_a_settled_flare_it_goes_back_to_the_level_before(kinds, minutes, name):
    *weeks, last = flared(kinds)
    week = decide(last=last, weeks=tuple(weeks), walks=[(n, 20) for n in (0, 2, 4)])
    assert (rule(week), week.dose.minutes) == (name, minutes)


def test_the_way_back_ends_at_the_level_before_and_is_slower_for_the_cautious():
    *weeks, last = flared((GROWN, FLARE, HOLD, GROWN))
    last = replace(last, dose=replace(last.dose, minutes=15))
    walks = [(n, 16) for n in (0, 2, 4)]
    week = decide(last=last, weeks=tuple(weeks), walks=walks)
    assert (rule(week), week.dose.minutes) == ("flare.return", 20)
    old = decide(last=last, weeks=tuple(weeks), walks=walks, person=Person(75, Pathway.RECOVERED))
    assert (rule(old), old.dose.minutes) == ("progress.duration", 16)
    amber = [*CALM, *walk_pain(1, 3, 6, 3)]
    sore = decide(last=last, weeks=tuple(weeks), walks=walks, pain=amber)
    assert (rule(sore), sore.dose.minutes) == ("progress.duration", 16)


def test_a_flare_that_was_never_followed_up_stays_open():
    flare = decide(pain=[*CALM, (6, 5, {"is_flare": True})])
    silent = decide(
        pain=[*CALM, (6, 5, {"is_flare": True})],
        walks=[(7, 8), (8, 8), (10, 8), (12, 8)],
        last=flare,
        today=14,
    )
    assert silent.decision.kind == DecisionKind.FLARE


def test_of_several_reasons_the_least_walking_wins():
    flare = (6, 5, {"is_flare": True})
    week = decide(pain=[*CALM, flare], today=14)
    assert (rule(week), week.dose) == ("flare.now", Dose(8, 4, 2))
    silent = replace(FIRST, decision=replace(FIRST.decision, kind=DecisionKind.FLARE))
    week = decide(pain=[*CALM, flare], last=silent, today=24)
    assert (rule(week), week.dose) == ("gap.long", Dose(8, 4, 2))
    week = decide(pain=[*CALM, *walk_pain(3, 3, 8, 3)], walks=[])
    assert rule(week) == "back.red"
    week = decide(pain=[*CALM, *walk_pain(3, 3, 8, 3)], today=14)
    assert (rule(week), week.dose.minutes) == ("back.red", 8)


@pytest.mark.parametrize(("today", "minutes", "name"), [(14, 12, "gap.short"), (24, 8, "gap.long")])
def test_a_gap_starts_lower_again(today, minutes, name):
    week = decide(today=today)
    assert (week.decision.kind, rule(week)) == (DecisionKind.RESTART, name)
    assert (week.dose.minutes, week.start) == (minutes, day(today))


def test_a_week_of_silence_is_a_gap():
    assert rule(decide(pain=[], walks=[])) == "gap.short"


def test_measured_days_are_signs_of_life():
    days = days_table(*((n, {"walking_min": 20.0, "longest_bout_min": 16.0}) for n in range(7)))
    assert rule(decide(pain=[], walks=[], days=days)) == "hold.no_pain_data"
    assert rule(decide(walks=[], days=days)) == "progress.duration"


def test_a_therapist_to_see_holds_or_lightens():
    hold = decide(screen=cleared(day(7), Disposition.THERAPIST, light_only=False))
    assert (hold.dose, hold.decision.kind) == (FIRST.dose, DecisionKind.HOLD)
    light = decide(screen=cleared(day(7), Disposition.THERAPIST))
    assert (light.dose.minutes, light.dose.days_per_week) == (10, 3)
    assert light.decision.kind == DecisionKind.STEP_BACK


@pytest.mark.parametrize(
    "screen",
    [Screen(None, None), cleared(day(7), Disposition.SAME_DAY), cleared(day(-22))],
)
def test_no_next_week_without_a_clear_screen(screen):
    with pytest.raises(NotCleared):
        decide(screen=screen)


def test_the_running_week_is_not_replaced():
    with pytest.raises(NotEnoughData, match="2026-03-08"):
        decide(today=5)
    assert decide(today=6).start == day(7)


def test_after_seventy_or_at_unknown_age_growth_is_halved():
    for age in (70, None):
        assert decide(person=Person(age, Pathway.RECOVERED)).dose.minutes == 17
    assert decide(person=Person(69, Pathway.RECOVERED)).dose.minutes == 18
    for condition in ("bone_risk", "startback_high"):
        person = Person(45, Pathway.RECOVERED, conditions=frozenset({condition}))
        assert decide(person=person).dose.minutes == 17
    other = Person(45, Pathway.RECOVERED, conditions=frozenset({"pathway"}))
    assert decide(person=other).dose.minutes == 18


def test_from_twenty_minutes_a_step_is_kept_for_two_weeks():
    walks = [(n, 20) for n in range(5)]
    week = decide(last=at(20, 4), walks=walks)
    assert rule(week) == "hold.keep"
    before = replace(at(20, 4), number=0, start=MONDAY - timedelta(days=7))
    assert decide(last=at(20, 4), walks=walks, weeks=(before,)).dose.minutes == 22
    late = replace(at(20, 4), number=12)
    assert decide(last=late, walks=walks).dose.minutes == 22


def asking(minutes):
    """FIRST with walks of so many minutes."""
    walks = tuple(replace(walk, minutes=minutes, bouts=1) for walk in FIRST.walks)
    return replace(at(minutes, 4), walks=walks)


def longer(minutes, days=4):
    return [(n, minutes) for n in range(days)]


@pytest.mark.parametrize(
    ("planned", "walked", "minutes", "name"),
    [
        (9, 18, 14, "progress.walked"),
        (9, 12.6, 10, "progress.duration"),  # 0.8 of it is one step: the ordinary one
        (9, 14, 11, "progress.walked"),
        (16, 60, 20, "progress.walked"),  # no further than any plan starts
        (20, 60, 20, "hold.keep"),
    ],
)
def test_a_plan_far_below_what_is_walked_draws_level(planned, walked, minutes, name):
    week = decide(last=asking(planned), walks=longer(walked))
    assert (rule(week), week.dose.minutes, week.dose.days_per_week) == (name, minutes, 4)
    if name == "progress.walked":
        assert f"walked {int(walked)} minutes or more" in week.decision.reasons[0].text


def test_measured_walks_draw_the_plan_level_scattered_steps_do_not():
    def walked(bout):
        return days_table(*((n, {"walking_min": 90.0, "longest_bout_min": bout}) for n in range(4)))

    level = decide(last=asking(9), walks=[], days=walked(18.0))
    assert (rule(level), level.dose.minutes) == ("progress.walked", 14)
    assert rule(decide(last=asking(9), walks=[], days=walked(9.0))) == "progress.duration"


@pytest.mark.parametrize(
    "more",
    [
        {"walks": longer(18, days=3)},  # on fewer days than planned
        {"walks": longer(18), "pain": [*CALM, *walk_pain(1, 3, 6, 3)]},  # one raised day
        {"walks": longer(18), "pain": [*CALM, (6, 3, {"is_flare": True})]},
        {"walks": longer(18), "pain": []},
        {"walks": longer(18), "screen": cleared(day(7), Disposition.THERAPIST, light_only=False)},
    ],
)
def test_one_good_day_or_a_sore_week_does_not_draw_it_level(more):
    week = decide(last=asking(9), **more)
    assert rule(week) != "progress.walked"
    assert week.dose.minutes <= 10


def test_after_minutes_come_days_then_pace_then_keeping():
    def grown(dose):
        last = replace(FIRST, dose=dose)
        return decide(
            last=last,
            walks=[(n, 30) for n in range(6)],
            weeks=(replace(last, number=0, start=MONDAY - timedelta(days=7)),),
        )

    days = grown(Dose(30, 4))
    assert (days.dose, rule(days)) == (Dose(28, 5), "progress.days")
    pace = grown(Dose(30, 5))
    assert (pace.dose, rule(pace)) == (Dose(30, 5, 1, (100, 115)), "progress.pace")
    kept = grown(pace.dose)
    assert (kept.dose, rule(kept)) == (pace.dose, "hold.target")


def test_fewer_free_days_make_fewer_walks():
    person = Person(45, Pathway.RECOVERED, (1, 3))
    week = decide(person=person, walks=ALL[:2])
    assert [walk.day.weekday() for walk in week.walks] == [1, 3]
    assert "hold.fewer_days" in {reason.rule for reason in week.decision.reasons}


def test_in_pain_the_texts_stay_honest():
    words = " ".join(r.text + r.source for r in decide(person=IN_PAIN).decision.reasons)
    assert "WalkBack" not in words
    assert "a little on average" in words

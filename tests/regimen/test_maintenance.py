"""Once the target is reached: keep it, ask monthly, offer a talk, know what to do in a flare."""

from dataclasses import replace
from datetime import timedelta

import pytest

from backstride.records import Baseline, DecisionKind, Dose
from backstride.regimen import History, first_week, next_week, protocol
from walkers import IN_PAIN, MONDAY, RECOVERED, cleared, pain_table, walks_table


def at_target(person):
    """A first week made to ask for all there is to ask."""
    told = Baseline(60, 60, 3, None, 0, True)
    week = first_week(told, person, cleared(MONDAY), MONDAY)
    dose = Dose(30, 5, 1, (100, 115))
    days = [MONDAY + timedelta(days=n) for n in (0, 1, 3, 4, 6)]
    walks = tuple(replace(week.walks[0], day=day, minutes=30) for day in days)
    return replace(week, dose=dose, walks=walks, number=20)


def year(person, weeks, flare_in=None):
    """As many weeks after one at the target, all walked; a flare is noted in one of them."""
    plan = [at_target(person)]
    notes, done = [(n, 3) for n in range(-2, 7)], []
    for n in range(weeks):
        last = plan[-1]
        begins = (last.start - MONDAY).days
        done += [((walk.day - MONDAY).days, walk.minutes) for walk in last.walks]
        notes += [(begins + d, 3, {"is_flare": n == flare_in and d == 6}) for d in range(7)]
        today = last.end + timedelta(days=1)
        history = History(
            today, walks=walks_table(*done[-60:]), pain=pain_table(*notes[-80:]), weeks=tuple(plan)
        )
        plan.append(next_week(history, last, person, cleared(today)))
    return plan


def rules_of(week):
    return {reason.rule for reason in week.decision.reasons}


@pytest.mark.parametrize(
    ("person", "name"), [(RECOVERED, "relapse-prevention"), (IN_PAIN, "maintenance")]
)
def test_the_target_is_kept_by_the_protocol_for_the_pathway(person, name):
    _, held, *kept = year(person, 6)
    assert held.protocol == protocol().label
    assert "hold.target" in rules_of(held)
    assert {week.protocol for week in kept} == {protocol(name).label}
    assert {week.dose for week in kept} == {held.dose}
    assert {"maintain.start", "maintain.relapse_plan"} <= rules_of(kept[0])
    assert not any("maintain.start" in rules_of(week) for week in kept[1:])


def test_it_asks_monthly_and_offers_a_talk_after_three_and_six_months():
    _, _, *kept = year(IN_PAIN, 30)
    asked = {n for n, week in enumerate(kept) if "maintain.check" in rules_of(week)}
    talks = {n for n, week in enumerate(kept) if "maintain.booster" in rules_of(week)}
    assert asked == {4, 8, 12, 16, 20, 24, 28}
    assert talks == {13, 26}
    texts = [r.text for n in (13, 26) for r in kept[n].decision.reasons if "booster" in r.rule]
    assert [text.split(" months")[0][-1] for text in texts] == ["3", "6"]


def test_a_flare_is_met_by_the_relapse_plan_and_the_way_leads_back():
    plan = year(RECOVERED, 12, flare_in=4)
    flare = next(n for n, week in enumerate(plan) if week.decision.kind is DecisionKind.FLARE)
    assert "maintain.relapse_plan" in rules_of(plan[flare])
    assert plan[flare].dose.minutes == 15
    assert plan[-1].dose.minutes > plan[flare].dose.minutes
    assert plan[-1].protocol == protocol("relapse-prevention").label

"""The regimen: from history to this week's walking plan, with reasons.

Pure and deterministic; every number is data in `protocols/*.toml` with its source. No plan
without a recent safety screen that allows walking.
"""

from backstride.regimen.adherence import Adherence, DayDone, adherence
from backstride.regimen.baseline import baseline, baseline_note
from backstride.regimen.changes import Changes, Felt, changed, places
from backstride.regimen.codec import week_from_json, week_to_json
from backstride.regimen.daily_goal import DailyGoal, daily_goal
from backstride.regimen.ease import eased
from backstride.regimen.escalate import needs_therapist
from backstride.regimen.explain import Asked, Went, asked_for
from backstride.regimen.gate import require_cleared
from backstride.regimen.light import Light, day_lights, traffic_light
from backstride.regimen.orders import Order
from backstride.regimen.person import Chosen, History, Pathway, Person, Screen, screen_from
from backstride.regimen.protocol import Protocol, protocol
from backstride.regimen.routine import Wishes, routine
from backstride.regimen.steps import steps_goal
from backstride.regimen.target import Goal, choices_of, most_minutes, target_of
from backstride.regimen.usual_time import usual_time
from backstride.regimen.weekly import first_week, next_week

__all__ = [
    "Adherence",
    "Asked",
    "Changes",
    "Chosen",
    "DailyGoal",
    "DayDone",
    "Felt",
    "Goal",
    "History",
    "Light",
    "Order",
    "Pathway",
    "Person",
    "Protocol",
    "Screen",
    "Went",
    "Wishes",
    "adherence",
    "asked_for",
    "baseline",
    "baseline_note",
    "changed",
    "choices_of",
    "daily_goal",
    "day_lights",
    "eased",
    "first_week",
    "most_minutes",
    "needs_therapist",
    "next_week",
    "places",
    "protocol",
    "require_cleared",
    "routine",
    "screen_from",
    "steps_goal",
    "target_of",
    "traffic_light",
    "usual_time",
    "week_from_json",
    "week_to_json",
]

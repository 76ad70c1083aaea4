"""Pictures of walking, plan and pain: each with its data table and its text."""

from backstride.charts.figure import figure
from backstride.charts.heat_map import heat_map
from backstride.charts.picture import Picture, png, save, svg, warm_up
from backstride.charts.simulated import simulated, swings
from backstride.charts.together import together
from backstride.charts.walk_cadence import walk_cadence
from backstride.charts.walking_and_pain import walking_and_pain
from backstride.charts.week_plan import week_plan
from backstride.charts.weeks_beside import weeks_beside
from backstride.charts.what_helps import what_helps

__all__ = [
    "Picture",
    "figure",
    "heat_map",
    "png",
    "save",
    "simulated",
    "svg",
    "swings",
    "together",
    "walk_cadence",
    "walking_and_pain",
    "warm_up",
    "week_plan",
    "weeks_beside",
    "what_helps",
]

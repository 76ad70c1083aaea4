"""Pictures of walking, plan and pain: each with its data table and its text."""

from backstride.charts.figure import figure
from backstride.charts.picture import Picture, png, save, svg, warm_up
from backstride.charts.walking_and_pain import walking_and_pain
from backstride.charts.week_plan import week_plan

__all__ = ["Picture", "figure", "png", "save", "svg", "walking_and_pain", "warm_up", "week_plan"]

"""What the last week says: walks done, lights, flare, gap. Facts only; `weekly` decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import takewhile

import polars as pl

from backstride.records import DecisionKind, Dose, Week
from backstride.regimen.adherence import Adherence, adherence
from backstride.regimen.changes import Felt
from backstride.regimen.light import Light, day_lights
from backstride.regimen.person import History
from backstride.regimen.protocol import name_of, protocol


@dataclass(frozen=True)
class Judged:
    """The last week in facts.

    `felt` is the walker's last word on it; `judged_days` are days whose light is known;
    `flare_open` while a noted flare hasn't been followed by enough green days;
    `flare_settling` when it has, within the week. `before_flare` is the dose before the
    newest flare, where nothing but it took from the dose since. `walked_min` are minutes that
    were walked, or more, on as many days as planned; `days_ill` of an illness that is
    over, `is_ill` while one goes on.
    """

    walked: Adherence
    felt: Felt | None
    walked_min: float
    judged_days: int
    amber_days: int
    red_days: tuple[date, ...]
    amber_week: bool
    amber_week_before: bool
    flare_open: bool
    flare_settling: bool
    was_flare: bool
    before_flare: Dose | None
    gap_days: int
    days_ill: int
    is_ill: bool
    weeks_at_dose: int
    weeks_in_protocol: int


def judge(history: History, last: Week) -> Judged:
    """The facts of `last`, from its first day to today."""
    lights = day_lights(history.pain, last.start, history.today)
    before = day_lights(
        history.pain, last.start - timedelta(days=7), last.start - timedelta(days=1)
    )
    red = tuple(day for day, light in lights.items() if light == Light.RED)
    flared, settled = _flare(history, last, lights)
    amber = _count(lights, Light.AMBER)
    limit = protocol().gate.max_amber_days
    walked = adherence(last, history.days, history.walks, min(history.today, last.end))
    told = history.changes.felt_in(last)
    return Judged(
        walked=walked,
        felt=told[1] if told else None,
        walked_min=_walked_min(walked),
        judged_days=sum(light != Light.UNKNOWN for light in lights.values()),
        amber_days=amber,
        red_days=red,
        amber_week=amber > limit,
        amber_week_before=_count(before, Light.AMBER) > limit,
        flare_open=flared and not settled,
        flare_settling=flared and settled,
        was_flare=last.decision.kind == DecisionKind.FLARE,
        before_flare=_before_flare(history, last),
        gap_days=_gap(history, last),
        days_ill=history.changes.days_ill(last.start, history.today),
        is_ill=history.changes.is_ill(history.today),
        weeks_at_dose=_weeks_at_dose(history, last),
        weeks_in_protocol=_weeks_in_protocol(history, last),
    )


def _walked_min(walked: Adherence) -> float:
    longest = sorted((day.walks_min for day in walked.by_day), reverse=True)
    planned = walked.planned_in_week
    return longest[planned - 1] if 0 < planned <= len(longest) else 0.0


def _count(lights: dict[date, Light], light: Light) -> int:
    return sum(seen == light for seen in lights.values())


def _flare(history: History, last: Week, lights: dict[date, Light]) -> tuple[bool, bool]:
    """(a flare in the week or still open from before, whether it has settled)."""
    back = protocol().back
    noted = history.pain.filter(
        pl.col("is_flare").fill_null(False) & (pl.col("date") <= history.today)
    )
    newest = noted.get_column("date").max()
    if not isinstance(newest, date):
        return False, False
    first = min(newest, last.start) if last.decision.kind == DecisionKind.FLARE else last.start
    if newest < first:
        return False, False
    after = day_lights(history.pain, newest + timedelta(days=1), history.today)
    known = [light for light in after.values() if light != Light.UNKNOWN]
    run = known[-back.flare_green_days :]
    calm = len(run) == back.flare_green_days and all(light == Light.GREEN for light in run)
    held = (history.today - newest).days >= back.flare_hold_days
    return True, calm and held


def _before_flare(history: History, last: Week) -> Dose | None:
    earlier = [week for week in history.weeks if week.number < last.number]
    flared = False
    for week in (last, *sorted(earlier, key=lambda week: -week.number)):
        kind = week.decision.kind
        if flared and kind != DecisionKind.FLARE:
            return week.dose
        if kind not in (DecisionKind.FLARE, DecisionKind.HOLD, DecisionKind.PROGRESS):
            return None
        flared = kind == DecisionKind.FLARE
    return None


def _gap(history: History, last: Week) -> int:
    """Days without any sign of the person, or without a plan, whichever is longer."""
    signs = [last.start - timedelta(days=1)]
    walked = history.days.filter(pl.col("steps") > 0)
    for table in (walked, history.walks, history.pain):
        days = table.get_column("date")
        newest = days.filter(days <= history.today).max()
        if isinstance(newest, date):
            signs.append(newest)
    silent = (history.today - max(signs)).days
    unplanned = (history.today - last.end).days
    return max(silent, unplanned)


def _weeks_at_dose(history: History, last: Week) -> int:
    """How many weeks in a row, `last` included, asked for the same minutes and days."""
    earlier = [week for week in history.weeks if week.number < last.number]
    count = 1
    for week in sorted(earlier, key=lambda week: -week.number):
        same = (week.dose.minutes, week.dose.days_per_week, week.dose.cadence_spm)
        if same != (last.dose.minutes, last.dose.days_per_week, last.dose.cadence_spm):
            break
        count += 1
    return count


def _weeks_in_protocol(history: History, last: Week) -> int:
    """How many weeks in a row, `last` included, came from the protocol of `last`."""
    earlier = [week for week in history.weeks if week.number < last.number]
    names = [name_of(week) for week in sorted(earlier, key=lambda week: -week.number)]
    return 1 + sum(1 for _ in takewhile(lambda name: name == name_of(last), names))

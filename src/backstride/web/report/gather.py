"""One walker's report, gathered from all rooms."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from datetime import date

import polars as pl

from backstride import __version__, evidence, outcomes
from backstride.charts import together
from backstride.records import DOSES, SCORES, empty
from backstride.report import LIMITS, Report, Section, Table
from backstride.web.back import sheets
from backstride.web.back.services import DAILY
from backstride.web.clinic.shown import DISPOSITIONS
from backstride.web.clinic.story import safety
from backstride.web.imports import store
from backstride.web.imports.days import done_ids
from backstride.web.insight.services import (
    Span,
    Story,
    helps_of,
    kept_of,
    story_of,
    weekly_of,
    within,
)
from backstride.web.plan.services import person_of

NONE = "–"
RECENT_DAYS = 28
# Measured walking of phones and watches: its name in MEASURES, its words, digits after the point.
GAIT = {
    "walking_speed_mps": ("Walking speed, m/s", 2),
    "step_length_m": ("Step length, m", 2),
    "double_support_percent": ("Both feet on the ground, %", 0),
    "asymmetry_percent": ("Uneven steps, %", 0),
    "steadiness_percent": ("Steadiness, %", 0),
}


def report_of(user, span: Span, without: Collection[str] = (), questions: str = "") -> Report:
    """The report of the days of `span`; `without` names sections (keys of PARTS) to leave out."""
    story = _less(story_of(user), without)
    found = [part for key, build in PARTS.items() if key not in without
             if (part := build(user, story, span))]  # fmt: skip
    has_any = not (story.days.is_empty() and story.pain.is_empty() and story.scores.is_empty())
    drawn = together(
        story.days, story.pain, story.weeks, story.doses,
        story.scores.filter(pl.col("instrument").is_in(DAILY)),  # forms are in a table
        first=span.first, last=span.last, today=story.today,
    ) if has_any else None  # fmt: skip
    return Report(
        name=str(user),
        facts=tuple(_facts(user, span)),
        summary=tuple(_summary(story, kept_of(story), span)),
        picture=drawn,
        sections=tuple(found),
        questions=questions,
        footer=f"Backstride {__version__}, {_day(story.today)}. "
        "As the walker noted and their devices measured; no diagnosis.",
    )


def _less(story: Story, without: Collection[str]) -> Story:
    if "medicine" in without:
        story = replace(story, doses=empty(DOSES))
    if "scores" in without:
        story = replace(story, scores=empty(SCORES))
    return story


def _facts(user, span: Span) -> Iterator[tuple[str, str]]:
    yield "Made on", _day(span.last)
    yield "Time shown", f"{_day(span.first)} to {_day(span.last)}" if span.first else "everything"
    age = person_of(user).age if user.screens.exists() else None
    if age is not None:
        yield "Age", f"about {age}"
    yield "E-mail", user.email


def _summary(story: Story, kept: list[evidence.WeekKept], span: Span) -> Iterator[str]:
    days = within(story.days, span)
    if days.is_empty():
        yield "No walking was measured in this time."
    else:
        minutes, steps = days["walking_min"].mean(), days["steps"].mean()
        told = [f"{minutes:.0f} walking minutes"] if minutes is not None else []
        told += [f"{steps:,.0f} steps"] if steps is not None else []
        if told:
            yield f"On {days.height} days with data: {' and '.join(told)} a day, on average."
    pain = _of_span(story.pain, span).filter(pl.col("nprs").is_not_null())
    if pain.is_empty():
        yield "No pain was noted in this time."
    else:
        worst, middle = pain["nprs"].max(), pain["nprs"].median()
        yield (
            f"Pain, 0 to 10: median {middle:g}, worst {worst}, "
            f"noted on {pain['date'].n_unique()} days."
        )
    whole = [week for week in kept if week.is_known and week.end < story.today]
    if span.first:
        whole = [week for week in whole if week.start >= span.first]
    if whole:
        done, planned = sum(week.done for week in whole), sum(week.planned for week in whole)
        yield f"Walks done of those planned: {done} of {planned}, in {len(whole)} whole weeks."
    yield from filter(None, (evidence.in_short(one) for one in helps_of(story)))


def _safety(user, story: Story, span: Span) -> Section:
    told = safety(user, story.today)
    if told is None:
        return Section("safety", "Safety questions (red flags)", ("Not answered yet.",))
    on = _day(date.fromisoformat(told["answered_on"]))
    result = DISPOSITIONS.get(told["disposition"], told["disposition"])
    lines = [f"{result}. Answered on {on}, version {told['version']}."]
    lines += [f"Found: {finding['reason']}" for finding in told["findings"]]
    if told["cleared_by"]:
        cleared = _day(date.fromisoformat(told["cleared_on"]))
        lines.append(f"Cleared to walk by {told['cleared_by']} on {cleared}.")
    return Section("safety", "Safety questions (red flags)", tuple(lines))


def _weeks(user, story: Story, span: Span) -> Section | None:
    kept = {week.start: week for week in kept_of(story)}
    rows = []
    for week in weekly_of(story, span).tail(LIMITS["rows"]).to_dicts():
        plan = kept.get(week["start"])
        walks = f"{plan.done} of {plan.planned}" if plan and plan.is_known else NONE
        rows.append((
            f"{week['start']:%-d %b %Y}", _number(week["target_min"]), walks,
            _number(week["walking_min_per_day"]), str(week["valid_days"]),
            _number(week["pain_mean"], 1), str(week["pain_days"]),
        ))  # fmt: skip
    if not rows:
        return None
    head = ("Week from", "Planned min", "Walks done", "Walking min a day", "Days seen",
            "Pain, mean", "Days noted")  # fmt: skip
    return Section("weeks", "Walking, plan and pain by week", (), Table(head, tuple(rows)))


def _scores(user, story: Story, span: Span) -> Section | None:
    rows = []
    for key, told in sheets.scored(user).items():
        form = outcomes.instrument(key)
        named = [s for s in told if not form.own_items or s.names == told[-1].names]
        first, last = named[0], named[-1]
        title = f"{outcomes.in_language(form.title, 'en')} ({form.low:g}–{form.high:g})"
        now = f"{last.value:g} on {last.day:%-d %b %Y}"
        if first.pk == last.pk:
            rows.append((title, NONE, now, NONE, NONE, NONE))
            continue
        turn = outcomes.change(form, first.value, last.value)
        way = {None: "same", True: "better", False: "worse"}[turn.is_better]
        rows.append((
            title, f"{first.value:g} on {first.day:%-d %b %Y}", now,
            f"{turn.difference:+g}, {way}", _yes(turn.is_beyond_error), _yes(turn.is_important),
        ))  # fmt: skip
    daily = tuple(_daily(story, span))
    if not rows and not daily:
        return None
    head = ("Questionnaire", "First", "Latest", "Change", "Beyond error", "Important")
    legend = ("Beyond error: more than the form's own noise. Important: at least the least "
              "important change that is published.",) if rows else ()  # fmt: skip
    table = Table(head, tuple(rows)) if rows else None
    return Section("scores", "Function, mood and sleep", (*daily, *legend), table)


def _daily(story: Story, span: Span) -> Iterator[str]:
    told = _of_span(story.scores, span).filter(pl.col("value").is_not_null())
    for key in ("mood", "sleep", "energy"):
        values = told.filter(pl.col("instrument") == key)
        if not values.is_empty():
            form = outcomes.instrument(key)
            title = outcomes.in_language(form.title, "en")
            yield (
                f"{title}: mean {values['value'].mean():.1f} ({form.low:g} to {form.high:g}), "
                f"told on {values['date'].n_unique()} days."
            )


def _flares(user, story: Story, span: Span) -> Section | None:
    pain = _of_span(story.pain, span)
    if pain.is_empty():
        return None
    days = pain.filter(pl.col("is_flare"))["date"].unique().sort(descending=True).to_list()
    legs = pain.filter(pl.col("new_leg_symptom"))["date"].unique().sort(descending=True).to_list()
    lines = [f"Days called a flare: {len(days)}{_which(days)}."]
    if legs:
        lines.append(f"Days with a new leg symptom: {len(legs)}{_which(legs)}.")
    return Section("flares", "Flares", tuple(lines))


def _which(days: list[date]) -> str:
    if not days:
        return ""
    more = ", …" if len(days) > 5 else ""
    return f" (latest {', '.join(f'{day:%-d %b}' for day in days[:5])}{more})"


def _medicine(user, story: Story, span: Span) -> Section | None:
    days = outcomes.medicine_days(story.doses, story.today)
    if days is None:
        return None
    classes = outcomes.class_days(story.doses, story.today, RECENT_DAYS)
    each = [f"{outcomes.class_name(name)} on {count}" for name, count in classes.items()]
    recent = "; ".join(each) or "none noted"
    return Section(
        "medicine",
        "Pain medicine",
        (f"Days in the last {RECENT_DAYS}: {recent}.", outcomes.trend_words(days[1], days[0])),
    )


def _mobility(user, story: Story, span: Span) -> Section | None:
    measured = store.read_measures(done_ids(user)).filter(pl.col("measure").is_in(list(GAIT)))
    if measured.is_empty():
        return None
    ago = pl.lit(story.today) - pl.col("start").dt.convert_time_zone(user.zone).dt.date()
    measured = measured.with_columns(ago.dt.total_days().alias("ago"))
    rows = []
    for name, (words, digits) in GAIT.items():
        own = measured.filter(pl.col("measure") == name)
        now = own.filter(pl.col("ago").is_between(0, RECENT_DAYS - 1))
        before = own.filter(pl.col("ago").is_between(RECENT_DAYS, 2 * RECENT_DAYS - 1))
        if not (now.is_empty() and before.is_empty()):
            rows.append((words, _mean(before, digits), _mean(now, digits)))
    head = ("Measured by phone or watch", "28 days before", "Last 28 days")
    return Section("mobility", "Mobility", (), Table(head, tuple(rows))) if rows else None


def _mean(table: pl.DataFrame, digits: int) -> str:
    if table.is_empty():
        return NONE
    return f"{table['value'].mean():.{digits}f} ({table.height})"


def _orders(user, story: Story, span: Span) -> Section | None:
    live = [o for o in user.orders.all() if o.until is None or o.until >= story.today]
    lines = [f"{order.given_by}, {_day(order.on)}: {order.why or 'no reason noted'}"
             for order in live]  # fmt: skip
    return Section("orders", "What a therapist has set", tuple(lines)) if lines else None


Build = Callable[..., Section | None]
PARTS: dict[str, Build] = {
    "safety": _safety,
    "weeks": _weeks,
    "scores": _scores,
    "flares": _flares,
    "medicine": _medicine,
    "mobility": _mobility,
    "orders": _orders,
}
LABELS = {
    "safety": "Safety questions",
    "weeks": "Walking, plan and pain by week",
    "scores": "Function, mood and sleep",
    "flares": "Flares",
    "medicine": "Pain medicine",
    "mobility": "Mobility",
    "orders": "What a therapist has set",
}


def _of_span(table: pl.DataFrame, span: Span) -> pl.DataFrame:
    kept = table.filter(pl.col("date") <= span.last)
    return kept.filter(pl.col("date") >= span.first) if span.first else kept


def _day(day: date) -> str:
    return f"{day:%-d %B %Y}"


def _number(value: float | None, digits: int = 0) -> str:
    return NONE if value is None else f"{value:.{digits}f}"


def _yes(flag: bool | None) -> str:
    return {None: "not known", True: "yes", False: "no"}[flag]

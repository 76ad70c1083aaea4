"""One walker's report, gathered from all rooms."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from datetime import date

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from backstride import __version__, evidence, outcomes
from backstride.charts import together
from backstride.records import DOSES, SCORES, empty
from backstride.report import LIMITS, Report, Section, Table
from backstride.web.back import sheets
from backstride.web.back.models import Sheet
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
from backstride.words import day as on_day
from backstride.words import number

NONE = "–"
RECENT_DAYS = 28
SYMPTOMS = {  # columns of PAIN
    "leg_weaker": gettext_lazy("Days with a weaker leg"),
    "new_numbness": gettext_lazy("Days with new numbness or tingling"),
    "new_leg_symptom": gettext_lazy("Days with a new leg symptom"),
    "woke_at_night": gettext_lazy("Nights broken by pain"),
}
# Measured walking of phones and watches: its name in MEASURES, its words, digits after the point.
GAIT = {
    "walking_speed_mps": (gettext_lazy("Walking speed, m/s"), 2),
    "step_length_m": (gettext_lazy("Step length, m"), 2),
    "double_support_percent": (gettext_lazy("Both feet on the ground, %"), 0),
    "asymmetry_percent": (gettext_lazy("Uneven steps, %"), 0),
    "steadiness_percent": (gettext_lazy("Steadiness, %"), 0),
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
        first=span.first, last=span.last, today=story.today, without=story.without,
    ) if has_any else None  # fmt: skip
    return Report(
        name=str(user),
        facts=tuple(_facts(user, span)),
        summary=tuple(_summary(story, kept_of(story), span)),
        picture=drawn,
        sections=tuple(found),
        questions=questions,
        footer=_(
            "Backstride %(version)s, %(day)s. "
            "As the walker noted and their devices measured; no diagnosis."
        )
        % {"version": __version__, "day": _day(story.today)},
    )


def _less(story: Story, without: Collection[str]) -> Story:
    if "medicine" in without:
        story = replace(story, doses=empty(DOSES), without=("medicine",))
    if "scores" in without:
        story = replace(story, scores=empty(SCORES), without=(*story.without, "forms", "mood"))
    return story


def _facts(user, span: Span) -> Iterator[tuple[str, str]]:
    yield _("Made on"), _day(span.last)
    shown = _("everything")
    if span.first:
        ends = {"first": _day(span.first), "last": _day(span.last)}
        shown = _("%(first)s to %(last)s") % ends
    yield _("Time shown"), shown
    age = person_of(user).age if user.screens.exists() else None
    if age is not None:
        yield _("Age"), _("about %(age)s") % {"age": age}
    yield _("E-mail"), user.email


def _summary(story: Story, kept: list[evidence.WeekKept], span: Span) -> Iterator[str]:
    days = within(story.days, span)
    if days.is_empty():
        yield _("No walking was measured in this time.")
    else:
        yield from _walked(days)
    pain = _of_span(story.pain, span).filter(pl.col("nprs").is_not_null())
    if pain.is_empty():
        yield _("No pain was noted in this time.")
    else:
        days_noted = pain["date"].n_unique()
        yield ngettext(
            "Pain, 0 to 10: median %(middle)s, worst %(worst)s, noted on %(n)s day.",
            "Pain, 0 to 10: median %(middle)s, worst %(worst)s, noted on %(n)s days.",
            days_noted,
        ) % {
            "middle": number(pain["nprs"].median(), "g"),
            "worst": pain["nprs"].max(),
            "n": days_noted,
        }
    whole = [week for week in kept if week.is_known and week.end < story.today]
    if span.first:
        whole = [week for week in whole if week.start >= span.first]
    if whole:
        done, planned = sum(week.done for week in whole), sum(week.planned for week in whole)
        yield ngettext(
            "Walks done of those planned: %(done)s of %(planned)s, in %(n)s whole week.",
            "Walks done of those planned: %(done)s of %(planned)s, in %(n)s whole weeks.",
            len(whole),
        ) % {"done": done, "planned": planned, "n": len(whole)}
    yield from filter(None, (evidence.in_short(one) for one in helps_of(story)))


def _walked(days: pl.DataFrame) -> Iterator[str]:
    minutes, steps = days["walking_min"].mean(), days["steps"].mean()
    about = {"n": days.height}
    if minutes is not None:
        about["minutes"] = number(minutes, ".0f")
    if steps is not None:
        about["steps"] = number(steps, ",.0f")
    if minutes is not None and steps is not None:
        yield (
            ngettext(
                "On %(n)s day with data: %(minutes)s walking minutes and %(steps)s steps a day, "
                "on average.",
                "On %(n)s days with data: %(minutes)s walking minutes and %(steps)s steps a day, "
                "on average.",
                days.height,
            )
            % about
        )
    elif minutes is not None:
        yield (
            ngettext(
                "On %(n)s day with data: %(minutes)s walking minutes a day, on average.",
                "On %(n)s days with data: %(minutes)s walking minutes a day, on average.",
                days.height,
            )
            % about
        )
    elif steps is not None:
        yield (
            ngettext(
                "On %(n)s day with data: %(steps)s steps a day, on average.",
                "On %(n)s days with data: %(steps)s steps a day, on average.",
                days.height,
            )
            % about
        )


def _safety(user, story: Story, span: Span) -> Section:
    told = safety(user, None, story.today)
    if told is None:
        return Section("safety", _("Safety questions (red flags)"), (_("Not answered yet."),))
    on = _day(date.fromisoformat(told["answered_on"]))
    result = DISPOSITIONS.get(told["disposition"], told["disposition"])
    about = {"result": result, "day": on, "version": told["version"]}
    lines = [_("%(result)s. Answered on %(day)s, version %(version)s.") % about]
    lines += [_("Found: %(reason)s") % finding for finding in told["findings"]]
    if told["cleared_by"]:
        cleared = _day(date.fromisoformat(told["cleared_on"]))
        about = {"name": told["cleared_by"], "day": cleared}
        lines.append(_("Cleared to walk by %(name)s on %(day)s.") % about)
    return Section("safety", _("Safety questions (red flags)"), tuple(lines))


def _weeks(user, story: Story, span: Span) -> Section | None:
    kept = {week.start: week for week in kept_of(story)}
    rows = []
    for week in weekly_of(story, span).tail(LIMITS["rows"]).to_dicts():
        plan = kept.get(week["start"])
        walks = NONE
        if plan and plan.is_known:
            walks = _("%(done)s of %(planned)s") % {"done": plan.done, "planned": plan.planned}
        rows.append((
            str(on_day(week["start"], "d MMM y")), _number(week["target_min"]), walks,
            _number(week["walking_min_per_day"]), str(week["valid_days"]),
            _number(week["pain_mean"], 1), str(week["pain_days"]),
        ))  # fmt: skip
    if not rows:
        return None
    head = (_("Week from"), _("Planned min"), _("Walks done"), _("Walking min a day"),
            _("Days seen"), _("Pain, mean"), _("Days noted"))  # fmt: skip
    return Section("weeks", LABELS["weeks"], (), Table(head, tuple(rows)))


def _scores(user, story: Story, span: Span) -> Section | None:
    rows = []
    for key, told in sheets.scored(user).items():
        form = outcomes.instrument(key)
        named = [s for s in told if not form.own_items or s.names == told[-1].names]
        first, last = named[0], named[-1]
        title = f"{form.title} ({form.low:g}–{form.high:g})"
        now = _scored_on(last)
        if first.pk == last.pk:
            rows.append((title, NONE, now, NONE, NONE, NONE))
            continue
        turn = outcomes.change(form, first.value, last.value)
        way = {None: _("same"), True: _("better"), False: _("worse")}[turn.is_better]
        rows.append((
            title, _scored_on(first), now,
            f"{number(turn.difference, '+g')}, {way}",
            _yes(turn.is_beyond_error), _yes(turn.is_important),
        ))  # fmt: skip
    daily = tuple(_daily(story, span))
    if not rows and not daily:
        return None
    head = (
        *(_("Questionnaire"), _("First"), _("Latest"), pgettext("of a score", "Change")),
        *(_("Beyond error"), _("Important")),
    )
    legend = (_("Beyond error: more than the form's own noise. Important: at least the least "
                "important change that is published."),) if rows else ()  # fmt: skip
    table = Table(head, tuple(rows)) if rows else None
    return Section("scores", LABELS["scores"], (*daily, *legend), table)


def _scored_on(sheet: Sheet) -> str:
    about = {"value": number(sheet.value, "g"), "day": on_day(sheet.day, "d MMM y")}
    return _("%(value)s on %(day)s") % about


def _daily(story: Story, span: Span) -> Iterator[str]:
    told = _of_span(story.scores, span).filter(pl.col("value").is_not_null())
    for key in ("mood", "sleep", "energy"):
        values = told.filter(pl.col("instrument") == key)
        if not values.is_empty():
            form = outcomes.instrument(key)
            title = form.title
            days = values["date"].n_unique()
            yield ngettext(
                "%(title)s: mean %(mean)s (%(low)s to %(high)s), told on %(n)s day.",
                "%(title)s: mean %(mean)s (%(low)s to %(high)s), told on %(n)s days.",
                days,
            ) % {
                "title": title,
                "mean": number(values["value"].mean(), ".1f"),
                "low": f"{form.low:g}",
                "high": f"{form.high:g}",
                "n": days,
            }


def _flares(user, story: Story, span: Span) -> Section | None:
    pain = _of_span(story.pain, span)
    if pain.is_empty():
        return None
    days = pain.filter(pl.col("is_flare"))["date"].unique().sort(descending=True).to_list()
    lines = [_("Days called a flare: %(days)s.") % {"days": _which(days)}]
    for column, words in SYMPTOMS.items():
        told = pain.filter(pl.col(column))["date"].unique().sort(descending=True).to_list()
        if told:
            lines.append(_("%(what)s: %(days)s.") % {"what": words, "days": _which(told)})
    return Section("flares", LABELS["flares"], tuple(lines))


def _which(days: list[date]) -> str:
    """How many days, and which were the latest."""
    if not days:
        return "0"
    latest = ", ".join(str(on_day(day, "d MMM")) for day in days[:5])
    if len(days) > 5:
        latest = f"{latest}, …"
    return _("%(n)s (latest %(days)s)") % {"n": len(days), "days": latest}


def _medicine(user, story: Story, span: Span) -> Section | None:
    days = outcomes.medicine_days(story.doses, story.today)
    if days is None:
        return None
    classes = outcomes.class_days(story.doses, story.today, RECENT_DAYS)
    each = [
        _("%(medicine)s on %(n)s") % {"medicine": outcomes.class_name(name), "n": count}
        for name, count in classes.items()
    ]
    about = {"n": RECENT_DAYS, "medicines": "; ".join(each) or _("none noted")}
    recent = _("Days in the last %(n)s: %(medicines)s.") % about
    trend = outcomes.trend_words(days[1], days[0])
    return Section("medicine", LABELS["medicine"], (recent, trend))


def _mobility(user, story: Story, span: Span) -> Section | None:
    measured = store.read_measures(done_ids(user)).filter(pl.col("measure").is_in(list(GAIT)))
    if measured.is_empty():
        return None
    ago = pl.lit(story.today) - pl.col("start").dt.convert_time_zone(user.zone).dt.date()
    measured = measured.with_columns(ago.dt.total_days().alias("ago"))
    rows = []
    for name, (title, digits) in GAIT.items():
        own = measured.filter(pl.col("measure") == name)
        now = own.filter(pl.col("ago").is_between(0, RECENT_DAYS - 1))
        before = own.filter(pl.col("ago").is_between(RECENT_DAYS, 2 * RECENT_DAYS - 1))
        if not (now.is_empty() and before.is_empty()):
            rows.append((str(title), _mean(before, digits), _mean(now, digits)))
    head = (_("Measured by phone or watch"), _("28 days before"), _("Last 28 days"))
    return Section("mobility", LABELS["mobility"], (), Table(head, tuple(rows))) if rows else None


def _mean(table: pl.DataFrame, digits: int) -> str:
    if table.is_empty():
        return NONE
    return f"{number(table['value'].mean(), f'.{digits}f')} ({table.height})"


def _orders(user, story: Story, span: Span) -> Section | None:
    live = [o for o in user.orders.all() if o.until is None or o.until >= story.today]
    none = _("no reason noted")
    lines = [f"{order.given_by}, {_day(order.on)}: {order.why or none}" for order in live]
    return Section("orders", LABELS["orders"], tuple(lines)) if lines else None


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
    "safety": gettext_lazy("Safety questions"),
    "weeks": gettext_lazy("Walking, plan and pain by week"),
    "scores": gettext_lazy("Function, mood and sleep"),
    "flares": gettext_lazy("Flares"),
    "medicine": gettext_lazy("Pain medicine"),
    "mobility": gettext_lazy("Mobility"),
    "orders": gettext_lazy("What a therapist has set"),
}


def _of_span(table: pl.DataFrame, span: Span) -> pl.DataFrame:
    kept = table.filter(pl.col("date") <= span.last)
    return kept.filter(pl.col("date") >= span.first) if span.first else kept


def _day(day: date) -> str:
    return str(on_day(day, "d MMMM y"))


def _number(value: float | None, digits: int = 0) -> str:
    return NONE if value is None else number(value, f".{digits}f")


def _yes(flag: bool | None) -> str:
    return {None: _("not known"), True: _("yes"), False: _("no")}[flag]

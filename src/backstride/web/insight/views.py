"""Walking, pain and how it goes over time: pictures, the tables behind them, what went well."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.gzip import gzip_page

from backstride import charts, evidence, outcomes, words
from backstride.charts import Picture
from backstride.web import pictures
from backstride.web.insight import services
from backstride.web.plan.services import start_of
from backstride.web.safety.gate import walker_view

BESTS = {
    "longest_bout_min": (_("longest walk"), _("minutes")),
    "walking_min": (_("most walking in a day"), _("minutes")),
    "steps": (_("most steps in a day"), _("steps")),
    "week_min": (_("best week, from"), _("minutes")),
}
COLUMNS = {
    "date": _("Day"),
    "week": _("Week from"),
    "to": pgettext_lazy("last day", "To"),
    "walking_min": _("Walking, min"),
    "brisk_min": _("Brisk, min"),
    "target_min": _("Planned, min"),
    "steps": _("Steps"),
    "pain": _("Pain"),
    "flare_days": _("Flare days"),
    "medicine_days": _("Days with medicine"),
    "mood": _("Mood"),
    "energy": _("Energy"),
    "sleep": _("Sleep"),
    "compared": _("Compared"),
    "weeks": _("Weeks, or pairs of weeks"),
    "pain_more": _("Pain, more walking"),
    "pain_less": _("Pain, less walking"),
    "difference": _("Difference"),
    "from": _("May be from"),
}


@dataclass(frozen=True)
class Shown:
    """A picture on a page; `sources` are what `web/pictures.py` says of it."""

    key: str
    picture: Picture
    sources: dict[str, str | int]
    query: str


@walker_view
def progress(request):
    span = services.span_of(request.user, request.GET.get("span", "quarter"))
    story = services.story_of(request.user)
    every = story.days
    days = services.within(every, span)
    weekly = services.weekly_of(story, span)
    streaks = evidence.streaks(services.kept_of(story), story.today)
    context = {
        "span": span,
        "is_empty": every.is_empty() and story.pain.is_empty() and story.scores.is_empty(),
        "spans": [(key, label) for key, (label, _days) in services.RANGES.items()],
        "figures": services.figures_of(days),
        "medicine_days": outcomes.medicine_days(story.doses, story.today),
        "days": days.sort("date", descending=True).head(60).to_dicts(),
        "older": every.height - days.height,
        "newest": every["date"].max() if every.height else None,
        "start": start_of(request.user, every),
        "pictures": [_shown(key, story, span) for key in services.PICTURES],
        "weekly": weekly.reverse().to_dicts(),
        "sentence": evidence.sentence(weekly),
        "streaks": streaks,
        "streak_text": evidence.in_words(streaks) if story.weeks else "",
        "bests": [(*BESTS[best.name], best) for best in evidence.bests(every)],
    }
    return render(request, "insight/progress.html", context)


@walker_view
def large(request, key: str):
    """One picture by itself, as large as it gets, with its text and its table."""
    story, span = _asked(request)
    if key not in services.PICTURES:
        raise Http404
    shown = _shown(key, story, span)
    table = shown.picture.table
    context = {
        "shown": shown,
        "span": span,
        "columns": [_heading(name) for name in table.columns],
        "rows": [[_cell(value) for value in row] for row in table.reverse().rows()],
    }
    return render(request, "insight/large.html", context)


@walker_view
@gzip_page
def picture(request, key: str, theme: str, width: int):
    return pictures.answer(_picture(request, key), theme, width)


@walker_view
def download(request, key: str, kind: str):
    """The picture as a file: SVG, PNG, or its table as CSV."""
    drawn = _picture(request, key)
    match kind:
        case "svg":
            body, content = charts.svg(drawn, background=True), "image/svg+xml"
        case "png":
            body, content = charts.png(drawn), "image/png"
        case "csv":
            body, content = drawn.table.write_csv(), "text/csv"
        case _:
            raise Http404
    response = HttpResponse(body, content_type=content)
    response["Content-Disposition"] = f'attachment; filename="{key}.{kind}"'
    return response


def _asked(request) -> tuple[services.Story, services.Span]:
    span = services.span_of(request.user, request.GET.get("span", "quarter"))
    return services.story_of(request.user), span


def _picture(request, key: str) -> Picture:
    if key not in services.PICTURES:
        raise Http404
    return services.PICTURES[key](*_asked(request))


def _shown(key: str, story: services.Story, span: services.Span) -> Shown:
    query, drawn = f"?span={span.key}", services.PICTURES[key](story, span)
    return Shown(key, drawn, pictures.sources(drawn, "progress_picture", query, key), query)


def _heading(column: str) -> str:
    return COLUMNS.get(column) or outcomes.instrument(column).name


def _cell(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, date):
        return str(words.day(value, "d MMM y"))
    return words.number(value, ",.4g") if isinstance(value, float) else str(value)

"""Walking and pain over time: figures, one picture, the table behind it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from backstride import charts, evidence, outcomes
from backstride.web import pictures
from backstride.web.insight import services
from backstride.web.journal.services import doses_frame
from backstride.web.plan.services import start_of
from backstride.web.safety.gate import walker_view


@walker_view
def progress(request):
    span = services.span_of(request.user, request.GET.get("span", "quarter"))
    story = services.story_of(request.user)
    every = story.days
    days = services.within(every, span)
    picture = services.picture_of(story, span)
    weekly = services.weekly_of(story, span)
    context = {
        "span": span,
        "is_empty": every.is_empty() and story.pain.is_empty(),
        "spans": [(key, label) for key, (label, _) in services.RANGES.items()],
        "figures": services.figures_of(days),
        "medicine_days": outcomes.medicine_days(doses_frame(request.user), story.today),
        "days": days.sort("date", descending=True).head(60).to_dicts(),
        "older": every.height - days.height,
        "newest": every["date"].max() if every.height else None,
        "start": start_of(request.user, every),
        "picture": picture,
        "sources": pictures.sources("progress_picture", f"?span={span.key}"),
        "weekly": weekly.reverse().to_dicts(),
        "sentence": evidence.sentence(weekly),
    }
    return render(request, "insight/progress.html", context)


@walker_view
def picture(request, theme: str, width: int):
    return pictures.answer(_picture(request), theme, width)


@walker_view
def download(request):
    response = HttpResponse(charts.png(_picture(request)), content_type="image/png")
    response["Content-Disposition"] = 'attachment; filename="walking-and-pain.png"'
    return response


@walker_view
def table(request):
    response = HttpResponse(_picture(request).table.write_csv(), content_type="text/csv")
    response["Content-Disposition"] = 'attachment; filename="walking-and-pain.csv"'
    return response


def _picture(request):
    span = services.span_of(request.user, request.GET.get("span", "quarter"))
    return services.picture_of(services.story_of(request.user), span)

"""The report as a page, and as the PDF that is printed from it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from backstride.web.insight.services import span_of
from backstride.web.report.forms import ReportForm
from backstride.web.report.gather import LABELS, report_of
from backstride.web.report.printing import is_in_english, printed
from backstride.web.safety.gate import right_view


@right_view
@require_GET
def report(request):
    """What will be printed, and the form that says what to leave out."""
    span = span_of(request.user, request.GET.get("span", "quarter"))
    initial = {"span": span.key, "parts": list(LABELS), "paper": "a4"}
    context = {
        "report": report_of(request.user, span),
        "form": ReportForm(initial=initial),
        "in_english": is_in_english(),
    }
    return render(request, "report/report.html", context)


@right_view
@require_http_methods(["GET", "POST"])
def pdf(request):
    """The PDF: with a GET all of the last 3 months, with a POST what the form says."""
    said = {"span": "quarter", "parts": list(LABELS), "paper": "a4", "questions": ""}
    if request.method == "POST":
        form = ReportForm(request.POST)
        if not form.is_valid():
            span = span_of(request.user, request.POST.get("span", ""))
            context = {"report": report_of(request.user, span), "form": form}
            return render(request, "report/report.html", context, status=400)
        said = form.cleaned_data
    span = span_of(request.user, said["span"])
    without = set(LABELS) - set(said["parts"])
    made = printed(request.user, span, said["paper"], without, said["questions"])
    name = f"backstride-report-{span.last.isoformat()}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(made.pdf, content_type="application/pdf", headers=headers)

"""All of one's data, to take along or to delete: whatever the safety screen says."""

from __future__ import annotations

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from backstride.web.rights import archive, services, tasks
from backstride.web.rights.forms import DeleteForm
from backstride.web.rights.kept import TABLES
from backstride.web.rights.models import Export
from backstride.web.rights.services import WasStaff
from backstride.web.safety.gate import right_view


def _export_of(user) -> Export | None:
    return Export.objects.filter(user=user).first()


@right_view
@require_http_methods(["GET", "HEAD", "POST"])
def export(request):
    """What an export holds, and how far it is; a POST asks for one."""
    if request.method == "POST":
        asked, is_new = services.ask(request.user)
        if is_new:
            tasks.make_export(asked.pk)
        return redirect("export")
    context = {"export": _export_of(request.user), "tables": TABLES}
    return render(request, "rights/export.html", context)


@right_view
@require_GET
def state(request):
    """The part of the page that changes; asked for each second while it is made."""
    return render(request, "rights/state.html", {"export": _export_of(request.user)})


@right_view
@require_GET
def download(request):
    found = _export_of(request.user)
    if found is None or not found.is_ready:
        raise Http404
    try:
        file = archive.path_of(request.user.pk).open("rb")
    except FileNotFoundError:
        raise Http404 from None
    name = f"backstride-{found.finished_at:%Y-%m-%d}.zip"
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")


@right_view
@require_POST
def take_away(request):
    found = _export_of(request.user)
    if found is not None:
        services.take_away(found)
        messages.success(request, _("The export was deleted. Your data is as it was."))
    return redirect("export")


@right_view
@require_http_methods(["GET", "HEAD", "POST"])
def delete_account(request):
    """Says what goes and what stays; a POST with the password deletes the account."""
    walker = request.user
    if walker.is_demo:
        raise PermissionDenied
    form = DeleteForm(request.POST or None, user=walker)
    if request.method == "POST":
        limited = ratelimit.consume_or_429(request, action="reauthenticate", user=walker)
        if limited:
            return limited
        if form.is_valid():
            try:
                services.delete_account(walker, request.build_absolute_uri("/")[:-1])
            except WasStaff as error:
                form.add_error(None, str(error))
            else:
                logout(request)
                messages.success(request, _("Your account and all your data are deleted."))
                return redirect("today")
    status = 400 if form.errors else 200
    coming = [asked for asked in walker.appointment_requests.all() if asked.is_upcoming]
    context = {"form": form, "coming": coming, "files": walker.uploads.count()}
    return render(request, "rights/delete.html", context, status=status)
